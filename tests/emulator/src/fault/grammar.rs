//! The textual form of faults: items separated by semicolons.

use std::{
    fmt::{self, Write as _},
    str::FromStr,
    time::Duration,
};

use super::{Answer, Fault, Read, Then};

/// Why a text is no fault, or no rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FaultError(String);

impl FaultError {
    pub(super) fn new(reason: impl Into<String>) -> Self {
        Self(reason.into())
    }
}

impl fmt::Display for FaultError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for FaultError {}

/// `key=value`, or `key` alone; the value is unescaped.
pub(super) struct Item {
    pub(super) key: String,
    pub(super) value: Option<Vec<u8>>,
}

impl Item {
    /// The items of a text. In a value, `\;`, `\\`, `\r`, `\n` and `\xHH` are escapes.
    pub(super) fn all_of(text: &str) -> Result<Vec<Self>, FaultError> {
        let mut items = Vec::new();
        for item in split(text).into_iter().map(str::trim).filter(|item| !item.is_empty()) {
            let (key, value) = match item.split_once('=') {
                Some((key, value)) => (key.trim(), Some(unescape(value.trim())?)),
                None => (item, None),
            };
            items.push(Self { key: key.to_owned(), value });
        }
        Ok(items)
    }

    /// The value as text.
    pub(super) fn text(&self) -> Result<String, FaultError> {
        let value = self.value.clone().ok_or_else(|| self.wrong("needs a value"))?;
        String::from_utf8(value).map_err(|_| self.wrong("isn't UTF-8"))
    }

    /// The value as a number, or anything else that can be read from text.
    pub(super) fn parse<T: FromStr>(&self) -> Result<T, FaultError> {
        self.text()?.parse().map_err(|_| self.wrong("has another form"))
    }

    pub(super) fn wrong(&self, what: &str) -> FaultError {
        FaultError(format!("failed to read the fault: `{}` {what}", self.key))
    }

    fn status(&self, default: u16) -> Result<u16, FaultError> {
        let status = if self.value.is_none() { default } else { self.parse()? };
        let is_final = (200..=599).contains(&status);
        is_final.then_some(status).ok_or_else(|| self.wrong("is a status from 200 to 599"))
    }

    fn duration(&self) -> Result<Duration, FaultError> {
        let text = self.text()?;
        humantime::parse_duration(&text).map_err(|_| self.wrong("is a time such as `250ms`"))
    }
}

/// `status=429;retry-after=1`
impl FromStr for Fault {
    type Err = FaultError;

    fn from_str(text: &str) -> Result<Self, FaultError> {
        from_items(&Item::all_of(text)?)
    }
}

/// A fault out of its items.
pub(super) fn from_items(items: &[Item]) -> Result<Fault, FaultError> {
    let mut fault = Fault::new(Answer::Honest, Then::Keep);
    let mut answer = None;
    for item in items {
        match read_answer(item)? {
            Some(_) if answer.is_some() => return Err(item.wrong("is a second answer")),
            Some(read) => answer = Some(read),
            None => fault = read_detail(fault, item)?,
        }
    }
    if items.is_empty() {
        return Err(FaultError::new("failed to read the fault: it is empty"));
    }
    let ends = matches!(answer, Some(Answer::Truncated(_) | Answer::Endless(_)));
    if ends && fault.then == Then::Keep {
        fault.then = Then::Close;
    }
    if answer == Some(Answer::Lost) {
        fault.then = Then::Reset;
    }
    let silent = if fault.then == Then::Keep { Answer::Honest } else { Answer::Nothing };
    Ok(Fault { answer: answer.unwrap_or(silent), ..fault })
}

/// What is answered, if that is what an item says.
fn read_answer(item: &Item) -> Result<Option<Answer>, FaultError> {
    Ok(Some(match item.key.as_str() {
        "status" => Answer::Status(item.status(503)?),
        "html" => Answer::Html(item.status(503)?),
        "empty" => Answer::Empty(item.status(503)?),
        "json-in-json" => Answer::JsonInJson(item.status(500)?),
        "truncated" => Answer::Truncated(item.status(500)?),
        "endless" => Answer::Endless(item.status(500)?),
        "redirect" => Answer::Redirect(item.text()?),
        "expired-token" => Answer::ExpiredToken,
        "raw" => Answer::Raw(item.value.clone().unwrap_or_default().into()),
        "answer-lost" => Answer::Lost,
        _ => return Ok(None),
    }))
}

/// How it is answered.
fn read_detail(fault: Fault, item: &Item) -> Result<Fault, FaultError> {
    Ok(match item.key.as_str() {
        "retry-after" => fault.retry_after(Duration::from_secs(item.parse()?)),
        "code" => fault.code(item.text()?),
        "message" => fault.message(item.text()?),
        "body" => fault.body(item.value.clone().unwrap_or_default()),
        "header" => {
            let text = item.text()?;
            let (name, value) =
                text.split_once(':').ok_or_else(|| item.wrong("is `Name: value`"))?;
            fault.header(name.trim(), value.trim())
        }
        "delay" => fault.delayed(item.duration()?),
        "slowly" => {
            let text = item.text()?;
            let (piece, pause) =
                text.split_once('/').ok_or_else(|| item.wrong("is `BYTES/PAUSE`"))?;
            let part = |text: &str| Item { key: item.key.clone(), value: Some(text.into()) };
            fault.slowly(part(piece).parse()?, part(pause).duration()?)
        }
        "before-body" => fault.before_body(),
        "in-body" => fault.in_body(item.parse()?),
        "close" => fault.then_close(),
        "reset" => Fault { then: Then::Reset, ..fault },
        "silence" => Fault { then: Then::Silence, ..fault },
        _ => return Err(item.wrong("is no item of a fault; the README lists them")),
    })
}

