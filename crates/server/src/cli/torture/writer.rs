//! Writers: several messages under way at once, each sent again under its own id until it is answered, in order.

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use parlour_client::{Client, ClientError, Session};
use parlour_protocol::{ClientId, Command, Hello, RoomId, ServerFrame};
use tokio::time::{Instant, sleep, timeout};

use super::book::{Book, Phase};
use super::evidence::{Acknowledged, NewEpoch, Said, text};
use super::plan::Party;

/// Messages one writer has under way at most.
const UNDER_WAY: usize = 24;
/// Who is owed an answer and hears none for so long comes again.
const PATIENCE: Duration = Duration::from_secs(2);
/// Between two attempts to connect.
const AGAIN: Duration = Duration::from_millis(25);

/// One writer.
pub(super) struct Writer {
    /// Its number and its account.
    pub(super) said: Arc<Mutex<Said>>,
    /// Its session, over its line.
    pub(super) session: Session,
    /// The rooms it writes to, in turn.
    pub(super) rooms: Vec<RoomId>,
    /// From one new message to the next.
    pub(super) pace: Duration,
    /// What everyone shares.
    pub(super) book: Arc<Book>,
    /// A control: it forgets its ids, and sends again under new ones.
    pub(super) forgets: bool,
}

/// A message that has no answer yet.
struct Message {
    room: RoomId,
    client_id: ClientId,
    text: String,
}

/// Where a writer stands.
struct Desk {
    unanswered: VecDeque<Message>,
    /// Commands under way on this connection.
    asked: HashMap<u32, ClientId>,
    /// Set by a refusal that passes: nothing more is sent until all are answered, and not before this time.
    held_until: Option<Instant>,
    turn: usize,
    next_at: Instant,
}

impl Writer {
    /// Writes until it is told to stop and everything is answered.
    pub(super) async fn write(self) {
        let mut desk = Desk {
            unanswered: VecDeque::new(),
            asked: HashMap::new(),
            held_until: None,
            turn: 0,
            next_at: Instant::now(),
        };
        let mut first = true;
        loop {
            let connected = timeout(PATIENCE, Client::connect(&self.session, Hello::default())).await;
            let Ok(Ok((mut client, welcome))) = connected else {
                sleep(AGAIN).await;
                continue;
            };
            self.book.connections.add(1);
            let party = Some(Party::Writer(self.lock().writer));
            self.book.epoch(&welcome.epoch, |before, now| NewEpoch { told: party, before, now });
            if !first && self.forgets {
                desk.unanswered.iter_mut().for_each(|message| message.client_id = fresh());
            }
            first = false;
            (desk.asked, desk.held_until) = (HashMap::new(), None);
            if self.talk(&mut client, &mut desk).await.is_ok() {
                return;
            }
        }
    }

    /// Talks over one connection until it breaks, or until there is nothing left to say.
    async fn talk(&self, client: &mut Client, desk: &mut Desk) -> Result<(), ClientError> {
        self.send_again(client, desk).await?;
        let mut heard_at = Instant::now();
        loop {
            let writing = self.book.phase() == Phase::Load;
            if !writing && desk.unanswered.is_empty() {
                return Ok(());
            }
            if let Some(until) = desk.held_until.filter(|_| desk.asked.is_empty()) {
                tokio::time::sleep_until(until).await;
                desk.held_until = None;
                self.send_again(client, desk).await?;
            }
            let room_left = desk.held_until.is_none() && desk.unanswered.len() < UNDER_WAY;
            if writing && room_left && Instant::now() >= desk.next_at {
                self.send_next(client, desk).await?;
                continue;
            }
            let wait = if writing && room_left { desk.next_at - Instant::now() } else { self.pace.max(AGAIN) };
            match timeout(wait, client.next()).await {
                Ok(frame) => {
                    heard_at = Instant::now();
                    self.hear(frame?, desk);
                }
                Err(_) if !desk.asked.is_empty() && heard_at.elapsed() > PATIENCE => {
                    return Err(ClientError::Failed("no answer".to_owned()));
                }
                Err(_) => {}
            }
        }
    }

    /// Everything that has no answer, in the order in which it was first sent.
    async fn send_again(&self, client: &mut Client, desk: &mut Desk) -> Result<(), ClientError> {
        for message in &desk.unanswered {
            let r#ref = send(client, message).await?;
            desk.asked.insert(r#ref, message.client_id);
            self.lock().repeats += 1;
        }
        Ok(())
    }

    async fn send_next(&self, client: &mut Client, desk: &mut Desk) -> Result<(), ClientError> {
        // Every other message goes to the first room, so that rooms differ in how much a reader misses.
        let turn = if desk.turn.is_multiple_of(2) { 0 } else { desk.turn.div_ceil(2) };
        let room = self.rooms[turn % self.rooms.len()];
        desk.turn += 1;
        // Who was held up does not make up for it in a burst.
        desk.next_at = (desk.next_at + self.pace).max(Instant::now() - PATIENCE / 10);
        let message = {
            let mut said = self.lock();
            let number = said.sent.entry(room).or_default();
            *number += 1;
            let number = *number;
            Message { room, client_id: fresh(), text: text(said.writer, number) }
        };
        self.book.sent.add(1);
        desk.unanswered.push_back(message);
        let Some(message) = desk.unanswered.back() else { return Ok(()) };
        let r#ref = send(client, message).await?;
        desk.asked.insert(r#ref, message.client_id);
        Ok(())
    }

    fn hear(&self, frame: ServerFrame, desk: &mut Desk) {
        use parlour_protocol::Reply;
        match frame {
            ServerFrame::Reply { r#ref, reply: Reply::Posted { room, seq, client_id, .. } } => {
                desk.asked.remove(&r#ref);
                self.lock().acknowledged.push(Acknowledged { room, client_id, seq });
                if let Some(index) = desk.unanswered.iter().position(|message| message.client_id == client_id) {
                    desk.unanswered.remove(index);
                    self.book.acknowledged.add(1);
                }
            }
            ServerFrame::Refusal { r#ref, refusal } => {
                let Some(client_id) = desk.asked.remove(&r#ref) else { return };
                if refusal.code.may_retry() {
                    let wait = Duration::from_millis(u64::from(refusal.retry_after_ms.unwrap_or(100)));
                    desk.held_until = desk.held_until.max(Some(Instant::now() + wait));
                    self.book.refusals.add(1);
                } else {
                    desk.unanswered.retain(|message| message.client_id != client_id);
                    self.lock().refused.push(format!("{:?}: {}", refusal.code, refusal.message));
                    self.book.violations.add(1);
                }
            }
            _ => {}
        }
        self.lock().unanswered = desk.unanswered.len() as u64;
    }

    fn lock(&self) -> MutexGuard<'_, Said> {
        self.said.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

async fn send(client: &mut Client, message: &Message) -> Result<u32, ClientError> {
    let Message { room, client_id, text } = message;
    let post = Command::Post { room: *room, client_id: *client_id, text: text.clone(), answers: None, files: vec![] };
    let sent = timeout(PATIENCE, client.send(post)).await;
    sent.unwrap_or_else(|_| Err(ClientError::Failed("the line takes nothing".to_owned())))
}

/// An id made before the first attempt.
pub(super) fn fresh() -> ClientId {
    ClientId(uuid::Uuid::now_v7())
}
