//! The request of every operation, byte by byte, and the count of those bytes.

use graph_photo_client::{
    ClientBuilder, Error, GraphPhotoClient, JpegPhoto, MAX_REQUEST_BYTES, MEDIA_TYPE, Operation,
    PhotoTarget, StaticToken, UploadMethod, UploadResponse,
};
use graph_photo_emulator::RecordedRequest;

use super::support::{
    JPEG, TOKEN, Unvisited, builder, client, ok, photo, photo_of, resource, server, target,
};

/// The names of the headers of a request, in lower case and in order.
fn header_names(request: &RecordedRequest) -> Vec<String> {
    let head = str::from_utf8(&request.head).unwrap();
    let mut names: Vec<String> = head
        .trim_end()
        .split("\r\n")
        .skip(1)
        .map(|line| line.split_once(':').unwrap().0.to_lowercase())
        .collect();
    names.sort();
    names
}

fn assert_guid(text: &str) {
    let lengths: Vec<usize> = text.split('-').map(str::len).collect();
    assert_eq!(lengths, [8, 4, 4, 4, 12], "{text}");
    let is_guid_digit = |character| matches!(character, '0'..='9' | 'a'..='f' | '-');
    assert!(text.chars().all(is_guid_digit), "{text}");
    assert_eq!(text.as_bytes()[14], b'4', "a random one: {text}");
}

#[tokio::test]
async fn every_operation_is_as_the_spec_says() {
    let server = server(vec![ok(); Operation::ALL.len()]);
    let client = client(&server);
    for (index, &operation) in Operation::ALL.iter().enumerate() {
        let text = resource(operation.path_template(), |n| format!("{n}%2F b="));
        let path = resource(operation.path_template(), |n| format!("{n}%2F%20b="));
        let target = text.parse().unwrap();
        let response = client.upload(operation.method(), &target, &photo()).await.unwrap();

        let requests = server.requests();
        assert_eq!(requests.len(), index + 1);
        let request = &requests[index];
        assert_eq!(
            request.request_line(),
            format!("{} /v1.0{path} HTTP/1.1", operation.method().as_str())
        );
        assert!(request.request_line().contains("/photo/$value "));
        assert_eq!(request.header("content-type"), [MEDIA_TYPE]);
        assert_eq!(request.header("authorization"), [format!("Bearer {TOKEN}")]);
        assert_eq!(request.header("content-length"), [JPEG.len().to_string()]);
        assert_eq!(request.header("host"), [server.local_addr().to_string()]);
        assert_eq!(request.header("accept"), ["application/json"]);
        assert!(request.header("user-agent")[0].starts_with("graph-photo-client/"));
        let id = response.client_request_id.unwrap();
        assert_guid(&id);
        assert_eq!(request.header("client-request-id"), [id]);
        assert_eq!(
            header_names(request),
            [
                "accept",
                "authorization",
                "client-request-id",
                "content-length",
                "content-type",
                "host",
                "user-agent"
            ]
        );
        assert_eq!(request.body, JPEG);
    }
}

#[tokio::test]
async fn every_operation_is_counted_to_the_byte() {
    let server = server(vec![ok(); 2 * Operation::ALL.len()]);
    let client = client(&server);
    for (index, &operation) in Operation::ALL.iter().enumerate() {
        let target = target(operation);
        client.upload(operation.method(), &target, &photo()).await.unwrap();
        let size = server.requests()[2 * index].wire_bytes as u64;

        let exact = builder(&server.url()).max_request_bytes(size).build().unwrap();
        exact.upload(operation.method(), &target, &photo()).await.unwrap();
        assert_eq!(server.requests().len(), 2 * index + 2);

        let limit = size - 1;
        let tight = builder(&server.url()).max_request_bytes(limit).build().unwrap();
        let error = tight.upload(operation.method(), &target, &photo()).await.unwrap_err();
        assert_eq!(
            error.to_string(),
            format!(
                "failed to {} the photo of `{target}`: the request would have {size} bytes, and at \
                 most {limit} are allowed; make the photo smaller by at least 1 byte",
                if operation.method() == UploadMethod::Put { "replace" } else { "update" }
            )
        );
        assert_eq!(server.requests().len(), 2 * index + 2);
        assert_eq!(error.operation(), Some(operation));
        assert_eq!(error.target(), Some(&target));
    }
}

