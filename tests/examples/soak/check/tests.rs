//! Each promise, broken by a forged record.

use std::{
    collections::{HashMap, HashSet},
    time::{Duration, Instant},
};

use bytes::Bytes;
use graph_photo_emulator::Outcome;

use super::{Batch, Report, Told, Way};
use crate::{
    plan::{Kind, Tokens, Upload},
    seen::Seen,
    tally::{Promise, Tally},
};

const SEED: u64 = 3;

/// The first upload of the plan that a test can use, from a number on.
fn upload_like(from: u64, is_wanted: impl Fn(&Upload) -> bool) -> Upload {
    let mut all = (from..).map(|index| Upload::through_library(SEED, index));
    all.find(|upload| is_wanted(upload)).unwrap()
}

fn usual(from: u64) -> Upload {
    upload_like(from, |upload| {
        upload.client == Kind::Patient && upload.tokens == Tokens::Valid && upload.path != "/me"
    })
}

/// The request of an upload, as it should be, so many milliseconds after the start.
fn request(upload: &Upload, start: Instant, after: u64) -> Seen {
    let at = start + Duration::from_millis(after);
    Seen {
        arrived: at,
        answered: at,
        method: upload.operation.method().as_str().to_owned(),
        path: upload.path.clone(),
        owner: Some(upload.index.to_string()),
        user: Some(upload.user.clone()),
        client_request_id: Some(format!("id-{}", upload.index)),
        body: upload.photo(),
        status: Some(200),
        request_id: format!("request-{}-{after}", upload.index),
        outcome: Outcome::Stored,
        why: String::new(),
    }
}

/// The same request, hit by a fault.
fn faulty(upload: &Upload, start: Instant, after: u64, status: u16, fault: &str) -> Seen {
    Seen {
        status: Some(status),
        outcome: Outcome::Fault,
        why: fault.to_owned(),
        ..request(upload, start, after)
    }
}

fn report(told: Told, attempts: u32, waited: u64) -> Report {
    let waited = Duration::from_millis(waited);
    Report { told, attempts, waited, took: Duration::from_secs(10) }
}

fn stored_by(request: &Seen) -> Told {
    Told::Stored { request_id: Some(request.request_id.clone()) }
}

fn failed_by(request: &Seen, status: u16) -> Told {
    Told::Failed { status: Some(status), request_id: Some(request.request_id.clone()) }
}

/// The promises that these reports and requests break.
fn broken(
    reports: Vec<(&Upload, Report)>,
    requests: Vec<Seen>,
    stored: Option<&Bytes>,
) -> Vec<Promise> {
    let reports: HashMap<u64, Report> =
        reports.into_iter().map(|(upload, report)| (upload.index, report)).collect();
    let mut tally = Tally::default();
    let (late, stored) = (HashSet::new(), |_: &Upload| stored.cloned());
    let way = Way::Library;
    Batch { seed: SEED, way, reports: &reports, late: &late, requests, stored: &stored }
        .check(&mut tally);
    Promise::ALL.into_iter().filter(|promise| tally.broken(*promise) > 0).collect()
}

#[test]
fn what_went_right_breaks_nothing() {
    let (upload, start) = (usual(0), Instant::now());
    let photo = upload.photo();
    let right = request(&upload, start, 0);
    let told = report(stored_by(&right), 1, 0);
    assert_eq!(broken(vec![(&upload, told)], vec![right], Some(&photo)), []);
    let refused = report(Told::Refused, 0, 0);
    assert_eq!(broken(vec![(&upload, refused)], vec![], None), []);
    // The answer was lost, and the photo was refused the second time.
    let mut lost = request(&upload, start, 0);
    lost.status = None;
    lost.why = "stored; with the fault answer-lost".to_owned();
    let second = faulty(&upload, start, 20, 403, "status=403");
    let told = report(failed_by(&second, 403), 2, 20);
    assert_eq!(broken(vec![(&upload, told)], vec![lost, second], Some(&photo)), []);
}

#[test]
fn a_success_that_is_not_stored_is_lost() {
    let (upload, start) = (usual(0), Instant::now());
    let photo = upload.photo();
    let right = request(&upload, start, 0);
    let told = || report(stored_by(&right), 1, 0);
    assert_eq!(broken(vec![(&upload, told())], vec![right.clone()], None), [Promise::Lost]);
    assert_eq!(broken(vec![(&upload, told())], vec![], Some(&photo)), [Promise::Lost]);
    let refused = faulty(&upload, start, 0, 403, "status=403");
    assert_eq!(broken(vec![(&upload, told())], vec![refused], Some(&photo)), [Promise::Lost]);
}

#[test]
fn what_carries_anything_of_another_upload_is_crossed() {
    let (upload, start) = (usual(0), Instant::now());
    let other = usual(upload.index + 1);
    let right = request(&upload, start, 0);
    let photo = upload.photo();
    let mut wrong = vec![right.clone(); 5];
    wrong[0].body = other.photo();
    wrong[1].path.clone_from(&other.path);
    wrong[2].owner = Some(other.index.to_string());
    wrong[3].method = "POST".to_owned();
    // A part of another photo.
    wrong[4].body = other.photo().slice(..60);
    wrong[4].outcome = Outcome::Broken;
    for request in wrong {
        let told = report(Told::Nothing, 0, 0);
        let found = broken(vec![(&upload, told)], vec![request], Some(&photo));
        assert_eq!(found, [Promise::Crossed]);
    }
    let told = report(stored_by(&right), 1, 0);
    let found = broken(vec![(&upload, told)], vec![right], Some(&other.photo()));
    assert_eq!(found, [Promise::Crossed]);
}

