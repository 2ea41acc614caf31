//! Writes a journal on a separate thread.

use std::{
    fs::OpenOptions,
    io,
    path::{Path, PathBuf},
    sync::mpsc::{Receiver, Sender, channel},
    thread::{self, JoinHandle},
    time::SystemTime,
};

use rusqlite::{Connection, OpenFlags, Transaction, named_params};
use tokio::sync::oneshot;

use super::{
    binding::Binding,
    error::{self, Broken},
    lock::Lock,
    record::{Content, Outcome, Planned, State, timestamp},
    schema::{APPLICATION_ID, SCHEMA, VERSION, is_new, verify},
};
use crate::failure::Failure;

/// The maximum number of entries written at once: one wait for the disk serves all of them.
const MAX_AT_ONCE: usize = 256;

const PLAN: &str = "
INSERT INTO photo (key, target, file, state, reason, bytes, sha256, source_sha256, fit)
VALUES (:key, :target, :file, :state, :reason, :bytes, :sha256, :source_sha256, :fit)
ON CONFLICT (key) DO UPDATE SET
    target = excluded.target, file = excluded.file, state = excluded.state,
    reason = excluded.reason, status = NULL, code = NULL, request_id = NULL,
    client_request_id = NULL, started = NULL, finished = NULL, fit = excluded.fit,
    attempts = CASE WHEN sha256 IS excluded.sha256 THEN attempts ELSE 0 END,
    bytes = excluded.bytes, sha256 = excluded.sha256, source_sha256 = excluded.source_sha256";

/// Updates the file of a stored photo, which may now come from a different one.
const UNCHANGED: &str = "
UPDATE photo SET target = :target, file = :file, source_sha256 = :source_sha256, fit = :fit
WHERE key = :key";

const SENDING: &str = "
UPDATE photo SET
    state = 'sending', reason = NULL, status = NULL, code = NULL, request_id = NULL,
    client_request_id = NULL, attempts = attempts + 1, started = :started, finished = NULL,
    bytes = :bytes, sha256 = :sha256
WHERE key = :key";

const OUTCOME: &str = "
UPDATE photo SET
    state = :state, reason = :reason, status = :status, code = :code, request_id = :request_id,
    client_request_id = :client_request_id, attempts = attempts + :more_attempts,
    finished = :finished,
    stored_sha256 = CASE WHEN :state = 'stored' THEN sha256 ELSE stored_sha256 END
WHERE key = :key";

/// The journal of a run. Entries reported as written are on the disk.
#[derive(Debug)]
pub(crate) struct Journal {
    path: PathBuf,
    entries: Sender<Queued>,
    thread: JoinHandle<()>,
    _lock: Lock,
}

/// An entry, and whoever waits until it is on the disk.
type Queued = (Entry, oneshot::Sender<Result<(), Broken>>);

/// An event in the upload of a photo.
#[derive(Debug)]
enum Entry {
    Sending { key: String, content: Content, started: SystemTime },
    Outcome { key: String, outcome: Outcome },
}

