//! The client, end to end: what it sends over a socket, and what it makes of
//! the answer.

mod base_url;
mod direct;
mod echoes;
mod emulator;
mod identifiers;
mod memory;
mod messages;
mod permissions;
mod redirects;
mod responses;
mod retries;
mod support;
mod targets;
mod tls;
mod tokens;
mod tracing;
mod wire;
