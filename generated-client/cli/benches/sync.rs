//! Compares `graph-photo sync` with a bare loop over the library, both to the emulator.
//!
//! `cargo bench --package graph-photo --bench sync`: how many photos of 64 KiB a second, the
//! journal included, as a ratio to the loop: of the whole run, with the start of the program and
//! the plan, and while it sends, as its summary says. They take turns, and the medians count.
//!
//! `cargo bench --package graph-photo --bench sync -- --memory`: the peak memory of a run over
//! 1,000, 10,000 and 100,000 files, on Linux.
//!
//! `cargo bench --package graph-photo --bench sync -- --limits`: how often an emulator that
//! enforces Graph's documented limits refuses each of them, and how much of the allowed rate
//! they use. Both run at the same time, each with an emulator of its own; it takes six minutes.

#![allow(clippy::unwrap_used, reason = "a measurement that fails has no figures")]

use std::{
    env, fs,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
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
/// As fast as the emulator can.
const FAST: &[&str] = &["--rate", "1000000"];
const PHOTOS: usize = 2_000;
const TURNS: usize = 5;
/// How many files each run over a folder has whose memory is measured.
const FILES: [usize; 3] = [1_000, 10_000, 100_000];
/// Twice what Graph allows in 150 seconds.
const PHOTOS_TO_LIMITS: usize = 6_000;
/// The writes in a second that Graph allows an app in a tenant
/// ([throttling limits](https://learn.microsoft.com/graph/throttling-limits)).
const ALLOWED: f64 = 20.0;

fn main() {
    let folder = env::temp_dir().join(format!("graph-photo-sync-bench-{}", std::process::id()));
    fs::create_dir_all(&folder).unwrap();
    let is_given = |option: &str| env::args().any(|argument| argument == option);
    if is_given("--limits") {
        compare_at_limits(&folder);
    } else if is_given("--memory") {
        measure_memory(&folder);
    } else {
        compare_speed(&folder);
    }
    fs::remove_dir_all(folder).unwrap();
}

fn compare_speed(folder: &Path) {
    let table = source(folder, PHOTOS, &padded());
    println!("photos a second, and the ratio to the loop");
    println!("{:>6}{:>8}{:>14}{:>16}", "turn", "loop", "whole sync", "while sending");
    let ratios: Vec<[f64; 2]> = (1..=TURNS)
        .map(|turn| {
            let emulator = Emulator::start().unwrap();
            let by_loop = rate(PHOTOS, run_loop(&emulator, folder, PHOTOS));
            emulator.reset();
            let start = Instant::now();
            let run = sync(&emulator, &table, FAST).stdout(Stdio::piped()).spawn().unwrap();
            let run = run.wait_with_output().unwrap();
            let whole = rate(PHOTOS, start.elapsed());
            assert!(run.status.success(), "sync ended with {}", run.status);
            let sending = rate_of_summary(&String::from_utf8(run.stdout).unwrap());
            let ratios = [whole / by_loop, sending / by_loop];
            println!(
                "{turn:>6}{by_loop:>8.0}{whole:>8.0}{:>6.2}{sending:>10.0}{:>6.2}",
                ratios[0], ratios[1]
            );
            ratios
        })
        .collect();
    let [whole, sending] = [0, 1].map(|index| median(ratios.iter().map(|each| each[index])));
    println!("median ratios: {whole:.2} of the whole run, {sending:.2} while sending");
}

fn median(numbers: impl Iterator<Item = f64>) -> f64 {
    let mut numbers: Vec<f64> = numbers.collect();
    numbers.sort_by(f64::total_cmp);
    numbers[numbers.len() / 2]
}

/// The photos a second in the last words of a summary such as `Done: 2 stored; 8.1 KB in 0.1 s,
/// 20.0/s`.
fn rate_of_summary(text: &str) -> f64 {
    let done = text.lines().find(|line| line.starts_with("Done: ")).unwrap();
    let (_, rate) = done.rsplit_once(", ").unwrap();
    rate.strip_suffix("/s").unwrap().parse().unwrap()
}

fn measure_memory(folder: &Path) {
    println!("{:>9}{:>9}{:>16}", "files", "peak", "each more");
    let photos = folder.join("photos");
    fs::create_dir(&photos).unwrap();
    let (mut written, mut least) = (0, 0);
    for count in FILES {
        for number in written..count {
            fs::write(photos.join(format!("{}.jpg", user(number))), JPEG).unwrap();
        }
        written = count;
        let emulator = Emulator::start().unwrap();
        let peak = peak(sync(&emulator, &photos, FAST).stdout(Stdio::null()).spawn().unwrap());
        if count == FILES[0] {
            least = peak;
        }
        let more = (peak - least).checked_div(count - FILES[0]).unwrap_or_default();
        println!("{count:>9}{:>6} MB{more:>10} bytes", peak / 1_000_000);
    }
}

/// The most memory that a program had, in bytes, once it has ended well.
fn peak(mut program: Child) -> usize {
    let file = format!("/proc/{}/status", program.id());
    let mut peak = 0;
    loop {
        // The system keeps the highest value, so only growth in the last moment is missed.
        let status = fs::read_to_string(&file).unwrap();
        if let Some(line) = status.lines().find_map(|line| line.strip_prefix("VmHWM:")) {
            let kilobytes: usize = line.trim().strip_suffix(" kB").unwrap().parse().unwrap();
            peak = kilobytes * 1024;
        }
        if let Some(status) = program.try_wait().unwrap() {
            assert!(status.success(), "sync ended with {status}");
            return peak;
        }
        thread::sleep(Duration::from_millis(2));
    }
}

fn compare_at_limits(folder: &Path) {
    let table = source(folder, PHOTOS_TO_LIMITS, JPEG);
    let start_emulator = || {
        let builder = Emulator::builder().throttle(Throttle::Graph);
        builder.record_limit(10 * PHOTOS_TO_LIMITS).start().unwrap()
    };
    println!(
        "{:>6}{:>9}{:>10}{:>6}{:>8}{:>12}",
        "", "stored", "requests", "429", "share", "rate used"
    );
    thread::scope(|scope| {
        scope.spawn(|| {
            let emulator = start_emulator();
            let taken = run_loop(&emulator, folder, PHOTOS_TO_LIMITS);
            print_refusals("loop", &emulator, taken);
        });
        let emulator = start_emulator();
        let start = Instant::now();
        let status = sync(&emulator, &table, &[]).stdout(Stdio::null()).status().unwrap();
        let taken = start.elapsed();
        assert!(status.success(), "sync ended with {status}");
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

/// A run with an empty journal.
fn sync(emulator: &Emulator, source: &Path, options: &[&str]) -> Command {
    let mut journal = source.as_os_str().to_owned();
    journal.push(".journal.sqlite");
    let _ = fs::remove_file(journal);
    let mut program = Command::new(env!("CARGO_BIN_EXE_graph-photo"));
    program
        .args(["sync", "--base-url", &emulator.base_url()])
        .args(options)
        .arg(source)
        .env("GRAPH_ACCESS_TOKEN", emulator.application_token().encode())
        .stderr(Stdio::null());
    program
}

fn rate(count: usize, taken: Duration) -> f64 {
    as_f64(count) / taken.as_secs_f64()
}

fn as_f64(count: usize) -> f64 {
    f64::from(u32::try_from(count).unwrap())
}
