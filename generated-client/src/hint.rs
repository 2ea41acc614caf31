//! What usually helps against the refusals that users of Graph's photo API run
//! into. Keyed by status and code only: messages are reworded without notice.

use http::StatusCode;

/// What Graph answers, with a status that is final, when Exchange is in trouble.
pub(crate) const STORE_FAILED: &str = "ErrorStoreInternalServerError";

pub(crate) fn hint(
    status: StatusCode,
    code: &str,
    inner_code: Option<&str>,
) -> Option<&'static str> {
    // The inner code is the more specific one.
    [inner_code, Some(code)].into_iter().flatten().find_map(of_code).or_else(|| of_status(status))
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
