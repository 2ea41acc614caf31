//! The base that the spec is compared with.

use std::{fs, path::Path};

use graph_photo_codegen::compat::Version;
use toml_edit::{DocumentMut, TableLike, TomlError};

use crate::{
    failure::Failure,
    git,
    repository::{Repository, SPEC},
};

/// The file with the version, relative to the root.
pub(super) const MANIFEST: &str = "Cargo.toml";

/// The branches to compare with before the first release.
const BRANCHES: [&str; 2] = ["main", "origin/main"];

/// An earlier spec and its version.
pub(super) struct Base {
    /// Its name: a revision or a file.
    pub(super) name: String,
    /// The name of its spec in findings.
    pub(super) file: String,
    /// Why this base was chosen.
    pub(super) why: &'static str,
    /// The bytes of its file.
    pub(super) spec: Vec<u8>,
    /// `None` for a file outside of a checkout.
    pub(super) version: Option<Version>,
}

impl Base {
    /// The wanted base, or else the spec that users have.
    pub(super) fn find(repository: &Repository, wanted: Option<&str>) -> Result<Self, Failure> {
        let folder = repository.root();
        if let Some(wanted) = wanted {
            if Path::new(wanted).is_file() {
                return Self::from_file(wanted);
            }
            let failed = |cause: String| Failure::to("find", wanted, cause);
            git::repository(folder)?.map_err(|cause| {
                failed(format!(
                    "it is no file, and git can't look for a revision here: {cause}; name a file"
                ))
            })?;
            let commit = git::resolve(folder, wanted)?.ok_or_else(|| {
                let cause = "it is neither a file nor a revision that git knows here; fetch it, \
                             or name another one";
                failed(cause.to_owned())
            })?;
            return Self::from_revision(repository, wanted, &commit, "as asked for");
        }
        let failed = |cause: String| {
            let message = "error: failed to find a spec to compare with";
            Failure::Command(format!("{message}: {cause}: `cargo xtask compat <BASE>`"))
        };
        git::repository(folder)?.map_err(|cause| {
            failed(format!("git can't look for a release here: {cause}; name a file"))
        })?;
        if let Some(tag) = git::last_release(folder)?
            && let Some(commit) = git::resolve(folder, &format!("refs/tags/{tag}"))?
        {
            return Self::from_revision(repository, &tag, &commit, "the last release");
        }
        for branch in BRANCHES {
            if let Some(commit) = git::resolve(folder, branch)? {
                let why = "there is no tag `v*` of a release";
                return Self::from_revision(repository, branch, &commit, why);
            }
        }
        let fetch =
            if git::has_remote(folder)? { "run `git fetch --tags origin main`, or " } else { "" };
        Err(failed(format!(
            "git knows no tag `v*` of a release here, no `main` and no `origin/main`; {fetch}name a \
             revision or a file"
        )))
    }

    fn from_revision(
        repository: &Repository,
        name: &str,
        commit: &str,
        why: &'static str,
    ) -> Result<Self, Failure> {
        let spec = git::show(repository.root(), name, commit, SPEC)?;
        let manifest = git::show(repository.root(), name, commit, MANIFEST)?;
        let manifest = String::from_utf8_lossy(&manifest);
        let version = Some(version(&manifest, &format!("{MANIFEST} at {name}"))?);
        let file = format!("{name}:{SPEC}");
        Ok(Self { name: name.to_owned(), file, why, spec, version })
    }

    /// A spec outside of git, with the version of the checkout around it, if any.
    fn from_file(path: &str) -> Result<Self, Failure> {
        let spec = fs::read(path).map_err(|cause| Failure::to("read", path, cause))?;
        let spec_path = Path::new(path);
        let folder = spec_path.parent().filter(|_| spec_path.ends_with(SPEC));
        let manifest = folder.map(|folder| folder.join("..").join(MANIFEST));
        let version = manifest
            .and_then(|manifest| fs::read_to_string(manifest).ok())
            .and_then(|manifest| version(&manifest, MANIFEST).ok());
        let name = path.to_owned();
        Ok(Self { file: name.clone(), name, why: "a file", spec, version })
    }
}

/// The version of the working tree.
pub(super) fn current_version(repository: &Repository) -> Result<Version, Failure> {
    version(&repository.read(MANIFEST)?.unwrap_or_default(), MANIFEST)
}

/// The version of the workspace in its manifest: the lowest of those to raise together.
fn version(manifest: &str, name: &str) -> Result<Version, Failure> {
    let failed = |cause: String| Failure::to("read the version of", name, cause);
    let manifest: DocumentMut =
        manifest.parse().map_err(|cause: TomlError| failed(cause.to_string()))?;
    let workspace = manifest.get("workspace");
    let package = workspace.and_then(|it| it.get("package")?.get("version")?.as_str());
    let package = package.ok_or_else(|| {
        failed("it has no `version = \"...\"` under `[workspace.package]`; add one".to_owned())
    })?;
    let dependencies = workspace.and_then(|it| it.get("dependencies")?.as_table_like());
    let own = dependencies.into_iter().flat_map(TableLike::iter).map(|(_, dependency)| dependency);
    let own = own.filter(|dependency| dependency.get("path").is_some());
    let own = own.filter_map(|dependency| dependency.get("version")?.as_str());
    let versions = [package].into_iter().chain(own).map(|text| {
        text.parse().map_err(|_| {
            failed(format!("`{text}` is not a version of three numbers, such as `0.2.0`"))
        })
    });
    let versions: Vec<Version> = versions.collect::<Result<_, _>>()?;
    Ok(versions.into_iter().min().expect("the version of the package is one of them"))
}
