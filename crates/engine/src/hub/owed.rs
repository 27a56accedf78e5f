//! What a connection is still to be told about its person's rooms (ROOM-4, READ-1): one entry a room, the latest wins.
//!
//! So it is bounded by the rooms of one person however slowly a connection reads, nothing in it is ever dropped, and it is
//! written before anything of the rooms: nobody hears an event of a room they were not told of. Until `hello` is
//! answered it only collects (CON-3).

use std::collections::{BTreeMap, HashSet};

use parlour_protocol::{Change, Epoch, Event, Notice, RoomId, RoomState, Seq, ServerFrame, UserId, limits};

use super::connections::{Connection, Key};
use super::{Heard, Hub, Read};

/// The hint that shows a person into a room has this long to come after the event that says they joined it.
const HINT_PATIENCE_MS: u64 = 250;

/// A part of what is owed about one room, in the order of saying it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Part {
    Removed,
    Added,
    Notify,
    Read,
}

/// What is owed about one room.
#[derive(Debug, Default)]
struct Entry {
    /// The room as the reader knew it is gone.
    removed: bool,
    added: Option<RoomState>,
    /// The reader has not heard of the room that `added` speaks of.
    unheard: bool,
    notify: Option<Notice>,
    read: Option<Notice>,
}

impl Entry {
    fn is_said(&self) -> bool {
        !self.removed && self.added.is_none() && self.notify.is_none() && self.read.is_none()
    }
}

/// What is owed about all rooms. Empty, it has no memory but itself.
#[derive(Debug, Default)]
pub(super) struct Owed {
    rooms: BTreeMap<RoomId, Entry>,
}

impl Owed {
    pub(super) fn is_empty(&self) -> bool {
        self.rooms.is_empty()
    }

    /// What is to be said, in order.
    pub(super) fn notices(&self) -> impl Iterator<Item = (RoomId, Part, Notice)> + '_ {
        self.rooms.iter().flat_map(|(&room, entry)| {
            let removed = entry.removed.then_some(Notice::RoomRemoved { room });
            let added = entry.added.clone().map(|state| Notice::RoomAdded { state });
            let (notify, read) = (entry.notify.clone(), entry.read.clone());
            let parts = [(Part::Removed, removed), (Part::Added, added), (Part::Notify, notify), (Part::Read, read)];
            parts.into_iter().filter_map(move |(part, notice)| Some((room, part, notice?)))
        })
    }

    /// A part is on its way to the reader.
    pub(super) fn told(&mut self, room: RoomId, part: Part) {
        let Some(entry) = self.rooms.get_mut(&room) else { return };
        match part {
            Part::Removed => (entry.removed, entry.unheard) = (false, true),
            Part::Added => entry.added = None,
            Part::Notify => entry.notify = None,
            Part::Read => entry.read = None,
        }
        if entry.is_said() {
            self.rooms.remove(&room);
        }
    }

    /// The person is in a room. Of two such states the newer is told: its reader drops what comes twice.
    fn added(&mut self, state: &RoomState, known: bool) {
        let entry = self.rooms.entry(state.room.id).or_default();
        match &mut entry.added {
            Some(held) if held.head >= state.head => {}
            Some(held) => held.clone_from(state),
            None => (entry.added, entry.unheard) = (Some(state.clone()), !known),
        }
    }

    /// A reply is about to tell of a room. Returns whether the end of the room as it was is to be said before that, and
    /// whether the reader will have heard nothing of it then.
    fn answered(&mut self, room: RoomId) -> (bool, bool) {
        let Some(entry) = self.rooms.get_mut(&room) else { return (false, false) };
        let removed = std::mem::take(&mut entry.removed);
        let unheard = std::mem::take(&mut entry.unheard) || removed;
        if entry.is_said() {
            self.rooms.remove(&room);
        }
        (removed, unheard)
    }

    /// The person is in a room no more. A reader that never heard of it hears nothing.
    fn removed(&mut self, room: RoomId) {
        let entry = self.rooms.entry(room).or_default();
        if entry.added.is_some() && entry.unheard && !entry.removed {
            self.rooms.remove(&room);
        } else {
            *entry = Entry { removed: true, ..Entry::default() };
        }
    }

    /// Where the person stands in a room: how far they have read, or what counts for them.
    fn standing(&mut self, room: RoomId, notice: &Notice) {
        let entry = self.rooms.entry(room).or_default();
        match notice {
            Notice::Notify { .. } => entry.notify = Some(notice.clone()),
            _ => entry.read = Some(notice.clone()),
        }
    }

    /// Lets a room that is still to be told of begin later, in place of a `reset`. False when it was told of already.
    fn begin_at(&mut self, room: RoomId, head: Seq, floor: Seq) -> bool {
        let entry = self.rooms.get_mut(&room).filter(|entry| entry.unheard || entry.removed);
        let Some(state) = entry.and_then(|entry| entry.added.as_mut()) else { return false };
        (state.head, state.floor) = (head, floor);
        true
    }
}

