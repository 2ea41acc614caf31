//! A `sync` that is killed and whose disk fails, which `cargo xtask crash` runs: shows that no
//! photo is wrong or skipped, and that only those in flight are sent twice.

mod fault;
mod journal;
mod kill;
mod ledger;
mod site;

use std::{collections::BTreeMap, error::Error, path::PathBuf, process::ExitCode};

use clap::Parser;
use serde_json::json;

use self::{
    fault::{Kind, Met},
    kill::{Durations, Phase},
    ledger::Counts,
    site::Site,
};

/// Kills `graph-photo sync` at random instants, lets its disk fail, and checks what is stored.
#[derive(Parser)]
#[command(name = "crash", bin_name = "cargo xtask crash")]
struct Arguments {
    /// The program `graph-photo` to try
    #[arg(long, value_name = "FILE")]
    program: PathBuf,
    /// How many runs to kill; a fifth as many meet a disk that fails
    #[arg(long, value_name = "N", default_value_t = 500)]
    kills: u64,
    /// How many photos each source has
    #[arg(long, value_name = "N", default_value_t = 200)]
    photos: usize,
    /// The seed of instants, photos and faults; a random one by default
    #[arg(long, value_name = "S")]
    seed: Option<u64>,
    /// End with one JSON object
    #[arg(long)]
    json: bool,
}

/// One kill for so many photos of a source.
const PHOTOS_PER_KILL: usize = 20;

/// A source on a disk that fails has fewer photos: its runs are short.
const PHOTOS_WITH_FAULT: usize = 60;

/// One faulty run for so many kills.
const KILLS_PER_FAULT: u64 = 5;

/// A kill may come too late, but not this often in a row.
const MAX_LATE: u32 = 50;

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let seed = arguments.seed.unwrap_or_else(|| fastrand::u64(..1_000_000));
    println!("Seed {seed}");
    let mut crash = Crash::new(&arguments, seed);
    match crash.run() {
        Ok(()) if crash.counts.is_clean() => {
            crash.summarize();
            ExitCode::SUCCESS
        }
        Ok(()) => {
            crash.summarize();
            eprintln!("error: a promise is broken; `{}` repeats it", crash.command());
            ExitCode::FAILURE
        }
        Err(error) => {
            eprintln!("error: {error}; `{}` repeats it", crash.command());
            ExitCode::FAILURE
        }
    }
}

/// All sources, one after the other.
struct Crash<'a> {
    arguments: &'a Arguments,
    seed: u64,
    /// Has one draw for each source, so that its number decides what happens to it.
    killing: fastrand::Rng,
    failing: fastrand::Rng,
    counts: Counts,
    /// How many sources there were, and uploads stored.
    sources: u64,
    uploads: usize,
    kills: BTreeMap<Phase, u64>,
    /// The runs under each fault, and how many of them it stopped.
    faults: BTreeMap<Kind, (u64, u64)>,
    /// The faults that cannot be tried here, and why.
    left_out: Vec<(Kind, &'static str)>,
}

impl<'a> Crash<'a> {
    fn new(arguments: &'a Arguments, seed: u64) -> Self {
        let mut killing = fastrand::Rng::with_seed(seed);
        Self {
            arguments,
            seed,
            failing: killing.fork(),
            killing,
            counts: Counts::default(),
            sources: 0,
            uploads: 0,
            kills: Phase::ALL.map(|phase| (phase, 0)).into(),
            faults: BTreeMap::new(),
            left_out: Vec::new(),
        }
    }

    /// The command that repeats all of it.
    fn command(&self) -> String {
        let Arguments { kills, photos, .. } = self.arguments;
        format!("cargo xtask crash --kills {kills} --photos {photos} --seed {}", self.seed)
    }

    fn run(&mut self) -> Result<(), Box<dyn Error>> {
        let mut random = self.killing.fork();
        let mut site = self.site(self.arguments.photos, &mut random)?;
        let mut durations = Durations::measure(&mut site)?;
        self.end(site, "a run that nothing disturbed");
        while self.killed() < self.arguments.kills {
            let before = self.killed();
            self.kill_one_source(&mut durations)?;
            self.show_progress(before);
        }
        let (possible, left_out): (Vec<_>, Vec<_>) =
            Kind::ALL.into_iter().partition(|kind| kind.obstacle().is_none());
        self.left_out.extend(left_out.iter().filter_map(|kind| Some((*kind, kind.obstacle()?))));
        let runs = self.arguments.kills.div_ceil(KILLS_PER_FAULT);
        for (_, kind) in (0..runs).zip(possible.into_iter().cycle()) {
            self.fail_one_source(kind)?;
        }
        Ok(())
    }

    /// How many runs were killed.
    fn killed(&self) -> u64 {
        self.kills.values().sum()
    }

