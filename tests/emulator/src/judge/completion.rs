//! Carries out an admitted request, once its body has arrived.

use bytes::Bytes;
use graph_photo_codegen::api::Permission;
use serde_json::json;

use super::{
    admission::{Admission, Task},
    content,
    refusal::Refusal,
    route::View,
};
use crate::{
    directory::Resource,
    http::{head::Head, response::Response},
    photos::PhotoVersion,
    recorded_request::Outcome,
    state::State,
    tenant::Account,
};

/// The largest photo of an account without a mailbox, in bytes: the limit of the directory's
/// own attribute.
const MAX_WITHOUT_MAILBOX: usize = 100 * 1024;

/// The request that is completed.
pub(crate) struct Received<'r> {
    pub(crate) head: &'r Head,
    pub(crate) body: &'r Bytes,
    /// The size of the whole request.
    pub(crate) wire_bytes: u64,
    pub(crate) number: u64,
}

/// What a request led to.
pub(crate) struct Done {
    pub(crate) response: Response,
    pub(crate) outcome: Outcome,
    pub(crate) why: String,
}

/// Carries out an admitted request.
///
/// # Errors
///
/// The answer to a request whose content, or whose account, doesn't allow it.
pub(crate) fn complete(
    state: &State,
    admission: &Admission,
    received: &Received<'_>,
) -> Result<Done, Refusal> {
    let Admission { task, resource, .. } = admission;
    match task {
        Task::Read(view) => read(state, resource, *view),
        Task::Store(permission) => {
            check_content(state, received)?;
            check_account(state, resource, received.body.len())?;
            Ok(store(state, resource, permission, received))
        }
    }
}

fn read(state: &State, resource: &Resource, view: View) -> Result<Done, Refusal> {
    if resource.account == Account::OnPremises {
        return Err(on_premises());
    }
    let photo = state.photos.current(&resource.key).ok_or_else(Refusal::no_photo)?;
    let media_type = &state.api.media_type;
    let response = match view {
        View::Content => Response::new(200).with_body(media_type, photo.bytes.clone()),
        View::Metadata => {
            let (width, height) = content::dimensions(&photo.bytes).unwrap_or((1, 1));
            Response::json(
                200,
                &json!({
                    "@odata.mediaContentType": media_type,
                    "@odata.mediaEtag": photo.etag,
                    "id": format!("{width}x{height}"),
                    "height": height,
                    "width": width,
                }),
            )
        }
    };
    Ok(Done {
        response: response.header("ETag", photo.etag).header("Cache-Control", "private, no-cache"),
        outcome: Outcome::Read,
        why: format!("{} bytes", photo.bytes.len()),
    })
}

fn check_content(state: &State, received: &Received<'_>) -> Result<(), Refusal> {
    if received.wire_bytes > state.api.max_request_bytes {
        return Err(Refusal::too_large());
    }
    let expected = &state.api.media_type;
    let media_type = received.head.only_value("content-type");
    let is_declared = media_type
        .and_then(|value| value.split(';').next())
        .is_some_and(|declared| declared.trim().eq_ignore_ascii_case(expected));
    let is_image = is_declared && content::is_image(expected, received.body);
    is_image.then_some(()).ok_or_else(Refusal::not_an_image)
}

/// Refuses as the account does; [`Account`] says which refusals are documented, and which
/// assumed.
fn check_account(state: &State, resource: &Resource, bytes: usize) -> Result<(), Refusal> {
    let is_item = resource.key.len() > 2;
    Err(match resource.account {
        Account::NoMailbox if is_item || bytes > MAX_WITHOUT_MAILBOX => Refusal::new(
            404,
            "ErrorNonExistentMailbox",
            "The SMTP address has no mailbox associated with it.",
        ),
        Account::OnPremises => on_premises(),
        Account::Guest => Refusal::new(400, "ErrorInvalidRequest", "The request is invalid."),
        Account::Bookings => {
            Refusal::new(500, "ErrorStoreInternalServerError", "Accessing service failed.")
        }
        Account::PhotoPolicy => Refusal::new(
            403,
            "ErrorAccessDenied",
            "Access is denied. The photo policy of the tenant blocks changes to this photo.",
        ),
        Account::TooManyPhotoItems
            if state.directory.count_upload(&resource.key).is_multiple_of(2) =>
        {
            Refusal::new(
                404,
                "ErrorItemNotFound",
                "Too many photo items with class 'IPM.UserPhoto.Preview'.",
            )
        }
        _ => return Ok(()),
    })
}

fn on_premises() -> Refusal {
    Refusal::new(
        404,
        "MailboxNotHostedInExchangeOnline",
        "Mailbox is hosted by an on-premise or non-Exchange server, which is not supported.",
    )
}

fn store(
    state: &State,
    resource: &Resource,
    permission: &Permission,
    received: &Received<'_>,
) -> Done {
    let etag = state.next_etag();
    let version = PhotoVersion {
        bytes: received.body.clone(),
        etag: etag.clone(),
        time: state.now(),
        request: received.number,
        permission: permission.clone(),
    };
    state.photos.store(resource.key.clone(), version);
    Done {
        response: Response::new(200).header("ETag", etag),
        outcome: Outcome::Stored,
        why: format!("{} bytes, allowed by {permission}", received.body.len()),
    }
}
