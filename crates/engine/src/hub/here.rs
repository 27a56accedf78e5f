//! Who is present in a room, and by how many connections.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::hash::{BuildHasherDefault, DefaultHasher};

use parlour_protocol::UserId;

use super::presence::UNSTORED_GUESTS_FROM;

/// One person.
#[derive(Clone, Copy, Debug)]
struct There {
    /// None while their departure is not told yet.
    connections: u32,
    /// Connected, and said to be away.
    away: bool,
}

/// The people present.
#[derive(Debug, Default)]
pub(super) struct Here {
    people: HashMap<UserId, There, BuildHasherDefault<DefaultHasher>>,
    /// Guests among them who have not spoken, and so are no members yet.
    silent: usize,
    /// Those among them who said that they are away.
    away: usize,
}

impl Here {
    /// Counts one connection more of somebody. Returns how many there are now.
    pub(super) fn enter(&mut self, user: UserId, away: bool) -> u32 {
        match self.people.entry(user) {
            Entry::Occupied(mut here) => {
                here.get_mut().connections += 1;
                here.get().connections
            }
            Entry::Vacant(new) => {
                self.silent += usize::from(is_silent(user));
                self.away += usize::from(away);
                new.insert(There { connections: 1, away }).connections
            }
        }
    }

    /// Somebody went away from where they are connected, or came back.
    pub(super) fn set_away(&mut self, user: UserId, away: bool) {
        let Some(here) = self.people.get_mut(&user).filter(|here| here.away != away) else { return };
        here.away = away;
        self.away = if away { self.away + 1 } else { self.away - 1 };
    }

    /// Counts one connection less; zero stays until [`Here::leave`].
    pub(super) fn exit(&mut self, user: UserId) {
        if let Some(here) = self.people.get_mut(&user) {
            here.connections = here.connections.saturating_sub(1);
        }
    }

    /// Forgets somebody. Returns their connections, when they were here.
    pub(super) fn leave(&mut self, user: UserId) -> Option<u32> {
        let here = self.people.remove(&user)?;
        self.silent -= usize::from(is_silent(user));
        self.away -= usize::from(here.away);
        Some(here.connections)
    }

    /// Counts somebody under another id.
    pub(super) fn rename(&mut self, before: UserId, now: UserId) -> bool {
        let Some(connections) = self.leave(before) else { return false };
        let here = There { connections, away: false };
        self.silent += usize::from(self.people.insert(now, here).is_none() && is_silent(now));
        true
    }

    /// How many people.
    pub(super) fn len(&self) -> usize {
        self.people.len()
    }

    /// Whether nobody is.
    pub(super) fn is_empty(&self) -> bool {
        self.people.is_empty()
    }

    /// How many of them are members who are not away.
    pub(super) fn members(&self) -> usize {
        self.people.len() - self.silent - self.away
    }
}

fn is_silent(user: UserId) -> bool {
    user.0 >= UNSTORED_GUESTS_FROM
}
