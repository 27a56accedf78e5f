//! Which of its places a connection is to be written from next, each at most once, in the order in which they had something to
//! say. Most connections are in one room that speaks: the first in turn takes no memory but the record's own.

use std::collections::VecDeque;

/// The indexes of places, in turn.
#[derive(Debug, Default)]
pub(super) struct Round {
    first: Option<u16>,
    /// Those behind it; none when it is alone.
    #[expect(clippy::box_collection, reason = "eight bytes in every record instead of thirty-two")]
    others: Option<Box<VecDeque<u16>>>,
}

impl Round {
    pub(super) fn is_empty(&self) -> bool {
        self.first.is_none()
    }

    pub(super) fn len(&self) -> usize {
        usize::from(self.first.is_some()) + self.others.as_ref().map_or(0, |others| others.len())
    }

    /// Puts a place behind all others.
    pub(super) fn push(&mut self, place: u16) {
        match self.first {
            None => self.first = Some(place),
            Some(_) => self.others.get_or_insert_default().push_back(place),
        }
    }

    /// Takes the one whose turn it is.
    pub(super) fn pop(&mut self) -> Option<u16> {
        let first = self.first.take()?;
        if let Some(others) = &mut self.others {
            self.first = others.pop_front();
            if others.is_empty() {
                self.others = None;
            }
        }
        Some(first)
    }

    /// Takes one out wherever it stands.
    pub(super) fn remove(&mut self, place: u16) {
        for _ in 0..self.len() {
            if let Some(other) = self.pop().filter(|other| *other != place) {
                self.push(other);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn log_6_places_have_their_turn_in_order_and_one_alone_takes_no_memory() {
        let mut round = Round::default();
        (1..=5).for_each(|place| round.push(place));
        assert_eq!((round.pop(), round.len()), (Some(1), 4));
        round.remove(4);
        round.push(1);
        let turns: Vec<u16> = std::iter::from_fn(|| round.pop()).collect();
        assert_eq!((turns, round.is_empty()), (vec![2, 3, 5, 1], true));
        round.push(7);
        assert!(round.others.is_none());
        round.remove(7);
        assert_eq!((round.pop(), size_of::<Round>()), (None, 16));
    }
}
