//! A report for the terminal.

use graph_photo_client::Printable;

use super::{
    merge::Merged,
    summary::{Reason, Summary, meaning},
};

pub(super) fn report(merged: &Merged, summary: &Summary) -> String {
    let counts = summary.states.iter().map(|(state, count)| {
        let state = Printable(state).to_string();
        format!("{count:>8} {state:8} {}", meaning(&state)).trim_end().to_owned()
    });
    let mut lines = vec![heading(merged)];
    lines.extend(counts);
    if !summary.reasons.is_empty() {
        lines.push("The commonest reasons:".to_owned());
        lines.extend(summary.reasons.iter().map(line));
    }
    lines.join("\n")
}

fn heading(merged: &Merged) -> String {
    let targets = match merged.rows.len() {
        1 => "1 target".to_owned(),
        count => format!("{count} targets"),
    };
    match &merged.journals[..] {
        [journal] => format!("{targets} of {}", journal.tenant()),
        [first, ..] => {
            format!("{targets} of {} in {} journals", first.tenant(), merged.journals.len())
        }
        [] => targets,
    }
}

/// A reason with an example.
fn line(reason: &Reason) -> String {
    let Reason { count, state, target, cause, .. } = reason;
    let words = reason.message.as_deref().unwrap_or(cause);
    let text = format!("{state}, such as {target}: {words}");
    format!("{count:>8} {}", Printable(&text))
}
