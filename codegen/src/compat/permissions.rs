//! Permissions: what suffices for each target, and the scopes of the schemes.

use super::{
    change::{Change, Kind, for_targets, quoted},
    pairing::Paired,
    targets::Pair,
};
use crate::{
    api::{Api, Operation, Permission, PermissionType, Scope},
    permissions::{AccountKind, Condition},
};

/// What suffices for each target. The same suffices for its PUT and its PATCH.
pub(super) fn compare(pairs: &[Pair<'_>]) -> Vec<Change> {
    for_targets(pairs.iter().flat_map(|(old, new)| {
        let both = old.operations.first().zip(new.operations.first());
        let changes = both.into_iter().flat_map(|(old, new)| compare_operations(old, new));
        changes.map(|change| (change, new.resource_template()))
    }))
}

fn compare_operations(old: &Operation, new: &Operation) -> Vec<Change> {
    let mut changes = permissions(old, new);
    changes.extend(reordered(old, new));
    changes.extend(account_kinds(old, new));
    changes
}

fn same(old: &Permission, new: &Permission) -> bool {
    (old.permission_type, &old.scope) == (new.permission_type, &new.scope)
}

fn permissions(old: &Operation, new: &Operation) -> Vec<Change> {
    let paired = Paired::new(&old.permissions, &new.permissions, same);
    let mut changes = Vec::new();
    for permission in &paired.removed {
        let text = format!("{} no longer suffices", in_words(permission));
        let change = Change::new(Kind::PermissionRemoved, text);
        changes.push(change.with_remedy(instead(permission, new)));
    }
    for permission in &paired.added {
        let text = format!("{} suffices as well", in_words(permission));
        changes.push(Change::new(Kind::PermissionAdded, text));
    }
    for (before, after) in &paired.both {
        changes.extend(condition(before, after));
    }
    changes
}

/// Which permission of the same type there is instead of `removed`.
fn instead(removed: &Permission, new: &Operation) -> String {
    let least = new.permissions.iter().find(|p| p.permission_type == removed.permission_type);
    match least {
        Some(least) => format!("grant {}, unless the app holds another one", in_words(least)),
        None => format!("there is no {} permission any more", removed.permission_type),
    }
}

/// `` `User.ReadWrite` (delegated) ``
fn in_words(permission: &Permission) -> String {
    format!("`{}` ({})", permission.scope, permission.permission_type)
}

fn condition(old: &Permission, new: &Permission) -> Option<Change> {
    let kind = match (old.condition, new.condition) {
        (before, after) if before == after => return None,
        (None, _) => Kind::ConditionAdded,
        (_, None) => Kind::ConditionRemoved,
        // A role is not asked for where the photo is the user's own.
        (_, Some(Condition::AdministratorRole)) => Kind::ConditionRelaxed,
        _ => Kind::ConditionTightened,
    };
    let permission = in_words(new);
    let text = match new.condition {
        None => format!("{permission} suffices without a condition"),
        Some(condition) => {
            format!("{permission} suffices only if {}", condition.clause())
        }
    };
    Some(Change::new(kind, text))
}

/// Reports, for each permission type, that those which both have come in
/// another order.
fn reordered(old: &Operation, new: &Operation) -> Vec<Change> {
    let types = [PermissionType::Delegated, PermissionType::Application];
    let order = |of: &Operation, with: &Operation, wanted: PermissionType| -> String {
        let common = |p: &&Permission| with.permissions.iter().any(|other| same(p, other));
        let permissions = of.permissions.iter().filter(common);
        let of_type = permissions.filter(|p| p.permission_type == wanted);
        quoted(of_type.map(|permission| permission.scope.as_str()))
    };
    let changed = types.into_iter().filter_map(|wanted| {
        let (before, after) = (order(old, new, wanted), order(new, old, wanted));
        let text = format!("the order of the {wanted} permissions is {after}");
        (before != after).then(|| Change::new(Kind::PermissionsReordered, text))
    });
    changed.collect()
}

fn account_kinds(old: &Operation, new: &Operation) -> Vec<Change> {
    let paired = Paired::new(&old.account_kinds, &new.account_kinds, AccountKind::eq);
    let removed = paired.removed.iter().map(|kind| {
        let text = format!("{} accounts no longer work", kind.name());
        Change::new(Kind::AccountKindRemoved, text)
    });
    let added = paired.added.iter().map(|kind| {
        let text = format!("{} accounts work as well", kind.name());
        Change::new(Kind::AccountKindAdded, text)
    });
    removed.chain(added).collect()
}

/// The scopes of the schemes, and their ids.
pub(super) fn compare_schemes(old: &Api, new: &Api) -> Vec<Change> {
    let (before, after) = (scopes(old), scopes(new));
    let same = |old: &Entry<'_>, new: &Entry<'_>| (old.0, &old.1.name) == (new.0, &new.1.name);
    let paired = Paired::new(&before, &after, same);
    let word = |(kind, scope): &Entry<'_>| format!("`{}` ({kind})", scope.name);
    let mut changes = Vec::new();
    for entry in &paired.removed {
        let text = format!("the scope {} is no longer defined", word(entry));
        changes.push(Change::new(Kind::ScopeRemoved, text));
    }
    for entry in &paired.added {
        changes
            .push(Change::new(Kind::ScopeAdded, format!("the scope {} is defined", word(entry))));
    }
    for (old, new) in paired.both {
        if old.1.description != new.1.description {
            let text = format!("the description of {} reads differently", word(new));
            changes.push(Change::new(Kind::TextChanged, text));
        }
        if old.1.id != new.1.id {
            let text = format!("the id of {} is `{}`, not `{}`", word(new), new.1.id, old.1.id);
            let remedy =
                "register the app anew for what `graph-photo permissions --format manifest` prints";
            changes.push(Change::new(Kind::PermissionIdChanged, text).with_remedy(remedy));
        }
    }
    changes
}

/// A scope with the permission type of its scheme.
type Entry<'a> = (PermissionType, &'a Scope);

fn scopes(api: &Api) -> Vec<Entry<'_>> {
    let schemes = api.schemes.iter();
    schemes
        .flat_map(|scheme| scheme.scopes.iter().map(|scope| (scheme.permission_type, scope)))
        .collect()
}
