//! The claims of an access token: read for diagnosis, never trusted and never required.

use std::time::{Duration, SystemTime};

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use serde_json::{Map, Value};

use crate::{auth::token::AccessToken, generated::operation::PermissionType};

/// The claims that explain a refusal
/// ([access token claims](https://learn.microsoft.com/entra/identity-platform/access-token-claims-reference)).
///
/// A claim in another form than Entra's counts as absent.
pub(crate) struct Claims(Map<String, Value>);

impl AccessToken {
    /// The id of the tenant that the token is for, as its claim `tid` has it; `None` if it is
    /// not a JSON Web Token, or does not say.
    pub fn tenant_id(&self) -> Option<String> {
        Claims::of(self)?.tenant().map(str::to_owned)
    }

    /// The ids by which `/users/{id}` is the signed-in user, as `/me` is: the object id and the
    /// user principal name, as the claims `oid` and `upn` have them. Empty if the token acts for
    /// an app, is not a JSON Web Token, or does not say.
    pub fn user_ids(&self) -> Vec<String> {
        let claims = Claims::of(self);
        let is_user = |claims: &Claims| claims.permission_type() == Some(PermissionType::Delegated);
        let Some(claims) = claims.filter(is_user) else { return Vec::new() };
        ["oid", "upn"].into_iter().filter_map(|name| claims.text(name)).map(str::to_owned).collect()
    }
}

impl Claims {
    /// The claims of a token; `None` if it is not a JSON Web Token, such as Graph's tokens for
    /// personal accounts.
    pub(crate) fn of(token: &AccessToken) -> Option<Self> {
        let payload = std::str::from_utf8(token.secret_bytes()).ok()?.split('.').nth(1)?;
        let json = URL_SAFE_NO_PAD.decode(payload.trim_end_matches('=')).ok()?;
        serde_json::from_slice(&json).ok().map(Self)
    }

    fn text(&self, claim: &str) -> Option<&str> {
        self.0.get(claim)?.as_str()
    }

    /// A time in seconds since 1970; `None` if no clock reaches it.
    fn time(&self, claim: &str) -> Option<SystemTime> {
        let seconds = self.0.get(claim)?.as_u64()?;
        SystemTime::UNIX_EPOCH.checked_add(Duration::from_secs(seconds))
    }

    pub(crate) fn audience(&self) -> Option<&str> {
        self.text("aud")
    }

    /// The tenant that the token is for.
    pub(crate) fn tenant(&self) -> Option<&str> {
        self.text("tid")
    }

    pub(crate) fn expiry(&self) -> Option<SystemTime> {
        self.time("exp")
    }

    pub(crate) fn not_before(&self) -> Option<SystemTime> {
        self.time("nbf")
    }

    /// Whether the token acts for a user or for an app; `None` if it does not say.
    pub(crate) fn permission_type(&self) -> Option<PermissionType> {
        match self.text("idtyp") {
            Some("app") => Some(PermissionType::Application),
            Some("user") => Some(PermissionType::Delegated),
            _ if self.text("scp").is_some() => Some(PermissionType::Delegated),
            _ => self.0.get("roles")?.is_array().then_some(PermissionType::Application),
        }
    }

    /// The scopes of this type that the token has been granted.
    pub(crate) fn scopes(&self, permission_type: PermissionType) -> Vec<&str> {
        match permission_type {
            PermissionType::Delegated => {
                self.text("scp").unwrap_or_default().split_whitespace().collect()
            }
            PermissionType::Application => {
                let roles = self.0.get("roles").and_then(Value::as_array);
                roles.into_iter().flatten().filter_map(Value::as_str).collect()
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_token_of_a_user_has_ids_of_one() {
        let ids = |claims: &str| {
            let token = format!("e30.{}.x", URL_SAFE_NO_PAD.encode(claims));
            AccessToken::new(token).unwrap().user_ids()
        };
        assert_eq!(ids(r#"{"scp":"User.Read","oid":"1f4c","upn":"a@x"}"#), ["1f4c", "a@x"]);
        assert_eq!(ids(r#"{"scp":"User.Read","oid":"1f4c"}"#), ["1f4c"]);
        assert!(ids(r#"{"idtyp":"app","oid":"1f4c"}"#).is_empty());
        assert!(AccessToken::new("opaque").unwrap().user_ids().is_empty());
    }
}
