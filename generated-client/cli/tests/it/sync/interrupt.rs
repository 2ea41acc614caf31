//! Ctrl-C lets what is under way finish; a second one drops it.

use std::{
    os::unix::process::ExitStatusExt as _,
    process::{Child, Command, Stdio},
    time::Duration,
};

use graph_photo_emulator::Fault;

use super::{FAST, Run, Site, lines};

const PATIENCE: Duration = Duration::from_secs(60);

fn start(site: &Site, args: &[&str]) -> Child {
    let mut program = site.program(&[&["in"], args, &FAST].concat());
    program.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
}

fn interrupt(child: &Child) {
    let id = child.id().to_string();
    assert!(Command::new("kill").args(["-s", "INT", &id]).status().unwrap().success());
}

#[test]
fn one_interrupt_waits_for_the_photos_under_way() {
    let site = Site::new("interrupt");
    site.write_photos("in", 10);
    site.emulator.fail_next(2, Fault::delay(Duration::from_millis(1500)));
    let child = start(&site, &["--transfers", "2", "--json"]);
    assert!(site.emulator.wait_for(2, PATIENCE));
    interrupt(&child);
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.signal(), Some(2));
    let run = Run::from(output);
    let (photos, summary) = lines(&run);
    assert_eq!((site.stored().len(), site.requests()), (2, 2));
    assert_eq!(summary["stored"], 2);
    assert_eq!((&summary["notSent"], &summary["exitCode"]), (&8.into(), &130.into()));
    assert_eq!(photos.len(), 10);
    assert!(run.stderr.contains("Ctrl-C again drops them"), "{}", run.stderr);
    assert!(run.stderr.contains("error: interrupted"), "{}", run.stderr);
    assert!(summary["resume"].as_str().unwrap().contains("sync in "), "{summary}");
    site.expect(0, &[&["in"], &FAST[..]].concat());
    assert_eq!(site.requests(), 10);
}

#[test]
fn a_second_interrupt_drops_them() {
    let site = Site::new("interrupt-twice");
    site.write_photos("in", 10);
    site.emulator.fail_next(2, Fault::silence());
    let child = start(&site, &["--transfers", "2", "--json"]);
    assert!(site.emulator.wait_for(2, PATIENCE));
    interrupt(&child);
    std::thread::sleep(Duration::from_millis(500));
    interrupt(&child);
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.signal(), Some(2));
    // Graph may have them.
    let (photos, summary) = lines(&Run::from(output));
    let sending: Vec<_> = photos.iter().filter(|line| line["state"] == "sending").collect();
    assert_eq!((photos.len(), sending.len()), (10, 2));
    assert!(sending.iter().all(|line| line["attempts"] == 1 && line["finished"].is_null()));
    assert_eq!((&summary["sending"], &summary["notSent"]), (&2.into(), &8.into()));
    assert_eq!(summary["requests"], 2);
    assert_eq!(site.requests(), 2);
    let states: Vec<String> =
        site.journal("in.journal.sqlite", "state").into_iter().flatten().collect();
    assert_eq!(states.iter().filter(|state| *state == "sending").count(), 2, "{states:?}");
    site.expect(0, &[&["in"], &FAST[..]].concat());
    site.assert_all_stored("in", 10);
}

#[test]
fn a_wait_for_graph_can_be_interrupted() {
    let site = Site::new("interrupt-wait");
    site.write_photos("in", 3);
    site.emulator.fail_next(1, Fault::status(429).retry_after(Duration::from_secs(3600)));
    let child = start(&site, &["--transfers", "1", "--json"]);
    assert!(site.emulator.wait_for(1, PATIENCE));
    std::thread::sleep(Duration::from_millis(500));
    interrupt(&child);
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.signal(), Some(2));
    let run = Run::from(output);
    assert!(run.stderr.contains("throttled for 59 min"), "{}", run.stderr);
    assert!(!run.stderr.contains("error: /users/"), "{}", run.stderr);
    assert_eq!(site.requests(), 1);
    let (photos, summary) = lines(&run);
    assert!(photos.iter().all(|line| line["state"] == "planned"));
    assert_eq!((&summary["notSent"], &summary["failed"]), (&3.into(), &0.into()));
    assert_eq!(summary["requests"], 1);
    assert!(summary["waitedSeconds"].as_f64().unwrap() < 600.0, "{summary}");
    assert_eq!(site.journal("in.journal.sqlite", "DISTINCT state"), [["planned"]]);
}

/// More lines than a pipe holds.
#[test]
fn whoever_does_not_read_does_not_keep_the_run_from_ending() {
    let site = Site::new("interrupt-unread");
    site.write_photos("in", 200);
    let mut child = start(&site, &["--json"]);
    assert!(site.emulator.wait_for(200, PATIENCE));
    interrupt(&child);
    // Standard output stays open meanwhile.
    assert_eq!(child.wait().unwrap().signal(), Some(2));
}
