//! Documentation: texts for people, whatever they are about.

use std::collections::BTreeMap;

use super::{
    Change, Kind,
    objects::{self, Field, Object, objects},
    targets::{Pair, both_operations},
};
use crate::{
    Spec,
    api::{Operation, Source, Target},
    docs::openapi::openapi_operation,
};

/// Texts by what they are about. Of something that both specs have, each text is
/// there, empty if the spec has none, so that its coming and going is a change.
type Texts = BTreeMap<String, String>;

pub(super) fn compare(pairs: &[Pair<'_>], old: &Spec, new: &Spec) -> Vec<Change> {
    let mut changes = Vec::new();
    if old.api.version != new.api.version {
        let (before, after) = (&old.api.version, &new.api.version);
        let text = format!("the version of the spec is `{after}`, not `{before}`");
        changes.push(Change::new(Kind::VersionChanged, text));
    }
    changes.extend(differing(Kind::TextChanged, &general(old), &general(new)));
    changes.extend(differing(Kind::TextChanged, &types(old), &types(new)));
    changes.extend(differing(Kind::PermissionTextChanged, &security(old), &security(new)));
    for (before, after) in pairs {
        for (one, other) in both_operations(before, after) {
            let old = operation(old, before, one, &other.id);
            let new = operation(new, after, other, &other.id);
            changes.extend(differing(Kind::TextChanged, &old, &new));
        }
        // Targets share their responses: one edit of them is one change.
        for change in differing(Kind::TextChanged, &responses(old, before), &responses(new, after))
        {
            if !changes.contains(&change) {
                changes.push(change);
            }
        }
    }
    changes
}

/// The texts that both have, and that differ.
fn differing(kind: Kind, old: &Texts, new: &Texts) -> Vec<Change> {
    let differs = |label: &str, text: &str| new.get(label).is_some_and(|new| new != text);
    let changed = old.iter().filter(|(label, text)| differs(label, text));
    changed.map(|(label, _)| Change::new(kind, format!("{label} reads differently"))).collect()
}

fn text(text: Option<&String>) -> String {
    text.cloned().unwrap_or_default()
}

/// Texts about the API as a whole, its parameters and clouds.
fn general(Spec { api, openapi }: &Spec) -> Texts {
    let info = &openapi.info;
    let docs = openapi.external_docs.as_ref();
    let tags: Vec<_> = openapi.tags.iter().map(|tag| tag.name.as_str()).collect();
    let mut texts = Texts::from([
        ("the title".to_owned(), api.title.clone()),
        ("the description of the API".to_owned(), text(info.description.as_ref())),
        ("the list of tags".to_owned(), tags.join(" ")),
        (
            "the license".to_owned(),
            info.license.as_ref().map(|license| format!("{license:?}")).unwrap_or_default(),
        ),
        (
            "the external documentation".to_owned(),
            docs.map(|docs| format!("{} {}", docs.url, text(docs.description.as_ref())))
                .unwrap_or_default(),
        ),
    ]);
    texts.extend(openapi.tags.iter().map(|tag| {
        (format!("the description of the tag `{}`", tag.name), text(tag.description.as_ref()))
    }));
    texts.extend(api.identifiers.iter().map(|identifier| {
        (format!("the description of `{}`", identifier.name), identifier.description.clone())
    }));
    texts.extend(api.clouds.iter().map(|cloud| {
        (format!("the description of the cloud `{}`", cloud.name), cloud.description.clone())
    }));
    texts
}

/// Texts about the types of the error model.
fn types(spec: &Spec) -> Texts {
    let mut texts = Texts::new();
    for Object { name: owner, description, fields } in objects(spec) {
        for Field { name, description, .. } in fields {
            texts.insert(format!("the description of `{name}` of `{owner}`"), description);
        }
        texts.insert(format!("the description of the type `{owner}`"), description);
    }
    texts
}

/// Texts about permissions and who says so.
fn security(Spec { api, .. }: &Spec) -> Texts {
    let sources: Vec<_> = api.sources.iter().map(|source| source.key.as_str()).collect();
    let mut texts = Texts::from([("the list of sources".to_owned(), sources.join(" "))]);
    texts.extend(api.sources.iter().map(|Source { key, title, url }| {
        (format!("the source `{key}`"), format!("{title} {url}"))
    }));
    for scheme in &api.schemes {
        let kind = scheme.permission_type;
        texts.extend([
            (format!("the name of the {kind} scheme"), scheme.name.clone()),
            (format!("the description of the {kind} scheme"), scheme.description.clone()),
            (format!("the source of the {kind} ids"), scheme.id_source.clone()),
        ]);
        texts.extend(scheme.scopes.iter().map(|scope| {
            (format!("the description of `{}` ({kind})", scope.name), scope.description.clone())
        }));
    }
    texts
}

/// The texts of `operation`, which is called `id` after the change.
fn operation(spec: &Spec, target: &Target, operation: &Operation, id: &str) -> Texts {
    let tags = openapi_operation(spec, target, operation.method).map(|item| item.tags.join(" "));
    Texts::from([
        (format!("the summary of `{id}`"), operation.summary.clone()),
        (format!("the description of `{id}`"), text(operation.description.as_ref())),
        (format!("the list of tags of `{id}`"), tags.unwrap_or_default()),
    ])
}

fn responses(spec: &Spec, target: &Target) -> Texts {
    let label = |status| format!("the description of the response `{status}`");
    let responses = objects::responses(spec, target).into_iter();
    responses.map(|(status, text)| (label(status), text.to_owned())).collect()
}
