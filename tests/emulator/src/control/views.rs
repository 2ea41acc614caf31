//! The emulator's state, in JSON.

use std::time::SystemTime;

use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};
use serde_json::{Value, json};

use crate::{
    clock::Clock, fault::queue::Faults, photos::PhotoVersion, recorded_request::RecordedRequest,
    throttle::Throttle,
};

/// The characters that a segment of a path has only in encoded form.
const ENCODED: &AsciiSet = &CONTROLS
    .add(b' ')
    .add(b'"')
    .add(b'#')
    .add(b'%')
    .add(b'/')
    .add(b'<')
    .add(b'>')
    .add(b'?')
    .add(b'\\');

/// A request, without credentials and values of its query.
pub(super) fn request(request: &RecordedRequest) -> Value {
    json!({
        "number": request.number,
        "connection": request.connection,
        "time": time(request.time),
        "milliseconds": request.duration.as_secs_f64() * 1000.0,
        "method": request.method,
        "target": request.redacted_target(),
        "headers": request.redacted_headers(),
        "bodyBytes": request.body.len(),
        "wireBytes": request.wire_bytes,
        "status": request.status,
        "code": request.code,
        "permission": request.permission.as_ref().map(ToString::to_string),
        "requestId": request.request_id,
        "outcome": request.outcome.to_string(),
        "why": request.why,
        "earlySeconds": request.early.map(|early| early.as_secs_f64()),
    })
}

/// A resource with its photos, oldest first.
pub(super) fn photo(key: &[String], versions: &[PhotoVersion]) -> Value {
    json!({
        "target": path(key),
        "versions": versions.iter().map(version).collect::<Vec<_>>(),
    })
}

/// What is known of a photo.
pub(super) fn version(version: &PhotoVersion) -> Value {
    json!({
        "bytes": version.bytes.len(),
        "etag": version.etag,
        "time": time(version.time),
        "request": version.request,
        "permission": version.permission.to_string(),
    })
}

/// The path of a resource, percent-encoded where it has to be.
pub(super) fn path(key: &[String]) -> String {
    key.iter().map(|segment| format!("/{}", utf8_percent_encode(segment, ENCODED))).collect()
}

/// The faults that are still to come.
pub(super) fn faults(faults: &Faults) -> Value {
    let (script, rules) = faults.list();
    let rules: Vec<Value> =
        rules.iter().map(|(rule, struck)| json!({ "rule": rule, "struck": struck })).collect();
    json!({ "script": script, "rules": rules })
}

/// The clock's time, and how far it is ahead of the system's.
pub(super) fn clock(clock: &Clock) -> Value {
    json!({ "now": time(clock.now()), "aheadSeconds": clock.ahead().as_secs() })
}

/// Which limits there are.
pub(super) fn throttle(limits: Throttle) -> Value {
    json!({ "limits": policy(limits) })
}

/// The name of a policy, as the program's option `--throttle` has it.
pub(super) fn policy(policy: Throttle) -> &'static str {
    match policy {
        Throttle::None => "none",
        Throttle::Graph => "graph",
    }
}

/// A time as RFC 3339 has it, in UTC, to the millisecond.
pub(super) fn time(time: SystemTime) -> String {
    humantime::format_rfc3339_millis(time).to_string()
}
