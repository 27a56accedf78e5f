//! One thread of the generator: one poll, its share of the clients, one buffer for all that is received.

use std::io;
use std::sync::atomic::Ordering;
use std::time::Duration;

use mio::{Events, Interest, Poll, Token};

use super::board::Board;
use super::client::{Client, Sender, Stage};
use super::clock::Alarm;
use super::ledger::Ledger;
use super::plan::Kind;
use super::tally::Tally;

/// The poll sleeps no longer, so that an end is noticed.
const NAP: Duration = Duration::from_millis(20);
/// While clients come in, which is timed by this.
const NAP_JOINING: Duration = Duration::from_millis(1);
/// Events taken from the kernel at once.
const EVENTS: usize = 1_024;
/// What is received at once, at most.
const BUFFER_BYTES: usize = 256 * 1024;
/// How long mute clients are read out at the end.
const READ_OUT: u64 = 1_000_000_000;

const WAKE: Token = Token(usize::MAX);
const ALARM: Token = Token(usize::MAX - 1);

/// One thread's clients and books. Client `id` belongs to thread `id % threads`; the first ones are the senders.
pub(super) struct Generator<'a> {
    pub(super) board: &'a Board<'a>,
    pub(super) thread: usize,
    pub(super) poll: Poll,
    alarm: Alarm,
    pub(super) clients: Vec<Client>,
    pub(super) senders: Vec<Sender>,
    pub(super) ledger: Ledger<'a>,
    pub(super) buffer: Vec<u8>,
    /// Scratch: a text, a message around it, the frames to send.
    pub(super) text: Vec<u8>,
    pub(super) message: Vec<u8>,
    pub(super) outgoing: Vec<u8>,
    pub(super) mask: u32,
    /// Clients that have not been connected yet begin here.
    pub(super) unborn: usize,
    /// Clients between connecting and being in.
    pub(super) coming: usize,
    /// Counts the ports of our own choice, from a place by chance: those of the last run may not be free yet.
    pub(super) port: usize,
    pub(super) born: u64,
    pub(super) begin: u64,
    /// The next message of the schedule.
    pub(super) slot: u64,
    /// When it is due, or when senders are looked at again.
    pub(super) due: u64,
    is_muted: bool,
    told: (u64, u64, u64),
}

