//! Renders the table of operations with their permissions, and the words of both.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};

use super::documentation::doc;
use super::enums::{model_variant, words};
use super::wrapper;
use crate::api::{Api, Operation, Permission, Scheme, Scope, Source, Target};
use crate::docs::markdown;
use crate::names;

/// The facts about an operation: name, type and documentation.
const FACTS: [(&str, &str, &str); 7] = [
    ("id", "&'static str", "The `operationId`."),
    ("method", "UploadMethod", "The HTTP method."),
    ("path_template", "&'static str", "The path with its parameters in braces."),
    (
        "is_of_signed_in_user",
        "bool",
        "Whether its path begins at the signed-in user, whom only a delegated token has.",
    ),
    ("summary", "&'static str", "What it does, in a few words."),
    ("account_kinds", "&'static [AccountKind]", "The kinds of accounts it works with."),
    (
        "permissions",
        "&'static [Permission]",
        "The permissions, any of which suffices; the least privileged of each type first.",
    ),
];

pub(super) fn operation(api: &Api) -> TokenStream {
    let variants: Vec<_> = api.operations().map(|(_, operation)| variant(operation)).collect();
    let declarations = api.operations().map(|(target, operation)| declaration(target, operation));
    let details = api.operations().map(|(target, operation)| details(api, target, operation));
    let permissions: Vec<_> =
        api.operations().flat_map(|(_, operation)| &operation.permissions).collect();
    let is_used = |source: &&Source| permissions.iter().any(|used| used.source == source.key);
    let sources = api.sources.iter().filter(is_used).map(source);
    let (imports, words) = (wrapper::operation_imports(), words());
    let (fields, accessors): (Vec<_>, Vec<_>) = FACTS.iter().map(fact).unzip();
    quote! {
        #imports

        #(#sources)*

        /// An operation of the API: a method on a path.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum Operation { #(#declarations),* }

        /// The facts about an operation.
        struct Details { #(#fields),* }

        impl Operation {
            /// Every operation, in the order of the spec.
            pub const ALL: &'static [Self] = &[#(Self::#variants),*];

            const fn details(self) -> &'static Details {
                match self { #(#details),* }
            }

            #(#accessors)*
        }

        /// The `operationId`.
        impl std::fmt::Display for Operation {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.id())
            }
        }

        #words
    }
}

/// A field of the details of an operation, and its accessor.
fn fact((name, value_type, documentation): &(&str, &str, &str)) -> (TokenStream, TokenStream) {
    let (name, doc) = (format_ident!("{name}"), doc([*documentation]));
    let value_type: TokenStream = value_type.parse().expect("a type is Rust");
    let accessor = quote! {
        #doc
        pub const fn #name(self) -> #value_type {
            self.details().#name
        }
    };
    (quote!(#name: #value_type), accessor)
}

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
    let Operation { id, method, summary, .. } = operation;
    let variant = variant(operation);
    let method = model_variant("UploadMethod", method);
    let path_template = target.path_template();
    let is_of_signed_in_user = target.is_of_signed_in_user();
    let account_kinds = operation.account_kinds.iter().map(|it| model_variant("AccountKind", it));
    let permissions = operation.permissions.iter().map(|permission| {
        let source = source_name(&permission.source);
        wrapper::permission(permission, scope_of(api, permission), &source)
    });
    quote! {
        Self::#variant => &Details {
            id: #id,
            method: #method,
            path_template: #path_template,
            is_of_signed_in_user: #is_of_signed_in_user,
            summary: #summary,
            account_kinds: &[#(#account_kinds),*],
            permissions: &[#(#permissions),*],
        }
    }
}

fn scope_of<'a>(api: &'a Api, permission: &Permission) -> &'a Scope {
    let of_type = |scheme: &&Scheme| scheme.permission_type == permission.permission_type;
    let mut scopes = api.schemes.iter().filter(of_type).flat_map(|scheme| &scheme.scopes);
    let scope = scopes.find(|scope| scope.name == permission.scope);
    scope.expect("a permission of an API names a scope of one of its schemes")
}

fn source(source: &Source) -> TokenStream {
    wrapper::permission_source(&source_name(&source.key), &source.title, &source.url)
}

fn source_name(key: &str) -> proc_macro2::Ident {
    format_ident!("{}", names::snake_name(key).to_uppercase())
}
