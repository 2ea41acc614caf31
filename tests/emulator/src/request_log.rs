//! The requests that were answered lately, and those who wait for one.

use std::{
    collections::{HashMap, VecDeque},
    sync::{Condvar, Mutex, MutexGuard},
    time::Duration,
};

use bytes::Bytes;
use tokio::sync::watch;

use crate::recorded_request::{Outcome, RecordedRequest};

/// The most bytes of bodies that are kept, equal ones counted once.
const MAX_BODY_BYTES: usize = 256 * 1024 * 1024;
const LOCK_INVARIANT: &str = "no thread panics while it holds this lock";

/// What those are told who follow what happens.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Event {
    /// The request with this number was recorded.
    Request(u64),
    /// Faults, clock, or all there is was changed.
    Change,
}

/// The latest requests.
#[derive(Debug)]
pub(crate) struct Records {
    latest: Mutex<Latest>,
    /// For threads that wait.
    recorded: Condvar,
    /// For tasks that wait: how many there were.
    total: watch::Sender<usize>,
    limit: usize,
}

#[derive(Debug, Default)]
struct Latest {
    requests: VecDeque<RecordedRequest>,
    /// How many requests share a body, by where it is.
    bodies: HashMap<usize, usize>,
    body_bytes: usize,
    total: usize,
}

impl Latest {
    fn keep(&mut self, body: &Bytes) {
        let count = self.bodies.entry(body.as_ptr().addr()).or_default();
        *count += 1;
        self.body_bytes += if *count == 1 { body.len() } else { 0 };
    }

    fn forget(&mut self, body: &Bytes) {
        let place = body.as_ptr().addr();
        let Some(count) = self.bodies.get_mut(&place) else { return };
        *count -= 1;
        if *count == 0 {
            self.bodies.remove(&place);
            self.body_bytes -= body.len();
        }
    }
}

impl Records {
    /// Keeps the latest `limit` requests.
    pub(crate) fn new(limit: usize) -> Self {
        let (latest, recorded) = (Mutex::default(), Condvar::new());
        Self { latest, recorded, total: watch::Sender::new(0), limit }
    }

    /// Adds a request, and forgets the oldest ones if there are too many.
    pub(crate) fn add(&self, request: RecordedRequest) {
        let mut latest = self.lock();
        latest.total += 1;
        latest.keep(&request.body);
        latest.requests.push_back(request);
        while latest.requests.len() > self.limit || latest.body_bytes > MAX_BODY_BYTES {
            let Some(oldest) = latest.requests.pop_front() else { break };
            latest.forget(&oldest.body);
        }
        self.total.send_replace(latest.total);
        drop(latest);
        self.recorded.notify_all();
    }

    /// Completes a request whose body was read after it had been answered.
    pub(crate) fn complete(&self, number: u64, body: Bytes, wire_bytes: u64) {
        let mut latest = self.lock();
        let Some(at) = latest.requests.iter().position(|request| request.number == number) else {
            return;
        };
        latest.keep(&body);
        let request = &mut latest.requests[at];
        let before = std::mem::replace(&mut request.body, body);
        request.wire_bytes = wire_bytes;
        latest.forget(&before);
    }

    /// The latest requests, oldest first.
    pub(crate) fn all(&self) -> Vec<RecordedRequest> {
        self.lock().requests.iter().cloned().collect()
    }

    /// The latest `limit` requests, of one outcome or of any, oldest first.
    pub(crate) fn latest(&self, limit: usize, outcome: Option<Outcome>) -> Vec<RecordedRequest> {
        let latest = self.lock();
        let wanted = latest.requests.iter().rev();
        let wanted = wanted.filter(|request| outcome.is_none_or(|one| request.outcome == one));
        let mut found: Vec<_> = wanted.take(limit).cloned().collect();
        found.reverse();
        found
    }

    /// How many of the remembered requests had each outcome.
    pub(crate) fn count(&self) -> HashMap<Outcome, usize> {
        let mut counts = HashMap::new();
        for request in &self.lock().requests {
            *counts.entry(request.outcome).or_default() += 1;
        }
        counts
    }

    /// The request with this number. The latest are looked at first: those are asked for.
    pub(crate) fn find(&self, number: u64) -> Option<RecordedRequest> {
        self.lock().requests.iter().rev().find(|request| request.number == number).cloned()
    }

    /// Blocks until `count` requests were added in all; `false` if that takes too long.
    pub(crate) fn wait_for(&self, count: usize, limit: Duration) -> bool {
        let wait =
            self.recorded.wait_timeout_while(self.lock(), limit, |latest| latest.total < count);
        let (latest, _) = wait.expect(LOCK_INVARIANT);
        latest.total >= count
    }

    /// Waits until `count` requests were added in all.
    pub(crate) async fn until(&self, count: usize) {
        let mut total = self.total.subscribe();
        // It fails only without a sender, and `self` has one.
        let _ = total.wait_for(|total| *total >= count).await;
    }

    /// Forgets all, and counts from 0 again.
    pub(crate) fn clear(&self) {
        *self.lock() = Latest::default();
        self.total.send_replace(0);
    }

    fn lock(&self) -> MutexGuard<'_, Latest> {
        self.latest.lock().expect(LOCK_INVARIANT)
    }
}
