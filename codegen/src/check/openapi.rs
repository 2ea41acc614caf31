//! The objects of OpenAPI 3.0 and of the extensions: the one list of the members that
//! each may have.

use self::{
    Form::{Any, Component, Count, Definition, Fixed, Flag, List, Map, Patterned, Text, Word},
    Need::{Documented, Elsewhere, Optional, Required, Unsupported},
};
use crate::{
    api::{
        difference::{DIFFERENCES_KEY, DifferenceKind},
        permissions::{AccountKind, Condition, PERMISSION_IDS_KEY, PERMISSIONS_KEY},
    },
    diagnostics::{named::named, rule::Rule},
};

/// What a value has to be.
#[derive(Clone, Copy)]
pub(super) enum Form {
    /// Text that isn't blank.
    Text,
    /// `true` or `false`.
    Flag,
    /// A whole number, not negative.
    Count,
    /// One of these words.
    Word(&'static [&'static str]),
    /// A list of such values.
    List(&'static Form),
    /// A mapping with names of the author's choice as keys.
    Map(&'static Form),
    /// The same, but keys that begin with `x-` are extensions.
    Patterned(&'static Form),
    /// A mapping with fixed keys.
    Fixed(Object),
    /// Such a mapping, where OpenAPI allows a reference to another component and
    /// the generator fails on it.
    Definition(Object),
    /// Such a mapping, or a reference to one in this section of `components`.
    Component(&'static str, Object),
    /// Anything; checked elsewhere.
    Any,
}

/// Whether an object has a member.
#[derive(Clone, Copy)]
pub(super) enum Need {
    Optional,
    /// It has to; with an example.
    Required(&'static str),
    /// It has to, for whoever reads the documentation; with an example.
    Documented(&'static str),
    /// Another check refuses it, with a reason.
    Elsewhere,
    /// OpenAPI allows it, and the generator doesn't.
    Unsupported,
}

/// Members that are alike: their keys, with blanks between them.
type Members = (&'static str, Form, Need);

named! {
    /// A mapping whose keys OpenAPI, or an extension, fixes. Its name has an article.
    pub(crate) Object {
        Root = "the file";
        Info = "`info`";
        Contact = "a contact";
        License = "a license";
        ExternalDocs = "external documentation";
        Tag = "a tag";
        Server = "a server";
        Source = "a source";
        Difference = "a recorded difference";
        PathItem = "a path";
        Operation = "an operation";
        Permissions = "`x-graph-permissions`";
        Grant = "a permission";
        Parameter = "a parameter";
        RequestBody = "a request body";
        Photo = "the media type of a request";
        Response = "a response";
        Error = "the media type of a response";
        Schema = "a schema";
        Components = "`components`";
        SecurityScheme = "a security scheme";
        PermissionIds = "`x-graph-permission-ids`";
        Flows = "`flows`";
        AuthorizationCode = "the flow `authorizationCode`";
        ClientCredentials = "the flow `clientCredentials`";
    }
}

const URL: &str = "https://login.microsoftonline.com/...";
const SCOPES: &str = "{ User.ReadWrite: Read and update the user's profile. }";
const IDS: &str = "{ User.ReadWrite: b4e74841-8e56-480b-be8b-910348b18b4c }";
const GRANTS: &str = "[{ scheme: delegated, scope: User.ReadWrite, source: original-page }]";
const UNSUPPORTED_IN_SCHEMAS: &str = "additionalProperties allOf anyOf default deprecated \
     discriminator enum example exclusiveMaximum exclusiveMinimum externalDocs maxItems \
     maxProperties maximum minItems minProperties minimum multipleOf not nullable oneOf readOnly \
     title uniqueItems writeOnly xml";

impl Object {
    /// The rule that it breaks if a required member is missing.
    pub(super) const fn missing(self) -> Rule {
        match self {
            Self::Info => Rule::Info,
            Self::Server => Rule::Server,
            Self::Source => Rule::PermissionSource,
            Self::Difference => Rule::UpstreamDifference,
            Self::Permissions | Self::Grant => Rule::PermissionMetadata,
            Self::PermissionIds => Rule::PermissionId,
            Self::Parameter => Rule::PathParameter,
            Self::RequestBody | Self::Photo => Rule::RequestBody,
            Self::Response | Self::Error => Rule::Responses,
            Self::SecurityScheme | Self::AuthorizationCode | Self::ClientCredentials => {
                Rule::SecurityScheme
            }
            _ => Rule::OpenapiStructure,
        }
    }

    /// Whether it is an extension or a part of one, which has no extensions itself.
    pub(super) const fn is_extension(self) -> bool {
        matches!(
            self,
            Self::Source | Self::Difference | Self::Permissions | Self::Grant | Self::PermissionIds
        )
    }

    /// The members that it may have, by
    /// <https://spec.openapis.org/oas/v3.0.3.html#schema>, and those that it can't have.
    pub(super) const fn members(self) -> &'static [Members] {
        match self {
            Self::Root => &[
                ("openapi", Any, Optional),
                ("info", Fixed(Self::Info), Required("{ title: ..., version: 1.0.0 }")),
                ("externalDocs", Fixed(Self::ExternalDocs), Optional),
                ("servers", List(&Fixed(Self::Server)), Optional),
                ("x-graph-sources", Map(&Fixed(Self::Source)), Optional),
                (DIFFERENCES_KEY, List(&Fixed(Self::Difference)), Optional),
                ("tags", List(&Fixed(Self::Tag)), Optional),
                ("paths", Patterned(&Fixed(Self::PathItem)), Required("{ /me/photo/$value: ... }")),
                (
                    "components",
                    Fixed(Self::Components),
                    Required("{ schemas: ..., securitySchemes: ... }"),
                ),
                ("security", Any, Unsupported),
            ],
            Self::Info => &[
                ("title", Text, Required("Microsoft Graph profile photos")),
                ("version", Text, Required("1.0.0")),
                ("description termsOfService", Text, Optional),
                ("contact", Fixed(Self::Contact), Optional),
                ("license", Fixed(Self::License), Optional),
            ],
            Self::Contact => &[("name url email", Text, Optional)],
            Self::License => &[("name", Text, Required("MIT")), ("url", Text, Optional)],
            Self::ExternalDocs => {
                &[("description", Text, Optional), ("url", Text, Required("https://..."))]
            }
            Self::Tag => &[
                ("name", Text, Required("people")),
                ("description", Text, Optional),
                ("externalDocs", Fixed(Self::ExternalDocs), Optional),
            ],
            Self::Server => &[
                ("url", Text, Required("https://graph.microsoft.com/v1.0")),
                ("description", Text, Documented("The global service")),
                ("x-graph-cloud", Text, Required("name-of-the-cloud")),
                ("variables", Any, Unsupported),
            ],
            Self::Source => &[
                ("title", Text, Required("Update profilephoto")),
                ("url", Text, Required("https://learn.microsoft.com/graph/...")),
            ],
            Self::Difference => &[
                ("kind", Word(DifferenceKind::RECORDED), Required("permission-not-upstream")),
                ("path", Text, Required("/me/photo/$value")),
                ("method scheme permission", Text, Optional),
                ("source", Text, Required("current-page")),
                ("reason", Text, Required("why it is deliberate")),
            ],
            Self::PathItem => &[
                ("put patch", Fixed(Self::Operation), Optional),
                ("parameters", List(&Component("parameters", Self::Parameter)), Optional),
                ("summary description", Text, Optional),
                ("get post delete head options trace", Any, Elsewhere),
                ("$ref servers", Any, Unsupported),
            ],
            Self::Operation => &[
                ("operationId", Text, Optional),
                ("tags", List(&Text), Optional),
                ("summary", Text, Documented("Replaces the photo of ...")),
                ("description", Text, Optional),
                ("externalDocs", Fixed(Self::ExternalDocs), Optional),
                ("parameters", List(&Component("parameters", Self::Parameter)), Optional),
                ("security", List(&Map(&List(&Text))), Optional),
                (PERMISSIONS_KEY, Fixed(Self::Permissions), Optional),
                ("requestBody", Component("requestBodies", Self::RequestBody), Optional),
                ("responses", Patterned(&Component("responses", Self::Response)), Optional),
                ("callbacks deprecated servers", Any, Unsupported),
            ],
            Self::Permissions => &[
                ("accountKinds", List(&Word(&AccountKind::NAMES)), Required("[work, school]")),
                ("leastPrivilegedFirst", List(&Fixed(Self::Grant)), Required(GRANTS)),
            ],
            Self::Grant => &[
                ("scheme", Text, Required("delegated")),
                ("scope", Text, Required("User.ReadWrite")),
                ("condition", Word(&Condition::NAMES), Optional),
                ("source", Text, Required("original-page")),
            ],
            Self::Parameter => &[
                ("name", Text, Required("userId")),
                ("in", Text, Required("path")),
                ("required", Flag, Required("true")),
                ("description", Text, Documented("The user's object id.")),
                (
                    "schema",
                    Component("schemas", Self::Schema),
                    Required("{ $ref: '#/components/schemas/UserId' }"),
                ),
                (
                    "style explode allowReserved allowEmptyValue deprecated content example examples",
                    Any,
                    Unsupported,
                ),
            ],
            Self::RequestBody => &[
                ("description", Text, Optional),
                ("required", Flag, Required("true")),
                ("content", Map(&Fixed(Self::Photo)), Required("{ image/jpeg: ... }")),
            ],
            Self::Photo => &[
                (
                    "schema",
                    Component("schemas", Self::Schema),
                    Required("{ type: string, format: binary, maxLength: 4194303 }"),
                ),
                ("example examples encoding", Any, Unsupported),
            ],
            Self::Response => &[
                ("description", Text, Required("The photo was replaced.")),
                ("content", Map(&Fixed(Self::Error)), Optional),
                ("headers links", Any, Unsupported),
            ],
            Self::Error => &[
                (
                    "schema",
                    Component("schemas", Self::Schema),
                    Required("{ $ref: '#/components/schemas/ErrorResponse' }"),
                ),
                ("example examples encoding", Any, Unsupported),
            ],
            Self::Schema => &[
                ("type format description pattern", Text, Optional),
                ("properties", Map(&Component("schemas", Self::Schema)), Optional),
                ("required", List(&Text), Optional),
                ("items", Component("schemas", Self::Schema), Optional),
                ("minLength maxLength", Count, Optional),
                (UNSUPPORTED_IN_SCHEMAS, Any, Unsupported),
            ],
            Self::Components => &[
                ("parameters", Map(&Definition(Self::Parameter)), Optional),
                ("requestBodies", Map(&Definition(Self::RequestBody)), Optional),
                ("responses", Map(&Definition(Self::Response)), Optional),
                ("schemas", Map(&Definition(Self::Schema)), Optional),
                ("securitySchemes", Map(&Definition(Self::SecurityScheme)), Optional),
                ("callbacks examples headers links", Any, Unsupported),
            ],
            Self::SecurityScheme => &[
                ("type", Text, Required("oauth2")),
                ("description", Text, Documented("The app acts on behalf of a signed-in user.")),
                ("flows", Fixed(Self::Flows), Optional),
                (PERMISSION_IDS_KEY, Fixed(Self::PermissionIds), Optional),
                ("name in scheme bearerFormat openIdConnectUrl", Any, Elsewhere),
            ],
            Self::PermissionIds => &[
                ("source", Text, Required("permissions-reference")),
                ("ids", Map(&Text), Required(IDS)),
            ],
            Self::Flows => &[
                ("authorizationCode", Fixed(Self::AuthorizationCode), Optional),
                ("clientCredentials", Fixed(Self::ClientCredentials), Optional),
                ("implicit password", Any, Elsewhere),
            ],
            Self::AuthorizationCode => &[
                ("authorizationUrl tokenUrl", Text, Required(URL)),
                ("refreshUrl", Text, Optional),
                ("scopes", Map(&Text), Required(SCOPES)),
            ],
            Self::ClientCredentials => &[
                ("tokenUrl", Text, Required(URL)),
                ("refreshUrl", Text, Optional),
                ("scopes", Map(&Text), Required(SCOPES)),
            ],
        }
    }

    /// Its members one by one.
    pub(super) fn each(self) -> impl Iterator<Item = Members> {
        let one = |(keys, form, need): &Members| {
            let (form, need) = (*form, *need);
            keys.split(' ').map(move |key| (key, form, need))
        };
        self.members().iter().flat_map(one)
    }
}
