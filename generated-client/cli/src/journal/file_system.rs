//! Detects network file systems.

use std::path::Path;

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
    let folder = path.parent().filter(|parent| !parent.as_os_str().is_empty());
    let system = rustix::fs::statfs(folder.unwrap_or(Path::new(".")));
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "32 bits of it")]
    system.is_ok_and(|system| MAGIC.contains(&(system.f_type as u32)))
}

/// Whether a path is on a network file system; on Windows, whether it is a UNC path.
#[cfg(not(target_os = "linux"))]
pub(crate) fn is_on_network(path: &Path) -> bool {
    std::fs::canonicalize(path.parent().unwrap_or(path))
        .is_ok_and(|path| path.to_string_lossy().starts_with(r"\\?\UNC\"))
}
