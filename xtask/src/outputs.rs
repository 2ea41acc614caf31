//! The files that the spec renders, compared with those that exist: `check` prints the plan, and
//! `regenerate` carries it out.

use std::time::{Duration, Instant};

use graph_photo_codegen::{permissions, render};

use crate::{
    failure::Failure,
    repository::{Repository, SPEC},
    snapshot,
};

/// The JSON Schema of the permission metadata, relative to the root.
const SCHEMA: &str = "spec/x-graph-permissions.schema.json";

/// The files as they are, and as the spec renders them.
pub(crate) struct Plan {
    /// The files in the order of the report.
    pub(crate) files: Vec<File>,
    /// Why files that nothing renders could not be listed.
    pub(crate) unlisted: Option<Failure>,
    /// The duration of the rendering.
    pub(crate) rendering: Duration,
}

/// A file that follows from the spec.
pub(crate) struct File {
    /// Its path, relative to the root.
    pub(crate) path: String,
    /// The rendered content; `None` if the file should not exist.
    pub(crate) rendered: Option<String>,
    /// The content; `None` if the file doesn't exist or can't be read.
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

    /// A status word and the reason for it.
    pub(crate) fn status(&self) -> (&'static str, &'static str) {
        match (&self.rendered, &self.found) {
            (Some(rendered), Some(found)) if rendered == found => {
                ("Fresh", "is what the spec renders")
            }
            (Some(_), Some(_)) => ("Stale", "differs from what the spec renders"),
            (Some(_), None) => ("Missing", "is rendered by the spec, but doesn't exist"),
            (None, _) => ("Orphaned", "exists, but nothing renders it"),
        }
    }
}

impl Plan {
    /// Renders everything and reads the files.
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

    /// Takes the reasons why files can't be read.
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
