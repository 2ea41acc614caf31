//! What happens, as server-sent events.
//! Source of the format: <https://html.spec.whatwg.org/multipage/server-sent-events.html>.

use std::io;

use serde_json::json;
use tokio::sync::broadcast::{Receiver, error::RecvError};

use super::views;
use crate::{
    http::{connection::Connection, response::Response},
    request_log::Event,
    state::State,
};

/// Sends events until the client closes the connection.
pub(crate) async fn stream(
    connection: &mut Connection,
    state: &State,
    mut events: Receiver<Event>,
) -> io::Result<()> {
    let response = Response::new(200)
        .header("Content-Type", "text/event-stream")
        .header("Cache-Control", "no-store")
        .header("Connection", "close");
    let head = [response.encode_head(), b"\r\n".to_vec()].concat();
    connection.write(&head).await?;
    loop {
        let event = tokio::select! {
            event = events.recv() => event,
            () = connection.stirs() => return Ok(()),
        };
        let (name, data) = match event {
            Ok(Event::Request(number)) => match state.records.find(number) {
                Some(request) => ("request", views::request(&request)),
                None => continue,
            },
            // Whoever missed some looks at all there is, as after a change.
            Ok(Event::Change) | Err(RecvError::Lagged(_)) => ("change", json!({})),
            Err(RecvError::Closed) => return Ok(()),
        };
        connection.write(format!("event: {name}\ndata: {data}\n\n").as_bytes()).await?;
    }
}