#[tokio::test]
async fn too_large_is_said_before_connecting() {
    let place = Unvisited::new();
    let client = builder(&place.url()).max_request_bytes(1000).build().unwrap();
    let error = client.replace(&PhotoTarget::me(), &photo()).await.unwrap_err();
    place.assert_unvisited();
    assert!(error.is_too_large() && error.is_local());
    assert_eq!((error.attempts(), error.status()), (0, None));
    assert!(!error.is_invalid_photo() && !error.is_retryable() && !error.is_connection());
}

#[tokio::test]
async fn the_limit_is_that_of_the_spec() {
    let server = server([ok(), ok()]);
    let client = builder(&server.url()).max_request_bytes(u64::MAX).build().unwrap();
    client.replace(&PhotoTarget::me(), &photo()).await.unwrap();
    let head = server.requests()[0].head.len();
    // As many digits, so as long a head, as that of the largest request.
    let digits = photo_of(4_000_000).bytes().len().to_string().len() - JPEG.len().to_string().len();
    let largest = usize::try_from(MAX_REQUEST_BYTES).unwrap() - head - digits;

    let error = client.replace(&PhotoTarget::me(), &photo_of(largest + 1)).await.unwrap_err();
    assert!(error.is_too_large(), "{error}");
    assert_eq!(server.requests().len(), 1);
    client.replace(&PhotoTarget::me(), &photo_of(largest)).await.unwrap();
    let request = server.requests().pop().unwrap();
    assert_eq!(request.wire_bytes, MAX_REQUEST_BYTES);
    assert_eq!(request.body, photo_of(largest).bytes());
}

#[tokio::test]
async fn a_job_that_can_wait_says_so() {
    for (is_low, expected) in [(true, vec!["low"]), (false, vec![])] {
        let server = server([ok()]);
        let client = builder(&server.url()).low_priority(is_low).build().unwrap();
        client.replace(&PhotoTarget::me(), &photo()).await.unwrap();
        let sent = &server.requests()[0];
        assert_eq!(sent.header("x-ms-throttle-priority"), expected);
        assert_eq!(sent.header("authorization"), [format!("Bearer {TOKEN}")]);
    }
}

#[tokio::test]
async fn a_long_token_leaves_less_room_for_the_photo() {
    let server = server([ok()]);
    client(&server).replace(&PhotoTarget::me(), &photo()).await.unwrap();
    let size = server.requests()[0].wire_bytes;
    let token = "t".repeat(TOKEN.len() + 3000);
    let client = builder(&server.url())
        .token_provider(StaticToken::new(token))
        .max_request_bytes(size)
        .build()
        .unwrap();
    let error = client.replace(&PhotoTarget::me(), &photo()).await.unwrap_err().to_string();
    assert!(error.contains(&format!("{} bytes", size + 3000)), "{error}");
    assert!(error.contains("by at least 3000 bytes"), "{error}");
}

#[test]
fn what_a_program_keeps_goes_to_any_thread() {
    fn assert_is_free<T: Send + Sync + 'static>() {}
    assert_is_free::<GraphPhotoClient>();
    assert_is_free::<ClientBuilder>();
    assert_is_free::<UploadResponse>();
    assert_is_free::<JpegPhoto>();
    assert_is_free::<PhotoTarget>();
    assert_is_free::<Error>();
}

#[tokio::test]
async fn uploads_run_side_by_side() {
    let server = server(vec![ok(); 16]);
    let (client, photo) = (client(&server), photo());
    let uploads: Vec<_> = (0..16)
        .map(|n| {
            let (client, photo) = (client.clone(), photo.clone());
            let target = PhotoTarget::user(format!("user-{n}")).unwrap();
            tokio::spawn(async move { client.update(&target, &photo).await })
        })
        .collect();
    let mut ids = Vec::new();
    for upload in uploads {
        ids.push(upload.await.unwrap().unwrap().client_request_id);
    }
    ids.sort();
    ids.dedup();
    assert_eq!(ids.len(), 16, "each upload has an id of its own");
    let requests = server.requests();
    assert!(requests.iter().all(|request| request.body == JPEG));
    let mut lines: Vec<String> = requests.iter().map(RecordedRequest::request_line).collect();
    lines.sort();
    let mut expected: Vec<String> =
        (0..16).map(|n| format!("PATCH /v1.0/users/user-{n}/photo/$value HTTP/1.1")).collect();
    expected.sort();
    assert_eq!(lines, expected);
}
