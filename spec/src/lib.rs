//! The OpenAPI description of the Microsoft Graph endpoints that replace a
//! profile photo, embedded, so that whoever builds from it - a build script in
//! this repository or a crate unpacked from a registry - reads the same bytes.

#![no_std]

/// The whole of `openapi.yaml`: OpenAPI 3.0.3, hand-written.
pub const OPENAPI_YAML: &str = include_str!("../openapi.yaml");

/// Where [`OPENAPI_YAML`] lies, relative to the root of the repository.
pub const OPENAPI_PATH: &str = "spec/openapi.yaml";
