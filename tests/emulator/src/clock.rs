//! The emulator's clock: the system's, and as much ahead of it as it was moved.

use std::{
    sync::Mutex,
    time::{Duration, SystemTime},
};

/// A hundred years: further, dates could no longer be written as HTTP does.
pub(crate) const MAX_AHEAD: Duration = Duration::from_secs(100 * 365 * 24 * 60 * 60);

/// A clock that can be moved forwards.
#[derive(Debug, Default)]
pub(crate) struct Clock {
    ahead: Mutex<Duration>,
}

impl Clock {
    /// The time that tokens, limits and answers are judged by.
    pub(crate) fn now(&self) -> SystemTime {
        SystemTime::now() + self.ahead()
    }

    /// How far it is ahead of the system's clock.
    pub(crate) fn ahead(&self) -> Duration {
        *self.lock()
    }

    /// Moves the clock forwards, a hundred years at most in all.
    pub(crate) fn advance(&self, by: Duration) {
        let mut ahead = self.lock();
        *ahead = ahead.saturating_add(by).min(MAX_AHEAD);
    }

    /// Moves the clock forwards; `false`, and not at all, if that is too far.
    pub(crate) fn try_advance(&self, by: Duration) -> bool {
        let mut ahead = self.lock();
        let sum = ahead.checked_add(by).filter(|sum| *sum <= MAX_AHEAD);
        *ahead = sum.unwrap_or(*ahead);
        sum.is_some()
    }

    /// Sets the clock back to the system's.
    pub(crate) fn reset(&self) {
        *self.lock() = Duration::ZERO;
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Duration> {
        self.ahead.lock().expect("no thread panics while it holds this lock")
    }
}
