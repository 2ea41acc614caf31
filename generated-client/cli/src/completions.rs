//! `graph-photo completions`: writes a shell's completion script for the command line.

use clap::CommandFactory as _;

use crate::{
    args::{Arguments, report::CompletionsArgs},
    exit::Exit,
    failure::Failure,
    output::Output,
};

const PROGRAM: &str = env!("CARGO_BIN_NAME");

pub(crate) async fn run(args: &CompletionsArgs, output: Output) -> Result<Exit, Failure> {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut Arguments::command(), PROGRAM, &mut script);
    let script = String::from_utf8_lossy(&script);
    output.text(with_one_name(script.trim_end())).await?;
    Ok(Exit::Done)
}

/// Gives the program one name: for bash, `clap_complete` 4.6 writes a hyphenated name in two
/// ways, and nothing after a command is completed. No effect once `clap_complete` is fixed.
fn with_one_name(script: &str) -> String {
    script.replace(&PROGRAM.replace('-', "__subcmd__"), &PROGRAM.replace('-', "__"))
}
