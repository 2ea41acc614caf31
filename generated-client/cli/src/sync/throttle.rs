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

/// The number of consecutive unanswered requests after which the network seems to be down, once
/// Graph has answered: fewer mean a broken connection, which does not affect the others.
const UNREACHABLE: u32 = 3;

/// The number of consecutive unanswered holds that end a run that never got an answer: about
/// 15 seconds.
const FIRST_SILENCES: u32 = 4;

/// The number that ends it once Graph has answered: about 5 minutes.
const LATER_SILENCES: u32 = 10;

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
    /// Whether to wait for a network that seems to be down.
    is_patient: bool,
}

impl Limits {
    pub(super) fn new(transfers: u32, rate: f64) -> Self {
        Self { start: START.min(transfers), transfers, rate, is_patient: true }
    }

    /// One shard's equal part of the limits.
    pub(super) fn divided(self, parts: u32) -> Self {
        Self {
            start: (self.start / parts).max(1),
            transfers: (self.transfers / parts).max(1),
            rate: self.rate / f64::from(parts),
            ..self
        }
    }

    /// The same limits, without a wait for a network that seems to be down.
    pub(super) fn impatient(self) -> Self {
        Self { is_patient: false, ..self }
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
    /// Consecutive holds because of them.
    silences: u32,
    /// When the last of these holds began: a request sent before that proves nothing new.
    silence: Option<Instant>,
    /// The number of answers that neither throttle nor report a failure of Graph.
    answers: u64,
    /// Whether any request was ever answered.
    was_answered: bool,
    /// Whether the network was down for so long that the run ends.
    is_gone: bool,
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
            silences: 0,
            silence: None,
            answers: 0,
            was_answered: false,
            is_gone: false,
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
        } else if self.in_flight >= self.most_at_once() {
            Admission::Full
        } else if due > now {
            Admission::At(due)
        } else {
            self.in_flight += 1;
            self.next = self.next.max(now) + interval;
            Admission::Now
        }
    }

    /// The maximum number of requests under way; one is enough to probe a network that is down.
    fn most_at_once(&self) -> u32 {
        if self.is_unreachable() { 1 } else { self.at_once }
    }

    /// Records that a request is no longer under way.
    pub(super) fn release(&mut self) {
        self.in_flight -= 1;
    }

    /// Records the result of a request, and adapts the pace to it.
    pub(super) fn note(&mut self, sent: Instant, feedback: Feedback, now: Instant) {
        if feedback == Feedback::Unreachable {
            return self.unanswered(sent, now);
        }
        (self.unreachable, self.silences, self.silence) = (0, 0, None);
        self.was_answered = true;
        match feedback {
            Feedback::Answered { percent: Some(percent) } if percent >= NEAR_PERCENT => {
                self.slow_down(percent);
            }
            Feedback::Answered { .. } => self.speed_up(),
            Feedback::Throttled { wait } => self.throttled(sent, wait, now),
            Feedback::Failed | Feedback::Unreachable => self.holds = 0,
        }
    }

    /// Holds all requests if the network seems to be down; closes the run if it stays down.
    fn unanswered(&mut self, sent: Instant, now: Instant) {
        self.unreachable += 1;
        let is_known = self.silence.is_some_and(|silence| sent <= silence);
        if !self.is_unreachable() || is_known {
            return;
        }
        (self.silences, self.silence) = (self.silences + 1, Some(now));
        if self.silences > self.most_silences() {
            self.is_gone = true;
            self.close();
        } else {
            self.hold_until(now + doubled(self.silences), now);
        }
    }

    /// The number of consecutive holds after which the run ends.
    fn most_silences(&self) -> u32 {
        match (self.limits.is_patient, self.was_answered) {
            (false, _) => 0,
            (true, false) => FIRST_SILENCES,
            (true, true) => LATER_SILENCES,
        }
    }

    fn speed_up(&mut self) {
        (self.speed, self.near, self.holds) = (1.0, 0, 0);
        self.answers += 1;
        self.clean += 1;
        if self.clean >= STEP && self.at_once < self.limits.transfers {
            (self.at_once, self.clean) = (self.at_once + 1, 0);
        }
    }

    fn slow_down(&mut self, percent: u32) {
        let beyond = f64::from(percent - NEAR_PERCENT);
        self.speed = (1.0 - beyond * SLOWER_BY_PERCENT).clamp(SLOWEST, 1.0);
        (self.clean, self.holds) = (0, 0);
        self.answers += 1;
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

    /// Holds all requests for as long as Graph asks, or else for longer each time.
    fn hold_for(&mut self, sent: Instant, wait: Option<Duration>, now: Instant) {
        if self.is_new_episode(sent) {
            self.holds += 1;
            self.episode = Some(now);
        }
        let wait = wait.map_or_else(|| doubled(self.holds), |wait| wait.min(LONGEST_WAIT));
        self.hold_until(now + wait.max(SHORTEST_HOLD), now);
    }

    fn hold_until(&mut self, end: Instant, now: Instant) {
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
        self.unreachable >= if self.was_answered { UNREACHABLE } else { 1 }
    }

    /// Whether the network was down for so long that the run ends. A late answer does not
    /// reopen the run.
    pub(super) fn is_gone(&self) -> bool {
        self.is_gone
    }

    /// The number of answers that neither throttle nor report a failure of Graph.
    pub(super) fn answers(&self) -> u64 {
        self.answers
    }

    /// The waits until now, without the rest of a hold that is still going on.
    pub(super) fn waits(&self, now: Instant) -> Waits {
        let rest = self.hold.saturating_duration_since(now);
        Waits { held: self.waits.held.saturating_sub(rest), ..self.waits }
    }
}

