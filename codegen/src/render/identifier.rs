//! Renders a type for each path parameter.

use proc_macro2::{Literal, TokenStream};
use quote::{format_ident, quote};

use super::{doc, sentence};
use crate::{
    api::{self, Api},
    docs::markdown,
    names,
};

pub(super) fn identifier(api: &Api) -> TokenStream {
    let types = api.identifiers.iter().map(identifier_type);
    // An API without parameters has no use for the imports.
    if api.identifiers.is_empty() {
        return TokenStream::new();
    }
    quote! {
        use crate::identifier::{Identifier, PathParameter};
        #(#types)*
    }
}

fn identifier_type(identifier: &api::Identifier) -> TokenStream {
    let parameter = &identifier.name;
    let alias = format_ident!("{}", names::type_name(parameter));
    let marker = format_ident!("{}", names::marker_name(parameter));
    let max_length = Literal::u64_unsuffixed(identifier.max_length);
    let length = format!("At most {} characters.", identifier.max_length);
    let description = sentence(&markdown::block(&identifier.description));
    let alias_doc = doc([description.as_str(), &length]);
    let marker_doc = doc([format!("The path parameter `{parameter}`.").as_str()]);
    quote! {
        #alias_doc
        pub type #alias = Identifier<#marker>;

        #marker_doc
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum #marker {}

        impl PathParameter for #marker {
            const NAME: &'static str = #parameter;
            const MAX_LENGTH: usize = #max_length;
        }
    }
}
