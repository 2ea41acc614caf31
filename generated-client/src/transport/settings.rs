//! What a client was built with.

use std::time::Duration;

use reqwest::Url;

use crate::{
    auth::{diagnosis::Audience, provider::TokenProvider},
    transport::retry::RetryPolicy,
};

/// The settings of a client.
pub(crate) struct Settings {
    pub(crate) base_url: Url,
    pub(crate) tokens: Box<dyn TokenProvider>,
    /// The scope to request tokens with.
    pub(crate) scope: String,
    pub(crate) audience: Audience,
    pub(crate) retry: RetryPolicy,
    pub(crate) attempt_timeout: Duration,
    /// Whether each request carries `attempt_timeout`: a caller's own HTTP client may
    /// have another or none. Set on the client, it saves allocations.
    pub(crate) timeout_per_request: bool,
    pub(crate) max_request_bytes: u64,
    pub(crate) check_permissions: bool,
    /// Whether each request says that others come first.
    pub(crate) low_priority: bool,
}
