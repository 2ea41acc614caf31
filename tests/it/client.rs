//! The client over sockets: its requests, and what it does with responses.

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
