//! The public API of the frozen crate beside that of the workspace's, as rustdoc
//! describes both.

use std::{
    collections::{BTreeMap, BTreeSet},
    env, fs,
    io::ErrorKind,
    process::{Command, ExitCode},
};

use serde_json::Value;

use super::{MANIFEST, PACKAGE, cargo};
use crate::{Failure, repository::Repository};

/// What rustdoc writes, relative to the root.
const JSON: &str = "target/doc/graph_photo_client.json";

/// The variable that says that this program is called as rustdoc, and which
/// rustdoc is meant.
const STANDS_IN_FOR: &str = "XTASK_STANDS_IN_FOR_RUSTDOC";

/// How many items are named that differ.
const NAMED: usize = 10;

/// Calls rustdoc if cargo called this program instead of it.
///
/// A stable rustdoc writes JSON only if `RUSTC_BOOTSTRAP` is set. Were it set
/// for cargo, then cargo would rebuild most dependencies, because their build
/// scripts look at it: once with it, once without it, again and again.
pub(crate) fn stand_in_for_rustdoc() -> Option<ExitCode> {
    let rustdoc = env::var_os(STANDS_IN_FOR)?;
    let mut command = Command::new(rustdoc);
    command.args(env::args_os().skip(1)).env("RUSTC_BOOTSTRAP", "1").env_remove(STANDS_IN_FOR);
    Some(match command.status() {
        Ok(status) if status.success() => ExitCode::SUCCESS,
        Ok(_) => ExitCode::FAILURE,
        Err(cause) => {
            Failure::to("run", "rustdoc", cause).report();
            ExitCode::FAILURE
        }
    })
}

/// Compares everything that rustdoc knows about the library with all its
/// features, and returns how many items that are.
pub(super) fn compare(repository: &Repository) -> Result<usize, Failure> {
    let workspace = items(repository, &["--package", PACKAGE])?;
    let frozen = items(repository, &["--manifest-path", MANIFEST])?;
    let names = differing(&workspace, &frozen);
    if names.is_empty() {
        return Ok(frozen.len());
    }
    let mut what: Vec<&str> = names.iter().map(String::as_str).take(NAMED).collect();
    if names.len() > NAMED {
        what.push("...");
    }
    let cause = format!("it differs from the workspace's in {}", what.join(", "));
    Err(Failure::to("keep", "the public API", cause))
}

/// The names of the items that only one of two libraries has in that form.
///
/// The ids of items are left out: rustdoc counts them up in an order that
/// depends on how dependencies were built. What an item refers to by id it also
/// names by path.
fn differing(one: &BTreeMap<String, Value>, other: &BTreeMap<String, Value>) -> BTreeSet<String> {
    let mut surplus = BTreeMap::<String, (&Value, i32)>::new();
    for (items, step) in [(one, 1), (other, -1)] {
        for item in items.values() {
            surplus.entry(without_ids(item).to_string()).or_insert((item, 0)).1 += step;
        }
    }
    let differing = surplus.into_values().filter(|(_, surplus)| *surplus != 0);
    let name = |item: &Value| item["name"].as_str().unwrap_or("an impl or a re-export").to_owned();
    differing.map(|(item, _)| name(item)).collect()
}

/// A part of a description without ids, which are all the numbers it has.
fn without_ids(value: &Value) -> Value {
    match value {
        Value::Number(_) => Value::Null,
        Value::Array(values) => values.iter().map(without_ids).collect(),
        Value::Object(values) => {
            values.iter().map(|(key, value)| (key.clone(), without_ids(value))).collect()
        }
        other => other.clone(),
    }
}

/// The items of a package's library by their ids.
fn items(repository: &Repository, package: &[&str]) -> Result<BTreeMap<String, Value>, Failure> {
    let failed = |cause: &dyn std::fmt::Display| Failure::to("read", JSON, cause);
    let json = repository.path(JSON);
    // Both crates write the same file: what is read must be new.
    match fs::remove_file(&json) {
        Err(cause) if cause.kind() != ErrorKind::NotFound => {
            return Err(Failure::to("remove", JSON, cause));
        }
        _ => {}
    }
    let mut command = cargo::command(repository, ["rustdoc", "--quiet", "--lib", "--all-features"]);
    command.args(package).args(["--target-dir", "target"]);
    command.args(["--", "-Z", "unstable-options", "--output-format", "json"]);
    let program = env::current_exe()
        .map_err(|cause| Failure::to("find", "the program of this command", cause))?;
    let rustdoc = env::var_os("RUSTDOC").unwrap_or_else(|| "rustdoc".into());
    command.env("RUSTDOC", program).env(STANDS_IN_FOR, rustdoc);
    cargo::run(command)?;

    let text = fs::read_to_string(&json).map_err(|cause| failed(&cause))?;
    let mut description: Value = serde_json::from_str(&text).map_err(|cause| failed(&cause))?;
    let Value::Object(index) = description["index"].take() else {
        return Err(failed(&"it has no `index`; has rustdoc's format changed?"));
    };
    Ok(index.into_iter().map(|(id, item)| (id, without_place(item))).collect())
}

/// An item without the file and lines that it stands in: that is what freezing
/// changes. A condition of compilation names them as well.
fn without_place(mut item: Value) -> Value {
    if let Some(item) = item.as_object_mut() {
        item.remove("span");
        if let Some(attributes) = item.get_mut("attrs").and_then(Value::as_array_mut) {
            attributes.retain(|attribute| !attribute.to_string().contains("CfgTrace"));
        }
    }
    item
}
