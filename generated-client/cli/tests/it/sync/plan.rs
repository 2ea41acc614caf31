//! Everything is validated before anything is sent, and told.

use std::fs;

use graph_photo_emulator::AccessToken;
use insta::assert_snapshot;
use serde_json::{Value, json};

use super::{FAST, Site, lines, photo, targets};

fn mixed(name: &str) -> Site {
    let site = Site::new(name);
    site.write("in/good.jpg", photo(1));
    site.write("in/bad.jpg", b"\x89PNG\r\n\x1a\n");
    let rows =
        ["a@x.com,good.jpg", "b@x.com,bad.jpg", "c@x.com,gone.jpg", "d@x.com,", "e,good.jpg"];
    site.write("in/people.csv", format!("user,file\n{}\n", rows.join("\n")));
    site
}

#[test]
fn a_refused_row_stops_the_run_before_anything_is_sent() {
    let site = mixed("refused");
    for dry in [&[][..], &["--dry-run"]] {
        let run = site.expect(2, &[&["in/people.csv"], dry].concat());
        assert_snapshot!("plan_with_refused_rows", run.stdout);
        assert_snapshot!("refused_rows", run.stderr);
    }
    assert_eq!(site.requests(), 0);
    assert!(!site.path("in/people.csv.journal.sqlite").exists());
    assert_eq!(fs::read_dir(site.path("in")).unwrap().count(), 3, "nothing is left behind");
}

#[test]
fn refused_rows_are_skipped_if_asked_for() {
    let site = mixed("skipped");
    let run = site.expect(3, &["in/people.csv", "--skip-invalid", "--json"]);
    let (photos, summary) = lines(&run);
    assert_eq!(targets(&photos, "stored"), ["/users/a@x.com"]);
    assert_eq!(targets(&photos, "refused"), ["/users/b@x.com", "/users/c@x.com", "e"]);
    assert_eq!(targets(&photos, "withoutFile"), ["/users/d@x.com"]);
    assert_eq!(
        json!([summary["stored"], summary["refused"], summary["exitCode"]]),
        json!([1, 3, 3])
    );
    let rows = site.journal("in/people.csv.journal.sqlite", "target, state, reason LIKE '%PNG%'");
    assert_eq!(
        rows,
        [
            ["/users/a@x.com", "stored", "NULL"],
            ["/users/b@x.com", "refused", "1"],
            ["/users/c@x.com", "refused", "0"]
        ]
    );
}

#[test]
fn a_dry_run_needs_no_token_and_leaves_nothing() {
    let site = Site::new("dry");
    site.write_photos("in", 3);
    let mut program = site.program(&["in", "--dry-run"]);
    let run = super::Run::from(program.env_remove("GRAPH_ACCESS_TOKEN").output().unwrap());
    assert_eq!((run.code, run.stderr.as_str()), (Some(0), ""));
    assert_snapshot!(run.stdout);
    assert_eq!((site.requests(), fs::read_dir(&site.dir).unwrap().count()), (0, 1));
    let mut program = site.program(&["in"]);
    let run = super::Run::from(program.env_remove("GRAPH_ACCESS_TOKEN").output().unwrap());
    assert_eq!(run.code, Some(2));
    assert!(run.stderr.contains("there is no access token"), "{}", run.stderr);
}

#[test]
fn new_changed_and_unchanged_photos_are_told_apart() {
    let site = Site::new("changes");
    site.write_photos("in", 3);
    site.expect(0, &[&["in"], &FAST[..]].concat());
    site.write("in/u0@contoso.com.jpg", photo(100));
    site.write("in/new@contoso.com.jpg", photo(101));
    let (photos, _) = lines(&site.expect(0, &["in", "--dry-run", "--json"]));
    let change = |word: &str| {
        let of: Vec<&Value> = photos.iter().filter(|line| line["change"] == word).collect();
        of.iter().map(|line| line["target"].as_str().unwrap()).collect::<Vec<_>>().join(" ")
    };
    assert_eq!(change("new"), "/users/new@contoso.com");
    assert_eq!(change("changed"), "/users/u0@contoso.com");
    assert_eq!(change("unchanged"), "/users/u1@contoso.com /users/u2@contoso.com");
    site.expect(0, &[&["in"], &FAST[..]].concat());
    assert_eq!(site.stored().len(), 3 + 2);
    site.expect(0, &[&["in", "--force"], &FAST[..]].concat());
    assert_eq!(site.stored().len(), 5 + 4);
}

#[test]
fn what_the_token_cannot_allow_is_refused_like_a_bad_row() {
    let mut site = Site::new("claims");
    site.write("a.jpg", photo(1));
    site.write("people.csv", "/me,a.jpg\n/users/a@x.com,a.jpg\n/groups/G,a.jpg\n");
    let run = site.expect(2, &["people.csv"]);
    let reason = "refused: /me (line 1, `a.jpg`): an app-only token has no signed-in user";
    assert!(run.stdout.contains(reason), "{}", run.stdout);
    site.sign_in(&AccessToken::application(["Contacts.ReadWrite"]));
    let run = site.expect(2, &["people.csv", "--dry-run"]);
    assert_eq!(run.stdout.matches("refused: ").count(), 3, "{}", run.stdout);
    assert!(run.stdout.contains("User.ReadWrite.All"), "{}", run.stdout);
    let expired = AccessToken::application(["User.ReadWrite.All"]);
    let hours_ago = std::time::SystemTime::now() - std::time::Duration::from_secs(7200);
    site.sign_in(&expired.expires_at(hours_ago));
    let run = site.expect(2, &["people.csv"]);
    assert!(run.stderr.contains("the token expired"), "{}", run.stderr);
    assert_eq!(site.requests(), 0);
}

