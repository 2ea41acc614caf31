//! Fuzzes [`graph_photo_fuzz::spec`].
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| graph_photo_fuzz::spec::check(data));
