//! Decides from the results of earlier requests when the next may be sent, without reading a
//! clock or waiting.

use std::time::Duration;

use tokio::time::Instant;

/// The number of requests sent at once at first: Outlook's documented limit for an app and
/// a mailbox ([throttling limits](https://learn.microsoft.com/graph/throttling-limits)).
const START: u32 = 4;

/// The number of answers without a sign of throttling before one more request is sent at once.
const STEP: u32 = 20;

/// The percentage of a limit from which Graph warns.
const NEAR_PERCENT: u32 = 80;

/// The minimum part of the rate while Graph warns.
const SLOWEST: f64 = 0.25;

/// The slowdown for each percent after the first: from 80 percent on, the run never reaches
/// the limit within the window of the warning.
const SLOWER_BY_PERCENT: f64 = 0.0375;

/// The number of consecutive unanswered requests after which the network seems to be down:
/// fewer mean a broken connection, which does not affect the others.
const UNREACHABLE: u32 = 3;

/// The first wait if Graph gives none; doubled each further time.
const HOLD: Duration = Duration::from_secs(1);

/// The longest wait if Graph gives none.
const LONGEST_HOLD: Duration = Duration::from_secs(60);

/// The shortest wait, even if Graph gives a shorter one.
const SHORTEST_HOLD: Duration = Duration::from_millis(100);

/// The longest wait, even if Graph gives a longer one.
const LONGEST_WAIT: Duration = Duration::from_secs(24 * 60 * 60);

/// The lag that requests may catch up on: timers are no finer than a millisecond.
const SLACK: Duration = Duration::from_millis(10);

/// The user's limits.
#[derive(Debug, Clone, Copy)]
pub(super) struct Limits {
    /// The number of requests sent at once at first.
    start: u32,
    /// The maximum number of requests at once.
    pub(super) transfers: u32,
    /// The maximum number of requests per second.
    pub(super) rate: f64,
}

impl Limits {
    pub(super) fn new(transfers: u32, rate: f64) -> Self {
        Self { start: START.min(transfers), transfers, rate }
    }

    /// One shard's equal part of the limits.
    pub(super) fn divided(self, parts: u32) -> Self {
        Self {
            start: (self.start / parts).max(1),
            transfers: (self.transfers / parts).max(1),
            rate: self.rate / f64::from(parts),
        }
    }
}

/// The result of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Feedback {
    /// Graph answered, with the used share of a limit if it is near.
    Answered { percent: Option<u32> },
    /// Graph asks the client to wait and send less.
    Throttled { wait: Option<Duration> },
    /// Graph failed, for reasons unrelated to limits.
    Failed,
    /// There was no answer.
    Unreachable,
}

/// Whether a request may be sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Admission {
    Now,
    /// Not before this time.
    At(Instant),
    /// Not before another request has ended.
    Full,
    /// Never: the run sends no more.
    Closed,
}

/// The waits of a run.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Waits {
    /// The number of throttled requests.
    pub(super) throttled: u32,
    /// The number of throttling episodes.
    pub(super) episodes: u32,
    /// The total time on hold.
    pub(super) held: Duration,
}

/// The state of a limiter: additive increase and multiplicative decrease of concurrent
/// requests, a steady rate, and a hold on all requests.
#[derive(Debug)]
pub(super) struct Throttle {
    limits: Limits,
    at_once: u32,
    in_flight: u32,
    /// Consecutive answers without a sign of throttling.
    clean: u32,
    /// Consecutive answers with a warning.
    near: u32,
    /// The part of the rate in use.
    speed: f64,
    /// When the rate allows the next request.
    next: Instant,
    hold: Instant,
    /// The time of the last throttling: requests under way then belong to the same episode.
    episode: Option<Instant>,
    /// Consecutive holds.
    holds: u32,
    /// Consecutive unanswered requests.
    unreachable: u32,
    is_closed: bool,
    waits: Waits,
}

impl Throttle {
    pub(super) fn new(limits: Limits, now: Instant) -> Self {
        Self {
            limits,
            at_once: limits.start.min(limits.transfers),
            in_flight: 0,
            clean: 0,
            near: 0,
            speed: 1.0,
            next: now,
            hold: now,
            episode: None,
            holds: 0,
            unreachable: 0,
            is_closed: false,
            waits: Waits::default(),
        }
    }

    /// Whether a request may be sent; if so, it counts as sent.
    pub(super) fn admit(&mut self, now: Instant) -> Admission {
        let interval = Duration::from_secs_f64(1.0 / (self.limits.rate * self.speed));
        let slack = if interval < SLACK { SLACK } else { Duration::ZERO };
        let due = self.next.checked_sub(slack).unwrap_or(now);
        if self.is_closed {
            Admission::Closed
        } else if self.hold > now {
            Admission::At(self.hold)
        } else if self.in_flight >= self.at_once {
            Admission::Full
        } else if due > now {
            Admission::At(due)
        } else {
            self.in_flight += 1;
            self.next = self.next.max(now) + interval;
            Admission::Now
        }
    }

