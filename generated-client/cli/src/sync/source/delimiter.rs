//! Detects the delimiter of a table.

/// The number of records examined.
const SAMPLE: usize = 50;

/// A line that Excel obeys and other programs mistake for the first record.
const DECLARATION: &str = "sep=";

/// Finds the delimiter; also returns the text without a line that declares it.
pub(super) fn find<'t>(text: &'t str, extension: Option<&str>) -> (u8, &'t str) {
    if let Some(declared) = declared(text) {
        return declared;
    }
    let is_tsv = extension.is_some_and(|extension| extension.eq_ignore_ascii_case("tsv"));
    // On a tie the last one counts. Names and addresses have commas more often than
    // semicolons, and hardly ever tabs.
    let order = if is_tsv { [b',', b';', b'\t'] } else { [b'\t', b',', b';'] };
    let best = order.into_iter().max_by_key(|delimiter| score(text, *delimiter));
    (best.unwrap_or(b','), text)
}

/// The delimiter that the first line declares, and the text after that line.
fn declared(text: &str) -> Option<(u8, &str)> {
    let (line, rest) = text.split_once('\n')?;
    let delimiter = line.trim_end_matches('\r').strip_prefix(DECLARATION)?;
    match delimiter.as_bytes() {
        [delimiter @ (b',' | b';' | b'\t')] => Some((*delimiter, rest)),
        _ => None,
    }
}

/// The number of records with as many fields as the first, if it has more than one.
fn score(text: &str, delimiter: u8) -> usize {
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(delimiter)
        .from_reader(text.as_bytes());
    let counts: Vec<usize> =
        reader.records().take(SAMPLE).map_while(Result::ok).map(|record| record.len()).collect();
    match counts.first() {
        Some(&first) if first > 1 => counts.iter().filter(|count| **count == first).count(),
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_delimiter_is_the_one_that_makes_equal_records() {
        for (text, expected) in [
            ("user,photo\na@x,a.jpg\n", b','),
            ("user;photo\na@x;a.jpg\n", b';'),
            ("user\tphoto\na@x\ta.jpg\n", b'\t'),
            ("a@x;\"b, c.jpg\"\nb@x;d.jpg\n", b';'),
            ("a@x;b, c.jpg\nb@x;d, e.jpg\n", b';'),
            ("a@x\tb, c; d.jpg\n", b';'),
            ("a@x\tb, c; d.jpg\nb@x\te.jpg\n", b'\t'),
            ("user\na@x\n", b';'),
            ("", b';'),
        ] {
            assert_eq!(find(text, Some("csv")), (expected, text), "{text}");
        }
        assert_eq!(find("a@x,b\tc", Some("TSV")).0, b'\t');
        assert_eq!(find("sep=;\r\na,b;c", Some("csv")), (b';', "a,b;c"));
    }
}