impl Journal {
    /// Opens or creates a journal, and writes its binding and the planned photos.
    ///
    /// # Errors
    ///
    /// [`Failure`] if it is no journal, is damaged, or cannot be written.
    pub(crate) fn open<'p>(
        path: &Path,
        lock: Lock,
        binding: &Binding,
        plan: impl Iterator<Item = Planned<'p>>,
    ) -> Result<Self, Failure> {
        let connection = open(path).and_then(|mut connection| {
            begin(&mut connection, binding, plan)?;
            Ok(connection)
        });
        let connection = connection.map_err(|cause| error::failed("write", path, &cause))?;
        let (entries, received) = channel();
        let thread = thread::Builder::new().name("journal".to_owned());
        let thread = thread.spawn(move || write_all(connection, &received));
        let thread = thread.map_err(|cause| error::failed("write", path, &cause.into()))?;
        Ok(Self { path: path.to_owned(), entries, thread, _lock: lock })
    }

    /// Records that a photo is about to be sent. Entries are written in the order of the calls.
    ///
    /// # Errors
    ///
    /// [`Failure`] if this entry, or any before it, cannot be written; nothing may be sent then.
    pub(crate) fn sending(
        &self,
        key: &str,
        content: Content,
        started: SystemTime,
    ) -> impl Future<Output = Result<(), Failure>> {
        self.write(Entry::Sending { key: key.to_owned(), content, started })
    }

    /// Records the outcome of an upload. Entries are written in the order of the calls.
    ///
    /// # Errors
    ///
    /// [`Failure`] if the entry cannot be written; nothing more may be sent then.
    pub(crate) fn outcome(
        &self,
        key: &str,
        outcome: Outcome,
    ) -> impl Future<Output = Result<(), Failure>> {
        self.write(Entry::Outcome { key: key.to_owned(), outcome })
    }

    /// Queues an entry at once; the future ends when it is on the disk.
    fn write(&self, entry: Entry) -> impl Future<Output = Result<(), Failure>> {
        let (done, written) = oneshot::channel();
        let queued = self.entries.send((entry, done));
        async move {
            let written = match queued {
                Ok(()) => written.await.unwrap_or(Err(Broken::Gone)),
                Err(_) => Err(Broken::Gone),
            };
            written.map_err(|cause| error::failed("write", &self.path, &cause))
        }
    }

    /// Waits until all entries are written and the files beside the journal are gone.
    pub(crate) fn close(self) {
        drop(self.entries);
        // The thread does not panic; even if it did, its writes are on the disk.
        let _ = self.thread.join();
    }
}

/// Opens a journal, or creates an empty one that only its owner can access.
fn open(path: &Path) -> Result<Connection, Broken> {
    if !path.try_exists()? {
        create(path)?;
    }
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags)?;
    if !is_new(&connection)? {
        verify(&connection)?;
    }
    connection.pragma_update(None, "journal_mode", "WAL")?;
    connection.pragma_update(None, "synchronous", "FULL")?;
    Ok(connection)
}

fn create(path: &Path) -> io::Result<()> {
    let mut options = OpenOptions::new();
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.write(true).create_new(true).open(path).map(drop)
}

/// Writes the initial rows of a run, all or none.
fn begin<'p>(
    connection: &mut Connection,
    binding: &Binding,
    plan: impl Iterator<Item = Planned<'p>>,
) -> Result<(), Broken> {
    let transaction = connection.transaction()?;
    if is_new(&transaction)? {
        transaction.execute_batch(SCHEMA)?;
        transaction.pragma_update(None, "application_id", APPLICATION_ID)?;
        transaction.pragma_update(None, "user_version", VERSION)?;
        let created = humantime::format_rfc3339_seconds(SystemTime::now()).to_string();
        set_meta(&transaction, "version", &VERSION.to_string())?;
        set_meta(&transaction, "created", &created)?;
    }
    for (key, value) in binding.rows() {
        set_meta(&transaction, key, value)?;
    }
    for planned in plan {
        write_planned(&transaction, &planned)?;
    }
    Ok(transaction.commit()?)
}

fn set_meta(transaction: &Transaction<'_>, key: &str, value: &str) -> rusqlite::Result<usize> {
    transaction.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (key, value))
}

fn write_planned(transaction: &Transaction<'_>, photo: &Planned<'_>) -> rusqlite::Result<usize> {
    if photo.state == State::Stored {
        return transaction.prepare_cached(UNCHANGED)?.execute(named_params! {
            ":key": photo.key,
            ":target": photo.target,
            ":file": photo.file,
            ":source_sha256": photo.content.map(|content| content.source_sha256.to_string()),
            ":fit": photo.fit,
        });
    }
    transaction.prepare_cached(PLAN)?.execute(named_params! {
        ":key": photo.key,
        ":target": photo.target,
        ":file": photo.file,
        ":state": photo.state.as_str(),
        ":reason": photo.reason,
        ":bytes": photo.content.map(|content| content.bytes),
        ":sha256": photo.content.map(|content| content.sha256.to_string()),
        ":source_sha256": photo.content.map(|content| content.source_sha256.to_string()),
        ":fit": photo.fit,
    })
}

