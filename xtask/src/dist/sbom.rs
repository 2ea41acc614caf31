//! Bills of materials in CycloneDX: what the frozen crate and the program are built from.

use serde_json::Value;

use super::{package, tree};
use crate::{cargo, failure::Failure, repository::Repository, terminal::say};

/// A copy of the source: the tool writes a file beside every manifest.
const COPY: &str = "target/dist-sbom";

pub(super) fn run(repository: &Repository) -> Result<(), Failure> {
    if cargo::output(cargo::command(repository, ["cyclonedx", "--version"])).is_err() {
        let install = "cargo install --locked cargo-cyclonedx@0.5.9";
        say!("{:>10} the bills of materials, which need `{install}`", "Skipped");
        return Ok(());
    }
    for [package, workspace, manifest, features] in [
        [package::PACKAGE, package::FOLDER, "Cargo.toml", "--all-features"],
        ["graph-photo", "", "generated-client/cli/Cargo.toml", "--features=default"],
    ] {
        tree::write(repository, COPY, &tree::read(&repository.path(workspace))?)?;
        let manifest = format!("{COPY}/{manifest}");
        let run = |words: &str| {
            let mut command = cargo::command(repository, words.split(' '));
            command.args([features, "--target=all", "--manifest-path", &manifest]);
            // The same source has the same bill: no random serial number.
            command.env("SOURCE_DATE_EPOCH", "0");
            cargo::output(command)
        };
        run("cyclonedx --quiet --format=json --spec-version=1.5 --override-filename=sbom")?;
        let built = run("tree --edges=normal,build --prefix=none --format={p}")?;
        let bill = repository.read(&manifest.replace("Cargo.toml", "sbom.json"))?;
        // Nobody else has this folder.
        let folder = format!("path+file://{}", repository.path(COPY).display());
        let bill = bill.unwrap_or_default().replace(&folder, "");
        let path = format!("target/dist/{package}.cdx.json");
        let failed = |cause| Failure::to("make", &path, cause);
        let mut bill = serde_json::from_str(&bill).map_err(failed)?;
        prune(&mut bill, &built);
        repository.write(&path, format!("{bill:#}\n"))?;
        say!("{:>10} {path}", "Described");
    }
    Ok(())
}

/// Removes the time, and packages that `cargo tree` doesn't list: no enabled feature needs them.
fn prune(value: &mut Value, built: &str) {
    let is_built = |entry: &Value| {
        let id = entry.get("bom-ref").or(entry.get("ref")).unwrap_or(entry).as_str();
        let id = id.and_then(|id| id.split(['#', ' ']).nth(1)).map(|id| id.replacen('@', " v", 1));
        id.is_none_or(|id| built.lines().any(|line| line.split(" (").next() == Some(&id)))
    };
    if let Some(entries) = value.as_array_mut() {
        entries.retain(is_built);
        for entry in entries {
            prune(entry, built);
        }
    } else if let Some(members) = value.as_object_mut() {
        members.remove("timestamp");
        members.values_mut().for_each(|member| prune(member, built));
    }
}
