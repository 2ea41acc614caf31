//! A temporary folder with a spec, and what commands do in it.

use std::{
    fs,
    path::Path,
    process::{Command, Output},
};

use tempfile::TempDir;

/// The spec of this repository.
pub(crate) const SPEC: &str = include_str!("../../../spec/openapi.yaml");

/// A folder that looks like this repository to the commands.
pub(crate) struct Workspace(TempDir);

/// How a command ended.
#[derive(Debug)]
pub(crate) struct Outcome {
    pub(crate) code: Option<i32>,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Workspace {
    /// A workspace of version 0.1.0 with the real spec.
    pub(crate) fn new() -> Self {
        let workspace = Self(tempfile::tempdir().unwrap());
        workspace.write("spec/openapi.yaml", SPEC);
        workspace.set_version("0.1.0");
        workspace
    }

    pub(crate) fn path(&self) -> &Path {
        self.0.path()
    }

    pub(crate) fn write(&self, path: &str, text: &str) {
        let path = self.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    pub(crate) fn read(&self, path: &str) -> String {
        fs::read_to_string(self.path().join(path)).unwrap()
    }

    pub(crate) fn set_version(&self, version: &str) {
        let manifest = format!(
            "[workspace]\nmembers = []\n\n[workspace.package]\nversion = \"{version}\" # raised by hand\n\n\
             [workspace.dependencies]\nserde = {{ version = \"1\" }}\n"
        );
        self.write("Cargo.toml", &manifest);
    }

    /// Writes the real spec with these words replaced.
    pub(crate) fn edit_spec(&self, edits: &[(&str, &str)]) {
        let mut text = SPEC.to_owned();
        for (from, to) in edits {
            assert!(text.contains(from), "the spec has no longer: {from}");
            text = text.replacen(from, to, 1);
        }
        self.write("spec/openapi.yaml", &text);
    }

    /// Runs `cargo xtask` with these arguments.
    pub(crate) fn xtask(&self, arguments: &[&str]) -> Outcome {
        self.run(env!("CARGO_BIN_EXE_xtask"), arguments)
    }

    /// Runs git with these arguments, which must succeed.
    pub(crate) fn git(&self, arguments: &[&str]) {
        let identity = ["-c", "user.name=Test", "-c", "user.email=test@example.com"];
        let outcome = self.run("git", &[&identity, arguments].concat());
        assert_eq!(outcome.code, Some(0), "git {arguments:?}: {}", outcome.stderr);
    }

    /// Makes the folder a git repository with one commit.
    pub(crate) fn commit_all(&self) {
        self.git(&["init", "--quiet", "--initial-branch", "main"]);
        self.git(&["add", "."]);
        self.git(&["commit", "--quiet", "--message", "first"]);
    }

    fn run(&self, program: &str, arguments: &[&str]) -> Outcome {
        let mut command = Command::new(program);
        command.args(arguments).current_dir(self.path());
        // The developer's own settings, and the repository of a hook that runs
        // the tests, must not reach the git of these folders.
        command.env("GIT_CONFIG_GLOBAL", "/dev/null").env("GIT_CONFIG_NOSYSTEM", "1");
        for variable in ["GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE"] {
            command.env_remove(variable);
        }
        let Output { status, stdout, stderr } = command.output().unwrap();
        let outcome = Outcome {
            code: status.code(),
            stdout: String::from_utf8(stdout).unwrap(),
            stderr: String::from_utf8(stderr).unwrap(),
        };
        assert!(!outcome.stderr.contains("panicked"), "{outcome:?}");
        outcome
    }
}