/// The wait for the first, second ... consecutive hold if Graph gives none.
fn doubled(times: u32) -> Duration {
    (HOLD * 2_u32.saturating_pow(times.saturating_sub(1)).min(64)).min(LONGEST_HOLD)
}

#[cfg(test)]
mod tests {
    use super::*;

    impl Throttle {
        /// Ends a request, and records its result if it has one.
        fn end(&mut self, sent: Instant, feedback: Option<Feedback>, now: Instant) {
            self.release();
            if let Some(feedback) = feedback {
                self.note(sent, feedback, now);
            }
        }
    }

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
        assert_eq!(throttle.waits(now).held, Duration::from_secs(15));
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
        for feedback in [CLEAN, Feedback::Unreachable, Feedback::Unreachable, Feedback::Failed] {
            throttle.admit(now);
            throttle.end(now, Some(feedback), now);
            assert_eq!(throttle.hold(now), None);
        }
        assert_eq!(fill(&mut throttle, now), 4);
    }

    /// The holds, in seconds, of a run whose requests are not answered, until it ends.
    fn silences(throttle: &mut Throttle, mut now: Instant) -> Vec<u64> {
        let mut waits = Vec::new();
        loop {
            let (sent, under_way) = (now, fill(throttle, now));
            now += Duration::from_millis(1);
            (0..under_way).for_each(|_| throttle.end(sent, Some(Feedback::Unreachable), now));
            assert!(throttle.is_unreachable());
            if throttle.is_gone() {
                assert_eq!(throttle.admit(now), Admission::Closed);
                return waits;
            }
            let hold = throttle.hold(now).unwrap();
            waits.push(hold.as_secs());
            now += hold;
            assert_eq!(
                (throttle.admit(now), throttle.admit(now)),
                (Admission::Now, Admission::Full)
            );
            throttle.release();
        }
    }

    #[test]
    fn a_network_that_stays_gone_ends_the_run() {
        let (mut throttle, now) = start(4);
        assert_eq!(silences(&mut throttle, now), [1, 2, 4, 8]);
        let (mut throttle, now) = start(4);
        throttle.admit(now);
        throttle.end(now, Some(CLEAN), now);
        assert_eq!(silences(&mut throttle, now), [1, 2, 4, 8, 16, 32, 60, 60, 60, 60]);
        let mut throttle = Throttle::new(Limits::new(4, 1e6).impatient(), now);
        assert_eq!(silences(&mut throttle, now), [0; 0]);
        throttle.note(now, CLEAN, now);
        assert!(throttle.is_gone() && throttle.is_closed());
    }

    #[test]
    fn an_answer_ends_a_silence() {
        let (mut throttle, mut now) = start(4);
        for _ in 0..9 {
            throttle.admit(now);
            throttle.end(now, Some(Feedback::Unreachable), now);
            now += throttle.hold(now).unwrap_or_default();
            throttle.admit(now);
            throttle.end(now, Some(Feedback::Failed), now);
        }
        assert_eq!((throttle.is_gone(), fill(&mut throttle, now)), (false, 4));
    }

    #[test]
    fn a_hold_counts_as_far_as_it_was_waited_for() {
        let (mut throttle, now) = start(4);
        throttle.admit(now);
        throttle.end(now, Some(throttled(3600)), now);
        let held = |seconds| throttle.waits(now + Duration::from_secs(seconds)).held.as_secs();
        assert_eq!([held(0), held(5), held(3600), held(9999)], [0, 5, 3600, 3600]);
    }

    #[test]
    fn without_a_time_the_waits_double() {
        let (mut throttle, mut now) = start(4);
        let mut waits = Vec::new();
        for _ in 0..8 {
            throttle.admit(now);
            let sent = now;
            now += Duration::from_millis(1);
            throttle.end(sent, Some(Feedback::Throttled { wait: None }), now);
            waits.push(throttle.hold(now).unwrap().as_secs());
            now += throttle.hold(now).unwrap();
        }
        assert_eq!(waits, [1, 2, 4, 8, 16, 32, 60, 60]);
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
