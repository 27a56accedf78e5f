//! Rooms: made, renamed, joined, left (ROOM-1 to ROOM-4).

use std::sync::Arc;

use parlour_domain::access::Action;
use parlour_domain::name::{RoomName, Topic};
use parlour_protocol::{Notice, Refusal, Reply, RoomId, RoomState, UserId};
use parlour_store::Later;

use super::{Answer, refused};
use crate::{Actor, Engine, refuse};

impl Engine {
    pub(super) fn create_room(self: &Arc<Self>, actor: &Actor, name: &str, topic: &str) -> Answer {
        let may = self.may(Action::CreateRoom, actor.who()).and_then(|_| {
            if self.config.limits { self.throttle.create_room(actor.user.id, self.steady_ms()) } else { Ok(()) }
        });
        match may.and_then(|()| parse(name, topic)) {
            Ok((name, topic)) => {
                let (shown, skeleton) = (name.as_str().to_owned(), name.skeleton());
                let topic = topic.as_str().to_owned();
                let made = self.store.create_room(actor.user.clone(), shown, skeleton, topic, self.now());
                self.entered(actor.user.id, made)
            }
            Err(refusal) => refused(refusal),
        }
    }

    pub(super) fn rename_room(self: &Arc<Self>, actor: &Actor, room: RoomId, name: &str, topic: &str) -> Answer {
        match parse(name, topic) {
            Ok((name, topic)) => {
                let (shown, skeleton) = (name.as_str().to_owned(), name.skeleton());
                let topic = topic.as_str().to_owned();
                let renamed = self.store.rename_room(room, actor.user.clone(), shown, skeleton, topic, self.now());
                Box::pin(async move { renamed.await.map(|()| Reply::Done).map_err(refuse) })
            }
            Err(refusal) => refused(refusal),
        }
    }

    pub(super) fn join_room(self: &Arc<Self>, actor: &Actor, room: RoomId) -> Answer {
        self.entered(actor.user.id, self.store.join_room(room, actor.user.clone(), self.now()))
    }

    pub(super) fn leave_room(self: &Arc<Self>, actor: &Actor, room: RoomId) -> Answer {
        let left = self.store.leave_room(room, actor.user.clone(), self.now());
        // Their connections are told by the log: a hint could come before a later joining, or after it.
        Box::pin(async move { left.await.map(|()| Reply::Done).map_err(refuse) })
    }

    /// Answers with the room and shows every connection of the person into it.
    fn entered(self: &Arc<Self>, user: UserId, written: Later<RoomState>) -> Answer {
        let engine = Arc::clone(self);
        Box::pin(async move {
            let mut state = written.await.map_err(refuse)?;
            state.online = engine.board.online(state.room.id).max(1);
            engine.tell(user, Notice::RoomAdded { state: state.clone() });
            Ok(Reply::Room { state })
        })
    }
}

fn parse(name: &str, topic: &str) -> Result<(RoomName, Topic), Refusal> {
    Ok((RoomName::parse(name)?, Topic::parse(topic)?))
}
