//! The permission matrix: targets by permission type, least privileged first.

use std::fmt::Write as _;

use super::markdown::cell;
use crate::api::{Api, Permission, PermissionType, Target, permissions::Condition};

/// What an app must have been granted: what `spec/PERMISSIONS.md` holds.
pub(super) fn permissions(api: &Api) -> String {
    let mut text = String::from(
        "# Permissions\n\n\
         What an app must have been granted to write a photo: any one permission of a cell, the \
         least privileged first. A number refers to a note, a letter to a source.\n\n",
    );
    let types = PermissionType::ALL.map(|permission_type| permission_type.to_string());
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
            "\n## {} permissions\n\n{} The ids are those of source {}.\n\n\
             | permission | allows to | id |\n|---|---|---|\n",
            capitalized(&scheme.permission_type.to_string()),
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

/// The conditions that occur, in the order of their first use.
fn conditions(api: &Api) -> Vec<Condition> {
    let mut conditions = Vec::new();
    for (_, operation) in api.operations() {
        for condition in operation.permissions.iter().filter_map(|permission| permission.condition)
        {
            if !conditions.contains(&condition) {
                conditions.push(condition);
            }
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
    let permissions = target.operations.first().map(|operation| operation.permissions.as_slice());
    let entries: Vec<String> = permissions
        .unwrap_or_default()
        .iter()
        .filter(|permission| permission.permission_type == permission_type)
        .map(|permission| entry(api, permission, conditions))
        .collect();
    if entries.is_empty() { "not supported".to_owned() } else { entries.join("<br>") }
}

fn capitalized(word: &str) -> String {
    let (first, rest) = word.split_at_checked(1).unwrap_or_default();
    first.to_ascii_uppercase() + rest
}

/// `User.ReadWrite` with the numbers of its note and source.
fn entry(api: &Api, permission: &Permission, conditions: &[Condition]) -> String {
    let mut text = format!("`{}`", permission.scope);
    let source = letter_of(api, &permission.source);
    let note = permission
        .condition
        .and_then(|condition| conditions.iter().position(|known| *known == condition));
    let marks: Vec<String> =
        note.map(|index| (index + 1).to_string()).into_iter().chain(source).collect();
    if !marks.is_empty() {
        let _ = write!(text, " <sup>{}</sup>", marks.join(" "));
    }
    text
}

/// The letter of the source with this key.
fn letter_of(api: &Api, key: &str) -> Option<String> {
    api.sources.iter().position(|source| source.key == key).map(letter)
}

/// `a`, `b`, ... for the sources.
fn letter(index: usize) -> String {
    let letter = u8::try_from(index).ok().and_then(|index| b'a'.checked_add(index));
    letter
        .filter(u8::is_ascii_lowercase)
        .map_or_else(|| format!("source {}", index + 1), |letter| char::from(letter).to_string())
}
