//! Uploads one photo: reads it, records it, sends it, records the result; retries if useful.

use std::{
    collections::HashMap,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, MutexGuard},
    time::{Duration, SystemTime},
};

use graph_photo_client::{Error, GraphPhotoClient, JpegPhoto, UploadResponse};
use tokio::sync::Semaphore;

use super::{
    item::{Item, Target},
    pace::Pace,
    prepare::{Prepared, prepare, read},
    throttle::Feedback,
};
use crate::{
    failure::Failure,
    fit::FitOptions,
    journal::{Content, Digest, Journal, Outcome, State},
};

/// The maximum number of retries of a photo that Graph throttles without naming a wait: with a
/// 503 or 509, or with 429s while no other photo gets through.
const MAX_THROTTLED: u32 = 10;

/// The pause before a retry after Graph failed, doubled each further time.
const PAUSE: Duration = Duration::from_secs(1);

/// Sends the photos of a run.
pub(super) struct Uploader {
    pub(super) client: GraphPhotoClient,
    pub(super) journal: Journal,
    pub(super) pace: Arc<Pace>,
    /// The base folder of relative file paths.
    pub(super) photos: PathBuf,
    pub(super) fix: Option<FitOptions>,
    /// The maximum number of retries after a transient failure.
    pub(super) max_retries: u32,
    pub(super) under_way: UnderWay,
    /// Turns to read a file: `--fix` may need much memory for each.
    pub(super) reading: Semaphore,
}

/// The last requests of photos of which no outcome is noted yet, by the keys of their targets.
#[derive(Debug, Default)]
pub(super) struct UnderWay(Mutex<HashMap<String, Sent>>);

/// A request that may have been answered, or not.
#[derive(Debug, Clone, Copy)]
pub(super) struct Sent {
    pub(super) started: SystemTime,
    /// With those before.
    pub(super) attempts: u32,
}

/// The result of a photo.
#[derive(Debug)]
pub(super) struct Upload {
    pub(super) outcome: Outcome,
    /// The start of the last request, if there was one.
    pub(super) started: Option<SystemTime>,
    pub(super) attempts: u32,
    /// Why the last request failed, if it did.
    pub(super) error: Option<Box<Error>>,
}

/// The number of retries for each reason.
#[derive(Debug, Default)]
struct Retries {
    /// Since the run made progress, and without a wait that Graph named.
    throttled: u32,
    failed: u32,
    /// How many requests of the run were answered by then.
    answers: u64,
}

impl Uploader {
    /// Sends a photo; `None` if the run sends no more.
    ///
    /// # Errors
    ///
    /// [`Failure`] if the journal cannot be written.
    pub(super) async fn upload(
        &self,
        item: &Item,
        target: &Target,
    ) -> Result<Option<Upload>, Failure> {
        let (mut photo, mut last, mut retries) = (None, None, Retries::default());
        loop {
            // Before the permit, so that none is held while a disk is read.
            let prepared = match self.photo(item, &mut photo).await {
                Ok(prepared) => prepared,
                Err(reason) => return self.changed(target, reason, last).await.map(Some),
            };
            let Some(permit) = self.pace.admit().await else { return Ok(last) };
            let before = last.as_ref().map_or(0, |last: &Upload| last.attempts);
            let (mut upload, feedback) = self.send(target, prepared, before).await?;
            if let Some(feedback) = feedback {
                permit.note(feedback);
            }
            let pause = feedback.and_then(|feedback| self.retry(feedback, &upload, &mut retries));
            if pause.is_some() {
                upload.outcome.state = State::Planned;
            }
            let written = self.journal.outcome(&target.key, upload.outcome.clone());
            // Whoever is next waits for an entry of its own, which the journal writes with this
            // one or after it: no more photos are ever in doubt than may be sent at once.
            drop(permit);
            written.await?;
            self.under_way.remove(&target.key);
            let Some(pause) = pause else { return Ok(Some(upload)) };
            last = Some(upload);
            self.pace.pause(pause).await;
        }
    }

