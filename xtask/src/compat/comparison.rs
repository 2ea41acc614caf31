//! The changes since a base, and the version that they demand.

use graph_photo_codegen::compat::{Bump, Version, carries, change::Change};

use super::base::Base;

/// The outcome of a comparison.
pub(super) struct Comparison {
    pub(super) base: Base,
    pub(super) changes: Vec<Change>,
    /// The version now.
    pub(super) version: Version,
}

/// The version that the changes demand.
pub(super) struct Demand {
    pub(super) bump: Bump,
    /// The lowest version that carries the bump; `None` if the version before is unknown.
    pub(super) version: Option<Version>,
}

impl Comparison {
    /// `None` if nothing has changed.
    pub(super) fn demand(&self) -> Option<Demand> {
        let gravest = self.changes.iter().map(|change| change.kind.impact().effect()).max()?;
        let before = self.base.version.as_ref();
        let bump = Bump::demanded(before.unwrap_or(&self.version), gravest);
        Some(Demand { bump, version: before.map(|before| bump.after(before)) })
    }

    /// The version to write, if the current one is too low.
    pub(super) fn missing(&self) -> Option<Version> {
        self.demand()?.version.filter(|demanded| !carries(&self.version, demanded))
    }
}
