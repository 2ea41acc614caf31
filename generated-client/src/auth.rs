//! Access tokens, their providers, and what their claims explain of a refusal.

#[cfg(feature = "azure")]
pub(crate) mod azure;
pub(crate) mod claims;
pub(crate) mod diagnosis;
pub(crate) mod permission;
pub(crate) mod provider;
pub(crate) mod token;
