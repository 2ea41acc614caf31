//! The spec of this repository: it breaks no rule, and this is what it says.

use std::fmt::Write as _;

use graph_photo_codegen::{Spec, api::Api};

/// The spec of this repository.
pub(crate) const SPEC: &str = include_str!("../../../spec/openapi.yaml");

#[test]
fn is_read_without_findings() {
    let spec = Spec::read(SPEC).unwrap();
    let api = &spec.api;
    assert_eq!(api.targets.len(), 7);
    assert_eq!(api.operations().count(), 14);
    assert_eq!(spec.openapi.operations().count(), 14);
    insta::assert_snapshot!(summary(api));
}

/// What the spec says, one line for each thing.
fn summary(api: &Api) -> String {
    let mut text = format!(
        "{} {}: {}, at most {} bytes\n",
        api.title, api.version, api.media_type, api.max_request_bytes
    );
    for cloud in &api.clouds {
        writeln!(text, "cloud {} {} ({})", cloud.name, cloud.base_url, cloud.description).unwrap();
    }
    for scheme in &api.schemes {
        let scopes: Vec<_> = scheme.scopes.iter().map(|scope| scope.name.as_str()).collect();
        writeln!(text, "scheme {} {:?}: {}", scheme.name, scheme.permission_type, scopes.join(" "))
            .unwrap();
    }
    for source in &api.sources {
        writeln!(text, "source {} {:?} {}", source.key, source.title, source.url).unwrap();
    }
    for identifier in &api.identifiers {
        writeln!(
            text,
            "identifier {} {} {:?}",
            identifier.name, identifier.max_length, identifier.description
        )
        .unwrap();
    }
    for (target, operation) in api.operations() {
        let (name, path) = (&target.name, target.path_template());
        let (method, kinds) = (operation.method.as_str(), &operation.account_kinds);
        writeln!(
            text,
            "{name}: {} = {method} {path} {kinds:?}: {}",
            operation.id, operation.summary
        )
        .unwrap();
        for permission in &operation.permissions {
            let kind = permission.permission_type;
            let (privilege, scope, source) =
                (permission.privilege, &permission.scope, &permission.source);
            writeln!(text, "  {kind:?} {privilege}. {scope} {:?} [{source}]", permission.condition)
                .unwrap();
        }
    }
    text
}
