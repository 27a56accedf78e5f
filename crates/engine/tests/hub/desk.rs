//! A hub on a desk: a log in memory answers its reads, and what a connection is written is taken apart again.

use std::collections::BTreeMap;
use std::sync::Arc;

use parlour_engine::hub::{Backfill, Hub, Key, Outgoing, Read, Remedies, Wire};
use parlour_protocol::command::Hello;
use parlour_protocol::push::Author;
use parlour_protocol::reply::PublicLimits;
use parlour_protocol::user::{Door, HouseLimits};
use parlour_protocol::{
    Change, ClientId, Epoch, Event, History, House, Notice, NotifyLevel, PostBy, Reply, Role, Room, RoomId, RoomKind,
    RoomRole, RoomState, Seq, ServerFrame, Timestamp, User, UserId, Welcome,
};

pub(crate) const LOBBY: RoomId = RoomId::LOBBY;
pub(crate) const ROOM: RoomId = RoomId(7);
pub(crate) const ADA: UserId = UserId(1);
pub(crate) const BEN: UserId = UserId(2);

pub(crate) struct Desk {
    pub(crate) hub: Hub,
    pub(crate) log: BTreeMap<RoomId, Vec<Arc<Event>>>,
    pub(crate) now_ms: u64,
    out: Outgoing,
}

/// What a connection was told, in short.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Told {
    Welcome(Vec<RoomId>),
    Reply,
    Event(RoomId, Seq),
    Reset(RoomId, Seq),
    Added(RoomId, Seq),
    Removed(RoomId),
    Read(RoomId, Seq),
    Presence { joined: Vec<UserId>, left: Vec<UserId>, online: u32 },
    Typing(UserId),
    Other,
}

pub(crate) fn epoch() -> Epoch {
    Epoch("store.1".to_owned())
}

pub(crate) fn author(id: UserId) -> Author {
    Author { id, name: format!("user {id}") }
}

pub(crate) fn words(text: &str) -> Change {
    let client_id: ClientId = serde_json::from_value(serde_json::json!("00000000000000000000000000000001")).unwrap();
    let (answers, mentions, edited, deleted) = (None, vec![], None, None);
    Change::Message {
        client_id,
        text: text.to_owned(),
        binary: false,
        tree: None,
        answers,
        mentions,
        edited,
        deleted,
        files: vec![],
    }
}

/// A frame's end is told by a new line: JSON has none.
pub(crate) fn wrap(buffer: &mut Vec<u8>, _start: usize) {
    buffer.push(b'\n');
}

impl Desk {
    pub(crate) fn new() -> Desk {
        Desk::over(Hub::new(epoch(), wrap, Remedies::ALL))
    }

    pub(crate) fn over(hub: Hub) -> Desk {
        Desk { hub, log: BTreeMap::new(), now_ms: 0, out: Outgoing::default() }
    }

    pub(crate) fn state(&self, room: RoomId) -> RoomState {
        let head = Seq(self.log.get(&room).map_or(0, Vec::len) as u64);
        let kind = RoomKind::Open;
        let room = Room {
            id: room,
            name: String::new(),
            topic: String::new(),
            kind,
            archived: false,
            post_by: PostBy::Everyone,
            slow_s: 0,
            history: History::All,
        };
        RoomState {
            room,
            head,
            floor: Seq::ZERO,
            since: Seq(1),
            read: head,
            unread: 0,
            mentions: 0,
            notify: NotifyLevel::All,
            members: 2,
            online: 0,
            role: RoomRole::Member,
            with: Vec::new(),
        }
    }

    /// Opens a connection whose greeting is not answered.
    pub(crate) fn connect(&mut self, user: UserId) -> Key {
        self.hub.connect(author(user), Wire::Full, self.now_ms)
    }

    /// Opens a connection that is inside these rooms and has taken its welcome.
    pub(crate) fn enter(&mut self, user: UserId, rooms: &[RoomId]) -> Key {
        self.enter_over(Wire::Full, user, rooms)
    }

    /// The same over a wire of its own.
    pub(crate) fn enter_over(&mut self, wire: Wire, user: UserId, rooms: &[RoomId]) -> Key {
        let key = self.hub.connect(author(user), wire, self.now_ms);
        let states = rooms.iter().map(|room| self.state(*room)).collect();
        self.welcome(key, user, states);
        self.settle();
        self.take(key);
        key
    }

    /// Answers the greeting of a connection with these rooms.
    pub(crate) fn welcome(&mut self, key: Key, user: UserId, rooms: Vec<RoomState>) {
        self.welcome_back(key, user, rooms, Vec::new());
    }

    /// The same, of one that comes back with cursors.
    pub(crate) fn welcome_back(&mut self, key: Key, user: UserId, rooms: Vec<RoomState>, cursors: Vec<(RoomId, Seq)>) {
        let limits = PublicLimits { body_bytes_max: 0, name_graphemes_max: 0, replay_events_max: 0, heartbeat_ms: 0 };
        let welcome = Welcome {
            epoch: epoch(),
            version: String::new(),
            server_time: Timestamp(0),
            you: User { id: user, name: String::new(), guest: false, role: Role::Member },
            house: House { name: String::new(), door: Door::Open, people: 0, here: 0, limits: HouseLimits::default() },
            rooms,
            limits,
            away: false,
        };
        self.hub.welcome(key, 1, welcome, &Hello { epoch: Some(epoch()), cursors });
        self.hub.arrived(key, self.now_ms);
    }

