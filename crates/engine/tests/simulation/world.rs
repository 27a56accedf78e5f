//! One history: what may happen at each step, and what must hold at the end.

use std::sync::Arc;

use parlour_bus::Envelope;
use parlour_bus::lossy::{Lossy, Policy};
use parlour_engine::hub::{Backfill, Bounds, Heard, Hub, Key, Outgoing, Read, Remedies, Wire};
use parlour_protocol::limits;
use parlour_protocol::push::Author;
use parlour_protocol::reply::PublicLimits;
use parlour_protocol::user::Door;
use parlour_protocol::{
    Change, ClientId, Epoch, Event, House, Notice, RoomId, RoomState, Seq, Timestamp, User, UserId, Welcome,
};

use crate::classic::Classic;
use crate::reader::{Reader, wrap};
use crate::store::Store;

const NODES: usize = 3;
const USERS: u64 = 4;
const ROOMS: u64 = 2;
const STEPS: u64 = 220;
/// Events in one read: few in one half of the histories, so that holes take several; in the other enough to reach past
/// what a node has applied.
const READ_EVENTS: [usize; 2] = [3, 16];
/// Frames in one ring: few in one half of the histories, so that readers fall behind.
const RING_FRAMES: [usize; 2] = [3, 256];
/// Bytes in all rings of a node: in one history of four not enough for one frame of each room.
const RINGS_BYTES: usize = 300;
/// Readers of the tutorial's wire.
const CLASSICS: u64 = 2;
/// Rounds in which everything comes to rest at the end.
const REST_ROUNDS: usize = 140;

/// What may go wrong in a history.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Weather {
    /// Everything; what was lost last is known to the digest alone.
    Storm,
    /// Everything, but at the end something is said in each room that arrives everywhere: a successor reveals each loss.
    Revealed,
    /// Every event arrives, late, twice or out of turn; every hint is lost and the store has one life.
    Faithful,
}

/// What is on.
#[derive(Clone, Copy)]
pub(crate) struct Switches {
    pub(crate) weather: Weather,
    pub(crate) de_duplication: bool,
    pub(crate) hub: Remedies,
}

/// What the store said to a read of the hub, on its way.
enum Answer {
    Log(Read, Backfill),
    Standing(UserId, RoomId, Epoch, Option<RoomState>),
}

struct Node {
    hub: Hub,
    line: Lossy,
    /// Reads that were made and whose answers are on their way.
    answers: Vec<Answer>,
    /// Greetings whose rooms were read and that are not answered yet.
    greetings: Vec<(Key, Welcome, usize)>,
}

pub(crate) struct World {
    dice: u64,
    now_ms: u64,
    store: Store,
    nodes: Vec<Node>,
    readers: Vec<Reader>,
    classics: Vec<Classic>,
    posts: u128,
    read_events: usize,
    out: Outgoing,
    switches: Switches,
}

impl World {
    pub(crate) fn new(seed: u64, switches: Switches) -> World {
        let store = Store::new(ROOMS, USERS, switches.de_duplication);
        let dice = seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1;
        let drop_percent = if switches.weather == Weather::Faithful { 0 } else { 15 };
        let policy = Policy { drop_percent, repeat_percent: 10, reorder_percent: 30 };
        let total = if seed % 8 < 2 { RINGS_BYTES } else { Bounds::LIMITS.total };
        let bounds = Bounds { frames: RING_FRAMES[usize::from(seed % 4 < 2)], total, ..Bounds::LIMITS };
        let nodes = (0..NODES as u64)
            .map(|node| Node {
                hub: Hub::new(store.epoch(), wrap, switches.hub).with_rings(bounds),
                line: Lossy::new(seed.wrapping_mul(31).wrapping_add(node * 7 + 3), policy),
                answers: Vec::new(),
                greetings: Vec::new(),
            })
            .collect();
        // Two devices of the first user, one of each other.
        let readers = (0..=USERS).map(|n| Reader::new(UserId(n.max(1)))).collect();
        let read_events = READ_EVENTS[usize::from(seed.is_multiple_of(2))];
        let classics = (0..CLASSICS).map(Classic::new).collect();
        World {
            dice,
            now_ms: 0,
            store,
            nodes,
            readers,
            classics,
            posts: 0,
            read_events,
            out: Outgoing::default(),
            switches,
        }
    }

