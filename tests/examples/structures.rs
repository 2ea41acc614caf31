//! Compares the JPEG walk with libjpeg-turbo over thousands of generated structures.
//!
//! `cargo run --package graph-photo-tests --example structures -- [COUNT [SEED]]`
//!
//! Takes the fixtures apart into segments, changes a few of them (moves, repeats, drops
//! and inserts segments; changes lengths, numbers and sampling factors; swaps the
//! components of scans) and asks `djpeg` (Debian: `libjpeg-turbo-progs`; another one by the
//! environment variable `DJPEG`) and [`JpegPhoto`]. Both ways count: what djpeg refuses
//! must be refused, and what it reads without complaint must be accepted, apart from
//! the refusals by [`policy`]. The same seed generates the same structures. Exit code 1 if
//! the two disagree.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Stdio};

use graph_photo_client::{InvalidJpeg, InvalidPhoto, JpegPhoto, PhotoFault};

#[path = "../fuzz/src/policy.rs"]
mod policy;

/// What the structures are made from.
const FIXTURES: &[&str] = &[
    "baseline.jpg",
    "cmyk.jpg",
    "extended.jpg",
    "full-chroma.jpg",
    "grey.jpg",
    "metadata.jpg",
    "motion-jpeg.jpg",
    "optimized.jpg",
    "progressive-restart.jpg",
    "progressive.jpg",
    "restart.jpg",
    "scan-per-component.jpg",
    "arithmetic.jpg",
];

/// Decoding more than this takes longer than it teaches.
const MOST_PIXELS: u32 = 3_000_000;

fn main() -> ExitCode {
    let mut arguments = std::env::args().skip(1).map(|text| text.parse::<u64>());
    let mut next = |default| arguments.next().and_then(Result::ok).unwrap_or(default);
    let (count, seed) = (next(4_000), next(1));
    let djpeg = std::env::var("DJPEG").unwrap_or_else(|_| "djpeg".to_owned());
    let folder = std::env::temp_dir().join(format!("structures-{}", std::process::id()));
    if let Err(error) = std::fs::create_dir_all(&folder) {
        eprintln!("error: failed to make the folder `{}`: {error}", folder.display());
        return ExitCode::FAILURE;
    }
    let photos: Vec<Vec<Piece>> = FIXTURES.iter().map(|name| read(name)).collect();
    let mut counts = BTreeMap::new();
    let mut random = Random(seed);
    for _ in 0..count {
        let photo = &photos[random.below(photos.len())];
        let bytes = generate(photo, &mut random);
        if pixels(&bytes) <= MOST_PIXELS {
            *counts.entry(compare(&djpeg, &folder, &bytes)).or_insert(0_u64) += 1;
        }
    }
    let disagreements = report(&counts, seed);
    if disagreements == 0 {
        // What disagrees stays, to be looked at.
        let _ = std::fs::remove_dir_all(&folder);
    }
    ExitCode::from(u8::from(disagreements > 0))
}

/// How the two judgements of a structure go together.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Outcome {
    BothRead,
    BothRefuse,
    /// djpeg complains but goes on: either judgement is right.
    Complaint,
    Policy(&'static str),
    Disagree(String),
}

fn report(counts: &BTreeMap<Outcome, u64>, seed: u64) -> u64 {
    let mut disagreements = 0;
    for (outcome, count) in counts {
        println!("{count:7}  {outcome:?}");
        if matches!(outcome, Outcome::Disagree(_)) {
            disagreements += count;
        }
    }
    let all: u64 = counts.values().sum();
    println!("{all} structures from seed {seed}; the walk and djpeg disagree on {disagreements}");
    disagreements
}

fn compare(djpeg: &str, folder: &Path, bytes: &[u8]) -> Outcome {
    let file = folder.join("structure.jpg");
    let (verdict, said) = match std::fs::write(&file, bytes) {
        Ok(()) => ask(djpeg, &file),
        Err(error) => return Outcome::Disagree(format!("failed to write: {error}")),
    };
    let ours = JpegPhoto::from_bytes(bytes.to_vec());
    match (verdict, ours) {
        (Verdict::Read, Ok(_)) => Outcome::BothRead,
        (Verdict::Refused, Err(_)) => Outcome::BothRefuse,
        (Verdict::Complained, _) => Outcome::Complaint,
        (Verdict::Read, Err(error)) => {
            if let Some(policy) = explained(&error) {
                return Outcome::Policy(policy);
            }
            keep(folder, &file);
            Outcome::Disagree(format!("only we refuse: {}", words(&error)))
        }
        (Verdict::Refused, Ok(_)) => {
            keep(folder, &file);
            Outcome::Disagree(format!("only djpeg refuses: {said}"))
        }
    }
}

