//! `cargo xtask crash`: kills a sync and lets its disk fail.

use std::process::ExitCode;

use graph_photo_codegen::Api;

use crate::{cargo, failure::Failure, repository::Repository};

/// How much to try.
#[derive(clap::Args)]
pub(crate) struct Options {
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

/// Builds and runs the example of the crate `graph-photo-tests`, which kills the program.
pub(crate) fn run(repository: &Repository, options: &Options) -> Result<ExitCode, Failure> {
    // A broken spec would fail the build; report it first.
    Api::read(&repository.spec()?)?;
    let mut command = cargo::trial(repository, "crash", false)?;
    command.args(["--kills", &options.kills.to_string()]);
    command.args(["--photos", &options.photos.to_string()]);
    command.args(options.seed.map(|seed| format!("--seed={seed}")));
    command.args(options.json.then_some("--json"));
    cargo::replace(command)
}
