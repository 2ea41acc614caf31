//! `cargo xtask permissions`: what an app must have been granted.

use std::process::ExitCode;

use graph_photo_codegen::{
    Api,
    api::{Permission, PermissionType, Target},
    permission_matrix,
    permissions::{Condition, GRAPH_APP_ID},
};
use serde_json::{Value, json};

use crate::{
    Failure,
    repository::Repository,
    terminal::{complain, say},
};

/// What is shown, and how.
#[derive(clap::Args)]
pub(crate) struct Options {
    /// A table, data for machines, spec/PERMISSIONS.md, or the permissions to ask
    /// for as `requiredResourceAccess` of an Entra app registration
    #[arg(long, value_enum, default_value_t)]
    format: Format,
    /// Only for this target, such as `/users/{userId}`; may be repeated
    #[arg(long, value_name = "PATH")]
    target: Vec<String>,
    /// Only permissions of this type [default: both]
    #[arg(long = "type", value_enum, value_name = "TYPE")]
    kind: Option<Kind>,
}

#[derive(Clone, Copy, clap::ValueEnum)]
enum Kind {
    Delegated,
    Application,
}

impl From<Kind> for PermissionType {
    fn from(kind: Kind) -> Self {
        match kind {
            Kind::Delegated => Self::Delegated,
            Kind::Application => Self::Application,
        }
    }
}

#[derive(Clone, Copy, Default, clap::ValueEnum)]
enum Format {
    #[default]
    Table,
    Json,
    Markdown,
    Manifest,
}

