//! What those do who look after the house (ADM-1 to ADM-6). Each act is one row of the log of administrative acts, written by
//! the transaction that does it; who may is asked there too.

use std::sync::PoisonError;

use parlour_bus::Envelope;
use parlour_domain::text;
use parlour_protocol::admin::{AdminActs, AdminPeople, AdminRooms, Blocks, OpenReports};
use parlour_protocol::{Notice, Refusal, Role, RoomId, UserId};
use parlour_store::Doer;

use crate::{Actor, Engine, TokenHash, refuse};

pub(crate) fn by(actor: &Actor) -> Doer {
    Doer::Person(actor.user.clone())
}

impl Engine {
    /// Makes somebody something else in the house, which their sockets are told (ADM-2).
    ///
    /// # Errors
    /// `forbidden`, `not_found`.
    pub async fn set_role(&self, actor: &Actor, whom: UserId, role: Role) -> Result<(), Refusal> {
        if let Some(you) = self.store.set_role(by(actor), whom, role, self.now()).await.map_err(refuse)? {
            self.tell(whom, Notice::You { you });
        }
        Ok(())
    }

    /// Lets somebody in no more; their sockets close within a second (ADM-3).
    ///
    /// # Errors
    /// `forbidden`, `not_found`, `too_big`, `bad_text`.
    pub async fn suspend(&self, actor: &Actor, whom: UserId, note: &str) -> Result<(), Refusal> {
        let note = text::note(note)?;
        let sessions = self.store.suspend(by(actor), whom, note, self.now()).await.map_err(refuse)?;
        self.close_sessions_of(sessions);
        Ok(())
    }

    /// Lets somebody in again.
    ///
    /// # Errors
    /// `forbidden`, `not_found`, `too_big`, `bad_text`.
    pub async fn lift_suspension(&self, actor: &Actor, whom: UserId, note: &str) -> Result<(), Refusal> {
        let note = text::note(note)?;
        self.store.lift_suspension(by(actor), whom, note, self.now()).await.map_err(refuse)
    }

    /// Archives a room by office, or takes it up again (ADM-4).
    ///
    /// # Errors
    /// `forbidden`, `not_found`.
    pub async fn archive_by_office(&self, actor: &Actor, room: RoomId, archived: bool) -> Result<(), Refusal> {
        self.store.archive_room(room, by(actor), archived, self.now()).await.map_err(refuse)
    }

    /// Lays a report aside (ADM-5).
    ///
    /// # Errors
    /// `forbidden`, `not_found`, `too_big`, `bad_text`.
    pub async fn settle_report(&self, actor: &Actor, report: u64, note: &str) -> Result<(), Refusal> {
        let note = text::note(note)?;
        self.store.settle_report(report, by(actor), note, self.now()).await.map_err(refuse)
    }

    /// The next people of the house after one.
    ///
    /// # Errors
    /// `forbidden`.
    pub async fn people(&self, actor: &Actor, after: UserId) -> Result<AdminPeople, Refusal> {
        Ok(AdminPeople { people: self.store.people(actor.user.id, after).await.map_err(refuse)? })
    }

    /// The next rooms of the house after one, by name and kind.
    ///
    /// # Errors
    /// `forbidden`.
    pub async fn all_rooms(&self, actor: &Actor, after: RoomId) -> Result<AdminRooms, Refusal> {
        Ok(AdminRooms { rooms: self.store.all_rooms(actor.user.id, after).await.map_err(refuse)? })
    }

    /// The next reports after one that are not settled.
    ///
    /// # Errors
    /// `forbidden`.
    pub async fn open_reports(&self, actor: &Actor, after: u64) -> Result<OpenReports, Refusal> {
        Ok(OpenReports { reports: self.store.open_reports(actor.user.id, after).await.map_err(refuse)? })
    }

    /// The log of administrative acts before one (ADM-6).
    ///
    /// # Errors
    /// `forbidden`.
    pub async fn acts(&self, actor: &Actor, before: u64) -> Result<AdminActs, Refusal> {
        Ok(AdminActs { acts: self.store.acts(actor.user.id, before).await.map_err(refuse)? })
    }

    /// Whom somebody blocks (MOD-3).
    ///
    /// # Errors
    /// `forbidden` for those who block nobody by their role.
    pub async fn blocks(&self, actor: &Actor) -> Result<Blocks, Refusal> {
        self.may(parlour_domain::access::Action::Block, actor.who())?;
        Ok(Blocks { people: self.store.blocked_by(actor.user.id).await.map_err(refuse)? })
    }

    /// Has the sockets of sessions closed that let nobody in any more (CON-7).
    pub(crate) fn close_sessions_of(&self, sessions: Vec<TokenHash>) {
        for token_hash in &sessions {
            self.bus.publish_hint(Envelope::SessionEnded { token_hash: *token_hash });
        }
        self.ended.lock().unwrap_or_else(PoisonError::into_inner).extend(sessions);
    }
}
