//! The model of a client: it keeps what it saw, resumes by cursor, and complains of anything it should not have been sent.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use bytes::{Buf, BytesMut};
use parlour_engine::hub::{Key, Pack, Wire};
use parlour_protocol::command::Hello;
use parlour_protocol::{Change, Epoch, Event, Notice, Reply, RoomId, RoomState, Seq, ServerFrame, UserId, Welcome};

use crate::sender::Sender;
use crate::store::{Life, Store, is_left_of};
use crate::story;
use crate::switches::ClientRemedies;

/// Frames in the simulation's wire: four bytes of length, then JSON.
pub(crate) fn wrap(buffer: &mut Vec<u8>, start: usize) {
    let length = u32::try_from(buffer.len() - start).unwrap_or(u32::MAX);
    buffer.splice(start..start, length.to_be_bytes());
}

/// The bit of a length that says that the frame is packed.
const PACKED: u32 = 1 << 31;

/// Packs every other frame, by its length: one byte longer and unreadable, so that no mistake goes unnoticed.
#[derive(Debug)]
pub(crate) struct Packer;

impl Pack for Packer {
    fn pack(&mut self, frame: &[u8], buffer: &mut Vec<u8>) {
        if !frame.len().is_multiple_of(2) {
            return buffer.extend_from_slice(frame);
        }
        let payload = &frame[4..];
        let length = u32::try_from(payload.len() + 1).unwrap_or(u32::MAX);
        buffer.extend_from_slice(&(length | PACKED).to_be_bytes());
        buffer.push(0);
        buffer.extend(payload.iter().map(|byte| !byte));
    }
}

/// What was packed so.
fn unpack(packed: &[u8]) -> Vec<u8> {
    packed.iter().skip(1).map(|byte| !byte).collect()
}

pub(crate) struct Reader {
    pub(crate) user: UserId,
    /// The node it is connected to, and its connection there.
    pub(crate) at: Option<(usize, Key)>,
    pub(crate) epoch: Option<Epoch>,
    /// Everything it knows of each room, from seq 1.
    pub(crate) seen: BTreeMap<RoomId, Vec<Arc<Event>>>,
    pub(crate) sender: Sender,
    /// Which frames its socket agreed to.
    pub(crate) wire: Wire,
    /// Goes by the letter of the protocol: lets go of what it has when it is told to, and not by looking at the welcome.
    by_letter: bool,
    /// What it has of another life and must be reset; a cursor of it is none.
    stale: BTreeSet<RoomId>,
    /// The newest state of each room that it was told of in this life, by its head.
    told: BTreeMap<RoomId, Seq>,
    /// Claims cursors that it never had, to be shown what it may not see.
    claims: bool,
    /// Its `hello` was answered.
    welcomed: bool,
    /// The epoch it came with, and for each room the highest cursor it came or caught up with.
    came_with: Option<Epoch>,
    asked: BTreeMap<RoomId, Seq>,
    /// Messages of whose deletion each node told it, in this life.
    deletions: BTreeSet<(usize, RoomId, Seq)>,
    received: BytesMut,
    remedies: ClientRemedies,
}

impl Reader {
    /// One that claims cursors which it never had.
    pub(crate) fn claiming(device: u64, user: UserId, remedies: ClientRemedies) -> Reader {
        Reader { claims: true, ..Reader::new(device, user, remedies) }
    }

    /// The device of a person; every other one goes by the letter, and the socket of every third takes packed frames.
    pub(crate) fn new(device: u64, user: UserId, remedies: ClientRemedies) -> Reader {
        Reader {
            user,
            at: None,
            epoch: None,
            seen: BTreeMap::new(),
            sender: Sender::new(device, remedies.sends_again_in_order),
            wire: if device.is_multiple_of(3) { Wire::Packed } else { Wire::Full },
            by_letter: device.is_multiple_of(2),
            stale: BTreeSet::new(),
            told: BTreeMap::new(),
            claims: false,
            welcomed: false,
            came_with: None,
            asked: BTreeMap::new(),
            deletions: BTreeSet::new(),
            received: BytesMut::new(),
            remedies,
        }
    }

