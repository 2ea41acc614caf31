//! The refusals of readable pictures: the one table of what decoders read and we do not send.

use graph_photo_client::{InvalidJpeg, UnsupportedJpeg};

/// A reason to refuse what decoders read, and which refusals it explains.
type Policy = (&'static str, fn(&InvalidJpeg) -> bool);

const POLICY: &[Policy] = &[
    ("arithmetic coding: browsers do not read it", |fault| {
        *fault == InvalidJpeg::Unsupported(UnsupportedJpeg::Arithmetic)
    }),
    ("two or more than four components: no photo has them", |fault| {
        matches!(fault, InvalidJpeg::Unsupported(UnsupportedJpeg::Components(_)))
    }),
];

/// Why a fault is a reason to refuse a picture that decoders read, if it is one.
pub(crate) fn reason(fault: &InvalidJpeg) -> Option<&'static str> {
    POLICY.iter().find(|(_, applies)| applies(fault)).map(|(reason, _)| *reason)
}
