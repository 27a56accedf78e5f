//! How a client comes in: connection, upgrade, and what the wire wants to be said first.

use std::io::{self, Write as _};
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::atomic::Ordering;

use memchr::memmem;
use mio::{Interest, Token};
use parlour_protocol::command::Hello;
use parlour_protocol::{ClientFrame, Command, History, Reply, RoomId, SUBPROTOCOL, ServerFrame};
use socket2::{Domain, Socket, Type};

use super::board::Board;
use super::client::Stage;
use super::frame;
use super::generator::Generator;
use super::plan::Wire;
use super::template::Filling;
use super::trouble;

/// Clients between connecting and being in, at most: a listener's backlog must hold them.
const COMING_MAX: usize = 512;
/// The first address after the machine's own loopback one.
const FIRST_SOURCE: u32 = 0x7f00_0002;
/// Where the ports of our own choice begin, and how many there are: the system looks longer for a free one the more are
/// taken, which at 10,000 is milliseconds.
const FIRST_PORT: usize = 10_000;
const PORTS: usize = 50_000;
/// A port that somebody has is passed over, so many times.
const PORTS_TRIED: usize = 500;
/// The `ref` of hello, and of making or joining a room; those of messages follow.
const HELLO: u32 = 1;
const ENTER: u32 = 2;
/// What is added to a message's number to make its `ref`.
pub(super) const REF_OF_FIRST: u32 = ENTER;

impl Generator<'_> {
    /// Connects as many clients as the ramp allows by now.
    pub(super) fn connect_some(&mut self, now: u64) {
        let load = self.board.load;
        let share = load.ramp / load.threads as f64;
        let allowed = ((now - self.born) as f64 / 1e9 * share) as usize + 1;
        while self.unborn < self.clients.len().min(allowed) && self.coming < COMING_MAX {
            let local = self.unborn;
            let is_maker = self.clients[local].id < load.rooms;
            if needs_rooms(self.board) && !is_maker && self.board.rooms_made.load(Ordering::Acquire) < load.rooms {
                return;
            }
            self.unborn += 1;
            self.coming += 1;
            self.clients[local].stage = Stage::Connecting;
            if let Err(error) = self.connect(local) {
                self.lose(local, &trouble::of_connecting(self.board.target, &error));
            }
        }
    }

    fn connect(&mut self, local: usize) -> io::Result<()> {
        let mut tries = if self.board.load.source_ips > 0 { PORTS_TRIED } else { 1 };
        let socket = loop {
            tries -= 1;
            match self.begin_connecting(self.clients[local].id) {
                Err(error) if tries > 0 && is_taken(&error) => {}
                other => break other?,
            }
        };
        let mut socket = mio::net::TcpStream::from_std(socket.into());
        self.poll.registry().register(&mut socket, Token(local), Interest::READABLE | Interest::WRITABLE)?;
        self.clients[local].socket = Some(socket);
        Ok(())
    }

    fn begin_connecting(&mut self, id: usize) -> io::Result<Socket> {
        let load = self.board.load;
        let address = self.board.target.address;
        let socket = Socket::new(Domain::for_address(address), Type::STREAM, None)?;
        socket.set_nonblocking(true)?;
        socket.set_tcp_nodelay(true)?;
        if id >= load.counted() && load.receive_buffer > 0 {
            socket.set_recv_buffer_size(load.receive_buffer)?;
        }
        if load.source_ips > 0 && address.is_ipv4() {
            let source = Ipv4Addr::from_bits(FIRST_SOURCE + (id % load.source_ips) as u32);
            let port = (FIRST_PORT + self.port % PORTS) as u16;
            self.port += load.threads;
            // A port that a run before this one used is free in truth.
            socket.set_reuse_address(true)?;
            socket.bind(&SocketAddr::new(IpAddr::V4(source), port).into())?;
        }
        match socket.connect(&address.into()) {
            Err(error) if !is_under_way(&error) => Err(error),
            _ => Ok(socket),
        }
    }

    /// The connection stands, or does not.
    pub(super) fn connected(&mut self, local: usize) {
        let Some(socket) = &self.clients[local].socket else { return };
        let outcome = match socket.take_error() {
            Ok(None) => socket.peer_addr().map(drop),
            Ok(Some(error)) | Err(error) => Err(error),
        };
        match outcome {
            Ok(()) => {
                self.clients[local].stage = Stage::Upgrading;
                let request = request(self.board, self.clients[local].id);
                self.clients[local].send(&request);
            }
            // Not yet: an event of its registration.
            Err(error) if error.kind() == io::ErrorKind::NotConnected => {}
            Err(error) => self.lose(local, &trouble::of_connecting(self.board.target, &error)),
        }
    }

    /// Reads the answer to the upgrade; how many bytes it took, 0 while it is not whole.
    pub(super) fn upgraded(&mut self, local: usize, bytes: &[u8]) -> usize {
        let Some(end) = memmem::find(bytes, b"\r\n\r\n") else {
            if !b"HTTP/1.".starts_with(&bytes[..bytes.len().min(7)]) {
                self.lose(local, "what answers there is no HTTP server");
            }
            return 0;
        };
        let head = String::from_utf8_lossy(&bytes[..end]);
        if let Some(why) = trouble::of_upgrade(&head, &self.board.key.1, self.board.wire) {
            if why.is_hopeless {
                self.board.abandon(why.words.clone());
            }
            self.lose(local, &why.words);
            return bytes.len();
        }
        self.clients[local].stage = Stage::Entering;
        match self.board.wire {
            Wire::Parlour => self.say_command(local, HELLO, Command::Hello(Hello::default())),
            Wire::Profile(_) => self.step(local),
        }
        end + 4
    }

    /// Goes through a profile's steps until one waits for something.
    pub(super) fn step(&mut self, local: usize) {
        let Wire::Profile(profile) = self.board.wire else { return };
        let opcode = if profile.binary { frame::BINARY } else { frame::TEXT };
        while let Some(step) = profile.steps.get(self.clients[local].step) {
            if step.sends {
                let filling = filling(self.board, self.clients[local].id);
                let mut message = std::mem::take(&mut self.message);
                message.clear();
                step.send.fill(&mut message, &filling);
                self.say(local, opcode, &message);
                self.message = message;
            }
            if !step.wait.is_empty() {
                return;
            }
            self.clients[local].step += 1;
        }
        self.is_in(local);
    }

    /// A message to a client of a profile that is not in yet.
    pub(super) fn stepped(&mut self, local: usize, message: &[u8]) {
        let Wire::Profile(profile) = self.board.wire else { return };
        let waits_for = profile.steps.get(self.clients[local].step).map(|step| &step.wait);
        if waits_for.is_some_and(|wait| memmem::find(message, wait).is_some()) {
            self.clients[local].step += 1;
            self.step(local);
        }
    }

    /// A frame to a client of parlour.v1 that is not in yet.
    pub(super) fn entered(&mut self, local: usize, frame: ServerFrame) {
        let id = self.clients[local].id;
        let room = id % self.board.load.rooms;
        match frame {
            ServerFrame::Reply { r#ref: HELLO, reply: Reply::Welcome(_) } if !needs_rooms(self.board) => {
                self.board.rooms[0].store(RoomId::LOBBY.0, Ordering::Release);
                self.is_in(local);
            }
            ServerFrame::Reply { r#ref: HELLO, reply: Reply::Welcome(_) } => {
                let command = if id < self.board.load.rooms {
                    let name = format!("bench {:08x} {room}", self.board.seed as u32);
                    Command::CreateRoom {
                        name,
                        topic: "Made by parlour bench.".to_owned(),
                        closed: false,
                        history: History::All,
                    }
                } else {
                    Command::JoinRoom { room: RoomId(self.board.rooms[room].load(Ordering::Acquire)) }
                };
                self.say_command(local, ENTER, command);
            }
            ServerFrame::Reply { r#ref: ENTER, reply: Reply::Room { state } } => {
                if id < self.board.load.rooms {
                    self.board.rooms[room].store(state.room.id.0, Ordering::Release);
                    self.board.rooms_made.fetch_add(1, Ordering::AcqRel);
                }
                self.is_in(local);
            }
            ServerFrame::Refusal { refusal, .. } => {
                let why = trouble::of_refusal(&refusal);
                self.board.abandon(why.clone());
                self.lose(local, &why);
            }
            _ => {}
        }
    }

    fn is_in(&mut self, local: usize) {
        self.clients[local].stage = Stage::In;
        self.coming -= 1;
        self.board.has_joined(self.clients[local].id);
    }

    fn say_command(&mut self, local: usize, r#ref: u32, command: Command) {
        match serde_json::to_vec(&ClientFrame { r#ref, command }) {
            Ok(message) => self.say(local, frame::TEXT, &message),
            Err(error) => self.lose(local, &error.to_string()),
        }
    }
}

