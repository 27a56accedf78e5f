//! A house with a million messages in it.

use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Result, bail};
use futures_util::stream::{self, StreamExt as _, TryStreamExt as _};
use parlour_domain::search::{Query, Zone};
use parlour_protocol::search::{SearchOrder, SearchPage};
use parlour_protocol::{ClientId, History, RoomId, Timestamp, User};
use parlour_store::{
    Append, Named, NewRoom, NewSession, Newcomer, Options, Pipeline, SearchFor, Store, StoreError, Visitor, Way,
};
use tempfile::TempDir;

use crate::talk::Talk;

/// Writes under way at once.
const UNDER_WAY: usize = 2_048;
/// The clock of the house begins here and goes on by a minute a message.
const BEGAN_MS: i64 = 1_700_000_000_000;

pub(crate) struct House {
    pub(crate) store: Arc<dyn Store>,
    pub(crate) folder: TempDir,
    pub(crate) reader: User,
}

impl House {
    /// Makes rooms, of which the reader is in all but the last, and says so many things in turn in them. How long it took to say
    /// them, and then until all of it could be found.
    pub(crate) async fn filled(
        near: &Path,
        talk: &Talk,
        rooms: usize,
        messages: usize,
    ) -> Result<(House, Duration, Duration)> {
        let folder = tempfile::tempdir_in(near)?;
        let options = Options { folder: folder.path().to_owned() };
        let store = parlour_store::open(&options, Arc::new(|_| ()), Arc::new(|| ()))?;
        let mut people = Vec::new();
        for number in 0..10 {
            people.push(person(&*store, number).await?);
        }
        let reader = people[0].clone();
        let mut places = Vec::new();
        for number in 0..rooms {
            let name = format!("room-{number}");
            let by = people[usize::from(number + 1 == rooms)].clone();
            let new = NewRoom {
                name: name.clone(),
                skeleton: name,
                topic: String::new(),
                closed: true,
                history: History::All,
            };
            let room = store.create_room(by.clone(), new, Timestamp(BEGAN_MS)).await?.room.id;
            for whom in people.iter().skip(usize::from(number + 1 == rooms)) {
                store.add_member(room, by.clone(), whom.id, Timestamp(BEGAN_MS)).await?;
            }
            places.push(room);
        }
        let house = House { store, folder, reader };
        let began = Instant::now();
        let said = (0..messages).map(|number| {
            // Never the reader, who is not in the last room.
            let by = &people[1 + number % 9];
            house.store.append(message(by, places[number % rooms], talk.message(number), number))
        });
        stream::iter(said).buffered(UNDER_WAY).try_for_each(|_| async { Ok(()) }).await?;
        let said = began.elapsed();
        let began = Instant::now();
        loop {
            match house.search("nothing-like-it", SearchOrder::Newest).await {
                Ok(page) if !page.behind => break,
                Ok(_) | Err(StoreError::Busy) => {}
                Err(error) => bail!(error),
            }
        }
        Ok((house, said, began.elapsed()))
    }

    pub(crate) async fn search(&self, typed: &str, order: SearchOrder) -> Result<SearchPage, StoreError> {
        let query = Query::parse(typed, Zone::default()).map_err(StoreError::Refused)?;
        self.store.search(SearchFor { asker: self.reader.id, query, room: None, order, before: None }).await
    }

    /// Bytes of a file of the house.
    pub(crate) fn bytes(&self, name: &str) -> u64 {
        std::fs::metadata(self.folder.path().join(name)).map_or(0, |metadata| metadata.len())
    }
}

async fn person(store: &dyn Store, number: u8) -> Result<User> {
    let name = format!("person {number}");
    let session = NewSession { token: [number; 32], visitor: Visitor::default(), device: String::new(), known: None };
    let name = Some(Named { skeleton: name.clone(), shown: name });
    let newcomer = Newcomer { name, credentials: None, session };
    Ok(store.enter(Way::Open, newcomer, Timestamp(BEGAN_MS)).await?.user)
}

fn message(by: &User, room: RoomId, text: String, number: usize) -> Append {
    Append {
        room,
        actor: by.id,
        actor_name: by.name.clone(),
        client_id: ClientId(uuid::Uuid::now_v7()),
        text,
        binary: false,
        answers: None,
        here: Arc::default(),
        files: vec![],
        now: Timestamp(BEGAN_MS + number as i64 * 60_000),
        pipeline: Pipeline::default(),
    }
}
