//! The opening handshake (RFC 6455 §4.2, S11): what is taken, what is refused with what, and what is negotiated.

use crate::raw::{TEXT, masked};
use crate::table::{Case, Out, Start, Step, says};

/// The key of RFC 6455 §1.3 and its answer.
const KEY: &str = "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==";
const ACCEPT: (&str, Option<&str>) = ("sec-websocket-accept", Some("s3pPLMBiTxaQ9kYGzzhZRbK+xOo="));
const NO_EXTENSION: (&str, Option<&str>) = ("sec-websocket-extensions", None);
const NO_PROTOCOL: (&str, Option<&str>) = ("sec-websocket-protocol", None);
const SPOKEN: (&str, Option<&str>) = ("sec-websocket-version", Some("13"));
const HOST: &str = "Host: localhost";
const CONNECTION: &str = "Connection: Upgrade";
const UPGRADE: &str = "Upgrade: websocket";
const VERSION: &str = "Sec-WebSocket-Version: 13";

fn request(first: &str, lines: &[&str]) -> Vec<u8> {
    format!("{first}\r\n{}\r\n\r\n", lines.join("\r\n")).into_bytes()
}

fn case(name: &str, request: Vec<u8>, status: u16, headers: Vec<(&'static str, Option<&'static str>)>) -> Case {
    let steps = vec![Step::Send(request), Step::Hear(Out::Http(status, headers))];
    Case { group: "handshake", name: name.to_owned(), start: Start::Bare, steps }
}

/// With these lines it is taken and nothing is negotiated.
fn taken(name: &str, lines: &[&str]) -> Case {
    case(name, request("GET /ws HTTP/1.1", lines), 101, vec![ACCEPT, NO_EXTENSION, NO_PROTOCOL])
}

/// With these lines it is refused.
fn refused(name: &str, status: u16, lines: &[&str]) -> Case {
    case(name, request("GET /ws HTTP/1.1", lines), status, Vec::new())
}

/// With these lines it is no upgrade to what is spoken here, and is told what is.
fn required(name: &str, lines: &[&str]) -> Case {
    case(name, request("GET /ws HTTP/1.1", lines), 426, vec![SPOKEN, ("upgrade", Some("websocket"))])
}

/// All lines, and this one.
fn all_and(line: &str) -> Vec<&str> {
    vec![HOST, CONNECTION, UPGRADE, VERSION, KEY, line]
}

pub(crate) fn cases() -> Vec<Case> {
    [spelling(), versions_and_keys(), extensions_and_protocols(), requests()].concat()
}

fn spelling() -> Vec<Case> {
    vec![
        taken("as the RFC writes it", &[HOST, CONNECTION, UPGRADE, VERSION, KEY]),
        taken("as Firefox writes it", &[HOST, "Connection: keep-alive, Upgrade", UPGRADE, VERSION, KEY]),
        taken("words in capitals", &[HOST, "Connection: UPGRADE", "Upgrade: WebSocket", VERSION, KEY]),
        taken("names in other cases", &["hOST: localhost", "cONNECTION: Upgrade", "UPGRADE: websocket", VERSION, KEY]),
        taken("tokens in two lines", &[HOST, "Connection: keep-alive", CONNECTION, UPGRADE, VERSION, KEY]),
        taken("a choice of upgrades", &[HOST, CONNECTION, "Upgrade: h2c, websocket", VERSION, KEY]),
        taken(
            "no space behind the colons",
            &["Host:localhost", "Connection:Upgrade", "Upgrade:websocket", VERSION, KEY],
        ),
        taken("lines in another order", &[KEY, VERSION, UPGRADE, CONNECTION, HOST]),
        taken("lines that nobody knows", &all_and("X-Unknown: 1")),
        required("no Upgrade", &[HOST, CONNECTION, VERSION, KEY]),
        required("no Connection", &[HOST, UPGRADE, VERSION, KEY]),
        required("Connection: close", &[HOST, "Connection: close", UPGRADE, VERSION, KEY]),
        required("Upgrade: h2c", &[HOST, CONNECTION, "Upgrade: h2c", VERSION, KEY]),
        required("Upgrade: websockets", &[HOST, CONNECTION, "Upgrade: websockets", VERSION, KEY]),
        required("Upgrade: web socket", &[HOST, CONNECTION, "Upgrade: web socket", VERSION, KEY]),
    ]
}

