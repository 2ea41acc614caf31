//! Tests the rules on small specs with one fault each, and on many random edits of the real one.
#![allow(clippy::unwrap_used, reason = "what is unwrapped here is what the test is about")]

mod compat;
mod edited;
mod edits;
mod encoding;
mod features;
mod fixtures;
mod keys;
mod reading;
mod spec;
mod text_coverage;
mod upstream;
mod wrapper;
mod yaml;
