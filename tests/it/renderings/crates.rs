//! Compiles rendered modules inside the wrapper that they are made for: each
//! rendering gets a crate of its own with the wrapper's real sources.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use graph_photo_codegen::Module;

const REPOSITORY: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/..");

/// Where build.rs of the wrapper puts the rendered modules, and where they lie
/// in a crate of this harness, which has no build script: below `src`, since
/// cargo documents a crate anew if a file of its package has changed.
const OUT_DIR: &str = "env!(\"OUT_DIR\")";
const RENDERED: &str = "env!(\"CARGO_MANIFEST_DIR\"), \"/src/rendered\"";

/// What warnings of the compiler are.
#[derive(Clone, Copy)]
pub(crate) enum Warnings {
    Deny,
    Allow,
}

/// A workspace with one copy of the wrapper for each rendering.
pub(crate) struct Crates {
    folder: PathBuf,
    names: Vec<String>,
}

impl Crates {
    /// An empty workspace. `name` is unique among the tests of this package:
    /// they share one folder of build results.
    pub(crate) fn new(name: &str) -> Self {
        let folder = root().join(name);
        write(&folder.join("Cargo.toml"), &workspace_manifest());
        fs::copy(Path::new(REPOSITORY).join("Cargo.lock"), folder.join("Cargo.lock")).unwrap();
        Self { folder, names: Vec::new() }
    }

    /// Adds the wrapper around these modules, with warnings as errors or not.
    pub(crate) fn add(&mut self, name: &str, modules: &[Module], warnings: Warnings) {
        let workspace = self.folder.file_name().unwrap().to_str().unwrap();
        let name = format!("{workspace}-{name}");
        let folder = self.folder.join("crates").join(&name);
        write(&folder.join("Cargo.toml"), &package_manifest(&name, warnings));
        copy_sources(&Path::new(REPOSITORY).join("generated-client/src"), &folder.join("src"));
        for module in modules {
            write(&folder.join(format!("src/rendered/{}.rs", module.name)), &module.source);
        }
        self.names.push(name);
    }

    /// Compiles them all; panics with what the compiler says.
    pub(crate) fn check(&self) {
        self.remove_others();
        let output = self.cargo(&["check", "--workspace", "--keep-going"]).output().unwrap();
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{} crates: {said}", self.names.len());
    }

    /// Lets rustdoc read one of them; panics with what it warns of: links that
    /// lead nowhere, and code that is taken for an example but is no Rust.
    pub(crate) fn document(&self, name: &str) {
        let workspace = self.folder.file_name().unwrap().to_str().unwrap();
        let package = format!("{workspace}-{name}");
        let mut command = self.cargo(&["doc", "--no-deps", "--package", &package]);
        let output = command.env("RUSTDOCFLAGS", "-D warnings").output().unwrap();
        assert!(output.status.success(), "{name}: {}", String::from_utf8_lossy(&output.stderr));
    }

    fn cargo(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO"));
        command
            .args(arguments)
            .args(["--lib", "--offline", "--quiet"])
            .current_dir(&self.folder)
            .env("CARGO_TARGET_DIR", root().join("target"))
            // Each crate is compiled once and not worked on.
            .env("CARGO_INCREMENTAL", "0")
            .env("CARGO_PROFILE_DEV_DEBUG", "false");
        command
    }

    /// Removes crates of earlier runs.
    fn remove_others(&self) {
        for entry in fs::read_dir(self.folder.join("crates")).unwrap() {
            let entry = entry.unwrap();
            if !self.names.iter().any(|name| **name == *entry.file_name()) {
                fs::remove_dir_all(entry.path()).unwrap();
            }
        }
    }
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).join("renderings")
}

/// The manifest of the repository, with other members and without warnings.
fn workspace_manifest() -> String {
    let manifest = read(&Path::new(REPOSITORY).join("Cargo.toml"));
    let members = section(&manifest, "[workspace]\n");
    let lints = "[workspace.lints.rust]\n";
    assert!(manifest.contains(lints), "the lints of the repository are lints of rustc");
    manifest.replacen(members, "resolver = \"3\"\nmembers = [\"crates/*\"]\n\n", 1).replacen(
        lints,
        &format!("{lints}warnings = \"deny\"\n"),
        1,
    )
}

/// The manifest of the wrapper as far as it is about the library.
fn package_manifest(name: &str, warnings: Warnings) -> String {
    let manifest = read(&Path::new(REPOSITORY).join("generated-client/Cargo.toml"));
    let lints = match warnings {
        Warnings::Deny => "lints",
        Warnings::Allow => "",
    };
    let wanted = ["package", "features", "dependencies", lints];
    let mut text = String::new();
    for section in format!("\n{manifest}").split("\n[").skip(1) {
        let title = section.split([']', '.']).next().unwrap();
        if wanted.contains(&title) {
            text += &format!("[{section}\n");
        }
    }
    text.replacen("name = \"graph-photo-client\"", &format!("name = \"{name}\""), 1)
}

/// What follows the heading of a section, up to the next one.
fn section<'a>(manifest: &'a str, heading: &str) -> &'a str {
    let rest = manifest.split_once(heading).unwrap().1;
    rest.split_once("\n[").map_or(rest, |(section, _)| section)
}

/// Copies the sources of the library, which includes rendered modules from
/// another folder than the original.
fn copy_sources(from: &Path, to: &Path) {
    for entry in fs::read_dir(from).unwrap() {
        let path = entry.unwrap().path();
        let target = to.join(path.file_name().unwrap());
        match path.is_dir() {
            true => copy_sources(&path, &target),
            false if path.ends_with("src/generated.rs") => {
                let text = read(&path);
                assert!(text.contains(OUT_DIR), "{} includes from OUT_DIR", path.display());
                write(&target, &text.replace(OUT_DIR, RENDERED));
            }
            false => write(&target, &read(&path)),
        }
    }
}

fn read(path: &Path) -> String {
    fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// Writes a file unless it is there already: what did not change is not
/// compiled again.
fn write(path: &Path, text: &str) {
    if fs::read_to_string(path).is_ok_and(|found| found == text) {
        return;
    }
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, text).unwrap();
}