    /// What it comes with. One that claims is at its last event or a little before it in every room.
    pub(crate) fn hello(&mut self, store: &Store, before: u64) -> Hello {
        let own = self.epoch.clone();
        let current = Some(store.epoch().clone());
        self.came_with = if self.remedies.resumes_with_its_epoch && !self.claims { own } else { current };
        self.asked = if self.claims {
            store.heads().into_iter().map(|(room, head)| (room, Seq(head.0.saturating_sub(before)))).collect()
        } else if self.remedies.resumes_by_cursor {
            self.seen.iter().map(|(room, seen)| (*room, Seq(seen.len() as u64))).collect()
        } else {
            BTreeMap::new()
        };
        Hello { epoch: self.came_with.clone(), cursors: self.asked.iter().map(|(room, seq)| (*room, *seq)).collect() }
    }

    /// The highest cursor it may come to ask for in a room.
    pub(crate) fn asks_up_to(&self, room: RoomId, store: &Store) -> u64 {
        if self.claims { store.head(room).0 + 2 } else { self.seen.get(&room).map_or(0, Vec::len) as u64 }
    }

    /// It asks for a room again after this seq (SYN-4).
    pub(crate) fn asks(&mut self, room: RoomId, after: Seq) {
        let asked = self.asked.entry(room).or_default();
        *asked = after.max(*asked);
    }

    /// Whether it ends equal to the store: one that claims has holes of its own making.
    pub(crate) fn is_honest(&self) -> bool {
        !self.claims
    }

    /// Whether it may send commands.
    pub(crate) fn is_welcomed(&self) -> bool {
        self.welcomed
    }

    /// The socket is gone, and with it what had not arrived whole.
    pub(crate) fn cut(&mut self) {
        self.at = None;
        self.welcomed = false;
        for room in std::mem::take(&mut self.stale) {
            self.seen.remove(&room);
        }
        self.received.clear();
    }

    /// Takes bytes as they come, whole frames or not.
    pub(crate) fn receive(&mut self, bytes: &[u8], store: &Store) -> Result<(), String> {
        self.received.extend_from_slice(bytes);
        while let Some(head) = self.received.first_chunk::<4>().map(|head| u32::from_be_bytes(*head)) {
            let (is_packed, length) = (head & PACKED != 0, (head & !PACKED) as usize);
            if self.received.len() < 4 + length {
                return Ok(());
            }
            self.received.advance(4);
            let mut payload = self.received.split_to(length).to_vec();
            if is_packed && self.wire != Wire::Packed {
                return Err(format!("user {} was sent a packed frame, which was not agreed to", self.user));
            }
            if is_packed {
                payload = unpack(&payload);
            }
            let frame = serde_json::from_slice(&payload).map_err(|error| format!("not a frame: {error}"))?;
            self.take(frame, store)?;
        }
        Ok(())
    }

    fn take(&mut self, frame: ServerFrame, store: &Store) -> Result<(), String> {
        story::tell(|| format!("  user {} at {:?} hears {frame:?}", self.user, self.at));
        if !self.welcomed && !matches!(frame, ServerFrame::Reply { reply: Reply::Welcome(_), .. }) {
            return Err(format!("user {} was told {frame:?} before its welcome", self.user));
        }
        match frame {
            ServerFrame::Reply { reply: Reply::Welcome(welcome), .. } => self.take_welcome(welcome, store)?,
            ServerFrame::Event(event) => self.take_event(event, self.life(store)?)?,
            ServerFrame::Reset { room, head, .. } => self.take_reset(room, head, self.life(store)?)?,
            ServerFrame::Notice { notice: Notice::RoomAdded { state } }
            | ServerFrame::Reply { reply: Reply::Room { state }, .. } => self.take_room(&state, self.life(store)?),
            ServerFrame::Notice { notice: Notice::RoomRemoved { room } } => {
                self.take_removal(room, self.life(store)?)?;
            }
            _ => {}
        }
        Ok(())
    }

