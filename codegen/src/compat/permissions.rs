//! Permissions: what suffices for each target, and the scopes of the schemes.

use super::{
    change::{Change, ChangeKind, for_targets, quoted},
    list_diff::diff,
    targets::Pair,
};
use crate::api::{Api, Operation, Permission, PermissionType, Scope, permissions::Condition};

/// What suffices for each target. The same suffices for its PUT and its PATCH.
pub(super) fn compare(pairs: &[Pair<'_>]) -> Vec<Change> {
    for_targets(pairs.iter().flat_map(|(old, new)| {
        let both = old.operations.first().zip(new.operations.first());
        let changes = both.into_iter().flat_map(|(old, new)| {
            [permissions(old, new), reordered(old, new), account_kinds(old, new)].concat()
        });
        changes.map(|change| (change, new.resource_template()))
    }))
}

fn permissions(old: &Operation, new: &Operation) -> Vec<Change> {
    let permissions = diff(&old.permissions, &new.permissions, key);
    let mut changes = Vec::new();
    for permission in permissions.removed {
        let text = format!("{} no longer suffices", in_words(permission));
        let change = Change::new(ChangeKind::PermissionRemoved, text);
        changes.push(change.with_remedy(instead(permission, new)));
    }
    for permission in permissions.added {
        let text = format!("{} suffices as well", in_words(permission));
        changes.push(Change::new(ChangeKind::PermissionAdded, text));
    }
    changes.extend(permissions.both.iter().filter_map(|(old, new)| condition(old, new)));
    changes
}

fn key(permission: &Permission) -> (PermissionType, &str) {
    (permission.permission_type, &permission.scope)
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
        // A role is not asked for where the photo is the user's own.
        (_, None) | (Some(_), Some(Condition::AdministratorRole)) => ChangeKind::ConditionRelaxed,
        _ => ChangeKind::ConditionTightened,
    };
    let how = new.condition.map_or("without a condition".to_owned(), |condition| {
        format!("only if {}", condition.clause())
    });
    Some(Change::new(kind, format!("{} suffices {how}", in_words(new))))
}

/// Reports, for each permission type, that those which both have come in
/// another order.
fn reordered(old: &Operation, new: &Operation) -> Vec<Change> {
    let order = |of: &Operation, with: &Operation, wanted: PermissionType| -> String {
        let common = |p: &&Permission| {
            p.permission_type == wanted && with.permissions.iter().any(|one| key(one) == key(p))
        };
        quoted(of.permissions.iter().filter(common).map(|permission| permission.scope.as_str()))
    };
    let types = [PermissionType::Delegated, PermissionType::Application];
    let changed = types.into_iter().filter_map(|wanted| {
        let (before, after) = (order(old, new, wanted), order(new, old, wanted));
        let text = format!("the order of the {wanted} permissions is {after}");
        (before != after).then(|| Change::new(ChangeKind::PermissionsReordered, text))
    });
    changed.collect()
}

fn account_kinds(old: &Operation, new: &Operation) -> Vec<Change> {
    diff(&old.account_kinds, &new.account_kinds, |kind| *kind).changes(
        (ChangeKind::AccountKindRemoved, |kind| format!("{} accounts no longer work", kind.name())),
        (ChangeKind::AccountKindAdded, |kind| format!("{} accounts work as well", kind.name())),
    )
}

/// The scopes of the schemes, and their ids.
pub(super) fn compare_schemes(old: &Api, new: &Api) -> Vec<Change> {
    let (before, after) = (scopes(old), scopes(new));
    let scopes = diff(&before, &after, |(kind, scope)| (*kind, &scope.name));
    let word = |(kind, scope): &Entry<'_>| format!("`{}` ({kind})", scope.name);
    let mut changes = scopes.changes(
        (ChangeKind::ScopeRemoved, |one| format!("the scope {} is no longer defined", word(one))),
        (ChangeKind::ScopeAdded, |one| format!("the scope {} is defined", word(one))),
    );
    for (old, new) in scopes.both.into_iter().filter(|(old, new)| old.1.id != new.1.id) {
        let text = format!("the id of {} is `{}`, not `{}`", word(new), new.1.id, old.1.id);
        let remedy =
            "register the app anew for what `graph-photo permissions --format manifest` prints";
        changes.push(Change::new(ChangeKind::PermissionIdChanged, text).with_remedy(remedy));
    }
    changes
}

/// A scope with the permission type of its scheme.
type Entry<'a> = (PermissionType, &'a Scope);

fn scopes(api: &Api) -> Vec<Entry<'_>> {
    api.schemes
        .iter()
        .flat_map(|scheme| scheme.scopes.iter().map(|scope| (scheme.permission_type, scope)))
        .collect()
}
