//! What is sent and what is answered: size limit, responses.

use std::cmp::Ordering;

use super::{Change, Kind, for_targets, objects, targets::Pair};
use crate::{Spec, api::Api};

/// The size limit of every request. Its media type is the same in every spec
/// that breaks no rule.
pub(super) fn compare(old: &Api, new: &Api) -> Option<Change> {
    let (before, after) = (old.max_request_bytes, new.max_request_bytes);
    let text = format!("a request has at most {after} bytes, not {before}");
    match before.cmp(&after) {
        Ordering::Less => Some(Change::new(Kind::SizeLimitRaised, text)),
        Ordering::Equal => None,
        Ordering::Greater => {
            let remedy = "make larger photos smaller before they are given to the client";
            Some(Change::new(Kind::SizeLimitLowered, text).with_remedy(remedy))
        }
    }
}

/// The codes of success of each target.
pub(super) fn compare_responses(pairs: &[Pair<'_>], old: &Spec, new: &Spec) -> Vec<Change> {
    let mut changes = Vec::new();
    for (before, after) in pairs {
        let (old, new) = (objects::responses(old, before), objects::responses(new, after));
        let template = after.resource_template();
        for (status, _) in new.iter().filter(|(status, _)| !has(&old, status)) {
            let text = format!("`{status}` is an answer as well");
            changes.push((Change::new(Kind::ResponseAdded, text), template.clone()));
        }
        for (status, _) in old.iter().filter(|(status, _)| !has(&new, status)) {
            let text = format!("`{status}` is no longer an answer");
            changes.push((Change::new(Kind::ResponseRemoved, text), template.clone()));
        }
    }
    for_targets(changes)
}

fn has(responses: &[(String, &str)], status: &str) -> bool {
    responses.iter().any(|(other, _)| other == status)
}
