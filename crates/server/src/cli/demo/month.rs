//! Writes the demo house: its people, its rooms, and a month of talk, each message at its own time.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use anyhow::Context;
use parlour_engine::Token;
use parlour_engine::account::Handle;
use parlour_engine::name::{PersonName, RoomName};
use parlour_protocol::user::Door;
use parlour_protocol::{Answers, ClientId, FileId, History, RoomId, RoomKind, Seq, Timestamp, User};
use parlour_store::{
    Append, Appended, Credentials, Doer, Form, HouseChange, Later, MarkAs, Named, NewFile, NewRoom, NewSession,
    Newcomer, Pipeline, Rewrite, Store, Visitor, Way, WholeFile,
};
use uuid::Uuid;

use super::cast::{CAST, READINGS, TIDES, TOPICS};
use super::pictures;
use super::script::{self, MINUTE_MS, Room, Said};

/// The last thing was said so long before the house is opened.
const QUIET_MS: i64 = 20 * MINUTE_MS;
/// What was said within this time is new to the owner.
const NEW_MS: i64 = 26 * 60 * MINUTE_MS;
/// Messages handed to the store at once.
const AT_ONCE: usize = 256;
/// From one high water to the next, and how long it takes the water to fall.
const TIDE_MS: i64 = 745 * MINUTE_MS;

/// Makes the house in an empty folder.
///
/// # Errors
/// What the store says.
pub(super) async fn make(folder: &Path, readings: u32, now: Timestamp) -> anyhow::Result<()> {
    let options = parlour_store::Options { folder: folder.to_owned() };
    let store = parlour_store::open(&options, Arc::new(|_| {}), Arc::new(|| {}))?;
    let made = fill(store.as_ref(), readings, now).await;
    store.close();
    made
}

async fn fill(store: &dyn Store, readings: u32, now: Timestamp) -> anyhow::Result<()> {
    let rooms = script::read(include_str!("talk.txt")).map_err(|line| anyhow::anyhow!("talk.txt, line {line}"))?;
    let last_ms = rooms.iter().flat_map(|room| &room.said).map(|said| said.at_ms).max().unwrap_or_default();
    let mut house = House { store, began_ms: now.0 - QUIET_MS - last_ms, people: BTreeMap::new(), talk: Vec::new() };
    house.people().await?;
    for room in rooms {
        house.room(room).await?;
    }
    house.room(tides(last_ms)).await?;
    if readings > 0 {
        house.room(measured(readings, last_ms)).await?;
    }
    let old = house.speak().await?;
    house.read(&old).await
}

/// The house while it is made.
struct House<'a> {
    store: &'a dyn Store,
    /// The first moment of the script.
    began_ms: i64,
    people: BTreeMap<String, User>,
    talk: Vec<(RoomId, Said)>,
}

