//! The client, end to end: what it sends over a socket, and what it makes of the response.

mod base_url;
mod constructors;
mod direct;
mod echoes;
mod emulator;
mod identifiers;
mod memory;
mod messages;
mod permissions;
mod redirects;
mod requests;
mod responses;
mod retries;
mod runtime;
mod support;
mod targets;
mod tls;
mod tokens;
mod tracing;
