//! Where each delivery is booked: was it expected here, had it come before, was it overtaken, how long did it take, and may
//! its sender go on. Nothing is allocated.

use std::sync::atomic::Ordering;

use super::board::Board;
use super::marker::Mark;
use super::order::{Arrival, Order};
use super::plan::{Ack, Window};
use super::tally::Tally;

/// One thread's books.
pub(super) struct Ledger<'a> {
    board: &'a Board<'a>,
    thread: usize,
    /// By client of this thread and sender of its room.
    orders: Vec<Order>,
    senders_per_room: usize,
    /// For `Ack::Last`: the number and how many clients of this thread have it, by sender and place.
    heard: Vec<(u32, u32)>,
    /// How many clients of this thread a sender is to reach.
    hearers: Vec<u32>,
    begin: u64,
    pub(super) windows: Vec<Window>,
    /// Deliveries in each window, by client of this thread.
    pub(super) by_client: Vec<[u32; 2]>,
    pub(super) tally: Tally,
    /// Senders of this thread that may go on.
    pub(super) ready: Vec<usize>,
}

impl<'a> Ledger<'a> {
    pub(super) fn new(board: &'a Board<'a>, thread: usize, clients: usize) -> Ledger<'a> {
        let load = board.load;
        let is_counting = load.rate == 0.0 && load.ack == Ack::Last;
        Ledger {
            board,
            thread,
            orders: vec![Order::default(); clients * load.senders_per_room()],
            senders_per_room: load.senders_per_room(),
            heard: vec![(0, 0); if is_counting { load.senders * board.places } else { 0 }],
            hearers: Vec::new(),
            begin: u64::MAX,
            windows: Vec::new(),
            by_client: vec![[0; 2]; clients],
            tally: Tally::default(),
            ready: Vec::new(),
        }
    }

    /// The run begins: from now on what comes counts.
    pub(super) fn begin(&mut self, begin: u64) {
        self.begin = begin;
        self.windows = self.board.load.windows(begin);
        self.tally = Tally { windows: Tally::new(self.windows.len()).windows, ..std::mem::take(&mut self.tally) };
        let senders = 0..self.board.load.senders;
        self.hearers = senders.map(|sender| self.board.hearers_on(self.thread, sender)).collect();
    }

    /// Which window a time is in.
    #[inline]
    pub(super) fn window(&self, time: u64) -> Option<usize> {
        self.windows.iter().position(|window| window.holds(time))
    }

    /// Books a mark that came to a client.
    #[inline]
    pub(super) fn deliver(&mut self, local: usize, client: usize, mark: Mark, now: u64) {
        let load = self.board.load;
        if mark.run != self.board.run() || mark.due < self.begin {
            self.tally.stale += 1;
            return;
        }
        let sender = mark.sender as usize;
        if sender >= load.senders || mark.number == 0 || mark.due > now {
            self.tally.garbled += 1;
            return;
        }
        if client % load.rooms != sender % load.rooms {
            self.tally.misrouted += 1;
            return;
        }
        if client >= load.counted() {
            return;
        }
        match self.orders[local * self.senders_per_room + sender / load.rooms].take(mark.number) {
            Arrival::Next(jumped) => self.tally.gaps += u64::from(jumped),
            Arrival::Late => self.tally.out_of_order += 1,
            Arrival::Again => {
                self.tally.doubled += 1;
                return;
            }
        }
        self.tally.delivered += 1;
        if let Some(window) = self.window(now) {
            self.tally.windows[window].arrived += 1;
        }
        if let Some(window) = self.window(mark.due) {
            self.tally.windows[window].delivered += 1;
            self.tally.windows[window].latency.record(now - mark.due);
            self.by_client[local][window] += 1;
        }
        if load.rate == 0.0 {
            self.go_on(client, sender, mark.number);
        }
    }

    /// Lets the sender go on when this was the delivery it waits for.
    #[inline]
    fn go_on(&mut self, client: usize, sender: usize, number: u32) {
        let load = self.board.load;
        let is_awaited = match load.ack {
            Ack::Reply => false,
            Ack::Echo if self.board.wire.echoes() => client == sender,
            // Without an echo the next client of the room stands for the sender.
            Ack::Echo => client == (sender + load.rooms) % load.clients,
            Ack::Last => {
                let heard = &mut self.heard[sender * self.board.places + number as usize % self.board.places];
                if heard.0 != number {
                    *heard = (number, 0);
                }
                heard.1 += 1;
                heard.1 == self.hearers[sender] && self.board.is_last_share(sender, number)
            }
        };
        if is_awaited {
            self.acknowledge(sender);
        }
    }

    /// One more message of a sender is acknowledged.
    pub(super) fn acknowledge(&mut self, sender: usize) {
        let threads = self.board.load.threads;
        self.board.acked[sender].fetch_add(1, Ordering::AcqRel);
        if sender % threads == self.thread {
            self.ready.push(sender / threads);
        } else {
            // A thread that cannot be woken looks by itself every few milliseconds.
            let _ = self.board.wake(sender % threads);
        }
    }
}