impl House<'_> {
    async fn people(&mut self) -> anyhow::Result<()> {
        let began = Timestamp(self.began_ms);
        self.store.begin("Parlour".to_owned(), Door::Open, true, Token::random().hash()).await?;
        for person in &CAST {
            let name = PersonName::parse(person.name)?;
            let handle = Handle::parse(person.handle)?;
            let handle = Named { shown: handle.as_str().to_owned(), skeleton: handle.skeleton() };
            let newcomer = Newcomer {
                name: Some(Named { shown: name.as_str().to_owned(), skeleton: name.skeleton() }),
                credentials: Some(Credentials { handle, email: None, password: None, passkey: None, identity: None }),
                session: NewSession {
                    token: Token::random().hash(),
                    visitor: Visitor::default(),
                    device: String::new(),
                    known: None,
                },
            };
            let user = self.store.enter(Way::Open, newcomer, began).await?.user;
            self.store.set_role(Doer::CommandLine, user.id, person.role, began).await?;
            self.people.insert(person.name.to_owned(), User { role: person.role, ..user });
        }
        let name = Some("Harbour House".to_owned());
        let change = HouseChange { name, door: Some(Door::Open), ..HouseChange::default() };
        self.store.set_house(Doer::CommandLine, change, began).await?;
        Ok(())
    }

    fn person(&self, name: &str) -> anyhow::Result<User> {
        self.people.get(name).cloned().with_context(|| format!("{name} speaks in talk.txt and is not in the cast"))
    }

    /// Makes a room, with those in it who speak there; in an open one everybody.
    async fn room(&mut self, room: Room) -> anyhow::Result<()> {
        let at = Timestamp(self.began_ms);
        let id = match room.kind {
            RoomKind::Lobby => RoomId::LOBBY,
            RoomKind::Direct => {
                let mut inside = Vec::new();
                for name in room.name.split(", ") {
                    inside.push(self.person(name)?);
                }
                let (by, others) = inside.split_first().context("a direct room of nobody")?;
                let others = others.iter().map(|user| user.id).collect();
                self.store.open_direct(by.clone(), others, at).await?.state.room.id
            }
            RoomKind::Open | RoomKind::Closed => self.room_of_many(&room, at).await?,
        };
        self.talk.extend(room.said.into_iter().map(|said| (id, said)));
        Ok(())
    }

    async fn room_of_many(&self, room: &Room, at: Timestamp) -> anyhow::Result<RoomId> {
        let by = self.person(room.said.first().map_or(CAST[0].name, |said| &said.by))?;
        let name = RoomName::parse(&room.name)?;
        let topic = TOPICS.iter().find(|(of, _)| *of == room.name).map_or("", |(_, topic)| topic);
        let closed = room.kind == RoomKind::Closed;
        let new = NewRoom {
            name: name.as_str().to_owned(),
            skeleton: name.skeleton(),
            topic: topic.to_owned(),
            closed,
            history: History::All,
        };
        let id = self.store.create_room(by.clone(), new, at).await?.room.id;
        for user in self.people.values().filter(|user| user.id != by.id) {
            let speaks = room.said.iter().any(|said| said.by == user.name);
            match closed {
                true if speaks => drop(self.store.add_member(id, by.clone(), user.id, at).await?),
                true => {}
                false => drop(self.store.join_room(id, user.clone(), at).await?),
            }
        }
        Ok(id)
    }

    /// Says everything in the order of its time, and returns how far each room was at the time from which all is new.
    async fn speak(&mut self) -> anyhow::Result<BTreeMap<RoomId, Seq>> {
        let mut talk = std::mem::take(&mut self.talk);
        talk.sort_by_key(|(_, said)| said.at_ms);
        let new_from = talk.last().map_or(0, |(_, said)| said.at_ms) - NEW_MS;
        let (mut written, mut said_so_far) = (Vec::new(), Spoken::default());
        for (room, said) in &talk {
            if said.is_reply || written.len() == AT_ONCE {
                said_so_far.settle(&mut written, new_from).await?;
            }
            let root = said_so_far.roots.get(room).copied().filter(|_| said.is_reply);
            written.push((said, self.store.append(self.message(*room, said, root).await?)));
            if said.has_consequences() {
                let seq = said_so_far.settle(&mut written, new_from).await?;
                self.draw_consequences(*room, seq, said).await?;
            }
        }
        said_so_far.settle(&mut written, new_from).await?;
        Ok(said_so_far.read)
    }

    async fn draw_consequences(&self, room: RoomId, seq: Seq, said: &Said) -> anyhow::Result<()> {
        let now = Timestamp(self.began_ms + said.at_ms + MINUTE_MS / 2);
        if let Some(text) = &said.edited {
            let edit = Rewrite { room, seq, text: text.clone(), here: Arc::default() };
            self.store.edit(self.person(&said.by)?, edit, now).await?;
        }
        for (emoji, who) in &said.reactions {
            for name in who {
                self.store.react((room, seq), self.person(name)?, emoji.clone(), true, now).await?;
            }
        }
        if let Some(by) = &said.pinned_by {
            self.store.pin(room, seq, self.person(by)?, true, now).await?;
        }
        Ok(())
    }

    /// Brings what a message carries, as whoever says it would.
    async fn files(&self, room: RoomId, by: &User, said: &Said) -> anyhow::Result<Vec<FileId>> {
        let Some(name) = &said.picture else { return Ok(Vec::new()) };
        let bytes = pictures::png(name).with_context(|| format!("there is no picture {name}"))?;
        let (id, at) = (FileId(Uuid::new_v4()), Timestamp(self.began_ms + said.at_ms));
        let new = NewFile { id, room, name: format!("{name}.png"), bytes: bytes.len() as u64 };
        self.store.begin_file(by.id, new, at).await?;
        let mut writer = self.store.blobs().write(id, Form::Whole, 0)?;
        writer.write_all(&bytes)?;
        let bytes = writer.finish()?;
        let whole = WholeFile { kind: "image/png".to_owned(), bytes, size: Some(pictures::size()), thumb: false };
        self.store.finish_file(by.id, id, whole, at).await?;
        Ok(vec![id])
    }

    async fn message(&self, room: RoomId, said: &Said, root: Option<Seq>) -> anyhow::Result<Append> {
        let by = self.person(&said.by)?;
        let files = self.files(room, &by, said).await?;
        Ok(Append {
            room,
            actor: by.id,
            actor_name: by.name,
            client_id: ClientId(Uuid::now_v7()),
            text: said.text.clone(),
            binary: false,
            files,
            answers: root.map(|thread| Answers { thread: Some(thread), ..Answers::default() }),
            here: Arc::default(),
            now: Timestamp(self.began_ms + said.at_ms),
            pipeline: Pipeline::default(),
        })
    }

    /// Everybody has read everything, but for the owner, to whom the last day is new.
    async fn read(&self, old: &BTreeMap<RoomId, Seq>) -> anyhow::Result<()> {
        let owner = self.person(CAST[0].name)?;
        for user in self.people.values() {
            for state in self.store.rooms_of(user.id).await? {
                let until = match user.id == owner.id {
                    true => old.get(&state.room.id).copied().unwrap_or(Seq(0)),
                    false => state.head,
                };
                self.store.mark_read(state.room.id, user.id, until).await?;
            }
            if user.id == owner.id {
                continue;
            }
            for thread in self.store.threads(user.id, None).await?.threads {
                let state = thread.state;
                self.store.mark_thread((state.room, state.thread), user.id, state.head, MarkAs::Read).await?;
            }
        }
        Ok(())
    }
}

