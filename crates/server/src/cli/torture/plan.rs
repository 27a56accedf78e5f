//! The plan: which faults happen when, to whom. It is made from a number alone, so the same number tells the same story.

use std::fmt;
use std::time::Duration;

/// How many write, and how many read.
pub(super) const WRITERS: usize = 4;
/// Readers: the first is the one a control deceives, the second lags, the third stays away when it is cut off.
pub(super) const READERS: usize = 4;

/// Nothing happens before everyone has begun to talk.
const CALM_MS: u64 = 600;
/// How far from the time it began with the house's clock is set: back an hour, right again, a day and nine days on.
/// Sessions end after 30 days without use, so that none of this may end one.
const CLOCKS_S: [i64; 4] = [-3_600, 0, 86_400, 9 * 86_400];

/// A kind of fault, as `--without` names it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// The house's process dies by SIGKILL and is started again.
    Kill,
    /// The house's clock jumps.
    Clock,
    /// A connection is reset.
    Cut,
    /// A connection falls silent in both directions and stays open.
    HalfOpen,
    /// Nothing is taken from the house for a while.
    Freeze,
    /// Both directions are passed on byte by byte for a while.
    Slice,
    /// Whatever the house says is lost for a while, then the connection is reset.
    Suppress,
}

impl Kind {
    /// All of them.
    pub(super) const ALL: [Kind; 7] =
        [Kind::Kill, Kind::Clock, Kind::Cut, Kind::HalfOpen, Kind::Freeze, Kind::Slice, Kind::Suppress];

    /// Its name on the command line.
    pub(super) fn name(self) -> &'static str {
        match self {
            Kind::Kill => "kill",
            Kind::Clock => "clock",
            Kind::Cut => "cut",
            Kind::HalfOpen => "half-open",
            Kind::Freeze => "freeze",
            Kind::Slice => "slice",
            Kind::Suppress => "suppress",
        }
    }

    /// Whether the process of the house must be ours.
    pub(super) fn needs_own_house(self) -> bool {
        matches!(self, Kind::Kill | Kind::Clock)
    }

    /// From one such fault to the next, in milliseconds: at least, and at most.
    fn every_ms(self) -> (u64, u64) {
        match self {
            Kind::Kill => (1_500, 4_000),
            Kind::Clock => (2_000, 6_000),
            Kind::Cut => (300, 1_200),
            Kind::HalfOpen => (2_500, 6_000),
            Kind::Freeze | Kind::Slice => (1_500, 3_500),
            Kind::Suppress => (700, 2_500),
        }
    }

    /// How long it lasts, in milliseconds. Shorter than the patience of readers, so that a frozen one wakes up again.
    fn lasts_ms(self) -> (u64, u64) {
        match self {
            Kind::Freeze => (500, 2_500),
            Kind::Slice => (500, 1_500),
            Kind::Suppress => (100, 900),
            Kind::Kill | Kind::Clock | Kind::Cut | Kind::HalfOpen => (0, 0),
        }
    }
}

/// One who talks to the house over a line of their own; counted from 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Party {
    /// One who writes.
    Writer(usize),
    /// One who reads.
    Reader(usize),
}

impl fmt::Display for Party {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Party::Writer(number) => write!(f, "writer {number}"),
            Party::Reader(number) => write!(f, "reader {number}"),
        }
    }
}

/// What happens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fault {
    /// The house dies and is started again.
    Kill,
    /// The house's clock is set so many seconds from where it began.
    Clock(i64),
    /// Something happens to the line of one party, and lasts so long.
    Line(Kind, Party, Duration),
}

impl Fault {
    /// Its kind.
    pub(super) fn kind(self) -> Kind {
        match self {
            Fault::Kill => Kind::Kill,
            Fault::Clock(_) => Kind::Clock,
            Fault::Line(kind, ..) => kind,
        }
    }
}

/// A fault and its time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Planned {
    /// After the beginning.
    pub(super) at: Duration,
    /// What happens then.
    pub(super) fault: Fault,
}

impl fmt::Display for Planned {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:9.3} s  {:<9}", self.at.as_secs_f64(), self.fault.kind().name())?;
        match self.fault {
            Fault::Kill => write!(f, "  the house"),
            Fault::Clock(ahead_s) => write!(f, "  {ahead_s:+} s"),
            Fault::Line(_, party, lasts) if lasts.is_zero() => write!(f, "  {party}"),
            Fault::Line(_, party, lasts) => write!(f, "  {party}, for {} ms", lasts.as_millis()),
        }
    }
}

