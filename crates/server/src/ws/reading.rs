//! The way in: bytes to messages to commands, in the order they came.

use std::io::{self, Read as _};
use std::rc::Rc;
use std::time::Duration;

#[cfg(feature = "conformance")]
use bytes::Bytes;
use parlour_engine::hub::Heard;
use parlour_engine::{Actor, Answer, Engine, Pipeline};
use parlour_protocol::classic::ClassicKind;
use parlour_protocol::close::CloseCode;
use parlour_protocol::push::Author;
use parlour_protocol::{
    ClientId, Command, ErrorCode, Hello as HelloCommand, Refusal, Reply, RoomId, ServerFrame, codec, limits,
};
use tokio::task::spawn_local;

use super::frame::{self, Opcode};
use super::inflating::Inflater;
use super::message::Incoming;
use super::rates::Verdict;
use super::shard::Local;
use super::socket::{Entry, Guest, Hello, SCRATCH_BYTES, Sock};
use super::split::{Flow, split};
use super::unkept::{AGAIN_MS, Unsure};
use crate::failpoints;

/// A classic client under a full queue is looked at again after this time (OLD-5).
const HELD_MS: u64 = 50;

/// What is next for a socket.
enum Next {
    Read,
    /// Held messages must wait until this moment, or until something is answered.
    Wait(u64),
    End,
}

impl Local {
    /// Goes on with a socket: it may be written to again, a held message may be taken now, or there are new bytes.
    pub(super) fn serve(self: &Rc<Self>, sock: &Rc<Sock>) {
        let (unblocked, readable) = {
            let mut state = sock.state.borrow_mut();
            state.queued = false;
            if let Some(until_ms) = state.held_until_ms.take() {
                self.held.borrow_mut().remove(&(until_ms, sock.key));
            }
            let unblocked = state.blocked && state.writable;
            if unblocked {
                state.blocked = false;
            }
            (unblocked, state.readable)
        };
        if sock.gone.get() {
            return;
        }
        if unblocked {
            self.go_on_writing(sock);
        }
        let next = match self.split_held(sock) {
            Next::Read if readable => self.read_ready(sock),
            next => next,
        };
        match next {
            Next::End => self.remove(sock),
            Next::Wait(until_ms) => {
                sock.state.borrow_mut().held_until_ms = Some(until_ms);
                self.held.borrow_mut().insert((until_ms, sock.key), Rc::clone(sock));
            }
            Next::Read => {
                if sock.state.borrow().readable {
                    self.resume(sock);
                }
            }
        }
    }

    /// Goes on with a socket whose next message was held, if it was.
    pub(super) fn resume_held(&self, sock: &Rc<Sock>) {
        if sock.state.borrow().held {
            self.resume(sock);
        }
    }

    /// Takes what is ready, once: at most one buffer full, so that one busy sender does not hold up the others.
    fn read_ready(self: &Rc<Self>, sock: &Rc<Sock>) -> Next {
        let mut scratch = std::mem::take(&mut self.inner.borrow_mut().scratch);
        // A reader that panicked did not give it back.
        scratch.resize(SCRATCH_BYTES, 0);
        let read = sock.stream.borrow_mut().read(&mut scratch);
        let next = match read {
            Ok(0) => Next::End,
            Ok(length) => {
                let mut state = sock.state.borrow_mut();
                // Fewer than there was place for: the kernel has no more, unless the end is behind them.
                state.readable = length == SCRATCH_BYTES || state.ended;
                if state.closing.as_ref().is_some_and(|closing| closing.failed) {
                    Next::Read
                } else if !state.partial.is_empty() {
                    state.partial.extend_from_slice(&scratch[..length]);
                    drop(state);
                    self.split_held(sock)
                } else {
                    drop(state);
                    let (used, flow) = self.split_some(sock, &mut scratch[..length]);
                    self.keep(sock, scratch[used..length].to_vec(), true, flow)
                }
            }
            Err(error) if matches!(error.kind(), io::ErrorKind::WouldBlock | io::ErrorKind::Interrupted) => {
                sock.state.borrow_mut().readable = error.kind() == io::ErrorKind::Interrupted;
                Next::Read
            }
            Err(_) => Next::End,
        };
        self.inner.borrow_mut().scratch = scratch;
        next
    }

