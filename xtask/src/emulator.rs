//! `cargo xtask emulator`: the Graph emulator, for trying things by hand.

use std::process::ExitCode;

use graph_photo_codegen::{
    Api, Spec,
    api::{Permission, PermissionType, Target},
};
use graph_photo_tests::{AccessToken, Emulator};

use crate::{Failure, repository::Repository};

/// How the emulator runs.
#[derive(clap::Args)]
pub(crate) struct Options {
    /// The port to listen on; a free one by default
    #[arg(long, value_name = "N", default_value_t = 0)]
    port: u16,
}

pub(crate) fn run(repository: &Repository, options: &Options) -> Result<ExitCode, Failure> {
    let Spec { api, .. } = Api::read(&repository.spec()?)?;
    let failed =
        |cause| Failure::to("start", format!("the emulator on port {}", options.port), cause);
    let emulator = Emulator::start_on(api.clone(), options.port).map_err(failed)?;
    println!("The Graph emulator serves {}", emulator.base_url());
    println!("Look at the photos it holds: http://{}/\n", emulator.local_addr());
    print_tokens(&api);
    println!("Ctrl-C stops it.");
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let runtime = runtime.map_err(failed)?;
    runtime.block_on(async {
        tokio::select! {
            result = emulator.run() => result.map(|()| ExitCode::SUCCESS).map_err(failed),
            _ = tokio::signal::ctrl_c() => Ok(ExitCode::SUCCESS),
        }
    })
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
