//! `graph-photo permissions`: what to ask the administrator for.

use std::fmt;

use graph_photo_client::{
    Condition, GRAPH_APP_ID, Operation, Permission, PermissionSource, PermissionType, PhotoTarget,
};
use serde_json::{Value, json};

use crate::{
    args::{ConnectionArgs, Format, PermissionsArgs},
    failure::{Exit, Failure},
    output::{self, Output},
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
    let only = args.permission_type.map(PermissionType::from);
    let needs: Vec<Need> = targets.iter().flat_map(|target| Need::of(target, only)).collect();
    let text = match args.format {
        None if output.is_json() => lines_of_json(&needs)?,
        Some(Format::Json) => serde_json::to_string_pretty(&json(&needs))?,
        Some(Format::Markdown) => markdown(&needs),
        Some(Format::Manifest) => {
            print_notes(&needs);
            serde_json::to_string_pretty(&manifest(&needs))?
        }
        None | Some(Format::Table) => table(&needs),
    };
    output.text(text).await?;
    Ok(Exit::Done)
}

/// What some operations on a target take; usually all of them.
struct Need {
    target: String,
    operations: Vec<Operation>,
    /// The types of permissions that were asked for, in the order that they are shown in.
    types: Vec<PermissionType>,
}

impl Need {
    fn of(target: &PhotoTarget, only: Option<PermissionType>) -> Vec<Self> {
        let types = only.map_or_else(|| TYPES.to_vec(), |only| vec![only]);
        let operations: Vec<Operation> = Operation::ALL
            .iter()
            .copied()
            .filter(|operation| target.operation(operation.method()) == Some(*operation))
            .collect();
        operations
            .chunk_by(|a, b| {
                a.permissions() == b.permissions() && a.account_kinds() == b.account_kinds()
            })
            .map(|operations| Self {
                target: target.to_string(),
                operations: operations.to_vec(),
                types: types.clone(),
            })
            .collect()
    }

    /// The permissions of these types, any one of which suffices.
    fn permissions(&self) -> impl Iterator<Item = &'static Permission> {
        let all = self.operations.first().map_or(&[][..], |operation| operation.permissions());
        all.iter().filter(|permission| self.types.contains(&permission.permission_type))
    }

    /// Those of a type, least privileged first.
    fn permissions_of(&self, permission_type: PermissionType) -> Vec<&'static Permission> {
        self.permissions()
            .filter(|permission| permission.permission_type == permission_type)
            .collect()
    }

    /// The permission to ask for of each type: of those that lack the least, the one
    /// with the least privilege.
    fn least_privileged(&self) -> impl Iterator<Item = &'static Permission> {
        self.types.iter().filter_map(|permission_type| {
            let permissions = self.permissions_of(*permission_type).into_iter();
            permissions.min_by_key(|permission| (self.lack(permission), permission.privilege))
        })
    }

    /// How much a condition keeps an app from writing the photo: not at all, unless a
    /// user has a role, or of all users but one.
    fn lack(&self, permission: &Permission) -> u32 {
        let own = self.operations.iter().all(|operation| operation.is_of_signed_in_user());
        match permission.condition {
            // That an app acts under its own identity is the type of the permission.
            None | Some(Condition::NotOnBehalfOfUser) => 0,
            Some(Condition::OwnPhotoOnly) if own => 0,
            Some(Condition::OwnPhotoOnly) => 2,
            Some(_) => 1,
        }
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
        for permission_type in &need.types {
            lines.extend(rows(need, *permission_type, &sources));
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
    let types = needs.first().map_or(&[][..], |need| &need.types);
    let heads: String = types.iter().map(|it| format!(" {} |", capitalized(*it))).collect();
    let mut lines = vec![
        format!("| Target | Methods |{heads} Accounts |"),
        "|---".repeat(types.len() + 3) + "|",
    ];
    lines.extend(needs.iter().map(|need| {
        // A pipe would end the cell, and a backtick the code.
        let target = need.target.replace('|', "\\|").replace('`', "'");
        let cells = need.types.iter().map(|permission_type| {
            let permissions = need.permissions_of(*permission_type).into_iter();
            let cell: Vec<_> = permissions.map(|each| markdown_cell(each, &sources)).collect();
            if cell.is_empty() { "none".to_owned() } else { cell.join("<br>") }
        });
        let cells: Vec<_> = cells.collect();
        format!("| `{target}` | {} | {} | {} |", need.methods(), cells.join(" | "), need.accounts())
    }));
    lines.push(format!("\n{ADVICE}\n"));
    for (number, PermissionSource { title, url, .. }) in sources.numbered() {
        lines.push(format!("[{number}]: {url} \"{title}\""));
    }
    lines.join("\n")
}

fn capitalized(permission_type: PermissionType) -> &'static str {
    match permission_type {
        PermissionType::Delegated => "Delegated",
        PermissionType::Application => "Application",
    }
}

fn markdown_cell(permission: &Permission, sources: &Sources) -> String {
    let condition = permission.condition.map(|condition| format!(" ({condition})"));
    let number = sources.number(permission.source);
    format!("`{}`{} [{number}]", permission.scope, condition.unwrap_or_default())
}

/// The permissions of an app that asks for the least with which it can write the photo
/// of each target.
fn least_privileged(needs: &[Need]) -> Vec<&'static Permission> {
    let mut least: Vec<&'static Permission> = Vec::new();
    for permission in needs.iter().flat_map(Need::least_privileged) {
        if !least.iter().any(|other| other.id == permission.id) {
            least.push(permission);
        }
    }
    least
}

/// What an app registration takes in its manifest, and what Graph takes in a PATCH of
/// `/applications/{id}`.
fn manifest(needs: &[Need]) -> Value {
    let access = least_privileged(needs).into_iter().map(|permission| {
        let kind = match permission.permission_type {
            PermissionType::Delegated => "Scope",
            PermissionType::Application => "Role",
        };
        json!({ "id": permission.id, "type": kind })
    });
    let access: Value = access.collect();
    json!({
        "requiredResourceAccess": [{ "resourceAppId": GRAPH_APP_ID, "resourceAccess": access }],
    })
}

/// Says beside the manifest, which has no room for it, what the ids stand for, and where
/// more than the permission is needed.
fn print_notes(needs: &[Need]) {
    let name = |it: &Permission| format!("{} ({})", it.scope, it.permission_type);
    let names: Vec<_> = least_privileged(needs).into_iter().map(name).collect();
    output::note(format!("the ids are those of {}", names.join(", ")));
    for need in needs {
        for asked in need.least_privileged() {
            if let Some(condition) = asked.condition {
                output::note(format!("{} for {}: {condition}", name(asked), need.target));
            }
            for less in need.permissions_of(asked.permission_type) {
                if less.privilege < asked.privilege {
                    let (less, why) = (name(less), list(less.condition));
                    output::note(format!(
                        "not {less} for {}, though it is less: {why}",
                        need.target
                    ));
                }
            }
        }
    }
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
            "id": permission.id,
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
        "permissions": need.permissions().map(permission).collect::<Vec<_>>(),
    })
}
