//! Absence: readers come back after missing 0 to 100,000 events (0 to 10,000 in a debug build), to a house that went on, that was killed, that is a
//! month older, and that was restored from a backup made while it ran. Each must get all it missed, or an open reset.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::{Command as Process, Stdio};
use std::sync::atomic::Ordering;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use anyhow::{Context, bail};
use parlour_client::{Client, Session};
use parlour_protocol::{Command, Epoch, Hello, Reply, RoomId, Seq, ServerFrame, limits};
use tokio::time::{Instant, interval, timeout};

use super::Options;
use super::book::{Book, Phase};
use super::evidence::{Acknowledged, Evidence, Follow, Heard, Said, text};
use super::line::Nature;
use super::plan::Kind;
use super::progress::Progress;
use super::reader::{Habit, Reader, Start};
use super::run::{Also, Outcome, READ, SETTLE, at_rest};
use super::scene::Scene;
use super::tamper::{Control, Liar};
use super::writer::fresh;

/// The longest absence. A debug build serves slowly, and is for finding a broken path early.
const MOST: u64 = if cfg!(debug_assertions) { 10_000 } else { 100_000 };
/// What readers have missed when they come back: around what is in memory, what is told again, and far beyond.
const MISSED: [u64; 10] = [0, 1, 2, 255, 257, 499, 500, 501, MOST / 10, MOST];
/// After a restore everyone reads everything, so these are enough.
const MISSED_RESTORED: [u64; 3] = [0, 500, MOST];
/// The one a control lies to: it misses enough to be lied to, and too little to be reset.
const DECEIVED: usize = 5;
/// The one that is replayed to by that control: it misses one event too many to be.
const REPLAYED: usize = 7;
/// More than the longest absence.
const HISTORY: u64 = MOST + 100;
/// Writers who fill the room before anyone comes back.
const FILLERS: usize = 4;
/// Messages under way at once.
const UNDER_WAY: usize = 50;
/// While readers come back, and while a backup is made, somebody goes on writing at this pace …
const PACE: Duration = Duration::from_millis(2);
/// … so many messages.
const LIVE: u64 = 500;
/// All of them are back within this time.
const LEGS: Duration = Duration::from_secs(55);
/// An hour before a session that nobody used ends.
const MONTH_S: i64 = limits::SESSION_IDLE_MS / 1_000 - 3_600;

/// Lets everyone come back, again and again.
pub(super) async fn run(options: &Options, folder: &Path, book: Arc<Book>) -> anyhow::Result<Outcome> {
    let mut stage =
        timeout(SETTLE, Stage::set(options, folder, &book)).await.context("the house does not answer")??;
    let progress = Progress::start(Arc::clone(&book), Arc::clone(&stage.scene.way));
    let filled = timeout(options.lasts, stage.fill()).await;
    filled.with_context(|| format!("{HISTORY} messages take longer than this here; give it more --minutes"))??;
    let told = timeout(LEGS, stage.legs(options, folder)).await;
    let told = told.unwrap_or_else(|_| bail!("those who came back were not served in time"));
    progress.end();
    Ok(match told {
        Ok(evidence) => stage.outcome(evidence),
        Err(problem) => Outcome::broken(stage.scene, book, &problem),
    })
}

struct Stage {
    scene: Scene,
    book: Arc<Book>,
    room: RoomId,
    /// Who fills the room, and who writes while the others come back.
    fillers: Vec<Filler>,
    /// Writes while the backup is made. What it says after that is lost, and known to be.
    doomed: Filler,
    /// Writes after the restore.
    after: Filler,
    reader: Session,
    returned: u64,
    also: Vec<Also>,
}

impl Stage {
    async fn set(options: &Options, folder: &Path, book: &Arc<Book>) -> anyhow::Result<Stage> {
        let scene = Scene::set(options, folder).await?;
        let room = *scene.rooms.last().context("there is a room")?;
        let mut people = Vec::new();
        for number in 0..FILLERS + 2 {
            let session = scene.admit(&format!("writer {number}")).await?;
            let said = Mutex::new(Said::new(number, session.you.id));
            people.push(Filler { said, session, room, book: Arc::clone(book) });
        }
        let reader = scene.admit("reader").await?;
        let (Some(after), Some(doomed)) = (people.pop(), people.pop()) else { bail!("there are people") };
        let book = Arc::clone(book);
        Ok(Stage { scene, book, room, fillers: people, doomed, after, reader, returned: 0, also: Vec::new() })
    }

