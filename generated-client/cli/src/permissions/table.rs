//! Permissions as a table for the terminal.

use graph_photo_client::{Operation, Permission, PermissionSource, PermissionType};

use super::requirement::{ADVICE, Requirement, list, number, sources};

pub(super) fn table(requirements: &[Requirement]) -> String {
    let sources = sources(requirements);
    let mut lines = Vec::new();
    for requirement in requirements {
        lines.push(requirement.target.clone());
        lines.push(format!("  {}; accounts: {}", requirement.methods(), requirement.accounts()));
        for permission_type in &requirement.types {
            lines.extend(rows(requirement, *permission_type, &sources));
        }
        lines.push(String::new());
    }
    lines.push(format!("{ADVICE}\n"));
    let source = |(number, it): (u32, &&PermissionSource)| {
        format!("[{number}] {}\n    {}", it.title, it.url)
    };
    lines.extend((1..).zip(&sources).map(source));
    lines.join("\n")
}

/// The rows for one type of permission, aligned with all others.
fn rows(
    requirement: &Requirement,
    permission_type: PermissionType,
    sources: &[&PermissionSource],
) -> Vec<String> {
    let (mut name, width) = (permission_type.name(), longest(PermissionType::ALL, |it| it.name()));
    let all: Vec<_> = Operation::ALL.iter().flat_map(|operation| operation.permissions()).collect();
    let scopes = longest(&all, |permission| permission.scope);
    let row = |permission: &Permission| {
        let (scope, number) = (permission.scope, number(sources, permission));
        let condition = list(permission.condition);
        let name = std::mem::take(&mut name);
        let row = format!("  {name:width$}  {scope:scopes$}  [{number}]  {condition}");
        row.trim_end().to_owned()
    };
    let rows: Vec<String> = requirement.of_type(permission_type).map(row).collect();
    if rows.is_empty() { vec![format!("  {name:width$}  none")] } else { rows }
}

fn longest<T>(items: &[T], text: impl Fn(&T) -> &str) -> usize {
    items.iter().map(|item| text(item).len()).max().unwrap_or_default()
}