    /// Goes on with the bytes kept from before.
    fn split_held(self: &Rc<Self>, sock: &Rc<Sock>) -> Next {
        if sock.gone.get() {
            return Next::End;
        }
        let mut kept = std::mem::take(&mut sock.state.borrow_mut().partial);
        if kept.is_empty() {
            return Next::Read;
        }
        let (used, flow) = self.split_some(sock, &mut kept);
        kept.drain(..used);
        self.keep(sock, kept, used > 0, flow)
    }

    /// Keeps what was not used up, and does what the message before it asks for.
    fn keep(self: &Rc<Self>, sock: &Rc<Sock>, rest: Vec<u8>, is_new: bool, flow: Flow) -> Next {
        {
            let mut state = sock.state.borrow_mut();
            state.partial = rest;
            if is_new {
                state.partial_since_ms = self.now_ms();
            }
            state.held = flow == Flow::Hold;
        }
        self.act(sock, flow);
        match flow {
            _ if sock.gone.get() => Next::End,
            Flow::Hold => Next::Wait(sock.state.borrow().paused_until_ms.max(self.now_ms() + HELD_MS)),
            Flow::Go | Flow::Close(_) | Flow::Fail(_) => Next::Read,
        }
    }

    fn act(self: &Rc<Self>, sock: &Sock, flow: Flow) {
        match flow {
            Flow::Close(code) => {
                sock.state.borrow_mut().partial = Vec::new();
                self.close(sock.key, code);
            }
            Flow::Fail(code) => {
                sock.state.borrow_mut().partial = Vec::new();
                self.fail(sock.key, code);
            }
            Flow::Go | Flow::Hold => {}
        }
        self.turn.notify_one();
    }

    fn split_some(self: &Rc<Self>, sock: &Rc<Sock>, input: &mut [u8]) -> (usize, Flow) {
        let now_ms = self.now_ms();
        let mut assembler = std::mem::take(&mut sock.state.borrow_mut().assembler);
        let take = |incoming: Incoming<'_>| self.take_message(sock, incoming, now_ms);
        let may_take = |opcode| self.may_take(sock, opcode, now_ms);
        let mut inflater = sock.packs.then(|| self.inflater.borrow_mut());
        let inflater = inflater.as_mut().map(|inflater| inflater.get_or_insert_with(Inflater::new));
        let result = split(input, &mut assembler, inflater, now_ms, take, may_take);
        let mut state = sock.state.borrow_mut();
        state.assembler = assembler;
        // Bytes are not enough: a frame that never ends is silence too. And while we hold a message, silence is our doing.
        if result.0 > 0 || state.held {
            state.alive_ms = now_ms;
        }
        drop(state);
        result
    }

    /// Whether the next message may be taken now. A classic client over a limit is not read (OLD-5), a full client with
    /// too much unanswered neither; nothing is dropped.
    fn may_take(&self, sock: &Sock, opcode: Opcode, now_ms: u64) -> Flow {
        let mut state = sock.state.borrow_mut();
        // A message is held as a whole: the rest of one that was begun is always taken.
        if opcode.is_control() || opcode == Opcode::Continuation || state.closing.is_some() {
            return Flow::Go;
        }
        // Nothing is answered before the welcome (CON-3).
        if self.is_draining()
            || state.hello == Hello::Reading
            || state.in_flight >= limits::COMMANDS_IN_FLIGHT_MAX
            || self.inner.borrow().hub.private_frames(sock.key) >= limits::PRIVATE_FRAMES_MAX
        {
            return Flow::Hold;
        }
        if !sock.is_classic() {
            return Flow::Go;
        }
        if now_ms < state.paused_until_ms
            || state.unkept.as_ref().is_some_and(|unkept| unkept.is_stuck())
            || matches!(state.guest, Guest::Asked)
        {
            return Flow::Hold;
        }
        if let Guest::Known(actor) = &state.guest
            && let Err(refusal) = self.engine.may_post_as_guest(actor, sock.crowd)
        {
            state.paused_until_ms = now_ms + u64::from(refusal.retry_after_ms.unwrap_or(1));
            return Flow::Hold;
        }
        Flow::Go
    }

