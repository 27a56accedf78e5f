//! What is read and not changed: the boot, history, lists, and what the hub asks for.

use parlour_domain::access::{Action, Who};
use parlour_protocol::http::{
    Boot, Edits, HistoryPage, Member, MemberList, MessageList, RoomList, ThreadList, ThreadPage,
};
use parlour_protocol::reply::PublicLimits;
use parlour_protocol::{Epoch, House, Refusal, RoomId, RoomState, Seq, UserId, Welcome, limits};
use parlour_store::{HouseFacts, PageOf};

use crate::hub::Backfill;
use crate::{Actor, Engine, refuse};

impl Engine {
    /// The house as a stranger sees it.
    ///
    /// # Errors
    /// Only when the store cannot read.
    pub async fn house(&self) -> Result<House, Refusal> {
        let HouseFacts { name, door, people, limits, .. } = self.facts().await?;
        Ok(House { name, door, people, here: self.board.here().min(people), limits })
    }

    /// All a first paint needs (HTTP-2): the rooms, and the newest page of `room` or of the lobby.
    ///
    /// # Errors
    /// Only when the store cannot read.
    pub async fn boot(&self, actor: Option<&Actor>, room: Option<RoomId>) -> Result<Boot, Refusal> {
        let (house, providers) = (self.house().await?, self.provider_names());
        let version = self.config.version.to_owned();
        let Some(actor) = actor else {
            return Ok(Boot { version, house, providers, epoch: None, you: None, rooms: Vec::new(), page: None });
        };
        let rooms = self.rooms_of(actor).await?;
        let wanted = room.filter(|room| rooms.iter().any(|state| state.room.id == *room)).unwrap_or(RoomId::LOBBY);
        let page = self.history(actor, wanted, PageOf::Newest, limits::PAGE_EVENTS).await.ok();
        let (epoch, you) = (Some(self.epoch()), Some(actor.user.clone()));
        Ok(Boot { version, house, providers, epoch, you, rooms, page })
    }

    /// A contiguous piece of a room's log (HTTP-3); `limit` is held to 1 to [`limits::PAGE_EVENTS_MAX`].
    ///
    /// # Errors
    /// `not_found` for those who are no members.
    pub async fn history(
        &self,
        actor: &Actor,
        room: RoomId,
        which: PageOf,
        limit: usize,
    ) -> Result<HistoryPage, Refusal> {
        let limit = limit.clamp(1, limits::PAGE_EVENTS_MAX);
        self.store.page(room, actor.user.id, which, limit).await.map_err(refuse)
    }

    /// Messages by their seqs, at most [`limits::PAGE_MESSAGES_MAX`] (TALK-4).
    ///
    /// # Errors
    /// `not_found` for those who are no members.
    pub async fn messages(&self, actor: &Actor, room: RoomId, seqs: Vec<Seq>) -> Result<MessageList, Refusal> {
        self.store.messages(room, seqs, actor.user.id).await.map_err(refuse)
    }

    /// All that a message ever said (TALK-2).
    ///
    /// # Errors
    /// `not_found` for those who may not read it, and when it was deleted.
    pub async fn edits(&self, actor: &Actor, room: RoomId, seq: Seq) -> Result<Edits, Refusal> {
        self.store.edits(room, seq, actor.user.id).await.map_err(refuse)
    }

    /// What is pinned to a room (TALK-6).
    ///
    /// # Errors
    /// `not_found` for those who are no members.
    pub async fn pins(&self, actor: &Actor, room: RoomId) -> Result<MessageList, Refusal> {
        self.store.pins(room, actor.user.id).await.map_err(refuse)
    }

    /// What somebody saved (TALK-7).
    ///
    /// # Errors
    /// Only when the store cannot read.
    pub async fn saved(&self, actor: &Actor, before: u64) -> Result<MessageList, Refusal> {
        self.may(Action::Connect, actor.who())?;
        self.store.saved(actor.user.id, before).await.map_err(refuse)
    }

    /// Exactly what is unread in a room (UNR-2).
    ///
    /// # Errors
    /// `not_found` for those who are no members.
    pub async fn unread(&self, actor: &Actor, room: RoomId) -> Result<MessageList, Refusal> {
        self.store.unread(room, actor.user.id).await.map_err(refuse)
    }

    /// A contiguous piece of a thread (THR-2); `limit` is held to 1 to [`limits::PAGE_EVENTS_MAX`].
    ///
    /// # Errors
    /// `not_found` for those who may not read it.
    pub async fn thread(
        &self,
        actor: &Actor,
        room: RoomId,
        thread: Seq,
        which: PageOf,
        limit: usize,
    ) -> Result<ThreadPage, Refusal> {
        let limit = limit.clamp(1, limits::PAGE_EVENTS_MAX);
        self.store.thread((room, thread), actor.user.id, which, limit).await.map_err(refuse)
    }

    /// The threads somebody follows (THR-5).
    ///
    /// # Errors
    /// Only when the store cannot read.
    pub async fn threads(&self, actor: &Actor, before: Option<(i64, u64, u64)>) -> Result<ThreadList, Refusal> {
        self.may(Action::Connect, actor.who())?;
        self.store.threads(actor.user.id, before).await.map_err(refuse)
    }

