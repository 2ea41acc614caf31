//! `graph-photo permissions`: what to ask the administrator for.

use std::fmt;

use graph_photo_client::{
    Condition, Operation, Permission, PermissionSource, PermissionType, PhotoTarget,
};
use serde_json::{Value, json};

use crate::{
    args::{ConnectionArgs, Format, PermissionsArgs},
    failure::{Exit, Failure},
    output::Output,
};

pub(crate) async fn run(
    args: &PermissionsArgs,
    connection: &ConnectionArgs,
    output: Output,
) -> Result<Exit, Failure> {
    let targets = match &args.target {
        Some(text) => vec![connection.place(text)?.target],
        // A template is a target whose identifiers are in braces.
        None => PhotoTarget::TEMPLATES.iter().map(|text| text.parse()).collect::<Result<_, _>>()?,
    };
    let needs: Vec<Need> = targets.iter().flat_map(Need::of).collect();
    let text = match args.format {
        None if output.is_json() => lines_of_json(&needs)?,
        Some(Format::Json) => serde_json::to_string_pretty(&json(&needs))?,
        Some(Format::Markdown) => markdown(&needs),
        None | Some(Format::Table) => table(&needs),
    };
    output.text(text).await?;
    Ok(Exit::Done)
}

/// What some operations on a target take; usually all of them.
struct Need {
    target: String,
    operations: Vec<Operation>,
}

impl Need {
    fn of(target: &PhotoTarget) -> Vec<Self> {
        let operations: Vec<Operation> = Operation::ALL
            .iter()
            .copied()
            .filter(|operation| target.operation(operation.method()) == Some(*operation))
            .collect();
        operations
            .chunk_by(|a, b| {
                a.permissions() == b.permissions() && a.account_kinds() == b.account_kinds()
            })
            .map(|operations| Self { target: target.to_string(), operations: operations.to_vec() })
            .collect()
    }

    /// The permissions, any one of which suffices.
    fn permissions(&self) -> &'static [Permission] {
        self.operations.first().map_or(&[], |operation| operation.permissions())
    }

    /// Those of a type, least privileged first.
    fn permissions_of(&self, permission_type: PermissionType) -> Vec<&'static Permission> {
        let all = self.permissions().iter();
        all.filter(|permission| permission.permission_type == permission_type).collect()
    }

    fn methods(&self) -> String {
        list(self.operations.iter().map(|operation| operation.method()))
    }

    fn accounts(&self) -> String {
        let kinds = self.operations.first().map_or(&[][..], |operation| operation.account_kinds());
        list(kinds)
    }
}

/// The types of permissions, in the order that they are shown in.
const TYPES: [PermissionType; 2] = [PermissionType::Delegated, PermissionType::Application];

const ADVICE: &str = "\
Any one of the permissions of a type suffices; ask for the first one that fits:
the least privileged comes first. Delegated: on behalf of a signed-in user.
Application: under the app's own identity.";

fn list<T: fmt::Display>(items: impl IntoIterator<Item = T>) -> String {
    items.into_iter().map(|item| item.to_string()).collect::<Vec<_>>().join(", ")
}

