//! A shard: one thread that owns sockets and a hub, reads what is ready, and writes to every reader once per turn.
//!
//! A turn: envelopes, answers and bytes that came in mark connections as dirty; then each dirty connection is written to
//! once with everything it has not seen. Under load a write carries many frames by itself, at rest it carries one at
//! once; no task is woken per delivery (PERFORMANCE.md 5).

use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;
use std::sync::Arc;
use std::time::{Duration, Instant};

use parlour_engine::hub::{Heard, Hub, Key, Outgoing, Read, Remedies, UNSTORED_GUESTS_FROM, Wire};
use parlour_engine::{Engine, Envelope, Inbox};
use parlour_protocol::close::CloseCode;
use parlour_protocol::push::Author;
use parlour_protocol::{Notice, RoomState, ServerFrame, UserId, limits};
use tokio::sync::{Notify, mpsc, oneshot};
use tokio::task::{LocalSet, spawn_local};

use super::frame;
use super::socket::{Entry, Sock, Socket};

/// Sockets on their way from the HTTP edge; above it the edge waits.
const ADOPTIONS_MAX: usize = 1_024;
/// Envelopes and writes of one turn, so that one huge room cannot hold up the rest for long.
const ENVELOPES_PER_TURN: usize = 256;
pub(super) const WRITES_PER_TURN: usize = 4_096;
/// Store reads under way at once for lagging readers and holes.
const READS_MAX: usize = 16;
/// Presence, holes and limits are looked at this often.
const TICK: Duration = Duration::from_millis(50);
/// Timeouts are looked at this often.
const SWEEP_MS: u64 = 500;
/// Heads are compared with the store this often; on one node it must find nothing (HOUSE 2.3).
const AUDIT_MS: u64 = 30_000;

/// What a shard is told from outside.
enum Order {
    Adopt(Socket),
    /// Say goodbye to everyone; answered when the last socket is gone.
    Drain {
        spread_ms: u32,
        done: oneshot::Sender<()>,
    },
}

/// The way to a shard from other threads.
#[derive(Clone)]
pub(crate) struct Shard {
    orders: mpsc::Sender<Order>,
}

impl Shard {
    /// Starts the thread. It ends when every handle is dropped.
    ///
    /// # Errors
    /// When the system gives no thread or event loop.
    pub(crate) fn start(engine: Arc<Engine>, inbox: Inbox) -> std::io::Result<(Shard, std::thread::JoinHandle<()>)> {
        let (orders, received) = mpsc::channel(ADOPTIONS_MAX);
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        let thread = std::thread::Builder::new().name("shard-0".to_owned()).spawn(move || {
            let local = LocalSet::new();
            local.block_on(&runtime, run(engine, inbox, received));
        })?;
        Ok((Shard { orders }, thread))
    }

    /// Hands over a socket whose handshake was answered. Waits while the shard is busy; false when it has ended.
    pub(crate) async fn adopt(&self, socket: Socket) -> bool {
        self.orders.send(Order::Adopt(socket)).await.is_ok()
    }

    /// Tells everyone to come back within `spread_ms`, closes with 1012, and waits until the sockets are gone.
    pub(crate) async fn drain(&self, spread_ms: u32) {
        let (done, gone) = oneshot::channel();
        if self.orders.send(Order::Drain { spread_ms, done }).await.is_ok() {
            // An error means that the shard ended first, which is what was asked for.
            let _ = gone.await;
        }
    }
}

/// What belongs to a shard's thread. Tasks of the same thread share it; no borrow is held over an await.
pub(super) struct Inner {
    pub(super) hub: Hub,
    pub(super) socks: HashMap<Key, Rc<Sock>>,
    pub(super) scratch: Vec<u8>,
    pub(super) out: Outgoing,
    reads: usize,
    swept_ms: u64,
    audited_ms: u64,
    /// Lanes that the last audit found behind.
    behind_before: usize,
    next_guest: u64,
    draining: Option<oneshot::Sender<()>>,
}

/// The shard as its tasks see it.
pub(super) struct Local {
    pub(super) engine: Arc<Engine>,
    pub(super) inner: RefCell<Inner>,
    /// Something became dirty: another turn is due.
    pub(super) turn: Notify,
    started: Instant,
}

impl Local {
    /// Milliseconds of a clock that never jumps.
    pub(super) fn now_ms(&self) -> u64 {
        u64::try_from(self.started.elapsed().as_millis()).unwrap_or(u64::MAX)
    }
}

