//! Messages (RFC 6455 §5.4, §5.5): fragments, the control frames between them, pings and pongs.

use crate::raw::{BINARY, CLOSE, PING, PONG, TEXT, masked};
use crate::table::{
    Case, Step, classic, closed, echoes, ends, fragments, full, ping, pong, replies, says, says_binary,
};

pub(crate) fn cases() -> Vec<Case> {
    [whole(), between(), out_of_place(), pings()].concat()
}

fn whole() -> Vec<Case> {
    let group = "fragments";
    let words = "Hello-µ@ßöäüàá-UTF-8!! κόσμε 🎉";
    let bytes = words.as_bytes();
    let mut cases = vec![
        echoes(group, "two", fragments(0x01, &[b"one ", b"two"]), "one two"),
        echoes(group, "two empty ones", fragments(0x01, &[b"", b""]), ""),
        echoes(group, "an empty one first", fragments(0x01, &[b"", b"words"]), "words"),
        echoes(group, "an empty one last", fragments(0x01, &[b"words", b""]), "words"),
        echoes(group, "an empty one between", fragments(0x01, &[b"wo", b"", b"rds"]), "words"),
        echoes(group, "a thousand empty ones", fragments(0x01, &vec![&b""[..]; 1_000]), ""),
        classic(group, "of a binary", vec![Step::Send(fragments(0x02, &[b"by", b"tes"])), says_binary("bytes")]),
        full(
            group,
            "of a command",
            vec![Step::Send(fragments(0x01, &[br#"{"t":"pi"#, br#"ng","ref""#, b":7}"])), replies(7)],
        ),
    ];
    for size in 1..=8 {
        let parts: Vec<&[u8]> = bytes.chunks(size).collect();
        cases.push(echoes(group, format!("of {size} bytes each"), fragments(0x01, &parts), words));
    }
    let two = [fragments(0x01, &[b"a", b"b"]), fragments(0x01, &[b"c", b"d"]), masked(TEXT, b"e")].concat();
    cases.push(classic(
        group,
        "two such messages and a whole one",
        vec![Step::Send(two), says("ab"), says("cd"), says("e")],
    ));
    cases
}

fn between() -> Vec<Case> {
    let group = "between fragments";
    let (begin, go_on, end) = (masked(0x01, b"be"), masked(0x00, b"twe"), masked(0x80, b"en"));
    let talk = |parts: &[&[u8]]| Step::Send(parts.concat());
    let (ask, told) = (masked(PING, b"?"), masked(PONG, b"unasked"));
    let goodbye = masked(CLOSE, &1000u16.to_be_bytes());
    vec![
        classic(group, "a ping", vec![talk(&[&begin, &ask, &go_on, &end]), pong(b"?"), says("between")]),
        classic(
            group,
            "a ping in each place",
            vec![talk(&[&begin, &ask, &go_on, &ask, &end]), pong(b"?"), pong(b"?"), says("between")],
        ),
        classic(
            group,
            "three pings at once",
            vec![
                talk(&[&begin, &masked(PING, b"1"), &masked(PING, b"2"), &masked(PING, b"3"), &go_on, &end]),
                pong(b"1"),
                pong(b"2"),
                pong(b"3"),
                says("between"),
            ],
        ),
        classic(group, "a pong", vec![talk(&[&begin, &told, &go_on, &told, &end]), says("between")]),
        classic(
            group,
            "a ping, answered before the message is whole",
            vec![
                Step::Send(begin.clone()),
                Step::Send(ask.clone()),
                pong(b"?"),
                Step::Send([go_on.clone(), end.clone()].concat()),
                says("between"),
            ],
        ),
        classic(
            group,
            "a ping of 125 bytes",
            vec![talk(&[&begin, &masked(PING, &[0xFE; 125]), &go_on, &end]), pong(&[0xFE; 125]), says("between")],
        ),
        ends(group, "a close", [begin.clone(), goodbye, go_on.clone(), end.clone()].concat(), 1000),
        ends(group, "a whole text", [begin.clone(), masked(TEXT, b"whole")].concat(), 1002),
        ends(group, "a whole binary", [begin.clone(), masked(BINARY, b"whole")].concat(), 1002),
        ends(group, "another beginning", [begin.clone(), masked(0x01, b"again")].concat(), 1002),
        ends(group, "a binary's beginning", [begin.clone(), masked(0x02, b"again")].concat(), 1002),
        ends(group, "a reserved opcode", [begin.clone(), masked(0x83, b"")].concat(), 1002),
        ends(group, "a fragmented ping", [begin, masked(0x09, b"?"), go_on, end].concat(), 1002),
    ]
}

fn out_of_place() -> Vec<Case> {
    let group = "fragments out of place";
    let after_message = |first: u8| {
        let steps = vec![
            Step::Send(fragments(0x01, &[b"wh", b"ole"])),
            says("whole"),
            Step::Send(masked(first, b"more")),
            closed(1002),
        ];
        classic(group, format!("{first:#04x} after a message"), steps)
    };
    let mut cases = vec![after_message(0x80), after_message(0x00)];
    for (name, payload) in [("empty", &b""[..]), ("with words", b"words")] {
        cases.push(ends(group, format!("an end of nothing, {name}"), masked(0x80, payload), 1002));
        cases.push(ends(group, format!("a middle of nothing, {name}"), masked(0x00, payload), 1002));
        cases.push(ends(group, format!("a fragmented ping, {name}"), masked(0x09, payload), 1002));
        cases.push(ends(group, format!("a fragmented pong, {name}"), masked(0x0A, payload), 1002));
    }
    cases.push(ends(group, "a fragmented close", masked(0x08, &1000u16.to_be_bytes()), 1002));
    cases.push(ends(group, "an end of nothing after a ping", [masked(PING, b""), masked(0x80, b"")].concat(), 1002));
    // The pong of the last one has its turn first.
    let last = cases.last_mut().expect("it was just put there");
    last.steps.insert(1, pong(b""));
    cases
}

fn pings() -> Vec<Case> {
    let group = "pings";
    let every_length = (0..=125u8).flat_map(|length| {
        let payload: Vec<u8> = (0..length).map(|index| index ^ length).collect();
        [ping(&payload), pong(&payload)]
    });
    let ten = (0..10u8).flat_map(|number| masked(PING, &[number; 3])).collect();
    let unasked: Vec<u8> = (0..20u8).flat_map(|number| masked(PONG, &[number; 3])).collect();
    let mut ten_answers = vec![Step::Send(ten)];
    ten_answers.extend((0..10u8).map(|number| pong(&[number; 3])));
    vec![
        classic(group, "of 0 to 125 bytes", every_length.collect()),
        classic(group, "with bytes that are no UTF-8", vec![ping(b"\xFF\xFE\x00\xC0"), pong(b"\xFF\xFE\x00\xC0")]),
        classic(group, "ten at once, each answered in order", ten_answers),
        ends(group, "of 126 bytes", masked(PING, &[0; 126]), 1002),
        ends(group, "of 65,536 bytes", masked(PING, &vec![0; 65_536]), 1002),
        ends(group, "a pong of 126 bytes", masked(PONG, &[0; 126]), 1002),
        classic(group, "an empty pong that nobody asked for", vec![Step::Send(masked(PONG, b""))]),
        classic(group, "a pong of 125 bytes that nobody asked for", vec![Step::Send(masked(PONG, &[7; 125]))]),
        classic(
            group,
            "twenty pongs, then a ping",
            vec![Step::Send([unasked, masked(PING, b"?")].concat()), pong(b"?")],
        ),
        full(
            group,
            "beside commands",
            vec![
                ping(b"a"),
                pong(b"a"),
                Step::Send(masked(TEXT, br#"{"t":"ping","ref":3}"#)),
                replies(3),
                ping(b"b"),
                pong(b"b"),
            ],
        ),
    ]
}
