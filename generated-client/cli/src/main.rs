//! `graph-photo`: uploads profile photos to Microsoft Graph from the command line.

mod args;
mod blocking;
mod check;
mod completions;
mod connection;
mod exit;
mod failure;
mod fit;
#[cfg(feature = "azure")]
mod identity;
mod journal;
mod man;
mod output;
mod permissions;
mod photo;
mod private_file;
mod progress;
mod report;
mod set;
mod shard;
mod sign_in;
mod signal;
mod sync;
mod target;
mod token;

use std::{env, process::ExitCode};

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
    exit::Exit,
    failure::{Failure, Subject},
    output::Output,
    progress::Progress,
    signal::{LAST_WORDS, Signal},
};

fn main() -> ExitCode {
    let arguments = Arguments::try_parse().unwrap_or_else(|error| refuse(&error));
    log(&arguments);
    let output = Output::new(arguments.json);
    let runtime = match tokio::runtime::Builder::new_current_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(cause) => {
            let failure = Failure::System("failed to start".to_owned(), cause);
            output.failure(&failure, &subject(&arguments));
            return failure.exit().end();
        }
    };
    let exit = runtime.block_on(run_until_interrupted(&arguments, output));
    // Not dropped: that would wait for a read of a file that may never end.
    runtime.shutdown_background();
    exit.end()
}

/// Ends the program by what clap says: that of arguments it cannot read, or help.
fn refuse(error: &clap::Error) -> ! {
    let is_json = env::args_os().any(|argument| argument == "--json");
    if is_json && error.use_stderr() {
        // Its first paragraph, which the usage follows.
        let text = error.render().to_string();
        let problem = text.split("\n\n").next().unwrap_or_default();
        let words: Vec<&str> = problem.trim_start_matches("error: ").split_whitespace().collect();
        output::failure_json(&Failure::arguments(words.join(" ")), &Subject::default());
    }
    error.exit()
}

/// Runs the command, and drops it - its upload included - on Ctrl-C
/// or another signal that ends programs. One with many uploads lets those end first.
async fn run_until_interrupted(arguments: &Arguments, output: Output) -> Exit {
    if let Command::Sync(_) = arguments.command {
        return run_and_tell(arguments, output).await;
    }
    tokio::select! {
        biased; // so that interrupts are heard before anything begins
        signal = Signal::next() => {
            let failure = signal.map_or_else(
                |cause| Failure::System("failed to listen for interrupts".to_owned(), cause),
                Failure::Interrupted,
            );
            let exit = failure.exit();
            let told = tell(failure, arguments, output);
            tokio::time::timeout(LAST_WORDS, told).await.unwrap_or(exit)
        }
        exit = run_and_tell(arguments, output) => exit,
    }
}

async fn run_and_tell(arguments: &Arguments, output: Output) -> Exit {
    match run(arguments, output).await {
        Ok(exit) => exit,
        Err(failure) => tell(failure, arguments, output).await,
    }
}

/// Writes why the command failed; not on this thread, as all that is written.
async fn tell(failure: Failure, arguments: &Arguments, output: Output) -> Exit {
    let (exit, subject) = (failure.exit(), subject(arguments));
    // If that fails, there is no other way to tell.
    let _ = tokio::task::spawn_blocking(move || output.failure(&failure, &subject)).await;
    exit
}

fn subject(arguments: &Arguments) -> Subject {
    match &arguments.command {
        Command::Set(set) => set::subject(set, &arguments.connection),
        _ => Subject::default(),
    }
}

async fn run(arguments: &Arguments, output: Output) -> Result<Exit, Failure> {
    #[cfg(not(feature = "azure"))]
    arguments.connection.refuse_sign_in()?;
    match &arguments.command {
        Command::Set(set) => set::run(set, &arguments.connection, output).await,
        Command::Sync(sync) => sync::run(sync, &arguments.connection, output).await,
        Command::Check(check) => check::run(check, output).await,
        Command::Permissions(permissions) => {
            permissions::run(permissions, &arguments.connection, output).await
        }
        Command::Report(report) => report::run(report, output).await,
        Command::Completions(completions) => completions::run(completions, output).await,
        Command::Man(man) => man::run(man).await,
    }
}

/// Shows what this program and its library report, to the given depth: that an upload
/// waits; all that happens; what happens to connections as well. What other crates
/// report stays hidden: they do not know which of it is secret.
fn log(arguments: &Arguments) {
    let (own, connections) = match arguments.verbose {
        0 => {
            let progress = Progress::layer(arguments.connection.retry_policy().max_retries);
            return tracing_subscriber::registry().with(progress).init();
        }
        1 => (LevelFilter::DEBUG, LevelFilter::OFF),
        _ => (LevelFilter::TRACE, LevelFilter::TRACE),
    };
    let shown = Targets::new()
        // A prefix, which the library's name begins with as well.
        .with_target(env!("CARGO_CRATE_NAME"), own)
        .with_target("hyper_util", connections);
    let layer =
        fmt::layer().with_writer(std::io::stderr).with_ansi(false).with_span_events(FmtSpan::CLOSE);
    tracing_subscriber::registry().with(layer.with_filter(shown)).init();
}
