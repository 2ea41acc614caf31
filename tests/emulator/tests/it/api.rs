//! Single targets, of which APIs are made up.

use graph_photo_codegen::{
    api::{Method, Operation, Permission, PermissionType, Segment, Target},
    permissions::{AccountKind, Condition},
};

/// A permission of a made-up target: type, scope, condition.
pub(crate) type Grant = (PermissionType, &'static str, Option<Condition>);

/// A target with both methods.
pub(crate) fn target(name: &str, path: &str, grants: &[Grant]) -> Target {
    Target {
        name: name.to_owned(),
        segments: path.split('/').map(segment).collect(),
        operations: Method::ALL.map(|method| operation(name, method, grants)).to_vec(),
    }
}

fn segment(text: &str) -> Segment {
    match text.strip_prefix('{').and_then(|text| text.strip_suffix('}')) {
        Some(name) => Segment::Parameter(name.to_owned()),
        None => Segment::Literal(text.to_owned()),
    }
}

fn operation(target: &str, method: Method, grants: &[Grant]) -> Operation {
    let permission = |(&(permission_type, scope, condition), privilege)| Permission {
        permission_type,
        scope: String::from(scope),
        privilege,
        condition,
        source: "page".to_owned(),
    };
    Operation {
        id: format!("{}{target}Photo", method.verb()),
        method,
        summary: String::new(),
        description: None,
        account_kinds: vec![AccountKind::Work, AccountKind::School],
        permissions: grants.iter().zip(1..).map(permission).collect(),
    }
}
