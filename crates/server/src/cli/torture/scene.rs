//! The house that is tortured, its rooms, and how people get into them.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::Duration;

use anyhow::Context;
use parlour_client::{Client, Session};
use parlour_protocol::http::HistoryPage;
use parlour_protocol::{Command, Hello, History, Reply, RoomId, Seq};
use tokio::time::{Instant, sleep, timeout};

use super::Options;
use super::book::Book;
use super::evidence::{Entry, NewEpoch};
use super::line::{Hits, Line, Nature, Way};
use super::plan::Kind;
use crate::cli::house::{Clock, House};

/// Rooms that are made for it; the lobby of a house of its own comes on top.
const ROOMS: usize = 2;
/// The house answers a reading within this time, or not at all.
const READ: Duration = Duration::from_secs(5);
/// A page that was refused or lost is asked for again after this time.
const PAGE_AGAIN: Duration = Duration::from_millis(200);
/// One request of a page takes no longer.
const PAGE: Duration = Duration::from_secs(2);

/// The house that is tortured, and how it is reached.
pub(super) struct Scene {
    /// Its process; none when it is not ours.
    pub(super) house: Option<House>,
    /// What the lines know of it.
    pub(super) way: Arc<Way>,
    /// Someone who is in every room and whom no fault meets.
    pub(super) warden: Session,
    /// The rooms that are written to.
    pub(super) rooms: Vec<RoomId>,
    /// Part of every name, so that a house can be tortured twice.
    tag: String,
    /// Why the clock did not jump, if it did not.
    pub(super) no_clock: Option<&'static str>,
}

impl Scene {
    /// Starts a house in the folder, or comes into the one that runs, and makes the rooms.
    pub(super) async fn set(options: &Options, folder: &Path) -> anyhow::Result<Scene> {
        let mut no_clock = None;
        let house = match options.house {
            Some(_) => None,
            None => {
                let wanted = options.kinds.contains(&Kind::Clock);
                let clock = if wanted { Clock::find(folder).map_err(|why| no_clock = Some(why)).ok() } else { None };
                Some(House::start(folder, clock)?)
            }
        };
        let address = match (&options.house, &house) {
            (Some(address), _) => *address,
            (None, Some(house)) => house.address,
            (None, None) => unreachable!("a house is ours or it is not"),
        };
        let tag = format!("{:04x}", uuid::Uuid::new_v4().as_fields().1);
        let reach =
            "is no house that lets me in: is its address right, does it run, and is its door open (--door open)?";
        let warden = Session::sign_in(address, &format!("warden {tag}")).await;
        let warden = warden.with_context(|| format!("{address} {reach}"))?;
        let way = Arc::new(Way { house: address, open: AtomicBool::new(true), hits: Hits::default() });
        let mut scene = Scene { house, way, warden, rooms: Vec::new(), tag, no_clock };
        scene.make_rooms(options).await?;
        Ok(scene)
    }

    async fn make_rooms(&mut self, options: &Options) -> anyhow::Result<()> {
        let (mut client, welcome) = Client::connect(&self.warden, Hello::default()).await?;
        if self.house.is_some() {
            self.rooms.push(RoomId::LOBBY);
            let wanted = options.kinds.contains(&Kind::Clock) && self.no_clock.is_none();
            if wanted && !Clock::is_false(welcome.server_time.0) {
                self.no_clock = Some("libfaketime has no effect on this program");
            }
        }
        for number in 1..=ROOMS {
            let name = format!("torture {} {number}", self.tag);
            match client
                .request(Command::CreateRoom { name, topic: String::new(), closed: false, history: History::All })
                .await?
            {
                Reply::Room { state } => self.rooms.push(state.room.id),
                other => anyhow::bail!("asked for a room, the house answers {other:?}"),
            }
        }
        Ok(())
    }

    /// A line to the house.
    pub(super) async fn line(&self, nature: Nature) -> anyhow::Result<Line> {
        Ok(Line::open(Arc::clone(&self.way), nature).await?)
    }

    /// Lets someone in, and into every room.
    pub(super) async fn admit(&self, name: &str) -> anyhow::Result<Session> {
        let session = Session::sign_in(self.way.house, &format!("{name} {}", self.tag)).await?;
        let (mut client, _) = Client::connect(&session, Hello::default()).await?;
        for room in self.rooms.iter().filter(|room| **room != RoomId::LOBBY) {
            client.request(Command::JoinRoom { room: *room }).await?;
        }
        Ok(session)
    }

    /// Lets someone in who is reached over a line of their own from then on.
    pub(super) async fn admit_over(&self, name: &str, nature: Nature) -> anyhow::Result<(Line, Session)> {
        let line = self.line(nature).await?;
        let session = self.admit(name).await?.over(line.address);
        Ok((line, session))
    }

    /// The heads of all rooms.
    pub(super) async fn heads(&self) -> anyhow::Result<BTreeMap<RoomId, Seq>> {
        let mut heads = BTreeMap::new();
        for room in &self.rooms {
            heads.insert(*room, self.page(*room, "limit=1").await?.head);
        }
        Ok(heads)
    }

    async fn page(&self, room: RoomId, query: &str) -> anyhow::Result<HistoryPage> {
        let until = Instant::now() + READ;
        loop {
            match timeout(PAGE, self.warden.history(room, query)).await {
                Ok(Ok(page)) => return Ok(page),
                Ok(Err(error)) if Instant::now() > until => return Err(error).context("the store cannot be read"),
                Err(_) if Instant::now() > until => anyhow::bail!("the store cannot be read: the house is silent"),
                Ok(Err(_)) | Err(_) => sleep(PAGE_AGAIN).await,
            }
        }
    }

    /// Reads every room from its beginning to its end.
    pub(super) async fn store(&self, book: &Book) -> anyhow::Result<BTreeMap<RoomId, Vec<Entry>>> {
        let mut store = BTreeMap::new();
        for room in &self.rooms {
            let mut log: Vec<Entry> = Vec::new();
            loop {
                let after = log.last().map_or(Seq::ZERO, |entry| entry.seq);
                let page = self.page(*room, &format!("after={after}&limit=200")).await?;
                book.epoch(&page.epoch, |before, now| NewEpoch { told: None, before, now });
                if page.events.is_empty() {
                    break;
                }
                log.extend(page.events.iter().map(Entry::new));
            }
            store.insert(*room, log);
        }
        Ok(store)
    }
}
