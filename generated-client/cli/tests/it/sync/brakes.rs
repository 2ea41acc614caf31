//! A run that can only fail ends.

use std::time::Duration;

use graph_photo_emulator::{Fault, Rule};
use serde_json::Value;

use super::{FAST, Run, Site, lines};

#[test]
fn so_many_equal_refusals_in_a_row_stop_the_run() {
    let site = Site::new("equal");
    site.write_photos("in", 30);
    site.emulator.fail_with(Rule::new(Fault::status(403).code("ErrorAccessDenied")));
    let args = ["in", "--max-errors", "5", "--json"];
    let run = site.expect(1, &[&args, &FAST[..]].concat());
    assert!(run.stderr.contains("error: stopped: "), "{}", run.stderr);
    assert!(run.stderr.contains("`ErrorAccessDenied`"), "{}", run.stderr);
    let (photos, summary) = lines(&run);
    assert!((5..15).contains(&site.requests()), "{}", site.requests());
    assert_eq!(photos.len(), 30, "each photo is told of");
    assert!(summary["stopped"].as_str().unwrap().contains("in a row"), "{summary}");
    let reason = &summary["reasons"][0];
    assert_eq!(reason["code"], "ErrorAccessDenied");
    assert_eq!(reason["count"], summary["failed"]);
    assert!(reason["remedy"].as_str().unwrap().contains("administrator"), "{reason}");
    assert!(summary["resume"].as_str().unwrap().starts_with("graph-photo sync in "), "{summary}");
}

#[test]
fn a_success_between_releases_the_brake() {
    let site = Site::new("released");
    site.write_photos("in", 30);
    site.emulator.fail_with(Rule::new(Fault::status(404)).every(2));
    let run =
        site.expect(3, &[&["in", "--max-errors", "3", "--transfers", "1"], &FAST[..]].concat());
    assert!(!run.stderr.contains("stopped"), "{}", run.stderr);
    assert_eq!(site.requests(), 30);
}

#[test]
fn a_token_that_expires_is_read_again_once_for_all() {
    let site = Site::new("renewed");
    site.write_photos("in", 20);
    site.write("token.txt", &site.token);
    // All that are under way meet the 401 together.
    site.emulator.fail_next(4, Fault::expired_token().delayed(Duration::from_millis(300)));
    let mut program = site.program(&[&["in", "--token-file", "token.txt"], &FAST[..]].concat());
    program.env_remove("GRAPH_ACCESS_TOKEN");
    let output = program.output().unwrap();
    let run = Run::from(output);
    assert_eq!(run.code, Some(0), "{}", run.stderr);
    assert_eq!((site.stored().len(), site.requests()), (20, 24));
    site.assert_all_stored("in", 20);
}

#[test]
fn a_token_that_cannot_be_renewed_ends_the_run_to_be_resumed() {
    let site = Site::new("unrenewed");
    site.write_photos("in", 20);
    site.emulator.fail_with(Rule::new(Fault::expired_token()));
    let run = site.expect(1, &[&["in"], &FAST[..]].concat());
    assert!(run.stderr.contains("Graph does not take the token"), "{}", run.stderr);
    assert!(site.requests() < 20, "{}", site.requests());
    site.emulator.reset();
    site.expect(0, &[&["in"], &FAST[..]].concat());
    site.assert_all_stored("in", 20);
}

/// Runs it where no server listens; the photos that it tells of, and the summary.
fn without_network(site: &Site, args: &[&str]) -> (Run, Vec<Value>, Value) {
    let url = ["--base-url", "http://127.0.0.1:1/v1.0"];
    let mut program = super::program(&[&["sync", "in", "--json"], args, &url].concat());
    let program = program.current_dir(&site.dir).env("GRAPH_ACCESS_TOKEN", &site.token);
    let run = Run::from(program.output().unwrap());
    assert_eq!(run.code, Some(1), "{}", run.stderr);
    let (photos, summary) = lines(&run);
    (run, photos, summary)
}

#[test]
fn without_a_network_the_run_stops_and_its_photos_stay_planned() {
    let site = Site::new("network");
    site.write_photos("in", 30);
    let (run, photos, summary) = without_network(&site, &["--max-retries", "0"]);
    assert!(
        run.stderr.contains("error: stopped: the network seems to be gone: "),
        "{}",
        run.stderr
    );
    assert!(!run.stderr.contains("error: /users/"), "{}", run.stderr);
    assert_eq!(photos.len(), 30);
    assert!(photos.iter().all(|line| line["state"] == "planned"));
    assert_eq!((&summary["notSent"], &summary["failed"]), (&30.into(), &0.into()));
    assert!(summary["requests"].as_u64().unwrap() <= 4, "{summary}");
    assert!(summary["resume"].as_str().unwrap().starts_with("graph-photo sync in "), "{summary}");
    assert_eq!(site.journal("in.journal.sqlite", "DISTINCT state"), [["planned"]]);
}

#[test]
fn the_run_waits_for_the_network_and_not_each_photo() {
    let site = Site::new("network-wait");
    site.write_photos("in", 30);
    let (run, _, summary) = without_network(&site, &[]);
    assert!(run.stderr.contains("no connection; waiting"), "{}", run.stderr);
    assert_eq!((&summary["notSent"], &summary["failed"]), (&30.into(), &0.into()));
    // Those that were under way in the beginning, and one for each hold.
    assert!((5..=8).contains(&summary["requests"].as_u64().unwrap()), "{summary}");
    assert!(summary["waitedSeconds"].as_f64().unwrap() > 14.0, "{summary}");
}

#[test]
fn a_network_that_comes_back_costs_no_photo() {
    let site = Site::new("network-back");
    site.write_photos("in", 20);
    // Late, so that four are under way when the first one breaks: of six in a row, the run would
    // conclude that there is no network.
    site.emulator.fail_next(6, Fault::reset_before_body().delayed(Duration::from_secs(1)));
    let run = site.expect(0, &[&["in", "--max-retries", "1"], &FAST[..]].concat());
    assert!(!run.stderr.contains("error: "), "{}", run.stderr);
    assert_eq!((site.stored().len(), site.requests()), (20, 26));
}
