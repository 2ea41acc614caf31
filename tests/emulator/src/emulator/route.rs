//! Finds the target that a request is for, from the path templates of the API.

use graph_photo_codegen::api::{Api, Identifier, Operation, PHOTO_SUFFIX, Segment, Target};
use percent_encoding::percent_decode_str;

use super::refusal::Refusal;

/// All paths of the API.
#[derive(Debug)]
pub(super) struct Router {
    routes: Vec<Route>,
    /// What the schemas of the path parameters say of their values.
    identifiers: Vec<Identifier>,
}

#[derive(Debug)]
struct Route {
    /// The whole path, from the root of the server.
    template: Vec<Segment>,
    is_of_signed_in_user: bool,
    operations: Vec<Operation>,
}

/// The photo that a path leads to.
#[derive(Debug)]
pub(super) struct Photo<'r> {
    /// What can be done to it.
    pub(super) operations: &'r [Operation],
    /// The percent-decoded values of the path's parameters, in its order.
    pub(super) identifiers: Vec<String>,
    /// Whether the path begins with the signed-in user.
    pub(super) is_of_signed_in_user: bool,
    /// What tells it from every other photo: the decoded segments of its path,
    /// the fixed ones in the spelling of the template.
    pub(super) key: Vec<String>,
}

impl Router {
    /// The router of an API whose paths begin with `prefix`, such as `/v1.0`.
    pub(super) fn new(api: &Api, prefix: &str) -> Self {
        let routes = api.targets.iter().map(|target| Route::new(target, prefix)).collect();
        Self { routes, identifiers: api.identifiers.clone() }
    }

    /// The photo that a path leads to, segment by segment; `path` is raw.
    ///
    /// # Errors
    ///
    /// The answer to a path that leads nowhere.
    pub(super) fn find(&self, path: &str) -> Result<Photo<'_>, Refusal> {
        let segments = path
            .strip_prefix('/')
            .ok_or_else(|| Refusal::unknown_segment(path))?
            .split('/')
            .map(decode)
            .collect::<Result<Vec<_>, _>>()?;
        let mut routes: Vec<&Route> = self.routes.iter().collect();
        for (position, segment) in segments.iter().enumerate() {
            routes.retain(|route| route.continues_with(position, segment));
            if routes.is_empty() {
                return Err(Refusal::unknown_segment(segment));
            }
        }
        let route = routes.into_iter().find(|route| route.template.len() == segments.len());
        let Some(route) = route else {
            return Err(Refusal::unknown_segment(segments.last().map_or("", String::as_str)));
        };
        let photo = route.photo(&segments);
        match route.parameters().zip(&photo.identifiers).find(|(name, id)| !self.accepts(name, id))
        {
            Some((name, _)) => Err(Refusal::malformed_id(name)),
            None => Ok(photo),
        }
    }

    /// Whether the schema of a path parameter accepts a value.
    fn accepts(&self, parameter: &str, value: &str) -> bool {
        let identifier = self.identifiers.iter().find(|identifier| identifier.name == parameter);
        identifier.is_none_or(|identifier| identifier.accepts(value))
    }
}

impl Route {
    fn new(target: &Target, prefix: &str) -> Self {
        let template = literals(prefix)
            .chain(target.segments.iter().cloned())
            .chain(literals(PHOTO_SUFFIX))
            .collect();
        Self {
            template,
            is_of_signed_in_user: target.is_of_signed_in_user(),
            operations: target.operations.clone(),
        }
    }

    fn continues_with(&self, position: usize, segment: &str) -> bool {
        match self.template.get(position) {
            Some(Segment::Literal(text)) => text.eq_ignore_ascii_case(segment),
            // URL parsers resolve or drop these: they never stand for an id.
            Some(Segment::Parameter(_)) => !matches!(segment, "" | "." | ".."),
            None => false,
        }
    }

    /// The names of the path's parameters, in its order.
    fn parameters(&self) -> impl Iterator<Item = &str> {
        self.template.iter().filter_map(|segment| match segment {
            Segment::Parameter(name) => Some(name.as_str()),
            Segment::Literal(_) => None,
        })
    }

    fn photo(&self, segments: &[String]) -> Photo<'_> {
        let mut identifiers = Vec::new();
        let mut key = Vec::new();
        for (part, segment) in self.template.iter().zip(segments) {
            match part {
                Segment::Literal(text) => key.push(text.clone()),
                Segment::Parameter(_) => {
                    identifiers.push(segment.clone());
                    key.push(segment.clone());
                }
            }
        }
        Photo {
            operations: &self.operations,
            identifiers,
            is_of_signed_in_user: self.is_of_signed_in_user,
            key,
        }
    }
}

/// The segments of a path that has no parameters.
fn literals(path: &str) -> impl Iterator<Item = Segment> {
    path.split('/').filter(|text| !text.is_empty()).map(|text| Segment::Literal(text.to_owned()))
}

/// Percent-decodes a segment.
///
/// Refuses what a URL parser would read differently from how it is written (`\`
/// as `/`, `#` as the beginning of a fragment) and what has no meaning at all.
fn decode(segment: &str) -> Result<String, Refusal> {
    let malformed = || Refusal::bad_request("The request target isn't percent-encoded.");
    let mut escapes = segment.split('%').skip(1);
    let is_escape = |text: &str| {
        text.as_bytes().get(..2).is_some_and(|digits| digits.iter().all(u8::is_ascii_hexdigit))
    };
    if segment.contains(['\\', '#']) || !escapes.all(is_escape) {
        return Err(malformed());
    }
    percent_decode_str(segment).decode_utf8().map(Into::into).map_err(|_| malformed())
}
