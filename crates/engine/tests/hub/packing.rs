//! Packed frames: made once an event, only while somebody wants them so, and in the same order as the others (CON-11).

use std::cell::Cell;
use std::rc::Rc;

use parlour_engine::hub::{Bounds, Hub, Key, Outgoing, Pack, Remedies, Wire};
use parlour_protocol::{Seq, UserId};

use crate::desk::{ADA, BEN, Desk, LOBBY, Told, author, epoch, told_by, words, wrap};

/// Packs by a blank before the frame, which JSON does not mind, and counts.
#[derive(Debug)]
struct Blank(Rc<Cell<usize>>);

impl Pack for Blank {
    fn pack(&mut self, frame: &[u8], buffer: &mut Vec<u8>) {
        self.0.set(self.0.get() + 1);
        buffer.push(b' ');
        buffer.extend_from_slice(frame);
    }
}

fn packing_house(bounds: Bounds) -> (Desk, Rc<Cell<usize>>) {
    let packed = Rc::new(Cell::new(0));
    let hub = Hub::new(epoch(), wrap, Remedies::ALL).with_rings(bounds);
    (Desk::over(hub.with_packing(Box::new(Blank(Rc::clone(&packed))))), packed)
}

/// The seqs of the events that were written, and whether each was packed.
fn seqs(written: &[String]) -> Vec<(u64, bool)> {
    let event = |frame: &String| {
        let json: serde_json::Value = serde_json::from_str(frame).unwrap();
        (json["t"] == "event").then(|| (json["seq"].as_u64().unwrap(), frame.starts_with(' ')))
    };
    written.iter().filter_map(event).collect()
}

#[test]
fn con_11_an_event_is_packed_once_for_all_who_agreed_and_for_nobody_else() {
    let (mut desk, packed) = packing_house(Bounds::LIMITS);
    let plain = desk.enter(ADA, &[LOBBY]);
    let agreed: Vec<Key> = (10..15).map(|user| desk.enter_over(Wire::Packed, UserId(user), &[LOBBY])).collect();
    for n in 1..=3u64 {
        desk.say(LOBBY, BEN, words("hello"));
        for key in &agreed {
            assert_eq!(seqs(&desk.take_raw(*key)), [(n, true)]);
        }
        assert_eq!((seqs(&desk.take_raw(plain)), packed.get()), (vec![(n, false)], n as usize));
    }
    desk.say(LOBBY, BEN, words("on its way"));
    desk.enter_over(Wire::Packed, UserId(15), &[LOBBY]);
    assert_eq!(seqs(&desk.take_raw(agreed[0])), [(4, true)], "one more who agreed changes nothing for the others");
}

#[test]
fn con_11_nothing_is_packed_before_the_first_who_agreed_comes_nor_after_the_last_has_gone() {
    let (mut desk, packed) = packing_house(Bounds::LIMITS);
    desk.enter(ADA, &[LOBBY]);
    desk.say(LOBBY, BEN, words("hello"));
    let plain = desk.hub.ring_bytes();
    let agreed = [10, 11].map(|user| desk.enter_over(Wire::Packed, UserId(user), &[LOBBY]));
    assert_eq!((packed.get(), desk.hub.ring_bytes()), (0, plain));
    desk.say(LOBBY, BEN, words("hello"));
    desk.hub.disconnect(agreed[0], 0);
    desk.say(LOBBY, BEN, words("hello"));
    assert_eq!((packed.get(), desk.hub.ring_bytes()), (2, 5 * plain + 2), "packed frames count as well");
    desk.hub.disconnect(agreed[1], 0);
    desk.say(LOBBY, BEN, words("hello"));
    assert_eq!((packed.get(), desk.hub.ring_bytes()), (2, 4 * plain));
}

#[test]
fn con_11_who_comes_back_is_sent_what_was_before_as_it_is_and_what_follows_packed_wherever_a_write_stops() {
    let mut cut = 0;
    loop {
        let (mut desk, packed) = packing_house(Bounds::LIMITS);
        desk.enter(ADA, &[LOBBY]);
        let unsaid = vec![desk.state(LOBBY)];
        for _ in 0..3 {
            desk.say(LOBBY, BEN, words("some time before"));
        }
        let key = desk.hub.connect(author(UserId(10)), Wire::Packed, 0);
        desk.welcome_back(key, UserId(10), unsaid, vec![(LOBBY, Seq(0))]);
        let events: Vec<_> = (0..3).map(|_| desk.write(LOBBY, BEN, words("after"))).collect();
        desk.hub.deliver(&epoch(), &events, 0);
        let mut out = Outgoing::default();
        desk.hub.gather(key, &mut out);
        let whole = out.bytes();
        let mut bytes = out.pieces().concat();
        bytes.truncate(cut);
        desk.hub.wrote(key, &out, cut.min(whole));
        bytes.extend(desk.take_raw(key).iter().flat_map(|frame| format!("{frame}\n").into_bytes()));
        let written: Vec<String> = String::from_utf8(bytes).unwrap().lines().map(str::to_owned).collect();
        let wanted = [(1, false), (2, false), (3, false), (4, true), (5, true), (6, true)];
        assert_eq!((seqs(&written), packed.get()), (wanted.to_vec(), 3), "cut at {cut}");
        assert_eq!(desk.settle(), [], "nothing was read from the store");
        if cut == whole {
            return;
        }
        cut += 1;
    }
}

#[test]
fn con_11_more_at_once_than_a_ring_holds_reaches_those_who_agreed_too() {
    let (mut desk, _) = packing_house(Bounds { frames: 3, ..Bounds::LIMITS });
    let key = desk.enter_over(Wire::Packed, ADA, &[LOBBY]);
    for _ in 0..2 {
        // A ring keeps its newest piece whatever its bounds, and a piece ends at 64 KiB.
        let events: Vec<_> = (0..40).map(|_| desk.write(LOBBY, BEN, words(&"long ".repeat(1_000)))).collect();
        desk.hub.deliver(&epoch(), &events, 0);
    }
    desk.say(LOBBY, BEN, words("the last"));
    let told = told_by(&desk.take_raw(key));
    assert_eq!(told, (1..=81).map(|seq| Told::Event(LOBBY, Seq(seq))).collect::<Vec<_>>());
    desk.say(LOBBY, BEN, words("one more"));
    assert_eq!(seqs(&desk.take_raw(key)), [(82, true)]);
}
