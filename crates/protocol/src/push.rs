//! What the server tells without being asked, and the one envelope of all server frames.

use serde::{Deserialize, Serialize};

use crate::card::Card;
use crate::file::Attachment;
use crate::ids::{ClientId, RoomId, Seq, UserId};
use crate::markup::Tree;
use crate::refusal::Refusal;
use crate::reply::Reply;
use crate::room::{History, NotifyLevel, PostBy, RoomRole, RoomState, ThreadState};
use crate::time::Timestamp;
use crate::user::User;

/// Who did something, with the name they had then.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct Author {
    /// Who.
    pub id: UserId,
    /// The name at that moment.
    pub name: String,
}

/// A durable change in a room. The same bytes go to every reader.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct Event {
    /// Where.
    pub room: RoomId,
    /// Its place in the room's log, without holes.
    pub seq: Seq,
    /// When the server took it; never earlier than the event before it in the room.
    pub at: Timestamp,
    /// Who did it.
    pub by: Author,
    /// What changed.
    #[serde(flatten)]
    pub change: Change,
}

/// What a message answers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct Answers {
    /// The message of the same room that it quotes, by reference: who may not see that one, or when it was deleted, sees that
    /// it is not there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "typescript", ts(optional))]
    pub quote: Option<Seq>,
    /// The message that its thread is about: it is a reply there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "typescript", ts(optional))]
    pub thread: Option<Seq>,
    /// The reply stands in the room as well; absent where it stands in its thread alone.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    #[cfg_attr(feature = "typescript", ts(optional, as = "Option<bool>"))]
    pub also_in_room: bool,
}

/// A place in a message's words that names somebody or something.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct Mention {
    /// As it was written, with its sign: `@ada`, `#engineering`, `@room`.
    pub words: String,
    /// What it names.
    pub of: Mentioned,
}

/// What a mention names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum Mentioned {
    /// A member of the room.
    Person(UserId),
    /// The lobby, or an open room.
    Room(RoomId),
    /// Everyone in the room.
    Everyone,
    /// Everyone in the room who was there at that moment.
    Here,
}

/// The last edit of a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct Edited {
    /// The event that made it.
    pub seq: Seq,
    /// When.
    pub at: Timestamp,
}

/// The end of a message.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct Deleted {
    /// The event that made it.
    pub seq: Seq,
    /// When.
    pub at: Timestamp,
    /// Who deleted it.
    pub by: Author,
}

/// What an event changed, tagged by `kind`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Change {
    /// Something was said.
    Message {
        /// The sender's own id, by which the sender settles its pending copy.
        client_id: ClientId,
        /// The words.
        text: String,
        /// Said by a classic client in a binary frame (`type` 2 of the tutorial's wire). The store keeps it
        /// (`event.kind` is `binary` instead of `message`); absent on the wire when false.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        #[cfg_attr(feature = "typescript", ts(optional, as = "Option<bool>"))]
        binary: bool,
        /// The words with their markup read; absent where there is none (MSG-7).
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[cfg_attr(feature = "typescript", ts(optional))]
        tree: Option<Tree>,
        /// What it answers; absent where it stands for itself.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[cfg_attr(feature = "typescript", ts(optional))]
        answers: Option<Answers>,
        /// Whom and what it names, at most [`crate::limits::MENTIONS_MAX`]; absent where it names nobody.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        #[cfg_attr(feature = "typescript", ts(optional, as = "Option<Vec<Mention>>"))]
        mentions: Vec<Mention>,
        /// When it was edited last, and so got the words it has here; absent where it was not.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[cfg_attr(feature = "typescript", ts(optional))]
        edited: Option<Edited>,
        /// Who deleted it; there are no words then, no tree and no mentions. Absent where nobody did.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[cfg_attr(feature = "typescript", ts(optional))]
        deleted: Option<Deleted>,
        /// What was brought with it; absent when nothing was, and where it was deleted.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        #[cfg_attr(feature = "typescript", ts(optional, as = "Option<Vec<Attachment>>"))]
        files: Vec<Attachment>,
    },
    /// `by` edited a message of theirs.
    Edited {
        /// Which message.
        target: Seq,
        /// The words from now on. Absent where the message was deleted since, and where somebody in the room may not see
        /// the message itself (S44): who may asks for it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[cfg_attr(feature = "typescript", ts(optional))]
        text: Option<String>,
        /// The words with their markup read; absent where there is none.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[cfg_attr(feature = "typescript", ts(optional))]
        tree: Option<Tree>,
        /// Whom and what it names now; absent where it names nobody.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        #[cfg_attr(feature = "typescript", ts(optional, as = "Option<Vec<Mention>>"))]
        mentions: Vec<Mention>,
    },
    /// The house looked at where a message of `by` leads, or other cards are below it for another reason: they took them away, or
    /// edited the links out.
    Carded {
        /// Which message.
        target: Seq,
        /// What is below it from now on, at most [`crate::limits::CARDS_PER_MESSAGE_MAX`]. Absent where the message was deleted
        /// since, and where somebody in the room may not see the message itself (S44): who may asks for it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[cfg_attr(feature = "typescript", ts(optional))]
        cards: Option<Vec<Card>>,
    },
    /// `by` deleted a message.
    Deleted {
        /// Which message.
        target: Seq,
    },
    /// `by` added a reaction that was not theirs before.
    Reacted {
        /// To which message.
        target: Seq,
        /// The emoji.
        emoji: String,
    },
    /// `by` took a reaction of theirs back.
    Unreacted {
        /// From which message.
        target: Seq,
        /// The emoji.
        emoji: String,
    },
    /// `by` pinned a message.
    Pinned {
        /// Which message.
        target: Seq,
    },
    /// `by` pinned it no more.
    Unpinned {
        /// Which message.
        target: Seq,
    },
    /// The room came to be.
    RoomCreated {
        /// Its name.
        name: String,
        /// Its topic.
        topic: String,
    },
    /// The room has another name or topic.
    RoomRenamed {
        /// The name now.
        name: String,
        /// The topic now.
        topic: String,
    },
    /// `by` became a member.
    MemberJoined,
    /// `by` left for good. Nothing after this event reaches them.
    MemberLeft,
    /// `by` made somebody a member.
    MemberAdded {
        /// Whom.
        who: Author,
    },
    /// `by` ended somebody's membership. Nothing after this event reaches them.
    MemberRemoved {
        /// Whose.
        who: Author,
    },
    /// A member is something else in the room now.
    RoleChanged {
        /// Who.
        who: Author,
        /// What.
        role: RoomRole,
    },
    /// Others may speak now, or more or less often.
    PostingChanged {
        /// Who.
        post_by: PostBy,
        /// Seconds between two messages of one person; 0 for none.
        slow_s: u32,
    },
    /// Newcomers see more or less of what was before them now.
    HistoryChanged {
        /// What.
        history: History,
    },
    /// Nothing more is said here.
    RoomArchived,
    /// The room was taken up again.
    RoomRestored,
}

