//! What is known of the refusals that users of Graph's photo API run into: what
//! usually helps, and which of them pass. Keyed by status and code; a message, which
//! is reworded without notice, decides over words only - but for one, see
//! [`passes`].

use http::StatusCode;

use crate::{Operation, transport::graph_error::Texts};

/// What Graph answers, with a 500, when Exchange fails.
const STORE_FAILED: &str = "ErrorStoreInternalServerError";

/// What Graph answers, with a 409, to a request that comes while others change the
/// same tenant: "Please wait briefly and retry."
const CONCURRENCY: &str = "Directory_ConcurrencyViolation";

/// Part of what Exchange says, with a 404, while it tidies up what earlier uploads of
/// the same photo left: the code is that of an item which does not exist.
const TOO_MANY_ITEMS: &str = "too many photo items";

/// What Graph says of a guest.
const INVALID_REQUEST: &str = "request is invalid";

/// Whose photo it is, as far as hints differ.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Owner {
    SignedInUser,
    User,
    /// A contact in a user's mailbox.
    Contact,
    /// A group, say.
    Other,
}

impl Owner {
    /// By the parameters of an operation: a user's is that whose last one is a user.
    fn of(operation: Operation) -> Self {
        const USER: &str = "userId";
        let path = operation.path_template();
        let parameters: Vec<&str> = path
            .split('/')
            .filter_map(|segment| segment.strip_prefix('{')?.strip_suffix('}'))
            .collect();
        let is_of_signed_in_user = operation.details().is_of_signed_in_user;
        match parameters.as_slice() {
            [] if is_of_signed_in_user => Self::SignedInUser,
            [.., USER] => Self::User,
            [USER, ..] => Self::Contact,
            [_, ..] if is_of_signed_in_user => Self::Contact,
            _ => Self::Other,
        }
    }
}

/// What usually helps against a refusal.
pub(crate) fn hint(
    status: StatusCode,
    texts: &Texts,
    operation: Option<Operation>,
) -> Option<&'static str> {
    let owner = operation.map_or(Owner::Other, Owner::of);
    of_message(status, texts, owner)
        .or_else(|| texts.codes().find_map(|code| of_code(code, owner)))
        .or_else(|| of_status(status))
}

/// Whether a code stands for a reason of its own.
pub(crate) fn is_known_code(code: &str) -> bool {
    of_code(code, Owner::Other).is_some()
}

/// Whether the client tries again what Graph answers with a status that does not say
/// so by itself: what Graph's documentation lets be tried again, and one message,
/// which shares status and code with what never passes.
pub(crate) fn passes(status: StatusCode, texts: &Texts) -> bool {
    match status {
        StatusCode::CONFLICT => texts.codes().any(|code| code == CONCURRENCY),
        StatusCode::NOT_FOUND => texts.say(TOO_MANY_ITEMS),
        _ => false,
    }
}

/// Whether [`passes`] needs the body of an answer.
pub(crate) fn depends_on_body(status: StatusCode) -> bool {
    matches!(status, StatusCode::CONFLICT | StatusCode::NOT_FOUND)
}

/// Whether the same upload may succeed later, though the status does not say so: what
/// [`passes`], and what may but is not tried again, because often it does not.
pub(crate) fn may_pass(status: StatusCode, texts: &Texts) -> bool {
    passes(status, texts)
        || (status.is_server_error()
            && texts.codes().find(|code| is_known_code(code)) == Some(STORE_FAILED))
}

fn of_message(status: StatusCode, texts: &Texts, owner: Owner) -> Option<&'static str> {
    if status == StatusCode::NOT_FOUND && texts.say(TOO_MANY_ITEMS) {
        return Some("Exchange has not yet tidied up after earlier uploads; try again later");
    }
    let may_be_guest = matches!(owner, Owner::User | Owner::SignedInUser);
    (may_be_guest && texts.say(INVALID_REQUEST))
        .then_some("Graph answers like this for a guest, whose photo it does not set")
}

fn of_code(code: &str, owner: Owner) -> Option<&'static str> {
    Some(match code {
        "ErrorNonExistentMailbox"
        | "MailboxNotEnabledForRESTAPI"
        | "MailboxNotSupportedForRESTAPI" => match owner {
            Owner::Other => "it has no Exchange Online mailbox, and so no place for a photo",
            _ => "the account has no Exchange Online mailbox; give it a licence with one",
        },
        "MailboxNotHostedInExchangeOnline" => {
            "the mailbox is on premises, where Graph sets no photo; set it there, or move the \
             mailbox to Exchange Online"
        }
        "ErrorUserResolutionFailedUserDoesNotExist" => match owner {
            Owner::Other => "check the identifier",
            _ => {
                "check the identifier; a user without a Microsoft 365 licence is answered like \
                 this as well"
            }
        },
        "ErrorItemNotFound" | "ErrorInvalidIdMalformed" | "ImageNotFound" => match owner {
            Owner::SignedInUser | Owner::User => {
                "check the identifier; a user without a mailbox is answered like this as well"
            }
            Owner::Contact => {
                "check each identifier; the ids of contacts and folders change when \
                               they are moved"
            }
            Owner::Other => "check the identifier",
        },
        "AppOnlyTokenNotSupportedForGroupUpdate" => {
            "this tenant does not let apps change group photos; call on behalf of a group owner"
        }
        "ValidationWidthTooSmall" | "ValidationHeightTooSmall" => {
            "Graph wants at least 48 x 48 pixels"
        }
        CONCURRENCY => "other requests were changing the same tenant; try again later",
        STORE_FAILED => {
            "Exchange could not store the photo; try again later, unless it is that of a Bookings \
             mailbox, for which this never passes"
        }
        _ => return None,
    })
}

fn of_status(status: StatusCode) -> Option<&'static str> {
    Some(match status {
        StatusCode::FORBIDDEN => {
            "an administrator may have restricted photo updates for the tenant (photo update \
             settings, mailbox policy); with `onPremises` as the source of photos, not even \
             administrators may set one"
        }
        StatusCode::INTERNAL_SERVER_ERROR => {
            "Graph answers like this to a picture that it cannot read; repeating it does not help"
        }
        StatusCode::PAYLOAD_TOO_LARGE => "make the photo smaller",
        _ => return None,
    })
}
