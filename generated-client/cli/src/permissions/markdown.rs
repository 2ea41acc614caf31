//! Permissions as a Markdown table.

use graph_photo_client::{Permission, PermissionSource, PermissionType};

use super::requirement::{ADVICE, Requirement, number, sources};

pub(super) fn markdown(requirements: &[Requirement]) -> String {
    let sources = sources(requirements);
    let types = requirements.first().map_or(&[][..], |requirement| &requirement.types);
    let heads: String = types.iter().map(|it| format!(" {} |", capitalized(it.name()))).collect();
    let mut lines = vec![
        format!("| Target | Methods |{heads} Accounts |"),
        "|---".repeat(types.len() + 3) + "|",
    ];
    lines.extend(requirements.iter().map(|requirement| row(requirement, &sources)));
    lines.push(format!("\n{ADVICE}\n"));
    let source = |(number, it): (u32, &&PermissionSource)| {
        format!("[{number}]: {} \"{}\"", it.url, it.title)
    };
    lines.extend((1..).zip(&sources).map(source));
    lines.join("\n")
}

fn capitalized(word: &str) -> String {
    let (first, rest) = word.split_at_checked(1).unwrap_or_default();
    first.to_ascii_uppercase() + rest
}

fn row(requirement: &Requirement, sources: &[&PermissionSource]) -> String {
    // A pipe would end the cell, a backtick the code span.
    let target = requirement.target.replace('|', "\\|").replace('`', "'");
    let cells = requirement.types.iter().map(|it| cell(requirement, *it, sources));
    let cells = cells.collect::<Vec<_>>().join(" | ");
    format!("| `{target}` | {} | {cells} | {} |", requirement.methods(), requirement.accounts())
}

fn cell(
    requirement: &Requirement,
    permission_type: PermissionType,
    sources: &[&PermissionSource],
) -> String {
    let entry = |permission: &Permission| {
        let condition = permission.condition.map(|condition| format!(" ({condition})"));
        let number = number(sources, permission);
        format!("`{}`{} [{number}]", permission.scope, condition.unwrap_or_default())
    };
    let entries: Vec<String> = requirement.of_type(permission_type).map(entry).collect();
    if entries.is_empty() { "none".to_owned() } else { entries.join("<br>") }
}
