//! `cargo xtask compat`: what changes of the spec mean for users, and whether the version fits.

mod base;
mod comparison;
mod report;

use std::process::ExitCode;

use graph_photo_codegen::{Findings, Spec, compat::compare, decode};
use serde_json::json;

use self::{base::Base, comparison::Comparison};
use crate::{
    failure::{EXIT_STALE, Failure, findings_value},
    repository::Repository,
    terminal::{Format, say},
};

/// The base of the comparison, and the format of the report.
#[derive(clap::Args)]
pub(crate) struct Options {
    /// A git revision or a file to compare spec/openapi.yaml with [default: the last release tag
    /// `v*`, else `main`, else `origin/main`]
    base: Option<String>,
    /// For people, for machines, or for a comment in a pull request
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

pub(crate) fn run(repository: &Repository, options: &Options) -> Result<ExitCode, Failure> {
    let base = Base::find(repository, options.base.as_deref())?;
    let old = decode(&base.spec).and_then(Spec::read);
    let old = old.map_err(|findings| findings.in_file(&base.file));
    let new = decode(&repository.spec_bytes()?).and_then(Spec::read);
    let (old, new) = match (old, new) {
        (_, Err(findings)) => return broken(options.format, None, findings),
        (Err(findings), _) => return broken(options.format, Some(&base.name), findings),
        (Ok(old), Ok(new)) => (old, new),
    };
    let changes = compare(&old, &new);
    let comparison = Comparison { changes, version: base::current_version(repository)?, base };
    match options.format {
        Format::Text => say!("{}", report::report(&comparison).text()),
        Format::Json => say!("{:#}", report::json(&comparison)),
        Format::Markdown => say!("{}", report::report(&comparison).markdown()),
    }
    Ok(if comparison.missing().is_some() { ExitCode::from(EXIT_STALE) } else { ExitCode::SUCCESS })
}

/// Reports a spec that breaks rules: that of `base`, or else the current one.
fn broken(format: Format, base: Option<&str>, findings: Findings) -> Result<ExitCode, Failure> {
    if format == Format::Json {
        let side = if base.is_some() { "base" } else { "current" };
        say!("{:#}", json!({ "broken": side, "findings": findings_value(&findings) }));
        return Ok(ExitCode::FAILURE);
    }
    let closing = match base {
        None => "error: failed to compare: the spec of the working tree breaks rules; fix it first"
            .to_owned(),
        Some(base) => format!(
            "error: failed to compare: the spec of `{base}` breaks today's rules; compare with a \
             later revision or a fixed copy: `cargo xtask compat <BASE>`"
        ),
    };
    Err(Failure::Spec { findings, closing: Some(closing) })
}
