//! What is sent and what is answered: size limit, responses.

use std::cmp::Ordering;

use super::{
    change::{Change, Kind, for_targets},
    targets::Pair,
};
use crate::{
    api::{Api, Target},
    docs::openapi::openapi_operation,
    spec::Spec,
};

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
        let (old, new) = (statuses(old, before), statuses(new, after));
        let template = after.resource_template();
        for status in new.iter().filter(|status| !old.contains(status)) {
            let text = format!("`{status}` is an answer as well");
            changes.push((Change::new(Kind::ResponseAdded, text), template.clone()));
        }
        for status in old.iter().filter(|status| !new.contains(status)) {
            let text = format!("`{status}` is no longer an answer");
            changes.push((Change::new(Kind::ResponseRemoved, text), template.clone()));
        }
    }
    for_targets(changes)
}

/// The codes that a target answers with. PUT and PATCH have the same ones.
fn statuses(spec: &Spec, target: &Target) -> Vec<String> {
    let first = target.operations.first();
    let operation = first.and_then(|operation| openapi_operation(spec, target, operation.method));
    let responses =
        operation.into_iter().flat_map(|operation| operation.responses.responses.keys());
    responses.map(ToString::to_string).collect()
}
