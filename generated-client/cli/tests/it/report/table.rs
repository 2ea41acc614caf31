//! `--csv`.

use std::{fs, path::Path};

use super::{
    every_state,
    journal::{Journal, Photo},
    report, run,
};

/// The records of the table that a report writes.
fn table(journal: &Journal) -> Vec<Vec<String>> {
    let file = Path::new(journal.path()).with_extension("csv");
    let run = report(&[journal], &["--csv", file.to_str().unwrap()]);
    assert_eq!((run.code, run.stderr.as_str()), (Some(0), ""));
    let bytes = fs::read(file).unwrap();
    let text = bytes.strip_prefix(b"\xEF\xBB\xBF").expect("a byte order mark, for Excel");
    assert!(text.ends_with(b"\r\n"));
    let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(text);
    reader.records().map(|record| record.unwrap().iter().map(str::to_owned).collect()).collect()
}

#[test]
fn has_a_header_and_a_line_for_each_target() {
    let journal = every_state("csv");
    let table = table(&journal);
    assert_eq!(table[0], journal.columns());
    assert_eq!(table.len(), 1 + 7);
    assert_eq!(table[1][..3], ["/users/another@contoso.com", "baseline.jpg", "failed"]);
    assert_eq!(table[1][4..7], ["404", "ErrorItemNotFound", "r-2"]);
    assert_eq!(table[7][..3], ["/users/b@contoso.com", "baseline.jpg", "stored"]);
}

/// So that what failed can be filtered in a spreadsheet, and sent again.
#[test]
fn is_read_by_a_sync() {
    let journal = every_state("csv-source");
    table(&journal);
    let file = Path::new(journal.path()).with_extension("csv");
    let photos = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/fixtures");
    let args = ["--photos", photos.to_str().unwrap(), "--dry-run", "--json"];
    let run = run(&[&["sync", file.to_str().unwrap()], &args[..]].concat());
    assert_eq!((run.code, run.stderr.as_str()), (Some(0), ""), "{}", run.stdout);
    assert_eq!(run.stdout.matches("\"target\":\"/users/").count(), 7, "{}", run.stdout);
}

#[test]
fn keeps_every_text_and_makes_no_formula_of_any() {
    let texts = [
        ("=cmd|' /C calc'!A0", "'=cmd|' /C calc'!A0"),
        ("+1", "'+1"),
        ("-1", "'-1"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\t=1", "'\t=1"),
        ("\r=1", "'\r=1"),
        ("a, \"b\"\r\nc; d", "a, \"b\"\r\nc; d"),
        ("Zoë 写真", "Zoë 写真"),
        ("", ""),
    ];
    for (at, (text, cell)) in texts.into_iter().enumerate() {
        let photo =
            Photo { file: text, reason: Some(text), ..Photo::stored("/users/a@contoso.com") };
        let table = table(&Journal::create(&format!("csv-{at}"), &[photo]));
        assert_eq!((table[1][1].as_str(), table[1][3].as_str()), (cell, cell), "{text:?}");
    }
}
