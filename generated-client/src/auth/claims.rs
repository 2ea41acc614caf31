//! What an access token says of itself: read for diagnosis, never trusted and
//! never required.

use std::time::{Duration, SystemTime};

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use serde::{Deserialize, Deserializer};
use serde_json::Value;

use crate::{AccessToken, PermissionType};

/// The claims that explain a refusal
/// ([access token claims](https://learn.microsoft.com/entra/identity-platform/access-token-claims-reference)).
///
/// A claim of another form than Entra's counts as absent.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub(crate) struct Claims {
    #[serde(deserialize_with = "if_of_form")]
    aud: Option<String>,
    #[serde(deserialize_with = "if_of_form")]
    exp: Option<u64>,
    #[serde(deserialize_with = "if_of_form")]
    nbf: Option<u64>,
    #[serde(deserialize_with = "if_of_form")]
    idtyp: Option<String>,
    #[serde(deserialize_with = "if_of_form")]
    scp: Option<String>,
    #[serde(deserialize_with = "if_of_form")]
    roles: Option<Vec<String>>,
}

fn if_of_form<'de, D, T>(deserializer: D) -> Result<Option<T>, D::Error>
where
    D: Deserializer<'de>,
    T: serde::de::DeserializeOwned,
{
    Value::deserialize(deserializer).map(|value| serde_json::from_value(value).ok())
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
        time(self.exp?)
    }

    /// When the token begins to be valid.
    pub(crate) fn not_before(&self) -> Option<SystemTime> {
        time(self.nbf?)
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

/// A time in seconds since 1970; `None` if it is beyond what a clock tells.
fn time(seconds: u64) -> Option<SystemTime> {
    SystemTime::UNIX_EPOCH.checked_add(Duration::from_secs(seconds))
}
