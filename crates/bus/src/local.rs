//! The carrier of a house with one node: in process, lossless, in order.

use std::sync::Mutex;

use tokio::sync::mpsc;

use crate::{Bus, Envelope};

/// Envelopes that may wait in one inbox; above it publishers wait, which in the end makes senders wait.
pub const INBOX_ENVELOPES_MAX: usize = 1_024;

/// One hub's end of the bus.
#[derive(Debug)]
pub struct Inbox {
    received: mpsc::Receiver<Envelope>,
}

impl Inbox {
    /// The next envelope; `None` when the bus is gone. Cancel safe.
    pub async fn recv(&mut self) -> Option<Envelope> {
        self.received.recv().await
    }

    /// The next envelope, if it is already there.
    pub fn try_recv(&mut self) -> Option<Envelope> {
        self.received.try_recv().ok()
    }
}

/// The bus of one process.
#[derive(Debug, Default)]
pub struct LocalBus {
    inboxes: Mutex<Vec<mpsc::Sender<Envelope>>>,
}

impl LocalBus {
    /// A new inbox. It gets everything published after this call.
    ///
    /// # Panics
    /// When a thread panicked while it held the list of inboxes, which it cannot.
    pub fn attend(&self) -> Inbox {
        let (sender, received) = mpsc::channel(INBOX_ENVELOPES_MAX);
        self.inboxes.lock().expect("nothing panics under this lock").push(sender);
        Inbox { received }
    }

    fn senders(&self) -> Vec<mpsc::Sender<Envelope>> {
        let mut inboxes = self.inboxes.lock().expect("nothing panics under this lock");
        inboxes.retain(|inbox| !inbox.is_closed());
        inboxes.clone()
    }
}

impl Bus for LocalBus {
    fn publish(&self, envelope: Envelope) {
        for inbox in self.senders() {
            // A closed inbox belongs to a hub that has stopped and wants nothing.
            let _ = inbox.blocking_send(envelope.clone());
        }
    }

    fn publish_hint(&self, envelope: Envelope) {
        for inbox in self.senders() {
            // Full: the hint is dropped, as the contract of hints allows.
            let _ = inbox.try_send(envelope.clone());
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use parlour_protocol::{Epoch, Notice, RoomId, UserId};

    use super::*;

    fn hint(room: u64) -> Envelope {
        Envelope::Notice {
            epoch: Epoch(String::new()),
            user: UserId(1),
            notice: Notice::RoomRemoved { room: RoomId(room) },
        }
    }

    fn room_of(envelope: Envelope) -> Option<u64> {
        match envelope {
            Envelope::Notice { notice: Notice::RoomRemoved { room }, .. } => Some(room.0),
            _ => None,
        }
    }

    #[test]
    fn every_inbox_gets_everything_in_the_order_of_publishing_and_a_full_one_makes_the_publisher_wait() {
        let bus = Arc::new(LocalBus::default());
        let (mut first, mut second) = (bus.attend(), bus.attend());
        let publisher = std::thread::spawn({
            let bus = Arc::clone(&bus);
            move || (0..3_000).for_each(|room| bus.publish(hint(room)))
        });
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        runtime.block_on(async {
            for room in 0..3_000 {
                assert_eq!(first.recv().await.and_then(room_of), Some(room));
                assert_eq!(second.recv().await.and_then(room_of), Some(room));
            }
        });
        publisher.join().unwrap();
    }

    #[test]
    fn a_hint_is_dropped_for_a_full_inbox_and_never_blocks() {
        let bus = LocalBus::default();
        let mut inbox = bus.attend();
        (0..5_000).for_each(|room| bus.publish_hint(hint(room)));
        let got: Vec<_> = std::iter::from_fn(|| inbox.try_recv().and_then(room_of)).collect();
        assert_eq!(got, (0..INBOX_ENVELOPES_MAX as u64).collect::<Vec<_>>());
    }

    #[test]
    fn a_hub_that_has_stopped_holds_nobody_up() {
        let bus = LocalBus::default();
        drop(bus.attend());
        (0..5_000).for_each(|room| bus.publish(hint(room)));
        assert!(bus.senders().is_empty());
    }
}
