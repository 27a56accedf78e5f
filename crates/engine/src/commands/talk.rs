//! What comes of a message: edits, deletion, reactions, pins, what is saved (TALK), threads (THR), and what is unread (UNR).

use std::collections::HashSet;
use std::sync::Arc;

use parlour_domain::emoji::Emoji;
use parlour_domain::text::Draft;
use parlour_protocol::{Answers, Notice, NotifyLevel, Reply, RoomId, Seq, ThreadState, UserId};
use parlour_store::{Later, MarkAs, ReadState, Rewrite};

use super::{Answer, done, refused};
use crate::{Actor, Engine, refuse};

/// What a message answers, as it is kept: nothing is said where it answers nothing, and a message without a thread stands in the
/// room anyway.
pub(super) fn answers(said: Option<Answers>) -> Option<Answers> {
    let answers = said.map(|said| Answers { also_in_room: said.also_in_room && said.thread.is_some(), ..said });
    answers.filter(|answers| *answers != Answers::default())
}

impl Engine {
    /// Who is there now, where a text may mention them; nobody where it does not.
    pub(super) fn here_for(&self, text: &str) -> Arc<HashSet<UserId>> {
        if text.contains("@here") { self.board.people() } else { Arc::default() }
    }

    /// Edits a message. It counts as one that is said.
    pub(super) fn edit(self: &Arc<Self>, actor: &Actor, room: RoomId, seq: Seq, text: &str) -> Answer {
        match self.may_post(actor).and_then(|()| Draft::parse(text)) {
            Ok(draft) => {
                let here = self.here_for(draft.as_str());
                let links = self.cards.links(draft.as_str());
                let edit = Rewrite { room, seq, text: draft.into_string(), here };
                let written = self.store.edit(actor.user.clone(), edit, self.now());
                let (engine, by) = (Arc::clone(self), actor.user.clone());
                Box::pin(async move {
                    written.await.map_err(refuse)?;
                    engine.want_cards(room, seq, &by, links);
                    Ok(Reply::Done)
                })
            }
            Err(refusal) => refused(refusal),
        }
    }

    pub(super) fn delete(self: &Arc<Self>, actor: &Actor, room: RoomId, seq: Seq) -> Answer {
        match self.may_act(actor) {
            Ok(()) => done(self.store.delete(room, seq, actor.user.clone(), self.now())),
            Err(refusal) => refused(refusal),
        }
    }

    /// Takes the link cards of a message away (CARD-6).
    pub(super) fn remove_cards(self: &Arc<Self>, actor: &Actor, room: RoomId, seq: Seq) -> Answer {
        match self.may_act(actor) {
            Ok(()) => done(self.store.remove_cards(room, seq, actor.user.clone(), self.now())),
            Err(refusal) => refused(refusal),
        }
    }

    pub(super) fn react(self: &Arc<Self>, actor: &Actor, room: RoomId, seq: Seq, emoji: &str, added: bool) -> Answer {
        match self.may_act(actor).and_then(|()| Emoji::parse(emoji)) {
            Ok(emoji) => {
                done(self.store.react((room, seq), actor.user.clone(), emoji.into_string(), added, self.now()))
            }
            Err(refusal) => refused(refusal),
        }
    }

    pub(super) fn pin(self: &Arc<Self>, actor: &Actor, room: RoomId, seq: Seq, pinned: bool) -> Answer {
        match self.may_act(actor) {
            Ok(()) => done(self.store.pin(room, seq, actor.user.clone(), pinned, self.now())),
            Err(refusal) => refused(refusal),
        }
    }

    /// Saves a message, and tells the person's other connections.
    pub(super) fn save(self: &Arc<Self>, actor: &Actor, room: RoomId, seq: Seq, saved: bool) -> Answer {
        if let Err(refusal) = self.may_act(actor) {
            return refused(refusal);
        }
        let (engine, user) = (Arc::clone(self), actor.user.id);
        let written = self.store.save(room, seq, user, saved, self.now());
        Box::pin(async move {
            if written.await.map_err(refuse)? {
                engine.tell(user, Notice::Saved { room, seq, saved });
            }
            Ok(Reply::Done)
        })
    }

    pub(super) fn follow(self: &Arc<Self>, actor: &Actor, room: RoomId, thread: Seq, following: bool) -> Answer {
        match self.may_act(actor) {
            Ok(()) => self.thread_answer(actor.user.id, self.store.follow((room, thread), actor.user.id, following)),
            Err(refusal) => refused(refusal),
        }
    }

    /// Moves a position: in the room, or in a thread of it.
    pub(super) fn mark(
        self: &Arc<Self>,
        actor: &Actor,
        (room, thread): (RoomId, Option<Seq>),
        seq: Seq,
        mark: MarkAs,
    ) -> Answer {
        let user = actor.user.id;
        if let Err(refusal) = self.may_count(actor) {
            return refused(refusal);
        }
        match (thread, mark) {
            (Some(thread), mark) => self.thread_answer(user, self.store.mark_thread((room, thread), user, seq, mark)),
            (None, MarkAs::Read) => self.read_answer(user, self.store.mark_read(room, user, seq)),
            (None, MarkAs::Unread) => self.read_answer(user, self.store.mark_unread(room, user, seq)),
        }
    }

    /// Says what counts, and tells the person's other connections.
    pub(super) fn set_notify(self: &Arc<Self>, actor: &Actor, room: RoomId, level: NotifyLevel) -> Answer {
        if let Err(refusal) = self.may_act(actor) {
            return refused(refusal);
        }
        let (engine, user) = (Arc::clone(self), actor.user.id);
        let written = self.store.set_notify(room, user, level);
        self.read_answer(user, async move {
            let state = written.await?;
            engine.tell(user, Notice::Notify { room, level });
            Ok(state)
        })
    }

    /// Counts anew, for one connection.
    pub(super) fn count(self: &Arc<Self>, actor: &Actor, room: RoomId) -> Answer {
        if let Err(refusal) = self.may_count(actor) {
            return refused(refusal);
        }
        let counted = self.store.count(room, actor.user.id);
        Box::pin(async move {
            let ReadState { room, seq, unread, mentions, head } = counted.await.map_err(refuse)?;
            Ok(Reply::Read { room, seq, unread, mentions, head })
        })
    }

    /// Answers with the thread, and tells every connection of the person of it and of what is unread in the room now.
    fn thread_answer(self: &Arc<Self>, user: UserId, written: Later<(ThreadState, ReadState)>) -> Answer {
        let engine = Arc::clone(self);
        Box::pin(async move {
            let (state, read) = written.await.map_err(refuse)?;
            let ReadState { room, seq, unread, mentions, head } = read;
            engine.tell(user, Notice::Thread { state: Box::new(state.clone()) });
            engine.tell(user, Notice::Read { room, seq, unread, mentions, head });
            Ok(Reply::Thread { state })
        })
    }
}
