//! Every property holds for the committed corpora: samples of what the fuzzer kept, and each
//! input that once broke a property.

use std::{fs, path::Path};

/// Checks all inputs of a target.
fn check_all(target: &str, check: fn(&[u8])) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/corpus").join(target);
    let mut inputs: Vec<_> =
        fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    inputs.sort();
    assert!(inputs.len() > 4, "only {} inputs", inputs.len());
    for input in inputs {
        println!("{}", input.display());
        check(&fs::read(input).unwrap());
    }
}

macro_rules! targets {
    ($($name:ident)*) => {$(
        #[test]
        fn $name() {
            check_all(stringify!($name), crate::$name::check);
        }
    )*};
}

targets! { error_bodies identifiers jpeg redaction retry_after spec tables token_claims }