    fn take_message(self: &Rc<Self>, sock: &Rc<Sock>, incoming: Incoming<'_>, now_ms: u64) -> Flow {
        if let Incoming::Close(code) = incoming {
            self.close_echo(sock.key, code);
            return Flow::Go;
        }
        if sock.state.borrow().closing.is_some() {
            return Flow::Go;
        }
        match (incoming, &sock.entry) {
            (Incoming::Ping(payload), _) => self.take_ping(sock, payload, now_ms),
            (Incoming::Pong | Incoming::Close(_), _) => Flow::Go,
            (Incoming::Text(text), Entry::Full { actor }) => self.take_frame(sock, actor, text, now_ms),
            (Incoming::Binary(_), Entry::Full { .. }) => Flow::Close(CloseCode::Unsupported),
            #[cfg(feature = "conformance")]
            (Incoming::Text(text), Entry::Echo) => self.echo(sock, frame::text_alone(text)),
            #[cfg(feature = "conformance")]
            (Incoming::Binary(bytes), Entry::Echo) => self.echo(sock, frame::binary(bytes)),
            (Incoming::Text(text), Entry::Classic) => self.take_classic(sock, ClassicKind::Text, text.as_bytes()),
            (Incoming::Binary(bytes), Entry::Classic) => self.take_classic(sock, ClassicKind::Binary, bytes),
        }
    }

    #[cfg(feature = "conformance")]
    fn echo(&self, sock: &Sock, framed: Bytes) -> Flow {
        self.inner.borrow_mut().hub.tell_framed(sock.key, framed);
        Flow::Go
    }

    fn take_ping(&self, sock: &Sock, payload: &[u8], now_ms: u64) -> Flow {
        let verdict = sock.state.borrow_mut().rates.frame(now_ms);
        if verdict == Verdict::FarOver && self.engine.limits_on() {
            return Flow::Close(CloseCode::Rate);
        }
        let mut inner = self.inner.borrow_mut();
        // A peer that pings and never reads is owed only the newest answers (RFC 6455 §5.5.3).
        if inner.hub.private_frames(sock.key) < limits::PRIVATE_FRAMES_MAX {
            inner.hub.tell_framed(sock.key, frame::pong(payload));
        }
        Flow::Go
    }

