//! All a client may ask over `parlour.v1`.

use serde::{Deserialize, Serialize};

use crate::ids::{ClientId, Epoch, FileId, RoomId, Seq, UserId};
use crate::push::Answers;
use crate::room::{History, NotifyLevel, PostBy, RoomRole};

/// One frame from a client: a command and the number that joins the answer to it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct ClientFrame {
    /// Chosen by the client, echoed in the reply or refusal. Any number from 0 to 2^32-1.
    pub r#ref: u32,
    /// What is asked.
    #[serde(flatten)]
    pub command: Command,
}

/// A command, tagged by `t`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(tag = "t", rename_all = "snake_case")]
pub enum Command {
    /// First frame of a connection: who resumes from where.
    Hello(Hello),
    /// Says something in a room.
    Post {
        /// Where.
        room: RoomId,
        /// The sender's own id of this message; the same id is answered with the first result.
        client_id: ClientId,
        /// The words, at most [`crate::limits::BODY_BYTES_MAX`] bytes of UTF-8; may be empty with files.
        text: String,
        /// What it answers; absent where it stands for itself.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[cfg_attr(feature = "typescript", ts(optional))]
        answers: Option<Answers>,
        /// Files that the sender has brought for this room, at most [`crate::limits::FILES_PER_MESSAGE_MAX`]; each goes once.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        #[cfg_attr(feature = "typescript", ts(optional, as = "Option<Vec<FileId>>"))]
        files: Vec<FileId>,
    },
    /// Puts other words in the place of those of an own message. What it said before stays readable (TALK-2).
    Edit {
        /// Where it was said.
        room: RoomId,
        /// Which message.
        seq: Seq,
        /// The words from now on, at most [`crate::limits::BODY_BYTES_MAX`] bytes of UTF-8.
        text: String,
    },
    /// Deletes a message: its words are gone for everyone, and that it was there stays.
    Delete {
        /// Where it was said.
        room: RoomId,
        /// Which message.
        seq: Seq,
    },
    /// Takes the link cards of an own message away, for everyone and for good.
    RemoveCards {
        /// Where it was said.
        room: RoomId,
        /// Which message.
        seq: Seq,
    },
    /// Adds a reaction of one's own to a message.
    React {
        /// Where it was said.
        room: RoomId,
        /// Which message.
        seq: Seq,
        /// One emoji, at most [`crate::limits::EMOJI_BYTES_MAX`] bytes.
        emoji: String,
    },
    /// Takes a reaction of one's own back.
    Unreact {
        /// Where it was said.
        room: RoomId,
        /// Which message.
        seq: Seq,
        /// The emoji.
        emoji: String,
    },
    /// Pins a message to its room, for everyone in it.
    Pin {
        /// Where it was said.
        room: RoomId,
        /// Which message.
        seq: Seq,
    },
    /// Pins it no more.
    Unpin {
        /// Where it was said.
        room: RoomId,
        /// Which message.
        seq: Seq,
    },
    /// Saves a message for oneself; nobody else is told.
    Save {
        /// Where it was said.
        room: RoomId,
        /// Which message.
        seq: Seq,
    },
    /// Saves it no more.
    Unsave {
        /// Where it was said.
        room: RoomId,
        /// Which message.
        seq: Seq,
    },
    /// Follows a thread: its replies are counted as unread.
    Follow {
        /// Where it is.
        room: RoomId,
        /// The message that the thread is about.
        thread: Seq,
    },
    /// Follows it no more.
    Unfollow {
        /// Where it is.
        room: RoomId,
        /// The message that the thread is about.
        thread: Seq,
    },
    /// Says what of a room counts as unread for oneself.
    SetNotify {
        /// Which room.
        room: RoomId,
        /// What.
        level: NotifyLevel,
    },
    /// Asks how much is unread in a room, counted anew.
    Count {
        /// Which room.
        room: RoomId,
    },
    /// Asks for everything after a cursor in one room, as if the connection were new.
    CatchUp {
        /// Which room.
        room: RoomId,
        /// The last seq the client holds.
        after: Seq,
    },
    /// Says how far the person has read; it only rises.
    MarkRead {
        /// Which room.
        room: RoomId,
        /// The last seq read.
        seq: Seq,
        /// The thread that was read; absent for the room.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[cfg_attr(feature = "typescript", ts(optional))]
        thread: Option<Seq>,
    },
    /// Makes this event and all after it unread again.
    MarkUnread {
        /// Which room.
        room: RoomId,
        /// The first seq to be unread.
        seq: Seq,
        /// The thread that it is about; absent for the room.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[cfg_attr(feature = "typescript", ts(optional))]
        thread: Option<Seq>,
    },
    /// Says that the person is writing; told to the room's members present, stored nowhere. Not answered unless refused.
    Typing {
        /// Where.
        room: RoomId,
    },
    /// Says that the person is away although they are connected, or is back (SIG-4). Answered with `done`.
    Away {
        /// Whether they are.
        away: bool,
    },
    /// Makes a room, joins it, and looks after it.
    CreateRoom {
        /// Its name, without `#`.
        name: String,
        /// One line about it; may be empty.
        #[serde(default)]
        topic: String,
        /// Whether it is a closed room; absent for an open one.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        #[cfg_attr(feature = "typescript", ts(optional, as = "Option<bool>"))]
        closed: bool,
        /// What of its past newcomers see; absent for everything.
        #[serde(default, skip_serializing_if = "History::is_all")]
        #[cfg_attr(feature = "typescript", ts(optional, as = "Option<History>"))]
        history: History,
    },
    /// Finds or makes the direct room of the person and these others.
    OpenDirect {
        /// Who else is in it, in any order, at most [`crate::limits::DIRECT_PEOPLE_MAX`] with the person.
        people: Vec<UserId>,
    },
    /// Changes a room's name and topic.
    RenameRoom {
        /// Which room.
        room: RoomId,
        /// The new name.
        name: String,
        /// The new topic.
        #[serde(default)]
        topic: String,
    },
    /// Lets a room rest: it is read, and nothing more is said in it.
    ArchiveRoom {
        /// Which room.
        room: RoomId,
    },
    /// Takes up an archived room again.
    RestoreRoom {
        /// Which room.
        room: RoomId,
    },
    /// Says who may speak in a room, and how often.
    SetPosting {
        /// Which room.
        room: RoomId,
        /// Who.
        post_by: PostBy,
        /// Everyone but its managers waits this long between two messages, in seconds, at most
        /// [`crate::limits::SLOW_S_MAX`]; 0 for not at all.
        #[serde(default)]
        slow_s: u32,
    },
    /// Says what of a room's past those see who become members from now on.
    SetHistory {
        /// Which room.
        room: RoomId,
        /// What.
        history: History,
    },
    /// Enters an open room; whoever looks after the house may enter a closed one so, which its members see.
    JoinRoom {
        /// Which room.
        room: RoomId,
    },
    /// Leaves a room; nothing after that event reaches this person.
    LeaveRoom {
        /// Which room.
        room: RoomId,
    },
    /// Makes somebody else a member.
    AddMember {
        /// Of which room.
        room: RoomId,
        /// Whom.
        user: UserId,
    },
    /// Ends somebody else's membership; nothing after that event reaches them.
    RemoveMember {
        /// Of which room.
        room: RoomId,
        /// Whose.
        user: UserId,
    },
    /// Makes a member a manager of the room, or a plain member again.
    SetRoomRole {
        /// Of which room.
        room: RoomId,
        /// Whom.
        user: UserId,
        /// What they are from now on.
        role: RoomRole,
    },
    /// Shows a message to those who look after the house.
    Report {
        /// Where it was said.
        room: RoomId,
        /// Which message.
        seq: Seq,
        /// What is wrong with it; may be empty, at most [`crate::limits::NOTE_BYTES_MAX`] bytes.
        #[serde(default)]
        note: String,
    },
    /// Takes no direct messages from somebody any more. They are not told.
    Block {
        /// Whom.
        user: UserId,
    },
    /// Takes them again.
    Unblock {
        /// Whose.
        user: UserId,
    },
    /// Asks whether the connection lives; browsers cannot send ping frames.
    Ping,
}

/// The opening words of a connection.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct Hello {
    /// The epoch the cursors belong to; absent on a first visit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "typescript", ts(optional))]
    pub epoch: Option<Epoch>,
    /// The last seq held of each room. Rooms of the person that are not named start at their head.
    #[serde(default)]
    pub cursors: Vec<(RoomId, Seq)>,
}
