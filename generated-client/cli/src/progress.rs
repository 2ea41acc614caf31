//! Reports when an upload waits before a retry, and whose photo it is.

use std::{collections::BTreeMap, fmt::Debug, time::Duration};

use graph_photo_client::Printable;
use tracing::{
    Event, Level, Subscriber,
    field::{Field, Visit},
    span::{Attributes, Id},
};
use tracing_subscriber::{
    Layer,
    filter::Targets,
    layer::Context,
    registry::{LookupSpan, Scope},
};

use crate::output;

/// Field of the library's upload span: the target, as a resource path.
const TARGET: &str = "target";

/// Field of the library's wait event: its length, in milliseconds.
const DELAY: &str = "delay_ms";

/// Field of the library's wait event: its number, from 1.
const RETRIES: &str = "retries";

/// Field of the library's wait event: why the last attempt failed.
const REASON: &str = "reason";

/// The layer that reports waits.
pub(crate) struct Progress {
    max_retries: u32,
}

impl Progress {
    /// The layer, filtered to what it needs of the library.
    pub(crate) fn layer<S>(max_retries: u32) -> impl Layer<S>
    where
        S: Subscriber + for<'s> LookupSpan<'s>,
    {
        Self { max_retries }
            .with_filter(Targets::new().with_target("graph_photo_client", Level::INFO))
    }
}

/// The fields of a span or an event, as text.
#[derive(Default)]
struct Fields(BTreeMap<&'static str, String>);

impl Visit for Fields {
    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        self.0.insert(field.name(), format!("{value:?}"));
    }
}

impl<S: Subscriber + for<'s> LookupSpan<'s>> Layer<S> for Progress {
    fn on_new_span(&self, attributes: &Attributes<'_>, id: &Id, context: Context<'_, S>) {
        let mut fields = Fields::default();
        attributes.record(&mut fields);
        if let Some(span) = context.span(id) {
            span.extensions_mut().insert(fields);
        }
    }

    fn on_event(&self, event: &Event<'_>, context: Context<'_, S>) {
        let mut fields = Fields::default();
        event.record(&mut fields);
        let target = context.event_scope(event).and_then(target_of);
        if let (Some(target), Some(wait)) = (target, wait(&fields)) {
            let text = format!("{target}: {wait} of {}", self.max_retries);
            output::warning(Printable(&text));
        }
    }
}

/// The target of the upload that these spans belong to.
fn target_of<'s, S: LookupSpan<'s>>(mut spans: Scope<'s, S>) -> Option<String> {
    spans.find_map(|span| span.extensions().get::<Fields>()?.0.get(TARGET).cloned())
}

/// The report of a wait, if the event is one.
fn wait(Fields(fields): &Fields) -> Option<String> {
    let delay: u64 = fields.get(DELAY)?.parse().ok()?;
    let (reason, retries) = (fields.get(REASON)?, fields.get(RETRIES)?);
    // Either a status or what broke the connection.
    let is_status = reason.starts_with(|first: char| first.is_ascii_digit());
    let answered = if is_status { "Graph answered " } else { "" };
    let seconds = Duration::from_millis(delay.div_ceil(100) * 100).as_secs_f64();
    Some(format!("{answered}{reason}; waiting {seconds} s before retry {retries}"))
}
