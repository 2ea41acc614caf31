//! Renders the enums whose variants the model knows: what each of them means, and
//! its words, are written in this crate alone.

use std::fmt::Debug;

use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};
use schemars::{JsonSchema, SchemaGenerator};
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::documentation::doc;
use crate::{
    api::{Method, PermissionType},
    permissions::{AccountKind, Condition},
};

pub(super) fn words() -> TokenStream {
    let method = Enumeration::<Method>::read("UploadMethod");
    let method_texts = [
        method.text("as_str", "As HTTP writes it.", Variant::word),
        method.text("verb", "What it does to a photo, as an infinitive.", |it| it.value.verb()),
    ];
    let condition = Enumeration::<Condition>::read("Condition");
    let condition_texts = [
        condition.name(),
        condition.text("clause", "What has to hold, as a clause that follows \"only if\".", |it| {
            it.value.clause()
        }),
    ];
    let permission_type = Enumeration::<PermissionType>::read("PermissionType");
    let account_kind = Enumeration::<AccountKind>::read("AccountKind");
    let open = quote!(#[non_exhaustive]);
    let enums = [
        method.render(&quote!(), &method_texts, Variant::word),
        permission_type.render(&quote!(), &[permission_type.name()], Variant::word),
        condition.render(&open, &condition_texts, |it| it.value.words()),
        account_kind.render(&open, &[account_kind.name()], Variant::word),
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

/// An enum of the model, as its JSON Schema describes it.
struct Enumeration<T> {
    name: Ident,
    documentation: String,
    variants: Vec<Variant<T>>,
}

struct Variant<T> {
    value: T,
    ident: Ident,
    /// As the spec writes it.
    word: String,
    documentation: String,
}

impl<T> Variant<T> {
    fn word(&self) -> &str {
        &self.word
    }
}

impl<T: Debug + DeserializeOwned + JsonSchema> Enumeration<T> {
    /// The enum that the client calls by this name.
    fn read(name: &str) -> Self {
        let schema = SchemaGenerator::default().into_root_schema_for::<T>();
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let variant = |schema: &Value| {
            let value: T = serde_json::from_value(schema["const"].clone()).ok()?;
            let ident = format_ident!("{value:?}");
            let (word, documentation) = (text(&schema["const"]), text(&schema["description"]));
            Some(Variant { value, ident, word, documentation })
        };
        let schema = schema.as_value();
        let variants = schema["oneOf"].as_array().into_iter().flatten().filter_map(variant);
        Self {
            name: format_ident!("{name}"),
            documentation: text(&schema["description"]),
            variants: variants.collect(),
        }
    }

    /// The function that tells the word of each variant.
    fn name(&self) -> TokenStream {
        self.text("name", "As the spec and JSON write it.", Variant::word)
    }

    /// A function that tells a text of each variant.
    fn text(
        &self,
        function: &str,
        documentation: &str,
        text: impl Fn(&Variant<T>) -> &str,
    ) -> TokenStream {
        let (function, doc) = (format_ident!("{function}"), doc([documentation]));
        let texts = self.match_self(text);
        quote! {
            #doc
            #[must_use]
            pub const fn #function(self) -> &'static str { #texts }
        }
    }

    fn match_self(&self, text: impl Fn(&Variant<T>) -> &str) -> TokenStream {
        let variants = self.variants.iter().map(|variant| &variant.ident);
        let texts = self.variants.iter().map(text);
        quote!(match self { #(Self::#variants => #texts),* })
    }

    fn render(
        &self,
        attributes: &TokenStream,
        functions: &[TokenStream],
        displayed: impl Fn(&Variant<T>) -> &str,
    ) -> TokenStream {
        let (name, doc_of_all) = (&self.name, doc([self.documentation.as_str()]));
        let variants: Vec<_> = self.variants.iter().map(|variant| &variant.ident).collect();
        let docs = self.variants.iter().map(|variant| doc([variant.documentation.as_str()]));
        let displayed = self.match_self(displayed);
        quote! {
            #doc_of_all
            #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
            #attributes
            pub enum #name { #(#docs #variants),* }

            impl #name {
                /// Every one.
                pub const ALL: &'static [Self] = &[#(Self::#variants),*];

                #(#functions)*
            }

            impl std::fmt::Display for #name {
                fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                    f.write_str(#displayed)
                }
            }
        }
    }
}
