//! Limits: the size of a request, and the constraints of identifiers.

use super::change::{Change, ChangeKind};
use super::list_diff::diff;
use crate::api::{Api, IdentifierPattern};

pub(super) fn compare(old: &Api, new: &Api) -> Vec<Change> {
    let (before, after) = (old.max_request_bytes, new.max_request_bytes);
    let kinds = [ChangeKind::SizeLimitLowered, ChangeKind::SizeLimitRaised];
    let text = format!("a request has at most {after} bytes, not {before}");
    let mut changes: Vec<_> = moved(before, after, kinds, text).into_iter().collect();
    for (old, new) in diff(&old.identifiers, &new.identifiers, |one| &one.name).both {
        let (name, before, after) = (&new.name, old.max_length, new.max_length);
        let kinds = [ChangeKind::MaxLengthLowered, ChangeKind::MaxLengthRaised];
        let text = format!("`{name}` has at most {after} characters, not {before}");
        changes.extend(moved(before, after, kinds, text));
    }
    // Every identifier of a spec has the same pattern.
    if let (Some(old), Some(new)) = (old.identifiers.first(), new.identifiers.first())
        && old.pattern != new.pattern
    {
        let tightened = forbids_more(&new.pattern, &old.pattern);
        let kind =
            if tightened { ChangeKind::PatternTightened } else { ChangeKind::PatternRelaxed };
        changes.push(Change::new(kind, "identifiers have another pattern"));
    }
    changes
}

/// Whether a pattern forbids something that another one allows.
fn forbids_more(pattern: &IdentifierPattern, other: &IdentifierPattern) -> bool {
    let code_points = pattern.forbidden.iter().flat_map(|&(first, last)| first..=last);
    code_points.filter_map(char::from_u32).any(|character| !other.forbids(character))
        || (other.space_at_ends && !pattern.space_at_ends)
}

fn moved(before: u64, after: u64, kinds: [ChangeKind; 2], text: String) -> Option<Change> {
    let [lowered, raised] = kinds;
    (after != before).then(|| Change::new(if after < before { lowered } else { raised }, text))
}
