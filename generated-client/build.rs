//! Renders the generated modules from the spec into `OUT_DIR`.

use std::{env, error::Error, fs, path::Path};

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed=build.rs");
    let directory = env::var("OUT_DIR")?;
    let spec = graph_photo_codegen::decode(graph_photo_spec::OPENAPI_BYTES)?;
    for module in graph_photo_codegen::render(spec)?.modules {
        fs::write(Path::new(&directory).join(format!("{}.rs", module.name)), module.source)?;
    }
    Ok(())
}
