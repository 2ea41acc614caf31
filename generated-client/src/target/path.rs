//! Photo targets as text: resource paths and Graph URLs.

use std::{
    borrow::Cow,
    fmt::{self, Write as _},
    str::FromStr,
};

use percent_encoding::percent_decode_str;

use crate::{
    display::Printable,
    generated::{cloud::Cloud, limits::PHOTO_SUFFIX, target::PhotoTarget},
    target::error::{Cause, InvalidTarget},
};

const DOUBLE_SLASH: &str = "it has `//` where one `/` belongs";
const FOREIGN_URL: &str = "it is not the URL of a Microsoft Graph v1.0 resource";

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

/// The resource path, such as `/users/user@contoso.com`, which parses to the same target. Only
/// `/` and `%` in identifiers are percent-encoded.
impl fmt::Display for PhotoTarget {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.write_path(&mut PathWriter(f))
    }
}

/// Parses a resource path such as `/users/user@contoso.com`, with or without
/// `/photo/$value`, or a Graph URL, with or without its default port. Decodes `%XX`; every
/// other character stands for itself, even `#` and `?`. Only in a URL, a `?` begins a query,
/// which is refused.
impl FromStr for PhotoTarget {
    type Err = InvalidTarget;

    fn from_str(text: &str) -> Result<Self, InvalidTarget> {
        parse(text).map_err(|cause| InvalidTarget::new(text, cause))
    }
}

fn parse(text: &str) -> Result<PhotoTarget, Cause> {
    let mut ends = [text.chars().next(), text.chars().next_back()].into_iter().flatten();
    match ends.find(|end| end.is_whitespace()) {
        Some('\n' | '\r') => return Err("it begins or ends with a line break; remove that".into()),
        Some(blank) => {
            let blank = u32::from(blank);
            return Err(
                format!("it begins or ends with a blank, U+{blank:04X}; remove that").into()
            );
        }
        None => {}
    }
    let path = resource_of(text)?.strip_prefix('/');
    let path = path.ok_or("a resource path begins with `/`, such as `/me`")?;
    let decoded = path.split('/').map(|segment| percent_decode_str(segment).decode_utf8());
    let decoded: Vec<Cow<'_, str>> =
        decoded.collect::<Result<_, _>>().map_err(|_| "its percent-encoded bytes are not UTF-8")?;
    let segments: Vec<&str> = decoded.iter().map(AsRef::as_ref).collect();
    let resource = strip_end(&segments, &photo_segments()).unwrap_or(&segments);
    match PhotoTarget::from_segments(resource) {
        Some(target) => Ok(target?),
        None => Err(unknown_form(text, &segments)),
    }
}

/// The path of a Graph URL below its base URL; any other text unchanged.
fn resource_of(text: &str) -> Result<&str, Cause> {
    let Some((scheme, rest)) = text.split_once("://").filter(|_| !text.starts_with('/')) else {
        return Ok(text);
    };
    let (authority, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
    // The default port is optional (RFC 9110, section 4.2.2).
    let (host, port) = authority.split_once(':').unwrap_or((authority, "443"));
    let https = format!("https://{}", host.to_ascii_lowercase());
    let mut base_urls = Cloud::ALL.iter().map(|cloud| cloud.split_base_url());
    let (_, base_path) = base_urls.find(|(origin, _)| *origin == https).ok_or(FOREIGN_URL)?;
    if scheme.eq_ignore_ascii_case("http") {
        return Err("it must begin with `https`: a token would be sent unencrypted".into());
    }
    let resource = path
        .split_at_checked(base_path.len())
        .filter(|(start, rest)| start.eq_ignore_ascii_case(base_path) && rest.starts_with('/'));
    match resource {
        _ if !scheme.eq_ignore_ascii_case("https") || port != "443" => Err(FOREIGN_URL.into()),
        Some((_, resource)) if resource.contains('?') => Err(
            "a target has no query; leave out what follows the `?`, or write it as `%3F` if it \
             belongs to an identifier"
                .into(),
        ),
        Some((_, resource)) => Ok(resource),
        None if path.starts_with("//") => Err(DOUBLE_SLASH.into()),
        None => Err(FOREIGN_URL.into()),
    }
}

/// The segments of the path of a photo after that of its resource.
fn photo_segments() -> Vec<&'static str> {
    PHOTO_SUFFIX.split('/').skip(1).collect()
}

/// The segments before `end`, if a path ends so.
fn strip_end<'a, 's>(segments: &'a [&'s str], end: &[&str]) -> Option<&'a [&'s str]> {
    let (rest, last) = segments.split_at_checked(segments.len().checked_sub(end.len())?)?;
    let is_end = last.iter().zip(end).all(|(word, expected)| word.eq_ignore_ascii_case(expected));
    is_end.then_some(rest)
}

/// Why segments have none of the known forms.
fn unknown_form(text: &str, segments: &[&str]) -> Cause {
    let suffix = photo_segments();
    let Some((variable, before)) = suffix.split_last() else { return FOREIGN_URL.into() };
    // Outside single quotes, `$value` is an empty variable to a shell.
    let left = segments.strip_suffix(&[""]).unwrap_or(segments);
    let resource = strip_end(left, before);
    match (resource.and_then(PhotoTarget::from_segments), resource) {
        (Some(Err(cause)), _) => return cause.into(),
        (Some(Ok(_)), Some(resource)) => {
            let cut = segments.len() - resource.len();
            let plain = Printable(text.rsplitn(cut + 1, '/').last().unwrap_or_default());
            return format!(
                "the shell took `{variable}` for a variable; put the target in single quotes, \
                 '{plain}{PHOTO_SUFFIX}', or write plain `{plain}`"
            )
            .into();
        }
        _ => {}
    }
    match segments {
        [before @ .., _] if before.contains(&"") => DOUBLE_SLASH.into(),
        [_, .., ""] => "it ends with a `/` too many".into(),
        _ => format!("it has none of the forms {}", PhotoTarget::TEMPLATES.join(", ")).into(),
    }
}
