//! What people do: they say something, come into rooms and leave them; how it is written and told to every node.

use std::sync::Arc;

use parlour_bus::Envelope;
use parlour_protocol::push::Author;
use parlour_protocol::{Card, Change, Event, Notice, RoomId, RoomKind, Seq, Timestamp, UserId};

use super::{Answer, ROOMS, World};
use crate::sender::{Pipe, Said, an_id, message};
use crate::store::{Written, kind_of};
use crate::story;
use crate::switches::Weather;

/// How a message fared at the server.
enum Fate {
    /// It is settled: written at this seq, or refused for good.
    Answered(Option<Seq>),
    /// Refused for a passing reason.
    NotNow,
    /// The server died, and the connection with it.
    Died,
}

impl World {
    pub(super) fn say(&mut self, reader: usize) {
        let room = self.a_room();
        let connected = self.readers[reader].at.is_some();
        self.readers[reader].sender.say(room, connected);
    }

    /// The server takes the next message of a connection. Its answer may be lost.
    pub(super) fn serve(&mut self, reader: usize) {
        let Some((node, _)) = self.readers[reader].at else { return };
        if self.switches.store.fenced && self.nodes[node].hub.epoch() != self.store.epoch() {
            return self.cut(reader);
        }
        let mut pipe = std::mem::take(&mut self.readers[reader].sender.pipe);
        let user = self.readers[reader].user;
        if let Some(said) = pipe.next() {
            match self.take_post(user, said, &mut pipe, true) {
                Fate::Answered(seq) if self.roll(4) != 0 => self.settle(reader, said, seq),
                Fate::Answered(_) | Fate::NotNow => {}
                Fate::Died => {
                    // Nothing more of this connection is written.
                    return self.cut(reader);
                }
            }
        }
        self.readers[reader].sender.pipe = pipe;
    }

    /// What a server has read of a connection that is gone is written all the same; nobody is there to be answered.
    pub(super) fn serve_abandoned(&mut self) {
        if self.abandoned.is_empty() {
            return;
        }
        let which = self.pick(self.abandoned.len());
        let (user, mut pipe) = self.abandoned.swap_remove(which);
        while let Some(said) = pipe.next() {
            if matches!(self.take_post(user, said, &mut pipe, true), Fate::Died) {
                return;
            }
        }
    }

    pub(super) fn send_again(&mut self, reader: usize) {
        if self.readers[reader].at.is_some() {
            self.readers[reader].sender.send_again();
        }
    }

    /// In the end everything that was said is written or refused.
    pub(super) fn say_the_rest(&mut self) {
        self.abandoned.clear();
        for event in self.store.commit_late() {
            self.publish(event);
        }
        for reader in 0..self.readers.len() {
            let user = self.readers[reader].user;
            self.readers[reader].sender.cut(0);
            self.readers[reader].sender.send_again();
            let mut pipe = std::mem::take(&mut self.readers[reader].sender.pipe);
            while let Some(said) = pipe.next() {
                if let Fate::Answered(seq) = self.take_post(user, said, &mut pipe, false) {
                    self.settle(reader, said, seq);
                }
            }
        }
    }

    /// Writes a message, or does not. Where things go wrong, the store may have no time for it, and the node that writes
    /// may die before the commit, or after it and before anyone is told.
    fn take_post(&mut self, user: UserId, said: Said, pipe: &mut Pipe, may_go_wrong: bool) -> Fate {
        let (room, id) = said;
        let is_held_back = pipe.holds_back(said) && self.switches.store.pipeline_stops;
        if may_go_wrong && is_held_back {
            return Fate::NotNow;
        }
        if may_go_wrong && self.roll(8) == 0 {
            pipe.stop(said);
            return Fate::NotNow;
        }
        if may_go_wrong && self.roll(30) == 0 {
            return self.die_before_commit(user, said);
        }
        let (at, late) = (Timestamp(self.wall_ms.cast_signed()), may_go_wrong && self.roll(4) == 0);
        match self.store.append(room, user, message(id), at, late) {
            Written::Now(event) if may_go_wrong && !self.is_faithful() && self.roll(40) == 0 => drop(event),
            Written::Now(event) => {
                let seq = event.seq;
                self.publish(event);
                return Fate::Answered(Some(seq));
            }
            Written::Before(seq) => return Fate::Answered(Some(seq)),
            Written::Refused => {
                self.refused.insert(id);
                return Fate::Answered(None);
            }
            Written::Later => {}
        }
        Fate::Died
    }

    /// Nothing of it may be seen by anyone.
    fn die_before_commit(&mut self, user: UserId, (room, id): Said) -> Fate {
        let seq = self.store.head(room).next();
        if !self.switches.store.published_after_commit {
            let by = Author { id: user, name: String::new() };
            self.publish(Arc::new(Event { room, seq, at: Timestamp(0), by, change: message(id) }));
        }
        if self.switches.store.answered_after_commit { Fate::Died } else { Fate::Answered(Some(seq)) }
    }

