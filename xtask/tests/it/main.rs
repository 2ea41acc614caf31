//! Runs the maintainer's commands in temporary folders.
#![allow(clippy::unwrap_used, reason = "what is unwrapped here is what the test is about")]

mod check;
mod compat;
mod dist;
mod permissions;
mod workspace;