    async fn fill(&self) -> anyhow::Result<()> {
        let fill = |filler| Filler::write(filler, HISTORY / FILLERS as u64, None);
        let [first, second, third, fourth] = &self.fillers[..] else { bail!("there are {FILLERS} fillers") };
        tokio::try_join!(fill(first), fill(second), fill(third), fill(fourth))?;
        Ok(())
    }

    /// Everyone comes back four times; what there is to judge before the restore and after it.
    async fn legs(&mut self, options: &Options, folder: &Path) -> anyhow::Result<Vec<Evidence>> {
        let mut heard = self.come_back(options, None).await?;
        if options.kinds.contains(&Kind::Kill) {
            self.restart(|| Ok(()))?;
            heard.extend(self.come_back(options, None).await?);
            self.also.push(Also { what: "kill", times: 1, words: "the house was killed (kill -9), and all came back" });
        }
        if options.kinds.contains(&Kind::Clock) && self.scene.no_clock.is_none() {
            self.scene.house.as_ref().map_or(Ok(()), |house| house.set_clock(MONTH_S))?;
            heard.extend(self.come_back(options, None).await?);
            self.also.push(Also {
                what: "month",
                times: 1,
                words: "a month passed but for an hour, and all came back",
            });
        }
        let before = self.evidence(heard).await?;
        let epoch = self.epoch().await?;
        let head = self.restore(folder).await?;
        let after = self.epoch().await?;
        let heard = self.come_back(options, Some((epoch.clone(), head))).await?;
        let mut restored = self.evidence(heard).await?;
        restored.restores.push((epoch.0, after.0));
        Ok(vec![before, restored])
    }

    /// Readers of every length of absence come back while somebody writes; `old` is the epoch and the head that they
    /// still have in mind after a restore.
    async fn come_back(&mut self, options: &Options, old: Option<(Epoch, Seq)>) -> anyhow::Result<Vec<Heard>> {
        let restored = old.is_some();
        let (epoch, head) = match old {
            Some(old) => old,
            None => (self.epoch().await?, self.head().await?),
        };
        self.book.enter(Phase::Load);
        let (mut lines, mut heard, mut tasks) = (Vec::new(), Vec::new(), Vec::new());
        let all_missed = if restored { &MISSED_RESTORED[..] } else { &MISSED[..] };
        for (number, missed) in all_missed.iter().enumerate() {
            let cursor = Seq(head.0.saturating_sub(*missed));
            let liar = match options.control {
                Some(Control::Replay) if number == REPLAYED && !restored => {
                    Some(Liar::replaying(self.scene.warden.clone(), cursor))
                }
                Some(control) if number == DECEIVED && !restored => Some(Liar::new(control)),
                Some(_) | None => None,
            };
            let nature = liar.map_or(Nature::Honest, |liar| Nature::Liar(Arc::new(Mutex::new(liar))));
            let line = self.scene.line(nature).await?;
            let follow = Follow::after(cursor);
            let all = Arc::new(Mutex::new(Heard { reader: number, rooms: [(self.room, follow)].into() }));
            let reader = Reader {
                heard: Arc::clone(&all),
                session: self.reader.clone().over(line.address),
                rooms: vec![self.room],
                book: Arc::clone(&self.book),
                habit: Habit::Steady,
                start: Start::At { epoch: epoch.clone(), cursors: [(self.room, cursor)].into(), restored },
            };
            tasks.push(tokio::spawn(reader.read()));
            lines.push(line);
            heard.push(all);
        }
        self.returned += all_missed.len() as u64;
        let writer = if restored { &self.after } else { &self.fillers[0] };
        writer.write(LIVE, Some(PACE)).await?;
        let heads = self.scene.heads().await?;
        let until = heads.get(&self.room).copied();
        self.book.enter(Phase::Finish(Arc::new(heads)));
        at_rest(tasks, Instant::now() + SETTLE).await;
        let heard = heard.iter().map(|heard| heard.lock().unwrap_or_else(PoisonError::into_inner).clone());
        let mut heard: Vec<Heard> = heard.collect();
        // The room goes on when they are gone again.
        heard.iter_mut().flat_map(|heard| heard.rooms.values_mut()).for_each(|follow| follow.until = until);
        Ok(heard)
    }

    async fn evidence(&mut self, heard: Vec<Heard>) -> anyhow::Result<Evidence> {
        let store =
            timeout(READ, self.scene.store(&self.book)).await.context("the store could not be read in time")??;
        // Only this room was followed.
        let store: BTreeMap<_, _> = store.into_iter().filter(|(room, _)| *room == self.room).collect();
        let people = self.fillers.iter().chain([&self.after]);
        let said = people.map(|filler| filler.lock().clone()).collect();
        let house = self.scene.house.as_mut().map(crate::cli::house::House::faults).unwrap_or_default();
        Ok(Evidence { store, said, heard, epochs: self.book.epochs(), house, restores: Vec::new() })
    }

