//! Tests of the client over real sockets, of the servers that it is tested
//! against, and of what the spec renders.

#![allow(clippy::unwrap_used, reason = "all of this crate is tests")]

mod access;
mod api;
mod client;
mod content;
mod page;
mod paths;
mod raw;
mod refusals;
mod renderings;
mod requests;
mod schema;
mod scripted;
mod size;
mod snapshots;
mod token;
