//! The lines of a text, found without reading it again for each place.

use std::ops::Range;

#[derive(Debug)]
pub(crate) struct Lines<'t> {
    text: &'t str,
    starts: Vec<usize>,
}

impl<'t> Lines<'t> {
    pub(crate) fn of(text: &'t str) -> Self {
        let breaks = text.match_indices('\n').map(|(at, _)| at + 1);
        Self { text, starts: [0].into_iter().chain(breaks).collect() }
    }

    /// The number, from 1, of the line with the byte `offset`.
    pub(crate) fn number(&self, offset: usize) -> usize {
        self.starts.partition_point(|start| *start <= offset)
    }

    /// The bytes of the line with the byte `offset`, without the line break.
    pub(crate) fn range(&self, offset: usize) -> Range<usize> {
        let start = self.starts[self.number(offset) - 1];
        start..start + self.text[start..].lines().next().unwrap_or_default().len()
    }

    /// Line and column of the byte `offset`, both from 1, columns in characters.
    pub(crate) fn position(&self, offset: usize) -> (usize, usize) {
        let before = self.text.get(self.range(offset).start..offset).unwrap_or_default();
        (self.number(offset), before.chars().count() + 1)
    }
}

/// The part of `span` on its first line, without trailing blanks.
pub(crate) fn first_line(text: &str, span: Range<usize>) -> Range<usize> {
    let spanned = text.get(span.clone()).unwrap_or_default();
    let line = spanned.lines().next().unwrap_or_default().trim_end();
    span.start..span.start + line.len()
}
