//! Reads and validates the photos of a plan, several at a time.

use std::{
    collections::{HashMap, HashSet},
    path::{self, Path, PathBuf},
    sync::{
        atomic::{AtomicUsize, Ordering},
        mpsc,
    },
    thread,
};

use super::{
    item::{Item, Status},
    locate::Finder,
    prepare::{Prepared, prepare, read},
    resolve::refuse_equal,
};
use crate::{
    fit::FitOptions,
    journal::{Content, Digest, Known, State},
    photo::damage,
};

/// The minimum number of files to read at once: a disk is slow to answer, not busy.
const LEAST_AT_ONCE: usize = 4;

/// The number of files to read at once.
pub(super) fn reads_at_once() -> usize {
    thread::available_parallelism().map_or(LEAST_AT_ONCE, usize::from).max(LEAST_AT_ONCE)
}

/// Examines the photos of a plan.
pub(super) struct Examiner<'a> {
    /// The base folder of relative file paths.
    pub(super) photos: &'a Path,
    pub(super) fix: Option<&'a FitOptions>,
    /// `fix` as the journal stores it.
    pub(super) fix_line: Option<&'a str>,
    /// The journal's records of earlier runs, by target key.
    pub(super) known: &'a HashMap<String, Known>,
    /// The number of photos read so far, for the progress display.
    pub(super) done: &'a AtomicUsize,
}

/// The findings about a photo.
struct Finding {
    /// The file, if its name is spelled differently.
    file: Option<PathBuf>,
    status: Status,
    content: Option<Content>,
    notes: Vec<String>,
}

impl Examiner<'_> {
    /// Reads the file of each photo that has not been refused.
    pub(super) fn examine(&self, items: &mut [Item]) {
        let found = self.findings(items);
        // Without `.` and doubled separators, which are no other file.
        let place = |file: &Path| path::absolute(self.photos.join(file)).ok();
        let mut respelled = HashSet::new();
        for (index, finding) in found {
            let item = &mut items[index];
            item.status = finding.status;
            item.content = finding.content;
            item.notes = finding.notes;
            if let Some(file) = finding.file {
                respelled.extend(place(&file));
                item.file = Some(file);
            }
        }
        if !respelled.is_empty() {
            let key = |item: &Item| {
                place(item.file.as_deref()?).filter(|place| respelled.contains(place))
            };
            refuse_equal(items, key, |places| {
                format!(
                    "its file could be that of several rows: {places}; write names as files \
                         have them"
                )
            });
        }
    }

    fn findings(&self, items: &[Item]) -> Vec<(usize, Finding)> {
        let (next, finder) = (AtomicUsize::new(0), Finder::default());
        let (found, findings) = mpsc::channel();
        thread::scope(|scope| {
            for _ in 0..reads_at_once().min(items.len()) {
                let (found, next, finder) = (found.clone(), &next, &finder);
                scope.spawn(move || {
                    while let Some((index, item)) = take(next, items) {
                        if item.status == Status::Unread {
                            // The receiver lives until all threads have ended.
                            let _ = found.send((index, self.finding(item, finder)));
                        }
                        self.done.fetch_add(1, Ordering::Relaxed);
                    }
                });
            }
        });
        drop(found);
        findings.into_iter().collect()
    }

    fn finding(&self, item: &Item, finder: &Finder) -> Finding {
        let mut finding =
            Finding { file: None, status: Status::New, content: None, notes: Vec::new() };
        if let Err(reason) = self.look(item, finder, &mut finding) {
            finding.status = Status::Refused(reason);
        }
        finding
    }

    fn look(&self, item: &Item, finder: &Finder, finding: &mut Finding) -> Result<(), String> {
        let (Some(file), Some(target)) = (&item.file, item.target()) else { return Ok(()) };
        let located = finder.find(self.photos, file).map_err(|cause| cause.to_string())?;
        if !located.is_exact {
            let relative = located.path.strip_prefix(self.photos).unwrap_or(&located.path);
            finding.file = Some(relative.to_owned());
        }
        let bytes = read(&located.path, self.fix)?;
        let source = Digest::of(&bytes);
        let known = self.known.get(&target.key);
        let validated = known.and_then(|known| self.validated(known, source));
        let content = if let Some(content) = validated {
            content
        } else {
            let Prepared { photo, content, notes } = prepare(bytes, source, self.fix)?;
            finding.notes = notes;
            // What `--fix` refuses is sent without it, but not without a word.
            if self.fix.is_none() {
                finding.notes.extend(damage(&photo));
            }
            content
        };
        finding.status = status(known, &content);
        finding.content = Some(content);
        Ok(())
    }

    /// The content that an earlier run made from the same file with the same options, which
    /// needs no new encoding or validation.
    fn validated(&self, known: &Known, source_sha256: Digest) -> Option<Content> {
        let is_same_fit = known.fit.as_deref() == self.fix_line && known.state != State::Refused;
        let content = known.content.clone().filter(|_| is_same_fit)?;
        (content.source_sha256 == source_sha256).then_some(content)
    }
}

fn take<'i>(next: &AtomicUsize, items: &'i [Item]) -> Option<(usize, &'i Item)> {
    let index = next.fetch_add(1, Ordering::Relaxed);
    Some((index, items.get(index)?))
}

/// The status of this content, from the records of earlier runs.
fn status(known: Option<&Known>, content: &Content) -> Status {
    let stored = known.and_then(|known| known.stored_sha256);
    match known {
        Some(known) if known.state == State::Stored && stored == Some(content.sha256) => {
            Status::Unchanged
        }
        _ if stored.is_some() => Status::Changed,
        _ => Status::New,
    }
}
