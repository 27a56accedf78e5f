//! `Sec-WebSocket-Extensions`: whether a client's offer of permessage-deflate can be agreed to (RFC 6455 §9.1, RFC 7692 §7.1).
//!
//! Agreed to is one form only: no message refers to another, in either direction. Then one packed frame serves every reader,
//! and a connection at rest has neither window.

use axum::http::{HeaderMap, HeaderValue, header};

/// What is agreed to.
const AGREED: &str = "permessage-deflate; server_no_context_takeover; client_no_context_takeover";
/// The same to a client that asked for our window's size in so many words.
const AGREED_WINDOW: &str =
    "permessage-deflate; server_no_context_takeover; client_no_context_takeover; server_max_window_bits=15";

/// The answer to the first offer that can be taken; none when there is none. What is malformed is no offer, and no error.
pub(super) fn agree(headers: &HeaderMap) -> Option<HeaderValue> {
    let values = headers.get_all(header::SEC_WEBSOCKET_EXTENSIONS).iter().filter_map(|value| value.to_str().ok());
    values.flat_map(|value| split(value, ',')).find_map(answer).map(HeaderValue::from_static)
}

/// What is said to one offer; none declines it.
fn answer(offer: &str) -> Option<&'static str> {
    let mut parts = split(offer, ';');
    if !parts.next()?.eq_ignore_ascii_case("permessage-deflate") {
        return None;
    }
    let mut seen: Vec<&str> = Vec::new();
    for part in parts {
        let (name, value) = match part.split_once('=') {
            Some((name, value)) => (name.trim_end(), Some(unquoted(value.trim_start())?)),
            None => (part, None),
        };
        let is_known = match name {
            "server_no_context_takeover" | "client_no_context_takeover" => value.is_none(),
            // Whatever window a client keeps to, ours is large enough to read it.
            "client_max_window_bits" => value.is_none_or(|bits| window_bits(bits).is_some()),
            // We could not keep to a smaller one: all readers are sent the same bytes.
            "server_max_window_bits" => value.and_then(window_bits) == Some(15),
            _ => false,
        };
        if !is_known || seen.contains(&name) {
            return None;
        }
        seen.push(name);
    }
    Some(if seen.contains(&"server_max_window_bits") { AGREED_WINDOW } else { AGREED })
}

/// A number from 8 to 15 without a leading zero (RFC 7692 §7.1.2).
fn window_bits(text: &str) -> Option<u8> {
    (8..=15).find(|bits| bits.to_string() == text)
}

/// A value, which may stand in quotes (RFC 6455 §9.1).
fn unquoted(value: &str) -> Option<&str> {
    match value.strip_prefix('"') {
        Some(quoted) => quoted.strip_suffix('"').filter(|value| !value.contains(['"', '\\'])),
        None => Some(value).filter(|value| !value.is_empty() && !value.contains('"')),
    }
}

/// The parts between separators that do not stand in quotes, without the space around them.
fn split(text: &str, separator: char) -> impl Iterator<Item = &str> {
    let mut is_quoted = false;
    let parts = text.split(move |sign| {
        is_quoted ^= sign == '"';
        sign == separator && !is_quoted
    });
    parts.map(|part| part.trim_matches([' ', '\t']))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn agreed(lines: &[&'static str]) -> Option<String> {
        let lines = lines.iter().map(|line| (header::SEC_WEBSOCKET_EXTENSIONS, HeaderValue::from_static(line)));
        agree(&lines.collect()).map(|answer| answer.to_str().unwrap().to_owned())
    }

    #[test]
    fn con_11_an_offer_is_taken_by_the_letter_and_what_is_malformed_is_declined() {
        let taken: [&[&str]; 13] = [
            &["permessage-deflate"],
            &["Permessage-Deflate"],
            &["permessage-deflate; client_max_window_bits"],
            &["permessage-deflate ;client_max_window_bits = 8"],
            &["permessage-deflate; client_max_window_bits=\"15\""],
            &["permessage-deflate; server_no_context_takeover; client_no_context_takeover; client_max_window_bits=9"],
            &["x-webkit-deflate-frame, permessage-deflate"],
            &["x-webkit-deflate-frame", "permessage-deflate"],
            &["permessage-deflate; server_max_window_bits=10, permessage-deflate"],
            &["permessage-deflate; unknown, permessage-deflate; client_max_window_bits"],
            &["bbf-usp-protocol; eid=\"a;b,c\", permessage-deflate"],
            &[",, permessage-deflate ,"],
            &["permessage-deflate, permessage-deflate"],
        ];
        for lines in taken {
            assert_eq!(agreed(lines).as_deref(), Some(AGREED), "{lines:?}");
        }
        let with_window = agreed(&["permessage-deflate; server_max_window_bits=15"]);
        assert_eq!(with_window.as_deref(), Some(AGREED_WINDOW));
        let declined: [&[&str]; 25] = [
            &[],
            &[""],
            &["permessage-deflate2"],
            &["x-webkit-deflate-frame"],
            &["permessage-deflate; unknown"],
            &["permessage-deflate;"],
            &["permessage-deflate; ; client_max_window_bits"],
            &["permessage-deflate; =8"],
            &["permessage-deflate; client_max_window_bits="],
            &["permessage-deflate; client_max_window_bits=7"],
            &["permessage-deflate; client_max_window_bits=16"],
            &["permessage-deflate; client_max_window_bits=08"],
            &["permessage-deflate; client_max_window_bits=+8"],
            &["permessage-deflate; client_max_window_bits=x"],
            &["permessage-deflate; client_max_window_bits=\"9"],
            &["permessage-deflate; client_max_window_bits=9\""],
            &["permessage-deflate; client_max_window_bits=8; client_max_window_bits"],
            &["permessage-deflate; server_no_context_takeover; server_no_context_takeover"],
            &["permessage-deflate; server_no_context_takeover=1"],
            &["permessage-deflate; client_no_context_takeover=\"\""],
            &["permessage-deflate; server_max_window_bits"],
            &["permessage-deflate; server_max_window_bits=14"],
            &["permessage-deflate; server_max_window_bits=015"],
            &["foo; bar=\"x, permessage-deflate, y\""],
            &["permessage-deflate; CLIENT_MAX_WINDOW_BITS"],
        ];
        for lines in declined {
            assert_eq!(agreed(lines), None, "{lines:?}");
        }
    }
}
