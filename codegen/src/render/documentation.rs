//! Documentation of what is rendered.

use proc_macro2::TokenStream;
use quote::quote;

/// Documentation of an item: paragraphs, separated by an empty line.
pub(super) fn doc<'a>(paragraphs: impl IntoIterator<Item = &'a str>) -> TokenStream {
    let mut lines = TokenStream::new();
    for (index, paragraph) in paragraphs.into_iter().enumerate() {
        if index > 0 {
            lines.extend(quote!(#[doc = ""]));
        }
        for line in paragraph.trim().lines() {
            let line = format!(" {line}");
            lines.extend(quote!(#[doc = #line]));
        }
    }
    lines
}
