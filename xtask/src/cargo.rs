//! Runs cargo on the repository.

use std::{
    env,
    ffi::OsStr,
    fmt,
    path::Path,
    process::{Command, ExitCode},
};

use serde_json::Value;

use crate::{failure::Failure, repository::Repository};

/// The cargo that runs this command, at the root of the repository.
pub(crate) fn command(
    repository: &Repository,
    arguments: impl IntoIterator<Item = impl AsRef<OsStr>>,
) -> Command {
    let mut command = cargo(arguments);
    command.current_dir(repository.root());
    command
}

/// A command, without arguments yet, that builds and runs a `target` of a package where this
/// command was called.
pub(crate) fn program(package: &str, target: &[&str]) -> Command {
    let mut command = cargo(["run", "--quiet", "--package", package]);
    command.args(target).arg("--");
    command
}

/// The command of an example of `graph-photo-tests` that tries the program `graph-photo`, with
/// the option that names it. Builds both.
pub(crate) fn trial(
    repository: &Repository,
    example: &str,
    is_release: bool,
) -> Result<Command, Failure> {
    // All packages, so that it shares what `cargo test --workspace` builds.
    let arguments = ["build", "--workspace", "--example", example, "--bin", "graph-photo"];
    let mut build = command(repository, arguments);
    build.arg("--message-format=json-render-diagnostics").args(is_release.then_some("--release"));
    let printed = output(build)?;
    let path_of = |name: &str| {
        let messages = printed.lines().filter_map(|line| serde_json::from_str(line).ok());
        let mut named = messages.filter(|message: &Value| message["target"]["name"] == name);
        let path = named.find_map(|message| message["executable"].as_str().map(str::to_owned));
        path.ok_or_else(|| Failure::to("find", name, "cargo named no such program"))
    };
    let mut trial = Command::new(path_of(example)?);
    trial.arg("--program").arg(path_of("graph-photo")?);
    Ok(trial)
}

fn cargo(arguments: impl IntoIterator<Item = impl AsRef<OsStr>>) -> Command {
    let mut command = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.args(arguments);
    command
}

/// Runs a command whose output is for the reader.
pub(crate) fn run(mut command: Command) -> Result<(), Failure> {
    let status = command.status().map_err(|cause| failed(&command, cause))?;
    if status.success() { Ok(()) } else { Err(failed(&command, status)) }
}

/// Runs a command and returns its standard output.
pub(crate) fn output(mut command: Command) -> Result<String, Failure> {
    let output = command.output().map_err(|cause| failed(&command, cause))?;
    if output.status.success() {
        return Ok(String::from_utf8_lossy(&output.stdout).into_owned());
    }
    let errors = String::from_utf8_lossy(&output.stderr);
    Err(failed(&command, format!("{}\n{}", output.status, errors.trim_end())))
}

/// Replaces this process by a command, so that signals reach it.
#[cfg(unix)]
pub(crate) fn replace(mut command: Command) -> Result<ExitCode, Failure> {
    use std::os::unix::process::CommandExt as _;
    let cause = command.exec();
    Err(failed(&command, cause))
}

/// Runs a command and exits with its code.
#[cfg(not(unix))]
pub(crate) fn replace(mut command: Command) -> Result<ExitCode, Failure> {
    let status = command.status().map_err(|cause| failed(&command, cause))?;
    let code = status.code().and_then(|code| u8::try_from(code).ok());
    Ok(code.map_or(ExitCode::FAILURE, ExitCode::from))
}

fn failed(command: &Command, cause: impl fmt::Display) -> Failure {
    let program = Path::new(command.get_program()).file_stem().unwrap_or_default();
    let words: Vec<_> =
        [program].into_iter().chain(command.get_args()).map(OsStr::to_string_lossy).collect();
    Failure::to("run", words.join(" "), cause)
}
