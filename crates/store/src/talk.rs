//! What comes of a message, and threads of them.

use std::collections::HashSet;
use std::sync::Arc;

use parlour_protocol::http::{Edits, MessageList, ThreadList, ThreadPage};
use parlour_protocol::{RoomId, Seq, ThreadState, Timestamp, User, UserId};

use crate::{Later, PageOf, ReadState};

/// Other words for a message.
#[derive(Clone, Debug)]
pub struct Rewrite {
    /// Where it was said.
    pub room: RoomId,
    /// Which message.
    pub seq: Seq,
    /// The words, already checked.
    pub text: String,
    /// Who is there now, for `@here`; empty where it is not said.
    pub here: Arc<HashSet<UserId>>,
}

/// Which way a position in a thread goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MarkAs {
    /// Read up to here; it only rises.
    Read,
    /// Unread from here on.
    Unread,
}

/// What comes of a message. One that is not there, was deleted, or that the asker may not see is refused with one `not_found`.
pub trait Talk: Send + Sync {
    /// Gives an own message other words (TALK-1). Refused with `forbidden` for that of somebody else, or `too_many`.
    fn edit(&self, by: User, edit: Rewrite, now: Timestamp) -> Later<()>;
    /// Deletes a message and scrubs its words (TALK-3). Refused with `forbidden`.
    fn delete(&self, room: RoomId, seq: Seq, by: User, now: Timestamp) -> Later<()>;
    /// Adds a reaction or takes it back (TALK-5); what changes nothing is no event. Refused with `too_many`.
    fn react(&self, message: (RoomId, Seq), by: User, emoji: String, added: bool, now: Timestamp) -> Later<()>;
    /// Pins a message, or pins it no more (TALK-6). Refused with `forbidden` or `too_many`.
    fn pin(&self, room: RoomId, seq: Seq, by: User, pinned: bool, now: Timestamp) -> Later<()>;
    /// Saves a message for somebody, or no more (TALK-7); whether that changed anything. Refused with `too_many`.
    fn save(&self, room: RoomId, seq: Seq, user: UserId, saved: bool, now: Timestamp) -> Later<bool>;
    /// All that a message ever said (TALK-2).
    fn edits(&self, room: RoomId, seq: Seq, asker: UserId) -> Later<Edits>;
    /// The messages of these seqs that the asker may see, in order of seq. Refused with `not_found` for no members.
    fn messages(&self, room: RoomId, seqs: Vec<Seq>, asker: UserId) -> Later<MessageList>;
    /// What is pinned, the newest pin first. Refused with `not_found` for no members.
    fn pins(&self, room: RoomId, asker: UserId) -> Later<MessageList>;
    /// What somebody saved before a place in their list, the newest first.
    fn saved(&self, asker: UserId, before: u64) -> Later<MessageList>;
}

/// Threads.
pub trait Threads: Send + Sync {
    /// Follows a thread, or no more (THR-3).
    fn follow(&self, thread: (RoomId, Seq), user: UserId, following: bool) -> Later<(ThreadState, ReadState)>;
    /// Moves somebody's position in a thread (THR-4); who does not follow it has none, and nothing is changed.
    fn mark_thread(
        &self,
        thread: (RoomId, Seq),
        user: UserId,
        seq: Seq,
        mark: MarkAs,
    ) -> Later<(ThreadState, ReadState)>;
    /// A contiguous piece of a thread, at most `limit` replies (THR-2).
    fn thread(&self, thread: (RoomId, Seq), asker: UserId, which: PageOf, limit: usize) -> Later<ThreadPage>;
    /// The threads somebody follows, the newest reply first, after a place in that list (THR-5): the time of the last reply, the room
    /// and the root.
    fn threads(&self, asker: UserId, before: Option<(i64, u64, u64)>) -> Later<ThreadList>;
}
