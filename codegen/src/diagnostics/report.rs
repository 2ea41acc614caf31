//! Collects findings: each fault once, however many uses lead to it.

use std::{
    collections::{BTreeMap, BTreeSet, HashSet},
    ops::Range,
};

use super::{finding::Finding, rule::Rule};
use crate::yaml::document::{Document, Place};

/// The findings so far.
#[derive(Debug, Default)]
pub(crate) struct Report {
    findings: Vec<Finding>,
    /// The places of values that YAML parsers read differently: what else is wrong with
    /// them depends on the parser.
    unclear: Vec<Range<usize>>,
    /// What each of them is known by.
    known: HashSet<(Rule, Range<usize>, String)>,
    /// The lines of further occurrences, by the index of their finding.
    further: BTreeMap<usize, BTreeSet<usize>>,
}

impl Report {
    pub(crate) fn new(findings: Vec<Finding>) -> Self {
        let unclear = findings.iter().map(|finding| finding.span.clone()).collect();
        Self { findings, unclear, ..Self::default() }
    }

    /// Adds a finding, unless it was already made on the way through another
    /// reference or alias to the same place.
    pub(crate) fn add(
        &mut self,
        rule: Rule,
        place: Place,
        message: impl Into<String>,
        remedy: impl Into<String>,
    ) {
        let Place { pointer, span } = place;
        if !span.is_empty() && self.unclear.contains(&span) {
            return;
        }
        let (message, remedy) = (message.into(), remedy.into());
        if self.known.insert((rule, span.clone(), message.clone())) {
            self.findings.push(Finding { rule, message, pointer, span, remedy });
        }
    }

    /// Adds a finding, or, if there is one with the same rule and message,
    /// notes the line of `place` there: one misspelled name that is used thirty
    /// times is one fault.
    pub(crate) fn add_grouped(
        &mut self,
        rule: Rule,
        (place, document): (Place, &Document<'_>),
        message: String,
        remedy: String,
    ) {
        let same = |finding: &Finding| finding.rule == rule && finding.message == message;
        match self.findings.iter().position(same) {
            // The same place by another alias.
            Some(index) if self.findings[index].span == place.span => {}
            Some(index) => {
                self.further.entry(index).or_default().insert(document.line(&place));
            }
            None => self.add(rule, place, message, remedy),
        }
    }

    /// Whether nothing was found.
    pub(crate) fn is_empty(&self) -> bool {
        self.findings.is_empty()
    }

    pub(crate) fn into_findings(mut self) -> Vec<Finding> {
        for (index, lines) in self.further {
            self.findings[index].message += &further_lines(&lines);
        }
        self.findings
    }
}

/// Names the first few of `lines`.
fn further_lines(lines: &BTreeSet<usize>) -> String {
    const SHOWN: usize = 4;
    let named: Vec<_> = lines.iter().take(SHOWN).map(usize::to_string).collect();
    let (named, noun) = (named.join(", "), if lines.len() == 1 { "line" } else { "lines" });
    match lines.len().saturating_sub(SHOWN) {
        0 => format!(" (also at {noun} {named})"),
        more => format!(" (also at {noun} {named} and {more} more)"),
    }
}