    /// Writes an event into the log; nobody is told.
    pub(crate) fn write(&mut self, room: RoomId, by: UserId, change: Change) -> Arc<Event> {
        let log = self.log.entry(room).or_default();
        let seq = Seq(log.len() as u64 + 1);
        log.push(Arc::new(Event { room, seq, at: Timestamp(0), by: author(by), change }));
        Arc::clone(log.last().unwrap())
    }

    /// Writes an event and lets the hub hear of it.
    pub(crate) fn say(&mut self, room: RoomId, by: UserId, change: Change) {
        let event = self.write(room, by, change);
        self.hub.deliver(&epoch(), &[event], self.now_ms);
    }

    pub(crate) fn notify(&mut self, user: UserId, notice: &Notice) {
        self.hub.notify(&epoch(), user, notice);
    }

    pub(crate) fn added(&self, room: RoomId) -> Notice {
        Notice::RoomAdded { state: self.state(room) }
    }

    pub(crate) fn backfill(&self, room: RoomId, after: Seq, limit: usize) -> Backfill {
        let log = self.log.get(&room).map(Vec::as_slice).unwrap_or_default();
        let events = log.iter().filter(|event| event.seq > after).take(limit).cloned().collect();
        Backfill { epoch: epoch(), head: Seq(log.len() as u64), floor: Seq::ZERO, events }
    }

    /// Answers every read of a log that the hub wants now. Returns what it wanted.
    pub(crate) fn settle(&mut self) -> Vec<Read> {
        let mut wanted = Vec::new();
        while let Some(read) = self.hub.next_read(self.now_ms) {
            match read {
                Read::Lane { room, after, ticket } => {
                    let answer = self.backfill(room, after, read.events_max());
                    self.hub.filled(room, ticket, Some(answer), self.now_ms);
                }
                Read::Replay { connection, room, after } => {
                    let answer = self.backfill(room, after, read.events_max());
                    self.hub.replayed(connection, room, after, Some(answer), self.now_ms);
                }
                Read::Standing { .. } => {}
            }
            wanted.push(read);
        }
        wanted
    }

    /// One write to a connection, taken whole. Returns the payloads.
    pub(crate) fn write_once(&mut self, key: Key) -> Vec<String> {
        let mut out = std::mem::take(&mut self.out);
        self.hub.gather(key, &mut out);
        let all = out.bytes();
        let taken = String::from_utf8(out.pieces().concat()).unwrap().lines().map(str::to_owned).collect();
        self.hub.wrote(key, &out, all);
        self.out = out;
        taken
    }

    /// Writes to a connection until it has everything, its reads being answered. Returns the payloads.
    pub(crate) fn take_raw(&mut self, key: Key) -> Vec<String> {
        let mut taken = Vec::new();
        loop {
            let written = self.write_once(key);
            if written.is_empty() && self.settle().is_empty() {
                return taken;
            }
            taken.extend(written);
        }
    }

    /// The same, in short.
    pub(crate) fn take(&mut self, key: Key) -> Vec<Told> {
        told_by(&self.take_raw(key))
    }
}

/// What frames say, in short.
pub(crate) fn told_by(frames: &[String]) -> Vec<Told> {
    frames.iter().map(|frame| told(serde_json::from_str(frame).unwrap())).collect()
}

fn ids(people: &[Author]) -> Vec<UserId> {
    people.iter().map(|author| author.id).collect()
}

fn told(frame: ServerFrame) -> Told {
    use parlour_protocol::Signal;
    match frame {
        ServerFrame::Reply { reply: Reply::Welcome(welcome), .. } => {
            Told::Welcome(welcome.rooms.iter().map(|state| state.room.id).collect())
        }
        ServerFrame::Reply { .. } => Told::Reply,
        ServerFrame::Event(event) => Told::Event(event.room, event.seq),
        ServerFrame::Reset { room, head, .. } => Told::Reset(room, head),
        ServerFrame::Notice { notice: Notice::RoomAdded { state } } => Told::Added(state.room.id, state.head),
        ServerFrame::Notice { notice: Notice::RoomRemoved { room } } => Told::Removed(room),
        ServerFrame::Notice { notice: Notice::Read { room, seq, .. } } => Told::Read(room, seq),
        ServerFrame::Signal { signal: Signal::Presence { joined, left, online, .. } } => {
            Told::Presence { joined: ids(&joined), left: ids(&left), online }
        }
        ServerFrame::Signal { signal: Signal::Typing { by, .. } } => Told::Typing(by.id),
        ServerFrame::Notice { .. } | ServerFrame::Refusal { .. } => Told::Other,
    }
}
