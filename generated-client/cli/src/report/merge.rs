//! Merges the journals of several shards into one list of outcomes.

use std::collections::HashMap;

use super::{
    journal::{Journal, Meta},
    row::Row,
    summary::rank,
};
use crate::{failure::Failure, output::printable};

/// The outcomes of all journals, one for each target.
pub(super) struct Merged {
    /// The origins of the outcomes.
    pub(super) journals: Vec<Meta>,
    /// Failures first, then by target.
    pub(super) rows: Vec<Row>,
    /// The number of outcomes superseded by another one of the same target.
    pub(super) superseded: usize,
}

impl Merged {
    /// Merges journals of one tenant. Fails for several tenants, where equal targets mean
    /// different accounts.
    pub(super) fn of(journals: Vec<Journal>) -> Result<Self, Failure> {
        refuse_several_tenants(&journals)?;
        let all: usize = journals.iter().map(|journal| journal.rows.len()).sum();
        let mut latest: HashMap<String, Row> = HashMap::with_capacity(all);
        let mut metas = Vec::new();
        for (index, journal) in journals.into_iter().enumerate() {
            metas.push(journal.meta);
            for mut row in journal.rows {
                row.journal = index;
                let known = latest.get(&row.target);
                if known.is_none_or(|known| known.time() < row.time()) {
                    latest.insert(row.target.clone(), row);
                }
            }
        }
        let mut rows: Vec<Row> = latest.into_values().collect();
        rows.sort_by(|a, b| (rank(&a.state), &a.target).cmp(&(rank(&b.state), &b.target)));
        Ok(Self { journals: metas, superseded: all - rows.len(), rows })
    }
}

fn refuse_several_tenants(journals: &[Journal]) -> Result<(), Failure> {
    let Some(first) = journals.first().map(|journal| &journal.meta) else { return Ok(()) };
    let metas = journals.iter().map(|journal| &journal.meta);
    match metas.into_iter().find(|meta| !meta.is_of_same_tenant(first)) {
        None => Ok(()),
        Some(other) => Err(Failure::arguments(format!(
            "failed to report on `{}` and `{}` together: they are of {} and of {}; make a report \
             of each",
            printable(&first.path),
            printable(&other.path),
            first.tenant(),
            other.tenant(),
        ))),
    }
}
