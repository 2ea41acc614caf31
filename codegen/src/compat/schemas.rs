//! The error model: its types and their fields.

use super::{
    Change, Kind,
    objects::{Field, Object, objects},
    paired::Paired,
};
use crate::{Spec, names::snake_name};

pub(super) fn compare(old: &Spec, new: &Spec) -> Vec<Change> {
    let (before, after) = (objects(old), objects(new));
    let mut paired = Paired::new(&before, &after, |old, new| old.name == new.name);
    let renamed = paired.pair_rest(same_content);
    let mut changes = Vec::new();
    for (Object { name: old, .. }, Object { name: new, .. }) in &renamed {
        let change = Change::new(Kind::SchemaRenamed, format!("`{old}` is called `{new}`"));
        changes.push(change.with_remedy(format!("write `{new}` for the type `{old}`")));
    }
    for Object { name, .. } in &paired.removed {
        changes.push(Change::new(Kind::SchemaRemoved, format!("the type `{name}` is gone")));
    }
    for Object { name, .. } in &paired.added {
        changes.push(Change::new(Kind::SchemaAdded, format!("there is the type `{name}`")));
    }
    for (old, new) in paired.both.iter().chain(&renamed) {
        changes.extend(fields(old, new, &renamed));
    }
    let (before, after) = (&old.api.error_model, &new.api.error_model);
    if before != after
        && !renamed.iter().any(|(old, new)| (&old.name, &new.name) == (before, after))
    {
        let text = format!("errors have the type `{after}`, no longer `{before}`");
        changes.push(Change::new(Kind::ErrorModelChanged, text));
    }
    changes
}

/// Whether only the name differs: the same fields, and a description that says
/// the same.
fn same_content(old: &Object, new: &Object) -> bool {
    old.fields == new.fields && old.description == new.description
}

fn fields(old: &Object, new: &Object, renamed: &[(&Object, &Object)]) -> Vec<Change> {
    let owner = &new.name;
    let mut paired = Paired::new(&old.fields, &new.fields, |old, new| old.name == new.name);
    // Certain: the same field of Rust, or the same text about it.
    let mut moved = paired.pair_rest(|old, new| snake_name(&old.name) == snake_name(&new.name));
    moved.extend(paired.pair_rest(|old, new| {
        let same = |field: &Field| (field.kind.clone(), field.required, field.description.clone());
        !old.description.is_empty() && same(old) == same(new)
    }));
    let mut changes = Vec::new();
    for (Field { name: old, .. }, Field { name: new, .. }) in &moved {
        let text = format!("`{old}` of `{owner}` is called `{new}`");
        let remedy = format!("write `{}` for the field `{}`", snake_name(new), snake_name(old));
        let change = Change::new(Kind::FieldRenamed, text);
        changes.push(if snake_name(old) == snake_name(new) {
            change
        } else {
            change.with_remedy(remedy)
        });
    }
    for Field { name, .. } in &paired.removed {
        changes.push(Change::new(Kind::FieldRemoved, format!("`{owner}` has no `{name}`")));
    }
    for Field { name, .. } in &paired.added {
        let text = format!("`{owner}` has `{name}`");
        let remedy = format!("fill `{}`, or end the pattern with `..`", snake_name(name));
        changes.push(Change::new(Kind::FieldAdded, text).with_remedy(remedy));
    }
    let both = paired.both.iter().chain(&moved);
    changes.extend(both.filter_map(|(old, new)| type_changed(owner, old, new, renamed)));
    changes
}

fn type_changed(
    owner: &str,
    old: &Field,
    new: &Field,
    renamed: &[(&Object, &Object)],
) -> Option<Change> {
    // A type that only has another name has been reported as such.
    let by_rename = renamed.iter().any(|(before, after)| {
        old.kind.replace(&format!("`{}`", before.name), &format!("`{}`", after.name)) == new.kind
    });
    let kind = |field: &Field| {
        let need = if field.required { "required" } else { "optional" };
        format!("{}, {need}", field.kind)
    };
    if (old.kind == new.kind || by_rename) && old.required == new.required {
        return None;
    }
    let (before, after, name) = (kind(old), kind(new), &new.name);
    let text = format!("`{name}` of `{owner}` is {after}; it was {before}");
    Some(Change::new(Kind::FieldTypeChanged, text))
}
