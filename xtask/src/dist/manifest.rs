//! The frozen crate's `Cargo.toml`: the package's own, on its own feet.

use toml_edit::{DocumentMut, InlineTable, Item, Table, TableLike, Value, value};

use super::{SOURCE, tree::Tree};

/// Targets that a package may lack; cargo refuses one whose file isn't there.
const OPTIONAL_TARGETS: [&str; 3] = ["bench", "example", "test"];

/// The path of the build script that a manifest names, or the one by default.
pub(super) fn build_script(member: &str) -> String {
    let manifest = member.parse::<DocumentMut>().ok();
    let named = manifest.as_ref().and_then(|it| it.get("package")?.get("build")?.as_str());
    named.unwrap_or("build.rs").to_owned()
}

/// A manifest without its build script and what that needs.
pub(super) fn without_build(member: &str) -> Result<String, String> {
    let mut manifest = parse(member)?;
    remove_build(&mut manifest);
    Ok(manifest.to_string())
}

/// The manifest for a package of these files that belongs to no workspace:
/// without the build script, and with what it inherited written out.
pub(super) fn standalone(member: &str, root: &str, files: &Tree) -> Result<String, String> {
    let mut manifest = parse(member)?;
    let root = parse(root)?;
    let workspace = root.get("workspace").ok_or("the workspace's Cargo.toml has no [workspace]")?;
    remove_build(&mut manifest);
    inherit_package(&mut manifest, workspace)?;
    if inherits(manifest.get("lints")) {
        manifest.insert("lints", unplaced(found(workspace, "lints")?.clone()));
    }
    let shared = found(workspace, "dependencies")?;
    inherit_dependencies(manifest.as_table_mut(), shared, files)?;
    if let Some(targets) = manifest.get_mut("target").and_then(Item::as_table_like_mut) {
        for (_, target) in targets.iter_mut() {
            let target = target.as_table_like_mut().ok_or("[target] has a key without a table")?;
            inherit_dependencies(target, shared, files)?;
        }
    }
    for kind in OPTIONAL_TARGETS {
        keep_packaged(&mut manifest, kind, files);
    }
    // The folder lies inside a repository that has a workspace of its own.
    manifest.insert("workspace", Item::Table(Table::new()));
    Ok(format!("# Generated. Do not edit.\n\n{manifest}"))
}

fn parse(text: &str) -> Result<DocumentMut, String> {
    text.parse().map_err(|error: toml_edit::TomlError| error.to_string())
}

fn remove_build(manifest: &mut DocumentMut) {
    manifest.remove("build-dependencies");
    if let Some(package) = manifest.get_mut("package").and_then(Item::as_table_like_mut) {
        package.remove("build");
    }
}

/// Writes out what `[package]` inherits. The list of files is made already, so
/// what selects them is left out.
fn inherit_package(manifest: &mut DocumentMut, workspace: &Item) -> Result<(), String> {
    let shared = found(workspace, "package")?;
    let package = manifest.get_mut("package").and_then(Item::as_table_like_mut);
    let package = package.ok_or("it has no [package]")?;
    package.remove("include");
    package.remove("exclude");
    for (key, item) in package.iter_mut() {
        if inherits(Some(item)) {
            *item = found(shared, &key)?.clone();
        }
    }
    Ok(())
}

/// Writes out what the tables of dependencies inherit.
fn inherit_dependencies(
    tables: &mut dyn TableLike,
    shared: &Item,
    files: &Tree,
) -> Result<(), String> {
    for kind in ["dependencies", "dev-dependencies"] {
        let Some(table) = tables.get_mut(kind).and_then(Item::as_table_like_mut) else { continue };
        let names: Vec<String> = table.iter().map(|(name, _)| name.to_owned()).collect();
        for name in names {
            let own = found_in(table, &name)?;
            let whole =
                if inherits(Some(own)) { merged(found(shared, &name)?, own) } else { own.clone() };
            let local = whole.get("path").is_some();
            if kind == "dev-dependencies" && (local || !is_named(&name, files)) {
                table.remove(&name);
            } else if local {
                return Err(format!(
                    "it depends on `{name}`, a crate of this repository, which is not there for \
                     whoever depends on the frozen crate; move what it needs into {SOURCE}/src"
                ));
            } else {
                table.insert(&name, whole);
            }
        }
        if table.is_empty() {
            tables.remove(kind);
        }
    }
    Ok(())
}

/// The workspace's entry for a dependency with what the package adds to it.
fn merged(shared: &Item, own: &Item) -> Item {
    let mut whole = InlineTable::new();
    if let Some(version) = shared.as_value().filter(|version| version.is_str()) {
        whole.insert("version", version.clone());
    }
    let entries = |item: &Item| -> Vec<(String, Value)> {
        let table = item.as_table_like();
        let entries = table.into_iter().flat_map(TableLike::iter);
        entries.filter_map(|(key, item)| Some((key.to_owned(), item.as_value()?.clone()))).collect()
    };
    for (key, value) in entries(shared).into_iter().chain(entries(own)) {
        let features = whole.get_mut(&key).and_then(Value::as_array_mut);
        match (features, value) {
            (Some(features), Value::Array(more)) => {
                features.extend(more);
                features.fmt();
            }
            (_, value) if key != "workspace" => drop(whole.insert(key, value)),
            _ => {}
        }
    }
    whole.fmt();
    if whole.len() == 1
        && let Some(version) = whole.get("version")
    {
        return value(version.clone());
    }
    value(whole)
}

/// Whether any file of the package names a crate, in an example of its
/// documentation for instance.
fn is_named(name: &str, files: &Tree) -> bool {
    let name = name.replace('-', "_");
    files.values().any(|bytes| String::from_utf8_lossy(bytes).contains(&name))
}

/// Drops the targets of a kind whose file is not in the package.
fn keep_packaged(manifest: &mut DocumentMut, kind: &str, files: &Tree) {
    let Some(targets) = manifest.get_mut(kind).and_then(Item::as_array_of_tables_mut) else {
        return;
    };
    targets.retain(|target| {
        let text = |key| target.get(key).and_then(Item::as_str).unwrap_or_default();
        let folder = if kind == "bench" { "benches".to_owned() } else { format!("{kind}s") };
        let places = [
            text("path").to_owned(),
            format!("{folder}/{}.rs", text("name")),
            format!("{folder}/{}/main.rs", text("name")),
        ];
        places.iter().any(|place| files.contains_key(place))
    });
    if targets.is_empty() {
        manifest.remove(kind);
    }
}

/// Whether an entry is `workspace = true`, alone or among other keys.
fn inherits(item: Option<&Item>) -> bool {
    item.and_then(|item| item.get("workspace")).and_then(Item::as_bool) == Some(true)
}

fn found<'a>(item: &'a Item, key: &str) -> Result<&'a Item, String> {
    item.get(key).ok_or_else(|| format!("it inherits `{key}`, which the workspace doesn't have"))
}

fn found_in<'a>(table: &'a dyn TableLike, key: &str) -> Result<&'a Item, String> {
    table.get(key).ok_or_else(|| format!("`{key}` is not there"))
}

/// A table without its place in the document that it comes from.
fn unplaced(mut item: Item) -> Item {
    if let Some(table) = item.as_table_mut() {
        table.set_position(None);
        for (_, inner) in table.iter_mut() {
            *inner = unplaced(std::mem::take(inner));
        }
    }
    item
}
