//! Tests of the causes of errors, of the examples, and of tokens from the Azure SDK.

#![allow(clippy::unwrap_used, reason = "to panic is how a test fails")]

#[cfg(feature = "azure")]
mod azure;
mod causes;
mod examples;
