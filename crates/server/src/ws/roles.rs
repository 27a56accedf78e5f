//! What people are in the house, as their sockets were told: a page changes without being loaded anew (S18, ADM-2).

use std::rc::Rc;

use parlour_engine::hub::Key;
use parlour_protocol::{Notice, ServerFrame, User};

use super::shard::Local;
use super::socket::{Entry, Hello};

impl Local {
    /// Tells the sockets of these people what they are, where it is something else than they were told. A socket that was not
    /// greeted yet is told when sessions are looked up next: its greeting may have been read before.
    pub(super) fn tell_what_they_are(self: &Rc<Self>, people: &[User]) {
        let mut inner = self.inner.borrow_mut();
        let mut told: Vec<(Key, User)> = Vec::new();
        for sock in inner.socks.iter() {
            let Entry::Full { actor } = &sock.entry else { continue };
            let Some(you) = people.iter().find(|person| person.id == actor.user.id) else { continue };
            let greeted = sock.state.borrow().hello == Hello::Done;
            if greeted && sock.role.replace(you.role) != you.role {
                told.push((sock.key, you.clone()));
            }
        }
        for (key, you) in &told {
            inner.hub.tell(*key, &ServerFrame::Notice { notice: Notice::You { you: you.clone() } });
        }
        drop(inner);
        if !told.is_empty() {
            self.turn.notify_one();
        }
    }
}
