//! Judges, run by run, what the server stored and what the journal says of it.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use sha2::{Digest as _, Sha256};

/// An upload that the server stored.
#[derive(Debug, Clone)]
pub(crate) struct Upload {
    pub(crate) target: String,
    pub(crate) body: Vec<u8>,
    /// Whether the client was sent an answer.
    pub(crate) is_answered: bool,
}

/// A row of the journal's view `photos`.
#[derive(Debug, Clone)]
pub(crate) struct Row {
    pub(crate) target: String,
    pub(crate) state: String,
    pub(crate) sha256: Option<String>,
}

impl Row {
    pub(crate) fn is_stored(&self) -> bool {
        self.state == "stored"
    }

    fn is_sending(&self) -> bool {
        self.state == "sending"
    }
}

/// What `cargo xtask crash` promises of these numbers: no photo is wrong or skipped, and `twice`
/// is at most `bound`.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Counts {
    /// Other bytes than those of the file, or a journal that says what the server does not.
    pub(crate) wrong: u64,
    /// Targets that have no photo at the end, or none that the journal knows of.
    pub(crate) skipped: u64,
    /// Uploads of photos that the server had stored before.
    pub(crate) twice: u64,
    /// Stored uploads in doubt: their answer was lost, or the journal did not know them when
    /// their run had ended.
    pub(crate) bound: u64,
    /// Other broken promises, such as too many uploads in doubt at once.
    pub(crate) broken: u64,
}

impl Counts {
    pub(crate) fn is_clean(&self) -> bool {
        self.wrong + self.skipped + self.broken == 0 && self.twice <= self.bound
    }

    pub(crate) fn add(&mut self, other: Self) {
        self.wrong += other.wrong;
        self.skipped += other.skipped;
        self.twice += other.twice;
        self.bound += other.bound;
        self.broken += other.broken;
    }
}

/// What is known of the photos of one source.
#[derive(Debug)]
pub(crate) struct Ledger {
    /// The bytes of each target's file.
    photos: BTreeMap<String, Vec<u8>>,
    /// How many uploads a run may have under way at once.
    transfers: usize,
    /// The targets that the server stored; true if their last upload is in doubt.
    stored: HashMap<String, bool>,
    /// The targets that the journal calls stored.
    journaled: BTreeSet<String>,
    counts: Counts,
    violations: Vec<String>,
}

impl Ledger {
    pub(crate) fn new(photos: BTreeMap<String, Vec<u8>>, transfers: usize) -> Self {
        Self {
            photos,
            transfers,
            stored: HashMap::new(),
            journaled: BTreeSet::new(),
            counts: Counts::default(),
            violations: Vec::new(),
        }
    }

    pub(crate) fn photos(&self) -> &BTreeMap<String, Vec<u8>> {
        &self.photos
    }

    pub(crate) fn journaled(&self) -> &BTreeSet<String> {
        &self.journaled
    }

    pub(crate) fn counts(&self) -> Counts {
        self.counts
    }

    /// The violations since they were last asked for.
    pub(crate) fn take_violations(&mut self) -> Vec<String> {
        std::mem::take(&mut self.violations)
    }

    /// Judges a run that has ended: what the server stored meanwhile, in order, and the journal
    /// that the run left.
    pub(crate) fn judge(&mut self, uploads: &[Upload], rows: &[Row]) {
        self.judge_uploads(uploads);
        self.judge_rows(rows);
        let sent: BTreeSet<&str> = uploads.iter().map(|upload| upload.target.as_str()).collect();
        let announced: BTreeSet<&str> =
            rows.iter().filter(|row| row.is_sending()).map(|row| row.target.as_str()).collect();
        let mut unannounced = Vec::new();
        let mut at_once = 0;
        for target in sent.into_iter().filter(|target| !self.journaled.contains(*target)) {
            if let Some(in_doubt @ false) = self.stored.get_mut(target) {
                *in_doubt = true;
                at_once += 1;
                unannounced.extend((!announced.contains(target)).then_some(target));
            }
        }
        for target in unannounced {
            self.breaks(format!("{target} was sent, which the journal did not announce"));
        }
        self.counts.bound += at_once as u64;
        if at_once > self.transfers {
            let most = self.transfers;
            self.breaks(format!("{at_once} uploads were in doubt at once, of at most {most}"));
        }
    }

