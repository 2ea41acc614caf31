//! Renders the resources that have a photo, and what leads from one of them to
//! its operations.

use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};

use super::{documentation::doc, enums::model_variant, operation, wrapper};
use crate::{
    api::{Api, Segment, Target},
    names,
};

pub(super) fn target(api: &Api) -> TokenStream {
    let types: Vec<_> =
        api.identifiers.iter().map(|identifier| type_ident(&identifier.name)).collect();
    let identifiers = (!types.is_empty()).then(|| quote!(use super::identifier::{#(#types),*};));
    let declarations = api.targets.iter().map(declaration);
    let templates = api.targets.iter().map(Target::resource_template);
    let constructors = api.targets.iter().map(constructor);
    let (from_path, to_path) = (from_path(api), to_path(api));
    let (to_operation, to_upload) = (to_operation(api), to_upload(api));
    let imports = wrapper::target_imports();
    quote! {
        use super::client::Client;
        #identifiers
        use super::operation::{Operation, UploadMethod};
        #imports

        /// A resource whose photo can be replaced.
        #[derive(Debug, Clone, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum PhotoTarget { #(#declarations),* }

        impl PhotoTarget {
            /// The form of each target, in the order of the spec.
            pub const TEMPLATES: &'static [&'static str] = &[#(#templates),*];

            #(#constructors)*
            #from_path
            #to_path
            #to_operation
            #to_upload
        }
    }
}

fn from_path(api: &Api) -> TokenStream {
    let parsers = api.targets.iter().map(parser);
    let error = wrapper::invalid_identifier();
    quote! {
        /// The target with these segments, each of them decoded; `None` if
        /// no target has this form.
        pub(crate) fn from_segments(
            segments: &[&str],
        ) -> Option<Result<Self, #error>> {
            match segments {
                #(#parsers,)*
                _ => None,
            }
        }
    }
}

fn to_path(api: &Api) -> TokenStream {
    let writer = free_ident(api, "path");
    let writer_type = wrapper::path_writer();
    let paths = api.targets.iter().map(|target| path(target, &writer));
    quote! {
        /// Writes the path of the resource.
        pub(crate) fn write_path(&self, #writer: &mut #writer_type) -> std::fmt::Result {
            match self { #(#paths),* }
        }
    }
}

fn to_operation(api: &Api) -> TokenStream {
    let operations = api.targets.iter().flat_map(operations);
    quote! {
        /// The operation that uploads a photo with this method, if the API
        /// has one.
        pub const fn operation(&self, method: UploadMethod) -> Option<Operation> {
            match (self, method) {
                #(#operations,)*
                #[allow(unreachable_patterns, reason = "unless a target lacks a method")]
                _ => None,
            }
        }
    }
}

fn to_upload(api: &Api) -> TokenStream {
    let (client, photo) = (free_ident(api, "client"), free_ident(api, "photo"));
    let (photo_type, outcome) = (wrapper::photo(), wrapper::outcome());
    let uploads = api.targets.iter().flat_map(|target| uploads(target, &client, &photo));
    quote! {
        /// Uploads a photo with an operation of this target; `None` if the
        /// target has no such operation.
        pub(crate) async fn upload(
            &self,
            #client: &Client,
            method: UploadMethod,
            #photo: &#photo_type,
        ) -> Option<#outcome> {
            match (self, method) {
                #(#uploads,)*
                #[allow(unreachable_patterns, reason = "unless a target lacks a method")]
                _ => None,
            }
        }
    }
}

fn type_ident(parameter: &str) -> Ident {
    format_ident!("{}", names::type_name(parameter))
}

fn field_ident(parameter: &str) -> Ident {
    format_ident!("{}", names::snake_name(parameter))
}

/// A name for an argument of our own: `name`, unless a field is bound to it
/// where the argument is used.
fn free_ident(api: &Api, name: &str) -> Ident {
    let taken = api.identifiers.iter().any(|field| names::snake_name(&field.name) == name);
    // No field ends with an underscore.
    if taken { format_ident!("{name}_") } else { format_ident!("{name}") }
}

fn fields(target: &Target) -> Vec<Ident> {
    target.parameters().map(field_ident).collect()
}

/// `Self::UserContact { user_id, contact_id }`, or `Self::Me`.
fn pattern(target: &Target) -> TokenStream {
    let variant = format_ident!("{}", target.name);
    let fields = fields(target);
    if fields.is_empty() { quote!(Self::#variant) } else { quote!(Self::#variant { #(#fields),* }) }
}

fn declaration(target: &Target) -> TokenStream {
    let variant = format_ident!("{}", target.name);
    let doc = doc([format!("`{}`", target.resource_template()).as_str()]);
    let fields: Vec<_> = target
        .parameters()
        .map(|parameter| {
            let (field, ty) = (field_ident(parameter), type_ident(parameter));
            let text = format!(" `{{{parameter}}}`");
            quote!(#[doc = #text] #field: #ty)
        })
        .collect();
    if fields.is_empty() { quote!(#doc #variant) } else { quote!(#doc #variant { #(#fields),* }) }
}

fn constructor(target: &Target) -> TokenStream {
    let function = format_ident!("{}", names::snake_name(&target.name));
    let template = format!("`{}`", target.resource_template());
    let fields = fields(target);
    let pattern = pattern(target);
    if fields.is_empty() {
        let doc = doc([template.as_str()]);
        return quote! {
            #doc
            pub const fn #function() -> Self { #pattern }
        };
    }
    let error = wrapper::invalid_identifier();
    let doc = doc([
        template.as_str(),
        "# Errors",
        &format!("[`{error}`] if a value cannot be an identifier, with the rule that it breaks."),
    ]);
    let values = target.parameters().map(type_ident).zip(&fields);
    let values = values.map(|(ty, field)| wrapper::new_identifier(&ty, field));
    quote! {
        #doc
        pub fn #function(
            #(#fields: impl Into<String>),*
        ) -> Result<Self, #error> {
            #(let #fields = #values?;)*
            Ok(#pattern)
        }
    }
}

/// The arm that recognises the segments of a target.
fn parser(target: &Target) -> TokenStream {
    let function = format_ident!("{}", names::snake_name(&target.name));
    let fields = fields(target);
    let mut names = fields.iter();
    let mut bindings = Vec::new();
    let mut conditions = Vec::new();
    for (index, segment) in target.segments.iter().enumerate() {
        match segment {
            Segment::Parameter(_) => bindings.extend(names.next().cloned()),
            Segment::Literal(text) => {
                let binding = format_ident!("segment_{}", index);
                conditions.push(quote!(#binding.eq_ignore_ascii_case(#text)));
                bindings.push(binding);
            }
        }
    }
    let made = if fields.is_empty() {
        quote!(Ok(Self::#function()))
    } else {
        quote!(Self::#function(#(*#fields),*))
    };
    let guard = (!conditions.is_empty()).then(|| quote!(if #(#conditions)&&*));
    quote!([#(#bindings),*] #guard => Some(#made))
}

fn path(target: &Target, writer: &Ident) -> TokenStream {
    let pattern = pattern(target);
    let segments = target.segments.iter().map(|segment| match segment {
        Segment::Literal(text) => wrapper::write_literal(writer, text),
        Segment::Parameter(name) => wrapper::write_identifier(writer, &field_ident(name)),
    });
    quote!(#pattern => { #(#segments?;)* Ok(()) })
}

fn operations(target: &Target) -> impl Iterator<Item = TokenStream> {
    let variant = format_ident!("{}", target.name);
    let fields = target.parameters().next().map(|_| quote!({ .. }));
    let pattern = quote!(Self::#variant #fields);
    target.operations.iter().map(move |operation| {
        let method = model_variant("UploadMethod", operation.method);
        let operation = operation::variant(operation);
        quote!((#pattern, #method) => Some(Operation::#operation))
    })
}

fn uploads(target: &Target, client: &Ident, photo: &Ident) -> impl Iterator<Item = TokenStream> {
    let pattern = pattern(target);
    let fields = fields(target);
    target.operations.iter().map(move |operation| {
        let method = model_variant("UploadMethod", operation.method);
        let function = format_ident!("{}", names::snake_name(&operation.id));
        quote!((#pattern, #method) => Some(#client.#function(#(#fields,)* #photo).await))
    })
}
