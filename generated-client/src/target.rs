//! Photo targets as text: resource paths such as `/users/{id}/contacts/{id}`.

use std::{
    borrow::Cow,
    error::Error,
    fmt::{self, Write as _},
    str::FromStr,
};

use percent_encoding::{AsciiSet, percent_decode_str, utf8_percent_encode};

use crate::{
    Cloud, InvalidIdentifier, PhotoTarget,
    display::{Printable, shortened},
    generated::limits::PHOTO_SUFFIX,
};

/// The HTTP method to upload a photo with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum UploadMethod {
    /// `PUT`, which every edition of Graph's documentation allows.
    #[default]
    Put,
    /// `PATCH`.
    Patch,
}

impl UploadMethod {
    /// As HTTP writes it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Put => "PUT",
            Self::Patch => "PATCH",
        }
    }

    /// What it does to a photo, as an infinitive.
    pub(crate) const fn verb(self) -> &'static str {
        match self {
            Self::Put => "replace",
            Self::Patch => "update",
        }
    }
}

impl fmt::Display for UploadMethod {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// What must be encoded in the text of a target, so that it can be parsed again.
const ENCODED: &AsciiSet = &AsciiSet::EMPTY.add(b'/').add(b'%');

/// Writes the path of a target, segment by segment.
pub(crate) struct PathWriter<'a, 'f>(&'a mut fmt::Formatter<'f>);

impl PathWriter<'_, '_> {
    pub(crate) fn literal(&mut self, segment: &str) -> fmt::Result {
        self.0.write_char('/')?;
        self.0.write_str(segment)
    }

    pub(crate) fn identifier(&mut self, value: &str) -> fmt::Result {
        self.0.write_char('/')?;
        // Not `utf8_percent_encode(..).fmt()`: that encodes every character
        // outside ASCII, and `josé@contoso.com` should stay readable.
        let mut rest = value;
        while let Some(at) = rest.find(['/', '%']) {
            let (before, after) = rest.split_at(at);
            self.0.write_str(before)?;
            write!(self.0, "{}", utf8_percent_encode(&after[..1], ENCODED))?;
            rest = &after[1..];
        }
        self.0.write_str(rest)
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
        let blank = [text.chars().next(), text.chars().next_back()].into_iter().flatten();
        if let Some(blank) = blank.into_iter().find(|character| character.is_whitespace()) {
            return Err(InvalidTarget::new(text, Cause::BlankAtEnd(blank)));
        }
        let resource = strip_cloud(text)?;
        if resource.len() < text.len() && resource.contains('?') {
            return Err(InvalidTarget::new(text, Cause::Query));
        }
        let Some(path) = resource.strip_prefix('/') else {
            return Err(InvalidTarget::new(text, Cause::NoLeadingSlash));
        };
        let segments: Vec<Cow<'_, str>> = path
            .split('/')
            .map(|segment| percent_decode_str(segment).decode_utf8())
            .collect::<Result<_, _>>()
            .map_err(|_| InvalidTarget::new(text, Cause::NotUtf8))?;
        let segments: Vec<&str> = segments.iter().map(AsRef::as_ref).collect();
        match Self::from_segments(strip_photo(&segments)) {
            Some(Ok(target)) => Ok(target),
            Some(Err(cause)) => Err(InvalidTarget::new(text, Cause::Identifier(cause))),
            None => Err(InvalidTarget::new(text, unknown_form(text, &segments))),
        }
    }
}

/// Why segments that have none of the known forms may have been written.
fn unknown_form(text: &str, segments: &[&str]) -> Cause {
    if let Some((resource, left)) = split_eaten_suffix(segments) {
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

/// The segments of a resource, if those of its photo follow without the last one, and how
/// many those are. Without single quotes, a shell takes `$value` for a variable, which is
/// empty.
fn split_eaten_suffix<'a, 's>(segments: &'a [&'s str]) -> Option<(&'a [&'s str], usize)> {
    let suffix: Vec<&str> = PHOTO_SUFFIX.split('/').filter(|word| !word.is_empty()).collect();
    let (_, before) = suffix.split_last()?;
    let left = before.len() + usize::from(segments.last() == Some(&""));
    let (resource, rest) = segments.split_at_checked(segments.len().checked_sub(left)?)?;
    let mut pairs = rest.iter().zip(before);
    pairs.all(|(word, expected)| word.eq_ignore_ascii_case(expected)).then_some((resource, left))
}

/// The path of a Graph URL; any other text as it is.
fn strip_cloud(text: &str) -> Result<&str, InvalidTarget> {
    if !text.contains("://") || text.starts_with('/') {
        return Ok(text);
    }
    let rest = Cloud::ALL.iter().find_map(|cloud| Some((cloud, strip_origin(text, *cloud)?)));
    let Some((cloud, rest)) = rest else {
        let cause = if is_in_the_clear(text) { Cause::InTheClear } else { Cause::ForeignUrl };
        return Err(InvalidTarget::new(text, cause));
    };
    let base_path = &cloud.base_url()[cloud.origin().len()..];
    match strip_ignoring_case(rest, base_path).filter(|path| path.starts_with('/')) {
        Some(path) => Ok(path),
        None if rest.starts_with("//") => Err(InvalidTarget::new(text, Cause::DoubleSlash)),
        None => Err(InvalidTarget::new(text, Cause::ForeignUrl)),
    }
}

/// What follows scheme, host and port of a URL of a cloud. The port may be left out if it
/// is the default one ([RFC 9110, 4.2.2](https://www.rfc-editor.org/rfc/rfc9110#section-4.2.2)).
fn strip_origin(text: &str, cloud: Cloud) -> Option<&str> {
    let rest = strip_ignoring_case(text, cloud.origin())?;
    let path = rest.strip_prefix(":443").unwrap_or(rest);
    path.starts_with('/').then_some(path)
}

/// Whether a URL is one of a cloud but for its scheme, `http`.
fn is_in_the_clear(text: &str) -> bool {
    let host = |url: &str| {
        let authority = url.split_once("://").map_or("", |(_, rest)| rest);
        let authority = authority.split('/').next().unwrap_or_default();
        authority.split(':').next().unwrap_or_default().to_ascii_lowercase()
    };
    let clouds = || Cloud::ALL.iter().map(|cloud| host(cloud.origin()));
    strip_ignoring_case(text, "http://").is_some() && clouds().any(|cloud| cloud == host(text))
}

fn strip_ignoring_case<'a>(text: &'a str, prefix: &str) -> Option<&'a str> {
    let (start, rest) = text.split_at_checked(prefix.len())?;
    start.eq_ignore_ascii_case(prefix).then_some(rest)
}

