//! What the hub asks of the store, in which order and how often (LOG-1, LOG-6).

use parlour_engine::hub::{Heard, Key, Read};
use parlour_protocol::{Change, RoomId, Seq};

use crate::desk::{ADA, BEN, Desk, LOBBY, ROOM, Told, epoch, words};

/// A reader of a room whose next event is behind the ring: it has been there since before this node followed the room.
fn behind(desk: &mut Desk, room: RoomId) -> Key {
    let key = desk.connect(ADA);
    let old = desk.state(room);
    desk.say(room, BEN, words("meanwhile"));
    desk.enter(BEN, &[room]);
    desk.welcome(key, ADA, vec![old]);
    key
}

/// Opens a hole in a room: the event before the last is lost. Returns what the store is to be asked.
fn lose_one(desk: &mut Desk, room: RoomId) -> Seq {
    let last = Seq(desk.log.get(&room).map_or(0, Vec::len) as u64);
    desk.write(room, BEN, words("lost"));
    desk.say(room, BEN, words("heard"));
    last
}

fn lane_of(read: Option<Read>) -> Option<(RoomId, Seq)> {
    match read {
        Some(Read::Lane { room, after, .. }) => Some((room, after)),
        _ => None,
    }
}

#[test]
fn log_1_a_failed_read_of_a_lane_is_made_again_after_a_rest_and_not_before() {
    let mut desk = Desk::new();
    let key = desk.enter(ADA, &[ROOM]);
    let after = lose_one(&mut desk, ROOM);
    desk.now_ms = 20;
    for _ in 0..3 {
        let Some(Read::Lane { room, ticket, .. }) = desk.hub.next_read(desk.now_ms) else { panic!("the hole stays") };
        assert_eq!(desk.hub.filled(room, ticket, None, desk.now_ms), Heard::Taken);
        assert_eq!(desk.hub.next_read(desk.now_ms + 249), None);
        desk.now_ms += 250;
    }
    assert_eq!(lane_of(desk.settle().first().copied()), Some((ROOM, after)));
    assert_eq!(desk.take(key), [Told::Event(ROOM, Seq(1)), Told::Event(ROOM, Seq(2))]);
}

#[test]
fn log_5_what_the_digest_told_during_a_read_is_read_after_it() {
    let mut desk = Desk::new();
    let key = desk.connect(ADA);
    desk.welcome(key, ADA, vec![desk.state(ROOM)]);
    let Some(Read::Lane { room, ticket, after }) = desk.hub.next_read(0) else { panic!("a new lane is read") };
    let read_before = desk.backfill(room, after, 256);
    desk.write(ROOM, BEN, words("lost"));
    assert_eq!(desk.hub.digest(&epoch(), &[(ROOM, Seq(1))]), Ok(1));
    desk.hub.filled(room, ticket, Some(read_before), 0);
    assert_eq!(desk.hub.next_read(249), None);
    desk.now_ms = 250;
    assert_eq!(lane_of(desk.settle().first().copied()), Some((ROOM, after)));
    assert_eq!(desk.take(key).last(), Some(&Told::Event(ROOM, Seq(1))));
}

#[test]
fn log_1_a_read_that_brings_nothing_of_what_was_heard_is_not_made_again_at_once() {
    let mut desk = Desk::new();
    desk.enter(ADA, &[ROOM]);
    lose_one(&mut desk, ROOM);
    desk.now_ms = 20;
    let Some(Read::Lane { room, ticket, after }) = desk.hub.next_read(20) else { panic!("there is a hole") };
    let mut answer = desk.backfill(room, after, 256);
    (answer.head, answer.events) = (after, Vec::new());
    desk.hub.filled(room, ticket, Some(answer), 20);
    assert_eq!(desk.hub.next_read(269), None);
    assert_eq!(lane_of(desk.hub.next_read(270)), Some((ROOM, after)));
}

#[test]
fn log_6_a_failed_read_for_one_reader_is_made_again_after_a_rest_and_not_before() {
    let mut desk = Desk::new();
    let key = behind(&mut desk, ROOM);
    desk.write_once(key);
    let wanted = Read::Replay { connection: key, room: ROOM, after: Seq(0) };
    for _ in 0..3 {
        assert_eq!(desk.hub.next_read(desk.now_ms), Some(wanted));
        desk.hub.replayed(key, ROOM, Seq(0), None, desk.now_ms);
        desk.write_once(key);
        assert_eq!(desk.hub.next_read(desk.now_ms + 249), None);
        desk.now_ms += 250;
    }
    assert_eq!(desk.take(key), [Told::Event(ROOM, Seq(1))]);
}

#[test]
fn log_6_a_room_is_read_before_the_readers_behind_it() {
    let mut desk = Desk::new();
    let keys: Vec<Key> = (0..3).map(|n| behind(&mut desk, RoomId(100 + n))).collect();
    for key in &keys {
        desk.write_once(*key);
    }
    let after = lose_one(&mut desk, RoomId(100));
    assert_eq!(lane_of(desk.hub.next_read(20)), Some((RoomId(100), after)));
    assert!(matches!(desk.hub.next_read(20), Some(Read::Replay { .. })));
}

#[test]
fn log_6_a_reader_that_is_gone_costs_no_read_and_one_that_asks_often_costs_one() {
    let mut desk = Desk::new();
    let (gone, insistent) = (behind(&mut desk, ROOM), behind(&mut desk, LOBBY));
    desk.write_once(gone);
    desk.write_once(insistent);
    desk.hub.disconnect(gone, 0);
    for _ in 0..100 {
        desk.hub.catch_up(insistent, LOBBY, Seq(0));
        desk.write_once(insistent);
    }
    assert_eq!(desk.settle(), [Read::Replay { connection: insistent, room: LOBBY, after: Seq(0) }]);
}

#[test]
fn log_6_a_reader_far_behind_is_fed_by_small_reads_without_a_hole() {
    let mut desk = Desk::new();
    for n in 0..400u32 {
        desk.write(ROOM, BEN, words(&n.to_string()));
    }
    let key = desk.enter(ADA, &[ROOM]);
    desk.hub.catch_up(key, ROOM, Seq(0));
    let mut told = Vec::new();
    for _ in 0..13 {
        assert_eq!(desk.write_once(key), Vec::<String>::new());
        let reads = desk.settle();
        assert_eq!(reads.len(), 1);
        assert!(reads[0].events_max() <= 32, "{:?} of perhaps 16 KiB each", reads[0]);
        told.extend(desk.write_once(key).iter().map(|frame| frame.contains("\"event\"")));
    }
    assert_eq!((told.len(), told.iter().all(|is_event| *is_event)), (400, true));
}

#[test]
fn log_9_an_answer_that_a_lane_of_an_earlier_life_asked_for_is_none() {
    let mut desk = Desk::new();
    desk.enter(ADA, &[ROOM]);
    lose_one(&mut desk, ROOM);
    let Some(Read::Lane { room, ticket, after }) = desk.hub.next_read(20) else { panic!("there is a hole") };
    let old = desk.backfill(room, after, 0);
    for key in desk.hub.begin_epoch(epoch()) {
        desk.hub.disconnect(key, 0);
    }
    let key = desk.connect(ADA);
    let state = desk.state(ROOM);
    desk.write(ROOM, BEN, Change::MemberJoined);
    desk.welcome(key, ADA, vec![state]);
    desk.hub.filled(room, ticket, Some(old), 20);
    assert_eq!(desk.take(key), [Told::Welcome(vec![ROOM]), Told::Event(ROOM, Seq(3))]);
}
