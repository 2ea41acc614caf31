//! Permissions: which suffice for each target, and the scopes of the schemes.

use super::change::{Change, ChangeKind, for_targets};
use super::list_diff::diff;
use super::targets::Pair;
use crate::api::permissions::Condition;
use crate::api::{Api, Operation, Permission, PermissionType, Scope};
use crate::diagnostics::suggestion::quoted;

/// Changes of the permissions that suffice for each target. They are the same for PUT and PATCH.
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

/// A remedy: the permission to grant in place of `removed`.
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
    let permission = in_words(new);
    let (kind, text) = match (old.condition, new.condition) {
        (before, after) if before == after => return None,
        (_, None) => {
            (ChangeKind::ConditionRelaxed, format!("{permission} suffices without a condition"))
        }
        (before, Some(after)) => {
            // The user's own photo needs no role.
            let is_relaxed = before.is_some() && after == Condition::AdministratorRole;
            let kind = if is_relaxed {
                ChangeKind::ConditionRelaxed
            } else {
                ChangeKind::ConditionTightened
            };
            (kind, format!("{permission} suffices only if {}", after.clause()))
        }
    };
    Some(Change::new(kind, text))
}

/// Reports, for each type, another order of the permissions that both have.
fn reordered(old: &Operation, new: &Operation) -> Vec<Change> {
    let order = |of: &Operation, with: &Operation, wanted: PermissionType| {
        let common = |p: &&Permission| {
            p.permission_type == wanted && with.permissions.iter().any(|one| key(one) == key(p))
        };
        let scopes = of.permissions.iter().filter(common).map(|permission| &permission.scope);
        quoted(&scopes.collect::<Vec<_>>())
    };
    let changed = PermissionType::ALL.into_iter().filter_map(|wanted| {
        let (before, after) = (order(old, new, wanted), order(new, old, wanted));
        let text = format!("the order of the {wanted} permissions is {after}");
        (before != after).then(|| Change::new(ChangeKind::PermissionsReordered, text))
    });
    changed.collect()
}

fn account_kinds(old: &Operation, new: &Operation) -> Vec<Change> {
    diff(&old.account_kinds, &new.account_kinds, |kind| *kind).changes(
        (ChangeKind::AccountKindRemoved, |kind| format!("{kind} accounts no longer work")),
        (ChangeKind::AccountKindAdded, |kind| format!("{kind} accounts work as well")),
    )
}

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
            "register the app again with the output of `graph-photo permissions --format manifest`";
        changes.push(Change::new(ChangeKind::PermissionIdChanged, text).with_remedy(remedy));
    }
    changes
}

/// A scope with the permission type of its scheme.
type Entry<'a> = (PermissionType, &'a Scope);

fn scopes(api: &Api) -> Vec<Entry<'_>> {
    let schemes = api.schemes.iter();
    schemes.flat_map(|one| one.scopes.iter().map(|scope| (one.permission_type, scope))).collect()
}
