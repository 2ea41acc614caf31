//! Programs of other crates of the workspace, which this one does not depend on: the
//! client's build script fails on a spec that breaks rules.

use std::{
    env,
    process::{Command, ExitCode},
};

use crate::Failure;

/// The command that builds and runs a program of a package, which `target` tells from
/// its others; the program's arguments are to be added.
pub(crate) fn of(package: &str, target: &[&str]) -> Command {
    let mut command = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.args(["run", "--quiet", "--package", package]).args(target).arg("--");
    command
}

/// Runs a program in place of this one, so that a signal reaches it.
#[cfg(unix)]
pub(crate) fn run(mut command: Command) -> Result<ExitCode, Failure> {
    use std::os::unix::process::CommandExt as _;
    Err(Failure::to("run", "cargo run", command.exec()))
}

/// Runs a program and ends as it does.
#[cfg(not(unix))]
pub(crate) fn run(mut command: Command) -> Result<ExitCode, Failure> {
    let status = command.status().map_err(|cause| Failure::to("run", "cargo run", cause))?;
    let code = status.code().and_then(|code| u8::try_from(code).ok());
    Ok(code.map_or(ExitCode::FAILURE, ExitCode::from))
}
