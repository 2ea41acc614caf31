//! `graph-photo-emulator`: the emulator as a program. `cargo xtask emulator` runs this.

use std::{
    borrow::Cow,
    env,
    error::Error,
    fs,
    io::{self, Write as _},
    net::{AddrParseError, IpAddr, Ipv4Addr},
    path::{Path, PathBuf},
    process::ExitCode,
};

use clap::{Parser, ValueEnum};
use graph_photo_codegen::{Api, api::Segment, decode};
use graph_photo_emulator::{Emulator, Rule, Tenant, Throttle, built_in_api};

/// Runs an emulator of Microsoft Graph's profile photos until Ctrl-C.
#[derive(Parser)]
#[command(version)]
struct Arguments {
    /// The port to listen on; a free one by default
    #[arg(long, value_name = "N", default_value_t = 0)]
    port: u16,
    /// The address to listen on
    #[arg(
        long,
        value_name = "IP",
        default_value_t = IpAddr::V4(Ipv4Addr::LOCALHOST),
        value_parser = read_host,
    )]
    host: IpAddr,
    /// Speak TLS, with a certificate made for this run
    #[arg(long)]
    tls: bool,
    /// The users, groups and contacts that exist, in JSON; without it, all do
    #[arg(long, value_name = "FILE")]
    tenant: Option<PathBuf>,
    /// Which limits apply
    #[arg(long, value_enum, default_value_t = Limits::None)]
    throttle: Limits,
    /// The seed for faults by chance
    #[arg(long, value_name = "N", default_value_t = 0)]
    seed: u64,
    /// A rule for faults, such as `every=3;status=503;retry-after=1`; may be repeated
    #[arg(long, value_name = "RULE")]
    fail: Vec<Rule>,
    /// Print no line for each request
    #[arg(long)]
    quiet: bool,
    /// The OpenAPI file to serve, instead of the built-in one
    #[arg(long, value_name = "FILE")]
    spec: Option<PathBuf>,
}

#[derive(Clone, Copy, ValueEnum)]
enum Limits {
    /// None
    None,
    /// Those that Graph documents
    Graph,
}

/// An address; `localhost` is that of IPv4.
fn read_host(text: &str) -> Result<IpAddr, AddrParseError> {
    if text == "localhost" { Ok(Ipv4Addr::LOCALHOST.into()) } else { text.parse() }
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    match serve(Arguments::parse()).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

async fn serve(arguments: Arguments) -> Result<(), Box<dyn Error>> {
    // Before anyone can know that it runs.
    let stopped = stop_signal()?;
    let (emulator, api) = start(&arguments)?;
    let certificate = emulator.certificate_authority().map(Certificate::write).transpose()?;
    if !arguments.host.is_loopback() {
        eprintln!(
            "warning: the emulator listens on {}, not on loopback alone: everyone who reaches \
             that address can read and change all that it stores",
            arguments.host
        );
    }
    let file = certificate.as_ref().map(|certificate| certificate.file.as_path());
    print(&introduction(&emulator, &api, arguments.tenant.is_none(), file));
    tokio::select! {
        result = emulator.run() => Ok(result?),
        () = stopped => Ok(()),
    }
}

/// From now on, ends when the program is told to stop.
#[cfg(unix)]
fn stop_signal() -> io::Result<impl Future<Output = ()>> {
    use tokio::signal::unix::{SignalKind, signal};

    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut terminate = signal(SignalKind::terminate())?;
    Ok(async move {
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
        }
    })
}

/// Ends when the program is told to stop.
#[cfg(not(unix))]
fn stop_signal() -> io::Result<impl Future<Output = ()>> {
    Ok(async {
        if tokio::signal::ctrl_c().await.is_err() {
            // Then Ctrl-C ends the process at once.
            std::future::pending().await
        }
    })
}

fn start(arguments: &Arguments) -> Result<(Emulator, Api), Box<dyn Error>> {
    let api = match &arguments.spec {
        Some(file) => Api::read(decode(&read(file)?)?)?,
        None => built_in_api(),
    };
    let mut builder = Emulator::builder()
        .host(arguments.host)
        .port(arguments.port)
        .tls(arguments.tls)
        .seed(arguments.seed)
        .api(api.clone())
        .throttle(match arguments.throttle {
            Limits::None => Throttle::None,
            Limits::Graph => Throttle::Graph,
        });
    for rule in &arguments.fail {
        builder = builder.fail_with(rule.clone());
    }
    if let Some(file) = &arguments.tenant {
        builder = builder.tenant(read_tenant(file)?);
    }
    if !arguments.quiet {
        builder = builder.on_request(|request| print(&format!("{request}\n")));
    }
    let (host, port) = (arguments.host, arguments.port);
    let emulator = builder.start().map_err(|error| match error.kind() {
        io::ErrorKind::AddrInUse => format!(
            "failed to listen on `{host}:{port}`: {error}; without --port, a free port is taken"
        ),
        _ => format!("failed to start the emulator on `{host}:{port}`: {error}"),
    })?;
    Ok((emulator, api))
}

