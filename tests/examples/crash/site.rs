//! A source of photos, an emulator that throttles and fails at random, and the program's runs.

use std::{
    collections::{BTreeMap, BTreeSet},
    error::Error,
    fs::{self, File},
    io::{Read as _, Write as _},
    net::TcpStream,
    path::{Path, PathBuf},
    process::{Child, Command, ExitStatus, Stdio},
    sync::{Arc, Mutex, MutexGuard},
    time::Duration,
};

use graph_photo_emulator::{Emulator, Fault, Outcome, RecordedRequest, Rule};
use tempfile::TempDir;

use crate::{
    journal,
    ledger::{Counts, Ledger, Upload},
};

/// How many uploads a run may have under way at once.
const TRANSFERS: usize = 8;

/// A run is complete after at most this many attempts: some photos fail at random in each.
const MAX_RUNS: usize = 30;

/// Every photo was stored; some failed and are sent by the next run.
const DONE: i32 = 0;
const SOME_FAILED: i32 = 3;

/// The folder of photos in that of the site.
const SOURCE: &str = "in";

/// What the emulator has seen.
#[derive(Debug, Default)]
struct Seen {
    requests: usize,
    /// Those that were stored, in order.
    uploads: Vec<Upload>,
    targets: BTreeSet<String>,
}

type Log = Arc<Mutex<Seen>>;

fn lock(log: &Log) -> MutexGuard<'_, Seen> {
    log.lock().expect("no thread panics while it holds this lock")
}

/// A source, its emulator and what is known of both.
pub(crate) struct Site {
    folder: TempDir,
    program: PathBuf,
    pub(crate) journal: PathBuf,
    emulator: Emulator,
    log: Log,
    /// How much of the log has been judged.
    judged: usize,
    pub(crate) ledger: Ledger,
    /// The latest run's arguments and how it ended, for violations.
    name: String,
}

impl Site {
    /// A source of `count` photos, each with its own bytes. `name` repeats it for the reader.
    pub(crate) fn new(
        program: &Path,
        name: String,
        count: usize,
        random: &mut fastrand::Rng,
    ) -> Result<Self, Box<dyn Error>> {
        let folder = tempfile::Builder::new().prefix("graph-photo-crash-").tempdir()?;
        let source = folder.path().join(SOURCE);
        fs::create_dir(&source)?;
        let mut photos = BTreeMap::new();
        for number in 0..count {
            let (user, photo) = (format!("u{number}@contoso.com"), photo(number, random));
            fs::write(source.join(format!("{user}.jpg")), &photo)?;
            photos.insert(format!("/users/{user}"), photo);
        }
        let log = Log::default();
        let emulator = emulator(random.u64(..), Arc::clone(&log))?;
        Ok(Self {
            journal: folder.path().join(SOURCE).with_extension("journal.sqlite"),
            ledger: Ledger::new(photos, TRANSFERS),
            program: program.to_owned(),
            folder,
            emulator,
            log,
            judged: 0,
            name,
        })
    }

    pub(crate) fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// How many requests the emulator has seen.
    pub(crate) fn requests(&self) -> usize {
        lock(&self.log).requests
    }

    /// Whether the emulator has each photo.
    pub(crate) fn is_all_stored(&self) -> bool {
        lock(&self.log).targets.len() == self.ledger.photos().len()
    }

    /// The program's `sync`; `before` is what runs it, such as a shell, with its arguments.
    pub(crate) fn sync(&self, before: &[String], more: &[&str]) -> Command {
        let program = self.program.display().to_string();
        let mut words = before.iter().map(String::as_str).chain([program.as_str()]);
        let mut command = Command::new(words.next().unwrap_or_default());
        command.args(words).args(["sync", SOURCE, "--rate", "100000"]);
        command.arg("--transfers").arg(TRANSFERS.to_string()).arg("--journal").arg(&self.journal);
        command.arg("--base-url").arg(self.emulator.base_url()).args(more);
        command.env("GRAPH_ACCESS_TOKEN", self.emulator.application_token().encode());
        command.current_dir(self.folder()).stdin(Stdio::null()).stdout(Stdio::null());
        command
    }

    /// Starts a run whose messages [`messages`](Self::messages) has.
    pub(crate) fn spawn(&self, mut command: Command) -> Result<Child, Box<dyn Error>> {
        Ok(command.stderr(File::create(self.messages_file())?).spawn()?)
    }

    /// What the latest run wrote to standard error.
    pub(crate) fn messages(&self) -> String {
        let messages = fs::read(self.messages_file()).unwrap_or_default();
        String::from_utf8_lossy(&messages).trim().to_owned()
    }

    fn messages_file(&self) -> PathBuf {
        self.folder().join("messages.txt")
    }

    /// What the emulator stored since the last call.
    pub(crate) fn uploads(&mut self) -> Result<Vec<Upload>, Box<dyn Error>> {
        self.settle()?;
        let uploads = lock(&self.log).uploads[self.judged..].to_vec();
        self.judged += uploads.len();
        Ok(uploads)
    }

    /// Judges a run that has ended: what was stored meanwhile, its journal, and the program's
    /// own report of it.
    pub(crate) fn judge(&mut self) -> Result<(), Box<dyn Error>> {
        let uploads = self.uploads()?;
        match journal::rows(&self.journal) {
            Ok(rows) => self.ledger.judge(&uploads, &rows),
            Err(cause) => self.ledger.breaks(format!("the journal cannot be read: {cause}")),
        }
        self.judge_report()
    }

