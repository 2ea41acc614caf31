//! Tests of the client over real sockets, of the photo, and of what the spec renders.

#![allow(clippy::unwrap_used, reason = "all of this crate is tests")]

mod client;
mod photo;
mod renderings;
mod schema;
mod snapshots;
