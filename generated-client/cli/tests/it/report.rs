//! `graph-photo report`.

mod journal;
mod page;
mod table;

use std::{fs, path::Path};

use insta::assert_snapshot;
use serde_json::{Value, json};

use self::journal::{Journal, Photo};
use super::{Run, program, run};

/// Runs the report over journals.
fn report(journals: &[&Journal], options: &[&str]) -> Run {
    let paths: Vec<&str> = journals.iter().map(|journal| journal.path()).collect();
    run(&[&["report"], &paths[..], options].concat())
}

/// One journal with an outcome of each state.
fn every_state(name: &str) -> Journal {
    let failed = |target| Photo {
        state: "failed",
        reason: Some("Graph answered 404 Not Found (ErrorItemNotFound): no such user"),
        status: Some(404),
        code: Some("ErrorItemNotFound"),
        request_id: Some("r-2"),
        ..Photo::stored(target)
    };
    let refused = Photo {
        state: "refused",
        reason: Some("the bytes are a PNG image, not a JPEG; convert it to JPEG first"),
        status: None,
        attempts: 0,
        ..Photo::stored("/users/png@contoso.com")
    };
    Journal::create(
        name,
        &[
            Photo::stored("/users/a@contoso.com"),
            failed("/users/nobody@contoso.com"),
            Photo::stored("/users/b@contoso.com"),
            failed("/users/another@contoso.com"),
            refused,
            Photo { state: "sending", status: None, ..Photo::stored("/users/c@contoso.com") },
            Photo { state: "planned", attempts: 0, ..Photo::stored("/users/d@contoso.com") },
        ],
    )
}

#[test]
fn counts_outcomes_and_reasons() {
    let run = report(&[&every_state("counts")], &[]);
    assert_eq!((run.code, run.stderr.as_str()), (Some(0), ""));
    assert_snapshot!(run.stdout);
}

#[test]
fn a_journal_without_targets_is_reported() {
    let run = report(&[&Journal::create("empty", &[])], &[]);
    assert_eq!((run.code, run.stderr.as_str()), (Some(0), ""));
    assert_snapshot!(run.stdout, @"0 targets of tenant 7d0f at http://127.0.0.1:8080/v1.0");
}

#[test]
fn one_object_tells_everything_as_json() {
    let journal = every_state("json");
    let run = report(&[&journal], &["--json"]);
    assert_eq!((run.code, run.stdout.lines().count()), (Some(0), 1));
    let report = run.json();
    assert_eq!(report["version"], 1);
    assert_eq!(report["targets"], 7);
    let counts = json!({ "failed": 2, "refused": 1, "sending": 1, "planned": 1, "stored": 2 });
    assert_eq!(report["counts"], counts);
    assert_eq!(report["journals"][0]["path"], journal.path());
    let photos = report["photos"].as_array().unwrap();
    let states: Vec<&Value> = photos.iter().map(|photo| &photo["state"]).collect();
    assert_eq!(states.len(), 7);
    assert_eq!(&states[..2], ["failed", "failed"]);
    assert_snapshot!(format!("{:#}\n{:#}", report["reasons"][0], photos[0]));
}

/// The journal keeps why the last request failed, until the photo is sent again.
#[test]
fn what_is_still_to_be_sent_has_no_reason_among_the_commonest() {
    let planned = Photo {
        state: "planned",
        reason: Some("Graph answered 429 Too Many Requests"),
        status: Some(429),
        ..Photo::stored("/users/a@contoso.com")
    };
    let report = report(&[&Journal::create("planned", &[planned])], &["--json"]).json();
    assert_eq!((&report["counts"]["planned"], &report["reasons"]), (&json!(1), &json!([])));
}

/// The columns are those of the view, in camel case.
#[test]
fn json_has_a_field_for_each_column_of_the_view() {
    let journal = every_state("columns");
    let photo = report(&[&journal], &["--json"]).json()["photos"][0].clone();
    let camel_case = |column: &String| {
        let mut words = column.split('_');
        let first = words.next().unwrap().to_owned();
        words.fold(first, |name, word| name + &word[..1].to_uppercase() + &word[1..])
    };
    let expected: Vec<String> = journal.columns().iter().map(camel_case).collect();
    let fields: Vec<&String> = photo.as_object().unwrap().keys().collect();
    assert_eq!(fields, expected.iter().collect::<Vec<_>>());
}

