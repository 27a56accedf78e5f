//! Plays one case against a server.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use parlour_client::Session;
use parlour_client::http::Response;
use parlour_protocol::limits;
use tokio::sync::Mutex;

use crate::packed::{PACKED, agree, unpacked};
use crate::raw::{CLOSE, Frame, PING, PONG, Raw, TEXT, masked};
use crate::table::{Case, Out, Start, Step};

/// What classic clients hear of each other's coming and going.
const NOTICES: [&str; 2] = ["New User Joined...", "User Disconnected..."];
/// Asked at the end of every case that does not end in a close: nothing else was said, and the connection lives.
const ALIVE: &[u8] = b"alive?";

/// Closes that end a stream that cannot be read on (RFC 6455 §7.1.7): no answer is waited for.
const FAILURES: [u16; 3] = [1002, 1007, 1008];
/// Sooner than the server gives up on the answer to a close.
const AT_ONCE: Duration = Duration::from_millis(limits::CLOSE_WAIT_MS * 3 / 4);

/// Where cases are played.
#[derive(Clone)]
pub(crate) struct Place {
    address: SocketAddr,
    session: Session,
    /// Another connection: once it has been answered, the server has had its turn with whatever came before.
    neighbour: Arc<Mutex<Option<Raw>>>,
}

impl Place {
    pub(crate) fn new(address: SocketAddr, session: Session) -> Place {
        Place { address, session, neighbour: Arc::default() }
    }

    /// Waits until the server has looked at what was sent before.
    async fn turn(&self) {
        let mut neighbour = self.neighbour.lock().await;
        let raw = match &mut *neighbour {
            Some(raw) => raw,
            none => none.insert(Raw::classic(self.address).await),
        };
        raw.send_frame(PING, b"").await;
        while raw.frame().await.expect("the neighbour stays").first != PONG {}
    }
}

/// Plays a case; what went otherwise than the table says, or did not come in time.
pub(crate) async fn play(case: &Case, place: &Place, patience: Duration) -> Result<(), String> {
    let mut raw = match case.start {
        Start::Bare => Raw::connect(place.address).await,
        Start::Classic => Raw::classic(place.address).await,
        Start::Full => Raw::greeted(&place.session).await,
        Start::Agreed => {
            let mut raw = Raw::connect(place.address).await;
            agree(&mut raw, &place.session).await;
            raw.greet().await;
            raw
        }
    };
    let mut open = case.start != Start::Bare;
    for step in &case.steps {
        match step {
            Step::Send(bytes) => drop(raw.try_send(bytes).await),
            Step::SendCut(pieces) => {
                for piece in pieces {
                    raw.try_send(piece).await;
                    place.turn().await;
                }
            }
            Step::Hear(wanted) => {
                let heard = tokio::time::timeout(patience, hear(&mut raw, wanted)).await;
                let heard = heard.map_err(|_| format!("silence instead of {wanted:?}"))?;
                if heard != Ok(wanted.clone()) {
                    return Err(short(&format!("{heard:?} instead of {wanted:?}")));
                }
                open = match wanted {
                    Out::Close(code) => return end(&mut raw, *code, patience).await,
                    Out::Http(status, _) => *status == 101,
                    Out::Json(_) | Out::Pong(_) => open,
                };
            }
        }
    }
    if !open {
        return Ok(());
    }
    raw.try_send(&masked(PING, ALIVE)).await;
    let heard = tokio::time::timeout(patience, frame(&mut raw)).await.map_err(|_| "not alive".to_owned())?;
    if heard == Ok(Out::Pong(ALIVE.to_vec())) { Ok(()) } else { Err(short(&format!("{heard:?} unasked"))) }
}

/// After a close nothing comes but the end: once it is answered, or at once where the frames can no longer be told apart.
async fn end(raw: &mut Raw, code: Option<u16>, patience: Duration) -> Result<(), String> {
    let failed = code.is_some_and(|code| FAILURES.contains(&code));
    if !failed {
        raw.try_send(&masked(CLOSE, &1000u16.to_be_bytes())).await;
    }
    let time = if failed { patience.min(AT_ONCE) } else { patience };
    match tokio::time::timeout(time, raw.frame()).await {
        Ok(None) => Ok(()),
        Ok(Some(frame)) => Err(format!("{frame:?} after the close")),
        Err(_) => Err("not hung up after the close".to_owned()),
    }
}

async fn hear(raw: &mut Raw, wanted: &Out) -> Result<Out, String> {
    let Out::Http(_, headers) = wanted else { return frame(raw).await };
    let response: Response = raw.response().await.ok_or("hung up without a response")?;
    let agrees = |(name, value): &(&str, Option<&str>)| response.header(name) == *value;
    if headers.iter().all(agrees) {
        Ok(Out::Http(response.status, headers.clone()))
    } else {
        Err(format!("{response:?}"))
    }
}

/// The next frame that is meant for this connection; what it hears of others is passed over.
async fn frame(raw: &mut Raw) -> Result<Out, String> {
    loop {
        let Some(frame) = raw.frame().await else { return Err("hung up without a close".to_owned()) };
        return Ok(match frame.first {
            // What others said may come packed.
            first if first & !PACKED == TEXT => {
                let (json, _) = unpacked(&frame);
                let of_others = json["t"].as_str().is_some_and(|kind| !["reply", "refusal"].contains(&kind));
                if of_others || json["body"].as_str().is_some_and(|body| NOTICES.contains(&body)) {
                    continue;
                }
                Out::Json(json)
            }
            PING => continue,
            PONG => Out::Pong(frame.payload),
            CLOSE => Out::Close(close_code(&frame)?),
            _ => return Err(format!("{frame:?}")),
        });
    }
}

/// A close's code; its reason must be UTF-8 and the whole of it at most 125 bytes (RFC 6455 §5.5).
fn close_code(frame: &Frame) -> Result<Option<u16>, String> {
    let reason = frame.payload.get(2..).unwrap_or_default();
    if frame.payload.len() > 125 || frame.payload.len() == 1 || std::str::from_utf8(reason).is_err() {
        return Err(format!("a bad close: {frame:?}"));
    }
    Ok(frame.close_code())
}

/// Enough of it to know what it is.
fn short(text: &str) -> String {
    text.chars().take(400).collect()
}
