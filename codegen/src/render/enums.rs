//! Renders the enums whose variants the model knows: what each of them means, and
//! its words, are written in this crate alone.

use std::fmt::Debug;

use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};
use schemars::{JsonSchema, SchemaGenerator};
use serde::de::DeserializeOwned;
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
        enumeration::<Method>(
            ("UploadMethod", &quote!()),
            &[
                ("as_str", "As HTTP writes it.", Variant::word),
                ("verb", VERB, |it| it.value.verb()),
            ],
            Variant::word,
        ),
        enumeration::<PermissionType>(
            ("PermissionType", &quote!()),
            &[("name", NAME, Variant::word)],
            Variant::word,
        ),
        enumeration::<Condition>(
            ("Condition", &open),
            &[("name", NAME, Variant::word), ("clause", CLAUSE, |it| it.value.clause())],
            |it| it.value.words(),
        ),
        enumeration::<AccountKind>(
            ("AccountKind", &open),
            &[("name", NAME, Variant::word)],
            Variant::word,
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

struct Variant<T> {
    value: T,
    ident: Ident,
    /// As the spec writes it.
    word: String,
    doc: TokenStream,
}

impl<T> Variant<T> {
    fn word(&self) -> &str {
        &self.word
    }
}

/// What is told of a variant.
type Text<T> = fn(&Variant<T>) -> &str;

/// An enum of the model by the name that it has in the client, with attributes; with a
/// function for each text, and with the text that it is displayed as.
fn enumeration<T: Debug + DeserializeOwned + JsonSchema>(
    (name, attributes): (&str, &TokenStream),
    texts: &[(&str, &str, Text<T>)],
    displayed: Text<T>,
) -> TokenStream {
    let schema = SchemaGenerator::default().into_root_schema_for::<T>();
    let (name, name_doc) = (format_ident!("{name}"), doc_of(schema.as_value()));
    let variants = variants::<T>(schema.as_value());
    let docs = variants.iter().map(|variant| &variant.doc);
    let idents: Vec<_> = variants.iter().map(|variant| &variant.ident).collect();
    let functions = texts.iter().map(|(function, documentation, text)| {
        let (function, doc) = (format_ident!("{function}"), doc([*documentation]));
        let texts = variants.iter().map(text);
        quote! {
            #doc
            pub const fn #function(self) -> &'static str {
                match self { #(Self::#idents => #texts),* }
            }
        }
    });
    let displayed = variants.iter().map(displayed);
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

/// The variants of an enum, as its JSON Schema describes them.
fn variants<T: Debug + DeserializeOwned>(schema: &Value) -> Vec<Variant<T>> {
    let variants = schema["oneOf"].as_array().into_iter().flatten();
    let variant = |schema: &Value| {
        let word = schema["const"].as_str()?.to_owned();
        let value: T = serde_json::from_value(schema["const"].clone()).ok()?;
        Some(Variant { ident: format_ident!("{value:?}"), value, word, doc: doc_of(schema) })
    };
    variants.filter_map(variant).collect()
}

fn doc_of(schema: &Value) -> TokenStream {
    doc([schema["description"].as_str().unwrap_or_default()])
}
