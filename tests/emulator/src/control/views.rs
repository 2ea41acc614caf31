//! What the emulator knows, in JSON.

use std::time::SystemTime;

use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};
use serde_json::{Value, json};

use crate::{fault::queue::Faults, photos::PhotoVersion, recorded_request::RecordedRequest};

/// What a segment of a path doesn't have as it is.
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

/// A request, without the access token.
pub(crate) fn request(request: &RecordedRequest) -> Value {
    json!({
        "number": request.number,
        "connection": request.connection,
        "time": time(request.time),
        "milliseconds": request.duration.as_secs_f64() * 1000.0,
        "method": request.method,
        "target": request.target,
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

/// A resource with its photos.
pub(crate) fn photo(key: &[String], versions: &[PhotoVersion]) -> Value {
    let version = |version: &PhotoVersion| {
        json!({
            "bytes": version.bytes.len(),
            "etag": version.etag,
            "time": time(version.time),
            "request": version.request,
            "permission": version.permission.to_string(),
        })
    };
    json!({
        "target": path(key),
        "versions": versions.iter().map(version).collect::<Vec<_>>(),
    })
}

/// The path of a resource, percent-encoded where it has to be.
pub(crate) fn path(key: &[String]) -> String {
    key.iter().map(|segment| format!("/{}", utf8_percent_encode(segment, ENCODED))).collect()
}

/// The faults that are still to come.
pub(crate) fn faults(faults: &Faults) -> Value {
    let (script, rules) = faults.list();
    let rules: Vec<Value> =
        rules.iter().map(|(rule, struck)| json!({ "rule": rule, "struck": struck })).collect();
    json!({ "script": script, "rules": rules })
}

/// What the clock shows.
pub(crate) fn clock(now: SystemTime) -> Value {
    json!({ "now": time(now) })
}

fn time(time: SystemTime) -> String {
    humantime::format_rfc3339_millis(time).to_string()
}
