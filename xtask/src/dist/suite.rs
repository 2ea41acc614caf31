//! Runs the tests of the workspace against the frozen crate.

use super::{Frozen, PACKAGE, SOURCE, cargo, manifest, tree};
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
    // Snapshots are accepted in the workspace, not in its copy.
    command.env("INSTA_UPDATE", "no");
    cargo::run(command)?;
    say!("{:>10} the tests pass with the frozen source", "Tested");
    Ok(())
}
