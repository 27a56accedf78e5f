//! What a case is made of, and short words for its parts.

use serde_json::{Value, json};

use crate::raw::{PING, TEXT, masked};

/// How a case begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Start {
    /// With a bare socket: the case says the handshake itself.
    Bare,
    /// Inside, on the tutorial's wire, which sends each message back to its sender as JSON.
    Classic,
    /// Inside, greeted, on `parlour.v1`.
    Full,
    /// The same where packed messages were agreed to.
    Agreed,
}

/// One thing that is done or awaited.
#[derive(Clone, Debug)]
pub(crate) enum Step {
    /// These bytes in one write.
    Send(Vec<u8>),
    /// These bytes, each piece only when the server has had its turn with those before.
    SendCut(Vec<Vec<u8>>),
    /// The next that is heard is this.
    Hear(Out),
}

/// What the server says.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Out {
    /// A whole text frame.
    Json(Value),
    Pong(Vec<u8>),
    /// A close with this code, if any; then the end of the stream.
    Close(Option<u16>),
    /// An HTTP response with this status, and for each of these headers this value or none.
    Http(u16, Vec<(&'static str, Option<&'static str>)>),
}

/// One row.
#[derive(Clone, Debug)]
pub(crate) struct Case {
    pub(crate) group: &'static str,
    pub(crate) name: String,
    pub(crate) start: Start,
    pub(crate) steps: Vec<Step>,
}

/// A row of the classic wire.
pub(crate) fn classic(group: &'static str, name: impl Into<String>, steps: Vec<Step>) -> Case {
    Case { group, name: name.into(), start: Start::Classic, steps }
}

/// A row of `parlour.v1`.
pub(crate) fn full(group: &'static str, name: impl Into<String>, steps: Vec<Step>) -> Case {
    Case { group, name: name.into(), start: Start::Full, steps }
}

/// A row of the classic wire where something is sent and ends in a close.
pub(crate) fn ends(group: &'static str, name: impl Into<String>, bytes: Vec<u8>, code: u16) -> Case {
    classic(group, name, vec![Step::Send(bytes), closed(code)])
}

/// A row of the classic wire where something is sent and comes back as this text.
pub(crate) fn echoes(group: &'static str, name: impl Into<String>, bytes: Vec<u8>, body: &str) -> Case {
    classic(group, name, vec![Step::Send(bytes), says(body)])
}

/// A whole text frame is sent.
pub(crate) fn text(words: &str) -> Step {
    Step::Send(masked(TEXT, words.as_bytes()))
}

/// A ping is sent.
pub(crate) fn ping(payload: &[u8]) -> Step {
    Step::Send(masked(PING, payload))
}

/// A message of text comes back.
pub(crate) fn says(body: &str) -> Step {
    Step::Hear(Out::Json(json!({"type": 1, "body": body})))
}

/// A binary message comes back.
pub(crate) fn says_binary(body: &str) -> Step {
    Step::Hear(Out::Json(json!({"type": 2, "body": body})))
}

/// The answer to a command `ping` of `parlour.v1`.
pub(crate) fn replies(r#ref: u32) -> Step {
    Step::Hear(Out::Json(json!({"t": "reply", "ref": r#ref, "reply": {"is": "pong"}})))
}

/// A pong comes.
pub(crate) fn pong(payload: &[u8]) -> Step {
    Step::Hear(Out::Pong(payload.to_vec()))
}

/// A close with this code comes.
pub(crate) fn closed(code: u16) -> Step {
    Step::Hear(Out::Close(Some(code)))
}

/// A command `ping` of `parlour.v1` that weighs exactly so many bytes.
pub(crate) fn command_of(bytes: usize, r#ref: u32) -> Vec<u8> {
    let (head, tail) = (format!(r#"{{"t":"ping","ref":{},"x":""#, r#ref), r#""}"#);
    let pad = "x".repeat(bytes - head.len() - tail.len());
    format!("{head}{pad}{tail}").into_bytes()
}

/// A message in fragments: the first has this opcode, the last ends it.
pub(crate) fn fragments(opcode: u8, parts: &[&[u8]]) -> Vec<u8> {
    let last = parts.len() - 1;
    let frames = parts.iter().enumerate().map(|(index, part)| {
        let opcode = if index == 0 { opcode } else { 0 };
        masked(if index == last { 0x80 | opcode } else { opcode }, part)
    });
    frames.collect::<Vec<_>>().concat()
}
