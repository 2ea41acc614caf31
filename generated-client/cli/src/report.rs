//! `graph-photo report`: summarises the results of a sync from its journals.

mod csv;
mod journal;
mod json;
mod merge;
mod page;
mod row;
mod summary;
mod text;
mod thumbnail;

use std::path::{Path, PathBuf};

use self::{journal::Journal, merge::Merged, summary::Summary};
use crate::{
    args::report::ReportArgs,
    exit::Exit,
    failure::Failure,
    output::{self, Output, printable},
    whole_file,
};

pub(crate) async fn run(args: &ReportArgs, output: Output) -> Result<Exit, Failure> {
    refuse_standard_output(args)?;
    refuse_overlap(args)?;
    let (journals, html, csv) = (args.journals.clone(), args.html.clone(), args.csv.clone());
    // Use another thread for this slow work, since this one must hear Ctrl-C.
    let work = move || make(&journals, html.as_deref(), csv.as_deref());
    let made = tokio::task::spawn_blocking(work).await;
    let (merged, summary) = made.map_err(|cause| {
        Failure::System("failed to report".to_owned(), std::io::Error::other(cause))
    })??;
    if merged.superseded > 0 {
        output::note(superseded(merged.superseded));
    }
    if output.is_json() {
        output.text(json::report(&merged, &summary)).await?;
    } else {
        output.text(text::report(&merged, &summary)).await?;
    }
    Ok(Exit::Done)
}

/// Reads the journals and writes the requested files.
fn make(
    journals: &[PathBuf],
    html: Option<&Path>,
    csv: Option<&Path>,
) -> Result<(Merged, Summary), Failure> {
    let journals = journals.iter().map(|path| Journal::read(path));
    let merged = Merged::of(journals.collect::<Result<_, _>>()?)?;
    let summary = Summary::of(&merged.rows);
    if let Some(file) = html {
        write(file, page::render(&merged, &summary).as_bytes())?;
    }
    if let Some(file) = csv {
        write(file, &csv::table(&merged.rows))?;
    }
    Ok((merged, summary))
}

fn write(file: &Path, content: &[u8]) -> Result<(), Failure> {
    whole_file::write_private(file, content).map_err(|cause| {
        Failure::System(format!("failed to write the report `{}`", printable(file)), cause)
    })
}

fn superseded(count: usize) -> String {
    let outcomes = if count == 1 { "outcome is" } else { "outcomes are" };
    format!(
        "{count} {outcomes} left out: another journal has the same target, with an outcome no older"
    )
}

/// Refuses the name that means standard output elsewhere, instead of making a file of it.
fn refuse_standard_output(args: &ReportArgs) -> Result<(), Failure> {
    if args.html.iter().chain(&args.csv).any(|file| file == Path::new("-")) {
        return Err(Failure::arguments(
            "failed to write the report `-`: - is no file name here; the counts go to standard \
             output; name a file",
        ));
    }
    Ok(())
}

/// Refuses to overwrite a journal or to write both outputs to one file.
fn refuse_overlap(args: &ReportArgs) -> Result<(), Failure> {
    let journal = |file: &&PathBuf| args.journals.iter().any(|journal| is_same(file, journal));
    let page = |file: &&PathBuf| args.html.as_ref().is_some_and(|page| is_same(file, page));
    let written = args.html.iter().chain(&args.csv);
    let clash = written.clone().find(journal).or_else(|| args.csv.iter().find(page));
    clash.map_or(Ok(()), |file| {
        let file = printable(file);
        Err(Failure::arguments(format!(
            "failed to write the report `{file}`: that name is given twice; give each file another"
        )))
    })
}

/// Whether two paths lead to the same file, which need not exist.
fn is_same(one: &Path, other: &Path) -> bool {
    let place = |file: &Path| file.canonicalize().or_else(|_| std::path::absolute(file)).ok();
    place(one) == place(other)
}
