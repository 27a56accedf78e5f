//! A connection always learns which rooms its person is in, and hears nothing of others (ROOM-4, CON-3, LOG-7).

use bytes::Bytes;
use parlour_engine::hub::{Bounds, Hub, Key, Read, Remedies};
use parlour_protocol::{Change, Notice, Reply, RoomId, RoomState, Seq, ServerFrame, limits};

use crate::desk::{ADA, BEN, Desk, LOBBY, ROOM, Told, author, epoch, words, wrap};

/// Gives a connection more frames of its own than a socket may have waiting.
fn fill_up(desk: &mut Desk, key: Key) {
    for _ in 0..=limits::PRIVATE_FRAMES_MAX {
        desk.hub.tell_framed(key, Bytes::from_static(b"{\"t\":\"reply\",\"ref\":1,\"reply\":{\"is\":\"done\"}}\n"));
    }
}

/// What a connection is told, without the answers it waited for.
fn news(desk: &mut Desk, key: Key) -> Vec<Told> {
    desk.take(key).into_iter().filter(|told| !matches!(told, Told::Reply)).collect()
}

#[test]
fn room_4_a_connection_behind_with_its_own_frames_is_still_told_of_its_rooms_before_their_events() {
    let mut desk = Desk::new();
    let key = desk.enter(ADA, &[LOBBY]);
    desk.say(ROOM, BEN, Change::MemberJoined);
    desk.say(ROOM, ADA, Change::MemberJoined);
    fill_up(&mut desk, key);
    desk.notify(ADA, &desk.added(ROOM));
    desk.say(ROOM, BEN, words("hello"));
    assert_eq!(news(&mut desk, key), [Told::Added(ROOM, Seq(2)), Told::Event(ROOM, Seq(3))]);

    fill_up(&mut desk, key);
    desk.say(ROOM, ADA, Change::MemberLeft);
    desk.say(ROOM, BEN, words("gone?"));
    assert_eq!(news(&mut desk, key), [Told::Removed(ROOM)]);
}

#[test]
fn room_4_however_often_a_person_comes_and_goes_one_notice_a_room_waits_for_a_slow_connection() {
    let mut desk = Desk::new();
    let key = desk.enter(ADA, &[LOBBY]);
    desk.enter(BEN, &[ROOM]);
    for _ in 0..1_000 {
        desk.say(ROOM, ADA, Change::MemberJoined);
        desk.notify(ADA, &desk.added(ROOM));
        desk.say(ROOM, ADA, Change::MemberLeft);
    }
    assert_eq!(news(&mut desk, key), [], "it never heard of the room");
    desk.say(ROOM, ADA, Change::MemberJoined);
    desk.notify(ADA, &desk.added(ROOM));
    assert_eq!(news(&mut desk, key), [Told::Added(ROOM, Seq(2_001))]);
    desk.say(ROOM, ADA, Change::MemberLeft);
    desk.say(ROOM, ADA, Change::MemberJoined);
    desk.notify(ADA, &desk.added(ROOM));
    let again = [Told::Removed(ROOM), Told::Added(ROOM, Seq(2_003))];
    assert_eq!(news(&mut desk, key), again, "what it held of the room ends before what begins");
}

#[test]
fn room_4_a_lost_hint_delays_a_room_and_does_not_hide_it() {
    let mut desk = Desk::new();
    let key = desk.enter(ADA, &[LOBBY]);
    desk.say(ROOM, ADA, Change::MemberJoined);
    assert_eq!(desk.settle(), [], "the hint has a moment to come");
    desk.now_ms = 250;
    assert_eq!(desk.settle(), [Read::Standing { user: ADA, room: ROOM }]);
    let failed = desk.hub.stands(ADA, ROOM, None, 250);
    assert_eq!(failed, parlour_engine::hub::Heard::Taken);
    desk.now_ms = 500;
    assert_eq!(desk.settle(), [Read::Standing { user: ADA, room: ROOM }], "a failed read is made again");
    let state = desk.state(ROOM);
    desk.hub.stands(ADA, ROOM, Some((epoch(), Some(state))), 500);
    desk.say(ROOM, BEN, Change::MemberJoined);
    assert_eq!(news(&mut desk, key), [Told::Added(ROOM, Seq(1)), Told::Event(ROOM, Seq(2))]);
}

