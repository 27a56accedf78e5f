//! Readers: each follows several rooms by its cursors through everything that happens, and writes down all it is shown.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use parlour_client::{Client, ClientError, Session};
use parlour_protocol::{Command, Epoch, Event, Hello, RoomId, Seq, ServerFrame};
use tokio::time::{Instant, sleep, timeout};

use super::book::{Book, Phase};
use super::evidence::{Came, Entry, Follow, Heard, NewEpoch};
use super::plan::Party;

/// Who hears nothing for so long, not even an answer to a ping, comes again. Longer than a freeze lasts.
const PATIENCE: Duration = Duration::from_secs(3);
/// Who hears nothing for so long asks whether the connection lives.
const ASK_AFTER: Duration = Duration::from_secs(1);
/// How often the phase is looked at when nothing comes.
const LOOK_EVERY: Duration = Duration::from_millis(100);
/// Between two attempts to connect.
const AGAIN: Duration = Duration::from_millis(25);
/// A reader that lags rests so long …
const REST: Duration = Duration::from_millis(60);
/// … after so many events.
const REST_AFTER: u32 = 10;
/// A reader that stays away does so for these times in turn: what it misses then is in memory, only in the store, or too
/// much to be told.
const AWAY_MS: [u64; 4] = [400, 1_200, 1_800, 2_600];

/// How a reader reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Habit {
    /// Everything at once.
    Steady,
    /// More slowly than is written.
    Lags,
    /// Comes back late whenever its connection is lost.
    StaysAway,
}

/// Where a reader begins.
#[derive(Clone, Debug)]
pub(super) enum Start {
    /// At the head of each room.
    Fresh,
    /// Where it was when it went away.
    At {
        /// The epoch it knows.
        epoch: Epoch,
        /// The last place it holds of each room.
        cursors: BTreeMap<RoomId, Seq>,
        /// The house was restored meanwhile: what it holds is void, and it must be told so.
        restored: bool,
    },
}

/// One reader.
pub(super) struct Reader {
    /// Its number and its account.
    pub(super) heard: Arc<Mutex<Heard>>,
    /// Its session, over its line.
    pub(super) session: Session,
    /// The rooms it follows.
    pub(super) rooms: Vec<RoomId>,
    /// What everyone shares.
    pub(super) book: Arc<Book>,
    /// How it reads.
    pub(super) habit: Habit,
    /// Where it begins.
    pub(super) start: Start,
}

/// Where a reader is.
#[derive(Default)]
struct Place {
    epoch: Option<Epoch>,
    cursors: BTreeMap<RoomId, Seq>,
    unrested: u32,
    times_away: usize,
}

impl Reader {
    /// Reads until it has seen everything there is after the last message.
    pub(super) async fn read(self) {
        let mut place = match &self.start {
            Start::Fresh => Place::default(),
            Start::At { epoch, cursors, .. } => {
                Place { epoch: Some(epoch.clone()), cursors: cursors.clone(), ..Place::default() }
            }
        };
        loop {
            let cursors = place.cursors.iter().map(|(room, seq)| (*room, *seq)).collect();
            let hello = Hello { epoch: place.epoch.clone(), cursors };
            let connected = timeout(PATIENCE, Client::connect(&self.session, hello)).await;
            let Ok(Ok((mut client, welcome))) = connected else {
                sleep(AGAIN).await;
                continue;
            };
            self.book.connections.add(1);
            self.told_epoch(&welcome.epoch);
            let is_back = place.epoch.is_some();
            let void = is_back && place.epoch.as_ref() != Some(&welcome.epoch);
            let restored = matches!(self.start, Start::At { restored: true, .. });
            if !is_back {
                // Rooms that are not named in hello start at their head.
                let ours = welcome.rooms.iter().filter(|state| self.rooms.contains(&state.room.id));
                self.follow(&mut place, ours.map(|state| (state.room.id, state.head)).collect());
            } else if restored && void {
                // What it holds is void; the reset that must come makes it read everything.
                self.follow(&mut place, self.rooms.iter().map(|room| (*room, Seq::ZERO)).collect());
            }
            for state in welcome.rooms.iter().filter(|_| is_back) {
                let Some(&cursor) = place.cursors.get(&state.room.id) else { continue };
                let floor = state.floor.max(Seq(state.since.0.saturating_sub(1)));
                self.note(state.room.id, Came::Back { cursor, floor, head: state.head, void });
            }
            place.epoch = Some(welcome.epoch);
            if self.listen(&mut client, &mut place).await.is_ok() {
                return;
            }
            if self.habit == Habit::StaysAway && self.book.phase() == Phase::Load {
                sleep(Duration::from_millis(AWAY_MS[place.times_away % AWAY_MS.len()])).await;
                place.times_away += 1;
            }
        }
    }

