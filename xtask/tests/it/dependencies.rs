//! What crates must not drag in.

use std::{collections::BTreeSet, process::Command};

use crate::tidy::root;

/// The packages that a package of this workspace is built from on this machine, itself
/// included. `edges` are the kinds of dependencies to follow.
///
/// Of this machine alone: what only others need has never been downloaded here.
pub(crate) fn packages_of(package: &str, edges: &str, arguments: &[&str]) -> BTreeSet<String> {
    let mut cargo = Command::new(env!("CARGO"));
    cargo
        .args(["tree", "--offline", "--locked", "--package", package, "--edges", edges])
        .args(["--prefix", "none", "--format", "{p}"])
        .args(arguments)
        .current_dir(root());
    let output = cargo.output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let text = String::from_utf8(output.stdout).unwrap();
    // `name v1.2.3`; what follows says where it is from, or that it is a repetition.
    let package = |line: &str| line.split(' ').take(2).collect::<Vec<_>>().join(" ");
    text.lines().filter(|line| !line.is_empty()).map(package).collect()
}

/// Fails if a package is built from one of those whose names begin like this.
fn assert_without(package: &str, edges: &str, unwanted: &[&str]) {
    let packages = packages_of(package, edges, &["--all-features"]);
    assert!(packages.iter().any(|name| name.starts_with("bytes ")), "{packages:?}");
    for name in unwanted {
        let found = packages.iter().find(|package| package.starts_with(name));
        assert_eq!(found, None, "`cargo tree -p {package} -i {name}` says why");
    }
}

/// The emulator judges the client, and others test against it without waiting for a
/// generator to compile.
#[test]
fn of_the_emulator_have_neither_the_client_nor_the_generator() {
    let unwanted = ["graph-photo-client", "openapiv3", "prettyplease", "progenitor", "typify"];
    assert_without("graph-photo-emulator", "normal,build", &unwanted);
}

/// Those who depend on the library compile nothing that only its program needs.
#[test]
fn of_the_library_have_nothing_that_only_programs_need() {
    let unwanted = ["clap", "anstream", "tracing-subscriber", "azure_identity"];
    assert_without("graph-photo-client", "normal", &unwanted);
}
