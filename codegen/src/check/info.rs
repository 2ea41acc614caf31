//! The version of OpenAPI, and the title and version of the API.

use super::members::Object;
use crate::{diagnostics::rule::Rule, yaml::document::Node};

pub(super) fn read(root: &Node<'_>) -> Option<(String, String)> {
    if let Some(node) = root.require(Rule::OpenapiVersion, Object::Root, "openapi", "3.0.3") {
        let patch = node.value().as_str().and_then(|version| version.strip_prefix("3.0."));
        if !patch.is_some_and(is_number) {
            let message = format!("the generator reads OpenAPI 3.0.x, not `{}`", node.source());
            node.fault(Rule::OpenapiVersion, message, "write `openapi: 3.0.3`");
        }
    }
    let info = root.mapping("info")?;
    let (title, version) = (info.text("title")?, info.get("version")?);
    let text = version.as_text()?;
    if !is_version(text) {
        let message = format!("`{text}` is not a version");
        version.fault(Rule::Info, message, "write three numbers, such as `1.0.0`");
    }
    Some((title.to_owned(), text.to_owned()))
}

fn is_version(text: &str) -> bool {
    let (release, label) = text.split_once(['-', '+']).unwrap_or((text, "0"));
    let plain = |c: char| c.is_ascii_alphanumeric() || c == '-';
    release.split('.').count() == 3
        && release.split('.').all(is_number)
        && label.split(['.', '+']).all(|word| !word.is_empty() && word.chars().all(plain))
}

fn is_number(text: &str) -> bool {
    !text.is_empty() && text.len() <= 9 && text.chars().all(|c| c.is_ascii_digit())
}
