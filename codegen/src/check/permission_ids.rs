//! Permission ids: the names that app registrations have for the scopes of a scheme.

use super::expect::{distinct, keys};
use super::members::Object;
use super::sources;
use crate::api::permissions::PERMISSION_IDS_KEY;
use crate::diagnostics::rule::Rule;
use crate::diagnostics::suggestion::similar;
use crate::yaml::document::Node;

const RULE: Rule = Rule::PermissionId;

/// The source that lists the ids of the `scopes` of `scheme`, and the ids by scope.
pub(super) fn read<'a>(scheme: &Node<'a>, scopes: &Node<'a>) -> Option<(&'a str, Node<'a>)> {
    let ids = keys(&scopes.entries()).into_iter().map(|scope| format!("{scope}: <GUID>"));
    let example = format!("{{ source: ..., ids: {{ {} }} }}", ids.collect::<Vec<_>>().join(", "));
    let node = scheme.require(RULE, Object::SecurityScheme, PERMISSION_IDS_KEY, &example)?;
    let (source, ids) = (node.get("source")?, node.mapping("ids")?);
    sources::is_known(&source, RULE);
    check_scopes(&ids, scopes);
    Some((source.as_text()?, ids))
}

fn check_scopes(ids: &Node<'_>, scopes: &Node<'_>) {
    let mut without = keys(&scopes.entries());
    without.retain(|scope| !ids.has(scope));
    let mut unknown = ids.entries();
    unknown.retain(|(name, _)| !scopes.has(name));
    for (name, id) in &unknown {
        id.is_known(RULE, name, &without, "this scheme has no scope", "remove it");
    }
    // A misspelt name has a finding already.
    let misspelt = |scope| unknown.iter().any(|(name, _)| similar(name, [scope]).is_some());
    for scope in without.into_iter().filter(|scope| !misspelt(scope)) {
        let remedy = format!("add `{scope}: <GUID>`, as the source lists it");
        ids.key_fault(RULE, format!("the scope `{scope}` has no id"), remedy);
    }
}

/// Checks that every id of the file is a GUID, and none occurs twice.
pub(super) fn check_ids(root: &Node<'_>) {
    let schemes = root.components("securitySchemes").into_iter();
    let ids = schemes.filter_map(|(_, scheme)| scheme.get(PERMISSION_IDS_KEY));
    let ids = ids.flat_map(|node| node.entries_of("ids"));
    let ids: Vec<_> = ids.filter_map(|(_, node)| node.with_text()).collect();
    for (id, node) in ids.iter().filter(|(id, _)| !is_guid(id)) {
        let remedy = "copy the id of the permission from the source";
        node.fault(RULE, format!("`{id}` is not a GUID in lower case"), remedy);
    }
    distinct(RULE, ids.into_iter().map(|(id, node)| (format!("the id `{id}`"), node)));
}

fn is_guid(text: &str) -> bool {
    let digit = |c: char| c.is_ascii_digit() || ('a'..='f').contains(&c);
    text.split('-').map(str::len).eq([8, 4, 4, 4, 12]) && text.chars().all(|c| c == '-' || digit(c))
}
