//! Fuzzes [`graph_photo_fuzz::token_claims`].
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| graph_photo_fuzz::token_claims::check(data));
