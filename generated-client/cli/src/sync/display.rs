//! The progress of a run: a bar on a terminal, a line every few seconds elsewhere.

use std::{
    env,
    io::{self, IsTerminal as _},
    time::{Duration, Instant, SystemTime},
};

use graph_photo_client::Printable;
use indicatif::{ProgressBar, ProgressStyle};

use super::size::time;
use crate::output;

/// The interval between lines without a bar.
const EVERY: Duration = Duration::from_secs(5);

/// The interval at which to update the display.
pub(super) const TICK: Duration = Duration::from_millis(200);

/// The display of a run, all of it on standard error.
#[derive(Debug)]
pub(super) struct Display {
    what: &'static str,
    bar: Option<ProgressBar>,
    total: usize,
    started: Instant,
    told: Instant,
    is_held: bool,
}

/// The progress of sending.
#[derive(Debug, Clone, Copy)]
pub(super) struct Progress {
    /// Sent or failed.
    pub(super) done: usize,
    pub(super) failed: usize,
    /// The time until sending may resume, if it is on hold.
    pub(super) hold: Option<Duration>,
    /// Whether the hold is due to a lost connection.
    pub(super) is_unreachable: bool,
    /// Whether the run waits for the last uploads.
    pub(super) is_ending: bool,
}

impl Progress {
    fn sent(self) -> usize {
        self.done - self.failed
    }
}

impl Display {
    /// The display of something that takes `total` steps.
    pub(super) fn new(what: &'static str, total: usize, is_json: bool) -> Self {
        // A bar and JSON lines on one terminal would be a mess.
        let is_mixed = is_json && io::stdout().is_terminal();
        let is_dumb = env::var_os("TERM").is_some_and(|term| term == "dumb");
        let has_bar = io::stderr().is_terminal() && !is_dumb && !is_mixed;
        let now = Instant::now();
        let bar = has_bar.then(|| bar(what, total));
        Self { what, bar, total, started: now, told: now, is_held: false }
    }

    /// Shows the number of files read.
    pub(super) fn reading(&mut self, done: usize) {
        if let Some(bar) = &self.bar {
            bar.set_position(done as u64);
        } else if self.is_time() {
            output::note(format_args!("{done} of {} read", self.total));
        }
    }

    /// Shows the progress of sending.
    pub(super) fn sending(&mut self, progress: Progress) {
        if let Some(bar) = &self.bar {
            bar.set_position(progress.sent() as u64);
            bar.set_message(self.words(progress));
            return;
        }
        let is_held = progress.hold.is_some_and(|hold| hold >= EVERY);
        let begins = is_held && !std::mem::replace(&mut self.is_held, is_held);
        self.is_held = is_held;
        if begins || self.is_time() {
            self.told = Instant::now();
            output::note(self.line(progress));
        }
    }

    /// Reports a failed photo at once.
    pub(super) fn error(&self, text: &str) {
        self.aside(|| output::error(Printable(text)));
    }

    /// Shows a note beside the progress.
    pub(super) fn note(&self, text: &str) {
        self.aside(|| output::note(text));
    }

    fn aside(&self, tell: impl FnOnce()) {
        match &self.bar {
            Some(bar) => bar.suspend(tell),
            None => tell(),
        }
    }

    /// Removes the bar.
    pub(super) fn end(&self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }

    fn is_time(&mut self) -> bool {
        let is_time = self.told.elapsed() >= EVERY;
        if is_time {
            self.told = Instant::now();
        }
        is_time
    }

    fn line(&self, progress: Progress) -> String {
        let (sent, words) = (progress.sent(), self.words(progress));
        format!("{sent} of {} {}, {words}", self.total, self.what)
    }

    fn words(&self, progress: Progress) -> String {
        let elapsed = self.started.elapsed();
        #[expect(clippy::cast_precision_loss, reason = "a rate is told with one digit")]
        let rate = progress.done as f64 / elapsed.as_secs_f64().max(0.001);
        let mut words = format!("{} failed, {rate:.1}/s", progress.failed);
        if progress.is_ending {
            words += ", waiting for those under way; Ctrl-C drops them";
        } else if let Some(hold) = progress.hold {
            let until = humantime::format_rfc3339_seconds(SystemTime::now() + hold);
            let why = if progress.is_unreachable { "no connection; waiting" } else { "throttled" };
            words += &format!(", {why} for {}, until {until}", time(hold));
        } else if progress.done > 0 {
            #[expect(clippy::cast_possible_truncation, reason = "there are fewer photos")]
            let left = (self.total - progress.done.min(self.total)) as u32;
            #[expect(clippy::cast_possible_truncation, reason = "as above")]
            let each = elapsed / progress.done as u32;
            words += &format!(", {} left", time(each.saturating_mul(left)));
        }
        words
    }
}

fn bar(what: &'static str, total: usize) -> ProgressBar {
    let style = ProgressStyle::with_template("{prefix} [{bar:30}] {pos}/{len} {wide_msg}")
        .expect("the template is right, which a test shows");
    let bar = ProgressBar::new(total as u64).with_style(style.progress_chars("=> "));
    bar.set_prefix(what);
    bar
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_failed_does_not_count_as_sent() {
        let display = Display::new("sent", 5, false);
        let progress =
            Progress { done: 2, failed: 1, hold: None, is_unreachable: false, is_ending: false };
        let line = display.line(progress);
        assert!(line.starts_with("1 of 5 sent, 1 failed, "), "{line}");
    }
}