#[test]
fn the_latest_outcome_of_a_target_counts() {
    let target = "/users/a@contoso.com";
    let at = |finished, state| Photo {
        state,
        started: Some("2026-11-26T21:00:00Z"),
        finished: Some(finished),
        ..Photo::stored(target)
    };
    let other = Photo::stored("/users/b@contoso.com");
    let early = Journal::create("early", &[at("2026-11-26T22:00:00Z", "failed"), other]);
    // Later by half a second, though not as text.
    let late = Journal::create("late", &[at("2026-11-26T22:00:00.5Z", "stored")]);
    for journals in [[&early, &late], [&late, &early]] {
        let run = report(&journals, &["--json"]);
        let report = run.json();
        assert_eq!((&report["targets"], &report["superseded"]), (&json!(2), &json!(1)));
        assert_eq!(report["counts"], json!({ "stored": 2 }));
        let note = "note: 1 outcome is left out: another journal has the same target, with an outcome no older\n";
        assert_eq!(run.stderr, note);
    }
    assert_snapshot!(report(&[&early, &late], &[]).stdout);
}

#[test]
fn journals_of_two_tenants_make_no_report() {
    let one = Journal::create("one", &[]);
    let other = Journal::create("other", &[]);
    other.execute("UPDATE meta SET value = 'other' WHERE key = 'tenant'");
    let run = report(&[&one, &other], &[]);
    assert_eq!((run.code, run.stdout.as_str()), (Some(2), ""));
    let folder = concat!(env!("CARGO_TARGET_TMPDIR"), "/");
    assert_snapshot!(run.stderr.replace(folder, ""));
}

#[test]
fn what_is_no_journal_is_refused() {
    let version = Journal::create("version", &[]);
    version.execute("PRAGMA user_version = 2");
    let foreign = Journal::create("foreign", &[]);
    foreign.execute("PRAGMA application_id = 0");
    let table = super::file("report-source.csv", "target,file\n".repeat(100));
    let empty = super::file("report-empty.sqlite", "");
    let missing = Path::new(env!("CARGO_TARGET_TMPDIR")).join("report-missing.sqlite");
    let paths = [Path::new(version.path()), Path::new(foreign.path()), &table, &empty, &missing];
    let messages = paths.map(|path| {
        let run = run(&["report", path.to_str().unwrap()]);
        assert_eq!((run.code, run.stdout.as_str()), (Some(2), ""), "{}", run.stderr);
        run.stderr.replace(concat!(env!("CARGO_TARGET_TMPDIR"), "/"), "")
    });
    assert_snapshot!(messages.concat());
}

#[test]
fn a_damaged_journal_is_told() {
    let many: Vec<Photo> = (0..500).map(|_| Photo::stored("/users/a@contoso.com")).collect();
    let journal = Journal::create("damaged", &many);
    let mut bytes = fs::read(journal.path()).unwrap();
    // All but the first pages, which have the schema and the settings.
    bytes[4 * 4096..].fill(0xA5);
    fs::write(journal.path(), bytes).unwrap();
    let run = report(&[&journal], &[]);
    assert_eq!((run.code, run.stdout.as_str()), (Some(1), ""), "{}", run.stderr);
    assert!(run.stderr.contains("which is damaged; restore it"), "{}", run.stderr);
}

/// Neither the journal of a killed sync, which is in two files, nor one that ended well;
/// nor does a copy stay.
#[test]
fn reading_changes_nothing() {
    let journal = every_state("unchanged");
    let killed = journal.killed("killed");
    let temporary = Path::new(env!("CARGO_TARGET_TMPDIR")).join("report-temporary");
    fs::create_dir_all(&temporary).unwrap();
    for journal in [journal, killed] {
        let folder = Path::new(journal.path()).parent().unwrap();
        let before = contents(folder);
        let mut program = program(&["report", journal.path(), "--json"]);
        let run = Run::from(program.env("TMPDIR", &temporary).output().unwrap());
        assert_eq!(run.json()["targets"], 7, "{}", run.stderr);
        assert_eq!(contents(folder), before);
        assert_eq!(contents(&temporary), []);
    }
}

#[cfg(unix)]
#[test]
fn a_journal_in_use_is_told() {
    use rustix::fs::{FlockOperation, flock};

    let journal = every_state("in-use");
    let lock = format!("{}-lock", journal.path());
    fs::write(&lock, "process 17 on host, since 2026-11-26T22:00:00Z\n").unwrap();
    // Left by a run that was killed: nobody has it.
    assert_eq!(report(&[&journal], &[]).code, Some(0));
    let held = fs::File::open(&lock).unwrap();
    flock(&held, FlockOperation::NonBlockingLockExclusive).unwrap();
    let run = report(&[&journal], &[]);
    assert_eq!((run.code, run.stdout.as_str()), (Some(1), ""));
    for word in ["process 17 on host", "wait until that has ended"] {
        assert!(run.stderr.contains(word), "{}", run.stderr);
    }
}

