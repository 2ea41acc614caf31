//! A report for spreadsheets: RFC 4180, in UTF-8 with a byte order mark, without which
//! Excel assumes the local code page.

use super::row::Row;

const BYTE_ORDER_MARK: &[u8] = "\u{FEFF}".as_bytes();

/// A header and a line for each row.
pub(super) fn table(rows: &[Row]) -> Vec<u8> {
    let mut writer = csv::WriterBuilder::new()
        .terminator(csv::Terminator::CRLF)
        .from_writer(BYTE_ORDER_MARK.to_vec());
    let records = rows.iter().map(cells);
    let header = Row::COLUMNS.map(str::to_owned);
    for record in std::iter::once(header).chain(records) {
        writer.write_record(record).expect("records are equally long, and memory takes them");
    }
    writer.into_inner().expect("memory takes all of it")
}

/// The cells in the order of the columns.
fn cells(row: &Row) -> [String; 15] {
    let text = |text: &Option<String>| inert(text.as_deref().unwrap_or_default());
    let number = |number: Option<i64>| number.map(|it| it.to_string()).unwrap_or_default();
    [
        inert(&row.target),
        inert(&row.file),
        inert(&row.state),
        text(&row.reason),
        number(row.status),
        text(&row.code),
        text(&row.request_id),
        text(&row.client_request_id),
        row.attempts.to_string(),
        number(row.bytes),
        text(&row.sha256),
        text(&row.source_sha256),
        text(&row.fit),
        text(&row.started),
        text(&row.finished),
    ]
}

/// A cell that no spreadsheet treats as a formula: an apostrophe precedes the characters
/// that begin one (OWASP, "CSV Injection").
fn inert(text: &str) -> String {
    const SIGNS: [char; 10] = ['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－'];
    let begins = text.starts_with(SIGNS) || text.starts_with('＠');
    if begins { format!("'{text}") } else { text.to_owned() }
}
