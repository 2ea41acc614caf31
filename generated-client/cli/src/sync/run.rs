//! Sends the photos of a plan until all are sent or something ends the run.

use std::{io, sync::Arc, time::Instant};

use tokio::{
    task::{JoinError, JoinSet},
    time::{interval, sleep},
};

use super::{
    brakes::Brakes,
    display::{Display, Progress, TICK},
    item::{Item, Target},
    line,
    line_writer::LineWriter,
    queue::Queue,
    summary::Course,
    tally::{Tally, code},
    upload::{Upload, Uploader},
};
use crate::{
    failure::Failure,
    journal::State,
    signal::{REPORT_TIMEOUT, Signal},
};

/// The number of photos under way for each concurrent transfer: some wait for a retry.
const TASKS_PER_TRANSFER: usize = 2;

/// Sends photos and counts the results.
pub(super) struct Run<'a> {
    pub(super) uploader: Arc<Uploader>,
    pub(super) items: Arc<Vec<Item>>,
    /// The output for each photo's JSON line, if requested.
    pub(super) lines: Option<LineWriter>,
    pub(super) fit: Option<&'a str>,
    pub(super) transfers: u32,
    pub(super) brakes: Brakes,
    pub(super) display: Display,
    /// Whether each photo has been reported.
    pub(super) told: Vec<bool>,
}

/// Why a run ended.
#[derive(Debug)]
pub(super) enum End {
    /// All photos were sent.
    Complete,
    /// The rest would fail as well, for this reason.
    Stopped(String),
    /// This program or machine failed.
    Failed(Failure),
    Interrupted(Signal),
}

/// A task's report on a photo.
type Told = (usize, Result<Option<Upload>, Failure>);

