//! The loop: wait, read everything that is ready, send what came in.

use std::collections::HashMap;
use std::net::{Ipv4Addr, SocketAddrV4};

use rustix::event::epoll::{self, CreateFlags, EventData, EventFlags};
use rustix::fd::{AsFd, OwnedFd};
use rustix::io::Errno;
use rustix::net::{
    AddressFamily, RecvFlags, SocketFlags, SocketType, accept_with, bind, listen, recv, socket_with, sockopt,
};

use crate::Mode;
use crate::connection::{After, Connection};
use crate::frames::{self, Step};
use crate::handshake::{self, Request};
use crate::outgoing::SENDS_PER_ENTER;

/// Connections that may wait to be accepted: a crowd comes at once.
const BACKLOG: i32 = 4096;
const INPUT_BYTES: usize = 256 * 1024;
/// A turn reads at most this many sockets before it sends.
const EVENTS_PER_TURN: usize = 1024;
/// Stands for the listener among the slots.
const LISTENER: u64 = u64::MAX;

/// A room: who is in it, and what goes out to all of them at the end of this turn.
#[derive(Default)]
struct Room {
    members: Vec<usize>,
    out: Vec<u8>,
}

pub(crate) struct Server {
    listener: OwnedFd,
    epoll: OwnedFd,
    mode: Mode,
    connections: Vec<Option<Connection>>,
    free: Vec<usize>,
    /// Closed in this turn: their slots are not used again before all events of the turn are seen.
    gone: Vec<usize>,
    rooms: Vec<Room>,
    room_by_name: HashMap<u32, u32>,
    /// Rooms with something to send.
    dirty: Vec<u32>,
    /// The one read buffer: what is left of a connection's input is kept with it.
    input: Vec<u8>,
    frame: Vec<u8>,
}

impl Server {
    pub(crate) fn listen(port: u16, mode: Mode) -> Result<Self, Errno> {
        let listener =
            socket_with(AddressFamily::INET, SocketType::STREAM, SocketFlags::NONBLOCK | SocketFlags::CLOEXEC, None)?;
        sockopt::set_socket_reuseaddr(&listener, true)?;
        bind(&listener, &SocketAddrV4::new(Ipv4Addr::LOCALHOST, port))?;
        listen(&listener, BACKLOG)?;
        let epoll = epoll::create(CreateFlags::CLOEXEC)?;
        epoll::add(&epoll, &listener, EventData::new_u64(LISTENER), EventFlags::IN)?;
        Ok(Server {
            listener,
            epoll,
            mode,
            connections: Vec::new(),
            free: Vec::new(),
            gone: Vec::new(),
            rooms: Vec::new(),
            room_by_name: HashMap::new(),
            dirty: Vec::new(),
            input: vec![0; INPUT_BYTES],
            frame: Vec::new(),
        })
    }

    /// Runs until the kernel or the disk refuses something that it must not.
    pub(crate) fn run(mut self) -> std::io::Error {
        let mut events = Vec::with_capacity(EVENTS_PER_TURN);
        loop {
            if let Err(why) = self.turn(&mut events) {
                return why;
            }
        }
    }

    fn turn(&mut self, events: &mut Vec<epoll::Event>) -> std::io::Result<()> {
        events.clear();
        match epoll::wait(&self.epoll, rustix::buffer::spare_capacity(events), None) {
            Err(Errno::INTR) => return Ok(()),
            waited => waited?,
        };
        for event in events.iter() {
            let (slot, flags) = (event.data.u64(), event.flags);
            if slot == LISTENER {
                self.accept()?;
                continue;
            }
            if flags.contains(EventFlags::OUT) {
                self.write(slot as usize);
            }
            if flags.intersects(EventFlags::IN | EventFlags::HUP | EventFlags::ERR) {
                self.read(slot as usize);
            }
        }
        self.send_what_came_in()?;
        for slot in std::mem::take(&mut self.gone) {
            self.leave(slot);
        }
        Ok(())
    }

