//! People who talk until the house is gone, and what they were told meanwhile.

use std::collections::{HashMap, HashSet};
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use parlour_client::{Client, ClientError, Session};
use parlour_protocol::{Change, ClientId, Command, ErrorCode, Event, Hello, Reply, RoomId, Seq, ServerFrame};
use tokio::task::JoinHandle;

/// Messages one person sends before waiting for the first answer.
const IN_FLIGHT: usize = 8;
/// Between the waves of one person: about 500 messages a second of all of them together.
const PAUSE: Duration = Duration::from_millis(60);

/// What people outside were told, over all the lives of a house.
#[derive(Default)]
pub(crate) struct Told {
    /// Where an acknowledged message is.
    pub(crate) acknowledged: HashMap<ClientId, Seq>,
    /// What a reader was shown.
    pub(crate) seen: HashMap<Seq, ClientId>,
    /// How often a message was refused because the disk is full.
    pub(crate) full: usize,
}

/// Four people who talk and one who reads.
pub(crate) struct Load {
    sessions: Vec<Session>,
    pub(crate) told: Arc<Mutex<Told>>,
}

impl Load {
    pub(crate) async fn new(house: SocketAddr) -> Load {
        let mut sessions = Vec::new();
        for name in ["one", "two", "three", "four", "reader"] {
            sessions.push(Session::sign_in(house, name).await.unwrap());
        }
        Load { sessions, told: Arc::default() }
    }

    /// Everyone talks until the house is gone or [`Running::end`].
    pub(crate) fn begin(&self) -> Running {
        let (reader, writers) = self.sessions.split_last().unwrap();
        let mut tasks = vec![tokio::spawn(read(reader.clone(), Arc::clone(&self.told)))];
        tasks.extend(writers.iter().map(|session| tokio::spawn(talk(session.clone(), Arc::clone(&self.told)))));
        Running(tasks)
    }

    /// The lobby's whole log as the house has it.
    pub(crate) async fn log(&self) -> std::io::Result<Vec<Event>> {
        self.sessions[0].whole_log(RoomId::LOBBY).await
    }

    /// What is wrong between what people were told and what the house has; nothing when all is well.
    pub(crate) async fn wrongs(&self) -> Vec<String> {
        let log = match self.log().await {
            Ok(log) => log,
            Err(error) => return vec![format!("the log is not to be had, so the session is gone: {error}")],
        };
        let (mut wrongs, mut ids) = (Vec::new(), HashSet::new());
        for (index, event) in log.iter().enumerate() {
            if event.seq != Seq(index as u64 + 1) {
                wrongs.push(format!("a hole before {}", event.seq));
            }
            if let Some(id) = id_of(event)
                && !ids.insert(id)
            {
                wrongs.push(format!("{} is there twice", event.seq));
            }
            if index > 0 && event.at < log[index - 1].at {
                wrongs.push(format!("{} is earlier than the one before it", event.seq));
            }
        }
        let at = |seq: Seq| log.get(usize::try_from(seq.0).unwrap().wrapping_sub(1)).and_then(id_of);
        let told = self.told.lock().unwrap();
        let lost = told.acknowledged.iter().filter(|(id, seq)| at(**seq) != Some(**id));
        wrongs.extend(lost.map(|(_, seq)| format!("{seq} was acknowledged and is not there")));
        let unsaid = told.seen.iter().filter(|(seq, id)| at(**seq) != Some(**id));
        wrongs.extend(unsaid.map(|(seq, _)| format!("{seq} was seen and is not there")));
        wrongs
    }

    pub(crate) fn acknowledged(&self) -> usize {
        self.told.lock().unwrap().acknowledged.len()
    }

    pub(crate) fn refused_as_full(&self) -> usize {
        self.told.lock().unwrap().full
    }
}

/// People who are talking.
pub(crate) struct Running(Vec<JoinHandle<()>>);

impl Running {
    /// They stop; what was sent and not answered stays unsure.
    pub(crate) async fn end(self) {
        for task in self.0 {
            task.abort();
            let _ = task.await;
        }
    }
}

async fn talk(session: Session, told: Arc<Mutex<Told>>) {
    let Ok((mut client, _)) = Client::connect(&session, Hello::default()).await else { return };
    let mut unkept = Vec::new();
    while wave(&mut client, &mut unkept, &told).await.is_ok() {
        tokio::time::sleep(PAUSE).await;
    }
}

/// Sends what was refused again, in order and under its ids, and then something new.
async fn wave(client: &mut Client, unkept: &mut Vec<ClientId>, told: &Mutex<Told>) -> Result<(), ClientError> {
    unkept.resize_with(unkept.len().max(IN_FLIGHT), || ClientId(uuid::Uuid::now_v7()));
    let mut refs = Vec::new();
    for &client_id in unkept.iter() {
        let text = format!("something to be kept {}", client_id.0);
        refs.push(
            client.send(Command::Post { room: RoomId::LOBBY, client_id, text, answers: None, files: vec![] }).await?,
        );
    }
    for r#ref in refs {
        match client.answer(r#ref).await {
            Ok(Reply::Posted { client_id, seq, .. }) => {
                unkept.retain(|id| *id != client_id);
                told.lock().unwrap().acknowledged.insert(client_id, seq);
            }
            Ok(other) => panic!("not posted: {other:?}"),
            Err(ClientError::Refused(refusal)) => {
                assert!(refusal.code.may_retry(), "{refusal}");
                told.lock().unwrap().full += usize::from(refusal.code == ErrorCode::StoreFull);
            }
            Err(gone) => return Err(gone),
        }
    }
    Ok(())
}

async fn read(session: Session, told: Arc<Mutex<Told>>) {
    let Ok((mut client, _)) = Client::connect(&session, Hello::default()).await else { return };
    while let Ok(frame) = client.next().await {
        if let ServerFrame::Event(event) = frame
            && let Some(id) = id_of(&event)
        {
            told.lock().unwrap().seen.insert(event.seq, id);
        }
    }
}

fn id_of(event: &Event) -> Option<ClientId> {
    match &event.change {
        Change::Message { client_id, .. } => Some(*client_id),
        _ => None,
    }
}
