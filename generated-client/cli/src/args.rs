//! The words of the command line.

pub(crate) mod fit;

use std::path::PathBuf;

use clap::{
    Args, Parser, Subcommand, ValueEnum,
    builder::{PossibleValue, PossibleValuesParser, TypedValueParser},
};
use graph_photo_client::{Cloud, PermissionType, UploadMethod};

use self::fit::FitArgs;
use crate::failure::FailureKind;

const ABOUT: &str = "\
Uploads profile photos to Microsoft Graph: of users, groups and Outlook
contacts. A photo is checked before anything is sent, and what Graph refuses is
explained.";

#[cfg(not(feature = "azure"))]
const ENVIRONMENT: &str = "\
Environment:
  GRAPH_ACCESS_TOKEN   The access token, unless --token-file names a file with one
  NO_COLOR             Not empty: no colours
";

#[cfg(feature = "azure")]
const ENVIRONMENT: &str = "\
Environment:
  GRAPH_ACCESS_TOKEN   The access token, unless --token-file or --auth is given
  AZURE_TENANT_ID, AZURE_CLIENT_ID
                       The app that --auth client-secret or workload-identity signs
                       in; AZURE_CLIENT_ID also selects a managed identity
  AZURE_CLIENT_SECRET  The secret of --auth client-secret
  AZURE_FEDERATED_TOKEN_FILE
                       The token of --auth workload-identity
  AZURE_AUTHORITY_HOST The URL to sign in at, such as https://login.microsoftonline.us;
                       needed with client-secret and workload-identity for every
                       cloud but the global one
  NO_COLOR             Not empty: no colours
";

const NOTES: &str = "
Exit codes:
  0    Done
  1    Refused by Graph, or the network or signing in failed
  2    Refused here; nothing was sent to Graph
  130  Interrupted, as a shell sees it: the program dies of the signal

Data goes to standard output, everything else to standard error. With --json,
each result and each failure is one JSON object on a line of its own.
";

const EXAMPLES: &str = "
Examples:
  graph-photo set /me me.jpg
  graph-photo set /users/user@contoso.com user.jpg --token-file token.txt
  graph-photo check *.jpg
  graph-photo permissions /groups/ID
";

#[derive(Debug, Parser)]
#[command(name = env!("CARGO_BIN_NAME"), version, about = ABOUT)]
#[command(after_help = [ENVIRONMENT, NOTES, &kinds(), EXAMPLES].concat())]
pub(crate) struct Arguments {
    #[command(subcommand)]
    pub(crate) command: Command,
    #[command(flatten)]
    pub(crate) connection: ConnectionArgs,
    /// Write results and failures as JSON
    #[arg(long, global = true)]
    pub(crate) json: bool,
    /// Report what happens, on standard error; twice for its connections as well
    #[arg(short, long, global = true, action = clap::ArgAction::Count)]
    pub(crate) verbose: u8,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    Set(SetArgs),
    Check(CheckArgs),
    Permissions(PermissionsArgs),
}

/// Set the photo of a user, group or contact
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  graph-photo set /me me.jpg
  graph-photo set /users/user@contoso.com/contacts/ID contact.jpg --method patch
  graph-photo set 'https://graph.microsoft.com/v1.0/groups/ID/photo/$value' group.jpg")]
pub(crate) struct SetArgs {
    /// A resource such as /me or /users/user@contoso.com, its Graph URL, or a user's address or id
    pub(crate) target: String,
    /// The photo, a JPEG file; - for standard input
    pub(crate) file: PathBuf,
    /// The HTTP method to upload with
    #[arg(long, value_parser = one_of(UploadMethod::ALL, method_word), default_value = "put")]
    #[arg(ignore_case = true)]
    pub(crate) method: UploadMethod,
    /// Remove metadata first, such as the place where the photo was taken; pixels stay the same
    #[arg(long)]
    pub(crate) strip_metadata: bool,
}

/// Tell whether files can be uploaded, without sending anything
#[derive(Debug, Args)]
#[command(after_help = "\
Exits with 2 if any of the files is refused.

With --fix, each picture becomes an upright sRGB JPEG without metadata, on a white
background, within --max-side and --max-bytes. To get within --max-bytes, its quality is
lowered first, then its size. Pictures are never enlarged, and a photo that already fits
is copied unchanged. The format is recognised by content, not by name. Source files are
never changed; a file of the same name in DIR is replaced.

With --fix and --json, each file is an object with `file`, `output`, `source` (its
`format`, `width`, `height` and `bytes`), `photo`, `untouched`, `changes` and `notes`, or
with `file` and `error`.

Examples:
  graph-photo check *.jpg
  graph-photo check --fix fitted --crop square --max-bytes 100KB *.jpg *.png")]
