//! Graph's limits, and who comes back before `Retry-After` is over.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard},
    time::{Duration, SystemTime},
};

use crate::{
    judge::refusal::{Refusal, whole_seconds},
    wait::{Count, Scope, Wait},
};

/// Which limits there are.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Throttle {
    /// None.
    #[default]
    None,
    /// Those that Graph documents, on the emulator's clock. For each app and mailbox: 4
    /// requests at once, 10,000 in 10 minutes, 150 MB of uploads in 5 minutes. For each
    /// app and tenant: 3,000 writes in 150 seconds. A refused request counts as well.
    ///
    /// Source: <https://learn.microsoft.com/graph/throttling-limits>, Outlook and identity.
    Graph,
}

const MAX_AT_ONCE: u32 = 4;
/// Nobody knows when one of the others will end; a second is the shortest wait there is.
const RETRY_CONCURRENT_AFTER: Duration = Duration::from_secs(1);
/// From which part of a limit on answers tell how much of it is used, and up to which.
const NEAR: f64 = 0.8;
const MAX_PERCENTAGE: f64 = 1.8;

/// At most so much in so long.
struct Limit {
    count: Count,
    most: u64,
    period: Duration,
}

const LIMITS: [Limit; 3] = [
    Limit { count: Count::Requests, most: 10_000, period: Duration::from_secs(600) },
    Limit { count: Count::UploadedBytes, most: 150_000_000, period: Duration::from_secs(300) },
    Limit { count: Count::Writes, most: 3_000, period: Duration::from_secs(150) },
];

/// Counts requests, and remembers who was told to wait.
#[derive(Debug)]
pub(crate) struct Throttling {
    /// The policy to start with, and to return to.
    initial: Throttle,
    load: Arc<Mutex<Load>>,
}

#[derive(Debug, Default)]
struct Load {
    policy: Throttle,
    at_once: HashMap<String, u32>,
    periods: HashMap<(Count, String), Period>,
    /// When a wait ends, by what it is a wait for.
    waits: HashMap<Scope, SystemTime>,
}

/// A period that began with the first request in it.
#[derive(Debug)]
struct Period {
    end: SystemTime,
    used: u64,
}

/// What a request adds to the counts.
#[derive(Debug)]
pub(crate) struct Charge<'r> {
    pub(crate) caller: &'r Caller,
    pub(crate) is_write: bool,
    /// The size of the whole request.
    pub(crate) bytes: u64,
}

/// Who asks, and for what: the keys that requests are counted by.
#[derive(Debug, Clone)]
pub(crate) struct Caller {
    pub(crate) app: String,
    pub(crate) tenant: String,
    /// The account that the resource belongs to, if it is known.
    pub(crate) mailbox: Option<String>,
    /// The path, which stands for the resource where nothing else does.
    pub(crate) target: String,
}

impl Caller {
    fn tenant_key(&self) -> String {
        format!("{} in {}", self.app, self.tenant)
    }

    fn mailbox_key(&self) -> Option<String> {
        self.mailbox.as_ref().map(|mailbox| format!("{} in {mailbox}", self.app))
    }

    fn target_key(&self) -> String {
        format!("{} at {}", self.app, self.target)
    }
}

/// A request that is being answered; no longer so when dropped.
#[derive(Debug)]
pub(crate) struct InFlight {
    /// What its answer tells of the limits.
    pub(crate) headers: Vec<(String, String)>,
    mailbox: Option<String>,
    load: Arc<Mutex<Load>>,
}

impl Drop for InFlight {
    fn drop(&mut self) {
        let Some(mailbox) = &self.mailbox else { return };
        let mut load = lock(&self.load);
        if let Some(count) = load.at_once.get_mut(mailbox) {
            *count -= 1;
            if *count == 0 {
                load.at_once.remove(mailbox);
            }
        }
    }
}

impl Throttling {
    pub(crate) fn new(policy: Throttle) -> Self {
        let load = Load { policy, ..Load::default() };
        Self { initial: policy, load: Arc::new(Mutex::new(load)) }
    }

    /// Which limits there are now.
    pub(crate) fn policy(&self) -> Throttle {
        lock(&self.load).policy
    }

    /// Sets which limits there are from now on.
    pub(crate) fn set_policy(&self, policy: Throttle) {
        lock(&self.load).policy = policy;
    }

    /// Counts a request, and lets it pass if no limit is reached.
    ///
    /// # Errors
    ///
    /// The answer if one is.
    pub(crate) fn enter(&self, request: &Charge<'_>, now: SystemTime) -> Result<InFlight, Refusal> {
        let mut in_flight =
            InFlight { headers: Vec::new(), mailbox: None, load: Arc::clone(&self.load) };
        if self.policy() == Throttle::None {
            return Ok(in_flight);
        }
        in_flight.mailbox = request.caller.mailbox_key();
        in_flight.headers.push(("x-ms-resource-unit".to_owned(), "1".to_owned()));
        let mut load = lock(&self.load);
        let mut refusal = load.count_at_once(request.caller, now);
        let mut waits = Vec::new();
        for limit in &LIMITS {
            let Some((scope, cost)) = charge(limit, request) else { continue };
            let period = load.period(limit, &scope, now);
            period.used += cost;
            if limit.count == Count::Writes {
                in_flight.headers.extend(percentage(period.used, limit.most));
            }
            if period.used > limit.most {
                let wait = period.end.duration_since(now).unwrap_or_default();
                waits.push(Wait { scope: (Some(limit.count), scope), end: now + wait });
                refusal = Some(refuse(limit, request.caller, wait));
            }
        }
        // What is in flight locks it, too, when dropped.
        drop(load);
        let Some(mut refusal) = refusal else { return Ok(in_flight) };
        refusal.headers.extend(in_flight.headers.iter().cloned());
        refusal.waits.extend(waits);
        Err(refusal)
    }