/// Whether rooms have to be made before anyone can join them.
fn needs_rooms(board: &Board) -> bool {
    board.wire.is_parlour() && board.load.rooms > 1
}

/// What a client's holes are filled with.
pub(super) fn filling<'a>(board: &'a Board, id: usize) -> Filling<'a> {
    Filling { id, room: id % board.load.rooms, token: board.session(id), ..Filling::default() }
}

/// Connecting goes on without us.
fn is_under_way(error: &io::Error) -> bool {
    error.kind() == io::ErrorKind::WouldBlock
        || error.raw_os_error() == Some(rustix::io::Errno::INPROGRESS.raw_os_error())
}

/// Somebody has that port.
fn is_taken(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::AddrInUse | io::ErrorKind::AddrNotAvailable)
}

/// The upgrade request of a client.
fn request(board: &Board, id: usize) -> Vec<u8> {
    let filling = filling(board, id);
    let mut out = b"GET ".to_vec();
    let own_path = match board.wire {
        Wire::Profile(profile) => profile.path.as_ref(),
        Wire::Parlour => None,
    };
    own_path.unwrap_or(&board.target.path).fill(&mut out, &filling);
    let host = &board.target.host;
    // Writing into memory does not fail.
    let _ = write!(
        out,
        " HTTP/1.1\r\nHost: {host}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n\
         Sec-WebSocket-Key: {}\r\n",
        board.key.0
    );
    let _ = match board.wire {
        Wire::Parlour => {
            let cookie = board.session(id);
            write!(out, "Sec-WebSocket-Protocol: {SUBPROTOCOL}\r\nOrigin: http://{host}\r\nCookie: {cookie}\r\n")
        }
        Wire::Profile(profile) => {
            for line in &profile.headers {
                line.fill(&mut out, &filling);
                out.extend_from_slice(b"\r\n");
            }
            let mut subprotocol = profile.subprotocol.iter();
            subprotocol.try_for_each(|name| write!(out, "Sec-WebSocket-Protocol: {name}\r\n"))
        }
    };
    out.extend_from_slice(b"\r\n");
    out
}
