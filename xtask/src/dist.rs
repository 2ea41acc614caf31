//! `cargo xtask dist`: the crate for consumers, with the rendered source inside.

mod check;
mod package;
mod sbom;
mod suite;
mod tree;

use std::process::ExitCode;

use graph_photo_codegen::render;

use self::package::{FOLDER, MANIFEST};
use crate::{cargo, failure::Failure, repository::Repository, terminal::say};

/// What to do with the finished crate.
#[derive(clap::Args)]
#[command(
    after_help = "The crate has the public API of generated-client, but no build script and no \
                  dependency on the generator. Publish this one."
)]
pub(crate) struct Options {
    /// Check that it builds alone, with the same dependencies and without the generator
    #[arg(long)]
    check: bool,
    /// Run the tests of the workspace against it
    #[arg(long)]
    test: bool,
}

pub(crate) fn run(repository: &Repository, options: &Options) -> Result<ExitCode, Failure> {
    let rendered = render(&repository.spec()?)?.modules;
    let frozen = package::freeze(repository, &rendered)?;
    let change = tree::write(repository, FOLDER, &frozen)?;
    lock(repository)?;
    let files = frozen.len() + 1; // and the Cargo.lock that cargo made
    let (modules, written, removed) = (rendered.len(), change.written, change.removed);
    say!("{:>10} {FOLDER}", "Frozen");
    say!(
        "{:>10} {files} files, {modules} of them rendered from spec/openapi.yaml; no build script",
        ""
    );
    say!("{:>10} {written} written, {removed} removed, the others unchanged", "");
    sbom::run(repository)?;
    if options.check {
        check::run(repository)?;
    }
    if options.test {
        suite::run(repository, &frozen)?;
    }
    if !(options.check && options.test) {
        say!("{:>10} cargo xtask dist --check --test", "Next");
    }
    say!("{:>10} cargo publish --manifest-path {MANIFEST}", "Release by");
    Ok(ExitCode::SUCCESS)
}

/// Gives the crate the tested versions: the workspace's `Cargo.lock`, which cargo shortens.
fn lock(repository: &Repository) -> Result<(), Failure> {
    let lock = repository.read("Cargo.lock")?.unwrap_or_default();
    repository.write(&format!("{FOLDER}/Cargo.lock"), lock)?;
    let resolve = cargo::command(repository, ["tree", "--depth=0", "--manifest-path", MANIFEST]);
    cargo::output(resolve).map(drop)
}
