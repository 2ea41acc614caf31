//! The meaning of a spec that breaks no rule.

use std::fmt;

pub(crate) mod difference;
pub(crate) mod method;
pub(crate) mod pattern;
pub mod permissions;

use self::difference::Recorded;
use self::permissions::{AccountKind, Condition};
pub use self::{method::Method, pattern::IdentifierPattern, permissions::PermissionType};

/// The API that `openapi.yaml` describes; [`Api::read`] guarantees every rule of `spec/README.md`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Api {
    /// `info.title`.
    pub title: String,
    /// `info.version`.
    pub version: String,
    /// The servers, in the order of the spec; the first is the default.
    pub clouds: Vec<Cloud>,
    /// The media type of every request body, such as `image/jpeg`.
    pub media_type: String,
    /// The size of the largest request in bytes: request line, headers and body together.
    pub max_request_bytes: u64,
    /// The security schemes, in the order of the spec.
    pub schemes: Vec<Scheme>,
    /// The documents that statements about permissions refer to.
    pub sources: Vec<Source>,
    /// The path parameters, in the order of their first use.
    pub identifiers: Vec<Identifier>,
    /// The paths, in the order of the spec.
    pub targets: Vec<Target>,
    /// The deliberate differences from Microsoft's permission data.
    pub upstream_differences: Vec<Recorded>,
}

impl Api {
    /// Every operation with its target, in the order of the spec.
    pub fn operations(&self) -> impl Iterator<Item = (&Target, &Operation)> {
        self.targets
            .iter()
            .flat_map(|target| target.operations.iter().map(move |operation| (target, operation)))
    }
}

/// A deployment of Graph, from `servers`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cloud {
    /// The name that callers select it by, such as `us-l4`.
    pub name: String,
    /// The URL that paths are appended to; `https`, without a trailing slash.
    pub base_url: String,
    /// Its description.
    pub description: String,
}

/// A security scheme.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scheme {
    /// Its key in `components.securitySchemes`.
    pub name: String,
    /// The type of its permissions; follows from its OAuth 2.0 flow.
    pub permission_type: PermissionType,
    /// Its description.
    pub description: String,
    /// The scopes it can grant, in the order of the spec.
    pub scopes: Vec<Scope>,
    /// The key of the [`Source`] that lists the ids of the scopes.
    pub id_source: String,
}

/// A scope of a security scheme, which Microsoft calls a permission.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scope {
    /// Its name, such as `User.ReadWrite`.
    pub name: String,
    /// What it allows.
    pub description: String,
    /// Its GUID in app registrations, a different one for each permission type.
    pub id: String,
}

/// A document that a statement about permissions refers to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Source {
    /// Its key in `x-graph-sources`.
    pub key: String,
    /// Its title.
    pub title: String,
    /// Its address.
    pub url: String,
}

/// A path parameter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Identifier {
    /// Its name in paths, such as `userId`.
    pub name: String,
    /// What it identifies.
    pub description: String,
    /// The largest number of Unicode characters in a value.
    pub max_length: u64,
    /// The pattern of values, the same for every path parameter.
    pub pattern: IdentifierPattern,
}

impl Identifier {
    /// Whether the parameter's schema accepts a value that is not percent-encoded.
    pub fn accepts(&self, value: &str) -> bool {
        value.chars().count() as u64 <= self.max_length && self.pattern.matches(value)
    }
}

/// A resource that has a photo: one path of the spec.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Target {
    /// Its name in Pascal case, such as `UserContact` of `replaceUserContactPhoto`.
    pub name: String,
    /// The segments of its path without the [photo suffix](PHOTO_SUFFIX).
    pub segments: Vec<Segment>,
    /// Its operations, in the order of the spec: one or two.
    pub operations: Vec<Operation>,
}

impl Target {
    /// Whether it belongs to the signed-in user, `/me`, whom only delegated permissions have.
    pub fn is_of_signed_in_user(&self) -> bool {
        is_of_signed_in_user(&self.segments)
    }

    /// The path of the resource without the photo, such as `/users/{userId}`.
    pub fn resource_template(&self) -> String {
        self.segments
            .iter()
            .map(|segment| match segment {
                Segment::Literal(text) => format!("/{text}"),
                Segment::Parameter(name) => format!("/{{{name}}}"),
            })
            .collect()
    }

    /// The path as the spec writes it, such as `/users/{userId}/photo/$value`.
    pub fn path_template(&self) -> String {
        self.resource_template() + PHOTO_SUFFIX
    }

    /// The names of its path parameters, in the order of the path.
    pub fn parameters(&self) -> impl Iterator<Item = &str> {
        self.segments.iter().filter_map(Segment::parameter)
    }
}

/// Whether the resource with these segments belongs to the signed-in user.
pub(crate) fn is_of_signed_in_user(segments: &[Segment]) -> bool {
    matches!(segments.first(), Some(Segment::Literal(word)) if word.eq_ignore_ascii_case("me"))
}

/// The end of every path: the photo of a resource, as bytes.
pub const PHOTO_SUFFIX: &str = "/photo/$value";

/// A segment of a path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Segment {
    /// A fixed word, such as `users`.
    Literal(String),
    /// A parameter, by its name without braces, such as `userId`.
    Parameter(String),
}

impl Segment {
    pub(crate) fn parameter(&self) -> Option<&str> {
        if let Self::Parameter(name) = self { Some(name) } else { None }
    }
}

/// One operation of a path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Operation {
    /// Its `operationId`, such as `replaceUserContactPhoto`.
    pub id: String,
    /// Its HTTP method.
    pub method: Method,
    /// Its `summary`.
    pub summary: String,
    /// Its `description`.
    pub description: Option<String>,
    /// The kinds of accounts it works with.
    pub account_kinds: Vec<AccountKind>,
    /// The permissions, any of which suffices; the least privileged of each type first.
    pub permissions: Vec<Permission>,
}

/// A permission that allows an operation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Permission {
    /// Delegated or application.
    pub permission_type: PermissionType,
    /// The scope, such as `User.ReadWrite`.
    pub scope: String,
    /// 1 for the least privileged of its permission type, 2 for the next.
    pub privilege: u32,
    /// The condition under which it suffices.
    pub condition: Option<Condition>,
    /// The key of the [`Source`] that names it.
    pub source: String,
}

/// `User.ReadWrite (delegated)`
impl fmt::Display for Permission {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({})", self.scope, self.permission_type)
    }
}
