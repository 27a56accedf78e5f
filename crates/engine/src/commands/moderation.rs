//! What anyone may do about what others say: report it, or take no direct messages any more (MOD-1 to MOD-3).

use std::sync::Arc;

use parlour_domain::text;
use parlour_protocol::{RoomId, Seq, UserId};

use super::{Answer, done, refused};
use crate::{Actor, Engine};

impl Engine {
    pub(super) fn report(self: &Arc<Self>, actor: &Actor, room: RoomId, seq: Seq, note: &str) -> Answer {
        let may = if self.config.limits { self.throttle.report(actor.user.id, self.steady_ms()) } else { Ok(()) };
        match may.and_then(|()| text::note(note)) {
            Ok(note) => done(self.store.report(room, seq, actor.user.clone(), note, self.now())),
            Err(refusal) => refused(refusal),
        }
    }

    pub(super) fn set_blocked(self: &Arc<Self>, actor: &Actor, user: UserId, blocked: bool) -> Answer {
        done(self.store.set_blocked(actor.user.id, user, blocked, self.now()))
    }
}
