//! Requests and changes, as server-sent events.
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
///
/// Nothing is kept for a client that reads slowly: when the channel has overwritten events
/// that it didn't take in time, it is told to reload.
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
            Ok(Event::Change) => ("change", json!({})),
            Err(RecvError::Lagged(missed)) => ("reload", json!({ "missed": missed })),
            Err(RecvError::Closed) => return Ok(()),
        };
        connection.write(format!("event: {name}\ndata: {data}\n\n").as_bytes()).await?;
    }
}

#[cfg(test)]
mod tests {
    use tokio::net::{TcpListener, TcpStream};

    use super::stream;
    use crate::{builder::Builder, http::connection::Connection, state::State};

    #[tokio::test]
    async fn a_reader_that_is_gone_is_forgotten() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let reader = TcpStream::connect(listener.local_addr().unwrap()).await.unwrap();
        let (accepted, _) = listener.accept().await.unwrap();
        let state = State::new(Builder::new()).unwrap();
        let events = state.events.subscribe();
        drop(reader);
        let mut connection = Connection::new(Box::new(accepted));
        // Whether it ends in order or by an error depends on what it was about to do.
        let _ = stream(&mut connection, &state, events).await;
        assert_eq!(state.events.receiver_count(), 0);
    }
}