    fn take_frame(self: &Rc<Self>, sock: &Rc<Sock>, actor: &Actor, text: &str, now_ms: u64) -> Flow {
        failpoints::reach(failpoints::Place::Frame, text);
        let verdict = sock.state.borrow_mut().rates.frame(now_ms);
        let decoded = codec::decode(text);
        let hello = sock.state.borrow().hello;
        if self.engine.limits_on() && verdict == Verdict::FarOver {
            return Flow::Close(CloseCode::Rate);
        }
        let frame = match decoded {
            Ok(frame) => frame,
            Err(_) if hello == Hello::Awaited => return Flow::Close(CloseCode::NoHello),
            Err(bad) => {
                self.refuse(sock, bad.r#ref, bad.refusal);
                return Flow::Go;
            }
        };
        if let (Verdict::Slower(wait), true) = (verdict, self.engine.limits_on()) {
            if let Command::Post { room, client_id, .. } = &frame.command
                && self.inner.borrow().hub.is_in(sock.key, *room)
            {
                self.stop_pipeline(sock, *room, *client_id, now_ms);
            }
            let words = "That is too fast. Trying again in a moment.";
            self.refuse(sock, frame.r#ref, Refusal::later(ErrorCode::Rate, words, wait.0));
            return Flow::Go;
        }
        match (hello, frame.command) {
            (Hello::Awaited, Command::Hello(hello)) => self.greet(sock, actor, frame.r#ref, hello),
            (Hello::Awaited, _) => return Flow::Close(CloseCode::NoHello),
            (_, command) => self.obey(sock, actor, frame.r#ref, command, now_ms),
        }
        Flow::Go
    }

    fn greet(self: &Rc<Self>, sock: &Rc<Sock>, actor: &Actor, r#ref: u32, hello: HelloCommand) {
        if hello.cursors.len() > limits::CURSORS_MAX {
            let words = "A hello names at most 2,500 rooms.";
            return self.refuse(sock, r#ref, Refusal::new(ErrorCode::TooMany, words));
        }
        sock.state.borrow_mut().hello = Hello::Reading;
        let (local, sock, actor) = (Rc::clone(self), Rc::clone(sock), actor.clone());
        spawn_local(async move {
            // The session may have ended between the handshake and now (CON-7).
            match local.engine.welcome_alive(&actor).await {
                Ok(None) => local.close(sock.key, CloseCode::SignedOut),
                Ok(Some(welcome)) => {
                    let mut inner = local.inner.borrow_mut();
                    let heard = inner.hub.welcome(sock.key, r#ref, welcome, &hello);
                    inner.hub.arrived(sock.key, local.now_ms());
                    drop(inner);
                    sock.state.borrow_mut().hello = Hello::Done;
                    local.resume_held(&sock);
                    if heard == Heard::OtherEpoch {
                        local.begin_epoch();
                    }
                }
                Err(refusal) => {
                    sock.state.borrow_mut().hello = Hello::Awaited;
                    local.inner.borrow_mut().socks.look_again(sock.key, 0);
                    local.resume_held(&sock);
                    local.refuse(&sock, r#ref, refusal);
                }
            }
            local.turn.notify_one();
        });
    }

    fn obey(self: &Rc<Self>, sock: &Rc<Sock>, actor: &Actor, r#ref: u32, command: Command, now_ms: u64) {
        match command {
            Command::Typing { room } => {
                let inside = self.inner.borrow().hub.is_in(sock.key, room);
                let may = if inside { self.engine.may_type(actor, room) } else { Err(Refusal::no_such_room()) };
                match may {
                    Ok(()) => self.inner.borrow_mut().hub.typing(sock.key, room),
                    Err(refusal) => self.refuse(sock, r#ref, refusal),
                }
            }
            Command::Away { away } => {
                let mut inner = self.inner.borrow_mut();
                inner.hub.set_away(actor.user.id, away);
                inner.hub.tell(sock.key, &ServerFrame::Reply { r#ref, reply: Reply::Done });
            }
            Command::CatchUp { room, after } => {
                let mut inner = self.inner.borrow_mut();
                if inner.hub.is_in(sock.key, room) {
                    inner.hub.tell(sock.key, &ServerFrame::Reply { r#ref, reply: Reply::Done });
                    inner.hub.catch_up(sock.key, room, after);
                } else {
                    drop(inner);
                    self.refuse(sock, r#ref, Refusal::no_such_room());
                }
            }
            // Only rooms one is in have a pipeline to remember; in others nothing will be written anyway.
            Command::Post { room, client_id, .. } if self.inner.borrow().hub.is_in(sock.key, room) => {
                let (pipeline, number) = sock.state.borrow_mut().pipelines.enter(room, client_id, now_ms);
                let answer = self.engine.handle(actor, command, pipeline);
                self.await_answer(sock, r#ref, Some((room, client_id, number)), answer);
            }
            command => {
                let answer = self.engine.handle(actor, command, Pipeline::default());
                self.await_answer(sock, r#ref, None, answer);
            }
        }
    }

    fn stop_pipeline(&self, sock: &Sock, room: RoomId, id: ClientId, now_ms: u64) {
        let mut state = sock.state.borrow_mut();
        let (pipeline, number) = state.pipelines.enter(room, id, now_ms);
        pipeline.stop();
        let rate = Refusal::later(ErrorCode::Rate, "", 0);
        state.pipelines.answered(room, id, number, Some(&rate), now_ms);
    }

    /// Waits for an answer beside the reading of the next command, and says it.
    fn await_answer(
        self: &Rc<Self>,
        sock: &Rc<Sock>,
        r#ref: u32,
        post: Option<(RoomId, ClientId, u64)>,
        answer: Answer,
    ) {
        sock.state.borrow_mut().in_flight += 1;
        let (local, sock) = (Rc::clone(self), Rc::clone(sock));
        spawn_local(async move {
            let answer = answer.await;
            let now_ms = local.now_ms();
            {
                let mut state = sock.state.borrow_mut();
                state.in_flight -= 1;
                if let Some((room, id, number)) = post {
                    state.pipelines.answered(room, id, number, answer.as_ref().err(), now_ms);
                }
            }
            match answer {
                Ok(reply) => {
                    let mut inner = local.inner.borrow_mut();
                    if let Reply::Room { state } = &reply {
                        inner.hub.enter(sock.key, state);
                    }
                    inner.hub.tell(sock.key, &ServerFrame::Reply { r#ref, reply });
                }
                Err(refusal) => local.refuse(&sock, r#ref, refusal),
            }
            local.resume_held(&sock);
            local.turn.notify_one();
        });
    }

    fn refuse(&self, sock: &Sock, r#ref: u32, refusal: Refusal) {
        self.inner.borrow_mut().hub.tell(sock.key, &ServerFrame::Refusal { r#ref, refusal });
    }

    fn take_classic(self: &Rc<Self>, sock: &Rc<Sock>, kind: ClassicKind, payload: &[u8]) -> Flow {
        let Ok(draft) = Engine::classic_draft(kind, payload) else { return Flow::Close(CloseCode::TooBig) };
        let message = Unsure { id: ClientId(uuid::Uuid::now_v7()), draft, binary: kind == ClassicKind::Binary };
        let guest = sock.state.borrow().guest.clone();
        if let Guest::Known(actor) = guest {
            self.send_classic(sock, &actor, message);
        } else {
            // The first words: the guest gets a row, and nothing more is read until it has one.
            sock.state.borrow_mut().guest = Guest::Asked;
            spawn_local(Rc::clone(self).introduce(Rc::clone(sock), message));
        }
        Flow::Go
    }

    async fn introduce(self: Rc<Self>, sock: Rc<Sock>, first: Unsure) {
        let actor = loop {
            match self.engine.make_guest(sock.name.as_deref().unwrap_or_default()).await {
                Ok(actor) => break Rc::new(actor),
                Err(refusal) if refusal.code.may_retry() && !sock.gone.get() => {
                    tokio::time::sleep(wait_of(&refusal)).await;
                }
                Err(_) => return self.close(sock.key, CloseCode::TryLater),
            }
        };
        let author = Author { id: actor.user.id, name: actor.user.name.clone() };
        self.inner.borrow_mut().hub.is_now(sock.key, author);
        sock.state.borrow_mut().guest = Guest::Known(Rc::clone(&actor));
        self.send_classic(&sock, &actor, first);
        if sock.gone.get() {
            self.let_guest_go(&sock);
        }
        self.resume_held(&sock);
    }

    fn send_classic(self: &Rc<Self>, sock: &Rc<Sock>, actor: &Rc<Actor>, message: Unsure) {
        let pipeline = sock.state.borrow_mut().unkept.get_or_insert_default().send(message.clone());
        self.post_classic(sock, Rc::clone(actor), message, pipeline);
    }

    fn post_classic(self: &Rc<Self>, sock: &Rc<Sock>, actor: Rc<Actor>, message: Unsure, pipeline: Pipeline) {
        let Unsure { id, draft, binary } = message;
        let answer = self.engine.post_classic(&actor, id, draft, binary, pipeline);
        sock.state.borrow_mut().in_flight += 1;
        let (local, sock) = (Rc::clone(self), Rc::clone(sock));
        spawn_local(async move {
            let answer = answer.await;
            let again_after_ms = {
                let mut state = sock.state.borrow_mut();
                state.in_flight -= 1;
                let unkept = state.unkept.get_or_insert_default();
                match &answer {
                    Err(refusal) if refusal.code.may_retry() => unkept.refused(refusal.retry_after_ms),
                    Ok(_) | Err(_) => unkept.kept(id),
                }
                unkept.again_after_ms()
            };
            if let Err(refusal) = answer
                && !refusal.code.may_retry()
            {
                // The wire has no refusal: who may not speak in the lobby as it is now is shown out of it (OLD-7).
                let may_not = refusal.code == ErrorCode::Forbidden;
                local.close(sock.key, if may_not { CloseCode::Policy } else { CloseCode::Internal });
            }
            if let Some(wait_ms) = again_after_ms {
                tokio::time::sleep(Duration::from_millis(wait_ms)).await;
                if sock.gone.get() {
                    return;
                }
                let messages = sock.state.borrow_mut().unkept.get_or_insert_default().again();
                for (message, pipeline) in messages {
                    local.post_classic(&sock, Rc::clone(&actor), message, pipeline);
                }
            }
            local.resume_held(&sock);
        });
    }
}

fn wait_of(refusal: &Refusal) -> Duration {
    Duration::from_millis(refusal.retry_after_ms.map_or(AGAIN_MS, u64::from))
}
