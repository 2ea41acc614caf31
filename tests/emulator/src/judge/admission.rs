//! Decides by the head of a request whether it may be carried out.

use graph_photo_codegen::api::{Operation, Permission};

use super::{
    access,
    refusal::Refusal,
    route::{Match, View},
};
use crate::{
    directory::Resource,
    http::head::Head,
    state::State,
    throttle::{Caller, Charge, InFlight},
    token::Claims,
};

/// What a request may do.
#[derive(Debug)]
pub(crate) struct Admission {
    pub(crate) task: Task,
    pub(crate) resource: Resource,
    pub(crate) in_flight: InFlight,
}

/// What a request asks for.
#[derive(Debug)]
pub(crate) enum Task {
    Read(View),
    Store(Permission),
}

/// The sender and the target of a request, by its head, right or wrong.
pub(crate) struct Asked<'s> {
    claims: Result<Claims, Refusal>,
    found: Result<Match<'s>, Refusal>,
}

/// Who sends a request, and for what, whether that is admitted or not.
pub(crate) fn read<'s>(state: &'s State, head: &Head) -> (Caller, Asked<'s>) {
    let (claims, found) = (access::claims_of(head), state.router.find(head.path()));
    let user = claims.as_ref().ok().and_then(Claims::user);
    let resource = found.as_ref().ok().map(|found| state.directory.resolve(found, user.as_ref()));
    let mailbox = resource
        .and_then(Result::ok)
        .map(|resource| resource.key[..resource.key.len().min(2)].join("/"));
    let (app, tenant) = match &claims {
        Ok(claims) => (claims.appid.clone(), claims.tid.clone()),
        Err(_) => Default::default(),
    };
    let caller = Caller { app, tenant, mailbox, target: head.path().to_lowercase() };
    (caller, Asked { claims, found })
}

/// Decides by the head alone.
///
/// # Errors
///
/// The answer to a request that may not be carried out.
pub(crate) fn admit(
    state: &State,
    head: &Head,
    caller: &Caller,
    asked: Asked<'_>,
) -> Result<Admission, Refusal> {
    let now = state.now();
    let claims = asked.claims?;
    access::authenticate(&claims, &state.audience, now)?;
    if let Some(user) = claims.user() {
        state.learn(&user, false);
    }
    let found = asked.found?;
    let operation = operation(&found, &head.method)?;
    let bytes = head.declared_size();
    let charge = Charge { caller, is_write: operation.is_some(), bytes };
    let in_flight = state.throttling.enter(&charge, now)?;
    let allowed = allow(state, &claims, &found, operation).and_then(|(task, resource)| {
        let is_too_large = operation.is_some() && bytes > state.api.max_request_bytes;
        if is_too_large { Err(Refusal::too_large()) } else { Ok((task, resource)) }
    });
    match allowed {
        Ok((task, resource)) => Ok(Admission { task, resource, in_flight }),
        Err(mut refusal) => {
            refusal.headers.extend(in_flight.headers.iter().cloned());
            Err(refusal)
        }
    }
}

/// The operation that a method stands for; `None` for reading.
fn operation<'m>(found: &Match<'m>, method: &str) -> Result<Option<&'m Operation>, Refusal> {
    let operations = found.operations;
    if matches!(method, "GET" | "HEAD") {
        return Ok(None);
    }
    let operation = operations.iter().find(|operation| operation.method.as_str() == method);
    operation.map(Some).ok_or_else(|| {
        let writing = operations.iter().map(|operation| operation.method.as_str());
        let allowed: Vec<&str> = ["GET", "HEAD"].into_iter().chain(writing).collect();
        Refusal::method_not_allowed(&allowed)
    })
}

/// What the token allows. The spec has no permissions for reading, so any token may.
fn allow(
    state: &State,
    claims: &Claims,
    found: &Match<'_>,
    operation: Option<&Operation>,
) -> Result<(Task, Resource), Refusal> {
    let user = claims.user();
    if found.is_of_signed_in_user && user.is_none() {
        return Err(Refusal::bad_request(
            "/me request is only valid with delegated authentication flow.",
        ));
    }
    let resource = state.directory.resolve(found, user.as_ref())?;
    let Some(operation) = operation else {
        return Ok((Task::Read(found.view), resource));
    };
    let is_own = found.is_of_signed_in_user
        || user.is_some_and(|user| state.directory.is_own(&resource, &user));
    Ok((Task::Store(access::authorize(claims, operation, is_own)?), resource))
}
