//! Detects network file systems.

use std::{
    fs,
    path::{Path, PathBuf},
};

/// A path without links, so that all names of a file are one; also of a file that does not
/// exist yet. As it is if there is no such folder.
pub(super) fn resolved(path: &Path) -> PathBuf {
    let in_folder = || {
        let folder = path.parent().filter(|parent| !parent.as_os_str().is_empty());
        let folder = fs::canonicalize(folder.unwrap_or(Path::new("."))).ok()?;
        Some(folder.join(path.file_name()?))
    };
    fs::canonicalize(path).ok().or_else(in_folder).unwrap_or_else(|| path.to_owned())
}

/// Whether a path is on a network file system, whose locks SQLite cannot trust
/// (<https://sqlite.org/wal.html>). False if unknown.
#[cfg(target_os = "linux")]
pub(crate) fn is_on_network(path: &Path) -> bool {
    // NFS, SMB 1 and 2, CIFS, Lustre, Ceph, GPFS, AFS, BeeGFS and 9P (statfs(2) and
    // linux/magic.h).
    const MAGIC: [u32; 10] = [
        0x6969,
        0x517B,
        0xFE53_4D42,
        0xFF53_4D42,
        0x0BD0_0BD0,
        0x00C3_6400,
        0x4750_4653,
        0x5346_414F,
        0x1983_0326,
        0x0102_1997,
    ];
    let path = resolved(path);
    let folder = path.parent().filter(|parent| !parent.as_os_str().is_empty());
    let system = rustix::fs::statfs(folder.unwrap_or(Path::new(".")));
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "32 bits of it")]
    system.is_ok_and(|system| MAGIC.contains(&(system.f_type as u32)))
}

/// Whether a path is on a network file system; on Windows, whether it is a UNC path.
#[cfg(not(target_os = "linux"))]
pub(crate) fn is_on_network(path: &Path) -> bool {
    resolved(path).to_string_lossy().starts_with(r"\\?\UNC\")
}
