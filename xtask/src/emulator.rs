//! `cargo xtask emulator`: the Graph emulator, for trying things by hand.

use std::{ffi::OsString, process::ExitCode};

use graph_photo_codegen::Api;

use crate::{
    cargo,
    failure::Failure,
    repository::{Repository, SPEC},
};

/// How the emulator runs.
#[derive(clap::Args)]
pub(crate) struct Options {
    /// Options of `graph-photo-emulator`, such as `--port 8080 --throttle graph`; `-- --help`
    /// lists them
    #[arg(trailing_var_arg = true, allow_hyphen_values = true, value_name = "OPTION")]
    options: Vec<OsString>,
}

/// Runs the emulator, which is the program of the crate of that name.
pub(crate) fn run(repository: &Repository, options: &Options) -> Result<ExitCode, Failure> {
    Api::read(&repository.spec()?)?;
    let mut command = cargo::program("graph-photo-emulator", &[]);
    command.arg("--spec").arg(repository.path(SPEC)).args(&options.options);
    cargo::replace(command)
}
