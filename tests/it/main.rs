//! Tests of the client over real sockets, of the photo, of users' programs, and of what the
//! spec renders.

#![allow(clippy::unwrap_used, reason = "all of this crate is tests")]

mod client;
mod library;
mod photo;
mod programs;
mod renderings;
mod schema;
mod snapshots;
