//! Where the access token comes from: never from an argument, which other users of the
//! machine could read.

use std::{
    env,
    fs::File,
    future::ready,
    io::{self, Read as _},
    path::Path,
};

use graph_photo_client::{AccessToken, ClientBuilder, Cloud, TokenRequest};
use zeroize::Zeroizing;

use crate::{args::ConnectionArgs, blocking::off_thread, failure::Failure, output::printable};

const VARIABLE: &str = "GRAPH_ACCESS_TOKEN";

/// A larger file holds something other than a token.
const MAX_FILE_BYTES: usize = 64 * 1024;

#[cfg(not(feature = "azure"))]
const MISSING: &str = "there is no access token: set GRAPH_ACCESS_TOKEN, or give --token-file";
#[cfg(feature = "azure")]
const MISSING: &str =
    "there is no access token: set GRAPH_ACCESS_TOKEN, or give --token-file or --auth";

/// Gives a client its token: from `--auth`, from `--token-file`, or else from the
/// environment.
#[cfg_attr(not(feature = "azure"), expect(unused_variables, reason = "for `--auth`"))]
pub(crate) async fn provide(
    builder: ClientBuilder,
    args: &ConnectionArgs,
    cloud: Cloud,
) -> Result<ClientBuilder, Failure> {
    #[cfg(feature = "azure")]
    if let Some(auth) = args.auth {
        if args.token_file.is_some() {
            return Err(Failure::arguments(
                "--auth and --token-file cannot be combined; give one of them",
            ));
        }
        let retries = args.retry_policy().max_retries;
        let tokens = crate::identity::token_provider(auth, cloud, retries)?;
        return Ok(builder.token_provider(tokens));
    }
    let token = match &args.token_file {
        Some(file) => of_file(file).await?,
        None => of_environment()?,
    };
    Ok(builder.token_provider(move |_: TokenRequest<'_>| ready(Ok(token.clone()))))
}

async fn of_file(file: &Path) -> Result<AccessToken, Failure> {
    let path = file.to_owned();
    let bytes = off_thread(move || read_bounded(&path)).await;
    let token = bytes.map_err(|cause| cause.to_string()).and_then(|bytes| {
        let token = token_of(&bytes)?;
        AccessToken::new(token).map_err(|cause| cause.to_string())
    });
    token.map_err(|cause| {
        let file = printable(file);
        Failure::token(format!("failed to read the access token from `{file}`: {cause}"))
    })
}

/// Reads just enough to see that a file is too large.
fn read_bounded(file: &Path) -> io::Result<Zeroizing<Vec<u8>>> {
    let limit = MAX_FILE_BYTES + 1;
    // In full: a buffer that grows would leave unwiped copies.
    let mut bytes = Zeroizing::new(Vec::with_capacity(limit));
    File::open(file)?.take(limit as u64).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// The token in a file, without the byte-order mark and blanks of editors and shells.
fn token_of(bytes: &[u8]) -> Result<&str, String> {
    if bytes.len() > MAX_FILE_BYTES {
        return Err(format!("it has more than {MAX_FILE_BYTES} bytes, and no token is that long"));
    }
    if bytes.starts_with(b"\xFF\xFE") || bytes.starts_with(b"\xFE\xFF") {
        return Err("it is UTF-16 text; save it as UTF-8".to_owned());
    }
    let text = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes).trim_ascii();
    std::str::from_utf8(text).map_err(|_| "it is not UTF-8 text".to_owned())
}

fn of_environment() -> Result<AccessToken, Failure> {
    let token = match env::var(VARIABLE) {
        Ok(token) if !token.is_empty() => token,
        Ok(_) | Err(env::VarError::NotPresent) => return Err(Failure::token(MISSING)),
        // Not the error's own text, which contains the value.
        Err(env::VarError::NotUnicode(_)) => {
            return Err(Failure::token(format!(
                "failed to use {VARIABLE}: it has a character that no token has"
            )));
        }
    };
    AccessToken::new(token)
        .map_err(|cause| Failure::token(format!("failed to use {VARIABLE}: {cause}")))
}