    fn accept(&mut self) -> Result<(), Errno> {
        loop {
            let socket = match accept_with(&self.listener, SocketFlags::NONBLOCK | SocketFlags::CLOEXEC) {
                Ok(socket) => socket,
                Err(Errno::AGAIN | Errno::INTR | Errno::CONNABORTED) => return Ok(()),
                Err(why) => return Err(why),
            };
            sockopt::set_tcp_nodelay(&socket, true)?;
            let slot = self.free.pop().unwrap_or_else(|| {
                self.connections.push(None);
                self.connections.len() - 1
            });
            epoll::add(&self.epoll, &socket, EventData::new_u64(slot as u64), EventFlags::IN)?;
            self.connections[slot] = Some(Connection::new(socket));
        }
    }

    /// Reads once and takes in every whole frame: whoever has more is ready again in the next turn.
    fn read(&mut self, slot: usize) {
        let Some(connection) = self.connections[slot].as_mut() else { return };
        let mut input = std::mem::take(&mut self.input);
        let kept = connection.partial.len();
        input[..kept].copy_from_slice(&connection.partial);
        connection.partial = Vec::new();
        let came = match recv(&connection.socket, &mut input[kept..], RecvFlags::DONTWAIT) {
            Ok((0, _)) => None,
            Ok((came, _)) => Some(kept + came),
            Err(Errno::AGAIN | Errno::INTR) => Some(kept),
            Err(_) => None,
        };
        match came.map(|until| self.take_in(slot, &mut input[..until])) {
            Some(Some(taken)) => {
                if let (Some(connection), Some(until)) = (self.connections[slot].as_mut(), came) {
                    connection.partial = input[taken..until].to_vec();
                }
            }
            _ => self.close(slot),
        }
        self.input = input;
    }

    /// How much of the input is dealt with; `None` when the connection is to be closed.
    fn take_in(&mut self, slot: usize, input: &mut [u8]) -> Option<usize> {
        let mut taken = 0;
        let room = match self.connections[slot].as_ref()?.room {
            Some(room) => room,
            None => match handshake::read(input) {
                Request::Partial => return Some(0),
                Request::Refused => return None,
                Request::Upgrade { room, answer, frames_from } => {
                    taken = frames_from;
                    self.give(slot, &answer);
                    self.join(slot, room)
                }
            },
        };
        loop {
            match frames::step(&mut input[taken..]) {
                Step::Partial => return Some(taken),
                Step::Refused => return None,
                Step::Frame { opcode: frames::CLOSE, .. } => {
                    self.give(slot, &[0x80 | frames::CLOSE, 0]);
                    return None;
                }
                Step::Frame { opcode: frames::PING, payload, taken: more } => {
                    let mut pong = Vec::new();
                    frames::append(&mut pong, frames::PONG, payload);
                    self.give(slot, &pong);
                    taken += more;
                }
                Step::Frame { opcode: frames::PONG, taken: more, .. } => taken += more,
                Step::Frame { opcode, payload, taken: more } => {
                    self.say(room, opcode, payload);
                    taken += more;
                }
            }
        }
    }

    fn join(&mut self, slot: usize, name: u32) -> u32 {
        let room = *self.room_by_name.entry(name).or_insert_with(|| {
            self.rooms.push(Room::default());
            (self.rooms.len() - 1) as u32
        });
        let members = &mut self.rooms[room as usize].members;
        if let Some(connection) = self.connections[slot].as_mut() {
            (connection.room, connection.place) = (Some(room), members.len() as u32);
            members.push(slot);
        }
        room
    }

    /// A message: out at once, or appended to what goes out at the end of the turn.
    fn say(&mut self, room: u32, opcode: u8, payload: &[u8]) {
        if let Mode::Send = self.mode {
            let mut frame = std::mem::take(&mut self.frame);
            frame.clear();
            frames::append(&mut frame, opcode, payload);
            self.give_all(room, &frame);
            self.frame = frame;
            return;
        }
        let out = &mut self.rooms[room as usize].out;
        let from = out.len();
        if from == 0 {
            self.dirty.push(room);
        }
        frames::append(out, opcode, payload);
        if let Mode::Durable(log) = &mut self.mode {
            log.append(&out[from..]);
        }
    }

