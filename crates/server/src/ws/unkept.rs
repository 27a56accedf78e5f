//! What a classic client said and the store has not kept yet (OLD-5). Its wire has no refusal, so what the queue or the disk
//! has no place for is sent again, with its id and in order, until it has; nothing later is read meanwhile.

use std::collections::VecDeque;

use parlour_engine::{Draft, Pipeline};
use parlour_protocol::ClientId;

/// A refusal that does not say when to come again means after this long.
pub(super) const AGAIN_MS: u64 = 250;

/// One message on its way.
#[derive(Clone)]
pub(super) struct Unsure {
    pub(super) id: ClientId,
    pub(super) draft: Draft,
    pub(super) binary: bool,
}

/// The messages of one connection that are on their way, at most `limits::COMMANDS_IN_FLIGHT_MAX`.
#[derive(Default)]
pub(super) struct Unkept {
    messages: VecDeque<Unsure>,
    /// Shared by all that are on their way: when one is not written, none behind it is.
    pipeline: Pipeline,
    /// Messages sent, also those sent again.
    sent: u64,
    /// Answers that have not come.
    asked: usize,
    /// How long the refusals ask to wait; none while nothing was refused.
    wait_ms: Option<u64>,
}

impl Unkept {
    /// Adds a message that is sent now; the pipeline to send it in.
    pub(super) fn send(&mut self, message: Unsure) -> Pipeline {
        self.messages.push_back(message);
        self.asked += 1;
        self.sent += 1;
        self.pipeline.at(self.sent)
    }

    /// Notes that a message is kept.
    pub(super) fn kept(&mut self, id: ClientId) {
        self.asked -= 1;
        self.messages.retain(|message| message.id != id);
    }

    /// Notes that a message was refused for a passing reason.
    pub(super) fn refused(&mut self, retry_after_ms: Option<u32>) {
        let wait_ms = retry_after_ms.map_or(AGAIN_MS, u64::from);
        self.asked -= 1;
        self.wait_ms = Some(self.wait_ms.map_or(wait_ms, |before| before.max(wait_ms)));
    }

    /// Whether something must be sent again before anything new is.
    pub(super) fn is_stuck(&self) -> bool {
        self.wait_ms.is_some()
    }

    /// Once every answer has come and something was refused: how long to wait before [`Unkept::again`].
    pub(super) fn again_after_ms(&self) -> Option<u64> {
        if self.asked == 0 { self.wait_ms } else { None }
    }

    /// Everything that is not kept, in order, each with its place in a new pipeline.
    pub(super) fn again(&mut self) -> Vec<(Unsure, Pipeline)> {
        (self.pipeline, self.wait_ms) = (Pipeline::default(), None);
        self.asked = self.messages.len();
        let places = (self.sent + 1..).map(|place| self.pipeline.at(place));
        let again: Vec<_> = self.messages.iter().cloned().zip(places).collect();
        self.sent += again.len() as u64;
        again
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn message(text: &str) -> Unsure {
        let draft = parlour_engine::Draft::classic_text(text).unwrap();
        Unsure { id: ClientId(uuid::Uuid::now_v7()), draft, binary: false }
    }

    #[test]
    fn old_5_what_was_refused_is_sent_again_in_order_once_every_answer_has_come() {
        let mut unkept = Unkept::default();
        let sent = ["one", "two", "three"].map(message);
        for message in &sent {
            unkept.send(message.clone());
        }
        unkept.refused(None);
        assert!(unkept.is_stuck());
        assert_eq!(unkept.again_after_ms(), None, "two answers are still to come");
        unkept.refused(Some(100));
        unkept.kept(sent[0].id);
        assert_eq!(unkept.again_after_ms(), Some(250));
        let again = unkept.again();
        assert_eq!(again.iter().map(|(message, _)| message.id).collect::<Vec<_>>(), [sent[1].id, sent[2].id]);
        assert!(again.iter().all(|(_, pipeline)| !pipeline.is_stopped()) && !unkept.is_stuck());
        again[0].1.stop();
        assert!(again[1].1.is_stopped(), "they are sent in one pipeline");
        again.iter().for_each(|(message, _)| unkept.kept(message.id));
        assert_eq!((unkept.messages.len(), unkept.again_after_ms()), (0, None));
    }
}
