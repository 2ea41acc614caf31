//! Sends the requests of the generated client and reads what comes back.

pub(crate) mod call;
pub(crate) mod error_response;
pub(crate) mod graph_error;
pub(crate) mod hooks;
pub(crate) mod known_errors;
pub(crate) mod out_of_line;
pub(crate) mod redaction;
pub(crate) mod request_size;
pub(crate) mod response;
pub(crate) mod retry;