fn explained(error: &InvalidPhoto) -> Option<&'static str> {
    let PhotoFault::Content(fault) = error.fault() else {
        return None;
    };
    policy::reason(fault)
}

/// A refusal without the offset, which differs each time.
fn words(error: &InvalidPhoto) -> String {
    match error.fault() {
        PhotoFault::Content(InvalidJpeg::Malformed { what, .. }) => (*what).to_owned(),
        fault => fault.to_string(),
    }
}

/// Puts a file aside under another name.
fn keep(folder: &Path, file: &Path) {
    let count = std::fs::read_dir(folder).map_or(0, Iterator::count);
    let kept = folder.join(format!("disagree-{count}.jpg"));
    if std::fs::copy(file, &kept).is_ok() {
        println!("kept: {}", kept.display());
    }
}

#[derive(Debug, Clone, Copy)]
enum Verdict {
    Read,
    Complained,
    Refused,
}

fn ask(djpeg: &str, file: &Path) -> (Verdict, String) {
    let output = Command::new(djpeg)
        .args(["-outfile", "/dev/null"])
        .arg(file)
        .stdout(Stdio::null())
        .output();
    let output = output.unwrap_or_else(|error| {
        eprintln!("error: failed to run `{djpeg}`: {error}; Debian has it in libjpeg-turbo-progs");
        std::process::exit(1)
    });
    let said = String::from_utf8_lossy(&output.stderr).trim().to_owned();
    match output.status.code() {
        Some(0) if said.is_empty() => (Verdict::Read, said),
        // PNM has no form for such colours; whether they can be decoded is not known.
        _ if said.contains("PPM output must be") => (Verdict::Complained, said),
        Some(0 | 2) => (Verdict::Complained, said),
        _ => (Verdict::Refused, said),
    }
}

/// One segment, with the entropy-coded data that follows it.
#[derive(Debug, Clone)]
struct Piece {
    marker: u8,
    /// What the segment says is its length, if it has one.
    length: Option<u16>,
    body: Vec<u8>,
    entropy: Vec<u8>,
}

impl Piece {
    fn new(marker: u8, body: Vec<u8>) -> Self {
        let length = u16::try_from(body.len() + 2).ok();
        Self { marker, length, body, entropy: Vec::new() }
    }

    fn bare(marker: u8) -> Self {
        Self { marker, length: None, body: Vec::new(), entropy: Vec::new() }
    }

    fn write(&self, bytes: &mut Vec<u8>) {
        bytes.extend([0xFF, self.marker]);
        bytes.extend(self.length.iter().flat_map(|length| length.to_be_bytes()));
        bytes.extend(&self.body);
        bytes.extend(&self.entropy);
    }
}

/// A fixture in pieces, which has neither junk nor fill bytes.
fn read(name: &str) -> Vec<Piece> {
    let path = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures")).join(name);
    let bytes = std::fs::read(&path).unwrap_or_else(|error| {
        eprintln!("error: failed to read `{}`: {error}", path.display());
        std::process::exit(1)
    });
    let mut pieces = Vec::new();
    let mut at = 2;
    while let Some(&[0xFF, marker, high, low]) = bytes.get(at..at + 4) {
        let length = usize::from(u16::from_be_bytes([high, low]));
        let mut piece = Piece::new(marker, bytes[at + 4..at + 2 + length].to_vec());
        at += 2 + length;
        if marker == 0xDA {
            let ends = |pair: &[u8]| pair[0] == 0xFF && !matches!(pair[1], 0 | 0xD0..=0xD7);
            let end = bytes[at..].windows(2).position(ends).map_or(bytes.len(), |end| at + end);
            piece.entropy = bytes[at..end].to_vec();
            at = end;
        }
        pieces.push(piece);
    }
    pieces
}

