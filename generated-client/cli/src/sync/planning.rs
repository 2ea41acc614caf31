//! Makes a plan from a source: reads, resolves, selects and validates, but sends nothing.

use std::{
    collections::{HashMap, hash_map::Entry},
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
};

use graph_photo_client::{Cloud, GraphPhotoClient, Operation};
use tokio::{task::spawn_blocking, time::interval};

use super::{
    display::{Display, TICK},
    examine::Examiner,
    item::{Item, Target},
    plan::Plan,
    resolve::{Resolver, refuse_duplicates},
    select::Selection,
    source::{self, Source},
};
use crate::{
    args::{ConnectionArgs, sync::SyncArgs},
    failure::Failure,
    fit::{FitOptions, READABLE_EXTENSIONS},
    journal::Known,
    output,
};

/// The extensions of photos if nothing is converted.
const JPEG_EXTENSIONS: &[&str] = &["jpg", "jpeg"];

/// Reads a source and selects the photos of the run; also returns the cloud.
///
/// # Errors
///
/// [`Failure`] if the source cannot be read or has nothing to send.
pub(super) async fn read(
    args: &SyncArgs,
    connection: &ConnectionArgs,
) -> Result<(Plan, Cloud), Failure> {
    let selection = Selection::new(&args.selection)?;
    let (path, reading) = (args.source.clone(), args.reading.clone());
    let extensions = if args.fix { &READABLE_EXTENSIONS[..] } else { JPEG_EXTENSIONS };
    let source = spawn_blocking(move || source::read(&path, &reading, extensions));
    let source = source
        .await
        .map_err(|cause| Failure::System("failed to read the source".to_owned(), cause.into()))??;
    if let Some(warning) = source.warning {
        output::warning(warning);
    }
    if let Some(note) = &source.note {
        output::note(note);
    }
    let mut resolver = Resolver::new(connection, args.reading.domain.as_deref());
    let plan = select(source, &selection, &mut resolver);
    let cloud = connection.cloud(resolver.cloud())?;
    if plan.items.is_empty() && !args.selection.shard.shard()?.is_part() {
        return Err(Failure::arguments("nothing is selected; check --only and --exclude"));
    }
    Ok((plan, cloud))
}

fn select(source: Source, selection: &Selection, resolver: &mut Resolver<'_>) -> Plan {
    let rows = source.rows.len();
    let items = source.rows.into_iter().map(|row| resolver.item(row));
    let mut items: Vec<Item> = items.filter(|item| selection.has(item)).collect();
    refuse_duplicates(&mut items);
    items.shrink_to_fit();
    let not_selected = rows - items.len();
    Plan { items, left_out: source.left_out, not_selected, photos: source.photos }
}

/// Reads and validates the photos of a plan, and compares them with the records of earlier
/// runs.
///
/// # Errors
///
/// [`Failure`] if a reading thread fails.
pub(super) async fn examine(
    plan: &mut Plan,
    fix: Option<FitOptions>,
    fix_line: Option<String>,
    known: Arc<HashMap<String, Known>>,
    is_json: bool,
) -> Result<(), Failure> {
    let done = Arc::new(AtomicUsize::new(0));
    let mut items = std::mem::take(&mut plan.items);
    let mut display = Display::new("read", items.len(), is_json);
    let (photos, count) = (plan.photos.clone(), Arc::clone(&done));
    let examined = spawn_blocking(move || {
        let examiner = Examiner {
            photos: &photos,
            fix: fix.as_ref(),
            fix_line: fix_line.as_deref(),
            known: &known,
            done: &count,
        };
        examiner.examine(&mut items);
        items
    });
    tokio::pin!(examined);
    let mut ticks = interval(TICK);
    let items = loop {
        tokio::select! {
            items = &mut examined => break items,
            _ = ticks.tick() => display.reading(done.load(Ordering::Relaxed)),
        }
    };
    display.end();
    plan.items = items
        .map_err(|cause| Failure::System("failed to read the photos".to_owned(), cause.into()))?;
    Ok(())
}

/// Refuses the photos that the token's claims do not permit.
///
/// # Errors
///
/// [`Failure`] if there is no token, or Graph is certain to refuse it for any request.
pub(super) async fn check_permissions(
    plan: &mut Plan,
    client: &GraphPhotoClient,
) -> Result<(), Failure> {
    let mut refusals: HashMap<Operation, Option<String>> = HashMap::new();
    for item in &mut plan.items {
        let Some(target) = item.target() else { continue };
        let Some(operation) = target.resource.operation(target.method) else { continue };
        let refusal = match refusals.entry(operation) {
            Entry::Occupied(known) => known.into_mut(),
            Entry::Vacant(unknown) => unknown.insert(refusal(client, target).await?),
        };
        if let Some(reason) = refusal.clone().filter(|_| item.is_due()) {
            item.refuse(reason);
        }
    }
    Ok(())
}

/// The reason why the token does not permit setting a photo, if any.
async fn refusal(client: &GraphPhotoClient, target: &Target) -> Result<Option<String>, Failure> {
    match client.check_token(target.method, &target.resource).await {
        Ok(()) => Ok(None),
        Err(error) if error.is_permission_denied() => {
            Ok(Some(error.diagnosis().map_or_else(|| error.to_string(), ToString::to_string)))
        }
        // It is about the token, and not about the photo that happened to be the first.
        Err(error) if error.is_unauthorized() => Err(match error.diagnosis() {
            Some(reason) => {
                Failure::token(format!("{reason}; get a new one and run the same command again"))
            }
            None => error.into(),
        }),
        Err(error) => Err(error.into()),
    }
}

/// The absolute path as text, or the path as written if there is none.
pub(super) fn absolute(path: &Path) -> String {
    let path = if path.as_os_str().is_empty() { Path::new(".") } else { path };
    let absolute = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    absolute.to_string_lossy().into_owned()
}
