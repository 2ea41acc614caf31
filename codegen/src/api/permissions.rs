//! The extensions about permissions: what standard OpenAPI has no words for.

use serde::{Deserialize, Deserializer, Serialize, de::Error as _};

use crate::diagnostics::named_enum::named;

/// The key of the extension in an operation.
pub const PERMISSIONS_KEY: &str = "x-graph-permissions";

/// The key of the extension in a security scheme that gives its scopes their ids.
pub const PERMISSION_IDS_KEY: &str = "x-graph-permission-ids";

/// The id of Microsoft Graph as a resource in app registrations, the same in every organization.
pub const GRAPH_APP_ID: &str = "00000003-0000-0000-c000-000000000000";

/// What a caller of an operation must have been granted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(
    feature = "generator",
    derive(schemars::JsonSchema),
    schemars(title = "x-graph-permissions")
)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PermissionMetadata {
    /// The kinds of accounts that the operation works with.
    #[cfg_attr(feature = "generator", schemars(length(min = 1)))]
    #[serde(deserialize_with = "not_empty")]
    pub account_kinds: Vec<AccountKind>,
    /// The permissions, any of which suffices; the least privileged of each scheme comes first.
    #[cfg_attr(feature = "generator", schemars(length(min = 1)))]
    #[serde(deserialize_with = "not_empty")]
    pub least_privileged_first: Vec<Grant>,
}

/// Reads a list with at least one item, as the JSON Schema demands.
fn not_empty<'de, D: Deserializer<'de>, T: Deserialize<'de>>(
    deserializer: D,
) -> Result<Vec<T>, D::Error> {
    let items = Vec::deserialize(deserializer)?;
    if items.is_empty() {
        return Err(D::Error::invalid_length(0, &"at least one item"));
    }
    Ok(items)
}

/// One permission that suffices for an operation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "generator", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Grant {
    /// The security scheme: a key of `components.securitySchemes`.
    pub scheme: String,
    /// A scope of that scheme.
    pub scope: String,
    /// What else must hold for the permission to suffice.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub condition: Option<Condition>,
    /// The document that says so: a key of `x-graph-sources`.
    pub source: String,
}

named! {
    /// On whose behalf an access token acts; Microsoft calls it the "permission type".
    #[cfg_attr(feature = "generator", derive(schemars::JsonSchema))]
    pub PermissionType {
        /// On behalf of a signed-in user; in the token's claim `scp`.
        Delegated = "delegated";
        /// Under the app's own identity; in the token's claim `roles`.
        Application = "application";
    }
}

named! {
    /// A kind of account, as Microsoft's identity platform tells them apart.
    #[cfg_attr(feature = "generator", derive(schemars::JsonSchema))]
    pub AccountKind {
        /// An account of an organization.
        Work = "work";
        /// An account of a school or university.
        School = "school";
        /// A personal Microsoft account.
        Personal = "personal";
    }
}

named! {
    /// What else must hold for a permission to suffice.
    #[cfg_attr(feature = "generator", derive(schemars::JsonSchema))]
    pub Condition {
        /// The photo must be that of the signed-in user.
        OwnPhotoOnly = "ownPhotoOnly";
        /// The app must call under its own identity, not on behalf of a user.
        NotOnBehalfOfUser = "notOnBehalfOfUser";
        /// The signed-in user must hold an administrator's role, unless the photo is their own.
        AdministratorRole = "administratorRole";
    }
}

impl Condition {
    /// The condition in a few words.
    pub const fn words(self) -> &'static str {
        match self {
            Self::OwnPhotoOnly => "own photo only",
            Self::NotOnBehalfOfUser => "not on behalf of a user",
            Self::AdministratorRole => "administrator's role needed for others' photos",
        }
    }

    /// The condition as a clause that follows "only if".
    pub const fn clause(self) -> &'static str {
        match self {
            Self::OwnPhotoOnly => "the photo is the signed-in user's own",
            Self::NotOnBehalfOfUser => "the app calls under its own identity",
            Self::AdministratorRole => {
                "the signed-in user has an administrator's role, or the photo is that user's own"
            }
        }
    }

    /// The type of permissions that can have it: the one with or without a signed-in user.
    pub const fn permission_type(self) -> PermissionType {
        match self {
            Self::OwnPhotoOnly | Self::AdministratorRole => PermissionType::Delegated,
            Self::NotOnBehalfOfUser => PermissionType::Application,
        }
    }
}

/// The JSON Schema of [`PermissionMetadata`], as text that ends with a line break.
#[cfg(feature = "generator")]
pub fn json_schema() -> String {
    format!("{:#}\n", schemars::schema_for!(PermissionMetadata).as_value())
}