#[test]
fn one_id_with_two_bodies_is_changed() {
    let (first, start) = (usual(0), Instant::now());
    let second = usual(first.index + 1);
    let (one, mut two) = (request(&first, start, 0), request(&second, start, 0));
    two.client_request_id.clone_from(&one.client_request_id);
    let reports =
        vec![(&first, report(Told::Nothing, 0, 0)), (&second, report(Told::Nothing, 0, 0))];
    assert_eq!(broken(reports, vec![one, two], None), [Promise::Changed]);
}

#[test]
fn what_is_refused_here_must_not_be_seen() {
    let (upload, start) = (usual(0), Instant::now());
    let told = || report(Told::Refused, 0, 0);
    let mut seen = faulty(&upload, start, 0, 403, "status=403");
    assert!(broken(vec![(&upload, told())], vec![seen.clone()], None).contains(&Promise::Sent));
    // Not even its head.
    seen.body = Bytes::new();
    assert!(broken(vec![(&upload, told())], vec![seen], None).contains(&Promise::Sent));
    let photo = upload.photo();
    assert_eq!(broken(vec![(&upload, told())], vec![], Some(&photo)), [Promise::Sent]);
}

#[test]
fn a_failure_that_the_server_knows_otherwise_is_misreported() {
    let (upload, start) = (usual(0), Instant::now());
    let photo = upload.photo();
    let was_stored = request(&upload, start, 0);
    let told = report(failed_by(&was_stored, 200), 1, 0);
    let found = broken(vec![(&upload, told)], vec![was_stored.clone()], Some(&photo));
    assert_eq!(found, [Promise::Misreported]);
    let refused = faulty(&upload, start, 0, 500, "status=500");
    let told = report(failed_by(&refused, 403), 1, 0);
    assert_eq!(broken(vec![(&upload, told)], vec![refused], None), [Promise::Misreported]);
    let by_nobody = Told::Failed { status: Some(403), request_id: None };
    let told = report(by_nobody, 1, 0);
    assert_eq!(broken(vec![(&upload, told)], vec![], None), [Promise::Misreported]);
    let small = upload_like(0, |upload| upload.client == Kind::Small);
    let told = report(Told::Failed { status: None, request_id: None }, 1, 0);
    assert_eq!(broken(vec![(&small, told)], vec![], None), [Promise::Misreported]);
}

#[test]
fn an_attempt_within_its_retry_after_is_early() {
    let (upload, start) = (usual(0), Instant::now());
    let photo = upload.photo();
    let date = "status=503;header=Date: Wed, 21 Oct 2015 07:28:00 GMT;\
                header=Retry-After: Wed, 21 Oct 2015 07:28:01 GMT";
    for fault in ["status=503;retry-after=1", date] {
        for (gap, expected) in [(999, vec![Promise::Early]), (1000, vec![])] {
            let first = faulty(&upload, start, 0, 503, fault);
            let second = request(&upload, start, gap);
            let told = report(stored_by(&second), 2, 1000);
            let found = broken(vec![(&upload, told)], vec![first, second], Some(&photo));
            assert_eq!(found, expected, "{fault} after {gap} ms");
        }
    }
}

#[test]
fn attempts_and_waits_beyond_the_policy_are_found() {
    let (upload, start) = (usual(0), Instant::now());
    let photo = upload.photo();
    let case = |faults: &[(u16, &str)], gap: u64, attempts, waited| {
        let times = (0..).step_by(usize::try_from(gap).unwrap());
        let mut requests: Vec<Seen> = faults
            .iter()
            .zip(times)
            .map(|((status, fault), at)| faulty(&upload, start, at, *status, fault))
            .collect();
        requests.push(request(&upload, start, faults.len() as u64 * gap));
        let told = report(stored_by(requests.last().unwrap()), attempts, waited);
        broken(vec![(&upload, told)], requests, Some(&photo))
    };
    let busy = (503, "status=503");
    assert_eq!(case(&[busy; 3], 60, 4, 120), []);
    assert_eq!(case(&[busy; 4], 60, 5, 120), [Promise::Policy]);
    assert_eq!(case(&[busy; 3], 9, 4, 120), [Promise::Policy]);
    // More was seen than is counted, and too much or too little waited.
    assert_eq!(case(&[busy; 3], 60, 3, 120), [Promise::Policy]);
    assert_eq!(case(&[busy; 3], 60, 4, 10), [Promise::Policy]);
    assert_eq!(case(&[busy; 3], 60, 4, 500), [Promise::Policy]);
    assert_eq!(case(&[(403, "status=403")], 60, 2, 20), [Promise::Policy]);
    let expired = (401, "expired-token");
    assert_eq!(case(&[expired], 1, 2, 0), []);
    assert_eq!(case(&[expired; 2], 1, 3, 0), [Promise::Policy]);
    let (first, mut second) =
        (faulty(&upload, start, 0, 503, "status=503"), request(&upload, start, 60));
    second.client_request_id = Some("another".to_owned());
    let told = report(stored_by(&second), 2, 20);
    assert_eq!(broken(vec![(&upload, told)], vec![first, second], Some(&photo)), [Promise::Policy]);
}
