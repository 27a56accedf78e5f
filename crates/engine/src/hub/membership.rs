//! Who reads what: connections that come and go, places opened and taken away.

use std::collections::{HashMap, HashSet, VecDeque};

use bytes::Bytes;
use parlour_domain::sequence::{Resume, plan_resume};
use parlour_protocol::command::Hello;
use parlour_protocol::limits;
use parlour_protocol::push::Author;
use parlour_protocol::{Event, Notice, Reply, RoomId, RoomState, Seq, ServerFrame, Signal, UserId, Welcome};

use super::classic::ClassicRing;
use super::connections::{Key, Wire};
use super::lane::{Lane, Subscriber};
use super::places::Place;
use super::ring::Ring;
use super::{Backfill, Heard, Hub, Person};

impl Hub {
    /// Takes in a connection of a person. From now on notices are kept for it; call it before the person's rooms are
    /// read, so that no change between the reading and [`Hub::welcome`] is missed.
    pub fn connect(&mut self, who: Author, wire: Wire, now_ms: u64) -> Key {
        let user = who.id;
        let key = self.connections.insert(user, wire);
        let person = self.people.entry(user).or_insert_with(|| Person {
            who,
            classic: wire.is_classic(),
            away: false,
            // Most have one, and a list that grows by itself begins with four.
            connections: Vec::with_capacity(1),
            rooms: Vec::new(),
        });
        person.connections.push(key);
        self.present_changes += 1;
        self.house.opened(user, now_ms);
        key
    }

    /// How many connections a person has here.
    #[must_use]
    pub fn connections_of(&self, user: UserId) -> usize {
        self.people.get(&user).map_or(0, |person| person.connections.len())
    }

    /// Every connection of a person, for closing them.
    #[must_use]
    pub fn keys_of(&self, user: UserId) -> Vec<Key> {
        self.people.get(&user).map(|person| person.connections.clone()).unwrap_or_default()
    }

    /// Every connection, for telling them goodbye.
    #[must_use]
    pub fn keys(&self) -> Vec<Key> {
        self.connections.keys().collect()
    }

