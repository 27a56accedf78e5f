//! A lane: one room's log as this node has applied it, ready for any number of readers.
//!
//! No I/O and no clock: events and store reads are put in, what was applied comes out, and [`Lane::due_ms`] says when
//! the store must be asked. Nothing passes a hole (LOG-1).

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use parlour_domain::sequence::{Admit, admit};
use parlour_protocol::push::{Author, Deleted};
use parlour_protocol::{Change, Event, RoomState, Seq, UserId, codec, limits};

use super::budget::Share;
use super::classic::ClassicRing;
use super::connections::Key;
use super::here::Here;
use super::reads::FAILED_AGAIN_MS;
use super::remedies::Remedies;
use super::ring::{Bounds, Ring};
use super::{Backfill, Wrap, framed, scrubbing};

/// A hole is given this long to close by itself before the store is read: a bus may deliver two events swapped.
const GAP_PATIENCE_MS: u64 = 20;

/// One reader of a lane: a connection and which of its places this is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Subscriber {
    pub(super) connection: Key,
    pub(super) place: u16,
}

/// Names in one presence signal; the count says the rest.
pub(super) const NAMES_PER_SIGNAL_MAX: usize = 20;

/// Comings and goings that were not told yet, the first [`NAMES_PER_SIGNAL_MAX`] of each by name.
#[derive(Debug, Default)]
pub(super) struct PresenceChange {
    pub(super) joined: Vec<Author>,
    pub(super) left: Vec<Author>,
    pub(super) away: Vec<Author>,
    pub(super) back: Vec<Author>,
    pub(super) told_ms: u64,
}

impl PresenceChange {
    pub(super) fn came(&mut self, who: &Author) {
        self.left.retain(|left| left.id != who.id);
        name(&mut self.joined, who);
    }

    pub(super) fn went(&mut self, who: &Author) {
        self.joined.retain(|joined| joined.id != who.id);
        name(&mut self.left, who);
    }

    /// Somebody who is connected said that they are away, or is not any more.
    pub(super) fn stepped(&mut self, who: &Author, away: bool) {
        let (before, now) = if away { (&mut self.back, &mut self.away) } else { (&mut self.away, &mut self.back) };
        before.retain(|other| other.id != who.id);
        name(now, who);
    }

    /// Speaks of a person by another id or name. Whoever was told of the first is told of both.
    fn rename(&mut self, before: &Author, now: &Author) {
        match self.joined.iter_mut().find(|joined| joined.id == before.id) {
            Some(joined) => joined.clone_from(now),
            None => {
                name(&mut self.left, before);
                name(&mut self.joined, now);
            }
        }
    }
}

fn name(list: &mut Vec<Author>, who: &Author) {
    if list.len() < NAMES_PER_SIGNAL_MAX {
        list.push(who.clone());
    }
}

/// One room on this node.
#[derive(Debug)]
pub(super) struct Lane {
    /// The last seq applied; every reader sees a prefix that ends here.
    pub(super) applied: Seq,
    /// Where this node began to follow the room: what happened up to here is known to the store alone.
    pub(super) began: Seq,
    /// Who left since then and has not come back, so that a snapshot read before the removal cannot let them in again
    /// (H9). At most one entry a person.
    pub(super) left: HashMap<UserId, Seq>,
    pub(super) floor: Seq,
    pub(super) members: u32,
    /// Encoded events; a position is a seq.
    pub(super) ring: Ring,
    /// Encoded signals; positions of their own.
    pub(super) signals: Ring,
    /// The same events packed, kept only while somebody reads them so; it may begin later, and ends where the other does.
    pub(super) packed: Option<Ring>,
    pub(super) packed_readers: u32,
    /// The tutorial's frames of the lobby, kept only while somebody reads them.
    pub(super) classic: Option<ClassicRing>,
    pub(super) classic_readers: u32,
    /// What the rings are counted for in the hub's budget.
    pub(super) share: Share,
    pub(super) subscribers: Vec<Subscriber>,
    /// Who is present.
    pub(super) here: Here,
    pub(super) presence: PresenceChange,
    /// Events beyond a hole, at most [`limits::STASH_EVENTS_MAX`].
    stash: BTreeMap<Seq, Arc<Event>>,
    gap_since_ms: Option<u64>,
    /// The highest seq this node has heard of, from the bus, a digest or a snapshot.
    heard: Seq,
    /// The store read that is under way, so that there is never a second one (single flight).
    reading: Option<u64>,
    /// Just attended, or told of more than the bus brought: read without waiting.
    read_now: bool,
    /// No read before this: the last one failed or brought nothing.
    rest_until_ms: u64,
    /// When this lane stands in the hub's list of those that want a read.
    pub(super) scheduled_ms: Option<u64>,
    wrap: Wrap,
    remedies: Remedies,
}

