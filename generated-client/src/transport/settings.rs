//! The settings of a client.

use std::time::Duration;

use reqwest::Url;

use crate::{
    auth::{diagnosis::Audience, provider::TokenProvider},
    transport::retry::RetryPolicy,
};

/// What a [`ClientBuilder`](crate::ClientBuilder) has set.
pub(crate) struct Settings {
    pub(crate) base_url: Url,
    pub(crate) tokens: Box<dyn TokenProvider>,
    pub(crate) scope: String,
    pub(crate) audience: Audience,
    pub(crate) retry: RetryPolicy,
    pub(crate) attempt_timeout: Duration,
    /// Whether to set `attempt_timeout` on each request, for a caller's own HTTP client; on the
    /// default one it is set once, which saves allocations.
    pub(crate) timeout_per_request: bool,
    pub(crate) max_request_bytes: u64,
    pub(crate) check_permissions: bool,
    /// Whether each request says that others come first.
    pub(crate) low_priority: bool,
}
