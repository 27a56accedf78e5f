//! What silence costs: greetings that do not come, fragments that do not end, readers that do not read (S52, S92, CON-6).

use std::rc::Rc;

use parlour_protocol::close::CloseCode;
use parlour_protocol::limits;

use super::frame;
use super::shard::Local;
use super::socket::{Hello, State};

/// What is due for one socket.
enum Due {
    Nothing,
    Ping,
    Close(CloseCode),
    /// It was told to go and did not.
    Cut,
}

impl Local {
    /// Looks at the clocks of every socket for which something may be due.
    pub(super) fn sweep(self: &Rc<Self>, now_ms: u64) {
        let socks = self.inner.borrow().socks.to_look_at(now_ms);
        for sock in socks {
            let due = due(&sock.state.borrow(), now_ms);
            match due {
                Due::Nothing => {
                    let at_ms = {
                        let mut state = sock.state.borrow_mut();
                        state.rates.rest(now_ms);
                        next_look(&state, now_ms)
                    };
                    self.inner.borrow_mut().socks.look_again(sock.key, at_ms);
                }
                Due::Ping => {
                    sock.state.borrow_mut().pinged_ms = now_ms;
                    self.inner.borrow_mut().hub.tell_framed(sock.key, frame::ping());
                }
                Due::Close(code) => self.close(sock.key, code),
                Due::Cut => self.remove(&sock),
            }
        }
    }
}

/// Before this moment nothing can be due for a socket for which nothing is now. What may begin meanwhile lasts longer than
/// that, or asks for a look itself ([`Local::close`], a greeting that failed).
fn next_look(state: &State, now_ms: u64) -> u64 {
    if state.closing.is_some() || state.hello != Hello::Done || state.held || state.blocked || begun_ms(state).is_some()
    {
        return now_ms;
    }
    let pinged = state.pinged_ms + limits::HEARTBEAT_MS;
    let silent = state.alive_ms + limits::SILENCE_MAX_MS;
    pinged.min(silent).min(now_ms + limits::FRAGMENT_TIMEOUT_MS).min(now_ms + limits::STALL_MAX_MS)
}

/// Since when something has begun and is not complete: a message in parts, or a frame.
fn begun_ms(state: &State) -> Option<u64> {
    state.assembler.unfinished_since_ms().or((!state.partial.is_empty()).then_some(state.partial_since_ms))
}

fn due(state: &State, now_ms: u64) -> Due {
    if let Some(closing) = &state.closing {
        return if now_ms >= closing.deadline_ms { Due::Cut } else { Due::Nothing };
    }
    let since = |at_ms: u64| now_ms.saturating_sub(at_ms);
    if state.hello == Hello::Awaited && since(state.opened_ms) >= limits::HELLO_TIMEOUT_MS {
        return Due::Close(CloseCode::NoHello);
    }
    if !state.held && begun_ms(state).is_some_and(|began| since(began) >= limits::FRAGMENT_TIMEOUT_MS) {
        return Due::Close(CloseCode::Policy);
    }
    if state.blocked && since(state.taken_ms) >= limits::STALL_MAX_MS {
        return Due::Close(CloseCode::Stalled);
    }
    if since(state.alive_ms) >= limits::SILENCE_MAX_MS && !state.held {
        return Due::Close(CloseCode::GoingAway);
    }
    if since(state.pinged_ms) >= limits::HEARTBEAT_MS && !state.blocked {
        return Due::Ping;
    }
    Due::Nothing
}
