//! The promises, and what it is called when one is broken.

use parlour_protocol::{RoomId, Seq};
use serde::Serialize;

/// A promise of docs/PROTOCOL.md, as the report lists it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Promise {
    /// One sentence.
    pub(super) words: &'static str,
    /// What breaks it.
    pub(super) broken_by: &'static [Rule],
}

/// All that is checked.
pub(super) const PROMISES: [Promise; 8] = [
    Promise {
        words: "Every acknowledged message is in the log, at the place the house named.",
        broken_by: &[Rule::AcknowledgedLost, Rule::TwoPromises],
    },
    Promise {
        words: "Every message is there exactly once, however often it was sent.",
        broken_by: &[Rule::IdTwice, Rule::SaidTwice, Rule::Missing, Rule::NeverSent],
    },
    Promise { words: "The messages of one sender in one room keep their order.", broken_by: &[Rule::SenderOrder] },
    Promise {
        words: "Every room is one log 1, 2, 3 … without holes, and its time never goes back.",
        broken_by: &[Rule::StoreHole, Rule::TimeBack],
    },
    Promise {
        words: "Every reader saw that log: no hole, nothing twice, nothing in another order or with other words.",
        broken_by: &[
            Rule::ReaderHole,
            Rule::ReaderDouble,
            Rule::ReaderReordered,
            Rule::ReaderDiffers,
            Rule::NeedlessReset,
            Rule::ResetMissing,
        ],
    },
    Promise {
        words: "Whatever anyone saw is stored, and in the end everyone has seen everything.",
        broken_by: &[Rule::SeenLost, Rule::ReaderBehind],
    },
    Promise {
        words: "After the last fault every message is answered; no good one is turned away.",
        broken_by: &[Rule::Unanswered, Rule::Refused],
    },
    Promise {
        words: "The house stays itself: one epoch but for a restore, no error in its log, no end nobody asked for.",
        broken_by: &[Rule::EpochChanged, Rule::EpochKept, Rule::HouseFault],
    },
];

/// How a promise was broken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Rule {
    /// Acknowledged, and not in the log at that place.
    AcknowledgedLost,
    /// Acknowledged as two places.
    TwoPromises,
    /// One id of a sender stands in a room's log twice.
    IdTwice,
    /// The same words of a writer stand there under two ids.
    SaidTwice,
    /// Sent until it was answered, and not in the log.
    Missing,
    /// In the log, and never sent.
    NeverSent,
    /// A sender's later message stands before an earlier one.
    SenderOrder,
    /// The store's log does not go on by one.
    StoreHole,
    /// An event is older than the one before it.
    TimeBack,
    /// A reader was not shown an event, and was not told so.
    ReaderHole,
    /// A reader was shown an event twice.
    ReaderDouble,
    /// A reader was shown an event after a later one.
    ReaderReordered,
    /// A reader was shown something else than what is stored.
    ReaderDiffers,
    /// A reader was told to start anew without a reason.
    NeedlessReset,
    /// A reader missed too much to be told again, or holds what is void, and was told events in place of a reset (SYN-2).
    ResetMissing,
    /// A reader was shown what the store does not have.
    SeenLost,
    /// A reader has not seen everything in the end.
    ReaderBehind,
    /// A message without an answer in the end.
    Unanswered,
    /// A good message was refused for good.
    Refused,
    /// Another epoch, although nothing was restored.
    EpochChanged,
    /// Restored, and nobody is told.
    EpochKept,
    /// The house logged an error, or ended by itself.
    HouseFault,
}

/// A broken promise, with what is needed to look for it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(super) struct Violation {
    /// Which.
    pub(super) rule: Rule,
    /// In which room.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) room: Option<RoomId>,
    /// At what place.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) seq: Option<Seq>,
    /// What was found, in words.
    pub(super) what: String,
}

impl Violation {
    /// One at a place of a room.
    pub(super) fn new(rule: Rule, room: RoomId, seq: Seq, what: String) -> Violation {
        Violation { rule, room: Some(room), seq: Some(seq), what }
    }

    /// One that has no place.
    pub(super) fn of_house(rule: Rule, what: String) -> Violation {
        Violation { rule, room: None, seq: None, what }
    }
}
