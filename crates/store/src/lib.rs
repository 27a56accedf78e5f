//! The truth of a house: one log per room, and the tables around it.
//!
//! Small traits by noun make up [`Store`]. **One method is one place in the writer's batch, or one snapshot.** A
//! writing method takes its place in the queue when it is *called*, not when its future is first polled, so the order of
//! calls is the order of the log (LOG-4). Its future resolves after the commit, and after the commit was told to
//! [`OnCommit`]; dropping the future undoes nothing. What comes in was checked by `domain`; what is checked here is what
//! only the transaction can know: membership, uniqueness, limits.

mod accounts;
mod blobs;
mod cards;
mod error;
mod files;
mod passkeys;
mod searching;
mod sqlite;
mod talk;

use std::collections::HashSet;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use futures_util::future::BoxFuture;
use parlour_protocol::admin::{AdminAct, AdminPerson, AdminRoom, OpenReport};
use parlour_protocol::http::{HistoryPage, ListedRoom, Member, MessageList};
use parlour_protocol::push::{Answers, Author};
use parlour_protocol::{
    ClientId, Epoch, Event, FileId, History, NotifyLevel, PostBy, Role, RoomId, RoomRole, RoomState, Seq, Timestamp,
    User, UserId,
};

pub use accounts::{
    Accounts, Credentials, EndOf, Entered, Held, Hidden, HouseChange, HouseFacts, Houses, Identities, Identity,
    KnockState, Links, Named, NewLink, NewSession, Newcomer, Proof, Proven, SecondFactors, Visitor, Way,
};
pub use blobs::{BlobReader, BlobWriter, Blobs, Disk, Form};
pub use cards::{Cards, NewCardPicture};
pub use error::{ErrandError, OpenError, StoreError};
pub use files::{Files, NewFile, WholeFile};
pub use passkeys::{KeptPasskey, NewPasskey, OwnPasskeys, Owner, Passkeys, ShownPasskey};
pub use searching::{SearchFor, Searches};
pub use sqlite::errands;
pub use sqlite::{BackupError, Contents, Ended, Options, Restored, WaysIn, backup, open, restore};
pub use talk::{MarkAs, Rewrite, Talk, Threads};

/// The answer of a store, some time later.
pub type Later<T> = BoxFuture<'static, Result<T, StoreError>>;

/// The SHA-256 of a session's token.
pub type TokenHash = [u8; 32];

/// Told by the writer's thread after each commit and before anyone who waits for it. It must not call the store.
pub type OnCommit = Arc<dyn Fn(Committed) + Send + Sync>;

/// Told once, when the store stops for good after an error of the disk.
pub type OnBroken = Arc<dyn Fn() + Send + Sync>;

/// While it lives, what is written waits for the rest ([`Store::gather`]).
pub struct Gathering(Option<Box<dyn FnOnce() + Send>>);

impl Gathering {
    fn until(end: impl FnOnce() + Send + 'static) -> Gathering {
        Gathering(Some(Box::new(end)))
    }
}

impl Drop for Gathering {
    fn drop(&mut self) {
        self.0.take().into_iter().for_each(|end| end());
    }
}

/// What one commit made durable.
#[derive(Clone, Debug)]
pub struct Committed {
    /// The life of the store.
    pub epoch: Epoch,
    /// Every event, in the order of the log of each room.
    pub events: Vec<Arc<Event>>,
}

/// A message to be written.
#[derive(Clone, Debug)]
pub struct Append {
    /// Where.
    pub room: RoomId,
    /// By whom.
    pub actor: UserId,
    /// The name to be kept with it.
    pub actor_name: String,
    /// The sender's own id.
    pub client_id: ClientId,
    /// What was said, already checked.
    pub text: String,
    /// Came in a binary frame of the classic wire.
    pub binary: bool,
    /// Files that the sender has brought for this room and that no message carries yet.
    pub files: Vec<FileId>,
    /// What it answers.
    pub answers: Option<Answers>,
    /// Who is there now, for `@here`; empty where it is not said.
    pub here: Arc<HashSet<UserId>>,
    /// When it was taken in.
    pub now: Timestamp,
    /// Stops the senders' later messages once one was not written (LOG-4).
    pub pipeline: Pipeline,
}

