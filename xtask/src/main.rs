//! The maintainer's commands: `cargo xtask --help` lists them.
#![warn(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "they panic if nobody reads: see `terminal`"
)]

mod check;
mod compat;
mod demo;
mod dist;
mod emulator;
mod git;
mod outputs;
mod program;
mod regenerate;
mod repository;
mod snapshot;
mod terminal;
mod upstream;

use std::{
    env, fmt,
    io::{IsTerminal as _, stderr},
    process::ExitCode,
};

use clap::{Parser, Subcommand};
use graph_photo_codegen::{Findings, RenderError};

use crate::{repository::Repository, terminal::complain};

/// Works on spec/openapi.yaml, which everything else here follows from.
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
    /// Render everything anew from the spec: snapshots, schema and documents
    Regenerate,
    /// Say what is not what the spec renders, and change nothing
    Check(check::Options),
    /// Say what the changes of the spec mean for callers and for granted permissions
    Compat(compat::Options),
    /// Say where Microsoft's own permission data differs from the spec
    Upstream(upstream::Options),
    /// Upload a photo to every target, against the emulator, and read it back
    Demo(demo::Options),
    /// Run the Graph emulator until Ctrl-C
    Emulator(emulator::Options),
    /// Make the crate for consumers, which needs no generator, in target/dist
    Dist(dist::Options),
}

/// Something has to be brought up to date: what the spec renders, the version, or the
/// spec itself.
const EXIT_STALE: u8 = 4;

fn main() -> ExitCode {
    if let Some(code) = dist::stand_in_for_rustdoc() {
        return code;
    }
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
        Command::Emulator(options) => emulator::run(&repository, options),
        Command::Dist(options) => dist::run(&repository, options),
    }
}

/// Findings as JSON, to be part of a larger value.
fn findings_value(findings: &Findings) -> serde_json::Value {
    serde_json::from_str(&findings.to_json()).expect("findings are rendered as JSON")
}

/// Why a command could not do its work.
enum Failure {
    /// A spec breaks rules.
    Spec {
        findings: Findings,
        /// What to say after them, if several specs are read.
        closing: Option<String>,
    },
    /// Anything else, in words.
    Command(String),
}

impl Failure {
    /// A failure to do something to something: the verb, the thing, the cause.
    fn to(verb: &str, thing: impl fmt::Display, cause: impl fmt::Display) -> Self {
        Self::Command(format!("error: failed to {verb} `{thing}`: {cause}"))
    }

    /// What it says, without colour.
    fn message(&self) -> String {
        match self {
            Self::Spec { findings, .. } => findings.to_string(),
            Self::Command(message) => message.clone(),
        }
    }

    /// Says so on the standard error stream, in colour if that is a terminal.
    fn report(&self) {
        let no_colour = env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
        match self {
            Self::Spec { findings, closing } => {
                if stderr().is_terminal() && !no_colour {
                    complain!("{}", findings.to_coloured());
                } else {
                    complain!("{findings}");
                }
                if let Some(closing) = closing {
                    complain!("{closing}");
                }
            }
            Self::Command(message) => complain!("{message}"),
        }
    }
}

impl From<Findings> for Failure {
    fn from(findings: Findings) -> Self {
        Self::Spec { findings, closing: None }
    }
}

impl From<RenderError> for Failure {
    fn from(error: RenderError) -> Self {
        match error {
            RenderError::Spec(findings) => findings.into(),
            error => Self::Command(error.to_string()),
        }
    }
}
