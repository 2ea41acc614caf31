//! The maintainer's commands: `cargo xtask --help` lists them.
#![warn(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "they panic if nobody reads: see `terminal`"
)]

mod cargo;
mod check;
mod compat;
mod crash;
mod demo;
mod dist;
mod emulator;
mod failure;
mod git;
mod outputs;
mod regenerate;
mod report;
mod repository;
mod snapshot;
mod soak;
mod terminal;
mod upstream;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

use crate::{failure::Failure, repository::Repository};

/// Works on spec/openapi.yaml, from which everything else here follows.
#[derive(Parser)]
#[command(
    name = "cargo xtask",
    bin_name = "cargo xtask",
    after_help = "Exit codes: 0 done; 1 the spec is broken or the command failed; 2 wrong \
                  arguments; 4 something is stale, the version lacks a bump, or Microsoft's data \
                  differs."
)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Render snapshots, schema and documents from the spec
    Regenerate,
    /// Report files that differ from what the spec renders, and change nothing
    Check(check::Options),
    /// Explain what changes of the spec mean for callers and for granted permissions
    Compat(compat::Options),
    /// Report where Microsoft's own permission data differs from the spec
    Upstream(upstream::Options),
    /// Upload a photo to every target, against the emulator, and read it back
    Demo(demo::Options),
    /// Send a storm of uploads to the emulator, and prove that nothing went wrong
    Soak(soak::Options),
    /// Run the Graph emulator until Ctrl-C
    Emulator(emulator::Options),
    /// Kill a sync at random instants, let its disk fail, and check what is stored
    Crash(crash::Options),
    /// Make the crate for consumers in target/dist, which needs no generator
    Dist(dist::Options),
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    run(&arguments.command).unwrap_or_else(|failure| {
        failure.report();
        ExitCode::FAILURE
    })
}

fn run(command: &Command) -> Result<ExitCode, Failure> {
    let repository = Repository::find()?;
    match command {
        Command::Regenerate => regenerate::run(&repository),
        Command::Check(options) => check::run(&repository, options),
        Command::Compat(options) => compat::run(&repository, options),
        Command::Upstream(options) => upstream::run(&repository, options),
        Command::Demo(options) => demo::run(&repository, options),
        Command::Soak(options) => soak::run(&repository, options),
        Command::Emulator(options) => emulator::run(&repository, options),
        Command::Crash(options) => crash::run(&repository, options),
        Command::Dist(options) => dist::run(&repository, options),
    }
}