pub(crate) struct CheckArgs {
    /// The files to check; - for standard input
    #[arg(required = true, value_name = "FILE")]
    pub(crate) files: Vec<PathBuf>,
    /// Make each picture fit and write it to DIR/NAME.jpg; reads JPEG, PNG, WebP, GIF, BMP and TIFF
    #[arg(long, value_name = "DIR", help_heading = "Fit")]
    pub(crate) fix: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) fit: FitArgs,
}

/// Show what to ask the administrator for, without sending anything
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  graph-photo permissions
  graph-photo permissions /users/user@contoso.com
  graph-photo permissions '/groups/{groupId}' --format markdown
  graph-photo permissions --format manifest --type delegated")]
pub(crate) struct PermissionsArgs {
    /// A resource such as /me or '/users/{userId}', or its Graph URL; all of them by default
    pub(crate) target: Option<String>,
    /// The form of the list [default: table, or with --json a line for each target]
    #[arg(long, value_enum)]
    pub(crate) format: Option<Format>,
    /// Only permissions of this type [default: both]
    #[arg(long = "type", value_parser = one_of(PermissionType::ALL, type_word), value_name = "TYPE")]
    pub(crate) permission_type: Option<PermissionType>,
}

#[derive(Debug, Args)]
pub(crate) struct ConnectionArgs {
    /// A file with the access token and nothing else
    #[arg(long, global = true, value_name = "FILE", help_heading = "Token")]
    pub(crate) token_file: Option<PathBuf>,
    /// Get the access token from Microsoft Entra ID
    #[cfg(feature = "azure")]
    #[arg(long, global = true, value_enum, value_name = "CREDENTIAL", help_heading = "Token")]
    pub(crate) auth: Option<Auth>,
    /// Not in this build, which says so
    #[cfg(not(feature = "azure"))]
    #[arg(long, global = true, hide = true, value_name = "CREDENTIAL")]
    pub(crate) auth: Option<String>,
    /// The deployment of Microsoft Graph [default: that of the target's URL, or global]
    #[arg(long, global = true, value_parser = one_of(Cloud::ALL, cloud_word), help_heading = "Connection")]
    pub(crate) cloud: Option<Cloud>,
    /// The URL that paths are appended to, instead of the cloud's: https, or this machine
    #[arg(long, global = true, value_name = "URL", help_heading = "Connection")]
    pub(crate) base_url: Option<String>,
    /// How often to try again when Graph is busy or cannot be reached [default: 4]
    #[arg(long, global = true, value_name = "N", help_heading = "Connection")]
    pub(crate) max_retries: Option<u32>,
    /// How long an attempt may take as a whole [default: 180]
    #[arg(long, global = true, value_name = "SECONDS", help_heading = "Connection")]
    #[arg(value_parser = clap::value_parser!(u32).range(1..))]
    pub(crate) timeout: Option<u32>,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
pub(crate) enum Format {
    /// For people
    Table,
    /// For programs
    Json,
    /// For a document
    Markdown,
    /// What to ask for, as `requiredResourceAccess` of an Entra app registration
    Manifest,
}

#[cfg(feature = "azure")]
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Auth {
    /// Whoever is signed in to the Azure CLI (`az login`)
    AzureCli,
    /// The identity of the Azure machine that this runs on
    ManagedIdentity,
    /// The identity of the Kubernetes pod that this runs in
    WorkloadIdentity,
    /// An app, by its secret
    ClientSecret,
}

/// The kinds of failure.
fn kinds() -> String {
    let values = FailureKind::value_variants().iter().filter_map(ValueEnum::to_possible_value);
    let rows: String = values
        .map(|kind| format!("  {:22}{}\n", kind.get_name(), kind.get_help().unwrap_or_default()))
        .collect();
    format!("\nKinds of failure, `error.kind` with --json; no others in this version:\n{rows}")
}

/// A parser of values that the library knows, by the words that stand for them.
fn one_of<T: Copy + Send + Sync + 'static>(
    values: &'static [T],
    word: fn(T) -> PossibleValue,
) -> impl TypedValueParser<Value = T> {
    PossibleValuesParser::new(values.iter().copied().map(word)).try_map(move |name| {
        let value = values.iter().copied().find(|value| word(*value).matches(&name, true));
        value.ok_or("no value has this name")
    })
}

fn method_word(method: UploadMethod) -> PossibleValue {
    PossibleValue::new(method.as_str().to_ascii_lowercase())
}

fn type_word(permission_type: PermissionType) -> PossibleValue {
    PossibleValue::new(permission_type.name()).help(match permission_type {
        PermissionType::Delegated => "On behalf of a signed-in user",
        PermissionType::Application => "Under the app's own identity",
    })
}

fn cloud_word(cloud: Cloud) -> PossibleValue {
    PossibleValue::new(cloud.name()).help(cloud.base_url())
}
