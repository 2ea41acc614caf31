//! The run waits as Graph says.

use std::time::Duration;

use graph_photo_emulator::{Emulator, Fault, Rule, Throttle};

use super::{FAST, Site, lines, photo};

#[test]
fn the_whole_run_waits_and_nobody_comes_back_early() {
    let site = Site::new("throttled");
    site.write_photos("in", 30);
    let throttled = Fault::status(429).retry_after(Duration::from_secs(1));
    site.emulator.fail_with(Rule::new(throttled).every(8).times(2));
    let run = site.expect(0, &[&["in", "--json"], &FAST[..]].concat());
    let (_, summary) = lines(&run);
    assert_eq!((site.stored().len(), site.requests()), (30, 32));
    assert_eq!(summary["throttled"], 2);
    assert!((1.0..3.0).contains(&summary["waitedSeconds"].as_f64().unwrap()), "{summary}");
    let requests = site.emulator.requests();
    assert!(requests.iter().all(|request| !request.is_early()));
    for (at, throttled) in requests.iter().enumerate().filter(|(_, it)| it.status == Some(429)) {
        let later = &requests[at + 1..];
        // Those under way when Graph said so are answered, and then nothing comes.
        let within = later.iter().filter(|other| {
            other.time > throttled.time + Duration::from_millis(300)
                && other.time < throttled.time + Duration::from_millis(950)
        });
        assert_eq!(within.count(), 0);
    }
}

#[test]
fn people_come_first() {
    let site = Site::new("priority");
    site.write_photos("in", 1);
    site.expect(0, &["in"]);
    assert_eq!(site.emulator.requests()[0].header("x-ms-throttle-priority"), ["low"]);
}

#[test]
fn never_more_than_four_are_sent_for_a_mailbox() {
    let emulator = Emulator::builder().throttle(Throttle::Graph).start().unwrap();
    let mut site = Site::with("mailbox", emulator);
    let token = site.emulator.administrator_token("megan@contoso.com");
    site.sign_in(&token);
    site.write("a.jpg", photo(1));
    let contacts = (0..60).map(|number| format!("/me/contacts/C{number}=,a.jpg\n"));
    site.write("people.csv", contacts.collect::<String>());
    site.emulator.fail_with(Rule::new(Fault::delay(Duration::from_millis(5))).target("/me/*"));
    site.expect(0, &[&["people.csv", "--transfers", "32"], &FAST[..]].concat());
    let requests = site.emulator.requests();
    assert!(requests.iter().all(|request| request.status == Some(200)));
    assert_eq!(requests.len(), 60);
}

#[test]
fn failures_that_pass_are_tried_again_and_others_are_not() {
    let site = Site::new("retries");
    site.write_photos("in", 2);
    site.emulator.fail_next(1, Fault::status(502));
    site.emulator.fail_next(1, Fault::reset_before_body());
    site.expect(0, &["in"]);
    assert_eq!(site.requests(), 4);
    site.write_photos("more", 1);
    site.emulator.fail_next(9, Fault::status(502));
    let run = site.expect(3, &["more", "--max-retries", "1"]);
    assert!(run.stderr.contains("/users/u0@contoso.com: Graph answered 502"), "{}", run.stderr);
    assert_eq!(site.requests(), 6);
}

#[test]
fn a_photo_waits_as_often_as_graph_asks() {
    let site = Site::new("patient");
    site.write_photos("in", 1);
    site.emulator.fail_next(15, Fault::status(429).retry_after(Duration::ZERO));
    site.expect(0, &[&["in"], &FAST[..]].concat());
    assert_eq!((site.stored().len(), site.requests()), (1, 16));
}

#[test]
fn the_rate_is_kept() {
    let site = Site::new("rate");
    site.write_photos("in", 8);
    site.expect(0, &["in", "--rate", "10"]);
    let requests = site.emulator.requests();
    let first = requests.iter().map(|request| request.time).min().unwrap();
    let last = requests.iter().map(|request| request.time).max().unwrap();
    assert!(last.duration_since(first).unwrap() >= Duration::from_millis(650));
}
