//! What the emulator recorded of a request, with the time by a clock that nothing moves.

use std::time::Instant;

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use bytes::Bytes;
use graph_photo_emulator::{Outcome, RecordedRequest};
use percent_encoding::percent_decode_str;
use serde_json::Value;

/// What precedes the owner of a token, as a scope or role that Graph does not know.
pub(crate) const OWNER: &str = "Soak.Owner.";

/// A request as the emulator saw it.
#[derive(Debug, Clone)]
pub(crate) struct Seen {
    /// When its head had been read, and when its answer was ready but not yet sent.
    pub(crate) arrived: Instant,
    pub(crate) answered: Instant,
    pub(crate) method: String,
    /// Decoded, beneath the base URL, and without the photo's suffix.
    pub(crate) path: String,
    /// Whose token it carried, and the user of that token.
    pub(crate) owner: Option<String>,
    pub(crate) user: Option<String>,
    pub(crate) client_request_id: Option<String>,
    pub(crate) body: Bytes,
    pub(crate) status: Option<u16>,
    pub(crate) request_id: String,
    pub(crate) outcome: Outcome,
    pub(crate) why: String,
}

impl Seen {
    pub(crate) fn new(request: &RecordedRequest) -> Self {
        let answered = Instant::now();
        let path = percent_decode_str(&request.target).decode_utf8_lossy();
        let path = path.strip_prefix("/v1.0").unwrap_or(&path);
        let claims = request.header("authorization").first().and_then(|value| claims_of(value));
        let (owner, user) = claims.as_ref().map_or((None, None), |claims| {
            (owner_of(claims), claims["upn"].as_str().map(str::to_owned))
        });
        Self {
            arrived: answered.checked_sub(request.duration).unwrap_or(answered),
            answered,
            method: request.method.clone(),
            path: path.strip_suffix("/photo/$value").unwrap_or(path).to_owned(),
            owner,
            user,
            client_request_id: request
                .header("client-request-id")
                .first()
                .map(|id| (*id).to_owned()),
            body: request.body.clone(),
            status: request.status,
            request_id: request.request_id.clone(),
            outcome: request.outcome,
            why: request.why.clone(),
        }
    }

    /// Whether a fault hit it.
    pub(crate) fn is_faulty(&self) -> bool {
        self.outcome == Outcome::Fault || self.why.contains("; with the fault ")
    }
}

fn claims_of(authorization: &str) -> Option<Value> {
    let claims = authorization.split('.').nth(1)?;
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(claims).ok()?).ok()
}

fn owner_of(claims: &Value) -> Option<String> {
    let roles = claims["roles"].as_array().into_iter().flatten().filter_map(Value::as_str);
    let scopes = claims["scp"].as_str().into_iter().flat_map(|scopes| scopes.split(' '));
    roles.chain(scopes).find_map(|scope| scope.strip_prefix(OWNER)).map(str::to_owned)
}