    /// Begins anew after these places.
    fn follow(&self, place: &mut Place, cursors: BTreeMap<RoomId, Seq>) {
        self.lock().rooms = cursors.iter().map(|(room, after)| (*room, Follow::after(*after))).collect();
        place.cursors = cursors;
    }

    /// Listens to one connection until it breaks, or until everything was seen.
    async fn listen(&self, client: &mut Client, place: &mut Place) -> Result<(), ClientError> {
        let (mut heard_at, mut asked_at) = (Instant::now(), Instant::now());
        loop {
            let phase = self.book.phase();
            if let Phase::Finish(heads) = &phase
                && place.cursors.iter().all(|(room, cursor)| heads.get(room).is_none_or(|head| cursor >= head))
            {
                return Ok(());
            }
            let Ok(frame) = timeout(LOOK_EVERY, client.next()).await else {
                if heard_at.elapsed() > PATIENCE {
                    return Err(ClientError::Failed("nothing is heard".to_owned()));
                }
                if heard_at.elapsed() > ASK_AFTER && asked_at.elapsed() > ASK_AFTER {
                    asked_at = Instant::now();
                    let asked = timeout(ASK_AFTER, client.send(Command::Ping)).await;
                    asked.unwrap_or_else(|_| Err(ClientError::Failed("the line takes nothing".to_owned())))?;
                }
                continue;
            };
            heard_at = Instant::now();
            match frame? {
                ServerFrame::Event(event) => self.see(&event, place),
                ServerFrame::Reset { room, head, floor } => self.reset(room, head, floor, place).await?,
                _ => continue,
            }
            if self.habit == Habit::Lags && place.unrested >= REST_AFTER && phase == Phase::Load {
                place.unrested = 0;
                sleep(REST).await;
            }
        }
    }

    fn see(&self, event: &Event, place: &mut Place) {
        let Some(cursor) = place.cursors.get_mut(&event.room) else { return };
        if event.seq != cursor.next() {
            self.book.violations.add(1);
        }
        // What comes is written down as it comes, also where it is wrong; the next hello goes on after the highest.
        *cursor = event.seq.max(*cursor);
        place.unrested += 1;
        self.book.seen.add(1);
        let Entry { seq, print, text, .. } = Entry::new(event);
        self.note(event.room, Came::Event(seq, print, text));
    }

    /// The house goes on after `head`: what is between is read over HTTP, as every client does.
    async fn reset(&self, room: RoomId, head: Seq, floor: Seq, place: &mut Place) -> Result<(), ClientError> {
        let Some(&cursor) = place.cursors.get(&room) else { return Ok(()) };
        self.book.resets.add(1);
        self.note(room, Came::Reset { cursor, floor, head });
        let mut after = cursor.max(floor);
        place.cursors.insert(room, after);
        while after < head {
            let query = format!("after={after}&limit=200");
            let page = timeout(PATIENCE, self.session.history(room, &query)).await;
            let page = page.map_err(|_| ClientError::Failed("no history in time".to_owned()))?;
            let page = page.map_err(|error| ClientError::Failed(error.to_string()))?;
            self.told_epoch(&page.epoch);
            let Some(last) = page.events.last().map(|event| event.seq) else {
                return Err(ClientError::Failed("history ends before the head".to_owned()));
            };
            page.events.iter().filter(|event| event.seq <= head).for_each(|event| self.see(event, place));
            after = last;
        }
        Ok(())
    }

    fn told_epoch(&self, epoch: &Epoch) {
        let party = Some(Party::Reader(self.lock().reader));
        self.book.epoch(epoch, |before, now| NewEpoch { told: party, before, now });
    }

    fn note(&self, room: RoomId, came: Came) {
        if let Some(follow) = self.lock().rooms.get_mut(&room) {
            follow.came.push(came);
        }
    }

    fn lock(&self) -> MutexGuard<'_, Heard> {
        self.heard.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
