//! Tests of the emulator and of the scripted server, by a client that is nothing but
//! a socket.

#![allow(clippy::unwrap_used, reason = "all of this crate is tests")]

mod access;
mod api;
mod content;
mod page;
mod paths;
mod raw;
mod refusals;
mod requests;
mod scripted;
mod size;
mod token;
