//! The claims of tokens.

use std::sync::{LazyLock, Mutex};

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use graph_photo_client::{
    AccessToken, Error, GraphPhotoClient, PhotoTarget, Printable, TokenFuture, TokenProvider,
    TokenRequest, UploadMethod,
};
use tokio::runtime::Runtime;

/// Any text is a token or is refused, and neither says anything of the token itself; nor do
/// the claims of a token with any payload.
///
/// # Panics
///
/// If this does not hold.
pub fn check(data: &[u8]) {
    const SIGNATURE: &str = "c2lnbmF0dXJlLW5ldmVyLXNob3du";
    if let Ok(text) = std::str::from_utf8(data) {
        check_token(text);
    }
    let payload = URL_SAFE_NO_PAD.encode(data);
    let token = format!("eyJhbGciOiJub25lIn0.{payload}.{SIGNATURE}");
    // No claim of a real token has the signature over it.
    let is_claimed =
        data.windows(8).any(|piece| SIGNATURE.as_bytes().windows(8).any(|it| it == piece));
    for said in check_token(&token) {
        assert!(is_claimed || !said.contains(SIGNATURE), "{said}");
        // The payload is not shown encoded; short ones are words like any other.
        assert!(payload.len() < 40 || !said.contains(&payload), "{said}");
    }
}

/// All that is said of a token.
fn check_token(text: &str) -> Vec<String> {
    let token = match AccessToken::new(text) {
        Ok(token) => token,
        Err(error) => {
            let said = error.to_string();
            assert!(!said.contains(char::is_control), "{said}");
            assert_eq!(said, AccessToken::new(text).expect_err("it was refused").to_string());
            return vec![said];
        }
    };
    assert_eq!(format!("{token:?}"), "AccessToken(..)");
    assert_ne!(token.tenant_id().as_deref(), Some(text));
    assert!(token.user_ids().len() <= 2 && !token.user_ids().iter().any(|id| id == text));
    let targets = ["/me".parse(), PhotoTarget::TEMPLATES[1].replace(['{', '}'], "").parse()];
    let targets = targets.map(|target| target.expect("a template with a word is a target"));
    targets.iter().filter_map(|target| judged(&token, target)).flat_map(|it| texts(&it)).collect()
}

fn texts(error: &Error) -> [String; 3] {
    assert!(error.is_local() && error.attempts() == 0, "{error}");
    assert!(error.is_unauthorized() || error.is_permission_denied(), "{error}");
    let (plain, whole) = (error.to_string(), format!("{error:#}"));
    for said in [&plain, &whole] {
        assert_eq!(Printable(said).to_string(), *said);
    }
    [plain, whole, format!("{error:?}")]
}

/// What the check before sending says of a token.
fn judged(token: &AccessToken, target: &PhotoTarget) -> Option<Error> {
    static TOKEN: Mutex<Option<AccessToken>> = Mutex::new(None);
    static CLIENT: LazyLock<(GraphPhotoClient, Runtime)> = LazyLock::new(|| {
        let client = GraphPhotoClient::builder().token_provider(Current(&TOKEN)).build();
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        (client.expect("a client of Graph"), runtime.expect("a runtime"))
    });
    *TOKEN.lock().expect("no panic with the lock") = Some(token.clone());
    let (client, runtime) = &*CLIENT;
    runtime.block_on(client.check_token(UploadMethod::Put, target)).err()
}

/// The token of this call.
struct Current(&'static Mutex<Option<AccessToken>>);

impl TokenProvider for Current {
    fn token<'a>(&'a self, _: TokenRequest<'a>) -> TokenFuture<'a> {
        let token = self.0.lock().expect("no panic with the lock").clone();
        Box::pin(async { Ok(token.expect("it was set")) })
    }
}
