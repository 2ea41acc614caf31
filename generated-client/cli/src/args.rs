//! The command line: commands, options and their help.

pub(crate) mod fit;
pub(crate) mod report;
pub(crate) mod shard;
pub(crate) mod sync;

use std::path::PathBuf;

use clap::{
    Args, Parser, Subcommand, ValueEnum,
    builder::{PossibleValue, PossibleValuesParser, TypedValueParser},
};
use graph_photo_client::{Cloud, PermissionType, UploadMethod};

use self::{
    fit::FitArgs,
    report::{CompletionsArgs, ManArgs, ReportArgs},
    sync::SyncArgs,
};
use crate::failure::FailureKind;

const ABOUT: &str = "\
Uploads profile photos of users, groups and Outlook contacts to Microsoft Graph. \
Checks each photo before sending anything, and explains what Graph refuses.";

#[cfg(not(feature = "azure"))]
const ENVIRONMENT: &str = "\
Environment:
  GRAPH_ACCESS_TOKEN    The access token, unless --token-file is given
  NO_COLOR              If not empty: no colours
";

#[cfg(feature = "azure")]
const ENVIRONMENT: &str = "\
Environment:
  GRAPH_ACCESS_TOKEN    The access token, unless --token-file or --auth is given
  AZURE_TENANT_ID       The tenant of --auth client-secret or workload-identity
  AZURE_CLIENT_ID       The app of --auth client-secret or workload-identity;
                        also selects a managed identity
  AZURE_CLIENT_SECRET   The secret of --auth client-secret
  AZURE_FEDERATED_TOKEN_FILE
                        The token file of --auth workload-identity
  AZURE_AUTHORITY_HOST  Sign-in URL, such as https://login.microsoftonline.us;
                        required with client-secret and workload-identity for
                        every cloud but the global one
  NO_COLOR              If not empty: no colours
";

const NOTES: &str = "
Exit codes:
  0    Done
  1    Graph refused, or the network or sign-in failed
  2    Refused before sending anything to Graph
  3    Some of several photos failed or were skipped (sync)
  130  Interrupted, as a shell shows it: the program dies of the signal

Data goes to standard output, everything else to standard error. With --json,
each result and each failure is one JSON object on one line.
";

const EXAMPLES: &str = "
Examples:
  graph-photo set /me me.jpg
  graph-photo set /users/user@contoso.com user.jpg --token-file token.txt
  graph-photo check *.jpg
  graph-photo sync photos --dry-run
  graph-photo report photos.journal.sqlite --html report.html
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
    /// Log to standard error; given twice, log connections as well
    #[arg(short, long, global = true, action = clap::ArgAction::Count)]
    pub(crate) verbose: u8,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    Set(SetArgs),
    Sync(SyncArgs),
    Check(CheckArgs),
    Permissions(PermissionsArgs),
    Report(ReportArgs),
    Completions(CompletionsArgs),
    Man(ManArgs),
}

/// Set the photo of a user, group or contact
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  graph-photo set /me me.jpg
  graph-photo set /users/user@contoso.com/contacts/ID contact.jpg --method patch
  graph-photo set https://graph.microsoft.com/v1.0/groups/ID group.jpg")]
pub(crate) struct SetArgs {
    /// A resource such as /me or /users/user@contoso.com, its Graph URL, or a user's address
    /// or id
    pub(crate) target: String,
    /// The photo: a JPEG file, or - for standard input
    pub(crate) file: PathBuf,
    /// The HTTP method to upload with
    #[arg(long, value_parser = one_of(UploadMethod::ALL, method_value), default_value = "put")]
    #[arg(ignore_case = true)]
    pub(crate) method: UploadMethod,
    /// Remove metadata first, such as the GPS position; the pixels stay the same
    #[arg(long)]
    pub(crate) strip_metadata: bool,
}

/// Check whether files can be uploaded, without sending anything
#[derive(Debug, Args)]
#[command(after_help = "\
Exits with 2 if any file is refused.

With --fix, each picture becomes an upright sRGB JPEG without metadata, on a
white background, within --max-side and --max-bytes. To get within --max-bytes,
its quality is lowered first, then its size. Pictures are never enlarged, and a
photo that already fits is copied unchanged. The format is recognised by
content, not by name. Source files are never changed; a file of the same name
in DIR is replaced.

With --fix and --json, each file is an object with `file`, `output`, `source`
(its `format`, `width`, `height` and `bytes`), `photo`, `untouched`, `changes`
and `notes`, or with `file` and `error`.

