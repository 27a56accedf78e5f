//! What comes from the server: frames are read where they were received, and a message is looked at no closer than needed.

use std::io::{self, Read as _};

use memchr::memmem;
use parlour_protocol::{ErrorCode, Refusal, Reply, ServerFrame};

use super::client::Stage;
use super::frame::{self, Frame, Next};
use super::generator::Generator;
use super::joining::REF_OF_FIRST;
use super::plan::{Ack, Wire};
use super::{marker, trouble};

/// How every frame of parlour.v1 begins, and how the one of them that counts goes on.
const KIND: &[u8] = b"{\"t\":\"";
const EVENT: &[u8] = b"{\"t\":\"event\",";
const POSTED: &[u8] = b"{\"t\":\"reply\",\"ref\":";
/// What a slow frame of the server is waited for in pieces, at least this much room is left for.
const ROOM_BYTES: usize = 64 * 1024;
/// When a refusal for a while does not say how long.
const AGAIN_MS: u32 = 50;

impl Generator<'_> {
    /// Something happened at a connection.
    pub(super) fn attend(&mut self, local: usize, event: &mio::event::Event) {
        match self.clients[local].stage {
            Stage::Unborn | Stage::Gone => return,
            Stage::Mute => {
                if event.is_error() || event.is_write_closed() {
                    self.lose(local, "the server closed the connection");
                }
                return;
            }
            Stage::Connecting => {
                self.connected(local);
                return;
            }
            Stage::Upgrading | Stage::Entering | Stage::In => {}
        }
        if event.is_writable() && !self.clients[local].unsent.is_empty() {
            self.clients[local].flush();
        }
        if event.is_readable() || event.is_read_closed() || event.is_error() {
            let mut buffer = std::mem::take(&mut self.buffer);
            self.read(local, &mut buffer, event.is_read_closed() || event.is_error());
            self.buffer = buffer;
        }
    }

    /// Reads what is there. After fewer bytes than there was room for nothing is left, and the next bytes are an event of
    /// their own; only the end of a connection has to be looked for.
    fn read(&mut self, local: usize, buffer: &mut Vec<u8>, is_ending: bool) {
        loop {
            let client = &mut self.clients[local];
            let kept = client.part.len();
            if buffer.len() < kept + ROOM_BYTES {
                buffer.resize((kept + ROOM_BYTES).next_power_of_two(), 0);
            }
            buffer[..kept].copy_from_slice(&client.part);
            let Some(socket) = &mut client.socket else { return };
            let came = match socket.read(&mut buffer[kept..]) {
                Ok(0) => return self.lose(local, "the server closed the connection"),
                Ok(came) => came,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => return,
                Err(error) => return self.lose(local, &error.to_string()),
            };
            let now = self.board.clock.now();
            if let Some(window) = self.ledger.window(now) {
                let window = &mut self.ledger.tally.windows[window];
                window.bytes += came as u64;
                window.reads += 1;
            }
            let whole = &buffer[..kept + came];
            let used = self.take(local, whole, now);
            let client = &mut self.clients[local];
            client.part.clear();
            client.part.extend_from_slice(&whole[used..]);
            if client.stage == Stage::Gone || kept + came < buffer.len() && !is_ending {
                return;
            }
        }
    }

    /// Takes every whole frame at the beginning of some bytes; how many bytes that were.
    fn take(&mut self, local: usize, bytes: &[u8], now: u64) -> usize {
        let mut at = 0;
        if self.clients[local].stage == Stage::Upgrading {
            at = self.upgraded(local, bytes);
        }
        while !matches!(self.clients[local].stage, Stage::Upgrading | Stage::Gone) {
            match frame::next(&bytes[at..]) {
                Next::Unfinished => return at,
                Next::Broken(why) => {
                    self.breaks_protocol(local, why);
                    return bytes.len();
                }
                Next::Whole(frame) => {
                    self.ledger.tally.frames += 1;
                    self.frame(local, frame, &bytes[at + frame.begin..at + frame.end], now);
                    at += frame.end;
                }
            }
        }
        at
    }

    #[inline]
    fn frame(&mut self, local: usize, frame: Frame, payload: &[u8], now: u64) {
        match frame.opcode {
            frame::TEXT | frame::BINARY if frame.is_last => self.message(local, payload, now),
            frame::TEXT | frame::BINARY | frame::CONTINUATION => {
                let mut whole = std::mem::take(&mut self.clients[local].fragments);
                whole.extend_from_slice(payload);
                if frame.is_last {
                    self.message(local, &whole, now);
                    whole.clear();
                }
                self.clients[local].fragments = whole;
            }
            frame::PING => {
                self.ledger.tally.pings += 1;
                self.say(local, frame::PONG, payload);
            }
            frame::PONG => {}
            frame::CLOSE => {
                let code = payload.first_chunk().map_or(1005, |code| u16::from_be_bytes(*code));
                *self.ledger.tally.closes.entry(code).or_default() += 1;
                let reason = String::from_utf8_lossy(payload.get(2..).unwrap_or_default());
                self.lose(local, &format!("the server closed the connection with {code} {reason}"));
            }
            _ => self.breaks_protocol(local, "a frame has an unknown opcode"),
        }
    }

    fn breaks_protocol(&mut self, local: usize, why: &str) {
        self.ledger.tally.protocol_errors += 1;
        self.ledger.tally.first_protocol_error.get_or_insert_with(|| why.to_owned());
        self.lose(local, why);
    }

    #[inline]
    fn message(&mut self, local: usize, message: &[u8], now: u64) {
        match self.board.wire {
            Wire::Parlour if message.starts_with(EVENT) => self.book(local, message, now),
            Wire::Parlour => self.parlour(local, message, now),
            Wire::Profile(profile) => {
                for answer in &profile.replies {
                    let is_it =
                        if answer.exact { message == answer.to } else { memmem::find(message, &answer.to).is_some() };
                    if is_it {
                        self.ledger.tally.answered += 1;
                        self.say(local, if profile.binary { frame::BINARY } else { frame::TEXT }, &answer.reply);
                    }
                }
                if self.clients[local].stage == Stage::Entering {
                    self.stepped(local, message);
                }
                self.book(local, message, now);
            }
        }
    }

    /// Books each mark in a message.
    #[inline]
    fn book(&mut self, local: usize, mut message: &[u8], now: u64) {
        let client = self.clients[local].id;
        while let Some((mark, rest)) = marker::find(message) {
            self.ledger.deliver(local, client, mark, now);
            message = rest;
        }
    }

    /// A frame of parlour.v1 that is no event, or is not written as ours are.
    fn parlour(&mut self, local: usize, message: &[u8], now: u64) {
        if self.clients[local].stage == Stage::In {
            if let Some(r#ref) = posted(message) {
                return self.posted(local, r#ref, now);
            }
            // Signals and notices carry nothing that was sent here.
            if message.starts_with(KIND) && matches!(message.get(KIND.len()), Some(b's' | b'n')) {
                return;
            }
        }
        match serde_json::from_slice(message) {
            Ok(ServerFrame::Event(_)) => self.book(local, message, now),
            Ok(frame) if self.clients[local].stage == Stage::Entering => self.entered(local, frame),
            Ok(ServerFrame::Reply { r#ref, reply: Reply::Posted { .. } }) => self.posted(local, r#ref, now),
            Ok(ServerFrame::Refusal { r#ref, refusal }) => self.refused(local, r#ref, &refusal, now),
            Ok(ServerFrame::Reset { .. }) => self.ledger.tally.resets += 1,
            // Frames that are not known are ignored (CON-5).
            Ok(_) | Err(_) => {}
        }
    }

    /// A message is stored.
    fn posted(&mut self, local: usize, r#ref: u32, now: u64) {
        self.ledger.tally.replies += 1;
        let Some(sender) = self.senders.get(local) else { return };
        if let Some(due) = sender.due(r#ref.wrapping_sub(REF_OF_FIRST))
            && let Some(window) = self.ledger.window(due)
        {
            self.ledger.tally.windows[window].replies.record(now - due);
        }
        if self.board.load.rate == 0.0 && self.board.load.ack == Ack::Reply {
            self.ledger.acknowledge(self.clients[local].id);
        }
    }

    /// A message was refused: for a while, and is sent again with those after it (LOG-4), or for good.
    fn refused(&mut self, local: usize, r#ref: u32, refusal: &Refusal, now: u64) {
        let is_passing = matches!(refusal.code, ErrorCode::Busy | ErrorCode::Internal);
        let Some(sender) = self.senders.get_mut(local).filter(|_| is_passing) else {
            return self.board.abandon(trouble::of_refusal(refusal));
        };
        self.ledger.tally.refused_for_a_while += 1;
        sender.again.push_back(r#ref.wrapping_sub(REF_OF_FIRST));
        sender.again_at = now + u64::from(refusal.retry_after_ms.unwrap_or(AGAIN_MS)) * 1_000_000;
    }
}

/// The `ref` of the answer to a post; none of anything else.
#[inline]
fn posted(message: &[u8]) -> Option<u32> {
    let rest = message.strip_prefix(POSTED)?;
    let digits = rest.iter().take_while(|sign| sign.is_ascii_digit()).take(10);
    let (r#ref, length) =
        digits.fold((0u64, 0), |(sum, length), digit| (sum * 10 + u64::from(digit - b'0'), length + 1));
    rest[length..].starts_with(b",\"reply\":{\"is\":\"posted\"").then_some(u32::try_from(r#ref).ok()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_read_without_parsing_is_how_the_protocol_writes_it() {
        let golden = |name: &str| {
            let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../protocol/tests/golden");
            let text = std::fs::read(format!("{folder}/{name}.json")).expect("it is there");
            text.trim_ascii_end().to_vec()
        };
        assert_eq!(posted(&golden("server_reply_posted")), Some(5));
        assert!(golden("server_event_message").starts_with(EVENT));
        for other in ["server_reply_welcome", "server_reply_done", "server_refusal", "server_reset"] {
            let golden = golden(other);
            let is_passed_over = matches!(golden.get(KIND.len()), Some(b's' | b'n')) || golden.starts_with(EVENT);
            assert!(posted(&golden).is_none() && !is_passed_over, "{other}");
        }
        for passed_over in ["server_signal_presence", "server_notice_draining"] {
            assert!(matches!(golden(passed_over)[KIND.len()], b's' | b'n'), "{passed_over}");
        }
    }
}
