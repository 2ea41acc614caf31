//! `graph-photo sync`, against the emulator.

mod brakes;
mod exits;
#[cfg(unix)]
mod interrupt;
mod journal;
#[cfg(unix)]
mod kill;
mod pace;
mod plan;
mod selection;
mod source;
#[cfg(unix)]
mod terminal;

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use graph_photo_emulator::{AccessToken, Emulator, Outcome};
use rusqlite::Connection;
use serde_json::Value;

use super::{Run, program};

/// As fast as the emulator can.
const FAST: [&str; 2] = ["--rate", "100000"];

/// A folder of its own for a test, and an emulator.
struct Site {
    dir: PathBuf,
    emulator: Emulator,
    token: String,
}

impl Site {
    /// An empty folder below that of tests, with this name.
    fn new(name: &str) -> Self {
        Self::with(name, Emulator::start().unwrap())
    }

    fn with(name: &str, emulator: Emulator) -> Self {
        let dir = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("sync-{name}"));
        let _ = fs::remove_dir_all(&dir);
        fs::create_dir_all(&dir).unwrap();
        let token = emulator.application_token().encode();
        Self { dir, emulator, token }
    }

    fn path(&self, file: &str) -> PathBuf {
        self.dir.join(file)
    }

    /// Writes a file, and the folders that it is in.
    fn write(&self, file: &str, bytes: impl AsRef<[u8]>) {
        let path = self.path(file);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }

    /// Writes a folder of photos, each of which is another one.
    fn write_photos(&self, folder: &str, count: usize) {
        for number in 0..count {
            self.write(&format!("{folder}/u{number}@contoso.com.jpg"), photo(number));
        }
    }

    fn sign_in(&mut self, token: &AccessToken) {
        self.token = token.encode();
    }

    /// The program, in the folder.
    fn program(&self, args: &[&str]) -> Command {
        let base_url = self.emulator.base_url();
        let mut program = program(&[&["sync"], args, &["--base-url", &base_url]].concat());
        program.current_dir(&self.dir).env("GRAPH_ACCESS_TOKEN", &self.token);
        program
    }

    /// Runs the program without looking at how it ends.
    fn run(&self, args: &[&str]) -> Run {
        let run = Run::from(self.program(args).output().unwrap());
        // No piece of it may be told.
        let payload = self.token.split('.').nth(1).unwrap_or(&self.token);
        for piece in payload.as_bytes().chunks_exact(24) {
            let piece = std::str::from_utf8(piece).unwrap();
            let is_told = run.stdout.contains(piece) || run.stderr.contains(piece);
            assert!(!is_told, "a piece of the token is shown");
        }
        run
    }

    /// Runs the program, which has to end like this.
    fn expect(&self, code: i32, args: &[&str]) -> Run {
        let run = self.run(args);
        assert_eq!(run.code, Some(code), "{args:?}\n{}{}", run.stdout, run.stderr);
        run
    }

    /// The targets of the photos that were stored, in the order of their requests.
    fn stored(&self) -> Vec<String> {
        let requests = self.emulator.requests().into_iter();
        let stored = requests.filter(|request| request.outcome == Outcome::Stored);
        stored.map(|request| short(&request.target)).collect()
    }

    fn requests(&self) -> usize {
        self.emulator.requests().len()
    }

    /// Columns of the journal's view, for each target.
    fn journal(&self, file: &str, columns: &str) -> Vec<Vec<String>> {
        let journal = Connection::open(self.path(file)).unwrap();
        let sql = format!("SELECT {columns} FROM photos ORDER BY target");
        let mut statement = journal.prepare(&sql).unwrap();
        let width = statement.column_count();
        let rows = statement
            .query_map((), |row| (0..width).map(|column| Ok(text(row.get_ref(column)?))).collect());
        rows.unwrap().map(Result::unwrap).collect()
    }

    /// Whether Graph has the photo of each file in a folder.
    fn assert_all_stored(&self, folder: &str, count: usize) {
        for number in 0..count {
            let file = format!("u{number}@contoso.com");
            let stored = self.emulator.photo(&format!("/users/{file}"));
            let own = fs::read(self.path(&format!("{folder}/{file}.jpg"))).unwrap();
            assert_eq!(stored.as_deref(), Some(&own[..]), "{file}");
        }
    }
}

fn text(value: rusqlite::types::ValueRef<'_>) -> String {
    use rusqlite::types::ValueRef;
    match value {
        ValueRef::Null => "NULL".to_owned(),
        ValueRef::Integer(number) => number.to_string(),
        ValueRef::Text(text) => String::from_utf8(text.to_vec()).unwrap(),
        other => panic!("{other:?}"),
    }
}

/// The path of a resource in that of a request.
fn short(target: &str) -> String {
    target.trim_start_matches("/v1.0").trim_end_matches("/photo/$value").replace("%23", "#")
}

/// A photo that differs from those with other numbers, by a comment.
fn photo(number: usize) -> Vec<u8> {
    let comment = format!("{number:06}");
    let jpeg = include_bytes!("../../../../tests/fixtures/baseline.jpg");
    [&jpeg[..2], b"\xFF\xFE\x00\x08", comment.as_bytes(), &jpeg[2..]].concat()
}

/// The objects that `--json` wrote: those of photos, and the summary.
fn lines(run: &Run) -> (Vec<Value>, Value) {
    let lines = run.stdout.lines().map(|line| serde_json::from_str(line).unwrap());
    let mut lines: Vec<Value> = lines.collect();
    let summary = lines.pop().expect("there is a summary");
    assert_eq!(summary["version"], 1, "{summary}");
    (lines, summary["summary"].clone())
}

/// The photo lines with a state, by their targets.
fn targets(lines: &[Value], state: &str) -> Vec<String> {
    let lines = lines.iter().filter(|line| line["state"] == state);
    let mut targets: Vec<String> =
        lines.map(|line| line["target"].as_str().unwrap_or_default().to_owned()).collect();
    targets.sort();
    targets
}
