//! How long Graph asks to wait.

use std::time::{Duration, SystemTime};

use http::{
    HeaderMap,
    header::{DATE, RETRY_AFTER},
};

/// How long `Retry-After` asks to wait: seconds, or until an HTTP date (RFC 9110,
/// section 10.2.3). A date in the past says nothing. Of several, which proxies may
/// have joined by commas, the longest; of a fraction, the next whole second.
pub(super) fn retry_after(headers: &HeaderMap, now: SystemTime) -> Option<Duration> {
    // By the server's clock, where it tells: this machine's may be off.
    let date = headers.get(DATE).and_then(|value| value.to_str().ok());
    let now = date.and_then(|date| httpdate::parse_http_date(date.trim()).ok()).unwrap_or(now);
    let values = headers.get_all(RETRY_AFTER).iter().filter_map(|value| value.to_str().ok());
    values.flat_map(|value| waits(value, now)).max()
}

/// What the elements of a list ask for. A date has a comma itself.
fn waits(list: &str, now: SystemTime) -> Vec<Duration> {
    let mut waits = Vec::new();
    let mut elements = list.split(',').map(str::trim).peekable();
    while let Some(element) = elements.next() {
        let date = elements.peek().and_then(|rest| wait_until(&format!("{element}, {rest}"), now));
        if date.is_some() {
            elements.next();
        }
        let date = date.or_else(|| wait_until(element, now));
        waits.extend(date.filter(|wait| !wait.is_zero()));
        waits.extend(seconds(element));
    }
    waits
}

/// How long it is until an HTTP date, if a text is one; zero if that is past.
fn wait_until(date: &str, now: SystemTime) -> Option<Duration> {
    let until = httpdate::parse_http_date(date).ok()?;
    Some(until.duration_since(now).unwrap_or_default())
}

/// A number of seconds, rounded up. More than fit into a number are too many, not none.
fn seconds(text: &str) -> Option<Duration> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let is_number = !(whole.is_empty() && fraction.is_empty())
        && whole.bytes().chain(fraction.bytes()).all(|byte| byte.is_ascii_digit());
    if !is_number {
        return None;
    }
    let whole: u64 = if whole.is_empty() { 0 } else { whole.parse().unwrap_or(u64::MAX) };
    let more = u64::from(fraction.bytes().any(|digit| digit != b'0'));
    Some(Duration::from_secs(whole.saturating_add(more)))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What headers ask for, in seconds, at some second of 2015.
    fn asked(values: &[&str]) -> Option<u64> {
        let now = httpdate::parse_http_date("Wed, 21 Oct 2015 07:28:00 GMT").unwrap();
        let mut headers = HeaderMap::new();
        for value in values {
            headers.append(RETRY_AFTER, value.parse().unwrap());
        }
        retry_after(&headers, now).map(|wait| wait.as_secs())
    }

    const LATER: &str = "Wed, 21 Oct 2015 07:28:30 GMT";
    const PAST: &str = "Wed, 21 Oct 2015 07:27:30 GMT";

    #[test]
    fn what_is_asked_for_is_read_in_every_form() {
        for (value, expected) in [
            ("0", Some(0)),
            ("7", Some(7)),
            (" 120 ", Some(120)),
            ("1.5", Some(2)),
            ("1.0", Some(1)),
            ("2.000001", Some(3)),
            ("0.1", Some(1)),
            (".5", Some(1)),
            ("5.", Some(5)),
            ("2, 3", Some(3)),
            ("3,2", Some(3)),
            ("2, soon", Some(2)),
            (",,4,", Some(4)),
            (LATER, Some(30)),
            ("Wednesday, 21-Oct-15 07:28:30 GMT", Some(30)),
            ("Wed Oct 21 07:28:30 2015", Some(30)),
            (PAST, None),
            ("Wed, 21 Oct 2015 07:28:30 GMT, 7", Some(30)),
            ("7, Wed, 21 Oct 2015 07:28:30 GMT", Some(30)),
            ("Wed, 21 Oct 2015 07:27:30 GMT, 7", Some(7)),
            ("99999999999999999999999", Some(u64::MAX)),
            ("99999999999999999999999.5", Some(u64::MAX)),
            ("soon", None),
            ("", None),
            (".", None),
            ("-1", None),
            ("+1", None),
            ("1.5.2", None),
            ("1e3", None),
            ("5 s", None),
        ] {
            assert_eq!(asked(&[value]), expected, "`{value}`");
        }
        assert_eq!(asked(&[]), None);
        assert_eq!(asked(&["2", "5", "3"]), Some(5));
        assert_eq!(asked(&["soon", PAST, LATER, "2"]), Some(30));
    }
}