impl Event {
    /// Who is a member from this event on.
    #[must_use]
    pub fn entered(&self) -> Option<&Author> {
        match &self.change {
            Change::MemberJoined => Some(&self.by),
            Change::MemberAdded { who } => Some(who),
            _ => None,
        }
    }

    /// Who is no member any more after this event: nothing that follows reaches them.
    #[must_use]
    pub fn left(&self) -> Option<&Author> {
        match &self.change {
            Change::MemberLeft => Some(&self.by),
            Change::MemberRemoved { who } => Some(who),
            _ => None,
        }
    }
}

/// Something true only now: never stored, has no seq, may be lost.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Signal {
    /// Someone is writing; forget it after [`crate::limits::TYPING_EXPIRES_MS`].
    Typing {
        /// Where.
        room: RoomId,
        /// Who.
        by: Author,
    },
    /// Who came and went in a room since the last such signal, and how many are there.
    Presence {
        /// Where.
        room: RoomId,
        /// People who came, oldest first.
        joined: Vec<Author>,
        /// People who went, oldest first.
        left: Vec<Author>,
        /// People who are connected and said that they are away (SIG-4), oldest first.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        #[cfg_attr(feature = "typescript", ts(optional, as = "Option<Vec<Author>>"))]
        away: Vec<Author>,
        /// People who were away so and are not any more, oldest first.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        #[cfg_attr(feature = "typescript", ts(optional, as = "Option<Vec<Author>>"))]
        back: Vec<Author>,
        /// Members with a connection open now who are not away.
        online: u32,
        /// When.
        at: Timestamp,
    },
}

/// Something about the person and not a room: a hint that losing costs a delay, never a wrong answer.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Notice {
    /// The person's read position, moved by any of their devices.
    Read {
        /// Which room.
        room: RoomId,
        /// How far.
        seq: Seq,
        /// What is unread, up to `head` (UNR-1).
        unread: u32,
        /// How much of it mentions the person.
        mentions: u32,
        /// The room's head when they were counted: later events count on top.
        head: Seq,
    },
    /// The person's standing in a thread changed on any of their devices.
    Thread {
        /// The thread, as the person has it now.
        state: Box<ThreadState>,
    },
    /// What of a room counts as unread for the person from now on.
    Notify {
        /// Which room.
        room: RoomId,
        /// What.
        level: NotifyLevel,
    },
    /// The person saved a message, or saves it no more.
    Saved {
        /// Where it was said.
        room: RoomId,
        /// Which message.
        seq: Seq,
        /// Whether it is saved now.
        saved: bool,
    },
    /// The person is a member of this room now; its events follow from `head`.
    RoomAdded {
        /// The room and their standing in it.
        state: RoomState,
    },
    /// The person is no longer a member.
    RoomRemoved {
        /// Which room.
        room: RoomId,
    },
    /// The person is this in the house from now on.
    You {
        /// Who they are, and as what.
        you: User,
    },
    /// The server is going; come back after a random part of this time.
    Draining {
        /// Spread reconnects over this many milliseconds.
        spread_ms: u32,
    },
}

/// Every frame from the server, tagged by `t`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(tag = "t", rename_all = "snake_case")]
pub enum ServerFrame {
    /// A command was carried out.
    Reply {
        /// Which.
        r#ref: u32,
        /// With what result.
        reply: Reply,
    },
    /// A command was refused; nothing changed.
    Refusal {
        /// Which.
        r#ref: u32,
        /// Why, and what to do.
        refusal: Refusal,
    },
    /// A durable change.
    Event(Event),
    /// The cursor cannot be served without a hole: drop what is cached of the room and read its history anew.
    /// The events after `head` follow.
    Reset {
        /// Which room.
        room: RoomId,
        /// Events continue after this seq.
        head: Seq,
        /// The last seq no longer kept.
        floor: Seq,
    },
    /// Something true only now.
    Signal {
        /// What.
        signal: Signal,
    },
    /// Something about the person.
    Notice {
        /// What.
        notice: Notice,
    },
}
