//! Holds values against the form that OpenAPI gives them.

use serde_json::Value;

use super::{
    names::{alternatives, similar},
    references,
    report::Report,
    tables,
};
use crate::{
    document::Node, permissions::PERMISSION_IDS_KEY, rule::Rule, upstream::DIFFERENCES_KEY,
};

/// What a value has to be.
pub(crate) enum Shape {
    /// Text that isn't blank.
    Text,
    /// `true` or `false`.
    Flag,
    /// A whole number, not negative.
    Count,
    /// What this function, which explains itself, accepts.
    Word(fn(&Value) -> Result<(), String>),
    /// A list of such values.
    List(&'static Shape),
    /// A mapping with names of the author's choice as keys.
    Map(&'static Shape),
    /// The same, but keys that begin with `x-` are extensions.
    Patterned(&'static Shape),
    /// A mapping with fixed keys.
    Object(&'static Object),
    /// Such a mapping, where OpenAPI allows a reference to another component and
    /// the generator fails on it.
    Definition(&'static Object),
    /// Such a mapping, or a reference to one in this section of `components`.
    Component(&'static str, &'static Object),
    /// Anything; checked elsewhere.
    Any,
}

/// A mapping whose keys OpenAPI, or an extension, fixes.
pub(crate) struct Object {
    /// What it is, with its article.
    pub(crate) noun: &'static str,
    /// The rule that it breaks if a required member is missing.
    pub(crate) missing: Rule,
    /// The rule that it breaks if a member is unknown or of a wrong type.
    pub(crate) form: Rule,
    /// The members it may have.
    pub(crate) members: &'static [Member],
    /// The members that OpenAPI allows and the generator doesn't.
    pub(crate) refused: &'static [&'static str],
    /// Whether it may have extensions of the author's choice.
    pub(crate) extensible: bool,
}

/// A member of an [`Object`].
pub(crate) struct Member {
    pub(crate) key: &'static str,
    pub(crate) shape: Shape,
    pub(crate) need: Need,
}

/// Whether a member has to be there; if so, with an example of it.
pub(crate) enum Need {
    Optional,
    /// Known only to be refused, elsewhere and with a reason.
    Refused,
    Required(&'static str),
    /// Required for the sake of whoever reads the documentation.
    Documented(&'static str),
}

/// What is wrong with a key.
struct Fault {
    rule: Rule,
    message: String,
    remedy: String,
}

impl Object {
    /// The members that it may have.
    fn keys(&self) -> impl Iterator<Item = &'static str> + Clone + use<> {
        let allowed = |member: &&Member| !matches!(member.need, Need::Refused);
        self.members.iter().filter(allowed).map(|member| member.key)
    }

    /// Whether the mapping `node` lacks the member `key`, which no finding says
    /// yet. A key that was meant to be `key` has a finding of its own: `fault` is
    /// what makes it.
    pub(crate) fn lacks(&self, node: &Node<'_>, key: &str) -> bool {
        let stands_for_it = |other: &str| {
            let meant = similar(other, [key]).is_some() || disabled(other, [key]) == Some(key);
            meant && !self.refused.contains(&other) && self.is_fault(other)
        };
        node.is_mapping()
            && !node.has(key)
            && !node.entries().iter().any(|(other, _)| stands_for_it(other))
    }

    /// Whether `key` is one that [`check`] reports, whatever its value.
    pub(crate) fn is_fault(&self, key: &str) -> bool {
        self.member(key).is_none() && self.fault(key).is_some()
    }

    fn member(&self, key: &str) -> Option<&'static Member> {
        self.members.iter().find(|member| member.key == key)
    }

    /// What is wrong with `key`, which is no member; nothing if it is an extension
    /// of the author's choice.
    fn fault(&self, key: &str) -> Option<Fault> {
        if !key.starts_with(EXTENSION) {
            return Some(self.unknown(key));
        }
        let fault = extension_fault(key, self.keys());
        fault.or_else(|| (!self.extensible).then(|| self.unknown(key)))
    }

    fn unknown(&self, key: &str) -> Fault {
        let noun = self.noun;
        let others = || format!("{noun} may have {}", alternatives(self.keys()));
        if self.refused.contains(&key) {
            return Fault {
                rule: Rule::UnsupportedFeature,
                message: format!("`{key}` is not supported in {noun}"),
                remedy: format!("remove `{key}`; {}", others()),
            };
        }
        let remedy = match similar(key, self.keys()) {
            Some(meant) => format!("did you mean `{meant}`?"),
            None => format!("remove it; {}", others()),
        };
        Fault { rule: self.form, message: format!("{noun} has no member `{key}`"), remedy }
    }

    /// This one, in words.
    fn this(&self) -> String {
        match self.noun.strip_prefix("a ").or_else(|| self.noun.strip_prefix("an ")) {
            Some(noun) => format!("this {noun}"),
            None => self.noun.to_owned(),
        }
    }
}

impl Shape {
    /// The mapping with fixed keys that a value of this shape is, or consists of.
    pub(crate) fn object(&self) -> Option<&'static Object> {
        match self {
            Self::List(inner) | Self::Map(inner) | Self::Patterned(inner) => inner.object(),
            Self::Object(object) | Self::Definition(object) | Self::Component(_, object) => {
                Some(object)
            }
            Self::Text | Self::Flag | Self::Count | Self::Word(_) | Self::Any => None,
        }
    }
}

/// Reports where `node` doesn't have the `shape`. `form` is the rule that a
/// wrong type breaks.
pub(crate) fn check(node: &Node<'_>, shape: &Shape, form: Rule, report: &mut Report) {
    match shape {
        Shape::Any => {}
        Shape::Text => text(node, form, report),
        Shape::Flag => expect(node, node.value().is_boolean(), "`true` or `false`", form, report),
        Shape::Count => {
            expect(node, node.value().is_u64(), "a whole number in plain digits", form, report);
        }
        Shape::Word(accept) => {
            if let Err(problem) = accept(node.value()) {
                word(node, &problem, form, report);
            }
        }
        Shape::List(item) => match node.items() {
            Some(items) => items.iter().for_each(|node| check(node, item, form, report)),
            None => expect(node, false, "a list", form, report),
        },
        Shape::Map(value) => map(node, value, false, form, report),
        Shape::Patterned(value) => map(node, value, true, form, report),
        Shape::Object(fixed) => object(node, fixed, report),
        Shape::Definition(fixed) => match node.get("$ref") {
            Some(reference) => {
                let message = "a component can't be a reference to another one";
                let remedy = "write the component out, or remove it and refer to the other one";
                report.add(Rule::UnresolvedReference, reference.key_place(), message, remedy);
            }
            None => object(node, fixed, report),
        },
        Shape::Component(section, fixed) => match node.get("$ref") {
            Some(reference) => references::check(node, &reference, section, fixed.noun, report),
            None => object(node, fixed, report),
        },
    }
}

/// Checks a mapping whose keys are names, or, if it is `extensible`, extensions.
fn map(node: &Node<'_>, value: &Shape, extensible: bool, form: Rule, report: &mut Report) {
    expect(node, node.is_mapping(), "a mapping", form, report);
    for (key, node) in node.entries() {
        visible(key, &node, report);
        if matches!(value, Shape::Definition(_)) {
            component_key(key, &node, report);
        }
        match extension_fault(key, []).filter(|_| extensible) {
            Some(fault) => fault.report(&node, report),
            None if extensible && key.starts_with(EXTENSION) => {}
            None => {
                own_name(key, &node, report);
                check(&node, value, form, report);
            }
        }
    }
}

/// Reports a name that looks like an extension: nothing is disabled by it.
fn own_name(key: &str, node: &Node<'_>, report: &mut Report) {
    if let Some(rest) = key.strip_prefix(EXTENSION) {
        let message = format!("`{key}` is not an extension, but a name that begins with `x-`");
        let remedy = format!("write `{rest}`, or delete the entry");
        report.add(Rule::ExtensionName, node.key_place(), message, remedy);
    }
}

/// Reports the name of a component that OpenAPI doesn't allow.
fn component_key(key: &str, node: &Node<'_>, report: &mut Report) {
    let plain = |c: char| c.is_ascii_alphanumeric() || "._-".contains(c);
    if key.is_empty() || !key.chars().all(plain) {
        let message = format!("`{key}` can't be the name of a component");
        let remedy = "write letters and digits of ASCII, `.`, `_` and `-` only";
        report.add(Rule::OpenapiStructure, node.key_place(), message, remedy);
    }
}

fn object(node: &Node<'_>, object: &Object, report: &mut Report) {
    if !node.is_mapping() {
        return expect(node, false, "a mapping", object.form, report);
    }
    for (key, value) in node.entries() {
        match (object.member(key), object.fault(key)) {
            (Some(member), _) => check(&value, &member.shape, object.form, report),
            (None, Some(fault)) => fault.report(&value, report),
            (None, None) => {}
        }
    }
    for member in object.members {
        let (rule, example) = match member.need {
            Need::Optional | Need::Refused => continue,
            Need::Required(example) => (object.missing, example),
            Need::Documented(example) => (Rule::Documentation, example),
        };
        if object.lacks(node, member.key) {
            let message = format!("{} has no `{}`", object.this(), member.key);
            report.add(rule, node.place(), message, format!("add `{}: {example}`", member.key));
        }
    }
}

impl Fault {
    /// Reports the key of `value`.
    fn report(self, value: &Node<'_>, report: &mut Report) {
        report.add(self.rule, value.key_place(), self.message, self.remedy);
    }
}

/// What the name of an extension begins with.
pub(super) const EXTENSION: &str = "x-";

/// Every extension that means something here, and what it belongs to.
const EXTENSIONS: [(&str, &str); 5] = [
    ("x-graph-permissions", "an operation"),
    ("x-graph-sources", "the top level of the file"),
    (DIFFERENCES_KEY, "the top level of the file"),
    (PERMISSION_IDS_KEY, "a security scheme"),
    ("x-graph-cloud", "a server"),
];

/// Extensions that progenitor and typify would act on.
const REFUSED_EXTENSIONS: [&str; 3] =
    ["x-dropshot-websocket", "x-dropshot-pagination", "x-rust-type"];

/// What is wrong with the extension `key` of a mapping that has the `members`.
/// One that means nothing to anyone here is left alone.
fn extension_fault(
    key: &str,
    members: impl IntoIterator<Item = &'static str> + Clone,
) -> Option<Fault> {
    if !key.starts_with(EXTENSION) {
        return None;
    }
    let all = EXTENSIONS.map(|(name, _)| name);
    let known = members.clone().into_iter().filter(|member| member.starts_with(EXTENSION));
    if REFUSED_EXTENSIONS.contains(&key) {
        return Some(Fault {
            rule: Rule::UnsupportedFeature,
            message: format!("`{key}` would change the generated code"),
            remedy: format!("remove `{key}`"),
        });
    }
    let missing = format!("there is no extension `{key}`");
    let (message, remedy) = if let Some((_, owner)) = EXTENSIONS.iter().find(|(k, _)| *k == key) {
        let message = format!("`{key}` has no meaning here");
        (message, format!("move it to {owner}, or remove it"))
    } else if let Some(meant) = disabled(key, members) {
        let message = format!("`{key}` is an extension, and so is ignored");
        (message, format!("write `{meant}`, or delete the entry"))
    } else if let Some(meant) = similar(key, known).or_else(|| similar(key, all)) {
        (missing, format!("did you mean `{meant}`?"))
    } else if key.to_lowercase().starts_with("x-graph") {
        (missing, format!("write {}, or remove it", alternatives(all)))
    } else {
        return None;
    };
    Some(Fault { rule: Rule::ExtensionName, message, remedy })
}

/// How long a member has to be for something like it to be taken for it: short
/// words are like too many others.
const SHORTEST_MISSPELT: usize = 5;

/// The entry that `x-` in front of a key disables, which is how YAML is often
/// commented out: one of `members`, or what OpenAPI knows elsewhere, or a path, or
/// a status code.
fn disabled<'k, 'm: 'k>(
    key: &'k str,
    members: impl IntoIterator<Item = &'m str>,
) -> Option<&'k str> {
    let members: Vec<&str> = members.into_iter().collect();
    let mut rest = key.strip_prefix(EXTENSION)?;
    loop {
        let all = || members.iter().copied();
        if let Some(member) = all().find(|member| member.eq_ignore_ascii_case(rest)) {
            return Some(member);
        }
        if let Some(known) = tables::openapi_key(rest) {
            return Some(known);
        }
        let long = all().filter(|member| member.len() >= SHORTEST_MISSPELT);
        if let Some(member) = similar(rest, long) {
            return Some(member);
        }
        if rest.contains('/') || is_status(rest) {
            return Some(rest);
        }
        rest = rest.strip_prefix(EXTENSION).or_else(|| rest.strip_prefix(['-', '_', '.', ' ']))?;
    }
}

/// Whether `text` is the key of a response, such as `200` or `4XX`.
fn is_status(text: &str) -> bool {
    text.len() == 3
        && text.starts_with(|c: char| ('1'..='5').contains(&c))
        && text.chars().all(|c| c.is_ascii_digit() || c.eq_ignore_ascii_case(&'x'))
}

fn text(node: &Node<'_>, form: Rule, report: &mut Report) {
    match node.value() {
        Value::String(text) if text.trim().is_empty() => {
            report.add(
                Rule::Documentation,
                node.place(),
                format!("{} is blank", node.name()),
                "write a text",
            );
        }
        Value::String(text) => visible(text, node, report),
        scalar @ (Value::Number(_) | Value::Bool(_)) => {
            let message = format!("{} has to be text, but is {}", node.name(), kind(scalar));
            let remedy = format!("put it into quotes: `'{}'`", node.source());
            report.add(form, node.place(), message, remedy);
        }
        _ => expect(node, false, "text", form, report),
    }
}

/// Reports the first character that nobody sees. Rust refuses some of them in
/// comments and literals; none has a place in a text about an API.
fn visible(text: &str, node: &Node<'_>, report: &mut Report) {
    let invisible = |c: &char| {
        (c.is_control() && !matches!(c, '\n' | '\t'))
            || matches!(
                c,
                '\u{00AD}'
                    | '\u{061C}'
                    | '\u{200B}'
                    | '\u{200E}'
                    | '\u{200F}'
                    | '\u{2028}'..='\u{202E}'
                    | '\u{2060}'
                    | '\u{2066}'..='\u{2069}'
                    | '\u{FEFF}'
            )
    };
    if let Some(character) = text.chars().find(invisible) {
        let message =
            format!("{} has the invisible character U+{:04X}", node.name(), u32::from(character));
        report.add(Rule::Documentation, node.place(), message, "remove the character");
    }
}

fn expect(node: &Node<'_>, met: bool, expected: &str, form: Rule, report: &mut Report) {
    if met {
        return;
    }
    let (message, remedy) = match node.value() {
        Value::Null => (
            format!("{} has to be {expected}, but has no value", node.name()),
            match node.name().as_str() {
                "this item" => format!("write {expected} instead, or remove the item"),
                _ => format!("write {expected} after the colon"),
            },
        ),
        value => (
            format!("{} has to be {expected}, but is {}", node.name(), kind(value)),
            format!("write {expected} instead"),
        ),
    };
    report.add(form, node.place(), message, remedy);
}

/// Reports a value that isn't one of the words that a Rust type has; serde's
/// own message names them.
fn word(node: &Node<'_>, problem: &str, form: Rule, report: &mut Report) {
    let allowed = problem.split_once("expected ").map_or(problem, |(_, allowed)| allowed);
    let message = match node.value().as_str() {
        Some(text) => format!("`{text}` is not one of the words that belong here"),
        None => format!("{} has to be a word, but is {}", node.name(), kind(node.value())),
    };
    let words = allowed.split('`').skip(1).step_by(2);
    let remedy = if allowed.contains('`') {
        super::names::instead(node.value().as_str().unwrap_or_default(), words)
    } else {
        "write the word as text".to_owned()
    };
    report.add(form, node.place(), message, remedy);
}

/// What `value` is, in words.
fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "empty",
        Value::Bool(_) => "`true` or `false`",
        Value::Number(_) => "a number",
        Value::String(_) => "text",
        Value::Array(_) => "a list",
        Value::Object(_) => "a mapping",
    }
}
