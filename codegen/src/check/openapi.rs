//! The part of OpenAPI 3.0 that the spec may use, as tables.

use serde::Deserialize;
use serde_json::Value;

use super::shape::{
    Member,
    Need::{self, Documented, Optional, Refused, Required},
    Object,
    Shape::{self, Any, Component, Count, Definition, Flag, List, Map, Patterned, Text, Word},
};
use crate::{
    permissions::{AccountKind, Condition, PERMISSION_IDS_KEY, PERMISSIONS_KEY},
    rule::Rule,
    upstream::{self, DIFFERENCES_KEY},
};

const fn member(key: &'static str, shape: Shape, need: Need) -> Member {
    Member { key, shape, need }
}

/// A part of OpenAPI: unknown members break the rule on OpenAPI's structure.
const fn standard(
    noun: &'static str,
    missing: Rule,
    members: &'static [Member],
    refused: &'static [&'static str],
) -> Object {
    Object { noun, missing, form: Rule::OpenapiStructure, members, refused, extensible: true }
}

/// A part of an extension: all its faults break the rule on that extension, and it
/// has no extensions itself.
const fn extension(noun: &'static str, rule: Rule, members: &'static [Member]) -> Object {
    Object { noun, missing: rule, form: rule, members, refused: &[], extensible: false }
}

/// What OpenAPI 3 defines in parts of a file that the spec can't have.
const OTHER_KEYS: [&str; 14] = [
    "attribute",
    "contentType",
    "externalValue",
    "headers",
    "mapping",
    "namespace",
    "operationRef",
    "pathItems",
    "prefix",
    "propertyName",
    "server",
    "value",
    "webhooks",
    "wrapped",
];

/// The key of OpenAPI, or of an extension, that is written like `text` but for
/// the case: <https://spec.openapis.org/oas/v3.0.3.html#schema>.
pub(crate) fn openapi_key(text: &str) -> Option<&'static str> {
    let mut objects: Vec<&Object> = vec![&ROOT];
    let mut index = 0;
    while let Some(object) = objects.get(index).copied() {
        let keys = object.members.iter().map(|member| member.key);
        let mut keys = keys.chain(object.refused.iter().copied());
        if let Some(key) = keys.find(|key| key.eq_ignore_ascii_case(text)) {
            return Some(key);
        }
        for part in object.members.iter().filter_map(|member| member.shape.object()) {
            if !objects.iter().any(|known| std::ptr::eq(*known, part)) {
                objects.push(part);
            }
        }
        index += 1;
    }
    OTHER_KEYS.into_iter().find(|key| key.eq_ignore_ascii_case(text))
}

/// Accepts the words that `T` has.
fn word_of<T: for<'de> Deserialize<'de>>(value: &Value) -> Result<(), String> {
    T::deserialize(value).map(|_| ()).map_err(|error| error.to_string())
}

pub(crate) static ROOT: Object = standard(
    "the file",
    Rule::OpenapiStructure,
    &[
        member("openapi", Any, Optional),
        member("info", Shape::Object(&INFO), Required("{ title: ..., version: 1.0.0 }")),
        member("externalDocs", Shape::Object(&EXTERNAL_DOCS), Optional),
        member("servers", List(&Shape::Object(&SERVER)), Optional),
        member("x-graph-sources", Map(&Shape::Object(&SOURCE)), Optional),
        member(DIFFERENCES_KEY, List(&Shape::Object(&UPSTREAM_DIFFERENCE)), Optional),
        member("tags", List(&Shape::Object(&TAG)), Optional),
        member(
            "paths",
            Patterned(&Shape::Object(&PATH_ITEM)),
            Required("{ /me/photo/$value: ... }"),
        ),
        member(
            "components",
            Shape::Object(&COMPONENTS),
            Required("{ schemas: ..., securitySchemes: ... }"),
        ),
    ],
    &["security"],
);

static INFO: Object = standard(
    "`info`",
    Rule::Info,
    &[
        member("title", Text, Required("Microsoft Graph profile photos")),
        member("version", Text, Required("1.0.0")),
        member("description", Text, Optional),
        member("termsOfService", Text, Optional),
        member("contact", Shape::Object(&CONTACT), Optional),
        member("license", Shape::Object(&LICENSE), Optional),
    ],
    &[],
);

static CONTACT: Object = standard(
    "a contact",
    Rule::OpenapiStructure,
    &[
        member("name", Text, Optional),
        member("url", Text, Optional),
        member("email", Text, Optional),
    ],
    &[],
);

static LICENSE: Object = standard(
    "a license",
    Rule::OpenapiStructure,
    &[member("name", Text, Required("MIT")), member("url", Text, Optional)],
    &[],
);

static EXTERNAL_DOCS: Object = standard(
    "external documentation",
    Rule::OpenapiStructure,
    &[member("description", Text, Optional), member("url", Text, Required("https://..."))],
    &[],
);