    /// Runs the history to its end.
    pub(crate) fn run(mut self) -> Result<(), String> {
        for _ in 0..STEPS {
            // Now and then nothing happens until those who left are told of as gone, and rooms are let go.
            self.now_ms += if self.roll(80) == 0 { 2 * limits::LEFT_AFTER_MS } else { self.roll(15) };
            self.step()?;
            self.step_classic()?;
        }
        self.rest()?;
        self.check_classics()?;
        self.check_end()
    }

    fn step(&mut self) -> Result<(), String> {
        let node = self.pick(NODES);
        let reader = self.pick(self.readers.len());
        self.nodes[node].hub.tick(self.now_ms, Timestamp(0));
        match self.roll(100) {
            0..25 => self.post(reader),
            25..45 => self.hear(node),
            45..70 => self.write(node, reader, true)?,
            70..76 => self.connect(reader, node),
            76..82 => self.greet(node),
            82..88 => self.read(node),
            88..93 => self.answer(node),
            93..95 => self.cut(reader),
            95..97 => self.change_membership(reader),
            97..98 => self.retry(reader),
            98 => self.digest(node),
            _ if self.roll(8) == 0 && !self.is_faithful() => {
                let lost = self.pick(4);
                self.store.fail_over(lost);
            }
            _ => self.catch_up(reader),
        }
        Ok(())
    }

    /// Somebody says something. The node that wrote it may die before anyone is told, and the answer may be lost.
    fn post(&mut self, reader: usize) {
        let user = self.readers[reader].user;
        let room = self.a_room();
        let id = self.new_id();
        if !self.write_message(room, user, id) {
            return;
        }
        if self.roll(4) == 0 {
            self.readers[reader].unanswered.push((room, id));
        }
    }

    /// What had no answer is sent again, through whatever node.
    fn retry(&mut self, reader: usize) {
        let user = self.readers[reader].user;
        for (room, id) in std::mem::take(&mut self.readers[reader].unanswered) {
            self.write_message(room, user, id);
        }
    }

    fn write_message(&mut self, room: RoomId, user: UserId, client_id: ClientId) -> bool {
        let event = self.store.append(room, user, message(client_id));
        let written = event.is_some();
        if let Some(event) = event {
            self.publish(event);
        }
        written
    }

    fn publish(&mut self, event: Arc<Event>) {
        if self.roll(20) == 0 && !self.is_faithful() {
            return;
        }
        let epoch = self.store.epoch();
        for node in &mut self.nodes {
            let events = Arc::from(vec![Arc::clone(&event)]);
            node.line.push(Envelope::Events { epoch: epoch.clone(), room: event.room, events });
        }
    }

    fn change_membership(&mut self, reader: usize) {
        let (user, room) = (self.readers[reader].user, self.a_room());
        let leaves = self.store.is_member(room, user);
        let change = if leaves { Change::MemberLeft } else { Change::MemberJoined };
        let Some(event) = self.store.append(room, user, change) else { return };
        self.publish(event);
        if leaves || self.is_faithful() {
            return;
        }
        let notice = Notice::RoomAdded { state: self.store.state(room) };
        let epoch = self.store.epoch();
        for node in &mut self.nodes {
            node.line.push(Envelope::Notice { epoch: epoch.clone(), user, notice: notice.clone() });
        }
    }

    fn hear(&mut self, node: usize) {
        let Some(envelope) = self.nodes[node].line.pop() else { return };
        let now_ms = self.now_ms;
        match envelope {
            Envelope::Events { epoch, events, .. } => {
                let heard = self.nodes[node].hub.deliver(&epoch, &events, now_ms);
                self.look(node, heard);
            }
            Envelope::Notice { epoch, user, notice } => self.nodes[node].hub.notify(&epoch, user, &notice),
            Envelope::SessionEnded { .. } => {}
        }
    }

