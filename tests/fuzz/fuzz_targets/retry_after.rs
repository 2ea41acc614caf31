//! Fuzzes [`graph_photo_fuzz::retry_after`].
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| graph_photo_fuzz::retry_after::check(data));
