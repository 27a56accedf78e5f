//! The product without sockets: who comes in, what they ask, what is read; and the hub that tells everyone.
//!
//! [`Engine`] answers; [`hub::Hub`] delivers. The edges (HTTP, WebSocket, CLI) call [`Engine`] and drive a hub. Every
//! change of a room is a [`Command`](parlour_protocol::Command) and goes through [`Engine::handle`]; what the commit made
//! durable comes back over the bus.

mod accounts;
mod administration;
mod board;
mod cards;
mod ceremonies;
mod commands;
mod entrance;
mod files;
mod guard;
mod houses;
pub mod hub;
mod identities;
mod links;
pub mod oidc;
mod outgoing;
mod passkeys;
mod password_line;
mod passwords;
mod pictures;
mod reading;
mod remembered;
mod searching;
mod second_factor;
mod throttle;
mod token;

use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Instant, SystemTime, UNIX_EPOCH};

use parlour_domain::access::{Action, Facts, Right, Who};
use parlour_protocol::user::Door;
use parlour_protocol::{Epoch, Notice, Refusal, Timestamp, User, UserId};
use parlour_store::{Committed, HouseFacts, Store, StoreError};

pub use accounts::{Browser, CameIn};
pub use board::Board;
pub use commands::Answer;
pub use entrance::NameRefused;
pub use files::{Part, Stored};
pub use identities::{Answer as ProviderAnswer, Back, Started};
pub use links::{Made, new_link};
pub use parlour_bus::{Bus, Envelope, Inbox};
pub use parlour_domain::{access, account, device, file, name, rate, text::Draft};
pub use parlour_store::{Form, Gathering, PageOf, Pipeline, TokenHash};
pub use passkeys::{Answered, Proofs, Question, Site};
pub use second_factor::Begun;
pub use token::Token;

/// What the engine is told about the house.
#[derive(Clone, Debug)]
pub struct Config {
    /// The name of the house, until its owner gives it one.
    pub house_name: String,
    /// How it is entered, until its owner says.
    pub door: Door,
    /// Whether rate limits and caps per address and person hold; off for a benchmark only.
    pub limits: bool,
    /// Whether the house looks at where messages lead, until its owner says (CARD-1).
    pub link_cards: bool,
    /// Hosts of the own network whose pages may be shown on cards all the same: `name`, or `name:port`.
    pub card_hosts: Vec<String>,
    /// By what names the house itself is known: it asks nothing of itself.
    pub own_names: Vec<String>,
    /// Providers of identities by which one may come in.
    pub providers: Vec<oidc::Settings>,
    /// The server's version.
    pub version: &'static str,
}

/// Who asks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Actor {
    /// The person or guest.
    pub user: User,
    /// The session they came with; none for a guest.
    pub token_hash: Option<TokenHash>,
}

impl Actor {
    /// Who they were when their session was looked up. What changes something asks again in its transaction.
    fn who(&self) -> Who {
        Who::Inside(self.user.role)
    }
}

/// The product.
pub struct Engine {
    config: Config,
    store: Arc<dyn Store>,
    bus: Arc<dyn Bus>,
    throttle: throttle::Throttle,
    board: Board,
    /// Sessions that ended and whose sockets the shard has not closed yet. It takes them twice a second; the bus only makes
    /// it sooner, and may drop a hint (CON-7).
    ended: Mutex<Vec<TokenHash>>,
    remembered: remembered::Remembered,
    /// The house, and when it was read; none when it is due.
    facts: Mutex<Option<(HouseFacts, Option<u64>)>>,
    passwords: passwords::Passwords,
    pictures: Arc<pictures::Pictures>,
    cards: cards::Cards,
    parts: Arc<files::Parts>,
    ceremonies: ceremonies::Ceremonies,
    providers: oidc::Providers,
    started: Instant,
}

impl Engine {
    /// Makes the engine over an open store and a bus. Commits must reach the bus by [`publish_commits`].
    #[must_use]
    pub fn new(config: Config, store: Arc<dyn Store>, bus: Arc<dyn Bus>) -> Arc<Engine> {
        let providers = oidc::Providers::new(&config.providers);
        let pictures = Arc::<pictures::Pictures>::default();
        Arc::new(Engine {
            store: Arc::clone(&store),
            bus,
            throttle: throttle::Throttle::default(),
            board: Board::default(),
            ended: Mutex::default(),
            remembered: remembered::Remembered::default(),
            facts: Mutex::default(),
            passwords: passwords::Passwords::default(),
            cards: cards::Cards::new(guard::Guard::new(&config.card_hosts, &config.own_names), &store, &pictures),
            pictures,
            parts: Arc::default(),
            ceremonies: ceremonies::Ceremonies::default(),
            providers,
            config,
            started: Instant::now(),
        })
    }

    /// Which life of the store this is.
    #[must_use]
    pub fn epoch(&self) -> Epoch {
        self.store.epoch()
    }

    /// What is written while the guard lives is begun together; see [`Store::gather`].
    #[must_use]
    pub fn gather(&self) -> Gathering {
        self.store.gather()
    }

    /// How the house is configured.
    #[must_use]
    pub fn config(&self) -> &Config {
        &self.config
    }

    /// Who is present, as the hub last said.
    #[must_use]
    pub fn board(&self) -> &Board {
        &self.board
    }

    /// The wall clock.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        wall_clock()
    }

    /// Sessions that ended since this was asked last.
    #[must_use]
    pub fn take_ended(&self) -> Vec<TokenHash> {
        std::mem::take(&mut self.ended.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// A clock that never jumps, in milliseconds, for limits.
    fn steady_ms(&self) -> u64 {
        u64::try_from(self.started.elapsed().as_millis()).unwrap_or(u64::MAX)
    }

    /// A hint to every connection of a person.
    fn tell(&self, user: UserId, notice: Notice) {
        self.bus.publish_hint(Envelope::Notice { epoch: self.epoch(), user, notice });
    }

    /// Asks the permission table about an act of the house.
    fn may(&self, action: Action, who: Who) -> Result<Right, Refusal> {
        access::check(action, &Facts { who, door: self.door(), room: None })
    }
}

/// What the wall clock shows.
fn wall_clock() -> Timestamp {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    Timestamp(i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
}

/// Sends what a commit made durable to everyone: after the commit, in its order, before its senders are answered. One
/// envelope a room.
pub fn publish_commits(bus: &dyn Bus, committed: Committed) {
    let Committed { epoch, events } = committed;
    let mut rooms: Vec<(parlour_protocol::RoomId, Vec<Arc<parlour_protocol::Event>>)> = Vec::new();
    for event in events {
        match rooms.iter_mut().find(|(room, _)| *room == event.room) {
            Some((_, events)) => events.push(event),
            None => rooms.push((event.room, vec![event])),
        }
    }
    for (room, events) in rooms {
        bus.publish(Envelope::Events { epoch: epoch.clone(), room, events: events.into() });
    }
}

/// Turns what the store said into what an asker is told; a fault is logged once, here.
fn refuse(error: StoreError) -> Refusal {
    if let StoreError::Fault(fault) = &error {
        tracing::error!(fault, "a request failed in the store");
    }
    error.into_refusal()
}
