//! What is known of the refusals that users of Graph's photo API run into: what
//! usually helps, and which of them pass. Keyed by status and code only: messages are
//! reworded without notice.

use http::StatusCode;

/// What Graph answers, with a 500, when Exchange is in trouble.
const STORE_FAILED: &str = "ErrorStoreInternalServerError";

/// What usually helps against a refusal.
pub(crate) fn hint(
    status: StatusCode,
    code: &str,
    inner_code: Option<&str>,
) -> Option<&'static str> {
    known_code(code, inner_code).and_then(of_code).or_else(|| of_status(status))
}

/// Whether the same upload may succeed later, though the status does not say so.
pub(crate) fn may_pass(status: StatusCode, code: &str, inner_code: Option<&str>) -> bool {
    status.is_server_error() && known_code(code, inner_code) == Some(STORE_FAILED)
}

/// The most specific code that there is something to say of.
fn known_code<'c>(code: &'c str, inner_code: Option<&'c str>) -> Option<&'c str> {
    [inner_code, Some(code)].into_iter().flatten().find(|code| of_code(code).is_some())
}

fn of_code(code: &str) -> Option<&'static str> {
    Some(match code {
        "ErrorNonExistentMailbox"
        | "MailboxNotEnabledForRESTAPI"
        | "MailboxNotSupportedForRESTAPI" => {
            "the account has no Exchange Online mailbox; give it a licence with one"
        }
        "ErrorItemNotFound" | "ErrorInvalidIdMalformed" | "ImageNotFound" => {
            "check the identifier; a user without a mailbox is answered like this as well"
        }
        "AppOnlyTokenNotSupportedForGroupUpdate" => {
            "this tenant does not let apps change group photos; call on behalf of a group owner"
        }
        "ValidationWidthTooSmall" | "ValidationHeightTooSmall" => {
            "Graph wants at least 48 x 48 pixels"
        }
        STORE_FAILED => "Exchange could not store the photo; try again later",
        _ => return None,
    })
}

fn of_status(status: StatusCode) -> Option<&'static str> {
    Some(match status {
        StatusCode::FORBIDDEN => {
            "an administrator may have restricted photo updates for the tenant (photo update \
             settings, mailbox policy)"
        }
        StatusCode::INTERNAL_SERVER_ERROR => {
            "Graph answers like this to a picture that it cannot read; repeating it does not help"
        }
        StatusCode::PAYLOAD_TOO_LARGE => "make the photo smaller",
        _ => return None,
    })
}
