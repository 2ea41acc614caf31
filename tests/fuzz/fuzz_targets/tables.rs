//! Fuzzes [`graph_photo_fuzz::tables`].
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| graph_photo_fuzz::tables::check(data));
