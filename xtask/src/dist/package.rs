//! The package as cargo would publish it, with rendered modules in place of its build script.

use std::{fmt, fs, process::Command};

use graph_photo_codegen::Module;
use toml_edit::{DocumentMut, Item, Table, TableLike, TomlError, value};

use super::tree::{self, Tree};
use crate::{cargo, failure::Failure, repository::Repository};

/// The package to freeze, and its folder.
pub(super) const PACKAGE: &str = "graph-photo-client";
pub(super) const SOURCE: &str = "generated-client";

/// The folder of the frozen crate, relative to the root.
pub(super) const FOLDER: &str = "target/dist/graph-photo-client";
pub(super) const MANIFEST: &str = "target/dist/graph-photo-client/Cargo.toml";

/// The file that includes the rendered modules, and their folder.
const INCLUDING: &str = "src/generated.rs";
const RENDERED: &str = "src/generated";

/// The place of the modules in [`INCLUDING`], and the new one.
const BUILT: &str = "env!(\"OUT_DIR\")";
const FROZEN: &str = "\"generated\"";

/// Advice in rendered modules that only helps with the spec at hand.
const ADVICE: &str = ": change the spec and run `cargo xtask regenerate`";

/// Files that cargo adds to each package, and will add again.
const ADDED_BY_CARGO: [&str; 2] = [".cargo_vcs_info.json", "Cargo.toml.orig"];

/// The files of the frozen crate except its `Cargo.lock`.
pub(super) fn freeze(repository: &Repository, modules: &[Module]) -> Result<Tree, Failure> {
    let mut files = packaged(repository)?;
    files.retain(|path, _| !ADDED_BY_CARGO.contains(&path.as_str()));
    let manifest = text(&files, "Cargo.toml").and_then(|text| parse("Cargo.toml", &text))?;
    let script = manifest.get("package").and_then(|package| package.get("build")?.as_str());
    files.remove(script.unwrap_or("build.rs"));
    let including = text(&files, INCLUDING)?;
    if including.matches(BUILT).count() != 1 {
        let cause = format!("its form is not the expected one: it needs one `{BUILT}`");
        return Err(failed_to_freeze(INCLUDING, cause));
    }
    files.insert(INCLUDING.to_owned(), including.replace(BUILT, FROZEN).into());
    for module in modules {
        let path = format!("{RENDERED}/{}.rs", module.name);
        let source = module.source.replacen(ADVICE, "", 1);
        if files.insert(path.clone(), source.into()).is_some() {
            let cause = "the file exists, and a module is rendered into it; rename one of them";
            return Err(failed_to_freeze(&path, cause));
        }
    }
    let reads_built = |bytes: &[u8]| String::from_utf8_lossy(bytes).contains("OUT_DIR");
    if let Some((path, _)) = files.iter().find(|(_, bytes)| reads_built(bytes)) {
        let cause = format!("it reads what a build script writes; only {INCLUDING} may");
        return Err(failed_to_freeze(path, cause));
    }
    let manifest =
        standalone(manifest, &files).map_err(|cause| failed_to_freeze("Cargo.toml", cause))?;
    files.insert("Cargo.toml".to_owned(), manifest.into());
    Ok(files)
}

/// The files that cargo would publish, with its normalised manifest: nothing is inherited, and no
/// dependency has a path.
fn packaged(repository: &Repository) -> Result<Tree, Failure> {
    let scratch =
        tempfile::tempdir().map_err(|cause| Failure::to("make", "a temporary folder", cause))?;
    let failed = |cause| Failure::to("unpack", PACKAGE, cause);
    let mut package = cargo::command(repository, ["package", "--quiet", "--package", PACKAGE]);
    package.args(["--no-verify", "--allow-dirty", "--exclude-lockfile", "--offline"]);
    package.arg("--target-dir").arg(scratch.path());
    cargo::output(package)?;
    let folder = scratch.path().join("package");
    let archive = fs::read_dir(&folder).map_err(failed)?.flatten().map(|entry| entry.path());
    let archive = archive.filter(|path| path.extension().is_some_and(|ending| ending == "crate"));
    let unpacked = scratch.path().join("unpacked");
    fs::create_dir(&unpacked).map_err(failed)?;
    let mut unpack = Command::new("tar");
    unpack.args(["-x", "-z", "--strip-components=1", "-C"]).arg(&unpacked).arg("-f").args(archive);
    cargo::output(unpack)?;
    tree::read(&unpacked)
}

/// Parses a manifest.
pub(super) fn parse(path: &str, text: &str) -> Result<DocumentMut, Failure> {
    text.parse().map_err(|cause: TomlError| failed_to_freeze(path, cause))
}

/// Removes the build script and its dependencies from a manifest; returns the latter.
pub(super) fn remove_build(manifest: &mut DocumentMut) -> Item {
    manifest["package"]["build"] = value(false);
    manifest.remove("build-dependencies").unwrap_or_default()
}

/// The manifest of a package without a workspace and without tests.
fn standalone(mut manifest: DocumentMut, files: &Tree) -> Result<String, String> {
    let generators = remove_build(&mut manifest);
    let is_needed =
        |name: &&str| manifest.get("dependencies").is_some_and(|all| all.get(name).is_some());
    let names = generators.as_table_like().into_iter().flat_map(TableLike::iter);
    if let Some(name) = names.map(|(name, _)| name).find(is_needed) {
        return Err(format!(
            "it depends on `{name}`, which the build script needs; move what it takes from there \
             into {SOURCE}/src"
        ));
    }
    let sources = files.values().map(|bytes| String::from_utf8_lossy(bytes)).collect::<Vec<_>>();
    if let Some(tests) = manifest.get_mut("dev-dependencies").and_then(Item::as_table_mut) {
        // Examples in the documentation need some of them.
        tests.retain(|name, _| {
            let name = name.replace('-', "_");
            sources.iter().any(|source| source.contains(&name))
        });
    }
    if let Some(package) = manifest.get_mut("package").and_then(Item::as_table_mut) {
        // Cargo's comment about the original manifest.
        package.decor_mut().clear();
        package.remove("include");
    }
    // The folder lies inside another workspace.
    manifest.insert("workspace", Item::Table(Table::new()));
    Ok(format!("# Generated. Do not edit.\n\n{manifest}"))
}

/// A text file of the package.
fn text(files: &Tree, path: &str) -> Result<String, Failure> {
    let missing = "the package doesn't have it; see `include` in its Cargo.toml";
    let bytes = files.get(path).ok_or_else(|| failed_to_freeze(path, missing))?;
    String::from_utf8(bytes.clone()).map_err(|_| failed_to_freeze(path, "it is not UTF-8"))
}

/// The failure to freeze a file of the package.
fn failed_to_freeze(path: &str, cause: impl fmt::Display) -> Failure {
    Failure::to("freeze", format!("{SOURCE}/{path}"), cause)
}
