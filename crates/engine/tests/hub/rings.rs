//! All rings have one budget, and nobody misses anything for it (LOG-5, LOG-6).

use parlour_engine::hub::{Bounds, Hub, Read, Remedies, Wire};
use parlour_protocol::{RoomId, Seq, UserId, limits};

use crate::desk::{ADA, BEN, Desk, LOBBY, ROOM, Told, author, epoch, told_by, words, wrap};

const BUDGET: usize = 4_000;
const ROOMS: u64 = 10;

fn rooms() -> Vec<RoomId> {
    (100..100 + ROOMS).map(RoomId).collect()
}

fn tight_house() -> Desk {
    let bounds = Bounds { total: BUDGET, ..Bounds::LIMITS };
    Desk::over(Hub::new(epoch(), wrap, Remedies::ALL).with_rings(bounds))
}

/// The events of one room among what was told.
fn seqs(told: &[Told], of: RoomId) -> Vec<u64> {
    let seq = |told: &Told| match told {
        Told::Event(room, seq) if *room == of => Some(seq.0),
        _ => None,
    };
    told.iter().filter_map(seq).collect()
}

#[test]
fn log_6_the_rings_of_all_rooms_keep_to_one_budget_and_their_readers_miss_nothing() {
    let mut desk = tight_house();
    let key = desk.enter(ADA, &rooms());
    for room in rooms() {
        for n in 0..5u32 {
            desk.say(room, BEN, words(&n.to_string()));
            assert!(desk.hub.ring_bytes() <= BUDGET, "{} bytes are held", desk.hub.ring_bytes());
        }
    }
    assert!(desk.hub.ring_bytes() > BUDGET / 2, "what fits is kept");
    // Those spoken in longest ago are fed from the store, the others from their rings.
    let mut told = told_by(&desk.write_once(key));
    let (oldest, newest) = (RoomId(100), RoomId(100 + ROOMS - 1));
    assert_eq!((seqs(&told, oldest), seqs(&told, newest)), (vec![], vec![1, 2, 3, 4, 5]));
    let read = Read::Replay { connection: key, room: oldest, after: Seq(0) };
    assert_eq!(desk.settle().first(), Some(&read));
    told.extend(desk.take(key));
    for room in rooms() {
        assert_eq!(seqs(&told, room), [1, 2, 3, 4, 5], "room {room}");
    }
}

#[test]
fn log_6_a_signal_counts_and_a_room_let_go_gives_its_bytes_back() {
    let mut desk = tight_house();
    let key = desk.enter(ADA, &rooms());
    for room in rooms() {
        for _ in 0..32 {
            desk.hub.typing(key, room);
            assert!(desk.hub.ring_bytes() <= BUDGET, "{} bytes are held", desk.hub.ring_bytes());
        }
    }
    assert!(desk.hub.ring_bytes() > BUDGET / 2, "what fits is kept");
    desk.hub.disconnect(key, 0);
    desk.hub.tick(60_000, parlour_protocol::Timestamp(0));
    assert_eq!(desk.hub.ring_bytes(), 0);
}

#[test]
fn old_1_the_tutorial_s_frames_are_kept_while_somebody_reads_them() {
    let mut desk = tight_house();
    desk.enter(ADA, &[LOBBY]);
    let plain = {
        desk.say(LOBBY, BEN, words("hello"));
        desk.hub.ring_bytes()
    };
    let guests = [1, 2].map(|n| desk.hub.connect(author(UserId((1 << 52) + n)), Wire::Classic, 0));
    for guest in guests {
        assert!(desk.hub.open_classic(guest, None));
    }
    desk.say(LOBBY, BEN, words("hello"));
    desk.hub.disconnect(guests[0], 0);
    assert!(desk.hub.ring_bytes() > 2 * plain, "one still reads them");
    desk.hub.disconnect(guests[1], 0);
    assert_eq!(desk.hub.ring_bytes(), 2 * plain);
}

#[test]
fn old_6_a_classic_reader_whose_ring_was_emptied_is_fed_from_the_store() {
    let mut desk = tight_house();
    let guest = desk.hub.connect(author(UserId(1 << 52)), Wire::Classic, 0);
    let lobby = desk.state(LOBBY);
    assert!(desk.hub.open_classic(guest, Some(&lobby)));
    desk.settle();
    desk.enter(ADA, &rooms());
    desk.say(LOBBY, BEN, words("hello"));
    for _ in 0..20 {
        desk.say(RoomId(100), BEN, words("elsewhere"));
    }
    desk.say(LOBBY, BEN, words("again"));
    let heard = desk.take_raw(guest).join(" ");
    assert!(heard.ends_with(r#"{"type":1,"body":"hello"} {"type":1,"body":"again"}"#), "{heard}");
}

#[test]
fn g22_a_small_room_is_written_to_before_the_crowd_of_a_large_one_and_nobody_is_forgotten() {
    let mut desk = Desk::new();
    let crowd: Vec<_> = (0..=limits::CROWD_FROM as u64).map(|n| desk.enter(UserId(100 + n), &[LOBBY])).collect();
    let small = desk.enter(ADA, &[ROOM]);
    let both = desk.enter(BEN, &[LOBBY, ROOM]);
    while desk.hub.next_dirty().is_some() {}
    desk.say(LOBBY, BEN, words("to all of you"));
    desk.say(ROOM, BEN, words("to us"));
    assert_eq!(desk.hub.marked(), (2, crowd.len() + 1));
    let mut soon = Vec::new();
    while let Some(key) = desk.hub.next_soon() {
        soon.push(key);
    }
    assert_eq!(soon, [small, both]);
    assert_eq!(desk.take(both), [Told::Event(LOBBY, Seq(1)), Told::Event(ROOM, Seq(1))], "one write has all of it");
    let mut later = Vec::new();
    while let Some(key) = desk.hub.next_of_crowd() {
        later.push(key);
    }
    assert_eq!(later, crowd, "who has everything already is passed over");
}
