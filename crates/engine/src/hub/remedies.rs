//! The named remedies against the holes of a distributed log, each with a switch.
//!
//! A house runs with [`Remedies::ALL`], and in a build without the feature `controls` there is nothing else: no switch, no
//! memory, no branch. The simulation (tests/simulation/) switches them off one at a time and must then find a wrong
//! history: a remedy whose absence nobody notices is not one (docs/SIMULATION.md).

/// Writes the switches down once: the record of them, and all of them on.
macro_rules! remedies {
    ($($(#[$doc:meta])+ $name:ident,)+) => {
        /// Which remedies are on.
        #[cfg(feature = "controls")]
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub struct Remedies {
            $($(#[$doc])+ pub $name: bool,)+
        }

        #[cfg(feature = "controls")]
        impl Remedies {
            /// Everything on.
            pub const ALL: Remedies = Remedies { $($name: true,)+ };

            $($(#[$doc])+ pub(super) const fn $name(self) -> bool { self.$name })+
        }

        /// All remedies: they are on.
        #[cfg(not(feature = "controls"))]
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub struct Remedies(());

        #[cfg(not(feature = "controls"))]
        impl Remedies {
            /// Everything on.
            pub const ALL: Remedies = Remedies(());

            $($(#[$doc])+ pub(super) const fn $name(self) -> bool { true })+
        }
    };
}

remedies! {
    /// H5: an event is applied only at `applied + 1`; later ones wait in the stash.
    in_order_apply,
    /// H5: what waits in the stash leaves it in order, too.
    in_order_release,
    /// H5: an event at or below `applied` is dropped.
    drop_duplicates,
    /// H5: a hole is filled from the store.
    gap_read,
    /// A lane's read that failed is made again.
    failed_read_again,
    /// A read that failed for a reader behind its ring is made again.
    failed_replay_again,
    /// An answer is taken only by the lane that asked for it.
    lane_answers_by_ticket,
    /// An answer to an older question of a reader behind its ring is none.
    replay_answers_by_question,
    /// H4: the heads in the store are compared with what was applied.
    digest,
    /// H6: a lane is attended before it is read, so that nothing falls into the seam.
    subscribe_before_read,
    /// H8: whoever is behind the ring is fed from the store.
    feed_from_store,
    /// What the packed ring does not hold is read from the plain one.
    plain_before_packed,
    /// S105: what was deleted is taken out of the rings.
    deleted_out_of_rings,
    /// H8: a cursor moves only by what the socket took.
    moved_by_what_was_taken,
    /// A frame that was begun is finished before anything else.
    rest_of_a_frame,
    /// What was planned and not taken is planned again.
    untaken_again,
    /// H9: what a lagging reader is fed from the store ends where its node has applied the log.
    removal_bound,
    /// H9: who left is remembered, so that an older snapshot lets nobody in again.
    removal_remembered,
    /// H9: what is fed is searched for a removal from before the node followed the room.
    removal_searched,
    /// H9: a cursor is moved no further than the person is known to have been a member.
    removal_sure,
    /// H9: what a removed person was being fed ends at once.
    removal_ends_feeding,
    /// H10: a removal detaches the removed person's connections when it is applied.
    removal_detaches,
    /// H11: what the bus says of another life is not applied.
    epoch_on_bus,
    /// H11: a hint of another life is not believed.
    epoch_on_hints,
    /// H12: what was read in another life is not applied.
    epoch_on_reads,
    /// H11: heads of another life are not compared.
    epoch_on_digest,
    /// H12: a greeting that was read in another life is not said.
    epoch_on_welcome,
    /// H11: a cursor of another life is reset.
    epoch_of_cursors,
    /// H11: with a life its lanes end.
    epoch_ends_lanes,
    /// Who came back before this node heard of the leaving stays.
    removal_of_the_older_place,
    /// H9: `catch_up` moves a cursor back and never forward, over a reset on its way or a removal.
    cursor_goes_back,
    /// H9: a cursor claimed in `hello` is served up to the head of the snapshot it is answered by.
    cursor_within_snapshot,
    /// A reset of a room that is still to be told of is said in telling of it.
    reset_in_the_telling,
    /// Nothing is said before the welcome (CON-3).
    welcome_first,
    /// A room is told of before anything that happens in it.
    room_before_its_events,
    /// A joining that no hint told of is looked up in the store.
    joinings_looked_up,
    /// A lane that knows of more than it has is kept until it has it.
    lane_kept_while_behind,
    /// A classic reader goes back to its ring only where the ring has all that follows (OLD-6).
    classic_back_to_ring,
    /// A newcomer of the tutorial's wire hears itself first (OLD-2).
    classic_newcomer_first,
}
