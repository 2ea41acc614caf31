//! Selects the photos of a run from its source.

use globset::{GlobBuilder, GlobSet, GlobSetBuilder};

use super::item::{Item, folded};
use crate::{args::sync::SelectionArgs, failure::Failure, shard::Shard};

/// The selection of a run's photos.
#[derive(Debug)]
pub(super) struct Selection {
    /// The patterns to include; all targets, if none.
    only: Option<GlobSet>,
    exclude: GlobSet,
    shard: Shard,
}

impl Selection {
    /// # Errors
    ///
    /// [`Failure`] if a pattern is invalid.
    pub(super) fn new(args: &SelectionArgs) -> Result<Self, Failure> {
        let only = globs("--only", &args.only)?;
        Ok(Self {
            only: (!args.only.is_empty()).then_some(only),
            exclude: globs("--exclude", &args.exclude)?,
            shard: args.shard.shard()?,
        })
    }

    /// Whether a photo is selected.
    pub(super) fn has(&self, item: &Item) -> bool {
        let name = folded(item.name());
        // Let `megan*` match `/users/megan@contoso.com` as well.
        let short = name.rsplit('/').next().unwrap_or_default();
        let is_like = |globs: &GlobSet| globs.is_match(&name) || globs.is_match(short);
        let owner = item.target().map_or(name.as_str(), |target| target.owner());
        self.shard.has(owner) && self.only.as_ref().is_none_or(is_like) && !is_like(&self.exclude)
    }
}

fn globs(option: &str, patterns: &[String]) -> Result<GlobSet, Failure> {
    let mut set = GlobSetBuilder::new();
    let failed = |cause: globset::Error| {
        Failure::arguments(format!("failed to read the pattern of {option}: {cause}"))
    };
    for pattern in patterns {
        set.add(GlobBuilder::new(&folded(pattern)).build().map_err(failed)?);
    }
    set.build().map_err(failed)
}
