//! Tests of the emulator, by a client that is nothing but a socket.

#![allow(clippy::unwrap_used, reason = "all of this crate is tests")]

mod access;
mod api;
mod content;
mod control;
mod faults;
mod page;
mod paths;
mod program;
mod raw;
mod reading;
mod refusals;
mod requests;
mod size;
mod tenant;
mod throttle;
mod tls;
mod token;
