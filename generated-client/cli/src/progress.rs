//! Tells that an upload waits before it is tried again, and whose photo it is.

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

/// The library's span of an upload has the target here, as a resource path.
const TARGET: &str = "target";

/// The library's event of a wait has its length here, in milliseconds.
const DELAY: &str = "delay_ms";

/// The library's event of a wait has its number here, from 1.
const RETRIES: &str = "retries";

/// The library's event of a wait says here why the last attempt failed.
const REASON: &str = "reason";

/// The layer that hears of waits.
pub(crate) struct Progress {
    max_retries: u32,
}

impl Progress {
    /// What it needs to hear of the library, and nothing of others.
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

/// The target of the upload that these spans are about.
fn target_of<'s, S: LookupSpan<'s>>(mut spans: Scope<'s, S>) -> Option<String> {
    spans.find_map(|span| span.extensions().get::<Fields>()?.0.get(TARGET).cloned())
}

/// What an event says of a wait, if it is about one.
fn wait(Fields(fields): &Fields) -> Option<String> {
    let delay: u64 = fields.get(DELAY)?.parse().ok()?;
    let (reason, retries) = (fields.get(REASON)?, fields.get(RETRIES)?);
    // A status, or what broke the connection.
    let is_answer = reason.starts_with(|first: char| first.is_ascii_digit());
    let answered = if is_answer { "Graph answered " } else { "" };
    let seconds = Duration::from_millis(delay.div_ceil(100) * 100).as_secs_f64();
    Some(format!("{answered}{reason}; waiting {seconds} s before retry {retries}"))
}
