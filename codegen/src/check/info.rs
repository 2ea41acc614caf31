//! The version of OpenAPI, and the title and version of the API.

use super::{report::Report, tables::ROOT};
use crate::{document::Node, rule::Rule};

/// The title and the version of the API.
pub(super) fn read(root: &Node<'_>, report: &mut Report) -> Option<(String, String)> {
    check_openapi(root, report);
    let info = root.mapping("info")?;
    let title = info.text("title")?;
    let version = info.text("version")?;
    if !is_version(version) {
        let message = format!("`{version}` is not a version");
        let place = info.get("version")?.place();
        report.add(Rule::Info, place, message, "write three numbers, such as `1.0.0`");
    }
    Some((title.to_owned(), version.to_owned()))
}

fn check_openapi(root: &Node<'_>, report: &mut Report) {
    const REMEDY: &str = "write `openapi: 3.0.3`";
    let Some(node) = root.get("openapi") else {
        if ROOT.lacks(root, "openapi") {
            report.add(
                Rule::OpenapiVersion,
                root.place(),
                "the file doesn't say which OpenAPI it is written in",
                REMEDY,
            );
        }
        return;
    };
    let patch = node.value().as_str().and_then(|version| version.strip_prefix("3.0."));
    if !patch.is_some_and(is_number) {
        let message = match node.value().as_str() {
            Some(version) => format!("this is OpenAPI {version}, which the generator doesn't read"),
            None => "the version of OpenAPI has to be text".to_owned(),
        };
        report.add(Rule::OpenapiVersion, node.place(), message, REMEDY);
    }
}

/// Whether `text` is a semantic version.
fn is_version(text: &str) -> bool {
    let (release, label) = match text.split_once(['-', '+']) {
        Some((release, label)) => (release, Some(label)),
        None => (text, None),
    };
    let word = |word: &str| {
        !word.is_empty() && word.chars().all(|c| c.is_ascii_alphanumeric() || c == '-')
    };
    release.split('.').count() == 3
        && release.split('.').all(is_number)
        && label.is_none_or(|label| label.split(['.', '+']).all(word))
}

fn is_number(text: &str) -> bool {
    !text.is_empty() && text.len() <= 9 && text.chars().all(|c| c.is_ascii_digit())
}
