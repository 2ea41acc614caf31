//! The faults that are still to come.

use std::{
    collections::VecDeque,
    sync::{Mutex, MutexGuard},
};

use super::{Fault, rule::Rule};

/// What fails: first a script, then by rules.
#[derive(Debug)]
pub(crate) struct Faults(Mutex<Queue>);

#[derive(Debug)]
struct Queue {
    /// For one request each, in order.
    script: VecDeque<Fault>,
    /// The first that applies counts.
    rules: Vec<Active>,
    random: fastrand::Rng,
}

#[derive(Debug)]
struct Active {
    rule: Rule,
    /// How many requests it concerned, and how many of them met the fault.
    seen: u64,
    struck: u64,
}

impl Faults {
    pub(crate) fn new(seed: u64, rules: Vec<Rule>) -> Self {
        let random = fastrand::Rng::with_seed(seed);
        let faults = Self(Mutex::new(Queue { script: VecDeque::new(), rules: Vec::new(), random }));
        faults.add(rules);
        faults
    }

    /// Adds faults to the end of the script.
    pub(crate) fn play(&self, faults: impl IntoIterator<Item = Fault>) {
        self.lock().script.extend(faults);
    }

    /// Adds rules after the others.
    pub(crate) fn add(&self, rules: impl IntoIterator<Item = Rule>) {
        let rules = rules.into_iter().map(|rule| Active { rule, seen: 0, struck: 0 });
        self.lock().rules.extend(rules);
    }

    /// The fault that a request meets; `paths` makes the spellings of its target that a
    /// rule may mean.
    pub(crate) fn next(&self, method: &str, paths: impl FnOnce() -> Vec<String>) -> Option<Fault> {
        let mut queue = self.lock();
        let Queue { script, rules, random } = &mut *queue;
        if let Some(fault) = script.pop_front() {
            return Some(fault);
        }
        if rules.is_empty() {
            return None; // as most often
        }
        let paths = paths();
        for active in rules {
            let is_spent = active.rule.times.is_some_and(|times| active.struck >= times);
            if is_spent || !active.rule.concerns(method, &paths) {
                continue;
            }
            active.seen += 1;
            if active.rule.strikes(active.seen, random.f64()) {
                active.struck += 1;
                return Some(active.rule.fault.clone());
            }
        }
        None
    }

    /// What is left of the script, and the rules with how often each struck.
    pub(crate) fn list(&self) -> (Vec<String>, Vec<(String, u64)>) {
        let queue = self.lock();
        let script = queue.script.iter().map(ToString::to_string).collect();
        let rules = queue.rules.iter();
        (script, rules.map(|active| (active.rule.to_string(), active.struck)).collect())
    }

    /// Forgets the rules that are written like this.
    pub(crate) fn remove(&self, rule: &str) {
        self.lock().rules.retain(|active| active.rule.to_string() != rule);
    }

    /// Forgets all faults.
    pub(crate) fn clear(&self) {
        let mut queue = self.lock();
        queue.script.clear();
        queue.rules.clear();
    }

    fn lock(&self) -> MutexGuard<'_, Queue> {
        self.0.lock().expect("no thread panics while it holds this lock")
    }
}
