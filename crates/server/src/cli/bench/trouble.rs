//! What went wrong at the other end, in words that say what to do.

use std::io;

use parlour_protocol::{ErrorCode, Refusal};

use super::plan::{Target, Wire};

/// Why a client did not come in.
pub(super) struct Trouble {
    pub(super) words: String,
    /// The others would not fare better.
    pub(super) is_hopeless: bool,
}

/// A connection that does not come about.
pub(super) fn of_connecting(target: &Target, error: &io::Error) -> String {
    let address = target.address;
    match error.kind() {
        io::ErrorKind::ConnectionRefused => {
            format!("nothing listens at {address}: is the address right, and does the server run?")
        }
        io::ErrorKind::AddrNotAvailable | io::ErrorKind::AddrInUse => {
            format!("this machine has no port left for another connection to {address}: add --source-ips 4")
        }
        _ => format!("{address} cannot be reached: {error}"),
    }
}

/// An upgrade that was not granted; none when it was.
pub(super) fn of_upgrade(head: &str, answer: &str, wire: &Wire) -> Option<Trouble> {
    let status = head.split_whitespace().nth(1).unwrap_or_default();
    let first = head.lines().next().unwrap_or_default();
    let has = |name: &str| {
        let lines = head.lines().filter_map(|line| line.split_once(':'));
        lines
            .filter(|(found, _)| found.trim().eq_ignore_ascii_case(name))
            .map(|(_, value)| value.trim().to_owned())
            .next()
    };
    if status == "101" {
        if has("sec-websocket-accept").as_deref() != Some(answer) {
            return Some(hopeless("it says 101, but not as a WebSocket server does (Sec-WebSocket-Accept is wrong)"));
        }
        if wire.is_parlour() && has("sec-websocket-protocol").is_none() {
            return Some(hopeless("it is a WebSocket server that does not speak parlour.v1; try --wire classic"));
        }
        return None;
    }
    Some(match status {
        "429" | "503" => hopeless(&format!(
            "the server lets in no more from here ({first}); start it with --rate-limits off for a benchmark"
        )),
        "401" => hopeless("the server does not take the session it gave (401)"),
        "403" => hopeless(&format!("the server does not let us in ({first}); is its door open (--door open)?")),
        _ => hopeless(&format!("it answers, but speaks no WebSocket at this path ({first})")),
    })
}

fn hopeless(words: &str) -> Trouble {
    Trouble { words: words.to_owned(), is_hopeless: true }
}

/// A command that was refused for good.
pub(super) fn of_refusal(refusal: &Refusal) -> String {
    match refusal.code {
        ErrorCode::Rate | ErrorCode::TooMany => format!(
            "the server limits how fast one may be (\"{}\"); start it with --rate-limits off for a benchmark",
            refusal.message
        ),
        ErrorCode::TooBig => format!("the server takes no message of this --size (\"{}\")", refusal.message),
        _ => format!("the server refuses: \"{}\"", refusal.message),
    }
}

/// A sign-in that was refused.
pub(super) fn of_sign_in(status: u16, body: &str) -> String {
    match status {
        429 | 503 => "the server lets only so many come in from one address; start it with --rate-limits off for a \
                      benchmark"
            .to_owned(),
        403 => "the server lets in nobody new; start it with --door open".to_owned(),
        404 | 405 | 501 => "it has no Parlour sign-in; for another server use --wire classic or a profile".to_owned(),
        _ => format!("signing in was answered with {status}: {}", body.lines().next().unwrap_or_default()),
    }
}
