//! Who is here: comings and goings told to rooms, calmly (SIG-2), and on the tutorial's wire in its own words (OLD-2).

use std::collections::BTreeSet;

use parlour_domain::presence::{NoticeLimiter, Presence};
use parlour_protocol::push::Author;
use parlour_protocol::{RoomId, Signal, Timestamp, UserId, classic, limits};

use super::connections::{Key, Wire};
use super::lane::NAMES_PER_SIGNAL_MAX;
use super::writing::next_position;
use super::{Hub, Person, framed};

/// A room with more members than this is told counts and no names, unless it is the lobby (UX 3.7.3).
const NAMES_UP_TO_MEMBERS: u32 = 30;
/// A crowded room is told at most once in this time (ENGINE H25).
const CROWD_TOLD_EVERY_MS: u64 = 5_000;

/// The presence of the whole house on this node.
#[derive(Debug, Default)]
pub(super) struct House {
    presence: Presence,
    notices: NoticeLimiter,
    /// People whose arrival is news, until they have been shown into their rooms.
    arriving: BTreeSet<UserId>,
    /// Rooms with comings and goings to tell.
    changed: BTreeSet<RoomId>,
}

impl House {
    pub(super) fn opened(&mut self, user: UserId, now_ms: u64) {
        if self.presence.opened(user, now_ms) {
            self.arriving.insert(user);
        }
    }

    fn renamed(&mut self, before: UserId, now: UserId) {
        self.presence.renamed(before, now);
        if self.arriving.remove(&before) {
            self.arriving.insert(now);
        }
    }

    pub(super) fn closed(&mut self, user: UserId, now_ms: u64) {
        self.arriving.remove(&user);
        self.presence.closed(user, now_ms);
    }
}

impl Hub {
    /// How many members are present in a room and not away, those included who closed their last connection just now. A guest who
    /// has not spoken is no member yet, and listens in the lobby alone.
    #[must_use]
    pub fn online(&self, room: RoomId) -> u32 {
        let Some(lane) = self.lanes.get(&room) else { return 0 };
        u32::try_from(lane.here.members()).unwrap_or(u32::MAX)
    }