impl<'a> Generator<'a> {
    pub(super) fn new(board: &'a Board<'a>, thread: usize) -> io::Result<Generator<'a>> {
        let load = board.load;
        let poll = Poll::new()?;
        board.set_waker(thread, mio::Waker::new(poll.registry(), WAKE)?);
        let alarm = Alarm::new(poll.registry(), ALARM)?;
        let clients: Vec<Client> = (thread..load.clients).step_by(load.threads).map(Client::new).collect();
        let senders = (thread..load.senders).step_by(load.threads).map(|_| Sender::default()).collect();
        Ok(Generator {
            board,
            thread,
            poll,
            alarm,
            ledger: Ledger::new(board, thread, clients.len()),
            clients,
            senders,
            buffer: vec![0; BUFFER_BYTES],
            text: Vec::new(),
            message: Vec::new(),
            outgoing: Vec::new(),
            mask: board.seed as u32 | 1,
            unborn: 0,
            coming: 0,
            port: board.run() as usize / load.threads * load.threads + thread,
            born: board.clock.now(),
            begin: 0,
            slot: thread as u64,
            due: 0,
            is_muted: false,
            told: (0, 0, 0),
        })
    }

    /// Runs until it is told to stop; what was counted.
    pub(super) fn run(mut self) -> Tally {
        let mut events = Events::with_capacity(EVENTS);
        while !self.board.is_over() {
            let now = self.board.clock.now();
            self.act(now);
            let is_joining = self.begin == 0;
            let nap = self.alarm.set(now, self.due, if is_joining { NAP_JOINING } else { NAP });
            // Interrupted is no error: the loop looks again at what is due.
            let _ = self.poll.poll(&mut events, Some(nap));
            for event in &events {
                self.handle(event);
            }
            self.tell();
        }
        self.read_out();
        let counted = self.board.load.counted();
        let by_client = self.clients.iter().zip(&self.ledger.by_client).filter(|(client, _)| client.id < counted);
        self.ledger.tally.by_client = by_client.map(|(_, got)| *got).collect();
        self.ledger.tally
    }

    fn handle(&mut self, event: &mio::event::Event) {
        match event.token() {
            ALARM => {}
            WAKE => (0..self.senders.len()).for_each(|sender| self.top_up(sender)),
            Token(local) => {
                self.attend(local, event);
                while let Some(sender) = self.ledger.ready.pop() {
                    self.top_up(sender);
                }
                // A long round of events must not make the next message late.
                if self.board.load.rate > 0.0 && self.begin > 0 && self.board.clock.now() >= self.due {
                    self.pace();
                }
            }
        }
    }

    /// What is due by the clock.
    fn act(&mut self, now: u64) {
        if self.unborn < self.clients.len() {
            self.connect_some(now);
        }
        if self.begin == 0 {
            self.due = u64::MAX;
            self.begin = self.board.begin.load(Ordering::Acquire);
            if self.begin == 0 {
                return;
            }
            self.ledger.begin(self.begin);
            self.senders.iter_mut().for_each(|sender| sender.progress = now);
        }
        if self.board.load.kind == Kind::Idle {
            return;
        }
        if self.board.load.rate > 0.0 {
            self.pace();
        } else {
            self.look_after_senders(now);
        }
        self.mute_when_due(now);
    }

    /// Tells the one who watches how much was sent and has come.
    fn tell(&mut self) {
        let tally = &self.ledger.tally;
        let now = (tally.published, tally.expected, tally.delivered);
        if now != self.told {
            self.board.published.fetch_add(now.0 - self.told.0, Ordering::Relaxed);
            self.board.expected.fetch_add(now.1.wrapping_sub(self.told.1), Ordering::Relaxed);
            self.board.delivered.fetch_add(now.2 - self.told.2, Ordering::Relaxed);
            self.told = now;
        }
    }

    /// When the second window opens, the slow clients stop reading.
    fn mute_when_due(&mut self, now: u64) {
        let load = self.board.load;
        let [_, second] = self.ledger.windows[..] else { return };
        if load.slow == 0 || self.is_muted || now < second.start {
            return;
        }
        self.is_muted = true;
        for (local, client) in self.clients.iter_mut().enumerate() {
            if client.id >= load.counted() && client.stage == Stage::In {
                client.stage = Stage::Mute;
                if let Some(socket) = &mut client.socket {
                    // What it does not hear of is the data; a reset is told all the same.
                    let _ = self.poll.registry().reregister(socket, Token(local), Interest::WRITABLE);
                }
            }
        }
    }

    /// The end of a connection waits behind what a mute client left unread: it is read out to learn which of them the
    /// server has given up.
    fn read_out(&mut self) {
        let until = self.board.clock.now() + READ_OUT;
        let mut mute: Vec<usize> =
            (0..self.clients.len()).filter(|local| self.clients[*local].stage == Stage::Mute).collect();
        while !mute.is_empty() && self.board.clock.now() < until {
            let mut came = false;
            mute.retain(|local| match self.receive(*local) {
                Ok(0) => {
                    self.lose(*local, "the server closed the connection");
                    false
                }
                Ok(_) => {
                    came = true;
                    true
                }
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => true,
                Err(error) => {
                    self.lose(*local, &error.to_string());
                    false
                }
            });
            if !came {
                std::thread::sleep(NAP_JOINING);
            }
        }
    }

    fn receive(&mut self, local: usize) -> io::Result<usize> {
        use std::io::Read as _;
        match &mut self.clients[local].socket {
            Some(socket) => socket.read(&mut self.buffer),
            None => Ok(0),
        }
    }

    /// A connection has ended, by no wish of ours.
    pub(super) fn lose(&mut self, local: usize, why: &str) {
        let client = &mut self.clients[local];
        let was = std::mem::replace(&mut client.stage, Stage::Gone);
        client.socket = None;
        let (id, now) = (client.id, self.board.clock.now());
        match was {
            Stage::Gone | Stage::Unborn => {}
            Stage::Connecting | Stage::Upgrading | Stage::Entering => {
                self.coming -= 1;
                self.board.fail(format!("client {id}: {why}"));
            }
            Stage::Mute => {
                self.ledger.tally.slow_disconnected += 1;
                if self.ledger.windows.last().is_some_and(|window| window.holds(now)) {
                    self.ledger.tally.first_slow_disconnect.get_or_insert(now);
                }
            }
            Stage::In => self.ledger.tally.disconnected += 1,
        }
    }
}
