//! Targets and their operations: paths, names and parameters.

use super::{
    change::{Change, Kind, quoted},
    pairing::Paired,
};
use crate::{
    api::{Api, Identifier, IdentifierPattern, Operation, Segment, Target},
    names::{snake_name, type_name, variant_name},
};

/// A target before and after.
pub(super) type Pair<'a> = (&'a Target, &'a Target);

/// A parameter that has another name, and the targets that have it.
pub(super) struct Rename<'a> {
    old: &'a str,
    new: &'a str,
    templates: Vec<String>,
}

/// Pairs the targets: first by path, whatever its parameters are called, then
/// by name. A target with another path and another name is another target.
pub(super) fn pair<'a>(old: &'a Api, new: &'a Api) -> Paired<'a, Target> {
    let mut pairs = Paired::new(&old.targets, &new.targets, same_path);
    let moved = pairs.pair_rest(|old, new| old.name == new.name);
    pairs.both.extend(moved);
    pairs
}

fn same_path(old: &Target, new: &Target) -> bool {
    let same = |(old, new): (&Segment, &Segment)| match (old, new) {
        // The case of words doesn't count when the path is read.
        (Segment::Literal(old), Segment::Literal(new)) => old.eq_ignore_ascii_case(new),
        (Segment::Parameter(_), Segment::Parameter(_)) => true,
        _ => false,
    };
    old.segments.len() == new.segments.len() && old.segments.iter().zip(&new.segments).all(same)
}

/// The parameters that have another name at the same place of the same path.
pub(super) fn parameter_renames<'a>(pairs: &[Pair<'a>]) -> Vec<Rename<'a>> {
    let mut renames: Vec<Rename<'a>> = Vec::new();
    for (before, after) in pairs.iter().filter(|(old, new)| same_path(old, new)) {
        let changed = before.parameters().zip(after.parameters()).filter(|(old, new)| old != new);
        for (old, new) in changed.filter(|_| !is_reordered(before, after)) {
            let template = after.resource_template();
            match renames.iter_mut().find(|rename| (rename.old, rename.new) == (old, new)) {
                Some(rename) => rename.templates.push(template),
                None => renames.push(Rename { old, new, templates: vec![template] }),
            }
        }
    }
    renames
}

/// Whether two targets have the same parameters in another order.
fn is_reordered(old: &Target, new: &Target) -> bool {
    let sorted = |target| {
        let mut names: Vec<_> = Target::parameters(target).collect();
        names.sort_unstable();
        names
    };
    !old.parameters().eq(new.parameters()) && sorted(old) == sorted(new)
}

/// What targets, operations and parameters there are, and what they are called.
pub(super) fn compare(pairs: &Paired<'_, Target>, renames: &[Rename<'_>]) -> Vec<Change> {
    let mut changes: Vec<Change> = pairs.removed.iter().map(|target| removed(target)).collect();
    changes.extend(pairs.added.iter().map(|target| added(target)));
    for (old, new) in &pairs.both {
        changes.extend(renamed(old, new));
        changes.extend(path_changed(old, new));
        changes.extend(reordered(old, new));
        changes.extend(operations(old, new));
    }
    changes.extend(renames.iter().map(parameter_renamed));
    changes
}

fn ids(target: &Target) -> String {
    quoted(target.operations.iter().map(|operation| operation.id.as_str()))
}

fn removed(target: &Target) -> Change {
    let (name, template) = (&target.name, target.resource_template());
    Change::new(
        Kind::TargetRemoved,
        format!("`PhotoTarget::{name}` (`{template}`) is gone, with {}", ids(target)),
    )
}

fn added(target: &Target) -> Change {
    let (name, template) = (&target.name, target.resource_template());
    Change::new(
        Kind::TargetAdded,
        format!("there is `PhotoTarget::{name}` (`{template}`), with {}", ids(target)),
    )
}

/// A target's name is a part of its operation ids: they change together, and
/// with them all names in the generated API.
fn renamed(old: &Target, new: &Target) -> Option<Change> {
    if old.name == new.name {
        return None;
    }
    let text = format!(
        "`PhotoTarget::{}` is called `PhotoTarget::{}`: `{}`",
        old.name,
        new.name,
        new.resource_template()
    );
    let constructor = |target: &Target| format!("PhotoTarget::{}", snake_name(&target.name));
    let mut remedy = format!("write `{}` for `{}`", constructor(new), constructor(old));
    for (before, after) in both_operations(old, new) {
        remedy += &format!(", `Operation::{}`", variant_name(&after.id));
        remedy += &format!(" for `Operation::{}`", variant_name(&before.id));
        let (before, after) = (snake_name(&before.id), snake_name(&after.id));
        remedy += &format!(", `Client::{after}` for `Client::{before}`");
    }
    Some(Change::new(Kind::TargetRenamed, text).with_remedy(remedy))
}

