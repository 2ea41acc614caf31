//! A storm of uploads, which `cargo xtask soak` runs: faults, expiring tokens, jumping clocks
//! and dropped futures, and then the proof from the emulator's own record.

mod check;
mod faults;
mod library;
mod plan;
mod resources;
mod secrets;
mod seen;
mod server;
mod storm;
mod sync;
mod tally;

use std::{
    error::Error,
    panic,
    path::PathBuf,
    process::ExitCode,
    sync::atomic::{AtomicU64, Ordering},
};

use clap::Parser;
use serde_json::json;

use crate::{
    faults::KINDS,
    storm::{Figures, Storm},
    tally::Promise,
};

/// Uploads through the library and through `sync`, against the emulator in its worst weather,
/// and proves from its record that nothing was lost, crossed, early or leaked.
#[derive(Parser)]
#[command(
    name = "soak",
    bin_name = "cargo xtask soak",
    after_help = "`cargo xtask soak --help` says more."
)]
struct Arguments {
    /// The number of uploads; one in twenty goes through `graph-photo sync`
    #[arg(long, value_name = "N", default_value_t = 5000)]
    uploads: u64,
    /// The seed of the plan [default: a random one]
    #[arg(long, value_name = "S")]
    seed: Option<u64>,
    /// The number of uploads at the same time
    #[arg(long, value_name = "N", default_value_t = 64)]
    #[arg(value_parser = clap::value_parser!(u32).range(1..=4096))]
    concurrency: u32,
    /// End with one JSON object on a line
    #[arg(long)]
    json: bool,
    /// The program to run `sync` with; without one, all goes through the library
    #[arg(long, value_name = "FILE")]
    program: Option<PathBuf>,
}

static PANICS: AtomicU64 = AtomicU64::new(0);

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let seed = arguments.seed.unwrap_or_else(|| u64::from(fastrand::u32(..)));
    println!("Seed {seed}");
    let again = format!(
        "cargo xtask soak --uploads {} --seed {seed} --concurrency {}",
        arguments.uploads, arguments.concurrency
    );
    let (print, command) = (panic::take_hook(), again.clone());
    panic::set_hook(Box::new(move |info| {
        PANICS.fetch_add(1, Ordering::Relaxed);
        print(info);
        eprintln!("To repeat it: {command}");
    }));
    match soak(&arguments, seed) {
        Ok(figures) => {
            let is_clean = report(&figures, seed, arguments.json, &again);
            if is_clean { ExitCode::SUCCESS } else { ExitCode::FAILURE }
        }
        Err(error) => {
            eprintln!("error: {error}\nTo repeat it: {again}");
            ExitCode::FAILURE
        }
    }
}

fn soak(arguments: &Arguments, seed: u64) -> Result<Figures, Box<dyn Error + Send + Sync>> {
    let storm = Storm {
        seed,
        uploads: arguments.uploads,
        concurrency: arguments.concurrency as usize,
        program: arguments.program.clone(),
    };
    let runtime =
        tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
    let mut figures = runtime.block_on(storm.run())?;
    let panics = PANICS.load(Ordering::Relaxed);
    if panics > 0 {
        figures.tally.violation(Promise::Panicked, format_args!("there were {panics} panics"));
    }
    Ok(figures)
}

/// Prints violations and the table; `true` if there is no violation.
fn report(figures: &Figures, seed: u64, is_json: bool, again: &str) -> bool {
    let Figures { tally, .. } = figures;
    for violation in &tally.described {
        eprintln!("{violation}");
    }
    let hit = tally.kinds.len();
    for (name, value, what) in [
        ("uploads", tally.uploads, format!("of which {} went through sync", tally.synced)),
        ("stored", tally.stored, "reported as stored".to_owned()),
        ("failed", tally.failed, "reported as failed".to_owned()),
        ("refused", tally.refused, "reported as refused before sending".to_owned()),
        ("dropped", tally.dropped, "futures dropped before they ended".to_owned()),
        ("requests", tally.requests, "recorded by the emulator".to_owned()),
        ("faults", tally.faults, format!("requests hit, by {hit} of {} kinds", KINDS.len())),
        ("searched", figures.searched_kib, "KiB of logs, errors and outputs".to_owned()),
        ("memory", figures.memory_kib, format!("KiB; {} when a tenth was done", figures.warm_kib)),
        ("peak", figures.peak_kib, "KiB of memory at most".to_owned()),
        ("tasks", figures.tasks, "at the end, as many as at the start".to_owned()),
        ("handles", figures.handles, "at the end, sockets included".to_owned()),
        ("seconds", figures.seconds, String::new()),
    ] {
        println!("{name:11} {value:>10}  {what}");
    }
    println!();
    for promise in Promise::ALL {
        println!("{promise:11} {:>10}  {}", tally.broken(promise), promise.explanation());
    }
    let is_clean = tally.is_clean();
    if !is_clean {
        println!("To repeat it: {again}");
    }
    if is_json {
        let mut object = json!({
            "uploads": tally.uploads,
            "stored": tally.stored,
            "failed": tally.failed,
            "refused": tally.refused,
            "dropped": tally.dropped,
            "synced": tally.synced,
            "requests": tally.requests,
            "faults": tally.faults,
            "faultKinds": hit,
            "memoryKib": figures.memory_kib,
            "peakKib": figures.peak_kib,
            "seconds": figures.seconds,
            "seed": seed,
        });
        for promise in Promise::ALL {
            object[promise.name()] = tally.broken(promise).into();
        }
        println!("{object}");
    }
    is_clean
}
