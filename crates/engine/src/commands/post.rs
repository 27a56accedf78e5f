//! Saying something (MSG-1 to MSG-6), on either wire.

use std::sync::Arc;

use parlour_domain::text::Draft;
use parlour_protocol::{Answers, ClientId, Refusal, Reply, RoomId};
use parlour_store::{Append, Pipeline};

use super::{Answer, refused};
use crate::{Actor, Engine, refuse};

impl Engine {
    /// Writes a message; it is queued when this returns.
    pub(super) fn post(
        self: &Arc<Self>,
        actor: &Actor,
        place: (RoomId, ClientId),
        text: &str,
        answers: Option<Answers>,
        pipeline: Pipeline,
    ) -> Answer {
        // Those behind a message that has to be sent again must be sent again too (LOG-4).
        let slow = self.may_post(actor).inspect_err(|_| pipeline.stop());
        match slow.and_then(|()| Draft::parse(text)) {
            Ok(draft) => self.append(actor, place, (draft, answers), false, pipeline),
            Err(refusal) => refused(refusal),
        }
    }

    /// Writes a message of the classic wire to the lobby; it is queued when this returns.
    pub fn post_classic(
        self: &Arc<Self>,
        actor: &Actor,
        client_id: ClientId,
        draft: Draft,
        binary: bool,
        pipeline: Pipeline,
    ) -> Answer {
        self.append(actor, (RoomId::LOBBY, client_id), (draft, None), binary, pipeline)
    }

    /// Whether somebody may say something more now.
    ///
    /// # Errors
    /// `rate` with when to try again.
    pub fn may_post(&self, actor: &Actor) -> Result<(), Refusal> {
        if self.config.limits { self.throttle.post(actor.user.id, self.steady_ms()) } else { Ok(()) }
    }

    /// The same for a guest, whom an address may have many of: they share a larger allowance (S94).
    ///
    /// # Errors
    /// `rate` with when to try again.
    pub fn may_post_as_guest(&self, actor: &Actor, crowd: u128) -> Result<(), Refusal> {
        if !self.config.limits {
            return Ok(());
        }
        self.throttle.guests(crowd, self.steady_ms())?;
        self.throttle.post(actor.user.id, self.steady_ms())
    }

    fn append(
        &self,
        actor: &Actor,
        (room, client_id): (RoomId, ClientId),
        (draft, answers): (Draft, Option<Answers>),
        binary: bool,
        pipeline: Pipeline,
    ) -> Answer {
        let here = self.here_for(draft.as_str());
        // Membership is checked in the transaction that writes, so that a removal cannot come between (S50).
        let written = self.store.append(Append {
            room,
            actor: actor.user.id,
            actor_name: actor.user.name.clone(),
            client_id,
            text: draft.into_string(),
            binary,
            answers,
            here,
            now: self.now(),
            pipeline,
        });
        Box::pin(async move {
            let appended = written.await.map_err(refuse)?;
            let event = appended.event;
            Ok(Reply::Posted { room, seq: event.seq, at: event.at, client_id, duplicate: appended.duplicate })
        })
    }
}
