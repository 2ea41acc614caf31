//! Everything that follows from the spec, and how it compares with what lies
//! there: the plan that `check` prints and `regenerate` carries out.

use std::time::{Duration, Instant};

use graph_photo_codegen::{permissions, render};

use crate::{
    failure::Failure,
    repository::{Repository, SPEC},
    snapshot,
};

/// The JSON Schema of the permission metadata, relative to the root.
const SCHEMA: &str = "spec/x-graph-permissions.schema.json";

/// What has to be done so that everything is what the spec renders.
pub(crate) struct Plan {
    /// The files, in the order in which they are reported.
    pub(crate) files: Vec<File>,
    /// Why there may be further ones, which nothing renders.
    pub(crate) unlisted: Option<Failure>,
    /// How long the rendering took.
    pub(crate) rendering: Duration,
}

/// A file that follows from the spec.
pub(crate) struct File {
    /// Its path, relative to the root.
    pub(crate) path: String,
    /// What it should hold; `None` if it should not be there.
    pub(crate) rendered: Option<String>,
    /// What it holds; `None` if it is not there, or can't be read.
    pub(crate) found: Option<String>,
    /// Why it can't be read.
    pub(crate) unread: Option<Failure>,
}

impl File {
    fn read(repository: &Repository, path: String, rendered: Option<String>) -> Self {
        let (found, unread) = match repository.read(&path) {
            Ok(found) => (found, None),
            Err(failure) => (None, Some(failure)),
        };
        Self { path, rendered, found, unread }
    }

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
        let rendered = modules.chain(documents).chain(schema);
        let mut files: Vec<File> =
            rendered.map(|(path, text)| File::read(repository, path, Some(text))).collect();
        let (snapshots, unlisted) = match repository.list(snapshot::FOLDER) {
            Ok(paths) => (paths, None),
            Err(failure) => (Vec::new(), Some(failure)),
        };
        for path in snapshots {
            if snapshot::is_one(&path) && !files.iter().any(|file| file.path == path) {
                files.push(File::read(repository, path, None));
            }
        }
        Ok(Self { files, unlisted, rendering })
    }

    /// Why it isn't known what lies there.
    pub(crate) fn take_failures(&mut self) -> Vec<Failure> {
        let unread = self.files.iter_mut().filter_map(|file| file.unread.take());
        unread.chain(self.unlisted.take()).collect()
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
