//! Permission metadata: what an operation says about its permissions beyond `security`.

use serde::Deserialize;
use serde_json::json;

use super::expect::{Statement, difference, distinct};
use super::members::Object;
use super::security::{Requirement, statement};
use super::sources;
use crate::api::Permission;
use crate::api::permissions::{AccountKind, Condition, Grant, PERMISSIONS_KEY, PermissionMetadata};
use crate::diagnostics::rule::Rule;
use crate::yaml::document::Node;

const RULE: Rule = Rule::PermissionMetadata;

type Needs = (Vec<AccountKind>, Vec<Permission>);

/// Reads the metadata of `operation` and compares it with `security`; returns it with the
/// statements that PUT and PATCH must agree on. `None` if either has faults.
pub(super) fn read(
    operation: &Node<'_>,
    security: Option<&[Requirement<'_>]>,
) -> Option<(Needs, Vec<Statement>)> {
    let example = example(security.unwrap_or_default());
    let node = operation.require(RULE, Object::Operation, PERMISSIONS_KEY, &example)?;
    let is_empty = |key: &str| node.get(key).is_some_and(|list| list.is_empty());
    if is_empty("accountKinds") {
        node.require(RULE, Object::Permissions, "accountKinds", "[work, school]");
    }
    if let (true, Some(security)) = (is_empty("leastPrivilegedFirst"), security) {
        check_consistent(&node.get("leastPrivilegedFirst")?, &[], security);
    }
    // A failure has a finding already: this one, or that of the file's structure.
    let metadata = PermissionMetadata::deserialize(node.value()).ok()?;
    let kinds = node.texts("accountKinds").into_iter();
    let kinds: Vec<_> = kinds.map(|(kind, item)| (format!("`{kind}`"), item)).collect();
    let distinct = distinct(RULE, kinds.iter().cloned());
    let (list, grants) = (node.get("leastPrivilegedFirst")?, metadata.least_privileged_first);
    let nodes = list.items()?;
    let sources = nodes.iter().filter_map(|grant| grant.get("source"));
    let unknown = sources.filter(|source| !sources::is_known(source, RULE)).count();
    let security = security?;
    check_consistent(&list, &grants, security)?;
    let permissions = read_permissions(&nodes, &grants, security)?;

    let kinds = kinds.into_iter().map(|(kind, _)| kind);
    let grants = grants.iter().map(|grant| format!("`{}`", json!(grant)));
    let said = kinds.chain(grants).map(|text| (PERMISSIONS_KEY, text));
    let said = security.iter().map(Requirement::statement).chain(said).collect();
    (distinct && unknown == 0).then_some(((metadata.account_kinds, permissions), said))
}

/// The metadata that `security` implies, ready to be pasted.
fn example(security: &[Requirement<'_>]) -> String {
    let grant = |Requirement { scheme, scope, .. }: &Requirement<'_>| {
        format!("{{ scheme: {scheme}, scope: {scope}, source: ... }}")
    };
    let grants = security.iter().map(grant).collect::<Vec<_>>().join(", ");
    format!("{{ accountKinds: [work, school], leastPrivilegedFirst: [{grants}] }}")
}

/// `None` if the `list` of grants is not that of `security`; reports the first difference.
fn check_consistent(list: &Node<'_>, grants: &[Grant], security: &[Requirement<'_>]) -> Option<()> {
    let listed: Vec<_> =
        grants.iter().map(|grant| statement(&grant.scheme, &grant.scope)).collect();
    let required: Vec<_> = security.iter().map(Requirement::statement).collect();
    let difference = difference(("`security`", &required), ("`leastPrivilegedFirst`", &listed));
    let Some((_, message)) = difference else { return Some(()) };
    let agreeing = listed.iter().zip(&required).take_while(|(a, b)| a == b).count();
    let remedy = "list the permissions of `security`, in the same order, least privileged first";
    match list.items()?.get(agreeing) {
        Some(item) => item.fault(RULE, message, remedy),
        None => list.key_fault(RULE, message, remedy),
    }
    None
}

/// The permissions with their privilege. Reports conditions of the wrong type; `None` then.
fn read_permissions(
    nodes: &[Node<'_>],
    grants: &[Grant],
    security: &[Requirement<'_>],
) -> Option<Vec<Permission>> {
    let mut permissions: Vec<Permission> = Vec::new();
    for ((node, grant), Requirement { permission_type, scope, .. }) in
        nodes.iter().zip(grants).zip(security)
    {
        let wanted = grant.condition.map(Condition::permission_type);
        if let Some(wanted) = wanted.filter(|wanted| wanted != permission_type) {
            let message = format!(
                "this is a condition of {wanted} permissions, but `{scope}` is {permission_type}"
            );
            let remedy = "remove the condition, or correct the scheme";
            node.get("condition")?.fault(RULE, message, remedy);
            continue;
        }
        let less = permissions.iter().rfind(|other| other.permission_type == *permission_type);
        permissions.push(Permission {
            permission_type: *permission_type,
            scope: grant.scope.clone(),
            privilege: less.map_or(1, |less| less.privilege.saturating_add(1)),
            condition: grant.condition,
            source: grant.source.clone(),
        });
    }
    (permissions.len() == grants.len()).then_some(permissions)
}