/// Makes the plan of so much time. Every kind has dice of its own: leaving one out changes nothing of the others.
pub(super) fn make(seed: u64, lasts: Duration, kinds: &[Kind]) -> Vec<Planned> {
    let mut plan = Vec::new();
    for (number, kind) in Kind::ALL.into_iter().enumerate() {
        if !kinds.contains(&kind) {
            continue;
        }
        let mut dice = Dice::new(seed ^ (number as u64 + 1).wrapping_mul(0xA24B_AED4_963E_E407));
        let (least, most) = kind.every_ms();
        // The first of each kind comes early, so that a short run has met them all.
        let mut at_ms = CALM_MS + dice.between(0, least);
        while Duration::from_millis(at_ms) < lasts {
            plan.push(Planned { at: Duration::from_millis(at_ms), fault: fault(kind, &mut dice) });
            at_ms += dice.between(least, most);
        }
    }
    plan.sort_by_key(|planned| planned.at);
    plan
}

/// What makes sure that the first writer has something to send again, early on.
pub(super) fn with_lost_answers(mut plan: Vec<Planned>) -> Vec<Planned> {
    let lasts = Duration::from_millis(200);
    let fault = Fault::Line(Kind::Suppress, Party::Writer(0), lasts);
    plan.insert(0, Planned { at: Duration::from_millis(CALM_MS) - lasts, fault });
    plan
}

fn fault(kind: Kind, dice: &mut Dice) -> Fault {
    let (least, most) = kind.lasts_ms();
    let lasts = Duration::from_millis(dice.between(least, most));
    match kind {
        Kind::Kill => Fault::Kill,
        Kind::Clock => Fault::Clock(CLOCKS_S[dice.below(CLOCKS_S.len())]),
        Kind::Freeze => Fault::Line(kind, Party::Reader(dice.below(READERS)), lasts),
        Kind::Suppress => Fault::Line(kind, Party::Writer(dice.below(WRITERS)), lasts),
        Kind::Cut | Kind::HalfOpen | Kind::Slice => {
            let party = dice.below(WRITERS + READERS);
            let party = if party < WRITERS { Party::Writer(party) } else { Party::Reader(party - WRITERS) };
            Fault::Line(kind, party, lasts)
        }
    }
}

/// Dice that fall the same way for the same seed (splitmix64).
#[derive(Debug)]
pub(super) struct Dice(u64);

impl Dice {
    /// Dice of this seed.
    pub(super) fn new(seed: u64) -> Dice {
        Dice(seed)
    }

    fn roll(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    /// A number from `least` to `most`.
    pub(super) fn between(&mut self, least: u64, most: u64) -> u64 {
        least + self.roll() % (most - least + 1)
    }

    /// A number below `end`, which is not 0.
    pub(super) fn below(&mut self, end: usize) -> usize {
        usize::try_from(self.roll() % end as u64).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MINUTE: Duration = Duration::from_secs(60);

    fn told(plan: &[Planned]) -> Vec<String> {
        plan.iter().map(Planned::to_string).collect()
    }

    #[test]
    fn the_same_seed_makes_the_same_plan_and_another_another() {
        let plan = make(7, MINUTE, &Kind::ALL);
        assert_eq!(told(&plan), told(&make(7, MINUTE, &Kind::ALL)));
        assert_ne!(told(&plan), told(&make(8, MINUTE, &Kind::ALL)));
        assert_eq!(plan[0].to_string(), "    0.759 s  cut        reader 0", "also on another day and machine");
        assert!(plan.is_sorted_by_key(|planned| planned.at) && plan.iter().all(|planned| planned.at < MINUTE));
    }

    #[test]
    fn fifteen_seconds_meet_every_kind_of_fault_whatever_the_seed() {
        for seed in 0..200 {
            let plan = make(seed, Duration::from_secs(15), &Kind::ALL);
            for kind in Kind::ALL {
                assert!(plan.iter().any(|planned| planned.fault.kind() == kind), "{kind:?} with seed {seed}");
            }
        }
    }

    #[test]
    fn a_kind_left_out_changes_nothing_of_the_others() {
        let mut plan = make(7, MINUTE, &Kind::ALL);
        plan.retain(|planned| planned.fault.kind() != Kind::Kill);
        let others: Vec<Kind> = Kind::ALL.into_iter().filter(|kind| *kind != Kind::Kill).collect();
        assert_eq!(plan, make(7, MINUTE, &others));
    }
}