    /// Tells whoever waits at each tenth of the kills.
    fn show_progress(&self, before: u64) {
        let (killed, all) = (self.killed(), self.arguments.kills);
        if before * 10 / all != killed * 10 / all {
            eprintln!("{killed} of {all} runs killed");
        }
    }

    /// A new source.
    fn site(&mut self, photos: usize, random: &mut fastrand::Rng) -> Result<Site, Box<dyn Error>> {
        self.sources += 1;
        let name = format!("source {}", self.sources);
        Site::new(&self.arguments.program, name, photos, random)
    }

    /// Notes what became of a source.
    fn end(&mut self, mut site: Site, after: &str) {
        site.tell(after);
        self.counts.add(site.counts());
        self.uploads += site.stored();
    }

    /// Syncs one source, whose runs are killed until it has had its share.
    fn kill_one_source(&mut self, durations: &mut Durations) -> Result<(), Box<dyn Error>> {
        let photos = self.arguments.photos;
        let mut random = self.killing.fork();
        let mut site = self.site(photos, &mut random)?;
        let left = usize::try_from(self.arguments.kills - self.killed()).unwrap_or(usize::MAX);
        let share = (photos / PHOTOS_PER_KILL).clamp(1, left);
        let mut phases: Vec<Phase> = (0..share).filter_map(|_| random.choice(Phase::ALL)).collect();
        // A run closes when nothing is left to send, so the others come first.
        phases.sort_by_key(|phase| *phase == Phase::Closing);
        let sending = phases.iter().filter(|phase| **phase == Phase::Sending).count();
        let step = (photos / (sending + 1)).max(1);
        for phase in phases {
            if phase == Phase::Sending && site.is_all_stored() {
                // Another source makes up for it.
                continue;
            }
            self.kill_one_run(&mut site, phase, durations, step, &mut random)?;
        }
        site.complete()?;
        self.end(site, "the last run");
        Ok(())
    }

    /// Kills one run in a phase, or several until one is hit.
    fn kill_one_run(
        &mut self,
        site: &mut Site,
        phase: Phase,
        durations: &mut Durations,
        step: usize,
        random: &mut fastrand::Rng,
    ) -> Result<(), Box<dyn Error>> {
        for _ in 0..MAX_LATE {
            let (status, hit) = kill::kill(site, phase, *durations, step, random)?;
            let is_killed = kill::is_killed(status);
            durations.follow(phase, !is_killed || hit > phase);
            if !is_killed {
                site.judge_end(status);
            }
            site.judge()?;
            site.tell(&format!("a kill while {hit}"));
            if is_killed {
                *self.kills.entry(hit).or_default() += 1;
                return Ok(());
            }
            if phase == Phase::Sending && site.is_all_stored() {
                return Ok(());
            }
        }
        Err(format!("no run could be killed while {phase}").into())
    }

    /// Syncs one source on a disk that fails.
    fn fail_one_source(&mut self, kind: Kind) -> Result<(), Box<dyn Error>> {
        let mut random = self.failing.fork();
        let mut site = self.site(PHOTOS_WITH_FAULT, &mut random)?;
        let met = fault::run(&mut site, kind, &mut random)?;
        let (runs, stopped) = self.faults.entry(kind).or_default();
        *runs += 1;
        *stopped += u64::from(met == Met::Stopped);
        self.end(site, &kind.to_string());
        Ok(())
    }

    /// Prints what was done and what came of it.
    fn summarize(&self) {
        let Counts { wrong, skipped, twice, bound, broken } = self.counts;
        let faults: u64 = self.faults.values().map(|(runs, _)| runs).sum();
        for (phase, kills) in &self.kills {
            println!("{:<50}{kills:>8}", format!("killed while {phase}"));
        }
        for (kind, (runs, stopped)) in &self.faults {
            println!("{:<50}{runs:>8}, of which {stopped} stopped", kind.to_string());
        }
        for (kind, why) in &self.left_out {
            println!("{:<50}left out: {why}", kind.to_string());
        }
        println!("{:<50}{:>8}", "photos stored, by the server's record", self.uploads);
        println!("{:<50}{wrong:>8}", "wrong");
        println!("{:<50}{skipped:>8}", "skipped");
        println!("{:<50}{broken:>8}", "other promises broken");
        println!("{:<50}{twice:>8}, of at most {bound} in flight or doubt", "sent twice");
        if self.arguments.json {
            let line = json!({
                "kills": self.killed(), "wrong": wrong, "skipped": skipped, "twice": twice,
                "bound": bound, "broken": broken, "faults": faults, "sources": self.sources,
                "uploads": self.uploads, "seed": self.seed,
            });
            println!("{line}");
        }
    }
}
