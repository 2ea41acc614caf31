//! `cargo xtask regenerate`: writes what the spec renders.

use std::{process::ExitCode, time::Instant};

use similar::{ChangeTag, TextDiff};

use crate::{
    failure::Failure,
    outputs::{File, Plan},
    repository::Repository,
    terminal::{complain, say},
};

pub(crate) fn run(repository: &Repository) -> Result<ExitCode, Failure> {
    let started = Instant::now();
    let mut plan = Plan::make(repository)?;
    // An unreadable file can perhaps be replaced.
    let mut failures: Vec<Failure> = plan.unlisted.take().into_iter().collect();
    for file in &plan.files {
        let written = Instant::now();
        match apply(repository, file) {
            Ok(change) => {
                say!("{change:>24} {} ({} ms)", file.path, written.elapsed().as_millis());
            }
            Err(failure) => {
                say!("{:>24} {}", "failed", file.path);
                failures.push(failure);
            }
        }
    }
    if failures.is_empty() {
        say!("{:>24} {}", "done", plan.timing(started.elapsed()));
        return Ok(ExitCode::SUCCESS);
    }
    failures.iter().for_each(Failure::report);
    complain!("error: failed to bring these files up to date; all others are");
    Ok(ExitCode::FAILURE)
}

/// Writes or removes a file, and returns what changed.
fn apply(repository: &Repository, file: &File) -> Result<String, Failure> {
    match (&file.rendered, &file.found) {
        (Some(rendered), Some(found)) if rendered == found => return Ok("unchanged".to_owned()),
        (Some(rendered), _) => repository.write(&file.path, rendered)?,
        (None, _) => repository.remove(&file.path)?,
    }
    Ok(match (&file.rendered, &file.found) {
        (Some(rendered), Some(found)) => lines_changed(found, rendered),
        (Some(rendered), None) => format!("created, {} lines", rendered.lines().count()),
        (None, _) => "removed".to_owned(),
    })
}

fn lines_changed(found: &str, rendered: &str) -> String {
    let diff = TextDiff::from_lines(found, rendered);
    let count = |tag| diff.iter_all_changes().filter(|change| change.tag() == tag).count();
    format!("+{} -{} lines", count(ChangeTag::Insert), count(ChangeTag::Delete))
}
