//! Permission metadata: what an operation says about its permissions beyond `security`.

use serde::Deserialize;

use super::{
    expect::{Statement, difference},
    report::Report,
    security::{Requirement, statement},
    sources,
    tables::OPERATION,
};
use crate::{
    api::Permission,
    document::Node,
    permissions::{AccountKind, Grant, PERMISSIONS_KEY, PermissionMetadata},
    rule::Rule,
};

const RULE: Rule = Rule::PermissionMetadata;

/// What an operation needs, in the order of the spec.
pub(super) struct Needs {
    pub(super) account_kinds: Vec<AccountKind>,
    pub(super) permissions: Vec<Permission>,
    /// The account kinds, conditions and sources, in words.
    pub(super) statements: Vec<Statement>,
}

/// Reads the metadata of `operation` and holds it against the operation's `security`.
/// `None` if either has faults.
pub(super) fn read(
    operation: &Node<'_>,
    security: Option<&[Requirement<'_>]>,
    report: &mut Report,
) -> Option<Needs> {
    if OPERATION.lacks(operation, PERMISSIONS_KEY) {
        let message = format!("`{PERMISSIONS_KEY}` is missing here");
        report.key(RULE, operation, message, example(security.unwrap_or_default()));
    }
    let node = operation.get(PERMISSIONS_KEY)?;
    // If this fails, OpenAPI's structure has said why.
    let metadata = PermissionMetadata::deserialize(node.value()).ok()?;
    let accounts = check_account_kinds(&node, report);
    let grants = node.list("leastPrivilegedFirst");
    let sources = grants.iter().filter_map(|grant| grant.get("source"));
    let unknown = sources.filter(|source| !sources::is_known(source, RULE, report)).count();
    let security = security?;
    let consistent = check_consistent(&node, &metadata, security, report)
        && check_conditions(&grants, &metadata, security, report);
    (accounts && unknown == 0 && consistent).then(|| Needs {
        permissions: permissions(&metadata, security),
        account_kinds: metadata.account_kinds,
        statements: statements(&node, &grants),
    })
}

/// A remedy that writes out what `security` implies, ready to be pasted.
fn example(security: &[Requirement<'_>]) -> String {
    let grant = |required: &Requirement<'_>| {
        format!(
            "\n    - {{ scheme: {}, scope: {}, source: ... }}",
            required.scheme,
            required.scope()
        )
    };
    let grants: String = security.iter().map(grant).collect();
    format!(
        "add\n{PERMISSIONS_KEY}:\n  accountKinds: [work, school]\n  leastPrivilegedFirst:{grants}"
    )
}

/// Whether the account kinds have no faults, which are reported.
fn check_account_kinds(node: &Node<'_>, report: &mut Report) -> bool {
    if let Some(list) = node.get("accountKinds") {
        report.filled(RULE, &list, "the kinds it works with: `accountKinds: [work, school]`");
    }
    let kinds = node.texts("accountKinds");
    let items = kinds.iter().map(|(kind, item)| (format!("`{kind}`"), item.clone()));
    report.distinct(RULE, items) && !kinds.is_empty()
}

/// Whether the metadata lists the permissions of `security`; reports the first difference.
fn check_consistent(
    node: &Node<'_>,
    metadata: &PermissionMetadata,
    security: &[Requirement<'_>],
    report: &mut Report,
) -> bool {
    let listed = metadata.least_privileged_first.iter();
    let listed: Vec<_> = listed.map(|grant| statement(&grant.scheme, &grant.scope)).collect();
    let required: Vec<_> = security.iter().map(Requirement::statement).collect();
    let Some(list) = node.get("leastPrivilegedFirst").filter(|_| listed != required) else {
        return true;
    };
    let (_, message) = difference(("`security`", &required), ("this list", &listed))
        .unwrap_or_else(|| ("", "a permission is listed twice".to_owned()));
    let remedy = "list the permissions of `security`, in the same order, least privileged first";
    let agreeing = listed.iter().zip(&required).take_while(|(a, b)| a == b).count();
    match list.items().unwrap_or_default().get(agreeing) {
        Some(item) => report.value(RULE, item, message, remedy),
        None => report.key(RULE, &list, message, remedy),
    }
    false
}

/// Whether each condition can be one of its permission; reports the others.
fn check_conditions(
    grants: &[Node<'_>],
    metadata: &PermissionMetadata,
    security: &[Requirement<'_>],
    report: &mut Report,
) -> bool {
    let mut correct = true;
    let types = security.iter().map(|required| required.permission_type);
    for ((node, grant), found) in grants.iter().zip(&metadata.least_privileged_first).zip(types) {
        let (Some(condition), Some(node)) = (grant.condition, node.get("condition")) else {
            continue;
        };
        let wanted = condition.permission_type();
        if wanted != found {
            correct = false;
            let scope = &grant.scope;
            let message =
                format!("this is a condition of {wanted} permissions, but `{scope}` is {found}");
            report.value(RULE, &node, message, "remove the condition, or correct the scheme");
        }
    }
    correct
}

/// The permissions with their order of privilege within each type.
fn permissions(metadata: &PermissionMetadata, security: &[Requirement<'_>]) -> Vec<Permission> {
    let mut permissions: Vec<Permission> = Vec::new();
    let types = security.iter().map(|required| required.permission_type);
    for (Grant { scope, condition, source, .. }, permission_type) in
        metadata.least_privileged_first.iter().zip(types)
    {
        let less = permissions.iter().rfind(|other| other.permission_type == permission_type);
        permissions.push(Permission {
            permission_type,
            scope: scope.clone(),
            privilege: less.map_or(1, |less| less.privilege.saturating_add(1)),
            condition: *condition,
            source: source.clone(),
        });
    }
    permissions
}

fn statements(node: &Node<'_>, grants: &[Node<'_>]) -> Vec<Statement> {
    let kinds =
        node.texts("accountKinds").into_iter().map(|(kind, _)| format!("the kind `{kind}`"));
    let conditions = grants.iter().flat_map(|grant| {
        let scope = grant.text("scope").unwrap_or_default();
        ["condition", "source"]
            .into_iter()
            .filter_map(move |key| Some(format!("`{key}: {}` for `{scope}`", grant.text(key)?)))
    });
    kinds.chain(conditions).map(|statement| (PERMISSIONS_KEY, statement)).collect()
}
