//! Renders progenitor's client, lowered before and restored after.

use openapiv3::OpenAPI;
use progenitor::{GenerationSettings, Generator, HooksMode, TypeImpl};
use quote::quote;

use crate::{Api, RenderError, lower::lower, names, restore::restore};

/// The client with a method for each operation.
pub(crate) fn client(api: &Api, spec: OpenAPI) -> Result<syn::File, RenderError> {
    let lowered = lower(api, spec)?;
    let tokens = Generator::new(&settings(api))
        .generate_tokens(&lowered)
        .map_err(|error| RenderError::Progenitor(error.to_string()))?;
    let mut file = syn::parse2(tokens).map_err(RenderError::Syntax)?;
    restore(api, &mut file)?;
    Ok(file)
}

fn settings(api: &Api) -> GenerationSettings {
    let mut settings = GenerationSettings::new();
    settings
        // Without a hand-written `ClientHooks`, the client must not compile.
        .with_hooks(HooksMode::Expected)
        .with_inner_type(quote!(crate::hooks::State));
    for identifier in &api.identifiers {
        let name = names::type_name(&identifier.name);
        settings.with_replacement(
            &name,
            format!("crate::generated::identifier::{name}"),
            [TypeImpl::Display].into_iter(),
        );
    }
    settings
}
