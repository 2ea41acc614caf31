//! Validates profile photos and uploads them to Microsoft Graph: for the signed-in user, for
//! any user or group, and for Outlook contacts.
//!
//! A photo is a JPEG that decoders can read, an identifier cannot lead to another resource,
//! and the whole request is below Graph's limit, all before anything is sent. When Graph
//! refuses, the [`Error`] has the status, code, ids and, if known, the reason.
//!
//! # Add it to a program
//!
//! The crate is on no registry yet. Until it is, depend on a checkout of its repository:
//!
//! ```toml
//! [dependencies]
//! graph-photo-client = { path = "path/to/checkout/generated-client" }
//! tokio = { version = "1", features = ["macros", "rt-multi-thread"] }
//! ```
//!
//! That builds the generator, too. The checkout's README explains how to depend on a copy
//! without it.
//!
//! # Upload a photo
//!
//! ```no_run
//! use graph_photo_client::{GraphPhotoClient, JpegPhoto, PhotoTarget, StaticToken};
//!
//! #[tokio::main]
//! async fn main() -> Result<(), Box<dyn std::error::Error>> {
//!     let client = GraphPhotoClient::builder()
//!         .token_provider(StaticToken::new(std::env::var("GRAPH_ACCESS_TOKEN")?))
//!         .build()?;
//!     let photo = JpegPhoto::read("me.jpg").await?;
//!     let response = client.replace(&PhotoTarget::me(), &photo).await?;
//!     println!("{} after {} attempt(s)", response.status, response.attempts);
//!     Ok(())
//! }
//! ```
//!
//! [`replace`](GraphPhotoClient::replace) is `PUT`, [`update`](GraphPhotoClient::update) is
//! `PATCH`; Graph does the same for both.
//!
//! # Get a token
//!
//! **From the Azure CLI**, for a first try. The token lasts about an hour, and goes into a
//! [`StaticToken`] as above:
//!
//! ```console
//! $ az login
//! $ export GRAPH_ACCESS_TOKEN=$(az account get-access-token --resource-type ms-graph --query accessToken --output tsv)
//! ```
//!
//! **From your own code.** A closure is a [`TokenProvider`], and so is a type that implements
//! the trait. After a 401 it is asked again, with
//! [`force_refresh`](TokenRequest::force_refresh):
//!
//! ```
//! use std::sync::Arc;
//! use graph_photo_client::{
//!     AccessToken, GraphPhotoClient, StaticToken, TokenFuture, TokenProvider, TokenRequest,
//! };
//!
//! /// A file that another program keeps up to date.
//! struct TokenFile(&'static str);
//!
//! impl TokenProvider for TokenFile {
//!     fn token<'a>(&'a self, _: TokenRequest<'a>) -> TokenFuture<'a> {
//!         Box::pin(async { Ok(AccessToken::new(std::fs::read_to_string(self.0)?.trim())?) })
//!     }
//! }
//!
//! // Which one is known only at run time.
//! let provider: Arc<dyn TokenProvider> = match std::env::var("GRAPH_ACCESS_TOKEN") {
//!     Ok(token) => Arc::new(StaticToken::new(token)),
//!     Err(_) => Arc::new(TokenFile("token.txt")),
//! };
//! let client = GraphPhotoClient::builder().token_provider(Arc::clone(&provider)).build()?;
//!
//! // In a test of the provider:
//! # async fn test(provider: Arc<dyn TokenProvider>) -> Result<(), graph_photo_client::TokenError> {
//! let request = TokenRequest::new("https://graph.microsoft.com/.default");
//! let token = provider.token(request.with_force_refresh(true)).await?;
//! assert_eq!(token, AccessToken::new("expected")?);
//! # Ok(())
//! # }
//! # Ok::<(), graph_photo_client::Error>(())
//! ```
//!
//! **From the Azure SDK**, with this crate's feature `azure` and the crate `azure_identity`
//! (feature `tokio`): `AzureToken` takes any of its credentials, for example
//! `AzureToken::new(ManagedIdentityCredential::new(None)?)`. It gets and renews the tokens.
//!
//! # Choose whose photo
//!
//! A [`PhotoTarget`] comes from a constructor, a resource path or a Graph URL. Identifiers
//! go in as Graph returned them:
//!
//! ```
//! use graph_photo_client::PhotoTarget;
//!
//! let contact = PhotoTarget::my_contact("AAMk/x=")?;
//! assert_eq!(contact.to_string(), "/me/contacts/AAMk%2Fx=");
//! assert_eq!("/me/contacts/AAMk%2Fx=/photo/$value".parse(), Ok(contact));
//!
//! // This id would lead to the signed-in user's own photo.
//! let error = PhotoTarget::my_contact("..").unwrap_err();
//! assert_eq!(error.parameter(), "contactId");
//! # Ok::<(), graph_photo_client::InvalidIdentifier>(())
//! ```
//!
//! # Check the photo
//!
//! A [`JpegPhoto`] is validated once and held once; clones share its bytes. Anything but a
//! JPEG is refused by name; a JPEG may have [warnings](JpegPhoto::warnings), such as that of
//! a GPS position. [`without_metadata`](JpegPhoto::without_metadata) removes that and keeps
//! every pixel. [`has_damaged_image_data`] finds data that was lost or changed, of which
//! decoders make grey:
//!
//! ```
//! use graph_photo_client::{InvalidPhoto, JpegPhoto};
//!
//! let error = JpegPhoto::from_bytes(&b"\x89PNG\r\n\x1a\n"[..]).unwrap_err();
//! assert!(error.to_string().contains("PNG"));
//!
//! async fn clean() -> Result<JpegPhoto, InvalidPhoto> {
//!     JpegPhoto::read("holiday.jpg").await?.without_metadata()
//! }
//! ```
//!
//! # Ask for the right permission
//!
//! An [`Operation`] knows its permissions offline, least privileged first:
//!
//! ```
//! use graph_photo_client::{PhotoTarget, UploadMethod};
//!
//! let operation = PhotoTarget::me().operation(UploadMethod::Put).unwrap();
//! assert_eq!(operation.permissions()[0].scope, "User.ReadWrite");
//! ```
//!
//! After a 401 or 403, the error compares them with the token's claims and names the missing
//! one. [`check_permissions`](ClientBuilder::check_permissions) does so before sending.
//!
//! # Handle errors
//!
//! The message of an [`Error`] names the target and the ids of the request; `{:#}` adds the
//! causes, such as why a connection failed:
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
//! A test of your error handling makes one by [`Error::from_response`], and an outcome by
//! [`UploadResponse::new`].
//!
//! # Set 40,000 photos overnight
//!
//! Clones of a client share its connections. A few uploads at a time are enough:
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
//! limits. The client waits as long as Graph asks and sends the same bytes again, within its
//! [`RetryPolicy`]. `tracing` shows each decision.
//!
//! # Without async
//!
//! Only the futures of an upload, a read and a [`check_token`](GraphPhotoClient::check_token)
//! need a Tokio runtime. One on the current thread takes `tokio` with the feature `rt` alone:
//!
//! ```no_run
//! # use graph_photo_client::{GraphPhotoClient, JpegPhoto, PhotoTarget};
//! # fn upload(client: GraphPhotoClient) -> Result<(), Box<dyn std::error::Error>> {
//! let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
//! let photo = JpegPhoto::from_bytes(std::fs::read("me.jpg")?)?;
//! runtime.block_on(client.replace(&PhotoTarget::me(), &photo))?;
//! # Ok(())
//! # }
//! ```
//!
//! # Beside another reqwest client
//!
//! This crate builds reqwest with its feature `rustls-no-provider`, and Cargo builds it once
//! for the whole program. If the program makes a [`reqwest::Client`] itself and enables none
//! of reqwest's TLS features, that client gets TLS without a crypto provider, and
//! `reqwest::Client::new()` panics with "No rustls crypto provider is configured". To fix
//! it, begin `main` with this line:
//!
//! ```
//! let _ = graph_photo_client::rustls::crypto::ring::default_provider().install_default();
//! ```
//!
//! A program with reqwest's default features, `rustls` or `native-tls` needs nothing.
//!
//! # Features
//!
//! - `azure`: `AzureToken`, [tokens](#get-a-token) from the Azure SDK.
//!
//! The command line is another crate, `graph-photo`. [`Operation`], [`PhotoTarget`],
//! [`Cloud`], limits, permissions and the [typed client](generated::client) are generated
//! from one OpenAPI file.

mod auth;
mod builder;
mod client;
mod display;
mod error;
#[cfg(fuzzing)]
#[doc(hidden)]
pub mod fuzzing;
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
pub use display::{Printable, error_chain, without_secrets};
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
    PhotoWarning, UnsupportedJpeg, has_damaged_image_data,
};
pub use target::{
    cloud::UnknownCloud,
    error::InvalidTarget,
    identifier::{Identifier, IdentifierRule, InvalidIdentifier, PathParameter},
};
pub use transport::{outcome::UploadResponse, retry::RetryPolicy};

#[doc(no_inline)]
pub use {http, reqwest, rustls};

/// The examples of the README, which are compiled as documentation tests.
#[cfg(doctest)]
mod readme {
    #[doc = include_str!("../README.md")]
    struct OfCrate;
}
