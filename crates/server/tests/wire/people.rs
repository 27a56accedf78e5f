//! People who are inside: a session, a connection, and what they wait for.

use parlour_client::http::{self, Response};
use parlour_client::{Client, ClientError, Session};
use parlour_protocol::http::SignedIn;
use parlour_protocol::{
    Change, ClientId, Command, ErrorCode, Event, Hello, History, Notice, Refusal, Reply, RoomId, RoomState, Seq,
    ServerFrame, UserId, Welcome,
};
use serde_json::json;
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
    Command::Post { room: RoomId::LOBBY, client_id: fresh(), text: text.into(), answers: None, files: vec![] }
}

/// Makes a room.
pub(crate) async fn create(client: &mut Client, name: &str) -> RoomState {
    room_of(
        client
            .request(Command::CreateRoom {
                name: name.to_owned(),
                topic: String::new(),
                closed: false,
                history: History::All,
            })
            .await,
    )
}

/// Makes a closed room.
pub(crate) async fn create_closed(client: &mut Client, name: &str) -> RoomId {
    let command =
        Command::CreateRoom { name: name.to_owned(), topic: String::new(), closed: true, history: History::All };
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

/// The password of everybody who has one.
pub(crate) const PASSWORD: &str = "correct horse battery";

/// Asks something of the house as a browser without a session does.
pub(crate) async fn ask(house: &House, path: &str, body: &serde_json::Value) -> Response {
    http::post(house.address, &format!("/api/v1/{path}"), &body.to_string(), "").await.unwrap()
}

/// The session that an answer begins; panics when it begins none.
pub(crate) fn begun(house: &House, answer: &Response) -> Session {
    assert_eq!(answer.status, 201, "{}", answer.body);
    let cookies: Vec<&str> = answer
        .headers
        .lines()
        .filter_map(|line| line.split_once(':').filter(|(name, _)| name.eq_ignore_ascii_case("set-cookie")))
        .filter_map(|(_, cookie)| cookie.trim().split(';').next())
        .collect();
    let SignedIn { you } = serde_json::from_str(&answer.body).unwrap();
    Session { house: house.address, via: house.address, cookie: cookies.join("; "), you }
}

/// The owner of the house, by the link it printed.
pub(crate) async fn owner(house: &House) -> Session {
    let token = house.owner_link.clone().expect("the house has no owner yet");
    let body =
        json!({"token": token, "house_name": "The Red House", "name": "Olga", "handle": "olga", "password": PASSWORD});
    begun(house, &ask(house, "owner", &body).await)
}

/// Somebody with an account, made at the open door; the handle is the name in small letters.
pub(crate) async fn account(house: &House, name: &str) -> Session {
    let body = json!({"name": name, "handle": name.to_lowercase(), "password": PASSWORD});
    begun(house, &ask(house, "account", &body).await)
}

/// Signs in with a password.
pub(crate) async fn sign_in(house: &House, login: &str, password: &str) -> Response {
    ask(house, "sign-in/password", &json!({"login": login, "password": password})).await
}

/// An answer that says no: its status, its code, and the field it is about.
pub(crate) fn said_no(answer: &Response) -> (u16, String, Option<String>) {
    let problem: serde_json::Value = serde_json::from_str(&answer.body).unwrap();
    let word = |name: &str| problem[name].as_str().map(str::to_owned);
    (answer.status, word("code").unwrap(), word("field"))
}

/// The same, to be compared with words.
pub(crate) fn no(status: u16, code: &str, field: &str) -> (u16, String, Option<String>) {
    (status, code.to_owned(), Some(field.to_owned()).filter(|field| !field.is_empty()))
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

/// The next event like this.
pub(crate) async fn until(client: &mut Client, wanted: impl Fn(&Event) -> bool) -> Event {
    loop {
        let event = client.next_event().await.unwrap();
        if wanted(&event) {
            return event;
        }
    }
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
        let command =
            Command::Post { room, client_id: fresh(), text: number.to_string(), answers: None, files: vec![] };
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