    /// A node that heard of another life looks at the store, and lets everybody go when it is so.
    fn look(&mut self, node: usize, heard: Heard) {
        if heard == Heard::Taken || *self.nodes[node].hub.epoch() == self.store.epoch() {
            return;
        }
        let epoch = self.store.epoch();
        let everyone = self.nodes[node].hub.begin_epoch(epoch);
        for key in everyone {
            self.nodes[node].hub.disconnect(key, self.now_ms);
        }
        self.nodes[node].greetings.clear();
        for reader in self.readers.iter_mut().filter(|reader| reader.at.is_some_and(|(at, _)| at == node)) {
            reader.cut();
        }
        for classic in self.classics.iter_mut().filter(|classic| classic.at.is_some_and(|(at, _)| at == node)) {
            classic.cut();
        }
    }

    /// Something happens to a client of the tutorial's wire: it comes, it goes, or it is written to.
    fn step_classic(&mut self) -> Result<(), String> {
        let (node, classic) = (self.pick(NODES), self.pick(self.classics.len()));
        match (self.roll(40), self.classics[classic].at) {
            (0..4, None) => self.open_classic(node, classic),
            (0, Some((node, key))) => {
                self.nodes[node].hub.disconnect(key, self.now_ms);
                self.nodes[node].hub.classic_left(self.now_ms);
                self.classics[classic].cut();
            }
            (4..14, Some(_)) => self.write_classic(classic, true)?,
            _ => {}
        }
        Ok(())
    }

    fn open_classic(&mut self, node: usize, classic: usize) {
        let (hub, now_ms) = (&mut self.nodes[node].hub, self.now_ms);
        let key = hub.connect(self.classics[classic].next_guest(), Wire::Classic, now_ms);
        if !hub.open_classic(key, None) {
            hub.open_classic(key, Some(&self.store.state(RoomId::LOBBY)));
        }
        hub.classic_joined(key, now_ms);
        self.classics[classic].begin((node, key), &self.store);
    }

    fn write_classic(&mut self, classic: usize, in_part: bool) -> Result<(), String> {
        let Some((node, key)) = self.classics[classic].at else { return Ok(()) };
        let bytes = self.take(node, key, in_part);
        let current = *self.nodes[node].hub.epoch() == self.store.epoch();
        self.classics[classic].receive(&bytes, current.then_some(&self.store))
    }

    /// One write to one reader, of which the socket takes all or a part.
    fn write(&mut self, node: usize, reader: usize, in_part: bool) -> Result<(), String> {
        let Some((at, key)) = self.readers[reader].at else { return Ok(()) };
        let node = if in_part { at } else { node };
        if at != node {
            return Ok(());
        }
        let bytes = self.take(node, key, in_part);
        self.readers[reader].receive(&bytes, &self.store)
    }

    /// What a socket takes of one write.
    fn take(&mut self, node: usize, key: Key, in_part: bool) -> Vec<u8> {
        let mut out = std::mem::take(&mut self.out);
        self.nodes[node].hub.gather(key, &mut out);
        let taken = if in_part && self.roll(2) == 0 { self.pick(out.bytes() + 1) } else { out.bytes() };
        self.nodes[node].hub.wrote(key, &out, taken);
        let bytes = out.frames().iter().flat_map(|frame| frame.iter().copied()).take(taken).collect();
        self.out = out;
        bytes
    }

    /// A reader connects; its rooms are read now and the greeting is answered later, with anything in between.
    fn connect(&mut self, reader: usize, node: usize) {
        if self.readers[reader].at.is_some() {
            return;
        }
        let user = self.readers[reader].user;
        let who = Author { id: user, name: format!("user {user}") };
        let key = self.nodes[node].hub.connect(who, Wire::Full, self.now_ms);
        self.readers[reader].at = Some((node, key));
        let welcome = welcome(&self.store, user);
        self.nodes[node].greetings.push((key, welcome, reader));
    }

