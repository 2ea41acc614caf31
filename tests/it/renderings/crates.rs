//! Compiles each rendering in a crate with the library's sources.

use std::{
    fs,
    path::{Path, PathBuf},
};

use graph_photo_codegen::Module;

use crate::library::{Warnings, cargo, write_library, write_workspace};

/// A workspace with a copy of the library for each rendering.
pub(crate) struct Crates {
    folder: PathBuf,
    names: Vec<String>,
}

impl Crates {
    /// An empty workspace. Its `name` is unique among the tests of this package, which share a
    /// build folder.
    pub(crate) fn new(name: &str) -> Self {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("renderings").join(name);
        write_workspace(&folder);
        Self { folder, names: Vec::new() }
    }

    /// Adds the library around these modules.
    pub(crate) fn add(&mut self, name: &str, modules: &[Module], warnings: Warnings) {
        let workspace = self.folder.file_name().unwrap().to_str().unwrap();
        let name = format!("{workspace}-{name}");
        let folder = self.folder.join("crates").join(&name);
        write_library(&folder, &name, modules, warnings);
        self.names.push(name);
    }

    /// Compiles them all; panics with the compiler's errors.
    pub(crate) fn check(&self) {
        self.remove_others();
        let output = cargo(&self.folder, &["check", "--workspace", "--keep-going", "--lib"])
            .output()
            .unwrap();
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{} crates: {said}", self.names.len());
    }

    /// Documents one of them; panics with rustdoc's warnings, such as of broken links and of
    /// text that it takes for an example in Rust.
    pub(crate) fn document(&self, name: &str) {
        let workspace = self.folder.file_name().unwrap().to_str().unwrap();
        let package = format!("{workspace}-{name}");
        let mut command =
            cargo(&self.folder, &["doc", "--no-deps", "--lib", "--package", &package]);
        let output = command.env("RUSTDOCFLAGS", "-D warnings").output().unwrap();
        assert!(output.status.success(), "{name}: {}", String::from_utf8_lossy(&output.stderr));
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
