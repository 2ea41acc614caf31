//! Tests of the photo, apart from any upload.

#![allow(clippy::unwrap_used, reason = "all of this crate is tests")]

mod jpeg;
