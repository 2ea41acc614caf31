//! A stateful emulator of Microsoft Graph's profile photos, to test against.
#![doc = ""]
#![doc = include_str!("../README.md")]

mod builder;
mod clock;
mod control;
mod directory;
mod emulator;
mod exchange;
mod fault;
mod http;
mod judge;
mod photos;
mod recorded_request;
mod redaction;
mod request_log;
mod server;
mod state;
mod tenant;
mod throttle;
mod tls;
pub mod token;
mod wait;

pub use builder::{Builder, built_in_api};
pub use emulator::Emulator;
pub use fault::{Fault, items::FaultError, rule::Rule};
pub use photos::PhotoVersion;
pub use recorded_request::{Outcome, RecordedRequest};
pub use tenant::{Account, Entry, Tenant, TenantError};
pub use throttle::Throttle;
pub use token::AccessToken;