    /// Notes that a photo is sent, after so many requests, and sends it.
    async fn send(
        &self,
        target: &Target,
        (jpeg, content): (JpegPhoto, Content),
        before: u32,
    ) -> Result<(Upload, Option<Feedback>), Failure> {
        let sent = Sent { started: SystemTime::now(), attempts: before + 1 };
        self.under_way.insert(&target.key, sent);
        let announced = self.journal.sending(&target.key, content, sent.started).await;
        announced.inspect_err(|_| self.under_way.remove(&target.key))?;
        let result = self.client.upload(target.method, &target.resource, &jpeg).await;
        let feedback = feedback(&result);
        Ok((Upload::new(result, target, sent.started, before), feedback))
    }

    /// Reads the photo of a file, which must be unchanged since planning.
    async fn photo(
        &self,
        item: &Item,
        held: &mut Option<JpegPhoto>,
    ) -> Result<(JpegPhoto, Content), String> {
        let planned = item.content.clone().expect("only photos that were read are sent");
        if let Some(photo) = held {
            return Ok((photo.clone(), planned));
        }
        let path = self.photos.join(item.file.as_deref().unwrap_or(Path::new("")));
        let fix = self.fix;
        let _turn = self.reading.acquire().await.expect("it is never closed");
        let source = planned.source_sha256;
        let prepared = tokio::task::spawn_blocking(move || again(&path, source, fix.as_ref()));
        let prepared = prepared.await.map_err(|cause| cause.to_string())??;
        if prepared.content != planned {
            return Err(CHANGED.to_owned());
        }
        *held = Some(prepared.photo.clone());
        Ok((prepared.photo, planned))
    }

    /// Records that a photo's file has changed since planning.
    async fn changed(
        &self,
        target: &Target,
        reason: String,
        last: Option<Upload>,
    ) -> Result<Upload, Failure> {
        let outcome = Outcome { reason: Some(reason), ..Outcome::now(State::Failed) };
        self.journal.outcome(&target.key, outcome.clone()).await?;
        let (started, attempts) = last.map_or((None, 0), |last| (last.started, last.attempts));
        Ok(Upload { outcome, started, attempts, error: None })
    }

    /// The wait before a retry; `None` if there is none.
    fn retry(
        &self,
        feedback: Feedback,
        upload: &Upload,
        retries: &mut Retries,
    ) -> Option<Duration> {
        let error = upload.error.as_deref()?;
        // Most 500s, such as that of a Bookings mailbox, are not transient.
        let may_pass = error.is_retryable() && error.status().is_none_or(|status| status != 500);
        match feedback {
            // That is no fault of the photo, and the run waits or ends.
            Feedback::Unreachable if self.pace.is_unreachable() || self.pace.is_gone() => {
                Some(Duration::ZERO)
            }
            Feedback::Throttled { .. } if self.max_retries > 0 => {
                let most = self.max_retries.max(MAX_THROTTLED);
                retries.after_throttling(error, self.pace.answers(), most).then_some(Duration::ZERO)
            }
            _ if may_pass && retries.failed < self.max_retries => {
                let pause = PAUSE * 2_u32.pow(retries.failed.min(5));
                retries.failed += 1;
                Some(pause)
            }
            _ => None,
        }
    }
}

impl Retries {
    /// Whether a photo is sent again that was throttled: always if Graph says when, and as long
    /// as others get through.
    fn after_throttling(&mut self, error: &Error, answers: u64, most: u32) -> bool {
        if error.retry_after().is_some() {
            return true;
        }
        if error.is_throttled() && answers > self.answers {
            self.throttled = 0;
        }
        self.answers = answers;
        self.throttled += 1;
        self.throttled <= most
    }
}

impl UnderWay {
    fn requests(&self) -> MutexGuard<'_, HashMap<String, Sent>> {
        self.0.lock().expect("nothing panics while it holds the lock")
    }

    fn insert(&self, key: &str, sent: Sent) {
        self.requests().insert(key.to_owned(), sent);
    }

    fn remove(&self, key: &str) {
        self.requests().remove(key);
    }

    /// The last request for a target, if it is in doubt.
    pub(super) fn get(&self, key: &str) -> Option<Sent> {
        self.requests().get(key).copied()
    }
}

const CHANGED: &str = "the file has changed since it was planned; run the same command again";

