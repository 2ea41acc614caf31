//! Compares `graph-photo sync` with a bare loop over the library, both to the emulator.
//!
//! `cargo bench --package graph-photo --bench sync`: how many photos of 64 KiB a second, the
//! journal included, as a ratio to the loop. They take turns, and the median counts.
//!
//! `cargo bench --package graph-photo --bench sync -- --limits`: how often an emulator that
//! enforces Graph's documented limits refuses each of them, and how much of the allowed rate
//! they use. Both run at the same time, each with an emulator of its own; it takes six minutes.

#![allow(clippy::unwrap_used, reason = "a measurement that fails has no figures")]

use std::{
    env, fs,
    path::{Path, PathBuf},
    process::{Command, Stdio},
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    thread,
    time::{Duration, Instant},
};

use graph_photo_client::{GraphPhotoClient, JpegPhoto, PhotoTarget, StaticToken};
use graph_photo_emulator::{Emulator, Throttle};
use tokio::task::JoinSet;

const JPEG: &[u8] = include_bytes!("../../../tests/emulator/tests/fixtures/emulator-test.jpg");
/// The bytes of a comment that makes a photo of 64 KiB of it.
const COMMENT: usize = 65_000;
/// How many uploads each has under way: the default of `--transfers`.
const AT_ONCE: usize = 8;
const PHOTOS: usize = 2_000;
const TURNS: usize = 5;
/// Twice what Graph allows in 150 seconds.
const PHOTOS_TO_LIMITS: usize = 6_000;
/// The writes in a second that Graph allows an app in a tenant
/// ([throttling limits](https://learn.microsoft.com/graph/throttling-limits)).
const ALLOWED: f64 = 20.0;

fn main() {
    let folder = env::temp_dir().join(format!("graph-photo-sync-bench-{}", std::process::id()));
    fs::create_dir_all(&folder).unwrap();
    if env::args().any(|argument| argument == "--limits") {
        compare_at_limits(&folder);
    } else {
        compare_speed(&folder);
    }
    fs::remove_dir_all(folder).unwrap();
}

fn compare_speed(folder: &Path) {
    let table = source(folder, PHOTOS, &padded());
    println!("{:>6}{:>16}{:>16}{:>8}", "turn", "loop, photos/s", "sync, photos/s", "ratio");
    let mut ratios: Vec<f64> = (1..=TURNS)
        .map(|turn| {
            let emulator = Emulator::start().unwrap();
            let by_loop = rate(PHOTOS, run_loop(&emulator, folder, PHOTOS));
            emulator.reset();
            let by_sync = rate(PHOTOS, run_sync(&emulator, &table, &["--rate", "1000000"]));
            println!("{turn:>6}{by_loop:>16.0}{by_sync:>16.0}{:>8.2}", by_sync / by_loop);
            by_sync / by_loop
        })
        .collect();
    ratios.sort_by(f64::total_cmp);
    println!("median ratio: {:.2}", ratios[TURNS / 2]);
}

fn compare_at_limits(folder: &Path) {
    let table = source(folder, PHOTOS_TO_LIMITS, JPEG);
    let start = || {
        let builder = Emulator::builder().throttle(Throttle::Graph);
        builder.record_limit(10 * PHOTOS_TO_LIMITS).start().unwrap()
    };
    println!(
        "{:>6}{:>9}{:>10}{:>6}{:>8}{:>12}",
        "", "stored", "requests", "429", "share", "rate used"
    );
    thread::scope(|scope| {
        scope.spawn(|| {
            let emulator = start();
            let taken = run_loop(&emulator, folder, PHOTOS_TO_LIMITS);
            print_refusals("loop", &emulator, taken);
        });
        let emulator = start();
        let taken = run_sync(&emulator, &table, &[]);
        print_refusals("sync", &emulator, taken);
    });
}

fn print_refusals(name: &str, emulator: &Emulator, taken: Duration) {
    let requests = emulator.requests();
    let count = |status: u16| requests.iter().filter(|one| one.status == Some(status)).count();
    let (stored, throttled, all) = (count(200), count(429), requests.len());
    let share = 100.0 * as_f64(throttled) / as_f64(all);
    let used = 100.0 * rate(stored, taken) / ALLOWED;
    println!("{name:>6}{stored:>9}{all:>10}{throttled:>6}{share:>7.1}%{used:>11.0}%");
}

/// A table of targets that all have the same photo, in the folder.
fn source(folder: &Path, count: usize, photo: &[u8]) -> PathBuf {
    fs::write(folder.join("photo.jpg"), photo).unwrap();
    let rows: String = (0..count).map(|number| format!("{},photo.jpg\n", user(number))).collect();
    let table = folder.join("people.csv");
    fs::write(&table, format!("user,photo\n{rows}")).unwrap();
    table
}

fn user(number: usize) -> String {
    format!("user{number}@contoso.com")
}

/// The photo with a comment after its first marker.
fn padded() -> Vec<u8> {
    let length = u16::try_from(COMMENT + 2).unwrap().to_be_bytes();
    [&JPEG[..2], &[0xFF, 0xFE], &length, &vec![b' '; COMMENT], &JPEG[2..]].concat()
}

/// What anyone would write with the library: some tasks, each with one upload after the other.
fn run_loop(emulator: &Emulator, folder: &Path, count: usize) -> Duration {
    let client = GraphPhotoClient::builder()
        .token_provider(StaticToken::new(emulator.application_token().encode()))
        .base_url(emulator.base_url())
        .build()
        .unwrap();
    let file: Arc<Path> = folder.join("photo.jpg").into();
    let next = Arc::new(AtomicUsize::new(0));
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let start = Instant::now();
    runtime.block_on(async {
        let mut tasks = JoinSet::new();
        for _ in 0..AT_ONCE {
            let (client, file, next) = (client.clone(), Arc::clone(&file), Arc::clone(&next));
            tasks.spawn(async move {
                loop {
                    let number = next.fetch_add(1, Ordering::Relaxed);
                    if number >= count {
                        return;
                    }
                    let target = PhotoTarget::user(user(number)).unwrap();
                    let photo = JpegPhoto::read(&*file).await.unwrap();
                    // One that is refused for good counts as not stored.
                    let _ = client.replace(&target, &photo).await;
                }
            });
        }
        tasks.join_all().await;
    });
    start.elapsed()
}

fn run_sync(emulator: &Emulator, table: &Path, options: &[&str]) -> Duration {
    let mut journal = table.as_os_str().to_owned();
    journal.push(".journal.sqlite");
    let _ = fs::remove_file(journal);
    let start = Instant::now();
    let status = Command::new(env!("CARGO_BIN_EXE_graph-photo"))
        .args(["sync", "--base-url", &emulator.base_url()])
        .args(options)
        .arg(table)
        .env("GRAPH_ACCESS_TOKEN", emulator.application_token().encode())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .unwrap();
    assert!(status.success(), "sync ended with {status}");
    start.elapsed()
}

fn rate(count: usize, taken: Duration) -> f64 {
    as_f64(count) / taken.as_secs_f64()
}

fn as_f64(count: usize) -> f64 {
    f64::from(u32::try_from(count).unwrap())
}
