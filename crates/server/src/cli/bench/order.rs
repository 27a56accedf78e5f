//! What one client has had of one sender: the last number, and which of the 64 up to it, to find lost, doubled and
//! overtaken messages without keeping them.

/// How far back numbers are remembered one by one.
const REMEMBERED: u32 = u64::BITS;

/// The last number and a bitmap: bit n says that `last - n` has come.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Order {
    last: u32,
    had: u64,
}

/// What a number that came is, given those before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Arrival {
    /// Higher than all before it; so many numbers were jumped over.
    Next(u32),
    /// Lower than one that came before it: it was overtaken.
    Late,
    /// It has come before.
    Again,
}

impl Order {
    /// Takes a number, counted from 1, into account.
    #[inline]
    pub(super) fn take(&mut self, number: u32) -> Arrival {
        if number > self.last {
            let step = number - self.last;
            self.had = if step < REMEMBERED { self.had << step | 1 } else { 1 };
            self.last = number;
            return Arrival::Next(step - 1);
        }
        let back = self.last - number;
        if back >= REMEMBERED {
            // Too old to know whether it came before: late either way.
            return Arrival::Late;
        }
        if self.had >> back & 1 == 1 {
            return Arrival::Again;
        }
        self.had |= 1 << back;
        Arrival::Late
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn taken(numbers: &[u32]) -> Vec<Arrival> {
        let mut order = Order::default();
        numbers.iter().map(|number| order.take(*number)).collect()
    }

    #[test]
    fn what_comes_in_order_is_next_and_what_is_jumped_over_is_counted() {
        assert_eq!(taken(&[1, 2, 5]), [Arrival::Next(0), Arrival::Next(0), Arrival::Next(2)]);
    }

    #[test]
    fn what_was_overtaken_is_late_once_and_then_again() {
        let expected = [Arrival::Next(0), Arrival::Next(1), Arrival::Late, Arrival::Again, Arrival::Again];
        assert_eq!(taken(&[1, 3, 2, 2, 3]), expected);
    }

    #[test]
    fn sixty_three_numbers_back_are_remembered_and_older_ones_are_late() {
        for last in [64u32, 65, 1_000] {
            let mut order = Order::default();
            assert_eq!(order.take(last), Arrival::Next(last - 1));
            assert_eq!(order.take(last - 63), Arrival::Late);
            assert_eq!(order.take(last - 63), Arrival::Again, "63 before {last}");
            if last > 64 {
                assert_eq!([order.take(last - 64), order.take(last - 64)], [Arrival::Late; 2], "64 before {last}");
            }
        }
        let mut order = Order::default();
        (1..=200).for_each(|number| assert_eq!(order.take(number), Arrival::Next(0)));
        (137..=200).for_each(|number| assert_eq!(order.take(number), Arrival::Again, "{number}"));
    }
}