fn versions_and_keys() -> Vec<Case> {
    let version = |line| vec![HOST, CONNECTION, UPGRADE, line, KEY];
    let key = |line| vec![HOST, CONNECTION, UPGRADE, VERSION, line];
    vec![
        required("no version", &[HOST, CONNECTION, UPGRADE, KEY]),
        required("version 8", &version("Sec-WebSocket-Version: 8")),
        required("version 12", &version("Sec-WebSocket-Version: 12")),
        required("version 14", &version("Sec-WebSocket-Version: 14")),
        required("version 013", &version("Sec-WebSocket-Version: 013")),
        required("version 0xd", &version("Sec-WebSocket-Version: 0xd")),
        required("version +13", &version("Sec-WebSocket-Version: +13")),
        required("an empty version", &version("Sec-WebSocket-Version:")),
        required("a choice of versions", &version("Sec-WebSocket-Version: 13, 8")),
        required("the version twice", &all_and(VERSION)),
        refused("no key", 400, &[HOST, CONNECTION, UPGRADE, VERSION]),
        refused("an empty key", 400, &key("Sec-WebSocket-Key:")),
        refused("a key of 15 bytes", 400, &key("Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25j")),
        refused("a key of 17 bytes", 400, &key("Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZSE=")),
        refused("a key without padding", 400, &key("Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ")),
        refused("a key that is not base64", 400, &key("Sec-WebSocket-Key: dGhlIHNhbXBsZSBub2*jZQ==")),
        refused("the key twice", 400, &all_and(KEY)),
    ]
}

fn extensions_and_protocols() -> Vec<Case> {
    vec![
        taken("permessage-deflate offered", &all_and("Sec-WebSocket-Extensions: permessage-deflate")),
        taken(
            "permessage-deflate with parameters",
            &all_and(
                "Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits=15; server_no_context_takeover",
            ),
        ),
        taken("an old deflate", &all_and("Sec-WebSocket-Extensions: x-webkit-deflate-frame")),
        taken("an extension that is nonsense", &all_and("Sec-WebSocket-Extensions: ,;=,\"")),
        refused("a protocol that is not spoken", 400, &all_and("Sec-WebSocket-Protocol: chat")),
        refused("an empty protocol", 400, &all_and("Sec-WebSocket-Protocol:")),
        refused("our protocol in capitals", 400, &all_and("Sec-WebSocket-Protocol: PARLOUR.V1")),
        refused("our protocol without a session", 401, &all_and("Sec-WebSocket-Protocol: parlour.v1")),
        refused("our protocol as the second choice", 401, &all_and("Sec-WebSocket-Protocol: chat, parlour.v1")),
    ]
}

fn requests() -> Vec<Case> {
    let all = [HOST, CONNECTION, UPGRADE, VERSION, KEY];
    let line = |first: &str| request(first, &all);
    let behind = [line("GET /ws HTTP/1.1"), masked(TEXT, b"right behind it")].concat();
    let mut early = case("a frame in the same segment", behind, 101, vec![ACCEPT]);
    early.steps.push(says("right behind it"));
    let [fits, long, longest] = [65_000, 65_536, 500_000].map(|bytes| format!("X-Long: {}", "x".repeat(bytes)));
    let many: Vec<String> = (0..70).map(|number| format!("X-{number}: 1")).collect();
    let mut crowded: Vec<&str> = all.to_vec();
    crowded.extend(many.iter().map(String::as_str));
    let bare = String::from_utf8(line("GET /ws HTTP/1.1")).unwrap().replace("\r\n", "\n").into_bytes();
    vec![
        early,
        case("a query", line("GET /ws?a=b HTTP/1.1"), 101, vec![ACCEPT]),
        case("by POST", line("POST /ws HTTP/1.1"), 415, vec![]),
        case("by an unknown method", line("SHOUT /ws HTTP/1.1"), 405, vec![]),
        case("over HTTP/1.0", line("GET /ws HTTP/1.0"), 426, vec![]),
        case("with a full address", line("GET http://localhost/ws HTTP/1.1"), 400, vec![]),
        case("to another path", line("GET /ws/ HTTP/1.1"), 404, vec![]),
        case("with bare LF", bare, 400, vec![]),
        refused("no Host", 400, &[CONNECTION, UPGRADE, VERSION, KEY]),
        refused("two Hosts", 400, &all_and(HOST)),
        refused("a Host that is not ours", 421, &["Host: evil.test", CONNECTION, UPGRADE, VERSION, KEY]),
        refused("a page of others", 403, &all_and("Origin: https://evil.test")),
        refused("a page of nobody", 403, &all_and("Origin: null")),
        taken("a header of not quite 64 KiB", &all_and(&fits)),
        refused("a header of more than 64 KiB", 431, &all_and(&long)),
        refused("a header of half a megabyte", 431, &all_and(&longest)),
        refused("more than 64 headers", 431, &crowded),
        refused("a folded line", 400, &all_and("X-Folded: a\r\n b")),
        refused("a space before the colon", 400, &all_and("X-Space : a")),
    ]
}