/// Writes entries until all senders are gone. Refuses all that follow a failure: a disk may
/// recover, but the run must not send photos after it.
fn write_all(mut connection: Connection, entries: &Receiver<Queued>) {
    let mut failure: Option<String> = None;
    while let Ok(first) = entries.recv() {
        let more = entries.try_iter().take(MAX_AT_ONCE - 1);
        let (entries, waiting): (Vec<_>, Vec<_>) = std::iter::once(first).chain(more).unzip();
        let are_written = failure.is_none() && write(&mut connection, &entries).is_ok();
        for (entry, done) in entries.into_iter().zip(waiting) {
            // One that fails takes none of those before it along.
            if !are_written && failure.is_none() {
                failure = write(&mut connection, &[entry]).err().map(|cause| cause.words());
            }
            // A second Ctrl-C may have dropped the receiver.
            let _ = done.send(failure.clone().map_or(Ok(()), |words| Err(Broken::Told(words))));
        }
    }
}

fn write(connection: &mut Connection, entries: &[Entry]) -> Result<(), Broken> {
    let transaction = connection.transaction()?;
    for entry in entries {
        write_entry(&transaction, entry)?;
    }
    Ok(transaction.commit()?)
}

fn write_entry(transaction: &Transaction<'_>, entry: &Entry) -> rusqlite::Result<usize> {
    match entry {
        Entry::Sending { key, content, started } => {
            transaction.prepare_cached(SENDING)?.execute(named_params! {
                ":key": key,
                ":started": timestamp(*started),
                ":bytes": content.bytes,
                ":sha256": content.sha256.to_string(),
            })
        }
        Entry::Outcome { key, outcome } => {
            transaction.prepare_cached(OUTCOME)?.execute(named_params! {
                ":key": key,
                ":state": outcome.state.as_str(),
                ":reason": outcome.reason,
                ":status": outcome.status,
                ":code": outcome.code,
                ":request_id": outcome.request_id,
                ":client_request_id": outcome.client_request_id,
                ":more_attempts": outcome.more_attempts,
                ":finished": timestamp(outcome.finished),
            })
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::journal::Digest;

    /// Writes `sending` of photos, and returns what each is told. Those of one batch are queued
    /// together; the photo `b` cannot be written.
    fn told(batches: &[&[&str]]) -> Vec<Result<(), String>> {
        let connection = Connection::open_in_memory().unwrap();
        connection.execute_batch(SCHEMA).unwrap();
        let fail = "CREATE TRIGGER fail BEFORE UPDATE ON photo WHEN new.key = 'b'
            BEGIN SELECT RAISE(ABORT, 'no room'); END";
        connection.execute_batch(fail).unwrap();
        for key in ["a", "b", "c"] {
            let row = "INSERT INTO photo (key, target, file, state) VALUES (?1, ?1, ?1, 'planned')";
            connection.execute(row, [key]).unwrap();
        }
        let (entries, received) = channel();
        let digest = Digest::of(b"photo");
        let content = Content { source_sha256: digest, sha256: digest, bytes: 5 };
        let queue = |key: &&str| {
            let (done, written) = oneshot::channel();
            let (key, started) = ((*key).to_owned(), SystemTime::now());
            entries
                .send((Entry::Sending { key, content: content.clone(), started }, done))
                .unwrap();
            written
        };
        let await_all = |batch: Vec<oneshot::Receiver<Result<(), Broken>>>| {
            let written = batch.into_iter().map(|written| written.blocking_recv().unwrap());
            written.map(|written| written.map_err(|cause| cause.words())).collect::<Vec<_>>()
        };
        let (first, rest) = batches.split_first().unwrap();
        let first = first.iter().map(queue).collect();
        let thread = thread::spawn(move || write_all(connection, &received));
        let mut told = await_all(first);
        for batch in rest {
            told.extend(await_all(batch.iter().map(queue).collect()));
        }
        drop(entries);
        thread.join().unwrap();
        told
    }

    #[test]
    fn nothing_is_written_after_a_failure() {
        let told = told(&[&["a"], &["b"], &["a"]]);
        let failed = told[1].clone().unwrap_err();
        assert!(failed.contains("no room"), "{failed}");
        // The last one could be written.
        assert_eq!(told, [Ok(()), Err(failed.clone()), Err(failed)]);
    }

    #[test]
    fn what_comes_before_a_failure_is_written() {
        let told = told(&[&["a", "c", "b", "a"]]);
        let failed = told[2].clone().unwrap_err();
        assert_eq!(told, [Ok(()), Ok(()), Err(failed.clone()), Err(failed)]);
    }
}
