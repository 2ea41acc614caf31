//! Shows that the frozen crate stands on its own, and needs what the workspace's crate
//! needs once it is rendered.
//!
//! That both have the same public API needs no showing: they are made of the same text,
//! but for the line that says where the rendered modules are.

use std::collections::BTreeSet;

use super::package::{MANIFEST, PACKAGE};
use crate::{cargo, failure::Failure, repository::Repository, terminal::say};

/// The features that the crate must build with.
const FEATURES: [(&str, &[&str]); 3] = [
    ("default features", &[]),
    ("no features", &["--no-default-features"]),
    ("all features", &["--all-features"]),
];

pub(super) fn run(repository: &Repository) -> Result<(), Failure> {
    for (features, flags) in FEATURES {
        let mut check = cargo::command(repository, ["check", "--quiet", "--locked"]);
        check.args(["--manifest-path", MANIFEST, "--target-dir", "target"]).args(flags);
        // As the workspace builds dependencies, which are not built a second time then.
        check.env("CARGO_PROFILE_DEV_DEBUG", "false");
        cargo::run(check)?;
        say!("{:>10} with {features}, on its own", "Builds");
    }
    let frozen = dependencies(repository, &["--manifest-path", MANIFEST])?;
    let workspace = dependencies(repository, &["--package", PACKAGE])?;
    if let Some(package) = frozen.symmetric_difference(&workspace).next() {
        let cause = "the workspace's crate or the frozen one depends on it, and not both";
        return Err(Failure::to("keep the dependency", package, cause));
    }
    say!("{:>10} {} dependencies, none of them a generator's", "Same", frozen.len());
    Ok(())
}

/// The packages, with their versions, that are compiled for whoever depends on the
/// crate with all features, on any target; those of its build script apart.
fn dependencies(repository: &Repository, package: &[&str]) -> Result<BTreeSet<String>, Failure> {
    let mut tree = cargo::command(repository, ["tree", "--all-features", "--target", "all"]);
    tree.args(["--edges", "normal", "--prefix", "none", "--no-dedupe", "--locked"]).args(package);
    let output = cargo::output(tree)?;
    // The first line is the crate itself.
    Ok(output.lines().skip(1).map(str::to_owned).collect())
}
