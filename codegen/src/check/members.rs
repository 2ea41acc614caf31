//! The objects of OpenAPI 3.0 and of the extensions: the one list of the members that
//! each may have.

use self::Form::{
    Any, Component, Count, Definition, Elsewhere, Fixed, Flag, List, Map, Patterned, Text,
    Unsupported, Word,
};
use crate::{
    api::{
        difference::{DIFFERENCES_KEY, DifferenceKind},
        method::Method,
        permissions::{AccountKind, Condition, PERMISSION_IDS_KEY, PERMISSIONS_KEY},
    },
    diagnostics::{named_enum::named, rule::Rule},
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
    /// Another check refuses it, with a reason.
    Elsewhere,
    /// OpenAPI allows it, and the generator doesn't.
    Unsupported,
}

/// Members that are alike: their keys, with blanks between them, their form, and an
/// example if the object has to have them.
type Members = (&'static str, Form, Option<&'static str>);

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

const SCHEMA: Form = Component("schemas", Object::Schema);
const PARAMETERS: Form = List(&Component("parameters", Object::Parameter));
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
    #[expect(clippy::too_many_lines, reason = "it is one table")]
    const fn members(self) -> &'static [Members] {
        match self {
            Self::Root => &[
                ("openapi", Any, None),
                ("info", Fixed(Self::Info), Some("{ title: ..., version: 1.0.0 }")),
                ("externalDocs", Fixed(Self::ExternalDocs), None),
                ("servers", List(&Fixed(Self::Server)), None),
                ("x-graph-sources", Map(&Fixed(Self::Source)), None),
                (DIFFERENCES_KEY, List(&Fixed(Self::Difference)), None),
                ("tags", List(&Fixed(Self::Tag)), None),
                ("paths", Patterned(&Fixed(Self::PathItem)), Some("{ /me/photo/$value: ... }")),
                (
                    "components",
                    Fixed(Self::Components),
                    Some("{ schemas: ..., securitySchemes: ... }"),
                ),
                ("security", Unsupported, None),
            ],
            Self::Info => &[
                ("title", Text, Some("Microsoft Graph profile photos")),
                ("version", Text, Some("1.0.0")),
                ("description termsOfService", Text, None),
                ("contact", Fixed(Self::Contact), None),
                ("license", Fixed(Self::License), None),
            ],
            Self::Contact => &[("name url email", Text, None)],
            Self::License => &[("name", Text, Some("MIT")), ("url", Text, None)],
            Self::ExternalDocs => {
                &[("description", Text, None), ("url", Text, Some("https://..."))]
            }
            Self::Tag => &[
                ("name", Text, Some("people")),
                ("description", Text, None),
                ("externalDocs", Fixed(Self::ExternalDocs), None),
            ],
            Self::Server => &[
                ("url", Text, Some("https://graph.microsoft.com/v1.0")),
                ("description", Text, Some("The global service")),
                ("x-graph-cloud", Text, Some("name-of-the-cloud")),
                ("variables", Unsupported, None),
            ],
            Self::Source => &[
                ("title", Text, Some("Update profilephoto")),
                ("url", Text, Some("https://learn.microsoft.com/graph/...")),
            ],
            Self::Difference => &[
                ("kind", Word(DifferenceKind::RECORDED), Some("permission-not-upstream")),
                ("path", Text, Some("/me/photo/$value")),
                ("method", Word(&Method::NAMES), None),
                ("scheme permission", Text, None),
                ("source", Text, Some("current-page")),
                ("reason", Text, Some("why it is deliberate")),
            ],
            Self::PathItem => &[
                ("put patch", Fixed(Self::Operation), None),
                ("parameters", PARAMETERS, None),
                ("summary description", Text, None),
                ("get post delete head options trace", Elsewhere, None),
                ("$ref servers", Unsupported, None),
            ],
            Self::Operation => &[
                ("operationId", Text, None),
                ("tags", List(&Text), None),
                ("summary", Text, Some("Replaces the photo of ...")),
                ("description", Text, None),
                ("externalDocs", Fixed(Self::ExternalDocs), None),
                ("parameters", PARAMETERS, None),
                ("security", List(&Map(&List(&Text))), None),
                (PERMISSIONS_KEY, Fixed(Self::Permissions), None),
                ("requestBody", Component("requestBodies", Self::RequestBody), None),
                ("responses", Patterned(&Component("responses", Self::Response)), None),
                ("callbacks deprecated servers", Unsupported, None),
            ],
            Self::Permissions => &[
                ("accountKinds", List(&Word(&AccountKind::NAMES)), Some("[work, school]")),
                ("leastPrivilegedFirst", List(&Fixed(Self::Grant)), Some(GRANTS)),
            ],
            Self::Grant => &[
                ("scheme", Text, Some("delegated")),
                ("scope", Text, Some("User.ReadWrite")),
                ("condition", Word(&Condition::NAMES), None),
                ("source", Text, Some("original-page")),
            ],
            Self::Parameter => &[
                ("name", Text, Some("userId")),
                ("in", Text, Some("path")),
                ("required", Flag, Some("true")),
                ("description", Text, Some("The user's object id.")),
                ("schema", SCHEMA, Some("{ $ref: '#/components/schemas/UserId' }")),
                ("style explode allowReserved allowEmptyValue", Unsupported, None),
                ("deprecated content example examples", Unsupported, None),
            ],
            Self::RequestBody => &[
                ("description", Text, None),
                ("required", Flag, Some("true")),
                ("content", Map(&Fixed(Self::Photo)), Some("{ image/jpeg: ... }")),
            ],
            Self::Photo => &[
                ("schema", SCHEMA, Some("{ type: string, format: binary, maxLength: 4194303 }")),
                ("example examples encoding", Unsupported, None),
            ],
            Self::Response => &[
                ("description", Text, Some("The photo was replaced.")),
                ("content", Map(&Fixed(Self::Error)), None),
                ("headers links", Unsupported, None),
            ],
            Self::Error => &[
                ("schema", SCHEMA, Some("{ $ref: '#/components/schemas/ErrorResponse' }")),
                ("example examples encoding", Unsupported, None),
            ],
            Self::Schema => &[
                ("type format description pattern", Text, None),
                ("properties", Map(&SCHEMA), None),
                ("required", List(&Text), None),
                ("items", SCHEMA, None),
                ("minLength maxLength", Count, None),
                (UNSUPPORTED_IN_SCHEMAS, Unsupported, None),
            ],
            Self::Components => &[
                ("parameters", Map(&Definition(Self::Parameter)), None),
                ("requestBodies", Map(&Definition(Self::RequestBody)), None),
                ("responses", Map(&Definition(Self::Response)), None),
                ("schemas", Map(&Definition(Self::Schema)), None),
                ("securitySchemes", Map(&Definition(Self::SecurityScheme)), None),
                ("callbacks examples headers links", Unsupported, None),
            ],
            Self::SecurityScheme => &[
                ("type", Text, Some("oauth2")),
                ("description", Text, Some("The app acts on behalf of a signed-in user.")),
                ("flows", Fixed(Self::Flows), None),
                (PERMISSION_IDS_KEY, Fixed(Self::PermissionIds), None),
                ("name in scheme bearerFormat openIdConnectUrl", Elsewhere, None),
            ],
            Self::PermissionIds => {
                &[("source", Text, Some("permissions-reference")), ("ids", Map(&Text), Some(IDS))]
            }
            Self::Flows => &[
                ("authorizationCode", Fixed(Self::AuthorizationCode), None),
                ("clientCredentials", Fixed(Self::ClientCredentials), None),
                ("implicit password", Elsewhere, None),
            ],
            Self::AuthorizationCode => &[
                ("authorizationUrl tokenUrl", Text, Some(URL)),
                ("refreshUrl", Text, None),
                ("scopes", Map(&Text), Some(SCOPES)),
            ],
            Self::ClientCredentials => &[
                ("tokenUrl", Text, Some(URL)),
                ("refreshUrl", Text, None),
                ("scopes", Map(&Text), Some(SCOPES)),
            ],
        }
    }

    /// Its members one by one.
    pub(super) fn each(self) -> impl Iterator<Item = Members> {
        let one =
            |&(keys, form, example): &Members| keys.split(' ').map(move |key| (key, form, example));
        self.members().iter().flat_map(one)
    }
}
