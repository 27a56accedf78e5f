//! The sockets of a shard by their keys: a list, since every write of a turn asks for one.

use std::rc::Rc;

use parlour_engine::hub::Key;

use super::socket::Sock;

/// The sockets. A key's index is given anew once its connection is gone, so no more places are held than there ever were
/// connections at once.
#[derive(Default)]
pub(super) struct Socks {
    places: Vec<Option<Rc<Sock>>>,
    /// When the clocks of each are to be looked at again: beside each other, so that passing over the still costs nothing.
    look_at_ms: Vec<u64>,
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
            self.look_at_ms.resize(index + 1, 0);
        }
        self.look_at_ms[index] = 0;
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

    /// Those whose clocks are to be looked at now.
    pub(super) fn to_look_at(&self, now_ms: u64) -> Vec<Rc<Sock>> {
        let due = self.places.iter().zip(&self.look_at_ms).filter(|(_, at_ms)| now_ms >= **at_ms);
        due.filter_map(|(sock, _)| sock.clone()).collect()
    }

    /// Nothing can be due for a socket before this moment.
    pub(super) fn look_again(&mut self, key: Key, at_ms: u64) {
        if self.get(key).is_some() {
            self.look_at_ms[key.index()] = at_ms;
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.count == 0
    }
}
