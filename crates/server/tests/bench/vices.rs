//! Each thing a server may do wrong is found, counted exactly, and called by its name.

use serde_json::json;

use crate::bad::{Bad, Manners, Vice};
use crate::{Run, is_clean, number, wrongs};

const LOAD: &str = "--wire classic --clients 10 --senders 3 --rate 300 --seconds 1 --warmup 0.2";

/// A strict run against a vice: exit 1, and the one thing that is wrong as often as it was done.
fn is_found(vice: Vice, name: &'static str) {
    is_found_under(LOAD, vice, name);
}

fn is_found_under(load: &str, vice: Vice, name: &'static str) {
    let bad = Bad::start(vice, Manners::Bare);
    let run = Run::strict(&bad.address, load);
    let report = run.report();
    assert_eq!(
        (run.code(), wrongs(&report), &report["clean"]),
        (Some(1), vec![(name, bad.wrongs())], &json!(false)),
        "{bad:?}: {report:#}"
    );
    assert!(bad.wrongs() > 0);
}

#[test]
fn an_honest_server_that_is_none_of_ours_is_clean() {
    let bad = Bad::start(Vice::None, Manners::Bare);
    let report = is_clean(&Run::strict(&bad.address, LOAD), 10);
    assert_eq!(number(&report, "/measured/published"), 300);
    for size in [33, 125, 126, 4_000] {
        let words = format!("--wire classic --clients 3 --rate 50 --seconds 0.2 --warmup 0 --size {size}");
        let report = is_clean(&Run::strict(&bad.address, &words), 3);
        assert_eq!(number(&report, "/measured/published"), 10, "{size} bytes");
    }
}

#[test]
fn what_is_lost_is_counted_to_the_last_one() {
    is_found(Vice::Lose(37), "lost");
    // One of 3,600.
    is_found(Vice::Lose(2_001), "lost");
}

#[test]
fn what_comes_twice_is_counted() {
    is_found(Vice::Double(50), "duplicated");
}

#[test]
fn what_is_overtaken_is_counted() {
    // With one sender the next one of a client is of the same sender, so it overtakes.
    let load = LOAD.replace("--senders 3", "--senders 1");
    is_found_under(&load, Vice::Swap(51), "out_of_order");
}

#[test]
fn what_comes_to_another_room_is_counted() {
    let bad = Bad::start(Vice::Mix, Manners::Bare);
    let run = Run::strict(&format!("ws://{}/ws?room={{room}}", bad.address), &format!("{LOAD} --rooms 2"));
    let report = run.report();
    assert_eq!((run.code(), wrongs(&report)), (Some(1), vec![("misrouted", bad.wrongs())]), "{bad:?}: {report:#}");
    let honest = Bad::start(Vice::None, Manners::Bare);
    let run = Run::strict(&format!("ws://{}/ws?room={{room}}", honest.address), &format!("{LOAD} --rooms 2"));
    is_clean(&run, 5);
}

#[test]
fn a_connection_that_is_cut_off_is_counted_with_what_it_missed() {
    let bad = Bad::start(Vice::Cut(100), Manners::Bare);
    // The first one to come is client 0, which sends a third of everything.
    let run = Run::strict(&bad.address, LOAD);
    let report = run.report();
    assert_eq!((run.code(), number(&report, "/run/disconnected")), (Some(1), 1), "{report:#}");
    assert!(number(&report, "/run/lost") > 100 && number(&report, "/run/not_sent") > 50, "{report:#}");
}

#[test]
fn frames_that_break_the_protocol_and_texts_that_are_cut_short_are_found() {
    let mask = Bad::start(Vice::Mask, Manners::Bare);
    let run = Run::strict(&mask.address, LOAD);
    let report = run.report();
    assert_eq!((run.code(), number(&report, "/run/protocol_errors")), (Some(1), 10), "each client sees it: {report:#}");
    assert_eq!(report["run"]["first_protocol_error"], "a frame of the server is masked");
    // The mark is 33 bytes: what is shorter was not delivered.
    let short = Bad::start(Vice::Shorten(32), Manners::Bare);
    let run = Run::strict(&short.address, LOAD);
    assert_eq!((run.code(), wrongs(&run.report())), (Some(1), vec![("lost", short.wrongs())]));
}

#[test]
fn a_closed_loop_that_is_never_acknowledged_goes_on_and_says_so() {
    let bad = Bad::start(Vice::Mute, Manners::Bare);
    let run = Run::strict(&bad.address, "--wire classic --clients 3 --rate 0 --ack last --seconds 2.5 --warmup 0");
    let report = run.report();
    let expected = vec![("lost", 2 * 3), ("stalls", 1)];
    assert_eq!(
        (run.code(), wrongs(&report)),
        (Some(1), expected),
        "one message, and after two seconds another: {report:#}"
    );
}

#[test]
fn a_profile_tells_how_another_server_is_spoken_to() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("ceremony.json");
    let profile = json!({
        "frames": [{ "send": "hello", "wait": "welcome" }],
        "replies": [{ "match": "2", "reply": "3" }],
        "publish": "{\"n\":{seq},\"text\":\"{marker}\"}",
        "echo": false,
    });
    std::fs::write(&file, profile.to_string()).unwrap();
    let bad = Bad::start(Vice::None, Manners::Ceremony);
    for load in ["--rate 300", "--rate 0 --ack echo", "--rate 0 --ack last --threads 2"] {
        let words = format!("--clients 10 --senders 3 {load} --seconds 0.5 --warmup 0.1");
        let run = Run::strict(&bad.address, &format!("{words} --wire {}", file.display()));
        let report = is_clean(&run, 9);
        assert_eq!(number(&report, "/run/text_replies"), 10, "{report:#}");
    }
    assert_eq!(bad.answers(), 30);
}
