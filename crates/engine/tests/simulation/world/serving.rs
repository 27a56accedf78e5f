//! What a node hears from the bus, asks of the store and is answered.

use parlour_bus::Envelope;
use parlour_engine::hub::{Heard, Read};
use parlour_protocol::{Reply, Seq, ServerFrame};

use super::{Answer, Followed, Node, World};
use crate::story;

impl Followed {
    /// The digest told a lane that is there of a head that it had, or was behind of.
    fn told(&mut self, head: Seq, is_behind: bool) {
        match self.known.last_mut().filter(|_| self.is_there) {
            Some((_, told)) => *told = head,
            None if is_behind => {}
            None => {
                self.known.push((head, head));
                self.is_there = true;
            }
        }
    }

    /// Whether a lane of this node was there before this seq and was told of it.
    pub(super) fn must_know(&self, seq: Seq) -> bool {
        self.known.iter().any(|(from, told)| *from < seq && seq <= *told)
    }
}

impl World {
    pub(super) fn hear(&mut self, node: usize) {
        let Some(envelope) = self.nodes[node].line.pop() else { return };
        let now_ms = self.now_ms;
        story::tell(|| format!("node {node} hears {envelope:?}"));
        match envelope {
            Envelope::Events { epoch, events, .. } => {
                let heard = self.nodes[node].hub.deliver(&epoch, &events, now_ms);
                self.look(node, heard);
            }
            Envelope::Notice { epoch, user, notice } => self.nodes[node].hub.notify(&epoch, user, &notice),
            Envelope::SessionEnded { .. } => {}
        }
    }

    pub(super) fn read(&mut self, node: usize) {
        let now_ms = self.now_ms;
        let Some(read) = self.nodes[node].hub.next_read(now_ms) else { return };
        story::tell(|| format!("node {node} asks {read:?}"));
        let answer = match read {
            Read::Lane { room, after, .. } | Read::Replay { room, after, .. } => {
                Answer::Log(read, self.store.tail(room, after, self.read_events.min(read.events_max())))
            }
            Read::Standing { user, room } => {
                let state = self.store.is_member(room, user).then(|| self.store.state(room));
                Answer::Standing(user, room, self.store.epoch().clone(), state)
            }
        };
        self.nodes[node].answers.push(answer);
    }

    /// An answer of the store arrives; of those to the hub some are lost.
    pub(super) fn answer(&mut self, node: usize) {
        if self.nodes[node].answers.is_empty() {
            return;
        }
        let which = self.pick(self.nodes[node].answers.len());
        let mut answer = self.nodes[node].answers.remove(which);
        if !self.switches.store.one_snapshot {
            self.read_rows_late(&mut answer);
        }
        let (lost, now_ms) = (self.roll(20) == 0, self.now_ms);
        story::tell(|| format!("node {node} is answered{} {answer:?}", if lost { ", which is lost," } else { "" }));
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
            Answer::Entered(key, state) => {
                hub.enter(key, &state);
                hub.tell(key, &ServerFrame::Reply { r#ref: 2, reply: Reply::Room { state } });
                Heard::Taken
            }
        };
        self.look(node, heard);
    }

    /// What a store without one snapshot does: the rows are read after the epoch.
    fn read_rows_late(&self, answer: &mut Answer) {
        if let Answer::Log(Read::Lane { room, after, .. } | Read::Replay { room, after, .. }, backfill) = answer {
            let rows = self.store.tail(*room, *after, self.read_events);
            (backfill.events, backfill.head) = (rows.events, rows.head);
        }
    }

    /// A reader asks for a room again from somewhere it has been, or claims to have been (SYN-4).
    pub(super) fn catch_up(&mut self, reader: usize) {
        let room = self.a_room();
        let up_to = self.readers[reader].asks_up_to(room, &self.store);
        let before = self.roll(up_to + 1);
        let before = if self.readers[reader].is_honest() { before } else { before.min(self.roll(4)) };
        let after = Seq(up_to - before);
        if let Some((node, key)) = self.readers[reader].at
            && self.readers[reader].is_welcomed()
            && self.nodes[node].hub.catch_up(key, room, after)
        {
            story::tell(|| format!("reader {reader} catches up in room {room} after {after}"));
            self.readers[reader].asks(room, after);
        }
    }

    pub(super) fn digest(&mut self, node: usize) {
        let (epoch, heads) = (self.store.epoch().clone(), self.store.heads());
        story::tell(|| format!("node {node} looks at the heads {heads:?} of {epoch:?}"));
        for (room, head) in heads {
            let hub = &mut self.nodes[node].hub;
            let Ok(behind) = hub.digest(&epoch, &[(room, head)]) else { return self.look(node, Heard::OtherEpoch) };
            if hub.present_counts().any(|(lane, _)| lane == room) {
                self.nodes[node].followed.entry(room).or_default().told(head, behind > 0);
            }
        }
    }

    /// Notes which lanes are no more: what they knew of and had not they must have come to have, and nothing since. To be
    /// called before another lane of the room can begin.
    pub(super) fn end_followed(&mut self) {
        for Node { hub, followed, .. } in &mut self.nodes {
            for (room, followed) in followed.iter_mut().filter(|(_, followed)| followed.is_there) {
                followed.is_there = hub.present_counts().any(|(lane, _)| lane == *room);
            }
        }
    }
}
