//! Where the access token comes from. Never from an argument: other users of
//! the machine can read those.

use std::{env, fs, future::ready, path::Path};

#[cfg(feature = "azure")]
use graph_photo_client::RetryPolicy;
use graph_photo_client::{AccessToken, ClientBuilder, Cloud, TokenRequest};

use crate::{
    args::ConnectionArgs,
    failure::{Failure, chain},
};

const VARIABLE: &str = "GRAPH_ACCESS_TOKEN";

#[cfg(not(feature = "azure"))]
const MISSING: &str = "there is no access token: set GRAPH_ACCESS_TOKEN, or give --token-file";
#[cfg(feature = "azure")]
const MISSING: &str =
    "there is no access token: set GRAPH_ACCESS_TOKEN, or give --token-file or --auth";

/// Gives a client its token: from `--auth` or `--token-file`, else from the
/// environment.
#[cfg_attr(not(feature = "azure"), expect(unused_variables, reason = "for `--auth`"))]
pub(crate) fn provide(
    builder: ClientBuilder,
    args: &ConnectionArgs,
    cloud: Cloud,
) -> Result<ClientBuilder, Failure> {
    #[cfg(feature = "azure")]
    if let Some(auth) = args.auth {
        if args.token_file.is_some() {
            let problem = "--auth and --token-file exclude each other";
            return Err(Failure::Arguments(problem.to_owned()));
        }
        let retries = args.max_retries.unwrap_or(RetryPolicy::default().max_retries);
        let tokens = crate::identity::token_provider(auth, cloud, retries)?;
        return Ok(builder.token_provider(tokens));
    }
    let token = match &args.token_file {
        Some(file) => of_file(file),
        None => of_environment(),
    }?;
    Ok(builder.token_provider(move |_: TokenRequest<'_>| ready(Ok(token.clone()))))
}

fn of_file(file: &Path) -> Result<AccessToken, Failure> {
    let failed = |cause: &dyn std::error::Error| {
        let file = file.display();
        Failure::Token(format!("failed to read the access token from `{file}`: {}", chain(cause)))
    };
    let mut token = fs::read_to_string(file).map_err(|cause| failed(&cause))?;
    token.truncate(token.trim_end_matches(['\r', '\n']).len());
    AccessToken::new(token).map_err(|cause| failed(&cause))
}

fn of_environment() -> Result<AccessToken, Failure> {
    let token = match env::var(VARIABLE) {
        Ok(token) if !token.is_empty() => token,
        Ok(_) | Err(env::VarError::NotPresent) => return Err(Failure::Token(MISSING.to_owned())),
        // Not the error's own text, which repeats the value.
        Err(env::VarError::NotUnicode(_)) => {
            return Err(Failure::Token(format!("{VARIABLE} has a character that no token has")));
        }
    };
    AccessToken::new(token)
        .map_err(|cause| Failure::Token(format!("failed to use {VARIABLE}: {cause}")))
}