    fn greet(&mut self, node: usize) {
        if self.nodes[node].greetings.is_empty() {
            return;
        }
        let (key, welcome, reader) = self.nodes[node].greetings.remove(0);
        if self.readers[reader].at == Some((node, key)) {
            let hello = self.readers[reader].hello();
            let heard = self.nodes[node].hub.welcome(key, 1, welcome, &hello);
            self.look(node, heard);
        }
    }

    fn cut(&mut self, reader: usize) {
        if let Some((node, key)) = self.readers[reader].at {
            self.nodes[node].hub.disconnect(key, self.now_ms);
            self.readers[reader].cut();
        }
    }

    fn read(&mut self, node: usize) {
        let now_ms = self.now_ms;
        if let Some(read) = self.nodes[node].hub.next_read(now_ms) {
            let answer = match read {
                Read::Lane { room, after, .. } | Read::Replay { room, after, .. } => {
                    Answer::Log(read, self.store.tail(room, after, self.read_events.min(read.events_max())))
                }
                Read::Standing { user, room } => {
                    let state = self.store.is_member(room, user).then(|| self.store.state(room));
                    Answer::Standing(user, room, self.store.epoch(), state)
                }
            };
            self.nodes[node].answers.push(answer);
        }
    }

    fn answer(&mut self, node: usize) {
        if self.nodes[node].answers.is_empty() {
            return;
        }
        let which = self.pick(self.nodes[node].answers.len());
        let answer = self.nodes[node].answers.remove(which);
        let (lost, now_ms) = (self.roll(20) == 0, self.now_ms);
        let hub = &mut self.nodes[node].hub;
        let heard = match answer {
            Answer::Log(Read::Replay { connection, room, after }, answer) => {
                hub.replayed(connection, room, after, (!lost).then_some(answer), now_ms)
            }
            Answer::Log(Read::Lane { room, ticket, .. }, answer) => {
                hub.filled(room, ticket, (!lost).then_some(answer), now_ms)
            }
            Answer::Log(Read::Standing { .. }, _) => Heard::Taken,
            Answer::Standing(user, room, epoch, state) => {
                hub.stands(user, room, (!lost).then_some((epoch, state)), now_ms)
            }
        };
        self.look(node, heard);
    }

    /// A reader asks for a room again from somewhere it has been (SYN-4).
    fn catch_up(&mut self, reader: usize) {
        let room = self.a_room();
        let held = self.readers[reader].seen.get(&room).map_or(0, Vec::len) as u64;
        let after = Seq(self.roll(held + 1));
        if let Some((node, key)) = self.readers[reader].at {
            self.nodes[node].hub.catch_up(key, room, after);
        }
    }

    fn digest(&mut self, node: usize) {
        let (epoch, heads) = (self.store.epoch(), self.store.heads());
        if self.nodes[node].hub.digest(&epoch, &heads).is_err() {
            self.look(node, Heard::OtherEpoch);
        }
    }

    /// The hints die, nothing new is said, and everything comes to rest.
    fn rest(&mut self) -> Result<(), String> {
        self.end_of_hints();
        for round in 0..REST_ROUNDS {
            self.now_ms += 50;
            for node in 0..NODES {
                if round % 10 == 0 {
                    self.digest(node);
                }
                for _ in 0..4 {
                    self.greet(node);
                    self.read(node);
                    self.answer(node);
                }
            }
            for reader in 0..self.readers.len() {
                if round == REST_ROUNDS / 2 && !self.is_faithful() && self.missed_a_hint(reader) {
                    self.cut(reader);
                }
                let node = self.pick(NODES);
                self.connect(reader, node);
                if let Some((node, _)) = self.readers[reader].at {
                    self.write(node, reader, false)?;
                }
            }
            for classic in 0..self.classics.len() {
                self.write_classic(classic, false)?;
            }
        }
        Ok(())
    }

