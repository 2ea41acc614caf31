//! Tests of what errors say and of the examples.

#![allow(clippy::unwrap_used, reason = "to panic is how a test fails")]

#[cfg(feature = "azure")]
mod azure;
mod causes;
mod examples;