/// What was said so far.
#[derive(Default)]
struct Spoken {
    /// How far each room was at the time from which all is new.
    read: BTreeMap<RoomId, Seq>,
    /// The last message of each room that is no reply.
    roots: BTreeMap<RoomId, Seq>,
}

impl Spoken {
    /// Waits for what is being written; the seq of the last of it.
    async fn settle(&mut self, written: &mut Vec<(&Said, Later<Appended>)>, new_from: i64) -> anyhow::Result<Seq> {
        let mut last = Seq::ZERO;
        for (said, appended) in written.drain(..) {
            let event = appended.await?.event;
            last = event.seq;
            if said.at_ms < new_from {
                self.read.insert(event.room, event.seq);
            }
            if !said.is_reply {
                self.roots.insert(event.room, event.seq);
            }
        }
        Ok(last)
    }
}

/// High and low water, told as they come.
fn tides(last_ms: i64) -> Room {
    let mut said = Vec::new();
    let mut at_ms = 5 * 60 * MINUTE_MS;
    while at_ms < last_ms {
        // Springs and neaps follow the moon: two of each in a month.
        let day = at_ms / (24 * 60 * MINUTE_MS);
        let spring = 7 - (day % 15 - 7).abs();
        let low_ms = at_ms + TIDE_MS / 2;
        let (high, low) = (26 + spring, 9 - spring);
        let clock = |ms: i64| format!("{:02}:{:02}", ms / MINUTE_MS / 60 % 24, ms / MINUTE_MS % 60);
        let metres = |tenths: i64| format!("{}.{} m", tenths / 10, tenths % 10);
        let text = format!(
            "High water {} ({}), low water {} ({}). {}",
            clock(at_ms),
            metres(high),
            clock(low_ms),
            metres(low),
            if spring > 5 { "**Spring tide**: keep off the rock." } else { "Rising and falling as it should." }
        );
        said.push(Said { at_ms, by: "Jonas".to_owned(), text, ..Said::default() });
        at_ms += 2 * TIDE_MS;
    }
    Room { kind: RoomKind::Open, name: TIDES.to_owned(), said }
}

/// As many messages as were asked for, evenly over the month.
fn measured(readings: u32, last_ms: i64) -> Room {
    let by = ["Beatriz", "Jonas", "Grace"];
    let step = (last_ms / (i64::from(readings) + 1)).max(1);
    let said = (0..i64::from(readings)).map(|number| {
        let (buoy, level) = (100 + number * 7 % 41, 5 + number * 13 % 29);
        let text = format!("Buoy {buoy}: {}.{} m, battery {} %", level / 10, level % 10, 60 + number * 3 % 40);
        let by = by[usize::try_from(number % 3).unwrap_or_default()];
        Said { at_ms: number * step, by: by.to_owned(), text, ..Said::default() }
    });
    Room { kind: RoomKind::Open, name: READINGS.to_owned(), said: said.collect() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::demo::script::DAYS;

    #[test]
    fn everyone_who_speaks_is_of_the_house_and_every_text_may_be_said() {
        let rooms = script::read(include_str!("talk.txt")).unwrap();
        for said in rooms.iter().flat_map(|room| &room.said) {
            assert!(CAST.iter().any(|person| person.name == said.by), "{said:?}");
            assert!(
                parlour_engine::Draft::parse(&said.text).is_ok_and(|draft| draft.as_str() == said.text),
                "{said:?}"
            );
            assert!(said.at_ms <= (DAYS + 1) * 24 * 60 * MINUTE_MS, "{said:?}");
        }
        let tides = tides(DAYS * 24 * 60 * MINUTE_MS);
        assert_eq!(tides.said.len(), 29);
        assert_eq!(measured(1_000, 30 * 24 * 60 * MINUTE_MS).said.len(), 1_000);
    }
}
