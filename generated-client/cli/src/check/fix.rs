//! `graph-photo check --fix`: writes a fitting photo for each file.

use std::{
    collections::{HashMap, VecDeque},
    ffi::{OsStr, OsString},
    fs, io,
    path::{Path, PathBuf},
    thread,
};

use serde_json::{Value, json};
use unicode_normalization::UnicodeNormalization as _;

use crate::{
    exit::Exit,
    failure::{Failure, FailureKind, Subject},
    fit::{self, Fit, FitOptions, fit, words::grouped},
    output::{self, Output, printable, shown},
    photo::{self, Refusal},
    whole_file::{self, Readers},
};

/// A file and the destination of its photo.
#[derive(Clone)]
struct Job {
    file: PathBuf,
    output: PathBuf,
}

/// Makes files fit, several at once, and reports them in order.
pub(super) async fn run(
    files: &[PathBuf],
    directory: &Path,
    options: FitOptions,
    output: Output,
) -> Result<Exit, Failure> {
    let mut jobs = plan(files, directory)?.into_iter();
    create(directory)?;
    let most = thread::available_parallelism().map_or(1, usize::from);
    let mut running = VecDeque::new();
    let mut refused = 0;
    loop {
        running.extend(jobs.by_ref().take(most - running.len()).map(|job| {
            let work = job.clone();
            (job, tokio::task::spawn_blocking(move || work.run(&options)))
        }));
        let Some((job, result)) = running.pop_front() else {
            break;
        };
        let result = result.await.unwrap_or_else(|cause| Err(job.failed(io::Error::other(cause))));
        refused += usize::from(!tell(&job, result?, output).await?);
    }
    if refused == 0 {
        return Ok(Exit::Done);
    }
    let count = files.len();
    let noun = if count == 1 { "file" } else { "files" };
    output::error(format_args!("{refused} of {count} {noun} cannot be made to fit"));
    Ok(Exit::Refused)
}

/// Plans the destination of each photo: no two are the same, and none replaces a source.
fn plan(files: &[PathBuf], directory: &Path) -> Result<Vec<Job>, Failure> {
    let mut sources: HashMap<OsString, &Path> = HashMap::new();
    for file in files {
        sources.extend(places(file).into_iter().map(|place| (place, file.as_path())));
    }
    let mut planned: HashMap<OsString, &Path> = HashMap::new();
    let mut jobs = Vec::new();
    for file in files {
        let name = name(file)?;
        let output = directory.join(&name);
        // A directory that does not exist yet contains no sources.
        let place = place(&output).unwrap_or_else(|| folded(&name));
        let [from, to] = [file, &output].map(|path| printable(path));
        if let Some(source) = sources.get(&place) {
            let source = printable(source);
            return Err(Failure::arguments(format!(
                "failed to fit `{from}`: `{to}` would replace the source `{source}`; choose \
                 another directory"
            )));
        }
        if let Some(other) = planned.insert(place, file) {
            let other = printable(other);
            return Err(Failure::arguments(format!(
                "failed to fit `{other}` and `{from}`: both would be written to `{to}`; rename one \
                 of them"
            )));
        }
        jobs.push(Job { file: file.clone(), output });
    }
    Ok(jobs)
}

/// The file name of a file's photo.
fn name(file: &Path) -> Result<OsString, Failure> {
    let stem = file.file_stem().filter(|_| file != Path::new(photo::STANDARD_INPUT));
    let mut name = stem.map(ToOwned::to_owned).ok_or_else(|| {
        let file = printable(file);
        Failure::arguments(format!(
            "failed to fit `{file}`: it has no name to write to; with --fix, name files"
        ))
    })?;
    name.push(".jpg");
    Ok(name)
}

/// The places of a file: its name in its folder, and the target of links.
fn places(file: &Path) -> impl IntoIterator<Item = OsString> {
    let target = fs::canonicalize(file).ok();
    [place(file), target.and_then(|target| place(&target))].into_iter().flatten()
}

/// A file's place, with links to its folder resolved; `None` if there is no such folder.
fn place(file: &Path) -> Option<OsString> {
    let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty());
    let folder = fs::canonicalize(folder.unwrap_or(Path::new("."))).ok()?;
    Some(folder.join(folded(file.file_name()?)).into_os_string())
}

/// A name's form for comparison, the same for all names that some file system treats as equal.
fn folded(name: &OsStr) -> OsString {
    name.to_str().map_or_else(
        || name.to_owned(),
        |name| name.nfc().collect::<String>().to_lowercase().into(),
    )
}

fn create(directory: &Path) -> Result<(), Failure> {
    fs::create_dir_all(directory).map_err(|cause| {
        let directory = printable(directory);
        Failure::arguments(format!("failed to create the directory `{directory}`: {cause}"))
    })
}

impl Job {
    /// Reads, fits and writes.
    fn run(&self, options: &FitOptions) -> Result<Result<Fit, Refusal>, Failure> {
        let fitted = fit::read(&self.file).and_then(|bytes| fit(bytes, options));
        if let Ok(fitted) = &fitted {
            // A link there may lead to a source, so that the link is replaced.
            let written = whole_file::replace(&self.output, fitted.photo.bytes(), Readers::Usual);
            written.map_err(|cause| self.failed(cause))?;
        }
        Ok(fitted)
    }

    fn failed(&self, cause: io::Error) -> Failure {
        Failure::System(format!("failed to write `{}`", printable(&self.output)), cause)
    }

    fn text(&self, fit: &Fit) -> String {
        let (file, photo, source) = (printable(&self.file), &fit.photo, fit.source);
        let size = format!("{}x{} JPEG", photo.width(), photo.height());
        let bytes = grouped(photo.bytes().len() as u64);
        let done = if fit.is_untouched {
            format!("{file}: fits already: {size}, {bytes} bytes")
        } else {
            let from = format!("{}x{} {}", source.width, source.height, source.format);
            let changes: String = fit.changes.iter().map(|change| format!(", {change}")).collect();
            format!("{file}: fitted: {from} -> {size}, {bytes} bytes{changes}")
        };
        let notes: String = fit.notes.iter().map(|note| format!("\n  note: {note}")).collect();
        done + &notes
    }

    fn json(&self, fit: &Fit) -> Value {
        let source = fit.source;
        json!({
            "file": self.file.to_string_lossy(),
            "output": self.output.to_string_lossy(),
            "source": {
                "format": source.format.to_ascii_lowercase(),
                "width": source.width,
                "height": source.height,
                "bytes": source.bytes,
            },
            "photo": photo::json(&fit.photo, &photo::known_warnings(&fit.photo)),
            "untouched": fit.is_untouched,
            "changes": fit.changes,
            "notes": fit.notes,
        })
    }

    fn refused_json(&self, reason: &str) -> Value {
        let file = shown(&self.file).into_owned();
        let message = format!("failed to fit `{}`: {reason}", printable(&self.file));
        let failure = Failure::Refused(FailureKind::InvalidPhoto, message);
        let subject = Subject { target: None, file: Some(file.clone()) };
        json!({ "file": file, "error": failure.json(&subject) })
    }
}

/// Reports a file, and returns whether it could be made to fit.
async fn tell(job: &Job, result: Result<Fit, Refusal>, output: Output) -> Result<bool, Failure> {
    match result {
        Ok(fit) => {
            output.result(&job.json(&fit), || job.text(&fit)).await?;
            Ok(true)
        }
        Err(Refusal { reason, .. }) => {
            let text = || format!("{}: refused: {reason}", printable(&job.file));
            output.result(&job.refused_json(&reason), text).await?;
            Ok(false)
        }
    }
}
