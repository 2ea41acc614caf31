//! Runs cargo on the repository.

use std::{env, ffi::OsStr, process::Command};

use crate::{Failure, repository::Repository};

/// The cargo that runs this command, at the root of the repository.
pub(super) fn command(
    repository: &Repository,
    arguments: impl IntoIterator<Item = impl AsRef<OsStr>>,
) -> Command {
    let mut command = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.args(arguments).current_dir(repository.path(""));
    command
}

/// Runs a command whose output is for the reader.
pub(super) fn run(mut command: Command) -> Result<(), Failure> {
    let status = command.status().map_err(|cause| failed(&command, cause))?;
    if status.success() { Ok(()) } else { Err(failed(&command, status)) }
}

/// Runs a command, and returns what it writes to standard output.
pub(super) fn output(mut command: Command) -> Result<String, Failure> {
    let output = command.output().map_err(|cause| failed(&command, cause))?;
    if output.status.success() {
        return Ok(String::from_utf8_lossy(&output.stdout).into_owned());
    }
    let errors = String::from_utf8_lossy(&output.stderr);
    Err(failed(&command, format!("{}\n{}", output.status, errors.trim_end())))
}

fn failed(command: &Command, cause: impl std::fmt::Display) -> Failure {
    let arguments: Vec<_> = command.get_args().map(OsStr::to_string_lossy).collect();
    Failure::to("run", format!("cargo {}", arguments.join(" ")), cause)
}
