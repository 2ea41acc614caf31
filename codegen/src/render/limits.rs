//! Renders constants: media type, size limit, path suffix, Graph's id, forbidden characters.

use proc_macro2::{Literal, TokenStream};
use quote::quote;

use crate::api::{Api, PHOTO_SUFFIX, permissions::GRAPH_APP_ID};

pub(super) fn limits(api: &Api) -> TokenStream {
    let media_type = &api.media_type;
    let bytes = Literal::u64_unsuffixed(api.max_request_bytes);
    let pattern = api.identifiers.first().map(|identifier| &identifier.pattern);
    let forbidden =
        pattern.map_or(&[][..], |pattern| &pattern.forbidden).iter().copied().map(range);
    let space_at_ends = pattern.is_none_or(|pattern| pattern.space_at_ends);
    quote! {
        /// The media type of a photo, on the wire and in memory.
        pub const MEDIA_TYPE: &str = #media_type;
        /// The size of the largest request in bytes: request line, headers and photo together.
        pub const MAX_REQUEST_BYTES: u64 = #bytes;
        /// The end of a photo's path, after the path of its resource.
        pub(crate) const PHOTO_SUFFIX: &str = #PHOTO_SUFFIX;
        /// The id of Microsoft Graph as a resource in app registrations, everywhere the same.
        pub const GRAPH_APP_ID: &str = #GRAPH_APP_ID;
        /// Characters forbidden in identifiers: ascending ranges of code points, ends included.
        pub(crate) const FORBIDDEN_CHARACTERS: &[(u32, u32)] = &[#(#forbidden),*];
        /// Whether an identifier may begin or end with a space.
        pub(crate) const SPACE_AT_ENDS: bool = #space_at_ends;
    }
}

/// A range of code points as Unicode writes them: some characters are invisible in a literal.
fn range((first, last): (u32, u32)) -> TokenStream {
    let [first, last] = [first, last].map(|code_point| {
        format!("0x{code_point:04X}").parse::<Literal>().expect("these are hexadecimal digits")
    });
    quote!((#first, #last))
}
