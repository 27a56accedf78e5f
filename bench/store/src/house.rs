//! A store in a folder of its own, filled from several senders at once as a busy house is.

use std::sync::Arc;

use anyhow::Result;
use futures_util::stream::{self, StreamExt as _, TryStreamExt as _};
use parlour_protocol::{ClientId, History, RoomId, Timestamp, User};
use parlour_store::{Append, Named, NewRoom, NewSession, Newcomer, Options, Pipeline, Store, Visitor, Way};
use tempfile::TempDir;

/// Writes under way at once: as many as the writer's queue takes with room to spare.
const UNDER_WAY: usize = 2_048;
/// What everybody says.
pub(crate) const TEXT: &str = "It was a bright cold day in April, and the clocks were striking thirteen. Winston Smith, his chin nuzzled into his breast.";

pub(crate) struct House {
    pub(crate) store: Arc<dyn Store>,
    pub(crate) folder: TempDir,
}

pub(crate) fn now() -> Timestamp {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
    Timestamp(i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
}

impl House {
    /// An empty one in a new folder beside `near`.
    pub(crate) fn new(near: &std::path::Path) -> Result<House> {
        let folder = tempfile::tempdir_in(near)?;
        let options = Options { folder: folder.path().to_owned() };
        let store = parlour_store::open(&options, Arc::new(|_| ()), Arc::new(|| ()))?;
        Ok(House { store, folder })
    }

    pub(crate) async fn person(&self, number: usize) -> Result<User> {
        let mut token = [0; 32];
        token[..8].copy_from_slice(&number.to_be_bytes());
        let name = format!("person {number}");
        let session = NewSession { token, visitor: Visitor::default(), device: String::new(), known: None };
        let name = Some(Named { skeleton: name.clone(), shown: name });
        Ok(self.store.enter(Way::Open, Newcomer { name, credentials: None, session }, now()).await?.user)
    }

    pub(crate) async fn room(&self, by: &User, name: String) -> Result<RoomId> {
        let new =
            NewRoom { name: name.clone(), skeleton: name, topic: String::new(), closed: false, history: History::All };
        Ok(self.store.create_room(by.clone(), new, now()).await?.room.id)
    }

    /// Says so many things in turn in the rooms given, each by its person.
    pub(crate) async fn say(&self, places: &[(RoomId, User)], count: usize) -> Result<()> {
        let said = (0..count).map(|number| self.store.append(message(&places[number % places.len()])));
        stream::iter(said).buffered(UNDER_WAY).try_for_each(|_| async { Ok(()) }).await?;
        Ok(())
    }
}

/// A message with an id of its own.
pub(crate) fn message((room, by): &(RoomId, User)) -> Append {
    Append {
        room: *room,
        actor: by.id,
        actor_name: by.name.clone(),
        client_id: ClientId(uuid::Uuid::now_v7()),
        text: TEXT.to_owned(),
        binary: false,
        answers: None,
        here: Arc::default(),
        files: vec![],
        now: now(),
        pipeline: Pipeline::default(),
    }
}
