//! Disks that fail beneath a run: calls of SQLite, a full disk, a damaged journal.

use std::{
    error::Error,
    fmt, fs,
    path::{Path, PathBuf},
    process::{Command, ExitStatus, Stdio},
};

use crate::site::Site;

/// A way in which a disk fails.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Kind {
    /// Calls of the C library fail by chance, made to by `fiu-run`.
    Call(&'static str),
    /// Files may not grow beyond a size.
    FileSize,
    /// The journal is on a file system that is too small.
    SmallDisk,
    /// The journal was damaged between two runs.
    Damage,
}

impl Kind {
    /// Those that can be tried here.
    pub(crate) const ALL: [Self; 9] = [
        Self::Call("posix/io/rw/pwrite"),
        Self::Call("posix/io/rw/pwrite/reduce"),
        Self::Call("posix/io/sync/fsync"),
        Self::Call("posix/io/rw/ftruncate"),
        Self::Call("posix/io/dir/unlink"),
        Self::Call(OPEN),
        Self::FileSize,
        Self::SmallDisk,
        Self::Damage,
    ];

    /// Why it cannot be tried on this machine, if so.
    pub(crate) fn obstacle(self) -> Option<&'static str> {
        let runs = |program: &str, argument: &str| {
            let mut command = Command::new(program);
            command.arg(argument).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
            command.status().is_ok()
        };
        match self {
            Self::Call(_) if !runs("fiu-run", "-h") => {
                Some("install Debian's `fiu-utils`, which has `fiu-run`")
            }
            Self::SmallDisk if !SmallDisk::is_possible() => {
                Some("only root may mount a file system; run the command as root")
            }
            _ => None,
        }
    }
}

/// What `open` is called in libfiu. Files of photos are opened as well.
const OPEN: &str = "posix/io/oc/open";

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Call(point) => return write!(f, "{point} fails at random"),
            Self::FileSize => "files may not grow (RLIMIT_FSIZE)",
            Self::SmallDisk => "a full disk (tmpfs)",
            Self::Damage => "a damaged journal",
        })
    }
}

/// How a run under a fault ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Met {
    /// The program stopped and said why.
    Stopped,
    /// The run ended as if nothing had happened.
    Unaffected,
}

/// Runs `sync` on a disk that fails and judges it; then completes the sync without the fault.
pub(crate) fn run(
    site: &mut Site,
    kind: Kind,
    random: &mut fastrand::Rng,
) -> Result<Met, Box<dyn Error>> {
    let disk = if kind == Kind::SmallDisk { Some(SmallDisk::mount(site, random)?) } else { None };
    // The fault meets a new journal, or one that is in use.
    if random.bool() || kind == Kind::Damage {
        let limit = random.usize(1..site.ledger.photos().len()).to_string();
        let requests = site.requests();
        let status = site.spawn(site.sync(&[], &["--limit", &limit]))?.wait()?;
        if disk.is_some() {
            judge_end(site, kind, status, requests);
        } else {
            site.judge_end(status);
        }
        site.judge()?;
        site.tell(&format!("`--limit {limit}`"));
    }
    if kind == Kind::Damage {
        return damage(site, random);
    }
    let before = match kind {
        Kind::Call(point) => fiu_run(point, random),
        Kind::FileSize => limit_of_size(random),
        Kind::SmallDisk | Kind::Damage => Vec::new(),
    };
    let after =
        if before.is_empty() { kind.to_string() } else { format!("`{}`", before.join(" ")) };
    let requests = site.requests();
    let status = site.spawn(site.sync(&before, &[]))?.wait()?;
    let met = judge_end(site, kind, status, requests);
    site.judge()?;
    site.tell(&after);
    if let Some(disk) = &disk {
        disk.make_room()?;
    }
    site.complete()?;
    site.tell(&format!("{after}, and runs without it"));
    Ok(met)
}

/// A run that meets a fault either stops with its reason and a remedy, or does not need the
/// call that failed.
fn judge_end(site: &mut Site, kind: Kind, status: ExitStatus, requests: usize) -> Met {
    let messages = site.messages();
    let is_of_journal = messages.contains("the journal `");
    let has_remedy =
        ["run the same command again", "--journal"].iter().any(|words| messages.contains(words));
    match status.code() {
        Some(0 | 3) => return Met::Unaffected,
        Some(1) if is_of_journal && has_remedy => {}
        // A photo that cannot be opened is refused before anything is sent.
        Some(1 | 2) if kind == Kind::Call(OPEN) && site.requests() == requests => {}
        _ => site.ledger.breaks(format!(
            "the program ended with {status} and neither named the journal nor a remedy: {messages}"
        )),
    }
    Met::Stopped
}

