//! Only one file names parts of the wrapper.

use std::fs;

#[test]
fn is_named_in_one_file() {
    let mut places = Vec::new();
    for room in ["render", "progenitor"] {
        let folder = format!("{}/src/{room}", env!("CARGO_MANIFEST_DIR"));
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let text = fs::read_to_string(&path).unwrap();
            // This crate's own imports stand at the beginning of a line.
            let paths = text.lines().filter(|line| {
                let line = line.split("//").next().unwrap();
                line.contains("crate::") && !line.starts_with("use crate::")
            });
            if !path.ends_with("render/wrapper.rs") {
                places.extend(paths.map(|line| format!("{}: {line}", path.display())));
            }
        }
    }
    assert!(places.is_empty(), "move to render/wrapper.rs: {places:#?}");
}
