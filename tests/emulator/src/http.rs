//! HTTP/1.1 on a bare connection: exact bytes in, any bytes out.

pub(crate) mod body;
pub(crate) mod connection;
pub(crate) mod head;
pub(crate) mod response;
pub(crate) mod stream;
