//! Tests of the client over real sockets, and of what the spec renders.

#![allow(clippy::unwrap_used, reason = "all of this crate is tests")]

mod client;
mod renderings;
mod schema;
mod snapshots;
