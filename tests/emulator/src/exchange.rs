//! The requests of one connection, one after the other: each is read, judged or failed,
//! recorded and answered.

use std::{
    io, mem,
    sync::Arc,
    time::{Duration, Instant},
};

use bytes::Bytes;
use tokio::time::sleep;

use crate::{
    control,
    fault::{
        Fault,
        plan::{Plan, Reply, Then},
        response, rule,
    },
    http::{
        body::{Body, End},
        connection::Connection,
        head::Head,
        response::Response,
        stream::Stream,
    },
    judge::{
        admission::{self, Admission, Asked, Task},
        completion::{self, Received},
        refusal::{Ids, Refusal},
    },
    recorded_request::{Outcome, RecordedRequest},
    state::State,
    throttle::Caller,
};

/// The header of a request that asks for a fault.
const FAULT_HEADER: &str = "x-emulator-fault";
const CLIENT_REQUEST_ID: &str = "client-request-id";
const CONTINUE: &[u8] = b"HTTP/1.1 100 Continue\r\n\r\n";
/// Sent again and again, it is a body without end.
const CHUNK: &[u8] = b"10\r\nno end in sight.\r\n";

/// Answers the requests of a connection until one ends it, or the client does.
pub(crate) async fn serve(stream: Box<dyn Stream>, state: Arc<State>, number: u64) {
    let mut connection = Connection::new(stream);
    while connection.next_request().await.is_ok() {
        // A broken connection is the client's failure, not the emulator's.
        match answer_one(&mut connection, &state, number).await {
            Ok(Then::Keep) => {}
            Ok(Then::Reset) => return connection.reset(),
            Ok(Then::Silence) => return connection.fall_silent().await,
            Ok(Then::Close) | Err(_) => return connection.close().await,
        }
    }
}

async fn answer_one(connection: &mut Connection, state: &State, number: u64) -> io::Result<Then> {
    let (head, problem) = match connection.read_head().await {
        Ok(head) => (head, None),
        Err((head, problem)) => (head, Some(problem)),
    };
    if control::is_for(&head) {
        return answer_control(connection, state, &head).await;
    }
    let request = RecordedRequest::new(state.next_request(), number, state.now(), &head);
    let started = Instant::now();
    Exchange { connection, state, head, problem, request, started }.run().await
}

/// Answers a request to the emulator itself.
async fn answer_control(
    connection: &mut Connection,
    state: &State,
    head: &Head,
) -> io::Result<Then> {
    let mut body = Body::new(head.framing, control::MAX_BODY);
    if connection.read_body(&mut body, u64::MAX).await != End::Complete {
        return Ok(Then::Close);
    }
    match control::answer(state, head, &body.kept) {
        control::Reply::Events(events) => {
            control::events::stream(connection, state, events).await?;
            Ok(Then::Close)
        }
        control::Reply::Once(response) => {
            connection.write(&response.encode(&head.method)).await?;
            Ok(if head.keeps_alive { Then::Keep } else { Then::Close })
        }
    }
}

/// One request, and the way to its answer.
struct Exchange<'e> {
    connection: &'e mut Connection,
    state: &'e State,
    head: Head,
    /// What is wrong with the head.
    problem: Option<&'static str>,
    request: RecordedRequest,
    started: Instant,
}

/// What happens to a request.
enum Decision {
    /// The answer is Graph's.
    Judge(Result<Admission, Refusal>),
    /// The answer is that of its fault alone.
    Fail,
}

