//! Keeps the order of messages that one connection sends without waiting for answers (LOG-4, ENGINE H31).
//!
//! Each room's posts share a [`Pipeline`]. When one of them is refused for a passing reason the pipeline stops, and those
//! behind it are refused too, until the one that was refused first comes again.

use parlour_engine::Pipeline;
use parlour_protocol::{ClientId, Refusal, RoomId};

/// A client that does not send the refused message again within this time has given it up.
const GIVEN_UP_MS: u64 = 30_000;

#[derive(Debug)]
struct Line {
    room: RoomId,
    pipeline: Pipeline,
    /// The earliest post refused for a passing reason: its number, its id, and when.
    refused: Option<(u64, ClientId, u64)>,
}

/// The pipelines of one connection, one for each room it posts to.
#[derive(Debug, Default)]
pub(super) struct Pipelines {
    lines: Vec<Line>,
    posts: u64,
}

impl Pipelines {
    /// The pipeline for a post, and the post's number.
    pub(super) fn enter(&mut self, room: RoomId, id: ClientId, now_ms: u64) -> (Pipeline, u64) {
        self.posts += 1;
        let index = self.lines.iter().position(|line| line.room == room).unwrap_or_else(|| {
            self.lines.push(Line { room, pipeline: Pipeline::default(), refused: None });
            self.lines.len() - 1
        });
        let line = &mut self.lines[index];
        let pipeline = line.pipeline.at(self.posts);
        let again = line.refused.is_some_and(|(_, first, at_ms)| first == id || now_ms > at_ms + GIVEN_UP_MS);
        if again {
            line.refused = None;
            pipeline.go_on();
        }
        (pipeline, self.posts)
    }

    /// Notes how a post was answered.
    pub(super) fn answered(&mut self, room: RoomId, id: ClientId, number: u64, refusal: Option<&Refusal>, now_ms: u64) {
        let Some(line) = self.lines.iter_mut().find(|line| line.room == room) else { return };
        let passing = refusal.is_some_and(|refusal| refusal.code.may_retry());
        if passing && line.pipeline.at(number).is_stopped() && line.refused.is_none_or(|(first, ..)| number < first) {
            line.refused = Some((number, id, now_ms));
        }
    }
}

#[cfg(test)]
mod tests {
    use parlour_protocol::ErrorCode;

    use super::*;

    fn id(n: u128) -> ClientId {
        serde_json::from_value(serde_json::json!(format!("00000000-0000-0000-0000-{n:012}"))).unwrap()
    }

    #[test]
    fn log_4_after_a_passing_refusal_only_the_first_refused_message_opens_the_way_again() {
        let mut pipelines = Pipelines::default();
        let busy = Refusal::later(ErrorCode::Busy, "busy", 1);
        let (line, first) = pipelines.enter(RoomId::LOBBY, id(1), 0);
        let (_, second) = pipelines.enter(RoomId::LOBBY, id(2), 0);
        line.stop();
        pipelines.answered(RoomId::LOBBY, id(2), second, Some(&busy), 0);
        pipelines.answered(RoomId::LOBBY, id(1), first, Some(&busy), 0);
        assert!(pipelines.enter(RoomId::LOBBY, id(2), 1).0.is_stopped(), "the second must not pass the first");
        assert!(!pipelines.enter(RoomId(2), id(3), 1).0.is_stopped(), "another room is another line");
        assert!(!pipelines.enter(RoomId::LOBBY, id(1), 1).0.is_stopped());
        assert!(!pipelines.enter(RoomId::LOBBY, id(2), 1).0.is_stopped());
    }

    #[test]
    fn log_4_a_message_given_up_does_not_block_for_ever() {
        let mut pipelines = Pipelines::default();
        let (line, number) = pipelines.enter(RoomId::LOBBY, id(1), 0);
        line.stop();
        let busy = Refusal::later(ErrorCode::Busy, "busy", 1);
        pipelines.answered(RoomId::LOBBY, id(1), number, Some(&busy), 0);
        assert!(pipelines.enter(RoomId::LOBBY, id(2), GIVEN_UP_MS).0.is_stopped());
        assert!(!pipelines.enter(RoomId::LOBBY, id(2), GIVEN_UP_MS + 1).0.is_stopped());
    }
}
