//! The signals that end the program before its time.

use std::io;

/// A signal that ends the program.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Signal {
    /// SIGINT: Ctrl-C.
    Interrupt,
    /// SIGTERM, which service managers and `kill` send.
    #[cfg(unix)]
    Terminate,
}

impl Signal {
    /// The next one that comes.
    #[cfg(unix)]
    pub(crate) async fn next() -> io::Result<Self> {
        use tokio::signal::unix::{SignalKind, signal};

        let mut terminate = signal(SignalKind::terminate())?;
        tokio::select! {
            interrupt = tokio::signal::ctrl_c() => interrupt.map(|()| Self::Interrupt),
            _ = terminate.recv() => Ok(Self::Terminate),
        }
    }

    /// The next one that comes.
    #[cfg(not(unix))]
    pub(crate) async fn next() -> io::Result<Self> {
        tokio::signal::ctrl_c().await.map(|()| Self::Interrupt)
    }

    /// What it did to the program.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Interrupt => "interrupted",
            #[cfg(unix)]
            Self::Terminate => "terminated",
        }
    }

    /// Ends the program as the signal would have done unheard.
    #[cfg(unix)]
    pub(crate) fn die(self) -> u8 {
        use signal_hook::{consts, low_level::emulate_default_handler};

        let number = match self {
            Self::Interrupt => consts::SIGINT,
            Self::Terminate => consts::SIGTERM,
        };
        // Returns only if that fails; shells show a death by signal as this code.
        let _ = emulate_default_handler(number);
        u8::try_from(128 + number).unwrap_or(u8::MAX)
    }

    /// The exit code that says so, where a program cannot die of a signal.
    #[cfg(not(unix))]
    pub(crate) fn die(self) -> u8 {
        130
    }
}