    /// The life of the store that it lives in, which may have ended.
    fn life<'a>(&self, store: &'a Store) -> Result<&'a Life, String> {
        let life = self.epoch.as_ref().and_then(|epoch| store.life_of(epoch));
        life.ok_or_else(|| format!("user {} lives in {:?}, which never was", self.user, self.epoch))
    }

    fn take_welcome(&mut self, welcome: Welcome, store: &Store) -> Result<(), String> {
        let is_other_life = self.epoch.as_ref() != Some(&welcome.epoch);
        if is_other_life {
            self.told.clear();
            self.deletions.clear();
        }
        if self.by_letter && is_other_life {
            self.stale = self.seen.keys().copied().collect();
        } else if is_other_life {
            self.seen.clear();
        }
        if !self.by_letter {
            self.seen.retain(|room, _| welcome.rooms.iter().any(|state| state.room.id == *room));
        }
        self.epoch = Some(welcome.epoch);
        self.welcomed = true;
        let life = self.life(store)?;
        for state in &welcome.rooms {
            self.take_room(state, life);
        }
        Ok(())
    }

    fn take_room(&mut self, state: &RoomState, life: &Life) {
        let told = self.told.entry(state.room.id).or_default();
        *told = state.head.max(*told);
        self.seen.entry(state.room.id).or_insert_with(|| load(life, state.room.id, state.head));
    }

    /// Nobody is shown out of a room they did not leave after what they were told of it (ROOM-4).
    fn take_removal(&mut self, room: RoomId, life: &Life) -> Result<(), String> {
        self.seen.remove(&room);
        match self.told.remove(&room) {
            Some(told) if !life.left_after(room, self.user, told) => {
                Err(format!("user {} was shown out of room {room}, told of at {told} and not left since", self.user))
            }
            _ => Ok(()),
        }
    }

    /// A reset is said of a cursor of another life or above what the node has, and of no other: nothing here is too far
    /// back (SYN-2).
    fn take_reset(&mut self, room: RoomId, head: Seq, life: &Life) -> Result<(), String> {
        let is_above = self.asked.get(&room).is_some_and(|asked| *asked > head);
        if self.came_with == self.epoch && !is_above {
            let asked = self.asked.get(&room);
            return Err(format!("user {} was reset to {head} of room {room}, having asked {asked:?}", self.user));
        }
        self.stale.remove(&room);
        match self.seen.get_mut(&room) {
            Some(seen) => *seen = load(life, room, head),
            None => return Err(format!("user {} was reset in room {room}, unheard of", self.user)),
        }
        Ok(())
    }

    fn take_event(&mut self, event: Event, life: &Life) -> Result<(), String> {
        let Event { room, seq, .. } = event;
        if !life.may_see(room, self.user, seq) {
            return Err(format!("user {} was shown {seq} of room {room} after the removal", self.user));
        }
        let Some(stored) = life.log(room).get(seq.0 as usize - 1).filter(|stored| is_left_of(stored, &event)) else {
            return Err(format!("user {} was shown another {seq} of room {room}", self.user));
        };
        // S105: what was deleted may be shown by a node that has not told of the deletion yet, to which it may have to come first, and by
        // no other.
        let node = self.at.map_or(usize::MAX, |(node, _)| node);
        let message = match event.change {
            Change::Edited { target, .. } | Change::Carded { target, .. } => target,
            _ => seq,
        };
        if **stored != event && self.deletions.contains(&(node, room, message)) {
            return Err(format!("user {} was shown the words of {seq} of room {room} after their deletion", self.user));
        }
        if let Change::Deleted { target } = event.change {
            self.deletions.insert((node, room, target));
        }
        let Some(seen) = self.seen.get_mut(&room) else {
            return Err(format!("user {} was shown {seq} of room {room}, unheard of", self.user));
        };
        let last = Seq(seen.len() as u64);
        // SYN-5: a client drops what it has, as after a hint that came late; what it may never see is a hole.
        let has_it = seq <= last && self.remedies.drops_what_it_has;
        if seq > last.next() && !self.claims {
            return Err(format!("user {} was shown {seq} of room {room} after {last}", self.user));
        }
        if !has_it && !self.claims {
            // The store's own copy: the same, and one less to keep.
            seen.push(Arc::clone(stored));
        }
        Ok(())
    }
}

/// Reads history as the HTTP edge gives it.
fn load(life: &Life, room: RoomId, head: Seq) -> Vec<Arc<Event>> {
    life.log(room).iter().take_while(|event| event.seq <= head).cloned().collect()
}
