//! The tutorial's wire: what `/ws` speaks when no subprotocol is asked for.

use serde::Serialize;

/// What everyone hears when a client comes, in the tutorial's exact words.
pub const JOINED: &str = "New User Joined...";
/// What everyone left hears when a client goes.
pub const LEFT: &str = "User Disconnected...";

/// What kind of frame a body came in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ClassicKind {
    /// A text frame, `type` 1.
    Text,
    /// A binary frame, `type` 2.
    Binary,
}

#[derive(Serialize)]
struct Frame<'a> {
    r#type: u8,
    body: &'a str,
}

/// Adds one classic frame to a buffer, `{"type":1,"body":"…"}`.
pub fn encode(kind: ClassicKind, body: &str, into: &mut Vec<u8>) {
    let r#type = match kind {
        ClassicKind::Text => 1,
        ClassicKind::Binary => 2,
    };
    serde_json::to_writer(into, &Frame { r#type, body }).expect("a string and a number always encode");
}
