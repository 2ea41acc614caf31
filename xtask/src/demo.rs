//! `cargo xtask demo`: the main job, for somebody without an account.

use std::{
    env,
    path::PathBuf,
    process::{Command, ExitCode},
};

use graph_photo_codegen::Api;

use crate::{Failure, repository::Repository};

/// What the demo uploads.
#[derive(clap::Args)]
pub(crate) struct Options {
    /// A JPEG file to upload, instead of the one that comes with the demo
    #[arg(long, value_name = "FILE")]
    photo: Option<PathBuf>,
}

/// Runs the demo, which is an example of the crate that holds the emulator: it
/// uses the client, and this command must work without (see Cargo.toml).
pub(crate) fn run(repository: &Repository, options: &Options) -> Result<ExitCode, Failure> {
    // So that a broken spec is reported as such, not as a failed build.
    Api::read(&repository.spec()?)?;
    println!("Rendering the client from spec/openapi.yaml and compiling it ...");
    let cargo = env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut command = Command::new(cargo);
    command.args(["run", "--quiet", "--package", "graph-photo-tests", "--example", "demo", "--"]);
    if let Some(photo) = &options.photo {
        // The demo runs where this command was called.
        command.arg("--photo").arg(photo);
    }
    let status = command.status().map_err(|cause| Failure::to("run", "cargo run", cause))?;
    Ok(match status.code() {
        Some(0) => ExitCode::SUCCESS,
        Some(code) => u8::try_from(code).map_or(ExitCode::FAILURE, ExitCode::from),
        None => ExitCode::FAILURE,
    })
}
