//! Lets progenitor render its client, lowered before and restored after.

use std::any::Any;
use std::panic;
use std::panic::AssertUnwindSafe;

use ::progenitor::{GenerationSettings, Generator, TypeImpl};
use openapiv3::OpenAPI;
use proc_macro2::TokenStream;
use serde_json::Value;

use super::{lower::lower, restore::restore};
use crate::{api::Api, error::RenderError, names, render::wrapper};

pub(crate) fn client(api: &Api, openapi: Value) -> Result<syn::File, RenderError> {
    let lowered = serde_json::from_value(lower(api, openapi)?)
        .map_err(|cause| RenderError::Progenitor(cause.to_string()))?;
    let tokens = generate(api, &lowered).map_err(RenderError::Progenitor)?;
    let mut file = syn::parse2(tokens).map_err(RenderError::Syntax)?;
    restore(api, &mut file)?;
    Ok(file)
}

/// Runs progenitor, which panics on some specs. Nothing outlives the call half-done; the panic
/// hook of the process still prints the panic.
///
/// Goes when progenitor returns errors in place of its `todo!`s, as for two media types.
fn generate(api: &Api, lowered: &OpenAPI) -> Result<TokenStream, String> {
    let generate = || Generator::new(&settings(api)).generate_tokens(lowered);
    match panic::catch_unwind(AssertUnwindSafe(generate)) {
        Ok(tokens) => tokens.map_err(|error| error.to_string()),
        Err(payload) => Err(format!("it panicked: {}", panic_message(payload.as_ref()))),
    }
}

fn panic_message(payload: &(dyn Any + Send)) -> &str {
    let text = payload.downcast_ref::<&str>().copied();
    text.or_else(|| payload.downcast_ref::<String>().map(String::as_str)).unwrap_or("no message")
}

fn settings(api: &Api) -> GenerationSettings {
    let mut settings = GenerationSettings::new();
    settings.with_inner_type(wrapper::transport());
    for identifier in &api.identifiers {
        let name = names::type_name(&identifier.name);
        let replacement = wrapper::identifier_path(&name);
        settings.with_replacement(&name, replacement, [TypeImpl::Display].into_iter());
    }
    settings
}
