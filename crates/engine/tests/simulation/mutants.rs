//! The mutants: each is a remedy switched off, and some history must show its absence within a bounded number.

use crate::switches::{Switches, Weather};

/// A mutant survives no longer than this.
pub(crate) const HISTORIES: u64 = 20_000;

pub(crate) struct Mutant {
    /// The rule it breaks, and how.
    pub(crate) name: &'static str,
    pub(crate) off: fn(&mut Switches),
}

/// Writes each mutant down once: as a test of that name, and in the list.
macro_rules! mutants {
    ($($(#[$doc:meta])* fn $name:ident($switches:ident) $off:block)+) => {
        pub(crate) const MUTANTS: &[Mutant] =
            &[$(Mutant { name: stringify!($name), off: |$switches: &mut Switches| $off },)+];

        #[cfg(test)]
        mod tests {
            $($(#[$doc])* #[test] fn $name() {
                super::catch(stringify!($name));
            })+
        }
    };
}

/// What is on when a mutant runs.
pub(crate) fn switches(mutant: &Mutant) -> Switches {
    let mut switches = Switches::ALL;
    (mutant.off)(&mut switches);
    switches
}

mutants! {
    fn log_3_without_de_duplication_a_message_is_there_twice(on) { on.store.de_duplication = false; }
    fn log_1_without_de_duplication_first_a_log_has_a_hole(on) { on.store.de_duplication_first = false; }
    fn log_1_without_the_lock_a_log_is_read_with_a_hole(on) { on.store.head_under_lock = false; }
    fn msg_4_without_a_look_in_the_transaction_one_speaks_after_leaving(on) { on.store.membership_in_transaction = false; }
    fn log_4_without_stopping_what_follows_passes_what_was_refused(on) { on.store.pipeline_stops = false; }
    fn log_4_without_a_fence_a_node_of_an_earlier_life_writes_a_repeat_late(on) { on.store.fenced = false; }
    fn h37_without_the_clamp_times_go_back(on) { on.store.clamped_times = false; }
    fn log_9_without_a_new_epoch_a_seq_is_given_to_another_event(on) { on.store.new_epoch = false; }
    fn log_9_without_one_snapshot_rows_of_another_life_are_applied(on) { on.store.one_snapshot = false; }
    fn log_2_published_before_the_commit_what_never_was_is_seen(on) { on.store.published_after_commit = false; }
    fn log_2_answered_before_the_commit_what_was_answered_is_lost(on) { on.store.answered_after_commit = false; }

    fn syn_1_without_its_cursors_a_client_misses_what_came_while_it_was_away(on) { on.client.resumes_by_cursor = false; }
    fn log_9_without_its_epoch_a_client_keeps_what_is_no_more(on) { on.client.resumes_with_its_epoch = false; }
    fn syn_5_without_dropping_a_client_sees_an_event_twice(on) { on.client.drops_what_it_has = false; }
    fn log_4_sent_again_out_of_order_messages_change_their_order(on) { on.client.sends_again_in_order = false; }

    fn log_1_without_in_order_apply_a_reader_sees_a_hole(on) { on.hub.in_order_apply = false; }
    fn log_1_without_in_order_release_the_stash_shows_a_hole(on) { on.hub.in_order_release = false; }
    fn log_1_without_dropping_duplicates_a_reader_sees_an_event_twice(on) { on.hub.drop_duplicates = false; }
    fn log_5_without_gap_reads_a_hole_stays_open_although_its_end_was_heard(on) {
        // The digest would repair it later; without it these histories are clean, as is shown.
        on.weather = Some(Weather::Revealed);
        on.hub.digest = false;
        on.hub.gap_read = false;
    }
    fn log_5_a_failed_read_not_made_again_leaves_a_hole(on) {
        on.weather = Some(Weather::Faithful);
        on.hub.digest = false;
        on.hub.failed_read_again = false;
    }
    fn log_6_a_failed_read_for_one_reader_not_made_again_leaves_it_behind(on) { on.hub.failed_replay_again = false; }
    fn log_5_an_answer_to_an_earlier_lane_ends_the_wait_of_this_one(on) {
        on.weather = Some(Weather::Faithful);
        on.hub.digest = false;
        on.hub.lane_answers_by_ticket = false;
    }
    fn syn_4_an_answer_to_an_older_question_is_fed(on) { on.hub.replay_answers_by_question = false; }
    fn log_5_without_the_digest_the_last_event_of_a_quiet_room_is_never_seen(on) { on.hub.digest = false; }
    fn syn_1_without_attending_before_reading_events_fall_into_the_seam(on) {
        on.weather = Some(Weather::Faithful);
        on.hub.digest = false;
        on.hub.subscribe_before_read = false;
    }
    fn log_6_without_feeding_a_reader_behind_the_ring_misses_events(on) { on.hub.feed_from_store = false; }
    fn log_5_without_the_plain_ring_before_it_a_packed_reader_misses_events(on) { on.hub.plain_before_packed = false; }
    fn s105_without_taking_it_out_of_the_rings_who_goes_back_is_shown_what_was_deleted(on) {
        on.hub.deleted_out_of_rings = false;
    }
    fn log_6_moved_by_what_was_planned_a_slow_reader_misses_events(on) { on.hub.moved_by_what_was_taken = false; }
    fn con_4_without_its_rest_a_frame_is_broken(on) { on.hub.rest_of_a_frame = false; }
    fn log_6_what_a_socket_did_not_take_is_never_said(on) { on.hub.untaken_again = false; }

    fn log_7_without_the_bound_a_lagging_reader_is_fed_past_its_removal(on) { on.hub.removal_bound = false; }
    fn log_7_without_remembering_an_old_snapshot_lets_the_removed_in(on) { on.hub.removal_remembered = false; }
    fn log_7_without_searching_a_removal_before_the_lane_is_missed(on) { on.hub.removal_searched = false; }
    fn log_7_without_being_sure_a_cursor_jumps_over_a_removal(on) { on.hub.removal_sure = false; }
    fn syn_4_a_cursor_moved_forward_passes_a_reset_or_a_removal(on) { on.hub.cursor_goes_back = false; }
    fn log_7_a_claimed_cursor_beyond_the_snapshot_passes_a_removal(on) { on.hub.cursor_within_snapshot = false; }
    fn log_7_without_ending_it_the_removed_are_fed_on(on) { on.hub.removal_ends_feeding = false; }
    fn log_7_without_detaching_the_removed_go_on_reading(on) { on.hub.removal_detaches = false; }
    fn room_4_an_older_removal_shows_out_who_came_back(on) { on.hub.removal_of_the_older_place = false; }

    fn log_9_without_the_epoch_on_the_bus_two_lives_are_mixed(on) { on.hub.epoch_on_bus = false; }
    fn log_9_without_the_epoch_on_hints_one_is_shown_into_a_room_of_another_life(on) { on.hub.epoch_on_hints = false; }
    fn log_9_without_the_epoch_on_reads_two_lives_are_mixed(on) { on.hub.epoch_on_reads = false; }
    fn log_9_without_the_epoch_on_the_digest_a_quiet_node_stays_in_a_life_that_ended(on) {
        on.weather = Some(Weather::Storm);
        on.hub.epoch_on_digest = false;
    }
    fn log_9_without_the_epoch_on_the_welcome_two_lives_are_mixed(on) { on.hub.epoch_on_welcome = false; }
    fn log_9_without_the_epoch_of_cursors_an_old_one_is_served(on) { on.hub.epoch_of_cursors = false; }
    fn log_9_lanes_that_outlive_their_epoch_mix_two_lives(on) { on.hub.epoch_ends_lanes = false; }

    fn room_4_a_reset_is_said_of_a_room_unheard_of(on) { on.hub.reset_in_the_telling = false; }
    fn con_3_without_waiting_something_is_said_before_the_welcome(on) { on.hub.welcome_first = false; }
    fn room_4_without_telling_first_events_come_of_a_room_unheard_of(on) { on.hub.room_before_its_events = false; }
    fn room_4_without_looking_up_a_joining_is_never_told(on) { on.hub.joinings_looked_up = false; }
    fn room_4_a_lane_let_go_while_behind_takes_a_joining_with_it(on) { on.hub.lane_kept_while_behind = false; }

    fn old_6_back_in_the_ring_too_soon_a_classic_reader_misses_messages(on) { on.hub.classic_back_to_ring = false; }
    fn old_2_without_a_frame_of_its_own_a_newcomer_hears_others_first(on) { on.hub.classic_newcomer_first = false; }
}

#[cfg(test)]
fn catch(name: &str) {
    let mutant = MUTANTS.iter().find(|mutant| mutant.name == name).expect("each test is a mutant's");
    let done = std::sync::atomic::AtomicU64::new(0);
    let caught = crate::run::first_wrong(1, HISTORIES, 1, switches(mutant), &done);
    println!("{name}: {caught:?}");
    assert!(caught.is_some(), "nobody noticed in {HISTORIES} histories");
}
