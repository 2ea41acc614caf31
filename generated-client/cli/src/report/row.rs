//! A journal's row for one target.

use serde::Serialize;

/// A row of a journal's view `photos`, column by column. Its names are those of
/// `report --json`; changing them changes the program's public interface.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Row {
    /// The resource path.
    pub(super) target: String,
    /// The photo, relative to the folder of the journal's photos unless absolute.
    pub(super) file: String,
    /// The state of the photo.
    pub(super) state: String,
    /// The reason for its failure or refusal.
    pub(super) reason: Option<String>,
    /// The HTTP status of the last response.
    pub(super) status: Option<i64>,
    /// The error code of the last response.
    pub(super) code: Option<String>,
    /// Graph's id of the last request.
    pub(super) request_id: Option<String>,
    /// The program's id of the last request.
    pub(super) client_request_id: Option<String>,
    /// The number of requests sent for these bytes.
    pub(super) attempts: i64,
    /// The number of bytes sent or to send.
    pub(super) bytes: Option<i64>,
    /// The digest of the bytes sent, in hexadecimal digits.
    pub(super) sha256: Option<String>,
    /// The digest of the file, in hexadecimal digits.
    pub(super) source_sha256: Option<String>,
    /// The options that made the file fit.
    pub(super) fit: Option<String>,
    /// The start of the last request, in UTC and RFC 3339 format.
    pub(super) started: Option<String>,
    /// The time its outcome was known, in UTC and RFC 3339 format.
    pub(super) finished: Option<String>,
    /// The index of its journal in the report.
    #[serde(skip)]
    pub(super) journal: usize,
}

impl Row {
    /// The columns of the view, in its order.
    pub(super) const COLUMNS: [&str; 15] = [
        "target",
        "file",
        "state",
        "reason",
        "status",
        "code",
        "request_id",
        "client_request_id",
        "attempts",
        "bytes",
        "sha256",
        "source_sha256",
        "fit",
        "started",
        "finished",
    ];

    /// The time of its latest event, without the `Z`: times then compare as text, even if only
    /// some have fractions of a second.
    pub(super) fn time(&self) -> Option<&str> {
        let time = self.finished.as_deref().or(self.started.as_deref());
        time.map(|time| time.trim_end_matches('Z'))
    }

    /// The part of the reason that other targets may share: the error code, else the status,
    /// else the message.
    pub(super) fn cause(&self) -> Option<String> {
        match (self.code.as_deref().filter(|code| !code.is_empty()), self.status) {
            (Some(code), _) => Some(code.to_owned()),
            (None, Some(status)) if status >= 300 => Some(status.to_string()),
            _ => self.reason.clone(),
        }
    }
}
