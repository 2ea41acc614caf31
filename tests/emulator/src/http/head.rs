//! The request line and the headers of a request, exactly as sent.

use bytes::Bytes;

/// More than any client sends.
const MAX_HEADERS: usize = 256;

/// The head of a request, well-formed or not.
#[derive(Debug, Clone)]
pub(crate) struct Head {
    /// Empty, like the rest, if the head is malformed.
    pub(crate) method: String,
    pub(crate) target: String,
    /// In the order of the wire, duplicates and all.
    pub(crate) headers: Vec<(String, String)>,
    /// The bytes, with the empty line that ends them.
    pub(crate) raw: Bytes,
    pub(crate) framing: Framing,
    /// Whether the connection stays open after this request.
    pub(crate) keeps_alive: bool,
}

/// What marks the end of a body.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Framing {
    /// By its length in bytes.
    Length(u64),
    /// By a chunk of length zero.
    Chunked,
}

impl Head {
    /// A head that is malformed.
    pub(crate) fn unreadable(raw: Bytes) -> Self {
        let (method, target, headers) = (String::new(), String::new(), Vec::new());
        Self { method, target, headers, raw, framing: Framing::Length(0), keeps_alive: false }
    }

    /// Reads a head.
    ///
    /// # Errors
    ///
    /// What is wrong with it, in words.
    pub(crate) fn parse(raw: Bytes) -> Result<Self, &'static str> {
        let mut headers = [httparse::EMPTY_HEADER; MAX_HEADERS];
        let mut request = httparse::Request::new(&mut headers);
        let is_whole = request.parse(&raw).is_ok_and(|status| status.is_complete());
        let has_bare_line_feed = raw
            .iter()
            .enumerate()
            .any(|(at, byte)| *byte == b'\n' && at.checked_sub(1).map(|at| raw[at]) != Some(b'\r'));
        let (Some(method), Some(target), Some(minor)) =
            (request.method, request.path, request.version)
        else {
            return Err("The request line is malformed.");
        };
        if !is_whole || has_bare_line_feed {
            return Err("The headers are malformed.");
        }
        let text = |bytes| String::from_utf8_lossy(bytes).trim_matches([' ', '\t']).to_owned();
        let headers: Vec<(String, String)> = request
            .headers
            .iter()
            .map(|header| (header.name.to_owned(), text(header.value)))
            .collect();
        let framing = framing(&headers)?;
        if minor > 0 && values(&headers, "host").len() != 1 {
            return Err("There has to be one Host header.");
        }
        let options = values(&headers, "connection");
        let mut options = options.iter().flat_map(|value| value.split(','));
        let keeps_alive =
            minor > 0 && !options.any(|option| option.trim().eq_ignore_ascii_case("close"));
        let (method, target) = (method.to_owned(), target.to_owned());
        Ok(Self { method, target, headers, raw, framing, keeps_alive })
    }

    /// The target without its query.
    pub(crate) fn path(&self) -> &str {
        self.target.split_once('?').map_or(self.target.as_str(), |(path, _)| path)
    }

    /// The values of a header, in the order of the wire.
    pub(crate) fn values(&self, name: &str) -> Vec<&str> {
        values(&self.headers, name)
    }

    /// The value of a header that occurs exactly once.
    pub(crate) fn only_value(&self, name: &str) -> Option<&str> {
        match self.values(name).as_slice() {
            [value] => Some(value),
            _ => None,
        }
    }

    /// The size of the whole request by its own account.
    pub(crate) fn declared_size(&self) -> u64 {
        let body = match self.framing {
            Framing::Length(length) => length,
            Framing::Chunked => 0,
        };
        body.saturating_add(self.raw.len() as u64)
    }

    /// Whether the client waits for a go-ahead before it sends the body.
    pub(crate) fn expects_continue(&self) -> bool {
        self.values("expect").iter().any(|value| value.eq_ignore_ascii_case("100-continue"))
    }
}

/// The values of a header, in the order of the wire.
pub(crate) fn values<'h>(headers: &'h [(String, String)], name: &str) -> Vec<&'h str> {
    headers
        .iter()
        .filter(|(key, _)| key.eq_ignore_ascii_case(name))
        .map(|(_, value)| value.as_str())
        .collect()
}

/// The framing of the body; refuses what two parsers might read differently.
fn framing(headers: &[(String, String)]) -> Result<Framing, &'static str> {
    let encodings = values(headers, "transfer-encoding");
    match (values(headers, "content-length").as_slice(), encodings.as_slice()) {
        ([], []) => Ok(Framing::Length(0)),
        ([], [encoding]) if encoding.eq_ignore_ascii_case("chunked") => Ok(Framing::Chunked),
        ([length], []) if length.bytes().all(|byte| byte.is_ascii_digit()) => {
            length.parse().map(Framing::Length).map_err(|_| "The Content-Length is no number.")
        }
        _ => Err("The body is framed in more than one way, or in an unknown one."),
    }
}

#[cfg(test)]
mod tests {
    use super::{Framing, Head};

    fn parse(head: &'static str) -> Result<Head, &'static str> {
        Head::parse(head.as_bytes().into())
    }

    #[test]
    fn ambiguous_heads_are_refused() {
        for head in [
            "PUT / HTTP/1.1\r\n\r\n",
            "PUT / HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n",
            "PUT / HTTP/1.1\nHost: a\n\n",
            "PUT /\r\nHost: a\r\n\r\n",
            "PUT / HTTP/1.1\r\nHost : a\r\n\r\n",
            "PUT / HTTP/1.1\r\nHost: a\r\n b\r\n\r\n",
            "PUT / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 1\r\n\r\n",
            "PUT / HTTP/1.1\r\nHost: a\r\nContent-Length: +1\r\n\r\n",
            "PUT / HTTP/1.1\r\nHost: a\r\nContent-Length: 99999999999999999999\r\n\r\n",
            "PUT / HTTP/1.1\r\nHost: a\r\nContent-Length:\r\n\r\n",
            "PUT / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip\r\n\r\n",
            "PUT / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n",
        ] {
            assert!(parse(head).is_err(), "{head}");
        }
    }

    #[test]
    fn framing_and_persistence_are_told() {
        let head = parse("PUT /a?b HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: Chunked\r\n\r\n");
        let head = head.unwrap();
        assert_eq!((head.framing, head.path(), head.keeps_alive), (Framing::Chunked, "/a", true));
        let head = parse("PUT / HTTP/1.0\r\nContent-Length: 7\r\n\r\n").unwrap();
        assert_eq!((head.framing, head.keeps_alive), (Framing::Length(7), false));
        let head = parse("GET / HTTP/1.1\r\nHost: a\r\nConnection: x, Close\r\n\r\n").unwrap();
        assert!(!head.keeps_alive);
    }
}
