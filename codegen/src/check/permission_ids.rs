//! Permission ids: what an app registration calls the scopes of a scheme.

use super::{names::similar, report::Report, sources, tables::SECURITY_SCHEME};
use crate::{document::Node, permissions::PERMISSION_IDS_KEY, rule::Rule};

const RULE: Rule = Rule::PermissionId;

/// The lengths of the groups of hexadecimal digits that make a GUID.
const GUID_GROUPS: [usize; 5] = [8, 4, 4, 4, 12];

/// The source that lists the ids of the `scopes` of `scheme`, and the ids by scope.
pub(super) fn read<'a>(
    scheme: &Node<'a>,
    scopes: &Node<'a>,
    report: &mut Report,
) -> Option<(&'a str, Node<'a>)> {
    if SECURITY_SCHEME.lacks(scheme, PERMISSION_IDS_KEY) {
        let message = format!("`{PERMISSION_IDS_KEY}` is missing here");
        report.key(RULE, scheme, message, example(scopes));
    }
    let node = scheme.mapping(PERMISSION_IDS_KEY)?;
    let (source, ids) = (node.get("source")?, node.mapping("ids")?);
    sources::is_known(&source, RULE, report);
    check_scopes(&ids, scopes, report);
    Some((source.as_text()?, ids))
}

/// A remedy that lists the scopes, so that only the ids are left to fill in.
fn example(scopes: &Node<'_>) -> String {
    let names = scopes.entries().into_iter().map(|(name, _)| format!("\n    {name}: <GUID>"));
    let names: String = names.collect();
    format!("add\n{PERMISSION_IDS_KEY}:\n  source: permissions-reference\n  ids:{names}")
}

/// Reports the scopes without an id and the ids without a scope.
fn check_scopes(ids: &Node<'_>, scopes: &Node<'_>, report: &mut Report) {
    let scopes: Vec<&str> = scopes.entries().into_iter().map(|(name, _)| name).collect();
    let without = scopes.iter().copied().filter(|scope| !ids.has(scope));
    let mut unknown = ids.entries();
    unknown.retain(|(name, _)| !scopes.contains(name));
    for (name, id) in &unknown {
        let message = "this scheme has no scope";
        report.unknown(RULE, (name, id), message, without.clone(), "remove it");
    }
    // What looks like a misspelt name has been reported as such.
    let misspelt = |scope| unknown.iter().any(|(name, _)| similar(name, [scope]).is_some());
    for scope in without.filter(|scope| !misspelt(scope)) {
        let remedy = format!("add `{scope}: <GUID>`, as the source lists it");
        report.key(RULE, ids, format!("the scope `{scope}` has no id"), remedy);
    }
}

/// Checks that every id of the file is a GUID, and none occurs twice.
pub(super) fn check_ids(root: &Node<'_>, report: &mut Report) {
    let schemes = root.components("securitySchemes").into_iter();
    let ids = schemes.filter_map(|(_, scheme)| scheme.get(PERMISSION_IDS_KEY));
    let ids = ids.flat_map(|node| node.entries_of("ids"));
    let (guids, others): (Vec<_>, Vec<_>) =
        ids.filter_map(|(_, node)| Some((node.as_text()?, node))).partition(|(id, _)| is_guid(id));
    for (id, node) in others {
        let remedy = "copy the id of the permission from the source, such as \
                      `b4e74841-8e56-480b-be8b-910348b18b4c`";
        report.value(RULE, &node, format!("`{id}` is not a GUID in lower case"), remedy);
    }
    report.distinct(RULE, guids.into_iter().map(|(id, node)| (format!("the id `{id}`"), node)));
}

fn is_guid(text: &str) -> bool {
    let digit = |c: char| c.is_ascii_digit() || ('a'..='f').contains(&c);
    text.split('-').map(str::len).eq(GUID_GROUPS) && text.chars().all(|c| c == '-' || digit(c))
}
