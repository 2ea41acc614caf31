//! The size limit applies to what is sent, after any removal of metadata.

use std::path::PathBuf;

use super::{InvalidPhoto, JpegPhoto, PhotoFault};

use super::fixture::{self, with_inserted};

const LIMIT: u64 = graph_photo_client::MAX_REQUEST_BYTES;

/// A photo followed by a film, one with long metadata, and one that is large itself, each with
/// what is left of it if that fits.
fn large_photos() -> [(&'static str, Vec<u8>, Option<usize>); 4] {
    let plain = fixture::read("baseline.jpg");
    let film = |bytes| [&plain[..], &vec![0x20; bytes]].concat();
    let comments = [&[0xFF, 0xFE, 0xFF, 0xFF][..], &vec![0x20; 65_533]].concat().repeat(70);
    let scan = plain.len() - 2;
    [
        ("film", film(4_500_000), Some(plain.len())),
        ("long-film", film(20_000_000), Some(plain.len())),
        ("comments", with_inserted(&plain, 2, &comments), Some(plain.len())),
        ("image", with_inserted(&plain, scan, &vec![0x20; 4_500_000]), None),
    ]
}

fn on_disk(name: &str, bytes: &[u8]) -> PathBuf {
    let path = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("size-{name}.jpg"));
    std::fs::write(&path, bytes).expect("a writable folder");
    path
}

/// The part of a refusal about the size.
fn too_large(error: &InvalidPhoto) -> (u64, Option<u64>) {
    match error.fault() {
        PhotoFault::TooLarge { bytes, limit, without_metadata } => {
            assert_eq!(*limit, LIMIT);
            (*bytes, *without_metadata)
        }
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn a_refusal_says_whether_removing_the_metadata_helps() {
    for (name, bytes, left) in large_photos() {
        let (size, left) = (bytes.len() as u64, left.map(|left| left as u64));
        let path = on_disk(name, &bytes);
        let in_memory = JpegPhoto::from_bytes(bytes).expect_err(name);
        let in_file = JpegPhoto::read(&path).await.expect_err(name);
        for error in [in_memory, in_file] {
            assert_eq!(too_large(&error), (size, left), "{name}");
            let says = match left {
                Some(left) => format!(
                    "remove its metadata and what follows the image, which leaves {left} bytes"
                ),
                None => format!("make it smaller by at least {} bytes", size - LIMIT),
            };
            assert!(error.to_string().ends_with(&says), "{error}");
        }
    }
}

#[tokio::test]
async fn metadata_is_removed_before_the_size_counts() {
    for (name, bytes, left) in large_photos() {
        let path = on_disk(&format!("{name}-without"), &bytes);
        let in_memory = JpegPhoto::from_bytes_without_metadata(bytes);
        let in_file = JpegPhoto::read_without_metadata(&path).await;
        for photo in [in_memory, in_file] {
            match left {
                Some(left) => assert_eq!(photo.expect(name).bytes().len(), left, "{name}"),
                None => assert_eq!(too_large(&photo.expect_err(name)).1, None, "{name}"),
            }
        }
    }
}

/// The message is about the size, although reading stopped within the image.
#[tokio::test]
async fn an_image_that_does_not_end_is_too_large_and_not_cut_off() {
    let plain = fixture::read("baseline.jpg");
    let bytes = with_inserted(&plain, plain.len() - 2, &vec![0x20; 17_000_000]);
    let path = on_disk("endless", &bytes);
    let error = JpegPhoto::read_without_metadata(&path).await.expect_err("too large");
    assert_eq!(too_large(&error), (bytes.len() as u64, None));
    assert_eq!(error.path(), Some(&*path));
}

#[tokio::test]
async fn what_is_no_photo_is_refused_by_either_way() {
    let path = on_disk("png", &fixture::read("look-alike.png"));
    for photo in [JpegPhoto::read(&path).await, JpegPhoto::read_without_metadata(&path).await] {
        assert!(matches!(photo.expect_err("a PNG").fault(), PhotoFault::Content(_)));
    }
}

#[tokio::test]
async fn a_photo_of_exactly_the_limit_is_accepted() {
    let mut bytes = fixture::read("baseline.jpg");
    for (more, is_accepted) in [(0, true), (1, false)] {
        bytes.resize(usize::try_from(LIMIT).unwrap() + more, 0);
        let path = on_disk(&format!("limit-{more}"), &bytes);
        let outcomes = [JpegPhoto::from_bytes(bytes.clone()), JpegPhoto::read(&path).await];
        for outcome in outcomes {
            assert_eq!(outcome.is_ok(), is_accepted, "{more} bytes more than the limit");
        }
    }
}
