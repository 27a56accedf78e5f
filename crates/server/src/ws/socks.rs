//! The sockets of a shard by their keys: a list, since every write of a turn asks for one.

use std::rc::Rc;

use parlour_engine::hub::Key;

use super::socket::Sock;

/// The sockets. A key's index is given anew once its connection is gone, so no more places are held than there ever were
/// connections at once.
#[derive(Default)]
pub(super) struct Socks {
    places: Vec<Option<Rc<Sock>>>,
    count: usize,
}

impl Socks {
    /// The socket of a key; none when it is gone, also when another has its place.
    pub(super) fn get(&self, key: Key) -> Option<&Rc<Sock>> {
        self.places.get(key.index())?.as_ref().filter(|sock| sock.key == key)
    }

    pub(super) fn insert(&mut self, sock: Rc<Sock>) {
        let index = sock.key.index();
        if self.places.len() <= index {
            self.places.resize_with(index + 1, || None);
        }
        self.count += usize::from(self.places[index].replace(sock).is_none());
    }

    pub(super) fn remove(&mut self, key: Key) {
        if self.get(key).is_some() {
            self.places[key.index()] = None;
            self.count -= 1;
        }
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &Rc<Sock>> {
        self.places.iter().flatten()
    }

    pub(super) fn is_empty(&self) -> bool {
        self.count == 0
    }
}