/// The documents that permissions come from, in the order of their numbers.
struct Sources(Vec<&'static PermissionSource>);

impl Sources {
    fn of(needs: &[Need]) -> Self {
        let mut sources = Vec::new();
        for permission in needs.iter().flat_map(Need::permissions) {
            if !sources.contains(&permission.source) {
                sources.push(permission.source);
            }
        }
        Self(sources)
    }

    fn number(&self, source: &PermissionSource) -> usize {
        self.0.iter().position(|known| *known == source).map_or(0, |index| index + 1)
    }

    fn numbered(&self) -> impl Iterator<Item = (usize, &'static PermissionSource)> {
        self.0.iter().copied().enumerate().map(|(index, source)| (index + 1, source))
    }
}

fn table(needs: &[Need]) -> String {
    let sources = Sources::of(needs);
    let mut lines = Vec::new();
    for need in needs {
        lines.push(need.target.clone());
        lines.push(format!("  {}; accounts: {}", need.methods(), need.accounts()));
        for permission_type in TYPES {
            lines.extend(rows(need, permission_type, &sources));
        }
        lines.push(String::new());
    }
    lines.push(format!("{ADVICE}\n"));
    for (number, PermissionSource { title, url, .. }) in sources.numbered() {
        lines.push(format!("[{number}] {title}\n    {url}"));
    }
    lines.join("\n")
}

/// The rows of a table for one type of permissions, aligned with all others.
fn rows(need: &Need, permission_type: PermissionType, sources: &Sources) -> Vec<String> {
    let name = permission_type.to_string();
    let width = TYPES.iter().map(|other| other.to_string().len()).max().unwrap_or_default();
    let permissions = need.permissions_of(permission_type);
    if permissions.is_empty() {
        return vec![format!("  {name:width$}  none")];
    }
    let row = |(index, permission): (usize, &Permission)| {
        let name = if index == 0 { name.as_str() } else { "" };
        let (scope, number) = (permission.scope, sources.number(permission.source));
        let (scopes, condition) = (longest_scope(), list(permission.condition));
        let row = format!("  {name:width$}  {scope:scopes$}  [{number}]  {condition}");
        row.trim_end().to_owned()
    };
    permissions.into_iter().enumerate().map(row).collect()
}

fn longest_scope() -> usize {
    let permissions = Operation::ALL.iter().flat_map(|operation| operation.permissions());
    permissions.map(|permission| permission.scope.len()).max().unwrap_or_default()
}

fn markdown(needs: &[Need]) -> String {
    let sources = Sources::of(needs);
    let mut lines = vec![
        "| Target | Methods | Delegated | Application | Accounts |".to_owned(),
        "|---|---|---|---|---|".to_owned(),
    ];
    lines.extend(needs.iter().map(|need| {
        // A pipe would end the cell, and a backtick the code.
        let target = need.target.replace('|', "\\|").replace('`', "'");
        let cells = TYPES.map(|permission_type| {
            let permissions = need.permissions_of(permission_type).into_iter();
            let cell: Vec<_> = permissions.map(|each| markdown_cell(each, &sources)).collect();
            if cell.is_empty() { "none".to_owned() } else { cell.join("<br>") }
        });
        format!("| `{target}` | {} | {} | {} |", need.methods(), cells.join(" | "), need.accounts())
    }));
    lines.push(format!("\n{ADVICE}\n"));
    for (number, PermissionSource { title, url, .. }) in sources.numbered() {
        lines.push(format!("[{number}]: {url} \"{title}\""));
    }
    lines.join("\n")
}

fn markdown_cell(permission: &Permission, sources: &Sources) -> String {
    let condition = permission.condition.map(|condition| format!(" ({condition})"));
    let number = sources.number(permission.source);
    format!("`{}`{} [{number}]", permission.scope, condition.unwrap_or_default())
}

fn lines_of_json(needs: &[Need]) -> Result<String, Failure> {
    let lines: Vec<String> = needs
        .iter()
        .map(|need| serde_json::to_string(&need_json(need)))
        .collect::<Result<_, _>>()?;
    Ok(lines.join("\n"))
}

fn json(needs: &[Need]) -> Value {
    needs.iter().map(need_json).collect()
}

fn need_json(need: &Need) -> Value {
    let permission = |permission: &Permission| {
        json!({
            "type": permission.permission_type.to_string(),
            "scope": permission.scope,
            "privilege": permission.privilege,
            "condition": permission.condition.map(Condition::name),
            "description": permission.description,
            "source": { "title": permission.source.title, "url": permission.source.url },
        })
    };
    let operation = |operation: &Operation| json!({ "id": operation.id(), "method": operation.method().as_str() });
    let kinds = need.operations.first().map_or(&[][..], |operation| operation.account_kinds());
    json!({
        "target": need.target,
        "operations": need.operations.iter().map(operation).collect::<Vec<_>>(),
        "accountKinds": kinds.iter().map(ToString::to_string).collect::<Vec<_>>(),
        "permissions": need.permissions().iter().map(permission).collect::<Vec<_>>(),
    })
}
