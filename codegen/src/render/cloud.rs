//! Renders the deployments of Graph.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};

use super::documentation::doc;
use crate::{api::Api, docs::markdown, names};

pub(super) fn cloud(api: &Api) -> TokenStream {
    let variants: Vec<_> = api
        .clouds
        .iter()
        .map(|cloud| format_ident!("{}", names::variant_name(&cloud.name)))
        .collect();
    let declarations =
        api.clouds.iter().zip(&variants).enumerate().map(|(index, (cloud, variant))| {
            let url = format!("`{}`", cloud.base_url);
            let description = markdown::sentence(&markdown::block(&cloud.description));
            let doc = doc([description.as_str(), &url]);
            let default = (index == 0).then(|| quote!(#[default]));
            quote!(#doc #default #variant)
        });
    let names = api.clouds.iter().map(|cloud| &cloud.name);
    let base_urls = api.clouds.iter().map(|cloud| &cloud.base_url);
    quote! {
        /// A deployment of Microsoft Graph, with its own accounts and data.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
        #[non_exhaustive]
        pub enum Cloud { #(#declarations),* }

        impl Cloud {
            /// Every cloud, in the order of the spec.
            pub const ALL: &'static [Self] = &[#(Self::#variants),*];

            /// The name that callers select the cloud by.
            pub const fn name(self) -> &'static str {
                match self { #(Self::#variants => #names),* }
            }

            /// The URL that the paths of operations are appended to.
            pub const fn base_url(self) -> &'static str {
                match self { #(Self::#variants => #base_urls),* }
            }
        }
    }
}
