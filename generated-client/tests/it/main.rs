//! Tests of the photo and of the command line.

#![allow(clippy::unwrap_used, reason = "to panic is how a test fails")]

#[cfg(feature = "azure")]
mod azure;
#[cfg(feature = "cli")]
mod cli;
mod jpeg;
#[cfg(feature = "cli")]
mod server;
