//! One history: several nodes over one store, and what may happen to them at each step.

mod ending;
mod serving;
mod sockets;
mod speaking;

use std::collections::{BTreeMap, BTreeSet, HashSet};

use parlour_bus::lossy::{Lossy, Policy};
use parlour_engine::hub::{Backfill, Bounds, Heard, Hub, Key, Outgoing, Read};
use parlour_protocol::{ClientId, Epoch, RoomId, RoomState, Seq, Timestamp, UserId, Welcome, limits};

use crate::classic::Classic;
use crate::reader::{Packer, Reader, wrap};
use crate::sender::Pipe;
use crate::store::Store;
use crate::story;
use crate::switches::{Switches, Weather};

const NODES: usize = 3;
const USERS: u64 = 4;
const ROOMS: u64 = 2;
const STEPS: u64 = 240;
/// Events in one read: few in one half of the histories, so that holes take several; in the other enough to reach past
/// what a node has applied.
const READ_EVENTS: [usize; 2] = [3, 16];
/// Frames in one ring: few in one half of the histories, so that readers fall behind.
const RING_FRAMES: [usize; 2] = [3, 256];
/// Bytes in all rings of a node: in one history of four not enough for one frame of each room.
const RINGS_BYTES: usize = 300;
/// Readers of the tutorial's wire.
const CLASSICS: u64 = 2;
/// How far the wall clock jumps.
const JUMP_MS: u64 = 3_600_000;

/// What the store said to something a hub or a client asked, on its way.
#[derive(Debug)]
enum Answer {
    Log(Read, Backfill),
    Standing(UserId, RoomId, Epoch, Option<RoomState>),
    /// A connection's own joining was done.
    Entered(Key, RoomState),
}

/// What a node's lanes of one room must have come to know: for each life of a lane the head it was seen to have, and the
/// last that the digest told it.
#[derive(Default)]
struct Followed {
    known: Vec<(Seq, Seq)>,
    is_there: bool,
}

struct Node {
    hub: Hub,
    line: Lossy,
    /// Connections to be written to.
    ready: BTreeSet<Key>,
    answers: Vec<Answer>,
    /// Greetings whose rooms were read and that are not answered yet.
    greetings: Vec<(Key, Welcome, usize)>,
    followed: BTreeMap<RoomId, Followed>,
}

pub(crate) struct World {
    dice: u64,
    now_ms: u64,
    wall_ms: u64,
    store: Store,
    nodes: Vec<Node>,
    readers: Vec<Reader>,
    classics: Vec<Classic>,
    /// What servers have read of connections that are gone, and by whom it is.
    abandoned: Vec<(UserId, Pipe)>,
    /// What was refused for good at least once, and may have been written when it came again: it has no place in the
    /// order of what its sender says.
    refused: HashSet<ClientId>,
    read_events: usize,
    out: Outgoing,
    weather: Weather,
    switches: Switches,
}

impl World {
    pub(crate) fn new(seed: u64, switches: Switches) -> World {
        let weather = switches.weather.unwrap_or(Weather::of(seed));
        let store = Store::new(ROOMS, USERS, switches.store);
        let dice = seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1;
        let drop_percent = if weather == Weather::Faithful { 0 } else { 15 };
        let policy = Policy { drop_percent, repeat_percent: 10, reorder_percent: 30 };
        let total = if seed % 8 < 2 { RINGS_BYTES } else { Bounds::LIMITS.total };
        let bounds = Bounds { frames: RING_FRAMES[usize::from(seed % 4 < 2)], total, ..Bounds::LIMITS };
        let nodes = (0..NODES as u64)
            .map(|node| Node {
                hub: Hub::new(store.epoch().clone(), wrap, switches.hub)
                    .with_rings(bounds)
                    .with_packing(Box::new(Packer)),
                line: Lossy::new(seed.wrapping_mul(31).wrapping_add(node * 7 + 3), policy),
                ready: BTreeSet::new(),
                answers: Vec::new(),
                greetings: Vec::new(),
                followed: BTreeMap::new(),
            })
            .collect();
        World {
            dice,
            now_ms: 0,
            wall_ms: 24 * JUMP_MS,
            store,
            nodes,
            readers: readers(switches),
            classics: (0..CLASSICS).map(Classic::new).collect(),
            abandoned: Vec::new(),
            refused: HashSet::new(),
            read_events: READ_EVENTS[usize::from(seed.is_multiple_of(2))],
            out: Outgoing::default(),
            weather,
            switches,
        }
    }

