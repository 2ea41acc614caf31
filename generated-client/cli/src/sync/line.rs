//! The JSON line of a photo.

use std::time::SystemTime;

use serde::Serialize;
use serde_json::{Value, json};

use super::{
    item::{Item, Status},
    source::LeftOut,
    upload::Sent,
};
use crate::journal::{Outcome, State, timestamp};

/// The version of lines and summary: it changes if a field changes.
pub(super) const VERSION: u32 = 1;

/// The JSON line of a photo, with the names of the journal's columns. Every key is always
/// present.
#[derive(Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Record<'a> {
    version: u32,
    target: Option<&'a str>,
    file: Option<String>,
    /// The line in a table.
    line: Option<u64>,
    state: &'static str,
    /// `new`, `changed` or `unchanged`, compared with the stored photo.
    change: Option<&'static str>,
    reason: Option<&'a str>,
    status: Option<u16>,
    code: Option<&'a str>,
    request_id: Option<&'a str>,
    client_request_id: Option<&'a str>,
    attempts: u32,
    bytes: Option<u32>,
    sha256: Option<String>,
    source_sha256: Option<String>,
    fit: Option<&'a str>,
    notes: &'a [String],
    started: Option<String>,
    finished: Option<String>,
}

/// The line for a photo that was not sent.
pub(super) fn of_item(item: &Item, fit: Option<&str>) -> Value {
    to_value(&line(item, fit))
}

/// The last line.
pub(super) fn of_summary(summary: &impl Serialize) -> Value {
    json!({ "version": VERSION, "summary": summary })
}

/// The line for a photo with this outcome.
pub(super) fn of_outcome(
    item: &Item,
    fit: Option<&str>,
    outcome: &Outcome,
    attempts: u32,
    started: Option<SystemTime>,
) -> Value {
    to_value(&Record {
        state: outcome.state.as_str(),
        reason: outcome.reason.as_deref(),
        status: outcome.status,
        code: outcome.code.as_deref(),
        request_id: outcome.request_id.as_deref(),
        client_request_id: outcome.client_request_id.as_deref(),
        attempts,
        started: started.map(timestamp),
        finished: Some(timestamp(outcome.finished)),
        ..line(item, fit)
    })
}

/// The line of a photo that was dropped while it was sent, so that Graph may have it.
pub(super) fn of_dropped(item: &Item, fit: Option<&str>, sent: Sent) -> Value {
    to_value(&Record {
        state: State::Sending.as_str(),
        attempts: sent.attempts,
        started: Some(timestamp(sent.started)),
        ..line(item, fit)
    })
}

/// The line for a file left out of the run.
pub(super) fn of_left_out(left_out: &LeftOut) -> Value {
    to_value(&Record {
        version: VERSION,
        file: Some(left_out.file.clone()),
        state: "leftOut",
        reason: Some(left_out.reason),
        ..Record::default()
    })
}

fn line<'a>(item: &'a Item, fit: Option<&'a str>) -> Record<'a> {
    let (state, change) = words(&item.status);
    let content = item.content.as_ref();
    Record {
        version: VERSION,
        target: Some(item.name()),
        file: item.file.is_some().then(|| item.file_name()),
        line: item.origin.line(),
        state,
        change,
        reason: item.refusal(),
        bytes: content.map(|content| content.bytes),
        sha256: content.map(|content| content.sha256.to_string()),
        source_sha256: content.map(|content| content.source_sha256.to_string()),
        fit,
        notes: &item.notes,
        ..Record::default()
    }
}

fn words(status: &Status) -> (&'static str, Option<&'static str>) {
    match status {
        Status::Unread => ("unread", None),
        Status::New => ("planned", Some("new")),
        Status::Changed => ("planned", Some("changed")),
        Status::Forced => ("planned", Some("unchanged")),
        Status::Unchanged => ("unchanged", Some("unchanged")),
        Status::Refused(_) => ("refused", None),
        Status::WithoutFile => ("withoutFile", None),
        Status::Later => ("later", None),
    }
}

fn to_value(line: &Record<'_>) -> Value {
    serde_json::to_value(line).expect("its keys are text and its numbers are finite")
}
