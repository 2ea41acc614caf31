//! The faults of the storm: every kind that the emulator knows.

/// A kind of fault, in the emulator's own words.
pub(crate) struct Kind {
    pub(crate) fault: &'static str,
    pub(crate) cost: Cost,
}

/// How long a fault keeps the client waiting.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Cost {
    /// Below a second, or the client gives up at once.
    Quick,
    /// A second or more.
    Slow,
    /// Minutes for `sync`, which obeys, while the library gives up at once.
    Patience,
}

const fn quick(fault: &'static str) -> Kind {
    Kind { fault, cost: Cost::Quick }
}

const fn slow(fault: &'static str) -> Kind {
    Kind { fault, cost: Cost::Slow }
}

/// Of which no status is below 300: a server that reports success and stores nothing lies,
/// and no client can tell.
pub(crate) const KINDS: &[Kind] = &[
    quick("status=400"),
    quick("status=401;before-body"),
    quick("status=403"),
    quick("status=404"),
    quick("status=404;code=ErrorItemNotFound;message=Too many photo items"),
    quick("status=408"),
    quick("status=409;code=Directory_ConcurrencyViolation"),
    quick("status=413;in-body=200"),
    quick("status=429"),
    Kind { fault: "status=429;retry-after=600", cost: Cost::Patience },
    quick("status=500"),
    quick("status=502;close"),
    quick("status=503;retry-after=0"),
    quick("status=503;before-body"),
    quick("status=504;body=not now"),
    quick("status=509"),
    quick("html=500"),
    quick("html=503"),
    quick("empty=403"),
    quick("empty=502"),
    quick("json-in-json=500"),
    quick("truncated=500"),
    quick("truncated=503"),
    quick("endless=500"),
    quick("redirect=http://127.0.0.1:9/v1.0/me/photo/$value"),
    quick("expired-token"),
    quick("raw=HTTP/1.1 nonsense\\r\\n\\r\\n"),
    quick("raw=HTTP/1.1 503 Emulated\\r\\nContent-Length: 9\\r\\n\\r\\nhalf;close"),
    quick("raw=HTTP/1.1 20;close"),
    quick("answer-lost"),
    quick("answer-lost;delay=20ms"),
    quick("delay=50ms"),
    quick("slowly=16/2ms"),
    quick("status=503;slowly=64/1ms"),
    quick("close"),
    quick("close;in-body=300"),
    quick("reset"),
    quick("reset;before-body"),
    quick("reset;in-body=1"),
    slow("status=429;retry-after=1"),
    slow("status=503;retry-after=1;before-body"),
    slow(
        "status=429;header=Date: Wed, 21 Oct 2015 07:28:00 GMT;\
         header=Retry-After: Wed, 21 Oct 2015 07:28:01 GMT",
    ),
    slow("silence"),
    slow("silence;before-body"),
    slow("delay=5s"),
    slow("endless=503;slowly=8/50ms"),
];

/// The part of an identifier that asks for a kind of fault.
pub(crate) fn tag(kind: Option<usize>) -> String {
    kind.map_or_else(|| ".ok-".to_owned(), |kind| format!(".f{kind}-"))
}
