//! Output of the commands: they go on after their reader has gone, as in `check | head`.

use std::{
    fmt,
    io::{ErrorKind, Write},
    process,
};

/// Prints a line.
macro_rules! say {
    ($($arguments:tt)+) => {
        $crate::terminal::write(&mut std::io::stdout(), format_args!($($arguments)+))
    };
}

/// Prints a line to the standard error stream.
macro_rules! complain {
    ($($arguments:tt)+) => {
        $crate::terminal::write(&mut std::io::stderr(), format_args!($($arguments)+))
    };
}

pub(crate) use {complain, say};

pub(crate) fn write(stream: &mut dyn Write, text: fmt::Arguments<'_>) {
    match writeln!(stream, "{text}") {
        Err(cause) if cause.kind() != ErrorKind::BrokenPipe => {
            let _ = writeln!(std::io::stderr(), "error: failed to write the output: {cause}");
            process::exit(1);
        }
        _ => {}
    }
}

/// The form of a report.
#[derive(Clone, Copy, Default, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Format {
    #[default]
    Text,
    Json,
    Markdown,
}
