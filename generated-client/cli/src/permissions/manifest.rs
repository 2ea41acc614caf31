//! Permissions as the manifest of an app registration.

use graph_photo_client::{GRAPH_APP_ID, Permission, PermissionType};
use serde_json::{Value, json};

use super::requirement::{Requirement, list};

/// The `requiredResourceAccess` of an app registration, in its manifest or in a PATCH of
/// `/applications/{id}`.
pub(super) fn manifest(requirements: &[Requirement]) -> Value {
    let access = least_privileged(requirements).into_iter().map(|permission| {
        let access_type = match permission.permission_type {
            PermissionType::Delegated => "Scope",
            PermissionType::Application => "Role",
        };
        json!({ "id": permission.id, "type": access_type })
    });
    let access: Value = access.collect();
    json!({
        "requiredResourceAccess": [{ "resourceAppId": GRAPH_APP_ID, "resourceAccess": access }],
    })
}

/// The least permissions with which an app can write the photo of every target.
fn least_privileged(requirements: &[Requirement]) -> Vec<&'static Permission> {
    let mut least: Vec<&'static Permission> = Vec::new();
    for permission in requirements.iter().flat_map(Requirement::least_privileged) {
        if !least.iter().any(|other| other.id == permission.id) {
            least.push(permission);
        }
    }
    least
}

/// What the manifest cannot hold: the names of the ids, and where a permission alone is
/// not enough.
pub(super) fn notes(requirements: &[Requirement]) -> Vec<String> {
    let names = list(least_privileged(requirements).into_iter().map(name));
    let mut notes = vec![format!("the ids stand for {names}")];
    for requirement in requirements {
        let target = &requirement.target;
        for asked in requirement.least_privileged() {
            let conditions = asked.condition.into_iter();
            notes.extend(conditions.map(|it| format!("{} for {target}: {it}", name(asked))));
            let less = requirement
                .of_type(asked.permission_type)
                .filter(|less| less.privilege < asked.privilege);
            notes.extend(less.map(|less| {
                let (less, why) = (name(less), list(less.condition));
                format!("not {less} for {target}, though it grants less: {why}")
            }));
        }
    }
    notes
}

fn name(permission: &Permission) -> String {
    format!("{} ({})", permission.scope, permission.permission_type)
}
