//! Compiles and runs programs that users write from the front page of the library.

use std::{
    env, fs,
    path::{Path, PathBuf},
    process::{Command, Output},
    sync::LazyLock,
};

use graph_photo_emulator::{AccessToken, Emulator};

use crate::library::{
    REPOSITORY, Warnings, cargo, copy_lock, read, target_folder, write, write_library,
    write_workspace,
};

const FRONT_PAGE: &str = include_str!("../programs/front-page.rs");
const BESIDE_REQWEST: &str = include_str!("../programs/beside-reqwest.rs");

/// The placeholder on the front page for the folder of the library.
const CHECKOUT: &str = "path/to/checkout/generated-client";

/// The folder of all programs and of the library, which is written once.
static FOLDER: LazyLock<PathBuf> = LazyLock::new(|| {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("programs");
    let checkout = folder.join("checkout");
    write_workspace(&checkout);
    let modules = graph_photo_codegen::render(graph_photo_spec::OPENAPI_YAML).unwrap().modules;
    let library = checkout.join("crates/graph-photo-client");
    write_library(&library, "graph-photo-client", &modules, Warnings::Deny);
    folder
});

/// The documentation of the library's root.
fn front_page() -> String {
    let source = read(&Path::new(REPOSITORY).join("generated-client/src/lib.rs"));
    let lines = source.lines().map_while(|line| line.strip_prefix("//!"));
    lines.map(|line| format!("{}\n", line.strip_prefix(' ').unwrap_or(line))).collect()
}

/// The lines for `Cargo.toml` on a page.
fn dependencies(page: &str) -> &str {
    page.split_once("```toml\n").unwrap().1.split_once("```").unwrap().0
}

struct Program {
    name: &'static str,
    folder: PathBuf,
}

impl Program {
    /// Writes a program with the dependencies of the front page, and `more`.
    fn new(name: &'static str, source: &str, more: &str) -> Self {
        let folder = FOLDER.join(name);
        let page = front_page();
        assert!(dependencies(&page).contains(CHECKOUT), "{page}");
        let library = "../checkout/crates/graph-photo-client";
        let dependencies = dependencies(&page).replace(CHECKOUT, library);
        let package =
            format!("[package]\nname = \"{name}\"\nversion = \"0.0.0\"\nedition = \"2024\"");
        // Without this, it would belong to the workspace of this repository.
        let manifest = format!("{package}\n\n{dependencies}{more}\n[workspace]\n");
        write(&folder.join("Cargo.toml"), &manifest);
        write(&folder.join("src/main.rs"), source);
        copy_lock(&folder);
        Self { name, folder }
    }

    fn cargo(&self, command: &str) {
        let output = cargo(&self.folder, &[command]).output().unwrap();
        let (stdout, stderr) = texts(&output);
        assert!(output.status.success(), "cargo {command}: {stdout}{stderr}");
    }

    /// The built program, as a client of an emulator.
    fn command(&self, emulator: &Emulator) -> Command {
        let path = target_folder().join("debug").join(self.name);
        let mut command = Command::new(path.with_extension(env::consts::EXE_EXTENSION));
        command.current_dir(&self.folder).env("GRAPH_BASE_URL", emulator.base_url());
        command.env_remove("GRAPH_ACCESS_TOKEN").env("RUST_BACKTRACE", "0");
        command
    }
}

fn texts(output: &Output) -> (String, String) {
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    (text(&output.stdout), text(&output.stderr))
}

fn token() -> String {
    AccessToken::delegated(["User.ReadWrite"]).encode()
}

fn fixture(name: &str) -> PathBuf {
    Path::new(REPOSITORY).join("tests/fixtures").join(name)
}

#[test]
fn of_the_front_page_takes_its_provider_at_run_time() {
    let program = Program::new("front-page", FRONT_PAGE, "");
    program.cargo("test");
    program.cargo("build");
    let emulator = Emulator::start().unwrap();
    let run = |command: &mut Command| {
        let output = command.output().unwrap();
        let (stdout, stderr) = texts(&output);
        (output.status.code(), stdout, stderr)
    };
    let command = |file: &str| {
        let mut command = program.command(&emulator);
        command.arg("/me").arg(fixture(file));
        command
    };

    let done = (Some(0), "/me: 200 OK\n".to_owned(), String::new());
    assert_eq!(run(command("baseline.jpg").env("GRAPH_ACCESS_TOKEN", token())), done);
    write(&program.folder.join("tokens/cached.txt"), &format!("{}\n", token()));
    assert_eq!(run(&mut command("grey.jpg")), done);
    let stored = emulator.photo("/me/photo/$value").unwrap();
    assert_eq!(stored, fs::read(fixture("grey.jpg")).unwrap());

    fs::remove_file(program.folder.join("tokens/cached.txt")).unwrap();
    let (code, _, stderr) = run(&mut command("grey.jpg"));
    // The operating system's words for the cause follow.
    let expected = "failed to replace the photo of `/me`: there is no usable access token: ";
    assert!(code == Some(1) && stderr.starts_with(expected), "{stderr}");
    assert!(stderr.trim_end().len() > expected.len(), "{stderr}");
    let (code, _, stderr) = run(&mut command("look-alike.png"));
    assert!(code == Some(1) && stderr.contains("PNG"), "{stderr}");
}

#[test]
fn with_a_reqwest_client_of_its_own_needs_one_line() {
    let reqwest = "reqwest = { version = \"0.13\", default-features = false }\n";
    let program = Program::new("beside-reqwest", BESIDE_REQWEST, reqwest);
    program.cargo("build");
    let emulator = Emulator::start().unwrap();
    let command = || {
        let mut command = program.command(&emulator);
        command.env("GRAPH_ACCESS_TOKEN", token()).arg(fixture("baseline.jpg"));
        command
    };
    let output = command().output().unwrap();
    let (stdout, stderr) = texts(&output);
    assert!(output.status.success(), "{stderr}");
    let statuses: Vec<_> = stdout.lines().collect();
    assert!(matches!(statuses[..], [_, "200"]), "{stdout}");
    assert!(emulator.photo("/me/photo/$value").is_some());

    // If this fails, reqwest no longer needs the line: remove it from the front pages.
    let output = command().arg("without-provider").output().unwrap();
    let (_, stderr) = texts(&output);
    assert!(stderr.contains("No rustls crypto provider is configured"), "{stderr}");
}

#[test]
fn take_the_lines_that_both_front_pages_show() {
    let page = front_page();
    let readme = read(&Path::new(REPOSITORY).join("generated-client/README.md"));
    assert_eq!(dependencies(&readme), dependencies(&page));
    let remedy = BESIDE_REQWEST.lines().find(|line| line.contains("install_default")).unwrap();
    for page in [&page, &readme] {
        assert!(page.contains(remedy.trim()), "{page}");
    }
    for program in [FRONT_PAGE, BESIDE_REQWEST] {
        let names = program.split_once("use graph_photo_client::{").unwrap().1;
        let names = names.split_once('}').unwrap().0.split(',').map(str::trim);
        for name in names.filter(|name| !name.is_empty()) {
            assert!(page.contains(name), "the front page does not name `{name}`");
        }
    }
}
