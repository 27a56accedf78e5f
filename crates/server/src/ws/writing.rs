//! The way out: one write a turn for each connection that has something to hear, straight from the shared rings.

use std::collections::VecDeque;
use std::io::{self, IoSlice, Write as _};
use std::net::Shutdown;
use std::rc::Rc;
use std::sync::Arc;

use bytes::{Buf, Bytes};
use parlour_engine::hub::{Hub, Key, Outgoing, PIECES_PER_WRITE_MAX};
use parlour_protocol::close::CloseCode;
use parlour_protocol::limits;
use socket2::SockRef;
use tokio::task::spawn_local;

use super::backlog::bound_goodbye;
use super::frame;
use super::shard::{CROWD_WRITES_PER_TURN, Inner, Local, WRITES_PER_TURN};
use super::socket::{Closing, Guest, Sock};

/// How a connection comes to its end.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Goodbye {
    /// We close, and wait a while for the answer.
    Asked,
    /// The client closed first, or has answered.
    Answered,
    /// It broke the framing: there is no answer that could be read.
    Failed,
}

/// What a write left.
enum Wrote {
    All,
    /// The kernel's buffer is full.
    Blocked,
    Failed,
}

impl Local {
    /// Writes once to each connection that is marked, the marks being taken in turn.
    pub(super) fn write_dirty(self: &Rc<Self>) {
        let now_ms = self.now_ms();
        // Those marked again while this turn writes have their turn after the others have been read.
        let (soon, crowd) = self.inner.borrow().hub.marked();
        self.write_some(soon.min(WRITES_PER_TURN), now_ms, Hub::next_soon);
        self.write_some(crowd.min(CROWD_WRITES_PER_TURN), now_ms, Hub::next_of_crowd);
        if self.inner.borrow().hub.marked() != (0, 0) {
            self.turn.notify_one();
        }
    }

    /// Writes to as many connections.
    fn write_some(self: &Rc<Self>, count: usize, now_ms: u64, next: fn(&mut Hub) -> Option<Key>) {
        for _ in 0..count {
            let Some(key) = next(&mut self.inner.borrow_mut().hub) else { break };
            self.write_to(key, now_ms);
        }
    }

    fn write_to(self: &Rc<Self>, key: Key, now_ms: u64) {
        let mut borrowed = self.inner.borrow_mut();
        let Inner { hub, out, socks, .. } = &mut *borrowed;
        // Its count of holders is left alone: that would be one more line for the cache to fetch.
        let Some(sock) = socks.get(key) else { return };
        if sock.state.borrow().blocked {
            return;
        }
        let wrote = write_once(hub, out, sock, now_ms);
        let is_held = sock.state.borrow().held;
        if matches!(wrote, Wrote::All) && !is_held {
            return;
        }
        let sock = Rc::clone(sock);
        let has_place = hub.private_frames(key) < limits::PRIVATE_FRAMES_MAX / 2;
        drop(borrowed);
        match wrote {
            Wrote::All if has_place => self.resume_held(&sock),
            Wrote::All => {}
            Wrote::Blocked => block(&sock, now_ms),
            Wrote::Failed => self.remove(&sock),
        }
    }

    /// Ends a connection: nothing new is said to it, what was begun is finished, then the close.
    pub(super) fn close(self: &Rc<Self>, key: Key, code: CloseCode) {
        self.say_goodbye(key, frame::close(code), Goodbye::Asked);
    }

    /// Answers a client's close and lets it go.
    pub(super) fn close_echo(self: &Rc<Self>, key: Key, code: Option<u16>) {
        self.say_goodbye(key, frame::close_echo(code), Goodbye::Answered);
    }

    /// Ends a connection whose bytes can no longer be read: the close is said, and no answer to it is waited for.
    pub(super) fn fail(self: &Rc<Self>, key: Key, code: CloseCode) {
        self.say_goodbye(key, frame::close(code), Goodbye::Failed);
    }

    fn say_goodbye(self: &Rc<Self>, key: Key, last: Bytes, goodbye: Goodbye) {
        let now_ms = self.now_ms();
        let mut inner = self.inner.borrow_mut();
        let Some(sock) = inner.socks.get(key).cloned() else { return };
        let mut state = sock.state.borrow_mut();
        if let Some(closing) = &mut state.closing {
            closing.answered |= goodbye == Goodbye::Answered;
            closing.failed |= goodbye == Goodbye::Failed;
        } else {
            let mut farewell: VecDeque<Bytes> = inner.hub.disconnect(key, now_ms);
            farewell.push_back(last);
            state.closing = Some(Box::new(Closing {
                farewell,
                deadline_ms: now_ms + limits::CLOSE_WAIT_MS,
                answered: goodbye == Goodbye::Answered,
                failed: goodbye == Goodbye::Failed,
            }));
            if sock.is_classic() {
                inner.hub.classic_left(now_ms);
            }
        }
        let blocked = state.blocked;
        drop(state);
        inner.socks.look_again(key, 0);
        drop(inner);
        self.turn.notify_one();
        if !blocked {
            self.write_farewell(&sock);
        }
    }

