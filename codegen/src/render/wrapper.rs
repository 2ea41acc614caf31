//! Every name of the wrapper in `generated-client/src` that rendered code uses.

use proc_macro2::{Ident, Literal, TokenStream};
use quote::{ToTokens, format_ident, quote};
use syn::Expr;

use super::enums::model_variant;
use crate::api::{Operation, Permission, Scope};
use crate::names;

/// Declares functions that return fixed tokens.
macro_rules! fixed {
    ($($(#[$doc:meta])* $name:ident = { $($tokens:tt)* };)+) => {
        $($(#[$doc])* pub(crate) fn $name() -> TokenStream { quote!($($tokens)*) })+
    };
}

fixed! {
    /// The inner type of the generated client, which sends its requests.
    transport = { crate::transport::Transport };
    /// The return type of the client's methods.
    outcome = { Result<crate::transport::outcome::UploadResponse, crate::error::Error> };
    /// The type of a validated photo.
    photo = { crate::JpegPhoto };
    /// The error of an identifier's constructor.
    invalid_identifier = { InvalidIdentifier };
    /// The writer of a target's path.
    path_writer = { PathWriter<'_, '_> };
    identifier_imports = { use crate::target::identifier::{Identifier, PathParameter}; };
    operation_imports = { use crate::auth::permission::{Permission, PermissionSource}; };
    target_imports = {
        use crate::target::identifier::InvalidIdentifier;
        use crate::target::path::PathWriter;
    };
}

/// The last expression of a method of the client, which sends a request.
pub(crate) fn send(request: &Expr, operation: &Operation) -> TokenStream {
    let operation = format_ident!("{}", names::variant_name(&operation.id));
    quote!(self.inner.send(#request, crate::generated::operation::Operation::#operation).await)
}

/// The URL of path segments, in a method of the client.
pub(crate) fn url(segments: &[Expr]) -> TokenStream {
    quote!(self.inner.url([#(#segments),*]))
}

pub(crate) fn identifier_path(type_name: &str) -> String {
    format!("crate::generated::identifier::{type_name}")
}

pub(crate) fn identifier_value(identifier: &impl ToTokens) -> TokenStream {
    quote!(#identifier.as_str())
}

pub(super) fn identifier_type(marker: &Ident) -> TokenStream {
    quote!(Identifier<#marker>)
}

pub(super) fn new_identifier(type_name: &Ident, value: &Ident) -> TokenStream {
    quote!(#type_name::new(#value))
}

/// The facts that a marker tells about its path parameter.
pub(super) fn path_parameter(marker: &Ident, name: &str, max_length: u64) -> TokenStream {
    let max_length = Literal::u64_unsuffixed(max_length);
    quote! {
        impl PathParameter for #marker {
            const NAME: &'static str = #name;
            const MAX_LENGTH: usize = #max_length;
        }
    }
}

/// A permission, with its scope and the constant of its source.
pub(super) fn permission(permission: &Permission, scope: &Scope, source: &Ident) -> TokenStream {
    let permission_type = model_variant("PermissionType", permission.permission_type);
    let Scope { name, id, description } = scope;
    let privilege = Literal::u32_unsuffixed(permission.privilege);
    let condition = permission.condition.map(|condition| model_variant("Condition", condition));
    let condition = condition.map_or_else(|| quote!(None), |condition| quote!(Some(#condition)));
    quote! {
        Permission {
            permission_type: #permission_type,
            scope: #name,
            id: #id,
            description: #description,
            privilege: #privilege,
            condition: #condition,
            source: &#source,
        }
    }
}

pub(super) fn permission_source(name: &Ident, title: &str, url: &str) -> TokenStream {
    quote! {
        const #name: PermissionSource = PermissionSource { title: #title, url: #url };
    }
}

pub(super) fn write_literal(writer: &Ident, text: &str) -> TokenStream {
    quote!(#writer.literal(#text))
}

pub(super) fn write_identifier(writer: &Ident, identifier: &Ident) -> TokenStream {
    let value = identifier_value(identifier);
    quote!(#writer.identifier(#value))
}