/// Joins the messages that one connection sends to one room without waiting for answers: when one of them cannot be
/// written for a passing reason, those behind it are not written either, so that sending all of them again in order
/// keeps their order (LOG-4, ENGINE H31). Those before it are no matter of this.
#[derive(Clone, Debug, Default)]
pub struct Pipeline {
    /// The places that are not written: from the first up to, but without, the second.
    stopped: Arc<Mutex<Option<(u64, u64)>>>,
    place: u64,
}

impl Pipeline {
    /// The same pipeline for the message at this place.
    #[must_use]
    pub fn at(&self, place: u64) -> Pipeline {
        Pipeline { stopped: Arc::clone(&self.stopped), place }
    }

    /// Stops it here: neither this message nor any behind it will be written.
    pub fn stop(&self) {
        let mut stopped = self.stopped();
        let from = stopped.map_or(self.place, |(from, _)| from.min(self.place));
        *stopped = Some((from, u64::MAX));
    }

    /// Goes on here: this message is the first that was refused, come again. What was refused behind it stays refused.
    pub fn go_on(&self) {
        if let Some((_, until)) = self.stopped().as_mut() {
            *until = self.place;
        }
    }

    /// Whether this message is not to be written.
    #[must_use]
    pub fn is_stopped(&self) -> bool {
        self.stopped().is_some_and(|(from, until)| from <= self.place && self.place < until)
    }

    fn stopped(&self) -> MutexGuard<'_, Option<(u64, u64)>> {
        self.stopped.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Where a message went.
#[derive(Clone, Debug)]
pub struct Appended {
    /// The event, as everybody sees it.
    pub event: Arc<Event>,
    /// It had been there before.
    pub duplicate: bool,
}

/// A session that is alive.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Session {
    /// Whose.
    pub user: User,
    /// When its owner came in by it, and so proved to be who they are.
    pub began_at: Timestamp,
    /// When it ends at the latest.
    pub expires_at: Timestamp,
}

/// A room to be made.
#[derive(Clone, Debug)]
pub struct NewRoom {
    /// Its name, already checked.
    pub name: String,
    /// What its name is told apart by.
    pub skeleton: String,
    /// Its topic, already checked.
    pub topic: String,
    /// Whether it is a closed one.
    pub closed: bool,
    /// What of its past newcomers see.
    pub history: History,
}

/// A direct room that was found or made.
#[derive(Clone, Debug)]
pub struct OpenedDirect {
    /// As the asker has it.
    pub state: RoomState,
    /// As each of the others has it, when it was made just now.
    pub told: Vec<(UserId, RoomState)>,
}

/// Who does something that the log of administrative acts may have to name.
#[derive(Clone, Debug)]
pub enum Doer {
    /// Somebody inside.
    Person(User),
    /// Whoever may write to the data folder; they may do what an owner may.
    CommandLine,
}

/// How far somebody has read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ReadState {
    /// The room.
    pub room: RoomId,
    /// The position.
    pub seq: Seq,
    /// What is unread, up to `head` (UNR-1).
    pub unread: u32,
    /// How much of it mentions them.
    pub mentions: u32,
    /// The room's head when they were counted.
    pub head: Seq,
}

/// Which piece of a log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PageOf {
    /// The last events.
    Newest,
    /// The last events before this one.
    Before(Seq),
    /// The first events after this one.
    After(Seq),
    /// Events on both sides of this one, itself included.
    Around(Seq),
}

/// Events after a place, with the head they were read under, from one snapshot.
#[derive(Clone, Debug)]
pub struct Tail {
    /// The life of the store.
    pub epoch: Epoch,
    /// The room's head.
    pub head: Seq,
    /// The last seq no longer kept.
    pub floor: Seq,
    /// In order, without holes, perhaps not all.
    pub events: Vec<Arc<Event>>,
}

/// What came of looking at sessions.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Looked {
    /// Those that have ended.
    pub ended: Vec<TokenHash>,
    /// Who holds the others, as they are now.
    pub holders: Vec<User>,
}

