//! Access tokens for the emulator, with the claims that Entra writes.

use std::{
    fmt,
    time::{Duration, SystemTime},
};

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::redaction::REDACTED;

/// The object id of the user that a delegated token acts for by default.
pub const DEFAULT_USER_ID: &str = "48d31887-5fad-4d73-a9f5-3c356e68a038";
/// The user principal name of the same user.
pub const DEFAULT_USER_PRINCIPAL_NAME: &str = "megan@contoso.com";

/// The audience of tokens for the global service.
const DEFAULT_AUDIENCE: &str = "https://graph.microsoft.com";
const LIFETIME: Duration = Duration::from_secs(60 * 60);
const TENANT_ID: &str = "72f988bf-86f1-41af-91ab-2d7cd011db47";
const APP_ID: &str = "14d82eec-204b-4c2f-b7e8-296a70dab67e";
const SERVICE_PRINCIPAL_ID: &str = "0f2b7f3d-5b6c-4d0c-a9de-54f3a7b2c1ae";
/// In place of a signature: it shows everyone who sees the token that it is worthless.
const SIGNATURE: &str = "emulator";

/// An access token that only the emulator accepts.
///
/// It has the form and the claims of a token from Entra, but the word
/// `emulator` for a signature. For the global service and valid for an hour,
/// unless told otherwise. `Debug` doesn't print it.
///
/// ```
/// use graph_photo_emulator::AccessToken;
///
/// let token = AccessToken::delegated(["User.ReadWrite"])
///     .user("1f4c", "adele@contoso.com")
///     .encode();
/// assert_eq!(token.split('.').count(), 3);
/// ```
#[derive(Clone)]
pub struct AccessToken {
    claims: Claims,
}

impl AccessToken {
    /// A token on behalf of a signed-in user, [`DEFAULT_USER_ID`] unless
    /// [`user`](Self::user) names another one.
    pub fn delegated<S: Into<String>>(scopes: impl IntoIterator<Item = S>) -> Self {
        let mut token = Self::new("user").user(DEFAULT_USER_ID, DEFAULT_USER_PRINCIPAL_NAME);
        token.claims.scp = Some(String::new());
        token.scopes(scopes)
    }

    /// A token under the app's own identity, with no signed-in user.
    pub fn application<S: Into<String>>(roles: impl IntoIterator<Item = S>) -> Self {
        let mut token = Self::new("app");
        token.claims.oid = Some(SERVICE_PRINCIPAL_ID.to_owned());
        token.scopes(roles)
    }

    fn new(idtyp: &str) -> Self {
        let claims = Claims {
            aud: DEFAULT_AUDIENCE.to_owned(),
            tid: TENANT_ID.to_owned(),
            appid: APP_ID.to_owned(),
            idtyp: idtyp.to_owned(),
            ..Claims::default()
        };
        Self { claims }.issued_at(SystemTime::now())
    }

    /// Sets the signed-in user: object id and user principal name.
    #[must_use]
    pub fn user(mut self, id: &str, principal_name: &str) -> Self {
        self.claims.oid = Some(id.to_owned());
        self.claims.upn = Some(principal_name.to_owned());
        self
    }

    /// Sets the directory roles of the signed-in user (the claim `wids`), by their template
    /// ids. Global, User and People Administrators may change the photos of others.
    #[must_use]
    pub fn directory_roles<S: Into<String>>(
        mut self,
        template_ids: impl IntoIterator<Item = S>,
    ) -> Self {
        self.claims.wids = template_ids.into_iter().map(Into::into).collect();
        self
    }

    /// Sets what was granted: delegated scopes, or roles of the app.
    #[must_use]
    pub fn scopes<S: Into<String>>(mut self, scopes: impl IntoIterator<Item = S>) -> Self {
        let scopes = scopes.into_iter().map(Into::into);
        if self.claims.is_delegated() {
            self.claims.scp = Some(scopes.collect::<Vec<String>>().join(" "));
        } else {
            self.claims.roles = scopes.collect();
        }
        self
    }

    /// Sets the service that the token is for, such as
    /// `https://graph.microsoft.us`.
    #[must_use]
    pub fn audience(mut self, audience: &str) -> Self {
        audience.clone_into(&mut self.claims.aud);
        self
    }

    /// Sets when the token expires, to the second.
    #[must_use]
    pub fn expires_at(mut self, time: SystemTime) -> Self {
        self.claims.exp = unix_seconds(time);
        self
    }

    /// Sets when the token begins to be valid, to the second.
    #[must_use]
    pub fn not_before(mut self, time: SystemTime) -> Self {
        self.claims.nbf = unix_seconds(time);
        self
    }

