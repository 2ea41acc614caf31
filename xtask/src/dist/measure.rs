//! What a clean build of the frozen crate costs, beside the workspace's crate.

use std::{fs, io::ErrorKind, process::Command};

use super::{MANIFEST, PACKAGE, cargo};
use crate::{Failure, repository::Repository, terminal::say};

/// Where they are built, relative to the root. Nothing is left of it.
const FOLDER: &str = "target/dist-measure";

pub(super) fn run(repository: &Repository) -> Result<(), Failure> {
    say!("{:>10} clean debug builds, in CPU seconds (user and system)", "Measuring");
    let frozen = clean_build(repository, &["--manifest-path", MANIFEST])?;
    say!("{frozen:>10.1} the frozen crate");
    let workspace = clean_build(repository, &["--package", PACKAGE])?;
    say!("{workspace:>10.1} the workspace's crate, which renders at build time");
    say!("{:>10.2} the ratio", frozen / workspace);
    Ok(())
}

fn clean_build(repository: &Repository, what: &[&str]) -> Result<f64, Failure> {
    remove(repository)?;
    let mut build = cargo::command(repository, ["build", "--quiet", "--target-dir", FOLDER]);
    build.args(what);
    // A shell knows what its children used up; the standard library doesn't.
    let mut shell = Command::new("sh");
    shell.args(["-c", "\"$0\" \"$@\" && times"]).arg(build.get_program()).args(build.get_args());
    shell.current_dir(repository.path(""));
    let times = cargo::output(shell)?;
    remove(repository)?;
    children(&times).ok_or_else(|| {
        Failure::to("read", "times", format!("`sh` wrote neither minutes nor seconds: {times}"))
    })
}

fn remove(repository: &Repository) -> Result<(), Failure> {
    match fs::remove_dir_all(repository.path(FOLDER)) {
        Err(cause) if cause.kind() != ErrorKind::NotFound => {
            Err(Failure::to("remove", FOLDER, cause))
        }
        _ => Ok(()),
    }
}

/// The second line of what the shell's `times` writes, such as `1m2.5s 0m3.1s`:
/// user and system time of its children.
fn children(times: &str) -> Option<f64> {
    let mut sum = 0.0;
    for time in times.lines().nth(1)?.split_whitespace() {
        let (minutes, seconds) = time.strip_suffix('s')?.split_once('m')?;
        sum += minutes.parse::<f64>().ok()? * 60.0 + seconds.parse::<f64>().ok()?;
    }
    Some(sum)
}
