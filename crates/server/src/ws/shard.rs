//! A shard: one thread that owns sockets and a hub, reads what is ready, and writes to every reader once per turn.
//!
//! A turn: envelopes, answers and bytes that came in mark connections as dirty; then each dirty connection is written to
//! once with everything it has not seen. Under load a write carries many frames by itself, at rest it carries one at
//! once; no task is woken per delivery (PERFORMANCE.md 5).

use std::cell::RefCell;
use std::collections::{BTreeMap, HashSet, VecDeque};
use std::panic::AssertUnwindSafe;
use std::rc::Rc;
use std::sync::Arc;
use std::time::{Duration, Instant};

use parlour_engine::hub::{Heard, Hub, Key, Outgoing, Read, Remedies, UNSTORED_GUESTS_FROM, Wire};
use parlour_engine::{Engine, Envelope, Inbox, TokenHash};
use parlour_protocol::close::CloseCode;
use parlour_protocol::push::Author;
use parlour_protocol::{Notice, ServerFrame, UserId, limits};
use tokio::sync::{Notify, mpsc, oneshot};
use tokio::task::{LocalSet, spawn_local};

use super::backlog;
use super::frame;
use super::inflating::Inflater;
use super::packing::Packer;
use super::readiness::{self, Readiness, Ready};
use super::socket::{Entry, Sock, Socket};
use super::socks::Socks;

