//! Permissions as JSON.

use graph_photo_client::{AccountKind, Condition, Operation, Permission};
use serde_json::{Value, json};

use super::requirement::Requirement;

/// One line for each requirement.
pub(super) fn lines(requirements: &[Requirement]) -> String {
    requirements.iter().map(|it| json(it).to_string()).collect::<Vec<_>>().join("\n")
}

/// All requirements in one list.
pub(super) fn list(requirements: &[Requirement]) -> Value {
    requirements.iter().map(json).collect()
}

fn json(requirement: &Requirement) -> Value {
    let permission = |permission: &&Permission| {
        json!({
            "type": permission.permission_type.name(),
            "scope": permission.scope,
            "id": permission.id,
            "privilege": permission.privilege,
            "condition": permission.condition.map(Condition::name),
            "description": permission.description,
            "source": { "title": permission.source.title, "url": permission.source.url },
        })
    };
    let operation = |it: &Operation| json!({ "id": it.id(), "method": it.method().as_str() });
    let account_kinds = requirement.account_kinds.iter().copied().map(AccountKind::name);
    json!({
        "target": requirement.target,
        "operations": requirement.operations.iter().map(operation).collect::<Vec<_>>(),
        "accountKinds": account_kinds.collect::<Vec<_>>(),
        "permissions": requirement.permissions.iter().map(permission).collect::<Vec<_>>(),
    })
}
