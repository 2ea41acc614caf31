//! The arguments of `sync`.

use std::path::PathBuf;

use clap::Args;

use crate::args::{fit::FitArgs, shard::ShardArgs};

const NOTES: &str = "\
Exit codes:
  0    Every photo is stored or unchanged
  1    The network, sign-in or the journal failed, or the run stopped by itself
  2    Refused before sending anything to Graph
  3    Some photos failed, or were skipped
  130  Ctrl-C, which lets uploads under way finish; a second one drops them

To resume, run the same command again. The journal is an SQLite database with a
view `photos`; it holds names of people and files, and only its owner may read
it. The program's README describes the lines of --json.

Examples:
  graph-photo sync photos --dry-run
  graph-photo sync photos --domain contoso.com --limit 10
  graph-photo sync people.csv --photos pictures --auth client-secret";

/// Set the photos of many users, groups and contacts; run it again to resume
#[derive(Debug, Args)]
#[command(after_help = NOTES)]
pub(crate) struct SyncArgs {
    /// A folder of photos named like user@contoso.com.jpg or ID.jpg, or a table (.csv, .tsv)
    /// of targets and files; - for a table on standard input
    pub(crate) source: PathBuf,
    #[command(flatten)]
    pub(crate) reading: ReadingArgs,
    #[command(flatten)]
    pub(crate) selection: SelectionArgs,
    #[command(flatten)]
    pub(crate) plan: PlanArgs,
    /// Make photos fit, from any of JPEG, PNG, WebP, GIF, BMP and TIFF
    #[arg(long, help_heading = "Fit")]
    pub(crate) fix: bool,
    #[command(flatten)]
    pub(crate) fit: FitArgs,
    #[command(flatten)]
    pub(crate) pace: PaceArgs,
}

/// The options for planning a run and recording its results.
#[derive(Debug, Args)]
#[command(next_help_heading = "Plan")]
pub(crate) struct PlanArgs {
    /// Show the plan and stop; needs no token
    #[arg(long)]
    pub(crate) dry_run: bool,
    /// Send the rest even if some photos are refused
    #[arg(long)]
    pub(crate) skip_invalid: bool,
    /// Send unchanged photos as well
    #[arg(long)]
    pub(crate) force: bool,
    /// The journal that records the results [default: SOURCE.journal.sqlite]
    #[arg(long, value_name = "FILE")]
    pub(crate) journal: Option<PathBuf>,
}

/// The options for reading a source.
#[derive(Debug, Clone, Default, Args)]
#[command(next_help_heading = "Source")]
pub(crate) struct ReadingArgs {
    /// The domain of names without @
    #[arg(long, value_parser = domain)]
    pub(crate) domain: Option<String>,
    /// Read the folders in a folder as well
    #[arg(long)]
    pub(crate) recursive: bool,
    /// The column of a table with the targets: its name, or its number from 1
    #[arg(long, value_name = "COLUMN")]
    pub(crate) target_column: Option<String>,
    /// The column of a table with the files: its name, or its number from 1
    #[arg(long, value_name = "COLUMN")]
    pub(crate) file_column: Option<String>,
    /// The folder that the files of a table are in [default: that of the table]
    #[arg(long, value_name = "DIR")]
    pub(crate) photos: Option<PathBuf>,
}

/// The options for selecting photos of a source.
#[derive(Debug, Args)]
#[command(next_help_heading = "Selection")]
pub(crate) struct SelectionArgs {
    /// Include only targets that match GLOB, such as '*@contoso.com'; may be repeated
    #[arg(long, value_name = "GLOB")]
    pub(crate) only: Vec<String>,
    /// Exclude targets that match GLOB; may be repeated
    #[arg(long, value_name = "GLOB")]
    pub(crate) exclude: Vec<String>,
    /// Send at most N photos, as a pilot
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    pub(crate) limit: Option<u32>,
    #[command(flatten)]
    pub(crate) shard: ShardArgs,
}

/// The options for pacing a run and stopping it early.
#[derive(Debug, Args)]
#[command(next_help_heading = "Pace")]
pub(crate) struct PaceArgs {
    /// The maximum number of photos sent at the same time
    #[arg(long, value_name = "N", default_value_t = 8)]
    #[arg(value_parser = clap::value_parser!(u32).range(1..=256))]
    pub(crate) transfers: u32,
    /// The maximum number of photos sent per second
    #[arg(long, value_name = "N", default_value = "20", value_parser = rate)]
    pub(crate) rate: f64,
    /// Stop after N consecutive refusals with the same code
    #[arg(long, value_name = "N", default_value_t = 20)]
    #[arg(value_parser = clap::value_parser!(u32).range(1..))]
    pub(crate) max_errors: u32,
}

/// Parses a number of photos per second; a rate near zero would never finish.
fn rate(text: &str) -> Result<f64, String> {
    const MOST: f64 = 1e6;
    let rate = text.parse::<f64>().ok().filter(|rate| *rate >= 0.001 && *rate <= MOST);
    rate.ok_or_else(|| format!("a rate is a number from 0.001 to {MOST}"))
}

/// A domain, with or without the @ before it.
fn domain(text: &str) -> Result<String, String> {
    let is_kept = |character: char| character.is_alphanumeric() || "-_".contains(character);
    let is_label = |label: &str| !label.is_empty() && label.chars().all(is_kept);
    let domain = text.strip_prefix('@').unwrap_or(text);
    if domain.split('.').all(is_label) {
        Ok(domain.to_owned())
    } else {
        Err("it is no domain, such as contoso.com".to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::domain;

    #[test]
    fn a_domain_is_labels_with_dots_between_them() {
        for text in ["contoso.com", "@contoso.com", "bücher-1.example", "contoso"] {
            assert_eq!(domain(text).unwrap(), text.trim_start_matches('@'));
        }
        for text in
            ["", "@", "not a domain", "contoso..com", "contoso.com.", "a@contoso.com", "a/b"]
        {
            assert!(domain(text).is_err(), "{text}");
        }
    }
}
