//! Permission metadata: what an operation says about its permissions beyond
//! `security`.

use serde::Deserialize;

use super::{Definitions, report::Report, security::Requirement, sources, tables::OPERATION};
use crate::{
    api::Permission,
    document::Node,
    permissions::{AccountKind, Grant, PERMISSIONS_KEY, PermissionMetadata},
    rule::Rule,
};

/// What an operation needs, in the order of the spec.
pub(super) struct Needs {
    pub(super) account_kinds: Vec<AccountKind>,
    pub(super) permissions: Vec<Permission>,
}

/// Reads the metadata of `operation` and holds it against the operation's
/// `security`, if that has no faults.
pub(super) fn read(
    operation: &Node<'_>,
    security: Option<&[Requirement<'_>]>,
    definitions: &Definitions<'_>,
    report: &mut Report,
) -> Option<Needs> {
    if OPERATION.lacks(operation, PERMISSIONS_KEY) {
        let place = operation.key_place();
        report.add(
            Rule::PermissionMetadata,
            place,
            format!("this operation has no `{PERMISSIONS_KEY}`"),
            example(security, definitions),
        );
    }
    let node = operation.get(PERMISSIONS_KEY)?;
    check_not_empty(&node, report);
    // If this fails, the tables have said why.
    let metadata = PermissionMetadata::deserialize(node.value()).ok()?;
    let accounts = check_account_kinds(&node, &metadata, report);
    let sources = check_sources(&node, definitions, report);
    let conditions = check_conditions(&node, &metadata, definitions, report);
    if let Some(security) = security {
        check_consistent(&node, &metadata, security, report);
    }
    // With a fault, there is nothing that PUT and PATCH could agree on.
    (accounts && sources && conditions).then(|| Needs {
        permissions: permissions(&metadata, definitions),
        account_kinds: metadata.account_kinds,
    })
}

/// A remedy that writes out what `security` implies, ready to be pasted.
fn example(security: Option<&[Requirement<'_>]>, definitions: &Definitions<'_>) -> String {
    let source = definitions.sources.first().map_or("original-page", |source| source.key.as_str());
    let grants: Vec<String> = match security {
        Some(security) => security.iter().map(|requirement| grant(requirement, source)).collect(),
        None => vec![format!("{{ scheme: delegated, scope: User.ReadWrite, source: {source} }}")],
    };
    let grants = grants.join("\n    - ");
    format!(
        "add\n{PERMISSIONS_KEY}:\n  accountKinds: [work, school]\n  leastPrivilegedFirst:\n    - {grants}"
    )
}

fn grant(Requirement { scheme, scope, .. }: &Requirement<'_>, source: &str) -> String {
    format!("{{ scheme: {scheme}, scope: {scope}, source: {source} }}")
}

/// Reports a list without an item.
fn check_not_empty(node: &Node<'_>, report: &mut Report) {
    for (key, message, remedy) in [
        (
            "accountKinds",
            "this operation works with no kind of account",
            "name the kinds it works with: `accountKinds: [work, school]`",
        ),
        (
            "leastPrivilegedFirst",
            "no permission is listed here",
            "list the permissions of `security`, least privileged first",
        ),
    ] {
        let list = node.get(key);
        if let Some(list) = list.filter(|list| list.items().is_some_and(|items| items.is_empty())) {
            report.add(Rule::PermissionMetadata, list.key_place(), message, remedy);
        }
    }
}

/// Whether the kinds of accounts have no faults, which are reported.
fn check_account_kinds(
    node: &Node<'_>,
    metadata: &PermissionMetadata,
    report: &mut Report,
) -> bool {
    let Some(list) = node.get("accountKinds") else {
        return false;
    };
    let mut correct = true;
    for (index, item) in list.items().into_iter().flatten().enumerate() {
        let kind = metadata.account_kinds.get(index);
        if metadata.account_kinds.iter().take(index).any(|earlier| Some(earlier) == kind) {
            let text = item.as_text().unwrap_or_default();
            report.add(
                Rule::PermissionMetadata,
                item.place(),
                format!("`{text}` is listed twice"),
                "remove one of the two",
            );
            correct = false;
        }
    }
    correct
}

fn grants<'a>(node: &Node<'a>) -> Vec<Node<'a>> {
    node.get("leastPrivilegedFirst").and_then(|grants| grants.items()).unwrap_or_default()
}

