//! Fuzzes [`graph_photo_fuzz::jpeg`].
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| graph_photo_fuzz::jpeg::check(data));
