//! `cargo xtask emulator`: runs the Graph emulator.

use std::{ffi::OsString, process::ExitCode};

use graph_photo_codegen::Api;

use crate::{
    cargo,
    failure::Failure,
    repository::{Repository, SPEC},
};

/// The options of the emulator.
#[derive(clap::Args)]
pub(crate) struct Options {
    /// Options of `graph-photo-emulator`, such as `--port 8080 --throttle graph`; `-- --help`
    /// lists them
    #[arg(trailing_var_arg = true, allow_hyphen_values = true, value_name = "OPTION")]
    options: Vec<OsString>,
}

/// Runs the program of the crate `graph-photo-emulator`.
pub(crate) fn run(repository: &Repository, options: &Options) -> Result<ExitCode, Failure> {
    Api::read(&repository.spec()?)?;
    let mut command = cargo::program("graph-photo-emulator", &[]);
    command.arg("--spec").arg(repository.path(SPEC)).args(&options.options);
    cargo::replace(command)
}
