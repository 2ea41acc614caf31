//! `cargo xtask upstream`: where Microsoft's own data differs from the spec.

use std::{fs, io::ErrorKind, path::PathBuf, process::ExitCode};

use graph_photo_codegen::{
    Api,
    upstream::{Difference, Subject, Upstream, compare},
};
use serde_json::{Value, json};

use crate::{
    failure::{EXIT_STALE, Failure},
    report::{Group, Report},
    repository::{Repository, SPEC},
    terminal::{Format, say},
};

/// The version of the JSON report's format.
const REPORT_VERSION: u32 = 1;

/// The address of the file.
const PUBLISHED: &str = "https://github.com/microsoftgraph/microsoft-graph-devx-content/blob/main/permissions/new/permissions.json";

/// The file to compare with, and the format of the report.
#[derive(clap::Args)]
#[command(after_help = format!(
    "FILE is published at\n{PUBLISHED}\n\nExit codes: 0 no difference except those that the \
     spec records as deliberate; 1 FILE or the spec can't be read; 4 other differences."
))]
pub(crate) struct Options {
    /// Microsoft's permissions.json
    file: PathBuf,
    /// For people, for machines, or for an issue
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

pub(crate) fn run(repository: &Repository, options: &Options) -> Result<ExitCode, Failure> {
    let differences = match (differences(repository, options), options.format) {
        (Err(failure), Format::Json) => {
            say!("{:#}", for_machines(&failure.json("faults"), &[]));
            return Ok(ExitCode::FAILURE);
        }
        (differences, _) => differences?,
    };
    let same = differences.iter().all(|difference| difference.accepted.is_some());
    match options.format {
        Format::Text => say!("{}", for_people(options, &differences).text()),
        Format::Markdown => say!("{}", for_people(options, &differences).markdown()),
        Format::Json => {
            let status = if same { "same" } else { "different" };
            let outcome = json!({ "status": status, "file": options.file.display().to_string() });
            say!("{:#}", for_machines(&outcome, &differences));
        }
    }
    Ok(if same { ExitCode::SUCCESS } else { ExitCode::from(EXIT_STALE) })
}

fn differences(repository: &Repository, options: &Options) -> Result<Vec<Difference>, Failure> {
    let spec = repository.spec()?;
    let api = Api::read(&spec)?;
    let name = &options.file.display().to_string();
    let remedy = format!("give the file that is published at {PUBLISHED}");
    let text = fs::read_to_string(&options.file).map_err(|cause| {
        let cause = match cause.kind() {
            ErrorKind::InvalidData => "it is not UTF-8 text".to_owned(),
            _ => cause.to_string(),
        };
        Failure::to("read", name, format!("{cause}; {remedy}"))
    })?;
    let differences = Upstream::read(&text).and_then(|upstream| compare(&spec, &api, &upstream));
    differences.map_err(|cause| Failure::to("compare with", name, format!("{cause}; {remedy}")))
}

/// The report for people.
fn for_people(options: &Options, differences: &[Difference]) -> Report {
    let groups = [("Different", false), ("Accepted", true)].map(|(word, accepted)| {
        let items = differences.iter().filter(|one| one.accepted.is_some() == accepted);
        Group { word, title: word, items: items.map(item).collect() }
    });
    let [different, accepted] = [&groups[0], &groups[1]].map(|group| group.items.len());
    let recorded = format!("{accepted} that {SPEC} records as deliberate");
    Report {
        compared: format!("{SPEC} with {}", options.file.display()),
        heading: format!("`{SPEC}` and Microsoft's permissions.json"),
        groups: groups.into(),
        is_success: different == 0,
        verdict: match (different, accepted) {
            (0, 0) => "no difference".to_owned(),
            (0, _) => format!("no difference except {recorded}"),
            (1, _) => format!("1 difference, besides {recorded}"),
            (count, _) => format!("{count} differences, besides {recorded}"),
        },
        fix: None,
    }
}

/// A difference with its place, and advice or the reason why it is deliberate.
fn item(difference: &Difference) -> Vec<String> {
    let Difference { subject: Subject { kind, path, method, .. }, line, message, .. } = difference;
    let method = method.map(|method| format!("{} ", method.as_str()));
    vec![
        format!("`{SPEC}:{line}: {}{path}` ({kind})", method.unwrap_or_default()),
        message.clone(),
        match &difference.accepted {
            Some(reason) => format!("reason: {}", on_one_line(reason)),
            None => format!("consider: {}", difference.consider),
        },
    ]
}

/// A report for machines: the status `same`, `different`, `broken` or `failed`, and findings.
fn for_machines(outcome: &Value, differences: &[Difference]) -> Value {
    let mut report = json!({ "version": REPORT_VERSION });
    if let (Some(report), Some(outcome)) = (report.as_object_mut(), outcome.as_object()) {
        report.extend(outcome.clone());
        report.insert("findings".to_owned(), differences.iter().map(finding).collect());
    }
    report
}

fn finding(difference: &Difference) -> Value {
    let accepted = difference.accepted.as_deref().map(on_one_line);
    let finding = json!(Difference { accepted, ..difference.clone() });
    let mut members = finding.as_object().cloned().unwrap_or_default();
    members.insert("file".to_owned(), SPEC.into());
    members.into()
}

fn on_one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
