//! Reads a journal for a report: its origin, and a row for each target.

use std::{
    collections::HashMap,
    path::{Path, PathBuf},
};

use rusqlite::Connection;
use serde::{Serialize, Serializer};

use super::row::Row;
use crate::{failure::Failure, journal::look_into};

/// The origin of a journal's outcomes.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Meta {
    /// The path of the journal.
    #[serde(serialize_with = "lossy")]
    pub(super) path: PathBuf,
    /// The folder or table that was sent.
    pub(super) source: Option<String>,
    /// The base folder of relative file paths.
    pub(super) photos: Option<String>,
    /// The URL that paths were appended to.
    pub(super) base_url: Option<String>,
    /// The tenant of the token, if it named one.
    pub(super) tenant: Option<String>,
    /// The part of the source, as `I/N`.
    pub(super) shard: Option<String>,
    /// The creation time, in UTC and RFC 3339 format.
    pub(super) created: Option<String>,
}

fn lossy<S: Serializer>(path: &Path, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(&path.to_string_lossy())
}

impl Meta {
    /// Whether a target means the same in both, as far as is known: a token need not name
    /// its tenant.
    pub(super) fn is_of_same_tenant(&self, other: &Self) -> bool {
        let is_same = |one: &Option<String>, other: &Option<String>| match (one, other) {
            (Some(one), Some(other)) => one.eq_ignore_ascii_case(other),
            _ => true,
        };
        is_same(&self.base_url, &other.base_url) && is_same(&self.tenant, &other.tenant)
    }

    /// The tenant in words, with its Graph.
    pub(super) fn tenant(&self) -> String {
        let base_url = self.base_url.as_deref().unwrap_or("an unknown Graph");
        match &self.tenant {
            Some(tenant) => format!("tenant {tenant} at {base_url}"),
            None => base_url.to_owned(),
        }
    }
}

/// The data that a report needs from a journal.
pub(super) struct Journal {
    pub(super) meta: Meta,
    pub(super) rows: Vec<Row>,
}

impl Journal {
    /// Reads a journal. Changes neither it nor anything beside it.
    pub(super) fn read(path: &Path) -> Result<Self, Failure> {
        look_into(path, |connection| {
            Ok(Self { meta: meta(path, connection)?, rows: rows(connection)? })
        })
    }
}

fn meta(path: &Path, connection: &Connection) -> rusqlite::Result<Meta> {
    let mut statement = connection.prepare("SELECT key, value FROM meta")?;
    let pairs = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
    let mut meta = pairs.collect::<Result<HashMap<String, String>, _>>()?;
    let mut take = |key: &str| meta.remove(key);
    Ok(Meta {
        path: path.to_owned(),
        source: take("source"),
        photos: take("photos"),
        base_url: take("base_url"),
        tenant: take("tenant"),
        shard: take("shard"),
        created: take("created"),
    })
}

fn rows(connection: &Connection) -> rusqlite::Result<Vec<Row>> {
    let columns = Row::COLUMNS.join(", ");
    let mut statement = connection.prepare(&format!("SELECT {columns} FROM photos"))?;
    let rows = statement.query_map([], row)?;
    rows.collect()
}

/// Reads a row in the order of the columns.
fn row(row: &rusqlite::Row<'_>) -> rusqlite::Result<Row> {
    Ok(Row {
        target: row.get(0)?,
        file: row.get(1)?,
        state: row.get(2)?,
        reason: row.get(3)?,
        status: row.get(4)?,
        code: row.get(5)?,
        request_id: row.get(6)?,
        client_request_id: row.get(7)?,
        attempts: row.get::<_, Option<i64>>(8)?.unwrap_or_default(),
        bytes: row.get(9)?,
        sha256: row.get(10)?,
        source_sha256: row.get(11)?,
        fit: row.get(12)?,
        started: row.get(13)?,
        finished: row.get(14)?,
        journal: 0,
    })
}