    /// Judges the uploads of a run.
    pub(crate) fn judge_uploads(&mut self, uploads: &[Upload]) {
        for Upload { target, body, is_answered } in uploads {
            if self.photos.get(target) != Some(body) {
                self.wrong(format!("{target} was sent other bytes than its file has"));
            }
            let before = self.stored.insert(target.clone(), !is_answered);
            self.counts.twice += u64::from(before.is_some());
            self.counts.bound += u64::from(!is_answered);
            if before == Some(false) {
                self.breaks(format!("{target} was sent again though its outcome was known"));
            }
        }
    }

    fn judge_rows(&mut self, rows: &[Row]) {
        let mut journaled = BTreeSet::new();
        for Row { target, sha256, .. } in rows.iter().filter(|row| row.is_stored()) {
            let own = self.photos.get(target).map(|photo| sha256_of(photo));
            if own.is_none() || own != *sha256 {
                self.wrong(format!("the journal calls {target} stored with other bytes"));
            } else if !self.stored.contains_key(target) {
                self.wrong(format!("the journal calls {target} stored, which it never was"));
            }
            journaled.insert(target.clone());
        }
        let before = std::mem::replace(&mut self.journaled, journaled);
        for target in before.difference(&self.journaled.clone()) {
            self.wrong(format!("the journal has forgotten that {target} is stored"));
        }
    }

    /// Judges the source once its sync is complete.
    pub(crate) fn finish(&mut self, photo: impl Fn(&str) -> Option<Vec<u8>>) {
        for (target, bytes) in self.photos.clone() {
            match photo(&target) {
                None => self.skipped(format!("{target} has no photo at the end")),
                Some(_) if !self.journaled.contains(&target) => {
                    self.skipped(format!("the journal does not call {target} stored at the end"));
                }
                Some(other) if other != bytes => {
                    self.wrong(format!("{target} has other bytes at the end than its file"));
                }
                Some(_) => {}
            }
        }
    }

    /// Records a broken promise that the numbers do not show.
    pub(crate) fn breaks(&mut self, violation: String) {
        self.counts.broken += 1;
        self.violations.push(violation);
    }

    fn wrong(&mut self, violation: String) {
        self.counts.wrong += 1;
        self.violations.push(violation);
    }

    fn skipped(&mut self, violation: String) {
        self.counts.skipped += 1;
        self.violations.push(violation);
    }
}

