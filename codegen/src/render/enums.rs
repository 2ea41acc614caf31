//! Renders the enums whose variants the model knows: what each of them means, and
//! its words, are written in this crate alone.

use std::fmt::Debug;

use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use schemars::{JsonSchema, SchemaGenerator};
use serde_json::Value;

use super::documentation::doc;
use crate::api::{
    Method,
    permissions::{AccountKind, Condition, PermissionType},
};

const CLAUSE: &str = "What has to hold, as a clause that follows \"only if\".";
const NAME: &str = "As the spec and JSON write it.";
const VERB: &str = "What it does to a photo, as an infinitive.";

pub(super) fn words() -> TokenStream {
    let open = quote!(#[non_exhaustive]);
    let enums = [
        enumeration(
            ("UploadMethod", &quote!()),
            &Method::ALL,
            &[("as_str", "As HTTP writes it.", Method::as_str), ("verb", VERB, Method::verb)],
            Method::as_str,
        ),
        enumeration(
            ("PermissionType", &quote!()),
            &PermissionType::ALL,
            &[("name", NAME, PermissionType::name)],
            PermissionType::name,
        ),
        enumeration(
            ("Condition", &open),
            &Condition::ALL,
            &[("name", NAME, Condition::name), ("clause", CLAUSE, Condition::clause)],
            Condition::words,
        ),
        enumeration(
            ("AccountKind", &open),
            &AccountKind::ALL,
            &[("name", NAME, AccountKind::name)],
            AccountKind::name,
        ),
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

/// A variant of an enum of the client, which is called as it is in the model.
pub(super) fn model_variant(of: &str, value: impl Debug) -> TokenStream {
    let (of, variant) = (format_ident!("{of}"), format_ident!("{value:?}"));
    quote!(#of::#variant)
}

type Text<T> = fn(T) -> &'static str;

/// An enum of the model by the name that it has in the client, with attributes; with a
/// function for each text, and with the text that it is displayed as.
fn enumeration<T: Copy + Debug + JsonSchema>(
    (name, attributes): (&str, &TokenStream),
    all: &[T],
    texts: &[(&str, &str, Text<T>)],
    displayed: Text<T>,
) -> TokenStream {
    // What is documented in the model is in its JSON Schema, in the same order.
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
            /// Every one.
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
