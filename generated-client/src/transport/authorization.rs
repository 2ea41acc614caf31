//! Adds the token to a request, and decides whether to send it.

use std::{
    error::Error,
    fmt,
    time::{Duration, SystemTime},
};

use http::header::AUTHORIZATION;
use reqwest::Request;
use tokio::time::timeout;

use crate::{
    auth::{
        claims::Claims,
        diagnosis::Diagnosis,
        provider::{TokenError, TokenRequest},
        token::AccessToken,
    },
    display::count,
    generated::operation::Operation,
    runtime::{NO_RUNTIME, require_runtime},
    transport::{cold_path::cold, request_size::request_bytes, settings::Settings},
};

/// How much this machine's clock may differ from Graph's.
const CLOCK_SKEW: Duration = Duration::from_secs(300);

/// Why a request is not sent or retried.
#[derive(Debug)]
pub(crate) enum NotSent {
    /// The whole request would be too large.
    TooLarge { bytes: u64, limit: u64 },
    /// The future is polled outside a Tokio runtime.
    NoRuntime,
    /// There is no usable token.
    Token(TokenError),
    /// The token does not allow the operation.
    NotPermitted(Diagnosis),
}

impl fmt::Display for NotSent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TooLarge { bytes, limit } => write!(
                f,
                "the request would have {bytes} bytes, and at most {limit} are allowed; make the \
                 photo smaller by at least {}",
                count(bytes.saturating_sub(*limit))
            ),
            Self::NoRuntime => f.write_str(NO_RUNTIME),
            Self::Token(_) => f.write_str("there is no usable access token"),
            Self::NotPermitted(diagnosis) => write!(f, "not sent, because {diagnosis}"),
        }
    }
}

impl Error for NotSent {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            Self::Token(cause) => Some(&**cause),
            Self::NoRuntime | Self::TooLarge { .. } | Self::NotPermitted(_) => None,
        }
    }
}

pub(super) fn token_of(request: &Request) -> Option<AccessToken> {
    request.headers().get(AUTHORIZATION).map(AccessToken::of_header)
}

impl Settings {
    /// Adds a token to a request without one, and checks the size of the request.
    pub(super) async fn authorize(
        &self,
        request: &mut Request,
        operation: Operation,
        force_refresh: bool,
    ) -> Result<(), NotSent> {
        let token = if self.check_permissions {
            cold(|| self.permitted_token(operation, force_refresh)).await?
        } else {
            self.token(force_refresh).await?
        };
        request.headers_mut().append(AUTHORIZATION, token.into_header());
        let (bytes, limit) = (request_bytes(request), self.max_request_bytes);
        if bytes <= limit { Ok(()) } else { Err(NotSent::TooLarge { bytes, limit }) }
    }

    /// The first step of whatever waits or sends: beyond it there is a runtime.
    async fn token(&self, force_refresh: bool) -> Result<AccessToken, NotSent> {
        require_runtime().map_err(|_| NotSent::NoRuntime)?;
        let token = self.tokens.token(TokenRequest { scope: &self.scope, force_refresh });
        timeout(self.attempt_timeout, token)
            .await
            .unwrap_or_else(|_| Err("the token provider gave none in time".into()))
            .map_err(NotSent::Token)
    }

    /// A token that Graph may accept.
    pub(super) async fn permitted_token(
        &self,
        operation: Operation,
        force_refresh: bool,
    ) -> Result<AccessToken, NotSent> {
        let token = self.token(force_refresh).await?;
        match self.diagnose(&token, operation) {
            // A cached one, which Graph would refuse with a 401.
            Some(Diagnosis::Expired { .. }) if !force_refresh => {
                Box::pin(self.permitted_token(operation, true)).await
            }
            Some(diagnosis) if diagnosis.is_certain() => Err(NotSent::NotPermitted(diagnosis)),
            _ => Ok(token),
        }
    }

    /// Why, before sending, a token does not allow an operation.
    fn diagnose(&self, token: &AccessToken, operation: Operation) -> Option<Diagnosis> {
        let clock = (SystemTime::now(), CLOCK_SKEW);
        Diagnosis::before_sending(&Claims::of(token)?, operation, &self.audience, clock)
    }
}
