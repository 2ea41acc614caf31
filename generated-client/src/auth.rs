//! What an upload needs to be allowed: access tokens, where they come from, and what
//! their claims tell of a refusal.

#[cfg(feature = "azure")]
pub(crate) mod azure;
pub(crate) mod claims;
pub(crate) mod diagnosis;
pub(crate) mod permission;
pub(crate) mod provider;
pub(crate) mod token;
