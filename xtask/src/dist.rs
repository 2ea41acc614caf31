//! `cargo xtask dist`: the crate for consumers, with the rendered source inside.

mod api;
mod cargo;
mod check;
mod manifest;
mod measure;
mod modules;
mod suite;
mod tree;

use std::{fmt, process::ExitCode};

use graph_photo_codegen::{Module, render};

pub(crate) use self::api::stand_in_for_rustdoc;
use self::tree::{Change, Tree};
use crate::{Failure, repository::Repository, terminal::say};

/// The package that is frozen, and its folder.
const PACKAGE: &str = "graph-photo-client";
const SOURCE: &str = "generated-client";

/// Where the frozen crate goes, relative to the root.
const FOLDER: &str = "target/dist/graph-photo-client";
const MANIFEST: &str = "target/dist/graph-photo-client/Cargo.toml";

/// What is done with the crate once it is made.
#[derive(clap::Args)]
#[command(
    after_help = "The crate has the public API of generated-client, but neither a build script \
                  nor a generator among its dependencies: it is the one to publish."
)]
pub(crate) struct Options {
    /// Show that it builds on its own, without the generator, and has the same public API
    #[arg(long)]
    check: bool,
    /// Run the tests of the workspace against it
    #[arg(long)]
    test: bool,
    /// Compare the cost of a clean build with that of the workspace's crate
    #[arg(long)]
    measure: bool,
}

pub(crate) fn run(repository: &Repository, options: &Options) -> Result<ExitCode, Failure> {
    let frozen = freeze(repository)?;
    let change = tree::write(repository, FOLDER, &frozen.files)?;
    lock(repository)?;
    report(&frozen, &change);
    if options.check {
        check::run(repository)?;
    }
    if options.test {
        suite::run(repository, &frozen)?;
    }
    if options.measure {
        measure::run(repository)?;
    }
    if !(options.check && options.test) {
        say!("{:>10} cargo xtask dist --check --test", "Next");
    }
    say!("{:>10} cargo publish --manifest-path {MANIFEST}", "Release by");
    Ok(ExitCode::SUCCESS)
}

/// The crate for consumers, before it is written.
struct Frozen {
    files: Tree,
    /// How many of the files are rendered modules.
    rendered: usize,
}

/// The files that the package would have, with the rendered modules instead of
/// the build script.
fn freeze(repository: &Repository) -> Result<Frozen, Failure> {
    let rendered = render(&repository.spec()?)?.modules;
    let mut files = package_files(repository)?;
    let member = text(&mut files, "Cargo.toml")?;
    files.remove(&manifest::build_script(&member));
    insert_modules(&mut files, &rendered)?;
    let root = tree::read(repository, "", ["Cargo.toml".to_owned()])?;
    let root = String::from_utf8_lossy(&root["Cargo.toml"]);
    let standalone = manifest::standalone(&member, &root, &files)
        .map_err(|cause| failed_to_freeze("Cargo.toml", cause))?;
    files.insert("Cargo.toml".to_owned(), standalone.into());
    Ok(Frozen { files, rendered: rendered.len() })
}

/// Puts the rendered modules where the source includes what is built.
fn insert_modules(files: &mut Tree, rendered: &[Module]) -> Result<(), Failure> {
    let source = text(files, modules::PATH)?;
    let names: Vec<&str> = rendered.iter().map(|module| module.name).collect();
    let plain =
        modules::plain(&source, &names).map_err(|cause| failed_to_freeze(modules::PATH, cause))?;
    files.insert(modules::PATH.to_owned(), plain.into());
    for module in rendered {
        let path = format!("{}/{}.rs", modules::FOLDER, module.name);
        let source = modules::for_consumers(&module.source);
        if files.insert(path.clone(), source.into()).is_some() {
            let cause = "the file exists, and a module is rendered into it; rename one of them";
            return Err(failed_to_freeze(&path, cause));
        }
    }
    refuse_build_time(files)
}

/// What cargo would put into the package, but for what cargo itself adds.
fn package_files(repository: &Repository) -> Result<Tree, Failure> {
    const ADDED_BY_CARGO: [&str; 3] = [".cargo_vcs_info.json", "Cargo.lock", "Cargo.toml.orig"];
    let list =
        cargo::command(repository, ["package", "--list", "--allow-dirty", "--package", PACKAGE]);
    let list = cargo::output(list)?;
    let paths = list
        .lines()
        // On Windows, cargo lists paths with its separator.
        .map(|path| path.replace('\\', "/"))
        .filter(|path| !ADDED_BY_CARGO.contains(&path.as_str()));
    tree::read(repository, SOURCE, paths)
}

/// Takes a text file out of the package.
fn text(files: &mut Tree, path: &str) -> Result<String, Failure> {
    let missing = "the package does not have it; see `include` in its Cargo.toml";
    let bytes = files.remove(path).ok_or_else(|| failed_to_freeze(path, missing))?;
    String::from_utf8(bytes).map_err(|_| failed_to_freeze(path, "it is not UTF-8"))
}

/// No source file may still count on a build script.
fn refuse_build_time(files: &Tree) -> Result<(), Failure> {
    let builds = |(path, bytes): &(&String, &Vec<u8>)| {
        path.starts_with("src/") && String::from_utf8_lossy(bytes).contains("OUT_DIR")
    };
    let Some((path, _)) = files.iter().find(builds) else { return Ok(()) };
    let cause = format!(
        "it reads what a build script writes to OUT_DIR, and there will be none; only \
         {SOURCE}/{} may, in `macro_rules! rendered`",
        modules::PATH
    );
    Err(failed_to_freeze(path, cause))
}

/// What is wrong with a file of the package.
fn failed_to_freeze(path: &str, cause: impl fmt::Display) -> Failure {
    Failure::to("freeze", format!("{SOURCE}/{path}"), cause)
}

/// Gives the crate the versions that the workspace is tested with: its
/// `Cargo.lock`, which cargo cuts down to what is still needed.
fn lock(repository: &Repository) -> Result<(), Failure> {
    let lock = tree::read(repository, "", ["Cargo.lock".to_owned()])?;
    repository.write(&format!("{FOLDER}/Cargo.lock"), &lock["Cargo.lock"])?;
    let resolve = cargo::command(repository, ["tree", "--depth=0", "--manifest-path", MANIFEST]);
    cargo::output(resolve).map(drop)
}

fn report(frozen: &Frozen, change: &Change) {
    let files = frozen.files.len() + 1; // and the Cargo.lock that cargo made
    say!("{:>10} {FOLDER}", "Frozen");
    say!(
        "{:>10} {files} files, {} of them rendered from spec/openapi.yaml; no build script",
        "",
        frozen.rendered
    );
    say!("{:>10} {} written, {} removed, the others unchanged", "", change.written, change.removed);
}
