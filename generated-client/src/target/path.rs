//! Photo targets as text: resource paths such as that of a user, and Graph URLs.

use std::{
    borrow::Cow,
    fmt::{self, Write as _},
    str::FromStr,
};

use percent_encoding::percent_decode_str;

use crate::{
    generated::{cloud::Cloud, limits::PHOTO_SUFFIX, target::PhotoTarget},
    target::error::{Cause, InvalidTarget},
};

/// Writes the path of a target, segment by segment.
pub(crate) struct PathWriter<'a, 'f>(&'a mut fmt::Formatter<'f>);

impl PathWriter<'_, '_> {
    pub(crate) fn literal(&mut self, segment: &str) -> fmt::Result {
        write!(self.0, "/{segment}")
    }

    pub(crate) fn identifier(&mut self, value: &str) -> fmt::Result {
        self.0.write_char('/')?;
        value.chars().try_for_each(|character| match character {
            '/' => self.0.write_str("%2F"),
            '%' => self.0.write_str("%25"),
            _ => self.0.write_char(character),
        })
    }
}

/// The resource path, such as `/users/user@contoso.com`. A `/` or `%` inside an
/// identifier is percent-encoded, everything else stands for itself, so that
/// parsing the text gives the same target.
impl fmt::Display for PhotoTarget {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.write_path(&mut PathWriter(f))
    }
}

/// Parses a resource path such as `/users/user@contoso.com`, with or without
/// `/photo/$value`, or a whole Graph URL, with or without its default port. `%XX` is
/// decoded; every other character stands for itself, `#` and `?` included - but for a
/// `?` in a URL, where it begins a query, which no target has.
impl FromStr for PhotoTarget {
    type Err = InvalidTarget;

    fn from_str(text: &str) -> Result<Self, InvalidTarget> {
        parse(text).map_err(|cause| InvalidTarget::new(text, cause))
    }
}

fn parse(text: &str) -> Result<PhotoTarget, Cause> {
    let mut ends = [text.chars().next(), text.chars().next_back()].into_iter().flatten();
    if let Some(blank) = ends.find(|character| character.is_whitespace()) {
        return Err(Cause::BlankAtEnd(blank));
    }
    let path = resource_of(text)?.strip_prefix('/').ok_or(Cause::NoLeadingSlash)?;
    let decoded = path.split('/').map(|segment| percent_decode_str(segment).decode_utf8());
    let decoded: Vec<Cow<'_, str>> =
        decoded.collect::<Result<_, _>>().map_err(|_| Cause::NotUtf8)?;
    let segments: Vec<&str> = decoded.iter().map(AsRef::as_ref).collect();
    let resource = strip_end(&segments, &photo_segments()).unwrap_or(&segments);
    match PhotoTarget::from_segments(resource) {
        Some(target) => target.map_err(Cause::Identifier),
        None => Err(unknown_form(text, &segments)),
    }
}

/// The path of a Graph URL beneath its base URL; any other text as it is.
fn resource_of(text: &str) -> Result<&str, Cause> {
    let Some((scheme, rest)) = text.split_once("://").filter(|_| !text.starts_with('/')) else {
        return Ok(text);
    };
    let (authority, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
    // The default port may be left out (RFC 9110, section 4.2.2).
    let (host, port) = authority.split_once(':').unwrap_or((authority, "443"));
    let mut base_urls = Cloud::ALL.iter().map(|cloud| cloud.split_base_url());
    let is_of_host = |origin: &str| {
        origin.split_once("://").is_some_and(|(_, known)| known.eq_ignore_ascii_case(host))
    };
    let (_, base_path) =
        base_urls.find(|(origin, _)| is_of_host(origin)).ok_or(Cause::ForeignUrl)?;
    if scheme.eq_ignore_ascii_case("http") {
        return Err(Cause::Unencrypted);
    }
    let resource = path
        .split_at_checked(base_path.len())
        .filter(|(start, rest)| start.eq_ignore_ascii_case(base_path) && rest.starts_with('/'));
    match resource {
        _ if !scheme.eq_ignore_ascii_case("https") || port != "443" => Err(Cause::ForeignUrl),
        Some((_, resource)) if resource.contains('?') => Err(Cause::Query),
        Some((_, resource)) => Ok(resource),
        None if path.starts_with("//") => Err(Cause::DoubleSlash),
        None => Err(Cause::ForeignUrl),
    }
}

/// The segments that the path of a photo adds to that of its resource.
fn photo_segments() -> Vec<&'static str> {
    PHOTO_SUFFIX.split('/').skip(1).collect()
}

/// The segments before these, if a path ends with them.
fn strip_end<'a, 's>(segments: &'a [&'s str], end: &[&str]) -> Option<&'a [&'s str]> {
    let (rest, last) = segments.split_at_checked(segments.len().checked_sub(end.len())?)?;
    let is_end = last.iter().zip(end).all(|(word, expected)| word.eq_ignore_ascii_case(expected));
    is_end.then_some(rest)
}

/// Why segments that have none of the known forms may have been written.
fn unknown_form(text: &str, segments: &[&str]) -> Cause {
    // Without single quotes, a shell takes `$value` for a variable, which is empty.
    let suffix = photo_segments();
    let without_value = suffix.split_last().map_or(&[][..], |(_, before)| before);
    let without_slash = segments.strip_suffix(&[""]).unwrap_or(segments);
    if let Some(resource) = strip_end(without_slash, without_value) {
        let left = segments.len() - resource.len();
        let plain = text.rsplitn(left + 1, '/').last().unwrap_or_default().to_owned();
        match PhotoTarget::from_segments(resource) {
            Some(Ok(_)) => return Cause::ShellTookValue { plain },
            Some(Err(cause)) => return Cause::Identifier(cause),
            None => {}
        }
    }
    match segments {
        [before @ .., _] if before.contains(&"") => Cause::DoubleSlash,
        [_, .., ""] => Cause::TrailingSlash,
        _ => Cause::UnknownForm,
    }
}
