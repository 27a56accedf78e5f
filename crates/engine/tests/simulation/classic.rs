//! The model of a client of the tutorial's wire: from where it began it sees the lobby's messages without a hole, none
//! twice and in order, whatever falls behind (OLD-1, OLD-2, OLD-6).

use bytes::{Buf, BytesMut};
use parlour_engine::hub::{Key, UNSTORED_GUESTS_FROM};
use parlour_protocol::classic::{JOINED, LEFT};
use parlour_protocol::push::Author;
use parlour_protocol::{Change, RoomId, Seq, UserId};

use crate::store::Store;

pub(crate) struct Classic {
    /// The node it is connected to, and its connection there.
    pub(crate) at: Option<(usize, Key)>,
    /// Each connection is a guest of its own.
    guest: u64,
    /// The lobby's head when it came: it may begin earlier, where its node was, but not later.
    head: Seq,
    /// How many of the lobby's messages lie up to the last it saw.
    last: Option<usize>,
    /// It has heard its own coming.
    announced: bool,
    received: BytesMut,
}

impl Classic {
    pub(crate) fn new(number: u64) -> Classic {
        let guest = UNSTORED_GUESTS_FROM + number * 1_000;
        Classic { at: None, guest, head: Seq::ZERO, last: None, announced: false, received: BytesMut::new() }
    }

    pub(crate) fn next_guest(&mut self) -> Author {
        self.guest += 1;
        Author { id: UserId(self.guest), name: format!("guest {}", self.guest) }
    }

    pub(crate) fn begin(&mut self, at: (usize, Key), store: &Store) {
        self.at = Some(at);
        self.head = store.head(RoomId::LOBBY);
        (self.last, self.announced) = (None, false);
    }

    pub(crate) fn cut(&mut self) {
        self.at = None;
        self.received.clear();
    }

    /// Takes bytes as they come. Without a store its node lives in a life that has ended, with nothing to compare with.
    pub(crate) fn receive(&mut self, bytes: &[u8], store: Option<&Store>) -> Result<(), String> {
        self.received.extend_from_slice(bytes);
        while let Some(length) = self.received.first_chunk::<4>().map(|length| u32::from_be_bytes(*length) as usize) {
            if self.received.len() < 4 + length {
                return Ok(());
            }
            self.received.advance(4);
            let payload = self.received.split_to(length);
            let frame: serde_json::Value = serde_json::from_slice(&payload).map_err(|error| error.to_string())?;
            let body = frame["body"].as_str().unwrap_or_default();
            self.announced |= body == JOINED;
            if !self.announced {
                return Err(format!("a classic client heard {frame} before its own coming"));
            }
            if let Some(store) = store.filter(|_| body != JOINED && body != LEFT) {
                self.take(body, store)?;
            }
        }
        Ok(())
    }

    fn take(&mut self, body: &str, store: &Store) -> Result<(), String> {
        let messages = messages(store);
        let Some(index) = messages.iter().position(|(_, text)| *text == body) else {
            return Err(format!("a classic client was shown {body}, which nobody said"));
        };
        let next = self.last.map_or_else(|| self.first(&messages), |last| last + 1);
        if index != next && (self.last.is_some() || index > next) {
            return Err(format!("a classic client was shown message {index} of the lobby after {:?}", self.last));
        }
        self.last = Some(index);
        Ok(())
    }

    /// Where it begins at the latest.
    fn first(&self, messages: &[(Seq, &str)]) -> usize {
        messages.partition_point(|(seq, _)| *seq <= self.head)
    }

    pub(crate) fn check_end(&self, store: &Store) -> Result<(), String> {
        let messages = messages(store);
        let seen = self.last.map_or_else(|| self.first(&messages), |last| last + 1);
        if self.at.is_some() && seen != messages.len() {
            return Err(format!("a classic client ended with {seen} of {} messages", messages.len()));
        }
        Ok(())
    }
}

fn messages(store: &Store) -> Vec<(Seq, &str)> {
    let log = store.log(RoomId::LOBBY).iter();
    log.filter_map(|event| match &event.change {
        Change::Message { text, .. } => Some((event.seq, text.as_str())),
        _ => None,
    })
    .collect()
}
