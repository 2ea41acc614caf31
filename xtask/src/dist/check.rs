//! Checks that the frozen crate builds alone, with the dependencies of the rendered crate.
//!
//! Both have the same public API: they differ only in the line that names the rendered modules.

use std::collections::BTreeSet;

use super::package::{MANIFEST, PACKAGE};
use crate::{cargo, failure::Failure, repository::Repository, terminal::say};

/// The features to build the crate with.
const FEATURES: [(&str, &[&str]); 3] = [
    ("default features", &[]),
    ("no features", &["--no-default-features"]),
    ("all features", &["--all-features"]),
];

pub(super) fn run(repository: &Repository) -> Result<(), Failure> {
    for (features, flags) in FEATURES {
        let mut check = cargo::command(repository, ["check", "--quiet", "--locked"]);
        check.args(["--manifest-path", MANIFEST, "--target-dir", "target"]).args(flags);
        // As in the workspace, so that dependencies aren't built again.
        check.env("CARGO_PROFILE_DEV_DEBUG", "false");
        cargo::run(check)?;
        say!("{:>10} with {features}, on its own", "Builds");
    }
    let frozen = dependencies(repository, &["--manifest-path", MANIFEST])?;
    let workspace = dependencies(repository, &["--package", PACKAGE])?;
    if let Some(package) = frozen.symmetric_difference(&workspace).next() {
        let cause = "only one of the workspace's crate and the frozen one depends on it";
        return Err(Failure::to("keep the dependency", package, cause));
    }
    say!("{:>10} {} dependencies, none of them a generator's", "Same", frozen.len());
    Ok(())
}

/// The packages, with versions, that the crate needs with all features on any target, except those
/// of its build script.
fn dependencies(repository: &Repository, package: &[&str]) -> Result<BTreeSet<String>, Failure> {
    let mut tree = cargo::command(repository, ["tree", "--all-features", "--target", "all"]);
    tree.args(["--edges", "normal", "--prefix", "none", "--no-dedupe", "--locked"]).args(package);
    let output = cargo::output(tree)?;
    // The first line is the crate itself.
    Ok(output.lines().skip(1).map(str::to_owned).collect())
}
