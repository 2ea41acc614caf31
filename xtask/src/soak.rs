//! `cargo xtask soak`: a storm of uploads, and the proof that nothing went wrong in it.

use std::process::ExitCode;

use graph_photo_codegen::Api;

use crate::{cargo, failure::Failure, repository::Repository, terminal::say};

/// From so many uploads on, an optimised build costs less time than it saves.
const MANY: u64 = 100_000;

/// The storm. One upload in twenty goes through `graph-photo sync`.
#[derive(clap::Args)]
#[command(after_help = "The same seed gives the same uploads, faults and drops. Which request \
                        meets a fault, and when, depends on how the machine schedules them.\n\n\
                        Exit codes: 0 no promise was broken; 1 one was, or the storm failed.")]
pub(crate) struct Options {
    /// The number of uploads
    #[arg(long, value_name = "N", default_value_t = 5000)]
    uploads: u64,
    /// The seed of the plan [default: a random one]
    #[arg(long, value_name = "S")]
    seed: Option<u64>,
    /// The number of uploads at the same time
    #[arg(long, value_name = "N", default_value_t = 64)]
    concurrency: u32,
    /// End with one JSON object on a line
    #[arg(long)]
    json: bool,
}

/// Builds and runs the storm, which is an example of the crate `graph-photo-tests`.
pub(crate) fn run(repository: &Repository, options: &Options) -> Result<ExitCode, Failure> {
    Api::read(&repository.spec()?)?;
    say!("Compiling the storm and graph-photo ...");
    let mut storm = cargo::trial(repository, "soak", options.uploads >= MANY)?;
    storm.arg(format!("--uploads={}", options.uploads));
    storm.arg(format!("--concurrency={}", options.concurrency));
    storm.args(options.seed.map(|seed| format!("--seed={seed}")));
    storm.args(options.json.then_some("--json"));
    cargo::replace(storm)
}
