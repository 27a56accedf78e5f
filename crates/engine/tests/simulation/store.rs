//! The model of the store: the contract of `parlour-store` in a few lines of memory. Its commits are instant and ordered;
//! that the real one is durable is shown by the contract suite and the kill test.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use parlour_engine::hub::Backfill;
use parlour_protocol::push::{Author, Deleted};
use parlour_protocol::{
    Change, ClientId, Epoch, Event, History, NotifyLevel, PostBy, Room, RoomId, RoomKind, RoomRole, RoomState, Seq,
    Timestamp, UserId,
};

use crate::switches::StoreRemedies;

/// What became of a change.
pub(crate) enum Written {
    Now(Arc<Event>),
    /// It was there already.
    Before(Seq),
    /// Not allowed.
    Refused,
    /// It will be committed later, with the seq it has now. Only a store without its lock says so.
    Later,
}

/// One room's log and the last seq given in it.
#[derive(Clone, Default)]
struct Log {
    events: Vec<Arc<Event>>,
    given: Seq,
}

/// What one life of the store says.
#[derive(Clone, Default)]
pub(crate) struct Life {
    rooms: BTreeMap<RoomId, Log>,
    members: BTreeSet<(RoomId, UserId)>,
    /// Where each person left last.
    left: HashMap<(RoomId, UserId), Seq>,
}

impl Life {
    pub(crate) fn log(&self, room: RoomId) -> &[Arc<Event>] {
        &self.rooms[&room].events
    }

    pub(crate) fn is_member(&self, room: RoomId, user: UserId) -> bool {
        self.members.contains(&(room, user))
    }

    /// Whether somebody may be shown the event at a place: they are a member (an open room's past is open to its
    /// members), or they left later, or it is their own leaving.
    pub(crate) fn may_see(&self, room: RoomId, user: UserId, seq: Seq) -> bool {
        self.is_member(room, user) || self.left.get(&(room, user)).is_some_and(|left| *left >= seq)
    }

    /// Whether somebody has left a room after a place in its log.
    pub(crate) fn left_after(&self, room: RoomId, user: UserId, seq: Seq) -> bool {
        self.left.get(&(room, user)).is_some_and(|left| *left > seq)
    }
}

/// What is left of a message, or of an edit of it, once it was deleted; none of any other event, and where nothing is left to take.
fn without_words(event: &Event, message: Seq, by: &Deleted) -> Option<Event> {
    let mut left = event.clone();
    match &mut left.change {
        Change::Message { text, deleted, .. } if event.seq == message => {
            text.clear();
            *deleted = Some(by.clone());
        }
        Change::Edited { target, text, .. } if *target == message => *text = None,
        Change::Carded { target, cards } if *target == message => *cards = None,
        _ => return None,
    }
    (left != *event).then_some(left)
}

/// Whether the store's copy is what a reader was shown, or what is left of it.
pub(crate) fn is_left_of(stored: &Event, shown: &Event) -> bool {
    let message = |by: &Deleted| without_words(shown, shown.seq, by).is_some_and(|left| left == *stored);
    match &stored.change {
        _ if stored == shown => true,
        Change::Message { deleted: Some(by), .. } => message(by),
        Change::Edited { text: None, .. } => match &shown.change {
            Change::Edited { text: Some(_), target, .. } => {
                matches!(&stored.change, Change::Edited { target: same, .. } if same == target)
                    && stored.seq == shown.seq
            }
            _ => false,
        },
        Change::Carded { target, cards: None } => {
            matches!(&shown.change, Change::Carded { target: same, cards: Some(_) } if same == target)
                && stored.seq == shown.seq
        }
        _ => false,
    }
}

/// Every other room is closed: nobody enters it but by somebody in it, unless it is empty.
pub(crate) fn kind_of(room: RoomId) -> RoomKind {
    if room.0.is_multiple_of(2) { RoomKind::Closed } else { RoomKind::Open }
}

