//! Compares what uploads reported with what the emulator recorded and stored.

use std::{
    collections::{HashMap, HashSet},
    time::Duration,
};

use bytes::Bytes;
use graph_photo_client::RetryPolicy;
use graph_photo_emulator::Outcome;

use crate::{
    faults::KINDS,
    plan::{Kind, Tokens, Upload, index_of_name, index_of_photo},
    seen::Seen,
    tally::{Promise, Tally},
};

/// What an upload reported.
#[derive(Debug, Clone)]
pub(crate) struct Report {
    pub(crate) told: Told,
    pub(crate) attempts: u32,
    /// The sum of the waits between attempts.
    pub(crate) waited: Duration,
    /// How long the upload took.
    pub(crate) took: Duration,
}

/// How an upload ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Told {
    Stored {
        request_id: Option<String>,
    },
    /// Refused before sending anything.
    Refused,
    /// By a response, or without one.
    Failed {
        status: Option<u16>,
        request_id: Option<String>,
    },
    /// The future was dropped, so that nobody was told.
    Nothing,
}

/// How the uploads of a batch were sent.
#[derive(Debug, Clone)]
pub(crate) enum Way {
    /// Each with its own token.
    Library,
    /// All with the token of one owner.
    Sync { owner: String },
}

/// Uploads that ended, with all requests since the last batch.
pub(crate) struct Batch<'b> {
    pub(crate) seed: u64,
    pub(crate) way: Way,
    pub(crate) reports: &'b HashMap<u64, Report>,
    /// Uploads of the batch before of which requests may still have been under way.
    pub(crate) late: &'b HashSet<u64>,
    pub(crate) requests: Vec<Seen>,
    /// The photo that the emulator has for an upload's target.
    pub(crate) stored: &'b dyn Fn(&Upload) -> Option<Bytes>,
}

impl Way {
    pub(crate) fn upload(&self, seed: u64, index: u64) -> Upload {
        match self {
            Self::Library => Upload::through_library(seed, index),
            Self::Sync { .. } => Upload::through_sync(seed, index),
        }
    }

    fn owner(&self, index: u64) -> String {
        match self {
            Self::Library => index.to_string(),
            Self::Sync { owner } => owner.clone(),
        }
    }
}

impl Batch<'_> {
    /// Checks and counts all of it.
    pub(crate) fn check(self, tally: &mut Tally) {
        let mut by_upload: HashMap<u64, Vec<&Seen>> = HashMap::new();
        let mut bodies: HashMap<&str, &Bytes> = HashMap::new();
        for request in &self.requests {
            count(request, tally);
            if let Some(index) = self.identify(request, tally) {
                by_upload.entry(index).or_default().push(request);
            }
            if let Some(id) = &request.client_request_id {
                let longest = bodies.entry(id).or_insert(&request.body);
                let (body, other) = (&request.body, *longest);
                if !body.starts_with(other) && !other.starts_with(body) {
                    tally.violation(Promise::Changed, format_args!("{id} carried two bodies"));
                }
                if body.len() > other.len() {
                    *longest = body;
                }
            }
        }
        let mut indices: Vec<&u64> = self.reports.keys().collect();
        indices.sort_unstable();
        for index in indices {
            let mut requests = by_upload.remove(index).unwrap_or_default();
            requests.sort_by_key(|request| request.arrived);
            let case = Case {
                upload: &self.way.upload(self.seed, *index),
                report: &self.reports[index],
                requests: &requests,
                is_sync: matches!(self.way, Way::Sync { .. }),
            };
            case.check((self.stored)(case.upload).as_ref(), tally);
        }
    }

    /// The upload that a request belongs to, if photo, target and token agree.
    fn identify(&self, request: &Seen, tally: &mut Tally) -> Option<u64> {
        let by_user = || request.user.as_deref().and_then(index_of_name);
        let Some(index) = index_of_name(&request.path).or_else(by_user) else {
            // The `/me` of a run of `sync` is told by its photo.
            let by_photo = index_of_photo(self.seed, &request.body);
            let is_own = request.path == "/me" && matches!(self.way, Way::Sync { .. });
            if !is_own || by_photo.is_none_or(|index| !self.reports.contains_key(&index)) {
                // Of a body that broke off too early, nothing can be told.
                if !is_own || request.body.len() > 64 {
                    tally.violation(Promise::Crossed, describe(request));
                }
                return None;
            }
            return by_photo;
        };
        if !self.reports.contains_key(&index) && !self.late.contains(&index) {
            tally.violation(Promise::Crossed, describe(request));
            return None;
        }
        let upload = self.way.upload(self.seed, index);
        let is_whole = !matches!(request.outcome, Outcome::Fault | Outcome::Broken);
        let photo = upload.photo();
        let is_its_photo =
            if is_whole { request.body == photo } else { photo.starts_with(&request.body) };
        let is_its_token = request.owner.as_ref() == Some(&self.way.owner(index));
        let is_its_target = request.path == upload.path
            && (request.method == upload.operation.method().as_str()
                || matches!(self.way, Way::Sync { .. }));
        if !(is_its_photo && is_its_token && is_its_target) {
            tally.violation(
                Promise::Crossed,
                format_args!(
                    "upload {index} {}: photo right: {is_its_photo}, token: {is_its_token}, \
                     target: {is_its_target}",
                    describe(request)
                ),
            );
        }
        Some(index)
    }
}

