//! The promises of a storm, and how often each was broken.

use std::{collections::BTreeMap, fmt};

/// How many violations are described; the others are only counted.
const DESCRIBED: usize = 20;

/// What a storm may show to be untrue.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Promise {
    Lost,
    Crossed,
    Changed,
    Sent,
    Misreported,
    Early,
    Policy,
    Leaked,
    Panicked,
}

impl Promise {
    pub(crate) const ALL: [Self; 9] = [
        Self::Lost,
        Self::Crossed,
        Self::Changed,
        Self::Sent,
        Self::Misreported,
        Self::Early,
        Self::Policy,
        Self::Leaked,
        Self::Panicked,
    ];

    /// The key in the JSON object.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Lost => "lost",
            Self::Crossed => "crossed",
            Self::Changed => "changed",
            Self::Sent => "sent",
            Self::Misreported => "misreported",
            Self::Early => "early",
            Self::Policy => "policy",
            Self::Leaked => "leaked",
            Self::Panicked => "panicked",
        }
    }

    /// What must not have happened.
    pub(crate) fn explanation(self) -> &'static str {
        match self {
            Self::Lost => "success was reported, and the photo is not stored byte for byte",
            Self::Crossed => "a request carried another upload's photo, target or token",
            Self::Changed => "one client-request-id carried different bytes",
            Self::Sent => "a refusal before sending was reported, and the server saw a request",
            Self::Misreported => "a failure was reported that is not what the server did",
            Self::Early => "an attempt came before its Retry-After",
            Self::Policy => "attempts or waits were not those of the policy",
            Self::Leaked => "a task, handle or memory was not given back, or a token was shown",
            Self::Panicked => "the storm or an upload panicked",
        }
    }
}

impl fmt::Display for Promise {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// What a storm counted.
#[derive(Debug, Default)]
pub(crate) struct Tally {
    pub(crate) uploads: u64,
    pub(crate) stored: u64,
    pub(crate) failed: u64,
    pub(crate) refused: u64,
    /// Futures that were dropped, and photos that a run of `sync` left in doubt.
    pub(crate) dropped: u64,
    pub(crate) synced: u64,
    pub(crate) requests: u64,
    pub(crate) faults: u64,
    /// How often each kind of fault hit a request.
    pub(crate) kinds: BTreeMap<usize, u64>,
    broken: BTreeMap<Promise, u64>,
    pub(crate) described: Vec<String>,
}

impl Tally {
    /// Counts a violation, and describes the first ones.
    pub(crate) fn violation(&mut self, promise: Promise, what: impl fmt::Display) {
        *self.broken.entry(promise).or_default() += 1;
        if self.described.len() < DESCRIBED {
            self.described.push(format!("{promise}: {what}"));
        }
    }

    /// How often a promise was broken.
    pub(crate) fn broken(&self, promise: Promise) -> u64 {
        self.broken.get(&promise).copied().unwrap_or_default()
    }

    pub(crate) fn is_clean(&self) -> bool {
        self.broken.is_empty()
    }

    /// Adds the counts of another one.
    pub(crate) fn add(&mut self, other: Self) {
        self.uploads += other.uploads;
        self.stored += other.stored;
        self.failed += other.failed;
        self.refused += other.refused;
        self.dropped += other.dropped;
        self.synced += other.synced;
        self.requests += other.requests;
        self.faults += other.faults;
        for (kind, count) in other.kinds {
            *self.kinds.entry(kind).or_default() += count;
        }
        for (promise, count) in other.broken {
            *self.broken.entry(promise).or_default() += count;
        }
        let room = DESCRIBED.saturating_sub(self.described.len());
        self.described.extend(other.described.into_iter().take(room));
    }
}