/// The segments of a resource, without those of its photo.
fn strip_photo<'a, 's>(segments: &'a [&'s str]) -> &'a [&'s str] {
    let mut rest = segments;
    for expected in PHOTO_SUFFIX.rsplit('/').filter(|segment| !segment.is_empty()) {
        match rest.split_last() {
            Some((last, before)) if last.eq_ignore_ascii_case(expected) => rest = before,
            _ => return segments,
        }
    }
    rest
}

/// A text that names no photo target.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InvalidTarget {
    text: String,
    cause: Cause,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Cause {
    NoLeadingSlash,
    NotUtf8,
    UnknownForm,
    TrailingSlash,
    DoubleSlash,
    BlankAtEnd(char),
    ShellTookValue {
        /// The text without what is left of the suffix.
        plain: String,
    },
    ForeignUrl,
    InTheClear,
    Query,
    Identifier(InvalidIdentifier),
}

impl InvalidTarget {
    fn new(text: &str, cause: Cause) -> Self {
        /// Enough to recognise your own input by.
        const SHOWN: usize = 200;
        Self { text: shortened(&without_user_info(text), SHOWN).into_owned(), cause }
    }

    /// The identifier that broke a rule, where that is the reason.
    #[must_use]
    pub fn invalid_identifier(&self) -> Option<&InvalidIdentifier> {
        match &self.cause {
            Cause::Identifier(cause) => Some(cause),
            _ => None,
        }
    }
}

/// A URL without the user name and password that may precede its host.
fn without_user_info(text: &str) -> Cow<'_, str> {
    let Some((scheme, rest)) = text.split_once("://") else {
        return Cow::Borrowed(text);
    };
    let authority = rest.split('/').next().unwrap_or_default();
    match authority.rfind('@') {
        Some(at) => Cow::Owned(format!("{scheme}://{}", &rest[at + 1..])),
        None => Cow::Borrowed(text),
    }
}

impl fmt::Display for InvalidTarget {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "failed to read the target `{}`: ", Printable(&self.text))?;
        match &self.cause {
            Cause::NoLeadingSlash => f.write_str("a resource path begins with `/`, such as `/me`"),
            Cause::NotUtf8 => f.write_str("its percent-encoded bytes are not UTF-8"),
            Cause::ForeignUrl => {
                f.write_str("it is not the URL of a Microsoft Graph v1.0 resource")
            }
            Cause::Query => f.write_str(
                "a target has no query; leave out what follows the `?`, or write it as `%3F` if \
                 it belongs to an identifier",
            ),
            Cause::InTheClear => {
                f.write_str("it must begin with `https`: a token would travel in the clear")
            }
            Cause::DoubleSlash => f.write_str("it has `//` where one `/` belongs"),
            Cause::BlankAtEnd('\n' | '\r') => {
                f.write_str("it begins or ends with a line break; remove that")
            }
            Cause::BlankAtEnd(blank) => write!(
                f,
                "it begins or ends with a blank, U+{:04X}; remove that",
                u32::from(*blank)
            ),
            Cause::ShellTookValue { plain } => {
                let (suffix, plain) = (PHOTO_SUFFIX, Printable(plain));
                let variable = suffix.rsplit('/').next().unwrap_or_default();
                write!(
                    f,
                    "the shell took `{variable}` for a variable; put the target in single quotes, \
                     '{plain}{suffix}', or write plain `{plain}`"
                )
            }
            Cause::TrailingSlash => f.write_str("it ends with a `/` too many"),
            Cause::Identifier(cause) => cause.fmt(f),
            Cause::UnknownForm => {
                write!(f, "it has none of the forms {}", PhotoTarget::TEMPLATES.join(", "))
            }
        }
    }
}

impl Error for InvalidTarget {}