    /// Answers `hello`: opens each room of the person at the cursor given, or at its head, and says `welcome`, then
    /// which cursors could not be served (SYN-1 to SYN-3).
    pub fn welcome(&mut self, key: Key, r#ref: u32, mut welcome: Welcome, hello: &Hello) -> Heard {
        if self.remedies.epoch_on_welcome() && welcome.epoch != self.epoch {
            return Heard::OtherEpoch;
        }
        let epoch_matches = !self.remedies.epoch_of_cursors() || hello.epoch.as_ref() == Some(&self.epoch);
        let cursors: HashMap<RoomId, Seq> = hello.cursors.iter().copied().collect();
        let mut then = Vec::new();
        let mut opened = HashSet::new();
        for state in &mut welcome.rooms {
            let cursor = cursors.get(&state.room.id).copied();
            if self.open(key, state, cursor, epoch_matches, &mut then) {
                opened.insert(state.room.id);
            }
            state.online = self.online(state.room.id);
        }
        welcome.rooms.retain(|state| opened.contains(&state.room.id));
        welcome.away = self.is_away(welcome.you.id);
        for (room, _) in hello.cursors.iter().filter(|(room, _)| !opened.contains(room)) {
            then.push(ServerFrame::Notice { notice: Notice::RoomRemoved { room: *room } });
        }
        self.tell(key, &ServerFrame::Reply { r#ref, reply: Reply::Welcome(welcome) });
        for frame in then {
            self.tell(key, &frame);
        }
        self.end_greeting(key, &opened);
        Heard::Taken
    }

    /// Answers `catch_up`: moves a reader's cursor back to what it asks for (SYN-4). Never forward: a `reset` may be on its
    /// way that the reader had not heard when it asked, and a removal may lie between. False when it has no place.
    pub fn catch_up(&mut self, key: Key, room: RoomId, after: Seq) -> bool {
        let Some(lane) = self.lanes.get(&room) else { return false };
        let Some(connection) = self.connections.get_mut(key) else { return false };
        let Some(index) = connection.place_of(room) else { return false };
        if connection.replay().is_of(room) {
            connection.end_replay();
        }
        let Some(place) = connection.place_mut(index) else { return false };
        // What a reader was told of is not above the head, although this node may not have applied so much yet.
        let head = lane.applied.max(place.member_at);
        let floor = lane.floor.max(place.low);
        let resume = plan_resume(after, true, head, floor, limits::REPLAY_EVENTS_MAX);
        let sure = place.sure_until(lane, self.remedies);
        place.cursor = match resume {
            Resume::Replay if self.remedies.cursor_goes_back() => place.cursor.min(after.next().0),
            Resume::Replay => after.next().0,
            Resume::Reset => sure.next().0,
        };
        connection.touch(index);
        if resume == Resume::Reset {
            self.tell_reset(key, room, sure, floor);
        }
        self.mark_dirty(key);
        true
    }

    /// Puts a classic client into the lobby at its present end. False when the lobby is attended by nobody yet and was
    /// not given: read it, and try again.
    pub fn open_classic(&mut self, key: Key, lobby: Option<&RoomState>) -> bool {
        if let Some(lobby) = lobby {
            self.attend(lobby);
        }
        let Some(lane) = self.lanes.get_mut(&RoomId::LOBBY) else { return false };
        let (applied, bounds) = (lane.applied, self.bounds);
        let classic = lane.classic.get_or_insert_with(|| ClassicRing::new(applied, bounds));
        let (cursor, low) = (classic.ring.next(), classic.newest());
        self.place(key, RoomId::LOBBY, cursor, low, applied);
        true
    }

    /// Lets a connection hear a room its person just became a member of: what comes after the state's head. False when
    /// the state is older than a removal that was applied since.
    pub(super) fn admit_to(&mut self, key: Key, state: &RoomState) -> bool {
        if let Some(place) = self.place_in(key, state.room.id) {
            place.member_at = place.member_at.max(state.head);
            self.begin_no_earlier(key, state);
            true
        } else {
            self.open(key, state, None, true, &mut Vec::new())
        }
    }

    /// Who left and came back before this node heard of the leaving keeps the place, and begins where they may read now.
    fn begin_no_earlier(&mut self, key: Key, state: &RoomState) {
        let (room, low) = (state.room.id, before(state.since));
        let Some(connection) = self.connections.get_mut(key) else { return };
        let Some(index) = connection.place_of(room) else { return };
        let Some(place) = connection.place_mut(index) else { return };
        place.low = place.low.max(low);
        if place.cursor > low.0 {
            return;
        }
        place.cursor = state.head.next().0;
        if connection.replay().is_of(room) {
            connection.end_replay();
        }
        connection.touch(index);
        self.tell_reset(key, room, state.head, low.max(state.floor));
        self.mark_dirty(key);
    }

    /// Lets a reader that has heard nothing of a room yet begin there no later than after `head`, which it is told now.
    pub(super) fn go_back_to(&mut self, key: Key, room: RoomId, head: Seq) {
        let Some(connection) = self.connections.get_mut(key) else { return };
        let Some(index) = connection.place_of(room) else { return };
        if connection.replay().is_of(room) {
            connection.end_replay();
        }
        if let Some(place) = connection.place_mut(index) {
            place.cursor = place.cursor.min(head.next().0);
        }
        connection.touch(index);
        self.mark_dirty(key);
    }

    /// Whether a connection has a place in a room.
    #[must_use]
    pub fn is_in(&self, key: Key, room: RoomId) -> bool {
        self.connections.get(key).is_some_and(|connection| connection.place_of(room).is_some())
    }

    pub(super) fn place_in(&mut self, key: Key, room: RoomId) -> Option<&mut Place> {
        let connection = self.connections.get_mut(key)?;
        let index = connection.place_of(room)?;
        connection.place_mut(index)
    }

    /// Passes on that somebody writes (SIG-1). Silently nothing in a crowd.
    pub fn typing(&mut self, key: Key, room: RoomId) {
        let user = self.connections.get(key).map(|connection| connection.user);
        let Some(who) = user.and_then(|user| Some(self.people.get(&user)?.who.clone())) else { return };
        if self.lanes.get(&room).is_some_and(|lane| lane.here.len() <= limits::TYPING_ONLINE_MAX) {
            self.signal(room, Signal::Typing { room, by: who });
        }
    }

    /// Forgets a connection and hands back what was begun and must be finished before a close can be written: the rest of
    /// a frame and the frames for it alone. Its person is counted as present for half a minute more.
    pub fn disconnect(&mut self, key: Key, now_ms: u64) -> VecDeque<Bytes> {
        let Some(connection) = self.connections.get_mut(key) else { return VecDeque::new() };
        let (user, wire) = (connection.user, connection.wire);
        for place in connection.places.take_all() {
            self.leave_lane(user, wire, &place);
        }
        let Some(mut gone) = self.connections.remove(key) else { return VecDeque::new() };
        if let Some(person) = self.people.get_mut(&gone.user) {
            person.connections.retain(|held| *held != key);
        }
        self.house.closed(gone.user, now_ms);
        let own = gone.take_own();
        let mut unfinished = own.private;
        if let Some(rest) = own.rest {
            unfinished.push_front(rest);
        }
        unfinished
    }

    /// Takes a place away: nothing of that room reaches this connection any more, also not from a read under way.
    pub(super) fn detach(&mut self, key: Key, room: RoomId) {
        let Some(user) = self.connections.get(key).map(|connection| connection.user) else { return };
        self.unsubscribe(key, room);
        self.absent(user, room);
    }

    /// Whether what a lagging reader asked for shows that its person was removed after the snapshot that let it in, before
    /// this node began to follow the room (H9). A removal since then is applied by the lane.
    pub(super) fn was_removed_before(&mut self, key: Key, index: u16, answer: &Backfill) -> bool {
        if !self.remedies.removal_searched() {
            return false;
        }
        let Some(connection) = self.connections.get_mut(key) else { return false };
        let user = connection.user;
        let Some(place) = connection.place_mut(index) else { return false };
        let Some(began) = self.lanes.get(&place.room).map(|lane| lane.began) else { return false };
        for event in &answer.events {
            if event.seq <= place.member_at || event.seq > began {
                continue;
            }
            if event.left().is_some_and(|who| who.id == user) {
                return true;
            }
            place.member_at = event.seq;
        }
        false
    }

    /// Applies a joining: what the person was shown the room by is at least this new.
    pub(super) fn apply_joining(&mut self, event: &Event, who: UserId, now_ms: u64) {
        if let Some(lane) = self.lanes.get_mut(&event.room) {
            lane.members += 1;
            lane.left.remove(&who);
        }
        self.wonder(event, now_ms);
    }

    /// Applies a leaving or removal in its place in the log (LOG-7): before anything after it can be shown.
    pub(super) fn apply_removal(&mut self, event: &Event, who: UserId) {
        if let Some(lane) = self.lanes.get_mut(&event.room) {
            lane.members = lane.members.saturating_sub(1);
            if self.remedies.removal_remembered() {
                lane.left.insert(who, event.seq);
            }
        }
        if !self.remedies.removal_detaches() {
            return;
        }
        for key in self.keys_of(who) {
            // Who came back before this node heard of the leaving stays.
            let any = !self.remedies.removal_of_the_older_place();
            if self.place_in(key, event.room).is_some_and(|place| place.member_at < event.seq || any) {
                self.show_out(key, event.room);
            }
        }
    }

    fn open(
        &mut self,
        key: Key,
        state: &RoomState,
        cursor: Option<Seq>,
        epoch_matches: bool,
        then: &mut Vec<ServerFrame>,
    ) -> bool {
        let room = state.room.id;
        let Some(connection) = self.connections.get(key) else { return false };
        let user = connection.user;
        if self.lanes.get(&room).and_then(|lane| lane.left.get(&user)).is_some_and(|left| *left > state.head) {
            return false;
        }
        let within_snapshot = self.remedies.cursor_within_snapshot();
        let lane = self.attend(state);
        let head = if within_snapshot { state.head } else { lane.applied.max(state.head) };
        let low = before(state.since);
        let floor = lane.floor.max(state.floor).max(low);
        let start = match cursor {
            // What the snapshot said is what the reader was told; what came since follows.
            None => state.head,
            // Up to the snapshot's head and no further, whatever is claimed: a removal may lie between.
            Some(after) => match plan_resume(after, epoch_matches, head, floor, limits::REPLAY_EVENTS_MAX) {
                Resume::Replay => after,
                Resume::Reset => {
                    // What came after the snapshot follows: there may be a removal among it.
                    then.push(ServerFrame::Reset { room, head: state.head, floor });
                    state.head
                }
            },
        };
        self.place(key, room, start.next().0, low, state.head);
        true
    }

    /// The lane of a room, attended now when nobody did: first attended, then read, so that there is no seam (H6).
    fn attend(&mut self, state: &RoomState) -> &mut Lane {
        let room = state.room.id;
        if !self.lanes.contains_key(&room) {
            self.lanes.insert(room, Lane::attend(state, self.bounds, self.wrap, self.remedies));
            self.schedule(room);
        }
        self.lanes.get_mut(&room).expect("attended just now")
    }

    fn place(&mut self, key: Key, room: RoomId, cursor: u64, low: Seq, member_at: Seq) {
        let Some(lane) = self.lanes.get_mut(&room) else { return };
        let Some(connection) = self.connections.get_mut(key) else { return };
        let slot = u32::try_from(lane.subscribers.len()).expect("connections are limited far below 2^32");
        let signal = lane.signals.next();
        let index = connection.places.add(Place { room, cursor, signal, low, slot, member_at, dirty: false });
        connection.touch(index);
        let user = connection.user;
        lane.subscribers.push(Subscriber { connection: key, place: index });
        match connection.wire {
            Wire::Full => {}
            Wire::Packed => {
                lane.packed_readers += 1;
                if self.pack.is_some() && lane.packed.is_none() {
                    lane.packed = Some(Ring::starting_at(lane.ring.next(), self.bounds.frames, self.bounds.bytes));
                }
            }
            Wire::Classic => lane.classic_readers += 1,
        }
        self.mark_dirty(key);
        self.present(user, room);
    }

    fn unsubscribe(&mut self, key: Key, room: RoomId) {
        let Some(connection) = self.connections.get_mut(key) else { return };
        let Some(index) = connection.place_of(room) else { return };
        if self.remedies.removal_ends_feeding() && connection.replay().is_of(room) {
            connection.end_replay();
        }
        let Some(place) = connection.places.take(index) else { return };
        if place.dirty {
            // The index may be given to another place, which must not stand in the round twice.
            connection.dirty_places.remove(index);
        }
        let (user, wire) = (connection.user, connection.wire);
        self.leave_lane(user, wire, &place);
    }

    /// Takes a place that its connection has given up out of the lane.
    fn leave_lane(&mut self, user: UserId, wire: Wire, place: &Place) {
        let Some(lane) = self.lanes.get_mut(&place.room) else { return };
        let slot = place.slot as usize;
        lane.subscribers.swap_remove(slot);
        lane.here.exit(user);
        if let Some(moved) = lane.subscribers.get(slot).copied()
            && let Some(connection) = self.connections.get_mut(moved.connection)
            && let Some(moved_place) = connection.place_mut(moved.place)
        {
            moved_place.slot = place.slot;
        }
        match wire {
            Wire::Full => self.drop_if_idle(place.room),
            Wire::Packed => {
                lane.packed_readers -= 1;
                if lane.packed_readers == 0 {
                    lane.packed = None;
                    self.count_rings(place.room);
                }
                self.drop_if_idle(place.room);
            }
            Wire::Classic => {
                lane.classic_readers -= 1;
                if lane.classic_readers == 0 {
                    lane.classic = None;
                    self.count_rings(place.room);
                }
            }
        }
    }
}

/// The last seq that a member who may read from here on does not see.
fn before(since: Seq) -> Seq {
    Seq(since.0.saturating_sub(1))
}
