//! When to retry an upload, and after how long.

use std::time::{Duration, SystemTime};

use http::{
    HeaderMap, StatusCode,
    header::{DATE, RETRY_AFTER},
};

/// How often and for how long to retry a failed upload.
///
/// The client retries after the statuses 408, 429, 502, 503, 504 and 509, a 409 with the
/// code `Directory_ConcurrencyViolation`, a 404 with the message "Too many photo items", and
/// a connection that failed before the response, unless the server's certificate was
/// refused. It does not retry an attempt that exceeded
/// [`attempt_timeout`](crate::ClientBuilder::attempt_timeout). An upload replaces the whole
/// photo, so repeating it is harmless.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
#[must_use]
pub struct RetryPolicy {
    /// The most retries of an upload.
    pub max_retries: u32,
    /// The longest time from the first attempt of an upload to the start of its last. The
    /// client gives up at once if `Retry-After` exceeds it.
    pub max_total_time: Duration,
    /// The backoff step before the first retry; each further retry doubles it. The wait is
    /// half of the step and a random part of the other half ("equal jitter"), or what Graph
    /// asks for by `Retry-After`, whichever is longer.
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
    /// No retries.
    pub fn never() -> Self {
        Self { max_retries: 0, ..Self::default() }
    }

    /// Sets [`max_retries`](Self::max_retries).
    pub fn with_max_retries(self, max_retries: u32) -> Self {
        Self { max_retries, ..self }
    }

    /// Sets [`max_total_time`](Self::max_total_time).
    pub fn with_max_total_time(self, max_total_time: Duration) -> Self {
        Self { max_total_time, ..self }
    }

    /// Sets [`base_delay`](Self::base_delay) and [`max_delay`](Self::max_delay).
    pub fn with_delays(self, base_delay: Duration, max_delay: Duration) -> Self {
        Self { base_delay, max_delay, ..self }
    }

    /// How long to wait before the next attempt; `None` to give up. `elapsed` counts from the
    /// start of the first attempt.
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

    /// Half of a backoff step, and a `part`, from 0 to 1, of the other half.
    fn backoff(&self, retries: u32, part: f64) -> Duration {
        let doubled =
            2_u32.checked_pow(retries).and_then(|factor| self.base_delay.checked_mul(factor));
        let half = doubled.unwrap_or(self.max_delay).min(self.max_delay) / 2;
        half + half.mul_f64(part)
    }
}

/// Whether a status says "not now". HTTP has no 509; Graph documents it as throttling
/// ([errors](https://learn.microsoft.com/graph/errors)).
pub(super) fn is_transient(status: StatusCode) -> bool {
    matches!(status.as_u16(), 408 | 429 | 502 | 503 | 504 | 509)
}

/// How long `Retry-After` asks to wait: seconds, or until an HTTP date (RFC 9110, section
/// 10.2.3). Of several values, which proxies may have joined by commas, the longest counts.
/// Fractions are rounded up, and dates in the past ignored.
pub(super) fn retry_after(headers: &HeaderMap, now: SystemTime) -> Option<Duration> {
    // By the server's clock, if it sends its time: this machine's may be wrong.
    let date = headers.get(DATE).and_then(|value| value.to_str().ok());
    let now = date.and_then(|date| httpdate::parse_http_date(date.trim()).ok()).unwrap_or(now);
    let lists = headers.get_all(RETRY_AFTER).iter().filter_map(|value| value.to_str().ok());
    let waits = lists.flat_map(|list| {
        let elements: Vec<&str> = list.split(',').collect();
        // A date contains a comma.
        let dates = elements.windows(2).filter_map(|pair| wait_until(&pair.join(","), now));
        let others = elements.iter().filter_map(|text| seconds(text).or(wait_until(text, now)));
        dates.chain(others).collect::<Vec<_>>()
    });
    waits.max()
}

/// How long it is until an HTTP date, if that is in the future.
fn wait_until(date: &str, now: SystemTime) -> Option<Duration> {
    let until = httpdate::parse_http_date(date.trim()).ok()?;
    until.duration_since(now).ok().filter(|wait| !wait.is_zero())
}

/// A number of seconds, rounded up. A number that overflows is the longest time, not none.
fn seconds(text: &str) -> Option<Duration> {
    let text = text.trim();
    let is_number = text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
    let seconds: f64 = text.parse().ok().filter(|_| is_number)?;
    Some(Duration::try_from_secs_f64(seconds.ceil()).unwrap_or(Duration::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// How long headers ask to wait, in seconds, at some second of 2015.
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
