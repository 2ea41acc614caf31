//! The arguments of `graph-photo report`, `completions` and `man`.

use std::path::PathBuf;

use clap::Args;
use clap_complete::Shell;

/// Summarise the results of a sync: counts, a page, a table
#[derive(Debug, Args)]
#[command(after_help = "\
The journals of several shards make one report. If two have the same target,
its latest outcome counts. Journals are only read. Exits with 0 if there is a
report, whatever became of the photos.

The page and the table hold personal data: who has a photo, and on the page the
pictures of up to 200 rows. Both files are readable by their owner alone.

Examples:
  graph-photo report photos.journal.sqlite
  graph-photo report photos.journal.sqlite --html report.html --csv report.csv
  graph-photo report photos.*.journal.sqlite --json")]
pub(crate) struct ReportArgs {
    /// The journals to read
    #[arg(required = true, value_name = "JOURNAL")]
    pub(crate) journals: Vec<PathBuf>,
    /// Write a web page, which a browser opens from disk
    #[arg(long, value_name = "FILE")]
    pub(crate) html: Option<PathBuf>,
    /// Write a table with one line for each target
    #[arg(long, value_name = "FILE")]
    pub(crate) csv: Option<PathBuf>,
}

/// Write the completions of a shell to standard output
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  source <(graph-photo completions bash)
  graph-photo completions zsh > \"${fpath[1]}/_graph-photo\"
  graph-photo completions powershell >> $PROFILE")]
pub(crate) struct CompletionsArgs {
    /// The shell
    #[arg(value_enum)]
    pub(crate) shell: Shell,
}

/// Write the manual pages, one for each command
#[derive(Debug, Args)]
#[command(after_help = "\
Example:
  graph-photo man ~/.local/share/man/man1")]
pub(crate) struct ManArgs {
    /// The folder to write to; it is created if it does not exist
    #[arg(value_name = "DIR")]
    pub(crate) folder: PathBuf,
}