/// Whether every source exists; those that don't are reported.
fn check_sources(node: &Node<'_>, definitions: &Definitions<'_>, report: &mut Report) -> bool {
    let mut correct = true;
    for source in grants(node).into_iter().filter_map(|grant| grant.get("source")) {
        correct &=
            sources::check_key(&source, definitions.sources, Rule::PermissionMetadata, report);
    }
    correct
}

/// Whether each condition can be one of its permission; the others are reported.
fn check_conditions(
    node: &Node<'_>,
    metadata: &PermissionMetadata,
    definitions: &Definitions<'_>,
    report: &mut Report,
) -> bool {
    let mut correct = true;
    for (item, grant) in grants(node).into_iter().zip(&metadata.least_privileged_first) {
        let scheme = definitions.schemes.find(&grant.scheme);
        let (Some(scheme), Some(condition)) = (scheme, grant.condition) else { continue };
        let (wanted, found) = (condition.permission_type(), scheme.permission_type);
        if wanted == found {
            continue;
        }
        let place = item.get("condition").map_or_else(|| item.place(), |node| node.place());
        let message = format!(
            "this is a condition of {wanted} permissions, but `{}` is {found}",
            grant.scope
        );
        let remedy = "remove the condition, or correct the scheme";
        report.add(Rule::PermissionMetadata, place, message, remedy);
        correct = false;
    }
    correct
}

/// Reports the first difference between the metadata and `security`.
fn check_consistent(
    node: &Node<'_>,
    metadata: &PermissionMetadata,
    security: &[Requirement<'_>],
    report: &mut Report,
) {
    let Some(list) = node.get("leastPrivilegedFirst") else {
        return;
    };
    let grants = &metadata.least_privileged_first;
    let agreeing =
        grants.iter().zip(security).take_while(|(grant, required)| same(grant, required));
    let agreeing = agreeing.count();
    let extra = grants.get(agreeing);
    let repeated =
        |extra: &Grant| security.iter().take(agreeing).any(|required| same(extra, required));
    let (message, remedy) = match (extra, security.get(agreeing)) {
        (None, None) => return,
        (Some(extra), _) if repeated(extra) => (
            format!("`{}` of `{}` is listed twice", extra.scope, extra.scheme),
            "remove one of the two".to_owned(),
        ),
        (Some(Grant { scheme, scope, .. }), None) => (
            format!("`security` doesn't list `{scheme}: [{scope}]`"),
            format!("add `- {scheme}: [{scope}]` to `security`, or remove this permission"),
        ),
        (None, Some(missing)) => (
            format!("`{}: [{}]` of `security` is not listed here", missing.scheme, missing.scope),
            format!("add `- {}`", grant(missing, "...")),
        ),
        (Some(Grant { scheme, scope, .. }), Some(required)) => (
            format!(
                "`{scheme}: [{scope}]` is listed where `security` has `{}: [{}]`",
                required.scheme, required.scope
            ),
            "list the same permissions in both, in the same order, least privileged first"
                .to_owned(),
        ),
    };
    let item = extra.and_then(|_| list.items()?.into_iter().nth(agreeing));
    let place = item.map_or_else(|| list.key_place(), |item| item.place());
    report.add(Rule::PermissionMetadata, place, message, remedy);
}

fn same(grant: &Grant, required: &Requirement<'_>) -> bool {
    grant.scheme == required.scheme && grant.scope == required.scope
}

/// The permissions with their order of privilege within each type.
fn permissions(metadata: &PermissionMetadata, definitions: &Definitions<'_>) -> Vec<Permission> {
    let mut permissions: Vec<Permission> = Vec::new();
    for grant in &metadata.least_privileged_first {
        let Some(scheme) = definitions.schemes.find(&grant.scheme) else {
            continue;
        };
        let less =
            permissions.iter().filter(|other| other.permission_type == scheme.permission_type);
        let privilege =
            less.map(|other| other.privilege).max().unwrap_or_default().saturating_add(1);
        permissions.push(Permission {
            permission_type: scheme.permission_type,
            scope: grant.scope.clone(),
            privilege,
            condition: grant.condition,
            source: grant.source.clone(),
        });
    }
    permissions
}
