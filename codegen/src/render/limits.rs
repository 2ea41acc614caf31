//! Renders the media type, the size limit, the suffix of photo paths and the id of
//! Graph.

use proc_macro2::TokenStream;
use quote::quote;

use crate::{
    api::{Api, PHOTO_SUFFIX},
    permissions::GRAPH_APP_ID,
};

pub(super) fn limits(api: &Api) -> TokenStream {
    let media_type = &api.media_type;
    let bytes = proc_macro2::Literal::u64_unsuffixed(api.max_request_bytes);
    quote! {
        /// The media type of a photo, on the wire and in memory.
        pub const MEDIA_TYPE: &str = #media_type;
        /// The largest request that Graph accepts, in bytes: request line,
        /// headers and photo together.
        pub const MAX_REQUEST_BYTES: u64 = #bytes;
        /// What the path of a photo adds to the path of its resource.
        pub(crate) const PHOTO_SUFFIX: &str = #PHOTO_SUFFIX;
        /// The id of Microsoft Graph itself, the same in every organization: an app
        /// registration names it as the resource that it asks permissions of.
        pub const GRAPH_APP_ID: &str = #GRAPH_APP_ID;
    }
}
