//! Targets: their paths, names and operations, and the codes of success.

use super::change::{Change, ChangeKind, for_targets};
use super::content::Content;
use super::list_diff;
use super::list_diff::Diff;
use crate::api::{Api, Operation, Segment, Target};
use crate::diagnostics::suggestion::quoted;

/// A target before and after.
pub(super) type Pair<'a> = (&'a Target, &'a Target);

/// Targets with the same name and path are the same; the case of words doesn't count.
pub(super) fn diff<'a>(old: &'a Api, new: &'a Api) -> Diff<'a, Target> {
    let segment = |segment: &Segment| match segment {
        Segment::Literal(word) => word.to_ascii_lowercase(),
        Segment::Parameter(name) => format!("{{{name}}}"),
    };
    let path = |target: &Target| target.segments.iter().map(segment).collect::<Vec<_>>();
    list_diff::diff(&old.targets, &new.targets, |target| (&target.name, path(target)))
}

pub(super) fn compare(targets: &Diff<'_, Target>) -> Vec<Change> {
    let what = |target: &Target| {
        format!("`PhotoTarget::{}` (`{}`)", target.name, target.resource_template())
    };
    let ids =
        |target: &Target| quoted(&target.operations.iter().map(|one| &one.id).collect::<Vec<_>>());
    let mut changes = targets.changes(
        (ChangeKind::TargetRemoved, |one| format!("{} is gone, with {}", what(one), ids(one))),
        (ChangeKind::TargetAdded, |one| format!("{} is new, with {}", what(one), ids(one))),
    );
    for (old, new) in &targets.both {
        let (before, template) = (old.resource_template(), new.resource_template());
        if before != template {
            let text = format!("{} was `{before}`", what(new));
            changes.push(Change::new(ChangeKind::PathCaseChanged, text));
        }
        let method = |one: &Operation| format!("`{}` of `{template}`", one.method);
        let operations = list_diff::diff(&old.operations, &new.operations, |one| one.method);
        changes.extend(operations.changes(
            (ChangeKind::OperationRemoved, |one| format!("`{}` is gone: {}", one.id, method(one))),
            (ChangeKind::OperationAdded, |one| format!("`{}` is new: {}", one.id, method(one))),
        ));
    }
    changes
}

pub(super) fn compare_responses(
    pairs: &[Pair<'_>],
    before: &Content,
    after: &Content,
) -> Vec<Change> {
    for_targets(pairs.iter().flat_map(|(old, new)| {
        let (before, after) = (statuses(before, old), statuses(after, new));
        let changes = list_diff::diff(&before, &after, |code| code).changes(
            (ChangeKind::ResponseRemoved, |code| format!("`{code}` is no longer a response")),
            (ChangeKind::ResponseAdded, |code| format!("`{code}` is a response as well")),
        );
        changes.into_iter().map(|change| (change, new.resource_template()))
    }))
}

/// The status codes of a target, the same for PUT and PATCH.
fn statuses(content: &Content, target: &Target) -> Vec<String> {
    let method = target.operations.first().map_or("", |operation| operation.method.key());
    let responses = &content.0["paths"][target.path_template()][method]["responses"];
    responses.as_object().into_iter().flat_map(|all| all.keys().cloned()).collect()
}
