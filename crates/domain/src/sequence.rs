//! The order of a room's log as its readers keep it (LOG-1, LOG-5), mirrored in `web/src/store/sequence.ts`.

use parlour_protocol::Seq;

/// What to do with an event, by its place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Admit {
    /// It is the next one.
    Apply,
    /// It was applied before; drop it.
    Duplicate,
    /// Something is missing before it.
    Gap,
}

/// Decides about the event at `seq` when everything up to `applied` was applied.
#[must_use]
pub fn admit(applied: Seq, seq: Seq) -> Admit {
    if seq <= applied {
        Admit::Duplicate
    } else if seq == applied.next() {
        Admit::Apply
    } else {
        Admit::Gap
    }
}

/// How a reader that comes with a cursor is served.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Resume {
    /// With every event after its cursor.
    Replay,
    /// With `reset`: the cursor cannot be served without a hole, or not in reasonable time (SYN-2).
    Reset,
}

/// Decides about a cursor: `after` is the last seq the reader holds, `head` the room's last, `floor` the last no longer
/// kept. A cursor of another epoch, above the head, below the floor, or more than `replay_max` events behind is reset.
#[must_use]
pub fn plan_resume(after: Seq, epoch_matches: bool, head: Seq, floor: Seq, replay_max: u64) -> Resume {
    if epoch_matches && after <= head && after >= floor && head.0 - after.0 <= replay_max {
        Resume::Replay
    } else {
        Resume::Reset
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_next_event_is_applied() {
        assert_eq!(admit(Seq(4), Seq(5)), Admit::Apply);
        assert_eq!(admit(Seq(4), Seq(4)), Admit::Duplicate);
        assert_eq!(admit(Seq(4), Seq(6)), Admit::Gap);
        assert_eq!(admit(Seq::ZERO, Seq(1)), Admit::Apply);
    }

    #[test]
    fn a_cursor_is_replayed_only_where_nothing_is_missing() {
        assert_eq!(plan_resume(Seq(10), true, Seq(510), Seq(0), 500), Resume::Replay);
        assert_eq!(plan_resume(Seq(9), true, Seq(510), Seq(0), 500), Resume::Reset);
        assert_eq!(plan_resume(Seq(11), true, Seq(10), Seq(0), 500), Resume::Reset);
        assert_eq!(plan_resume(Seq(4), true, Seq(10), Seq(5), 500), Resume::Reset);
        assert_eq!(plan_resume(Seq(5), true, Seq(10), Seq(5), 500), Resume::Replay);
        assert_eq!(plan_resume(Seq(10), false, Seq(10), Seq(0), 500), Resume::Reset);
    }
}
