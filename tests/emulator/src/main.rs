//! `graph-photo-emulator`: the Graph emulator, for trying things by hand.
//! `cargo xtask emulator` runs this.

use std::{error::Error, fs, path::PathBuf, process::ExitCode};

use clap::Parser;
use graph_photo_codegen::{
    Api,
    api::{Permission, PermissionType, Target},
    decode,
};
use graph_photo_emulator::{AccessToken, Emulator, built_in_api};

/// Runs the Graph emulator until Ctrl-C.
#[derive(Parser)]
#[command(version)]
struct Arguments {
    /// The port to listen on; a free one by default
    #[arg(long, value_name = "N", default_value_t = 0)]
    port: u16,
    /// The OpenAPI file that says what to serve, instead of the one that is built in
    #[arg(long, value_name = "FILE")]
    spec: Option<PathBuf>,
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    let arguments = Arguments::parse();
    match serve(&arguments).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(cause) => {
            eprintln!("error: failed to run `the emulator on port {}`: {cause}", arguments.port);
            ExitCode::FAILURE
        }
    }
}

async fn serve(arguments: &Arguments) -> Result<(), Box<dyn Error>> {
    let api = match &arguments.spec {
        Some(file) => Api::read(decode(&fs::read(file)?)?)?,
        None => built_in_api(),
    };
    let emulator = Emulator::start_on(api.clone(), arguments.port)?;
    println!("The Graph emulator serves {}", emulator.base_url());
    println!("Look at the photos it holds: http://{}/\n", emulator.local_addr());
    print_tokens(&api);
    println!("Ctrl-C stops it.");
    tokio::select! {
        result = emulator.run() => Ok(result?),
        _ = tokio::signal::ctrl_c() => Ok(()),
    }
}

/// Tokens that together allow everything, for the length of a session.
fn print_tokens(api: &Api) {
    let scopes = |wanted: PermissionType| {
        let mut scopes: Vec<&str> = Vec::new();
        for (_, operation) in api.operations() {
            for Permission { permission_type, scope, .. } in &operation.permissions {
                if *permission_type == wanted && !scopes.contains(&scope.as_str()) {
                    scopes.push(scope);
                }
            }
        }
        scopes
    };
    let delegated = scopes(PermissionType::Delegated);
    println!("A token on behalf of a user ({}), valid for an hour:\n", delegated.join(" "));
    println!("    export GRAPH_ACCESS_TOKEN={}\n", AccessToken::delegated(delegated).encode());
    let application = scopes(PermissionType::Application);
    println!("A token of the app itself ({}), valid for an hour:\n", application.join(" "));
    println!("    export GRAPH_ACCESS_TOKEN={}\n", AccessToken::application(application).encode());
    if let Some(path) = api.targets.first().map(Target::path_template) {
        println!("Upload a photo by hand with one of them:\n");
        println!(
            "    curl --request PUT --header \"Authorization: Bearer $GRAPH_ACCESS_TOKEN\" \\\n      \
             --header 'Content-Type: {}' --data-binary @photo.jpg '<URL above>{path}'\n",
            api.media_type
        );
    }
}
