//! The power may go at any instant.

use std::{process::Stdio, thread, time::Duration};

use graph_photo_emulator::{Fault, Outcome, Rule};

use super::{FAST, Site};

/// How often a run is killed while it creates its journal.
const EARLY_KILLS: u32 = 15;
const PHOTOS: usize = 200;
const KILLS: usize = 5;
const TRANSFERS: usize = 4;

#[test]
fn after_each_kill_only_what_was_under_way_is_sent_again() {
    let site = Site::new("kill");
    site.write_photos("in", PHOTOS);
    site.emulator.fail_with(Rule::new(Fault::status(503).retry_after(Duration::ZERO)).chance(0.02));
    site.emulator.fail_with(Rule::new(Fault::delay(Duration::from_millis(10))));
    let transfers = TRANSFERS.to_string();
    let args = [&["in", "--transfers", &transfers], &FAST[..]].concat();
    for kill in 1..=KILLS {
        let quiet = Stdio::null;
        let mut child = site.program(&args).stdout(quiet()).stderr(quiet()).spawn().unwrap();
        let stored = site.stored().len();
        let is_under_way = || site.stored().len() >= stored + 10 + kill;
        while !is_under_way() && child.try_wait().unwrap().is_none() {
            thread::sleep(Duration::from_millis(7));
        }
        child.kill().unwrap();
        child.wait().unwrap();
    }
    site.expect(0, &args);
    site.assert_all_stored("in", PHOTOS);
    let stored = site.emulator.requests().iter().filter(|it| it.outcome == Outcome::Stored).count();
    assert!(stored <= PHOTOS + KILLS * TRANSFERS, "{} were sent twice", stored - PHOTOS);
    let states = site.journal("in.journal.sqlite", "state");
    assert!(states.len() == PHOTOS && states.iter().all(|row| row == &["stored"]));
}

#[test]
fn a_kill_while_the_journal_is_created_leaves_one_that_can_be_used() {
    let site = Site::new("early-kill");
    site.write_photos("in", 3);
    for kill in 0..EARLY_KILLS {
        let journal = format!("{kill}.sqlite");
        let args = [&["in", "--journal", &journal], &FAST[..]].concat();
        let quiet = Stdio::null;
        let mut child = site.program(&args).stdout(quiet()).stderr(quiet()).spawn().unwrap();
        while !site.path(&journal).exists() && child.try_wait().unwrap().is_none() {
            thread::yield_now();
        }
        thread::sleep(Duration::from_micros(300) * kill);
        child.kill().unwrap();
        child.wait().unwrap();
        site.expect(0, &args);
        assert_eq!(site.journal(&journal, "state"), [["stored"]; 3]);
    }
}
