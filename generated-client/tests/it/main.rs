//! Tests of the photo, of the command line and of the examples.

#![allow(clippy::unwrap_used, reason = "to panic is how a test fails")]

#[cfg(feature = "azure")]
mod azure;
#[cfg(feature = "cli")]
mod cli;
mod examples;
mod jpeg;
#[cfg(feature = "cli")]
mod server;
