//! A photo's bytes are held once, however many attempts and uploads share them.

use std::time::Duration;

use allocation_counter::{AllocationInfo, measure};
use futures_util::future::join_all;
use graph_photo_client::{GraphPhotoClient, JpegPhoto, PhotoTarget, RetryPolicy};
use graph_photo_emulator::Emulator;
use tokio::runtime::{Builder, Runtime};

use super::support::{answer, builder, ok, photo_of, server};

const PHOTO_BYTES: usize = 3 * 1024 * 1024;

/// A runtime on this thread: what it allocates is counted.
fn runtime() -> Runtime {
    Builder::new_current_thread().enable_all().build().unwrap()
}

fn client(server: &Emulator) -> GraphPhotoClient {
    let policy = RetryPolicy::default().with_delays(Duration::ZERO, Duration::ZERO);
    builder(&server.url()).retry_policy(policy).build().unwrap()
}

fn replace(runtime: &Runtime, client: &GraphPhotoClient, photo: &JpegPhoto) -> AllocationInfo {
    measure(|| {
        runtime.block_on(client.replace(&PhotoTarget::me(), photo)).unwrap();
    })
}

#[test]
fn attempts_share_them() {
    let steps = [ok(), ok(), answer(503, &[], ""), answer(401, &[], ""), ok()];
    let server = server(steps);
    let (runtime, client, photo) = (runtime(), client(&server), photo_of(PHOTO_BYTES));
    replace(&runtime, &client, &photo); // connects
    let one = replace(&runtime, &client, &photo);
    let three = replace(&runtime, &client, &photo);
    assert_eq!(server.requests().len(), 5);
    for info in [one, three] {
        assert!(info.bytes_total < PHOTO_BYTES as u64 / 10, "{info:?}");
    }
}

#[test]
fn uploads_share_them() {
    let server = server(vec![ok(); 8]);
    let (runtime, client, photo) = (runtime(), client(&server), photo_of(PHOTO_BYTES));
    let targets: Vec<_> = (0..8).map(|n| PhotoTarget::user(format!("user-{n}")).unwrap()).collect();
    let info = measure(|| {
        let uploads = targets.iter().map(|target| client.replace(target, &photo));
        for outcome in runtime.block_on(join_all(uploads)) {
            outcome.unwrap();
        }
    });
    assert!(info.bytes_total < PHOTO_BYTES as u64, "{info:?}");
}

#[test]
fn validation_allocates_no_more_for_a_larger_photo() {
    let (small, large) = (photo_of(10_000), photo_of(PHOTO_BYTES));
    let validate = |photo: &JpegPhoto| {
        let bytes = photo.bytes().clone();
        measure(|| drop(JpegPhoto::from_bytes(bytes).unwrap())).bytes_total
    };
    assert_eq!(validate(&small), validate(&large));
}
