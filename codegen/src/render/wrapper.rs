//! Every name of the wrapper that rendered code uses. Whoever renames one of them in
//! `generated-client/src` renames it here, and nowhere else in this crate.

use proc_macro2::{Ident, Literal, TokenStream};
use quote::{format_ident, quote};
use syn::Expr;

use super::enums::model_variant;
use crate::{
    api::{Operation, Permission, Scope},
    names,
};

/// What the generated client carries: the hand-written sender of its requests.
pub(crate) fn transport() -> TokenStream {
    quote!(crate::transport::Transport)
}

/// The last expression of a method of the client, which sends a request.
pub(crate) fn send(request: &Expr, operation: &Operation) -> TokenStream {
    let operation = format_ident!("{}", names::variant_name(&operation.id));
    quote!(self.inner.send(#request, crate::generated::operation::Operation::#operation).await)
}

/// What a method of the client returns.
pub(crate) fn outcome() -> TokenStream {
    quote!(Result<crate::transport::outcome::UploadResponse, crate::error::Error>)
}

/// The expression for the URL of path segments, from within a method of the client.
pub(crate) fn url(segments: &[Expr]) -> TokenStream {
    quote!(self.inner.url([#(#segments),*]))
}

/// A validated photo.
pub(crate) fn photo() -> TokenStream {
    quote!(crate::JpegPhoto)
}

/// The path of the type of an identifier, in the wrapper's module of what is rendered.
pub(crate) fn identifier_path(type_name: &str) -> String {
    format!("crate::generated::identifier::{type_name}")
}

/// The value of an identifier.
pub(crate) fn identifier_value(identifier: &impl quote::ToTokens) -> TokenStream {
    quote!(#identifier.as_str())
}

/// What the module of identifiers imports.
pub(super) fn identifier_imports() -> TokenStream {
    quote!(
        use crate::target::identifier::{Identifier, PathParameter};
    )
}

/// The type of an identifier, by its marker.
pub(super) fn identifier_type(marker: &Ident) -> TokenStream {
    quote!(Identifier<#marker>)
}

/// What a marker tells of its path parameter.
pub(super) fn path_parameter(marker: &Ident, name: &str, max_length: u64) -> TokenStream {
    let max_length = Literal::u64_unsuffixed(max_length);
    quote! {
        impl PathParameter for #marker {
            const NAME: &'static str = #name;
            const MAX_LENGTH: usize = #max_length;
        }
    }
}

/// What the module of operations imports.
pub(super) fn operation_imports() -> TokenStream {
    quote! {
        use crate::auth::permission::{Permission, PermissionSource};
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

/// The constant for a source of statements about permissions.
pub(super) fn permission_source(name: &Ident, title: &str, url: &str) -> TokenStream {
    quote! {
        const #name: PermissionSource = PermissionSource { title: #title, url: #url };
    }
}

/// What the module of targets imports.
pub(super) fn target_imports() -> TokenStream {
    quote! {
        use crate::target::identifier::InvalidIdentifier;
        use crate::target::path::PathWriter;
    }
}

/// Why a value is no identifier.
pub(super) fn invalid_identifier() -> TokenStream {
    quote!(InvalidIdentifier)
}

/// The constructor of an identifier.
pub(super) fn new_identifier(type_name: &Ident, value: &Ident) -> TokenStream {
    quote!(#type_name::new(#value))
}

/// What writes the path of a target.
pub(super) fn path_writer() -> TokenStream {
    quote!(PathWriter<'_, '_>)
}

/// The call that writes a word of a path.
pub(super) fn write_literal(writer: &Ident, text: &str) -> TokenStream {
    quote!(#writer.literal(#text))
}

/// The call that writes an identifier into a path.
pub(super) fn write_identifier(writer: &Ident, identifier: &Ident) -> TokenStream {
    let value = identifier_value(identifier);
    quote!(#writer.identifier(#value))
}
