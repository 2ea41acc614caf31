//! The query of a URL.

use percent_encoding::percent_decode_str;

/// The part of a request target after the question mark.
pub(super) struct Query<'t>(&'t str);

impl<'t> Query<'t> {
    /// The query of a request target.
    pub(super) fn of(target: &'t str) -> Self {
        Self(target.split_once('?').map_or("", |(_, query)| query))
    }

    /// The first value of a name, decoded; `+` is a space, as in what a form sends.
    pub(super) fn get(&self, name: &str) -> Option<String> {
        let mut pairs = self.0.split('&').filter_map(|pair| pair.split_once('='));
        let (_, value) = pairs.find(|(key, _)| *key == name)?;
        let value = value.replace('+', " ");
        Some(percent_decode_str(&value).decode_utf8_lossy().into_owned())
    }

    /// The first value of a name as a number; `None` if it isn't one.
    pub(super) fn number(&self, name: &str) -> Option<u64> {
        self.get(name)?.parse().ok()
    }
}

#[cfg(test)]
mod tests {
    use super::Query;

    #[test]
    fn values_are_decoded() {
        let query = Query::of("/a?rule=target%3D/me%3Bstatus%3D429&limit=7&x=a+b%2B&limit=8");
        assert_eq!(query.get("rule").as_deref(), Some("target=/me;status=429"));
        assert_eq!(query.get("x").as_deref(), Some("a b+"));
        assert_eq!(query.number("limit"), Some(7));
        assert_eq!((query.number("x"), query.get("y")), (None, None));
        assert_eq!(Query::of("/a").get("limit"), None);
    }
}