    /// The sender hears how its message fared.
    fn settle(&mut self, reader: usize, said: Said, seq: Option<Seq>) {
        let life = self.store.number;
        let sender = &mut self.readers[reader].sender;
        sender.settle(said);
        sender.answered.extend(seq.map(|seq| (life, said, seq)));
    }

    pub(super) fn publish(&mut self, event: Arc<Event>) {
        story::tell(|| format!("to be told: {event:?}"));
        if self.roll(20) == 0 && !self.is_faithful() {
            return;
        }
        let epoch = self.store.epoch();
        for node in &mut self.nodes {
            let events = Arc::from(vec![Arc::clone(&event)]);
            node.line.push(Envelope::Events { epoch: epoch.clone(), room: event.room, events });
        }
    }

    /// Somebody leaves a room or is removed from it, joins it or is added: who does it over a connection is answered there.
    /// Which of the two it is follows from the log, so that no dice are thrown for it.
    pub(super) fn change_membership(&mut self, reader: usize) {
        let (user, room) = (self.readers[reader].user, self.a_room());
        let leaves = self.store.is_member(room, user);
        let alone = !leaves && kind_of(room) == RoomKind::Open;
        let by_another = (self.store.head(room).0.is_multiple_of(2) || !(alone || leaves))
            .then(|| {
                self.readers
                    .iter()
                    .map(|reader| reader.user)
                    .find(|other| *other != user && self.store.is_member(room, *other))
            })
            .flatten();
        let who = Author { id: user, name: String::new() };
        let (by, change) = match (by_another, leaves) {
            (Some(other), true) => (other, Change::MemberRemoved { who }),
            (Some(other), false) => (other, Change::MemberAdded { who }),
            (None, true) => (user, Change::MemberLeft),
            (None, false) => (user, Change::MemberJoined),
        };
        let at = Timestamp(self.wall_ms.cast_signed());
        let Written::Now(event) = self.store.append(room, by, change, at, false) else { return };
        self.publish(event);
        if leaves {
            return;
        }
        let state = self.store.state(room);
        // Who was added by somebody else is told by no answer, but by the hint or by the log.
        if let Some((node, key)) = self.readers[reader].at
            && self.readers[reader].is_welcomed()
            && self.nodes[node].hub.epoch() == self.store.epoch()
            && self.roll(2) == 0
            && by_another.is_none()
        {
            self.nodes[node].answers.push(Answer::Entered(key, state.clone()));
        }
        if !self.is_faithful() {
            self.hint(user, &Notice::RoomAdded { state });
        }
    }

    /// Somebody edits or deletes what was said, themselves or another. Which, follows from the log, so that no dice are thrown for
    /// it. Not in the lobby: the tutorial's wire, which has it, takes nothing back.
    pub(super) fn change_what_was_said(&mut self, reader: usize) {
        let (user, room) = (self.readers[reader].user, RoomId(ROOMS));
        let head = self.store.head(room).0;
        let target = Seq(head.saturating_sub(head % 7));
        let found = || Card {
            to: format!("https://example.org/{target}"),
            site: "example.org".to_owned(),
            title: "Tea".to_owned(),
            description: String::new(),
            picture: None,
        };
        let change = match head % 6 {
            0 => Change::Edited { target, text: Some(format!("edit of {target}")), tree: None, mentions: Vec::new() },
            1 | 4 => Change::Deleted { target },
            3 => Change::Carded { target, cards: Some(vec![found()]) },
            _ => Change::Reacted { target, emoji: "\u{1F44F}".to_owned() },
        };
        let at = Timestamp(self.wall_ms.cast_signed());
        if let Written::Now(event) = self.store.append(room, user, change, at, false) {
            self.publish(event);
        }
    }

    fn hint(&mut self, user: UserId, notice: &Notice) {
        let epoch = self.store.epoch();
        for node in &mut self.nodes {
            node.line.push(Envelope::Notice { epoch: epoch.clone(), user, notice: notice.clone() });
        }
    }

    /// Something is said in a room, or done when nobody is there to speak, and every node hears of it.
    pub(super) fn reveal(&mut self, room: RoomId) {
        let member = self.readers.iter().map(|reader| reader.user).find(|user| self.store.is_member(room, *user));
        let (user, change) = match member {
            Some(user) => (user, message(an_id(u64::MAX, room.0))),
            None => (UserId(1), Change::MemberJoined),
        };
        let at = Timestamp(self.wall_ms.cast_signed());
        let Written::Now(event) = self.store.append(room, user, change, at, false) else { return };
        let epoch = self.store.epoch().clone();
        for node in 0..self.nodes.len() {
            let heard = self.nodes[node].hub.deliver(&epoch, &[Arc::clone(&event)], self.now_ms);
            self.look(node, heard);
        }
    }

    pub(super) fn is_faithful(&self) -> bool {
        self.weather == Weather::Faithful
    }
}
