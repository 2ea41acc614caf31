//! What was sent is known, and not sent again.

use std::{
    fs,
    process::{Command, Stdio},
    time::Duration,
};

use graph_photo_emulator::{Fault, Rule};
use rusqlite::Connection;

use super::{FAST, Site, lines, photo, targets};

/// The claims `{"aud":"https://graph.microsoft.com","tid":"other","idtyp":"app",
/// "roles":["User.ReadWrite.All"]}`.
const OTHER_TENANT: &str = "e30.eyJhdWQiOiJodHRwczovL2dyYXBoLm1pY3Jvc29mdC5jb20iLCJ0aWQiOiJvdGhlciIsImlkdHlwIjoiYXBwIiwicm9sZXMiOlsiVXNlci5SZWFkV3JpdGUuQWxsIl19.emulator";

#[test]
fn the_view_reads_like_a_report() {
    let site = Site::new("view");
    site.write_photos("in", 2);
    let gone = Fault::status(404).code("ErrorItemNotFound");
    site.emulator.fail_with(Rule::new(gone).target("/users/u1@contoso.com"));
    site.expect(3, &[&["in"], &FAST[..]].concat());
    let columns = "target, file, state, reason LIKE 'Graph answered 404%', status, code, \
                   request_id LIKE '00000000-%', length(client_request_id), attempts, bytes, \
                   length(sha256), sha256 = source_sha256, fit, started LIKE '20__-__-__T%Z', \
                   finished >= started";
    let rest = ["36", "1", "3734", "64", "1", "NULL", "1", "1"];
    let row = |start: [&'static str; 7]| [&start[..], &rest[..]].concat();
    assert_eq!(
        site.journal("in.journal.sqlite", columns),
        [
            row([
                "/users/u0@contoso.com",
                "u0@contoso.com.jpg",
                "stored",
                "NULL",
                "200",
                "NULL",
                "1"
            ]),
            row([
                "/users/u1@contoso.com",
                "u1@contoso.com.jpg",
                "failed",
                "1",
                "404",
                "ErrorItemNotFound",
                "1"
            ]),
        ]
    );
    let journal = Connection::open(site.path("in.journal.sqlite")).unwrap();
    let meta = |key: &str| -> String {
        journal.query_row("SELECT value FROM meta WHERE key = ?", [key], |row| row.get(0)).unwrap()
    };
    assert_eq!((meta("version"), meta("shard")), ("1".into(), "1/1".into()));
    assert_eq!(meta("base_url"), site.emulator.base_url());
    assert_eq!(meta("photos"), site.path("in").to_string_lossy());
    let schema: String = journal
        .query_row("SELECT sql FROM sqlite_schema WHERE name = 'photos'", (), |row| row.get(0))
        .unwrap();
    assert!(schema.contains("-- whose photo it is"), "{schema}");
}

#[test]
fn a_resume_sends_what_failed_and_nothing_else() {
    let site = Site::new("resume");
    site.write_photos("in", 10);
    site.emulator.fail_with(Rule::new(Fault::status(404)).every(3).times(3));
    let run = site.expect(3, &[&["in"], &FAST[..]].concat());
    assert_eq!(run.stderr.matches("error: /users/u").count(), 3, "{}", run.stderr);
    assert!(run.stdout.contains("\n  3 x "), "{}", run.stdout);
    assert!(run.stdout.contains("To go on: graph-photo sync in "), "{}", run.stdout);
    assert_eq!(site.stored().len(), 7);
    site.expect(0, &[&["in"], &FAST[..]].concat());
    assert_eq!((site.stored().len(), site.requests()), (10, 13));
    site.expect(0, &["in"]);
    assert_eq!(site.requests(), 13);
    site.assert_all_stored("in", 10);
    let attempts: Vec<String> =
        site.journal("in.journal.sqlite", "attempts").into_iter().flatten().collect();
    assert_eq!(attempts.iter().filter(|attempts| *attempts == "2").count(), 3);
}

#[test]
fn a_journal_is_for_one_tenant_and_one_graph() {
    let mut site = Site::new("tenant");
    site.write_photos("in", 1);
    site.expect(0, &["in"]);
    let own = std::mem::replace(&mut site.token, OTHER_TENANT.to_owned());
    let run = site.expect(2, &["in"]);
    assert!(run.stderr.contains("the journal is one of the tenant `"), "{}", run.stderr);
    assert!(run.stderr.contains("but this run is for `other`"), "{}", run.stderr);
    site.token = own;
    let args = ["in", "--base-url", "http://127.0.0.1:2/v1.0"];
    let mut program = super::program(&[&["sync"], &args[..]].concat());
    let program = program.current_dir(&site.dir).env("GRAPH_ACCESS_TOKEN", &site.token);
    let run = super::Run::from(program.output().unwrap());
    assert_eq!(run.code, Some(2));
    assert!(run.stderr.contains("the journal is one of the base URL `"), "{}", run.stderr);
    assert_eq!(site.requests(), 1);
}

#[test]
fn what_is_no_journal_is_not_touched() {
    let site = Site::new("damaged");
    site.write_photos("in", 1);
    site.write("text.sqlite", "this is a text, and long enough to be taken for one ".repeat(20));
    Connection::open(site.path("other.sqlite"))
        .unwrap()
        .execute_batch("CREATE TABLE t(x)")
        .unwrap();
    site.expect(0, &["in", "--journal", "cut.sqlite"]);
    let whole = fs::read(site.path("cut.sqlite")).unwrap();
    site.write("cut.sqlite", &whole[..whole.len() / 2]);
    let newer = site.path("newer.sqlite");
    site.write("newer.sqlite", &whole);
    Connection::open(&newer).unwrap().pragma_update(None, "user_version", 2).unwrap();
    let requests = site.requests();
    for (journal, words) in [
        ("text.sqlite", "damaged or no journal"),
        ("other.sqlite", "a database of another program"),
        ("cut.sqlite", "damaged"),
        ("newer.sqlite", "version 2"),
        ("missing/j.sqlite", "--journal"),
    ] {
        let before = fs::read(site.path(journal)).ok();
        let run = site.expect(1, &["in", "--journal", journal]);
        assert!(run.stderr.contains(words), "{journal}: {}", run.stderr);
        assert_eq!(fs::read(site.path(journal)).ok(), before, "{journal}");
    }
    assert_eq!(site.requests(), requests);
}

/// What a kill or a full disk leaves while a journal is created, and what `mktemp` makes.
#[test]
fn a_journal_that_was_never_begun_is_begun() {
    let site = Site::new("begun");
    site.write_photos("in", 1);
    site.write("empty.sqlite", "");
    let page = Connection::open(site.path("page.sqlite")).unwrap();
    page.pragma_update(None, "journal_mode", "WAL").unwrap();
    drop(page);
    assert_eq!(fs::metadata(site.path("page.sqlite")).unwrap().len(), 4096);
    for journal in ["empty.sqlite", "page.sqlite"] {
        site.expect(0, &["in", "--journal", journal, "--dry-run"]);
        let mut report = super::program(&["report", journal]);
        let report = super::Run::from(report.current_dir(&site.dir).output().unwrap());
        assert_eq!(report.code, Some(2));
        assert!(report.stderr.contains("it is empty"), "{journal}: {}", report.stderr);
        site.expect(0, &["in", "--journal", journal]);
        assert_eq!(site.journal(journal, "state"), [["stored"]], "{journal}");
    }
}

/// A kill in the middle of a write leaves a journal of SQLite's own, with what was there before.
#[test]
fn a_write_that_was_cut_off_is_taken_back() {
    let site = Site::new("hot");
    site.write_photos("in", 1);
    let other = Connection::open(site.path("other.sqlite")).unwrap();
    other.execute_batch("PRAGMA cache_size = 1; PRAGMA cache_spill = 1; BEGIN;").unwrap();
    other.execute_batch("CREATE TABLE t(x); INSERT INTO t VALUES (zeroblob(90000));").unwrap();
    for ending in ["", "-journal"] {
        let path = site.path(&format!("other.sqlite{ending}"));
        fs::copy(path, site.path(&format!("hot.sqlite{ending}"))).unwrap();
    }
    assert!(fs::metadata(site.path("hot.sqlite")).unwrap().len() > 0);
    site.expect(0, &["in", "--journal", "hot.sqlite"]);
    assert_eq!(site.journal("hot.sqlite", "state"), [["stored"]]);
}

/// Where SQLite cannot use a write-ahead log, it uses such a journal of its own.
#[test]
fn a_report_leaves_out_a_write_that_was_cut_off() {
    let site = Site::new("hot-report");
    site.write_photos("in", 1);
    site.expect(0, &["in", "--journal", "whole.sqlite"]);
    let whole = Connection::open(site.path("whole.sqlite")).unwrap();
    whole.pragma_update(None, "journal_mode", "DELETE").unwrap();
    let write = "PRAGMA cache_size = 1; PRAGMA cache_spill = 1; BEGIN;
        UPDATE photo SET state = 'failed'; INSERT INTO meta VALUES ('x', zeroblob(90000));";
    whole.execute_batch(write).unwrap();
    for ending in ["", "-journal"] {
        let path = site.path(&format!("whole.sqlite{ending}"));
        fs::copy(path, site.path(&format!("hot.sqlite{ending}"))).unwrap();
    }
    let before = fs::read(site.path("hot.sqlite")).unwrap();
    let report = super::program(&["report", "--json"]).arg(site.path("hot.sqlite")).output();
    let report = super::Run::from(report.unwrap());
    assert_eq!(report.code, Some(0), "{}", report.stderr);
    assert_eq!(report.json()["counts"], serde_json::json!({ "stored": 1 }));
    assert_eq!(fs::read(site.path("hot.sqlite")).unwrap(), before);
}

#[test]
fn a_folder_is_no_journal() {
    let site = Site::new("folder");
    site.write_photos("in", 1);
    for journal in ["in", "in/"] {
        let run = site.expect(2, &["in", "--journal", journal]);
        assert!(run.stderr.contains("it is a folder; name a file"), "{}", run.stderr);
    }
    assert!(!site.path("in-lock").exists() && !site.path("in/-lock").exists());
}

#[cfg(unix)]
#[test]
fn a_journal_has_one_lock_whatever_its_name() {
    let site = Site::new("link");
    site.write_photos("in", 1);
    site.expect(0, &["in", "--journal", "journal.sqlite"]);
    std::os::unix::fs::symlink("journal.sqlite", site.path("link.sqlite")).unwrap();
    site.write_photos("in", 2);
    site.emulator.fail_next(1, Fault::silence());
    let mut first = site.program(&["in", "--journal", "journal.sqlite"]);
    let mut first = first.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    assert!(site.emulator.wait_for(2, Duration::from_secs(60)));
    let run = site.expect(1, &["in", "--journal", "link.sqlite"]);
    assert!(run.stderr.contains(&format!("process {} on ", first.id())), "{}", run.stderr);
    let report = || {
        super::Run::from(
            super::program(&["report"]).arg(site.path("link.sqlite")).output().unwrap(),
        )
    };
    assert_eq!(report().code, Some(1));
    first.kill().unwrap();
    first.wait().unwrap();
    // What the killed run wrote last is in SQLite's file beside the journal, not the link.
    assert!(report().stdout.contains("sending"), "{}", report().stdout);
}

#[test]
fn a_second_run_is_told_who_has_the_journal() {
    let site = Site::new("locked");
    site.write_photos("in", 1);
    site.emulator.fail_next(1, Fault::silence());
    let mut first = site.program(&["in"]).stdout(Stdio::null()).spawn().unwrap();
    assert!(site.emulator.wait_for(1, Duration::from_secs(60)));
    let run = site.expect(1, &["in"]);
    assert!(run.stderr.contains(&format!("process {} on ", first.id())), "{}", run.stderr);
    // Whoever reads is welcome all the time.
    assert_eq!(site.journal("in.journal.sqlite", "state"), [["sending"]]);
    first.kill().unwrap();
    first.wait().unwrap();
    site.expect(0, &["in"]);
    assert!(!site.path("in.journal.sqlite-lock").exists());
    assert!(!site.path("in.journal.sqlite-wal").exists());
}

/// Lets SQLite refuse a change of the journal, as on a full disk.
fn refuse(site: &Site, change: &str) {
    let journal = Connection::open(site.path("in.journal.sqlite")).unwrap();
    let trigger =
        format!("CREATE TRIGGER full BEFORE {change} BEGIN SELECT RAISE(ABORT, 'no room'); END");
    journal.execute_batch(&trigger).unwrap();
}

#[test]
fn a_journal_that_cannot_be_written_stops_the_run() {
    let site = Site::new("full");
    site.write_photos("in", 30);
    site.expect(0, &["in", "--limit", "1"]);
    refuse(&site, "UPDATE ON photo WHEN new.target LIKE '%u5@%' AND new.state = 'stored'");
    let run = site.expect(1, &["in", "--transfers", "1", "--json"]);
    let (_, summary) = lines(&run);
    assert!(run.stderr.contains("failed to write the journal"), "{}", run.stderr);
    assert!(summary["notSent"].as_u64().unwrap() > 0, "{summary}");
    assert_eq!(site.stored().last().unwrap(), "/users/u5@contoso.com", "nothing follows it");
    assert_eq!(summary["sending"], 1, "{summary}");
}

/// A photo whose request was never begun is not in doubt.
#[test]
fn what_the_journal_could_not_announce_is_not_sent() {
    let site = Site::new("unannounced");
    site.write_photos("in", 30);
    site.expect(0, &["in", "--limit", "1"]);
    refuse(&site, "UPDATE ON photo WHEN new.target LIKE '%u5@%' AND new.state = 'sending'");
    let run = site.expect(1, &["in", "--transfers", "1", "--json"]);
    let (photos, summary) = lines(&run);
    let stored = site.requests();
    assert_eq!((&summary["sending"], &summary["notSent"]), (&0.into(), &(30 - stored).into()));
    assert_eq!(targets(&photos, "sending"), [""; 0]);
}

/// A limit on the size of files is a full disk that needs no rights: the journal or what SQLite
/// has beside it cannot grow.
#[cfg(unix)]
#[test]
fn a_full_disk_stops_the_run_before_more_is_sent() {
    for (name, blocks, photos) in [("full-at-once", "8", 1), ("full-later", "128", 60)] {
        let site = Site::new(name);
        site.write_photos("in", photos);
        let program = site.program(&[&["in", "--transfers", "1"], &FAST[..]].concat());
        let mut shell = Command::new("sh");
        shell.args(["-c", "trap '' XFSZ; ulimit -f $0; exec \"$@\"", blocks]);
        shell.arg(program.get_program()).args(program.get_args()).current_dir(&site.dir);
        shell.env("GRAPH_ACCESS_TOKEN", &site.token);
        let run = super::Run::from(shell.output().unwrap());
        assert_eq!(run.code, Some(1), "{}{}", run.stdout, run.stderr);
        assert!(run.stderr.contains("failed to write the journal"), "{}", run.stderr);
        assert!(run.stderr.contains("the disk may be full"), "{}", run.stderr);
        let sent = site.requests();
        assert_eq!(sent > 0, photos > 1, "{sent} were sent");
        assert!(sent < photos, "{sent} were sent");
        site.expect(0, &[&["in"], &FAST[..]].concat());
        site.assert_all_stored("in", photos);
        assert!(site.requests() <= photos + 1, "only the last outcome is lost");
    }
}

#[test]
fn a_journal_that_cannot_be_begun_leaves_all_unsent() {
    let site = Site::new("unbegun");
    site.write_photos("in", 3);
    site.expect(0, &["in", "--limit", "1"]);
    refuse(&site, "INSERT ON photo");
    let (mut photos, summary) = lines(&site.expect(1, &["in", "--json"]));
    assert_eq!(photos.pop().unwrap()["error"]["kind"], "system");
    assert_eq!((photos.len(), &summary["notSent"]), (3, &2.into()), "each photo is told of");
    assert_eq!(site.requests(), 1);
}

#[cfg(unix)]
#[test]
fn a_journal_is_for_its_owner_alone_and_has_no_token() {
    use std::os::unix::fs::PermissionsExt as _;
    let site = Site::new("private");
    site.write_photos("in", 3);
    site.expect(0, &[&["in", "-v"], &FAST[..]].concat());
    let path = site.path("in.journal.sqlite");
    assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    let bytes = fs::read(&path).unwrap();
    let piece = &site.token.as_bytes()[40..80];
    assert!(!bytes.windows(piece.len()).any(|window| window == piece));
}

#[test]
fn a_file_that_changes_after_the_plan_is_not_sent() {
    let site = Site::new("touched");
    site.write_photos("in", 3);
    site.emulator.fail_next(1, Fault::delay(Duration::from_secs(1)));
    let mut program = site.program(&["in", "--transfers", "1"]);
    let child = program.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    assert!(site.emulator.wait_for(1, Duration::from_secs(60)));
    site.write("in/u2@contoso.com.jpg", photo(99));
    let run = super::Run::from(child.wait_with_output().unwrap());
    assert_eq!(run.code, Some(3), "{}", run.stderr);
    assert!(run.stderr.contains("/users/u2@contoso.com: the file has changed"), "{}", run.stderr);
    assert_eq!(site.stored().len(), 2);
    site.expect(0, &["in"]);
    assert_eq!(*site.emulator.photo("/users/u2@contoso.com").unwrap(), *photo(99));
}
