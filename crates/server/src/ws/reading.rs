//! The way in: bytes to messages to commands, in the order they came.

use std::io;
use std::rc::Rc;
use std::time::Duration;

use bytes::Bytes;
use parlour_engine::hub::Heard;
use parlour_engine::{Actor, Answer, Engine, Pipeline};
use parlour_protocol::classic::ClassicKind;
use parlour_protocol::close::CloseCode;
use parlour_protocol::{
    ClientId, Command, ErrorCode, Hello as HelloCommand, Refusal, Reply, RoomId, ServerFrame, codec, limits,
};
use tokio::task::spawn_local;

use super::frame::{self, Opcode};
use super::message::Incoming;
use super::rates::Verdict;
use super::shard::Local;
use super::socket::{Entry, Flow, Guest, Hello, Sock, split};

/// A classic client under a full queue is looked at again after this time (OLD-5).
const HELD_MS: u64 = 50;

/// What the reading task does next.
enum Next {
    Read,
    /// Held messages must wait until this moment, or until something is answered.
    Wait(u64),
    End,
}

impl Local {
    /// Reads a socket until it ends.
    pub(super) async fn read(self: Rc<Self>, sock: Rc<Sock>, early: Bytes) {
        sock.state.borrow_mut().partial = early.to_vec();
        loop {
            match self.split_held(&sock) {
                Next::End => break,
                Next::Wait(until_ms) => {
                    let wait = Duration::from_millis(until_ms.saturating_sub(self.now_ms()).max(1));
                    tokio::select! {
                        () = tokio::time::sleep(wait) => {}
                        () = sock.wake.notified() => {}
                        () = sock.cut.notified() => self.remove(&sock),
                    }
                }
                Next::Read => {
                    tokio::select! {
                        readable = sock.stream.readable() => {
                            if readable.is_err() || !self.read_ready(&sock) {
                                self.remove(&sock);
                            }
                        }
                        () = sock.wake.notified() => {}
                        () = sock.cut.notified() => self.remove(&sock),
                    }
                }
            }
        }
        self.remove(&sock);
    }

    /// Takes what is ready, once: at most one buffer full, so that one busy sender does not hold up the others. False at
    /// the end of the stream.
    fn read_ready(self: &Rc<Self>, sock: &Rc<Sock>) -> bool {
        let mut scratch = std::mem::take(&mut self.inner.borrow_mut().scratch);
        let read = sock.stream.try_read(&mut scratch);
        let open = match read {
            Ok(0) => false,
            Ok(length) => {
                sock.state.borrow_mut().heard_ms = self.now_ms();
                let kept = !sock.state.borrow().partial.is_empty();
                if kept {
                    sock.state.borrow_mut().partial.extend_from_slice(&scratch[..length]);
                } else {
                    let (used, flow) = self.split_some(sock, &mut scratch[..length]);
                    sock.state.borrow_mut().partial = scratch[used..length].to_vec();
                    self.act(sock, flow);
                }
                true
            }
            Err(error) => error.kind() == io::ErrorKind::WouldBlock,
        };
        self.inner.borrow_mut().scratch = scratch;
        open
    }

    /// Goes on with the bytes kept from before.
    fn split_held(self: &Rc<Self>, sock: &Rc<Sock>) -> Next {
        if sock.gone.get() {
            return Next::End;
        }
        let mut held = std::mem::take(&mut sock.state.borrow_mut().partial);
        if held.is_empty() {
            return Next::Read;
        }
        let (used, flow) = self.split_some(sock, &mut held);
        held.drain(..used);
        sock.state.borrow_mut().partial = held;
        self.act(sock, flow);
        match flow {
            _ if sock.gone.get() => Next::End,
            Flow::Hold => Next::Wait(sock.state.borrow().paused_until_ms.max(self.now_ms() + HELD_MS)),
            Flow::Go | Flow::Close(_) => Next::Read,
        }
    }

    fn act(self: &Rc<Self>, sock: &Sock, flow: Flow) {
        match flow {
            Flow::Close(code) => {
                sock.state.borrow_mut().partial = Vec::new();
                self.close(sock.key, code);
            }
            Flow::Go | Flow::Hold => {}
        }
        self.turn.notify_one();
    }

    fn split_some(self: &Rc<Self>, sock: &Rc<Sock>, input: &mut [u8]) -> (usize, Flow) {
        let now_ms = self.now_ms();
        let mut assembler = std::mem::take(&mut sock.state.borrow_mut().assembler);
        let take = |incoming: Incoming<'_>| self.take_message(sock, incoming, now_ms);
        let result = split(input, &mut assembler, now_ms, take, |opcode| self.may_take(sock, opcode, now_ms));
        sock.state.borrow_mut().assembler = assembler;
        result
    }

