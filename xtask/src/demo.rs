//! `cargo xtask demo`: uploads that need no account.

use std::{path::PathBuf, process::ExitCode};

use graph_photo_codegen::Api;

use crate::{cargo, failure::Failure, repository::Repository, terminal::say};

/// The photo of the demo.
#[derive(clap::Args)]
pub(crate) struct Options {
    /// A JPEG file to upload instead of the built-in one
    #[arg(long, value_name = "FILE")]
    photo: Option<PathBuf>,
}

/// Runs the demo, which is an example of the crate `graph-photo-tests`.
pub(crate) fn run(repository: &Repository, options: &Options) -> Result<ExitCode, Failure> {
    // A broken spec would fail the build; report it first.
    Api::read(&repository.spec()?)?;
    say!("Rendering the client from spec/openapi.yaml and compiling it ...");
    let mut command = cargo::program("graph-photo-tests", &["--example", "demo"]);
    if let Some(photo) = &options.photo {
        // The demo runs where this command was called.
        command.arg("--photo").arg(photo);
    }
    cargo::replace(command)
}
