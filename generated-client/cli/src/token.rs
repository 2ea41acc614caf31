//! Where the access token comes from: never from an argument, which other users of the
//! machine could read.

use std::{
    env,
    fs::File,
    future::ready,
    io::{self, Read as _},
    path::{Path, PathBuf},
    sync::{self, Arc},
    time::{Duration, Instant},
};

use graph_photo_client::{
    AccessToken, Cloud, TokenError, TokenFuture, TokenProvider, TokenRequest,
};
use tokio::sync::Mutex;
use zeroize::Zeroizing;

use crate::{args::ConnectionArgs, blocking::off_thread, failure::Failure, output::printable};

const VARIABLE: &str = "GRAPH_ACCESS_TOKEN";

/// A larger file holds something other than a token.
const MAX_FILE_BYTES: usize = 64 * 1024;

/// A longer name of a file that cannot be read is a token instead, in bytes.
const LONGEST_NAME: usize = 160;

#[cfg(not(feature = "azure"))]
const MISSING: &str = "there is no access token: set GRAPH_ACCESS_TOKEN, or give --token-file";
#[cfg(feature = "azure")]
const MISSING: &str =
    "there is no access token: set GRAPH_ACCESS_TOKEN, or give --token-file or --auth";

/// How long a renewed token serves those whose request was refused as well: uploads that were
/// under way together meet a 401 within seconds.
const RECENT: Duration = Duration::from_secs(10);

/// The tokens of a command, which are renewed once for all uploads that meet a 401 together.
#[derive(Clone)]
pub(crate) struct SharedToken(Arc<Shared>);

struct Shared {
    source: Box<dyn TokenProvider>,
    renewed: Mutex<Option<(AccessToken, Instant)>>,
    /// The one that was given last.
    last: sync::Mutex<Option<AccessToken>>,
}

impl SharedToken {
    fn new(source: impl TokenProvider) -> Self {
        let (renewed, last) = (Mutex::default(), sync::Mutex::default());
        Self(Arc::new(Shared { source: Box::new(source), renewed, last }))
    }

    /// The tenant that the token is for, if one was given that says so.
    pub(crate) fn tenant_id(&self) -> Option<String> {
        lock(&self.0.last).as_ref()?.tenant_id()
    }

    /// The ids of the signed-in user, if a token was given that says them.
    pub(crate) fn user_ids(&self) -> Vec<String> {
        lock(&self.0.last).as_ref().map(AccessToken::user_ids).unwrap_or_default()
    }
}

impl Shared {
    async fn renew(&self, request: TokenRequest<'_>) -> Result<AccessToken, TokenError> {
        let mut renewed = self.renewed.lock().await;
        match &*renewed {
            Some((token, at)) if at.elapsed() < RECENT => Ok(token.clone()),
            _ => {
                let token = self.source.token(request).await?;
                *renewed = Some((token.clone(), Instant::now()));
                Ok(token)
            }
        }
    }
}

impl TokenProvider for SharedToken {
    fn token<'a>(&'a self, request: TokenRequest<'a>) -> TokenFuture<'a> {
        Box::pin(async move {
            let token = if request.force_refresh {
                self.0.renew(request).await?
            } else {
                self.0.source.token(request).await?
            };
            *lock(&self.0.last) = Some(token.clone());
            Ok(token)
        })
    }
}

fn lock<T>(mutex: &sync::Mutex<T>) -> sync::MutexGuard<'_, T> {
    mutex.lock().expect("nothing panics while it holds the lock")
}

/// Whether the user says where a token comes from.
pub(crate) fn is_given(args: &ConnectionArgs) -> bool {
    let is_set = env::var_os(VARIABLE).is_some_and(|token| !token.is_empty());
    args.auth.is_some() || args.token_file.is_some() || is_set
}

/// The tokens of `--auth` or `--token-file`, or else of the environment.
#[cfg_attr(not(feature = "azure"), expect(unused_variables, reason = "for `--auth`"))]
pub(crate) async fn shared(args: &ConnectionArgs, cloud: Cloud) -> Result<SharedToken, Failure> {
    #[cfg(feature = "azure")]
    if let Some(auth) = args.auth {
        if args.token_file.is_some() {
            return Err(Failure::arguments(
                "--auth and --token-file cannot be combined; give one of them",
            ));
        }
        let retries = args.retry_policy().max_retries;
        return Ok(SharedToken::new(crate::identity::token_provider(auth, cloud, retries)?));
    }
    if let Some(file) = &args.token_file {
        return Ok(SharedToken::new(FileToken::read(file).await?));
    }
    let token = of_environment()?;
    Ok(SharedToken::new(move |_: TokenRequest<'_>| ready(Ok(token.clone()))))
}

/// The token of a file, which is read again when Graph refuses it: somebody may have renewed
/// it there.
struct FileToken {
    file: PathBuf,
    token: sync::Mutex<AccessToken>,
}

impl FileToken {
    async fn read(file: &Path) -> Result<Self, Failure> {
        Ok(Self { file: file.to_owned(), token: sync::Mutex::new(of_file(file).await?) })
    }
}

impl TokenProvider for FileToken {
    fn token<'a>(&'a self, request: TokenRequest<'a>) -> TokenFuture<'a> {
        Box::pin(async move {
            if request.force_refresh {
                let token = of_file(&self.file).await.map_err(|failure| failure.to_string())?;
                *lock(&self.token) = token;
            }
            Ok(lock(&self.token).clone())
        })
    }
}

async fn of_file(file: &Path) -> Result<AccessToken, Failure> {
    let path = file.to_owned();
    let bytes = off_thread(move || read_bounded(&path)).await;
    let token = bytes.map_err(|cause| cause.to_string()).and_then(|bytes| {
        let token = token_of(&bytes)?;
        AccessToken::new(token).map_err(|cause| cause.to_string())
    });
    token.map_err(|cause| {
        let name = file.as_os_str().len();
        if name > LONGEST_NAME {
            return Failure::token(format!(
                "failed to read the access token from a file whose name has {name} bytes: {cause}; \
                 if that is the token, set {VARIABLE} instead: others on this machine can read \
                 arguments"
            ));
        }
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
