//! Exactly once: every answer of the house is lost, and every message is sent four times, each time over a new
//! connection. What is in the log then must be every message once, in each sender's order.

use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use anyhow::{Context, bail};
use parlour_client::{Client, ClientError, Session};
use parlour_protocol::{ClientId, Command, Hello, RoomId};
use tokio::time::{Instant, sleep, timeout};

use super::Options;
use super::book::{Book, Figure, Phase};
use super::evidence::{Said, text};
use super::line::{Line, Nature};
use super::plan::WRITERS;
use super::progress::Progress;
use super::run::{Also, Outcome, Readers, SETTLE, conclude};
use super::scene::Scene;
use super::tamper::Control;
use super::writer::fresh;

/// Messages in all.
const MESSAGES: usize = 10_000;
/// Messages of one connection: below the number of commands that may be under way.
const BATCH: usize = 50;
/// Each message is sent so often: once, and three times again.
const TIMES: usize = 4;
/// A batch that is not answered within this time is not answered.
const PATIENCE: Duration = Duration::from_secs(10);
/// How often a sender looks whether all answers to its batch were lost.
const LOOK_EVERY: Duration = Duration::from_millis(2);

/// Sends everything four times.
pub(super) async fn run(options: &Options, folder: &Path, book: Arc<Book>) -> anyhow::Result<Outcome> {
    let set = async {
        let scene = Scene::set(options, folder).await?;
        let readers = Readers::gather(options, &scene, &book).await?;
        let senders = gather(options, &scene, &book).await?;
        anyhow::Ok((scene, readers, senders))
    };
    let (scene, readers, senders) = timeout(SETTLE, set).await.context("the house does not answer")??;
    let progress = Progress::start(Arc::clone(&book), Arc::clone(&scene.way));
    let until = Instant::now() + options.lasts;
    let said: Vec<_> = senders.iter().map(|sender| Arc::clone(&sender.said)).collect();
    let lost: Vec<_> = senders.iter().map(|sender| Arc::clone(&sender.lost)).collect();
    let tasks: Vec<_> = senders.into_iter().map(|sender| tokio::spawn(sender.send_all(until))).collect();
    for task in tasks {
        task.await??;
    }
    book.enter(Phase::Settle);
    let outcome = conclude(scene, book, &said, readers).await;
    progress.end();
    let lost = Also {
        what: "lost-answer",
        times: lost.iter().map(|lost| lost.get()).sum(),
        words: "an answer was lost: all of them, and each message was sent four times, over new connections",
    };
    Ok(Outcome { also: vec![lost], ..outcome })
}

async fn gather(options: &Options, scene: &Scene, book: &Arc<Book>) -> anyhow::Result<Vec<Sender>> {
    let mut senders = Vec::new();
    for number in 0..WRITERS {
        let lost = Arc::new(Figure::default());
        let (line, session) = scene.admit_over(&format!("writer {number}"), Nature::Deaf(Arc::clone(&lost))).await?;
        senders.push(Sender {
            said: Arc::new(Mutex::new(Said::new(number, session.you.id))),
            session,
            _line: line,
            lost,
            rooms: scene.rooms.clone(),
            book: Arc::clone(book),
            forgets: options.control == Some(Control::Forget) && number == 0,
        });
    }
    Ok(senders)
}

/// A writer who hears nothing.
struct Sender {
    said: Arc<Mutex<Said>>,
    session: Session,
    /// Open as long as the sender sends.
    _line: Line,
    /// Answers that were lost on the line. The sender does not learn what they said, only that the house took what it
    /// sent: without that a connection could be closed too early.
    lost: Arc<Figure>,
    rooms: Vec<RoomId>,
    book: Arc<Book>,
    forgets: bool,
}

impl Sender {
    async fn send_all(self, until: Instant) -> anyhow::Result<()> {
        for _ in 0..MESSAGES / WRITERS / BATCH {
            if self.book.is_stopped() {
                return Ok(());
            }
            if Instant::now() > until {
                bail!("{MESSAGES} messages four times take longer than this here; give it more --minutes");
            }
            let before = self.lost.get();
            let mut batch: Vec<(RoomId, ClientId, String)> = (0..BATCH).map(|turn| self.next(turn)).collect();
            // All of them stay open until the house has answered on each: the four race each other.
            let mut open = Vec::new();
            for time in 0..TIMES {
                if time > 0 && self.forgets {
                    batch.iter_mut().for_each(|(_, id, _)| *id = fresh());
                }
                let sent = timeout(PATIENCE, self.send(&batch)).await.context("the house takes nothing")?;
                open.push(sent.context("the house does not take a connection")?);
            }
            let wanted = before + (BATCH * TIMES) as u64;
            let answered = timeout(PATIENCE, async {
                while self.lost.get() < wanted {
                    sleep(LOOK_EVERY).await;
                }
            });
            answered.await.with_context(|| format!("the house answered {} of {wanted}", self.lost.get()))?;
            let mut said = self.said.lock().unwrap_or_else(PoisonError::into_inner);
            said.repeats += (BATCH * (TIMES - 1)) as u64;
        }
        Ok(())
    }

    fn next(&self, turn: usize) -> (RoomId, ClientId, String) {
        let room = self.rooms[turn % self.rooms.len()];
        let mut said = self.said.lock().unwrap_or_else(PoisonError::into_inner);
        let writer = said.writer;
        let number = said.sent.entry(room).or_default();
        *number += 1;
        self.book.sent.add(1);
        (room, fresh(), text(writer, *number))
    }

    /// Sends a batch over a connection of its own and hears nothing, not even whether it was welcome.
    async fn send(&self, batch: &[(RoomId, ClientId, String)]) -> Result<Client, ClientError> {
        let mut client = Client::open(&self.session).await?;
        client.send(Command::Hello(Hello::default())).await?;
        for (room, client_id, text) in batch {
            client
                .send(Command::Post {
                    room: *room,
                    client_id: *client_id,
                    text: text.clone(),
                    answers: None,
                    files: vec![],
                })
                .await?;
        }
        self.book.connections.add(1);
        Ok(client)
    }
}