/// The pixels that a file's last frame header claims.
fn pixels(bytes: &[u8]) -> u32 {
    let headers = bytes.windows(9).filter(|header| {
        header[0] == 0xFF && matches!(header[1], 0xC0..=0xCF) && !matches!(header[1], 0xC4 | 0xCC)
    });
    let size = |header: &[u8]| {
        let side = |at| u32::from(u16::from_be_bytes([header[at], header[at + 1]]));
        side(5) * side(7)
    };
    headers.map(size).max().unwrap_or(0)
}

/// Numbers that look random and are the same each time (Knuth's MMIX generator).
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        self.0 >> 33
    }

    fn below(&mut self, limit: usize) -> usize {
        usize::try_from(self.next()).unwrap_or(0) % limit.max(1)
    }

    fn byte(&mut self) -> u8 {
        self.next().to_le_bytes()[0]
    }

    fn pick<T: Copy>(&mut self, from: &[T]) -> T {
        from[self.below(from.len())]
    }
}

fn generate(photo: &[Piece], random: &mut Random) -> Vec<u8> {
    let mut pieces = photo.to_vec();
    for _ in 0..=random.below(2) {
        change(&mut pieces, random);
    }
    let mut bytes = vec![0xFF, 0xD8];
    for piece in &pieces {
        piece.write(&mut bytes);
    }
    if random.below(60) > 0 {
        bytes.extend([0xFF, 0xD9]);
    }
    bytes
}

fn change(pieces: &mut Vec<Piece>, random: &mut Random) {
    if pieces.is_empty() {
        return;
    }
    let at = random.below(pieces.len());
    let to = random.below(pieces.len());
    match random.below(13) {
        0 => drop(pieces.remove(at)),
        1 => pieces.swap(at, to),
        2 => pieces.insert(to, pieces[at].clone()),
        3 => pieces[at].length = Some(u16::from(random.byte() % 6)),
        4 => {
            let wrong = random.pick(&[-2, -1, 1, 2]);
            pieces[at].length = pieces[at].length.and_then(|right| right.checked_add_signed(wrong));
        }
        5 => pieces.insert(at, inserted(random)),
        6 | 7 => change_body(&mut pieces[at], random),
        8 => of_kind(pieces, random, |marker| matches!(marker, 0xC0..=0xC2), change_frame),
        9 | 10 => of_kind(pieces, random, |marker| marker == 0xDA, change_scan),
        11 => of_kind(pieces, random, |marker| matches!(marker, 0xC4 | 0xDB), change_table),
        _ => of_kind(pieces, random, |marker| marker == 0xDA, repeat_scan_component),
    }
}

/// Changes one of the pieces of a kind, if there is one.
fn of_kind(
    pieces: &mut [Piece],
    random: &mut Random,
    is_kind: fn(u8) -> bool,
    change: fn(&mut Piece, &mut Random),
) {
    let mut these: Vec<_> = pieces.iter_mut().filter(|piece| is_kind(piece.marker)).collect();
    if !these.is_empty() {
        let at = random.below(these.len());
        change(these[at], random);
    }
}

/// A segment that decoders meet, in a good or a bad form.
fn inserted(random: &mut Random) -> Piece {
    let bytes: Vec<u8> =
        (0..random.below(6)).map(|_| random.pick(&[0, 1, 2, 4, 16, 32, 63, 200])).collect();
    match random.below(10) {
        0..=2 => Piece::new(0xCC, bytes),
        3 => Piece::new(
            0xCC,
            vec![random.pick(&[0x00, 0x03, 0x10, 0x13, 0x1F, 0x20]), random.byte()],
        ),
        4 => Piece::new(0xDC, bytes),
        5 => Piece::new(0xDD, bytes),
        6 => Piece::bare(random.pick(&[0x01, 0xD0, 0xD7])),
        7 => Piece::new(random.pick(&[0xE0, 0xE1, 0xE2, 0xEE, 0xEF, 0xFE]), bytes),
        8 => Piece::new(random.pick(&[0x02, 0xBF, 0xC8, 0xDE, 0xDF, 0xF0, 0xF7, 0xFD]), bytes),
        _ => Piece::new(random.pick(&[0xC0, 0xC3, 0xC5, 0xC9, 0xCD]), bytes),
    }
}

