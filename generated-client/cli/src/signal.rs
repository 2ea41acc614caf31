//! The signals that end the program early.

use std::{io, time::Duration};

/// How long reporting an interrupt may take if nobody reads the report.
pub(crate) const REPORT_TIMEOUT: Duration = Duration::from_secs(1);

/// A signal that ends the program.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Signal {
    /// What it did to the program, in a word.
    pub(crate) word: &'static str,
    /// Its POSIX number.
    number: u8,
}

impl Signal {
    /// SIGINT: Ctrl-C.
    const INTERRUPT: Self = Self { word: "interrupted", number: 2 };
    /// SIGTERM, which service managers and `kill` send.
    #[cfg(unix)]
    const TERMINATE: Self = Self { word: "terminated", number: 15 };

    /// Waits for the next signal.
    pub(crate) async fn next() -> io::Result<Self> {
        let interrupt = async { tokio::signal::ctrl_c().await.map(|()| Self::INTERRUPT) };
        #[cfg(unix)]
        {
            use tokio::signal::unix::{SignalKind, signal};

            let mut terminate = signal(SignalKind::terminate())?;
            tokio::select! {
                interrupt = interrupt => interrupt,
                _ = terminate.recv() => Ok(Self::TERMINATE),
            }
        }
        #[cfg(not(unix))]
        interrupt.await
    }

    /// The exit code that shells show for a program that died of it.
    pub(crate) fn code(self) -> u8 {
        128 + self.number
    }

    /// Ends the program as the unhandled signal would have done, where that is possible.
    pub(crate) fn die(self) {
        #[cfg(unix)]
        let _ = signal_hook::low_level::emulate_default_handler(self.number.into());
    }
}