fn read_tenant(file: &Path) -> Result<Tenant, String> {
    let failed = |error: &dyn Error| format!("{}: {error}", file.display());
    let text = String::from_utf8(read(file)?).map_err(|error| failed(&error))?;
    Tenant::from_json(&text).map_err(|error| failed(&error))
}

fn read(file: &Path) -> Result<Vec<u8>, String> {
    fs::read(file).map_err(|error| format!("failed to read `{}`: {error}", file.display()))
}

/// Prints at once, even into a pipe; a failure to print changes nothing.
fn print(text: &str) {
    let mut output = io::stdout().lock();
    let _ = output.write_all(text.as_bytes()).and_then(|()| output.flush());
}

/// The file with the certificate that clients have to trust; removed at the end.
struct Certificate {
    folder: PathBuf,
    file: PathBuf,
}

impl Certificate {
    fn write(pem: &str) -> Result<Self, String> {
        let name = format!("graph-photo-emulator-{:016x}", fastrand::u64(..));
        let folder = env::temp_dir().join(name);
        let file = folder.join("authority.pem");
        // Fails if the folder exists, which then may be somebody else's.
        let written = fs::create_dir(&folder).and_then(|()| fs::write(&file, pem));
        written.map_err(|error| format!("failed to write `{}`: {error}", file.display()))?;
        Ok(Self { folder, file })
    }
}

impl Drop for Certificate {
    fn drop(&mut self) {
        // If that fails, it stays: without the emulator, it is of no use.
        let _ = fs::remove_dir_all(&self.folder);
    }
}

/// What the program says at the start, with lines to paste.
fn introduction(
    emulator: &Emulator,
    api: &Api,
    has_no_tenant: bool,
    certificate: Option<&Path>,
) -> String {
    let (base_url, user) = (emulator.base_url(), emulator.default_user());
    let own = emulator.token_for(user).encode();
    let mut text = format!("The Graph photo emulator serves {base_url}\n");
    text += &format!("Page: {}/\n", emulator.url());
    if has_no_tenant {
        text += "Without --tenant, every user, group and contact exists, and /me is the user of \
                 the token.\n";
    }
    let file = certificate.map(for_shell);
    if let Some(file) = &file {
        text += &format!(
            "\nTrust its certificate, made for this run alone:\n\n    export \
             NODE_EXTRA_CA_CERTS={file}\n    export SSL_CERT_FILE={file}\n"
        );
    }
    let administrator = emulator.administrator_token(user).encode();
    let app = emulator.application_token().encode();
    for (whose, token) in [
        (format!("on behalf of {user}"), &own),
        (format!("on behalf of {user} as an administrator"), &administrator),
        ("of the app itself".to_owned(), &app),
    ] {
        text += &format!("\nA token {whose}, valid for an hour:\n\n    {token}\n");
    }
    text + &lines_to_paste(api, &base_url, &own, file.as_deref()) + "\nCtrl-C stops it.\n\n"
}

/// Lines for a shell that upload a photo to the first target without an id; none if the API
/// has no such target.
fn lines_to_paste(api: &Api, base_url: &str, token: &str, certificate: Option<&str>) -> String {
    let has_id = |segment: &Segment| matches!(segment, Segment::Parameter(_));
    let mut targets = api.targets.iter();
    let Some(target) = targets.find(|target| !target.segments.iter().any(has_id)) else {
        return String::new();
    };
    let (resource, path) = (target.resource_template(), target.path_template());
    let media_type = &api.media_type;
    let for_curl = certificate.map(|file| format!("--cacert {file} ")).unwrap_or_default();
    let for_program = certificate.map(|file| format!("SSL_CERT_FILE={file} ")).unwrap_or_default();
    format!(
        "\nUpload a photo with one of these:\n\n    \
         curl {for_curl}-i -X PUT -H 'Authorization: Bearer {token}' -H 'Content-Type: \
         {media_type}' --data-binary @photo.jpg '{base_url}{path}'\n\n    \
         {for_program}GRAPH_ACCESS_TOKEN={token} graph-photo set {resource} photo.jpg \
         --base-url {base_url}\n"
    )
}

/// A path as a shell reads it.
fn for_shell(path: &Path) -> Cow<'_, str> {
    let path = path.to_string_lossy();
    let is_plain = path.chars().all(|c| c.is_alphanumeric() || "/._-".contains(c));
    if is_plain { path } else { format!("'{}'", path.replace('\'', r"'\''")).into() }
}
