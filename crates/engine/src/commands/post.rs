//! Saying something (MSG-1 to MSG-6), on either wire.

use std::sync::Arc;

use parlour_domain::text::Draft;
use parlour_protocol::{Answers, ClientId, ErrorCode, FileId, Refusal, Reply, RoomId, limits};
use parlour_store::{Append, Pipeline};

use super::{Answer, refused};
use crate::{Actor, Engine, refuse};

impl Engine {
    /// Writes a message; it is queued when this returns.
    pub(super) fn post(
        self: &Arc<Self>,
        actor: &Actor,
        place: (RoomId, ClientId),
        (text, files): (&str, Vec<FileId>),
        answers: Option<Answers>,
        pipeline: Pipeline,
    ) -> Answer {
        // Those behind a message that has to be sent again must be sent again too (LOG-4).
        let slow = self.may_post(actor).inspect_err(|_| pipeline.stop());
        match slow.and_then(|()| draft(text, &files)) {
            Ok(draft) => self.append(actor, place, (draft, answers, files), false, pipeline),
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
        self.append(actor, (RoomId::LOBBY, client_id), (draft, None, Vec::new()), binary, pipeline)
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
        self: &Arc<Self>,
        actor: &Actor,
        (room, client_id): (RoomId, ClientId),
        (draft, answers, files): (Draft, Option<Answers>, Vec<FileId>),
        binary: bool,
        pipeline: Pipeline,
    ) -> Answer {
        let here = self.here_for(draft.as_str());
        let links = self.cards.links(draft.as_str());
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
            files,
            now: self.now(),
            pipeline,
        });
        let cards = (!links.is_empty()).then(|| (Arc::clone(self), actor.user.clone(), links));
        Box::pin(async move {
            let appended = written.await.map_err(refuse)?;
            let event = appended.event;
            if let Some((engine, by, links)) = cards.filter(|_| !appended.duplicate) {
                engine.want_cards(room, event.seq, &by, links);
            }
            Ok(Reply::Posted { room, seq: event.seq, at: event.at, client_id, duplicate: appended.duplicate })
        })
    }
}

/// Reads what a message says beside the files that it carries (FILE-5).
fn draft(text: &str, files: &[FileId]) -> Result<Draft, Refusal> {
    let is_twice = files.iter().enumerate().any(|(n, file)| files[..n].contains(file));
    match files {
        [] => Draft::parse(text),
        _ if files.len() > limits::FILES_PER_MESSAGE_MAX => {
            Err(Refusal::new(ErrorCode::TooMany, "A message carries at most 10 files. Send the others in another."))
        }
        _ if is_twice => Err(Refusal::no_such_file()),
        _ => Draft::parse_beside_files(text),
    }
}
