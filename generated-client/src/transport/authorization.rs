//! Gives a request its token, and decides whether it may be sent.

use std::time::{Duration, SystemTime};

use http::header::AUTHORIZATION;
use reqwest::Request;
use tokio::time::timeout;

use crate::{
    auth::{AccessToken, TokenRequest},
    claims::Claims,
    diagnosis::Diagnosis,
    generated::operation::Operation,
    transport::{cold::cold, not_sent::NotSent, request_size::request_bytes, settings::Settings},
};

/// How far this machine's clock may be from Graph's.
const CLOCK_SKEW: Duration = Duration::from_secs(300);

/// The token that a request carries.
pub(super) fn token_of(request: &Request) -> Option<AccessToken> {
    request.headers().get(AUTHORIZATION).map(AccessToken::of_header)
}

impl Settings {
    /// Puts a token into a request without one, which may then be sent.
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

    async fn token(&self, force_refresh: bool) -> Result<AccessToken, NotSent> {
        let token = self.tokens.token(TokenRequest { scope: &self.scope, force_refresh });
        timeout(self.attempt_timeout, token)
            .await
            .unwrap_or_else(|_| Err("the token provider gave none in time".into()))
            .map_err(NotSent::Token)
    }

    /// A token that Graph is not certain to refuse.
    async fn permitted_token(
        &self,
        operation: Operation,
        force_refresh: bool,
    ) -> Result<AccessToken, NotSent> {
        let mut token = self.token(force_refresh).await?;
        let mut diagnosis = self.diagnose(&token, operation);
        if !force_refresh && matches!(diagnosis, Some(Diagnosis::Expired { .. })) {
            // A cached one, for which Graph's answer would have been 401.
            token = self.token(true).await?;
            diagnosis = self.diagnose(&token, operation);
        }
        match diagnosis.filter(Diagnosis::is_certain) {
            Some(diagnosis) => Err(NotSent::NotPermitted(diagnosis)),
            None => Ok(token),
        }
    }

    /// What a token's claims say of an operation, before it is sent.
    fn diagnose(&self, token: &AccessToken, operation: Operation) -> Option<Diagnosis> {
        let clock = (SystemTime::now(), CLOCK_SKEW);
        Diagnosis::before_sending(&Claims::of(token)?, operation, &self.audience, clock)
    }
}
