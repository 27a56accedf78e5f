//! Frames into bytes and back. The limits of S53 are checked here, before anything is parsed.

use bytes::Bytes;

use crate::command::ClientFrame;
use crate::limits;
use crate::push::{Event, ServerFrame};
use crate::refusal::{ErrorCode, Refusal};

/// Why a frame could not be read. `r#ref` is the command's own number where it could still be found.
#[derive(Clone, Debug, PartialEq)]
pub struct Undecodable {
    /// To be echoed in the refusal; 0 when unknown.
    pub r#ref: u32,
    /// What to answer.
    pub refusal: Refusal,
}

/// Decodes one text frame of a client.
///
/// # Errors
/// `bad_frame` when the JSON is malformed, too deep, has too many keys, a duplicate field, a number out of range or
/// an unknown command. The refusal echoes the frame's `ref` when it has one.
pub fn decode(frame: &str) -> Result<ClientFrame, Undecodable> {
    guard(frame.as_bytes()).map_err(|message| Undecodable { r#ref: 0, refusal: bad(message) })?;
    serde_json::from_str(frame).map_err(|error| Undecodable { r#ref: find_ref(frame), refusal: bad(describe(&error)) })
}

/// Encodes one frame of the server. Infallible: every map key is a string and every number finite.
#[must_use]
pub fn encode(frame: &ServerFrame) -> Bytes {
    Bytes::from(serde_json::to_vec(frame).expect("server frames always encode"))
}

/// Adds one event to a buffer exactly as [`encode`] does for [`ServerFrame::Event`]: the bytes that go to every reader of
/// the room.
pub fn encode_event(event: &Event, into: &mut Vec<u8>) {
    #[derive(serde::Serialize)]
    struct Tagged<'a> {
        t: &'static str,
        #[serde(flatten)]
        event: &'a Event,
    }
    serde_json::to_writer(into, &Tagged { t: "event", event }).expect("events always encode");
}

fn bad(message: impl Into<String>) -> Refusal {
    Refusal::new(ErrorCode::BadFrame, message)
}

/// serde names the field and place; it never quotes what the user typed into `text`.
fn describe(error: &serde_json::Error) -> String {
    match error.classify() {
        serde_json::error::Category::Data => format!("The frame is not a command: {}.", first_line(&error.to_string())),
        _ => "The frame is not JSON.".to_owned(),
    }
}

fn first_line(text: &str) -> String {
    text.lines().next().unwrap_or_default().chars().take(160).collect()
}

fn find_ref(frame: &str) -> u32 {
    #[derive(serde::Deserialize)]
    struct OnlyRef {
        r#ref: u32,
    }
    serde_json::from_str::<OnlyRef>(frame).map_or(0, |only| only.r#ref)
}

/// Refuses nesting above [`limits::JSON_DEPTH_MAX`] and more than [`limits::JSON_KEYS_MAX`] keys in one pass without
/// allocating, so that a hostile frame costs its length and no more.
fn guard(frame: &[u8]) -> Result<(), &'static str> {
    let (mut depth, mut keys, mut in_string, mut escaped) = (0usize, 0usize, false, false);
    for byte in frame {
        if in_string {
            match (escaped, byte) {
                (true, _) => escaped = false,
                (false, b'\\') => escaped = true,
                (false, b'"') => in_string = false,
                _ => {}
            }
            continue;
        }
        match byte {
            b'"' => in_string = true,
            b'{' | b'[' => {
                depth += 1;
                if depth > limits::JSON_DEPTH_MAX {
                    return Err("The frame is nested too deeply.");
                }
            }
            b'}' | b']' => depth = depth.saturating_sub(1),
            b':' => {
                keys += 1;
                if keys > limits::JSON_KEYS_MAX {
                    return Err("The frame has too many keys.");
                }
            }
            _ => {}
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn deep_json_is_refused_before_it_is_parsed() {
        let frame = format!("{{\"t\":\"ping\",\"ref\":1,\"x\":{}", "[".repeat(100_000));
        assert_eq!(decode(&frame).unwrap_err().refusal.message, "The frame is nested too deeply.");
    }

    #[test]
    fn a_duplicate_room_is_refused_and_the_ref_is_echoed() {
        let refused = decode(r#"{"t":"join_room","ref":7,"room":1,"room":2}"#).unwrap_err();
        assert_eq!((refused.r#ref, refused.refusal.code), (7, ErrorCode::BadFrame));
    }

    #[test]
    fn numbers_outside_the_browser_s_range_are_refused() {
        for room in ["-1", "1.5", "9007199254740992", "9223372036854775808", "\"1\"", "NaN"] {
            let frame = format!(r#"{{"t":"join_room","ref":7,"room":{room}}}"#);
            assert!(decode(&frame).is_err(), "{room}");
        }
    }

    #[test]
    fn a_lone_surrogate_is_refused() {
        let client_id = "0192f0c1-2345-7abc-8def-0123456789ab";
        let frame = format!(r#"{{"t":"post","ref":7,"room":1,"client_id":"{client_id}","text":"\ud800"}}"#);
        assert!(decode(&frame).is_err());
    }
}
