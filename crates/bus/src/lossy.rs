//! A carrier that drops, repeats and reorders by seed, for the simulation. It has no clock: [`Lossy::pop`] hands out what
//! arrives next, whenever the simulation wants something to arrive.

use crate::Envelope;

/// How badly it behaves, each in percent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Policy {
    /// Never arrives.
    pub drop_percent: u64,
    /// Arrives twice.
    pub repeat_percent: u64,
    /// Arrives before something sent earlier.
    pub reorder_percent: u64,
}

/// A bad line to one node.
#[derive(Debug)]
pub struct Lossy {
    policy: Policy,
    dice: u64,
    waiting: Vec<Envelope>,
}

impl Lossy {
    /// A line whose behaviour depends on `seed` alone.
    #[must_use]
    pub fn new(seed: u64, policy: Policy) -> Lossy {
        Lossy { policy, dice: seed | 1, waiting: Vec::new() }
    }

    /// Sends an envelope into the line.
    pub fn push(&mut self, envelope: Envelope) {
        if self.chance(self.policy.drop_percent) {
            return;
        }
        if self.chance(self.policy.repeat_percent) {
            self.waiting.push(envelope.clone());
        }
        self.waiting.push(envelope);
    }

    /// What arrives next, if anything is on its way.
    pub fn pop(&mut self) -> Option<Envelope> {
        if self.waiting.is_empty() {
            return None;
        }
        let index = if self.chance(self.policy.reorder_percent) {
            usize::try_from(self.roll() % self.waiting.len() as u64).unwrap_or(0)
        } else {
            0
        };
        Some(self.waiting.remove(index))
    }

    /// Loses everything that is on its way.
    pub fn cut(&mut self) {
        self.waiting.clear();
    }

    /// How much is on its way.
    #[must_use]
    pub fn waiting(&self) -> usize {
        self.waiting.len()
    }

    fn chance(&mut self, percent: u64) -> bool {
        self.roll() % 100 < percent
    }

    /// xorshift64*, Vigna 2016: small, seedable, good enough for weather.
    fn roll(&mut self) -> u64 {
        self.dice ^= self.dice >> 12;
        self.dice ^= self.dice << 25;
        self.dice ^= self.dice >> 27;
        self.dice.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 16
    }
}
