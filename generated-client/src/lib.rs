//! Uploads profile photos to Microsoft Graph: of the signed-in user, of any user or
//! group, and of Outlook contacts.
//!
//! What leaves this crate has been checked: a photo is a JPEG that decoders can read, an
//! identifier cannot lead to another resource, the whole request is under Graph's limit.
//! What comes back is kept: every refusal is an [`Error`] with status, code, ids and, as
//! far as it can be told, the reason.
//!
//! # Upload a photo
//!
//! In `Cargo.toml`:
//!
//! ```toml
//! [dependencies]
//! graph-photo-client = "0.1"
//! tokio = { version = "1", features = ["macros", "rt-multi-thread"] }
//! ```
//!
//! A client needs a source of tokens. A token that you already have goes into a
//! [`StaticToken`]:
//!
//! ```no_run
//! use graph_photo_client::{GraphPhotoClient, JpegPhoto, PhotoTarget, StaticToken};
//!
//! # async fn upload() -> Result<(), Box<dyn std::error::Error>> {
//! let client = GraphPhotoClient::builder()
//!     .token_provider(StaticToken::new(std::env::var("GRAPH_ACCESS_TOKEN")?))
//!     .build()?;
//! let photo = JpegPhoto::read("me.jpg").await?;
//! let response = client.replace(&PhotoTarget::me(), &photo).await?;
//! println!("{} after {} attempt(s)", response.status, response.attempts);
//! # Ok(())
//! # }
//! ```
//!
//! [`replace`](GraphPhotoClient::replace) is `PUT`,
//! [`update`](GraphPhotoClient::update) is `PATCH`; Graph does the same for both.
//!
//! # Choose whose photo
//!
//! A [`PhotoTarget`] comes from a constructor, a resource path or a Graph URL.
//! Identifiers go in as Graph returned them:
//!
//! ```
//! use graph_photo_client::PhotoTarget;
//!
//! let contact = PhotoTarget::my_contact("AAMk/x=")?;
//! assert_eq!(contact.to_string(), "/me/contacts/AAMk%2Fx=");
//! assert_eq!("/me/contacts/AAMk%2Fx=/photo/$value".parse(), Ok(contact));
//!
//! // An id that would lead to the signed-in user's own photo.
//! let error = PhotoTarget::my_contact("..").unwrap_err();
//! assert_eq!(error.parameter(), "contactId");
//! # Ok::<(), graph_photo_client::InvalidIdentifier>(())
//! ```
//!
//! # Look at the photo first
//!
//! A [`JpegPhoto`] is validated once and held once; cloning it copies no bytes. What is
//! not a JPEG is refused by name; a JPEG may come with [warnings](JpegPhoto::warnings):
//!
//! ```
//! use graph_photo_client::JpegPhoto;
//!
//! let error = JpegPhoto::from_bytes(&b"\x89PNG\r\n\x1a\n"[..]).unwrap_err();
//! assert!(error.to_string().contains("PNG"));
//! ```
//!
//! A photo may tell where it was taken. [`without_metadata`](JpegPhoto::without_metadata)
//! removes that and keeps every pixel:
//!
//! ```no_run
//! # async fn clean() -> Result<(), graph_photo_client::InvalidPhoto> {
//! let photo = graph_photo_client::JpegPhoto::read("holiday.jpg").await?;
//! let photo = photo.without_metadata()?;
//! # Ok(())
//! # }
//! ```
//!
//! # Ask for the right permission
//!
//! The permissions that an operation takes are known offline, least privileged first;
//! `graph-photo permissions` shows them as a table:
//!
//! ```
//! use graph_photo_client::{PhotoTarget, UploadMethod};
//!
//! let operation = PhotoTarget::me().operation(UploadMethod::Put).unwrap();
//! assert_eq!(operation.permissions()[0].scope, "User.ReadWrite");
//! ```
//!
//! When Graph answers 401 or 403, the token's claims are compared with them, and the
//! error names the permission that is missing. With
//! [`check_permissions`](ClientBuilder::check_permissions) that happens before anything
//! is sent.
//!
//! # Get tokens as they are needed
//!
//! A closure is a [`TokenProvider`], and is asked for another token after a 401:
//!
//! ```no_run
//! use graph_photo_client::{AccessToken, GraphPhotoClient, TokenRequest};
//! # async fn my_token(scope: String, fresh: bool) -> String { String::new() }
//!
//! let client = GraphPhotoClient::builder()
//!     .token_provider(|request: TokenRequest<'_>| {
//!         let (scope, fresh) = (request.scope.to_owned(), request.force_refresh);
//!         async move { Ok(AccessToken::new(my_token(scope, fresh).await)?) }
//!     })
//!     .build()?;
//! # Ok::<(), graph_photo_client::Error>(())
//! ```
//!
//! With the feature `azure`, `AzureToken` takes any credential of the Azure SDK.
//!
//! # Set 40,000 photos overnight
//!
//! One client keeps its connections; clones share them. A few uploads at a time are
//! enough:
//!
//! ```no_run
//! use graph_photo_client::{Error, GraphPhotoClient, JpegPhoto, PhotoTarget};
//! use tokio::task::JoinSet;
//!
//! const AT_ONCE: usize = 8;
//!
//! async fn set_all(client: &GraphPhotoClient, users: Vec<String>) {
//!     let mut uploads = JoinSet::new();
//!     for user in users {
//!         if uploads.len() == AT_ONCE {
//!             uploads.join_next().await;
//!         }
//!         let client = client.clone();
//!         uploads.spawn(async move {
//!             if let Err(error) = set(&client, &user).await {
//!                 eprintln!("{user}: {error:#}");
//!             }
//!         });
//!     }
//!     uploads.join_all().await;
//! }
//!
//! async fn set(client: &GraphPhotoClient, user: &str) -> Result<(), Error> {
//!     let photo = JpegPhoto::read(format!("photos/{user}.jpg")).await?;
//!     client.replace(&PhotoTarget::user(user)?, &photo).await?;
//!     Ok(())
//! }
//! ```
//!
//! Graph allows an app four requests at a time per mailbox and answers 429 beyond its
//! limits: the client waits as long as Graph says and sends the same bytes again, within
//! the bounds of its [`RetryPolicy`]. `tracing` shows what it decides.
//!
//! # When it fails
//!
//! The message of an [`Error`] names the target and the ids of the request; `{:#}` adds
//! the causes, such as that of a connection that failed:
//!
//! ```no_run
//! # use graph_photo_client::{GraphPhotoClient, JpegPhoto, PhotoTarget};
//! # async fn upload(client: GraphPhotoClient, target: PhotoTarget, photo: JpegPhoto) {
//! match client.replace(&target, &photo).await {
//!     Ok(_) => {}
//!     Err(error) if error.is_local() => eprintln!("nothing was sent: {error:#}"),
//!     Err(error) if error.is_retryable() => eprintln!("try again later: {error:#}"),
//!     Err(error) => eprintln!("{error:#}"),
//! }
//! # }
//! ```
//!
//! # Features
//!
//! - `azure`: [tokens](#get-tokens-as-they-are-needed) from the Azure SDK.
//!
//! The command line is another crate, `graph-photo`. [`Operation`], [`PhotoTarget`],
//! [`Cloud`], limits, permissions and the [typed client](generated::client) are generated
//! from one OpenAPI file.

