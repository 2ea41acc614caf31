//! What a change of the spec means for those who depend on it: two specs in, a
//! list of classified changes out.

pub mod change;
mod documentation;
mod pairing;
mod permissions;
mod photo;
mod schemas;
mod servers;
mod targets;
mod version;

use openapiv3::{Parameter, ReferenceOr};

use self::change::{Change, Kind};
pub use self::version::{Bump, ParseVersionError, Version};
use crate::{spec::Spec, upstream::DIFFERENCES_KEY};

/// Every change from `old` to `new`, the gravest first.
///
/// Empty only if the two specs are equal, but for the order of parameters and of
/// tags, and for what is recorded about Microsoft's data: nothing depends on them.
#[must_use]
pub fn compare(old: &Spec, new: &Spec) -> Vec<Change> {
    let (old, new) = (&in_order(old), &in_order(new));
    let pairs = targets::pair(&old.api, &new.api);
    let renames = targets::parameter_renames(&pairs.both);
    let mut changes = targets::compare(&pairs, &renames);
    changes.extend(targets::compare_identifiers(&old.api, &new.api, &renames));
    changes.extend(photo::compare(&old.api, &new.api));
    changes.extend(photo::compare_responses(&pairs.both, old, new));
    changes.extend(permissions::compare(&pairs.both));
    changes.extend(permissions::compare_schemes(&old.api, &new.api));
    changes.extend(servers::compare(&old.api, &new.api));
    changes.extend(schemas::compare(old, new));
    changes.extend(documentation::compare(old, new));
    if changes.is_empty() && old != new {
        let text = "the file differs in its order, or in details that the client leaves out";
        changes.push(Change::new(Kind::DetailChanged, text));
    }
    changes.sort_by_key(|change| std::cmp::Reverse(change.impact().effect()));
    changes
}

/// A spec without recorded differences, and with its parameters, and all tags but
/// the first of an operation, in an order that doesn't depend on how they are listed.
fn in_order(spec: &Spec) -> Spec {
    let mut spec = spec.clone();
    spec.api.upstream_differences.clear();
    spec.openapi.extensions.retain(|key, _| key != DIFFERENCES_KEY);
    let by_text = |list: &mut Vec<ReferenceOr<Parameter>>| {
        list.sort_by_key(|parameter| format!("{parameter:?}"));
    };
    for item in spec.openapi.paths.paths.values_mut() {
        let ReferenceOr::Item(item) = item else { continue };
        by_text(&mut item.parameters);
        for operation in [&mut item.put, &mut item.patch].into_iter().flatten() {
            by_text(&mut operation.parameters);
            if let Some((_, others)) = operation.tags.split_first_mut() {
                others.sort();
            }
        }
    }
    spec
}
