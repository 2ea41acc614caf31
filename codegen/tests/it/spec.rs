//! The spec of this repository breaks no rule, and has this meaning.

use std::fmt::Write as _;

use graph_photo_codegen::{
    Spec,
    api::{Api, Target},
};

/// The spec of this repository.
pub(crate) const SPEC: &str = include_str!("../../../spec/openapi.yaml");

/// A fixed copy for snapshots, which must not change when paths are added.
pub(crate) const FIXED: &str = include_str!("../fixtures/graph.yaml");

#[test]
fn is_read_without_findings() {
    let spec = Spec::read(SPEC).unwrap();
    let api = &spec.api;
    let paths: Vec<_> = api.targets.iter().map(Target::path_template).collect();
    let written: Vec<_> = spec.openapi.paths.iter().map(|(path, _)| path.clone()).collect();
    assert_eq!(paths, written);
    let operations: Vec<_> = api.operations().map(|(_, operation)| operation.id.clone()).collect();
    let written =
        spec.openapi.operations().filter_map(|(.., operation)| operation.operation_id.clone());
    assert_eq!(operations, written.collect::<Vec<_>>());
}

#[test]
fn is_read_as_what_it_says() {
    insta::assert_snapshot!(summary(&Api::read(FIXED).unwrap()));
}

/// The meaning of the spec, one line for each element.
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