    /// Makes a backup while somebody writes, lets more be written, and puts the backup back. Returns the head that is lost:
    /// its seqs are given to other events from now on.
    async fn restore(&mut self, folder: &Path) -> anyhow::Result<Seq> {
        let (data, file) = (folder.join("data"), folder.join("backup.db"));
        let backup = tokio::task::spawn_blocking({
            let (data, file) = (data.clone(), file.clone());
            move || parlour("backup", &data, &file, &[])
        });
        let (backup, written) = tokio::join!(backup, self.doomed.write(LIVE, Some(PACE)));
        written?;
        backup??;
        self.doomed.write(LIVE, None).await?;
        let lost = self.head().await?;
        self.book.restored();
        self.restart(|| parlour("restore", &data, &file, &["--keep-sessions"]))?;
        let words = "a backup was made while messages were written, and restored; all came back";
        self.also.push(Also { what: "restore", times: 1, words });
        Ok(lost)
    }

    fn restart(&mut self, between: impl FnOnce() -> anyhow::Result<()>) -> anyhow::Result<()> {
        let Some(house) = &mut self.scene.house else { bail!("the house is not ours") };
        self.scene.way.open.store(false, Ordering::Release);
        tokio::task::block_in_place(|| {
            house.kill();
            between()?;
            house.restart()
        })?;
        self.scene.way.open.store(true, Ordering::Release);
        Ok(())
    }

    async fn head(&self) -> anyhow::Result<Seq> {
        Ok(self.scene.heads().await?.get(&self.room).copied().unwrap_or_default())
    }

    async fn epoch(&self) -> anyhow::Result<Epoch> {
        Ok(Client::connect(&self.scene.warden, Hello::default()).await?.1.epoch)
    }

    fn outcome(self, evidence: Vec<Evidence>) -> Outcome {
        let words = match MOST {
            100_000 => "readers came back after missing 0 to 100,000 events",
            _ => "readers came back after missing 0 to 10,000 events (this is a debug build; else 100,000)",
        };
        let first = Also { what: "absence", times: self.returned, words };
        let also = [first].into_iter().chain(self.also).collect();
        Outcome { also, ..Outcome::new(self.scene, self.book, evidence) }
    }
}

/// Someone who writes over a good connection.
struct Filler {
    said: Mutex<Said>,
    session: Session,
    room: RoomId,
    book: Arc<Book>,
}

impl Filler {
    /// Writes so many messages, several at a time, and waits for all answers.
    async fn write(&self, count: u64, pace: Option<Duration>) -> anyhow::Result<()> {
        let (mut client, _) = Client::connect(&self.session, Hello::default()).await?;
        let mut tick = pace.map(interval);
        let (mut left, mut under_way) = (count, 0);
        while left > 0 || under_way > 0 {
            if left > 0 && under_way < UNDER_WAY {
                if let Some(tick) = &mut tick {
                    tick.tick().await;
                }
                client.send(self.next()).await?;
                (left, under_way) = (left - 1, under_way + 1);
                continue;
            }
            match client.next().await? {
                ServerFrame::Reply { reply: Reply::Posted { room, client_id, seq, .. }, .. } => {
                    under_way -= 1;
                    self.lock().acknowledged.push(Acknowledged { room, client_id, seq });
                    self.book.acknowledged.add(1);
                }
                ServerFrame::Refusal { refusal, .. } => bail!("a good message is refused: {refusal}"),
                _ => {}
            }
        }
        Ok(())
    }

    fn next(&self) -> Command {
        let mut said = self.lock();
        let writer = said.writer;
        let number = said.sent.entry(self.room).or_default();
        *number += 1;
        self.book.sent.add(1);
        Command::Post { room: self.room, client_id: fresh(), text: text(writer, *number), answers: None, files: vec![] }
    }

    fn lock(&self) -> MutexGuard<'_, Said> {
        self.said.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Runs this program with a command that takes a file, as an operator would.
fn parlour(command: &str, data: &Path, file: &Path, flags: &[&str]) -> anyhow::Result<()> {
    let program = std::env::current_exe().context("this program does not know where it is")?;
    let mut process = Process::new(program);
    process.arg(command).arg(file).args(flags).arg("--data").arg(data).stdin(Stdio::null());
    let output = process.output().with_context(|| format!("parlour {command} cannot be started"))?;
    if !output.status.success() {
        bail!("parlour {command} fails: {}", String::from_utf8_lossy(&output.stderr).trim());
    }
    Ok(())
}