    /// Records the end of a request that was sent at `sent`.
    pub(super) fn end(&mut self, sent: Instant, feedback: Option<Feedback>, now: Instant) {
        self.in_flight -= 1;
        self.unreachable = match feedback {
            Some(Feedback::Unreachable) => self.unreachable + 1,
            Some(_) => 0,
            None => self.unreachable,
        };
        match feedback {
            Some(Feedback::Answered { percent: Some(percent) }) if percent >= NEAR_PERCENT => {
                self.slow_down(percent);
            }
            Some(Feedback::Answered { .. }) => self.speed_up(),
            Some(Feedback::Throttled { wait }) => self.throttled(sent, wait, now),
            Some(Feedback::Unreachable) if self.unreachable >= UNREACHABLE => {
                self.hold_for(sent, None, now);
            }
            Some(Feedback::Failed) => self.holds = 0,
            Some(Feedback::Unreachable) | None => {}
        }
    }

    fn speed_up(&mut self) {
        (self.speed, self.near, self.holds) = (1.0, 0, 0);
        self.clean += 1;
        if self.clean >= STEP && self.at_once < self.limits.transfers {
            (self.at_once, self.clean) = (self.at_once + 1, 0);
        }
    }

    fn slow_down(&mut self, percent: u32) {
        let beyond = f64::from(percent - NEAR_PERCENT);
        self.speed = (1.0 - beyond * SLOWER_BY_PERCENT).clamp(SLOWEST, 1.0);
        (self.clean, self.holds) = (0, 0);
        self.near += 1;
        if self.near >= STEP {
            (self.at_once, self.near) = ((self.at_once - 1).max(1), 0);
        }
    }

    fn throttled(&mut self, sent: Instant, wait: Option<Duration>, now: Instant) {
        self.waits.throttled += 1;
        if self.is_new_episode(sent) {
            self.waits.episodes += 1;
            self.at_once = (self.at_once / 2).max(1);
            self.clean = 0;
        }
        self.hold_for(sent, wait, now);
    }

    fn is_new_episode(&self, sent: Instant) -> bool {
        self.episode.is_none_or(|episode| sent > episode)
    }

    /// Holds all requests for the time that Graph gives, or else for longer each time.
    fn hold_for(&mut self, sent: Instant, wait: Option<Duration>, now: Instant) {
        if self.is_new_episode(sent) {
            self.holds += 1;
            self.episode = Some(now);
        }
        let doubled = HOLD * 2_u32.saturating_pow(self.holds.saturating_sub(1)).min(64);
        let wait = wait.map_or(doubled.min(LONGEST_HOLD), |wait| wait.min(LONGEST_WAIT));
        let end = now + wait.max(SHORTEST_HOLD);
        self.waits.held += end.saturating_duration_since(self.hold.max(now));
        self.hold = self.hold.max(end);
    }

    pub(super) fn close(&mut self) {
        self.is_closed = true;
    }

    pub(super) fn is_closed(&self) -> bool {
        self.is_closed
    }

    /// The time until sending may resume, if it is on hold.
    pub(super) fn hold(&self, now: Instant) -> Option<Duration> {
        self.hold.checked_duration_since(now).filter(|hold| !hold.is_zero())
    }

    /// Whether the network seems to be down.
    pub(super) fn is_unreachable(&self) -> bool {
        self.unreachable >= UNREACHABLE
    }