fn path_changed(old: &Target, new: &Target) -> Option<Change> {
    let (before, after) = (old.resource_template(), new.resource_template());
    let text = format!("`PhotoTarget::{}` is `{after}`, not `{before}`", new.name);
    if same_path(old, new) {
        let differ = |(old, new): (&Segment, &Segment)| matches!((old, new), (Segment::Literal(old), Segment::Literal(new)) if old != new);
        let differ = old.segments.iter().zip(&new.segments).any(differ);
        return differ.then(|| Change::new(Kind::PathCaseChanged, text));
    }
    let change = Change::new(Kind::PathChanged, text);
    let function = snake_name(&new.name);
    let arguments: Vec<_> = new.parameters().map(snake_name).collect();
    Some(if old.parameters().eq(new.parameters()) {
        change
    } else {
        change.with_remedy(format!("write `PhotoTarget::{function}({})`", arguments.join(", ")))
    })
}

fn reordered(old: &Target, new: &Target) -> Option<Change> {
    if !same_path(old, new) || !is_reordered(old, new) {
        return None;
    }
    let (before, after) = (quoted(old.parameters()), quoted(new.parameters()));
    let text = format!("`PhotoTarget::{}` takes {after}, no longer {before}", new.name);
    let remedy = "exchange the arguments of each call; the compiler won't say which";
    Some(Change::new(Kind::ParametersReordered, text).with_remedy(remedy))
}

fn parameter_renamed(rename: &Rename<'_>) -> Change {
    let Rename { old, new, templates } = rename;
    let templates = quoted(templates.iter().map(String::as_str));
    let text = format!("the parameter `{old}` is called `{new}` in {templates}");
    let remedy = format!(
        "write `{}` for the type `{}`, and `{}` for the field `{}`",
        type_name(new),
        type_name(old),
        snake_name(new),
        snake_name(old)
    );
    Change::new(Kind::ParameterRenamed, text).with_remedy(remedy)
}

/// The operations that both have, by method.
pub(super) fn both_operations<'a>(
    old: &'a Target,
    new: &'a Target,
) -> Vec<(&'a Operation, &'a Operation)> {
    Paired::new(&old.operations, &new.operations, |old, new| old.method == new.method).both
}

fn operations(old: &Target, new: &Target) -> Vec<Change> {
    let paired = Paired::new(&old.operations, &new.operations, |old, new| old.method == new.method);
    let template = new.resource_template();
    let removed = paired.removed.iter().map(|operation| {
        let (id, method) = (&operation.id, operation.method.as_str());
        Change::new(Kind::OperationRemoved, format!("`{id}` is gone: `{method}` of `{template}`"))
    });
    let added = paired.added.iter().map(|operation| {
        let (id, method) = (&operation.id, operation.method.as_str());
        Change::new(Kind::OperationAdded, format!("there is `{id}`: `{method}` of `{template}`"))
    });
    removed.chain(added).collect()
}

/// How long identifiers may be, and what they may have.
pub(super) fn compare_identifiers(old: &Api, new: &Api, renames: &[Rename<'_>]) -> Vec<Change> {
    let same = |old: &Identifier, new: &Identifier| old.name == new.name;
    let mut paired = Paired::new(&old.identifiers, &new.identifiers, same);
    let others = paired.pair_rest(|old, new| {
        renames.iter().any(|rename| (rename.old, rename.new) == (&old.name, &new.name))
    });
    let both = paired.both.into_iter().chain(others);
    let lengths = both.filter_map(|(old, new)| {
        let (before, after) = (old.max_length, new.max_length);
        let kind = match before.cmp(&after) {
            std::cmp::Ordering::Less => Kind::MaxLengthRaised,
            std::cmp::Ordering::Equal => return None,
            std::cmp::Ordering::Greater => Kind::MaxLengthLowered,
        };
        let name = &new.name;
        Some(Change::new(kind, format!("`{name}` has at most {after} characters, not {before}")))
    });
    lengths.chain(compare_patterns(old, new)).collect()
}

/// Every identifier of a spec has the same pattern.
fn compare_patterns(old: &Api, new: &Api) -> Option<Change> {
    let (old, new) = (&old.identifiers.first()?.pattern, &new.identifiers.first()?.pattern);
    if old == new {
        return None;
    }
    let (refused, accepted) = (only_forbidden(new, old), only_forbidden(old, new));
    let is_tighter = !refused.is_empty() || old.space_at_ends && !new.space_at_ends;
    let kind = if is_tighter { Kind::PatternTightened } else { Kind::PatternRelaxed };
    let mut text = "identifiers have another pattern".to_owned();
    for (what, characters) in [("refused", refused), ("accepted", accepted)] {
        if let Some(first) = characters.first() {
            let (count, first) = (characters.len(), u32::from(*first));
            text += &format!("; newly {what} are {count} characters, the first U+{first:04X}");
        }
    }
    match (old.space_at_ends, new.space_at_ends) {
        (true, false) => text += "; a space at an end is refused",
        (false, true) => text += "; a space at an end is accepted",
        _ => {}
    }
    Some(Change::new(kind, text))
}

/// The characters that one pattern forbids and another one doesn't.
fn only_forbidden(pattern: &IdentifierPattern, other: &IdentifierPattern) -> Vec<char> {
    let code_points = pattern.forbidden.iter().flat_map(|&(first, last)| first..=last);
    let characters = code_points.filter_map(char::from_u32);
    characters.filter(|character| !other.forbids(*character)).collect()
}