/// Sessions and the people who hold them.
pub trait People: Send + Sync {
    /// Makes a guest of the classic wire, member of the lobby. Refused with `name_taken`.
    fn guest(&self, name: String, skeleton: String, now: Timestamp) -> Later<User>;
    /// Lets a guest go: its name is free again and it is in no room; what it said stays. Those who were here when the
    /// process died are let go when the store is opened.
    fn guest_gone(&self, guest: UserId, now: Timestamp) -> Later<()>;
    /// Ends a session; a person without another one is in no room any more, and their name is free again.
    fn sign_out(&self, token: TokenHash, now: Timestamp) -> Later<()>;
    /// The live session of a token. Its last use is noted at most once a minute.
    fn session(&self, token: TokenHash, now: Timestamp) -> Later<Option<Session>>;
    /// Which of these sessions are not alive, and who holds the others. Their use is noted as [`People::session`] does.
    fn look_at_sessions(&self, tokens: Vec<TokenHash>, now: Timestamp) -> Later<Looked>;
    /// Which of these skeletons belong to a person or guest now.
    fn names_taken(&self, skeletons: Vec<String>) -> Later<Vec<String>>;
}

/// Rooms and who is in them.
pub trait Rooms: Send + Sync {
    /// Makes an open or closed room and its maker's membership. Refused with `name_taken` or `too_many`.
    fn create_room(&self, by: User, new: NewRoom, now: Timestamp) -> Later<RoomState>;
    /// Finds or makes the direct room of somebody and these others. Refused with `not_found` when one of them is not there
    /// or does not want to hear from them.
    fn open_direct(&self, by: User, others: Vec<UserId>, now: Timestamp) -> Later<OpenedDirect>;
    /// Changes name and topic. Refused with `not_found`, `forbidden` or `name_taken`.
    fn rename_room(
        &self,
        room: RoomId,
        by: User,
        name: String,
        skeleton: String,
        topic: String,
        now: Timestamp,
    ) -> Later<()>;
    /// Makes a member; nothing is written when they are one. Refused with `not_found` or `too_many`.
    fn join_room(&self, room: RoomId, by: User, now: Timestamp) -> Later<RoomState>;
    /// Ends a membership by an event. Refused with `not_found` or `forbidden`.
    fn leave_room(&self, room: RoomId, by: User, now: Timestamp) -> Later<()>;
    /// Archives a room or takes it up again. Refused with `not_found` or `forbidden`.
    fn archive_room(&self, room: RoomId, by: Doer, archived: bool, now: Timestamp) -> Later<()>;
    /// Says who may speak in a room, and how many seconds each waits in between. Refused with `not_found` or `forbidden`.
    fn set_posting(&self, room: RoomId, by: User, post_by: PostBy, slow_s: u32, now: Timestamp) -> Later<()>;
    /// Says what of its past newcomers see from now on. Refused with `not_found` or `forbidden`.
    fn set_history(&self, room: RoomId, by: User, history: History, now: Timestamp) -> Later<()>;
    /// Makes somebody else a member: the room as they have it, none when they were one. Refused with `not_found`,
    /// `forbidden` or `too_many`.
    fn add_member(&self, room: RoomId, by: User, whom: UserId, now: Timestamp) -> Later<Option<RoomState>>;
    /// Ends somebody else's membership by an event. Refused with `not_found` or `forbidden`.
    fn remove_member(&self, room: RoomId, by: User, whom: UserId, now: Timestamp) -> Later<()>;
    /// Makes a member a manager, or a plain member again. Refused with `not_found` or `forbidden`.
    fn set_room_role(&self, room: RoomId, by: User, whom: UserId, role: RoomRole, now: Timestamp) -> Later<()>;
    /// Every room of a person, by name, the lobby first. Presence is not known here and is 0.
    fn rooms_of(&self, user: UserId) -> Later<Vec<RoomState>>;
    /// The same for who holds a session, from the snapshot that shows it alive; none when it has ended.
    fn rooms_of_session(&self, token: TokenHash, now: Timestamp) -> Later<Option<Vec<RoomState>>>;
    /// The lobby as a guest without a row sees it.
    fn lobby(&self) -> Later<RoomState>;
    /// The lobby and the open rooms that are not archived, by name.
    fn list_rooms(&self, user: UserId) -> Later<Vec<ListedRoom>>;
    /// At most 1,000 members, by name. Refused with `not_found` for those who are none.
    fn members(&self, room: RoomId, asker: UserId) -> Later<Vec<Member>>;
    /// Every room's head.
    fn heads(&self) -> Later<Vec<(RoomId, Seq)>>;
}

