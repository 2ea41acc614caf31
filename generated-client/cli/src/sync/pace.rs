//! The pace of a run: as many photos at once and per second as Graph accepts without
//! throttling.

use std::{
    sync::{Arc, Mutex, MutexGuard},
    time::Duration,
};

use tokio::{
    sync::Notify,
    time::{Instant, sleep, sleep_until},
};

use super::throttle::{Admission, Feedback, Throttle, Waits};

/// The limiter that all uploads of a run share.
#[derive(Debug)]
pub(super) struct Pace {
    throttle: Mutex<Throttle>,
    changed: Notify,
}

/// Permission to send one request; dropping it reports no result.
#[derive(Debug)]
pub(super) struct Permit {
    pace: Arc<Pace>,
    given: Instant,
}

impl Pace {
    pub(super) fn new(throttle: Throttle) -> Arc<Self> {
        Arc::new(Self { throttle: Mutex::new(throttle), changed: Notify::new() })
    }

    fn throttle(&self) -> MutexGuard<'_, Throttle> {
        self.throttle.lock().expect("nothing panics while it holds the lock")
    }

    /// Waits until a request may be sent; `None` if the run sends no more.
    pub(super) async fn admit(self: &Arc<Self>) -> Option<Permit> {
        loop {
            let changed = self.changed.notified();
            let now = Instant::now();
            let admission = self.throttle().admit(now);
            match admission {
                Admission::Now => {
                    return Some(Permit { pace: Arc::clone(self), given: now });
                }
                Admission::Closed => return None,
                Admission::Full => changed.await,
                Admission::At(time) => tokio::select! {
                    () = sleep_until(time) => {}
                    () = changed => {}
                },
            }
        }
    }

    /// Waits before a photo is sent again; returns early if the run sends no more.
    pub(super) async fn pause(&self, delay: Duration) {
        let end = sleep(delay);
        tokio::pin!(end);
        loop {
            let changed = self.changed.notified();
            if self.is_closed() {
                return;
            }
            tokio::select! {
                () = &mut end => return,
                () = changed => {}
            }
        }
    }

    /// Prevents further requests.
    pub(super) fn close(&self) {
        self.throttle().close();
        self.changed.notify_waiters();
    }

    pub(super) fn is_closed(&self) -> bool {
        self.throttle().is_closed()
    }

    /// The time until sending may resume, if it is on hold.
    pub(super) fn hold(&self) -> Option<Duration> {
        self.throttle().hold(Instant::now())
    }

    /// Whether the network seems to be down.
    pub(super) fn is_unreachable(&self) -> bool {
        self.throttle().is_unreachable()
    }

    /// Whether it was gone for so long that the run is to end.
    pub(super) fn is_gone(&self) -> bool {
        self.throttle().is_gone()
    }

    /// How many requests were answered by more than a wait.
    pub(super) fn answers(&self) -> u64 {
        self.throttle().answers()
    }

    /// The waits so far.
    pub(super) fn waits(&self) -> Waits {
        self.throttle().waits(Instant::now())
    }
}

impl Permit {
    /// Reports the request's result to the others at once.
    pub(super) fn note(&self, feedback: Feedback) {
        self.pace.throttle().note(self.given, feedback, Instant::now());
        self.pace.changed.notify_waiters();
    }
}

impl Drop for Permit {
    fn drop(&mut self) {
        self.pace.throttle().release();
        self.pace.changed.notify_waiters();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sync::throttle::Limits;

    impl Permit {
        fn end(self, feedback: Feedback) {
            self.note(feedback);
        }
    }

    fn pace(transfers: u32, rate: f64) -> Arc<Pace> {
        Pace::new(Throttle::new(Limits::new(transfers, rate), Instant::now()))
    }

    #[tokio::test(start_paused = true)]
    async fn no_more_than_the_rate_is_sent() {
        let (pace, start) = (pace(8, 20.0), Instant::now());
        for _ in 0..100 {
            pace.admit().await.unwrap().end(Feedback::Answered { percent: None });
        }
        let seconds = start.elapsed().as_secs_f64();
        assert!((4.9..5.1).contains(&seconds), "{seconds}");
    }

    #[tokio::test(start_paused = true)]
    async fn a_high_rate_is_not_cut_by_the_timer() {
        let (pace, start) = (pace(8, 20_000.0), Instant::now());
        for _ in 0..20_000 {
            pace.admit().await.unwrap().end(Feedback::Answered { percent: None });
        }
        let seconds = start.elapsed().as_secs_f64();
        assert!((0.9..1.1).contains(&seconds), "{seconds}");
    }

    #[tokio::test(start_paused = true)]
    async fn the_whole_run_waits_as_long_as_graph_says() {
        let (pace, start) = (pace(8, 1000.0), Instant::now());
        let permits = [pace.admit().await.unwrap(), pace.admit().await.unwrap()];
        for (permit, seconds) in permits.into_iter().zip([400, 7]) {
            permit.end(Feedback::Throttled { wait: Some(Duration::from_secs(seconds)) });
        }
        assert_eq!(pace.hold().unwrap().as_secs(), 400);
        assert_eq!(pace.waits().held.as_secs(), 0);
        let other = tokio::spawn({
            let pace = Arc::clone(&pace);
            async move { pace.admit().await.unwrap() }
        });
        pace.admit().await.unwrap();
        other.await.unwrap();
        assert_eq!(start.elapsed().as_secs(), 400);
        let waits = pace.waits();
        assert_eq!((waits.throttled, waits.episodes, waits.held.as_secs()), (2, 1, 400));
    }

    #[tokio::test(start_paused = true)]
    async fn a_run_without_a_network_ends_by_itself_however_many_wait() {
        let (pace, start) = (pace(4, 1000.0), Instant::now());
        let tasks = (0..200).map(|_| {
            let pace = Arc::clone(&pace);
            tokio::spawn(async move {
                let mut requests = 0;
                while let Some(permit) = pace.admit().await {
                    permit.end(Feedback::Unreachable);
                    requests += 1;
                }
                requests
            })
        });
        let mut requests = 0;
        for task in tasks.collect::<Vec<_>>() {
            requests += task.await.unwrap();
        }
        assert!(pace.is_gone() && (5..10).contains(&requests), "{requests}");
        assert!((15..17).contains(&start.elapsed().as_secs()), "{:?}", start.elapsed());
    }

    #[tokio::test(start_paused = true)]
    async fn whoever_waits_is_told_that_no_more_may_be_sent() {
        let (pace, start) = (pace(1, 1000.0), Instant::now());
        let permit = pace.admit().await.unwrap();
        let waiting = tokio::spawn({
            let pace = Arc::clone(&pace);
            async move { pace.admit().await.is_none() }
        });
        let pausing = tokio::spawn({
            let pace = Arc::clone(&pace);
            async move { pace.pause(Duration::from_secs(100)).await }
        });
        tokio::task::yield_now().await;
        pace.close();
        assert!(waiting.await.unwrap());
        pausing.await.unwrap();
        permit.end(Feedback::Answered { percent: None });
        assert!(pace.admit().await.is_none());
        assert!(start.elapsed().as_secs() < 1);
    }
}
