//! Renders the generated modules from the spec into `OUT_DIR`.

use std::{env, error::Error, fs, path::Path};

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed=build.rs");
    let directory = env::var("OUT_DIR")?;
    for module in graph_photo_codegen::render(graph_photo_spec::OPENAPI_YAML)?.modules {
        fs::write(Path::new(&directory).join(format!("{}.rs", module.name)), module.source)?;
    }
    Ok(())
}