impl Lane {
    /// A lane that continues after `state`, as some snapshot of the store had it. The first thing it wants is a
    /// read: what was committed between the snapshot and now may have passed by unheard.
    pub(super) fn attend(state: &RoomState, bounds: Bounds, wrap: Wrap, remedies: Remedies) -> Lane {
        let applied = state.head;
        Lane {
            applied,
            began: applied,
            left: HashMap::new(),
            floor: state.floor,
            members: state.members,
            ring: Ring::starting_at(applied.next().0, bounds.frames, bounds.bytes),
            signals: Ring::starting_at(0, limits::SIGNAL_RING_MAX, limits::RING_BYTES_MAX),
            packed: None,
            packed_readers: 0,
            classic: None,
            classic_readers: 0,
            share: Share::default(),
            subscribers: Vec::new(),
            here: Here::default(),
            presence: PresenceChange::default(),
            stash: BTreeMap::new(),
            gap_since_ms: None,
            heard: applied,
            reading: None,
            read_now: remedies.subscribe_before_read(),
            rest_until_ms: 0,
            scheduled_ms: None,
            wrap,
            remedies,
        }
    }

    /// Takes events from the bus. Applied events, these or ones they released, are added to `ready` in order.
    pub(super) fn offer(&mut self, events: &[Arc<Event>], now_ms: u64, ready: &mut Vec<Arc<Event>>) {
        events.iter().for_each(|event| self.offer_one(Arc::clone(event), now_ms, ready));
        self.seal();
    }

    fn offer_one(&mut self, event: Arc<Event>, now_ms: u64, ready: &mut Vec<Arc<Event>>) {
        self.heard = self.heard.max(event.seq);
        match admit(self.applied, event.seq) {
            Admit::Apply => {
                self.apply(event, ready);
                self.release_stash(ready);
            }
            Admit::Duplicate if self.remedies.drop_duplicates() => {}
            Admit::Duplicate => self.apply_as_it_comes(event, ready),
            Admit::Gap if self.remedies.in_order_apply() => {
                self.gap_since_ms.get_or_insert(now_ms);
                if self.stash.len() < limits::STASH_EVENTS_MAX {
                    self.stash.insert(event.seq, event);
                }
            }
            Admit::Gap => self.apply_as_it_comes(event, ready),
        }
    }

    /// Takes the answer to a read: events after `applied` in order, and the head they were read under.
    pub(super) fn fill(&mut self, answer: &Backfill, now_ms: u64, ready: &mut Vec<Arc<Event>>) {
        self.reading = None;
        self.floor = self.floor.max(answer.floor);
        self.heard = self.heard.max(answer.head);
        let before = self.applied;
        for event in &answer.events {
            if admit(self.applied, event.seq) == Admit::Apply {
                self.apply(Arc::clone(event), ready);
            }
        }
        self.release_stash(ready);
        self.seal();
        // A read is limited in events, so a long hole takes several; and more may have been heard of since it was made. One
        // that brought nothing is not made again at once.
        self.read_now = self.remedies.gap_read() && self.applied < self.heard;
        if self.applied == before && self.applied < self.heard {
            self.rest_until_ms = now_ms + FAILED_AGAIN_MS;
        }
    }

    /// Whether the read under way is this one.
    pub(super) fn asked(&self, ticket: u64) -> bool {
        self.reading.is_some_and(|asked| asked == ticket || !self.remedies.lane_answers_by_ticket())
    }

    /// The read failed: it will be asked for again, after a rest.
    pub(super) fn read_failed(&mut self, now_ms: u64) {
        self.reading = None;
        self.read_now = self.remedies.failed_read_again();
        self.rest_until_ms = now_ms + FAILED_AGAIN_MS;
    }

    /// Takes a head as the store has it (H4): the last event of a quiet room has no successor to reveal its loss.
    pub(super) fn digest(&mut self, head: Seq) -> bool {
        if !self.remedies.digest() || head <= self.applied {
            return false;
        }
        self.heard = self.heard.max(head);
        self.read_now = true;
        true
    }