/// One upload, and its requests in the order in which they arrived.
struct Case<'c> {
    upload: &'c Upload,
    report: &'c Report,
    requests: &'c [&'c Seen],
    is_sync: bool,
}

impl Case<'_> {
    fn check(&self, stored: Option<&Bytes>, tally: &mut Tally) {
        tally.uploads += 1;
        tally.synced += u64::from(self.is_sync);
        if stored.is_some_and(|stored| *stored != self.upload.photo()) {
            self.violation(Promise::Crossed, "another photo is stored", tally);
        }
        match &self.report.told {
            Told::Stored { request_id } => {
                tally.stored += 1;
                self.check_success(stored, request_id.as_deref(), tally);
            }
            Told::Refused => {
                tally.refused += 1;
                if stored.is_some() || !self.requests.is_empty() || self.report.attempts > 0 {
                    self.violation(Promise::Sent, "it was refused here, and sent", tally);
                }
            }
            Told::Failed { status, request_id } => {
                tally.failed += 1;
                self.check_failure(*status, request_id.as_deref(), tally);
            }
            Told::Nothing => tally.dropped += 1,
        }
        let is_told = self.report.told != Told::Nothing;
        if is_told && self.must_be_refused() && self.report.told != Told::Refused {
            self.violation(Promise::Misreported, "it was not refused before sending", tally);
        }
        self.check_waits(tally);
        if !self.is_sync {
            self.check_attempts(tally);
        }
        if is_told && self.requests.len() > self.report.attempts as usize {
            self.violation(Promise::Policy, "there were more requests than it counted", tally);
        }
    }

    /// Whether nothing may be sent of it.
    fn must_be_refused(&self) -> bool {
        let Upload { client, tokens, is_broken, .. } = self.upload;
        *is_broken
            || matches!(tokens, Tokens::None | Tokens::Unsendable)
            || *client == Kind::Small
            || (*client == Kind::Checking && *tokens == Tokens::Powerless)
    }

    fn check_success(&self, stored: Option<&Bytes>, request_id: Option<&str>, tally: &mut Tally) {
        let is_recorded = self.requests.iter().any(|request| {
            request.outcome == Outcome::Stored && Some(request.request_id.as_str()) == request_id
        });
        if stored.is_none() || !is_recorded {
            self.violation(Promise::Lost, "it was reported as stored, and is not", tally);
        }
    }

    fn check_failure(&self, status: Option<u16>, request_id: Option<&str>, tally: &mut Tally) {
        let answer =
            self.requests.iter().find(|request| Some(request.request_id.as_str()) == request_id);
        let is_said = match (status, answer) {
            // The connection failed: the photo may have been stored.
            (None, _) => true,
            (Some(status), Some(answer)) => {
                answer.status == Some(status) && answer.outcome != Outcome::Stored
            }
            // Bytes that a fault gave have no id.
            (Some(_), None) => self.requests.iter().any(|request| request.why.starts_with("raw=")),
        };
        // Whoever got the answer of a request that was stored knows so.
        let is_known = status.is_some()
            && self.requests.iter().any(|request| {
                request.outcome == Outcome::Stored
                    && !["answer-lost", "delay=", "slowly="]
                        .iter()
                        .any(|fault| request.why.contains(fault))
            });
        if !is_said || is_known {
            self.violation(Promise::Misreported, "it did not fail as its error says", tally);
        }
    }

    /// No attempt before its `Retry-After`.
    fn check_waits(&self, tally: &mut Tally) {
        for pair in self.requests.windows(2) {
            let gap = pair[1].arrived.checked_duration_since(pair[0].answered).unwrap_or_default();
            if asked_to_wait(pair[0]).is_some_and(|asked| gap < asked) {
                let what = format!("it came back after {gap:?} from: {}", pair[0].why);
                self.violation(Promise::Early, &what, tally);
            }
        }
    }

    /// The attempts and waits that the policy allows.
    fn check_attempts(&self, tally: &mut Tally) {
        let policy = self.upload.client.policy();
        let ids: HashSet<_> = self.requests.iter().map(|seen| &seen.client_request_id).collect();
        if ids.len() > 1 {
            self.violation(Promise::Policy, "attempts had different ids", tally);
        }
        let (mut waits, mut renewals, mut least) = (0, 0, Duration::ZERO);
        for pair in self.requests.windows(2) {
            if pair[0].status == Some(401) {
                renewals += 1;
                continue;
            }
            if !is_retried(pair[0]) {
                let what = format!("it was sent again after: {}", pair[0].why);
                self.violation(Promise::Policy, &what, tally);
            }
            let half = step(&policy, waits) / 2;
            let gap = pair[1].arrived.checked_duration_since(pair[0].answered).unwrap_or_default();
            // Of a request that broke off, the emulator may learn late.
            if pair[0].outcome != Outcome::Broken && gap < half {
                let what = format!("it waited for {gap:?} instead of {half:?}");
                self.violation(Promise::Policy, &what, tally);
            }
            least += half.max(asked_to_wait(pair[0]).unwrap_or_default());
            waits += 1;
        }
        if renewals > 1 || waits > policy.max_retries {
            self.violation(Promise::Policy, "it was sent too often", tally);
        }
        let Report { told, attempts, waited, took } = self.report;
        if *told == Told::Nothing {
            return;
        }
        let was_renewed = self.requests.iter().any(|request| request.status == Some(401));
        if *attempts > 1 + policy.max_retries + u32::from(was_renewed) {
            self.violation(Promise::Policy, "it counted too many attempts", tally);
        }
        let asked = self.requests.iter().filter_map(|request| asked_to_wait(request));
        // One that asks for longer ends the upload.
        let asked = asked.filter(|asked| *asked <= policy.max_total_time).sum::<Duration>();
        let most = asked + policy.max_delay * policy.max_retries;
        if *waited < least || *waited > most || waited > took {
            let what = format!("it waited for {waited:?}, not for {least:?} to {most:?}");
            self.violation(Promise::Policy, &what, tally);
        }
    }

    fn violation(&self, promise: Promise, what: &str, tally: &mut Tally) {
        let Upload { index, operation, path, client, tokens, .. } = self.upload;
        let requests: Vec<String> = self.requests.iter().map(|seen| describe(seen)).collect();
        tally.violation(
            promise,
            format_args!(
                "upload {index} ({operation} {path}, {client:?}, {tokens:?}): {what}; it \
                 reported {:?}; requests: {requests:#?}",
                self.report
            ),
        );
    }
}

