//! Tests of what the spec renders, and of the servers that the client is tested
//! against.

#![allow(clippy::unwrap_used, reason = "all of this crate is tests")]

mod access;
mod api;
mod content;
mod page;
mod paths;
mod raw;
mod refusals;
mod requests;
mod schema;
mod scripted;
mod size;
mod snapshots;
mod token;