fn contents(folder: &Path) -> Vec<(std::ffi::OsString, Vec<u8>)> {
    let files = fs::read_dir(folder).unwrap().map(|file| file.unwrap());
    let mut files: Vec<_> =
        files.map(|file| (file.file_name(), fs::read(file.path()).unwrap())).collect();
    files.sort();
    files
}

#[test]
fn no_journal_is_written_over() {
    let journal = every_state("target-of-writing");
    let page = Path::new(journal.path()).with_extension("html");
    let page = page.to_str().unwrap();
    for options in [["--html", journal.path(), "--csv", page], ["--html", page, "--csv", page]] {
        let run = report(&[&journal], &options);
        assert_eq!((run.code, run.stdout.as_str()), (Some(2), ""));
        assert!(run.stderr.contains("give each file another"), "{}", run.stderr);
    }
    assert!(!Path::new(page).exists());
    assert_eq!(report(&[&journal], &[]).code, Some(0));
}

#[test]
fn a_report_that_cannot_be_written_is_named() {
    let journal = every_state("unwritable");
    for option in ["--html", "--csv"] {
        let file = Path::new(journal.path()).parent().unwrap().join("no-such-folder/report");
        let run = report(&[&journal], &[option, file.to_str().unwrap()]);
        assert_eq!((run.code, run.stdout.as_str()), (Some(1), ""));
        let start = format!("error: failed to write the report `{}`: ", file.display());
        assert!(run.stderr.starts_with(&start), "{}", run.stderr);
    }
}

#[cfg(unix)]
#[test]
fn files_are_for_their_owner_alone() {
    use std::os::unix::fs::PermissionsExt as _;

    let journal = every_state("modes");
    let folder = Path::new(journal.path()).parent().unwrap();
    let (page, table) = (folder.join("report.html"), folder.join("report.csv"));
    // One that is there already is replaced, mode and all.
    fs::write(&page, "old").unwrap();
    let options = ["--html", page.to_str().unwrap(), "--csv", table.to_str().unwrap()];
    assert_eq!(report(&[&journal], &options).code, Some(0));
    for file in [&page, &table] {
        assert_eq!(fs::metadata(file).unwrap().permissions().mode() & 0o777, 0o600);
        assert!(fs::metadata(file).unwrap().len() > 100);
    }
    let left = fs::read_dir(folder)
        .unwrap()
        .filter(|file| file.as_ref().unwrap().file_name().to_string_lossy().contains(".tmp"));
    assert_eq!(left.count(), 0);
}

#[cfg(target_os = "linux")]
#[test]
fn a_device_is_written_to_and_a_link_stays() {
    let journal = every_state("devices");
    let run = report(&[&journal], &["--csv", "/dev/stdout", "--html", "/dev/null"]);
    assert_eq!((run.code, run.stderr.as_str()), (Some(0), ""));
    assert!(run.stdout.starts_with("\u{FEFF}target,file,state,"), "{}", run.stdout);
    assert!(run.stdout.contains("7 targets of "), "{}", run.stdout);
    let folder = Path::new(journal.path()).parent().unwrap();
    let (link, file) = (folder.join("link.csv"), folder.join("report.csv"));
    fs::write(&file, "old").unwrap();
    std::os::unix::fs::symlink("report.csv", &link).unwrap();
    assert_eq!(report(&[&journal], &["--csv", link.to_str().unwrap()]).code, Some(0));
    assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
    assert!(fs::metadata(&file).unwrap().len() > 100);
}

#[test]
fn standard_output_and_folders_are_no_files() {
    let journal = Journal::create("no-files", &[Photo::stored("/users/a@contoso.com")]);
    for option in ["--html", "--csv"] {
        let run = report(&[&journal], &[option, "-"]);
        assert_eq!(run.code, Some(2));
        assert!(run.stderr.contains("`-`: - is no file name here; the counts"), "{}", run.stderr);
    }
    let folder = Path::new(journal.path()).parent().unwrap();
    let run = run(&["report", folder.to_str().unwrap()]);
    assert_eq!(run.code, Some(2));
    assert!(run.stderr.contains("it is a folder; name the journal"), "{}", run.stderr);
}