    /// Whether the next message may be taken now. A classic client over a limit is not read (OLD-5), a full client with
    /// too much unanswered neither; nothing is dropped.
    fn may_take(&self, sock: &Sock, opcode: Opcode, now_ms: u64) -> Flow {
        let mut state = sock.state.borrow_mut();
        if opcode.is_control() || state.closing.is_some() {
            return Flow::Go;
        }
        if state.in_flight >= limits::COMMANDS_IN_FLIGHT_MAX
            || self.inner.borrow().hub.private_frames(sock.key) >= limits::PRIVATE_FRAMES_MAX
        {
            return Flow::Hold;
        }
        if !sock.is_classic() {
            return Flow::Go;
        }
        if now_ms < state.paused_until_ms || matches!(state.guest, Guest::Asked) {
            return Flow::Hold;
        }
        if let Guest::Known(actor) = &state.guest
            && let Err(refusal) = self.engine.may_post(actor)
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
            (Incoming::Text(text), Entry::Classic) => self.take_classic(sock, ClassicKind::Text, text.as_bytes()),
            (Incoming::Binary(bytes), Entry::Classic) => self.take_classic(sock, ClassicKind::Binary, bytes),
        }
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
            if let Command::Post { room, client_id, .. } = &frame.command {
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
        if hello.cursors.len() > limits::ROOMS_PER_USER_MAX {
            let words = "A hello names at most 2,000 rooms.";
            return self.refuse(sock, r#ref, Refusal::new(ErrorCode::TooMany, words));
        }
        sock.state.borrow_mut().hello = Hello::Reading;
        let (local, sock, actor) = (Rc::clone(self), Rc::clone(sock), actor.clone());
        spawn_local(async move {
            match local.engine.welcome(&actor).await {
                Ok(welcome) => {
                    let mut inner = local.inner.borrow_mut();
                    let heard = inner.hub.welcome(sock.key, r#ref, welcome, &hello);
                    inner.hub.arrived(sock.key, local.now_ms());
                    drop(inner);
                    sock.state.borrow_mut().hello = Hello::Done;
                    if heard == Heard::OtherEpoch {
                        local.begin_epoch();
                    }
                }
                Err(refusal) => {
                    sock.state.borrow_mut().hello = Hello::Awaited;
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
            Command::Post { room, client_id, .. } => {
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
            sock.wake.notify_waiters();
            local.turn.notify_one();
        });
    }

    fn refuse(&self, sock: &Sock, r#ref: u32, refusal: Refusal) {
        self.inner.borrow_mut().hub.tell(sock.key, &ServerFrame::Refusal { r#ref, refusal });
    }

    fn take_classic(self: &Rc<Self>, sock: &Rc<Sock>, kind: ClassicKind, payload: &[u8]) -> Flow {
        let Ok(draft) = Engine::classic_draft(kind, payload) else { return Flow::Close(CloseCode::TooBig) };
        let binary = kind == ClassicKind::Binary;
        let id = ClientId(uuid::Uuid::now_v7());
        let guest = sock.state.borrow().guest.clone();
        if let Guest::Known(actor) = guest {
            let answer = self.engine.post_classic(&actor, id, draft.clone(), binary, Pipeline::default());
            self.await_classic(sock, actor, id, draft, binary, answer);
            return Flow::Go;
        }
        // The first words: the guest gets a row, and nothing more is read until it has one.
        sock.state.borrow_mut().guest = Guest::Asked;
        let (local, sock) = (Rc::clone(self), Rc::clone(sock));
        spawn_local(async move {
            match local.engine.make_guest(&sock.name).await {
                Ok(actor) => {
                    sock.state.borrow_mut().guest = Guest::Known(actor.clone());
                    let answer = local.engine.post_classic(&actor, id, draft.clone(), binary, Pipeline::default());
                    local.await_classic(&sock, actor, id, draft, binary, answer);
                    if sock.gone.get() {
                        local.let_guest_go(&sock);
                    }
                }
                Err(_) => local.close(sock.key, CloseCode::TryLater),
            }
            sock.wake.notify_waiters();
        });
        Flow::Go
    }

    /// This wire has no refusal: what the queue or the disk has no place for is tried again, with its id, until it has,
    /// and nothing behind it is read meanwhile (OLD-5).
    fn await_classic(
        self: &Rc<Self>,
        sock: &Rc<Sock>,
        actor: Actor,
        id: ClientId,
        draft: parlour_engine::Draft,
        binary: bool,
        mut answer: Answer,
    ) {
        sock.state.borrow_mut().in_flight += 1;
        let (local, sock) = (Rc::clone(self), Rc::clone(sock));
        spawn_local(async move {
            while let Err(refusal) = answer.await {
                if !refusal.code.may_retry() || sock.gone.get() {
                    local.close(sock.key, CloseCode::Internal);
                    break;
                }
                let wait_ms = u64::from(refusal.retry_after_ms.unwrap_or(250));
                sock.state.borrow_mut().paused_until_ms = local.now_ms() + wait_ms;
                tokio::time::sleep(Duration::from_millis(wait_ms)).await;
                answer = local.engine.post_classic(&actor, id, draft.clone(), binary, Pipeline::default());
            }
            sock.state.borrow_mut().in_flight -= 1;
            sock.wake.notify_waiters();
        });
    }
}
