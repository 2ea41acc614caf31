//! Renders enums of the model with their words, which are written in this crate alone.

use std::fmt::Debug;

use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use schemars::{JsonSchema, SchemaGenerator};
use serde_json::Value;

use super::documentation::doc;
use crate::api::Method;
use crate::api::permissions::{AccountKind, Condition, PermissionType};

const CLAUSE: &str = "The condition as a clause that follows \"only if\".";
const METHOD: &str = "The method as HTTP writes it.";
const NAME: &str = "The word in the spec and in JSON.";
const VERB: &str = "What it does to a photo, as an infinitive.";

pub(super) fn words() -> TokenStream {
    let method = [("as_str", METHOD, Method::as_str as Text<_>), ("verb", VERB, Method::verb)];
    let of_type = [("name", NAME, PermissionType::name as Text<_>)];
    let condition =
        [("name", NAME, Condition::name as Text<_>), ("clause", CLAUSE, Condition::clause)];
    let kind = [("name", NAME, AccountKind::name as Text<_>)];
    let types = PermissionType::ALL;
    let enums = [
        enumeration("UploadMethod", false, &Method::ALL, &method, Method::as_str),
        enumeration("PermissionType", false, &types, &of_type, PermissionType::name),
        enumeration("Condition", true, &Condition::ALL, &condition, Condition::words),
        enumeration("AccountKind", true, &AccountKind::ALL, &kind, AccountKind::name),
    ];
    quote! {
        #(#enums)*

        impl Default for UploadMethod {
            fn default() -> Self {
                Self::Put
            }
        }
    }
}

/// A variant of an enum of the client, named as in the model.
pub(super) fn model_variant(of: &str, value: impl Debug) -> TokenStream {
    let (of, variant) = (format_ident!("{of}"), format_ident!("{value:?}"));
    quote!(#of::#variant)
}

type Text<T> = fn(T) -> &'static str;

/// An enum of the model by its name in the client, with a function for each text.
fn enumeration<T: Copy + Debug + JsonSchema>(
    name: &str,
    is_open: bool,
    all: &[T],
    texts: &[(&str, &str, Text<T>)],
    displayed: Text<T>,
) -> TokenStream {
    // The JSON Schema has the model's documentation, in the same order.
    let attributes = is_open.then(|| quote!(#[non_exhaustive]));
    let schema = SchemaGenerator::default().into_root_schema_for::<T>();
    let (name, name_doc) = (format_ident!("{name}"), doc_of(schema.as_value()));
    let docs = schema.as_value()["oneOf"].as_array().into_iter().flatten().map(doc_of);
    let idents: Vec<_> = all.iter().map(|value| format_ident!("{value:?}")).collect();
    let functions = texts.iter().map(|(function, documentation, text)| {
        let (function, doc) = (format_ident!("{function}"), doc([*documentation]));
        let texts = all.iter().map(|value| text(*value));
        quote! {
            #doc
            pub const fn #function(self) -> &'static str {
                match self { #(Self::#idents => #texts),* }
            }
        }
    });
    let displayed = all.iter().map(|value| displayed(*value));
    quote! {
        #name_doc
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #attributes
        pub enum #name { #(#docs #idents),* }

        impl #name {
            /// All of them.
            pub const ALL: &'static [Self] = &[#(Self::#idents),*];

            #(#functions)*
        }

        impl std::fmt::Display for #name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(match self { #(Self::#idents => #displayed),* })
            }
        }
    }
}

fn doc_of(schema: &Value) -> TokenStream {
    doc([schema["description"].as_str().unwrap_or_default()])
}
