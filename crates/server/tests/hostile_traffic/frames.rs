//! Hostile frames: JSON that is nearly a command, control frames and fragments in any mixture, and frames that are none.

use crate::dice::Dice;
use crate::raw::{BINARY, CLOSE, PING, PONG, TEXT, masked};

const COMMANDS: [&str; 13] = [
    "hello",
    "post",
    "join_room",
    "leave_room",
    "create_room",
    "rename_room",
    "mark_read",
    "mark_unread",
    "typing",
    "catch_up",
    "ping",
    "PING",
    "no_such_thing",
];
const FIELDS: [&str; 14] = [
    "room",
    "seq",
    "after",
    "client_id",
    "text",
    "name",
    "topic",
    "epoch",
    "cursors",
    "ref",
    "t",
    "token",
    "__proto__",
    "",
];
/// Values as they stand in JSON, most of them wrong wherever they are put.
const VALUES: [&str; 40] = [
    "-1",
    "0",
    "1",
    "2",
    "1.5",
    "-0",
    "1e308",
    "1e999",
    "9007199254740991",
    "9007199254740992",
    "9223372036854775808",
    "18446744073709551616",
    "NaN",
    "null",
    "true",
    "[]",
    "{}",
    "[[1,2]]",
    "[[1,-1]]",
    "[[1,1,1]]",
    "[1,2]",
    "\"1\"",
    "\"\"",
    "\"x\"",
    "\"lobby\"",
    "\"\\u0000\"",
    "\"\\ud800\"",
    "\"\\udc00\\ud800\"",
    "\"\\u202e\"",
    "\"Z\u{364}\u{364}\u{364}\u{364}\"",
    "\"' or 1=1 --\"",
    "\"<script>\"",
    "\"\\r\\n\"",
    "\"аdmin\"",
    "\"admin\\u200b\"",
    "\"\u{1F3F4}\u{200D}\u{2620}\u{FE0F}\"",
    "\"0192f0c1-2345-7abc-8def-0123456789ab\"",
    "\"ffffffff-ffff-ffff-ffff-ffffffffffff\"",
    "\"\\\"",
    "\"",
];

/// A frame that does not break the framing: the connection lives, whatever is answered.
pub(crate) fn bearable(dice: &mut Dice, classic: bool) -> Vec<u8> {
    match dice.below(20) {
        0 => masked(PING, &payload(dice, 125)),
        1 => masked(PONG, &payload(dice, 125)),
        2 | 3 => {
            let whole = json(dice);
            let (first, second) = whole.as_bytes().split_at(dice.below(whole.len() + 1));
            let ping = masked(PING, b"between");
            [masked(0x01, first), ping, masked(0x80, second)].concat()
        }
        // A post that is fine, now and then: hostile traffic stands beside messages that are stored.
        4 if !classic => masked(TEXT, post(dice).as_bytes()),
        // Whatever a classic client says is a message on the disk, so it says less.
        5..=18 if classic => masked(PING, &payload(dice, 20)),
        19 if classic => masked(BINARY, &payload(dice, 300)),
        _ => masked(TEXT, json(dice).as_bytes()),
    }
}

/// What a connection ends with: bytes at random, a frame that is not one, or a good one with a bit turned.
pub(crate) fn fatal(dice: &mut Dice) -> Vec<u8> {
    match dice.below(9) {
        0 => {
            let length = dice.below(1_000) + 2;
            dice.bytes(length)
        }
        1 => masked(TEXT | 0x10 << dice.below(3), b"reserved"),
        2 => masked(0x80 | dice.pick(&[&3u8, &7, &0xB, &0xF]), b"no such opcode"),
        3 => vec![TEXT, u8::try_from(dice.below(126)).unwrap(), b'u', b'n', b'm', b'a', b's', b'k', b'e', b'd'],
        4 => {
            let mut head = vec![TEXT, 0xFF];
            head.extend_from_slice(&dice.roll().to_be_bytes());
            head
        }
        5 => masked(CLOSE, &payload(dice, 125)),
        6 => masked(TEXT, &[b"\xC0\xAF".as_slice(), &payload(dice, 500)].concat()),
        7 => masked(dice.byte(), &payload(dice, 2_000)),
        _ => {
            let mut frame = masked(TEXT, json(dice).as_bytes());
            for _ in 0..=dice.below(4) {
                let at = dice.below(frame.len().min(24));
                frame[at] ^= 1 << dice.below(8);
            }
            frame
        }
    }
}

fn payload(dice: &mut Dice, most: usize) -> Vec<u8> {
    let length = dice.below(most + 1);
    dice.bytes(length)
}

fn post(dice: &mut Dice) -> String {
    let text = dice.pick(&VALUES).replace(['"', '\\'], "");
    let id = uuid::Uuid::from_u128(u128::from(dice.roll()) << 64 | u128::from(dice.roll()));
    serde_json::json!({"t": "post", "ref": dice.below(9), "room": 1, "client_id": id, "text": text}).to_string()
}

/// Nearly a command.
fn json(dice: &mut Dice) -> String {
    let command = dice.pick(&COMMANDS);
    let mut text = format!("{{\"t\":\"{command}\",\"ref\":{}", dice.below(9));
    for _ in 0..dice.below(5) {
        text.push_str(&format!(",\"{}\":{}", dice.pick(&FIELDS), dice.pick(&VALUES)));
    }
    match dice.below(16) {
        0 => text.push_str(&format!(",\"x\":{}", "[".repeat(dice.below(3_000)))),
        1 => text.push_str(&format!(",\"x\":{}", "{\"a\":".repeat(dice.below(500)))),
        2 => text.push_str(&(0..dice.below(90)).map(|key| format!(",\"k{key}\":0")).collect::<String>()),
        3 => text.push_str(&format!(",\"text\":\"{}\"", "x".repeat(dice.below(20_000)))),
        _ => {}
    }
    text.push('}');
    if dice.below(3) == 0 {
        let mut bytes = text.into_bytes();
        for _ in 0..=dice.below(6) {
            let at = dice.below(bytes.len());
            // Stays ASCII where it was, and so UTF-8.
            if bytes[at].is_ascii() {
                bytes[at] = b' ' + dice.byte() % 95;
            }
        }
        if dice.below(3) == 0 {
            bytes.truncate(dice.below(bytes.len()));
        }
        text = String::from_utf8_lossy(&bytes).into_owned();
    }
    text
}
