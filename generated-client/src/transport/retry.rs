//! When an upload is tried again, and after how long.

use std::time::Duration;

use http::StatusCode;

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
    pub(super) fn next_delay(
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
pub(super) fn is_retryable(status: StatusCode) -> bool {
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

#[cfg(test)]
mod tests {
    use super::*;

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
