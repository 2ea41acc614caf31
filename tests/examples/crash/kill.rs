//! Kills a run at a random instant of one of its phases.

use std::{
    error::Error,
    fmt,
    process::{Child, ExitStatus},
    thread,
    time::{Duration, Instant},
};

use crate::site::Site;

/// How often an event is looked for.
const POLL: Duration = Duration::from_micros(100);

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
            Self::Closing => "closing",
        })
    }
}

/// How long the phases of a run take that have no event of their own to wait for.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Durations {
    planning: Duration,
    creating: Duration,
    closing: Duration,
    /// A whole run that has nothing to send.
    idle: Duration,
}

impl Durations {
    /// Measures them in runs that nothing disturbs.
    pub(crate) fn measure(site: &mut Site) -> Result<Self, Box<dyn Error>> {
        let mut child = site.spawn(site.sync(&[], &[]))?;
        let started = Instant::now();
        wait(&mut child, || site.journal.exists())?;
        let planning = started.elapsed();
        wait(&mut child, || site.requests() > 0)?;
        let creating = started.elapsed().saturating_sub(planning);
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
        Ok(Self { planning, creating, closing, idle })
    }

    /// Those of a less busy machine, after a kill came too late.
    pub(crate) fn shorter(self) -> Self {
        let Self { planning, creating, closing, idle } = self;
        let [planning, creating, closing, idle] =
            [planning, creating, closing, idle].map(|duration| duration.mul_f64(0.9));
        Self { planning, creating, closing, idle }
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
    let Durations { planning, creating, closing, idle } = durations;
    let is_new = !site.journal.exists();
    let (is_over, requests) = (site.is_all_stored(), site.requests());
    let mut child = site.spawn(site.sync(&[], &[]))?;
    let part = |duration: Duration, random: &mut fastrand::Rng| duration.mul_f64(random.f64());
    let rest = match phase {
        Phase::Planning => part(planning, random),
        Phase::Creating if is_new => {
            wait(&mut child, || site.journal.exists())?;
            part(creating, random)
        }
        Phase::Creating => planning.mul_f64(0.9) + part(planning.mul_f64(0.1) + creating, random),
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
