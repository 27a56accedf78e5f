//! What a client may ask, in the order of docs/PROTOCOL.md: one match, one function a command. Which act each is, and so who
//! may, is `domain::access::of_command`; what only a transaction knows is asked for in it.
//!
//! **What is to be written takes its place in the store's queue before [`Engine::handle`] returns**, so commands handled in
//! order are logged in order (LOG-4); the future only waits for the answer. Dropping it half-way undoes nothing.

mod members;
mod moderation;
mod post;
mod rooms;
mod talk;

use std::future::ready;
use std::sync::Arc;

use futures_util::future::BoxFuture;
use parlour_domain::text::{Draft, TooBig};
use parlour_protocol::classic::ClassicKind;
use parlour_protocol::{Command, ErrorCode, Notice, Refusal, Reply, RoomId, UserId};
use parlour_store::{Later, MarkAs, Pipeline, ReadState, StoreError};

use crate::{Actor, Engine, refuse};

/// The answer to a command, some time later.
pub type Answer = BoxFuture<'static, Result<Reply, Refusal>>;

fn refused(refusal: Refusal) -> Answer {
    Box::pin(ready(Err(refusal)))
}

/// The answer to what is done or refused, and has nothing else to say.
fn done(written: Later<()>) -> Answer {
    Box::pin(async move { written.await.map(|()| Reply::Done).map_err(refuse) })
}

impl Engine {
    /// Carries out a command that changes or asks the store. `pipeline` joins the posts of one connection to one room.
    /// `hello`, `catch_up` and `typing` concern the connection and are the hub's.
    pub fn handle(self: &Arc<Self>, actor: &Actor, command: Command, pipeline: Pipeline) -> Answer {
        match command {
            Command::Post { room, client_id, text, answers, files } => {
                self.post(actor, (room, client_id), (&text, files), talk::answers(answers), pipeline)
            }
            Command::Edit { room, seq, text } => self.edit(actor, room, seq, &text),
            Command::Delete { room, seq } => self.delete(actor, room, seq),
            Command::RemoveCards { room, seq } => self.remove_cards(actor, room, seq),
            Command::React { room, seq, emoji } => self.react(actor, room, seq, &emoji, true),
            Command::Unreact { room, seq, emoji } => self.react(actor, room, seq, &emoji, false),
            Command::Pin { room, seq } => self.pin(actor, room, seq, true),
            Command::Unpin { room, seq } => self.pin(actor, room, seq, false),
            Command::Save { room, seq } => self.save(actor, room, seq, true),
            Command::Unsave { room, seq } => self.save(actor, room, seq, false),
            Command::Follow { room, thread } => self.follow(actor, room, thread, true),
            Command::Unfollow { room, thread } => self.follow(actor, room, thread, false),
            Command::SetNotify { room, level } => self.set_notify(actor, room, level),
            Command::Count { room } => self.count(actor, room),
            Command::MarkRead { room, seq, thread } => self.mark(actor, (room, thread), seq, MarkAs::Read),
            Command::MarkUnread { room, seq, thread } => self.mark(actor, (room, thread), seq, MarkAs::Unread),
            Command::CreateRoom { name, topic, closed, history } => {
                self.create_room(actor, (&name, &topic), closed, history)
            }
            Command::OpenDirect { people } => self.open_direct(actor, people),
            Command::RenameRoom { room, name, topic } => self.rename_room(actor, room, &name, &topic),
            Command::ArchiveRoom { room } => self.archive_room(actor, room, true),
            Command::RestoreRoom { room } => self.archive_room(actor, room, false),
            Command::SetPosting { room, post_by, slow_s } => self.set_posting(actor, room, post_by, slow_s),
            Command::SetHistory { room, history } => self.set_history(actor, room, history),
            Command::AddMember { room, user } => self.add_member(actor, room, user),
            Command::RemoveMember { room, user } => self.remove_member(actor, room, user),
            Command::SetRoomRole { room, user, role } => self.set_room_role(actor, room, user, role),
            Command::Report { room, seq, note } => self.report(actor, room, seq, &note),
            Command::Block { user } => self.set_blocked(actor, user, true),
            Command::Unblock { user } => self.set_blocked(actor, user, false),
            Command::JoinRoom { room } => self.join_room(actor, room),
            Command::LeaveRoom { room } => self.leave_room(actor, room),
            Command::Ping => Box::pin(ready(Ok(Reply::Pong))),
            Command::Hello(_) | Command::CatchUp { .. } | Command::Typing { .. } | Command::Away { .. } => {
                refused(Refusal::new(ErrorCode::BadFrame, "This was said already, or to the wrong part of the house."))
            }
        }
    }

    /// Whether somebody may tell a room now that they are writing.
    ///
    /// # Errors
    /// `rate` above one in 3 s.
    pub fn may_type(&self, actor: &Actor, room: RoomId) -> Result<(), Refusal> {
        if !self.config.limits {
            return Ok(());
        }
        self.throttle.typing(actor.user.id, room, self.steady_ms())
    }

    /// Whether somebody may change something in a room now.
    fn may_act(&self, actor: &Actor) -> Result<(), Refusal> {
        if self.config.limits { self.throttle.act(actor.user.id, self.steady_ms()) } else { Ok(()) }
    }

    /// Whether something of theirs may be counted now: it takes the longer the more they said themselves.
    fn may_count(&self, actor: &Actor) -> Result<(), Refusal> {
        if self.config.limits { self.throttle.count(actor.user.id, self.steady_ms()) } else { Ok(()) }
    }

    /// Reads a frame of the classic wire as a message (OLD-4).
    ///
    /// # Errors
    /// When it is above the limit.
    pub fn classic_draft(kind: ClassicKind, payload: &[u8]) -> Result<Draft, TooBig> {
        match kind {
            ClassicKind::Text => Draft::classic_text(&String::from_utf8_lossy(payload)),
            ClassicKind::Binary => Draft::classic_binary(payload),
        }
    }

    /// Whether limits per person and connection hold.
    #[must_use]
    pub fn limits_on(&self) -> bool {
        self.config.limits
    }

    /// Answers with the new standing and tells the person's other connections (READ-1).
    fn read_answer(
        self: &Arc<Self>,
        user: UserId,
        written: impl Future<Output = Result<ReadState, StoreError>> + Send + 'static,
    ) -> Answer {
        let engine = Arc::clone(self);
        Box::pin(async move {
            let ReadState { room, seq, unread, mentions, head } = written.await.map_err(refuse)?;
            engine.tell(user, Notice::Read { room, seq, unread, mentions, head });
            Ok(Reply::Read { room, seq, unread, mentions, head })
        })
    }
}
