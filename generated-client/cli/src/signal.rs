//! The signals that end the program early.

use std::io;

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

    /// Ends the program as the unhandled signal would have done. Where that is impossible,
    /// returns the exit code that shells show for it.
    pub(crate) fn die(self) -> u8 {
        #[cfg(unix)]
        let _ = signal_hook::low_level::emulate_default_handler(self.number.into());
        128 + self.number
    }
}
