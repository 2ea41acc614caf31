//! Renders a type for each path parameter.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};

use super::{documentation::doc, wrapper};
use crate::api::Api;
use crate::docs::markdown;
use crate::{api, names};

pub(super) fn identifier(api: &Api) -> TokenStream {
    let types = api.identifiers.iter().map(identifier_type);
    // An API without parameters has no use for the imports.
    if api.identifiers.is_empty() {
        return TokenStream::new();
    }
    let imports = wrapper::identifier_imports();
    quote! {
        #imports
        #(#types)*
    }
}

fn identifier_type(identifier: &api::Identifier) -> TokenStream {
    let parameter = &identifier.name;
    let alias = format_ident!("{}", names::type_name(parameter));
    let marker = format_ident!("{}", names::marker_name(parameter));
    let length = format!("At most {} characters.", identifier.max_length);
    let description = markdown::sentence(&markdown::block(&identifier.description));
    let alias_doc = doc([description.as_str(), &length]);
    let marker_doc = doc([format!("The path parameter `{parameter}`.").as_str()]);
    let identifier_type = wrapper::identifier_type(&marker);
    let path_parameter = wrapper::path_parameter(&marker, parameter, identifier.max_length);
    quote! {
        #alias_doc
        pub type #alias = #identifier_type;

        #marker_doc
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum #marker {}

        #path_parameter
    }
}
