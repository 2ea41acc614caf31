//! Everything that follows from the spec, and how it compares with what lies
//! there: the plan that `check` prints and `regenerate` carries out.

use std::time::{Duration, Instant};

use graph_photo_codegen::{permissions, render};

use crate::{
    Failure,
    repository::{Repository, SPEC},
    snapshot,
};

/// The JSON Schema of the permission metadata, relative to the root.
const SCHEMA: &str = "spec/x-graph-permissions.schema.json";

/// What has to be done so that everything is what the spec renders.
pub(crate) struct Plan {
    /// The files, in the order in which they are reported.
    pub(crate) files: Vec<File>,
    /// How long the rendering took.
    pub(crate) rendering: Duration,
}

/// A file that follows from the spec.
pub(crate) struct File {
    /// Its path, relative to the root.
    pub(crate) path: String,
    /// What it should hold; `None` if it should not be there.
    pub(crate) rendered: Option<String>,
    /// What it holds; `None` if it is not there.
    pub(crate) found: Option<String>,
}

impl File {
    pub(crate) fn is_fresh(&self) -> bool {
        self.rendered == self.found
    }

    /// What is the matter with it, as a status word and a reason.
    pub(crate) fn status(&self) -> (&'static str, &'static str) {
        match (&self.rendered, &self.found) {
            (Some(rendered), Some(found)) if rendered == found => {
                ("Fresh", "is what the spec renders")
            }
            (Some(_), Some(_)) => ("Stale", "differs from what the spec renders"),
            (Some(_), None) => ("Missing", "is rendered by the spec, but is not there"),
            (None, _) => ("Orphaned", "is there, but nothing renders it"),
        }
    }
}

impl Plan {
    /// Renders everything and compares it with what lies there.
    pub(crate) fn make(repository: &Repository) -> Result<Self, Failure> {
        let spec = repository.spec()?;
        let started = Instant::now();
        let rendered = render(&spec)?;
        let rendering = started.elapsed();
        let modules = rendered
            .modules
            .iter()
            .map(|module| (snapshot::path(module.name), snapshot::text(&module.source)));
        let documents = rendered
            .documents
            .into_iter()
            .map(|document| (format!("spec/{}", document.name), document.text));
        let schema = [(SCHEMA.to_owned(), permissions::json_schema())];
        let mut files = Vec::new();
        for (path, text) in modules.chain(documents).chain(schema) {
            let found = repository.read(&path)?;
            files.push(File { path, rendered: Some(text), found });
        }
        for path in repository.list(snapshot::FOLDER)? {
            if snapshot::is_one(&path) && !files.iter().any(|file| file.path == path) {
                let found = repository.read(&path)?;
                files.push(File { path, rendered: None, found });
            }
        }
        Ok(Self { files, rendering })
    }

    /// The sentence that ends a report.
    pub(crate) fn timing(&self, whole: Duration) -> String {
        format!(
            "in {} ms, {} ms of them to render {SPEC}",
            whole.as_millis(),
            self.rendering.as_millis()
        )
    }
}