    /// When the store must be read, if it must; at most one read is under way at a time.
    pub(super) fn due_ms(&self) -> Option<u64> {
        let has_hole = self.remedies.gap_read() && self.applied < self.heard;
        let patience_over_ms = self.gap_since_ms.filter(|_| has_hole).map(|since| since + GAP_PATIENCE_MS);
        let due_ms = if self.read_now { Some(0) } else { patience_over_ms };
        due_ms.filter(|_| self.reading.is_none()).map(|due_ms| due_ms.max(self.rest_until_ms))
    }

    /// A read is being made. Returns after which seq.
    pub(super) fn ask(&mut self, ticket: u64) -> Seq {
        (self.reading, self.read_now, self.scheduled_ms) = (Some(ticket), false, None);
        self.applied
    }

    /// Adds a signal for everyone present.
    pub(super) fn signal(&mut self, payload: &[u8]) {
        self.signals.push(&framed(self.wrap, payload));
    }

    /// How many bytes the rings hold.
    pub(super) fn ring_bytes(&self) -> usize {
        let classic = self.classic.as_ref().map_or(0, |classic| classic.ring.bytes());
        let packed = self.packed.as_ref().map_or(0, Ring::bytes);
        self.ring.bytes() + self.signals.bytes() + packed + classic
    }

    /// Lets everything go that the rings hold.
    pub(super) fn empty_rings(&mut self) {
        self.ring.empty();
        self.signals.empty();
        if let Some(packed) = &mut self.packed {
            packed.empty();
        }
        if let Some(classic) = &mut self.classic {
            classic.empty();
        }
    }

    /// Somebody present has another id or name.
    pub(super) fn rename(&mut self, before: &Author, now: &Author) {
        if self.here.rename(before.id, now.id) {
            self.presence.rename(before, now);
        }
    }

    /// Whether nobody reads here or is still counted as present. A lane that knows of more than it has is kept until it has
    /// it: there may be a joining among it.
    pub(super) fn is_idle(&self) -> bool {
        let is_empty = self.subscribers.is_empty() && self.here.is_empty();
        is_empty && (!self.remedies.lane_kept_while_behind() || (self.reading.is_none() && self.due_ms().is_none()))
    }

    fn release_stash(&mut self, ready: &mut Vec<Arc<Event>>) {
        while let Some(entry) = self.stash.first_entry() {
            match admit(self.applied, *entry.key()) {
                Admit::Gap if self.remedies.in_order_release() => break,
                Admit::Gap => {
                    let event = entry.remove();
                    self.apply_as_it_comes(event, ready);
                }
                Admit::Duplicate => drop(entry.remove()),
                Admit::Apply => {
                    let event = entry.remove();
                    self.apply(event, ready);
                }
            }
        }
        if self.stash.is_empty() && self.applied >= self.heard {
            self.gap_since_ms = None;
        }
    }

    fn apply(&mut self, event: Arc<Event>, ready: &mut Vec<Arc<Event>>) {
        debug_assert_eq!(self.ring.next(), event.seq.0, "a ring's positions are the room's seqs");
        self.applied = event.seq;
        self.encode(&event);
        if let Some(classic) = &mut self.classic {
            classic.push_event(&event, self.wrap);
        }
        if let Change::Deleted { target } = event.change
            && self.remedies.deleted_out_of_rings()
        {
            self.scrub(target, &event);
        }
        ready.push(event);
    }

    /// A message was deleted: nobody is given its words from here on.
    fn scrub(&mut self, target: Seq, event: &Event) {
        self.seal();
        let deleted = Deleted { seq: event.seq, at: event.at, by: event.by.clone() };
        scrubbing::scrub(&mut self.ring, target, &deleted, self.wrap);
        if let Some(packed) = &mut self.packed {
            packed.empty();
        }
        if let Some(classic) = &mut self.classic {
            classic.empty();
        }
    }

    fn encode(&mut self, event: &Event) {
        let wrap = self.wrap;
        self.ring.write(|open| {
            let start = open.len();
            codec::encode_event(event, open);
            wrap(open, start);
        });
    }

    /// Gives out what was applied.
    fn seal(&mut self) {
        self.ring.seal();
        if let Some(classic) = &mut self.classic {
            classic.seal();
        }
    }

    /// What a lane without the in-order remedies would do: show what comes when it comes. Only the simulation gets here.
    fn apply_as_it_comes(&mut self, event: Arc<Event>, ready: &mut Vec<Arc<Event>>) {
        if event.seq > self.applied {
            self.seal();
            self.ring.restart_at(event.seq.0);
            self.apply(event, ready);
        } else {
            self.encode(&event);
            self.applied = Seq(self.ring.next() - 1);
            ready.push(event);
        }
    }
}
