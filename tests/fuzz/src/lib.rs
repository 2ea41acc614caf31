//! The properties that hold for any bytes: each fuzz target checks one with what libFuzzer
//! makes up, and `cargo test --workspace` checks all with the committed corpora.
//!
//! This file is a library for the fuzz targets, and a test of `graph-photo-tests`. A property
//! panics if it does not hold.

#![forbid(unsafe_code)]
#![cfg_attr(test, allow(unreachable_pub, reason = "a test has no public items"))]

mod answers;
mod args;
#[cfg(test)]
mod corpus;
pub mod error_bodies;
mod fit;
pub mod identifiers;
pub mod jpeg;
mod libjpeg;
#[path = "../../../generated-client/cli/src/misplaced_token.rs"]
mod misplaced_token;
mod policy;
pub mod redaction;
pub mod retry_after;
pub mod spec;
mod sync;
pub mod tables;
#[path = "../../../generated-client/cli/src/target.rs"]
#[allow(dead_code, reason = "the reader of tables takes only `user_path`")]
mod target;
pub mod token_claims;
