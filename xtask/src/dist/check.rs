//! Shows that the frozen crate stands on its own and is the workspace's crate.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value as Json};
use toml_edit::{DocumentMut, Item, Value};

use super::{FOLDER, MANIFEST, PACKAGE, api, cargo, tree};
use crate::{Failure, repository::Repository, terminal::say};

/// The features that the crate must build with.
const FEATURES: [(&str, &[&str]); 3] = [
    ("default features", &[]),
    ("no features", &["--no-default-features"]),
    ("all features", &["--all-features"]),
];

/// The crates that generate: nothing that only they need may be left to compile.
const GENERATORS: [&str; 2] = ["graph-photo-codegen", "graph-photo-spec"];

/// What a manifest says that its users notice.
const NOTICED: [&str; 13] = [
    "name",
    "version",
    "description",
    "license",
    "repository",
    "documentation",
    "keywords",
    "categories",
    "readme",
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
        say!("{:>10} with {features}, on its own", "Builds");
    }
    let packages = without_generation(repository)?;
    say!("{:>10} none of its {packages} dependencies is a generator's", "Lean");
    same_manifest(repository)?;
    say!("{:>10} features, dependencies and metadata of the manifest", "Same");
    let items = api::compare(repository)?;
    say!("{:>10} public API: {items} items, with their documentation", "Same");
    Ok(())
}

/// How many packages the crate's `Cargo.lock` has, for all targets and features
/// and for its tests, none of which is for generating.
fn without_generation(repository: &Repository) -> Result<usize, Failure> {
    let frozen = packages(repository, &format!("{FOLDER}/Cargo.lock"))?;
    let workspace = packages(repository, "Cargo.lock")?;
    let needed = needed(&workspace);
    match frozen.keys().find(|name| !needed.contains(name.as_str())) {
        None => Ok(frozen.len() - 1),
        Some(name) => {
            let cause = format!(
                "`cargo tree --manifest-path {MANIFEST} --edges all --invert {name}` says why"
            );
            Err(Failure::to("do without the package", name, cause))
        }
    }
}

/// Packages with the names of those that they depend on.
type Packages = BTreeMap<String, Vec<String>>;

/// The packages of a `Cargo.lock`; those of one name count as one.
fn packages(repository: &Repository, path: &str) -> Result<Packages, Failure> {
    let failed = |cause: String| Failure::to("read", path, cause);
    let bytes = &tree::read(repository, "", [path.to_owned()])?[path];
    let lock: Result<DocumentMut, _> = String::from_utf8_lossy(bytes).parse();
    let lock = lock.map_err(|cause| failed(cause.to_string()))?;
    let tables = lock.get("package").and_then(Item::as_array_of_tables);
    let mut packages = Packages::new();
    for package in tables.ok_or_else(|| failed("it has no [[package]]".to_owned()))? {
        let name = package.get("name").and_then(Item::as_str).unwrap_or_default();
        let dependencies = package.get("dependencies").and_then(Item::as_array);
        let dependencies = dependencies.into_iter().flatten().filter_map(Value::as_str);
        // `syn 2.0.1` if there are several of this name.
        let names = dependencies.filter_map(|text| text.split(' ').next()).map(str::to_owned);
        packages.entry(name.to_owned()).or_default().extend(names);
    }
    Ok(packages)
}

/// The packages that the crate needs without those that generate.
fn needed(packages: &Packages) -> BTreeSet<&str> {
    let mut needed = BTreeSet::new();
    let mut pending = vec![PACKAGE];
    while let Some(name) = pending.pop() {
        if !GENERATORS.contains(&name) && needed.insert(name) {
            pending.extend(packages.get(name).into_iter().flatten().map(String::as_str));
        }
    }
    needed
}

/// The frozen manifest was put together here: cargo must read it as it reads
/// the workspace's.
fn same_manifest(repository: &Repository) -> Result<(), Failure> {
    let frozen = noticed(repository, MANIFEST)?;
    let workspace = noticed(repository, "Cargo.toml")?;
    match NOTICED.iter().find(|key| frozen.get(**key) != workspace.get(**key)) {
        None => Ok(()),
        Some(key) => {
            let value = |from: &Map<String, Json>| from.get(*key).cloned().unwrap_or_default();
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
fn noticed(repository: &Repository, manifest: &str) -> Result<Map<String, Json>, Failure> {
    let failed = |cause: String| Failure::to("read", manifest, cause);
    let arguments = ["metadata", "--no-deps", "--format-version", "1", "--manifest-path", manifest];
    let text = cargo::output(cargo::command(repository, arguments))?;
    let mut metadata: Json =
        serde_json::from_str(&text).map_err(|cause| failed(cause.to_string()))?;
    let packages = metadata["packages"].as_array_mut().into_iter().flatten();
    let package = packages.into_iter().find(|package| package["name"] == PACKAGE);
    let package = package.and_then(|package| package.as_object_mut());
    let package = package.ok_or_else(|| failed(format!("it has no package {PACKAGE}")))?;
    if let Some(Json::Array(dependencies)) = package.get_mut("dependencies") {
        // A dependency of the crate itself has no kind.
        dependencies.retain(|dependency| dependency["kind"].is_null());
    }
    Ok(std::mem::take(package))
}