pub(crate) fn run(repository: &Repository, options: &Options) -> Result<ExitCode, Failure> {
    let mut api = Api::read(&repository.spec()?)?;
    if !options.target.is_empty() {
        select(&mut api, &options.target)?;
    }
    if let Some(kind) = options.kind {
        keep_type(&mut api, kind.into());
    }
    match options.format {
        Format::Table => say!("{}", table(&api).trim_end()),
        Format::Json => say!("{:#}", all(&api)),
        Format::Markdown if options.kind.is_some() => {
            let cause = "the document is about both types; leave out `--type`";
            return Err(Failure::to("render", "--format markdown", cause));
        }
        Format::Markdown => say!("{}", permission_matrix(&api).trim_end()),
        Format::Manifest => {
            say!("{:#}", manifest(&api));
            print_notes(&api);
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn keep_type(api: &mut Api, kind: PermissionType) {
    for operation in api.targets.iter_mut().flat_map(|target| &mut target.operations) {
        operation.permissions.retain(|permission| permission.permission_type == kind);
    }
}

/// Keeps the targets that were asked for.
fn select(api: &mut Api, wanted: &[String]) -> Result<(), Failure> {
    let known: Vec<_> = api.targets.iter().map(Target::resource_template).collect();
    let wanted: Vec<String> =
        wanted.iter().map(|path| path.trim_end_matches('/').to_owned()).collect();
    for template in &wanted {
        if !known.contains(template) {
            let cause = format!("there is no such target; write one of `{}`", known.join("`, `"));
            return Err(Failure::to("find", template, cause));
        }
    }
    api.targets.retain(|target| wanted.contains(&target.resource_template()));
    Ok(())
}

/// The permissions of a target, which are those of each of its operations.
fn permissions(target: &Target) -> impl Iterator<Item = &Permission> {
    target.operations.first().into_iter().flat_map(|operation| &operation.permissions)
}

/// The permissions that an app asks for if it asks for the least with which it can
/// write the photo of each target.
fn least_privileged(api: &Api) -> Vec<&Permission> {
    let mut least: Vec<&Permission> = Vec::new();
    for permission in api.targets.iter().flat_map(least_privileged_of) {
        let same = |other: &&Permission| {
            (other.permission_type, &other.scope) == (permission.permission_type, &permission.scope)
        };
        if !least.iter().any(same) {
            least.push(permission);
        }
    }
    least
}

/// The permission to ask for of each type: of those that lack the least, the one
/// with the least privilege.
fn least_privileged_of(target: &Target) -> impl Iterator<Item = &Permission> {
    [PermissionType::Delegated, PermissionType::Application].into_iter().filter_map(|kind| {
        let of_type = permissions(target).filter(|permission| permission.permission_type == kind);
        of_type.min_by_key(|permission| (lack(target, permission), permission.privilege))
    })
}

/// How much a condition keeps an app from writing the photo of a target: not at
/// all, unless a user has a role, or of all users but one.
fn lack(target: &Target, permission: &Permission) -> u32 {
    match permission.condition {
        // That an app acts under its own identity is the type of the permission.
        None | Some(Condition::NotOnBehalfOfUser) => 0,
        Some(Condition::OwnPhotoOnly) if target.is_of_signed_in_user() => 0,
        Some(Condition::AdministratorRole) => 1,
        Some(Condition::OwnPhotoOnly) => 2,
    }
}

fn table(api: &Api) -> String {
    const HEAD: [&str; 5] = ["TARGET", "TYPE", "PERMISSION", "ID", "CONDITION"];
    let mut rows = vec![HEAD.map(str::to_owned)];
    for target in &api.targets {
        rows.extend(permissions(target).map(|permission| {
            [
                target.resource_template(),
                permission.permission_type.to_string(),
                permission.scope.clone(),
                api.scope(permission).id.clone(),
                permission.condition.map_or("", Condition::description).to_owned(),
            ]
        }));
    }
    let width = |column: usize| rows.iter().map(|row| row[column].len()).max().unwrap_or_default();
    let widths = [0, 1, 2, 3].map(width);
    let line = |[target, kind, scope, id, condition]: &[String; 5]| {
        let [a, b, c, d] = widths;
        format!("{target:<a$}  {kind:<b$}  {scope:<c$}  {id:<d$}  {condition}")
            .trim_end()
            .to_owned()
            + "\n"
    };
    rows.iter().map(line).collect()
}

fn all(api: &Api) -> Value {
    let targets = api.targets.iter().map(|target| {
        let permissions: Vec<_> = permissions(target).map(|one| permission(api, one)).collect();
        let operations: Vec<_> = target.operations.iter().map(|operation| &operation.id).collect();
        let accounts = target.operations.first().map(|operation| &operation.account_kinds);
        json!({
            "target": target.resource_template(),
            "operations": operations,
            "accountKinds": accounts,
            "permissions": permissions,
        })
    });
    targets.collect()
}

fn permission(api: &Api, permission: &Permission) -> Value {
    let scope = api.scope(permission);
    let source = api.sources.iter().find(|source| source.key == permission.source);
    json!({
        "type": permission.permission_type.to_string(),
        "scope": permission.scope,
        "id": scope.id,
        "description": scope.description,
        "privilege": permission.privilege,
        "condition": permission.condition,
        "source": source.map(|source| json!({ "title": source.title, "url": source.url })),
    })
}

/// What an app registration takes in its manifest, and what Graph takes in a
/// PATCH of `/applications/{id}`.
fn manifest(api: &Api) -> Value {
    let access = least_privileged(api).into_iter().map(|permission| {
        let kind = match permission.permission_type {
            PermissionType::Delegated => "Scope",
            PermissionType::Application => "Role",
        };
        json!({ "id": api.scope(permission).id, "type": kind })
    });
    let access: Value = access.collect();
    json!({
        "requiredResourceAccess": [{ "resourceAppId": GRAPH_APP_ID, "resourceAccess": access }],
    })
}

/// Says beside the manifest, which has no room for it, what the ids stand for,
/// and where more than the permission is needed.
fn print_notes(api: &Api) {
    let names: Vec<_> = least_privileged(api).into_iter().map(Permission::to_string).collect();
    complain!("note: the ids are those of {}", names.join(", "));
    for target in &api.targets {
        let template = target.resource_template();
        for asked in least_privileged_of(target) {
            if let Some(condition) = asked.condition {
                complain!("note: {asked} for {template}: {}", condition.description());
            }
            let passed_over = permissions(target).filter(|permission| {
                permission.permission_type == asked.permission_type
                    && permission.privilege < asked.privilege
            });
            for less in passed_over {
                let why = less.condition.map_or("", Condition::description);
                complain!("note: not {less} for {template}, though it is less: {why}");
            }
        }
    }
}
