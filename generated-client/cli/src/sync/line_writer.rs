//! Writes lines to standard output on a separate thread, so that a stalled reader cannot keep
//! the run from hearing Ctrl-C.

use std::{
    io,
    sync::mpsc::{Sender, channel},
    thread::{self, JoinHandle},
};

use crate::{blocking::off_thread, failure::Failure, output};

/// Writes lines in the order received.
#[derive(Debug)]
pub(super) struct LineWriter {
    lines: Sender<String>,
    thread: JoinHandle<io::Result<()>>,
}

impl LineWriter {
    /// # Errors
    ///
    /// [`Failure`] if the system cannot start a thread.
    pub(super) fn start() -> Result<Self, Failure> {
        let (lines, received) = channel::<String>();
        let thread = thread::Builder::new().name("lines".to_owned());
        let thread =
            thread.spawn(move || received.iter().try_for_each(|line| output::write(&line)));
        let thread =
            thread.map_err(|cause| Failure::System("failed to start".to_owned(), cause))?;
        Ok(Self { lines, thread })
    }

    /// Queues a line for writing.
    pub(super) fn write(&self, line: String) {
        // If the thread has ended, `end` returns the reason.
        let _ = self.lines.send(line);
    }

    /// Whether writing has failed for good.
    pub(super) fn is_broken(&self) -> bool {
        self.thread.is_finished()
    }

    /// Waits until all lines are written.
    ///
    /// # Errors
    ///
    /// [`Failure`] if a line could not be written.
    pub(super) async fn end(self) -> Result<(), Failure> {
        drop(self.lines);
        let join = || self.thread.join().unwrap_or_else(|_| Err(io::Error::other("it panicked")));
        off_thread(join).await.map_err(|cause| {
            Failure::System("failed to write to standard output".to_owned(), cause)
        })
    }
}
