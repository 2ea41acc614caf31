//! Security requirements: the permissions that an operation asks for.

use super::context::Context;
use super::expect::{Statement, distinct};
use super::members::Object;
use super::paths::PathItem;
use super::schemes;
use crate::api::is_of_signed_in_user;
use crate::api::permissions::PermissionType;
use crate::diagnostics::rule::Rule;
use crate::yaml::document::Node;

const RULE: Rule = Rule::SecurityRequirement;

/// One entry of an operation's `security`: a permission.
pub(super) struct Requirement<'a> {
    pub(super) permission_type: PermissionType,
    pub(super) scheme: &'a str,
    pub(super) scope: &'a str,
    node: Node<'a>,
}

impl Requirement<'_> {
    pub(super) fn statement(&self) -> Statement {
        statement(self.scheme, self.scope)
    }
}

/// A required permission, in words.
pub(super) fn statement(scheme: &str, scope: &str) -> Statement {
    ("security", format!("`{scheme}: [{scope}]`"))
}

/// The permissions that an operation of `path` requires; `None` if they have faults.
pub(super) fn read<'a>(
    operation: &Node<'a>,
    path: &PathItem<'_>,
    cx: &Context,
) -> Option<Vec<Requirement<'a>>> {
    let example = "[{ delegated: [User.ReadWrite] }]";
    let security = operation.require(RULE, Object::Operation, "security", example)?;
    let entries = security.items()?;
    let requirements: Vec<_> =
        entries.iter().filter_map(|entry| read_requirement(entry, cx)).collect();
    let of_signed_in_user = path.segments.as_deref().is_some_and(is_of_signed_in_user);
    for Requirement { permission_type, node, .. } in &requirements {
        if of_signed_in_user && *permission_type == PermissionType::Application {
            let message = "`/me` is the signed-in user, and an application permission has none";
            node.fault(RULE, message, "remove it here and from `x-graph-permissions`");
        }
    }
    let items = requirements.iter().map(|required| (required.statement().1, required.node.clone()));
    let is_complete = distinct(RULE, items) && requirements.len() == entries.len();
    is_complete.then_some(requirements)
}

/// Reads an entry; reports one that isn't one scheme with one scope, both defined.
fn read_requirement<'a>(entry: &Node<'a>, cx: &Context) -> Option<Requirement<'a>> {
    let schemes = entry.entries();
    let scopes: Option<Vec<_>> = schemes.iter().map(|(_, scopes)| scopes.items()).collect();
    let scopes = scopes.filter(|_| entry.is_mapping())?.concat();
    let ([(scheme, node)], [scope]) = (schemes.as_slice(), scopes.as_slice()) else {
        let message = "each entry must name one scheme with one scope";
        entry.fault(RULE, message, "write `- delegated: [User.ReadWrite]`");
        return None;
    };
    let is_known = schemes::is_known(RULE, (scheme, node), scope.clone().with_text());
    let known = cx.schemes.iter().find(|known| is_known && known.name == *scheme)?;
    let (permission_type, scope_text) = (known.permission_type, scope.as_text()?);
    Some(Requirement { permission_type, scheme, scope: scope_text, node: scope.clone() })
}