#[test]
fn room_6_who_is_added_by_somebody_else_is_shown_in_by_the_log_when_the_hint_is_lost() {
    let mut desk = Desk::new();
    let key = desk.enter(ADA, &[LOBBY]);
    desk.enter(BEN, &[ROOM]);
    desk.say(ROOM, BEN, Change::MemberAdded { who: author(ADA) });
    desk.now_ms = 250;
    assert_eq!(desk.settle(), [Read::Standing { user: ADA, room: ROOM }]);
    let state = desk.state(ROOM);
    desk.hub.stands(ADA, ROOM, Some((epoch(), Some(state))), 250);
    desk.say(ROOM, BEN, words("welcome"));
    assert_eq!(news(&mut desk, key), [Told::Added(ROOM, Seq(1)), Told::Event(ROOM, Seq(2))]);
}

#[test]
fn room_7_a_removal_takes_the_removed_out_and_not_the_one_who_did_it() {
    let mut desk = Desk::new();
    let (ada, ben) = (desk.enter(ADA, &[LOBBY, ROOM]), desk.enter(BEN, &[LOBBY, ROOM]));
    desk.say(ROOM, BEN, Change::MemberRemoved { who: author(ADA) });
    desk.say(ROOM, BEN, words("alone"));
    assert_eq!(news(&mut desk, ada), [Told::Removed(ROOM)]);
    assert_eq!(news(&mut desk, ben), [Told::Event(ROOM, Seq(1)), Told::Event(ROOM, Seq(2))]);
}

#[test]
fn room_4_a_hint_that_came_asks_the_store_nothing() {
    let mut desk = Desk::new();
    let key = desk.enter(ADA, &[LOBBY]);
    desk.say(ROOM, ADA, Change::MemberJoined);
    desk.notify(ADA, &desk.added(ROOM));
    desk.take(key);
    desk.now_ms = 10_000;
    assert_eq!(desk.settle(), []);
}

#[test]
fn room_4_a_reply_is_not_the_last_word_about_a_room_left_again() {
    let mut desk = Desk::new();
    let key = desk.enter(ADA, &[LOBBY]);
    desk.enter(BEN, &[ROOM]);
    desk.say(ROOM, ADA, Change::MemberJoined);
    let reply = desk.state(ROOM);
    desk.say(ROOM, ADA, Change::MemberLeft);
    desk.hub.enter(key, &reply);
    assert_eq!(news(&mut desk, key), [Told::Removed(ROOM)]);
}

