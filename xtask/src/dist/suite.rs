//! Runs the tests of the workspace against the frozen crate, and its own as its
//! consumers have it.

use super::{FOLDER as FROZEN, Frozen, PACKAGE, SOURCE, cargo, manifest, tree};
use crate::{Failure, repository::Repository, terminal::say};

/// A copy of the workspace, in which the frozen source stands in for
/// `generated-client`, so that tests find everything where they expect it.
const FOLDER: &str = "target/dist-test";
const MANIFEST: &str = "target/dist-test/Cargo.toml";

/// Where the copy is built. Its packages are to cargo those of the workspace: built in
/// one folder, it would look into the copy for what has changed of them.
const TARGET: &str = "target/dist-test/target";

/// The packages whose tests use the client.
const TESTED: [&str; 3] = [PACKAGE, "graph-photo", "graph-photo-tests"];

/// The tests of other renderings than this one.
const OF_RENDERINGS: &str = "renderings::";

pub(super) fn run(repository: &Repository, frozen: &Frozen) -> Result<(), Failure> {
    let mut workspace = tree::read(repository, "", tree::list(repository, "")?)?;
    let member = format!("{SOURCE}/Cargo.toml");
    let text = String::from_utf8_lossy(&workspace[&member]).into_owned();
    let generated = manifest::build_script(&text);
    workspace.remove(&format!("{SOURCE}/{generated}"));
    workspace.retain(|path, _| !path.starts_with(&format!("{SOURCE}/src/")));
    for (path, bytes) in &frozen.files {
        workspace.insert(format!("{SOURCE}/{path}"), bytes.clone());
    }
    // The workspace's manifest has the tests' dependencies; `check` compares
    // the others with those of the frozen crate.
    let without =
        manifest::without_build(&text).map_err(|cause| Failure::to("read", &member, cause))?;
    workspace.insert(member, without.into());
    tree::write(repository, FOLDER, &workspace)?;

    say!("{:>10} the tests of {} with the frozen source", "Running", TESTED.join(", "));
    let mut command = cargo::command(repository, ["test", "--quiet", "--all-features"]);
    command.args(["--manifest-path", MANIFEST]).args(["--target-dir", TARGET]);
    for package in TESTED {
        command.args(["--package", package]);
    }
    // Other renderings are compiled inside the source that has a build script.
    command.args(["--", "--skip", OF_RENDERINGS]);
    // Snapshots are accepted in the workspace, not in its copy.
    command.env("INSTA_UPDATE", "no");
    cargo::run(command)?;
    say!("{:>10} the tests pass with the frozen source", "Tested");
    alone(repository, frozen)
}

/// Runs the tests that the package itself has, those of its documentation among
/// them, in a folder from which nothing of the repository can be reached.
fn alone(repository: &Repository, frozen: &Frozen) -> Result<(), Failure> {
    let folder =
        tempfile::tempdir().map_err(|cause| Failure::to("make", "a temporary folder", cause))?;
    let path = folder.path().display().to_string();
    tree::write(repository, &path, &frozen.files)?;
    let lock = tree::read(repository, FROZEN, ["Cargo.lock".to_owned()])?;
    repository.write(&format!("{path}/Cargo.lock"), &lock["Cargo.lock"])?;
    let manifest = format!("{path}/Cargo.toml");
    let mut command = cargo::command(repository, ["test", "--quiet", "--locked", "--all-features"]);
    command.args(["--manifest-path", &manifest, "--target-dir", TARGET]);
    // Dependencies are those of the suite, if their debug information is.
    command.env("CARGO_PROFILE_DEV_DEBUG", "false");
    cargo::run(command)?;
    say!("{:>10} the package by itself, with the examples of its documentation", "Tested");
    Ok(())
}
