//! The objects of OpenAPI 3.0 and of the extensions: the one list of their members.

use self::Form::{
    Any, Component, Count, Definition, Elsewhere, Fixed, Flag, List, Map, Patterned, Text,
    Unsupported, Word,
};
use crate::api::difference::{DIFFERENCES_KEY, DifferenceKind};
use crate::api::method::Method;
use crate::api::permissions::{AccountKind, Condition, PERMISSION_IDS_KEY, PERMISSIONS_KEY};
use crate::diagnostics::named_enum::named;
use crate::diagnostics::rule::Rule;

/// What a value must be.
#[derive(Clone, Copy)]
pub(super) enum Form {
    /// Text that isn't blank.
    Text,
    Flag,
    /// A whole number, not negative.
    Count,
    Word(&'static [&'static str]),
    List(&'static Form),
    /// A mapping whose keys the author chooses.
    Map(&'static Form),
    /// Such a mapping, in which keys that begin with `x-` are extensions.
    Patterned(&'static Form),
    /// A mapping with fixed keys.
    Fixed(Object),
    /// Such a mapping where OpenAPI allows a reference, on which the generator fails.
    Definition(Object),
    /// Such a mapping, or a reference to one in this section of `components`.
    Component(&'static str, Object),
    /// Anything; checked elsewhere.
    Any,
    /// Refused by another check, with a reason.
    Elsewhere,
    /// Allowed by OpenAPI but not by the generator.
    Unsupported,
}

/// Members that are alike: keys separated by blanks, a form, and an example if required.
type Members = (&'static str, Form, Option<&'static str>);

named! {
    /// A mapping whose keys OpenAPI or an extension fixes; its name has an article. Each has the
    /// rule that a missing required member breaks.
    pub(crate) Object, missing: Rule {
        Root = "the file" => Rule::OpenapiStructure;
        Info = "`info`" => Rule::Info;
        Contact = "a contact" => Rule::OpenapiStructure;
        License = "a license" => Rule::OpenapiStructure;
        ExternalDocs = "external documentation" => Rule::OpenapiStructure;
        Tag = "a tag" => Rule::OpenapiStructure;
        Server = "a server" => Rule::Server;
        Source = "a source" => Rule::PermissionSource;
        Difference = "a recorded difference" => Rule::UpstreamDifference;
        PathItem = "a path" => Rule::OpenapiStructure;
        Operation = "an operation" => Rule::OpenapiStructure;
        Permissions = "`x-graph-permissions`" => Rule::PermissionMetadata;
        Grant = "a permission" => Rule::PermissionMetadata;
        Parameter = "a parameter" => Rule::PathParameter;
        RequestBody = "a request body" => Rule::RequestBody;
        Photo = "the media type of a request" => Rule::RequestBody;
        Response = "a response" => Rule::Responses;
        Error = "the media type of a response" => Rule::Responses;
        Schema = "a schema" => Rule::OpenapiStructure;
        Components = "`components`" => Rule::OpenapiStructure;
        SecurityScheme = "a security scheme" => Rule::SecurityScheme;
        PermissionIds = "`x-graph-permission-ids`" => Rule::PermissionId;
        Flows = "`flows`" => Rule::OpenapiStructure;
        AuthorizationCode = "the flow `authorizationCode`" => Rule::SecurityScheme;
        ClientCredentials = "the flow `clientCredentials`" => Rule::SecurityScheme;
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

const IMAGE: &str = "{ type: string, format: binary, maxLength: 4194303 }";
const ERRORS: &str = "{ $ref: '#/components/schemas/ErrorResponse' }";

/// A required member with an example, one that may be left out, and one that is not supported.
const fn must(key: &'static str, form: Form, example: &'static str) -> Members {
    (key, form, Some(example))
}

const fn may(keys: &'static str, form: Form) -> Members {
    (keys, form, None)
}

const fn not(keys: &'static str) -> Members {
    (keys, Unsupported, None)
}

impl Object {
    /// Whether it is an extension or a part of one, which has no extensions itself.
    pub(super) const fn is_extension(self) -> bool {
        use Object::{Difference, Grant, PermissionIds, Permissions, Source};
        matches!(self, Source | Difference | Permissions | Grant | PermissionIds)
    }

    /// The members that <https://spec.openapis.org/oas/v3.0.3.html#schema> allows.
    #[rustfmt::skip]
    #[expect(clippy::too_many_lines, reason = "it is one table")]
    const fn members(self) -> &'static [Members] {
        match self {
            Self::Root => const { &[
                may("openapi", Any), not("security"),
                must("info", Fixed(Self::Info), "{ title: ..., version: 1.0.0 }"),
                may("externalDocs", Fixed(Self::ExternalDocs)),
                may("servers", List(&Fixed(Self::Server))), may("tags", List(&Fixed(Self::Tag))),
                may("x-graph-sources", Map(&Fixed(Self::Source))),
                may(DIFFERENCES_KEY, List(&Fixed(Self::Difference))),
                must("paths", Patterned(&Fixed(Self::PathItem)), "{ /me/photo/$value: ... }"),
                must("components", Fixed(Self::Components),
                    "{ schemas: ..., securitySchemes: ... }"),
            ] },
            Self::Info => const { &[
                must("title", Text, "Microsoft Graph profile photos"),
                must("version", Text, "1.0.0"), may("description termsOfService", Text),
                may("contact", Fixed(Self::Contact)), may("license", Fixed(Self::License)),
            ] },
            Self::Contact => const { &[may("name url email", Text)] },
            Self::License => const { &[must("name", Text, "MIT"), may("url", Text)] },
            Self::ExternalDocs => const { &[
                may("description", Text), must("url", Text, "https://..."),
            ] },
            Self::Tag => const { &[
                must("name", Text, "people"), may("description", Text),
                may("externalDocs", Fixed(Self::ExternalDocs)),
            ] },
            Self::Server => const { &[
                must("url", Text, "https://graph.microsoft.com/v1.0"),
                must("description", Text, "The global service"),
                must("x-graph-cloud", Text, "name-of-the-cloud"), not("variables"),
            ] },
            Self::Source => const { &[
                must("title", Text, "Update profilephoto"),
                must("url", Text, "https://learn.microsoft.com/graph/..."),
            ] },
            Self::Difference => const { &[
                must("kind", Word(DifferenceKind::RECORDED), "permission-not-upstream"),
                must("path", Text, "/me/photo/$value"), may("method", Word(&Method::NAMES)),
                may("scheme permission", Text), must("source", Text, "current-page"),
                must("reason", Text, "why it is deliberate"),
            ] },
            Self::PathItem => const { &[
                may("put patch", Fixed(Self::Operation)), may("parameters", PARAMETERS),
                may("summary description", Text), not("$ref servers"),
                may("get post delete head options trace", Elsewhere),
            ] },
            Self::Operation => const { &[
                may("operationId", Text), may("tags", List(&Text)),
                must("summary", Text, "Replaces the photo of ..."), may("description", Text),
                may("externalDocs", Fixed(Self::ExternalDocs)), may("parameters", PARAMETERS),
                may("security", List(&Map(&List(&Text)))),
                may(PERMISSIONS_KEY, Fixed(Self::Permissions)),
                may("requestBody", Component("requestBodies", Self::RequestBody)),
                may("responses", Patterned(&Component("responses", Self::Response))),
                not("callbacks deprecated servers"),
            ] },
            Self::Permissions => const { &[
                must("accountKinds", List(&Word(&AccountKind::NAMES)), "[work, school]"),
                must("leastPrivilegedFirst", List(&Fixed(Self::Grant)), GRANTS),
            ] },
            Self::Grant => const { &[
                must("scheme", Text, "delegated"), must("scope", Text, "User.ReadWrite"),
                may("condition", Word(&Condition::NAMES)), must("source", Text, "original-page"),
            ] },
            Self::Parameter => const { &[
                must("name", Text, "userId"), must("in", Text, "path"),
                must("required", Flag, "true"), must("description", Text, "The user's object id."),
                must("schema", SCHEMA, "{ $ref: '#/components/schemas/UserId' }"),
                not("style explode allowReserved allowEmptyValue deprecated content"),
                not("example examples"),
            ] },
            Self::RequestBody => const { &[
                may("description", Text), must("required", Flag, "true"),
                must("content", Map(&Fixed(Self::Photo)), "{ image/jpeg: ... }"),
            ] },
            Self::Photo => const { &[
                must("schema", SCHEMA, IMAGE), not("example examples encoding"),
            ] },
            Self::Response => const { &[
                must("description", Text, "The photo was replaced."),
                may("content", Map(&Fixed(Self::Error))), not("headers links"),
            ] },
            Self::Error => const { &[
                must("schema", SCHEMA, ERRORS), not("example examples encoding"),
            ] },
            Self::Schema => const { &[
                may("type format description pattern", Text), may("properties", Map(&SCHEMA)),
                may("required", List(&Text)), may("items", SCHEMA),
                may("minLength maxLength", Count), not(UNSUPPORTED_IN_SCHEMAS),
            ] },
            Self::Components => const { &[
                may("parameters", Map(&Definition(Self::Parameter))),
                may("requestBodies", Map(&Definition(Self::RequestBody))),
                may("responses", Map(&Definition(Self::Response))),
                may("schemas", Map(&Definition(Self::Schema))),
                may("securitySchemes", Map(&Definition(Self::SecurityScheme))),
                not("callbacks examples headers links"),
            ] },
            Self::SecurityScheme => const { &[
                must("type", Text, "oauth2"),
                must("description", Text, "The app acts on behalf of a signed-in user."),
                may("flows", Fixed(Self::Flows)),
                may(PERMISSION_IDS_KEY, Fixed(Self::PermissionIds)),
                may("name in scheme bearerFormat openIdConnectUrl", Elsewhere),
            ] },
            Self::PermissionIds => const { &[
                must("source", Text, "permissions-reference"), must("ids", Map(&Text), IDS),
            ] },
            Self::Flows => const { &[
                may("authorizationCode", Fixed(Self::AuthorizationCode)),
                may("clientCredentials", Fixed(Self::ClientCredentials)),
                may("implicit password", Elsewhere),
            ] },
            Self::AuthorizationCode => const { &[
                must("authorizationUrl tokenUrl", Text, URL), may("refreshUrl", Text),
                must("scopes", Map(&Text), SCOPES),
            ] },
            Self::ClientCredentials => const { &[
                must("tokenUrl", Text, URL), may("refreshUrl", Text),
                must("scopes", Map(&Text), SCOPES),
            ] },
        }
    }

    pub(super) fn each(self) -> impl Iterator<Item = Members> {
        let one =
            |&(keys, form, example): &Members| keys.split(' ').map(move |key| (key, form, example));
        self.members().iter().flat_map(one)
    }
}
