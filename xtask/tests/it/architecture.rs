//! ARCHITECTURE.md says what is there: the rooms, and how many packages each product is
//! built from.

use std::{collections::BTreeSet, path::Path};

use crate::{
    dependencies::packages_of,
    tidy::{files, read},
};

/// The folders of the tree in ARCHITECTURE.md, two spaces for each step down.
fn folders_of_the_tree() -> BTreeSet<String> {
    let text = read("ARCHITECTURE.md");
    let tree = text.split("```").find_map(|block| block.strip_prefix("text\n")).unwrap();
    let mut open: Vec<&str> = Vec::new();
    let lines = tree.lines().map(|line| {
        let depth = (line.len() - line.trim_start().len()) / 2;
        let (folder, purpose) = line.trim().split_once("/ ").unwrap_or_else(|| panic!("`{line}`"));
        assert!(!purpose.trim().is_empty(), "`{line}` says nothing of the folder");
        assert!(depth <= open.len(), "`{line}` is too far to the right");
        open.truncate(depth);
        open.push(folder);
        open.join("/")
    });
    lines.collect()
}

/// The folders of the crates, and those of their sources with more than one file.
fn folders() -> BTreeSet<String> {
    let parent = |file: &String| Path::new(file).parent().unwrap().to_str().unwrap().to_owned();
    let crates = files("/Cargo.toml").iter().map(parent).collect::<BTreeSet<_>>();
    let rooms = files(".rs").iter().map(parent).collect::<BTreeSet<_>>();
    let rooms = rooms.into_iter().filter(|folder| folder.contains("/src/"));
    rooms.chain(crates).collect()
}

#[test]
fn the_tree_is_that_of_the_folders() {
    let (listed, folders) = (folders_of_the_tree(), folders());
    assert!(folders.len() > 15, "{folders:?}");
    let missing: Vec<_> = folders.difference(&listed).collect();
    assert!(missing.is_empty(), "the tree in ARCHITECTURE.md lacks {missing:?}");
    let gone: Vec<_> = listed.difference(&folders).collect();
    assert!(gone.is_empty(), "the tree in ARCHITECTURE.md has {gone:?}, which do not exist");
}

/// The rows `| package | features | packages |` count what cargo compiles on Linux.
#[test]
#[cfg(all(target_os = "linux", target_arch = "x86_64"))]
fn products_are_built_from_as_many_packages_as_it_says() {
    let text = read("ARCHITECTURE.md");
    let table = text.split("| built from |").nth(1).unwrap().split("\n\n").next().unwrap();
    let mut rows = 0;
    for row in table.lines().skip(2) {
        let cells: Vec<&str> = row.split('|').map(|cell| cell.trim().trim_matches('`')).collect();
        let [_, package, features, count, _] = cells[..] else { panic!("`{row}`") };
        let arguments: &[&str] = match features {
            "default" => &[],
            "none" => &["--no-default-features"],
            features => &["--features", features],
        };
        let packages = packages_of(package, "normal", arguments).len();
        assert_eq!(count, packages.to_string(), "`{package}`, features: {features}");
        rows += 1;
    }
    assert!(rows >= 4, "only {rows} rows");
}