/// Sockets on their way from the HTTP edge; above it the edge waits.
const ADOPTIONS_MAX: usize = 1_024;
/// Envelopes and writes of one turn, so that one huge room cannot hold up the rest for long.
const ENVELOPES_PER_TURN: usize = 256;
pub(super) const WRITES_PER_TURN: usize = 1_024;
/// Of these, to readers of large rooms: a fifth of a millisecond's. What a commit brings meanwhile goes into the same write for
/// those who have not had theirs.
pub(super) const CROWD_WRITES_PER_TURN: usize = 32;
/// Sockets served in one turn, for the same reason.
const READS_PER_TURN: usize = 1_024;
/// Sockets whose messages go to the writer together: about half a millisecond's.
const READS_TOGETHER: usize = 64;
/// Store reads under way at once for lagging readers and holes.
const READS_MAX: usize = 16;
/// Presence, holes and limits are looked at this often.
const TICK_MS: u64 = 50;
/// Timeouts are looked at this often.
const SWEEP_MS: u64 = 500;
/// Who came and went is noted and told this often.
const PRESENCE_MS: u64 = 250;
/// Sessions of live sockets are looked up this often: they end by age too, and are used as long as a socket lives.
const SESSIONS_MS: u64 = 60_000;
/// Sessions looked up in one read.
const SESSIONS_PER_READ: usize = 500;
/// Answers under way when the house closes are given this long.
const DRAIN_ANSWERS_MS: u64 = 1_000;
/// Orders taken in one turn.
const ORDERS_PER_TURN: usize = 64;
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
    /// Starts the thread; with `packs` it has what packed messages take. It ends when every handle is dropped; `on_panic` is called when it ends otherwise.
    ///
    /// # Errors
    /// When the system gives no thread or event loop.
    pub(crate) fn start(
        engine: Arc<Engine>,
        inbox: Inbox,
        packs: bool,
        on_panic: impl FnOnce() + Send + 'static,
    ) -> std::io::Result<(Shard, std::thread::JoinHandle<()>)> {
        let (orders, received) = mpsc::channel(ADOPTIONS_MAX);
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        let thread = std::thread::Builder::new().name("shard-0".to_owned()).spawn(move || {
            let local = LocalSet::new();
            // A house without its sockets must not look alive (S99).
            let ran = AssertUnwindSafe(|| local.block_on(&runtime, run(engine, packs, inbox, received)));
            if std::panic::catch_unwind(ran).is_err() {
                tracing::error!("the sockets' thread panicked; the house stops");
                on_panic();
            }
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
    pub(super) socks: Socks,
    pub(super) scratch: Vec<u8>,
    pub(super) out: Outgoing,
    reads: usize,
    swept_ms: u64,
    /// [`Hub::present_changes`] when the board was last written.
    board_changes: u64,
    audited_ms: u64,
    /// Lanes that the last audit found behind.
    behind_before: usize,
    /// How many errands the command line had done when that was looked at last.
    pub(super) errands: Option<i64>,
    sessions_ms: u64,
    ticked_ms: u64,
    told_ms: u64,
    next_guest: u64,
    /// Names shown for classic clients, each once among those present (OLD-3).
    pub(super) guest_names: HashSet<String>,
    draining: Option<Draining>,
}

/// The house is closing.
struct Draining {
    /// Told once the last socket is gone.
    done: oneshot::Sender<()>,
    since_ms: u64,
}

/// The shard as its tasks see it.
pub(super) struct Local {
    pub(super) engine: Arc<Engine>,
    pub(super) inner: RefCell<Inner>,
    /// Made when the first socket that agreed to packed messages says something.
    pub(super) inflater: RefCell<Option<Inflater>>,
    /// Sockets to go on with: something came, or what held them is over. Each at most once.
    pub(super) ready: RefCell<VecDeque<Rc<Sock>>>,
    /// Sockets whose next message waits with us, by when they are looked at again.
    pub(super) held: RefCell<BTreeMap<(u64, Key), Rc<Sock>>>,
    pub(super) registry: mio::Registry,
    /// Something became dirty: another turn is due.
    pub(super) turn: Notify,
    started: Instant,
}

impl Local {
    fn new(engine: Arc<Engine>, hub: Hub, errands: Option<i64>, registry: mio::Registry) -> Local {
        Local {
            engine,
            inner: RefCell::new(Inner {
                hub,
                socks: Socks::default(),
                scratch: Vec::new(),
                out: Outgoing::default(),
                reads: 0,
                swept_ms: 0,
                board_changes: 0,
                audited_ms: 0,
                behind_before: 0,
                errands,
                sessions_ms: 0,
                ticked_ms: 0,
                told_ms: 0,
                next_guest: UNSTORED_GUESTS_FROM,
                guest_names: HashSet::new(),
                draining: None,
            }),
            inflater: RefCell::default(),
            ready: RefCell::default(),
            held: RefCell::default(),
            registry,
            turn: Notify::new(),
            started: Instant::now(),
        }
    }

    /// Milliseconds of a clock that never jumps.
    pub(super) fn now_ms(&self) -> u64 {
        u64::try_from(self.started.elapsed().as_millis()).unwrap_or(u64::MAX)
    }
}

async fn run(engine: Arc<Engine>, packs: bool, mut inbox: Inbox, mut orders: mpsc::Receiver<Order>) {
    let (mut readiness, registry) = match Readiness::new() {
        Ok(made) => made,
        Err(error) => panic!("the system gives no set of sockets to watch: {error}"),
    };
    let hub = Hub::new(engine.epoch(), frame::text, Remedies::ALL);
    let hub = if packs { hub.with_packing(Box::new(Packer::new())) } else { hub };
    // Nobody is here yet whom an earlier one could concern.
    let errands = engine.errands().await;
    let local = Rc::new(Local::new(engine, hub, errands, registry));
    let mut tick = tokio::time::interval(Duration::from_millis(TICK_MS));
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
                Some(order) => local.obey_order(order),
                None => break,
            },
            () = local.turn.notified() => {}
            () = readiness.wait() => {}
            () = tokio::time::sleep(local.until_held()), if !local.held.borrow().is_empty() => {}
            _ = tick.tick() => {}
        }
        // However busy the bus is, who comes, who goes and what is due has its turn.
        for _ in 0..ORDERS_PER_TURN {
            let Ok(order) = orders.try_recv() else { break };
            local.obey_order(order);
        }
        local.tick_if_due();
        // What is read now is on its way to the disk while the rest is written.
        local.look(&mut readiness);
        local.serve_ready();
        // Answers have their turn before anything is written: what they say goes into the same write as the events.
        tokio::task::yield_now().await;
        local.write_dirty();
        local.start_reads();
    }
}

impl Local {
    /// Notes which sockets became ready.
    fn look(&self, readiness: &mut Readiness) {
        let more = readiness.look(|ready| self.note(ready));
        if more {
            self.turn.notify_one();
        }
    }

    fn note(&self, ready: Ready) {
        // An event of a socket that is gone finds nobody: keys are never given twice.
        let Some(sock) = self.inner.borrow().socks.get(ready.key).cloned() else { return };
        let mut state = sock.state.borrow_mut();
        state.readable |= ready.readable;
        state.ended |= ready.ended;
        state.writable |= ready.writable;
        let has_news = ready.readable || state.blocked;
        drop(state);
        if has_news {
            self.resume(&sock);
        }
    }

    /// Puts a socket among those to go on with.
    pub(super) fn resume(&self, sock: &Rc<Sock>) {
        if !std::mem::replace(&mut sock.state.borrow_mut().queued, true) {
            self.ready.borrow_mut().push_back(Rc::clone(sock));
            self.turn.notify_one();
        }
    }

