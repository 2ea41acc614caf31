//! Human-readable numbers.

/// Formats a number with its digits in groups of three: `87,112`.
pub(crate) fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let first = match digits.len() % 3 {
        0 => 3,
        rest => rest,
    };
    let (mut text, rest) = (digits[..first].to_owned(), &digits[first..]);
    for group in rest.as_bytes().chunks(3) {
        text.push(',');
        text.extend(group.iter().copied().map(char::from));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::grouped;

    #[test]
    fn digits_are_grouped_by_three() {
        let texts = [0, 999, 1_000, 87_112, 100_000_000].map(grouped);
        assert_eq!(texts, ["0", "999", "1,000", "87,112", "100,000,000"]);
    }
}
