//! Runs the maintainer's commands in temporary folders and copies.
#![allow(clippy::unwrap_used, reason = "what is unwrapped here is what the test is about")]

mod architecture;
mod check;
mod compat;
mod copy;
#[cfg(unix)]
mod crash;
mod dependencies;
mod dist;
mod encoding;
mod imports;
mod one_edit;
mod tidy;
mod upstream;
mod workspace;
