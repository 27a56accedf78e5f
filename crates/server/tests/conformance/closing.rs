//! The closing handshake (RFC 6455 §5.5.1, §7.4): codes that may be sent, codes that may not, reasons, and what comes after.

use crate::raw::{CLOSE, PING, TEXT, masked};
use crate::table::{Case, Out, Step, classic, closed, ends, text};

fn close(code: u16, reason: &[u8]) -> Vec<u8> {
    masked(CLOSE, &[&code.to_be_bytes(), reason].concat())
}

pub(crate) fn cases() -> Vec<Case> {
    [codes(), reasons(), order()].concat()
}

fn codes() -> Vec<Case> {
    let group = "close codes";
    let mut cases = Vec::new();
    for code in [1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 1012, 1013, 1014, 3000, 3999, 4000, 4001, 4999] {
        cases.push(ends(group, format!("{code} is said back"), close(code, b""), code));
    }
    // Reserved ones, those no endpoint may send, and those nobody has given a meaning.
    for code in [0, 1, 999, 1004, 1005, 1006, 1015, 1016, 1099, 1100, 1999, 2000, 2999, 5000, 5001, 32_768, 65_535] {
        cases.push(ends(group, format!("{code} breaks the protocol"), close(code, b""), 1002));
    }
    cases
}

fn reasons() -> Vec<Case> {
    let group = "close reasons";
    let broken: [(&str, &[u8]); 7] = [
        ("a lone byte", b"\xFF"),
        ("a cut code point", b"bye \xE2\x82"),
        ("an overlong slash", b"\xC0\xAF"),
        ("a surrogate", b"\xED\xA0\x80"),
        ("above U+10FFFF", b"\xF4\x90\x80\x80"),
        ("a continuation alone", b"\x80"),
        ("broken in the middle", b"\xCE\xBA\xE1\xBD\xB9\xCF\x83\xCE\xBC\xCE\xB5\xED\xA0\x80edited"),
    ];
    let mut cases = vec![
        classic(group, "neither code nor reason", vec![Step::Send(masked(CLOSE, b"")), Step::Hear(Out::Close(None))]),
        ends(group, "half a code", masked(CLOSE, b"\x03"), 1002),
        ends(group, "words", close(1000, b"goodbye"), 1000),
        ends(group, "words beyond ASCII", close(1000, "Auf Wiedersehen, Käthe 👋".as_bytes()), 1000),
        ends(group, "as long as can be", close(1000, &[b'x'; 123]), 1000),
        ends(group, "a byte longer", close(1000, &[b'x'; 124]), 1002),
        ends(group, "U+0000", close(1000, b"\x00"), 1000),
        ends(group, "a bad code with a bad reason", close(1005, b"\xFF"), 1002),
    ];
    for (name, reason) in broken {
        cases.push(ends(group, name, close(1000, reason), 1007));
    }
    cases
}

fn order() -> Vec<Case> {
    let group = "after a close";
    let goodbye = close(1000, b"");
    let behind = |name: &str, bytes: Vec<u8>| ends(group, name, [goodbye.clone(), bytes].concat(), 1000);
    vec![
        behind("a text is not heard", masked(TEXT, b"late")),
        behind("a ping is not answered", masked(PING, b"late")),
        behind("another close is not answered", close(1001, b"")),
        behind("a broken frame changes nothing", vec![0xFF, 0xFF]),
        behind("half a frame changes nothing", masked(TEXT, b"late")[..4].to_vec()),
        behind("a fragment changes nothing", masked(0x01, b"late")),
        classic(
            group,
            "in one segment with a text before it, the close is answered",
            vec![
                Step::Send([masked(PING, b""), goodbye.clone()].concat()),
                Step::Hear(Out::Pong(Vec::new())),
                closed(1000),
            ],
        ),
        classic(
            group,
            "a talk ends as it should",
            vec![
                text("goodbye"),
                Step::Hear(Out::Json(serde_json::json!({"type": 1, "body": "goodbye"}))),
                Step::Send(goodbye.clone()),
                closed(1000),
            ],
        ),
        classic(
            group,
            "after a fault a text is not heard",
            vec![Step::Send([masked(0x83, b""), masked(TEXT, b"late")].concat()), closed(1002)],
        ),
        classic(
            group,
            "after a fault a ping is not answered",
            vec![Step::Send([masked(0x83, b""), masked(PING, b"late")].concat()), closed(1002)],
        ),
    ]
}