impl Hub {
    /// A notice to every connection of a person. Who left is said by the log alone, in its order.
    pub fn notify(&mut self, epoch: &Epoch, user: UserId, notice: &Notice) {
        if self.remedies.epoch_on_hints() && *epoch != self.epoch {
            return;
        }
        for key in self.keys_of(user) {
            match notice {
                Notice::RoomAdded { state } => self.show_in(key, state),
                Notice::Read { room, .. } | Notice::Notify { room, .. } => self.owe_standing(key, *room, notice),
                Notice::Thread { state } => self.hint(key, state.room, notice),
                Notice::Saved { room, .. } => self.hint(key, *room, notice),
                Notice::Draining { .. } | Notice::You { .. } => {
                    self.tell(key, &ServerFrame::Notice { notice: notice.clone() })
                }
                Notice::RoomRemoved { .. } => {}
            }
        }
    }

    /// Shows a connection into a room its person just entered, as the reply about to be told says it; harmless when it is
    /// there already. When the person has left again, the reply is not the last word.
    pub fn enter(&mut self, key: Key, state: &RoomState) {
        if !self.is_greeted(key) {
            return self.show_in(key, state);
        }
        if !self.admit_to(key, state) {
            return self.show_out(key, state.room.id);
        }
        let Some(connection) = self.connections.get_mut(key) else { return };
        let (room, (removed, unheard)) = (state.room.id, connection.own_mut().owed.answered(state.room.id));
        if removed {
            self.tell(key, &ServerFrame::Notice { notice: Notice::RoomRemoved { room } });
        }
        if unheard {
            self.go_back_to(key, room, state.head);
        }
    }

    /// Takes the answer to [`Read::Standing`]: the room as the person has it, or none when they are no member. `None`
    /// when the read failed and should be made again.
    pub fn stands(
        &mut self,
        user: UserId,
        room: RoomId,
        answer: Option<(Epoch, Option<RoomState>)>,
        now_ms: u64,
    ) -> Heard {
        match answer {
            None => drop(self.unsure.insert((now_ms + HINT_PATIENCE_MS, user, room))),
            Some((epoch, _)) if self.remedies.epoch_on_reads() && epoch != self.epoch => return Heard::OtherEpoch,
            Some((_, state)) => {
                for key in self.keys_of(user) {
                    if let Some(state) = state.as_ref().filter(|_| !self.is_in(key, room)) {
                        self.show_in(key, state);
                    }
                }
            }
        }
        Heard::Taken
    }

    /// Opens a room to a connection, to be told of it before anything in it. Before `hello` is answered it is kept.
    fn show_in(&mut self, key: Key, state: &RoomState) {
        let Some(connection) = self.full_mut(key) else { return };
        let (greeted, known) = (connection.greeted, connection.place_of(state.room.id).is_some());
        if greeted && !self.admit_to(key, state) {
            return;
        }
        if let Some(connection) = self.full_mut(key) {
            connection.own_mut().owed.added(state, known);
        }
        self.mark_dirty(key);
    }

    /// Takes a connection out of a room and lets it know.
    pub(super) fn show_out(&mut self, key: Key, room: RoomId) {
        self.detach(key, room);
        if let Some(connection) = self.full_mut(key) {
            connection.own_mut().owed.removed(room);
        }
        self.mark_dirty(key);
    }

