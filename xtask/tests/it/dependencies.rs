//! What crates must not drag in.

use std::{path::Path, process::Command};

/// The packages that a package of this workspace is built from, itself included.
fn tree(package: &str) -> Vec<String> {
    let mut cargo = Command::new(env!("CARGO"));
    cargo
        .args(["tree", "--offline", "--locked", "--package", package, "--target", "all"])
        .args(["--edges", "normal,build", "--prefix", "none", "--format", "{p}"])
        .current_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join(".."));
    let output = cargo.output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let text = String::from_utf8(output.stdout).unwrap();
    text.lines().filter_map(|line| line.split(' ').next()).map(str::to_owned).collect()
}

/// The emulator judges the client, and others test against it without waiting for a
/// generator to compile.
#[test]
fn of_the_emulator_have_neither_the_client_nor_the_generator() {
    let packages = tree("graph-photo-emulator");
    assert!(packages.iter().any(|name| name == "graph-photo-codegen"), "{packages:?}");
    for unwanted in ["graph-photo-client", "openapiv3", "prettyplease", "progenitor", "typify"] {
        let found = packages.iter().find(|name| name.starts_with(unwanted));
        assert_eq!(found, None, "`cargo tree -p graph-photo-emulator -i {unwanted}` says why");
    }
}
