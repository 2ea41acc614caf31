//! Counts the results of a run.

use std::collections::BTreeMap;

use graph_photo_client::Diagnosis;
use serde::Serialize;

use super::{item::Target, upload::Upload};
use crate::journal::State;

/// The number of reasons in a summary.
const REASONS: usize = 5;

/// The results of the photos that were sent.
#[derive(Debug, Default)]
pub(super) struct Tally {
    pub(super) stored: usize,
    pub(super) failed: usize,
    /// Dropped while they were sent, so that Graph may have them.
    pub(super) sending: usize,
    /// Whether any request was answered.
    pub(super) was_answered: bool,
    /// The size of all stored photos.
    pub(super) bytes: u64,
    pub(super) requests: u64,
    reasons: BTreeMap<String, FailureGroup>,
}

/// A reason for failures, with an example and a remedy.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct FailureGroup {
    /// Graph's code, else the status, else the failure of the connection.
    pub(super) code: String,
    pub(super) count: usize,
    /// The target of one of the photos.
    pub(super) target: String,
    /// The reason for that photo's failure.
    pub(super) reason: String,
    /// The usual remedy.
    pub(super) remedy: Option<String>,
}

impl Tally {
    /// Counts the result of a photo.
    pub(super) fn add(&mut self, target: &Target, bytes: u32, upload: &Upload) {
        self.requests += u64::from(upload.attempts);
        self.was_answered |= upload.outcome.status.is_some();
        match upload.outcome.state {
            State::Stored => {
                self.stored += 1;
                self.bytes += u64::from(bytes);
            }
            State::Failed => self.add_failure(target, upload),
            // To be sent again by another run.
            _ => {}
        }
    }

    /// Counts a photo that was dropped after so many requests.
    pub(super) fn add_dropped(&mut self, attempts: u32) {
        self.sending += 1;
        self.requests += u64::from(attempts);
    }

    fn add_failure(&mut self, target: &Target, upload: &Upload) {
        self.failed += 1;
        let code = code(upload);
        let reason = self.reasons.entry(code.clone()).or_insert_with(|| FailureGroup {
            code,
            count: 0,
            target: target.path.clone(),
            reason: upload.outcome.reason.clone().unwrap_or_default(),
            remedy: remedy(upload),
        });
        reason.count += 1;
    }

    /// The most common reasons, the most common first.
    pub(super) fn commonest(&self) -> Vec<FailureGroup> {
        let mut reasons: Vec<FailureGroup> = self.reasons.values().cloned().collect();
        reasons.sort_by_key(|reason| std::cmp::Reverse(reason.count));
        reasons.truncate(REASONS);
        reasons
    }
}

/// The code by which failures are grouped.
pub(super) fn code(upload: &Upload) -> String {
    let outcome = &upload.outcome;
    match (&outcome.code, outcome.status, &upload.error) {
        (Some(code), _, _) => code.clone(),
        (None, Some(status), _) => status.to_string(),
        (None, None, Some(error)) if error.is_timeout() => "timeout".to_owned(),
        (None, None, Some(error)) if error.is_connection() => "connection".to_owned(),
        (None, None, Some(error)) if error.is_too_large() => "tooLarge".to_owned(),
        (None, None, Some(error)) if error.is_unauthorized() => "unauthorized".to_owned(),
        (None, None, Some(_)) => "refused".to_owned(),
        (None, None, None) => "fileChanged".to_owned(),
    }
}

fn remedy(upload: &Upload) -> Option<String> {
    let Some(error) = upload.error.as_deref() else {
        return Some("run the same command again".to_owned());
    };
    let diagnosis = error.diagnosis().map(Diagnosis::to_string);
    let hint = error.hint().map(str::to_owned);
    let later = || error.is_retryable().then(|| "run the same command again later".to_owned());
    diagnosis.or(hint).or_else(later)
}
