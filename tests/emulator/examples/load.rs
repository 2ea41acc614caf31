//! How many uploads a second the emulator answers, and how much memory they leave it with:
//!
//!     cargo run --release -p graph-photo-emulator --example load [-- UPLOADS]
//!
//! The clients are threads of the same process that write to sockets, so that most of what
//! is measured is the emulator.

#![allow(clippy::unwrap_used, reason = "a measurement that fails has no figures")]

use std::{
    env, fs,
    io::{Read as _, Write as _},
    net::TcpStream,
    thread,
    time::Instant,
};

use graph_photo_emulator::Emulator;

const JPEG: &[u8] = include_bytes!("../tests/fixtures/emulator-test.jpg");
/// Of a photo, in bytes.
const SIZE: usize = 64 * 1024;
const CONNECTIONS: usize = 4;
/// For how many users photos are uploaded.
const USERS: usize = 1000;

fn main() {
    let count: u32 = env::args().nth(1).map_or(100_000, |count| count.parse().unwrap());
    let uploads = usize::try_from(count).unwrap();
    println!("{uploads} uploads of {} KiB over {CONNECTIONS} connections", SIZE / 1024);
    println!("{:>24}{:>14}{:>10}", "photos", "uploads / s", "MiB");
    println!("{:>24}{:>14}{:>10}", "before", "", resident_mebibytes());
    for (name, distinct) in [("one", 1), ("one for each user", USERS), ("all distinct", uploads)] {
        let emulator = Emulator::start().unwrap();
        let start = Instant::now();
        thread::scope(|scope| {
            for client in 0..CONNECTIONS {
                let emulator = &emulator;
                scope.spawn(move || {
                    let numbers = (client..uploads).step_by(CONNECTIONS);
                    upload(emulator, numbers.map(|number| (number % USERS, number % distinct)));
                });
            }
        });
        let rate = f64::from(count) / start.elapsed().as_secs_f64();
        println!("{name:>24}{rate:>14.0}{:>10}", resident_mebibytes());
        assert!(emulator.wait_for(uploads, std::time::Duration::ZERO));
    }
}

/// Uploads photos one after the other: users and photos by their numbers.
fn upload(emulator: &Emulator, numbers: impl Iterator<Item = (usize, usize)>) {
    let token = emulator.application_token().encode();
    let mut stream = TcpStream::connect(emulator.local_addr()).unwrap();
    stream.set_nodelay(true).unwrap();
    let mut photo = JPEG.to_vec();
    photo.resize(SIZE, 0);
    let mut answer = [0; 4096];
    for (user, number) in numbers {
        photo[SIZE - 8..].copy_from_slice(&number.to_le_bytes());
        let head = format!(
            "PUT /v1.0/users/user-{user}@contoso.com/photo/$value HTTP/1.1\r\nHost: localhost\r\n\
             Authorization: Bearer {token}\r\nContent-Type: image/jpeg\r\n\
             Content-Length: {SIZE}\r\n\r\n"
        );
        stream.write_all(head.as_bytes()).unwrap();
        stream.write_all(&photo).unwrap();
        let mut length = 0;
        while !answer[..length].ends_with(b"\r\n\r\n") {
            length += stream.read(&mut answer[length..]).unwrap();
        }
        assert!(answer.starts_with(b"HTTP/1.1 200"));
    }
}

/// The memory that the process has, as Linux tells it; elsewhere, `-`.
fn resident_mebibytes() -> String {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let kibibytes =
        line.and_then(|line| line.trim().strip_suffix("kB")?.trim().parse::<u64>().ok());
    kibibytes.map_or_else(|| "-".to_owned(), |kibibytes| (kibibytes / 1024).to_string())
}
