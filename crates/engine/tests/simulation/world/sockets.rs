//! Connections: how they come and go, and what their sockets take.

use parlour_engine::hub::{Key, Wire};
use parlour_protocol::push::Author;
use parlour_protocol::reply::PublicLimits;
use parlour_protocol::user::{Door, HouseLimits};
use parlour_protocol::{House, RoomId, RoomState, Seq, Timestamp, User, UserId, Welcome};

use super::{Node, World};
use crate::store::Store;
use crate::story;

impl World {
    /// A reader connects; its rooms are read now and the greeting is answered later, with anything in between.
    pub(super) fn connect(&mut self, reader: usize, node: usize) {
        if self.readers[reader].at.is_some() {
            return;
        }
        let user = self.readers[reader].user;
        let who = Author { id: user, name: String::new() };
        let key = self.nodes[node].hub.connect(who, self.readers[reader].wire, self.now_ms);
        self.readers[reader].at = Some((node, key));
        // First of all what had no answer: anything else would pass it.
        self.readers[reader].sender.send_again();
        let welcome = welcome(&self.store, user);
        story::tell(|| {
            format!("reader {reader}, user {user}, comes to node {node} as {key:?}; its rooms: {:?}", heads(&welcome))
        });
        self.nodes[node].greetings.push((key, welcome, reader));
    }

    pub(super) fn greet(&mut self, node: usize) {
        if self.nodes[node].greetings.is_empty() {
            return;
        }
        let (key, welcome, reader) = self.nodes[node].greetings.remove(0);
        if self.readers[reader].at == Some((node, key)) {
            let before = self.roll(3);
            let hello = self.readers[reader].hello(&self.store, before);
            story::tell(|| format!("reader {reader} is answered its {hello:?}"));
            let heard = self.nodes[node].hub.welcome(key, 1, welcome, &hello);
            self.look(node, heard);
        }
    }

    pub(super) fn cut(&mut self, reader: usize) {
        if let Some((node, key)) = self.readers[reader].at {
            story::tell(|| format!("reader {reader} is cut off"));
            self.nodes[node].hub.disconnect(key, self.now_ms);
            let is_of_this_life = self.nodes[node].hub.epoch() == self.store.epoch();
            self.let_go(reader, is_of_this_life);
        }
    }

    /// A reader's connection is gone; some of what it sent had been read by the server, and is written all the same unless
    /// it was sent to a life that has ended.
    pub(super) fn let_go(&mut self, reader: usize, is_of_this_life: bool) {
        let was_read = usize::from(is_of_this_life) * self.pick(self.readers[reader].sender.waiting() + 1);
        let pipe = self.readers[reader].sender.cut(was_read);
        if was_read > 0 {
            self.abandoned.push((self.readers[reader].user, pipe));
        }
        self.readers[reader].cut();
    }

    /// One write to one reader, of which the socket takes all or a part.
    pub(super) fn write(&mut self, reader: usize, in_part: bool) -> Result<(), String> {
        let Some((node, key)) = self.readers[reader].at else { return Ok(()) };
        let bytes = self.take(node, key, in_part);
        self.readers[reader].receive(&bytes, &self.store)
    }

    /// What a socket takes of one write, when the hub has marked the connection or the socket had not taken all before.
    fn take(&mut self, node: usize, key: Key, in_part: bool) -> Vec<u8> {
        let Node { hub, ready, .. } = &mut self.nodes[node];
        while let Some(marked) = hub.next_dirty() {
            ready.insert(marked);
        }
        if !ready.remove(&key) {
            return Vec::new();
        }
        let mut out = std::mem::take(&mut self.out);
        hub.gather(key, &mut out);
        let taken = if in_part && self.roll(2) == 0 { self.pick(out.bytes() + 1) } else { out.bytes() };
        let Node { hub, ready, .. } = &mut self.nodes[node];
        hub.wrote(key, &out, taken);
        if taken < out.bytes() {
            ready.insert(key);
        } else if hub.has_work(key) {
            hub.mark_dirty(key);
        }
        let mut bytes = out.pieces().concat();
        bytes.truncate(taken);
        self.out = out;
        bytes
    }

    pub(super) fn open_classic(&mut self, node: usize, classic: usize) {
        let (hub, now_ms) = (&mut self.nodes[node].hub, self.now_ms);
        let key = hub.connect(self.classics[classic].next_guest(), Wire::Classic, now_ms);
        if !hub.open_classic(key, None) {
            hub.open_classic(key, Some(&self.store.state(RoomId::LOBBY)));
        }
        hub.classic_joined(key, now_ms);
        self.classics[classic].begin((node, key), &self.store);
    }

    pub(super) fn write_classic(&mut self, classic: usize, in_part: bool) -> Result<(), String> {
        let Some((node, key)) = self.classics[classic].at else { return Ok(()) };
        let bytes = self.take(node, key, in_part);
        let current = self.nodes[node].hub.epoch() == self.store.epoch();
        self.classics[classic].receive(&bytes, current.then_some(&self.store))
    }
}

fn welcome(store: &Store, user: UserId) -> Welcome {
    let rooms: Vec<RoomState> = store.rooms_of(user);
    let limits = PublicLimits { body_bytes_max: 0, name_graphemes_max: 0, replay_events_max: 0, heartbeat_ms: 0 };
    Welcome {
        epoch: store.epoch().clone(),
        version: String::new(),
        server_time: Timestamp(0),
        you: User { id: user, name: String::new(), guest: false, role: parlour_protocol::Role::Member },
        house: House { name: String::new(), door: Door::Open, people: 0, here: 0, limits: HouseLimits::default() },
        rooms,
        limits,
        away: false,
    }
}

fn heads(welcome: &Welcome) -> Vec<(RoomId, Seq)> {
    welcome.rooms.iter().map(|state| (state.room.id, state.head)).collect()
}
