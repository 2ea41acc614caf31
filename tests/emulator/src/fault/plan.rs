//! What a fault does, read from its items.

use std::time::Duration;

use bytes::Bytes;

use super::items::{FaultError, Item, Items};

/// What a fault does to one request.
#[derive(Debug, Clone, Default)]
pub(crate) struct Plan {
    /// The fault in words.
    pub(crate) text: String,
    pub(crate) answer: Reply,
    pub(crate) code: Option<String>,
    pub(crate) message: Option<String>,
    pub(crate) body: Option<Bytes>,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) retry_after: Option<Duration>,
    pub(crate) delay: Duration,
    /// The size of a piece, and the pause between two.
    pub(crate) pace: Option<(usize, Duration)>,
    /// How much of the body is read before the answer; all of it by default.
    pub(crate) read: Option<u64>,
    pub(crate) then: Then,
}

/// The answer.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) enum Reply {
    /// Graph's own.
    #[default]
    Honest,
    /// None, though the request is carried out.
    Lost,
    /// None.
    Nothing,
    /// An error in Graph's envelope; with a status below 400, no body.
    Status(u16),
    /// A gateway's page.
    Html(u16),
    /// No body.
    Empty(u16),
    /// An error whose message is JSON of its own.
    JsonInJson(u16),
    /// Half of the body that the length promises.
    Truncated(u16),
    /// A body that never ends.
    Endless(u16),
    /// 307 to another place.
    Redirect(String),
    /// 401, as for a token that has expired.
    ExpiredToken,
    /// These bytes, HTTP or not.
    Raw(Bytes),
}

/// What happens to the connection after the answer.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) enum Then {
    /// It stays open for the next request.
    #[default]
    Keep,
    Close,
    Reset,
    /// It stays open, and nothing more is sent.
    Silence,
}

impl Plan {
    /// What the items of a fault say.
    ///
    /// # Errors
    ///
    /// If one of them is unknown or has an impossible value, if there are two answers, or no
    /// items.
    pub(super) fn new(items: &Items) -> Result<Self, FaultError> {
        let mut plan = Self { text: items.summary(), ..Self::default() };
        let mut said = None;
        for item in &items.0 {
            match answer(item)? {
                Some(_) if said.is_some() => {
                    return Err(item.wrong("is a second answer; a fault has one"));
                }
                Some(answer) => said = Some(answer),
                None => plan.add(item)?,
            }
        }
        if items.0.is_empty() {
            return Err(FaultError("it has no items".to_owned()));
        }
        let unsaid = if plan.then == Then::Keep { Reply::Honest } else { Reply::Nothing };
        plan.answer = said.unwrap_or(unsaid);
        plan.then = match (&plan.answer, plan.then) {
            (Reply::Lost, _) => Then::Reset,
            (Reply::Truncated(_) | Reply::Endless(_), Then::Keep) => Then::Close,
            (_, then) => then,
        };
        Ok(plan)
    }

    /// Whether what Graph would do is done.
    pub(crate) fn is_carried_out(&self) -> bool {
        matches!(self.answer, Reply::Honest | Reply::Lost)
    }

    /// Adds how it is answered.
    fn add(&mut self, item: &Item) -> Result<(), FaultError> {
        match item.key.as_str() {
            "retry-after" => self.retry_after = Some(Duration::from_secs(item.parse()?)),
            "code" => self.code = Some(item.text()?),
            "message" => self.message = Some(item.text()?),
            "body" => self.body = Some(item.value.clone().unwrap_or_default().into()),
            "header" => {
                let [name, value] = item.pair(':', "must be `Name: value`")?;
                self.headers.push((name.text()?, value.text()?));
            }
            "delay" => self.delay = item.duration()?,
            "slowly" => {
                let [piece, pause] = item.pair('/', "must be `BYTES/PAUSE`")?;
                self.pace = Some((piece.parse()?, pause.duration()?));
            }
            "before-body" => self.read = Some(0),
            "in-body" => self.read = Some(item.parse()?),
            "close" => self.then = Then::Close,
            "reset" => self.then = Then::Reset,
            "silence" => self.then = Then::Silence,
            _ => return Err(item.wrong("is not a fault item; the README lists them")),
        }
        Ok(())
    }
}

/// The answer, if that is what an item sets.
fn answer(item: &Item) -> Result<Option<Reply>, FaultError> {
    Ok(Some(match item.key.as_str() {
        "status" => Reply::Status(item.status(503)?),
        "html" => Reply::Html(item.status(503)?),
        "empty" => Reply::Empty(item.status(503)?),
        "json-in-json" => Reply::JsonInJson(item.status(500)?),
        "truncated" => Reply::Truncated(item.status(500)?),
        "endless" => Reply::Endless(item.status(500)?),
        "redirect" => Reply::Redirect(item.text()?),
        "expired-token" => Reply::ExpiredToken,
        "raw" => Reply::Raw(item.value.clone().unwrap_or_default().into()),
        "answer-lost" => Reply::Lost,
        _ => return Ok(None),
    }))
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::super::Fault;

    #[test]
    fn what_is_written_is_read_again() {
        let second = Duration::from_secs(1);
        for fault in [
            Fault::status(429).retry_after(2 * second).code("a;b").message("c\\d \r\n é "),
            Fault::status(302).header("Location", "http://a/;b").before_body(),
            Fault::status(200).body(vec![0, 255]).in_body(7).then_close(),
            Fault::html(503).slowly(7, Duration::from_millis(1)),
            Fault::empty(502),
            Fault::json_in_json(500),
            Fault::truncated(500),
            Fault::endless(200),
            Fault::redirect("http://127.0.0.1:1/a=b"),
            Fault::expired_token(),
            Fault::raw(b"HTTP/1.1 nonsense\r\n\r\n".as_slice()),
            Fault::silence(),
            Fault::close(),
            Fault::reset_before_body(),
            Fault::reset_during_body(),
            Fault::reset_after_body(),
            Fault::answer_lost(),
            Fault::delay(second),
        ] {
            let text = fault.to_string();
            assert_eq!(text.parse(), Ok(fault), "{text}");
        }
    }

    #[test]
    fn what_cannot_be_meant_is_refused_with_its_reason() {
        for (text, reason) in [
            ("", "it has no items"),
            ("staus=429", "`staus` is not a fault item"),
            ("status=99", "`status` must be a status from 200 to 599"),
            ("status=abc", "`status` has a value that can't be read"),
            ("status=500;html=500", "`html` is a second answer"),
            ("redirect", "`redirect` needs a value"),
            ("delay=5", "`delay` must be a time"),
            ("header=a", "`header` must be `Name: value`"),
            ("slowly=5", "`slowly` must be `BYTES/PAUSE`"),
            ("raw=\\q", "no escape"),
            ("raw=\\é", "no escape"),
            ("raw=\\x0é", "no escape"),
            ("raw=\\", "no escape"),
        ] {
            let error = text.parse::<Fault>().unwrap_err().to_string();
            assert!(error.contains(reason), "{text}: {error}");
        }
    }
}