async fn run(engine: Arc<Engine>, mut inbox: Inbox, mut orders: mpsc::Receiver<Order>) {
    let hub = Hub::new(engine.epoch(), frame::text, Remedies::ALL);
    let local = Rc::new(Local {
        engine,
        inner: RefCell::new(Inner {
            hub,
            socks: HashMap::new(),
            scratch: vec![0; 64 * 1024],
            out: Outgoing::default(),
            reads: 0,
            swept_ms: 0,
            audited_ms: 0,
            behind_before: 0,
            next_guest: UNSTORED_GUESTS_FROM,
            draining: None,
        }),
        turn: Notify::new(),
        started: Instant::now(),
    });
    let mut tick = tokio::time::interval(TICK);
    tick.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            biased;
            envelope = inbox.recv() => {
                let Some(envelope) = envelope else { break };
                local.take(envelope);
                for _ in 1..ENVELOPES_PER_TURN {
                    let Some(envelope) = inbox.try_recv() else { break };
                    local.take(envelope);
                }
            }
            order = orders.recv() => match order {
                Some(Order::Adopt(socket)) => local.adopt(socket),
                Some(Order::Drain { spread_ms, done }) => local.drain(spread_ms, done),
                None => break,
            },
            () = local.turn.notified() => {}
            _ = tick.tick() => local.tick(),
        }
        local.write_dirty();
        local.start_reads();
        // Reading tasks get their turn even while envelopes keep coming.
        tokio::task::yield_now().await;
    }
}

impl Local {
    fn take(self: &Rc<Self>, envelope: Envelope) {
        let now_ms = self.now_ms();
        let mut inner = self.inner.borrow_mut();
        match envelope {
            Envelope::Events { epoch, events, .. } => {
                let heard = inner.hub.deliver(&epoch, &events, now_ms);
                drop(inner);
                if heard == Heard::OtherEpoch {
                    self.begin_epoch();
                }
            }
            Envelope::Notice { epoch, user, notice } => inner.hub.notify(&epoch, user, &notice),
            Envelope::SessionEnded { token_hash } => {
                let ended: Vec<Key> = inner
                    .socks
                    .values()
                    .filter(|sock| matches!(&sock.entry, Entry::Full { actor } if actor.token_hash == Some(token_hash)))
                    .map(|sock| sock.key)
                    .collect();
                drop(inner);
                for key in ended {
                    self.close(key, CloseCode::SignedOut);
                }
            }
        }
    }

    fn adopt(self: &Rc<Self>, socket: Socket) {
        let Socket { stream, early, entry, guard } = socket;
        let now_ms = self.now_ms();
        let stream = match tokio::net::TcpStream::from_std(stream) {
            Ok(stream) => stream,
            Err(error) => {
                tracing::warn!(%error, "an upgraded socket could not be taken over");
                return;
            }
        };
        let mut inner = self.inner.borrow_mut();
        let (who, wire) = match &entry {
            Entry::Full { actor } => (Author { id: actor.user.id, name: actor.user.name.clone() }, Wire::Full),
            Entry::Classic => {
                inner.next_guest += 1;
                (Author { id: UserId(inner.next_guest), name: self.engine.guest_name() }, Wire::Classic)
            }
        };
        let crowded = self.engine.limits_on() && inner.hub.connections_of(who.id) >= limits::CONNECTIONS_PER_USER_MAX;
        let name = who.name.clone();
        let key = inner.hub.connect(who, wire, now_ms);
        let sock = Rc::new(Sock::new(key, stream, entry, name, guard, now_ms));
        inner.socks.insert(key, Rc::clone(&sock));
        drop(inner);
        if crowded {
            self.close(key, CloseCode::TryLater);
        } else if wire == Wire::Classic {
            self.enter_classic(key);
        }
        spawn_local(Rc::clone(self).read(sock, early));
    }

    /// Puts a classic client into the lobby, which may have to be read first.
    fn enter_classic(self: &Rc<Self>, key: Key) {
        if self.open_classic(key, None) {
            return;
        }
        let local = Rc::clone(self);
        spawn_local(async move {
            match local.engine.lobby().await {
                Ok(lobby) => drop(local.open_classic(key, Some(&lobby))),
                Err(_) => local.close(key, CloseCode::Internal),
            }
            local.turn.notify_one();
        });
    }

