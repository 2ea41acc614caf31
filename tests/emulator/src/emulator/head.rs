//! The request line and the headers of a request, exactly as they were sent.

/// The head of a request.
#[derive(Debug, Clone, Default)]
pub(super) struct Head {
    pub(super) method: String,
    pub(super) target: String,
    /// In the order of the wire, duplicates and all.
    pub(super) headers: Vec<(String, String)>,
    /// Its length in bytes, with the empty line that ends it.
    pub(super) len: u64,
}

impl Head {
    /// Splits a head that hyper has already found to be well-formed; `None` if
    /// it isn't after all.
    pub(super) fn parse(bytes: &[u8]) -> Option<Self> {
        let text = String::from_utf8_lossy(bytes);
        let mut lines = text.trim_end_matches("\r\n").split("\r\n");
        let mut request_line = lines.next()?.split(' ');
        let (method, target) = (request_line.next()?, request_line.next()?);
        let headers = lines
            .map(|line| {
                let (name, value) = line.split_once(':')?;
                Some((name.to_owned(), value.trim_matches([' ', '\t']).to_owned()))
            })
            .collect::<Option<_>>()?;
        Some(Self {
            method: method.to_owned(),
            target: target.to_owned(),
            headers,
            len: bytes.len() as u64,
        })
    }

    /// The target without its query.
    pub(super) fn path(&self) -> &str {
        self.target.split_once('?').map_or(self.target.as_str(), |(path, _)| path)
    }

    /// The values of a header, in the order of the wire.
    pub(super) fn values(&self, name: &str) -> Vec<&str> {
        values(&self.headers, name)
    }

    /// The value of a header that occurs exactly once.
    pub(super) fn only_value(&self, name: &str) -> Option<&str> {
        match self.values(name).as_slice() {
            [value] => Some(value),
            _ => None,
        }
    }

    /// The size of the whole request by its own account.
    pub(super) fn declared_size(&self) -> u64 {
        let body = self.only_value("content-length").and_then(|length| length.parse().ok());
        self.len.saturating_add(body.unwrap_or(0))
    }
}

/// The values of a header, in the order of the wire.
pub(super) fn values<'h>(headers: &'h [(String, String)], name: &str) -> Vec<&'h str> {
    headers
        .iter()
        .filter(|(key, _)| key.eq_ignore_ascii_case(name))
        .map(|(_, value)| value.as_str())
        .collect()
}
