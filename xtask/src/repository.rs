//! The files of the checkout: where they are, and how they are read and written.

use std::{
    env, fs,
    io::{ErrorKind, Write as _},
    path::{Path, PathBuf},
};

use graph_photo_codegen::decode;
use tempfile::NamedTempFile;

use crate::failure::Failure;

/// The spec, relative to the root.
pub(crate) const SPEC: &str = "spec/openapi.yaml";

/// The checkout that a command works on.
pub(crate) struct Repository {
    root: PathBuf,
}

impl Repository {
    /// The checkout around the current folder.
    pub(crate) fn find() -> Result<Self, Failure> {
        let current =
            env::current_dir().map_err(|cause| Failure::to("find", "the current folder", cause))?;
        let root = current.ancestors().find(|folder| folder.join(SPEC).is_file());
        match root {
            Some(root) => Ok(Self { root: root.to_owned() }),
            None => Err(Failure::to(
                "find",
                SPEC,
                "no such file in this folder or one above; run the command inside the repository",
            )),
        }
    }

    /// The folder that paths are relative to.
    pub(crate) fn root(&self) -> &Path {
        &self.root
    }

    /// A path relative to the root, as an absolute one.
    pub(crate) fn path(&self, path: &str) -> PathBuf {
        self.root.join(path)
    }

    /// The text of the spec.
    pub(crate) fn spec(&self) -> Result<String, Failure> {
        Ok(decode(&self.spec_bytes()?)?.to_owned())
    }

    /// The bytes of the spec, in any encoding.
    pub(crate) fn spec_bytes(&self) -> Result<Vec<u8>, Failure> {
        fs::read(self.root.join(SPEC)).map_err(|cause| Failure::to("read", SPEC, cause))
    }

    /// The text of a file; `None` if there is none.
    pub(crate) fn read(&self, path: &str) -> Result<Option<String>, Failure> {
        match fs::read(self.root.join(path)) {
            // A file that isn't UTF-8 was not rendered: it is shown as far as possible.
            Ok(bytes) => Ok(Some(String::from_utf8_lossy(&bytes).into_owned())),
            Err(cause) if cause.kind() == ErrorKind::NotFound => Ok(None),
            Err(cause) => Err(Failure::to("read", path, cause)),
        }
    }

    /// The sorted paths of the files in a folder; none if it doesn't exist.
    pub(crate) fn list(&self, folder: &str) -> Result<Vec<String>, Failure> {
        let failed = |cause: std::io::Error| Failure::to("list", folder, cause);
        let entries = match fs::read_dir(self.root.join(folder)) {
            Ok(entries) => entries,
            Err(cause) if cause.kind() == ErrorKind::NotFound => return Ok(Vec::new()),
            Err(cause) => return Err(failed(cause)),
        };
        let mut paths = Vec::new();
        for entry in entries {
            let entry = entry.map_err(failed)?;
            if entry.file_type().map_err(failed)?.is_file() {
                paths.push(format!("{folder}/{}", entry.file_name().to_string_lossy()));
            }
        }
        paths.sort();
        Ok(paths)
    }

    /// Writes a file whole or not at all.
    pub(crate) fn write(&self, path: &str, contents: impl AsRef<[u8]>) -> Result<(), Failure> {
        let target = self.root.join(path);
        let folder = target.parent().unwrap_or(&self.root);
        let write = || {
            fs::create_dir_all(folder)?;
            let mut file = NamedTempFile::new_in(folder)?;
            file.write_all(contents.as_ref())?;
            make_readable(&file)?;
            file.persist(&target).map_err(|error| error.error)
        };
        write().map(drop).map_err(|cause| Failure::to("write", path, cause))
    }

    /// Removes a file.
    pub(crate) fn remove(&self, path: &str) -> Result<(), Failure> {
        fs::remove_file(self.root.join(path)).map_err(|cause| Failure::to("remove", path, cause))
    }
}

/// Only the owner may read temporary files; everybody may read committed ones.
#[cfg(unix)]
fn make_readable(file: &NamedTempFile) -> std::io::Result<()> {
    use std::os::unix::fs::PermissionsExt as _;
    file.as_file().set_permissions(fs::Permissions::from_mode(0o644))
}

#[cfg(not(unix))]
fn make_readable(_: &NamedTempFile) -> std::io::Result<()> {
    Ok(())
}