/// As `FromStr` reads it.
impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let items: Vec<String> =
            [write_answer(&self.answer)].into_iter().flatten().chain(write_details(self)).collect();
        f.write_str(&items.join(";"))
    }
}

fn write_answer(answer: &Answer) -> Option<String> {
    Some(match answer {
        Answer::Honest | Answer::Nothing => return None,
        Answer::Lost => "answer-lost".to_owned(),
        Answer::Status(status) => format!("status={status}"),
        Answer::Html(status) => format!("html={status}"),
        Answer::Empty(status) => format!("empty={status}"),
        Answer::JsonInJson(status) => format!("json-in-json={status}"),
        Answer::Truncated(status) => format!("truncated={status}"),
        Answer::Endless(status) => format!("endless={status}"),
        Answer::Redirect(url) => format!("redirect={}", escape(url.as_bytes())),
        Answer::ExpiredToken => "expired-token".to_owned(),
        Answer::Raw(bytes) => format!("raw={}", escape(bytes)),
    })
}

fn write_details(fault: &Fault) -> Vec<String> {
    let time = |time: Duration| humantime::format_duration(time).to_string();
    let mut items = Vec::new();
    items.extend(fault.retry_after.map(|wait| {
        format!("retry-after={}", wait.as_secs() + u64::from(wait.subsec_nanos() > 0))
    }));
    items.extend(fault.code.iter().map(|code| format!("code={}", escape(code.as_bytes()))));
    items.extend(fault.message.iter().map(|text| format!("message={}", escape(text.as_bytes()))));
    items.extend(fault.body.iter().map(|body| format!("body={}", escape(body))));
    let headers = fault.headers.iter();
    items.extend(headers.map(|(name, value)| escape(format!("header={name}: {value}").as_bytes())));
    items.extend((!fault.delay.is_zero()).then(|| format!("delay={}", time(fault.delay))));
    items.extend(fault.pace.map(|(piece, pause)| format!("slowly={piece}/{}", time(pause))));
    match fault.read {
        Read::All => {}
        Read::Body(0) => items.push("before-body".to_owned()),
        Read::Body(bytes) => items.push(format!("in-body={bytes}")),
    }
    let is_implied = matches!(
        (&fault.answer, fault.then),
        (Answer::Truncated(_) | Answer::Endless(_), Then::Close) | (Answer::Lost, Then::Reset)
    );
    match fault.then {
        Then::Keep => {}
        _ if is_implied => {}
        Then::Close => items.push("close".to_owned()),
        Then::Reset => items.push("reset".to_owned()),
        Then::Silence => items.push("silence".to_owned()),
    }
    items
}

/// The parts between semicolons that no backslash precedes.
fn split(text: &str) -> Vec<&str> {
    let mut parts = Vec::new();
    let (mut start, mut is_escaped) = (0, false);
    for (at, byte) in text.bytes().enumerate() {
        if byte == b';' && !is_escaped {
            parts.push(&text[start..at]);
            start = at + 1;
        }
        is_escaped = byte == b'\\' && !is_escaped;
    }
    parts.push(&text[start..]);
    parts
}

fn unescape(text: &str) -> Result<Vec<u8>, FaultError> {
    let wrong = || FaultError::new("failed to read the fault: `\\` begins no escape that is known");
    let mut bytes = Vec::new();
    let mut rest = text;
    while let Some(at) = rest.find('\\') {
        bytes.extend_from_slice(&rest.as_bytes()[..at]);
        let escape = rest.get(at + 1..at + 2).ok_or_else(wrong)?;
        let mut length = 2;
        bytes.push(match escape {
            ";" | "\\" => escape.as_bytes()[0],
            "r" => b'\r',
            "n" => b'\n',
            "x" => {
                length = 4;
                let digits = rest.get(at + 2..at + 4).ok_or_else(wrong)?;
                u8::from_str_radix(digits, 16).map_err(|_| wrong())?
            }
            _ => return Err(wrong()),
        });
        rest = &rest[at + length..];
    }
    bytes.extend_from_slice(rest.as_bytes());
    Ok(bytes)
}

pub(super) fn escape(bytes: &[u8]) -> String {
    let mut text = String::new();
    let last = bytes.len().saturating_sub(1);
    for (at, byte) in bytes.iter().enumerate() {
        match byte {
            b';' | b'\\' => {
                text.push('\\');
                text.push(char::from(*byte));
            }
            b'\r' => text.push_str("\\r"),
            b'\n' => text.push_str("\\n"),
            // At the ends, a space would be trimmed.
            b' ' if at > 0 && at < last => text.push(' '),
            byte if byte.is_ascii_graphic() => text.push(char::from(*byte)),
            byte => write!(text, "\\x{byte:02x}").expect("a String takes all that is written"),
        }
    }
    text
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
            ("", "is empty"),
            ("staus=429", "`staus` is no item"),
            ("status=99", "`status` is a status"),
            ("status=abc", "`status` has another form"),
            ("status=500;html=500", "`html` is a second answer"),
            ("redirect", "`redirect` needs a value"),
            ("delay=5", "`delay` is a time"),
            ("header=a", "`header` is `Name: value`"),
            ("slowly=5", "`slowly` is `BYTES/PAUSE`"),
            ("raw=\\q", "no escape"),
            ("raw=\\", "no escape"),
        ] {
            let error = text.parse::<Fault>().unwrap_err().to_string();
            assert!(error.contains(reason), "{text}: {error}");
        }
    }
}
