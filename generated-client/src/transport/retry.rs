//! When an upload is tried again, and after how long.

use std::time::{Duration, SystemTime};

use http::{
    HeaderMap, StatusCode,
    header::{DATE, RETRY_AFTER},
};

/// How often and for how long a failed upload is tried again.
///
/// Tried again are answers that say "not now" - 408, 429, 502, 503, 504 and 509, and
/// those that Graph lets pass: 409 with the code `Directory_ConcurrencyViolation`, 404
/// with the message "Too many photo items" - and connections that failed before there
/// was an answer, unless the certificate of the server was not accepted. Not tried
/// again is an attempt that took longer than
/// [`attempt_timeout`](crate::ClientBuilder::attempt_timeout). An upload replaces
/// the whole photo, so that repeating it does no harm.
///
/// A wait is never shorter than Graph asks for by `Retry-After`, and never shorter than
/// half of its backoff step, whatever Graph asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct RetryPolicy {
    /// How often an upload is tried again after its first attempt.
    pub max_retries: u32,
    /// The longest that an upload may take from its first attempt to the start
    /// of its last one, waiting included. A `Retry-After` beyond it is not
    /// waited for.
    pub max_total_time: Duration,
    /// The backoff step before the first repetition, which doubles with each further
    /// one. The wait is half of it, and a random part of the other half ("equal
    /// jitter"), unless Graph asks for more.
    pub base_delay: Duration,
    /// The longest backoff step.
    pub max_delay: Duration,
}

impl Default for RetryPolicy {
    /// Four retries within five minutes, with backoff steps of 1, 2, 4 and 8 seconds.
    fn default() -> Self {
        Self {
            max_retries: 4,
            max_total_time: Duration::from_secs(300),
            base_delay: Duration::from_secs(1),
            max_delay: Duration::from_secs(30),
        }
    }
}

impl RetryPolicy {
    /// No retries: the first answer is the last one.
    #[must_use]
    pub fn never() -> Self {
        Self { max_retries: 0, ..Self::default() }
    }

    /// Sets [`max_retries`](Self::max_retries).
    #[must_use]
    pub fn with_max_retries(self, max_retries: u32) -> Self {
        Self { max_retries, ..self }
    }

    /// Sets [`max_total_time`](Self::max_total_time).
    #[must_use]
    pub fn with_max_total_time(self, max_total_time: Duration) -> Self {
        Self { max_total_time, ..self }
    }

    /// Sets [`base_delay`](Self::base_delay) and [`max_delay`](Self::max_delay).
    #[must_use]
    pub fn with_delays(self, base_delay: Duration, max_delay: Duration) -> Self {
        Self { base_delay, max_delay, ..self }
    }

    /// How long to wait before the next attempt; `None` to give up.
    ///
    /// `retries` is how often the upload was tried again already, `elapsed` the
    /// time since its first attempt began.
    pub(crate) fn next_delay(
        &self,
        retries: u32,
        elapsed: Duration,
        retry_after: Option<Duration>,
    ) -> Option<Duration> {
        if retries >= self.max_retries {
            return None;
        }
        let delay = self.backoff(retries, fastrand::f64()).max(retry_after.unwrap_or_default());
        (elapsed.checked_add(delay)? <= self.max_total_time).then_some(delay)
    }

    /// Half of a backoff step, and a part of the other half, from 0 to 1.
    fn backoff(&self, retries: u32, part: f64) -> Duration {
        let doubled =
            2_u32.checked_pow(retries).and_then(|factor| self.base_delay.checked_mul(factor));
        let half = doubled.unwrap_or(self.max_delay).min(self.max_delay) / 2;
        half + half.mul_f64(part)
    }
}

/// Whether an answer says "not now".
pub(crate) fn is_retryable(status: StatusCode) -> bool {
    /// Which Graph documents as throttling
    /// ([errors](https://learn.microsoft.com/graph/errors)), and HTTP not at all.
    const BANDWIDTH_LIMIT_EXCEEDED: u16 = 509;
    matches!(
        status,
        StatusCode::REQUEST_TIMEOUT
            | StatusCode::TOO_MANY_REQUESTS
            | StatusCode::BAD_GATEWAY
            | StatusCode::SERVICE_UNAVAILABLE
            | StatusCode::GATEWAY_TIMEOUT
    ) || status.as_u16() == BANDWIDTH_LIMIT_EXCEEDED
}

/// How long `Retry-After` asks to wait: seconds, or until an HTTP date (RFC 9110,
/// section 10.2.3). A date in the past says nothing. Of several, which proxies may
/// have joined by commas, the longest; of a fraction, the next whole second.
pub(crate) fn retry_after(headers: &HeaderMap, now: SystemTime) -> Option<Duration> {
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

    /// Policies, and their first backoff steps, in milliseconds.
    fn steps() -> [(RetryPolicy, [u64; 4]); 3] {
        let seconds = Duration::from_secs;
        let policy = RetryPolicy { max_retries: u32::MAX, ..RetryPolicy::default() };
        [
            (policy, [1000, 2000, 4000, 8000]),
            (policy.with_delays(seconds(1), seconds(3)), [1000, 2000, 3000, 3000]),
            (policy.with_delays(Duration::ZERO, Duration::ZERO), [0; 4]),
        ]
    }

    #[test]
    fn a_wait_is_no_shorter_than_asked_nor_than_half_its_step() {
        let asked = [None, Some(0), Some(1), Some(2), Some(5), Some(60)];
        for (policy, steps) in steps() {
            for (retries, step) in (0..).zip(steps) {
                for asked in asked.map(|asked| asked.map(Duration::from_secs)) {
                    let delay = policy.next_delay(retries, Duration::ZERO, asked).unwrap();
                    let (least, step) = (asked.unwrap_or_default(), Duration::from_millis(step));
                    let expected = least.max(step / 2)..=least.max(step);
                    assert!(expected.contains(&delay), "{delay:?}, not {expected:?}");
                }
            }
        }
    }

    #[test]
    fn a_wait_is_anywhere_in_the_upper_half_of_its_step() {
        for (policy, steps) in steps() {
            for (retries, step) in (0..).zip(steps) {
                let wait = |part| policy.backoff(retries, part).as_millis();
                let of_step = |quarters| u128::from(step * quarters / 4);
                assert_eq!([0.0, 0.5, 1.0].map(wait), [2, 3, 4].map(of_step));
            }
            assert_eq!(policy.backoff(u32::MAX, 1.0), policy.max_delay);
        }
    }

    #[test]
    fn what_would_end_too_late_is_not_waited_for() {
        let policy = RetryPolicy::default();
        let elapsed = Duration::from_secs(200);
        let asked = |seconds| Some(Duration::from_secs(seconds));
        assert_eq!(policy.next_delay(0, elapsed, asked(100)), asked(100));
        for beyond in [101, u64::MAX] {
            assert_eq!(policy.next_delay(0, elapsed, asked(beyond)), None);
        }
        assert_eq!(policy.next_delay(policy.max_retries, elapsed, None), None);
    }
}
