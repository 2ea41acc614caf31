//! The number of photos with each outcome, and the most common reasons.

use std::collections::HashMap;

use serde::Serialize;

use super::row::Row;

/// The states of a journal with their meanings; those that need attention come first.
const STATES: [(&str, &str); 5] = [
    ("failed", "Graph refused the photo, or could not be reached"),
    ("refused", "refused here; nothing was sent"),
    ("sending", "was being sent when the sync ended; the next run sends it again"),
    ("planned", "not sent yet"),
    ("stored", "Graph has the photo"),
];

/// The maximum number of reasons in a report.
const MOST_REASONS: usize = 5;

/// The place of a state in a report; unknown states come last.
pub(super) fn rank(state: &str) -> usize {
    STATES.iter().position(|(name, _)| *name == state).unwrap_or(STATES.len())
}

/// The meaning of a state.
pub(super) fn meaning(state: &str) -> &'static str {
    STATES.iter().find(|(name, _)| *name == state).map_or("", |(_, meaning)| meaning)
}

/// The counts of a report.
pub(super) struct Summary {
    /// The number of targets in each state, in the order of a report.
    pub(super) states: Vec<(String, usize)>,
    /// The most common reasons, the most common first.
    pub(super) reasons: Vec<Reason>,
}

/// A reason why photos are not stored.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Reason {
    /// The state of all of them.
    pub(super) state: String,
    /// The error code, else the status, else the message that all of them share.
    pub(super) cause: String,
    /// The number of photos.
    pub(super) count: usize,
    /// One of the targets.
    pub(super) target: String,
    /// The message for that target.
    pub(super) message: Option<String>,
}

impl Summary {
    /// Counts rows, which must be in the order of a report.
    pub(super) fn of(rows: &[Row]) -> Self {
        let mut states: Vec<(String, usize)> = Vec::new();
        let mut reasons: HashMap<(&str, String), Reason> = HashMap::new();
        for row in rows {
            match states.last_mut() {
                Some((state, count)) if *state == row.state => *count += 1,
                _ => states.push((row.state.clone(), 1)),
            }
            // The reason why a photo waits for another attempt says nothing of its outcome.
            if let Some(cause) = row.cause().filter(|_| row.state != "planned") {
                let reason = reasons.entry((&row.state, cause));
                reason.and_modify(|it| it.count += 1).or_insert_with_key(|(_, it)| of(row, it));
            }
        }
        let mut reasons: Vec<Reason> = reasons.into_values().collect();
        reasons.sort_by(|a, b| b.count.cmp(&a.count).then_with(|| a.target.cmp(&b.target)));
        reasons.truncate(MOST_REASONS);
        Self { states, reasons }
    }
}

fn of(row: &Row, cause: &str) -> Reason {
    Reason {
        state: row.state.clone(),
        cause: cause.to_owned(),
        count: 1,
        target: row.target.clone(),
        message: row.reason.clone(),
    }
}
