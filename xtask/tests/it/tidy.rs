//! The repository's habits: what its prose names exists, and what is to be
//! written once is.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

fn read(path: impl AsRef<Path>) -> String {
    fs::read_to_string(root().join(path)).unwrap()
}

/// The files that git tracks, or would if they were added, with an ending.
fn files(ending: &str) -> Vec<String> {
    let mut git = Command::new("git");
    git.args(["ls-files", "--cached", "--others", "--exclude-standard"]).current_dir(root());
    let output = git.output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let text = String::from_utf8(output.stdout).unwrap();
    let exists = |path: &&str| root().join(path).is_file();
    text.lines().filter(|path| path.ends_with(ending)).filter(exists).map(str::to_owned).collect()
}

/// The pieces of a text in backticks, code blocks left out.
fn code_spans(text: &str) -> Vec<String> {
    let prose: String = text.split("```").step_by(2).collect();
    prose.split('`').skip(1).step_by(2).map(|span| span.replace('\n', " ")).collect()
}

/// Whether a code span is meant as the path of a file or folder.
fn is_path(span: &str) -> bool {
    const FOLDERS: [&str; 7] =
        ["spec/", "codegen/", "generated-client/", "xtask/", "tests/", ".ci/", ".github/"];
    FOLDERS.iter().any(|folder| span.starts_with(folder)) && !span.contains(['*', ' ', '{', '<'])
}

#[test]
fn every_path_that_prose_names_exists() {
    for document in files(".md") {
        let text = read(&document);
        for span in code_spans(&text).iter().filter(|span| is_path(span)) {
            assert!(root().join(span).exists(), "{document} names `{span}`, which does not exist");
        }
        let folder = Path::new(&document).parent().unwrap();
        for link in text.split("](").skip(1).filter_map(|rest| rest.split(')').next()) {
            let path = link.split('#').next().unwrap();
            if path.is_empty() || path.contains("://") || path.contains(' ') {
                continue;
            }
            let target = root().join(folder).join(path);
            assert!(target.exists(), "{document} links to `{link}`, which does not exist");
        }
    }
}

#[test]
fn every_command_that_prose_names_exists() {
    let help = Command::new(env!("CARGO_BIN_EXE_xtask")).arg("--help").output().unwrap();
    let help = String::from_utf8(help.stdout).unwrap();
    let commands: Vec<&str> =
        help.lines().filter_map(|line| line.strip_prefix("  ")?.split(' ').next()).collect();
    let mut found = 0;
    for document in files(".md").into_iter().chain(files(".rs")) {
        for rest in read(&document).split("cargo xtask ").skip(1) {
            let word: String = rest.chars().take_while(char::is_ascii_lowercase).collect();
            if word.is_empty() {
                continue;
            }
            found += 1;
            assert!(commands.contains(&word.as_str()), "{document}: no `cargo xtask {word}`");
        }
    }
    assert!(found > 20, "only {found} commands were found");
}

#[test]
fn versions_are_written_once() {
    for manifest in files("Cargo.toml") {
        for line in read(&manifest).lines() {
            let key = line.split('=').next().unwrap().trim();
            let package = manifest != "Cargo.toml";
            let once = !matches!(key, "rust-version" | "edition" | "version");
            assert!(once || !package, "{manifest}: `{line}` belongs into the workspace");
        }
    }
    let workspace = read("Cargo.toml");
    assert_eq!(workspace.matches("rust-version").count(), 1);
    let pinned = format!("version = \"={}\"", graph_photo_codegen::PROGENITOR_VERSION);
    assert!(workspace.contains(&pinned), "progenitor is not pinned as `{pinned}`");
}

#[test]
fn every_module_says_its_purpose() {
    for file in files(".rs").iter().filter(|file| !file.contains("/fixtures/")) {
        let text = read(file);
        assert!(text.starts_with("//!"), "{file} does not begin with `//!`");
    }
}

/// The targets of the API are in the spec alone.
#[test]
fn no_hand_written_source_lists_endpoints() {
    let sources = files(".rs").into_iter().filter(|file| file.contains("/src/"));
    for file in sources {
        let code = read(&file);
        let code: Vec<&str> = code
            .lines()
            .filter(|line| !line.trim_start().starts_with("//"))
            .filter(|line| line.contains("contactfolders"))
            .collect();
        assert!(code.is_empty(), "{file} knows endpoints: {code:?}");
    }
}
