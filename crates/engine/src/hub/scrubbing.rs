//! Takes the words of a deleted message out of what a lane still holds for readers that are behind (S105). Who is fed from the store
//! gets them no more either.

use parlour_protocol::push::Deleted;
use parlour_protocol::{Change, Event, Seq, ServerFrame, codec};

use super::ring::Ring;
use super::{FRAME_HEADER_BYTES, Wrap};

/// How the payload of an event begins, behind whatever header the wire put before it.
const BEGINS: &[u8] = b"{\"t\":\"event\"";

/// Puts the message of a deletion, every edit of it, and what was found behind its links, into the ring anew, without their words. Nothing may be open in it.
pub(super) fn scrub(ring: &mut Ring, target: Seq, deleted: &Deleted, wrap: Wrap) {
    let later = ["edited", "carded"].map(|kind| format!("\"kind\":\"{kind}\",\"target\":{target},"));
    for position in ring.first()..ring.next() {
        let Some(frame) = ring.get(position) else { continue };
        let Some(payload) = payload(&frame) else { continue };
        if position != target.0 && !later.iter().any(|later| payload.contains(later)) {
            continue;
        }
        let Ok(ServerFrame::Event(mut event)) = serde_json::from_str(payload) else { continue };
        if take_words(&mut event, target, deleted) {
            let mut bytes = Vec::with_capacity(frame.len());
            codec::encode_event(&event, &mut bytes);
            wrap(&mut bytes, 0);
            ring.replace(position, &bytes);
        }
    }
}

fn payload(frame: &[u8]) -> Option<&str> {
    let start =
        (0..=FRAME_HEADER_BYTES).find(|start| frame.get(*start..).is_some_and(|rest| rest.starts_with(BEGINS)))?;
    std::str::from_utf8(&frame[start..]).ok()
}

/// Whether there were any.
fn take_words(event: &mut Event, message: Seq, by: &Deleted) -> bool {
    let seq = event.seq;
    match &mut event.change {
        Change::Message { text, tree, mentions, edited, deleted, .. } if seq == message => {
            text.clear();
            mentions.clear();
            (*tree, *edited, *deleted) = (None, None, Some(by.clone()));
            true
        }
        Change::Edited { target, text, tree, mentions } if *target == message => {
            mentions.clear();
            (*text, *tree) = (None, None);
            true
        }
        Change::Carded { target, cards } if *target == message => {
            *cards = None;
            true
        }
        _ => false,
    }
}
