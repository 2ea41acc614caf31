//! The header `Retry-After`.

use std::time::{Duration, SystemTime};

use graph_photo_client::{Error, PhotoTarget, UploadMethod, http};
use http::{
    HeaderValue,
    header::{DATE, RETRY_AFTER},
};

/// A wait is what the header says, in whole seconds up or until a date, and never longer than
/// the policy allows.
///
/// The first line is the header `Date`, each other one a header `Retry-After`.
///
/// # Panics
///
/// If this does not hold.
pub fn check(data: &[u8]) {
    let mut lines = data.split(|byte| *byte == b'\n');
    let server_time = lines.next().unwrap_or_default();
    let values: Vec<&[u8]> = lines.collect();
    let wait = wait(server_time, &values);
    check_policies(wait);
    let numbers: Option<Vec<u32>> = values.iter().map(|value| number(value)).collect();
    if let Some(most) = numbers.and_then(|numbers| numbers.into_iter().max()) {
        let most = u64::from(most);
        assert_eq!(wait, Some(Duration::from_secs(most)), "{values:?}");
        let now = SystemTime::UNIX_EPOCH + Duration::from_secs(1_445_412_480);
        let texts = [now, now + Duration::from_secs(most)].map(httpdate::fmt_http_date);
        let [begin, until] = texts.each_ref().map(String::as_bytes);
        let expected = Some(Duration::from_secs(most)).filter(|wait| !wait.is_zero());
        assert_eq!(self::wait(begin, &[until]), expected);
        // Of several values, the longest counts.
        let joined = [until, b", ", values[0]].concat();
        assert_eq!(self::wait(begin, &[&joined]), Some(Duration::from_secs(most)));
    }
}

/// A number of seconds as servers write it.
fn number(value: &[u8]) -> Option<u32> {
    let is_digits = value.iter().all(u8::is_ascii_digit);
    std::str::from_utf8(value).ok().filter(|_| is_digits)?.parse().ok()
}

/// What a response with these headers asks for.
fn wait(date: &[u8], values: &[&[u8]]) -> Option<Duration> {
    let mut response = http::Response::builder().status(429).body("").expect("a plain response");
    if let Ok(date) = HeaderValue::from_bytes(date) {
        response.headers_mut().insert(DATE, date);
    }
    for value in values.iter().filter_map(|value| HeaderValue::from_bytes(value).ok()) {
        response.headers_mut().append(RETRY_AFTER, value);
    }
    let error = Error::from_response(UploadMethod::Put, &PhotoTarget::me(), response);
    assert!(error.is_throttled() && error.is_retryable());
    let said = error.to_string();
    assert_eq!(said.contains("it asks to wait"), error.retry_after().is_some(), "{said}");
    error.retry_after()
}

#[cfg(fuzzing)]
fn check_policies(wait: Option<Duration>) {
    use graph_photo_client::{RetryPolicy, fuzzing::next_delay};

    let seconds = [0, 1, 299, 301, u64::MAX].map(Duration::from_secs);
    let policy = RetryPolicy::default();
    let policies = [
        policy,
        RetryPolicy::never(),
        policy.with_max_total_time(Duration::ZERO),
        policy.with_max_total_time(Duration::MAX),
        policy.with_max_retries(u32::MAX).with_delays(Duration::MAX, Duration::MAX),
    ];
    for policy in policies {
        for retries in [0, 3, 4, u32::MAX] {
            for elapsed in seconds {
                let Some(delay) = next_delay(policy, retries, elapsed, wait) else { continue };
                assert!(retries < policy.max_retries);
                assert!(delay >= wait.unwrap_or_default());
                assert!(delay <= wait.unwrap_or_default().max(policy.max_delay));
                let end = elapsed.checked_add(delay).expect("a policy allowed it");
                assert!(end <= policy.max_total_time, "{policy:?}: {delay:?} after {elapsed:?}");
            }
        }
    }
}

/// Unit tests of the library hold policies.
#[cfg(not(fuzzing))]
fn check_policies(_: Option<Duration>) {}
