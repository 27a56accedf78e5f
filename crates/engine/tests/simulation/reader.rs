//! The model of a client: it keeps what it saw, resumes by cursor, and complains of anything it should not have been sent.

use std::collections::BTreeMap;
use std::sync::Arc;

use bytes::{Buf, Bytes, BytesMut};
use parlour_engine::hub::Key;
use parlour_protocol::command::Hello;
use parlour_protocol::{ClientId, Epoch, Event, Notice, Reply, RoomId, Seq, ServerFrame, UserId};

use crate::store::Store;

/// Frames in the simulation's wire: four bytes of length, then JSON.
pub(crate) fn wrap(payload: Bytes) -> Bytes {
    let mut frame = BytesMut::with_capacity(payload.len() + 4);
    frame.extend_from_slice(&u32::try_from(payload.len()).unwrap_or(u32::MAX).to_be_bytes());
    frame.extend_from_slice(&payload);
    frame.freeze()
}

pub(crate) struct Reader {
    pub(crate) user: UserId,
    /// The node it is connected to, and its connection there.
    pub(crate) at: Option<(usize, Key)>,
    pub(crate) epoch: Option<Epoch>,
    /// Everything it knows of each room, from seq 1.
    pub(crate) seen: BTreeMap<RoomId, Vec<Arc<Event>>>,
    /// What it said and had no answer to.
    pub(crate) unanswered: Vec<(RoomId, ClientId)>,
    /// Its `hello` was answered.
    welcomed: bool,
    received: BytesMut,
}

impl Reader {
    pub(crate) fn new(user: UserId) -> Reader {
        Reader {
            user,
            at: None,
            epoch: None,
            seen: BTreeMap::new(),
            unanswered: Vec::new(),
            welcomed: false,
            received: BytesMut::new(),
        }
    }

    pub(crate) fn hello(&self) -> Hello {
        let cursor = |(room, seen): (&RoomId, &Vec<Arc<Event>>)| (*room, Seq(seen.len() as u64));
        Hello { epoch: self.epoch.clone(), cursors: self.seen.iter().map(cursor).collect() }
    }

    /// The socket is gone, and with it what had not arrived whole.
    pub(crate) fn cut(&mut self) {
        self.at = None;
        self.welcomed = false;
        self.received.clear();
    }

    /// Takes bytes as they come, whole frames or not.
    pub(crate) fn receive(&mut self, bytes: &[u8], store: &Store) -> Result<(), String> {
        self.received.extend_from_slice(bytes);
        while let Some(length) = self.received.first_chunk::<4>().map(|length| u32::from_be_bytes(*length) as usize) {
            if self.received.len() < 4 + length {
                return Ok(());
            }
            self.received.advance(4);
            let payload = self.received.split_to(length);
            let frame = serde_json::from_slice(&payload).map_err(|error| format!("not a frame: {error}"))?;
            self.take(frame, store)?;
        }
        Ok(())
    }

    fn take(&mut self, frame: ServerFrame, store: &Store) -> Result<(), String> {
        if !self.welcomed && !matches!(frame, ServerFrame::Reply { reply: Reply::Welcome(_), .. }) {
            return Err(format!("user {} was told {frame:?} before its welcome", self.user));
        }
        match frame {
            ServerFrame::Reply { reply: Reply::Welcome(welcome), .. } => {
                if self.epoch.as_ref() != Some(&welcome.epoch) {
                    self.seen.clear();
                    self.epoch = Some(welcome.epoch);
                }
                self.welcomed = true;
                self.seen.retain(|room, _| welcome.rooms.iter().any(|state| state.room.id == *room));
                for state in &welcome.rooms {
                    let head = state.head;
                    self.seen.entry(state.room.id).or_insert_with(|| load(store, state.room.id, head));
                }
            }
            ServerFrame::Event(event) => return self.take_event(event, store),
            ServerFrame::Reset { room, head, .. } => {
                self.seen.insert(room, load(store, room, head));
            }
            ServerFrame::Notice { notice: Notice::RoomAdded { state } } => {
                let head = state.head;
                self.seen.entry(state.room.id).or_insert_with(|| load(store, state.room.id, head));
            }
            ServerFrame::Notice { notice: Notice::RoomRemoved { room } } => {
                self.seen.remove(&room);
            }
            _ => {}
        }
        Ok(())
    }

    fn take_event(&mut self, event: Event, store: &Store) -> Result<(), String> {
        let current = self.epoch.as_ref() == Some(&store.epoch());
        // In a life that has ended there is nothing to compare with; what counts is how it ends.
        if current && !store.may_see(event.room, self.user, event.seq) {
            return Err(format!("user {} was shown {} of room {} after the removal", self.user, event.seq, event.room));
        }
        let Some(seen) = self.seen.get_mut(&event.room) else {
            return Err(format!("user {} was shown {} of room {}, unheard of", self.user, event.seq, event.room));
        };
        let last = Seq(seen.len() as u64);
        // SYN-5: a client drops what it has, as after a hint that came late; what it may never see is a hole.
        if event.seq <= last
            && (!current || store.log(event.room).get(event.seq.0 as usize - 1).is_some_and(|stored| **stored == event))
        {
            return Ok(());
        }
        if event.seq != last.next() && !current {
            // Its history was read from a store that had lost the end of it.
            return Ok(());
        }
        if event.seq != last.next() {
            return Err(format!("user {} was shown {} of room {} after {last}", self.user, event.seq, event.room));
        }
        if current && store.log(event.room).get(seen.len()).is_none_or(|stored| **stored != event) {
            return Err(format!("user {} was shown another {} of room {}", self.user, event.seq, event.room));
        }
        seen.push(Arc::new(event));
        Ok(())
    }
}

/// Reads history as the HTTP edge gives it.
fn load(store: &Store, room: RoomId, head: Seq) -> Vec<Arc<Event>> {
    store.log(room).iter().take_while(|event| event.seq <= head).cloned().collect()
}
