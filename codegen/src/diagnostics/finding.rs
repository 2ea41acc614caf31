//! What is wrong with a spec: findings, each with its place and its remedy.

use std::{error::Error, fmt, ops::Range};

use annotate_snippets::{AnnotationKind, Group, Level, Renderer, Snippet};
use serde_json::json;

use super::rule::Rule;

/// Where the spec is, as findings name it.
pub const SPEC_PATH: &str = "spec/openapi.yaml";

/// Where the rules are explained, as findings name it.
const RULES_PATH: &str = "spec/README.md";

/// One fault of the spec.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// The rule that the spec breaks.
    pub rule: Rule,
    /// What was found, in one sentence without a full stop.
    pub message: String,
    /// Where: a JSON pointer such as `/paths/~1me~1photo~1$value/put`.
    pub pointer: String,
    /// Where: the offending bytes of the spec's text, all on one line.
    pub span: Range<usize>,
    /// What to write instead.
    pub remedy: String,
}

/// Everything that is wrong with a spec, in the order of its text.
///
/// `Display` and `Debug` both print the findings like a compiler does, so that
/// a build script that returns them is readable.
#[derive(Clone, PartialEq, Eq)]
#[expect(clippy::struct_field_names, reason = "they are what the type is named after")]
pub struct Findings {
    /// What the spec is called.
    path: String,
    /// The spec's text.
    text: String,
    /// At least one.
    findings: Vec<Finding>,
}

impl Findings {
    /// Sorts `findings` by their place in `text`.
    pub(crate) fn new(text: &str, mut findings: Vec<Finding>) -> Self {
        findings.sort_by_key(|finding| (finding.span.start, finding.rule));
        Self { path: SPEC_PATH.to_owned(), text: text.to_owned(), findings }
    }

    /// The same findings, of a spec that isn't `spec/openapi.yaml`.
    #[must_use]
    pub fn in_file(self, path: impl Into<String>) -> Self {
        Self { path: path.into(), ..self }
    }

    /// The findings, in the order of the text; at least one.
    pub fn iter(&self) -> std::slice::Iter<'_, Finding> {
        self.findings.iter()
    }

    /// The findings as a terminal shows them, in colour.
    pub fn to_coloured(&self) -> String {
        self.render(&Renderer::styled())
    }

    /// The findings as a JSON array, for machines. Lines and columns count
    /// from 1; columns count characters, and the end is the character after
    /// the last one.
    pub fn to_json(&self) -> String {
        let findings = self.findings.iter().map(|finding| {
            let (line, column) = position(&self.text, finding.span.start);
            let (end_line, end_column) = position(&self.text, finding.span.end);
            json!({
                "rule": finding.rule.name(),
                "message": finding.message,
                "reason": finding.rule.reason(),
                "remedy": finding.remedy,
                "file": self.path,
                "line": line,
                "column": column,
                "endLine": end_line,
                "endColumn": end_column,
                "pointer": finding.pointer,
            })
        });
        format!("{:#}", findings.collect::<serde_json::Value>())
    }

    fn render(&self, renderer: &Renderer) -> String {
        let count = match self.findings.len() {
            1 => "1 fault".to_owned(),
            count => format!("{count} faults"),
        };
        let closing = format!("{} has {count}; the rules are explained in {RULES_PATH}", self.path);
        let closing = Group::with_title(Level::ERROR.primary_title(closing));
        let findings = self.findings.iter().map(|finding| self.render_one(finding, renderer));
        findings.map(|finding| finding + "\n\n").collect::<String>() + &renderer.render(&[closing])
    }

    /// Renders one finding as rustc renders an error.
    fn render_one(&self, finding: &Finding, renderer: &Renderer) -> String {
        let (number, line) = line_at(&self.text, finding.span.start);
        // Only the line itself is handed over: a span can't reach beyond it.
        let start = finding.span.start.saturating_sub(line.start).min(line.len());
        let end = finding.span.end.saturating_sub(line.start).clamp(start, line.len());
        let snippet = Snippet::source(&self.text[line])
            .path(self.path.as_str())
            .line_start(number)
            .annotation(AnnotationKind::Primary.span(start..end));
        let report = Level::ERROR
            .primary_title(finding.message.as_str())
            .id(finding.rule.name())
            .element(snippet)
            .element(Level::NOTE.message(finding.rule.reason()))
            .element(Level::HELP.message(finding.remedy.as_str()));
        renderer.render(&[report])
    }
}

/// The number, from 1, of the line that the byte `offset` of `text` is on, and the bytes
/// of that line without its line break.
pub(crate) fn line_at(text: &str, offset: usize) -> (usize, Range<usize>) {
    let before = text.get(..offset).unwrap_or(text);
    let start = before.rfind('\n').map_or(0, |at| at + 1);
    let line = text[start..].lines().next().unwrap_or_default();
    (before.matches('\n').count() + 1, start..start + line.len())
}

/// Line and column of the byte `offset`, both from 1, columns in characters.
fn position(text: &str, offset: usize) -> (usize, usize) {
    let (number, line) = line_at(text, offset);
    let before = text.get(line.start..offset).unwrap_or_default();
    (number, before.chars().count() + 1)
}

/// The part of `span` that is on its first line, without trailing blanks.
pub(crate) fn first_line(text: &str, span: Range<usize>) -> Range<usize> {
    let spanned = text.get(span.clone()).unwrap_or_default();
    let line = spanned.lines().next().unwrap_or_default().trim_end();
    span.start..span.start + line.len()
}

impl<'a> IntoIterator for &'a Findings {
    type Item = &'a Finding;
    type IntoIter = std::slice::Iter<'a, Finding>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl fmt::Display for Findings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.render(&Renderer::plain()))
    }
}

impl fmt::Debug for Findings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl Error for Findings {}
