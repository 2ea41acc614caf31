//! Uploads profile photos to Microsoft Graph.

mod auth;
#[cfg(feature = "azure")]
mod azure;
mod builder;
mod call;
mod claims;
mod client;
mod cloud;
mod diagnosis;
mod error;
pub mod generated;
mod graph_error;
mod hint;
mod hooks;
mod identifier;
mod jpeg;
mod metadata;
mod operation;
mod permission;
mod photo;
mod retry;
mod target;
mod wire;

pub use auth::{
    AccessToken, InvalidToken, StaticToken, TokenError, TokenFuture, TokenProvider, TokenRequest,
};
#[cfg(feature = "azure")]
pub use azure::AzureToken;
pub use builder::ClientBuilder;
pub use client::{GraphPhotoClient, UploadResponse};
pub use cloud::UnknownCloud;
pub use diagnosis::Diagnosis;
pub use error::Error;
pub use generated::{
    cloud::Cloud,
    identifier::*,
    limits::{MAX_REQUEST_BYTES, MEDIA_TYPE},
    operation::Operation,
    target::PhotoTarget,
};
pub use identifier::{Identifier, IdentifierRule, InvalidIdentifier, PathParameter};
pub use jpeg::{ContentKind, InvalidJpeg, JpegKind, PhotoWarning, UnsupportedJpeg};
pub use permission::{AccountKind, Condition, Permission, PermissionSource, PermissionType};
pub use photo::{InvalidPhoto, JpegPhoto, PhotoFault};
pub use retry::RetryPolicy;
pub use target::{InvalidTarget, UploadMethod};
