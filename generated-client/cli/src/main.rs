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
mod misplaced_token;
mod output;
mod permissions;
mod photo;
mod progress;

mod report;
mod set;
mod shard;
mod sign_in;
mod signal;
mod sync;
mod target;
mod token;
mod whole_file;

use std::{
    env,
    process::{self, ExitCode},
};

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
    signal::{REPORT_TIMEOUT, Signal},
};

fn main() -> ExitCode {
    let arguments = Arguments::try_parse().unwrap_or_else(|error| refuse(&error));
    log(&arguments);
    let output = Output::new(arguments.json);
    let runtime = match tokio::runtime::Builder::new_current_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(cause) => {
            let failure = Failure::System("failed to start the program".to_owned(), cause);
            output.failure(&failure, &subject(&arguments));
            return failure.exit().end();
        }
    };
    let exit = runtime.block_on(run_until_interrupted(&arguments, output));
    // Not dropped, which would wait for reads that may never end.
    runtime.shutdown_background();
    exit.end()
}

/// Ends the program with what clap has to say: an error in the arguments, or help.
fn refuse(error: &clap::Error) -> ! {
    let is_json = env::args_os().any(|argument| argument == "--json");
    if is_json && error.use_stderr() {
        // The first paragraph is the problem; the usage follows.
        let text = error.render().to_string();
        let problem = text.split("\n\n").next().unwrap_or_default();
        let words: Vec<&str> = problem.trim_start_matches("error: ").split_whitespace().collect();
        output::failure_json(&Failure::arguments(words.join(" ")), &Subject::default());
    }
    if error.use_stderr() {
        output::arguments_error(error);
        process::exit(error.exit_code());
    }
    error.exit()
}

/// Runs the command; drops it, with its upload, on a signal such as Ctrl-C. A command with
/// many uploads lets those end first.
async fn run_until_interrupted(arguments: &Arguments, output: Output) -> Exit {
    if let Command::Sync(_) = arguments.command {
        return run_and_report(arguments, output).await;
    }
    tokio::select! {
        biased; // listen for signals before anything begins
        signal = Signal::next() => {
            let failure = Failure::interrupted(signal);
            let exit = failure.exit();
            let reported = report(failure, arguments, output);
            tokio::time::timeout(REPORT_TIMEOUT, reported).await.unwrap_or(exit)
        }
        exit = run_and_report(arguments, output) => exit,
    }
}

async fn run_and_report(arguments: &Arguments, output: Output) -> Exit {
    match run(arguments, output).await {
        Ok(exit) => exit,
        Err(failure) => report(failure, arguments, output).await,
    }
}

/// Writes why the command failed; like all output, not on this thread.
async fn report(failure: Failure, arguments: &Arguments, output: Output) -> Exit {
    let (exit, subject) = (failure.exit(), subject(arguments));
    // If this fails, nothing else could report it.
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

/// Shows what this program and its library log, by the number of `-v`: only waits before
/// retries; everything; connections as well. Other crates stay hidden, since they may log
/// secrets.
fn log(arguments: &Arguments) {
    let (own, connections) = match arguments.verbose {
        // It waits by itself and tells so: thousands of spans would be made for nothing.
        0 if matches!(arguments.command, Command::Sync(_)) => return,
        0 => {
            let progress = Progress::layer(arguments.connection.retry_policy().max_retries);
            return tracing_subscriber::registry().with(progress).init();
        }
        1 => (LevelFilter::DEBUG, LevelFilter::OFF),
        _ => (LevelFilter::TRACE, LevelFilter::TRACE),
    };
    let shown = Targets::new()
        // A prefix: it selects the library as well.
        .with_target(env!("CARGO_CRATE_NAME"), own)
        .with_target("hyper_util", connections);
    let layer =
        fmt::layer().with_writer(std::io::stderr).with_ansi(false).with_span_events(FmtSpan::CLOSE);
    tracing_subscriber::registry().with(layer.with_filter(shown)).init();
}