    /// Forgets a socket; it is closed when its reading task lets go.
    pub(super) fn remove(self: &Rc<Self>, sock: &Rc<Sock>) {
        if sock.gone.replace(true) {
            return;
        }
        let now_ms = self.now_ms();
        let mut inner = self.inner.borrow_mut();
        let was_open = sock.state.borrow().closing.is_none();
        inner.hub.disconnect(sock.key, now_ms);
        if was_open && sock.is_classic() {
            inner.hub.classic_left(now_ms);
        }
        inner.socks.remove(sock.key);
        inner.guest_names.remove(sock.name.as_deref().unwrap_or_default());
        drop(inner);
        bound_goodbye(&sock.stream.borrow());
        // Closed with its last holder, an answer under way perhaps; an error means that it was never watched.
        let _ = self.registry.deregister(&mut *sock.stream.borrow_mut());
        self.let_guest_go(sock);
        self.turn.notify_one();
        self.finish_drain();
    }

    /// A classic client's row lives as long as its connection (OLD-3).
    pub(super) fn let_guest_go(self: &Rc<Self>, sock: &Sock) {
        if let Guest::Known(actor) = sock.state.borrow().guest.clone() {
            let engine = Arc::clone(&self.engine);
            spawn_local(async move { engine.guest_gone(&actor).await });
        }
    }

    fn write_farewell(self: &Rc<Self>, sock: &Rc<Sock>) {
        let mut state = sock.state.borrow_mut();
        let Some(closing) = &mut state.closing else { return };
        while let Some(frame) = closing.farewell.front_mut() {
            let written = sock.stream.borrow_mut().write(frame);
            match written {
                Ok(taken) if taken == frame.len() => drop(closing.farewell.pop_front()),
                Ok(taken) => frame.advance(taken),
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => {
                    drop(state);
                    return block(sock, self.now_ms());
                }
                Err(_) => {
                    drop(state);
                    return self.remove(sock);
                }
            }
        }
        let (answered, failed) = (closing.answered, closing.failed);
        drop(state);
        if answered {
            self.remove(sock);
        } else if failed {
            // Only our half: were the socket closed while bytes come, the kernel's reset would overtake the close. An error
            // means that the other side is gone already.
            let _ = SockRef::from(&*sock.stream.borrow()).shutdown(Shutdown::Write);
        }
    }

    /// The kernel takes bytes again.
    pub(super) fn go_on_writing(self: &Rc<Self>, sock: &Rc<Sock>) {
        if sock.state.borrow().closing.is_some() {
            self.write_farewell(sock);
        } else {
            self.inner.borrow_mut().hub.mark_dirty(sock.key);
        }
    }
}

/// Nothing more is written until the kernel has place again.
fn block(sock: &Sock, now_ms: u64) {
    let mut state = sock.state.borrow_mut();
    if !state.blocked {
        state.taken_ms = now_ms;
    }
    (state.blocked, state.full, state.writable) = (true, true, false);
}

/// One plan, one write, cursors moved by what the kernel took.
fn write_once(hub: &mut Hub, out: &mut Outgoing, sock: &Sock, now_ms: u64) -> Wrote {
    hub.gather(sock.key, out);
    let written = match out.pieces() {
        [] => return Wrote::All,
        [one] => sock.stream.borrow_mut().write(one),
        many => {
            let mut slices = [IoSlice::new(&[]); PIECES_PER_WRITE_MAX];
            slices.iter_mut().zip(many).for_each(|(slice, piece)| *slice = IoSlice::new(piece));
            sock.stream.borrow_mut().write_vectored(&slices[..many.len()])
        }
    };
    match written {
        Ok(taken) => {
            hub.wrote(sock.key, out, taken);
            let mut state = sock.state.borrow_mut();
            // A full buffer has room again because the other side reads. It is sent no ping meanwhile, so this is its answer;
            // bytes that only go into a buffer say nothing of anyone.
            if taken > 0 && std::mem::take(&mut state.full) {
                state.alive_ms = now_ms;
            }
            if taken < out.bytes() {
                return Wrote::Blocked;
            }
            drop(state);
            if hub.has_work(sock.key) {
                hub.mark_dirty(sock.key);
            }
            Wrote::All
        }
        Err(error) if error.kind() == io::ErrorKind::WouldBlock => {
            hub.wrote(sock.key, out, 0);
            Wrote::Blocked
        }
        Err(_) => Wrote::Failed,
    }
}
