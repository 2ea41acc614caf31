//! The OpenAPI description of the Microsoft Graph endpoints that replace a
//! profile photo, embedded, so that whoever builds from it - a build script in
//! this repository or a crate unpacked from a registry - reads the same bytes.

#![no_std]

/// The bytes of `openapi.yaml`, as they are: `graph_photo_codegen::decode` says what is
/// wrong with them if they aren't UTF-8.
pub const OPENAPI_BYTES: &[u8] = include_bytes!("../openapi.yaml");

/// The whole of `openapi.yaml`: OpenAPI 3.0.3, hand-written. Empty if
/// [`OPENAPI_BYTES`] aren't UTF-8, so that it is the reader of the bytes who fails, and
/// says why.
#[allow(invalid_from_utf8, reason = "a finding of the reader says it with the place and a remedy")]
pub const OPENAPI_YAML: &str = match core::str::from_utf8(OPENAPI_BYTES) {
    Ok(text) => text,
    Err(_) => "",
};

/// Where [`OPENAPI_YAML`] lies, relative to the root of the repository.
pub const OPENAPI_PATH: &str = "spec/openapi.yaml";