    /// Nothing more is said, but what the weather lets arrive.
    fn end_of_hints(&mut self) {
        for node in 0..NODES {
            while self.is_faithful() && self.nodes[node].line.waiting() > 0 {
                self.hear(node);
            }
            self.nodes[node].line.cut();
        }
        if self.switches.weather == Weather::Revealed {
            for room in self.store.room_ids() {
                self.reveal(room);
            }
        }
    }

    /// Something is said in a room, or done when nobody is there to speak, and every node hears of it.
    fn reveal(&mut self, room: RoomId) {
        let member = (1..=USERS).map(UserId).find(|user| self.store.is_member(room, *user));
        let (user, change) = match member {
            Some(user) => (user, message(self.new_id())),
            None => (UserId(1), Change::MemberJoined),
        };
        let Some(event) = self.store.append(room, user, change) else { return };
        let epoch = self.store.epoch();
        for node in 0..NODES {
            let heard = self.nodes[node].hub.deliver(&epoch, &[Arc::clone(&event)], self.now_ms);
            self.look(node, heard);
        }
    }

    fn is_faithful(&self) -> bool {
        self.switches.weather == Weather::Faithful
    }

    /// A notice of membership is a hint that may be lost; what it would have said is said by the next greeting.
    fn missed_a_hint(&self, reader: usize) -> bool {
        let Reader { at: Some((node, key)), user, .. } = self.readers[reader] else { return false };
        let hub = &self.nodes[node].hub;
        self.store.room_ids().iter().any(|room| self.store.is_member(*room, user) && !hub.is_in(key, *room))
    }

    fn check_end(&self) -> Result<(), String> {
        for room in self.store.room_ids() {
            let mut ids = std::collections::HashSet::new();
            for event in self.store.log(room) {
                if let Change::Message { client_id, .. } = event.change
                    && !ids.insert(client_id)
                {
                    return Err(format!("a message is in room {room} twice"));
                }
            }
        }
        for reader in &self.readers {
            if self.switches.hub.epoch_check && reader.epoch.as_ref() != Some(&self.store.epoch()) {
                return Err(format!("user {} never learnt of the new epoch", reader.user));
            }
            for room in self.store.room_ids().into_iter().filter(|room| self.store.is_member(*room, reader.user)) {
                let (has, log) = (reader.seen.get(&room), self.store.log(room));
                if has.is_none_or(|seen| seen[..] != *log) {
                    let (user, has) = (reader.user, has.map(Vec::len));
                    return Err(format!("user {user} ended with {has:?} of {} events of room {room}", log.len()));
                }
            }
        }
        Ok(())
    }

    fn new_id(&mut self) -> ClientId {
        self.posts += 1;
        ClientId(serde_json::from_value(serde_json::json!(format!("{:032x}", self.posts))).expect("a uuid"))
    }

    fn check_classics(&self) -> Result<(), String> {
        self.classics.iter().try_for_each(|classic| classic.check_end(&self.store))
    }

    fn a_room(&mut self) -> RoomId {
        RoomId(1 + self.roll(ROOMS))
    }

    fn pick(&mut self, of: usize) -> usize {
        usize::try_from(self.roll(of as u64)).unwrap_or(0)
    }

    /// xorshift64*: a number below `below`.
    fn roll(&mut self, below: u64) -> u64 {
        self.dice ^= self.dice >> 12;
        self.dice ^= self.dice << 25;
        self.dice ^= self.dice >> 27;
        (self.dice.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 16) % below.max(1)
    }
}

/// A message whose words are its id.
fn message(client_id: ClientId) -> Change {
    Change::Message { client_id, text: client_id.0.to_string(), binary: false }
}

fn welcome(store: &Store, user: UserId) -> Welcome {
    let rooms: Vec<RoomState> = store.rooms_of(user);
    let limits = PublicLimits { body_bytes_max: 0, name_graphemes_max: 0, replay_events_max: 0, heartbeat_ms: 0 };
    Welcome {
        epoch: store.epoch(),
        version: String::new(),
        server_time: Timestamp(0),
        you: User { id: user, name: String::new(), guest: false },
        house: House { name: String::new(), door: Door::Open, people: 0, here: 0 },
        rooms,
        limits,
    }
}