/// The SHA-256 of some bytes, as the journal writes it.
fn sha256_of(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const TRANSFERS: usize = 2;

    fn bytes(number: usize) -> Vec<u8> {
        format!("photo {number}").into_bytes()
    }

    fn ledger(photos: usize) -> Ledger {
        let photos = (0..photos).map(|number| (format!("/u{number}"), bytes(number)));
        Ledger::new(photos.collect(), TRANSFERS)
    }

    fn uploads(numbers: &[usize]) -> Vec<Upload> {
        let upload = |&number| Upload {
            target: format!("/u{number}"),
            body: bytes(number),
            is_answered: true,
        };
        numbers.iter().map(upload).collect()
    }

    fn row(number: usize, state: &str) -> Row {
        Row {
            target: format!("/u{number}"),
            state: state.to_owned(),
            sha256: Some(sha256_of(&bytes(number))),
        }
    }

    fn rows(numbers: &[usize]) -> Vec<Row> {
        numbers.iter().map(|&number| row(number, "stored")).collect()
    }

    /// The server has the photos of all these files.
    fn has(numbers: &[usize]) -> impl Fn(&str) -> Option<Vec<u8>> {
        move |target| {
            let number = target.strip_prefix("/u")?.parse().ok()?;
            numbers.contains(&number).then(|| bytes(number))
        }
    }

    /// Runs of which each has what the server stored and what the journal says then.
    fn judged(photos: usize, runs: &[(&[usize], &[usize])]) -> Ledger {
        let mut ledger = ledger(photos);
        for (sent, stored) in runs {
            let in_doubt = sent.iter().filter(|number| !stored.contains(number));
            let in_doubt = in_doubt.map(|&number| row(number, "sending"));
            ledger.judge(
                &uploads(sent),
                &rows(stored).into_iter().chain(in_doubt).collect::<Vec<_>>(),
            );
        }
        ledger
    }

    fn assert_violation(mut ledger: Ledger, counts: Counts, words: &str) {
        assert!(!ledger.counts().is_clean());
        assert_eq!(ledger.counts(), counts);
        let violations = ledger.take_violations();
        assert!(violations.iter().any(|violation| violation.contains(words)), "{violations:?}");
    }

    #[test]
    fn what_is_in_doubt_may_be_sent_again() {
        let mut ledger = judged(3, &[(&[0, 1], &[0]), (&[1, 2], &[0, 1, 2])]);
        ledger.finish(has(&[0, 1, 2]));
        assert_eq!(ledger.counts(), Counts { twice: 1, bound: 1, ..Counts::default() });
        assert!(ledger.counts().is_clean());
        assert!(ledger.take_violations().is_empty());
    }

    #[test]
    fn what_was_not_answered_may_be_sent_again_in_the_same_run() {
        let mut ledger = ledger(1);
        let mut sent = uploads(&[0, 0]);
        sent[0].is_answered = false;
        ledger.judge(&sent, &rows(&[0]));
        assert_eq!(ledger.counts(), Counts { twice: 1, bound: 1, ..Counts::default() });
        assert!(ledger.counts().is_clean());
    }

    #[test]
    fn other_bytes_are_wrong() {
        let mut ledger = ledger(1);
        let mut sent = uploads(&[0]);
        sent[0].body.push(0);
        ledger.judge(&sent, &rows(&[0]));
        assert_violation(ledger, Counts { wrong: 1, ..Counts::default() }, "other bytes");
        let mut ledger = judged(2, &[(&[0, 1], &[0, 1])]);
        ledger.finish(|_| Some(bytes(1)));
        assert_violation(ledger, Counts { wrong: 1, ..Counts::default() }, "at the end");
    }

    #[test]
    fn a_journal_that_says_what_the_server_does_not_is_wrong() {
        let counts = Counts { wrong: 1, ..Counts::default() };
        assert_violation(judged(2, &[(&[0], &[0, 1])]), counts, "never was");
        let forgotten = judged(2, &[(&[0, 1], &[0, 1]), (&[], &[0])]);
        assert_violation(forgotten, counts, "has forgotten");
        let mut ledger = ledger(1);
        let mut stored = rows(&[0]);
        stored[0].sha256 = Some(sha256_of(b"other"));
        ledger.judge(&uploads(&[0]), &stored);
        assert_violation(ledger, counts, "with other bytes");
    }

    #[test]
    fn a_photo_that_is_missing_at_the_end_is_skipped() {
        let mut ledger = judged(2, &[(&[0], &[0])]);
        ledger.finish(has(&[0]));
        assert_violation(ledger, Counts { skipped: 1, ..Counts::default() }, "has no photo");
        let mut ledger = judged(1, &[(&[0], &[])]);
        ledger.finish(has(&[0]));
        let counts = Counts { skipped: 1, bound: 1, ..Counts::default() };
        assert_violation(ledger, counts, "does not call");
    }

    #[test]
    fn what_the_journal_knows_is_not_sent_again() {
        let again = judged(1, &[(&[0], &[0]), (&[0], &[0])]);
        let counts = Counts { twice: 1, broken: 1, ..Counts::default() };
        assert_violation(again, counts, "sent again");
        let at_once = judged(1, &[(&[0, 0], &[0])]);
        assert_violation(at_once, counts, "sent again");
    }

    #[test]
    fn twice_alone_is_held_against_the_bound() {
        let counts = Counts { twice: 2, bound: 1, ..Counts::default() };
        assert!(!counts.is_clean());
        assert!(Counts { bound: 2, ..counts }.is_clean());
    }

    #[test]
    fn nothing_is_sent_that_the_journal_did_not_announce() {
        let mut ledger = ledger(1);
        ledger.judge(&uploads(&[0]), &[row(0, "planned")]);
        let counts = Counts { bound: 1, broken: 1, ..Counts::default() };
        assert_violation(ledger, counts, "did not announce");
    }

    #[test]
    fn no_more_is_in_doubt_than_may_be_under_way() {
        let ledger = judged(3, &[(&[0, 1, 2], &[])]);
        assert_violation(ledger, Counts { bound: 3, broken: 1, ..Counts::default() }, "in doubt");
        assert!(judged(3, &[(&[0, 1, 2], &[2])]).counts().is_clean());
    }
}
