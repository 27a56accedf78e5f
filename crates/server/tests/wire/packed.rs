//! What packed messages are made of, apart from the house: stored by hand, or by a compressor, and read whole.

use miniz_oxide::deflate::compress_to_vec;
use miniz_oxide::inflate::decompress_to_vec;
use parlour_client::Session;

use crate::raw::{Frame, PING, Raw, TEXT, full_headers};

/// RSV1, by which a message says that it is packed (RFC 7692 §6).
pub(crate) const PACKED: u8 = 0x40;
/// What browsers offer.
pub(crate) const OFFER: &str = "Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits\r\n";
/// The one form that is agreed to.
pub(crate) const AGREED: &str = "permessage-deflate; server_no_context_takeover; client_no_context_takeover";

/// A message in stored blocks of at most so many bytes.
pub(crate) fn stored(payload: &[u8], block: usize) -> Vec<u8> {
    let mut packed = Vec::new();
    for some in payload.chunks(block) {
        let length = u16::try_from(some.len()).unwrap();
        packed.push(0);
        packed.extend_from_slice(&length.to_le_bytes());
        packed.extend_from_slice(&(!length).to_le_bytes());
        packed.extend_from_slice(some);
    }
    // The first byte of the empty block whose other four are not sent.
    packed.push(0);
    packed
}

/// A message that a compressor made, which ends it with a last block (RFC 7692 §7.2.3.4).
pub(crate) fn packed(payload: &[u8]) -> Vec<u8> {
    [compress_to_vec(payload, 9), vec![0]].concat()
}

/// A client of `parlour.v1` that agreed to packed messages with the house, and has said nothing yet.
pub(crate) async fn agreed(session: &Session) -> Raw {
    let mut raw = Raw::connect(session.house).await;
    agree(&mut raw, session).await;
    raw
}

/// The same over a socket that is there.
pub(crate) async fn agree(raw: &mut Raw, session: &Session) {
    let answer = raw.upgrade(&(full_headers(session) + OFFER)).await;
    assert_eq!(answer.header("sec-websocket-extensions"), Some(AGREED));
}

/// What a frame of the house says, and whether it came packed.
pub(crate) fn unpacked(frame: &Frame) -> (serde_json::Value, bool) {
    if frame.first != TEXT | PACKED {
        return (frame.json(), false);
    }
    let whole = [&frame.payload, &[0, 0, 0xFF, 0xFF, 1, 0, 0, 0xFF, 0xFF][..]].concat();
    (serde_json::from_slice(&decompress_to_vec(&whole).unwrap()).unwrap(), true)
}

/// The next event, and whether it came packed; other frames are passed over.
pub(crate) async fn next_event(raw: &mut Raw) -> (serde_json::Value, bool) {
    loop {
        let frame = raw.frame().await.expect("the connection was closed");
        if frame.first == PING {
            continue;
        }
        let (said, was_packed) = unpacked(&frame);
        match said["t"].as_str() {
            Some("event") => return (said, was_packed),
            Some("reset") => panic!("{said}"),
            _ => assert!(!was_packed, "only events come packed: {said}"),
        }
    }
}
