//! What an access token says of itself: read for diagnosis, never trusted and
//! never required.

use std::time::{Duration, SystemTime};

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use serde::Deserialize;

use crate::{AccessToken, PermissionType};

/// The claims that explain a refusal
/// ([access token claims](https://learn.microsoft.com/entra/identity-platform/access-token-claims-reference)).
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
pub(crate) struct Claims {
    aud: Option<String>,
    exp: Option<u64>,
    idtyp: Option<String>,
    scp: Option<String>,
    roles: Option<Vec<String>>,
}

impl Claims {
    /// The claims of a token; `None` if it is not a JSON Web Token, as Graph's
    /// tokens for personal accounts are not.
    pub(crate) fn of(token: &AccessToken) -> Option<Self> {
        let mut parts = token.secret().split('.');
        let (_header, payload) = (parts.next()?, parts.next()?);
        let json = URL_SAFE_NO_PAD.decode(payload.trim_end_matches('=')).ok()?;
        serde_json::from_slice(&json).ok()
    }

    /// Whom the token is for.
    pub(crate) fn audience(&self) -> Option<&str> {
        self.aud.as_deref()
    }

    /// When the token expires.
    pub(crate) fn expiry(&self) -> Option<SystemTime> {
        SystemTime::UNIX_EPOCH.checked_add(Duration::from_secs(self.exp?))
    }

    /// On whose behalf the token acts; `None` if it does not say.
    pub(crate) fn permission_type(&self) -> Option<PermissionType> {
        match self.idtyp.as_deref() {
            Some("app") => Some(PermissionType::Application),
            Some("user") => Some(PermissionType::Delegated),
            _ if self.scp.is_some() => Some(PermissionType::Delegated),
            _ if self.roles.is_some() => Some(PermissionType::Application),
            _ => None,
        }
    }

    /// The scopes that the token has been granted.
    pub(crate) fn scopes(&self) -> Vec<&str> {
        match self.permission_type() {
            Some(PermissionType::Delegated) => {
                self.scp.as_deref().unwrap_or_default().split_whitespace().collect()
            }
            Some(PermissionType::Application) => {
                self.roles.iter().flatten().map(String::as_str).collect()
            }
            None => Vec::new(),
        }
    }
}