    /// Valid for an hour from a time of the emulator's clock.
    pub(crate) fn issued_at(mut self, time: SystemTime) -> Self {
        self.claims.iat = unix_seconds(time);
        self.claims.exp = self.claims.iat + LIFETIME.as_secs();
        self.not_before(time)
    }

    /// The token as an `Authorization` header carries it after `Bearer `.
    #[must_use]
    pub fn encode(&self) -> String {
        let claims = json!(self.claims).to_string();
        [br#"{"typ":"JWT","alg":"none"}"#, claims.as_bytes(), SIGNATURE.as_bytes()]
            .map(|part| URL_SAFE_NO_PAD.encode(part))
            .join(".")
    }
}

impl fmt::Debug for AccessToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("AccessToken").field(&REDACTED).finish()
    }
}

/// A user, as a token names one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct User {
    /// The object id.
    pub(crate) id: String,
    /// The user principal name.
    pub(crate) name: String,
}

impl User {
    /// The user with this object id or user principal name.
    pub(crate) fn named(name: &str) -> Self {
        let id = if name.eq_ignore_ascii_case(DEFAULT_USER_PRINCIPAL_NAME) {
            DEFAULT_USER_ID.to_owned()
        } else if name.contains('@') {
            guid_of(&name.to_lowercase())
        } else {
            name.to_owned()
        };
        let name = if name == DEFAULT_USER_ID { DEFAULT_USER_PRINCIPAL_NAME } else { name };
        Self { id, name: name.to_owned() }
    }
}

/// A GUID in form, the same for the same text (FNV-1a).
fn guid_of(text: &str) -> String {
    let hash = text.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    });
    let (high, low) = (hash >> 32, hash & 0xffff_ffff);
    format!("{high:08x}-{:04x}-4{:03x}-8000-{low:012x}", low >> 16, low & 0xfff)
}

/// Why a token can't be read.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Malformed {
    /// It isn't three parts of base64url with claims in JSON.
    Form,
    /// It wasn't made for the emulator.
    Signature,
}

/// The claims of a token; times are in seconds since 1970.
#[derive(Clone, Default, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Claims {
    pub(crate) aud: String,
    iat: u64,
    exp: u64,
    nbf: u64,
    pub(crate) tid: String,
    pub(crate) appid: String,
    idtyp: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    oid: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    upn: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    scp: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    roles: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) wids: Vec<String>,
}

impl Claims {
    /// Reads an encoded token; checks its form, but none of its claims.
    pub(crate) fn decode(token: &str) -> Result<Self, Malformed> {
        let parts: Vec<Vec<u8>> = token
            .split('.')
            .map(|part| URL_SAFE_NO_PAD.decode(part))
            .collect::<Result<_, _>>()
            .map_err(|_| Malformed::Form)?;
        let [header, claims, signature] = parts.as_slice() else {
            return Err(Malformed::Form);
        };
        serde_json::from_slice::<serde_json::Map<_, _>>(header).map_err(|_| Malformed::Form)?;
        let claims = serde_json::from_slice(claims).map_err(|_| Malformed::Form)?;
        if signature == SIGNATURE.as_bytes() { Ok(claims) } else { Err(Malformed::Signature) }
    }

    /// Whether it acts on behalf of a user. As Microsoft advises, told by
    /// `scp`: a user's token may have `roles` as well.
    pub(crate) fn is_delegated(&self) -> bool {
        self.scp.is_some()
    }

    /// The signed-in user; one without a name has an empty one.
    pub(crate) fn user(&self) -> Option<User> {
        let id = self.oid.clone().or_else(|| self.upn.clone()).unwrap_or_default();
        let name = self.upn.clone().unwrap_or_else(|| id.clone());
        self.is_delegated().then_some(User { id, name })
    }

    /// Whether it was granted a permission of its own permission type.
    pub(crate) fn grants(&self, scope: &str) -> bool {
        match &self.scp {
            Some(scopes) => scopes.split(' ').any(|granted| granted == scope),
            None => self.roles.iter().any(|granted| granted == scope),
        }
    }

    /// Whether it expires no later than `now`.
    pub(crate) fn is_expired(&self, now: SystemTime) -> bool {
        self.exp <= unix_seconds(now)
    }

    /// Whether it becomes valid only after `now`.
    pub(crate) fn is_early(&self, now: SystemTime) -> bool {
        self.nbf > unix_seconds(now)
    }
}

/// Whole seconds since 1970, and 0 for any time before.
fn unix_seconds(time: SystemTime) -> u64 {
    time.duration_since(SystemTime::UNIX_EPOCH).map_or(0, |since| since.as_secs())
}
