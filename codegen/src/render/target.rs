//! Renders the resources that have a photo, and the way from each to its operations.

use proc_macro2::{Ident, TokenStream};
use quote::{ToTokens, format_ident, quote};

use super::{documentation::doc, enums::model_variant, operation, wrapper};
use crate::api::{Api, Segment, Target};
use crate::names;

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
        /// The target with these decoded segments; `None` if no target has this form.
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
    let (writer, writer_type) = (free_ident(api, "path"), wrapper::path_writer());
    let paths = api.targets.iter().map(|target| {
        let segments = target.segments.iter().map(|segment| match segment {
            Segment::Literal(text) => wrapper::write_literal(&writer, text),
            Segment::Parameter(name) => wrapper::write_identifier(&writer, &field_ident(name)),
        });
        let pattern = pattern(target);
        quote!(#pattern => { #(#segments?;)* Ok(()) })
    });
    quote! {
        /// Writes the path of the resource.
        pub(crate) fn write_path(&self, #writer: &mut #writer_type) -> std::fmt::Result {
            match self { #(#paths),* }
        }
    }
}

fn to_operation(api: &Api) -> TokenStream {
    let operations = api.operations().map(|(target, operation)| {
        let target_name = format_ident!("{}", target.name);
        let fields = target.parameters().next().map(|_| quote!({ .. }));
        let method = model_variant("UploadMethod", operation.method);
        let operation = operation::variant(operation);
        quote!((Self::#target_name #fields, #method) => Some(Operation::#operation))
    });
    quote! {
        /// The operation that uploads a photo with this method, if the API has one.
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
    let uploads = api.operations().map(|(target, operation)| {
        let (pattern, fields) = (pattern(target), fields(target));
        let method = model_variant("UploadMethod", operation.method);
        let function = format_ident!("{}", names::snake_name(&operation.id));
        quote!((#pattern, #method) => Some(#client.#function(#(#fields,)* #photo).await))
    });
    quote! {
        /// Uploads a photo; `None` if the target has no operation with this method.
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

/// An argument called `name`, unless a field is bound to that name where it is used.
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
    let fields = with_fields(&fields(target));
    quote!(Self::#variant #fields)
}

/// Fields in braces, or nothing.
fn with_fields(fields: &[impl ToTokens]) -> TokenStream {
    if fields.is_empty() { quote!() } else { quote!({ #(#fields),* }) }
}

fn declaration(target: &Target) -> TokenStream {
    let variant = format_ident!("{}", target.name);
    let doc = doc([format!("`{}`", target.resource_template()).as_str()]);
    let fields = target.parameters().map(|parameter| {
        let (field, ty) = (field_ident(parameter), type_ident(parameter));
        let text = format!(" `{{{parameter}}}`");
        quote!(#[doc = #text] #field: #ty)
    });
    let fields = with_fields(&fields.collect::<Vec<_>>());
    quote!(#doc #variant #fields)
}

fn constructor(target: &Target) -> TokenStream {
    let function = format_ident!("{}", names::snake_name(&target.name));
    let template = format!("`{}`", target.resource_template());
    let (fields, pattern) = (fields(target), pattern(target));
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
    let (mut bindings, mut conditions) = (Vec::new(), Vec::new());
    for (index, segment) in target.segments.iter().enumerate() {
        bindings.push(match segment {
            Segment::Parameter(name) => field_ident(name),
            Segment::Literal(text) => {
                let binding = format_ident!("segment_{}", index);
                conditions.push(quote!(#binding.eq_ignore_ascii_case(#text)));
                binding
            }
        });
    }
    let made = if fields.is_empty() {
        quote!(Ok(Self::#function()))
    } else {
        quote!(Self::#function(#(*#fields),*))
    };
    let guard = (!conditions.is_empty()).then(|| quote!(if #(#conditions)&&*));
    quote!([#(#bindings),*] #guard => Some(#made))
}
