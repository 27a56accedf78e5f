//! The named remedies against the holes of a distributed log, each with a switch.
//!
//! Production runs with [`Remedies::ALL`] and nothing else. The simulation (tests/simulation/) switches them off one
//! at a time and must then find a wrong history: a remedy whose absence nobody notices is not one (ENGINE.md 1.7).

/// Which remedies are on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Remedies {
    /// H5: an event is applied only at `applied + 1`; later ones wait in the stash.
    pub in_order_apply: bool,
    /// H5: an event at or below `applied` is dropped.
    pub drop_duplicates: bool,
    /// H5: a hole is filled from the store.
    pub gap_read: bool,
    /// H6: a lane is attended before it is read, so that nothing falls into the seam.
    pub subscribe_before_read: bool,
    /// H9: what a lagging reader is fed from the store ends where its node has applied the log.
    pub removal_bound: bool,
    /// H10: a removal detaches the removed person's connections when it is applied.
    pub removal_detaches: bool,
    /// H4: the heads in the store are compared with what was applied.
    pub digest: bool,
    /// H11, H12: what another epoch says is not applied.
    pub epoch_check: bool,
}

impl Remedies {
    /// Everything on.
    pub const ALL: Remedies = Remedies {
        in_order_apply: true,
        drop_duplicates: true,
        gap_read: true,
        subscribe_before_read: true,
        removal_bound: true,
        removal_detaches: true,
        digest: true,
        epoch_check: true,
    };
}
