//! The main job without an account, which `cargo xtask demo` runs: uploads a photo to the
//! emulator with every operation of the API, reads it back and compares it.

use std::{
    error::Error,
    io::{self, Read as _, Write as _},
    net::TcpStream,
    path::PathBuf,
    process::ExitCode,
    time::{Duration, Instant},
};

use clap::Parser;
use graph_photo_client::{
    GraphPhotoClient, JpegPhoto, Operation, Permission, PermissionType, PhotoTarget, StaticToken,
};
use graph_photo_emulator::{AccessToken, Emulator, RecordedRequest, token};

/// Uploads a photo with every operation of the API to the Graph emulator.
#[derive(Parser)]
#[command(name = "demo", bin_name = "cargo xtask demo")]
struct Arguments {
    /// A JPEG file to upload instead of the demo's own
    #[arg(long, value_name = "FILE")]
    photo: Option<PathBuf>,
}

/// The demo's own photo.
const PHOTO: &[u8] = include_bytes!("../fixtures/baseline.jpg");

/// The photo was refused, and nothing was sent.
const EXIT_REFUSED: u8 = 2;

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    let photo = match Arguments::parse().photo {
        Some(path) => JpegPhoto::read(path).await,
        None => JpegPhoto::from_bytes(PHOTO),
    };
    match photo {
        Ok(photo) => demo(&photo).await.unwrap_or_else(|error| {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }),
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::from(EXIT_REFUSED)
        }
    }
}

async fn demo(photo: &JpegPhoto) -> Result<ExitCode, Box<dyn Error>> {
    let emulator = Emulator::start()?;
    println!(
        "Uploading a photo of {} bytes, {} x {} pixels, to the emulator at {}\n",
        photo.bytes().len(),
        photo.width(),
        photo.height(),
        emulator.base_url()
    );
    let mut rows = vec![HEADINGS.map(str::to_owned)];
    let mut right = 0;
    for &operation in Operation::ALL {
        let upload = Upload::run(&emulator, operation, photo).await?;
        right += usize::from(upload.problem.is_none());
        rows.push(upload.row(operation));
    }
    print_table(&rows);
    let all = Operation::ALL.len();
    println!("\n{right} of {all} uploads were stored and read back byte for byte.");
    Ok(if right == all { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

const HEADINGS: [&str; 6] = ["operation", "request", "status", "bytes", "time", "allowed by"];

/// One upload, as the emulator saw it.
struct Upload {
    request: Option<RecordedRequest>,
    time: Duration,
    /// What went wrong.
    problem: Option<String>,
}

impl Upload {
    async fn run(
        emulator: &Emulator,
        operation: Operation,
        photo: &JpegPhoto,
    ) -> Result<Self, Box<dyn Error>> {
        let client = GraphPhotoClient::builder()
            .token_provider(StaticToken::new(least_privileged_token(operation)))
            .base_url(emulator.base_url())
            .build()?;
        let target = sample_target(operation)?;
        let started = Instant::now();
        let result = client.upload(operation.method(), &target, photo).await;
        let time = started.elapsed();
        let request = emulator.requests().pop();
        let problem = match (&result, &request) {
            (Err(error), _) => Some(format!("{error:#}")),
            (Ok(_), None) => Some("the emulator saw no request".to_owned()),
            (Ok(_), Some(request)) => differs(emulator, request, photo)?,
        };
        Ok(Self { request, time, problem })
    }

    fn row(&self, operation: Operation) -> [String; 6] {
        let request = self.request.as_ref();
        let allowed_by = self.problem.clone().unwrap_or_else(|| {
            let permission = request.and_then(|request| request.permission.as_ref());
            permission.map_or_else(String::new, ToString::to_string)
        });
        [
            operation.to_string(),
            request.map_or_else(String::new, |request| {
                format!("{} {}", request.method, request.target)
            }),
            request.map_or_else(String::new, |request| {
                request.status.map_or_else(String::new, |status| status.to_string())
            }),
            request.map_or_else(String::new, |request| request.body.len().to_string()),
            format!("{:.1} ms", self.time.as_secs_f64() * 1000.0),
            allowed_by,
        ]
    }
}

/// Reads a photo back, and returns what differs.
fn differs(
    emulator: &Emulator,
    request: &RecordedRequest,
    photo: &JpegPhoto,
) -> io::Result<Option<String>> {
    let stored = get(emulator, request)?;
    Ok(if request.body != photo.bytes() {
        Some("other bytes arrived than were sent".to_owned())
    } else if !stored.ends_with(photo.bytes()) {
        Some("other bytes were read back than were stored".to_owned())
    } else {
        None
    })
}

/// The emulator's raw response to a `GET`. The client under demonstration does not read it,
/// since it might make the same mistake twice.
fn get(emulator: &Emulator, request: &RecordedRequest) -> io::Result<Vec<u8>> {
    let (address, target) = (emulator.local_addr(), &request.target);
    let token = request.header("authorization").concat();
    let mut stream = TcpStream::connect(address)?;
    write!(
        stream,
        "GET {target} HTTP/1.1\r\nHost: {address}\r\nAuthorization: {token}\r\n\
         Connection: close\r\n\r\n"
    )?;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer)?;
    Ok(answer)
}

/// A token with only the least privileged permission of an operation.
fn least_privileged_token(operation: Operation) -> String {
    match operation.permissions().first() {
        Some(Permission { permission_type: PermissionType::Delegated, scope, .. }) => {
            AccessToken::delegated([*scope]).encode()
        }
        Some(Permission { scope, .. }) => AccessToken::application([*scope]).encode(),
        None => AccessToken::delegated(["none"]).encode(),
    }
}

/// A target for an operation: the user of the token if a permission requires that, else
/// made-up identifiers.
fn sample_target(operation: Operation) -> Result<PhotoTarget, Box<dyn Error>> {
    let least_privileged = operation.permissions().first();
    let own = least_privileged.is_some_and(|permission| permission.condition.is_some());
    let identifier = if own { token::DEFAULT_USER_PRINCIPAL_NAME } else { "AAMkAGI2=" };
    let segments = operation.path_template().split('/').skip(1);
    let path: String = segments
        .map(|segment| format!("/{}", if segment.starts_with('{') { identifier } else { segment }))
        .collect();
    Ok(path.parse()?)
}

fn print_table(rows: &[[String; 6]]) {
    let widths: [usize; 6] = std::array::from_fn(|column| {
        rows.iter().map(|row| row[column].chars().count()).max().unwrap_or_default()
    });
    for row in rows {
        let cells: Vec<String> =
            row.iter().zip(widths).map(|(cell, width)| format!("{cell:width$}")).collect();
        println!("{}", cells.join("  ").trim_end());
    }
}
