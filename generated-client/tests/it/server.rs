//! A server that plays a few answers, one for each connection.

use std::{
    io::{Read as _, Write as _},
    net::{TcpListener, TcpStream},
    sync::mpsc::{Receiver, Sender, channel},
    thread,
};

/// A server on this machine.
pub(crate) struct Server {
    /// Its URL, to append paths to.
    pub(crate) base_url: String,
    requests: Receiver<Request>,
}

/// A request as it came over the wire.
pub(crate) struct Request {
    pub(crate) head: String,
    pub(crate) body: Vec<u8>,
}

impl Server {
    /// Gives these answers in turn, then no more. An empty one means silence.
    pub(crate) fn answering<const N: usize>(answers: [&'static str; N]) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let base_url = format!("http://{}/v1.0", listener.local_addr().unwrap());
        let (sender, requests) = channel();
        thread::spawn(move || serve(&listener, &answers, &sender));
        Self { base_url, requests }
    }

    /// The next request; waits for it.
    pub(crate) fn request(&self) -> Request {
        self.requests.recv().unwrap()
    }

    /// The requests that have not been taken yet. Complete once the client has
    /// ended, since each is noted before it is answered.
    pub(crate) fn requests(&self) -> Vec<Request> {
        self.requests.try_iter().collect()
    }
}

impl Request {
    /// The value of a header.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.head.lines().find_map(|line| {
            let (key, value) = line.split_once(": ")?;
            key.eq_ignore_ascii_case(name).then_some(value)
        })
    }
}

fn serve(listener: &TcpListener, answers: &[&str], requests: &Sender<Request>) {
    for answer in answers {
        let (mut stream, _) = listener.accept().unwrap();
        let request = read(&mut stream);
        if requests.send(request).is_err() {
            return; // the test is over
        }
        if answer.is_empty() {
            // Until the client hangs up.
            let _ = stream.read(&mut [0]);
        }
        let _ = stream.write_all(answer.as_bytes());
    }
}

fn read(stream: &mut TcpStream) -> Request {
    let mut bytes = Vec::new();
    let mut chunk = [0; 4096];
    loop {
        let head = bytes.windows(4).position(|window| window == b"\r\n\r\n");
        if let Some(end) = head {
            let head = String::from_utf8(bytes[..end].to_vec()).unwrap();
            let request = Request { head, body: bytes[end + 4..].to_vec() };
            let length = request.header("content-length").unwrap_or("0").parse::<usize>();
            if request.body.len() == length.unwrap() {
                return request;
            }
        }
        let count = stream.read(&mut chunk).unwrap();
        assert_ne!(count, 0, "the client hung up within a request");
        bytes.extend_from_slice(&chunk[..count]);
    }
}
