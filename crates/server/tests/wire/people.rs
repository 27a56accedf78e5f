//! People who are inside: a session, a connection, and what they wait for.

use parlour_client::{Client, ClientError, Session};
use parlour_protocol::{
    Change, ClientId, Command, ErrorCode, Event, Hello, Notice, Refusal, Reply, RoomId, RoomState, Seq, ServerFrame,
    UserId, Welcome,
};
use uuid::Uuid;

use crate::house::House;

/// Comes in by name.
pub(crate) async fn session(house: &House, name: &str) -> Session {
    Session::sign_in(house.address, name).await.unwrap()
}

/// Comes in by name and connects.
pub(crate) async fn enter(house: &House, name: &str) -> (Session, Client, Welcome) {
    let session = session(house, name).await;
    let (client, welcome) = connect(&session, Hello::default()).await;
    (session, client, welcome)
}

/// Connects with these cursors.
pub(crate) async fn connect(session: &Session, hello: Hello) -> (Client, Welcome) {
    Client::connect(session, hello).await.unwrap()
}

/// Connects with cursors of the house's present epoch.
pub(crate) async fn resume(session: &Session, cursors: &[(RoomId, Seq)]) -> (Client, Welcome) {
    let epoch = Client::connect(session, Hello::default()).await.unwrap().1.epoch;
    connect(session, Hello { epoch: Some(epoch), cursors: cursors.to_vec() }).await
}

/// An id for a message that was not said before.
pub(crate) fn fresh() -> ClientId {
    ClientId(Uuid::now_v7())
}

/// A message of the lobby with an id of its own.
pub(crate) fn post(text: impl Into<String>) -> Command {
    Command::Post { room: RoomId::LOBBY, client_id: fresh(), text: text.into() }
}

/// Makes a room.
pub(crate) async fn create(client: &mut Client, name: &str) -> RoomState {
    room_of(client.request(Command::CreateRoom { name: name.to_owned(), topic: String::new(), closed: false }).await)
}

/// Makes a closed room.
pub(crate) async fn create_closed(client: &mut Client, name: &str) -> RoomId {
    let command = Command::CreateRoom { name: name.to_owned(), topic: String::new(), closed: true };
    room_of(client.request(command).await).room.id
}

/// Finds or makes a direct room.
pub(crate) async fn direct(client: &mut Client, people: &[UserId]) -> RoomState {
    room_of(client.request(Command::OpenDirect { people: people.to_vec() }).await)
}

/// Makes somebody something else in the house, as the command line does: in the file.
pub(crate) fn promote(house: &House, who: &Session, role: &str) {
    let changed = house.database().execute("update user set role = ?2 where id = ?1", (who.you.id.0, role));
    assert_eq!(changed.unwrap(), 1);
}

/// Carries out a command that has nothing else to say.
pub(crate) async fn does(client: &mut Client, command: Command) {
    assert_eq!(client.request(command).await.unwrap(), Reply::Done);
}

/// Joins a room.
pub(crate) async fn join(client: &mut Client, room: RoomId) -> RoomState {
    room_of(client.request(Command::JoinRoom { room }).await)
}

fn room_of(answer: Result<Reply, ClientError>) -> RoomState {
    match answer {
        Ok(Reply::Room { state }) => state,
        other => panic!("not a room: {other:?}"),
    }
}

/// Asks for something that must be refused, and returns the refusal.
pub(crate) async fn refused(client: &mut Client, command: Command) -> Refusal {
    let said = format!("{command:?}").chars().take(200).collect::<String>();
    match client.request(command).await {
        Err(ClientError::Refused(refusal)) => refusal,
        other => panic!("{said} was not refused: {other:?}"),
    }
}

/// The code of [`refused`].
pub(crate) async fn refused_code(client: &mut Client, command: Command) -> ErrorCode {
    refused(client, command).await.code
}

/// What was said in the next message, whoever said it; other events on the way are an error.
pub(crate) async fn hears(client: &mut Client) -> String {
    match text_of(&client.next_event().await.unwrap()) {
        Some(text) => text.to_owned(),
        None => panic!("the next event is no message"),
    }
}

/// What a message says.
pub(crate) fn text_of(event: &Event) -> Option<&str> {
    match &event.change {
        Change::Message { text, .. } => Some(text),
        _ => None,
    }
}

/// The next so many events of any room.
pub(crate) async fn events(client: &mut Client, count: usize) -> Vec<Event> {
    let mut events = Vec::with_capacity(count);
    for _ in 0..count {
        events.push(client.next_event().await.unwrap());
    }
    events
}

/// The next notice; signals and events before it are dropped.
pub(crate) async fn notice(client: &mut Client) -> Notice {
    loop {
        if let ServerFrame::Notice { notice } = client.next().await.unwrap() {
            return notice;
        }
    }
}

/// The code a connection is closed with, whatever is said before.
pub(crate) async fn closed(client: &mut Client) -> Option<u16> {
    loop {
        match client.next().await {
            Ok(_) => {}
            Err(ClientError::Closed(code)) => return code,
            Err(error) => panic!("neither a frame nor a close: {error}"),
        }
    }
}

/// Says so many numbered messages in a room, without waiting for one before the next.
pub(crate) async fn say_many(client: &mut Client, room: RoomId, numbers: std::ops::RangeInclusive<u64>) {
    let mut refs = Vec::new();
    for number in numbers {
        let command = Command::Post { room, client_id: fresh(), text: number.to_string() };
        refs.push(client.send(command).await.unwrap());
        if refs.len() == 32 {
            for r#ref in refs.drain(..) {
                client.answer(r#ref).await.unwrap();
            }
        }
    }
    for r#ref in refs {
        client.answer(r#ref).await.unwrap();
    }
}
