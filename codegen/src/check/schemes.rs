//! Security schemes: the permission type of each, and its scopes.

use super::{expect::keys, members::Object, permission_ids};
use crate::api::permissions::PermissionType;
use crate::api::{Scheme, Scope};
use crate::diagnostics::rule::Rule;
use crate::yaml::document::Node;

const RULE: Rule = Rule::SecurityScheme;

/// The flows of schemes, and the permission type that follows from each.
const FLOW_TYPES: [(&str, PermissionType); 2] = [
    ("authorizationCode", PermissionType::Delegated),
    ("clientCredentials", PermissionType::Application),
];

/// The schemes of `components`; those with findings may be missing.
pub(super) fn read(root: &Node<'_>) -> Vec<Scheme> {
    if let Some(components) = root.get("components") {
        let example = "{ delegated: ..., application: ... }";
        components.require(RULE, Object::Components, "securitySchemes", example);
    }
    let mut schemes: Vec<Scheme> = Vec::new();
    for (name, node) in root.definitions("securitySchemes") {
        let Some(scheme) = read_scheme(name, &node) else { continue };
        let is_same = |other: &&Scheme| other.permission_type == scheme.permission_type;
        if let Some(Scheme { name, .. }) = schemes.iter().find(is_same) {
            let message = format!("`{name}` has the same flow, and so the same permission type");
            node.key_fault(RULE, message, "merge the two schemes, or correct the flow of one");
        }
        schemes.push(scheme);
    }
    permission_ids::check_ids(root);
    schemes
}

fn read_scheme(name: &str, node: &Node<'_>) -> Option<Scheme> {
    if !node.constant(RULE, Object::SecurityScheme, "type", "oauth2") {
        return None;
    }
    node.refuse_elsewhere(RULE, Object::SecurityScheme);
    let example = "{ authorizationCode: ... }";
    let flows = node.require(RULE, Object::SecurityScheme, "flows", example)?;
    let (permission_type, flow) = read_flow(&flows)?;
    let scopes = flow.mapping("scopes")?;
    if scopes.is_empty() {
        let remedy = "list each permission: `User.ReadWrite: Read and update ...`";
        scopes.key_fault(RULE, "this scheme has no scope", remedy);
    }
    let ids = permission_ids::read(node, &scopes);
    let id = |scope| ids.as_ref().and_then(|(_, ids)| ids.text(scope)).unwrap_or_default();
    let scopes = scopes.entries().into_iter();
    Some(Scheme {
        name: name.to_owned(),
        permission_type,
        description: node.text("description").unwrap_or_default().trim().to_owned(),
        scopes: scopes.map(|(name, text)| read_scope(name, &text, id(name))).collect(),
        id_source: ids.as_ref().map(|(source, _)| *source).unwrap_or_default().to_owned(),
    })
}

fn read_flow<'a>(flows: &Node<'a>) -> Option<(PermissionType, Node<'a>)> {
    flows.refuse_elsewhere(RULE, Object::Flows);
    let mut found = FLOW_TYPES.into_iter().filter_map(|(name, of)| Some((of, flows.get(name)?)));
    match (found.next(), found.next()) {
        (flow @ Some(_), None) => return flow,
        (_, Some((_, second))) => {
            let message = "a scheme with two flows has no single permission type";
            second.key_fault(RULE, message, "define another scheme for this flow");
        }
        (None, None) if FLOW_TYPES.iter().all(|(name, _)| Object::Flows.lacks(flows, name)) => {
            let remedy = "add `authorizationCode` (delegated) or `clientCredentials` (application)";
            flows.key_fault(RULE, "this scheme has no flow", remedy);
        }
        (None, None) => {}
    }
    None
}

fn read_scope(name: &str, text: &Node<'_>, id: &str) -> Scope {
    let plain = |c: char| c.is_ascii_alphanumeric() || ".-_".contains(c);
    if name.is_empty() || !name.chars().all(plain) {
        let message = format!("`{name}` is not the name of a permission");
        text.key_fault(RULE, message, "write a name such as `User.ReadWrite.All`");
    }
    Scope {
        name: name.to_owned(),
        description: text.as_text().unwrap_or_default().trim().to_owned(),
        id: id.to_owned(),
    }
}

/// Whether the file has the scheme `name` of `node`, and that scheme the `scope`, if given.
/// Reports an unknown one as a fault by `rule`; an empty section has a finding already.
pub(super) fn is_known(
    rule: Rule,
    (name, node): (&str, &Node<'_>),
    scope: Option<(&str, Node<'_>)>,
) -> bool {
    let schemes = node.components("securitySchemes");
    let define = format!("define `{name}` under `components.securitySchemes`");
    let (known, message) = (keys(&schemes), "there is no security scheme");
    if known.is_empty() || !node.is_known(rule, name, &known, message, &define) {
        return false;
    }
    let flows = schemes.iter().filter(|(known, _)| *known == name);
    let flows = flows.flat_map(|(_, scheme)| scheme.entries_of("flows"));
    let scopes: Vec<_> = flows.flat_map(|(_, flow)| flow.entries_of("scopes")).collect();
    let Some((scope, node)) = scope.filter(|_| !scopes.is_empty()) else { return true };
    let message = format!("the scheme `{name}` has no scope");
    let define = format!("add it to the scopes of `{name}`");
    node.is_known(rule, scope, &keys(&scopes), &message, &define)
}