    /// The people present in the house and not away.
    pub fn present_people(&self) -> impl Iterator<Item = UserId> + '_ {
        self.people.iter().filter(|(_, person)| !person.away).map(|(id, _)| *id)
    }

    /// How many of them are no guests of the classic wire.
    #[must_use]
    pub fn people_here(&self) -> u32 {
        let here = self.people.values().filter(|person| !person.classic && !person.away);
        u32::try_from(here.count()).unwrap_or(u32::MAX)
    }

    /// Whether somebody said that they are away, and did nothing since.
    pub(super) fn is_away(&self, user: UserId) -> bool {
        self.people.get(&user).is_some_and(|person| person.away)
    }

    /// Somebody says that they are away although they are connected, or is back (SIG-4): for all their devices, and for
    /// everybody in their rooms. It ends when they do something, or have gone.
    pub fn set_away(&mut self, user: UserId, away: bool) {
        let Some(person) = self.people.get_mut(&user).filter(|person| person.away != away) else { return };
        person.away = away;
        self.away = if away { self.away + 1 } else { self.away - 1 };
        self.present_changes += 1;
        for room in &person.rooms {
            if let Some(lane) = self.lanes.get_mut(room) {
                lane.here.set_away(user, away);
                lane.presence.stepped(&person.who, away);
                self.house.changed.insert(*room);
            }
        }
    }

    /// The rooms someone is present in, with how many: what the HTTP edge shows.
    pub fn present_counts(&self) -> impl Iterator<Item = (RoomId, u32)> + '_ {
        self.lanes.keys().map(|room| (*room, self.online(*room)))
    }

    /// A number that is another one after each change of who is present, and where.
    #[must_use]
    pub fn present_changes(&self) -> u64 {
        self.present_changes
    }

    /// A person has been shown into all their rooms; what follows is no longer their arrival. The tutorial's clients hear
    /// of it as they will hear of the going.
    pub fn arrived(&mut self, key: Key, now_ms: u64) {
        let Some(connection) = self.connections.get(key) else { return };
        let (user, wire) = (connection.user, connection.wire);
        if self.house.arriving.remove(&user) && !wire.is_classic() {
            self.classic_notice(classic::JOINED, now_ms);
        }
    }

    /// The guest of a connection has a row now, and with it another id and perhaps another name. Whoever was told of the
    /// one is told of the other in its place; nobody comes or goes.
    pub fn is_now(&mut self, key: Key, who: Author) {
        let user = self.connections.get(key).map(|connection| connection.user);
        let Some(before) = user.and_then(|user| Some(self.people.get(&user)?.who.clone())) else { return };
        let is_somebody_else = before.id != who.id && self.people.contains_key(&who.id);
        if before == who || is_somebody_else {
            return;
        }
        let Some(mut person) = self.people.remove(&before.id) else { return };
        self.present_changes += 1;
        for key in &person.connections {
            if let Some(connection) = self.connections.get_mut(*key) {
                connection.user = who.id;
            }
        }
        for room in &person.rooms {
            if let Some(lane) = self.lanes.get_mut(room) {
                lane.rename(&before, &who);
                self.house.changed.insert(*room);
            }
        }
        self.house.renamed(before.id, who.id);
        person.who = who.clone();
        self.people.insert(who.id, person);
    }

    /// Tells the tutorial's clients that one of them came (OLD-2, OLD-8). The newcomer hears it in any case, and first of
    /// all: by a frame of its own, since one in the ring may have left it before the newcomer reads.
    pub fn classic_joined(&mut self, key: Key, now_ms: u64) {
        let told = self.classic_notice(classic::JOINED, now_ms);
        if !self.remedies.classic_newcomer_first() {
            return;
        }
        if self.connections.get(key).is_none_or(|connection| !connection.wire.is_classic()) {
            return;
        }
        let lobby = self.lanes.get(&RoomId::LOBBY);
        let next = lobby.map_or(0, |lane| next_position(Wire::Classic, lane));
        if told
            && let Some(place) = self.place_in(key, RoomId::LOBBY)
            && place.cursor + 1 == next
        {
            place.cursor = next;
        }
        let mut payload = Vec::new();
        classic::encode(classic::ClassicKind::Text, classic::JOINED, &mut payload);
        let frame = framed(self.wrap, &payload);
        self.tell_framed(key, frame);
    }

    /// Tells the tutorial's clients that somebody went.
    pub fn classic_left(&mut self, now_ms: u64) {
        self.classic_notice(classic::LEFT, now_ms);
    }

    /// Lets time pass: says who went, and tells each room what changed there. `at` is the wall clock, for people.
    pub fn tick(&mut self, now_ms: u64, at: Timestamp) {
        for user in self.house.presence.went(now_ms) {
            self.went(user, now_ms);
        }
        let due: Vec<RoomId> = self.house.changed.iter().copied().filter(|room| self.may_tell(*room, now_ms)).collect();
        for room in due {
            self.house.changed.remove(&room);
            self.tell_presence(room, now_ms, at);
        }
    }

    /// Counts a person as present in a room from now on.
    pub(super) fn present(&mut self, user: UserId, room: RoomId) {
        let away = self.is_away(user);
        let Some(lane) = self.lanes.get_mut(&room) else { return };
        self.present_changes += u64::from(lane.here.enter(user, away) == 1);
        let Some(person) = self.people.get_mut(&user) else { return };
        let Err(index) = person.rooms.binary_search(&room) else { return };
        if person.rooms.is_empty() {
            person.rooms.reserve_exact(1);
        }
        person.rooms.insert(index, room);
        if self.house.arriving.contains(&user) {
            lane.presence.came(&person.who);
        }
        self.house.changed.insert(room);
    }

    /// Stops counting a person in a room they left for good; the log tells that, so no line does.
    pub(super) fn absent(&mut self, user: UserId, room: RoomId) {
        self.present_changes += 1;
        if let Some(person) = self.people.get_mut(&user)
            && let Ok(index) = person.rooms.binary_search(&room)
        {
            person.rooms.remove(index);
        }
        if let Some(lane) = self.lanes.get_mut(&room)
            && lane.here.leave(user).is_some()
        {
            self.house.changed.insert(room);
        }
        self.drop_if_idle(room);
    }

    /// Forgets a lane nobody reads.
    pub(super) fn drop_if_idle(&mut self, room: RoomId) {
        if self.lanes.get(&room).is_some_and(super::lane::Lane::is_idle)
            && let Some(lane) = self.lanes.remove(&room)
        {
            self.unschedule(room, lane.scheduled_ms);
            self.budget.give_back(lane.share);
            self.house.changed.remove(&room);
        }
    }

    fn went(&mut self, user: UserId, now_ms: u64) {
        if self.people.get(&user).is_some_and(|person| !person.connections.is_empty()) {
            return;
        }
        let Some(Person { who, classic, away, rooms, .. }) = self.people.remove(&user) else { return };
        self.away -= usize::from(away);
        self.present_changes += 1;
        for room in rooms {
            let Some(lane) = self.lanes.get_mut(&room) else { continue };
            lane.here.leave(user);
            lane.presence.went(&who);
            self.house.changed.insert(room);
            self.drop_if_idle(room);
        }
        // A classic client's going was told at once when its socket closed.
        if !classic {
            self.classic_left(now_ms);
        }
    }

    fn classic_notice(&mut self, words: &str, now_ms: u64) -> bool {
        let Some(lane) = self.lanes.get_mut(&RoomId::LOBBY) else { return false };
        let Some(ring) = &mut lane.classic else { return false };
        if !self.house.notices.may_tell(lane.subscribers.len(), now_ms) {
            return false;
        }
        ring.push_notice(words, self.wrap);
        self.count_rings(RoomId::LOBBY);
        self.wake(RoomId::LOBBY);
        true
    }

    fn may_tell(&self, room: RoomId, now_ms: u64) -> bool {
        self.lanes.get(&room).is_none_or(|lane| {
            lane.here.len() <= limits::TYPING_ONLINE_MAX || now_ms >= lane.presence.told_ms + CROWD_TOLD_EVERY_MS
        })
    }

    fn tell_presence(&mut self, room: RoomId, now_ms: u64, at: Timestamp) {
        let online = self.online(room);
        let Some(lane) = self.lanes.get_mut(&room) else { return };
        let mut joined = std::mem::take(&mut lane.presence.joined);
        let mut left = std::mem::take(&mut lane.presence.left);
        let mut away = std::mem::take(&mut lane.presence.away);
        let mut back = std::mem::take(&mut lane.presence.back);
        let names = if room == RoomId::LOBBY || lane.members <= NAMES_UP_TO_MEMBERS { NAMES_PER_SIGNAL_MAX } else { 0 };
        for people in [&mut joined, &mut left, &mut away, &mut back] {
            people.truncate(names);
        }
        lane.presence.told_ms = now_ms;
        let signal = Signal::Presence { room, joined, left, away, back, online, at };
        self.signal(room, signal);
    }
}

/// The first id for guests of the tutorial's wire until they first speak and get a row: far above any id a store gives,
/// still a browser's number.
pub const UNSTORED_GUESTS_FROM: u64 = 1 << 52;
