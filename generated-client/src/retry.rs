//! When an upload is tried again, and after how long.

use std::time::{Duration, SystemTime};

use http::{
    HeaderMap, HeaderName, StatusCode,
    header::{DATE, RETRY_AFTER},
};

/// How often and for how long a failed upload is tried again.
///
/// Tried again are answers that say "not now" - 408, 429, 502, 503 and 504 - and
/// connections that failed before there was an answer, unless the certificate of the
/// server was not accepted. Not tried again is an attempt that took longer than
/// [`attempt_timeout`](crate::ClientBuilder::attempt_timeout). An upload replaces
/// the whole photo, so that repeating it does no harm.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct RetryPolicy {
    /// How often an upload is tried again after its first attempt.
    pub max_retries: u32,
    /// The longest that an upload may take from its first attempt to the start
    /// of its last one, waiting included. A `Retry-After` beyond it is not
    /// waited for.
    pub max_total_time: Duration,
    /// Without a `Retry-After`, the wait before the first repetition is a random
    /// one up to this long; the bound doubles with each further one ("full
    /// jitter").
    pub base_delay: Duration,
    /// The longest wait without a `Retry-After`.
    pub max_delay: Duration,
}

impl Default for RetryPolicy {
    /// Four retries within five minutes, with random waits up to 1, 2, 4 and 8
    /// seconds unless Graph names another.
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
        let delay = retry_after.unwrap_or_else(|| {
            let doubled =
                2_u32.checked_pow(retries).and_then(|factor| self.base_delay.checked_mul(factor));
            doubled.unwrap_or(self.max_delay).min(self.max_delay).mul_f64(fastrand::f64())
        });
        (elapsed.checked_add(delay)? <= self.max_total_time).then_some(delay)
    }
}

/// Whether an answer says "not now".
pub(crate) fn is_retryable(status: StatusCode) -> bool {
    matches!(
        status,
        StatusCode::REQUEST_TIMEOUT
            | StatusCode::TOO_MANY_REQUESTS
            | StatusCode::BAD_GATEWAY
            | StatusCode::SERVICE_UNAVAILABLE
            | StatusCode::GATEWAY_TIMEOUT
    )
}

/// How long `Retry-After` says to wait: seconds, or an HTTP date (RFC 9110,
/// section 10.2.3). A date in the past says nothing.
pub(crate) fn retry_after(headers: &HeaderMap, now: SystemTime) -> Option<Duration> {
    let value = text(headers, RETRY_AFTER)?;
    if !value.is_empty() && value.bytes().all(|byte| byte.is_ascii_digit()) {
        // More seconds than fit into a number are too many, not none.
        return Some(Duration::from_secs(value.parse().unwrap_or(u64::MAX)));
    }
    let until = httpdate::parse_http_date(value).ok()?;
    // By the server's clock, where it tells: this machine's may be off.
    let now =
        text(headers, DATE).and_then(|now| httpdate::parse_http_date(now).ok()).unwrap_or(now);
    until.duration_since(now).ok().filter(|wait| !wait.is_zero())
}

fn text(headers: &HeaderMap, name: HeaderName) -> Option<&str> {
    Some(headers.get(name)?.to_str().ok()?.trim())
}