#[test]
fn room_4_that_a_room_ended_is_said_before_the_reply_that_begins_it_anew() {
    let mut desk = Desk::new();
    let key = desk.enter(ADA, &[LOBBY, ROOM]);
    desk.say(ROOM, ADA, Change::MemberLeft);
    desk.say(ROOM, ADA, Change::MemberJoined);
    desk.hub.enter(key, &desk.state(ROOM));
    desk.hub.tell(key, &ServerFrame::Reply { r#ref: 2, reply: Reply::Done });
    desk.say(ROOM, BEN, words("back?"));
    assert_eq!(desk.take(key), [Told::Removed(ROOM), Told::Reply, Told::Event(ROOM, Seq(3))]);
}

#[test]
fn log_5_a_reply_older_than_what_the_store_said_leaves_no_hole_after_its_head() {
    let mut desk = Desk::new();
    let key = desk.enter(ADA, &[LOBBY]);
    desk.say(ROOM, ADA, Change::MemberJoined);
    let reply = desk.state(ROOM);
    desk.say(ROOM, BEN, Change::MemberJoined);
    desk.hub.stands(ADA, ROOM, Some((epoch(), Some(desk.state(ROOM)))), 250);
    desk.hub.enter(key, &reply);
    desk.say(ROOM, BEN, words("here too"));
    // The reply says 1 and is told before all this; the newer state is known by then.
    let told = [Told::Added(ROOM, Seq(2)), Told::Event(ROOM, Seq(2)), Told::Event(ROOM, Seq(3))];
    assert_eq!(news(&mut desk, key), told);
}

#[test]
fn log_7_a_hint_older_than_a_leaving_opens_nothing_and_is_not_told() {
    let mut desk = Desk::new();
    let key = desk.enter(ADA, &[LOBBY]);
    desk.enter(BEN, &[ROOM]);
    desk.say(ROOM, ADA, Change::MemberJoined);
    let late = desk.added(ROOM);
    desk.say(ROOM, ADA, Change::MemberLeft);
    desk.notify(ADA, &late);
    desk.say(ROOM, BEN, words("among us"));
    assert_eq!(news(&mut desk, key), []);
}

#[test]
fn con_3_nothing_is_heard_before_the_welcome_and_nothing_that_happened_meanwhile_is_missed() {
    let mut desk = Desk::new();
    let elsewhere = RoomId(8);
    desk.enter(BEN, &[LOBBY, ROOM, elsewhere]);
    desk.say(ROOM, ADA, Change::MemberJoined);
    let key = desk.connect(ADA);
    let read_before = vec![desk.state(LOBBY), desk.state(ROOM)];
    desk.say(elsewhere, ADA, Change::MemberJoined);
    desk.notify(ADA, &desk.added(elsewhere));
    desk.say(elsewhere, BEN, words("welcome"));
    desk.say(ROOM, BEN, words("here too"));
    desk.notify(ADA, &Notice::Read { room: ROOM, seq: Seq(1), unread: 1, mentions: 0, head: Seq(2) });
    assert_eq!(desk.take(key), [], "it said hello and was not answered");
    desk.welcome(key, ADA, read_before);
    let told = desk.take(key);
    assert_eq!(told[0], Told::Welcome(vec![LOBBY, ROOM]));
    assert_eq!(told[1..3], [Told::Read(ROOM, Seq(1)), Told::Added(elsewhere, Seq(1))]);
    let mut rest = told[3..].to_vec();
    rest.sort_by_key(|told| format!("{told:?}"));
    assert_eq!(rest, [Told::Event(ROOM, Seq(2)), Told::Event(elsewhere, Seq(2))]);
}

#[test]
fn con_3_a_room_joined_during_the_greeting_is_found_although_its_hint_was_lost() {
    let mut desk = Desk::new();
    let key = desk.connect(ADA);
    let read_before = vec![desk.state(LOBBY)];
    desk.say(ROOM, ADA, Change::MemberJoined);
    desk.now_ms = 250;
    assert_eq!(desk.settle(), [], "the greeting may say it");
    desk.welcome(key, ADA, read_before);
    desk.now_ms = 500;
    assert_eq!(desk.settle().last(), Some(&Read::Standing { user: ADA, room: ROOM }));
}

#[test]
fn s44_who_came_back_before_the_leaving_was_heard_of_begins_where_they_may_read_now() {
    let mut desk =
        Desk::over(Hub::new(epoch(), wrap, Remedies::ALL).with_rings(Bounds { frames: 3, ..Bounds::LIMITS }));
    let key = desk.enter(ADA, &[LOBBY, ROOM]);
    // Behind the ring, and fed from the store.
    for _ in 0..9 {
        desk.say(ROOM, BEN, words("while she reads nothing"));
    }
    let left = desk.write(ROOM, ADA, Change::MemberLeft);
    let missed = desk.write(ROOM, BEN, words("while she is away"));
    let back = desk.write(ROOM, ADA, Change::MemberJoined);
    let state = RoomState { since: back.seq, ..desk.state(ROOM) };
    desk.notify(ADA, &Notice::RoomAdded { state });
    desk.hub.deliver(&epoch(), &[left, missed, back], desk.now_ms);
    desk.say(ROOM, BEN, words("now"));
    let told = [Told::Reset(ROOM, Seq(12)), Told::Added(ROOM, Seq(12)), Told::Event(ROOM, Seq(13))];
    assert_eq!(news(&mut desk, key), told);
}
