//! A copy of the repository's sources to edit, regenerate, build and run.

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Output},
};

const REPOSITORY: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/..");

/// The folder of the copy. Below the root of the workspace, so that cargo tells
/// its packages from those of the repository and shares all else with them.
const EDITED: &str = "edited";

/// What is not copied: what no build reads. Only cargo-fuzz builds in the folder of a package.
const LEFT_OUT: [&str; 3] = [".git", "snapshots", "fuzz/target"];

/// A copy of the repository.
pub(crate) struct Copy {
    root: PathBuf,
}

impl Copy {
    /// Brings the copy of this name up to date with the repository.
    pub(crate) fn new(name: &str) -> Self {
        let root = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
        let repository = Path::new(REPOSITORY);
        for member in members() {
            copy(&repository.join(&member), &root.join(EDITED).join(&member));
        }
        write(&root.join("Cargo.toml"), &workspace_manifest());
        write(&root.join("Cargo.lock"), &read(&repository.join("Cargo.lock")));
        Self { root }
    }

    /// The text of a file of the copy.
    pub(crate) fn read(&self, path: &str) -> String {
        read(&self.root.join(EDITED).join(path))
    }

    /// Writes the spec, and lets `cargo xtask regenerate` do the rest.
    pub(crate) fn edit_spec(&self, spec: &str) {
        write(&self.root.join(EDITED).join("spec/openapi.yaml"), spec);
        self.xtask("regenerate");
        self.xtask("check");
    }

    fn xtask(&self, command: &str) {
        let mut xtask = Command::new(env!("CARGO_BIN_EXE_xtask"));
        succeed(xtask.arg(command).current_dir(self.root.join(EDITED)));
    }

    /// Builds the demo and the command line from the copy.
    pub(crate) fn build(&self) {
        let mut cargo = Command::new(env!("CARGO"));
        // Of the whole workspace, so that dependencies have the features that
        // they were built with for the tests.
        cargo
            .args(["build", "--workspace", "--example", "demo", "--bin", "graph-photo"])
            .args(["--offline", "--locked", "--quiet"])
            // What is compiled for the tests lies in the one folder, and is used
            // again; programs go to the other, since users have theirs in the first.
            .env("CARGO_BUILD_BUILD_DIR", target())
            .env("CARGO_TARGET_DIR", self.target())
            .current_dir(&self.root);
        succeed(&mut cargo);
    }

    /// Where its programs are put. The two folders are one to a cargo older than
    /// 1.91, which then compiles everything anew.
    fn target(&self) -> PathBuf {
        self.root.join("target")
    }

    /// What the demo says.
    pub(crate) fn demo(&self) -> String {
        self.run("debug/examples/demo", &[])
    }

    /// What the command line says.
    pub(crate) fn graph_photo(&self, arguments: &[&str]) -> String {
        self.run("debug/graph-photo", arguments)
    }

    fn run(&self, program: &str, arguments: &[&str]) -> String {
        let program = executable(&self.target().join(program));
        let output = succeed(Command::new(program).args(arguments).current_dir(&self.root));
        String::from_utf8(output.stdout).unwrap()
    }
}

/// The path of a program on this system.
pub(crate) fn executable(path: &Path) -> PathBuf {
    path.with_extension(std::env::consts::EXE_EXTENSION)
}

/// The folder that the repository itself is built in.
pub(crate) fn target() -> &'static Path {
    Path::new(env!("CARGO_TARGET_TMPDIR")).parent().unwrap()
}

/// Runs a command that has to succeed.
fn succeed(command: &mut Command) -> Output {
    let output = command.output().unwrap();
    let said = [&*output.stdout, &*output.stderr].concat();
    assert!(output.status.success(), "{command:?}: {}", String::from_utf8_lossy(&said));
    output
}

/// The folders of the packages.
fn members() -> Vec<String> {
    let manifest = read(&Path::new(REPOSITORY).join("Cargo.toml"));
    let line = manifest.lines().find(|line| line.starts_with("members = ")).unwrap();
    line.split('"').skip(1).step_by(2).map(str::to_owned).collect()
}

/// The manifest of the repository for packages one folder deeper.
fn workspace_manifest() -> String {
    let mut manifest = read(&Path::new(REPOSITORY).join("Cargo.toml"))
        .replace("path = \"", &format!("path = \"{EDITED}/"));
    for member in members() {
        manifest =
            manifest.replacen(&format!("\"{member}\""), &format!("\"{EDITED}/{member}\""), 1);
    }
    manifest
}

fn copy(from: &Path, to: &Path) {
    for entry in fs::read_dir(from).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap();
        if path.is_dir() {
            if !LEFT_OUT.iter().any(|left_out| path.ends_with(left_out)) {
                copy(&path, &to.join(name));
            }
        } else {
            write_bytes(&to.join(name), &fs::read(&path).unwrap());
        }
    }
}

fn read(path: &Path) -> String {
    fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn write(path: &Path, text: &str) {
    write_bytes(path, text.as_bytes());
}

/// Writes a file unless it is there already: what did not change is not built
/// again.
fn write_bytes(path: &Path, bytes: &[u8]) {
    if fs::read(path).is_ok_and(|found| found == bytes) {
        return;
    }
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, bytes).unwrap();
}
