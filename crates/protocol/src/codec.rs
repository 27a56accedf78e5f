//! Frames into bytes and back. The limits of S53 are checked here, before anything is parsed.

use bytes::Bytes;

use crate::command::{ClientFrame, Command};
use crate::file::Attachment;
use crate::ids::{ClientId, FileId, RoomId, Seq};
use crate::limits;
use crate::markup::Tree;
use crate::push::{Answers, Author, Change, Deleted, Edited, Event, Mention, ServerFrame};
use crate::refusal::{ErrorCode, Refusal};
use crate::time::Timestamp;

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
    if let Some(post) = decode_post(frame) {
        return Ok(post);
    }
    serde_json::from_str(frame).map_err(|error| Undecodable { r#ref: find_ref(frame), refusal: bad(describe(&error)) })
}

/// The frame that is nearly all frames, read field by field: a command tagged within its frame is first read into a tree. Whatever
/// stands there that this does not know is for the general way to take or to refuse.
fn decode_post(frame: &str) -> Option<ClientFrame> {
    #[derive(serde::Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Post<'a> {
        t: &'a str,
        r#ref: u32,
        room: RoomId,
        client_id: ClientId,
        text: String,
        #[serde(default)]
        files: Vec<FileId>,
    }
    // A list of the values would be read too.
    let object = Some(frame).filter(|frame| frame.trim_ascii_start().starts_with('{'))?;
    let Post { t, r#ref, room, client_id, text, files } = serde_json::from_str(object).ok()?;
    let command = Command::Post { room, client_id, text, answers: None, files };
    (t == "post").then_some(ClientFrame { r#ref, command })
}

/// Encodes one frame of the server. Infallible: every map key is a string and every number finite.
#[must_use]
pub fn encode(frame: &ServerFrame) -> Bytes {
    Bytes::from(serde_json::to_vec(frame).expect("server frames always encode"))
}

/// Adds one event to a buffer exactly as [`encode`] does for [`ServerFrame::Event`]: the bytes that go to every reader of
/// the room.
pub fn encode_event(event: &Event, into: &mut Vec<u8>) {
    /// A message field by field: what is flattened goes through a map.
    #[derive(serde::Serialize)]
    struct Said<'a> {
        t: &'static str,
        room: RoomId,
        seq: Seq,
        at: Timestamp,
        by: &'a Author,
        kind: &'static str,
        client_id: ClientId,
        text: &'a str,
        #[serde(skip_serializing_if = "std::ops::Not::not")]
        binary: bool,
        #[serde(skip_serializing_if = "Option::is_none")]
        tree: Option<&'a Tree>,
        #[serde(skip_serializing_if = "Option::is_none")]
        answers: Option<&'a Answers>,
        #[serde(skip_serializing_if = "<[Mention]>::is_empty")]
        mentions: &'a [Mention],
        #[serde(skip_serializing_if = "Option::is_none")]
        edited: Option<&'a Edited>,
        #[serde(skip_serializing_if = "Option::is_none")]
        deleted: Option<&'a Deleted>,
        #[serde(skip_serializing_if = "<[Attachment]>::is_empty")]
        files: &'a [Attachment],
    }
    if let Change::Message { client_id, text, binary, tree, answers, mentions, edited, deleted, files } = &event.change
    {
        let Event { room, seq, at, by, .. } = event;
        let said = Said {
            t: "event",
            room: *room,
            seq: *seq,
            at: *at,
            by,
            kind: "message",
            client_id: *client_id,
            text,
            binary: *binary,
            tree: tree.as_ref(),
            answers: answers.as_ref(),
            mentions,
            edited: edited.as_ref(),
            deleted: deleted.as_ref(),
            files,
        };
        return serde_json::to_writer(into, &said).expect("events always encode");
    }
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
    use crate::markup::{Block, Inline};
    use crate::push::Mentioned;

    #[test]
    fn a_message_is_encoded_as_any_frame_is() {
        let client_id = ClientId(uuid::Uuid::from_u128(7));
        for (text, binary) in [("a \" \\ \n \u{7f} <b>元気</b>", false), ("", true)] {
            let (by, text) = (Author { id: crate::UserId(2), name: "\"Ada\"".to_owned() }, text.to_owned());
            for tree in [None, Some(Tree(vec![Block::Paragraph(vec![Inline::Code("\"".to_owned())])]))] {
                let (at, seq) = (Timestamp(-1), Seq(48_212));
                let mention = Mention { words: "@a".to_owned(), of: Mentioned::Person(crate::UserId(3)) };
                let more = Change::Message {
                    client_id,
                    text: text.clone(),
                    binary,
                    tree: tree.clone(),
                    answers: Some(Answers { quote: Some(seq), thread: Some(seq), also_in_room: true }),
                    mentions: vec![mention],
                    edited: Some(Edited { seq, at }),
                    deleted: Some(Deleted { seq, at, by: by.clone() }),
                    files: vec![a_file()],
                };
                let (answers, mentions, edited, deleted) = (None, vec![], None, None);
                let text = text.clone();
                let files = vec![];
                let less = Change::Message { client_id, text, binary, tree, answers, mentions, edited, deleted, files };
                for change in [less, more] {
                    let event = Event { room: RoomId(7), seq, at, by: by.clone(), change };
                    let mut bytes = Vec::new();
                    encode_event(&event, &mut bytes);
                    assert_eq!(bytes, encode(&ServerFrame::Event(event)));
                }
            }
        }
    }

    fn a_file() -> Attachment {
        let (name, kind) = ("\"a\".png".to_owned(), "image/png".to_owned());
        let id = FileId(uuid::Uuid::from_u128(9));
        Attachment { id, name, kind, bytes: 7, width: Some(640), height: Some(480), thumb: true }
    }

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
    fn con_5_a_post_is_read_the_same_by_the_short_way_and_by_the_general_one() {
        let id = r#""client_id":"0192f0c1-2345-7abc-8def-0123456789ab""#;
        let frames = [
            format!(r#"{{"t":"post","ref":7,"room":1,{id},"text":"a \" \u00fc"}}"#),
            format!(r#"{{"t":"post","ref":7,"room":1,{id},"text":"x","answers":{{"quote":3}}}}"#),
            format!(r#"{{"text":"last first",{id},"room":1,"ref":7,"t":"post"}}"#),
            format!(
                r#"{{"t":"post","ref":7,"room":1,{id},"text":"","files":["0192f0c1-2345-4abc-8def-0123456789ab"]}}"#
            ),
            format!(r#"{{"t":"post","ref":7,"room":1,{id},"text":"","files":["x"]}}"#),
            format!(r#"{{"t":"post","ref":7,"room":1,{id},"text":"","files":null}}"#),
            format!(r#"{{"t":"po\u0073t","ref":7,"room":1,{id},"text":""}}"#),
            format!(r#"{{"t":"post","ref":7,"room":1,{id},"text":"x","unknown":[1,{{}}]}}"#),
            format!(r#"{{"t":"post","ref":7,"room":1,{id},"text":"x","unknown":1e999}}"#),
            format!(r#"{{"t":"post","ref":7,"room":1,{id},"text":"x","unknown":"\ud800"}}"#),
            format!(r#"{{"t":"post","ref":7,"room":1,{id},"text":"x","text":"x"}}"#),
            format!(r#"{{"t":"post","t":"post","ref":7,"room":1,{id},"text":"x"}}"#),
            format!(r#"{{"t":{{"post":null}},"ref":7,"room":1,{id},"text":"x"}}"#),
            format!(r#"{{"t":"post","ref":7,"room":9007199254740992,{id},"text":"x"}}"#),
            format!(r#"{{"t":"post","ref":7,"room":1,{id},"text":"x"}} x"#),
            r#"["post",7,1,"0192f0c1-2345-7abc-8def-0123456789ab","x"]"#.to_owned(),
            format!(r#"{{"t":"post","ref":4294967296,"room":1,{id},"text":"x"}}"#),
            r#"{"t":"mark_read","ref":7,"room":1,"seq":3}"#.to_owned(),
        ];
        for frame in frames {
            let general: Option<ClientFrame> = serde_json::from_str(&frame).ok();
            assert_eq!(decode(&frame).ok(), general, "{frame}");
        }
    }

    #[test]
    fn a_lone_surrogate_is_refused() {
        let client_id = "0192f0c1-2345-7abc-8def-0123456789ab";
        let frame = format!(r#"{{"t":"post","ref":7,"room":1,"client_id":"{client_id}","text":"\ud800"}}"#);
        assert!(decode(&frame).is_err());
    }
}
