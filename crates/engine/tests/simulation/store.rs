//! The model of the store: the contract of `parlour-store` in a few lines of memory. Its commits are instant and ordered;
//! that the real one is durable is shown by the contract suite and the kill test.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use parlour_engine::hub::Backfill;
use parlour_protocol::push::Author;
use parlour_protocol::{Change, ClientId, Epoch, Event, Room, RoomId, RoomKind, RoomState, Seq, Timestamp, UserId};

pub(crate) struct Store {
    life: u32,
    rooms: BTreeMap<RoomId, Vec<Arc<Event>>>,
    members: BTreeSet<(RoomId, UserId)>,
    taken: HashMap<(RoomId, UserId, ClientId), Seq>,
    pub(crate) de_duplication: bool,
}

impl Store {
    pub(crate) fn new(rooms: u64, users: u64, de_duplication: bool) -> Store {
        let mut store =
            Store { life: 1, rooms: BTreeMap::new(), members: BTreeSet::new(), taken: HashMap::new(), de_duplication };
        for room in 1..=rooms {
            store.rooms.insert(RoomId(room), Vec::new());
            for user in 1..=users {
                store.append(RoomId(room), UserId(user), Change::MemberJoined);
            }
        }
        store
    }

    pub(crate) fn epoch(&self) -> Epoch {
        Epoch(format!("store.{}", self.life))
    }

    pub(crate) fn log(&self, room: RoomId) -> &[Arc<Event>] {
        &self.rooms[&room]
    }

    pub(crate) fn is_member(&self, room: RoomId, user: UserId) -> bool {
        self.members.contains(&(room, user))
    }

    /// Whether somebody may be shown the event at a place: they were a member then, or it is their own leaving, or they
    /// have come back since (an open room's past is open to its members).
    pub(crate) fn may_see(&self, room: RoomId, user: UserId, seq: Seq) -> bool {
        let mut member = false;
        for event in self.log(room).iter().filter(|event| event.by.id == user) {
            match event.change {
                Change::MemberJoined => member = true,
                Change::MemberLeft if event.seq < seq => member = false,
                _ => {}
            }
        }
        member
    }

    pub(crate) fn head(&self, room: RoomId) -> Seq {
        self.log(room).last().map_or(Seq::ZERO, |event| event.seq)
    }

    pub(crate) fn heads(&self) -> Vec<(RoomId, Seq)> {
        self.rooms.keys().map(|room| (*room, self.head(*room))).collect()
    }

    pub(crate) fn room_ids(&self) -> Vec<RoomId> {
        self.rooms.keys().copied().collect()
    }

    /// Writes a change; none when it is refused or was there before.
    pub(crate) fn append(&mut self, room: RoomId, user: UserId, change: Change) -> Option<Arc<Event>> {
        if let Change::Message { client_id, .. } = &change
            && self.de_duplication
            && self.taken.contains_key(&(room, user, *client_id))
        {
            return None;
        }
        if self.is_member(room, user) == matches!(change, Change::MemberJoined) {
            return None;
        }
        match &change {
            Change::MemberJoined => drop(self.members.insert((room, user))),
            Change::MemberLeft => drop(self.members.remove(&(room, user))),
            Change::Message { client_id, .. } => {
                self.taken.insert((room, user, *client_id), self.head(room).next());
            }
            _ => {}
        }
        let by = Author { id: user, name: format!("user {user}") };
        let event = Arc::new(Event { room, seq: self.head(room).next(), at: Timestamp(0), by, change });
        self.rooms.entry(room).or_default().push(Arc::clone(&event));
        Some(event)
    }

    pub(crate) fn tail(&self, room: RoomId, after: Seq, limit: usize) -> Backfill {
        let events = self.log(room).iter().filter(|event| event.seq > after).take(limit).cloned().collect();
        Backfill { epoch: self.epoch(), head: self.head(room), floor: Seq::ZERO, events }
    }

    pub(crate) fn rooms_of(&self, user: UserId) -> Vec<RoomState> {
        self.rooms.keys().filter(|room| self.is_member(**room, user)).map(|room| self.state(*room)).collect()
    }

    pub(crate) fn state(&self, room: RoomId) -> RoomState {
        let head = self.head(room);
        let kind = RoomKind::Open;
        let room = Room { id: room, name: String::new(), topic: String::new(), kind };
        RoomState { room, head, floor: Seq::ZERO, since: Seq(1), read: head, unread: 0, members: 0, online: 0 }
    }

    /// A standby without the last events takes over: they are gone, and another life begins (C9).
    pub(crate) fn fail_over(&mut self, lost: usize) {
        self.life += 1;
        for log in self.rooms.values_mut() {
            let kept = log.len().saturating_sub(lost);
            log.truncate(kept);
        }
        self.members.clear();
        self.taken.clear();
        let events: Vec<Arc<Event>> = self.rooms.values().flatten().cloned().collect();
        for event in events {
            match &event.change {
                Change::MemberJoined => drop(self.members.insert((event.room, event.by.id))),
                Change::MemberLeft => drop(self.members.remove(&(event.room, event.by.id))),
                Change::Message { client_id, .. } => {
                    self.taken.insert((event.room, event.by.id, *client_id), event.seq);
                }
                _ => {}
            }
        }
    }
}
