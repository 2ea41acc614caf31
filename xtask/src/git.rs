//! Revisions of the checkout, and files as they were.

use std::{path::Path, process::Command};

use crate::failure::Failure;

/// Whether there is a repository; if not, git's message.
pub(crate) fn repository(folder: &Path) -> Result<Result<(), String>, Failure> {
    Ok(run(folder, &["rev-parse", "--git-dir"])?.map(drop))
}

/// Whether there is a remote to fetch from.
pub(crate) fn has_remote(folder: &Path) -> Result<bool, Failure> {
    Ok(run(folder, &["remote"])?.is_ok_and(|remotes| !remotes.is_empty()))
}

/// The full name of the commit of `revision`; `None` if there is no such revision.
pub(crate) fn resolve(folder: &Path, revision: &str) -> Result<Option<String>, Failure> {
    let commit = format!("{revision}^{{commit}}");
    let said = run(folder, &["rev-parse", "--verify", "--quiet", "--end-of-options", &commit])?;
    Ok(said.ok())
}

/// The tag of the last release before this revision.
pub(crate) fn last_release(folder: &Path) -> Result<Option<String>, Failure> {
    Ok(run(folder, &["describe", "--tags", "--abbrev=0", "--match", "v[0-9]*"])?.ok())
}

/// The bytes of the file at `path`, relative to `folder`, at the `commit` of `revision`.
pub(crate) fn show(
    folder: &Path,
    revision: &str,
    commit: &str,
    path: &str,
) -> Result<Vec<u8>, Failure> {
    output(folder, &["show", &format!("{commit}:./{path}")])?
        .map_err(|cause| Failure::to("read", format!("{path} at {revision}"), cause))
}

/// The [`output`] as text, without line breaks at the end.
fn run(folder: &Path, arguments: &[&str]) -> Result<Result<String, String>, Failure> {
    Ok(output(folder, arguments)?.map(|bytes| text(&bytes)))
}

/// Runs git and returns its output, or its message if it fails.
fn output(folder: &Path, arguments: &[&str]) -> Result<Result<Vec<u8>, String>, Failure> {
    let output = Command::new("git").arg("-C").arg(folder).args(arguments).output();
    let output = output.map_err(|cause| {
        let remedy = "install git, or name a file to compare with: `cargo xtask compat FILE`";
        Failure::to("run", "git", format!("{cause}; {remedy}"))
    })?;
    Ok(if output.status.success() { Ok(output.stdout) } else { Err(text(&output.stderr)) })
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).trim_end().to_owned()
}