/// What was said.
pub trait Messages: Send + Sync {
    /// Writes a message, or finds it written. Refused with `not_found` for those who are no members.
    fn append(&self, message: Append) -> Later<Appended>;
    /// A contiguous piece of a room's log, at most `limit` events. Refused with `not_found` for those who are no members.
    fn page(&self, room: RoomId, asker: UserId, which: PageOf, limit: usize) -> Later<HistoryPage>;
    /// Events after a place, at most `limit`, for the hub: no one is asked for, the hub knows its readers.
    fn tail(&self, room: RoomId, after: Seq, limit: usize) -> Later<Tail>;
}

/// What was read.
pub trait Reads: Send + Sync {
    /// Raises the position, never above the head.
    fn mark_read(&self, room: RoomId, user: UserId, seq: Seq) -> Later<ReadState>;
    /// Sets the position just before `seq`.
    fn mark_unread(&self, room: RoomId, user: UserId, seq: Seq) -> Later<ReadState>;
    /// Says what of a room counts as unread for somebody.
    fn set_notify(&self, room: RoomId, user: UserId, level: NotifyLevel) -> Later<ReadState>;
    /// What is unread, counted now.
    fn count(&self, room: RoomId, user: UserId) -> Later<ReadState>;
    /// Exactly the messages that [`Reads::count`] counts, the oldest first.
    fn unread(&self, room: RoomId, user: UserId) -> Later<MessageList>;
}

/// Roles, suspension, reports and blocks. What is done by office adds one row to the log of administrative acts.
pub trait Moderation: Send + Sync {
    /// Makes somebody something else in the house. Refused with `forbidden`, `not_found`, or when no owner would be left.
    fn set_role(&self, by: Doer, whom: UserId, role: Role, now: Timestamp) -> Later<Option<User>>;
    /// Lets somebody in no more, and returns their sessions, whose sockets are to be closed. Refused as above.
    fn suspend(&self, by: Doer, whom: UserId, note: String, now: Timestamp) -> Later<Vec<TokenHash>>;
    /// Lets them in again. Refused with `forbidden` or `not_found`.
    fn lift_suspension(&self, by: Doer, whom: UserId, note: String, now: Timestamp) -> Later<()>;
    /// Shows a message to the administrators, once a person. Refused with `not_found`.
    fn report(&self, room: RoomId, seq: Seq, by: User, note: String, now: Timestamp) -> Later<()>;
    /// Lays a report aside. Refused with `forbidden` or `not_found`.
    fn settle_report(&self, report: u64, by: Doer, note: String, now: Timestamp) -> Later<()>;
    /// Blocks somebody, or blocks them no more. Refused with `not_found` or `too_many`.
    fn set_blocked(&self, by: UserId, whom: UserId, blocked: bool, now: Timestamp) -> Later<()>;
    /// Whom somebody blocks, by name.
    fn blocked_by(&self, user: UserId) -> Later<Vec<Author>>;
    /// The next people after one, by id. Refused with `forbidden`.
    fn people(&self, asker: UserId, after: UserId) -> Later<Vec<AdminPerson>>;
    /// The next rooms after one, by id, direct ones left out. Refused with `forbidden`.
    fn all_rooms(&self, asker: UserId, after: RoomId) -> Later<Vec<AdminRoom>>;
    /// The next reports after one that are not settled, the oldest first. Refused with `forbidden`.
    fn open_reports(&self, asker: UserId, after: u64) -> Later<Vec<OpenReport>>;
    /// How many errands the command line has done here: when there are more, something was changed from outside.
    fn errands(&self) -> Later<i64>;
    /// The log of administrative acts before one, the newest first. Refused with `forbidden`.
    fn acts(&self, asker: UserId, before: u64) -> Later<Vec<AdminAct>>;
}

/// Everything.
pub trait Store:
    People
    + Rooms
    + Messages
    + Searches
    + Talk
    + Threads
    + Reads
    + Moderation
    + Houses
    + Accounts
    + SecondFactors
    + Passkeys
    + Identities
    + Links
    + Files
    + Cards
{
    /// Which life of the store this is.
    fn epoch(&self) -> Epoch;
    /// Where the bytes of files are.
    fn blobs(&self) -> Arc<dyn Blobs>;
    /// What is written while the guard lives, by whomever, is begun together when it goes, or when it fills a transaction. To
    /// be held by who brings several writes at once, for no longer than bringing them takes.
    fn gather(&self) -> Gathering;
    /// Writes what is queued, puts everything into the one file, and lets go of it. Blocks.
    fn close(&self);
}
