//! The model of what a client says: kept until it is answered, sent again in order on each new connection (LOG-3, LOG-4).

use std::collections::{BTreeMap, VecDeque};

use parlour_protocol::{Change, ClientId, RoomId, Seq};

/// One message: where it is said, and its id.
pub(crate) type Said = (RoomId, ClientId);

/// The way of one connection's messages to the store, in order.
#[derive(Default)]
pub(crate) struct Pipe {
    waiting: VecDeque<Said>,
    /// For each room the message that must come again before another is taken.
    stopped: BTreeMap<RoomId, ClientId>,
}

impl Pipe {
    pub(crate) fn next(&mut self) -> Option<Said> {
        self.waiting.pop_front()
    }

    /// Whether a message is refused because one before it was.
    pub(crate) fn holds_back(&mut self, (room, id): Said) -> bool {
        if self.stopped.get(&room) == Some(&id) {
            self.stopped.remove(&room);
        }
        self.stopped.contains_key(&room)
    }

    /// A message was refused for a passing reason.
    pub(crate) fn stop(&mut self, (room, id): Said) {
        self.stopped.insert(room, id);
    }
}

/// What one device says.
pub(crate) struct Sender {
    device: u64,
    said: u64,
    /// Everything that had no answer, the oldest first.
    outbox: VecDeque<Said>,
    pub(crate) pipe: Pipe,
    in_order: bool,
    /// What was answered: in which life of the store, and the seq.
    pub(crate) answered: Vec<(u32, Said, Seq)>,
}

impl Sender {
    pub(crate) fn new(device: u64, in_order: bool) -> Sender {
        let (outbox, pipe) = (VecDeque::new(), Pipe::default());
        Sender { device, said: 0, outbox, pipe, in_order, answered: Vec::new() }
    }

    /// Says something: at once when there is a connection.
    pub(crate) fn say(&mut self, room: RoomId, connected: bool) {
        self.said += 1;
        let said = (room, an_id(self.device, self.said));
        self.outbox.push_back(said);
        if connected {
            self.pipe.waiting.push_back(said);
        }
    }

    /// Sends everything that had no answer.
    pub(crate) fn send_again(&mut self) {
        if self.in_order {
            self.pipe.waiting.extend(&self.outbox);
        } else {
            self.pipe.waiting.extend(self.outbox.iter().rev());
        }
    }

    /// The connection is gone. What the server has read of it, so many messages, is written all the same.
    pub(crate) fn cut(&mut self, was_read: usize) -> Pipe {
        let mut pipe = std::mem::take(&mut self.pipe);
        pipe.waiting.truncate(was_read);
        pipe
    }

    /// A message was answered for good.
    pub(crate) fn settle(&mut self, said: Said) {
        self.outbox.retain(|held| *held != said);
    }

    pub(crate) fn waiting(&self) -> usize {
        self.pipe.waiting.len()
    }

    pub(crate) fn unanswered(&self) -> usize {
        self.outbox.len()
    }
}

/// A message whose words are its id.
pub(crate) fn message(client_id: ClientId) -> Change {
    let (text, answers, mentions, edited, deleted) = (client_id.0.to_string(), None, vec![], None, None);
    Change::Message { client_id, text, binary: false, tree: None, answers, mentions, edited, deleted, files: vec![] }
}

pub(crate) fn an_id(device: u64, number: u64) -> ClientId {
    let text = format!("{:032x}", (u128::from(device) << 64) | u128::from(number));
    ClientId(serde_json::from_value(serde_json::Value::String(text)).expect("a uuid"))
}

/// Which device made an id, and as its how-manieth.
pub(crate) fn maker(id: ClientId) -> (u64, u64) {
    let number = id.0.as_u128();
    ((number >> 64) as u64, number as u64)
}
