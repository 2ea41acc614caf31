//! Servers to test the client of Microsoft Graph photos against.
//!
//! - [`Emulator`] answers as Graph does, on the strength of what the API's
//!   description says; [`AccessToken`] makes the tokens it accepts.
//! - [`ScriptedServer`] plays a script of misbehaviour, and keeps every byte
//!   that it was sent.
//!
//! Both listen on `127.0.0.1` only, run on a thread and clock of their own (a
//! test may be synchronous, or pause its clock) and stop when dropped.

pub mod emulator;
mod loopback;
mod redaction;
pub mod scripted;
pub mod token;

pub use emulator::{Emulator, RecordedRequest, built_in_api};
pub use scripted::{RawRequest, ScriptedServer, Step};
pub use token::AccessToken;
