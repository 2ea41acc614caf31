//! Renders the table of operations with their permissions.

use std::collections::BTreeMap;

use proc_macro2::{Literal, TokenStream};
use quote::{format_ident, quote};

use super::{doc, sentence};
use crate::{
    api::{Api, Method, Operation, Permission, PermissionType, Source, Target},
    docs::markdown,
    names,
    permissions::{AccountKind, Condition},
};

pub(super) fn operation(api: &Api) -> TokenStream {
    let variants: Vec<_> = api.operations().map(|(_, operation)| variant(operation)).collect();
    let declarations = api.operations().map(|(target, operation)| declaration(target, operation));
    let details = api.operations().map(|(target, operation)| details(api, target, operation));
    let permissions: Vec<_> =
        api.operations().flat_map(|(_, operation)| &operation.permissions).collect();
    let is_used = |source: &&Source| permissions.iter().any(|used| used.source == source.key);
    let sources = api.sources.iter().filter(is_used).map(source);
    let conditional = permissions.iter().any(|permission| permission.condition.is_some());
    let condition = conditional.then(|| quote!(Condition,));
    quote! {
        use crate::operation::OperationDetails;
        use crate::permission::{AccountKind, #condition Permission, PermissionSource, PermissionType};
        use crate::target::UploadMethod;

        #(#sources)*

        /// An operation of the API: a method on a path.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum Operation { #(#declarations),* }

        impl Operation {
            /// Every operation, in the order of the spec.
            pub const ALL: &'static [Self] = &[#(Self::#variants),*];

            pub(crate) const fn details(self) -> &'static OperationDetails {
                match self { #(#details),* }
            }
        }

    }
}

/// The variant of an operation.
pub(super) fn variant(operation: &Operation) -> proc_macro2::Ident {
    format_ident!("{}", names::variant_name(&operation.id))
}

fn declaration(target: &Target, operation: &Operation) -> TokenStream {
    let request = format!("`{} {}`", operation.method.as_str(), target.path_template());
    let doc = doc([sentence(&markdown::line(&operation.summary)).as_str(), &request]);
    let variant = variant(operation);
    quote!(#doc #variant)
}

fn details(api: &Api, target: &Target, operation: &Operation) -> TokenStream {
    let variant = variant(operation);
    let id = &operation.id;
    let function = names::snake_name(&operation.id);
    let method = match operation.method {
        Method::Put => quote!(UploadMethod::Put),
        Method::Patch => quote!(UploadMethod::Patch),
    };
    let path = target.path_template();
    let is_of_signed_in_user = target.is_of_signed_in_user();
    let summary = &operation.summary;
    let kinds = operation.account_kinds.iter().copied().map(account_kind);
    let permissions =
        operation.permissions.iter().map(|permission| self::permission(api, permission));
    quote! {
        Self::#variant => &OperationDetails {
            id: #id,
            function: #function,
            method: #method,
            path_template: #path,
            is_of_signed_in_user: #is_of_signed_in_user,
            summary: #summary,
            account_kinds: &[#(#kinds),*],
            permissions: &[#(#permissions),*],
        }
    }
}

fn account_kind(kind: AccountKind) -> TokenStream {
    match kind {
        AccountKind::Work => quote!(AccountKind::Work),
        AccountKind::School => quote!(AccountKind::School),
        AccountKind::Personal => quote!(AccountKind::Personal),
    }
}

fn permission(api: &Api, permission: &Permission) -> TokenStream {
    let permission_type = match permission.permission_type {
        PermissionType::Delegated => quote!(PermissionType::Delegated),
        PermissionType::Application => quote!(PermissionType::Application),
    };
    let scope = &permission.scope;
    let description =
        descriptions(api).remove(&(permission.permission_type, scope.as_str())).unwrap_or_default();
    let privilege = Literal::u32_unsuffixed(permission.privilege);
    let condition = match permission.condition {
        None => quote!(None),
        Some(Condition::OwnPhotoOnly) => quote!(Some(Condition::OwnPhotoOnly)),
        Some(Condition::NotOnBehalfOfUser) => quote!(Some(Condition::NotOnBehalfOfUser)),
        Some(Condition::AdministratorRole) => quote!(Some(Condition::AdministratorRole)),
    };
    let source = source_name(&permission.source);
    quote! {
        Permission {
            permission_type: #permission_type,
            scope: #scope,
            description: #description,
            privilege: #privilege,
            condition: #condition,
            source: &#source,
        }
    }
}

fn descriptions(api: &Api) -> BTreeMap<(PermissionType, &str), &str> {
    api.schemes
        .iter()
        .flat_map(|scheme| {
            scheme.scopes.iter().map(|scope| {
                ((scheme.permission_type, scope.name.as_str()), scope.description.as_str())
            })
        })
        .collect()
}

fn source(source: &Source) -> TokenStream {
    let name = source_name(&source.key);
    let Source { title, url, .. } = source;
    quote! {
        const #name: PermissionSource = PermissionSource { title: #title, url: #url };
    }
}

fn source_name(key: &str) -> proc_macro2::Ident {
    format_ident!("{}", names::snake_name(key).to_uppercase())
}
