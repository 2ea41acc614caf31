//! Kills a run at a random instant of one of its phases.

use std::{
    error::Error,
    fmt,
    process::{Child, ExitStatus},
    thread,
    time::{Duration, Instant},
};

use crate::{journal, site::Site};

/// How often an event is looked for.
const POLL: Duration = Duration::from_micros(100);

/// A kill follows one of so many changes of the journal's files.
const MAX_CHANGES: usize = 6;

/// What a run is doing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Phase {
    Planning,
    Creating,
    Sending,
    Closing,
}

impl Phase {
    pub(crate) const ALL: [Self; 4] =
        [Self::Planning, Self::Creating, Self::Sending, Self::Closing];
}

impl fmt::Display for Phase {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Planning => "planning",
            Self::Creating => "creating or opening the journal",
            Self::Sending => "sending",
            Self::Closing => "closing, or with nothing left to send",
        })
    }
}

/// How long the phases of a run take that have no event of their own to wait for.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Durations {
    planning: Duration,
    closing: Duration,
    /// A whole run that has nothing to send.
    idle: Duration,
}

impl Durations {
    /// Measures them in runs that nothing disturbs.
    pub(crate) fn measure(site: &mut Site) -> Result<Self, Box<dyn Error>> {
        // Loads the program.
        site.spawn(site.sync(&[], &["--dry-run"]))?.wait()?;
        let mut child = site.spawn(site.sync(&[], &[]))?;
        let started = Instant::now();
        wait(&mut child, || site.journal.exists())?;
        let planning = started.elapsed();
        wait(&mut child, || site.is_all_stored())?;
        let stored = Instant::now();
        let status = child.wait()?;
        let closing = stored.elapsed();
        site.judge_end(status);
        site.complete()?;
        let started = Instant::now();
        let status = site.spawn(site.sync(&[], &[]))?.wait()?;
        let idle = started.elapsed();
        site.judge_end(status);
        site.judge()?;
        Ok(Self { planning, closing, idle })
    }

    /// Follows how busy the machine is, by whether a kill in a phase came too late.
    pub(crate) fn follow(&mut self, phase: Phase, is_late: bool) {
        let factor = if is_late { 0.9 } else { 1.02 };
        match phase {
            Phase::Planning => self.planning = self.planning.mul_f64(factor),
            Phase::Closing => {
                self.closing = self.closing.mul_f64(factor);
                self.idle = self.idle.mul_f64(factor);
            }
            Phase::Creating | Phase::Sending => {}
        }
    }
}

/// Runs `sync` and kills it in a phase; returns how it ended, which may be before that, and the
/// phase that was hit as far as the emulator's record tells.
///
/// In the phase of sending, the kill follows a request that is at most the `step`-th.
pub(crate) fn kill(
    site: &Site,
    phase: Phase,
    durations: Durations,
    step: usize,
    random: &mut fastrand::Rng,
) -> Result<(ExitStatus, Phase), Box<dyn Error>> {
    let Durations { planning, closing, idle } = durations;
    let (is_over, requests) = (site.is_all_stored(), site.requests());
    let mut child = site.spawn(site.sync(&[], &[]))?;
    let part = |duration: Duration, random: &mut fastrand::Rng| duration.mul_f64(random.f64());
    let rest = match phase {
        Phase::Planning => part(planning, random),
        Phase::Creating => {
            wait_for_changes(&mut child, site, random.usize(1..=MAX_CHANGES))?;
            Duration::ZERO
        }
        Phase::Closing if is_over => idle.mul_f64(0.5) + part(idle.mul_f64(0.5), random),
        Phase::Sending => {
            let request = requests + random.usize(1..=step);
            wait(&mut child, || site.requests() >= request)?;
            part(Duration::from_millis(3), random)
        }
        Phase::Closing => {
            wait(&mut child, || site.is_all_stored())?;
            part(closing, random)
        }
    };
    thread::sleep(rest);
    child.kill()?;
    let status = child.wait()?;
    let hit = match (site.is_all_stored(), site.requests() > requests) {
        (true, _) => Phase::Closing,
        (false, true) => Phase::Sending,
        (false, false) if phase == Phase::Planning || !site.journal.exists() => Phase::Planning,
        (false, false) => Phase::Creating,
    };
    Ok((status, hit))
}

/// Whether a process ended by being killed.
#[cfg(unix)]
pub(crate) fn is_killed(status: ExitStatus) -> bool {
    const SIGKILL: i32 = 9;
    std::os::unix::process::ExitStatusExt::signal(&status) == Some(SIGKILL)
}

/// Whether a process ended by being killed, as far as its exit code tells.
#[cfg(not(unix))]
pub(crate) fn is_killed(status: ExitStatus) -> bool {
    status.code() == Some(1)
}

/// Waits for an event, or the end of the run.
fn wait(child: &mut Child, is_there: impl Fn() -> bool) -> Result<(), Box<dyn Error>> {
    while !is_there() && child.try_wait()?.is_none() {
        thread::sleep(POLL);
    }
    Ok(())
}

/// Waits until the journal's files have changed so often, the first request, or the end of the
/// run.
fn wait_for_changes(child: &mut Child, site: &Site, count: usize) -> Result<(), Box<dyn Error>> {
    let requests = site.requests();
    let mut before = journal::files(&site.journal);
    let mut left = count;
    while left > 0 && site.requests() == requests && child.try_wait()?.is_none() {
        let now = journal::files(&site.journal);
        left -= usize::from(now != before);
        before = now;
    }
    Ok(())
}
