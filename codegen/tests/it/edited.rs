//! Each random edit of the spec ends in a rendering or in helpful findings, never in a panic or a
//! message of progenitor.

use graph_photo_codegen::{Findings, RenderError, render};

use crate::{
    edits::{Random, count, mutate},
    spec::SPEC,
};

/// The first fault of the findings themselves.
pub(crate) fn unusable(findings: &Findings, text: &str) -> Option<String> {
    let rendered = findings.to_string();
    if findings.iter().next().is_none() || !rendered.contains("spec/README.md") {
        return Some("no findings".to_owned());
    }
    let json = findings.to_json();
    let bad = findings.iter().find(|finding| {
        let line = text[..finding.span.start.min(text.len())].matches('\n').count() + 1;
        text.get(finding.span.clone()).is_none_or(|spanned| spanned.contains('\n'))
            || !rendered.contains(&format!("spec/openapi.yaml:{line}:"))
            || finding.remedy.is_empty()
            || finding.message.is_empty()
            // The last resort, for faults that the rules miss.
            || finding.message.contains("can't be read as OpenAPI")
            || !rendered.contains(finding.rule.name())
            || !json.contains(finding.rule.name())
    });
    bad.map(|finding| format!("{finding:?}"))
}

#[test]
fn ends_in_a_rendering_or_in_findings() {
    let mut random = Random::new();
    let (mut accepted, mut crowded) = (0, 0);
    let count = count();
    for _ in 0..count {
        let (what, text) = mutate(&mut random, SPEC);
        match render(&text) {
            Ok(_) => accepted += 1,
            Err(RenderError::Spec(findings)) => {
                assert_eq!(unusable(&findings, &text), None, "{what}");
                crowded += usize::from(findings.iter().count() > 6);
            }
            Err(error) => panic!("{what}: {error}"),
        }
    }
    println!("{count} edits: {accepted} accepted; {crowded} with more than six findings");
    // If most were accepted, or one fault had many findings, something is off.
    assert!(accepted > 0 && accepted < count / 5, "{accepted} of {count}");
    assert!(crowded < count / 10, "{crowded} of {count}");
}
