//! What a person's devices tell each other by way of the house (UNR-5): what must arrive is owed, what may be missed is bounded.

use parlour_protocol::{Notice, NotifyLevel, RoomId, Seq, ServerFrame, limits};

use crate::desk::{ADA, Desk, LOBBY, ROOM};

fn notices(frames: &[String]) -> Vec<Notice> {
    let notice = |frame: &String| match serde_json::from_str(frame).unwrap() {
        ServerFrame::Notice { notice } => Some(notice),
        _ => None,
    };
    frames.iter().filter_map(notice).collect()
}

fn read(room: RoomId, unread: u32) -> Notice {
    Notice::Read { room, seq: Seq(0), unread, mentions: 0, head: Seq(0) }
}

#[test]
fn unr_5_what_counts_is_owed_as_a_position_is_and_of_several_the_last_is_told() {
    let mut desk = Desk::new();
    let key = desk.enter(ADA, &[LOBBY, ROOM]);
    let level = |room, level| Notice::Notify { room, level };
    for notice in [
        level(ROOM, NotifyLevel::Nothing),
        read(ROOM, 7),
        level(LOBBY, NotifyLevel::Nothing),
        level(ROOM, NotifyLevel::Mentions),
        read(ROOM, 3),
    ] {
        desk.notify(ADA, &notice);
    }
    let told = notices(&desk.take_raw(key));
    assert_eq!(
        told,
        [level(LOBBY, NotifyLevel::Nothing), level(ROOM, NotifyLevel::Mentions), read(ROOM, 3)],
        "the level before the count that it made"
    );
    assert!(notices(&desk.take_raw(key)).is_empty());
}

#[test]
fn unr_5_a_device_that_does_not_read_misses_hints_about_single_messages_but_no_count() {
    let mut desk = Desk::new();
    let key = desk.enter(ADA, &[ROOM]);
    for seq in 0..1_000 {
        desk.notify(ADA, &Notice::Saved { room: ROOM, seq: Seq(seq), saved: true });
    }
    desk.notify(ADA, &Notice::Saved { room: RoomId(9), seq: Seq(1), saved: true });
    desk.notify(ADA, &read(ROOM, 4));
    assert_eq!(desk.hub.private_frames(key), limits::PRIVATE_FRAMES_MAX);
    let told = notices(&desk.take_raw(key));
    assert_eq!(told.len(), limits::PRIVATE_FRAMES_MAX + 1);
    assert!(told.contains(&read(ROOM, 4)), "the count is owed");
}