impl Exchange<'_> {
    async fn run(mut self) -> io::Result<Then> {
        let (caller, asked) = admission::read(self.state, &self.head);
        let is_write = !matches!(self.head.method.as_str(), "GET" | "HEAD");
        self.request.early = self.state.throttling.early(&caller, is_write, self.request.time);
        let (fault, decision) = self.decide(&caller, asked);
        let (mut body, end) = self.read_body(fault.as_ref(), &decision).await?;
        self.note_body(&mut body, &decision);
        let response = match &decision {
            Decision::Judge(_) if end == End::Broken => Some(self.broken()),
            Decision::Judge(Err(refusal)) => Some(self.refused(refusal)),
            Decision::Judge(Ok(admission)) => Some(self.completed(admission)),
            Decision::Fail => self.failed(fault.as_ref()),
        };
        let then = self.then(fault.as_ref(), end);
        let bytes = self.encode(fault.as_ref(), response, then);
        self.request.duration = self.started.elapsed();
        let number = self.request.number;
        self.state.record(self.request.clone());
        if let Some(fault) = fault.as_ref().filter(|fault| !fault.delay.is_zero()) {
            sleep(fault.delay).await;
        }
        self.note_waits(fault.as_ref(), &decision, &caller);
        // The client may send its next request once it has the answer: by then, this one must
        // no longer count as in progress.
        drop(decision);
        self.send(fault.as_ref(), &bytes).await?;
        if end == End::Partial && then == Then::Keep {
            return self.read_rest(body, number).await;
        }
        Ok(then)
    }

    /// The fault that applies to the request, and what follows from it.
    fn decide(&self, caller: &Caller, asked: Asked<'_>) -> (Option<Plan>, Decision) {
        let refusal = self.problem.map(Refusal::bad_request);
        match refusal.map_or_else(|| self.fault(), Err) {
            Ok(Some(fault)) if !fault.is_carried_out() => (Some(fault), Decision::Fail),
            Ok(fault) => {
                let admission = admission::admit(self.state, &self.head, caller, asked);
                (fault, Decision::Judge(admission))
            }
            Err(refusal) => (None, Decision::Judge(Err(refusal))),
        }
    }

    fn fault(&self) -> Result<Option<Plan>, Refusal> {
        let plan = if let Some(text) = self.head.only_value(FAULT_HEADER) {
            text.parse().and_then(|fault: Fault| fault.plan()).map(Some)
        } else {
            let paths = || rule::spellings(&self.state.prefix, self.head.path());
            let fault = self.state.faults.next(&self.head.method, paths);
            fault.map(|fault| fault.plan()).transpose()
        };
        plan.map_err(|error| Refusal::bad_request(error.to_string()))
    }

    /// Reads the body, or as much of it as a fault wants.
    async fn read_body(
        &mut self,
        fault: Option<&Plan>,
        decision: &Decision,
    ) -> io::Result<(Body, End)> {
        let mut body = Body::new(self.head.framing, self.state.api.max_request_bytes);
        let until = match (decision, fault.and_then(|fault| fault.read)) {
            (Decision::Fail, Some(bytes)) => bytes,
            _ => u64::MAX,
        };
        if self.head.expects_continue() && until > 0 {
            if matches!(decision, Decision::Judge(Err(_))) {
                // The client holds the body back until it is asked for it, which it is not.
                return Ok((body, End::Partial));
            }
            self.connection.write(CONTINUE).await?;
        }
        let end = self.connection.read_body(&mut body, until).await;
        Ok((body, end))
    }

    fn note_body(&mut self, body: &mut Body, decision: &Decision) {
        let bytes = Bytes::from(mem::take(&mut body.kept).into_boxed_slice());
        let is_upload =
            matches!(decision, Decision::Judge(Ok(Admission { task: Task::Store(_), .. })));
        self.request.body = if is_upload { self.state.photos.share(bytes) } else { bytes };
        self.request.wire_bytes = self.connection.taken();
    }

    fn broken(&mut self) -> Response {
        let refusal =
            Refusal::bad_request("The request body broke off, or its framing is malformed.");
        let response = self.refused(&refusal);
        self.request.outcome = Outcome::Broken;
        response
    }

    fn refused(&mut self, refusal: &Refusal) -> Response {
        let is_limit = refusal.status == 429;
        self.request.outcome = if is_limit { Outcome::Throttled } else { Outcome::Refused };
        self.request.why.clone_from(&refusal.message);
        self.request.code = Some(refusal.code.clone());
        refusal.respond(&self.ids(), self.state.now())
    }

    fn completed(&mut self, admission: &Admission) -> Response {
        if let Task::Store(permission) = &admission.task {
            self.request.permission = Some(permission.clone());
        }
        let received = Received {
            head: &self.head,
            body: &self.request.body,
            wire_bytes: self.request.wire_bytes,
            number: self.request.number,
        };
        let mut response = match completion::complete(self.state, admission, &received) {
            Err(refusal) => self.refused(&refusal),
            Ok(done) => {
                self.request.outcome = done.outcome;
                self.request.why = done.why;
                done.response
            }
        };
        response.headers.extend(admission.in_flight.headers.iter().cloned());
        response
    }

    fn failed(&mut self, fault: Option<&Plan>) -> Option<Response> {
        self.request.outcome = Outcome::Fault;
        let fault = fault?;
        let (response, code) = response::of(fault, &self.ids(), self.state.now())?;
        self.request.code = code;
        Some(response)
    }

    /// Notes what the answer tells the client to wait for; requests that arrived before it
    /// didn't know.
    fn note_waits(&self, fault: Option<&Plan>, decision: &Decision, caller: &Caller) {
        let (throttling, now) = (&self.state.throttling, self.state.now());
        let is_error = self.request.status.is_some_and(|status| status >= 400);
        match decision {
            Decision::Fail if is_error => {
                if let Some(wait) = fault.and_then(|fault| fault.retry_after) {
                    throttling.told_to_wait(caller, now, wait);
                }
            }
            Decision::Judge(Err(refusal)) if self.request.outcome == Outcome::Throttled => {
                throttling.told(&refusal.waits, now);
            }
            Decision::Judge(_) | Decision::Fail => {}
        }
    }

    /// What becomes of the connection.
    fn then(&self, fault: Option<&Plan>, end: End) -> Then {
        let is_partial_by_fault = fault.is_some_and(|fault| fault.read.is_some());
        let is_in_step = end == End::Complete || end == End::Partial && is_partial_by_fault;
        match fault.map_or(Then::Keep, |fault| fault.then) {
            Then::Keep if !is_in_step || !self.head.keeps_alive => Then::Close,
            then => then,
        }
    }

    /// The bytes of the answer, if there is one; records its status.
    fn encode(&mut self, fault: Option<&Plan>, response: Option<Response>, then: Then) -> Bytes {
        let fault = fault.inspect(|fault| {
            let is_judged = !self.request.why.is_empty();
            self.request.why += if is_judged { "; with the fault " } else { "" };
            self.request.why += &fault.text;
        });
        if let Some(Plan { answer: Reply::Raw(bytes), .. }) = fault {
            return bytes.clone();
        }
        let is_lost = fault.is_some_and(|fault| fault.answer == Reply::Lost);
        let Some(response) = response.filter(|_| !is_lost) else { return Bytes::new() };
        self.request.status = Some(response.status);
        let response = self.with_ids(response, then);
        response::encode(fault, &response, &self.head.method)
    }

    /// Adds the headers that every answer has.
    fn with_ids(&self, response: Response, then: Then) -> Response {
        let Ids { request, client } = self.ids();
        let is_cacheable = response.headers.iter().any(|(name, _)| name == "Cache-Control");
        let mut response = response
            .header("request-id", request)
            .header(CLIENT_REQUEST_ID, client)
            .header("Date", httpdate::fmt_http_date(self.state.now()));
        if !is_cacheable {
            response = response.header("Cache-Control", "no-store");
        }
        if then == Then::Keep { response } else { response.header("Connection", "close") }
    }

    /// Without an id from the client, Graph uses its own for both.
    fn ids(&self) -> Ids {
        let request = self.request.request_id.clone();
        let client = self.head.values(CLIENT_REQUEST_ID).first().map(|id| (*id).to_owned());
        Ids { client: client.unwrap_or_else(|| request.clone()), request }
    }

    async fn send(&mut self, fault: Option<&Plan>, bytes: &Bytes) -> io::Result<()> {
        match fault.and_then(|fault| fault.pace) {
            Some((piece, pause)) => self.connection.write_slowly(bytes, piece, pause).await?,
            None => self.connection.write(bytes).await?,
        }
        match fault {
            Some(fault @ Plan { answer: Reply::Endless(_), .. }) => {
                self.send_without_end(fault).await
            }
            _ => Ok(()),
        }
    }

    /// Sends until the client has had enough.
    async fn send_without_end(&mut self, fault: &Plan) -> io::Result<()> {
        let chunks = CHUNK.repeat(if fault.pace.is_some() { 1 } else { 256 });
        loop {
            sleep(fault.pace.map_or(Duration::ZERO, |(_, pause)| pause)).await;
            self.connection.write(&chunks).await?;
        }
    }

    /// Reads what is left of a request that was answered before all of it was here.
    async fn read_rest(self, mut body: Body, number: u64) -> io::Result<Then> {
        body.kept = self.request.body.to_vec();
        let end = self.connection.read_body(&mut body, u64::MAX).await;
        self.state.records.complete(number, body.kept.into(), self.connection.taken());
        Ok(if end == End::Complete { Then::Keep } else { Then::Close })
    }
}
