//! Journals as a sync leaves them, made by SQL.

use std::{
    fs,
    path::{Path, PathBuf},
};

use rusqlite::{Connection, params};

/// A row of a journal.
#[derive(Clone)]
pub(super) struct Photo<'t> {
    pub(super) target: &'t str,
    pub(super) file: &'t str,
    pub(super) state: &'t str,
    pub(super) reason: Option<&'t str>,
    pub(super) status: Option<u16>,
    pub(super) code: Option<&'t str>,
    pub(super) request_id: Option<&'t str>,
    pub(super) attempts: u32,
    pub(super) source_sha256: Option<&'t str>,
    pub(super) started: Option<&'t str>,
    pub(super) finished: Option<&'t str>,
}

impl<'t> Photo<'t> {
    pub(super) fn stored(target: &'t str) -> Self {
        Self {
            target,
            file: "baseline.jpg",
            state: "stored",
            reason: None,
            status: Some(200),
            code: None,
            request_id: Some("r-1"),
            attempts: 1,
            source_sha256: None,
            started: Some("2026-11-26T21:59:58Z"),
            finished: Some("2026-11-26T21:59:59Z"),
        }
    }
}

/// A journal in a folder of its own.
pub(super) struct Journal {
    path: PathBuf,
}

impl Journal {
    pub(super) fn create(name: &str, photos: &[Photo]) -> Self {
        let journal = Self { path: folder(name).join("photos.journal.sqlite") };
        let mut connection = journal.connect();
        connection.execute_batch(SCHEMA).unwrap();
        let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/fixtures");
        let fixtures = fixtures.canonicalize().unwrap().to_str().unwrap().to_owned();
        let meta = [
            ("version", "1"),
            ("base_url", "http://127.0.0.1:8080/v1.0"),
            ("tenant", "7d0f"),
            ("source", "/srv/photos"),
            ("photos", &fixtures),
            ("created", "2026-11-26T21:59:00Z"),
        ];
        let all = connection.transaction().unwrap();
        for (key, value) in meta {
            all.execute("INSERT INTO meta VALUES (?1, ?2)", params![key, value]).unwrap();
        }
        for it in photos {
            let values = params![
                it.target,
                it.file,
                it.state,
                it.reason,
                it.status,
                it.code,
                it.request_id,
                it.attempts,
                it.source_sha256,
                it.started,
                it.finished
            ];
            all.execute(INSERT, values).unwrap();
        }
        all.commit().unwrap();
        journal
    }

    pub(super) fn path(&self) -> &str {
        self.path.to_str().unwrap()
    }

    pub(super) fn execute(&self, statement: &str) {
        assert!(self.connect().execute_batch(statement).is_ok());
    }

    /// The names of the view's columns.
    pub(super) fn columns(&self) -> Vec<String> {
        let connection = self.connect();
        let statement = connection.prepare("SELECT * FROM photos").unwrap();
        statement.column_names().into_iter().map(str::to_owned).collect()
    }

    /// A copy as it is if the power goes: all that was written last is in the log.
    pub(super) fn killed(&self, name: &str) -> Self {
        let connection = self.connect();
        connection.execute_batch("UPDATE photo SET attempts = attempts + 1").unwrap();
        let killed = Self { path: folder(name).join("photos.journal.sqlite") };
        for ending in ["", "-wal"] {
            fs::copy(format!("{}{ending}", self.path()), format!("{}{ending}", killed.path()))
                .unwrap();
        }
        assert!(fs::metadata(format!("{}-wal", killed.path())).unwrap().len() > 0);
        killed
    }

    fn connect(&self) -> Connection {
        let connection = Connection::open(&self.path).unwrap();
        connection.pragma_update(None, "journal_mode", "wal").unwrap();
        connection
    }
}

fn folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("report-{name}"));
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).unwrap();
    folder
}

/// The journal's form: what a sync makes, without the columns that no report reads.
const SCHEMA: &str = "
PRAGMA application_id = 1735420015; -- `gpho`
PRAGMA user_version = 1;
CREATE TABLE meta (key TEXT PRIMARY KEY NOT NULL, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE photo (
    target TEXT NOT NULL, file TEXT NOT NULL, state TEXT NOT NULL, reason TEXT, status INTEGER,
    code TEXT, request_id TEXT, client_request_id TEXT, attempts INTEGER NOT NULL DEFAULT 0,
    bytes INTEGER, sha256 TEXT, source_sha256 TEXT, fit TEXT, started TEXT, finished TEXT
);
CREATE VIEW photos AS SELECT * FROM photo;
";

const INSERT: &str = "
INSERT INTO photo (target, file, state, reason, status, code, request_id, attempts, source_sha256,
                   started, finished)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)
";
