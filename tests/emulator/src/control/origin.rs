//! Tells the requests that another site's page makes a browser send.

use crate::http::head::Head;

/// Whether a browser says that a page of another site sent a request. Programs say nothing
/// of the kind, and may do anything.
///
/// Sources: <https://www.w3.org/TR/fetch-metadata/> and
/// <https://www.rfc-editor.org/rfc/rfc6454#section-7>. Browsers leave out the former where
/// they don't trust the connection, such as plain HTTP to another machine.
pub(super) fn is_cross_site(head: &Head) -> bool {
    let is_foreign = |site: &&str| !matches!(*site, "same-origin" | "none");
    let (hosts, origins) = (head.values("host"), head.values("origin"));
    let is_own = |origin: &str| {
        let authority = origin.split_once("://").map(|(_, authority)| authority);
        authority.is_some_and(|authority| hosts.iter().all(|host| *host == authority))
    };
    head.values("sec-fetch-site").iter().any(is_foreign) || !origins.iter().all(|one| is_own(one))
}

#[cfg(test)]
mod tests {
    use super::is_cross_site;
    use crate::http::head::Head;

    #[test]
    fn only_the_own_page_and_programs_are_let_in() {
        for (headers, expected) in [
            ("", false),
            ("Sec-Fetch-Site: same-origin\r\nOrigin: http://a:1\r\n", false),
            ("Sec-Fetch-Site: none\r\n", false),
            ("Origin: https://a:1\r\n", false),
            ("Sec-Fetch-Site: cross-site\r\n", true),
            ("Sec-Fetch-Site: same-site\r\nOrigin: http://a:1\r\n", true),
            ("Sec-Fetch-Site: same-origin\r\nSec-Fetch-Site: cross-site\r\n", true),
            ("Origin: http://b:1\r\n", true),
            ("Origin: http://a:2\r\n", true),
            ("Origin: http://a\r\n", true),
            ("Origin: null\r\n", true),
        ] {
            let head = format!("POST /_emulator/reset HTTP/1.1\r\nHost: a:1\r\n{headers}\r\n");
            let head = Head::parse(head.into()).unwrap();
            assert_eq!(is_cross_site(&head), expected, "{headers}");
        }
    }
}
