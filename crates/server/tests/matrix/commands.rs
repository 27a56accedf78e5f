//! Every command.

use std::collections::BTreeSet;

use parlour_client::{Client, ClientError};
use parlour_engine::access::{self, Action, Right};
use parlour_protocol::{
    ClientFrame, ClientId, Command, Hello, History, NotifyLevel, PostBy, Refusal, Role, RoomId, RoomRole, Seq,
    ServerFrame, Signal, UserId,
};

use crate::cast::{ASKERS, Asker, Cast, PLACES, Place, facts};

const NOWHERE: RoomId = RoomId(987_654);

/// Every command about a room, such that only permission can stand in its way. `other` is somebody who is not in it.
fn about(room: RoomId, cast: &Cast, other: UserId, own: Seq) -> Vec<Command> {
    let (user, client_id, seq) = (cast.object, ClientId(uuid::Uuid::now_v7()), Seq(1));
    let name = format!("name-{}", cast.fresh());
    vec![
        Command::Post { room, client_id, text: "hello".to_owned(), answers: None, files: vec![] },
        Command::CatchUp { room, after: Seq(0) },
        Command::MarkRead { room, seq: Seq(1), thread: None },
        Command::MarkUnread { room, seq: Seq(1), thread: None },
        Command::Edit { room, seq: own, text: format!("edit-{}", cast.fresh()) },
        Command::RemoveCards { room, seq: own },
        Command::Delete { room, seq: own },
        Command::React { room, seq, emoji: "\u{1F44F}".to_owned() },
        Command::Unreact { room, seq, emoji: "\u{1F44F}".to_owned() },
        Command::Pin { room, seq },
        Command::Unpin { room, seq },
        Command::Save { room, seq },
        Command::Unsave { room, seq },
        Command::Follow { room, thread: seq },
        Command::Unfollow { room, thread: seq },
        Command::SetNotify { room, level: NotifyLevel::Mentions },
        Command::Count { room },
        Command::Typing { room },
        Command::RenameRoom { room, name, topic: String::new() },
        Command::ArchiveRoom { room },
        Command::RestoreRoom { room },
        Command::SetPosting { room, post_by: PostBy::Managers, slow_s: 7 },
        Command::SetHistory { room, history: History::SinceJoining },
        Command::JoinRoom { room },
        Command::LeaveRoom { room },
        Command::AddMember { room, user: other },
        Command::RemoveMember { room, user },
        Command::SetRoomRole { room, user, role: RoomRole::Manager },
        Command::Report { room, seq: Seq(1), note: String::new() },
    ]
}

/// Every command about no room.
fn elsewhere(cast: &Cast, other: UserId) -> Vec<Command> {
    vec![
        Command::Hello(Hello::default()),
        Command::Ping,
        Command::Away { away: true },
        Command::CreateRoom {
            name: format!("made-{}", cast.fresh()),
            topic: String::new(),
            closed: true,
            history: History::All,
        },
        Command::OpenDirect { people: vec![other] },
        Command::Block { user: other },
        Command::Unblock { user: other },
    ]
}

fn tag(command: &Command) -> String {
    serde_json::to_value(ClientFrame { r#ref: 1, command: command.clone() }).unwrap()["t"].as_str().unwrap().to_owned()
}

/// Every tag of the protocol, as it lists them itself to who says an unknown one.
fn all_tags() -> BTreeSet<String> {
    let said = serde_json::from_str::<Command>(r#"{"t":"no such command"}"#).unwrap_err().to_string();
    let (_, list) = said.split_once("expected one of ").unwrap();
    list.split('`').skip(1).step_by(2).map(str::to_owned).collect()
}

/// What comes of a command. To `typing` nothing is said of its own, but everyone present hears it, oneself too.
async fn outcome(client: &mut Client, command: Command) -> Result<(), Refusal> {
    let is_typing = matches!(command, Command::Typing { .. });
    let asked = client.send(command).await.unwrap();
    if is_typing {
        loop {
            match client.next().await.unwrap() {
                ServerFrame::Refusal { r#ref, refusal } if r#ref == asked => return Err(refusal),
                ServerFrame::Signal { signal: Signal::Typing { .. } } => return Ok(()),
                _ => {}
            }
        }
    }
    match client.answer(asked).await {
        Ok(_) => Ok(()),
        Err(ClientError::Refused(refusal)) => Err(refusal),
        Err(error) => panic!("{error}"),
    }
}

async fn ask(cast: &Cast, asker: Asker, place: Option<Place>, command: Command, faults: &mut Vec<String>) {
    let what = format!("{} by {asker:?} in {place:?}", tag(&command));
    let expected = access::check(access::of_command(&command), &facts(asker, place));
    // Taking up what is not archived changes nothing, and so does archiving it twice.
    let archived = place.is_some_and(|place| place.archived);
    let idle = matches!(command, Command::ArchiveRoom { .. }) == archived
        && matches!(command, Command::ArchiveRoom { .. } | Command::RestoreRoom { .. });
    let said_already = matches!(command, Command::Hello(_));
    let before = cast.acts();
    let (mut client, _) = Client::connect(&cast.session(asker), Hello::default()).await.unwrap();
    let found = outcome(&mut client, command).await;
    let acts = cast.acts() - before;
    let by_office = expected == Ok(Right::Office) && !idle;
    let found = if said_already { Ok(()) } else { found };
    if found != expected.clone().map(drop) || acts != u64::from(by_office) {
        faults.push(format!("{what}: {found:?} with {acts} acts, and the table says {expected:?}"));
    }
}

#[tokio::test]
async fn s33_every_command_by_everyone_in_every_kind_of_room_is_answered_as_the_table_says() {
    let cast = Cast::new().await;
    let mut asked = BTreeSet::new();
    let (mut faults, mut questions) = (Vec::new(), 0);
    for asker in ASKERS {
        if access::check(Action::Connect, &facts(asker, None)).is_err() {
            assert!(Client::open(&cast.session(asker)).await.is_err(), "{asker:?} opens a socket");
            continue;
        }
        for place in PLACES.map(Some).into_iter().chain([None]) {
            let count = about(NOWHERE, &cast, UserId(1), Seq(2)).len();
            for which in 0..count {
                let room = place.map_or(NOWHERE, |place| cast.room(asker, place));
                let command = about(room, &cast, cast.somebody(Role::Member), cast.own(asker, room)).swap_remove(which);
                asked.insert(tag(&command));
                ask(&cast, asker, place, command, &mut faults).await;
                questions += 1;
            }
        }
        for command in elsewhere(&cast, cast.somebody(Role::Member)) {
            asked.insert(tag(&command));
            ask(&cast, asker, None, command, &mut faults).await;
            questions += 1;
        }
    }
    assert!(faults.is_empty(), "{} of {questions} questions:\n{}", faults.len(), faults.join("\n"));
    assert_eq!(asked, all_tags(), "a command that is not asked about");
    assert!(questions > 1_300, "{questions} questions");
}
