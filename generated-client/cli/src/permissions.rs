//! `graph-photo permissions`: which permissions to ask an administrator for.

mod json;
mod manifest;
mod markdown;
mod requirement;
mod table;

use graph_photo_client::PhotoTarget;

use self::requirement::Requirement;
use crate::{
    args::{ConnectionArgs, Format, PermissionsArgs},
    exit::Exit,
    failure::Failure,
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
    let of_target = |target| Requirement::of(target, args.permission_type);
    let requirements: Vec<Requirement> = targets.iter().flat_map(of_target).collect();
    let text = match args.format {
        None if output.is_json() => json::lines(&requirements),
        None | Some(Format::Table) => table::table(&requirements),
        Some(Format::Json) => format!("{:#}", json::list(&requirements)),
        Some(Format::Markdown) => markdown::markdown(&requirements),
        Some(Format::Manifest) => {
            manifest::notes(&requirements).into_iter().for_each(output::note);
            format!("{:#}", manifest::manifest(&requirements))
        }
    };
    output.text(text).await?;
    Ok(Exit::Done)
}