#[test]
fn a_token_that_no_request_can_use_is_told_after_the_plan() {
    let mut site = Site::new("hopeless");
    site.write_photos("in", 2);
    let token = || AccessToken::application(["User.ReadWrite.All"]);
    let hours = std::time::Duration::from_secs(7200);
    let now = std::time::SystemTime::now();
    site.sign_in(&token().expires_at(now - hours));
    let run = site.expect(2, &["in"]);
    assert!(run.stdout.starts_with("Plan: 2 photos"), "{}", run.stdout);
    assert!(run.stderr.starts_with("error: the token expired at "), "{}", run.stderr);
    let remedy = "; get a new one and run the same command again\n";
    assert!(run.stderr.ends_with(remedy), "{}", run.stderr);
    let run = site.expect(2, &["in", "--json"]);
    let (mut photos, summary) = lines(&run);
    let error = photos.pop().unwrap();
    assert_eq!(error["error"]["kind"], "unauthorized", "{error}");
    assert_eq!(targets(&photos, "planned").len(), 2);
    assert_eq!(json!([summary["notSent"], summary["exitCode"]]), json!([2, 2]));
    assert_eq!(summary["stopped"], error["error"]["message"]);
    assert!(!site.path("in.journal.sqlite").exists());
    assert_eq!(site.requests(), 0);
}

#[test]
fn a_run_that_ends_before_its_plan_has_a_summary_too() {
    let site = Site::new("early");
    site.write_photos("in", 1);
    site.write("text.sqlite", "this is a text, and long enough to be taken for one ".repeat(20));
    for (args, code) in [
        (&["missing"][..], 2),
        (&["-"], 2),
        (&["in", "--journal", "in"], 2),
        (&["in", "--token-file", "missing"], 2),
        (&["in", "--journal", "text.sqlite"], 1),
    ] {
        let run = site.expect(code, &[args, &["--json"]].concat());
        let (errors, summary) = lines(&run);
        let [error] = &errors[..] else { panic!("{args:?}: {}", run.stdout) };
        let message = &error["error"]["message"];
        assert_eq!(json!([summary["stopped"], summary["exitCode"]]), json!([message, code]));
        assert_eq!(json!([summary["stored"], summary["notSent"]]), json!([0, 0]));
    }
}

#[test]
fn every_line_of_json_has_the_same_fields() {
    let site = mixed("fields");
    site.write("in/notes.txt", "");
    let (mut photos, summary) =
        lines(&site.expect(3, &["in/people.csv", "--skip-invalid", "--json"]));
    let (more, _) = lines(&site.expect(2, &["in", "--json", "--dry-run"]));
    photos.extend(more);
    let keys = |value: &Value| value.as_object().unwrap().keys().cloned().collect::<Vec<_>>();
    for line in &photos {
        assert_eq!(keys(line), keys(&photos[0]), "{line}");
    }
    assert_snapshot!("fields_of_lines", keys(&photos[0]).join("\n"));
    assert_snapshot!("fields_of_the_summary", keys(&summary).join("\n"));
}

#[test]
fn image_data_that_ends_early_is_noted_and_with_fix_refused() {
    let site = Site::new("damaged");
    let whole = include_bytes!("../../../../../tests/fixtures/baseline.jpg");
    site.write("in/a@x.com.jpg", [&whole[..whole.len() / 2], b"\xFF\xD9"].concat());
    let words = "its image data ends early";
    for args in [&["in", "--dry-run"][..], &["in"]] {
        let run = site.expect(0, args);
        let line = "\nnote: /users/a@x.com (`a@x.com.jpg`): the photo is damaged: ";
        assert!(run.stdout.contains(&format!("{line}{words}")), "{}", run.stdout);
    }
    let refused = site.expect(2, &["in", "--fix", "--dry-run"]);
    assert!(refused.stdout.contains(words), "{}", refused.stdout);
}

#[test]
fn pictures_are_made_to_fit() {
    let site = Site::new("fix");
    let png = include_bytes!("../../../../../tests/fixtures/look-alike.png");
    site.write("in/a@x.com.png", png);
    site.write("in/b@x.com.jpg", photo(1));
    site.expect(2, &["in", "--fix", "--max-bytes", "1"]);
    let run = site.run(&[&["in", "--fix", "--json", "--skip-invalid"], &FAST[..]].concat());
    let (photos, _) = lines(&run);
    let line = photos.iter().find(|line| line["target"] == "/users/b@x.com").unwrap();
    assert_eq!(line["state"], "stored");
    assert!(line["fit"].as_str().unwrap().starts_with("max-side=648 "), "{line}");
    assert_eq!(line["sha256"], line["sourceSha256"], "a photo that fits is passed on untouched");
    let again = site.run(&["in", "--fix", "--json", "--skip-invalid"]);
    assert!(targets(&lines(&again).0, "unchanged").contains(&"/users/b@x.com".into()));
}