/// Reads a file that had this digest at planning, and makes its photo.
fn again(path: &Path, source: Digest, fix: Option<&FitOptions>) -> Result<Prepared, String> {
    let bytes = read(path, fix).map_err(|cause| format!("failed to read its file: {cause}"))?;
    if Digest::of(&bytes) != source {
        return Err(CHANGED.to_owned());
    }
    prepare(bytes, source, fix)
}

impl Upload {
    fn new(
        result: Result<UploadResponse, Error>,
        target: &Target,
        started: SystemTime,
        before: u32,
    ) -> Self {
        let own = |text: Option<&str>| text.map(str::to_owned);
        let (outcome, attempts, error) = match result {
            Ok(response) => {
                let outcome = Outcome {
                    status: Some(response.status.as_u16()),
                    request_id: response.request_id,
                    client_request_id: response.client_request_id,
                    more_attempts: response.attempts.saturating_sub(1),
                    ..Outcome::now(State::Stored)
                };
                (outcome, response.attempts, None)
            }
            Err(error) => {
                let outcome = Outcome {
                    reason: Some(reason(&error, target)),
                    status: error.status().map(|status| status.as_u16()),
                    code: own(code(&error)),
                    request_id: own(error.request_id()),
                    client_request_id: own(error.client_request_id()),
                    more_attempts: error.attempts().saturating_sub(1),
                    ..Outcome::now(State::Failed)
                };
                (outcome, error.attempts(), Some(Box::new(error)))
            }
        };
        Self { outcome, started: Some(started), attempts: before + attempts, error }
    }
}

/// Graph's code, or the inner one if it is only `UnknownError`.
fn code(error: &Error) -> Option<&str> {
    let code = error.code().filter(|code| *code != "UnknownError");
    code.or(error.inner_code()).or(error.code()).filter(|code| !code.is_empty())
}

/// The message of an error, without the target, which precedes it in the output.
fn reason(error: &Error, target: &Target) -> String {
    let message = format!("{error:#}");
    let task = format!("failed to {} the photo of `{}`: ", target.method.verb(), target.path);
    message.strip_prefix(&task).unwrap_or(&message).to_owned()
}

/// What a result says of the pace; nothing if no request was sent, or if no wait would help,
/// as with a certificate that is not accepted.
fn feedback(result: &Result<UploadResponse, Error>) -> Option<Feedback> {
    let error = match result {
        Ok(response) => return Some(Feedback::Answered { percent: response.throttle_percent }),
        Err(error) if error.is_local() => return None,
        Err(error) => error,
    };
    Some(match error.status().map(|status| status.as_u16()) {
        None if !error.is_retryable() => return None,
        None => Feedback::Unreachable,
        // HTTP has no 509; Graph documents it as throttling.
        Some(429 | 503 | 509) => Feedback::Throttled { wait: error.retry_after() },
        Some(500..) => Feedback::Failed,
        Some(_) => Feedback::Answered { percent: error.throttle_percent() },
    })
}

#[cfg(test)]
mod tests {
    use graph_photo_client::{PhotoTarget, UploadMethod, http};

    use super::*;

    fn error(status: u16, retry_after: Option<&str>) -> Error {
        let mut response = http::Response::builder().status(status);
        if let Some(seconds) = retry_after {
            response = response.header("Retry-After", seconds);
        }
        let response = response.body("").unwrap();
        Error::from_response(UploadMethod::Put, &PhotoTarget::me(), response)
    }

    /// How often a photo is sent again if these many requests of others are answered each time.
    fn times(error: &Error, progress: u64) -> usize {
        let mut retries = Retries::default();
        (1..=100).take_while(|time| retries.after_throttling(error, time * progress, 10)).count()
    }

    #[test]
    fn a_photo_is_sent_again_as_long_as_graph_says_when_or_others_get_through() {
        let (named, unnamed) = (error(429, Some("1")), error(429, None));
        assert_eq!([times(&named, 0), times(&unnamed, 1), times(&unnamed, 0)], [100, 100, 10]);
        let (named, unnamed) = (error(503, Some("1")), error(503, None));
        assert_eq!([times(&named, 0), times(&unnamed, 1), times(&unnamed, 0)], [100, 10, 10]);
        assert_eq!(times(&error(509, None), 1), 10);
    }
}