    /// What was kept while the greeting was on its way follows it.
    pub(super) fn end_greeting(&mut self, key: Key, opened: &HashSet<RoomId>) {
        let Some(connection) = self.full_mut(key) else { return };
        connection.greeted = true;
        let kept = std::mem::take(&mut connection.own_mut().owed);
        for (room, entry) in kept.rooms {
            if let Some(state) = entry.added.filter(|_| !opened.contains(&room)) {
                self.show_in(key, &state);
            }
            for notice in [entry.notify, entry.read].into_iter().flatten() {
                self.owe_standing(key, room, &notice);
            }
        }
        self.mark_dirty(key);
    }

    fn owe_standing(&mut self, key: Key, room: RoomId, notice: &Notice) {
        if let Some(connection) = self.full_mut(key)
            && (!connection.greeted || connection.place_of(room).is_some())
        {
            connection.own_mut().owed.standing(room, notice);
            self.mark_dirty(key);
        }
    }

    /// Something about one message of a room, of which there may be any number: a connection that is far behind misses it, and
    /// what counts there is told by `read`.
    fn hint(&mut self, key: Key, room: RoomId, notice: &Notice) {
        let has_room = self.private_frames(key) < limits::PRIVATE_FRAMES_MAX;
        if has_room && self.full_mut(key).is_some_and(|connection| connection.place_of(room).is_some()) {
            self.tell(key, &ServerFrame::Notice { notice: notice.clone() });
        }
    }

    /// Says that a room goes on after `head` and what lies before must be read anew.
    pub(super) fn tell_reset(&mut self, key: Key, room: RoomId, head: Seq, floor: Seq) {
        let begun = self.remedies.reset_in_the_telling()
            && self.full_mut(key).is_some_and(|connection| connection.own_mut().owed.begin_at(room, head, floor));
        if !begun {
            self.tell(key, &ServerFrame::Reset { room, head, floor });
        }
    }

    /// Notes that somebody joined a room. Their connections are shown into it by a hint, which knows the room's name and
    /// may be lost; then the store is asked.
    pub(super) fn wonder(&mut self, event: &Event, now_ms: u64) {
        if matches!(event.change, Change::Message { .. }) || !self.remedies.joinings_looked_up() {
            return;
        }
        let Some(user) = event.entered().map(|who| who.id) else { return };
        let room = event.room;
        if self.full_keys(user).any(|key| !self.is_in(key, room)) {
            self.unsure.insert((now_ms + HINT_PATIENCE_MS, user, room));
        }
    }

    /// Asks the store soon whether a person who was found to have left a room has come back since.
    pub(super) fn ask_standing(&mut self, key: Key, room: RoomId, now_ms: u64) {
        if let Some(connection) = self.connections.get(key) {
            self.unsure.insert((now_ms, connection.user, room));
        }
    }

    /// The next joining whose hint is overdue.
    pub(super) fn next_standing(&mut self, now_ms: u64) -> Option<Read> {
        while let Some(&(due_ms, user, room)) = self.unsure.first()
            && due_ms <= now_ms
        {
            self.unsure.pop_first();
            if self.full_keys(user).any(|key| self.is_greeted(key) && !self.is_in(key, room)) {
                return Some(Read::Standing { user, room });
            }
            // Its greeting may have been read before the joining.
            if self.full_keys(user).any(|key| !self.is_greeted(key)) {
                self.unsure.insert((now_ms + HINT_PATIENCE_MS, user, room));
            }
        }
        None
    }

    fn is_greeted(&self, key: Key) -> bool {
        self.connections.get(key).is_some_and(|connection| connection.greeted)
    }

    fn full_mut(&mut self, key: Key) -> Option<&mut Connection> {
        self.connections.get_mut(key).filter(|connection| !connection.wire.is_classic())
    }

    fn full_keys(&self, user: UserId) -> impl Iterator<Item = Key> + '_ {
        let keys = self.people.get(&user).map(|person| person.connections.as_slice()).unwrap_or_default();
        let is_full = |key: &Key| self.connections.get(*key).is_some_and(|connection| !connection.wire.is_classic());
        keys.iter().copied().filter(is_full)
    }
}
