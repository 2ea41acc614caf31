//! Decides who may do what: authentication by bearer token, and the
//! permissions that the API asks for.

use std::time::SystemTime;

use graph_photo_codegen::{
    api::{Operation, Permission, PermissionType},
    permissions::Condition,
};

use super::{head::Head, refusal::Refusal, route::Photo};
use crate::token::{Claims, Malformed};

/// What Graph says of a token that is none.
const MALFORMED: &str = "CompactToken parsing failed with error code: 80049217";

/// The claims of the access token that a request carries.
///
/// # Errors
///
/// The answer to a request without a token, or with one that doesn't hold for
/// `audience` and `now`.
pub(super) fn authenticate(
    head: &Head,
    audience: &str,
    now: SystemTime,
) -> Result<Claims, Refusal> {
    let token = bearer_token(head)?;
    let claims = Claims::decode(token).map_err(|malformed| {
        Refusal::unauthorized(match malformed {
            Malformed::Form => MALFORMED,
            Malformed::Signature => "Access token validation failure. Invalid signature.",
        })
    })?;
    if claims.is_expired(now) {
        return Err(Refusal::unauthorized("Lifetime validation failed, the token is expired."));
    }
    if claims.is_early(now) {
        return Err(Refusal::unauthorized(
            "Lifetime validation failed, the token is not yet valid.",
        ));
    }
    if claims.aud != audience {
        return Err(Refusal::unauthorized("Access token validation failure. Invalid audience."));
    }
    Ok(claims)
}

fn bearer_token(head: &Head) -> Result<&str, Refusal> {
    let token = match head.values("authorization").as_slice() {
        [value] => value
            .split_once(' ')
            .filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"))
            .map_or("", |(_, token)| token.trim()),
        [] => "",
        // No telling which one counts.
        _ => return Err(Refusal::unauthorized(MALFORMED)),
    };
    if token.is_empty() {
        return Err(Refusal::unauthorized("Access token is empty."));
    }
    Ok(token)
}

/// The least privileged permission that allows an operation on a photo.
///
/// # Errors
///
/// The answer to a caller whose token grants none.
pub(super) fn authorize(
    claims: &Claims,
    photo: &Photo<'_>,
    operation: &Operation,
) -> Result<Permission, Refusal> {
    if photo.is_of_signed_in_user && !claims.is_delegated() {
        return Err(Refusal::bad_request(
            "/me request is only valid with delegated authentication flow.",
        ));
    }
    operation
        .permissions
        .iter()
        .find(|permission| suffices(permission, claims, photo))
        .cloned()
        .ok_or_else(Refusal::access_denied)
}

fn suffices(permission: &Permission, claims: &Claims, photo: &Photo<'_>) -> bool {
    let is_of_same_type = match permission.permission_type {
        PermissionType::Delegated => claims.is_delegated(),
        PermissionType::Application => !claims.is_delegated(),
    };
    let condition_holds = match permission.condition {
        None => true,
        Some(Condition::OwnPhotoOnly) => is_own(claims, photo),
        Some(Condition::NotOnBehalfOfUser) => !claims.is_delegated(),
        Some(Condition::AdministratorRole) => is_own(claims, photo) || !claims.wids.is_empty(),
    };
    is_of_same_type && claims.grants(&permission.scope) && condition_holds
}

/// Whether a photo is the signed-in user's own: beneath `/me`, or with that
/// user for its only identifier.
fn is_own(claims: &Claims, photo: &Photo<'_>) -> bool {
    let is_user = |identifier: &str| {
        [&claims.oid, &claims.upn]
            .into_iter()
            .flatten()
            .any(|own| own.eq_ignore_ascii_case(identifier))
    };
    claims.is_delegated()
        && match photo.identifiers.as_slice() {
            _ if photo.is_of_signed_in_user => true,
            [identifier] => is_user(identifier),
            _ => false,
        }
}
