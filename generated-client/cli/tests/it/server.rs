//! A scripted server for tests that are not async.

use std::{cell::Cell, time::Duration};

use graph_photo_emulator::{Emulator, Fault, RecordedRequest};

/// How long to wait for a request before the test fails.
const PATIENCE: Duration = Duration::from_secs(60);

/// A server on this machine.
pub(crate) struct Server {
    /// Its URL, to append paths to.
    pub(crate) base_url: String,
    scripted: Emulator,
    taken: Cell<usize>,
}

impl Server {
    /// Responds with these in turn; an empty one means silence.
    pub(crate) fn answering<const N: usize>(answers: [&'static str; N]) -> Self {
        let step = |answer| match answer {
            "" => Fault::silence(),
            answer => Fault::raw(answer).then_close(),
        };
        let scripted = Emulator::start().unwrap();
        scripted.play(answers.map(step));
        let base_url = format!("{}/v1.0", scripted.url());
        Self { base_url, scripted, taken: Cell::default() }
    }

    /// The next request; waits for it.
    pub(crate) fn request(&self) -> RecordedRequest {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
        let index = self.taken.replace(self.taken.get() + 1);
        let requests = async {
            tokio::time::timeout(PATIENCE, self.scripted.wait_for_requests(index + 1)).await
        };
        runtime.block_on(requests).expect("a request comes").swap_remove(index)
    }

    /// The requests not taken yet. Complete once the client has ended, since each is
    /// recorded before the response is sent.
    pub(crate) fn requests(&self) -> Vec<RecordedRequest> {
        self.scripted.requests().split_off(self.taken.get())
    }
}
