//! `graph-photo`: uploads profile photos to Microsoft Graph from the command line.

mod args;
mod check;
mod connection;
mod failure;
#[cfg(feature = "azure")]
mod identity;
mod output;
mod permissions;
mod photo;
mod set;
mod token;

use std::process::ExitCode;

use clap::Parser as _;
use tracing_subscriber::{
    Layer as _,
    filter::{LevelFilter, Targets},
    fmt::{self, format::FmtSpan},
    layer::SubscriberExt as _,
    util::SubscriberInitExt as _,
};

use crate::{
    args::{Arguments, Command},
    failure::{Exit, Failure},
    output::Output,
};

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    log(arguments.verbose);
    let output = Output::new(arguments.json);
    let runtime = match tokio::runtime::Builder::new_current_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(cause) => return output.failure(&Failure::System(cause)).into(),
    };
    let exit = runtime.block_on(run_until_interrupted(&arguments, &output));
    // Not dropped: that would wait for a read of a file that may never end.
    runtime.shutdown_background();
    exit.unwrap_or_else(|failure| output.failure(&failure)).into()
}

/// Runs the command, and drops it - its upload included - on Ctrl-C.
async fn run_until_interrupted(arguments: &Arguments, output: &Output) -> Result<Exit, Failure> {
    tokio::select! {
        biased; // so that interrupts are heard before anything begins
        interrupt = tokio::signal::ctrl_c() => {
            Err(interrupt.map_or_else(Failure::System, |()| Failure::Interrupted))
        }
        result = run(arguments, output) => result,
    }
}

async fn run(arguments: &Arguments, output: &Output) -> Result<Exit, Failure> {
    match &arguments.command {
        Command::Set(set) => set::run(set, &arguments.connection, output).await,
        Command::Check(check) => check::run(check, output).await,
        Command::Permissions(permissions) => {
            permissions::run(permissions, &arguments.connection, output)
        }
    }
}

/// Shows what this program and its library report, to the given depth. What
/// other crates report stays hidden: they do not know which of it is secret.
fn log(verbosity: u8) {
    let (level, spans) = match verbosity {
        0 => (LevelFilter::WARN, FmtSpan::NONE),
        1 => (LevelFilter::INFO, FmtSpan::CLOSE),
        _ => (LevelFilter::DEBUG, FmtSpan::CLOSE),
    };
    // A prefix, which the library's name begins with as well.
    let own = Targets::new().with_target(env!("CARGO_CRATE_NAME"), level);
    let layer = fmt::layer().with_writer(std::io::stderr).with_ansi(false).with_span_events(spans);
    tracing_subscriber::registry().with(layer.with_filter(own)).init();
}
