//! Hostile requests: good routes with bad values, bad routes, bad headers, bodies that lie about themselves, and bytes that are
//! no HTTP at all.

use crate::dice::Dice;

const METHODS: [&str; 12] =
    ["GET", "GET", "GET", "GET", "HEAD", "POST", "POST", "PUT", "DELETE", "OPTIONS", "PATCH", "PROPFIND"];
const PATHS: [&str; 34] = [
    "/",
    "/ws",
    "/api/v1/boot",
    "/api/v1/rooms",
    "/api/v1/sign-in",
    "/api/v1/sign-out",
    "/healthz",
    "/readyz",
    "/rooms",
    "/api/v1/rooms/1/history",
    "/api/v1/rooms/1/members",
    "/api/v1/rooms/0/history",
    "/api/v1/rooms/-1/history",
    "/api/v1/rooms/9007199254740992/members",
    "/api/v1/rooms/18446744073709551616/history",
    "/api/v1/rooms/%00/history",
    "/api/v1/rooms/1%2f2/history",
    "/api/v1/rooms//history",
    "/r/1",
    "/r/x",
    "/r/1/m/99999999999999999999",
    "/assets/x.js",
    "/assets/..%2f..%2fetc%2fpasswd",
    "/../../../etc/passwd",
    "/%2e%2e/%2e%2e/etc/passwd",
    "/..;/",
    "//",
    "/\\..\\..\\x",
    "/%",
    "/%zz",
    "/%ff%fe",
    "/.git/config",
    "/a?b#c",
    "/api/v1/rooms/1/history/",
];
const QUERIES: [&str; 20] = [
    "",
    "",
    "?",
    "?limit=0",
    "?limit=-1",
    "?limit=201",
    "?limit=99999999999999999999",
    "?before=0",
    "?before=-1",
    "?before=x",
    "?after=9007199254740993",
    "?around=18446744073709551615",
    "?before=1&after=1",
    "?limit=1&limit=2",
    "?%00=%00",
    "?a[]=b",
    "?before=1e9",
    "?=",
    "?&&&",
    "?after=%ff",
];
const HEADERS: [&str; 27] = [
    "Cookie: parlour=",
    "Cookie: parlour-session=\u{7f}",
    "Cookie: =;=;=",
    "Cookie: __Host-parlour=x; __Host-parlour=y",
    "Authorization: Bearer ",
    "Authorization: Bearer x y",
    "Authorization: Basic eA==",
    "Origin: null",
    "Origin: https://evil.test",
    "Origin: ",
    "Sec-Fetch-Site: cross-site",
    "Sec-Fetch-Site: same-origin",
    "X-Forwarded-For: 1.2.3.4, ::1",
    "X-Forwarded-For: x",
    "Accept-Encoding: br;q=0, gzip;q=9, *",
    "Accept-Encoding: \t",
    "Range: bytes=-1",
    "If-None-Match: *",
    "If-None-Match: \"x",
    "Content-Type: application/json",
    "Content-Type: text/plain",
    "Content-Type: application/json; charset=utf-16",
    "Expect: 100-continue",
    "Upgrade: h2c",
    "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13",
    "Accept: \u{e9}",
    "Te: trailers",
];
const BODIES: [&str; 14] = [
    "",
    "{}",
    "[]",
    "null",
    "{\"name\":",
    "{\"name\":\"\"}",
    "{\"name\":null}",
    "{\"name\":\"\\u0000\"}",
    "{\"name\":\"Mallory\"}",
    "{\"name\":\"Mallory\",\"name\":\"M\"}",
    "{\"name\":\"\\u202eyrollaM\"}",
    "{\"name\":\"\\ud800\"}",
    "{\"name\":[[[[[[]]]]]]}",
    "\u{FEFF}{}",
];

/// A request that HTTP takes, whatever it is answered with; more may follow on its connection.
pub(crate) fn bearable(dice: &mut Dice, host: &str) -> Vec<u8> {
    let method = dice.pick(&METHODS);
    let mut head = format!(
        "{method} {}{} HTTP/1.1\r\nHost: {host}\r\n",
        dice.pick(&PATHS).replace('\\', "%5c"),
        dice.pick(&QUERIES)
    );
    for _ in 0..dice.below(4) {
        head.push_str(dice.pick(&HEADERS));
        head.push_str("\r\n");
    }
    let body = if matches!(method, "GET" | "HEAD") { String::new() } else { body(dice) };
    if !body.is_empty() {
        head.push_str(&format!("Content-Length: {}\r\n", body.len()));
    }
    format!("{head}\r\n{body}").into_bytes()
}

fn body(dice: &mut Dice) -> String {
    match dice.below(10) {
        0 => format!("{{\"name\":\"{}\"}}", "x".repeat(dice.below(70_000))),
        1 => "[".repeat(dice.below(60_000)),
        _ => (*dice.pick(&BODIES)).to_owned(),
    }
}

/// What a connection ends with; the server hangs up on it, since it says `close` or cannot be read on.
pub(crate) fn fatal(dice: &mut Dice, host: &str) -> Vec<u8> {
    let get = format!("GET / HTTP/1.1\r\nHost: {host}\r\n");
    match dice.below(14) {
        0 => {
            let length = dice.below(2_000) + 1;
            [dice.bytes(length), b"\r\n\r\n".to_vec()].concat()
        }
        1 => format!("{get}X: {}\r\n\r\n", "x".repeat(600_000)).into_bytes(),
        2 => {
            format!("{get}{}\r\n", (0..100).map(|number| format!("X{number}: y\r\n")).collect::<String>()).into_bytes()
        }
        3 => format!("{get}Content-Length: 1\r\nContent-Length: 2\r\n\r\n").into_bytes(),
        4 => format!("{get}Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n").into_bytes(),
        5 => format!("{get}Content-Length: -1\r\n\r\n").into_bytes(),
        6 => format!("{get}Content-Length: 99999999999999999999999\r\n\r\n").into_bytes(),
        7 => format!("{get}Transfer-Encoding: {}\r\n\r\nzz\r\n", dice.pick(&["gzip", "chunked, chunked", "x", ""]))
            .into_bytes(),
        8 => "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".as_bytes().to_vec(),
        9 => {
            format!("GET / HTTP/{}\r\nHost: {host}\r\n\r\n", dice.pick(&["0.9", "1.0", "1.2", "3.0", "x"])).into_bytes()
        }
        10 => format!(
            "{} HTTP/1.1\r\nHost: {host}\r\n\r\n",
            dice.pick(&["GET http://x/", "CONNECT x:1", "OPTIONS *", "GET  /", "GET"])
        )
        .into_bytes(),
        11 => format!(
            "GET / HTTP/1.1\r\nHost: {}\r\nConnection: close\r\n\r\n",
            dice.pick(&["", "evil.test", "a b", "x:y:z", "[::"])
        )
        .into_bytes(),
        12 => {
            let mut request = format!("{get}Cookie: a=b\r\nConnection: close\r\n\r\n").into_bytes();
            for _ in 0..=dice.below(6) {
                let at = dice.below(request.len());
                request[at] = dice.byte();
            }
            request
        }
        _ => {
            // Chunks that lie, behind a head that is fine.
            let chunk = dice.pick(&[
                "FFFFFFFFFFFFFFFFF\r\n",
                "-1\r\n",
                "5\r\nab\r\n",
                "0\r\nX: y\r\n\r\n",
                "1;x=y\r\na\r\n0\r\n\r\n",
            ]);
            format!("POST /api/v1/sign-in HTTP/1.1\r\nHost: {host}\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n{chunk}").into_bytes()
        }
    }
}