pub(crate) struct Store {
    /// Which life this is, counted from 1.
    pub(crate) number: u32,
    epoch: Epoch,
    life: Life,
    /// Lives that have ended, as they were then: what a reader that still lives in one is shown must be of it.
    ended: HashMap<Epoch, Life>,
    taken: HashMap<(RoomId, UserId, ClientId), Seq>,
    /// What was said before it was deleted: a standby that never heard of the deletion has it.
    scrubbed: BTreeMap<(RoomId, Seq), Arc<Event>>,
    late: Vec<Arc<Event>>,
    remedies: StoreRemedies,
}

impl Store {
    pub(crate) fn new(rooms: u64, users: u64, remedies: StoreRemedies) -> Store {
        let mut store = Store {
            number: 1,
            epoch: Epoch("store.1".to_owned()),
            life: Life::default(),
            ended: HashMap::new(),
            taken: HashMap::new(),
            scrubbed: BTreeMap::new(),
            late: Vec::new(),
            remedies,
        };
        for room in 1..=rooms {
            store.life.rooms.insert(RoomId(room), Log::default());
            for user in 1..=users {
                store.append(RoomId(room), UserId(user), Change::MemberJoined, Timestamp(0), false);
            }
        }
        store
    }

    pub(crate) fn epoch(&self) -> &Epoch {
        &self.epoch
    }

    /// What it says in this life, or said at the end of it.
    pub(crate) fn life_of(&self, epoch: &Epoch) -> Option<&Life> {
        if *epoch == self.epoch { Some(&self.life) } else { self.ended.get(epoch) }
    }

    pub(crate) fn log(&self, room: RoomId) -> &[Arc<Event>] {
        self.life.log(room)
    }

    pub(crate) fn is_member(&self, room: RoomId, user: UserId) -> bool {
        self.life.is_member(room, user)
    }

    pub(crate) fn head(&self, room: RoomId) -> Seq {
        self.log(room).last().map_or(Seq::ZERO, |event| event.seq)
    }

    pub(crate) fn heads(&self) -> Vec<(RoomId, Seq)> {
        self.room_ids().map(|room| (room, self.head(room))).collect()
    }

    pub(crate) fn room_ids(&self) -> impl Iterator<Item = RoomId> + use<> {
        (1..=self.life.rooms.len() as u64).map(RoomId)
    }

    /// Writes a change. `late` is what a store without a lock on the head may do: give the seq now and commit later.
    pub(crate) fn append(&mut self, room: RoomId, user: UserId, change: Change, at: Timestamp, late: bool) -> Written {
        let member = self.is_member(room, user);
        let may = match &change {
            Change::MemberJoined => !member,
            Change::MemberAdded { who } => member && !self.is_member(room, who.id),
            Change::MemberRemoved { who } => member && self.is_member(room, who.id),
            Change::Edited { target, .. } | Change::Carded { target, .. } | Change::Deleted { target } => {
                member && self.has_words(room, *target)
            }
            Change::Message { .. } => member || !self.remedies.membership_in_transaction,
            _ => member,
        };
        if !may {
            return Written::Refused;
        }
        let log = self.life.rooms.entry(room).or_default();
        if let Change::Message { client_id, .. } = &change
            && self.remedies.de_duplication
            && let Some(seq) = self.taken.get(&(room, user, *client_id))
        {
            if !self.remedies.de_duplication_first {
                log.given = log.given.next();
            }
            return Written::Before(*seq);
        }
        log.given = log.given.next();
        let before = log.events.last().map_or(Timestamp(0), |event| event.at);
        let at = if self.remedies.clamped_times { at.max(before) } else { at };
        let by = Author { id: user, name: String::new() };
        let event = Arc::new(Event { room, seq: log.given, at, by, change });
        if late && !self.remedies.head_under_lock {
            self.late.push(event);
            return Written::Later;
        }
        self.commit(&event);
        Written::Now(event)
    }

