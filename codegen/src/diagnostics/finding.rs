//! Findings: the faults of a spec, each with its place and its remedy.

use std::{error::Error, fmt, ops::Range};

use annotate_snippets::{AnnotationKind, Group, Level, Renderer, Snippet};
use serde_json::json;

use super::{lines::Lines, rule::Rule};

/// The path of the spec in findings.
pub const SPEC_PATH: &str = "spec/openapi.yaml";

const RULES_PATH: &str = "spec/README.md";

/// One fault of the spec.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// The rule that the spec breaks.
    pub rule: Rule,
    /// The fault, in one sentence without a full stop.
    pub message: String,
    /// The place as a JSON pointer, such as `/paths/~1me~1photo~1$value/put`.
    pub pointer: String,
    /// The place as bytes of the spec's text, all on one line.
    pub span: Range<usize>,
    /// What to write instead.
    pub remedy: String,
}

/// All faults of a spec, in order. `Display` and `Debug` print them as a compiler would.
#[derive(Clone, PartialEq, Eq)]
#[expect(clippy::struct_field_names, reason = "they are what the type is named after")]
pub struct Findings {
    path: String,
    text: String,
    /// At least one.
    findings: Vec<Finding>,
}

#[expect(clippy::iter_without_into_iter, reason = "nobody loops over a reference")]
impl Findings {
    /// Sorts `findings` by their place in `text`.
    pub(crate) fn new(text: &str, mut findings: Vec<Finding>) -> Self {
        findings.sort_by_key(|finding| (finding.span.start, finding.rule));
        Self { path: SPEC_PATH.to_owned(), text: text.to_owned(), findings }
    }

    /// The same findings in another file than `spec/openapi.yaml`.
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

    /// The findings as a JSON array; lines and columns, in characters, count from 1.
    pub fn to_json(&self) -> String {
        let lines = Lines::of(&self.text);
        let findings = self.findings.iter().map(|finding| {
            let (line, column) = lines.position(finding.span.start);
            let (end_line, end_column) = lines.position(finding.span.end);
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
        let (path, count) = (&self.path, self.findings.len());
        let faults = if count == 1 { "fault" } else { "faults" };
        let closing = format!("{path} has {count} {faults}; {RULES_PATH} explains the rules");
        let closing = Group::with_title(Level::ERROR.primary_title(closing));
        let lines = Lines::of(&self.text);
        let findings = self.findings.iter().map(|one| self.render_one(one, &lines, renderer));
        findings.map(|finding| finding + "\n\n").collect::<String>() + &renderer.render(&[closing])
    }

    /// Renders one finding as rustc renders an error.
    fn render_one(&self, finding: &Finding, lines: &Lines<'_>, renderer: &Renderer) -> String {
        // The renderer gets this line alone: a span can't reach beyond it.
        let line = lines.range(finding.span.start);
        let start = finding.span.start.saturating_sub(line.start).min(line.len());
        let end = finding.span.end.saturating_sub(line.start).clamp(start, line.len());
        let snippet = Snippet::source(&self.text[line])
            .path(self.path.as_str())
            .line_start(lines.number(finding.span.start))
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
