//! Shows that the frozen crate stands on its own and is the workspace's crate.

use std::collections::BTreeSet;

use serde_json::{Map, Value};
use toml_edit::{DocumentMut, Item};

use super::{FOLDER, MANIFEST, PACKAGE, api, cargo, tree};
use crate::{Failure, repository::Repository};

/// The features that the crate must build with.
const FEATURES: [(&str, &[&str]); 3] = [
    ("default features", &[]),
    ("no features", &["--no-default-features"]),
    ("all features", &["--all-features"]),
];

/// What only generating needs: none of it may be left to compile.
const GENERATION: [&str; 7] = [
    "graph-photo-codegen",
    "graph-photo-spec",
    "openapiv3",
    "prettyplease",
    "progenitor",
    "progenitor-impl",
    "typify",
];

/// What a manifest says that its users notice.
const NOTICED: [&str; 9] = [
    "name",
    "version",
    "description",
    "license",
    "repository",
    "edition",
    "rust_version",
    "features",
    "dependencies",
];

pub(super) fn run(repository: &Repository) -> Result<(), Failure> {
    for (features, flags) in FEATURES {
        let mut check = cargo::command(repository, ["check", "--quiet", "--locked"]);
        check.args(["--manifest-path", MANIFEST, "--target-dir", "target"]).args(flags);
        cargo::run(check)?;
        println!("{:>10} with {features}, on its own", "Builds");
    }
    let packages = without_generation(repository)?;
    println!("{:>10} none of its {packages} dependencies is a generator's", "Lean");
    same_manifest(repository)?;
    println!("{:>10} features, dependencies and metadata of the manifest", "Same");
    let items = api::compare(repository)?;
    println!("{:>10} public API: {items} items, with their documentation", "Same");
    Ok(())
}

/// How many packages the crate's `Cargo.lock` has, for all targets and features
/// and for its tests, none of which is for generating.
fn without_generation(repository: &Repository) -> Result<usize, Failure> {
    let packages = |path: String| -> Result<BTreeSet<String>, Failure> {
        let failed = |cause: String| Failure::to("read", &path, cause);
        let bytes = &tree::read(repository, "", [path.clone()])?[&path];
        let lock: Result<DocumentMut, _> = String::from_utf8_lossy(bytes).parse();
        let lock = lock.map_err(|cause| failed(cause.to_string()))?;
        let packages = lock.get("package").and_then(Item::as_array_of_tables);
        let packages = packages.ok_or_else(|| failed("it has no [[package]]".to_owned()))?;
        let names = packages.iter().filter_map(|package| package.get("name")?.as_str());
        Ok(names.map(str::to_owned).collect())
    };
    let frozen = packages(format!("{FOLDER}/Cargo.lock"))?;
    let workspace = packages("Cargo.lock".to_owned())?;
    for name in GENERATION {
        // A name that is nowhere would be looked for in vain for ever.
        if !workspace.contains(name) {
            let cause = "the workspace doesn't use it; take it from the list in dist/check.rs";
            return Err(Failure::to("look for the package", name, cause));
        }
        if frozen.contains(name) {
            let cause = format!(
                "`cargo tree --manifest-path {MANIFEST} --edges all --invert {name}` says why"
            );
            return Err(Failure::to("do without the package", name, cause));
        }
    }
    Ok(frozen.len() - 1)
}

/// The frozen manifest was put together here: cargo must read it as it reads
/// the workspace's.
fn same_manifest(repository: &Repository) -> Result<(), Failure> {
    let frozen = noticed(repository, MANIFEST)?;
    let workspace = noticed(repository, "Cargo.toml")?;
    match NOTICED.iter().find(|key| frozen.get(**key) != workspace.get(**key)) {
        None => Ok(()),
        Some(key) => {
            let value = |from: &Map<String, Value>| from.get(*key).cloned().unwrap_or_default();
            let cause = format!(
                "its `{key}` is not the workspace's\nfrozen    {}\nworkspace {}",
                value(&frozen),
                value(&workspace)
            );
            Err(Failure::to("freeze", MANIFEST, cause))
        }
    }
}

/// What cargo reads in a manifest, without dependencies for development and for
/// the build script.
fn noticed(repository: &Repository, manifest: &str) -> Result<Map<String, Value>, Failure> {
    let failed = |cause: String| Failure::to("read", manifest, cause);
    let arguments = ["metadata", "--no-deps", "--format-version", "1", "--manifest-path", manifest];
    let text = cargo::output(cargo::command(repository, arguments))?;
    let mut metadata: Value =
        serde_json::from_str(&text).map_err(|cause| failed(cause.to_string()))?;
    let packages = metadata["packages"].as_array_mut().into_iter().flatten();
    let package = packages.into_iter().find(|package| package["name"] == PACKAGE);
    let package = package.and_then(|package| package.as_object_mut());
    let package = package.ok_or_else(|| failed(format!("it has no package {PACKAGE}")))?;
    if let Some(Value::Array(dependencies)) = package.get_mut("dependencies") {
        // A dependency of the crate itself has no kind.
        dependencies.retain(|dependency| dependency["kind"].is_null());
    }
    Ok(std::mem::take(package))
}