static TAG: Object = standard(
    "a tag",
    Rule::OpenapiStructure,
    &[
        member("name", Text, Required("people")),
        member("description", Text, Optional),
        member("externalDocs", Shape::Object(&EXTERNAL_DOCS), Optional),
    ],
    &[],
);

static SERVER: Object = standard(
    "a server",
    Rule::Server,
    &[
        member("url", Text, Required("https://graph.microsoft.com/v1.0")),
        member("description", Text, Documented("The global service")),
        member("x-graph-cloud", Text, Required("name-of-the-cloud")),
    ],
    &["variables"],
);

static SOURCE: Object = extension(
    "a source",
    Rule::PermissionSource,
    &[
        member("title", Text, Required("Update profilephoto")),
        member("url", Text, Required("https://learn.microsoft.com/graph/...")),
    ],
);

/// Which of its members go together is checked where recorded differences are.
static UPSTREAM_DIFFERENCE: Object = extension(
    "a recorded difference",
    Rule::UpstreamDifference,
    &[
        member("kind", Word(word_of::<upstream::Kind>), Required("permission-not-upstream")),
        member("path", Text, Required("/me/photo/$value")),
        member("method", Text, Optional),
        member("scheme", Text, Optional),
        member("permission", Text, Optional),
        member("source", Text, Required("current-page")),
        member("reason", Text, Required("why it is deliberate")),
    ],
);

/// A path item. Its methods are checked where operations are.
pub(crate) static PATH_ITEM: Object = standard(
    "a path",
    Rule::OpenapiStructure,
    &[
        member("put", Shape::Object(&OPERATION), Optional),
        member("patch", Shape::Object(&OPERATION), Optional),
        member("parameters", List(&Component("parameters", &PARAMETER)), Optional),
        member("summary", Text, Optional),
        member("description", Text, Optional),
        member("get", Any, Refused),
        member("post", Any, Refused),
        member("delete", Any, Refused),
        member("head", Any, Refused),
        member("options", Any, Refused),
        member("trace", Any, Refused),
    ],
    &["$ref", "servers"],
);

/// An operation. Where the remedy for a missing member depends on the path,
/// the check is where operations are.
pub(crate) static OPERATION: Object = standard(
    "an operation",
    Rule::OpenapiStructure,
    &[
        member("operationId", Text, Optional),
        member("tags", List(&Text), Optional),
        member("summary", Text, Documented("Replaces the photo of ...")),
        member("description", Text, Optional),
        member("externalDocs", Shape::Object(&EXTERNAL_DOCS), Optional),
        member("parameters", List(&Component("parameters", &PARAMETER)), Optional),
        member("security", List(&Map(&List(&Text))), Optional),
        member(PERMISSIONS_KEY, Shape::Object(&PERMISSIONS), Optional),
        member("requestBody", Component("requestBodies", &REQUEST_BODY), Optional),
        member("responses", Patterned(&Component("responses", &RESPONSE)), Optional),
    ],
    &["callbacks", "deprecated", "servers"],
);

static PERMISSIONS: Object = extension(
    "`x-graph-permissions`",
    Rule::PermissionMetadata,
    &[
        member("accountKinds", List(&Word(word_of::<AccountKind>)), Required("[work, school]")),
        member(
            "leastPrivilegedFirst",
            List(&Shape::Object(&GRANT)),
            Required("[{ scheme: delegated, scope: User.ReadWrite, source: original-page }]"),
        ),
    ],
);

static GRANT: Object = extension(
    "a permission",
    Rule::PermissionMetadata,
    &[
        member("scheme", Text, Required("delegated")),
        member("scope", Text, Required("User.ReadWrite")),
        member("condition", Word(word_of::<Condition>), Optional),
        member("source", Text, Required("original-page")),
    ],
);

static PARAMETER: Object = standard(
    "a parameter",
    Rule::PathParameter,
    &[
        member("name", Text, Required("userId")),
        member("in", Text, Required("path")),
        member("required", Flag, Required("true")),
        member("description", Text, Documented("The user's object id.")),
        member(
            "schema",
            Component("schemas", &SCHEMA),
            Required("{ $ref: '#/components/schemas/UserId' }"),
        ),
    ],
    &[
        "style",
        "explode",
        "allowReserved",
        "allowEmptyValue",
        "deprecated",
        "content",
        "example",
        "examples",
    ],
);

pub(crate) static REQUEST_BODY: Object = standard(
    "a request body",
    Rule::RequestBody,
    &[
        member("description", Text, Optional),
        member("required", Flag, Required("true")),
        member("content", Map(&Shape::Object(&PHOTO)), Required("{ image/jpeg: ... }")),
    ],
    &[],
);