    /// The program's report of a journal must agree with the journal's view.
    fn judge_report(&mut self) -> Result<(), Box<dyn Error>> {
        let mut report = Command::new(&self.program);
        let report = report.args(["report", "--json"]).arg(&self.journal).output()?;
        let expected = self.ledger.journaled().len() as u64;
        let told = serde_json::from_slice::<serde_json::Value>(&report.stdout).ok();
        let stored = told.map_or(0, |told| told["counts"]["stored"].as_u64().unwrap_or(0));
        // Nothing was written to the journal yet.
        let is_empty = report.status.code() == Some(2) && expected == 0;
        if stored != expected || !(report.status.success() || is_empty) {
            let (status, errors) = (report.status, String::from_utf8_lossy(&report.stderr));
            self.ledger.breaks(format!(
                "`report` tells of {stored} stored photos, the journal of {expected} ({status}: {})",
                errors.trim()
            ));
        }
        Ok(())
    }

    /// Judges how a run ended that nothing disturbed, or that ended before it could be.
    pub(crate) fn judge_end(&mut self, status: ExitStatus) {
        if !matches!(status.code(), Some(DONE | SOME_FAILED)) {
            let messages = self.messages();
            self.ledger.breaks(format!("an undisturbed run ended with {status}: {messages}"));
        }
    }

    /// Runs `sync` until everything is stored, and judges the source as a whole.
    pub(crate) fn complete(&mut self) -> Result<(), Box<dyn Error>> {
        for _ in 0..MAX_RUNS {
            let status = self.spawn(self.sync(&[], &[]))?.wait()?;
            self.judge_end(status);
            self.judge()?;
            if status.code() != Some(SOME_FAILED) {
                break;
            }
        }
        let emulator = &self.emulator;
        self.ledger.finish(|target| emulator.photo(target).map(|photo| photo.to_vec()));
        Ok(())
    }

    /// Shows the violations since the last call, each with what was done before.
    pub(crate) fn tell(&mut self, after: &str) {
        for violation in self.ledger.take_violations() {
            eprintln!("error: {}, after {after}: {violation}", self.name);
        }
    }

    pub(crate) fn counts(&self) -> Counts {
        self.ledger.counts()
    }

    /// How many photos the emulator stored, those sent twice included.
    pub(crate) fn stored(&self) -> usize {
        lock(&self.log).uploads.len()
    }

    /// Waits until the emulator has dealt with what a run sent before it ended.
    fn settle(&self) -> Result<(), Box<dyn Error>> {
        let mut before = None;
        // Its one thread serves connections in turn, those of the run first.
        for _ in 0..MAX_TURNS {
            let count = lock(&self.log).uploads.len();
            if before.replace(count) == Some(count) {
                return Ok(());
            }
            for _ in 0..3 {
                self.take_turn()?;
            }
        }
        Err("the emulator still stores photos though nothing sends any".into())
    }

    /// A request to the emulator itself, on a connection of its own.
    fn take_turn(&self) -> Result<(), Box<dyn Error>> {
        let address = self.emulator.local_addr();
        let mut stream = TcpStream::connect(address)?;
        write!(
            stream,
            "GET /_emulator/requests/count HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n"
        )?;
        stream.read_to_end(&mut Vec::new())?;
        Ok(())
    }
}

/// How often the emulator is asked whether it is at rest.
const MAX_TURNS: usize = 1000;

/// An emulator that throttles and fails at random, and logs what it stores.
fn emulator(seed: u64, log: Log) -> Result<Emulator, Box<dyn Error>> {
    let throttled = Fault::status(429).retry_after(Duration::from_secs(1));
    let busy = Fault::status(503).retry_after(Duration::ZERO);
    let slow = Fault::delay(Duration::from_millis(10));
    let mut builder = Emulator::builder().seed(seed);
    for (chance, fault) in [
        (0.001, throttled),
        (0.02, busy),
        (0.005, Fault::status(500)),
        (0.004, Fault::answer_lost()),
        (0.002, Fault::reset_during_body()),
        (0.002, Fault::reset_after_body()),
        (0.5, slow),
    ] {
        builder = builder.fail_with(Rule::new(fault).chance(chance));
    }
    let keep = move |request: &RecordedRequest| {
        let mut log = lock(&log);
        log.requests += 1;
        if request.outcome == Outcome::Stored {
            let target = target_of(&request.target);
            let (body, is_answered) = (request.body.to_vec(), request.status.is_some());
            log.targets.insert(target.clone());
            log.uploads.push(Upload { target, body, is_answered });
        }
    };
    Ok(builder.on_request(keep).start()?)
}

/// The resource of a request's path.
fn target_of(path: &str) -> String {
    path.trim_start_matches("/v1.0").trim_end_matches("/photo/$value").to_owned()
}

/// A photo that differs from all others by a comment of random length.
fn photo(number: usize, random: &mut fastrand::Rng) -> Vec<u8> {
    const JPEG: &[u8] = include_bytes!("../../fixtures/baseline.jpg");
    let mut comment = number.to_be_bytes().to_vec();
    comment.extend((0..random.usize(..8192)).map(|_| random.u8(..)));
    let length = u16::try_from(comment.len() + 2).expect("a comment is shorter than 64 KiB");
    [&JPEG[..2], b"\xFF\xFE", &length.to_be_bytes(), &comment, &JPEG[2..]].concat()
}