    /// Runs the history to its end.
    pub(crate) fn run(mut self) -> Result<(), String> {
        for step in 0..STEPS {
            // Now and then nothing happens until those who left are told of as gone, and rooms are let go.
            let passed = if self.roll(80) == 0 { 2 * limits::LEFT_AFTER_MS } else { self.roll(15) };
            self.now_ms += passed;
            self.wall_ms += passed;
            self.step(step)?;
            self.end_followed();
            self.step_classic()?;
            self.end_followed();
            // The one that claims cursors does so all the time.
            if self.roll(8) == 0 {
                self.catch_up(self.readers.len() - 1);
            }
        }
        self.say_the_rest();
        if self.weather != Weather::Faithful && self.roll(4) == 0 {
            // Nothing is said after it.
            self.fail_over();
        }
        self.rest()?;
        self.check()
    }

    fn step(&mut self, step: u64) -> Result<(), String> {
        let node = self.pick(NODES);
        let reader = self.pick(self.readers.len());
        self.nodes[node].hub.tick(self.now_ms, Timestamp(0));
        self.end_followed();
        match self.roll(110) {
            0..18 => self.say(reader),
            18..36 => self.serve(reader),
            36..56 => self.hear(node),
            56..80 => self.write(reader, true)?,
            80..86 => self.connect(reader, node),
            86..92 => self.greet(node),
            92..97 => self.read(node),
            97..101 => self.answer(node),
            101..103 => self.cut(reader),
            103..105 => self.change_membership(reader),
            105 => {
                self.send_again(reader);
                self.change_what_was_said(reader);
            }
            106 => self.serve_abandoned(),
            107 => {
                self.digest(node);
                self.change_what_was_said(reader);
            }
            108 => self.pass_strangely(step),
            _ => self.catch_up(reader),
        }
        Ok(())
    }

    /// What is rare: a store that loses its end, a clock that jumps, a commit that was late.
    fn pass_strangely(&mut self, step: u64) {
        match self.roll(8) {
            // Where nothing is lost, what is said later tells every node of it.
            0..2 if self.weather != Weather::Faithful || step < STEPS / 2 => self.fail_over(),
            2 => self.wall_ms += JUMP_MS,
            3 => self.wall_ms = self.wall_ms.saturating_sub(JUMP_MS),
            _ => {
                for event in self.store.commit_late() {
                    self.publish(event);
                }
            }
        }
    }

    /// Another life of the store begins, and what servers held for the old one dies with it.
    fn fail_over(&mut self) {
        let lost = self.pick(4);
        self.store.fail_over(lost);
        story::tell(|| format!("the store lost {lost} events of each room and is now {:?}", self.store.epoch()));
        self.abandoned.clear();
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

    /// A node that heard of another life looks at the store, and lets everybody go when it is so.
    fn look(&mut self, node: usize, heard: Heard) {
        if heard == Heard::Taken || self.nodes[node].hub.epoch() == self.store.epoch() {
            return;
        }
        story::tell(|| format!("node {node} learns of another life"));
        let epoch = self.store.epoch().clone();
        let everyone = self.nodes[node].hub.begin_epoch(epoch);
        for key in everyone {
            self.nodes[node].hub.disconnect(key, self.now_ms);
        }
        self.nodes[node].ready.clear();
        self.nodes[node].greetings.clear();
        self.nodes[node].followed.clear();
        for reader in 0..self.readers.len() {
            if self.readers[reader].at.is_some_and(|(at, _)| at == node) {
                self.let_go(reader, false);
            }
        }
        for classic in self.classics.iter_mut().filter(|classic| classic.at.is_some_and(|(at, _)| at == node)) {
            classic.cut();
        }
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

/// Two devices of the first user, one of each other, and one more that claims cursors it never had.
fn readers(switches: Switches) -> Vec<Reader> {
    let honest = (0..=USERS).map(|n| Reader::new(n, UserId(n.max(1)), switches.client));
    honest.chain([Reader::claiming(USERS + 1, UserId(USERS), switches.client)]).collect()
}
