//! Authentication by bearer token, and the permissions that the API requires.

use std::time::SystemTime;

use graph_photo_codegen::{
    api::{Operation, Permission, PermissionType},
    permissions::Condition,
};

use super::refusal::Refusal;
use crate::{
    http::head::Head,
    token::{Claims, Malformed},
};

/// Graph's message for a token that it cannot read.
const MALFORMED: &str = "CompactToken parsing failed with error code: 80049217";

/// The directory roles whose holders may change the photos of others, by their template ids:
/// Global, User and People Administrator.
///
/// Sources: <https://learn.microsoft.com/graph/api/profilephoto-update> and
/// <https://learn.microsoft.com/entra/identity/role-based-access-control/permissions-reference>.
const ADMINISTRATORS: [&str; 3] = [
    "62e90394-69f5-4237-9190-012177145e10",
    "fe930be7-5e62-47db-91af-98c3a49a38b1",
    "024906de-61e5-49c8-8572-40335f1e0e10",
];

/// The claims of a request's access token, valid or not.
///
/// # Errors
///
/// The answer to a request without a token, or with one that can't be read.
pub(crate) fn claims_of(head: &Head) -> Result<Claims, Refusal> {
    Claims::decode(bearer_token(head)?).map_err(|malformed| {
        Refusal::unauthorized(match malformed {
            Malformed::Form => MALFORMED,
            Malformed::Signature => "Access token validation failure. Invalid signature.",
        })
    })
}

/// Checks that a token is valid for `audience` at `now`.
///
/// # Errors
///
/// The answer to one that is not.
pub(crate) fn authenticate(
    claims: &Claims,
    audience: &str,
    now: SystemTime,
) -> Result<(), Refusal> {
    if claims.is_expired(now) {
        return Err(Refusal::expired());
    }
    if claims.is_early(now) {
        return Err(Refusal::unauthorized(
            "Lifetime validation failed, the token is not yet valid.",
        ));
    }
    if claims.aud != audience {
        return Err(Refusal::unauthorized("Access token validation failure. Invalid audience."));
    }
    Ok(())
}

fn bearer_token(head: &Head) -> Result<&str, Refusal> {
    let token = match head.values("authorization").as_slice() {
        [value] => value
            .split_once(' ')
            .filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"))
            .map_or("", |(_, token)| token.trim()),
        [] => "",
        // Which one counts is undefined.
        _ => return Err(Refusal::unauthorized(MALFORMED)),
    };
    if token.is_empty() {
        return Err(Refusal::unauthorized("Access token is empty."));
    }
    Ok(token)
}

/// The least privileged permission that allows an operation; `is_own` is whether the
/// resource is the signed-in user.
///
/// # Errors
///
/// The answer to a caller whose token grants none.
pub(crate) fn authorize(
    claims: &Claims,
    operation: &Operation,
    is_own: bool,
) -> Result<Permission, Refusal> {
    let suffices = |permission: &&Permission| suffices(permission, claims, is_own);
    operation.permissions.iter().find(suffices).cloned().ok_or_else(Refusal::access_denied)
}

fn suffices(permission: &Permission, claims: &Claims, is_own: bool) -> bool {
    let is_of_same_type = match permission.permission_type {
        PermissionType::Delegated => claims.is_delegated(),
        PermissionType::Application => !claims.is_delegated(),
    };
    let condition_holds = match permission.condition {
        None => true,
        Some(Condition::OwnPhotoOnly) => is_own,
        Some(Condition::NotOnBehalfOfUser) => !claims.is_delegated(),
        Some(Condition::AdministratorRole) => is_own || is_administrator(claims),
    };
    is_of_same_type && claims.grants(&permission.scope) && condition_holds
}

fn is_administrator(claims: &Claims) -> bool {
    claims.wids.iter().any(|role| ADMINISTRATORS.contains(&role.to_lowercase().as_str()))
}
