//! What is sent: messages by the clock or as fast as they are acknowledged, and those that were refused for a while again.

use std::io::Write as _;
use std::sync::atomic::Ordering;

use super::client::Stage;
use super::frame;
use super::generator::Generator;
use super::joining::{REF_OF_FIRST, filling};
use super::marker::Mark;
use super::plan::{Kind, LONE_AFTER, Wire};
use super::template::Filling;

/// A sender with so much unsent is being held back by the server, and is given no more.
const UNSENT_MAX: usize = 16 * 1024 * 1024;
/// A closed loop that gets no acknowledgement for so long, in ns, goes on without.
const STALL: u64 = 2_000_000_000;
/// Senders are looked at this often, in ns, beside being woken.
const LOOK_EVERY: u64 = 10_000_000;

impl Generator<'_> {
    /// Sends what the schedule says by now. Message k belongs to sender `k % senders`.
    pub(super) fn pace(&mut self) {
        let load = self.board.load;
        let end = self.ledger.windows.last().map_or(0, |window| window.end);
        loop {
            while (self.slot % load.senders as u64) as usize % load.threads != self.thread {
                self.slot += 1;
            }
            let due = self.begin + (self.slot as f64 * 1e9 / load.rate) as u64;
            let now = self.board.clock.now();
            self.due = if due < end { due } else { u64::MAX };
            if due >= end || due > now {
                break;
            }
            self.ledger.tally.lag = self.ledger.tally.lag.max(now - due);
            let sender = (self.slot % load.senders as u64) as usize / load.threads;
            self.publish(sender, due);
            self.send_outgoing(sender);
            self.slot += 1;
        }
        self.send_again();
    }

    /// Looks at every sender of a closed loop: those that nobody woke, and those that wait in vain.
    pub(super) fn look_after_senders(&mut self, now: u64) {
        if now < self.due && self.due != u64::MAX {
            return;
        }
        self.due = now + LOOK_EVERY;
        for index in 0..self.senders.len() {
            let is_sending = self.window_of(index, now) > 0;
            let acked = &self.board.acked[self.clients[index].id];
            let sender = &mut self.senders[index];
            let seen = acked.load(Ordering::Acquire);
            if seen != sender.seen || seen >= u64::from(sender.number) || !is_sending {
                (sender.seen, sender.progress) = (seen, now);
            } else if now.saturating_sub(sender.progress) > STALL {
                self.ledger.tally.stalls += 1;
                sender.progress = now;
                acked.store(u64::from(sender.number), Ordering::Release);
            }
            self.top_up(index);
        }
        self.send_again();
    }

    /// Sends as many messages of a closed loop as may be in flight.
    pub(super) fn top_up(&mut self, index: usize) {
        let load = self.board.load;
        if load.rate > 0.0 || self.begin == 0 {
            return;
        }
        let acked = &self.board.acked[self.clients[index].id];
        loop {
            let now = self.board.clock.now();
            let in_flight = u64::from(self.senders[index].number).saturating_sub(acked.load(Ordering::Acquire));
            if in_flight >= self.window_of(index, now) || !self.publish(index, now) {
                break;
            }
        }
        self.send_outgoing(index);
    }

    /// How many messages a sender may have in flight now.
    fn window_of(&self, index: usize, now: u64) -> u64 {
        let load = self.board.load;
        let is_sending = now >= self.begin && self.ledger.windows.last().is_some_and(|window| now < window.end);
        if !is_sending {
            return 0;
        }
        match (load.kind, &self.ledger.windows[..]) {
            (Kind::Sends, [many, _]) if now >= many.end => {
                u64::from(now >= many.end + LONE_AFTER && self.clients[index].id == 0)
            }
            _ => load.window as u64,
        }
    }

    /// Makes a message ready to be sent; whether it will be.
    fn publish(&mut self, index: usize, due: u64) -> bool {
        let client = &self.clients[index];
        if client.stage != Stage::In || client.unsent.len() > UNSENT_MAX {
            self.ledger.tally.not_sent += 1;
            return false;
        }
        let id = client.id;
        let sender = &mut self.senders[index];
        sender.number += 1;
        let number = sender.number;
        if self.board.wire.is_parlour() {
            sender.await_answer(number, due);
        }
        self.board.open_shares(id, number);
        let hearers = u64::from(self.board.hearers(id));
        let tally = &mut self.ledger.tally;
        tally.published += 1;
        tally.expected += hearers;
        if let Some(window) = self.ledger.windows.iter().position(|window| window.holds(due)) {
            tally.windows[window].published += 1;
            tally.windows[window].expected += hearers;
        }
        self.write_message(index, number, due);
        true
    }

    /// Appends a message to what goes out.
    fn write_message(&mut self, index: usize, number: u32, due: u64) {
        let board = self.board;
        let id = self.clients[index].id;
        Mark { sender: id as u32, number, run: board.run(), due }.write(&mut self.text, board.load.size);
        self.message.clear();
        let opcode = match board.wire {
            Wire::Parlour => {
                let room = board.rooms[id % board.load.rooms].load(Ordering::Relaxed);
                let client_id = board.message_id(id, number, due);
                let r#ref = number + REF_OF_FIRST;
                // Writing into memory does not fail.
                let _ = write!(
                    self.message,
                    "{{\"ref\":{ref},\"t\":\"post\",\"room\":{room},\"client_id\":\"{client_id}\",\"text\":\""
                );
                self.message.extend_from_slice(&self.text);
                self.message.extend_from_slice(b"\"}");
                frame::TEXT
            }
            Wire::Profile(profile) => {
                let filling = Filling { seq: number, marker: &self.text, ..filling(board, id) };
                profile.publish.fill(&mut self.message, &filling);
                if profile.binary { frame::BINARY } else { frame::TEXT }
            }
        };
        self.mask = next_mask(self.mask);
        frame::write(&mut self.outgoing, opcode, &self.message, self.mask);
    }

    fn send_outgoing(&mut self, index: usize) {
        if !self.outgoing.is_empty() {
            self.clients[index].send(&self.outgoing);
            self.outgoing.clear();
        }
    }

    /// Sends again what was refused for a while, when the while is over.
    fn send_again(&mut self) {
        if self.ledger.tally.refused_for_a_while == 0 {
            return;
        }
        let now = self.board.clock.now();
        for index in 0..self.senders.len() {
            if self.senders[index].again_at > now {
                continue;
            }
            while let Some(number) = self.senders[index].again.pop_front() {
                match self.senders[index].due(number) {
                    Some(due) => self.write_message(index, number, due),
                    None => self.ledger.tally.not_sent += 1,
                }
            }
            self.send_outgoing(index);
        }
    }

    /// Sends one frame.
    pub(super) fn say(&mut self, local: usize, opcode: u8, payload: &[u8]) {
        self.mask = next_mask(self.mask);
        let mut out = std::mem::take(&mut self.outgoing);
        let before = out.len();
        frame::write(&mut out, opcode, payload, self.mask);
        self.clients[local].send(&out[before..]);
        out.truncate(before);
        self.outgoing = out;
    }
}

/// Masks need only differ (the server is not a proxy that could be fooled).
fn next_mask(mask: u32) -> u32 {
    mask.wrapping_mul(1_664_525).wrapping_add(1_013_904_223)
}