    /// Goes on with the sockets that are ready; those that become so meanwhile have their turn after the others were
    /// written to.
    fn serve_ready(self: &Rc<Self>) {
        let now_ms = self.now_ms();
        while let Some(entry) = self.held.borrow_mut().first_entry().filter(|entry| entry.key().0 <= now_ms) {
            self.resume(&entry.remove());
        }
        let mut count = self.ready.borrow().len().min(READS_PER_TURN);
        while count > 0 {
            // The writer wakes up once for all of them.
            let _gathering = self.engine.gather();
            for _ in 0..count.min(READS_TOGETHER) {
                let Some(sock) = self.ready.borrow_mut().pop_front() else { break };
                self.serve_alone(&sock);
            }
            count -= count.min(READS_TOGETHER);
        }
    }

    /// A panic over what one socket sent ends that socket alone (S99). A lane that was left half changed by it is found by the next
    /// audit.
    fn serve_alone(self: &Rc<Self>, sock: &Rc<Sock>) {
        let served = std::panic::catch_unwind(AssertUnwindSafe(|| self.serve(sock)));
        if served.is_err() {
            tracing::error!("a socket's turn panicked; the socket is closed");
            self.remove(sock);
        }
    }

    /// How long until a held socket is to be looked at again.
    fn until_held(&self) -> Duration {
        let until_ms = self.held.borrow().first_key_value().map_or(0, |((until_ms, _), _)| *until_ms);
        Duration::from_millis(until_ms.saturating_sub(self.now_ms()))
    }

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
            Envelope::Notice { notice: Notice::You { you }, .. } => {
                drop(inner);
                self.tell_what_they_are(&[you]);
            }
            Envelope::Notice { epoch, user, notice } => inner.hub.notify(&epoch, user, &notice),
            Envelope::SessionEnded { token_hash } => {
                drop(inner);
                self.close_sessions(&[token_hash]);
            }
        }
    }

    fn obey_order(self: &Rc<Self>, order: Order) {
        match order {
            Order::Adopt(socket) => self.adopt(socket),
            Order::Drain { spread_ms, done } => self.drain(spread_ms, done),
        }
    }

    /// Whether the house is closing: nothing new is taken from anyone.
    pub(super) fn is_draining(&self) -> bool {
        self.inner.borrow().draining.is_some()
    }

    fn adopt(self: &Rc<Self>, socket: Socket) {
        let Socket { stream, early, entry, packs, crowd, guard } = socket;
        let now_ms = self.now_ms();
        backlog::bound(&stream);
        let mut stream = mio::net::TcpStream::from_std(stream);
        let mut inner = self.inner.borrow_mut();
        let (who, wire) = match &entry {
            Entry::Full { actor } => {
                let wire = if packs { Wire::Packed } else { Wire::Full };
                (Author { id: actor.user.id, name: actor.user.name.clone() }, wire)
            }
            #[cfg(feature = "conformance")]
            Entry::Echo => (Author { id: UserId(0), name: "Echo".to_owned() }, Wire::Full),
            Entry::Classic => {
                inner.next_guest += 1;
                let mut names = (0..).map(|tried| self.engine.guest_name(tried));
                let name = names.find(|name| inner.guest_names.insert(name.clone())).unwrap_or_default();
                (Author { id: UserId(inner.next_guest), name }, Wire::Classic)
            }
        };
        let crowded = self.engine.limits_on() && inner.hub.connections_of(who.id) >= limits::CONNECTIONS_PER_USER_MAX;
        let name: Option<Box<str>> = wire.is_classic().then(|| who.name.as_str().into());
        let key = inner.hub.connect(who, wire, now_ms);
        if let Err(error) = readiness::watch(&self.registry, &mut stream, key) {
            tracing::warn!(%error, "an upgraded socket could not be taken over");
            inner.hub.disconnect(key, now_ms);
            inner.guest_names.remove(name.as_deref().unwrap_or_default());
            return;
        }
        let sock = Rc::new(Sock::new(key, stream, (entry, packs), (name, crowd), guard, now_ms));
        inner.socks.insert(Rc::clone(&sock));
        let draining = inner.draining.is_some();
        drop(inner);
        if draining {
            self.close(key, CloseCode::Restart);
        } else if crowded {
            self.close(key, CloseCode::TryLater);
        } else if wire.is_classic() {
            self.enter_classic(key);
        }
        sock.state.borrow_mut().partial = early.to_vec();
        self.resume(&sock);
    }

    fn tick_if_due(self: &Rc<Self>) {
        let now_ms = self.now_ms();
        let mut inner = self.inner.borrow_mut();
        if now_ms < inner.ticked_ms + TICK_MS {
            return;
        }
        inner.ticked_ms = now_ms;
        if now_ms >= inner.told_ms + PRESENCE_MS {
            inner.told_ms = now_ms;
            inner.hub.tick(now_ms, self.engine.now());
            // Before any of it is written to a socket: who hears that somebody came, and asks who is here, finds them.
            let changes = inner.hub.present_changes();
            if std::mem::replace(&mut inner.board_changes, changes) != changes {
                let (people, rooms) = (inner.hub.present_people().collect(), inner.hub.present_counts().collect());
                self.engine.board().write(people, inner.hub.people_here(), rooms);
            }
        }
        let sweep = now_ms >= inner.swept_ms + SWEEP_MS;
        if sweep {
            inner.swept_ms = now_ms;
        }
        let audit = now_ms >= inner.audited_ms + AUDIT_MS;
        if audit {
            inner.audited_ms = now_ms;
        }
        let sessions = now_ms >= inner.sessions_ms + SESSIONS_MS;
        if sessions {
            inner.sessions_ms = now_ms;
        }
        drop(inner);
        if sweep {
            self.sweep(now_ms);
            self.close_sessions(&self.engine.take_ended());
            spawn_local(Rc::clone(self).look_for_errands());
        }
        self.close_drained(now_ms);
        if sessions {
            spawn_local(Rc::clone(self).look_up_sessions());
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
        let limit = read.events_max();
        let heard = match read {
            Read::Lane { room, after, ticket } => {
                let answer = self.engine.tail(room, after, limit).await;
                self.inner.borrow_mut().hub.filled(room, ticket, answer, self.now_ms())
            }
            Read::Replay { connection, room, after } => {
                let answer = self.engine.tail(room, after, limit).await;
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
        {
            let mut inner = self.inner.borrow_mut();
            let everyone = inner.hub.keys();
            let notice = ServerFrame::Notice { notice: Notice::Draining { spread_ms } };
            for key in &everyone {
                let full = inner.socks.get(*key).is_some_and(|sock| !sock.is_classic());
                if full {
                    inner.hub.tell(*key, &notice);
                }
            }
            inner.draining = Some(Draining { done, since_ms: self.now_ms() });
        }
        self.close_drained(self.now_ms());
        self.finish_drain();
    }

    /// Closes whoever has had all their answers, and after a while everybody.
    fn close_drained(self: &Rc<Self>, now_ms: u64) {
        let answered: Vec<Key> = {
            let inner = self.inner.borrow();
            let Some(draining) = &inner.draining else { return };
            let patient = now_ms < draining.since_ms + DRAIN_ANSWERS_MS;
            let is_busy = |sock: &Sock| patient && sock.state.borrow().in_flight > 0;
            inner.socks.iter().filter(|sock| !is_busy(sock)).map(|sock| sock.key).collect()
        };
        for key in answered {
            self.close(key, CloseCode::Restart);
        }
    }

    /// Closes the sockets of sessions that have ended (CON-7).
    fn close_sessions(self: &Rc<Self>, ended: &[TokenHash]) {
        if ended.is_empty() {
            return;
        }
        let has_ended = |sock: &Sock| matches!(&sock.entry, Entry::Full { actor } if actor.token_hash.is_some_and(|hash| ended.contains(&hash)));
        let keys: Vec<Key> =
            self.inner.borrow().socks.iter().filter(|sock| has_ended(sock)).map(|sock| sock.key).collect();
        for key in keys {
            self.close(key, CloseCode::SignedOut);
        }
    }

    /// Looks up every live socket's session: one that ended by age, or that another node ended, closes its sockets; the
    /// others are noted as used.
    pub(super) async fn look_up_sessions(self: Rc<Self>) {
        let sessions: HashSet<TokenHash> = {
            let inner = self.inner.borrow();
            let actors = inner.socks.iter().filter_map(|sock| match &sock.entry {
                Entry::Full { actor } => actor.token_hash,
                _ => None,
            });
            actors.collect()
        };
        let sessions: Vec<TokenHash> = sessions.into_iter().collect();
        for some in sessions.chunks(SESSIONS_PER_READ) {
            let looked = self.engine.look_at_sessions(some.to_vec()).await;
            self.close_sessions(&looked.ended);
            self.tell_what_they_are(&looked.holders);
        }
    }

    /// Says that the drain is over once the last socket is gone.
    pub(super) fn finish_drain(&self) {
        let mut inner = self.inner.borrow_mut();
        if inner.socks.is_empty()
            && let Some(draining) = inner.draining.take()
        {
            // Whoever waited may have run out of patience.
            let _ = draining.done.send(());
        }
    }
}
