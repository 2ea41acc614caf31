//! Copies of the library around rendered modules, which need no build script.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use graph_photo_codegen::Module;

pub(crate) const REPOSITORY: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/..");

/// The folder of the rendered modules in the library and in a copy, where it is below `src`:
/// cargo documents a crate again if a file of its package has changed.
const OUT_DIR: &str = "env!(\"OUT_DIR\")";
const RENDERED: &str = "env!(\"CARGO_MANIFEST_DIR\"), \"/src/rendered\"";

/// Whether warnings of the compiler are errors.
#[derive(Clone, Copy)]
pub(crate) enum Warnings {
    Deny,
    Allow,
}

/// The build folder of all crates that tests compile, which share their dependencies.
pub(crate) fn target_folder() -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).join("target")
}

/// Cargo in the workspace of a folder, without the network.
pub(crate) fn cargo(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO"));
    command
        .args(arguments)
        .args(["--offline", "--quiet"])
        .current_dir(folder)
        .env("CARGO_TARGET_DIR", target_folder())
        // Nobody works on these crates.
        .env("CARGO_INCREMENTAL", "0")
        .env("CARGO_PROFILE_DEV_DEBUG", "false");
    command
}

/// Writes the manifest of a workspace with members in `crates`, and a lock file.
pub(crate) fn write_workspace(folder: &Path) {
    write(&folder.join("Cargo.toml"), &workspace_manifest());
    copy_lock(folder);
}

/// Locks a workspace to the versions that are downloaded for this one.
pub(crate) fn copy_lock(folder: &Path) {
    fs::copy(Path::new(REPOSITORY).join("Cargo.lock"), folder.join("Cargo.lock")).unwrap();
}

/// Writes the library with this name around these modules.
pub(crate) fn write_library(folder: &Path, name: &str, modules: &[Module], warnings: Warnings) {
    write(&folder.join("Cargo.toml"), &package_manifest(name, warnings));
    copy_sources(&Path::new(REPOSITORY).join("generated-client/src"), &folder.join("src"));
    for module in modules {
        write(&folder.join(format!("src/rendered/{}.rs", module.name)), &module.source);
    }
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

/// The manifest of the library without tests and build script.
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

/// Copies the sources of the library, and includes rendered modules from the copy's folder.
/// The crate for consumers has no build script; its sources stay as they are.
fn copy_sources(from: &Path, to: &Path) {
    for entry in fs::read_dir(from).unwrap() {
        let path = entry.unwrap().path();
        let target = to.join(path.file_name().unwrap());
        match path.is_dir() {
            true => copy_sources(&path, &target),
            false if path.ends_with("src/generated.rs") => {
                write(&target, &read(&path).replace(OUT_DIR, RENDERED));
            }
            false => write(&target, &read(&path)),
        }
    }
}

pub(crate) fn read(path: &Path) -> String {
    fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// Writes a file unless it is the same: cargo compiles what changed.
pub(crate) fn write(path: &Path, text: &str) {
    if fs::read_to_string(path).is_ok_and(|found| found == text) {
        return;
    }
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, text).unwrap();
}
