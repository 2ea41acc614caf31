//! Security requirements: the permissions that an operation asks for.

use super::{context::Context, expect::Statement, tables::OPERATION};
use crate::{api::PermissionType, document::Node, rule::Rule};

const RULE: Rule = Rule::SecurityRequirement;

const EXAMPLE: &str = "`- delegated: [User.ReadWrite]`";

/// One entry of an operation's `security`: a permission.
pub(super) struct Requirement<'a> {
    pub(super) permission_type: PermissionType,
    pub(super) scheme: &'a str,
    /// The scope.
    node: Node<'a>,
}

impl<'a> Requirement<'a> {
    pub(super) fn scope(&self) -> &'a str {
        self.node.as_text().unwrap_or_default()
    }

    pub(super) fn statement(&self) -> Statement {
        statement(self.scheme, self.scope())
    }
}

/// That a permission is required, in words.
pub(super) fn statement(scheme: &str, scope: &str) -> Statement {
    ("security", format!("`{scheme}: [{scope}]`"))
}

/// What `operation` requires. `None` if that has faults. `of_signed_in_user` is whether
/// the resource belongs to the signed-in user.
pub(super) fn read<'a>(
    operation: &Node<'a>,
    of_signed_in_user: bool,
    cx: &mut Context<'_>,
) -> Option<Vec<Requirement<'a>>> {
    let example = "[{ delegated: [User.ReadWrite] }]";
    let security = cx.report.require(RULE, (operation, &OPERATION), "security", example)?;
    cx.report.filled(RULE, &security, &format!("at least one permission, such as {EXAMPLE}"));
    let entries = security.items()?;
    let requirements: Vec<_> =
        entries.iter().filter_map(|entry| read_requirement(entry, cx)).collect();
    for requirement in requirements.iter().filter(|_| of_signed_in_user) {
        if requirement.permission_type == PermissionType::Application {
            let message = "`/me` is the signed-in user, and an application permission has none";
            let remedy = "remove it here and from `x-graph-permissions`";
            cx.report.value(RULE, &requirement.node, message, remedy);
        }
    }
    let items = requirements.iter().map(|required| (required.statement().1, required.node.clone()));
    let distinct = cx.report.distinct(RULE, items);
    let complete = !entries.is_empty() && requirements.len() == entries.len();
    (complete && distinct).then_some(requirements)
}

fn read_requirement<'a>(entry: &Node<'a>, cx: &mut Context<'_>) -> Option<Requirement<'a>> {
    let schemes = entry.entries();
    let lists: Vec<_> = schemes.iter().filter_map(|(_, scopes)| scopes.items()).collect();
    let ([(scheme, node)], [scopes]) = (schemes.as_slice(), lists.as_slice()) else {
        if entry.is_mapping() && lists.len() == schemes.len() {
            cx.report.value(RULE, entry, "each entry has to name one scheme", remedy());
        }
        return None;
    };
    let [scope] = scopes.as_slice() else {
        cx.report.key(RULE, node, "each entry has to name one scope", remedy());
        return None;
    };
    let permission_type = read_permission_type((scheme, node), scope, cx)?;
    Some(Requirement { permission_type, scheme, node: scope.clone() })
}

fn remedy() -> String {
    format!("write one scheme with one scope, such as {EXAMPLE}")
}

/// The type of a permission; reports a scheme or a scope that doesn't exist.
fn read_permission_type(
    (scheme, node): (&str, &Node<'_>),
    scope: &Node<'_>,
    cx: &mut Context<'_>,
) -> Option<PermissionType> {
    let schemes = node.components("securitySchemes");
    // That there are no schemes at all is one finding, not many.
    if !schemes.is_empty() && !schemes.iter().any(|(name, _)| *name == scheme) {
        let define = format!("define `{scheme}` under `components.securitySchemes`");
        let names = schemes.into_iter().map(|(name, _)| name);
        cx.report.unknown(RULE, (scheme, node), "there is no security scheme", names, &define);
        return None;
    }
    let known = cx.schemes.iter().find(|known| known.name == scheme)?;
    let name = scope.as_text()?;
    let names = known.scopes.iter().map(|scope| scope.name.as_str());
    if names.clone().any(|known| known == name) {
        return Some(known.permission_type);
    }
    let message = format!("the scheme `{scheme}` has no scope");
    let define = format!("add it to the scopes of `{scheme}`");
    cx.report.unknown(RULE, (name, scope), &message, names, &define);
    None
}
