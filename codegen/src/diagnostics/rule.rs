//! The rules that the spec is held to.

use super::named_enum::named;

named! {
    /// A rule of `spec/README.md`, in its order. The reason is why it exists.
    pub Rule with reason {
        YamlSyntax = "yaml-syntax",
            "the file is one YAML document of mappings, lists and plain values, so that every tool reads the same from it";
        DuplicateKey = "duplicate-key",
            "YAML parsers disagree on which of two equal keys wins, so a second one is never read the same by all";
        OpenapiVersion = "openapi-version",
            "the generator reads OpenAPI 3.0; in 3.1 the same words mean other things";
        OpenapiStructure = "openapi-structure",
            "what OpenAPI doesn't define is ignored without a word, and what it defines has one form";
        UnsupportedFeature = "unsupported-feature",
            "OpenAPI allows it, but the generated client would leave it out or the generator would fail on it";
        ExtensionName = "extension-name",
            "an extension whose name or place is wrong is ignored without a word";
        UnresolvedReference = "unresolved-reference",
            "a reference is replaced by the component it names, which must be in this file and of the kind its place asks for";
        Documentation = "documentation",
            "summaries and descriptions become the documentation of the client and the texts of the permission tables";
        Info = "info",
            "the title and the version head the generated documentation";
        Server = "server",
            "each server becomes a cloud that callers select by name, and paths are appended to its URL as it stands";
        Tag = "tag",
            "the operation reference has one part for each tag, which its description heads";
        PermissionSource = "permission-source",
            "whoever grants a permission must be able to look up who says that it is needed";
        SecurityScheme = "security-scheme",
            "a scheme stands for one of Microsoft's two permission types, which follows from its OAuth 2.0 flow";
        PermissionId = "permission-id",
            "an app registration asks for a permission by its id, and a wrong one asks for something else";
        PathForm = "path-form",
            "each path is one resource followed by `/photo/$value`, and the text of a resource must lead to one path only";
        OperationMethod = "operation-method",
            "a photo is replaced with PUT or updated with PATCH, and the client knows no other operation";
        OperationId = "operation-id",
            "the name of the method and of the target in the client are made from it";
        PutAndPatchAgree = "put-and-patch-agree",
            "PUT and PATCH of a path are two ways to write the same photo, and the client offers both for one target";
        PathParameter = "path-parameter",
            "each parameter of a path becomes an argument and a type of the client";
        PathParameterConstraint = "path-parameter-constraint",
            "a value such as `..` would leave its segment and write to another resource, unless every use of an identifier is constrained alike";
        RequestBody = "request-body",
            "the client sends one kind of photo, and the size limit holds for every request";
        Responses = "responses",
            "success has no body, and every refusal must arrive as the same typed error";
        ErrorModel = "error-model",
            "the client reads the code, the message and the request ids out of every error answer";
        SchemaForm = "schema-form",
            "each schema becomes a type of the client that must take whatever Graph sends: a constraint would turn an error message into a parse failure";
        SecurityRequirement = "security-requirement",
            "each entry is one permission that suffices on its own, least privileged first";
        PermissionMetadata = "permission-metadata",
            "the permission tables are made from it, and it says what `security` can't: conditions, account kinds and sources";
        UpstreamDifference = "upstream-difference",
            "what is recorded here is accepted from then on, so it has to say what differs, why, and by which source";
    }
}
