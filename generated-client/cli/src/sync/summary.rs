//! The summary at the end of a run.

use std::{env, path::Path, time::Duration};

use graph_photo_client::Printable;
use serde::Serialize;

use super::{
    item::Status,
    line::VERSION,
    plan::Plan,
    size::{count, size, time},
    tally::{FailureGroup, Tally},
    throttle::Waits,
};
use crate::output::printable;

/// The summary at the end of a run. Every key is always present.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Summary {
    version: u32,
    stored: usize,
    unchanged: usize,
    failed: usize,
    /// Dropped while they were sent, so that Graph may have them.
    sending: usize,
    refused: usize,
    left_out: usize,
    without_file: usize,
    /// Planned but not sent.
    not_sent: usize,
    /// Left for another run by `--limit`.
    later: usize,
    /// Excluded by `--only`, `--exclude` and `--shard`.
    not_selected: usize,
    /// The size of all stored photos.
    bytes: u64,
    seconds: f64,
    requests: u64,
    /// The number of requests that Graph throttled.
    throttled: u32,
    /// The number of throttling episodes.
    throttling_episodes: u32,
    /// The time on hold because of throttling.
    waited_seconds: f64,
    reasons: Vec<FailureGroup>,
    /// The reason why the run ended early, if it did.
    stopped: Option<String>,
    dry_run: bool,
    /// The command that resumes the run, if there is more to do.
    resume: Option<String>,
    journal: Option<String>,
    exit_code: u8,
}

/// The course of a run.
#[derive(Debug, Default)]
pub(super) struct Course {
    pub(super) tally: Tally,
    pub(super) waits: Waits,
    pub(super) time: Duration,
    pub(super) stopped: Option<String>,
    pub(super) is_dry: bool,
}

impl Summary {
    pub(super) fn new(plan: &Plan, course: &Course, journal: Option<&Path>, exit_code: u8) -> Self {
        let Course { tally, waits, .. } = course;
        let count = |status: &Status| plan.count(|other| other == status);
        let sent = tally.stored + tally.failed + tally.sending;
        let not_sent = plan.due().saturating_sub(sent);
        let later = count(&Status::Later);
        let is_more = tally.failed + tally.sending + not_sent + later > 0;
        Self {
            version: VERSION,
            stored: tally.stored,
            unchanged: count(&Status::Unchanged),
            failed: tally.failed,
            sending: tally.sending,
            refused: plan.refused(),
            left_out: plan.left_out.len(),
            without_file: count(&Status::WithoutFile),
            not_sent,
            later,
            not_selected: plan.not_selected,
            bytes: tally.bytes,
            seconds: course.time.as_secs_f64(),
            requests: tally.requests,
            throttled: waits.throttled,
            throttling_episodes: waits.episodes,
            waited_seconds: waits.held.as_secs_f64(),
            reasons: tally.commonest(),
            stopped: course.stopped.clone(),
            dry_run: course.is_dry,
            resume: (is_more && !course.is_dry).then(this_command),
            journal: journal.map(|path| path.to_string_lossy().into_owned()),
            exit_code,
        }
    }

    /// The summary for people.
    pub(super) fn text(&self) -> String {
        let numbers = [
            (self.stored, "stored"),
            (self.unchanged, "unchanged"),
            (self.failed, "failed"),
            (self.sending, "dropped while being sent"),
            (self.refused, "refused"),
            (self.not_sent, "not sent"),
            (self.later, "over --limit"),
        ];
        let numbers = numbers.into_iter().enumerate();
        let told: Vec<String> = numbers
            .filter(|(index, (number, _))| *index == 0 || *number > 0)
            .map(|(_, (number, words))| format!("{number} {words}"))
            .collect();
        let word = if self.stopped.is_some() { "Stopped" } else { "Done" };
        let mut text = format!("{word}: {}; {}", told.join(", "), self.pace());
        if self.throttled > 0 {
            let throttled = count(self.throttled as usize, "request");
            let episodes = count(self.throttling_episodes as usize, "episode");
            let held = time(Duration::from_secs_f64(self.waited_seconds));
            text += &format!("\n{throttled} throttled in {episodes}; waited {held}");
        }
        self.reasons.iter().for_each(|reason| text += &line(reason));
        if let Some(journal) = &self.journal {
            text += &format!("\nJournal: {}", printable(Path::new(journal)));
        }
        if let Some(resume) = &self.resume {
            text += &format!("\nTo go on: {}", Printable(resume));
        }
        text
    }

    fn pace(&self) -> String {
        let elapsed = Duration::from_secs_f64(self.seconds);
        #[expect(clippy::cast_precision_loss, reason = "a rate is told with one digit")]
        let rate = self.stored as f64 / self.seconds.max(0.001);
        format!("{} in {}, {rate:.1}/s", size(self.bytes), time(elapsed))
    }
}

fn line(reason: &FailureGroup) -> String {
    let FailureGroup { code, count, target, reason, remedy } = reason;
    let remedy = remedy.as_deref().filter(|remedy| !reason.contains(remedy));
    let remedy = remedy.map(|remedy| format!("; {remedy}")).unwrap_or_default();
    let text = format!("{count} x {code}, such as {target}: {reason}{remedy}");
    format!("\n  {}", Printable(&text))
}

/// The command line of this process, quoted for a shell.
pub(super) fn this_command() -> String {
    let words = env::args_os().enumerate().map(|(index, word)| {
        let word = word.to_string_lossy().into_owned();
        let is_plain = |character: char| {
            character.is_ascii_alphanumeric() || "-_./,:@=+%\\".contains(character)
        };
        if index == 0 {
            env!("CARGO_BIN_NAME").to_owned()
        } else if !word.is_empty() && word.chars().all(is_plain) {
            word
        } else {
            format!("'{}'", word.replace('\'', r"'\''"))
        }
    });
    words.collect::<Vec<_>>().join(" ")
}
