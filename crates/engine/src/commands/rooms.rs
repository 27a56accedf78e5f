//! Rooms: made, renamed, archived, joined, left (ROOM-1 to ROOM-12).

use std::sync::Arc;

use parlour_domain::name::{RoomName, Topic};
use parlour_protocol::{ErrorCode, History, Notice, PostBy, Refusal, Reply, RoomId, RoomState, UserId, limits};
use parlour_store::{Doer, Later, NewRoom};

use super::{Answer, done, refused};
use crate::{Actor, Engine, refuse};

impl Engine {
    pub(super) fn create_room(
        self: &Arc<Self>,
        actor: &Actor,
        (name, topic): (&str, &str),
        closed: bool,
        history: History,
    ) -> Answer {
        match self.may_make(actor).and_then(|()| parse(name, topic)) {
            Ok((name, topic)) => {
                let (shown, skeleton) = (name.as_str().to_owned(), name.skeleton());
                let topic = topic.as_str().to_owned();
                let new = NewRoom { name: shown, skeleton, topic, closed, history };
                let made = self.store.create_room(actor.user.clone(), new, self.now());
                self.entered(actor.user.id, made)
            }
            Err(refusal) => refused(refusal),
        }
    }

    /// The direct room of a person and some others. Those it is new to are shown into it as by a joining.
    pub(super) fn open_direct(self: &Arc<Self>, actor: &Actor, people: Vec<UserId>) -> Answer {
        if people.len() > limits::DIRECT_PEOPLE_MAX {
            let words = "A direct room is for you and 1 to 99 others.";
            return refused(Refusal::new(ErrorCode::TooMany, words));
        }
        if let Err(refusal) = self.may_make(actor) {
            return refused(refusal);
        }
        let opened = self.store.open_direct(actor.user.clone(), people, self.now());
        let engine = Arc::clone(self);
        self.entered(
            actor.user.id,
            Box::pin(async move {
                let opened = opened.await?;
                for (user, state) in opened.told {
                    engine.tell(user, Notice::RoomAdded { state: engine.with_presence(state) });
                }
                Ok(opened.state)
            }),
        )
    }

    pub(super) fn archive_room(self: &Arc<Self>, actor: &Actor, room: RoomId, archived: bool) -> Answer {
        match self.may_act(actor) {
            Ok(()) => done(self.store.archive_room(room, Doer::Person(actor.user.clone()), archived, self.now())),
            Err(refusal) => refused(refusal),
        }
    }

    pub(super) fn set_posting(self: &Arc<Self>, actor: &Actor, room: RoomId, post_by: PostBy, slow_s: u32) -> Answer {
        if slow_s > limits::SLOW_S_MAX {
            return refused(Refusal::new(ErrorCode::TooBig, "A room is slow by at most six hours."));
        }
        match self.may_act(actor) {
            Ok(()) => done(self.store.set_posting(room, actor.user.clone(), post_by, slow_s, self.now())),
            Err(refusal) => refused(refusal),
        }
    }

    pub(super) fn set_history(self: &Arc<Self>, actor: &Actor, room: RoomId, history: History) -> Answer {
        match self.may_act(actor) {
            Ok(()) => done(self.store.set_history(room, actor.user.clone(), history, self.now())),
            Err(refusal) => refused(refusal),
        }
    }

    fn may_make(&self, actor: &Actor) -> Result<(), Refusal> {
        if self.config.limits { self.throttle.create_room(actor.user.id, self.steady_ms()) } else { Ok(()) }
    }

    pub(super) fn rename_room(self: &Arc<Self>, actor: &Actor, room: RoomId, name: &str, topic: &str) -> Answer {
        match self.may_act(actor).and_then(|()| parse(name, topic)) {
            Ok((name, topic)) => {
                let (shown, skeleton) = (name.as_str().to_owned(), name.skeleton());
                let topic = topic.as_str().to_owned();
                let renamed = self.store.rename_room(room, actor.user.clone(), shown, skeleton, topic, self.now());
                done(renamed)
            }
            Err(refusal) => refused(refusal),
        }
    }

    pub(super) fn join_room(self: &Arc<Self>, actor: &Actor, room: RoomId) -> Answer {
        match self.may_act(actor) {
            Ok(()) => self.entered(actor.user.id, self.store.join_room(room, actor.user.clone(), self.now())),
            Err(refusal) => refused(refusal),
        }
    }

    pub(super) fn leave_room(self: &Arc<Self>, actor: &Actor, room: RoomId) -> Answer {
        match self.may_act(actor) {
            // Their connections are told by the log: a hint could come before a later joining, or after it.
            Ok(()) => done(self.store.leave_room(room, actor.user.clone(), self.now())),
            Err(refusal) => refused(refusal),
        }
    }

    /// Answers with the room and shows every connection of the person into it.
    fn entered(self: &Arc<Self>, user: UserId, written: Later<RoomState>) -> Answer {
        let engine = Arc::clone(self);
        Box::pin(async move {
            let mut state = engine.with_presence(written.await.map_err(refuse)?);
            state.online = state.online.max(1);
            engine.tell(user, Notice::RoomAdded { state: state.clone() });
            Ok(Reply::Room { state })
        })
    }
}

fn parse(name: &str, topic: &str) -> Result<(RoomName, Topic), Refusal> {
    Ok((RoomName::parse(name)?, Topic::parse(topic)?))
}
