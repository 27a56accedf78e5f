//! What every store must do (ENGINE C1 to C9 as docs/PROTOCOL.md numbers them), through its traits, on real files. A second
//! backend is held to the same tests.

// A panic is how a test reports, also from the functions it calls.
#![allow(clippy::unwrap_used)]

mod accounts;
mod backups;
mod files;
mod looking_through;
mod messages;
mod moderation;
mod people;
mod reads;
mod rooms;
mod searching;
mod unread;
mod uploads;

use std::sync::{Arc, Mutex};

use parlour_protocol::{ClientId, ErrorCode, Event, History, RoomId, RoomState, Timestamp, User};
use parlour_store::{
    Append, Committed, Credentials, Named, NewRoom, NewSession, Newcomer, Options, Pipeline, Store, StoreError,
    Visitor, Way,
};
use tempfile::TempDir;

/// A store in a folder of its own, and all it said on commit.
pub(crate) struct House {
    pub(crate) store: Arc<dyn Store>,
    pub(crate) folder: TempDir,
    pub(crate) committed: Arc<Mutex<Vec<Committed>>>,
}

/// A moment of the tests' clock, in milliseconds.
pub(crate) fn at(ms: i64) -> Timestamp {
    Timestamp(1_700_000_000_000 + ms)
}

pub(crate) fn an_id() -> ClientId {
    ClientId(uuid::Uuid::now_v7())
}

impl House {
    pub(crate) fn new() -> House {
        let folder = tempfile::tempdir().unwrap();
        let committed = Arc::default();
        let store = open(&folder, &committed);
        House { store, folder, committed }
    }

    /// Closes the store and opens it again.
    pub(crate) fn reopened(self) -> House {
        let House { store, folder, committed } = self;
        store.close();
        drop(store);
        let store = open(&folder, &committed);
        House { store, folder, committed }
    }

    /// Someone with a session; their token is made of their name.
    pub(crate) async fn person(&self, name: &str) -> User {
        comes(&*self.store, name, token(name), at(0)).await.unwrap()
    }

    /// The same with an account, whose password is kept as this.
    pub(crate) async fn account(&self, name: &str, password: &str) -> User {
        let named = Named { shown: name.to_owned(), skeleton: name.to_lowercase() };
        let password = Some(password.to_owned());
        let credentials = Credentials { handle: named.clone(), email: None, password, passkey: None, identity: None };
        let session =
            NewSession { token: token(name), visitor: Visitor::default(), device: String::new(), known: None };
        let newcomer = Newcomer { name: Some(named), credentials: Some(credentials), session };
        self.store.enter(Way::Open, newcomer, at(0)).await.unwrap().user
    }

    pub(crate) async fn room(&self, by: &User, name: &str) -> RoomState {
        let (by, name) = (by.clone(), name.to_owned());
        self.store.create_room(by, new_room(&name, false), at(0)).await.unwrap()
    }

    /// Says something and waits for it.
    pub(crate) async fn says(&self, by: &User, room: RoomId, text: &str) -> Result<Arc<Event>, StoreError> {
        self.store.append(message(by, room, text)).await.map(|appended| appended.event)
    }

    /// The database as any SQLite opens it.
    pub(crate) fn database(&self) -> rusqlite::Connection {
        rusqlite::Connection::open(self.folder.path().join("parlour.db")).unwrap()
    }
}

fn open(folder: &TempDir, committed: &Arc<Mutex<Vec<Committed>>>) -> Arc<dyn Store> {
    let heard = Arc::clone(committed);
    let options = Options { folder: folder.path().to_owned() };
    let on_commit = Arc::new(move |commit| heard.lock().unwrap().push(commit));
    parlour_store::open(&options, on_commit, Arc::new(|| ())).unwrap()
}

pub(crate) fn new_room(name: &str, closed: bool) -> NewRoom {
    NewRoom { name: name.to_owned(), skeleton: name.to_owned(), topic: String::new(), closed, history: History::All }
}

/// Comes in with a name alone, at the open door.
pub(crate) async fn comes(store: &dyn Store, name: &str, token: [u8; 32], now: Timestamp) -> Result<User, StoreError> {
    let name = Named { shown: name.to_owned(), skeleton: name.to_lowercase() };
    let session = NewSession { token, visitor: Visitor::default(), device: String::new(), known: None };
    let newcomer = Newcomer { name: Some(name), credentials: None, session };
    Ok(store.enter(Way::Open, newcomer, now).await?.user)
}

pub(crate) fn token(name: &str) -> [u8; 32] {
    let mut token = [0; 32];
    token[..name.len()].copy_from_slice(name.as_bytes());
    token
}

pub(crate) fn message(by: &User, room: RoomId, text: &str) -> Append {
    Append {
        room,
        actor: by.id,
        actor_name: by.name.clone(),
        client_id: an_id(),
        text: text.to_owned(),
        binary: false,
        answers: None,
        here: Arc::default(),
        files: vec![],
        now: at(0),
        pipeline: Pipeline::default(),
    }
}

/// The code of a refusal; panics on anything else.
pub(crate) fn refused<T: std::fmt::Debug>(result: Result<T, StoreError>) -> ErrorCode {
    match result {
        Err(StoreError::Refused(refusal)) => refusal.code,
        other => panic!("not refused: {other:?}"),
    }
}
