//! `cargo xtask emulator`: the Graph emulator, for trying things by hand.

use std::process::ExitCode;

use graph_photo_codegen::Api;

use crate::{
    cargo,
    failure::Failure,
    repository::{Repository, SPEC},
};

/// How the emulator runs.
#[derive(clap::Args)]
pub(crate) struct Options {
    /// The port to listen on; a free one by default
    #[arg(long, value_name = "N", default_value_t = 0)]
    port: u16,
}

/// Runs the emulator, which is the program of the crate of that name.
pub(crate) fn run(repository: &Repository, options: &Options) -> Result<ExitCode, Failure> {
    Api::read(&repository.spec()?)?;
    let mut command = cargo::program("graph-photo-emulator", &[]);
    command.arg("--port").arg(options.port.to_string());
    command.arg("--spec").arg(repository.path(SPEC));
    cargo::replace(command)
}
