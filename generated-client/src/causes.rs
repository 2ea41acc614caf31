//! An error with its causes, in one line.

use std::{error::Error, iter::successors};

/// The message of any error, followed by those of its causes that it does not
/// repeat, as `{:#}` writes an [`Error`](crate::Error).
#[must_use]
pub fn error_chain(error: &dyn Error) -> String {
    let mut text = error.to_string();
    for cause in successors(error.source(), |&cause| cause.source()) {
        let message = cause.to_string();
        if !text.contains(&message) {
            text = format!("{text}: {message}");
        }
    }
    text
}
