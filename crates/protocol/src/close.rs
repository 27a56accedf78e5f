//! How a connection ends, as data (RFC 6455 §7.4, and our own codes from 4000).

/// A close code with its meaning.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CloseCode {
    /// 1000: the client said goodbye.
    Bye,
    /// 1001: the client went quiet and no longer answers pings.
    GoingAway,
    /// 1002: the frames break RFC 6455.
    Protocol,
    /// 1003: binary frames are not spoken here.
    Unsupported,
    /// 1007: a text frame is not UTF-8.
    NotUtf8,
    /// 1007 as well: a packed message is no deflate data.
    NotDeflate,
    /// 1008: a rule was broken on purpose or by a program that should be mended.
    Policy,
    /// 1009: a frame or message above the limit.
    TooBig,
    /// 1011: our fault.
    Internal,
    /// 1012: the server stops or restarts; come back.
    Restart,
    /// 1013: too many connections; come back later.
    TryLater,
    /// 4001: the session ended; sign in again.
    SignedOut,
    /// 4002: no `hello` in time, or something else before it.
    NoHello,
    /// 4008: the client took no byte for 30 s; come back with your cursors.
    Stalled,
    /// 4009: ten times over the rate limit.
    Rate,
}

impl CloseCode {
    /// Every code, for the table in docs/PROTOCOL.md.
    pub const ALL: [CloseCode; 15] = [
        CloseCode::Bye,
        CloseCode::GoingAway,
        CloseCode::Protocol,
        CloseCode::Unsupported,
        CloseCode::NotUtf8,
        CloseCode::NotDeflate,
        CloseCode::Policy,
        CloseCode::TooBig,
        CloseCode::Internal,
        CloseCode::Restart,
        CloseCode::TryLater,
        CloseCode::SignedOut,
        CloseCode::NoHello,
        CloseCode::Stalled,
        CloseCode::Rate,
    ];

    /// The number on the wire.
    #[must_use]
    pub fn code(self) -> u16 {
        match self {
            CloseCode::Bye => 1000,
            CloseCode::GoingAway => 1001,
            CloseCode::Protocol => 1002,
            CloseCode::Unsupported => 1003,
            CloseCode::NotUtf8 | CloseCode::NotDeflate => 1007,
            CloseCode::Policy => 1008,
            CloseCode::TooBig => 1009,
            CloseCode::Internal => 1011,
            CloseCode::Restart => 1012,
            CloseCode::TryLater => 1013,
            CloseCode::SignedOut => 4001,
            CloseCode::NoHello => 4002,
            CloseCode::Stalled => 4008,
            CloseCode::Rate => 4009,
        }
    }

    /// The reason sent with it; at most 123 bytes.
    #[must_use]
    pub fn reason(self) -> &'static str {
        match self {
            CloseCode::Bye => "bye",
            CloseCode::GoingAway => "no answer to pings",
            CloseCode::Protocol => "frame breaks RFC 6455",
            CloseCode::Unsupported => "send text frames",
            CloseCode::NotUtf8 => "text is not UTF-8",
            CloseCode::NotDeflate => "message is not deflate data",
            CloseCode::Policy => "not allowed",
            CloseCode::TooBig => "message above the limit",
            CloseCode::Internal => "fault of the server",
            CloseCode::Restart => "server restarts",
            CloseCode::TryLater => "too many connections",
            CloseCode::SignedOut => "session ended",
            CloseCode::NoHello => "say hello first",
            CloseCode::Stalled => "no byte taken for 30 s",
            CloseCode::Rate => "far over the rate limit",
        }
    }

    /// Whether a client should come back by itself.
    #[must_use]
    pub fn may_reconnect(self) -> bool {
        !matches!(self, CloseCode::Bye | CloseCode::Unsupported | CloseCode::SignedOut)
    }
}