    /// The open rooms of the house (HTTP-4).
    ///
    /// # Errors
    /// `signed_out` for guests.
    pub async fn list_rooms(&self, actor: &Actor) -> Result<RoomList, Refusal> {
        self.may(Action::ListRooms, actor.who())?;
        let rooms = self.store.list_rooms(actor.user.id).await.map_err(refuse)?;
        Ok(RoomList { rooms })
    }

    /// Who is in a room, those present first (HTTP-4).
    ///
    /// # Errors
    /// `not_found` for those who are no members.
    pub async fn members(&self, actor: &Actor, room: RoomId) -> Result<MemberList, Refusal> {
        let mut members = self.store.members(room, actor.user.id).await.map_err(refuse)?;
        for member in &mut members {
            member.online = self.board.is_here(member.id);
        }
        members.sort_by_key(|member: &Member| !member.online);
        Ok(MemberList { members })
    }

    /// The same as [`Engine::welcome`]; none when the session has ended since the handshake looked at it.
    ///
    /// # Errors
    /// Only when the store cannot read.
    pub async fn welcome_alive(&self, actor: &Actor) -> Result<Option<Welcome>, Refusal> {
        let Some(session) = actor.token_hash else { return self.welcome(actor).await.map(Some) };
        let house = self.house().await?;
        let rooms = self.store.rooms_of_session(session, self.now()).await.map_err(refuse)?;
        Ok(rooms.map(|rooms| self.welcome_to(actor, house, self.with_presence_of_all(rooms))))
    }

    /// What `hello` is answered with, except presence, which the hub fills in.
    ///
    /// # Errors
    /// Only when the store cannot read.
    pub async fn welcome(&self, actor: &Actor) -> Result<Welcome, Refusal> {
        let (house, rooms) = (self.house().await?, self.rooms_of(actor).await?);
        Ok(self.welcome_to(actor, house, rooms))
    }

    fn welcome_to(&self, actor: &Actor, house: House, rooms: Vec<RoomState>) -> Welcome {
        Welcome {
            epoch: self.epoch(),
            version: self.config.version.to_owned(),
            server_time: self.now(),
            you: actor.user.clone(),
            house,
            rooms,
            limits: PublicLimits {
                body_bytes_max: number(limits::BODY_BYTES_MAX),
                name_graphemes_max: number(limits::NAME_GRAPHEMES_MAX),
                replay_events_max: u32::try_from(limits::REPLAY_EVENTS_MAX).unwrap_or(u32::MAX),
                heartbeat_ms: u32::try_from(limits::HEARTBEAT_MS).unwrap_or(u32::MAX),
            },
            away: false,
        }
    }

    /// The lobby, for a classic client.
    ///
    /// # Errors
    /// Only when the store cannot read.
    pub async fn lobby(&self) -> Result<RoomState, Refusal> {
        self.may(Action::EnterAsGuest, Who::Stranger)?;
        self.store.lobby().await.map_err(refuse)
    }

    /// At most so many events after a place, for the hub. None when the store could not answer now.
    pub async fn tail(&self, room: RoomId, after: Seq, limit: usize) -> Option<Backfill> {
        match self.store.tail(room, after, limit).await {
            Ok(tail) => Some(Backfill { epoch: tail.epoch, head: tail.head, floor: tail.floor, events: tail.events }),
            Err(error) => {
                tracing::warn!(%error, room.id = room.0, "the hub could not read a room's log");
                None
            }
        }
    }

    /// How a person stands to a room, for the hub; the inner none when they are no member. None when the store could not
    /// answer now.
    pub async fn standing(&self, user: UserId, room: RoomId) -> Option<(Epoch, Option<RoomState>)> {
        match self.store.rooms_of(user).await {
            Ok(rooms) => Some((self.store.epoch(), rooms.into_iter().find(|state| state.room.id == room))),
            Err(error) => {
                tracing::warn!(%error, room.id = room.0, "the hub could not read a person's rooms");
                None
            }
        }
    }

    /// Every room's head, for the hub's audit. None when the store could not answer now.
    pub async fn heads(&self) -> Option<(Epoch, Vec<(RoomId, Seq)>)> {
        Some((self.store.epoch(), self.store.heads().await.ok()?))
    }

    /// How many errands the command line has done in this house. None when the store could not answer now.
    pub async fn errands(&self) -> Option<i64> {
        self.store.errands().await.ok()
    }

    pub(crate) async fn rooms_of(&self, actor: &Actor) -> Result<Vec<RoomState>, Refusal> {
        let rooms = self.store.rooms_of(actor.user.id).await.map_err(refuse)?;
        Ok(self.with_presence_of_all(rooms))
    }

    fn with_presence_of_all(&self, rooms: Vec<RoomState>) -> Vec<RoomState> {
        rooms.into_iter().map(|state| self.with_presence(state)).collect()
    }

    /// A room with how many are there now, as the hub last said.
    pub(crate) fn with_presence(&self, state: RoomState) -> RoomState {
        RoomState { online: self.board.online(state.room.id), ..state }
    }
}

fn number(limit: usize) -> u32 {
    u32::try_from(limit).unwrap_or(u32::MAX)
}