Examples:
  graph-photo check *.jpg
  graph-photo check --fix fitted --crop square --max-bytes 100KB *.jpg *.png")]
pub(crate) struct CheckArgs {
    /// The files to check; - for standard input
    #[arg(required = true, value_name = "FILE")]
    pub(crate) files: Vec<PathBuf>,
    /// Make each picture fit and write it to DIR/NAME.jpg; reads JPEG, PNG, WebP, GIF, BMP and
    /// TIFF
    #[arg(long, value_name = "DIR", help_heading = "Fit")]
    pub(crate) fix: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) fit: FitArgs,
}

/// Show which permissions to ask an administrator for, without sending anything
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  graph-photo permissions
  graph-photo permissions /users/user@contoso.com
  graph-photo permissions '/groups/{groupId}' --format markdown
  graph-photo permissions --format manifest --type delegated")]
pub(crate) struct PermissionsArgs {
    /// A resource such as /me or '/users/{userId}', or its Graph URL [default: all resources]
    pub(crate) target: Option<String>,
    /// The output format [default: table; with --json, one line for each target]
    #[arg(long, value_enum)]
    pub(crate) format: Option<Format>,
    /// Show only permissions of this type [default: both]
    #[arg(long = "type", value_parser = one_of(PermissionType::ALL, type_value), value_name = "TYPE")]
    pub(crate) permission_type: Option<PermissionType>,
}

#[derive(Debug, Default, Args)]
pub(crate) struct ConnectionArgs {
    /// A file that contains only the access token
    #[arg(long, global = true, value_name = "FILE", help_heading = "Token")]
    pub(crate) token_file: Option<PathBuf>,
    /// Get the access token from Microsoft Entra ID
    #[cfg(feature = "azure")]
    #[arg(long, global = true, value_enum, value_name = "CREDENTIAL", help_heading = "Token")]
    pub(crate) auth: Option<Auth>,
    /// Accepted only to refuse it with instructions for getting a build that signs in
    #[cfg(not(feature = "azure"))]
    #[arg(long, global = true, hide = true, value_name = "CREDENTIAL")]
    pub(crate) auth: Option<String>,
    /// The Microsoft Graph deployment [default: from the target's URL, or global]
    #[arg(long, global = true, value_parser = one_of(Cloud::ALL, cloud_value), help_heading = "Connection")]
    pub(crate) cloud: Option<Cloud>,
    /// The URL to append paths to, instead of the cloud's; https unless it is on this machine
    #[arg(long, global = true, value_name = "URL", help_heading = "Connection")]
    pub(crate) base_url: Option<String>,
    /// How often to retry when Graph is busy or unreachable [default: 4]
    #[arg(long, global = true, value_name = "N", help_heading = "Connection")]
    pub(crate) max_retries: Option<u32>,
    /// How long one attempt may take in total [default: 180]
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
    /// For an Entra app registration, as its `requiredResourceAccess`
    Manifest,
}

#[cfg(feature = "azure")]
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Auth {
    /// The account signed in with `az login`
    AzureCli,
    /// The managed identity of this Azure machine
    ManagedIdentity,
    /// The workload identity of this Kubernetes pod
    WorkloadIdentity,
    /// An app, with its client secret
    ClientSecret,
}

/// The help text about the kinds of failure.
fn kinds() -> String {
    let values = FailureKind::value_variants().iter().filter_map(ValueEnum::to_possible_value);
    let rows: String = values
        .map(|kind| format!("  {:22}{}\n", kind.get_name(), kind.get_help().unwrap_or_default()))
        .collect();
    format!("\nKinds of failure (`error.kind` with --json); this version has no others:\n{rows}")
}

/// A parser for the library's values by name.
fn one_of<T: Copy + Send + Sync + 'static>(
    values: &'static [T],
    possible: fn(T) -> PossibleValue,
) -> impl TypedValueParser<Value = T> {
    PossibleValuesParser::new(values.iter().copied().map(possible)).try_map(move |name| {
        let value = values.iter().copied().find(|value| possible(*value).matches(&name, true));
        value.ok_or("there is no such value")
    })
}

fn method_value(method: UploadMethod) -> PossibleValue {
    PossibleValue::new(method.as_str().to_ascii_lowercase())
}

fn type_value(permission_type: PermissionType) -> PossibleValue {
    PossibleValue::new(permission_type.name()).help(match permission_type {
        PermissionType::Delegated => "On behalf of a signed-in user",
        PermissionType::Application => "Under the app's own identity",
    })
}

fn cloud_value(cloud: Cloud) -> PossibleValue {
    PossibleValue::new(cloud.name()).help(cloud.base_url())
}
