//! The page that shows a person with a browser what is stored.

use std::fmt::Write as _;

use super::state::StoredPhoto;

const HEAD: &str = r#"<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Graph photo emulator</title>
<style>
body { font-family: system-ui, sans-serif; margin: 2rem; }
main { display: flex; flex-wrap: wrap; gap: 2rem; }
figure { margin: 0; max-width: 20rem; overflow-wrap: anywhere; }
img { max-width: 100%; min-width: 4rem; }
</style>
<h1>Graph photo emulator</h1>
<main>
"#;

/// The page, in HTML, with each photo by its URL.
pub(super) fn render<'p>(photos: impl IntoIterator<Item = &'p StoredPhoto>) -> String {
    let mut page = HEAD.to_owned();
    let mut is_empty = true;
    for photo in photos {
        is_empty = false;
        let path = escape(&photo.path);
        writeln!(
            page,
            "<figure>\n<img src=\"{path}\" alt=\"\">\n<figcaption><code>{path}</code><br>\n\
             {size} bytes, allowed by {permission}</figcaption>\n</figure>",
            size = photo.bytes.len(),
            permission = escape(&photo.permission.to_string()),
        )
        .expect("a String takes all that is written to it");
    }
    if is_empty {
        page.push_str("<p>No photo has been stored yet.</p>\n");
    }
    page + "</main>\n</html>\n"
}

/// Text as HTML, inside an element or a quoted attribute.
fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
