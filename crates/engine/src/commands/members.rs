//! Members made and unmade by others, and what they are in a room (ROOM-6 to ROOM-9).

use std::sync::Arc;

use parlour_protocol::{Notice, Reply, RoomId, RoomRole, UserId};

use super::{Answer, done, refused};
use crate::{Actor, Engine, refuse};

impl Engine {
    /// Makes somebody else a member and shows every connection of theirs into the room.
    pub(super) fn add_member(self: &Arc<Self>, actor: &Actor, room: RoomId, user: UserId) -> Answer {
        if let Err(refusal) = self.may_act(actor) {
            return refused(refusal);
        }
        let added = self.store.add_member(room, actor.user.clone(), user, self.now());
        let engine = Arc::clone(self);
        Box::pin(async move {
            if let Some(state) = added.await.map_err(refuse)? {
                engine.tell(user, Notice::RoomAdded { state: engine.with_presence(state) });
            }
            Ok(Reply::Done)
        })
    }

    /// Ends somebody else's membership. Their connections are told by the log, as of a leaving (LOG-7).
    pub(super) fn remove_member(self: &Arc<Self>, actor: &Actor, room: RoomId, user: UserId) -> Answer {
        match self.may_act(actor) {
            Ok(()) => done(self.store.remove_member(room, actor.user.clone(), user, self.now())),
            Err(refusal) => refused(refusal),
        }
    }

    pub(super) fn set_room_role(self: &Arc<Self>, actor: &Actor, room: RoomId, user: UserId, role: RoomRole) -> Answer {
        match self.may_act(actor) {
            Ok(()) => done(self.store.set_room_role(room, actor.user.clone(), user, role, self.now())),
            Err(refusal) => refused(refusal),
        }
    }
}
