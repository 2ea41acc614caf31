//! Renders the table of operations with their permissions, and the words of both.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};

use super::{documentation::doc, words::words, wrapper};
use crate::{
    api::{Api, Operation, Source, Target},
    docs::markdown,
    names,
};

pub(super) fn operation(api: &Api) -> TokenStream {
    let variants: Vec<_> = api.operations().map(|(_, operation)| variant(operation)).collect();
    let declarations = api.operations().map(|(target, operation)| declaration(target, operation));
    let details = api.operations().map(|(target, operation)| details(api, target, operation));
    let permissions: Vec<_> =
        api.operations().flat_map(|(_, operation)| &operation.permissions).collect();
    let is_used = |source: &&Source| permissions.iter().any(|used| used.source == source.key);
    let sources = api.sources.iter().filter(is_used).map(source);
    let (imports, words) = (wrapper::operation_imports(), words());
    let details_type = wrapper::operation_details_type();
    quote! {
        #imports

        #(#sources)*

        /// An operation of the API: a method on a path.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum Operation { #(#declarations),* }

        impl Operation {
            /// Every operation, in the order of the spec.
            pub const ALL: &'static [Self] = &[#(Self::#variants),*];

            pub(crate) const fn details(self) -> &'static #details_type {
                match self { #(#details),* }
            }
        }

        #words
    }
}

/// The variant of an operation.
pub(super) fn variant(operation: &Operation) -> proc_macro2::Ident {
    format_ident!("{}", names::variant_name(&operation.id))
}

fn declaration(target: &Target, operation: &Operation) -> TokenStream {
    let request = format!("`{} {}`", operation.method.as_str(), target.path_template());
    let doc = doc([markdown::sentence(&markdown::line(&operation.summary)).as_str(), &request]);
    let variant = variant(operation);
    quote!(#doc #variant)
}

fn details(api: &Api, target: &Target, operation: &Operation) -> TokenStream {
    let variant = variant(operation);
    let permissions = operation.permissions.iter().map(|permission| {
        let source = source_name(&permission.source);
        wrapper::permission(permission, api.scope(permission), &source)
    });
    let details = wrapper::operation_details(target, operation, permissions);
    quote!(Self::#variant => &#details)
}

fn source(source: &Source) -> TokenStream {
    wrapper::permission_source(&source_name(&source.key), &source.title, &source.url)
}

fn source_name(key: &str) -> proc_macro2::Ident {
    format_ident!("{}", names::snake_name(key).to_uppercase())
}