    /// Notes that a client is told now to wait before it asks for the same again.
    pub(crate) fn told_to_wait(&self, caller: &Caller, now: SystemTime, wait: Duration) {
        let wait = Duration::from_secs(whole_seconds(wait));
        let end = now.checked_add(wait);
        let waits = end.map(|end| Wait { scope: (None, caller.target_key()), end });
        self.told(waits.as_slice(), now);
    }

    /// Notes the waits that a client is told of now.
    pub(crate) fn told(&self, waits: &[Wait], now: SystemTime) {
        let known = &mut lock(&self.load).waits;
        known.retain(|_, end| *end > now);
        known.extend(waits.iter().cloned().map(|wait| (wait.scope, wait.end)));
    }

    /// How much of a wait is left that a request should have waited for. Reading waits for no
    /// limit of writes.
    pub(crate) fn early(
        &self,
        caller: &Caller,
        is_write: bool,
        now: SystemTime,
    ) -> Option<Duration> {
        let load = lock(&self.load);
        let charge = Charge { caller, is_write, bytes: 0 };
        let limits = LIMITS.iter().filter_map(|limit| {
            let (scope, _) = self::charge(limit, &charge)?;
            Some((Some(limit.count), scope))
        });
        let scopes: Vec<Scope> = limits.chain([(None, caller.target_key())]).collect();
        let ends = scopes.iter().filter_map(|scope| load.waits.get(scope));
        ends.filter_map(|end| end.duration_since(now).ok()).filter(|left| !left.is_zero()).max()
    }

    /// Forgets all that was counted; the limits are again those of the start.
    pub(crate) fn reset(&self) {
        let mut load = lock(&self.load);
        load.policy = self.initial;
        load.periods.clear();
        load.waits.clear();
    }
}

impl Load {
    /// Counts a request of a mailbox that is being answered.
    fn count_at_once(&mut self, caller: &Caller, now: SystemTime) -> Option<Refusal> {
        let count = self.at_once.entry(caller.mailbox_key()?).or_default();
        *count += 1;
        if *count <= MAX_AT_ONCE {
            return None;
        }
        let message = "Application is over its MailboxConcurrency limit.";
        let mut refusal =
            Refusal::throttled("ApplicationThrottled", message, RETRY_CONCURRENT_AFTER);
        let end = now + RETRY_CONCURRENT_AFTER;
        refusal.waits.push(Wait { scope: (None, caller.target_key()), end });
        Some(refusal)
    }

    fn period(&mut self, limit: &Limit, scope: &str, now: SystemTime) -> &mut Period {
        if self.periods.len() > 1024 {
            self.periods.retain(|_, period| period.end > now);
        }
        let fresh = || Period { end: now + limit.period, used: 0 };
        let period = self.periods.entry((limit.count, scope.to_owned())).or_insert_with(fresh);
        if period.end <= now {
            *period = fresh();
        }
        period
    }
}

/// For whom a request counts, and how much.
fn charge(limit: &Limit, request: &Charge<'_>) -> Option<(String, u64)> {
    let caller = request.caller;
    match limit.count {
        Count::Requests => Some((caller.mailbox_key()?, 1)),
        Count::UploadedBytes if request.is_write => Some((caller.mailbox_key()?, request.bytes)),
        Count::Writes if request.is_write => Some((caller.tenant_key(), 1)),
        Count::UploadedBytes | Count::Writes => None,
    }
}

#[allow(clippy::cast_precision_loss, reason = "limits are far from 2^52")]
fn percentage(used: u64, most: u64) -> Option<(String, String)> {
    let part = used as f64 / most as f64;
    let name = "x-ms-throttle-limit-percentage".to_owned();
    (part >= NEAR).then(|| (name, format!("{:.2}", part.min(MAX_PERCENTAGE))))
}

fn refuse(limit: &Limit, caller: &Caller, wait: Duration) -> Refusal {
    let refusal = Refusal::throttled("TooManyRequests", "Please retry again later.", wait);
    match limit.count {
        Count::Writes => refusal
            .header(
                "x-ms-throttle-scope",
                format!("Tenant_Application/Write/{}/{}", caller.app, caller.tenant),
            )
            .header("x-ms-throttle-information", "WriteLimitExceeded"),
        Count::Requests | Count::UploadedBytes => refusal,
    }
}

fn lock(load: &Mutex<Load>) -> MutexGuard<'_, Load> {
    load.lock().expect("no thread panics while it holds this lock")
}
