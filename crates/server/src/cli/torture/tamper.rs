//! The controls: a line that lies to one reader. A checker that does not notice is worth nothing.

use std::sync::{Arc, Mutex, PoisonError};

use parlour_client::Session;
use parlour_protocol::{Change, Event, RoomId, Seq, ServerFrame, codec};

use super::frames::{Frames, Piece, framed};

/// So many events are passed on untouched before the next lie.
const HONEST_EVENTS: u32 = 25;
/// So many lies; more than one, since a fault may hide one.
const LIES: u32 = 5;

/// What is done wrong on purpose.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Control {
    /// An event is not passed on.
    Lose,
    /// An event is passed on twice.
    Double,
    /// Two events are passed on in the wrong order.
    Swap,
    /// An event's words are changed.
    Forge,
    /// A writer sends again under another id.
    Forget,
    /// All that was missed is passed on in place of a reset, as by a house that replays without an end.
    Replay,
}

impl Control {
    /// All of them.
    pub(super) const ALL: [Control; 6] =
        [Control::Lose, Control::Double, Control::Swap, Control::Forge, Control::Forget, Control::Replay];

    /// Its name on the command line.
    pub(super) fn name(self) -> &'static str {
        match self {
            Control::Lose => "lose",
            Control::Double => "double",
            Control::Swap => "swap",
            Control::Forge => "forge",
            Control::Forget => "forget",
            Control::Replay => "replay",
        }
    }
}

/// What a line that lies remembers from one connection to the next.
#[derive(Debug)]
pub(super) struct Liar {
    control: Control,
    honest: u32,
    left: u32,
    /// Where one who replays reads what was missed, and the place after which.
    missed: Option<(Session, Seq)>,
}

impl Liar {
    /// One that does this.
    pub(super) fn new(control: Control) -> Liar {
        Liar { control, honest: 0, left: LIES, missed: None }
    }

    /// One that replays to a reader who comes back with this cursor; the session is of someone who may read it.
    pub(super) fn replaying(archive: Session, cursor: Seq) -> Liar {
        Liar { missed: Some((archive, cursor)), ..Liar::new(Control::Replay) }
    }

    /// Whether this event is one to lie about.
    fn is_due(&mut self) -> bool {
        self.honest += 1;
        self.honest > HONEST_EVENTS && self.left > 0
    }

    fn lied(&mut self) {
        self.honest = 0;
        self.left -= 1;
    }
}

/// What lies, on one connection.
#[derive(Debug)]
pub(super) struct Tamper {
    liar: Arc<Mutex<Liar>>,
    frames: Frames,
    /// An event that waits for the next one of its room, to be lost or passed on after it.
    held: Option<(RoomId, Vec<u8>)>,
}

impl Tamper {
    /// For one connection.
    pub(super) fn new(liar: Arc<Mutex<Liar>>) -> Tamper {
        Tamper { liar, frames: Frames::default(), held: None }
    }

    /// Takes what came; returns what is passed on.
    pub(super) async fn pass(&mut self, bytes: &[u8]) -> Vec<u8> {
        let mut out = Vec::new();
        for piece in self.frames.take(bytes) {
            match piece {
                Piece::Other(bytes) => out.extend(bytes),
                Piece::Text(frame, head) => match serde_json::from_slice(&frame[head..]) {
                    Ok(ServerFrame::Event(event)) => self.judge(frame, event, &mut out),
                    Ok(ServerFrame::Reset { room, head, .. }) => {
                        out.extend(self.replayed(room, head).await.unwrap_or(frame));
                    }
                    _ => out.extend(frame),
                },
            }
        }
        out
    }

    /// What a house would say that replays everything; none where the liar is no such one, or nothing could be read.
    async fn replayed(&self, room: RoomId, head: Seq) -> Option<Vec<u8>> {
        let missed = self.liar.lock().unwrap_or_else(PoisonError::into_inner).missed.take();
        let (archive, cursor) = missed?;
        let events = archive.whole_log_after(room, cursor).await.ok()?;
        let told = events.iter().filter(|event| event.seq <= head);
        Some(told.flat_map(|event| framed(&codec::encode(&ServerFrame::Event(Event::clone(event))))).collect())
    }

    fn judge(&mut self, frame: Vec<u8>, event: Event, out: &mut Vec<u8>) {
        let liar = Arc::clone(&self.liar);
        let mut liar = liar.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, held)) = self.held.take_if(|(room, _)| *room == event.room) {
            out.extend(frame);
            if liar.control == Control::Swap {
                out.extend(held);
            }
            return liar.lied();
        }
        if self.held.is_some() || !liar.is_due() {
            return out.extend(frame);
        }
        match (liar.control, event) {
            (Control::Lose | Control::Swap, event) => self.held = Some((event.room, frame)),
            (Control::Double, _) => {
                out.extend_from_slice(&frame);
                out.extend(frame);
                liar.lied();
            }
            (Control::Forge, mut event) => {
                let Change::Message { text, .. } = &mut event.change else { return out.extend(frame) };
                text.push_str(" and more");
                out.extend(framed(&codec::encode(&ServerFrame::Event(event))));
                liar.lied();
            }
            (Control::Forget | Control::Replay, _) => out.extend(frame),
        }
    }
}