    fn send_what_came_in(&mut self) -> std::io::Result<()> {
        if let Mode::Durable(log) = &mut self.mode {
            log.commit()?;
        }
        for room in std::mem::take(&mut self.dirty) {
            let mut out = std::mem::take(&mut self.rooms[room as usize].out);
            match self.mode {
                Mode::Uring(_) => self.give_all_by_uring(room, &out)?,
                _ => self.give_all(room, &out),
            }
            out.clear();
            self.rooms[room as usize].out = out;
        }
        Ok(())
    }

    fn give_all(&mut self, room: u32, bytes: &[u8]) {
        // By index: a member that turns out to be gone leaves the list at the end of the turn only.
        for at in 0..self.rooms[room as usize].members.len() {
            self.give(self.rooms[room as usize].members[at], bytes);
        }
    }

    fn give_all_by_uring(&mut self, room: u32, bytes: &[u8]) -> std::io::Result<()> {
        let mut after = Vec::new();
        for slots in self.rooms[room as usize].members.chunks(SENDS_PER_ENTER) {
            let (waiting, clear): (Vec<usize>, Vec<usize>) =
                slots.iter().partition(|slot| self.connections[**slot].as_ref().is_none_or(Connection::waits));
            let sockets: Vec<_> =
                clear.iter().flat_map(|slot| &self.connections[*slot]).map(|one| one.socket.as_fd()).collect();
            let mut answers = vec![Ok(0); sockets.len()];
            if let Mode::Uring(uring) = &mut self.mode {
                uring.send_all(&sockets, bytes, |index, taken| answers[index] = taken)?;
            }
            for (slot, taken) in clear.into_iter().zip(answers) {
                let connection = self.connections[slot].as_mut();
                after.extend(connection.map(|one| (slot, one.was_sent(bytes, taken))));
            }
            for slot in waiting {
                let connection = self.connections[slot].as_mut();
                after.extend(connection.map(|one| (slot, one.keep(bytes))));
            }
        }
        for (slot, after) in after {
            self.follow(slot, after);
        }
        Ok(())
    }

    fn give(&mut self, slot: usize, bytes: &[u8]) {
        if let Some(after) = self.connections[slot].as_mut().map(|connection| connection.give(bytes)) {
            self.follow(slot, after);
        }
    }

    fn write(&mut self, slot: usize) {
        let Some(connection) = self.connections[slot].as_mut() else { return };
        match connection.give_backlog() {
            After::Clear => self.watch(slot, EventFlags::IN),
            After::Gone => self.close(slot),
            After::BeganToWait | After::Waits => {}
        }
    }

    fn follow(&mut self, slot: usize, after: After) {
        match after {
            After::Clear | After::Waits => {}
            After::BeganToWait => self.watch(slot, EventFlags::IN | EventFlags::OUT),
            After::Gone => self.close(slot),
        }
    }

    fn watch(&mut self, slot: usize, flags: EventFlags) {
        let Some(connection) = &self.connections[slot] else { return };
        if epoll::modify(&self.epoll, &connection.socket, EventData::new_u64(slot as u64), flags).is_err() {
            self.close(slot);
        }
    }

    /// The room is left and the slot freed at the end of the turn.
    fn close(&mut self, slot: usize) {
        if !self.gone.contains(&slot) {
            self.gone.push(slot);
        }
    }

    fn leave(&mut self, slot: usize) {
        let Some(connection) = self.connections[slot].take() else { return };
        self.free.push(slot);
        let Some(room) = connection.room else { return };
        let members = &mut self.rooms[room as usize].members;
        members.swap_remove(connection.place as usize);
        // The last member has moved to the place that became free.
        if let Some(moved) = members.get(connection.place as usize).and_then(|slot| self.connections[*slot].as_mut()) {
            moved.place = connection.place;
        }
    }
}