fn count(request: &Seen, tally: &mut Tally) {
    tally.requests += 1;
    if request.is_faulty() {
        tally.faults += 1;
        let fault = request.why.rsplit("with the fault ").next().unwrap_or_default();
        if let Some(kind) = KINDS.iter().position(|kind| kind.fault == fault) {
            *tally.kinds.entry(kind).or_default() += 1;
        }
    }
}

fn describe(request: &Seen) -> String {
    let Seen { method, path, owner, client_request_id, status, outcome, why, .. } = request;
    format!(
        "{method} {path} of {owner:?} as {client_request_id:?}, {} bytes: {status:?} {outcome} {why}",
        request.body.len()
    )
}

/// What the fault of a request asked the client to wait, by its words.
fn asked_to_wait(request: &Seen) -> Option<Duration> {
    let item = |name: &str| request.why.split(';').find_map(|item| item.strip_prefix(name));
    let date = |name| httpdate::parse_http_date(item(name)?.trim()).ok();
    match item("retry-after=") {
        Some(seconds) => seconds.parse().ok().map(Duration::from_secs),
        None => date("header=Retry-After:")?.duration_since(date("header=Date:")?).ok(),
    }
}

/// Whether Graph's answer, or its absence, allows another attempt: told by the fault.
fn is_retried(request: &Seen) -> bool {
    match request.status {
        Some(408 | 429 | 502 | 503 | 504 | 509) | None => true,
        Some(409) => request.why.contains("Directory_ConcurrencyViolation"),
        Some(404) => request.why.contains("Too many photo items"),
        Some(_) => request.outcome == Outcome::Broken,
    }
}

/// A step of the backoff.
fn step(policy: &RetryPolicy, retries: u32) -> Duration {
    (policy.base_delay * 2_u32.saturating_pow(retries)).min(policy.max_delay)
}

#[cfg(test)]
mod tests;