    fn open_classic(&self, key: Key, lobby: Option<&RoomState>) -> bool {
        let now_ms = self.now_ms();
        let mut inner = self.inner.borrow_mut();
        let opened = inner.hub.open_classic(key, lobby);
        if opened {
            inner.hub.classic_joined(key, now_ms);
            inner.hub.arrived(key);
        }
        opened
    }

    fn tick(self: &Rc<Self>) {
        let now_ms = self.now_ms();
        let mut inner = self.inner.borrow_mut();
        inner.hub.tick(now_ms, self.engine.now());
        let sweep = now_ms >= inner.swept_ms + SWEEP_MS;
        if sweep {
            inner.swept_ms = now_ms;
            let (people, rooms) = (inner.hub.present_people().collect(), inner.hub.present_counts().collect());
            self.engine.board().write(people, rooms);
        }
        let audit = now_ms >= inner.audited_ms + AUDIT_MS;
        if audit {
            inner.audited_ms = now_ms;
        }
        drop(inner);
        if sweep {
            self.sweep(now_ms);
        }
        if audit {
            spawn_local(Rc::clone(self).audit());
        }
    }

    /// Compares what was applied with what is stored. On one node the bus loses nothing, so a difference that stands
    /// twice running is a fault of ours; it is repaired all the same.
    async fn audit(self: Rc<Self>) {
        let Some((epoch, heads)) = self.engine.heads().await else { return };
        let mut inner = self.inner.borrow_mut();
        let Ok(behind) = inner.hub.digest(&epoch, &heads) else {
            drop(inner);
            return self.begin_epoch();
        };
        if behind > 0 && inner.behind_before > 0 {
            tracing::error!(lanes = behind, "rooms were behind the store without knowing it");
        }
        inner.behind_before = behind;
        drop(inner);
        self.turn.notify_one();
    }

    /// Starts the store reads that the hub wants, a bounded number at once.
    fn start_reads(self: &Rc<Self>) {
        loop {
            let mut inner = self.inner.borrow_mut();
            if inner.reads >= READS_MAX {
                return;
            }
            let now_ms = self.now_ms();
            let Some(read) = inner.hub.next_read(now_ms) else { return };
            inner.reads += 1;
            drop(inner);
            spawn_local(Rc::clone(self).answer_read(read));
        }
    }

    async fn answer_read(self: Rc<Self>, read: Read) {
        let heard = match read {
            Read::Lane { room, after, ticket } => {
                let answer = self.engine.tail(room, after).await;
                self.inner.borrow_mut().hub.filled(room, ticket, answer, self.now_ms())
            }
            Read::Replay { connection, room, after } => {
                let answer = self.engine.tail(room, after).await;
                self.inner.borrow_mut().hub.replayed(connection, room, after, answer, self.now_ms())
            }
            Read::Standing { user, room } => {
                let answer = self.engine.standing(user, room).await;
                self.inner.borrow_mut().hub.stands(user, room, answer, self.now_ms())
            }
        };
        self.inner.borrow_mut().reads -= 1;
        if heard == Heard::OtherEpoch {
            self.begin_epoch();
        }
        self.turn.notify_one();
    }

    /// The store began another life: everybody comes back with cursors that no longer count.
    pub(super) fn begin_epoch(self: &Rc<Self>) {
        let epoch = self.engine.epoch();
        if epoch == *self.inner.borrow().hub.epoch() {
            // It was the other side that was behind.
            return;
        }
        let everyone = self.inner.borrow_mut().hub.begin_epoch(epoch);
        for key in everyone {
            self.close(key, CloseCode::Restart);
        }
    }

    fn drain(self: &Rc<Self>, spread_ms: u32, done: oneshot::Sender<()>) {
        let everyone = {
            let mut inner = self.inner.borrow_mut();
            let everyone = inner.hub.keys();
            let notice = ServerFrame::Notice { notice: Notice::Draining { spread_ms } };
            for key in &everyone {
                let full = inner.socks.get(key).is_some_and(|sock| !sock.is_classic());
                if full {
                    inner.hub.tell(*key, &notice);
                }
            }
            inner.draining = Some(done);
            everyone
        };
        for key in everyone {
            self.close(key, CloseCode::Restart);
        }
        self.finish_drain();
    }

    /// Says that the drain is over once the last socket is gone.
    pub(super) fn finish_drain(&self) {
        let mut inner = self.inner.borrow_mut();
        if inner.socks.is_empty()
            && let Some(done) = inner.draining.take()
        {
            // Whoever waited may have run out of patience.
            let _ = done.send(());
        }
    }
}