/// Changes a byte, or the number of bytes.
fn change_body(piece: &mut Piece, random: &mut Random) {
    let at = random.below(piece.body.len());
    match random.below(4) {
        0 => {
            piece.body.push(random.byte());
            *piece = Piece {
                entropy: piece.entropy.clone(),
                ..Piece::new(piece.marker, piece.body.clone())
            };
        }
        1 => {
            piece.body.pop();
            *piece = Piece {
                entropy: piece.entropy.clone(),
                ..Piece::new(piece.marker, piece.body.clone())
            };
        }
        2 => piece.body.iter_mut().skip(at).take(1).for_each(|byte| *byte = random.byte()),
        _ => {
            let near = random.pick(&[1, 0xFF, 2, 0x10, 0xF0]);
            piece.body.iter_mut().skip(at).take(1).for_each(|byte| *byte = byte.wrapping_add(near));
        }
    }
}

/// Sets the size, the sampling factors, the numbers or the precision of a frame.
fn change_frame(piece: &mut Piece, random: &mut Random) {
    let components = piece.body.len().saturating_sub(6) / 3;
    let first = 6 + 3 * random.below(components);
    let (at, value) = match random.below(5) {
        0 => {
            let side = random.pick(&[0_u16, 1, 8, 65_500, 65_501, 65_535]).to_be_bytes();
            let other = random.pick(&[1_u16, 8, 16]).to_be_bytes();
            let sides = [[side, other], [other, side]][random.below(2)].concat();
            piece.body.iter_mut().skip(1).zip(sides).for_each(|(byte, new)| *byte = new);
            return;
        }
        1 | 2 => (first + 1, random.pick(&[1, 2, 3, 4]) << 4 | random.pick(&[1, 2, 3, 4])),
        3 => (first, random.pick(&[0, 1, 2, 3, 82])),
        _ => (random.pick(&[0, 5]), random.pick(&[0, 1, 2, 3, 4, 5, 8, 12])),
    };
    piece.body.iter_mut().skip(at).take(1).for_each(|byte| *byte = value);
}

/// Swaps, drops or renumbers components of a scan, or sets its parameters.
fn change_scan(piece: &mut Piece, random: &mut Random) {
    let count = piece.body.len().saturating_sub(4) / 2;
    if count == 0 {
        return;
    }
    let (one, other) = (1 + 2 * random.below(count), 1 + 2 * random.below(count));
    match random.below(5) {
        0 => {
            piece.body.swap(one, other);
            piece.body.swap(one + 1, other + 1);
        }
        1 => piece.body[one] = random.pick(&[0, 1, 2, 3, 4]),
        2 if count > 1 => {
            piece.body.drain(one..one + 2);
            piece.body[0] -= 1;
            piece.length = u16::try_from(piece.body.len() + 2).ok();
        }
        3 => piece.body[one + 1] = random.pick(&[0x00, 0x11, 0x22, 0x40, 0x04, 0x01]),
        _ => {
            let at = piece.body.len() - 1 - random.below(3);
            piece.body[at] = random.pick(&[0, 1, 5, 63, 64, 0x10, 0x21, 0x0D, 0x0E]);
        }
    }
}

/// Names one component of a scan twice.
fn repeat_scan_component(piece: &mut Piece, random: &mut Random) {
    let count = piece.body.len().saturating_sub(4) / 2;
    if count == 0 || count > 4 {
        return;
    }
    let one = 1 + 2 * random.below(count);
    let copy = [piece.body[one], piece.body[one + 1]];
    piece.body.splice(one..one, copy);
    piece.body[0] += 1;
    piece.length = u16::try_from(piece.body.len() + 2).ok();
}

/// Changes a table's number or one of the counts that follow it.
fn change_table(piece: &mut Piece, random: &mut Random) {
    let at = random.below(piece.body.len().min(17));
    let value = random.pick(&[0, 1, 2, 3, 4, 0x10, 0x13, 0x14, 0x20, 0xFF]);
    piece.body.iter_mut().skip(at).take(1).for_each(|byte| *byte = value);
}
