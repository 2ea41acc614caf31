//! Quotation marks of a record that swallow what follows it.

/// The mark opens at the last row that is read: the rest of the table is in it.
const UNCLOSED: &str = "a quotation mark is not closed, so the rest of the table is in this row";

/// A mark that was missing makes opening marks of closing ones.
const MISPLACED: &str = "it goes on over several lines, and text follows a closing quotation \
                         mark; a quotation mark may be missing";

/// Where in a record a byte is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    Start,
    Bare,
    Quoted,
    /// After a quotation mark that closes, unless another one follows.
    Closed,
}

/// Why a record, as the table has it, may be several.
pub(super) fn fault(raw: &str, delimiter: u8) -> Option<&'static str> {
    let (mut place, mut is_misplaced) = (Place::Start, false);
    for byte in raw.bytes() {
        place = match (place, byte) {
            (Place::Quoted, b'"') => Place::Closed,
            (Place::Quoted, _) | (Place::Start | Place::Closed, b'"') => Place::Quoted,
            (_, b'\n' | b'\r') => Place::Start,
            (_, byte) if byte == delimiter => Place::Start,
            (Place::Closed, _) => {
                is_misplaced = true;
                Place::Bare
            }
            _ => Place::Bare,
        };
    }
    let has_lines = raw.trim().contains(['\n', '\r']);
    match place {
        Place::Quoted => Some(UNCLOSED),
        // In one line it swallows nothing.
        _ => (is_misplaced && has_lines).then_some(MISPLACED),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_marks_that_swallow_rows_are_a_fault() {
        for (raw, expected) in [
            ("a,b\n", None),
            ("a,\"b\nc\",d\n", None),
            ("a,\"the \"\"b\"\"\nc\"\n", None),
            ("\n\na,5\" b\n", None),
            ("\"a\" ,b\n", None),
            ("a,\"b", Some(UNCLOSED)),
            ("a,\"b\nc,d\n", Some(UNCLOSED)),
            ("a,\"b\nc,d,\"e\"\n", Some(MISPLACED)),
        ] {
            assert_eq!(fault(raw, b','), expected, "{raw:?}");
        }
    }
}
