//! Hints for well-known Graph errors, and which are transient, by status and code. Messages
//! change without notice, so they only select hints, with one exception in [`is_transient`].

use http::StatusCode;

use crate::transport::graph_error::GraphError;

/// The code, with a 500, when Exchange is having problems.
const STORE_FAILED: &str = "ErrorStoreInternalServerError";

/// The code, with a 409, while other requests change the same tenant: "Please wait briefly
/// and retry."
const CONCURRENCY: &str = "Directory_ConcurrencyViolation";

/// Part of the message, with a 404, while Exchange tidies up after earlier uploads of the same
/// photo. The code is that of a missing item.
const TOO_MANY_ITEMS: &str = "too many photo items";

/// Part of the message for a guest.
const INVALID_REQUEST: &str = "request is invalid";

const BY_CODE: &[(&[&str], &str)] = &[
    (
        &[
            "ErrorNonExistentMailbox",
            "MailboxNotEnabledForRESTAPI",
            "MailboxNotSupportedForRESTAPI",
        ],
        "there is no Exchange Online mailbox, and so no place for a photo; give the account a \
         licence with one",
    ),
    (
        &["MailboxNotHostedInExchangeOnline"],
        "the mailbox is on premises, where Graph sets no photo; set it there, or move the mailbox \
         to Exchange Online",
    ),
    (
        &["ErrorUserResolutionFailedUserDoesNotExist"],
        "check the identifier; a user without a Microsoft 365 licence is answered like this as well",
    ),
    (
        &["ErrorItemNotFound", "ErrorInvalidIdMalformed", "ImageNotFound"],
        "check the identifier; a user without a mailbox is answered like this as well, and the \
         ids of contacts and folders change when they are moved",
    ),
    (
        &["AppOnlyTokenNotSupportedForGroupUpdate"],
        "this tenant does not let apps change group photos; call on behalf of a group owner",
    ),
    (
        &["ValidationWidthTooSmall", "ValidationHeightTooSmall"],
        "Graph wants at least 48 x 48 pixels",
    ),
    (&[CONCURRENCY], "other requests were changing the same tenant; try again later"),
    (
        &[STORE_FAILED],
        "Exchange could not store the photo; try again later, unless it is that of a Bookings \
         mailbox, for which this never passes",
    ),
];

pub(super) fn hint(status: StatusCode, error: &GraphError) -> Option<&'static str> {
    if status == StatusCode::NOT_FOUND && error.says(TOO_MANY_ITEMS) {
        return Some("Exchange has not yet tidied up after earlier uploads; try again later");
    }
    if error.says(INVALID_REQUEST) {
        return Some("Graph answers like this for a guest, whose photo it does not set");
    }
    error.codes().find_map(of_code).or_else(|| of_status(status))
}

/// Whether a code names its reason.
pub(super) fn is_known_code(code: &str) -> bool {
    of_code(code).is_some()
}

/// Whether the client retries an error whose status alone is no reason to: those that Graph's
/// documentation says to retry, and one that only its message tells from a permanent one.
pub(super) fn is_transient(status: StatusCode, error: &GraphError) -> bool {
    match status {
        StatusCode::CONFLICT => error.codes().any(|code| code == CONCURRENCY),
        StatusCode::NOT_FOUND => error.says(TOO_MANY_ITEMS),
        _ => false,
    }
}

/// Whether an error may be transient, but is not retried, since it often is not.
pub(super) fn may_be_transient(status: StatusCode, error: &GraphError) -> bool {
    status.is_server_error() && error.codes().find(|code| is_known_code(code)) == Some(STORE_FAILED)
}

fn of_code(code: &str) -> Option<&'static str> {
    BY_CODE.iter().find(|(codes, _)| codes.contains(&code)).map(|(_, hint)| *hint)
}

fn of_status(status: StatusCode) -> Option<&'static str> {
    match status {
        StatusCode::FORBIDDEN => Some(
            "an administrator may have restricted photo updates for the tenant (photo update \
             settings, mailbox policy); with `onPremises` as the source of photos, not even \
             administrators may set one",
        ),
        StatusCode::INTERNAL_SERVER_ERROR => Some(
            "Graph answers like this to a picture that it cannot read; repeating it does not help",
        ),
        StatusCode::PAYLOAD_TOO_LARGE => Some("make the photo smaller"),
        _ => None,
    }
}
