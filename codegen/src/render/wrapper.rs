//! Every name of the wrapper that rendered code uses. Whoever renames one of them in
//! `generated-client/src` renames it here, and nowhere else in this crate.

use std::fmt;

use proc_macro2::{Ident, Literal, Span, TokenStream};
use quote::quote;
use syn::Expr;

use crate::{
    api::{Method, Operation, Permission, Scope, Target},
    names,
};

/// What the generated client carries: the hand-written sender of its requests.
pub(crate) fn transport() -> TokenStream {
    quote!(crate::transport::Transport)
}

/// The last expression of a method of the client, which sends a request.
pub(crate) fn send(request: &Expr, operation: &Operation) -> TokenStream {
    let operation = Ident::new(&names::variant_name(&operation.id), Span::call_site());
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
        use crate::identifier::{Identifier, PathParameter};
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

/// What the module of clouds imports.
pub(super) fn cloud_imports() -> TokenStream {
    quote!(
        use crate::cloud::CloudDetails;
    )
}

/// What `Cloud::details` returns.
pub(super) fn cloud_details_type() -> TokenStream {
    quote!(CloudDetails)
}

/// What is known of a cloud.
pub(super) fn cloud_details(name: &str, base_url: &str) -> TokenStream {
    quote!(CloudDetails { name: #name, base_url: #base_url })
}

/// What the module of operations imports.
pub(super) fn operation_imports(with_condition: bool) -> TokenStream {
    let condition = with_condition.then(|| quote!(Condition,));
    quote! {
        use crate::operation::OperationDetails;
        use crate::permission::{AccountKind, #condition Permission, PermissionSource, PermissionType};
        use crate::target::UploadMethod;
    }
}

/// What `Operation::details` returns.
pub(super) fn operation_details_type() -> TokenStream {
    quote!(OperationDetails)
}

/// What is known of an operation.
pub(super) fn operation_details(
    target: &Target,
    operation: &Operation,
    permissions: impl Iterator<Item = TokenStream>,
) -> TokenStream {
    let Operation { id, summary, .. } = operation;
    let method = upload_method(operation.method);
    let path = target.path_template();
    let is_of_signed_in_user = target.is_of_signed_in_user();
    let kinds = operation.account_kinds.iter().map(|kind| variant("AccountKind", kind));
    quote! {
        OperationDetails {
            id: #id,
            method: #method,
            path_template: #path,
            is_of_signed_in_user: #is_of_signed_in_user,
            summary: #summary,
            account_kinds: &[#(#kinds),*],
            permissions: &[#(#permissions),*],
        }
    }
}

/// A permission, with its scope and the constant of its source.
pub(super) fn permission(permission: &Permission, scope: &Scope, source: &Ident) -> TokenStream {
    let permission_type = variant("PermissionType", permission.permission_type);
    let Scope { name, id, description } = scope;
    let privilege = Literal::u32_unsuffixed(permission.privilege);
    let condition = permission.condition.map(|condition| variant("Condition", condition));
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
        use crate::identifier::InvalidIdentifier;
        use crate::target::{PathWriter, UploadMethod};
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

/// The type of an HTTP method that uploads.
pub(super) fn upload_method_type() -> TokenStream {
    quote!(UploadMethod)
}

/// An HTTP method that uploads.
pub(super) fn upload_method(method: Method) -> TokenStream {
    variant("UploadMethod", method)
}

/// A variant of an enum of the wrapper, which is called as it is in the model.
fn variant(of: &str, value: impl fmt::Debug) -> TokenStream {
    let of = Ident::new(of, Span::call_site());
    let variant = Ident::new(&format!("{value:?}"), Span::call_site());
    quote!(#of::#variant)
}
