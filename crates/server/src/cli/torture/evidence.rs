//! What was written down while the house was tortured: who sent, was promised and saw what, and what the store says now.

use std::collections::BTreeMap;
use std::hash::{DefaultHasher, Hash, Hasher};

use parlour_protocol::{Change, ClientId, Event, RoomId, Seq, UserId};

use super::plan::Party;

/// Everything the checker judges.
#[derive(Debug, Default)]
pub(super) struct Evidence {
    /// The log of each room as the store tells it after the last fault.
    pub(super) store: BTreeMap<RoomId, Vec<Entry>>,
    /// What each writer did.
    pub(super) said: Vec<Said>,
    /// What each reader saw.
    pub(super) heard: Vec<Heard>,
    /// The epoch changed, although nothing was restored.
    pub(super) epochs: Vec<NewEpoch>,
    /// Restores: the epoch before and the one after.
    pub(super) restores: Vec<(String, String)>,
    /// What the house's own process did wrong: errors in its log, an end nobody asked for.
    pub(super) house: Vec<String>,
}

/// One event of a room.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Entry {
    /// Its place.
    pub(super) seq: Seq,
    /// When the house took it.
    pub(super) at: i64,
    /// Who did it.
    pub(super) by: UserId,
    /// The sender's own id, if something was said.
    pub(super) client_id: Option<ClientId>,
    /// The words, if something was said.
    pub(super) text: Box<str>,
    /// Stands for all of the event: two that differ anywhere differ here.
    pub(super) print: u64,
}

impl Entry {
    /// An event as it came.
    pub(super) fn new(event: &Event) -> Entry {
        let mut hasher = DefaultHasher::new();
        serde_json::to_vec(event).unwrap_or_default().hash(&mut hasher);
        let (client_id, text) = match &event.change {
            Change::Message { client_id, text, .. } => (Some(*client_id), text.as_str()),
            _ => (None, ""),
        };
        Entry { seq: event.seq, at: event.at.0, by: event.by.id, client_id, text: text.into(), print: hasher.finish() }
    }
}

/// What a writer did.
#[derive(Clone, Debug)]
pub(super) struct Said {
    /// Which writer, counted from 0.
    pub(super) writer: usize,
    /// Who the house says it is.
    pub(super) user: UserId,
    /// Messages begun in each room; their texts are `wN/1`, `wN/2` … in each.
    pub(super) sent: BTreeMap<RoomId, u64>,
    /// Messages sent again, because no answer had come.
    pub(super) repeats: u64,
    /// What the house promised: this id is at this place.
    pub(super) acknowledged: Vec<Acknowledged>,
    /// Messages that were still without an answer at the end.
    pub(super) unanswered: u64,
    /// Refusals of good messages that do not pass.
    pub(super) refused: Vec<String>,
}

impl Said {
    /// A writer who has said nothing yet.
    pub(super) fn new(writer: usize, user: UserId) -> Said {
        Said {
            writer,
            user,
            sent: BTreeMap::new(),
            repeats: 0,
            acknowledged: Vec::new(),
            unanswered: 0,
            refused: Vec::new(),
        }
    }
}

/// The text of a writer's message: every word of the torture can be traced to its place.
pub(super) fn text(writer: usize, number: u64) -> String {
    format!("w{writer}/{number}")
}

/// The house's answer to a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Acknowledged {
    /// Where.
    pub(super) room: RoomId,
    /// Which.
    pub(super) client_id: ClientId,
    /// At what place.
    pub(super) seq: Seq,
}

/// What a reader saw.
#[derive(Clone, Debug)]
pub(super) struct Heard {
    /// Which reader, counted from 0.
    pub(super) reader: usize,
    /// What it saw of each room it follows, in the order in which it came.
    pub(super) rooms: BTreeMap<RoomId, Follow>,
}

/// One room as a reader saw it.
#[derive(Clone, Debug)]
pub(super) struct Follow {
    /// It began after this place.
    pub(super) after: Seq,
    /// What came.
    pub(super) came: Vec<Came>,
    /// It ended here; none for the end of the log.
    pub(super) until: Option<Seq>,
}

impl Follow {
    /// Nothing yet, from this place on.
    pub(super) fn after(after: Seq) -> Follow {
        Follow { after, came: Vec::new(), until: None }
    }
}

/// Something that came to a reader of a room.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Came {
    /// An event: its place, its print, its words.
    Event(Seq, u64, Box<str>),
    /// It came back, and the house said where the room was then.
    Back {
        /// Where the reader was.
        cursor: Seq,
        /// The last place that was no longer kept, or not for this reader.
        floor: Seq,
        /// The room's last place.
        head: Seq,
        /// What the reader held is of another epoch.
        void: bool,
    },
    /// The house said openly that it goes on elsewhere: what is up to `floor` is no longer kept, the rest up to `head` was
    /// then read over HTTP.
    Reset {
        /// Where the reader was.
        cursor: Seq,
        /// The last place no longer kept.
        floor: Seq,
        /// Live events go on after this place.
        head: Seq,
    },
}

/// Someone was told of another epoch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct NewEpoch {
    /// Who was told; none for the last reading of the store.
    pub(super) told: Option<Party>,
    /// The one before.
    pub(super) before: String,
    /// The one now.
    pub(super) now: String,
}