static PHOTO: Object = standard(
    "the media type of a request",
    Rule::RequestBody,
    &[member(
        "schema",
        Component("schemas", &SCHEMA),
        Required("{ type: string, format: binary, maxLength: 4194303 }"),
    )],
    &["example", "examples", "encoding"],
);

pub(crate) static RESPONSE: Object = standard(
    "a response",
    Rule::Responses,
    &[
        member("description", Text, Required("The photo was replaced.")),
        member("content", Map(&Shape::Object(&ANSWER)), Optional),
    ],
    &["headers", "links"],
);

static ANSWER: Object = standard(
    "the media type of a response",
    Rule::Responses,
    &[member(
        "schema",
        Component("schemas", &SCHEMA),
        Required("{ $ref: '#/components/schemas/ErrorResponse' }"),
    )],
    &["example", "examples", "encoding"],
);

/// A schema. Which of its members go together is checked where schemas are.
pub(crate) static SCHEMA: Object = standard(
    "a schema",
    Rule::SchemaForm,
    &[
        member("type", Text, Optional),
        member("format", Text, Optional),
        member("description", Text, Optional),
        member("properties", Map(&Component("schemas", &SCHEMA)), Optional),
        member("required", List(&Text), Optional),
        member("items", Component("schemas", &SCHEMA), Optional),
        member("minLength", Count, Optional),
        member("maxLength", Count, Optional),
        member("pattern", Text, Optional),
    ],
    &[
        "additionalProperties",
        "allOf",
        "anyOf",
        "default",
        "deprecated",
        "discriminator",
        "enum",
        "example",
        "exclusiveMaximum",
        "exclusiveMinimum",
        "externalDocs",
        "maxItems",
        "maxProperties",
        "maximum",
        "minItems",
        "minProperties",
        "minimum",
        "multipleOf",
        "not",
        "nullable",
        "oneOf",
        "readOnly",
        "title",
        "uniqueItems",
        "writeOnly",
        "xml",
    ],
);

pub(crate) static COMPONENTS: Object = standard(
    "`components`",
    Rule::OpenapiStructure,
    &[
        member("parameters", Map(&Definition(&PARAMETER)), Optional),
        member("requestBodies", Map(&Definition(&REQUEST_BODY)), Optional),
        member("responses", Map(&Definition(&RESPONSE)), Optional),
        member("schemas", Map(&Definition(&SCHEMA)), Optional),
        member("securitySchemes", Map(&Definition(&SECURITY_SCHEME)), Optional),
    ],
    &["callbacks", "examples", "headers", "links"],
);

pub(crate) static SECURITY_SCHEME: Object = standard(
    "a security scheme",
    Rule::SecurityScheme,
    &[
        member("type", Text, Required("oauth2")),
        member("description", Text, Documented("The app acts on behalf of a signed-in user.")),
        member("flows", Shape::Object(&FLOWS), Optional),
        member(PERMISSION_IDS_KEY, Shape::Object(&PERMISSION_IDS), Optional),
        // Of other types of schemes; refused where schemes are read.
        member("name", Any, Refused),
        member("in", Any, Refused),
        member("scheme", Any, Refused),
        member("bearerFormat", Any, Refused),
        member("openIdConnectUrl", Any, Refused),
    ],
    &[],
);

static PERMISSION_IDS: Object = extension(
    "`x-graph-permission-ids`",
    Rule::PermissionId,
    &[
        member("source", Text, Required("permissions-reference")),
        member(
            "ids",
            Map(&Text),
            Required("{ User.ReadWrite: b4e74841-8e56-480b-be8b-910348b18b4c }"),
        ),
    ],
);

pub(crate) static FLOWS: Object = standard(
    "`flows`",
    Rule::SecurityScheme,
    &[
        member("authorizationCode", Shape::Object(&AUTHORIZATION_CODE), Optional),
        member("clientCredentials", Shape::Object(&CLIENT_CREDENTIALS), Optional),
        member("implicit", Any, Refused),
        member("password", Any, Refused),
    ],
    &[],
);

const SCOPES_EXAMPLE: &str = "{ User.ReadWrite: Read and update the user's profile. }";

static AUTHORIZATION_CODE: Object = standard(
    "the flow `authorizationCode`",
    Rule::SecurityScheme,
    &[
        member("authorizationUrl", Text, Required("https://login.microsoftonline.com/...")),
        member("tokenUrl", Text, Required("https://login.microsoftonline.com/...")),
        member("refreshUrl", Text, Optional),
        member("scopes", Map(&Text), Required(SCOPES_EXAMPLE)),
    ],
    &[],
);

static CLIENT_CREDENTIALS: Object = standard(
    "the flow `clientCredentials`",
    Rule::SecurityScheme,
    &[
        member("tokenUrl", Text, Required("https://login.microsoftonline.com/...")),
        member("refreshUrl", Text, Optional),
        member("scopes", Map(&Text), Required(SCOPES_EXAMPLE)),
    ],
    &[],
);
