//! What a journal says of one target.

use serde::Serialize;

/// A row of a journal's view `photos`, column by column. Its names are those of
/// `report --json`; a change of them is a change of the program's public interface.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Row {
    /// The resource path.
    pub(super) target: String,
    /// Its photo, relative to the folder of the journal's photos unless it is absolute.
    pub(super) file: String,
    /// What became of it.
    pub(super) state: String,
    /// Why it failed or was refused.
    pub(super) reason: Option<String>,
    /// The HTTP status of the last response.
    pub(super) status: Option<i64>,
    /// The error code of the last response.
    pub(super) code: Option<String>,
    /// Graph's id of the last request.
    pub(super) request_id: Option<String>,
    /// The program's id of the last request.
    pub(super) client_request_id: Option<String>,
    /// How many requests were sent for these bytes.
    pub(super) attempts: i64,
    /// How many bytes were sent, or are to be.
    pub(super) bytes: Option<i64>,
    /// Of the bytes that were sent, in hexadecimal digits.
    pub(super) sha256: Option<String>,
    /// Of the file, in hexadecimal digits.
    pub(super) source_sha256: Option<String>,
    /// The options by which the file was made fit.
    pub(super) fit: Option<String>,
    /// When the last request began, in UTC as RFC 3339 has it.
    pub(super) started: Option<String>,
    /// When its outcome was known, in UTC as RFC 3339 has it.
    pub(super) finished: Option<String>,
    /// Which of the report's journals it is from.
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

    /// When there was last something to tell of it. Times that end alike compare as
    /// text, those with fractions of a second once the `Z` is off.
    pub(super) fn time(&self) -> Option<&str> {
        let time = self.finished.as_deref().or(self.started.as_deref());
        time.map(|time| time.trim_end_matches('Z'))
    }

    /// What sets the reason apart from others, without what only this target has: the
    /// error code, else the status, else the words.
    pub(super) fn cause(&self) -> Option<String> {
        match (self.code.as_deref().filter(|code| !code.is_empty()), self.status) {
            (Some(code), _) => Some(code.to_owned()),
            (None, Some(status)) if status >= 300 => Some(status.to_string()),
            _ => self.reason.clone(),
        }
    }
}
