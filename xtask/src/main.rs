//! The maintainer's commands: `cargo xtask --help` lists them.

mod check;
mod demo;
mod emulator;
mod outputs;
mod regenerate;
mod repository;
mod snapshot;

use std::{fmt, process::ExitCode};

use clap::{Parser, Subcommand};

use crate::repository::Repository;

/// Works on spec/openapi.yaml, which everything else here follows from.
#[derive(Parser)]
#[command(
    name = "cargo xtask",
    bin_name = "cargo xtask",
    after_help = "Exit codes: 0 done; 1 the spec is broken or the command failed; 2 wrong \
                  arguments; 4 something is stale."
)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Render everything anew from the spec: snapshots, schema and documents
    Regenerate,
    /// Say what is not what the spec renders, and change nothing
    Check,
    /// Upload a photo to every target, against the emulator, and read it back
    Demo(demo::Options),
    /// Run the Graph emulator until Ctrl-C
    Emulator(emulator::Options),
}

/// Something is not what the spec renders.
const EXIT_STALE: u8 = 4;

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    run(&arguments.command).unwrap_or_else(|failure| {
        eprintln!("{failure}");
        ExitCode::FAILURE
    })
}

fn run(command: &Command) -> Result<ExitCode, Failure> {
    let repository = Repository::find()?;
    match command {
        Command::Regenerate => regenerate::run(&repository),
        Command::Check => check::run(&repository),
        Command::Demo(options) => demo::run(&repository, options),
        Command::Emulator(options) => emulator::run(&repository, options),
    }
}

/// Why a command could not do its work, for people.
struct Failure(String);

impl Failure {
    /// "failed to <verb> `<thing>`: <cause>"
    fn to(verb: &str, thing: impl fmt::Display, cause: impl fmt::Display) -> Self {
        Self(format!("error: failed to {verb} `{thing}`: {cause}"))
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl From<graph_photo_codegen::RenderError> for Failure {
    fn from(error: graph_photo_codegen::RenderError) -> Self {
        Self(error.to_string())
    }
}
