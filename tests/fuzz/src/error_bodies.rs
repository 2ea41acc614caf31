//! The bodies of responses other than success.

use graph_photo_client::{Error, PhotoTarget, Printable, UploadMethod, http};
use http::{
    HeaderValue,
    header::{LOCATION, WWW_AUTHENTICATE},
};

/// Any bytes make an error, which is shown in one short line without invisible characters.
///
/// The first two bytes choose the status.
///
/// # Panics
///
/// If this does not hold.
pub fn check(data: &[u8]) {
    let Some((status, body)) = data.split_first_chunk() else { return };
    let status = 300 + u16::from_le_bytes(*status) % 300;
    let mut response =
        http::Response::builder().status(status).body(body).expect("a status has three digits");
    if let Ok(value) = HeaderValue::from_bytes(body) {
        for name in [LOCATION, WWW_AUTHENTICATE, http::HeaderName::from_static("request-id")] {
            response.headers_mut().insert(name, value.clone());
        }
    }
    let error = Error::from_response(UploadMethod::Put, &PhotoTarget::me(), response);
    assert_eq!(error.status().map(|status| status.as_u16()), Some(status));
    for said in [error.to_string(), format!("{error:#}")] {
        assert_eq!(Printable(&said).to_string(), said);
        assert!(said.len() < 16_000, "{said}");
        assert!(said.starts_with("failed to replace the photo of `/me`: Graph answered "));
    }
    assert!(!format!("{error:?}").is_empty());
    let excerpt = error.body_excerpt().unwrap_or_default();
    // A byte that is no text becomes a character of three.
    assert!(excerpt.len() <= 3 * 1024, "{}", excerpt.len());
    assert!(error.message().is_none() || error.body_excerpt().is_none());
    assert!(!error.is_local() && !error.is_connection() && !error.is_timeout());
    assert!(!(error.is_not_found() && error.is_retryable()));
    assert!(error.code() != Some("") && error.inner_code() != Some(""));
}
