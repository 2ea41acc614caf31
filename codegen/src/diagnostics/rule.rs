//! The rules that a spec must keep.

use super::named_enum::named;

named! {
    /// A rule of `spec/README.md`, in its order, with the reason why it exists.
    pub Rule with reason {
        YamlSyntax = "yaml-syntax",
            "every tool must read the same from the file: one YAML document of mappings, lists and plain values";
        DuplicateKey = "duplicate-key",
            "YAML parsers disagree on which of two equal keys wins";
        OpenapiVersion = "openapi-version",
            "the generator reads OpenAPI 3.0; in 3.1 the same words mean other things";
        OpenapiStructure = "openapi-structure",
            "tools silently ignore what OpenAPI doesn't define, and what it defines has one form";
        UnsupportedFeature = "unsupported-feature",
            "OpenAPI allows it, but the generated client would leave it out or the generator would fail on it";
        ExtensionName = "extension-name",
            "tools silently ignore an extension whose name or place is wrong";
        UnresolvedReference = "unresolved-reference",
            "a reference stands for a component of this file, of the kind that its place needs";
        Documentation = "documentation",
            "summaries and descriptions become the documentation of the client and the texts of the permission tables";
        Info = "info",
            "the title and the version head the generated documentation";
        Server = "server",
            "each server becomes a cloud that callers select by name, and paths are appended to its URL";
        Tag = "tag",
            "the operation reference has one part for each tag, headed by its description";
        PermissionSource = "permission-source",
            "whoever grants a permission must be able to look up which document demands it";
        SecurityScheme = "security-scheme",
            "a scheme stands for one of Microsoft's two permission types, which follows from its OAuth 2.0 flow";
        PermissionId = "permission-id",
            "an app registration asks for a permission by its id, and a wrong id asks for another permission";
        PathForm = "path-form",
            "each path is a resource followed by `/photo/$value`, and the text of a resource must lead to one path only";
        OperationMethod = "operation-method",
            "a photo is replaced with PUT or updated with PATCH, and the client knows no other operation";
        OperationId = "operation-id",
            "the client's method and target are named after it";
        PutAndPatchAgree = "put-and-patch-agree",
            "PUT and PATCH of a path are two ways to write the same photo, and the client offers both for one target";
        PathParameter = "path-parameter",
            "each parameter of a path becomes an argument and a type of the client";
        PathParameterConstraint = "path-parameter-constraint",
            "a value such as `..` would leave its segment and write to another resource, unless every use of an identifier is constrained alike";
        RequestBody = "request-body",
            "the client sends one kind of photo, and the size limit holds for every request";
        Responses = "responses",
            "success has no body, and every error must have the same form";
        ErrorModel = "error-model",
            "the client reads the code, the message and the request ids out of every error";
        SchemaForm = "schema-form",
            "a constraint or a complex type would promise more about errors than Graph keeps";
        SecurityRequirement = "security-requirement",
            "each entry is one permission that suffices on its own, least privileged first";
        PermissionMetadata = "permission-metadata",
            "the permission tables are made from it: it adds conditions, account kinds and sources to `security`";
        UpstreamDifference = "upstream-difference",
            "a recorded difference is accepted from then on, so it must say what differs, why, and by which source";
    }
}
