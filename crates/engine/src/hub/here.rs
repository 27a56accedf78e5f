//! Who is present in a room, and by how many connections.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::hash::{BuildHasherDefault, DefaultHasher};

use parlour_protocol::UserId;

use super::presence::UNSTORED_GUESTS_FROM;

/// The people present; with zero connections while their departure is not told yet.
#[derive(Debug, Default)]
pub(super) struct Here {
    people: HashMap<UserId, u32, BuildHasherDefault<DefaultHasher>>,
    /// Guests among them who have not spoken, and so are no members yet.
    silent: usize,
}

impl Here {
    /// Counts one connection more of somebody. Returns how many there are now.
    pub(super) fn enter(&mut self, user: UserId) -> u32 {
        match self.people.entry(user) {
            Entry::Occupied(mut here) => {
                *here.get_mut() += 1;
                *here.get()
            }
            Entry::Vacant(new) => {
                self.silent += usize::from(is_silent(user));
                *new.insert(1)
            }
        }
    }

    /// Counts one connection less; zero stays until [`Here::leave`].
    pub(super) fn exit(&mut self, user: UserId) {
        if let Some(connections) = self.people.get_mut(&user) {
            *connections = connections.saturating_sub(1);
        }
    }

    /// Forgets somebody. Returns their connections, when they were here.
    pub(super) fn leave(&mut self, user: UserId) -> Option<u32> {
        let connections = self.people.remove(&user)?;
        self.silent -= usize::from(is_silent(user));
        Some(connections)
    }

    /// Counts somebody under another id.
    pub(super) fn rename(&mut self, before: UserId, now: UserId) -> bool {
        let Some(connections) = self.leave(before) else { return false };
        self.silent += usize::from(self.people.insert(now, connections).is_none() && is_silent(now));
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

    /// How many of them are members.
    pub(super) fn members(&self) -> usize {
        self.people.len() - self.silent
    }
}

fn is_silent(user: UserId) -> bool {
    user.0 >= UNSTORED_GUESTS_FROM
}
