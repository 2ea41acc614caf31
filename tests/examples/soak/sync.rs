//! Uploads through `graph-photo sync`, by the built program.

use std::{
    collections::{HashMap, HashSet},
    error::Error as StdError,
    fs, io,
    ops::Range,
    path::{Path, PathBuf},
    process::{Command, Output},
    sync::Arc,
    time::{Duration, SystemTime},
};

use fastrand::Rng;
use serde_json::Value;
use tempfile::TempDir;

use crate::{
    check::{Batch, Report, Told, Way},
    plan::{Upload, index_of_name},
    secrets::Secrets,
    server::{Server, administrator_token, at},
    tally::{Promise, Tally},
};

/// How often the same command is run until nothing is left to send.
const RUNS: usize = 5;

/// How many requests of a photo that meets a fault are hit: few, since `sync` takes several
/// broken connections in a row for a network that is gone, and waits for minutes.
const FAULTY: f64 = 0.3;

/// An emulator, and the program that sends to it.
pub(crate) struct Lane {
    server: Arc<Server>,
    program: PathBuf,
    secrets: Secrets,
}

/// A table of photos, with the journal beside it.
struct Folder {
    place: TempDir,
    user: String,
    owner: String,
}

impl Lane {
    pub(crate) fn new(seed: u64, program: PathBuf, secrets: Secrets) -> io::Result<Self> {
        Ok(Self { server: Arc::new(Server::start(seed)?), program, secrets })
    }

    /// Sends the uploads of a batch, and checks them.
    pub(crate) async fn run(
        &self,
        seed: u64,
        batch: Range<u64>,
        tally: &mut Tally,
    ) -> Result<(), Box<dyn StdError + Send + Sync>> {
        self.server.begin(FAULTY, [])?;
        let owner = format!("run-{}", batch.start);
        let user = format!("{owner}@contoso.com");
        let jumps = Rng::with_seed(seed ^ batch.start);
        let uploads: Vec<Upload> = batch.map(|index| Upload::through_sync(seed, index)).collect();
        let folder = Arc::new(Folder { place: tempfile::tempdir()?, user, owner });
        folder.write(&uploads)?;
        folder.renew(self.server.now())?;
        let (server, renewed) = (Arc::clone(&self.server), Arc::clone(&folder));
        let clock = tokio::spawn(async move {
            let renew = |now| renewed.renew(now).expect("the folder was written to before");
            server.jump(jumps, renew).await;
        });
        let mut reports = HashMap::new();
        let mut problem = None;
        for _ in 0..RUNS {
            let command = folder.command(&self.program, &self.server.emulator.base_url());
            let Output { status, stdout, stderr } = run(command).await?;
            self.secrets.search("the output of sync", &stdout);
            self.secrets.search("the log of sync", &stderr);
            read(&String::from_utf8_lossy(&stdout), &uploads, &mut reports);
            match status.code() {
                Some(0 | 3) => break,
                Some(1) => {}
                code => {
                    let log = String::from_utf8_lossy(&stderr);
                    let last: Vec<&str> = log.lines().rev().take(5).collect();
                    problem = Some(format!("sync ended with {code:?}: {last:#?}"));
                    break;
                }
            }
        }
        clock.abort();
        let _ = clock.await;
        if let Some(problem) = problem {
            tally.violation(Promise::Misreported, problem);
        }
        for file in fs::read_dir(folder.place.path())?.flatten() {
            if file.file_name().to_string_lossy().contains("journal") {
                self.secrets.search("the journal of sync", &fs::read(file.path())?);
            }
        }
        let requests = self.server.take_requests().await;
        let stored = |upload: &Upload| {
            let own = upload.path.strip_prefix("/me");
            let path = own.map(|rest| format!("/users/{}{rest}", folder.user));
            self.server.emulator.photo(path.as_ref().unwrap_or(&upload.path))
        };
        let way = Way::Sync { owner: folder.owner.clone() };
        let late = HashSet::new();
        Batch { seed, way, reports: &reports, late: &late, requests, stored: &stored }.check(tally);
        Ok(())
    }
}

/// Runs a command on a thread of its own.
async fn run(mut command: Command) -> io::Result<Output> {
    tokio::task::spawn_blocking(move || command.output()).await?
}

impl Folder {
    fn table(&self) -> PathBuf {
        self.place.path().join("photos.csv")
    }

    fn write(&self, uploads: &[Upload]) -> io::Result<()> {
        let mut table = "target,file\n".to_owned();
        for upload in uploads {
            let name = format!("{}.jpg", upload.index);
            let photo = upload.photo();
            // It ends within the headers: half of a photo for stereo is a whole one.
            let length = if upload.is_broken { 100 } else { photo.len() };
            fs::write(self.place.path().join(&name), &photo[..length])?;
            table += &format!("{},{name}\n", upload.path);
        }
        fs::write(self.table(), table)
    }

    /// Writes another token, which is valid at a time, as a program that signs in would.
    fn renew(&self, now: SystemTime) -> io::Result<()> {
        let token = at(administrator_token(&self.user, &self.owner), now, false);
        let (written, file) = (self.place.path().join("new"), self.place.path().join("token"));
        fs::write(&written, token)?;
        fs::rename(written, file)
    }

    fn command(&self, program: &Path, base_url: &str) -> Command {
        let mut command = Command::new(program);
        command
            .arg("sync")
            .arg(self.table())
            .args(["--base-url", base_url, "--timeout", "4"])
            .arg("--token-file")
            .arg(self.place.path().join("token"))
            .args(["--json", "-vv", "--skip-invalid", "--transfers", "16", "--rate", "100000"])
            .env_remove("GRAPH_ACCESS_TOKEN");
        command
    }
}

/// Reads what a run of `sync` says of each photo.
fn read(output: &str, uploads: &[Upload], reports: &mut HashMap<u64, Report>) {
    for line in output.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok()) {
        let Some(target) = line["target"].as_str() else { continue };
        let index = index_of_name(target).or_else(|| {
            uploads.iter().find(|upload| upload.path == target).map(|upload| upload.index)
        });
        let Some(index) = index else { continue };
        let request_id = || line["requestId"].as_str().map(str::to_owned);
        let told = match line["state"].as_str() {
            Some("stored") => Told::Stored { request_id: request_id() },
            Some("failed") => {
                let status = line["status"].as_u64().and_then(|status| u16::try_from(status).ok());
                Told::Failed { status, request_id: request_id() }
            }
            Some("refused") => Told::Refused,
            // It is as the last run said.
            Some("unchanged") => continue,
            _ => Told::Nothing,
        };
        let attempts = line["attempts"].as_u64().and_then(|count| u32::try_from(count).ok());
        let before = reports.get(&index).map_or(0, |report: &Report| report.attempts);
        let attempts = before + attempts.unwrap_or_default();
        let (waited, took) = (Duration::ZERO, Duration::ZERO);
        reports.insert(index, Report { told, attempts, waited, took });
    }
}