    /// Commits what was late.
    pub(crate) fn commit_late(&mut self) -> Vec<Arc<Event>> {
        let late = std::mem::take(&mut self.late);
        for event in &late {
            self.commit(event);
        }
        late
    }

    fn commit(&mut self, event: &Arc<Event>) {
        self.count(event);
        let events = &mut self.life.rooms.entry(event.room).or_default().events;
        let place = events.partition_point(|held| held.seq < event.seq);
        events.insert(place, Arc::clone(event));
    }

    /// Whether there is a message that nobody deleted.
    fn has_words(&self, room: RoomId, seq: Seq) -> bool {
        let event = usize::try_from(seq.0).ok().and_then(|seq| self.log(room).get(seq.checked_sub(1)?));
        event.is_some_and(|event| matches!(event.change, Change::Message { deleted: None, .. }))
    }

    /// Takes the words of a deleted message, and of every edit of it, out of the log (S105).
    fn scrub(&mut self, by: &Event, target: Seq) {
        let deleted = Deleted { seq: by.seq, at: by.at, by: by.by.clone() };
        let Some(log) = self.life.rooms.get_mut(&by.room) else { return };
        for event in log.events.iter_mut().filter(|event| event.seq < by.seq) {
            if let Some(left) = without_words(event, target, &deleted) {
                let said = std::mem::replace(event, Arc::new(left));
                self.scrubbed.insert((by.room, said.seq), said);
            }
        }
    }

    /// Draws the consequences of an event that is in the log.
    fn count(&mut self, event: &Event) {
        if let Change::Deleted { target } = event.change {
            self.scrub(event, target);
        }
        if let Some(who) = event.entered() {
            self.life.members.insert((event.room, who.id));
        }
        if let Some(who) = event.left() {
            self.life.members.remove(&(event.room, who.id));
            self.life.left.insert((event.room, who.id), event.seq);
        }
        if let Change::Message { client_id, .. } = &event.change {
            self.taken.insert((event.room, event.by.id, *client_id), event.seq);
        }
    }

    pub(crate) fn tail(&self, room: RoomId, after: Seq, limit: usize) -> Backfill {
        let log = self.log(room);
        let from = log.partition_point(|event| event.seq <= after);
        let events = log[from..].iter().take(limit).cloned().collect();
        Backfill { epoch: self.epoch.clone(), head: self.head(room), floor: Seq::ZERO, events }
    }

    pub(crate) fn rooms_of(&self, user: UserId) -> Vec<RoomState> {
        self.room_ids().filter(|room| self.is_member(*room, user)).map(|room| self.state(room)).collect()
    }

    pub(crate) fn state(&self, room: RoomId) -> RoomState {
        let head = self.head(room);
        let kind = kind_of(room);
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
            members: 0,
            online: 0,
            role: RoomRole::Member,
            with: Vec::new(),
        }
    }

    /// A standby without the last events takes over: they are gone, and another life begins (LOG-9).
    pub(crate) fn fail_over(&mut self, lost: usize) {
        self.number += 1;
        if self.remedies.new_epoch {
            let next = Epoch(format!("store.{}", self.number));
            let ended = std::mem::replace(&mut self.epoch, next);
            self.ended.insert(ended, self.life.clone());
        }
        self.late.clear();
        for ((room, seq), said) in std::mem::take(&mut self.scrubbed) {
            let log = self.life.rooms.entry(room).or_default();
            if let Some(event) = log.events.iter_mut().find(|event| event.seq == seq) {
                *event = said;
            }
        }
        self.life.members.clear();
        self.life.left.clear();
        self.taken.clear();
        for log in self.life.rooms.values_mut() {
            log.events.truncate(log.events.len().saturating_sub(lost));
            log.given = log.events.last().map_or(Seq::ZERO, |event| event.seq);
        }
        let events: Vec<Arc<Event>> = self.life.rooms.values().flat_map(|log| &log.events).cloned().collect();
        for event in events {
            self.count(&event);
        }
    }
}
