//! `cargo xtask check`: what is not what the spec renders.

use std::{process::ExitCode, time::Instant};

use similar::TextDiff;

use crate::{EXIT_STALE, Failure, outputs::Plan, repository::Repository};

/// The most lines of a diff that are shown; `git diff` shows the rest.
const DIFF_LINES: usize = 24;

pub(crate) fn run(repository: &Repository) -> Result<ExitCode, Failure> {
    let started = Instant::now();
    let plan = Plan::make(repository)?;
    let mut stale = 0;
    for file in &plan.files {
        let (status, reason) = file.status();
        println!("{status:>10} {}", file.path);
        if !file.is_fresh() {
            stale += 1;
            println!("           {reason}:");
            let (found, rendered) = (file.found.as_deref(), file.rendered.as_deref());
            print!("{}", short_diff(found.unwrap_or_default(), rendered.unwrap_or_default()));
        }
    }
    let timing = plan.timing(started.elapsed());
    let all = plan.files.len();
    if stale == 0 {
        println!("{:>10} all {all} files are what the spec renders, {timing}", "Success");
        return Ok(ExitCode::SUCCESS);
    }
    println!("{:>10} {stale} of {all} files are not what the spec renders, {timing}", "Failure");
    println!("{:>10} cargo xtask regenerate", "Mend with");
    Ok(ExitCode::from(EXIT_STALE))
}

/// A unified diff, cut to a length that is read.
fn short_diff(found: &str, rendered: &str) -> String {
    let diff = TextDiff::from_lines(found, rendered);
    let text = diff.unified_diff().context_radius(1).to_string();
    let lines: Vec<&str> = text.lines().collect();
    let mut short = String::new();
    for line in lines.iter().take(DIFF_LINES) {
        short += &format!("           {line}\n");
    }
    if let Some(more) = lines.len().checked_sub(DIFF_LINES).filter(|more| *more > 0) {
        short += &format!("           ... and {more} lines more\n");
    }
    short
}
