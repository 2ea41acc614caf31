//! Fuzzes [`graph_photo_fuzz::error_bodies`].
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| graph_photo_fuzz::error_bodies::check(data));
