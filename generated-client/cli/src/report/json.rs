//! A report for programs: one object.

use serde_json::{Map, Value, json};

use super::{merge::Merged, summary::Summary};

/// The version of the object's format: a new field does not change it, but a changed or
/// removed field raises it.
const VERSION: u32 = 1;

pub(super) fn report(merged: &Merged, summary: &Summary) -> String {
    let counts: Map<String, Value> =
        summary.states.iter().map(|(state, count)| (state.clone(), (*count).into())).collect();
    let report = json!({
        "version": VERSION,
        "targets": merged.rows.len(),
        "counts": counts,
        "superseded": merged.superseded,
        "reasons": summary.reasons,
        "journals": merged.journals,
        "photos": merged.rows,
    });
    report.to_string()
}
