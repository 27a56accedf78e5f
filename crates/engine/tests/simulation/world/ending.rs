//! How a history ends: everything comes to rest, and then each reader must be equal to the store.

use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;

use parlour_protocol::{Change, ClientId, Event, RoomId, Seq, UserId};

use super::{NODES, World};
use crate::reader::Reader;
use crate::sender::maker;
use crate::store::is_left_of;
use crate::switches::Weather;

/// Rounds in which everything comes to rest at the end.
const REST_ROUNDS: usize = 140;
/// In so many of them sockets still take a part of what they are offered.
const BUSY_ROUNDS: usize = 120;

impl World {
    /// The hints die, nothing new is said, and everything comes to rest.
    pub(super) fn rest(&mut self) -> Result<(), String> {
        self.end_of_hints();
        for round in 0..REST_ROUNDS {
            let is_busy = round < BUSY_ROUNDS;
            self.now_ms += 50;
            for node in 0..NODES {
                if round % 10 == 0 {
                    self.digest(node);
                }
                for _ in 0..4 {
                    self.end_followed();
                    self.greet(node);
                    self.read(node);
                    self.answer(node);
                }
            }
            for reader in 0..self.readers.len() {
                if round == REST_ROUNDS / 2 && self.missed_a_hint(reader) {
                    self.cut(reader);
                }
                let node = self.pick(NODES);
                self.connect(reader, node);
                self.write(reader, is_busy)?;
            }
            for classic in 0..self.classics.len() {
                self.write_classic(classic, is_busy)?;
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
        if self.weather == Weather::Revealed {
            for room in self.store.room_ids() {
                self.reveal(room);
            }
        }
    }

    /// A joining that neither the bus nor a lane told a node of is known there by the next greeting only: its reader may
    /// come again. Where every event arrives, and where a lane was told of the joining, there is no such excuse.
    fn missed_a_hint(&self, reader: usize) -> bool {
        let Reader { at: Some((node, key)), user, .. } = self.readers[reader] else { return false };
        let missing = |room: &RoomId| self.store.is_member(*room, user) && !self.nodes[node].hub.is_in(key, *room);
        let unheard = |room: RoomId| {
            let joined =
                |event: &&std::sync::Arc<parlour_protocol::Event>| event.entered().is_some_and(|who| who.id == user);
            let joining = self.store.log(room).iter().rfind(joined).map_or(Seq::ZERO, |event| event.seq);
            !self.switches.hub.digest
                || !self.nodes[node].followed.get(&room).is_some_and(|followed| followed.must_know(joining))
        };
        !self.is_faithful() && self.store.room_ids().filter(missing).any(unheard)
    }

    /// What must hold at the end.
    pub(super) fn check(&self) -> Result<(), String> {
        for room in self.store.room_ids() {
            self.check_log(room)?;
        }
        for reader in &self.readers {
            self.check_answered(reader)?;
            if reader.is_honest() {
                self.check_reader(reader)?;
            }
        }
        self.classics.iter().try_for_each(|classic| classic.check_end(&self.store))
    }

    /// A log has no hole, its times never go back, nobody speaks in it who is no member, and what one device says stands
    /// there once and in order.
    fn check_log(&self, room: RoomId) -> Result<(), String> {
        let mut members: BTreeMap<UserId, bool> = BTreeMap::new();
        let mut said: BTreeMap<u64, u64> = BTreeMap::new();
        let mut once: HashSet<ClientId> = HashSet::new();
        let (mut last, mut at) = (Seq::ZERO, parlour_protocol::Timestamp(0));
        for event in self.store.log(room) {
            if event.seq != last.next() || event.at < at {
                return Err(format!("room {room} has {} at {:?} after {last} at {at:?}", event.seq, event.at));
            }
            (last, at) = (event.seq, event.at);
            if let Some(who) = event.entered() {
                members.insert(who.id, true);
            }
            if let Some(who) = event.left() {
                members.insert(who.id, false);
            }
            if let Change::Message { client_id, .. } = event.change {
                let (device, number) = maker(client_id);
                if !once.insert(client_id) {
                    return Err(format!("message {number} of device {device} is in room {room} twice"));
                }
                let in_order = !self.refused.contains(&client_id);
                if let Some(before) = said.get(&device).filter(|before| in_order && **before > number) {
                    return Err(format!("device {device} said {number} in room {room} after its {before}"));
                }
                if in_order {
                    said.insert(device, number);
                }
                if members.get(&event.by.id) != Some(&true) {
                    return Err(format!("user {} spoke in room {room} and was no member", event.by.id));
                }
            }
        }
        Ok(())
    }

    /// What was answered is in the log, and everything was answered. A life that has ended may have lost it (LOG-9).
    fn check_answered(&self, reader: &Reader) -> Result<(), String> {
        let user = reader.user;
        for (_, (room, id), seq) in reader.sender.answered.iter().filter(|(life, ..)| *life == self.store.number) {
            let stored = self.store.log(*room).get(seq.0 as usize - 1);
            let is_there = stored.is_some_and(|event| {
                matches!(event.change, Change::Message { client_id, .. } if client_id == *id) && event.by.id == user
            });
            if !is_there {
                return Err(format!("user {user} was told that {} of room {room} is theirs, and it is not", seq));
            }
        }
        match reader.sender.unanswered() {
            0 => Ok(()),
            unanswered => Err(format!("{unanswered} messages of user {user} were never answered")),
        }
    }

    /// A reader has each room it is a member of, whole, and no other.
    fn check_reader(&self, reader: &Reader) -> Result<(), String> {
        let user = reader.user;
        if reader.epoch.as_ref() != Some(self.store.epoch()) {
            return Err(format!("user {user} never learnt of the new epoch"));
        }
        for room in self.store.room_ids() {
            let (has, log) = (reader.seen.get(&room), self.store.log(room));
            let has_events = has.map(Vec::len);
            match (self.store.is_member(room, user), has) {
                (true, Some(seen)) if is_same(seen, log) => {}
                (true, _) => {
                    return Err(format!(
                        "user {user} ended with {has_events:?} of {} events of room {room}",
                        log.len()
                    ));
                }
                (false, None) => {}
                (false, Some(_)) => return Err(format!("user {user} ended in room {room} and is no member of it")),
            }
        }
        Ok(())
    }
}

/// Whether a reader has a log, whole; of what was deleted it may have had the words.
fn is_same(seen: &[Arc<Event>], log: &[Arc<Event>]) -> bool {
    seen.len() == log.len() && seen.iter().zip(log).all(|(seen, stored)| is_left_of(stored, seen))
}
