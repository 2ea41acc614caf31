//! The permission metadata of a recorded request, held against its token.

use graph_photo_codegen::{
    api::{Operation, Permission, PermissionType},
    permissions::Condition,
};
use serde_json::{Value, json};

use crate::{
    http::head::Head, judge::access, recorded_request::RecordedRequest, state::State, token::Claims,
};

/// The operation that a request asked for, what its token says of its sender, and the
/// permissions that allow the operation. Reading is no operation of the API.
pub(super) fn of(state: &State, request: &RecordedRequest) -> Value {
    let head = Head::parse(request.head.clone()).ok();
    let claims = head.as_ref().and_then(|head| access::claims_of(head).ok());
    let found = head.as_ref().and_then(|head| state.router.find(head.path()).ok());
    let operations = found.map_or(&[][..], |found| found.operations);
    let operation = operations.iter().find(|one| one.method.as_str() == request.method);
    let view = |permission| permission_view(state, request, claims.as_ref(), permission);
    let permissions = operation.map_or(&[][..], |operation| &operation.permissions);
    json!({
        "operation": operation.map(operation_view),
        "token": claims.as_ref().map(token_view),
        "permissions": permissions.iter().map(view).collect::<Vec<_>>(),
    })
}

fn operation_view(operation: &Operation) -> Value {
    json!({ "id": operation.id, "summary": operation.summary })
}

fn token_view(claims: &Claims) -> Value {
    let is_delegated = claims.is_delegated();
    let permission_type =
        if is_delegated { PermissionType::Delegated } else { PermissionType::Application };
    json!({ "type": permission_type.to_string(), "user": claims.user().map(|user| user.name) })
}

/// A permission: what the API says of it, whether the token grants it, and whether it is
/// the one that allowed the request.
fn permission_view(
    state: &State,
    request: &RecordedRequest,
    claims: Option<&Claims>,
    permission: &Permission,
) -> Value {
    let source = state.api.sources.iter().find(|source| source.key == permission.source);
    let is_delegated = permission.permission_type == PermissionType::Delegated;
    let is_granted = claims.is_some_and(|claims| {
        claims.is_delegated() == is_delegated && claims.grants(&permission.scope)
    });
    json!({
        "scope": permission.scope,
        "type": permission.permission_type.to_string(),
        "privilege": permission.privilege,
        "condition": permission.condition.map(Condition::words),
        "source": source.map(|source| &source.title),
        "sourceUrl": source.map(|source| &source.url),
        "granted": is_granted,
        "allowed": request.permission.as_ref() == Some(permission),
    })
}