impl Run<'_> {
    /// Sends all photos that are due; returns the results and why the run ended.
    pub(super) async fn run(mut self) -> (Course, End) {
        let due = (0..self.items.len()).filter(|&index| self.items[index].is_due());
        let (mut queue, mut tally, started) = (Queue::new(due), Tally::default(), Instant::now());
        let (mut tasks, mut end) = (JoinSet::new(), End::Complete);
        let mut ticks = interval(TICK);
        let signal = Signal::next();
        tokio::pin!(signal);
        loop {
            if !self.uploader.pace.is_closed() {
                self.start(&mut queue, &mut tasks);
            }
            tokio::select! {
                told = tasks.join_next() => {
                    let Some(told) = told else { break };
                    let reason = self.finish(told, &mut queue, &mut tally);
                    self.end(&mut end, reason);
                }
                heard = &mut signal => {
                    signal.set(Signal::next());
                    if self.interrupt(&mut end, heard) {
                        break;
                    }
                }
                _ = ticks.tick() => {
                    let is_broken = self.lines.as_ref().is_some_and(LineWriter::is_broken);
                    self.end(&mut end, is_broken.then_some(End::Complete));
                    self.show(&tally);
                }
            }
        }
        self.drop_rest(tasks, &mut queue, &mut tally).await;
        self.display.end();
        let waits = self.uploader.pace.waits();
        let course = Course { tally, waits, time: started.elapsed(), ..Course::default() };
        if let Some(lines) = self.lines.take() {
            self.tell_rest(&lines);
            let is_interrupted = matches!(end, End::Interrupted(_));
            tokio::select! {
                () = sleep(REPORT_TIMEOUT), if is_interrupted => {}
                written = lines.end() => if let Err(failure) = written {
                    end = End::Failed(failure);
                },
                heard = &mut signal => if let Ok(heard) = heard {
                    end = End::Interrupted(heard);
                },
            }
        }
        (course, end)
    }

    /// Drops what is under way. What has just ended counts, and what was dropped may be stored.
    async fn drop_rest(&mut self, mut tasks: JoinSet<Told>, queue: &mut Queue, tally: &mut Tally) {
        tasks.abort_all();
        while let Some(told) = tasks.join_next().await {
            if told.is_ok() {
                self.finish(told, queue, tally);
            }
        }
        for (item, is_told) in self.items.iter().zip(&mut self.told) {
            let Some(target) = item.target().filter(|_| item.is_due() && !*is_told) else {
                continue;
            };
            let Some(sent) = self.uploader.under_way.get(&target.key) else { continue };
            *is_told = true;
            tally.add_dropped(sent.attempts);
            if let Some(lines) = &self.lines {
                lines.write(line::of_dropped(item, self.fit, sent).to_string());
            }
        }
    }

    /// Stops sending if there is a reason; the first reason counts.
    fn end(&self, end: &mut End, reason: Option<End>) {
        let Some(reason) = reason else { return };
        self.uploader.pace.close();
        if matches!(end, End::Complete) {
            *end = reason;
        }
    }

    /// Handles a signal; returns whether to drop the uploads under way.
    fn interrupt(&self, end: &mut End, heard: io::Result<Signal>) -> bool {
        self.uploader.pace.close();
        let is_second = matches!(end, End::Interrupted(_));
        *end = match Failure::interrupted(heard) {
            Failure::Interrupted(signal) => End::Interrupted(signal),
            failure => End::Failed(failure),
        };
        if !is_second {
            self.display.note("waiting for the photos under way; Ctrl-C again drops them");
        }
        is_second
    }

    fn show(&mut self, tally: &Tally) {
        let pace = &self.uploader.pace;
        self.display.sending(Progress {
            done: tally.stored + tally.failed,
            failed: tally.failed,
            hold: pace.hold(),
            is_unreachable: pace.is_unreachable(),
            is_ending: pace.is_closed(),
        });
    }

    /// Starts as many uploads as allowed.
    fn start(&self, queue: &mut Queue, tasks: &mut JoinSet<Told>) {
        let most = self.transfers as usize * TASKS_PER_TRANSFER;
        while tasks.len() < most
            && let Some(index) = queue.take(|index| target(&self.items[index]).owner())
        {
            let (uploader, items) = (Arc::clone(&self.uploader), Arc::clone(&self.items));
            tasks.spawn(async move {
                let item = &items[index];
                (index, uploader.upload(item, target(item)).await)
            });
        }
    }

    /// Counts and reports the result of a photo; returns a reason to end the run, if any.
    fn finish(
        &mut self,
        told: Result<Told, JoinError>,
        queue: &mut Queue,
        tally: &mut Tally,
    ) -> Option<End> {
        let (index, upload) = match told {
            Ok(told) => told,
            Err(cause) => {
                let problem = "failed to send a photo".to_owned();
                return Some(End::Failed(Failure::System(problem, cause.into())));
            }
        };
        let items = Arc::clone(&self.items);
        let item = &items[index];
        let target = target(item);
        queue.end(target.owner());
        let upload = match upload {
            Ok(Some(upload)) => upload,
            Ok(None) => return None,
            Err(failure) => return Some(End::Failed(failure)),
        };
        self.told[index] = true;
        let bytes = item.content.as_ref().map_or(0, |content| content.bytes);
        tally.add(target, bytes, &upload);
        self.tell(item, &upload);
        self.judge(target, &upload)
    }

    fn tell(&self, item: &Item, upload: &Upload) {
        let Upload { outcome, started, attempts, .. } = upload;
        if outcome.state == State::Failed {
            let reason = outcome.reason.as_deref().unwrap_or_default();
            self.display.error(&format!("{}: {reason}", item.name()));
        }
        if let Some(lines) = &self.lines {
            lines.write(line::of_outcome(item, self.fit, outcome, *attempts, *started).to_string());
        }
    }

    /// Writes the JSON lines of the photos that were not sent.
    fn tell_rest(&self, lines: &LineWriter) {
        let rest = self.items.iter().zip(&self.told);
        for (item, _) in rest.filter(|(item, is_told)| item.is_due() && !**is_told) {
            lines.write(line::of_item(item, self.fit).to_string());
        }
    }

    /// The reason to end the run after this result, if any.
    fn judge(&mut self, target: &Target, upload: &Upload) -> Option<End> {
        if upload.outcome.state == State::Stored {
            self.brakes.release();
            return None;
        }
        let error = upload.error.as_deref()?;
        let reason = upload.outcome.reason.as_deref().unwrap_or_default();
        if upload.outcome.state == State::Planned {
            let is_gone = self.uploader.pace.is_gone() && error.status().is_none();
            return is_gone.then(|| {
                End::Stopped(format!(
                    "the network seems to be gone: {reason}; run the same command again when it \
                     is back"
                ))
            });
        }
        if error.is_unauthorized() {
            return Some(End::Stopped(format!(
                "Graph does not take the token, and there is no other one; sign in or get a new \
                 token, and run the same command again ({}: {reason})",
                target.path
            )));
        }
        // A fault in one file says nothing about the others.
        if error.is_local() {
            return None;
        }
        let code = code(upload);
        self.brakes.press(&code).then(|| {
            End::Stopped(format!(
                "so many photos in a row failed with `{code}` that the rest would most likely fail \
                 as well; the last one was {}: {reason}",
                target.path
            ))
        })
    }
}

fn target(item: &Item) -> &Target {
    item.target().expect("only photos whose target is known are due")
}
