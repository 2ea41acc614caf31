//! Tests of the photo and of the examples.

#![allow(clippy::unwrap_used, reason = "to panic is how a test fails")]

#[cfg(feature = "azure")]
mod azure;
mod examples;
mod jpeg;
