//! Compiles rendered modules inside the wrapper that they are made for: each
//! rendering gets a crate of its own with the wrapper's real sources.

use std::{
    fs,
    path::{Path, PathBuf},
};

use graph_photo_codegen::Module;

use crate::library::{Warnings, cargo, write_library, write_workspace};

/// A workspace with one copy of the wrapper for each rendering.
pub(crate) struct Crates {
    folder: PathBuf,
    names: Vec<String>,
}

impl Crates {
    /// An empty workspace. `name` is unique among the tests of this package:
    /// they share one folder of build results.
    pub(crate) fn new(name: &str) -> Self {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("renderings").join(name);
        write_workspace(&folder);
        Self { folder, names: Vec::new() }
    }

    /// Adds the wrapper around these modules, with warnings as errors or not.
    pub(crate) fn add(&mut self, name: &str, modules: &[Module], warnings: Warnings) {
        let workspace = self.folder.file_name().unwrap().to_str().unwrap();
        let name = format!("{workspace}-{name}");
        let folder = self.folder.join("crates").join(&name);
        write_library(&folder, &name, modules, warnings);
        self.names.push(name);
    }

    /// Compiles them all; panics with what the compiler says.
    pub(crate) fn check(&self) {
        self.remove_others();
        let output = cargo(&self.folder, &["check", "--workspace", "--keep-going", "--lib"])
            .output()
            .unwrap();
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{} crates: {said}", self.names.len());
    }

    /// Lets rustdoc read one of them; panics with what it warns of: links that
    /// lead nowhere, and code that is taken for an example but is no Rust.
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
