//! Runs the tests of the workspace with the frozen crate, and those of the crate itself.

use super::{
    package::{MANIFEST as FROZEN, PACKAGE, SOURCE, parse, remove_build},
    tree::{self, Tree},
};
use crate::{cargo, failure::Failure, repository::Repository, terminal::say};

/// A copy of the workspace with the frozen source in place of `generated-client`.
const FOLDER: &str = "target/dist-test";
const MANIFEST: &str = "target/dist-test/Cargo.toml";

/// The target folder of the copy. In the workspace's, cargo would confuse the two.
const TARGET: &str = "target/dist-test/target";

/// The packages whose tests use the client.
const TESTED: [&str; 3] = [PACKAGE, "graph-photo", "graph-photo-tests"];

/// Tests of other renderings, which only compile inside the source with a build script.
const OF_RENDERINGS: &str = "renderings::";

pub(super) fn run(repository: &Repository, frozen: &Tree) -> Result<(), Failure> {
    let mut workspace = tree::read(repository.root())?;
    let member = format!("{SOURCE}/Cargo.toml");
    let mut manifest = parse("Cargo.toml", &String::from_utf8_lossy(&workspace[&member]))?;
    remove_build(&mut manifest);
    workspace.retain(|path, _| !path.starts_with(&format!("{SOURCE}/src/")));
    workspace
        .extend(frozen.iter().map(|(path, bytes)| (format!("{SOURCE}/{path}"), bytes.clone())));
    // The frozen manifest lacks the dependencies of tests.
    workspace.insert(member, manifest.to_string().into());
    tree::write(repository, FOLDER, &workspace)?;

    say!("{:>10} the tests of {} with the frozen source", "Running", TESTED.join(", "));
    let mut command = test(repository, MANIFEST);
    command.args(TESTED.iter().flat_map(|package| ["--package", package]));
    command.args(["--", "--skip", OF_RENDERINGS]);
    cargo::run(command)?;
    say!("{:>10} the tests pass with the frozen source", "Tested");
    cargo::run(test(repository, FROZEN))?;
    say!("{:>10} the package by itself, with the examples of its documentation", "Tested");
    Ok(())
}

fn test(repository: &Repository, manifest: &str) -> std::process::Command {
    let mut command = cargo::command(repository, ["test", "--quiet", "--all-features"]);
    command.args(["--manifest-path", manifest, "--target-dir", TARGET]);
    // Both then have the same dependencies.
    command.env("CARGO_PROFILE_DEV_DEBUG", "false");
    // Snapshots are accepted in the workspace, not in its copy.
    command.env("INSTA_UPDATE", "no");
    command
}