mod auth;
mod builder;
mod client;
mod display;
mod error;
pub mod generated;
mod photo;
mod runtime;
mod target;
mod transport;

#[cfg(feature = "azure")]
pub use auth::azure::AzureToken;
pub use auth::{
    diagnosis::Diagnosis,
    permission::{Permission, PermissionSource},
    provider::{StaticToken, TokenError, TokenFuture, TokenProvider, TokenRequest},
    token::{AccessToken, InvalidToken},
};
pub use builder::ClientBuilder;
pub use client::GraphPhotoClient;
pub use display::{Printable, error_chain};
pub use error::Error;
pub use generated::{
    cloud::Cloud,
    identifier::*,
    limits::{GRAPH_APP_ID, MAX_REQUEST_BYTES, MEDIA_TYPE},
    operation::{AccountKind, Condition, Operation, PermissionType, UploadMethod},
    target::PhotoTarget,
};
pub use photo::{
    ContentKind, InvalidJpeg, InvalidPhoto, JpegKind, JpegPhoto, MAX_READ_BYTES, PhotoFault,
    PhotoWarning, UnsupportedJpeg,
};
pub use target::{
    cloud::UnknownCloud,
    error::InvalidTarget,
    identifier::{Identifier, IdentifierRule, InvalidIdentifier, PathParameter},
};
pub use transport::{outcome::UploadResponse, retry::RetryPolicy};
pub use {http, reqwest, rustls};

/// The examples of the README, which are compiled as documentation tests.
#[cfg(doctest)]
mod readme {
    #[doc = include_str!("../README.md")]
    struct OfCrate;
}