    pub(super) fn waits(&self) -> Waits {
        self.waits
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const CLEAN: Feedback = Feedback::Answered { percent: None };

    fn near(percent: u32) -> Feedback {
        Feedback::Answered { percent: Some(percent) }
    }

    fn throttled(seconds: u64) -> Feedback {
        Feedback::Throttled { wait: Some(Duration::from_secs(seconds)) }
    }

    /// A limiter for `transfers` requests at once, and the time.
    fn start(transfers: u32) -> (Throttle, Instant) {
        let now = Instant::now();
        (Throttle::new(Limits::new(transfers, 1e6), now), now)
    }

    /// Sends as many requests as the limiter admits, and returns their number.
    fn fill(throttle: &mut Throttle, now: Instant) -> u32 {
        (0..1000).take_while(|_| throttle.admit(now) == Admission::Now).count().try_into().unwrap()
    }

    #[test]
    fn it_starts_with_four_and_adds_one_after_twenty_clean_answers() {
        let (mut throttle, now) = start(8);
        assert_eq!(fill(&mut throttle, now), 4);
        let mut sizes = Vec::new();
        for answer in 1..=100 {
            throttle.end(now, Some(CLEAN), now);
            sizes.push(throttle.at_once);
            assert!(answer % 20 != 0 || throttle.at_once == (4 + answer / 20).min(8));
            throttle.admit(now + Duration::from_secs(answer.into()));
        }
        assert_eq!((sizes[18], sizes[19], sizes[99]), (4, 5, 8));
        let (mut throttle, now) = start(2);
        assert_eq!(fill(&mut throttle, now), 2);
    }

    #[test]
    fn shards_share_the_limits() {
        let whole = Limits::new(8, 20.0);
        let (two, many) = (whole.divided(2), whole.divided(100));
        assert_eq!((two.start, two.transfers), (2, 4));
        assert!((two.rate - 10.0).abs() < 1e-9);
        assert_eq!((many.start, many.transfers), (1, 1));
        assert!((many.rate - 0.2).abs() < 1e-9);
    }

    #[test]
    fn one_episode_halves_once_and_never_to_none() {
        let (mut throttle, now) = start(8);
        let mut now = now;
        for expected in [2, 1, 1] {
            let sent = fill(&mut throttle, now);
            let later = now + Duration::from_secs(1);
            (0..sent).for_each(|_| throttle.end(now, Some(throttled(5)), later));
            assert_eq!(throttle.at_once, expected);
            assert_eq!(throttle.admit(later), Admission::At(later + Duration::from_secs(5)));
            now = later + Duration::from_secs(5);
        }
        assert_eq!(throttle.waits.episodes, 3);
        assert_eq!(throttle.waits.held, Duration::from_secs(15));
    }

    #[test]
    fn a_warning_slows_down_before_anything_is_throttled() {
        let (mut throttle, now) = start(8);
        throttle.limits.rate = 20.0;
        let mut gap = |feedback| {
            let now = now + Duration::from_secs(10);
            throttle.next = now;
            assert_eq!(throttle.admit(now), Admission::Now);
            throttle.end(now, Some(feedback), now);
            throttle.next = now;
            throttle.admit(now);
            throttle.end(now, None, now);
            (throttle.next - now).as_millis()
        };
        assert_eq!([gap(CLEAN), gap(near(79)), gap(near(80))], [50, 50, 50]);
        assert_eq!([gap(near(90)), gap(near(100)), gap(near(180))], [80, 200, 200]);
        assert_eq!(gap(CLEAN), 50);
        (0..60).for_each(|_| {
            gap(near(90));
        });
        assert_eq!(throttle.at_once, 1);
    }

    #[test]
    fn a_connection_that_breaks_holds_nobody_up() {
        let (mut throttle, now) = start(4);
        for feedback in [Feedback::Unreachable, Feedback::Unreachable, Feedback::Failed] {
            throttle.admit(now);
            throttle.end(now, Some(feedback), now);
            assert_eq!(throttle.hold(now), None);
        }
        assert_eq!(fill(&mut throttle, now), 4);
    }

    #[test]
    fn without_a_time_the_waits_double() {
        let (mut throttle, mut now) = start(4);
        let unreachable = Some(Feedback::Unreachable);
        let mut waits = Vec::new();
        for _ in 0..8 {
            fill(&mut throttle, now);
            let sent = now;
            now += Duration::from_millis(1);
            (0..4).for_each(|_| throttle.end(sent, unreachable, now));
            assert!(throttle.is_unreachable());
            waits.push(throttle.hold(now).unwrap().as_secs());
            now += throttle.hold(now).unwrap();
        }
        assert_eq!(waits, [1, 2, 4, 8, 16, 32, 60, 60]);
        assert_eq!(throttle.at_once, 4);
        throttle.admit(now);
        throttle.end(now, Some(Feedback::Throttled { wait: Some(Duration::MAX) }), now);
        assert_eq!(throttle.hold(now), Some(LONGEST_WAIT));
    }

    /// A server that accepts 3,000 requests in each 150 seconds, as Graph documents for
    /// writes, and reports the used share from 80 percent on.
    #[test]
    fn most_of_a_documented_limit_is_used_and_it_is_never_reached() {
        let start = Instant::now();
        let mut throttle = Throttle::new(Limits::new(8, 20.0), start);
        let (mut now, mut window, mut used, mut sent) = (start, start, 0_u32, 0_u32);
        while now < start + Duration::from_secs(1500) {
            match throttle.admit(now) {
                Admission::Now => {}
                Admission::At(time) => {
                    now = time;
                    continue;
                }
                other => panic!("{other:?}"),
            }
            if now >= window + Duration::from_secs(150) {
                (window, used) = (now, 0);
            }
            (used, sent) = (used + 1, sent + 1);
            assert!(used <= 3000, "throttled after {:?}", now - start);
            let percent = used * 100 / 3000;
            throttle.end(now, Some(Feedback::Answered { percent: Some(percent) }), now);
        }
        assert!(sent > 27_000, "{sent} of 30000");
    }
}
