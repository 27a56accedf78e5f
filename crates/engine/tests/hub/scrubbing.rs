//! What was deleted is taken out of the rings, too (S105): a reader that is behind is given what is left of it.

use parlour_engine::hub::{Bounds, Hub, Remedies, Wire};
use parlour_protocol::{Card, Change, Seq};

use crate::desk::{ADA, BEN, Desk, LOBBY, Told, epoch, told_by, words, wrap};

fn edited(target: u64, text: &str) -> Change {
    Change::Edited { target: Seq(target), text: Some(text.to_owned()), tree: None, mentions: vec![] }
}

fn carded(target: u64, title: &str) -> Change {
    let (to, site) = ("https://example.org".to_owned(), "example.org".to_owned());
    let card = Card { to, site, title: title.to_owned(), description: String::new(), picture: None };
    Change::Carded { target: Seq(target), cards: Some(vec![card]) }
}

fn seqs(told: &[Told]) -> Vec<u64> {
    let seq = |told: &Told| if let Told::Event(_, seq) = told { Some(seq.0) } else { None };
    told.iter().filter_map(seq).collect()
}

/// A message, an edit of it, what was found behind its link, others between, and its deletion.
fn story(desk: &mut Desk) {
    desk.say(LOBBY, BEN, words("before"));
    desk.say(LOBBY, BEN, words("canary"));
    desk.say(LOBBY, BEN, words("\"kind\":\"edited\",\"target\":2, between"));
    desk.say(LOBBY, BEN, edited(2, "canary again"));
    desk.say(LOBBY, BEN, edited(1, "before all"));
    desk.say(LOBBY, BEN, carded(2, "canary's page"));
    desk.say(LOBBY, BEN, Change::Deleted { target: Seq(2) });
    desk.say(LOBBY, BEN, words("after"));
}

#[test]
fn s105_a_reader_that_is_behind_is_given_no_words_of_what_was_deleted_and_misses_nothing() {
    let mut desk = Desk::new();
    let behind = desk.enter(ADA, &[LOBBY]);
    story(&mut desk);
    let given = desk.write_once(behind);
    assert_eq!(seqs(&told_by(&given)), [1, 2, 3, 4, 5, 6, 7, 8]);
    assert!(!given.concat().contains("canary"), "{given:?}");
    let left: serde_json::Value = serde_json::from_str(&given[1]).unwrap();
    assert_eq!((&left["text"], &left["deleted"]["seq"]), (&serde_json::json!(""), &serde_json::json!(7)));
    assert!(given[2].contains("between") && given[4].contains("before all"), "nothing else is touched: {given:?}");
}

#[test]
fn s105_the_rings_are_counted_as_they_are_after_it() {
    let mut desk = Desk::new();
    let key = desk.enter(ADA, &[LOBBY]);
    desk.say(LOBBY, BEN, words(&"canary".repeat(1_000)));
    let full = desk.hub.ring_bytes();
    desk.say(LOBBY, BEN, Change::Deleted { target: Seq(1) });
    assert!(desk.hub.ring_bytes() < full - 5_000, "{} of {full} bytes", desk.hub.ring_bytes());
    assert_eq!(seqs(&desk.take(key)), [1, 2]);
}

#[test]
fn s105_a_reader_of_packed_frames_is_given_no_words_either() {
    #[derive(Debug)]
    struct Same;
    impl parlour_engine::hub::Pack for Same {
        fn pack(&mut self, frame: &[u8], buffer: &mut Vec<u8>) {
            buffer.extend_from_slice(frame);
        }
    }
    let hub = Hub::new(epoch(), wrap, Remedies::ALL).with_rings(Bounds::LIMITS).with_packing(Box::new(Same));
    let mut desk = Desk::over(hub);
    let behind = desk.enter_over(Wire::Packed, ADA, &[LOBBY]);
    story(&mut desk);
    let given = desk.write_once(behind);
    assert_eq!(seqs(&told_by(&given)), [1, 2, 3, 4, 5, 6, 7, 8]);
    assert!(!given.concat().contains("canary"), "{given:?}");
}
