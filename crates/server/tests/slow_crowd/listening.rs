//! Readers and sleepers on bare sockets, and what they heard.

use std::sync::Arc;
use std::time::{Duration, Instant};

use parlour_client::Session;
use tokio::sync::watch;

use crate::raw::{PING, PONG, Raw, TEXT, full_headers};

/// Until which seq each room goes; none while it is still being spoken.
pub(crate) type Until = watch::Receiver<Option<Arc<Vec<u64>>>>;

/// What one socket heard.
#[derive(Default)]
pub(crate) struct Heard {
    pub(crate) seqs: Vec<u64>,
    /// When it was said, since the beginning, and how long it took to come.
    pub(crate) waits: Vec<(Duration, Duration)>,
}

/// One socket, greeted.
pub(crate) struct Listener(Raw);

impl Listener {
    /// Opens it. The kernel's buffers are what they are everywhere: each holds a tenth of what a sleeper misses.
    pub(crate) async fn open(session: &Session) -> Listener {
        let mut raw = Raw::connect(session.house).await;
        raw.upgrade(&full_headers(session)).await;
        raw.greet().await;
        Listener(raw)
    }

    /// Reads events until the last of the room, answering pings as a living client does.
    pub(crate) async fn hear_until(mut self, room: usize, mut until: Until, began: Instant) -> Heard {
        let mut heard = Heard::default();
        self.0.try_send(&crate::raw::masked(PONG, b"")).await;
        loop {
            if until.borrow().as_ref().is_some_and(|last| heard.seqs.last() >= Some(&last[room])) {
                return heard;
            }
            tokio::select! {
                frame = self.0.frame() => {
                    let frame = frame.unwrap_or_else(|| panic!("closed after {} events", heard.seqs.len()));
                    match frame.first {
                        PING => drop(self.0.try_send(&crate::raw::masked(PONG, &frame.payload)).await),
                        TEXT => heard.note(&frame.payload, began.elapsed()),
                        crate::raw::CLOSE => panic!("closed with {:?} after {} events", frame.close_code(), heard.seqs.len()),
                        _ => {}
                    }
                }
                changed = until.changed() => changed.expect("it is told before anyone stops"),
            }
        }
    }
}

impl Heard {
    /// Events that are messages of this test; everything else is passed over. Not parsed as JSON: there are too many.
    fn note(&mut self, payload: &[u8], now: Duration) {
        let number_after = |name: &[u8]| {
            let at = payload.windows(name.len()).position(|window| window == name)? + name.len();
            let digits = payload[at..].iter().take_while(|byte| byte.is_ascii_digit());
            Some(digits.fold(0u64, |number, digit| number * 10 + u64::from(digit - b'0')))
        };
        assert!(!payload.starts_with(br#"{"t":"reset""#), "a reset on a living connection");
        if !payload.starts_with(br#"{"t":"event""#) || number_after(br#""kind":"message""#).is_none() {
            return;
        }
        let seq = number_after(br#""seq":"#).expect("an event has one");
        let said = Duration::from_micros(number_after(br#""text":""#).expect("a message has one"));
        self.seqs.push(seq);
        self.waits.push((said, now.saturating_sub(said)));
    }
}
