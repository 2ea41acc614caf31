//! Rules: which requests a fault applies to.

use std::{fmt, str::FromStr};

use graph_photo_codegen::api::PHOTO_SUFFIX;
use percent_encoding::percent_decode_str;

use super::{
    Fault,
    items::{FaultError, Items},
};

/// A fault for the requests of a target or method, for every n-th of them, or by chance.
///
/// The README describes its textual form, which `FromStr` reads and `Display` writes.
///
/// ```
/// use graph_photo_emulator::{Fault, Rule};
///
/// let rule = Rule::new(Fault::html(503)).target("/users/*").every(3);
/// assert_eq!(rule, "target=/users/*;every=3;html=503".parse()?);
/// # Ok::<(), graph_photo_emulator::FaultError>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
#[must_use]
pub struct Rule {
    target: Option<String>,
    method: Option<String>,
    every: u64,
    chance: f64,
    pub(super) times: Option<u64>,
    pub(super) fault: Fault,
}

impl Rule {
    /// The fault for every request.
    pub fn new(fault: Fault) -> Self {
        Self { target: None, method: None, every: 1, chance: 1.0, times: None, fault }
    }

    /// Only requests of a target: a path beneath the base URL, decoded, with or without the
    /// photo's suffix; `*` stands for any text, and case doesn't matter.
    pub fn target(self, glob: impl Into<String>) -> Self {
        Self { target: Some(glob.into()), ..self }
    }

    /// Only requests with this method.
    pub fn method(self, method: impl Into<String>) -> Self {
        Self { method: Some(method.into()), ..self }
    }

    /// Only every n-th of those requests, the n-th first.
    pub fn every(self, n: u64) -> Self {
        Self { every: n.max(1), ..self }
    }

    /// Only by chance, from 0 (never) to 1 (always), which the emulator's seed decides.
    pub fn chance(self, chance: f64) -> Self {
        Self { chance: if chance.is_nan() { 0.0 } else { chance.clamp(0.0, 1.0) }, ..self }
    }

    /// Only so many times.
    pub fn times(self, times: u64) -> Self {
        Self { times: Some(times), ..self }
    }

    /// Whether a request with this method and these paths is one of those.
    pub(super) fn concerns(&self, method: &str, paths: &[String]) -> bool {
        self.method.as_ref().is_none_or(|wanted| wanted.eq_ignore_ascii_case(method))
            && self.target.as_ref().is_none_or(|glob| {
                let glob = glob.to_lowercase();
                paths.iter().any(|path| matches(&glob, &path.to_lowercase()))
            })
    }

    /// Whether the `seen`-th of those requests meets the fault, `draw` being a number from
    /// 0 to 1.
    pub(super) fn strikes(&self, seen: u64, draw: f64) -> bool {
        seen.is_multiple_of(self.every) && draw < self.chance
    }
}

/// The spellings of a request's path that a rule may mean: decoded, beneath the base URL,
/// with and without the photo's suffix.
pub(crate) fn spellings(prefix: &str, path: &str) -> Vec<String> {
    let decoded = percent_decode_str(path).decode_utf8_lossy();
    let is_beneath =
        decoded.get(..prefix.len()).is_some_and(|start| start.eq_ignore_ascii_case(prefix));
    let path = if is_beneath { &decoded[prefix.len()..] } else { &decoded };
    let short = path.strip_suffix(PHOTO_SUFFIX);
    [Some(path), short].into_iter().flatten().map(str::to_owned).collect()
}

/// Whether a text matches a glob.
fn matches(glob: &str, text: &str) -> bool {
    let Some((start, rest)) = glob.split_once('*') else { return glob == text };
    let Some(mut text) = text.strip_prefix(start) else { return false };
    let mut parts: Vec<&str> = rest.split('*').collect();
    let end = parts.pop().unwrap_or_default();
    for part in parts {
        match text.find(part) {
            Some(at) => text = &text[at + part.len()..],
            None => return false,
        }
    }
    text.ends_with(end)
}

/// `target=/users/*;every=3;status=503`
impl FromStr for Rule {
    type Err = FaultError;

    fn from_str(text: &str) -> Result<Self, FaultError> {
        let (mut of_fault, mut rule) = (Items::default(), Self::new(Fault::status(503)));
        for item in text.parse::<Items>()?.0 {
            rule = match item.key.as_str() {
                "target" => rule.target(item.target()?),
                "method" => rule.method(item.text()?),
                "every" => rule.every(item.count()?),
                "chance" => rule.chance(item.chance()?),
                "times" => rule.times(item.count()?),
                _ => {
                    of_fault.0.push(item);
                    rule
                }
            };
        }
        Ok(Self { fault: of_fault.try_into()?, ..rule })
    }
}

/// As `FromStr` reads it.
impl fmt::Display for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let values = [
            ("target", self.target.clone()),
            ("method", self.method.clone()),
            ("every", (self.every > 1).then(|| self.every.to_string())),
            ("chance", (self.chance < 1.0).then(|| self.chance.to_string())),
            ("times", self.times.map(|times| times.to_string())),
        ];
        let mut items = Items::default();
        for (key, value) in values {
            if let Some(value) = value {
                items = items.with(key, Some(value.into()));
            }
        }
        let separator = if items.0.is_empty() { "" } else { ";" };
        write!(f, "{items}{separator}{}", self.fault)
    }
}

#[cfg(test)]
mod tests {
    use super::{Rule, matches};

    #[test]
    fn a_star_stands_for_any_text() {
        for (glob, text, expected) in [
            ("/me", "/me", true),
            ("/me", "/me/contacts", false),
            ("/me*", "/me/contacts", true),
            ("*", "", true),
            ("/all/*/of/*", "/all/a/of/b", true),
            ("/all/*/of/*", "/all/a", false),
            ("*a*a", "a", false),
            ("a**b", "ab", true),
        ] {
            assert_eq!(matches(glob, text), expected, "{glob} {text}");
        }
    }

    #[test]
    fn a_rule_is_written_as_it_is_read() {
        let text = "target=/all/*;method=PUT;every=3;chance=0.5;times=2;status=503;retry-after=1";
        let rule: Rule = text.parse().unwrap();
        assert_eq!(rule.to_string(), text);
        assert!(rule.concerns("put", &["/All/x".to_owned()]));
        assert!(!rule.concerns("PATCH", &["/all/x".to_owned()]));
        let struck: Vec<u64> = (1..8).filter(|seen| rule.strikes(*seen, 0.0)).collect();
        assert_eq!(struck, [3, 6]);
        assert!(!rule.strikes(3, 0.5));
        assert!("target=/me".parse::<Rule>().is_err());
    }
}