/// The command that makes calls of the C library fail, some of them.
fn fiu_run(point: &str, random: &mut fastrand::Rng) -> Vec<String> {
    // EIO, ENOSPC, or whatever fits the call.
    let errno = random.choice([5, 28, 0]).unwrap_or_default();
    // From one of three hundred to one of two.
    let probability = 10_f64.powf(-2.5 + 2.2 * random.f64());
    let seed = random.u32(1..);
    let words = ["env", &format!("FIU_PRNG_SEED={seed}"), "fiu-run", "-x", "-f", "", "-c"];
    let enable =
        format!("enable_random name={point},probability={probability:.4},failinfo={errno}");
    words.into_iter().map(str::to_owned).chain([enable]).collect()
}

/// The shell that lets no file grow beyond some blocks of 512 bytes, and lets the program see
/// that as an error rather than a signal.
fn limit_of_size(random: &mut fastrand::Rng) -> Vec<String> {
    let blocks = random.u32(0..200);
    let script = format!("trap '' XFSZ; ulimit -f {blocks}; exec \"$@\"");
    ["sh", "-c", &script, "sh"].map(str::to_owned).to_vec()
}

/// Damages the journal and runs `sync`, which must not take it for an empty one.
fn damage(site: &mut Site, random: &mut fastrand::Rng) -> Result<Met, Box<dyn Error>> {
    const PAGE: usize = 4096;
    let mut bytes = fs::read(&site.journal)?;
    let page = random.usize(..bytes.len() / PAGE) * PAGE;
    let after = match random.u8(..3) {
        0 => {
            bytes.truncate(random.usize(1..bytes.len()));
            format!("cutting the journal to {} bytes", bytes.len())
        }
        1 => {
            bytes[page..page + PAGE].fill(0);
            format!("clearing the journal's bytes from {page} on")
        }
        _ => {
            bytes[page..page + PAGE].fill_with(|| random.u8(..));
            format!("overwriting the journal's bytes from {page} on")
        }
    };
    fs::write(&site.journal, &bytes)?;
    let requests = site.requests();
    let status = site.spawn(site.sync(&[], &[]))?.wait()?;
    // The damage may be where nothing is, and then nothing is lost.
    let uploads = site.uploads()?;
    site.ledger.judge_uploads(&uploads);
    let met = judge_end(site, Kind::Damage, status, requests);
    if met == Met::Stopped && site.requests() > requests {
        site.ledger.breaks("photos were sent though the journal is damaged".to_owned());
    }
    site.tell(&after);
    Ok(met)
}

/// A mounted file system of fixed size.
struct SmallDisk {
    folder: PathBuf,
}

impl SmallDisk {
    /// Whether this user may mount one.
    fn is_possible() -> bool {
        let Ok(folder) = tempfile::tempdir() else { return false };
        mount(folder.path(), "size=64k").is_ok()
    }

    /// Mounts one for a site's journal.
    fn mount(site: &mut Site, random: &mut fastrand::Rng) -> Result<Self, Box<dyn Error>> {
        let folder = site.folder().join("disk");
        fs::create_dir(&folder)?;
        let disk = mount(&folder, &format!("size={}k", 4 * random.u32(1..60)))?;
        site.journal = folder.join("journal.sqlite");
        Ok(disk)
    }

    fn make_room(&self) -> Result<(), Box<dyn Error>> {
        run_quietly(Command::new("mount").args(["-o", "remount,size=64m"]).arg(&self.folder))
    }
}

/// The journal goes with it.
impl Drop for SmallDisk {
    fn drop(&mut self) {
        if let Err(error) = run_quietly(Command::new("umount").arg(&self.folder)) {
            eprintln!("error: {error}");
        }
    }
}

fn mount(folder: &Path, options: &str) -> Result<SmallDisk, Box<dyn Error>> {
    run_quietly(Command::new("mount").args(["-t", "tmpfs", "-o", options, "tmpfs"]).arg(folder))?;
    Ok(SmallDisk { folder: folder.to_owned() })
}

fn run_quietly(command: &mut Command) -> Result<(), Box<dyn Error>> {
    let output = command.stdin(Stdio::null()).output()?;
    if output.status.success() {
        return Ok(());
    }
    let program = command.get_program().display();
    Err(format!("failed to run `{program}`: {}", String::from_utf8_lossy(&output.stderr)).into())
}
