//! The permission matrix: targets by permission type, least privileged first.

use super::markdown::cell;
use crate::api::{Api, Permission, PermissionType, Target, permissions::Condition};

/// The permissions to grant: `spec/PERMISSIONS.md`.
pub(super) fn permissions(api: &Api) -> String {
    let mut text = String::from(
        "# Permissions\n\n\
         To write a photo, an app needs any one permission of a cell; the least privileged comes \
         first. A number refers to a note, a letter to a source.\n\n",
    );
    let types = PermissionType::ALL.map(PermissionType::name);
    text += &format!("| target | {} |\n|---|---|---|\n", types.join(" | "));
    let conditions = conditions(api);
    for target in &api.targets {
        let cells = PermissionType::ALL.map(|it| permissions_cell(api, target, it, &conditions));
        text += &format!("| `{}` | {} |\n", cell(&target.resource_template()), cells.join(" | "));
    }
    if !conditions.is_empty() {
        text += "\n## Notes\n\n";
    }
    for (index, condition) in conditions.iter().enumerate() {
        text += &format!("{}. Suffices only if {}.\n", index + 1, condition.clause());
    }
    for scheme in &api.schemes {
        text += &format!(
            "\n## {} permissions\n\n{} Source {} lists the ids.\n\n\
             | permission | allows to | id |\n|---|---|---|\n",
            capitalized(scheme.permission_type.name()),
            scheme.description,
            letter_of(api, &scheme.id_source).unwrap_or_default(),
        );
        for scope in &scheme.scopes {
            let description = cell(&scope.description);
            text += &format!("| `{}` | {description} | `{}` |\n", scope.name, scope.id);
        }
    }
    text += "\n## Sources\n\n";
    for (index, source) in api.sources.iter().enumerate() {
        text += &format!("- {}: [{}]({})\n", letter(index), source.title, source.url);
    }
    text
}

/// The conditions in the order of their first use.
fn conditions(api: &Api) -> Vec<Condition> {
    let mut conditions = Vec::new();
    let permissions = api.operations().flat_map(|(_, operation)| &operation.permissions);
    for condition in permissions.filter_map(|permission| permission.condition) {
        if !conditions.contains(&condition) {
            conditions.push(condition);
        }
    }
    conditions
}

fn permissions_cell(
    api: &Api,
    target: &Target,
    permission_type: PermissionType,
    conditions: &[Condition],
) -> String {
    let permissions = target.operations.first().into_iter().flat_map(|one| &one.permissions);
    let of_type = permissions.filter(|permission| permission.permission_type == permission_type);
    let entries: Vec<_> = of_type.map(|permission| entry(api, permission, conditions)).collect();
    if entries.is_empty() { "not supported".to_owned() } else { entries.join("<br>") }
}

fn capitalized(word: &str) -> String {
    let (first, rest) = word.split_at_checked(1).unwrap_or_default();
    first.to_ascii_uppercase() + rest
}

/// `User.ReadWrite` with the number of its note and the letter of its source.
fn entry(api: &Api, permission: &Permission, conditions: &[Condition]) -> String {
    let condition = permission.condition;
    let note = conditions.iter().position(|known| Some(*known) == condition);
    let note = note.map(|index| (index + 1).to_string());
    let marks: Vec<_> = note.into_iter().chain(letter_of(api, &permission.source)).collect();
    let marks = marks.join(" ");
    let marks = if marks.is_empty() { marks } else { format!(" <sup>{marks}</sup>") };
    format!("`{}`{marks}", permission.scope)
}

fn letter_of(api: &Api, source: &str) -> Option<String> {
    api.sources.iter().position(|known| known.key == source).map(letter)
}

/// `a`, `b`, ... for the sources.
fn letter(index: usize) -> String {
    let letter = ('a'..='z').nth(index);
    letter.map_or_else(|| format!("source {}", index + 1), String::from)
}
