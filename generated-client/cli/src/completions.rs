//! `graph-photo completions`: what a shell needs to complete the command line.

use clap::CommandFactory as _;

use crate::{
    args::{Arguments, report::CompletionsArgs},
    exit::Exit,
    failure::Failure,
    output::Output,
};

pub(crate) async fn run(args: &CompletionsArgs, output: Output) -> Result<Exit, Failure> {
    let mut script = Vec::new();
    clap_complete::generate(
        args.shell,
        &mut Arguments::command(),
        env!("CARGO_BIN_NAME"),
        &mut script,
    );
    output.text(String::from_utf8_lossy(&script).trim_end().to_owned()).await?;
    Ok(Exit::Done)
}
