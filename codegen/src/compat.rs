//! Compares two specs and classifies what changes of API and permissions mean for users.

pub mod change;
mod clouds;
mod content;
mod limits;
mod list_diff;
mod permissions;
mod targets;
mod version;

use self::change::{Change, ChangeKind};
use self::content::Content;
pub use self::version::{Bump, Version, carries};
use crate::{api::Api, spec::Spec};

/// Every change from `old` to `new`, the gravest first.
///
/// Empty only if the specs are equal but for the order of parameters and tags, and for recorded
/// differences from Microsoft's data: nothing depends on these.
pub fn compare(old: &Spec, new: &Spec) -> Vec<Change> {
    let (before, after) = (Content::of(old), Content::of(new));
    let targets = targets::diff(&old.api, &new.api);
    let mut changes = targets::compare(&targets);
    changes.extend(targets::compare_responses(&targets.both, &before, &after));
    changes.extend(limits::compare(&old.api, &new.api));
    changes.extend(permissions::compare(&targets.both));
    changes.extend(permissions::compare_schemes(&old.api, &new.api));
    changes.extend(clouds::compare(&old.api, &new.api));
    changes.extend(content::compare_texts(&before, &after));
    let api = |spec: &Spec| Api { upstream_differences: Vec::new(), ..spec.api.clone() };
    if changes.is_empty() && (before != after || api(old) != api(new)) {
        let text = "the file differs in its order, or in details that the client leaves out";
        changes.push(Change::new(ChangeKind::DetailChanged, text));
    }
    changes.sort_by_key(|change| std::cmp::Reverse(change.kind.impact().effect()));
    changes
}
