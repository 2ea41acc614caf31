//! Writes lines to standard output on a thread of its own: a reader that stalls must not keep
//! the run from hearing Ctrl-C.

use std::{
    io,
    sync::mpsc::{Sender, channel},
    thread::{self, JoinHandle},
};

use crate::{blocking::off_thread, failure::Failure, output};

/// Writes lines in the order in which it gets them.
#[derive(Debug)]
pub(super) struct LineWriter {
    lines: Sender<String>,
    thread: JoinHandle<io::Result<()>>,
}

impl LineWriter {
    /// # Errors
    ///
    /// [`Failure`] if the system gives it no thread.
    pub(super) fn start() -> Result<Self, Failure> {
        let (lines, received) = channel::<String>();
        let thread = thread::Builder::new().name("lines".to_owned());
        let thread =
            thread.spawn(move || received.iter().try_for_each(|line| output::write(&line)));
        let thread =
            thread.map_err(|cause| Failure::System("failed to start".to_owned(), cause))?;
        Ok(Self { lines, thread })
    }

    /// Writes a line soon.
    pub(super) fn write(&self, line: String) {
        // If the thread has ended, `end` tells why.
        let _ = self.lines.send(line);
    }

    /// Whether nothing can be written any more.
    pub(super) fn is_broken(&self) -> bool {
        self.thread.is_finished()
    }

    /// Waits until all lines are written.
    ///
    /// # Errors
    ///
    /// [`Failure`] if they were not.
    pub(super) async fn end(self) -> Result<(), Failure> {
        drop(self.lines);
        let join = || self.thread.join().unwrap_or_else(|_| Err(io::Error::other("it panicked")));
        off_thread(join).await.map_err(|cause| {
            Failure::System("failed to write to standard output".to_owned(), cause)
        })
    }
}
