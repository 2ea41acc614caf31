//! `cargo xtask check`: files that differ from what the spec renders.

use std::{
    process::ExitCode,
    time::{Duration, Instant},
};

use serde_json::{Value, json};
use similar::TextDiff;

use crate::{
    failure::{EXIT_STALE, Failure},
    outputs::{File, Plan},
    repository::Repository,
    terminal::say,
};

/// The command that brings everything up to date.
const REMEDY: &str = "cargo xtask regenerate";

/// The number of lines of a diff that are shown; `git diff` shows the rest.
const DIFF_LINES: usize = 24;

/// The format of the outcome.
#[derive(clap::Args)]
pub(crate) struct Options {
    /// For people or for machines
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

#[derive(Clone, Copy, Default, clap::ValueEnum)]
enum Format {
    #[default]
    Text,
    Json,
}

pub(crate) fn run(repository: &Repository, options: &Options) -> Result<ExitCode, Failure> {
    let started = Instant::now();
    let plan = match (readable(repository), options.format) {
        (Err(failure), Format::Json) => {
            let mut report = failure.json("findings");
            if matches!(failure, Failure::Spec { .. }) {
                report["stale"] = json!([]);
            }
            say!("{report:#}");
            return Ok(ExitCode::FAILURE);
        }
        (plan, _) => plan?,
    };
    let stale = plan.files.iter().filter(|file| !file.is_fresh()).count();
    match options.format {
        Format::Text => print_text(&plan, stale, started.elapsed()),
        Format::Json => {
            let status = if stale == 0 { "fresh" } else { "stale" };
            let stale: Value =
                plan.files.iter().filter(|file| !file.is_fresh()).map(json).collect();
            say!("{:#}", json!({ "status": status, "findings": [], "stale": stale }));
        }
    }
    Ok(if stale == 0 { ExitCode::SUCCESS } else { ExitCode::from(EXIT_STALE) })
}

/// The plan, if all files can be read.
fn readable(repository: &Repository) -> Result<Plan, Failure> {
    let mut plan = Plan::make(repository)?;
    let failures = plan.take_failures();
    if failures.is_empty() {
        return Ok(plan);
    }
    let messages: Vec<_> = failures.iter().map(Failure::message).collect();
    Err(Failure::Command(messages.join("\n")))
}

fn print_text(plan: &Plan, stale: usize, took: Duration) {
    for file in &plan.files {
        let (status, reason) = file.status();
        say!("{status:>10} {}", file.path);
        if !file.is_fresh() {
            say!("           {reason}:");
            for line in short_diff(file) {
                say!("           {line}");
            }
        }
    }
    let (all, timing) = (plan.files.len(), plan.timing(took));
    if stale == 0 {
        say!("{:>10} all {all} files are what the spec renders, {timing}", "Success");
    } else {
        say!("{:>10} {stale} of {all} files are not what the spec renders, {timing}", "Failure");
        say!("{:>10} run {REMEDY}", "To fix,");
    }
}

/// A file that isn't fresh, for machines.
fn json(file: &File) -> Value {
    let (status, reason) = file.status();
    json!({
        "path": file.path,
        "status": status.to_lowercase(),
        "reason": reason,
        "diff": diff(file),
        "remedy": REMEDY,
    })
}

fn diff(file: &File) -> String {
    let (found, rendered) = (file.found.as_deref(), file.rendered.as_deref());
    let (found, rendered) = (found.unwrap_or_default(), rendered.unwrap_or_default());
    if found != rendered && found.replace("\r\n", "\n") == rendered {
        return "only the line endings differ: CRLF instead of LF\n".to_owned();
    }
    TextDiff::from_lines(found, rendered).unified_diff().context_radius(1).to_string()
}

/// The first lines of a unified diff.
fn short_diff(file: &File) -> Vec<String> {
    let diff = diff(file);
    let mut lines: Vec<String> = diff.lines().take(DIFF_LINES).map(str::to_owned).collect();
    if let Some(more) = diff.lines().count().checked_sub(DIFF_LINES).filter(|more| *more > 0) {
        lines.push(format!("... and {more} more lines"));
    }
    lines
}
