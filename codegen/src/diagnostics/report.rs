//! Collects findings: each fault once, however many uses lead to it.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::ops::Range;

use super::{finding::Finding, rule::Rule};

/// A place that a finding can point at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Place {
    pub(crate) pointer: String,
    /// Bytes of the text, all on one line.
    pub(crate) span: Range<usize>,
}

#[derive(Debug, Default)]
pub(crate) struct Report {
    findings: Vec<Finding>,
    /// The places of values that YAML parsers read differently, whose other faults don't count.
    unclear: HashSet<Range<usize>>,
    /// What tells findings apart.
    known: HashSet<(Rule, Range<usize>, String)>,
    /// The index of the first finding with a rule and a message.
    first: HashMap<(Rule, String), usize>,
    /// The lines of further occurrences, by the index of their finding.
    further: BTreeMap<usize, BTreeSet<usize>>,
}

impl Report {
    pub(crate) fn new(findings: Vec<Finding>) -> Self {
        let unclear = findings.iter().map(|finding| finding.span.clone()).collect();
        Self { findings, unclear, ..Self::default() }
    }

    /// Adds a finding, unless another reference or alias led to the same one before.
    pub(crate) fn add(&mut self, rule: Rule, place: Place, message: String, remedy: String) {
        let Place { pointer, span } = place;
        if !span.is_empty() && self.unclear.contains(&span) {
            return;
        }
        if self.known.insert((rule, span.clone(), message.clone())) {
            self.first.entry((rule, message.clone())).or_insert(self.findings.len());
            self.findings.push(Finding { rule, message, pointer, span, remedy });
        }
    }

    /// Adds a finding, or only its `line` to one with the same message: that is one fault.
    pub(crate) fn add_grouped(
        &mut self,
        rule: Rule,
        (place, line): (Place, usize),
        message: String,
        remedy: String,
    ) {
        match self.first.get(&(rule, message.clone())) {
            // Another alias led to the same place.
            Some(index) if self.findings[*index].span == place.span => {}
            Some(index) => _ = self.further.entry(*index).or_default().insert(line),
            None => self.add(rule, place, message, remedy),
        }
    }

    pub(crate) fn into_findings(mut self) -> Vec<Finding> {
        for (index, lines) in self.further {
            self.findings[index].message += &further_lines(&lines);
        }
        self.findings
    }
}

fn further_lines(lines: &BTreeSet<usize>) -> String {
    const SHOWN: usize = 4;
    let named: Vec<_> = lines.iter().take(SHOWN).map(usize::to_string).collect();
    let (named, noun) = (named.join(", "), if lines.len() == 1 { "line" } else { "lines" });
    match lines.len().saturating_sub(SHOWN) {
        0 => format!(" (also at {noun} {named})"),
        more => format!(" (also at {noun} {named} and {more} more)"),
    }
}
