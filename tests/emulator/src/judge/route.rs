//! Finds the resource that a request is for, from the path templates of the API.

use graph_photo_codegen::api::{Api, Identifier, Operation, PHOTO_SUFFIX, Segment, Target};
use percent_encoding::percent_decode_str;

use super::refusal::Refusal;

/// The end of a path's photo suffix: the bytes, rather than what is known of them.
const CONTENT: &str = "/$value";

/// All paths of the API.
#[derive(Debug)]
pub(crate) struct Router {
    routes: Vec<Route>,
    /// What the schemas of the path parameters say of their values.
    identifiers: Vec<Identifier>,
    /// The path of the base URL.
    prefix: String,
}

#[derive(Debug)]
struct Route {
    /// The whole path, from the root of the server.
    template: Vec<Segment>,
    view: View,
    /// Of which segments the resource is made.
    resource: std::ops::Range<usize>,
    is_of_signed_in_user: bool,
    operations: Vec<Operation>,
}

/// What a path shows of a photo.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum View {
    /// Its bytes.
    Content,
    /// Its metadata.
    Metadata,
}

/// Where a path leads.
#[derive(Debug)]
pub(crate) struct Match<'r> {
    /// The operations there, beside reading.
    pub(crate) operations: &'r [Operation],
    pub(crate) view: View,
    /// Whether the path begins with the signed-in user.
    pub(crate) is_of_signed_in_user: bool,
    /// The decoded segments of the resource, such as `["users", "x@contoso.com"]`, the
    /// fixed ones in the spelling of the template.
    pub(crate) resource: Vec<String>,
}

impl Router {
    /// The router of an API whose paths begin with `prefix`, such as `/v1.0`.
    pub(crate) fn new(api: &Api, prefix: &str) -> Self {
        let start: Vec<Segment> = segments_of(prefix).collect();
        let routes = api.targets.iter().flat_map(|target| Route::all_of(target, &start)).collect();
        Self { routes, identifiers: api.identifiers.clone(), prefix: prefix.to_owned() }
    }

    /// Where a path leads, segment by segment; `path` is raw.
    ///
    /// # Errors
    ///
    /// The answer to a path that leads nowhere.
    pub(crate) fn find(&self, path: &str) -> Result<Match<'_>, Refusal> {
        let segments = path
            .strip_prefix('/')
            .ok_or_else(|| Refusal::unknown_segment(path))?
            .split('/')
            .map(decode)
            .collect::<Result<Vec<_>, _>>()?;
        let route = self.route(&segments)?;
        self.check_identifiers(route, &segments)?;
        Ok(route.lead(&segments))
    }

    /// The resource with this path beneath the base URL, with or without the photo's
    /// suffix; percent-encoded, but what needs no encoding may be plain.
    pub(crate) fn find_resource(&self, path: &str) -> Option<Match<'_>> {
        let path = path.strip_suffix(PHOTO_SUFFIX).unwrap_or(path).trim_matches('/');
        let path = format!("{}/{path}{PHOTO_SUFFIX}", self.prefix);
        let segments = path.split('/').skip(1);
        let segments: Vec<String> = segments
            .map(|segment| percent_decode_str(segment).decode_utf8_lossy().into())
            .collect();
        self.route(&segments).ok().map(|route| route.lead(&segments))
    }

    fn route(&self, segments: &[String]) -> Result<&Route, Refusal> {
        let mut routes: Vec<&Route> = self.routes.iter().collect();
        for (position, segment) in segments.iter().enumerate() {
            routes.retain(|route| route.continues_with(position, segment));
            if routes.is_empty() {
                return Err(Refusal::unknown_segment(segment));
            }
        }
        let route = routes.into_iter().find(|route| route.template.len() == segments.len());
        let last = segments.last().map_or("", String::as_str);
        route.ok_or_else(|| Refusal::unknown_segment(last))
    }

    fn check_identifiers(&self, route: &Route, segments: &[String]) -> Result<(), Refusal> {
        for (part, value) in route.template.iter().zip(segments) {
            let Segment::Parameter(name) = part else { continue };
            let identifier = self.identifiers.iter().find(|identifier| identifier.name == *name);
            if identifier.is_some_and(|identifier| !identifier.accepts(value)) {
                return Err(Refusal::malformed_id(name));
            }
        }
        Ok(())
    }
}

impl Route {
    /// The paths of a target: where its photo is written, and where else it is read.
    fn all_of(target: &Target, prefix: &[Segment]) -> [Self; 4] {
        let photo = PHOTO_SUFFIX.strip_suffix(CONTENT).unwrap_or(PHOTO_SUFFIX);
        let sized = format!("{photo}s/{{size}}");
        let route = |suffix: &str, view, operations: &[Operation]| {
            let resource = prefix.len()..prefix.len() + target.segments.len();
            let template = [prefix, &target.segments].concat();
            Self {
                template: template.into_iter().chain(segments_of(suffix)).collect(),
                view,
                resource,
                is_of_signed_in_user: target.is_of_signed_in_user(),
                operations: operations.to_vec(),
            }
        };
        [
            route(PHOTO_SUFFIX, View::Content, &target.operations),
            route(photo, View::Metadata, &[]),
            route(&(sized.clone() + CONTENT), View::Content, &[]),
            route(&sized, View::Metadata, &[]),
        ]
    }

    fn continues_with(&self, position: usize, segment: &str) -> bool {
        match self.template.get(position) {
            Some(Segment::Literal(text)) => text.eq_ignore_ascii_case(segment),
            Some(Segment::Parameter(_)) if position >= self.resource.end => is_size(segment),
            // URL parsers resolve or drop these: they never stand for an id.
            Some(Segment::Parameter(_)) => !matches!(segment, "" | "." | ".."),
            None => false,
        }
    }

    fn lead(&self, segments: &[String]) -> Match<'_> {
        let parts = self.resource.clone().map(|position| match &self.template[position] {
            Segment::Literal(text) => text.clone(),
            Segment::Parameter(_) => segments[position].clone(),
        });
        Match {
            operations: &self.operations,
            view: self.view,
            is_of_signed_in_user: self.is_of_signed_in_user,
            resource: parts.collect(),
        }
    }
}

/// Whether text is the size of a photo, such as `48x48`.
fn is_size(text: &str) -> bool {
    let is_number = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    text.split_once('x').is_some_and(|(width, height)| is_number(width) && is_number(height))
}

/// The segments of a path template.
fn segments_of(path: &str) -> impl Iterator<Item = Segment> {
    path.split('/').filter(|text| !text.is_empty()).map(|text| {
        match text.strip_prefix('{').and_then(|text| text.strip_suffix('}')) {
            Some(name) => Segment::Parameter(name.to_owned()),
            None => Segment::Literal(text.to_owned()),
        }
    })
}

/// Percent-decodes a segment.
///
/// Refuses what a URL parser would read differently (`\` as `/`, `#` as the start of a
/// fragment) and what has no meaning at all.
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
