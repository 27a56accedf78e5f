//! What comes of a message (TALK-1 to TALK-9): edited, deleted, quoted, reacted to, pinned, saved; and what nobody may (S44 to S46,
//! S105).

use parlour_client::{Client, Session};
use parlour_protocol::http::{Edits, HistoryPage, MessageList};
use parlour_protocol::{
    Answers, Change, Command, ErrorCode, Event, Hello, History, Notice, Reply, Role, RoomId, Seq, ServerFrame,
    Timestamp,
};
use serde::de::DeserializeOwned;

use crate::house::House;
use crate::people::{connect, create, create_closed, direct, does, enter, fresh, join, promote, refused_code, resume};

const LOBBY: RoomId = RoomId::LOBBY;
const CLAP: &str = "👏";

/// What a path of the room's own answers.
pub(crate) async fn read<T: DeserializeOwned>(session: &Session, path: &str) -> T {
    let answer = session.get(&format!("/api/v1/{path}")).await.unwrap();
    assert_eq!(answer.status, 200, "{path}: {}", answer.body);
    serde_json::from_str(&answer.body).unwrap()
}

/// Says something that answers something; its seq.
pub(crate) async fn answer(client: &mut Client, room: RoomId, text: &str, answers: Answers) -> Seq {
    answer_at(client, room, text, answers).await.0
}

/// The same, with when it was stored.
pub(crate) async fn answer_at(client: &mut Client, room: RoomId, text: &str, answers: Answers) -> (Seq, Timestamp) {
    let command =
        Command::Post { room, client_id: fresh(), text: text.to_owned(), answers: Some(answers), files: vec![] };
    match client.request(command).await.unwrap() {
        Reply::Posted { seq, at, .. } => (seq, at),
        other => panic!("not posted: {other:?}"),
    }
}

fn edit(room: RoomId, seq: Seq, text: &str) -> Command {
    Command::Edit { room, seq, text: text.to_owned() }
}

fn react(room: RoomId, seq: Seq, emoji: &str) -> Command {
    Command::React { room, seq, emoji: emoji.to_owned() }
}

fn quoting(seq: Seq) -> Answers {
    Answers { quote: Some(seq), ..Answers::default() }
}

/// The next notice of a kind.
pub(crate) async fn noticed(client: &mut Client, wanted: impl Fn(&Notice) -> bool) -> Notice {
    loop {
        if let ServerFrame::Notice { notice } = client.next().await.unwrap()
            && wanted(&notice)
        {
            return notice;
        }
    }
}

/// The next event that is no message.
async fn next_change(client: &mut Client) -> Event {
    loop {
        let event = client.next_event().await.unwrap();
        if !matches!(event.change, Change::Message { .. } | Change::MemberJoined | Change::MemberAdded { .. }) {
            return event;
        }
    }
}

/// A message of a page.
fn said(page: &HistoryPage, seq: Seq) -> &Change {
    &page.events.iter().find(|event| event.seq == seq).expect("it is in the page").change
}

#[tokio::test]
async fn talk_1_an_edit_is_an_event_and_the_message_says_the_new_words_from_then_on() {
    let house = House::start();
    let (_, mut ada, _) = enter(&house, "Ada").await;
    let (bob, mut bob_client, _) = enter(&house, "Bob").await;
    let seq = ada.post(LOBBY, "teh first").await.unwrap();
    does(&mut ada, edit(LOBBY, seq, "**the** first")).await;
    let event = next_change(&mut bob_client).await;
    let Change::Edited { target, text, tree, mentions } = &event.change else { panic!("{event:?}") };
    assert_eq!((*target, text.as_deref(), mentions.len(), event.seq), (seq, Some("**the** first"), 0, seq.next()));
    assert!(tree.is_some() && event.by.name == "Ada");
    let page = bob.history(LOBBY, "").await.unwrap();
    let Change::Message { text, tree, edited, .. } = said(&page, seq) else { panic!("{page:?}") };
    let edited = edited.expect("it was edited");
    assert_eq!((text.as_str(), tree.is_some(), edited.seq, edited.at), ("**the** first", true, event.seq, event.at));
    // The same words again are no event; who resumes is shown the message, as it was or as it is by now, and the edit.
    does(&mut ada, edit(LOBBY, seq, "**the** first")).await;
    assert_eq!(bob.history(LOBBY, "").await.unwrap().head, event.seq);
    let (mut again, _) = resume(&bob, &[(LOBBY, Seq(seq.0 - 1))]).await;
    let first = again.next_event().await.unwrap();
    assert!(matches!(&first.change, Change::Message { .. }) && first.seq == seq, "{first:?}");
    assert_eq!(again.next_event().await.unwrap(), event);
}

#[tokio::test]
async fn s45_nobody_edits_or_deletes_what_is_not_theirs_not_there_or_deleted() {
    let house = House::start();
    let (_, mut ada, _) = enter(&house, "Ada").await;
    let (_, mut bob, _) = enter(&house, "Bob").await;
    let seq = ada.post(LOBBY, "mine").await.unwrap();
    let renamed = create(&mut ada, "tea").await.room.id;
    assert_eq!(refused_code(&mut bob, edit(LOBBY, seq, "yours")).await, ErrorCode::Forbidden);
    assert_eq!(refused_code(&mut bob, Command::Delete { room: LOBBY, seq }).await, ErrorCode::Forbidden);
    // A seq of another room, one that is no message, one that never was.
    for (room, seq) in [(renamed, Seq(1)), (renamed, Seq(7)), (LOBBY, Seq(999)), (LOBBY, Seq(0))] {
        for command in [
            edit(room, seq, "x"),
            Command::Delete { room, seq },
            react(room, seq, CLAP),
            Command::Save { room, seq },
            Command::Follow { room, thread: seq },
        ] {
            assert_eq!(refused_code(&mut ada, command.clone()).await, ErrorCode::NotFound, "{command:?}");
        }
    }
    does(&mut ada, Command::Delete { room: LOBBY, seq }).await;
    for command in [edit(LOBBY, seq, "back"), Command::Delete { room: LOBBY, seq }, react(LOBBY, seq, CLAP)] {
        assert_eq!(refused_code(&mut ada, command.clone()).await, ErrorCode::NotFound, "{command:?}");
    }
    for (text, code) in [("", ErrorCode::Empty), ("a\u{7}", ErrorCode::BadText)] {
        let seq = ada.post(LOBBY, "another").await.unwrap();
        assert_eq!(refused_code(&mut ada, edit(LOBBY, seq, text)).await, code);
    }
}

#[tokio::test]
async fn talk_1_who_may_not_speak_any_more_does_not_edit_either() {
    let house = House::start();
    let (_, mut ada, _) = enter(&house, "Ada").await;
    let (_, mut bob, _) = enter(&house, "Bob").await;
    let room = create(&mut ada, "news").await.room.id;
    join(&mut bob, room).await;
    let seq = bob.post(room, "before").await.unwrap();
    let post_by = parlour_protocol::PostBy::Managers;
    does(&mut ada, Command::SetPosting { room, post_by, slow_s: 0 }).await;
    assert_eq!(refused_code(&mut bob, edit(room, seq, "after")).await, ErrorCode::Forbidden);
    does(&mut bob, react(room, seq, CLAP)).await;
}

#[tokio::test]
async fn talk_2_what_a_message_said_before_is_readable_by_those_who_may_read_it_and_by_nobody_else() {
    let house = House::start();
    let (_, mut ada, _) = enter(&house, "Ada").await;
    let (bob, mut bob_client, _) = enter(&house, "Bob").await;
    let room = create_closed(&mut ada, "cellar").await;
    let seq = ada.post(room, "one").await.unwrap();
    for text in ["two", "three"] {
        does(&mut ada, edit(room, seq, text)).await;
    }
    let path = format!("/api/v1/rooms/{room}/messages/{seq}/edits");
    assert_eq!(bob.get(&path).await.unwrap().status, 404);
    does(&mut ada, Command::AddMember { room, user: bob.you.id }).await;
    let edits: Edits = read(&bob, &format!("rooms/{room}/messages/{seq}/edits")).await;
    let texts: Vec<&str> = edits.edits.iter().map(|edit| edit.text.as_str()).collect();
    assert_eq!((texts, edits.edits[0].seq), (vec!["one", "two", "three"], seq));
    assert_eq!(refused_code(&mut bob_client, edit(room, seq, "four")).await, ErrorCode::Forbidden);
    house
        .database()
        .execute_batch(&format!(
            "with recursive n(i) as (select 1 union all select i + 1 from n where i < 98)
         insert into event (room, seq, kind, actor, actor_name, mseq, rev, at, body, target)
         select {room}, 1000 + i, 'edited', 1, 'Ada', 0, 1000 + i, 0, 'x', {seq} from n"
        ))
        .unwrap();
    assert_eq!(refused_code(&mut ada, edit(room, seq, "one too many")).await, ErrorCode::TooMany);
}

#[tokio::test]
async fn talk_3_who_looks_after_a_room_deletes_what_others_said_and_by_office_it_is_one_row_of_the_log_of_acts() {
    let house = House::start();
    let (_, mut ada, _) = enter(&house, "Ada").await;
    let (_, mut bob, _) = enter(&house, "Bob").await;
    let (eve, mut eve_client, _) = enter(&house, "Eve").await;
    let room = create(&mut ada, "news").await.room.id;
    for client in [&mut bob, &mut eve_client] {
        join(client, room).await;
    }
    let acts = || -> Vec<(String, String)> {
        let database = house.database();
        let mut rows = database.prepare("select act, whom_name from admin_act order by id").unwrap();
        rows.query_map([], |row| Ok((row.get(0)?, row.get(1)?))).unwrap().map(Result::unwrap).collect()
    };
    let seq = bob.post(room, "one").await.unwrap();
    assert_eq!(refused_code(&mut eve_client, Command::Delete { room, seq }).await, ErrorCode::Forbidden);
    does(&mut ada, Command::Delete { room, seq }).await;
    assert_eq!(acts(), []);
    let event = next_change(&mut bob).await;
    assert_eq!((event.by.name.as_str(), &event.change), ("Ada", &Change::Deleted { target: seq }));
    let seq = bob.post(room, "two").await.unwrap();
    promote(&house, &eve, "administrator");
    let (mut eve_client, _) = connect(&eve, Hello::default()).await;
    does(&mut eve_client, Command::Delete { room, seq }).await;
    assert_eq!(acts(), [("delete_message".to_owned(), "Bob".to_owned())]);
    let page = eve.history(room, "").await.unwrap();
    let Change::Message { text, deleted: Some(deleted), .. } = said(&page, seq) else { panic!("{page:?}") };
    assert_eq!((text.as_str(), deleted.by.name.as_str()), ("", "Eve"));
    // In a closed room it is its managers' alone, and in a direct one nobody's.
    let closed = create_closed(&mut ada, "cellar").await;
    does(&mut ada, Command::AddMember { room: closed, user: eve.you.id }).await;
    let seq = ada.post(closed, "three").await.unwrap();
    assert_eq!(refused_code(&mut eve_client, Command::Delete { room: closed, seq }).await, ErrorCode::Forbidden);
    let talk = direct(&mut ada, &[eve.you.id]).await.room.id;
    let seq = ada.post(talk, "four").await.unwrap();
    assert_eq!(refused_code(&mut eve_client, Command::Delete { room: talk, seq }).await, ErrorCode::Forbidden);
}

#[tokio::test]
async fn s105_deleted_words_are_gone_from_the_log_from_edits_from_resuming_and_from_the_file() {
    let mut house = House::start();
    let (ada_session, mut ada, _) = enter(&house, "Ada").await;
    let (bob, mut bob_client, _) = enter(&house, "Bob").await;
    let seq = ada.post(LOBBY, "canary-one").await.unwrap();
    does(&mut ada, edit(LOBBY, seq, "canary-two")).await;
    does(&mut bob_client, react(LOBBY, seq, CLAP)).await;
    does(&mut bob_client, Command::Save { room: LOBBY, seq }).await;
    does(&mut bob_client, Command::Report { room: LOBBY, seq, note: String::new() }).await;
    let quote = answer(&mut ada, LOBBY, "as I said", quoting(seq)).await;
    let page: HistoryPage = read(&bob, &format!("rooms/1/history?after={}", quote.0 - 1)).await;
    assert_eq!(page.quoted.len(), 1, "it is quoted while it is there");
    does(&mut ada, Command::Delete { room: LOBBY, seq }).await;
    // The hub's ring held all of it a moment ago; a reader who comes back by cursor is fed from there.
    let (mut again, _) = resume(&bob, &[(LOBBY, Seq(seq.0 - 1))]).await;
    let mut kinds = Vec::new();
    for _ in 0..5 {
        let event = again.next_event().await.unwrap();
        let words = serde_json::to_string(&event).unwrap();
        assert!(!words.contains("canary"), "{words}");
        kinds.push(serde_json::to_value(&event.change).unwrap()["kind"].as_str().unwrap().to_owned());
    }
    assert_eq!(kinds, ["message", "edited", "reacted", "message", "deleted"]);
    for path in [
        "rooms/1/history".to_owned(),
        format!("rooms/1/messages?seqs={seq}"),
        "saved".to_owned(),
        "rooms/1/unread".to_owned(),
    ] {
        let words = bob.get(&format!("/api/v1/{path}")).await.unwrap().body;
        assert!(!words.contains("canary"), "{path}: {words}");
    }
    let page: HistoryPage = read(&bob, &format!("rooms/1/history?after={}", quote.0 - 1)).await;
    assert_eq!((page.quoted.len(), page.states.len()), (0, 0), "nothing hangs on it any more");
    assert_eq!(ada_session.get(&format!("/api/v1/rooms/1/messages/{seq}/edits")).await.unwrap().status, 404);
    // Whoever settles the report needs the words; then they are gone from there too.
    let held = |sql: &str| -> u64 { house.database().query_row(sql, [], |row| row.get(0)).unwrap() };
    let words = "select count(*) from report where body = 'canary-two'";
    assert_eq!(held(words), 1);
    promote(&house, &ada_session, "owner");
    assert_eq!(ada_session.post("/api/v1/admin/reports/1/settle", "{}").await.unwrap().status, 204);
    assert_eq!(held(words), 0);
    assert_eq!(held("select count(*) from event where body like '%canary%'"), 0);
    house.terminate();
    let file = std::fs::read(house.folder().join("parlour.db")).unwrap();
    assert!(!file.windows(6).any(|bytes| bytes == b"canary"), "the words are in the file");
}

#[tokio::test]
async fn s46_talk_4_a_quote_is_a_seq_of_the_same_room_that_the_writer_may_see_and_each_reader_sees_what_they_may() {
    let house = House::start();
    let (ada_session, mut ada, _) = enter(&house, "Ada").await;
    let (bob, mut bob_client, _) = enter(&house, "Bob").await;
    let secret = create_closed(&mut ada, "cellar").await;
    ada.post(secret, "canary").await.unwrap();
    let (name, topic, history) = ("attic".to_owned(), String::new(), History::SinceJoining);
    let made = ada.request(Command::CreateRoom { name, topic, closed: true, history }).await.unwrap();
    let Reply::Room { state } = made else { panic!("{made:?}") };
    let room = state.room.id;
    let before = ada.post(room, "canary before").await.unwrap();
    does(&mut ada, Command::AddMember { room, user: bob.you.id }).await;
    let seq = answer(&mut ada, room, "as I said", quoting(before)).await;
    let post = |room, seq| Command::Post {
        room,
        client_id: fresh(),
        text: "x".to_owned(),
        answers: Some(quoting(seq)),
        files: vec![],
    };
    for seq in [before, Seq(1), Seq(999)] {
        assert_eq!(refused_code(&mut bob_client, post(room, seq)).await, ErrorCode::NotFound, "{seq}");
    }
    let mine: HistoryPage = read(&ada_session, &format!("rooms/{room}/history?after={}", seq.0 - 1)).await;
    assert_eq!(mine.quoted.iter().map(|event| event.seq).collect::<Vec<_>>(), [before]);
    let theirs = bob.get(&format!("/api/v1/rooms/{room}/history")).await.unwrap().body;
    assert!(!theirs.contains("canary"), "{theirs}");
    let page: HistoryPage = serde_json::from_str(&theirs).unwrap();
    let Change::Message { answers, .. } = said(&page, seq) else { panic!("{page:?}") };
    assert_eq!((*answers, page.quoted.len()), (Some(quoting(before)), 0));
    let asked: MessageList = read(&bob, &format!("rooms/{room}/messages?seqs={before},{seq},99")).await;
    assert_eq!(asked.events.iter().map(|event| event.seq).collect::<Vec<_>>(), [seq]);
    for wrong in ["seqs=x", "seq=1", "seqs=1;2", &format!("seqs={}", "1,".repeat(101))] {
        let answer = bob.get(&format!("/api/v1/rooms/{room}/messages?{wrong}")).await.unwrap();
        assert_eq!(answer.status, 400, "{wrong}");
    }
}

#[tokio::test]
async fn s44_talk_9_a_newcomer_is_told_nothing_of_before_by_an_edit_and_who_may_asks_for_it() {
    let house = House::start();
    let (ada_session, mut ada, _) = enter(&house, "Ada").await;
    let (bob, mut bob_client, _) = enter(&house, "Bob").await;
    let (name, topic, history) = ("attic".to_owned(), String::new(), History::SinceJoining);
    let made = ada.request(Command::CreateRoom { name, topic, closed: true, history }).await.unwrap();
    let Reply::Room { state } = made else { panic!("{made:?}") };
    let room = state.room.id;
    let seq = ada.post(room, "canary one").await.unwrap();
    does(&mut ada, edit(room, seq, "canary two")).await;
    does(&mut ada, Command::AddMember { room, user: bob.you.id }).await;
    does(&mut ada, edit(room, seq, "canary three")).await;
    let heard = next_change(&mut bob_client).await;
    assert_eq!(heard.change, Change::Edited { target: seq, text: None, tree: None, mentions: vec![] });
    let (mut again, _) = resume(&bob, &[(room, Seq(heard.seq.0 - 1))]).await;
    assert_eq!(again.next_event().await.unwrap(), heard);
    let asked: MessageList = read(&ada_session, &format!("rooms/{room}/messages?seqs={seq}")).await;
    assert!(matches!(&asked.events[0].change, Change::Message { text, .. } if text == "canary three"));
    for path in ["history", "pins", "unread", &format!("messages?seqs={seq}"), &format!("threads/{seq}")] {
        let answer = bob.get(&format!("/api/v1/rooms/{room}/{path}")).await.unwrap();
        assert!(!answer.body.contains("canary"), "{path}: {}", answer.body);
    }
    for command in [react(room, seq, CLAP), Command::Pin { room, seq }, Command::Save { room, seq }] {
        assert_eq!(refused_code(&mut bob_client, command).await, ErrorCode::NotFound);
    }
    // What is said from then on goes to everyone with its words.
    let seq = ada.post(room, "after").await.unwrap();
    does(&mut ada, edit(room, seq, "after all")).await;
    let heard = next_change(&mut bob_client).await;
    assert!(matches!(&heard.change, Change::Edited { text: Some(text), .. } if text == "after all"), "{heard:?}");
}

#[tokio::test]
async fn talk_5_reactions_are_added_and_taken_back_once_and_everybody_has_the_same() {
    let house = House::start();
    let (ada_session, mut ada, _) = enter(&house, "Ada").await;
    let (_, mut bob, _) = enter(&house, "Bob").await;
    let seq = ada.post(LOBBY, "tea").await.unwrap();
    for client in [&mut ada, &mut bob] {
        for _ in 0..2 {
            does(client, react(LOBBY, seq, CLAP)).await;
        }
    }
    does(&mut bob, react(LOBBY, seq, "🍵")).await;
    does(&mut ada, Command::Unreact { room: LOBBY, seq, emoji: CLAP.to_owned() }).await;
    does(&mut ada, Command::Unreact { room: LOBBY, seq, emoji: CLAP.to_owned() }).await;
    let changes: Vec<Change> =
        ada_session.history(LOBBY, "").await.unwrap().events.into_iter().map(|event| event.change).collect();
    let (target, clap, tea) = (seq, CLAP.to_owned(), "🍵".to_owned());
    let expected = [
        Change::Reacted { target, emoji: clap.clone() },
        Change::Reacted { target, emoji: clap.clone() },
        Change::Reacted { target, emoji: tea },
        Change::Unreacted { target, emoji: clap },
    ];
    assert!(changes.ends_with(&expected), "{changes:?}");
    let page = ada_session.history(LOBBY, "").await.unwrap();
    let reactions: Vec<_> = page.states[0]
        .reactions
        .iter()
        .map(|reaction| (reaction.emoji.as_str(), reaction.count, reaction.mine, reaction.who[0].name.as_str()))
        .collect();
    assert_eq!((page.states.len(), reactions), (1, vec![(CLAP, 1, false, "Bob"), ("🍵", 1, false, "Bob")]));
    for other in ["", "a", "👏👏", "<b>"] {
        assert_eq!(refused_code(&mut ada, react(LOBBY, seq, other)).await, ErrorCode::BadText, "{other}");
    }
}

#[tokio::test]
async fn talk_5_a_message_has_so_many_kinds_and_so_many_of_one_person() {
    let house = House::start_with(&["--rate-limits", "off"]);
    let (_, mut ada, _) = enter(&house, "Ada").await;
    let (_, mut bob, _) = enter(&house, "Bob").await;
    let (_, mut eve, _) = enter(&house, "Eve").await;
    let seq = ada.post(LOBBY, "tea").await.unwrap();
    let kind = |number: u32| char::from_u32(0x1F600 + number).unwrap().to_string();
    for number in 0..10 {
        does(&mut ada, react(LOBBY, seq, &kind(number))).await;
        does(&mut bob, react(LOBBY, seq, &kind(10 + number))).await;
    }
    assert_eq!(refused_code(&mut ada, react(LOBBY, seq, &kind(10))).await, ErrorCode::TooMany);
    assert_eq!(refused_code(&mut eve, react(LOBBY, seq, &kind(20))).await, ErrorCode::TooMany);
    does(&mut eve, react(LOBBY, seq, &kind(19))).await;
}

#[tokio::test]
async fn talk_6_pins_are_events_and_a_list_and_go_with_the_message() {
    let house = House::start();
    let (_, mut ada, _) = enter(&house, "Ada").await;
    let (bob, mut bob_client, _) = enter(&house, "Bob").await;
    let room = create(&mut ada, "tea").await.room.id;
    join(&mut bob_client, room).await;
    let (one, two) = (ada.post(room, "one").await.unwrap(), ada.post(room, "two").await.unwrap());
    for seq in [two, one, one] {
        does(&mut bob_client, Command::Pin { room, seq }).await;
    }
    let pins = async || -> Vec<Seq> {
        let list: MessageList = read(&bob, &format!("rooms/{room}/pins")).await;
        assert!(list.states.iter().all(|state| state.pinned) && list.states.len() == list.events.len());
        list.events.iter().map(|event| event.seq).collect()
    };
    assert_eq!(pins().await, [one, two]);
    does(&mut ada, Command::Unpin { room, seq: one }).await;
    does(&mut ada, Command::Unpin { room, seq: one }).await;
    assert_eq!(pins().await, [two]);
    does(&mut ada, Command::Delete { room, seq: two }).await;
    assert_eq!(pins().await, []);
    let page = bob.history(room, "").await.unwrap();
    let kinds: Vec<&Change> = page.events.iter().map(|event| &event.change).skip(4).collect();
    let (pinned, unpinned) = (|target| Change::Pinned { target }, Change::Unpinned { target: one });
    assert_eq!(kinds, [&pinned(two), &pinned(one), &unpinned, &Change::Deleted { target: two }]);
    // The lobby is everybody's: only who looks after it pins there.
    let seq = bob_client.post(LOBBY, "me").await.unwrap();
    assert_eq!(refused_code(&mut bob_client, Command::Pin { room: LOBBY, seq }).await, ErrorCode::Forbidden);
}

#[tokio::test]
async fn talk_6_a_room_has_so_many_pins() {
    let house = House::start_with(&["--rate-limits", "off"]);
    let (_, mut ada, _) = enter(&house, "Ada").await;
    let room = create(&mut ada, "tea").await.room.id;
    for number in 0..51 {
        let seq = ada.post(room, &number.to_string()).await.unwrap();
        let pin = Command::Pin { room, seq };
        if number < 50 {
            does(&mut ada, pin).await
        } else {
            assert_eq!(refused_code(&mut ada, pin).await, ErrorCode::TooMany)
        }
    }
}

#[tokio::test]
async fn talk_7_what_somebody_saved_is_theirs_alone_on_all_their_devices_while_they_are_in_the_room() {
    let house = House::start();
    let (ada, mut phone, _) = enter(&house, "Ada").await;
    let (mut laptop, _) = connect(&ada, Hello::default()).await;
    let (bob, mut bob_client, _) = enter(&house, "Bob").await;
    let room = create_closed(&mut bob_client, "cellar").await;
    does(&mut bob_client, Command::AddMember { room, user: ada.you.id }).await;
    let said = bob_client.post(room, "canary").await.unwrap();
    let other = bob_client.post(LOBBY, "tea").await.unwrap();
    for (room, seq) in [(room, said), (LOBBY, other), (LOBBY, other)] {
        does(&mut phone, Command::Save { room, seq }).await;
    }
    let notice = noticed(&mut laptop, |notice| matches!(notice, Notice::Saved { .. })).await;
    assert_eq!(notice, Notice::Saved { room, seq: said, saved: true });
    let saved = async |session: &Session| -> Vec<(RoomId, Seq)> {
        let list: MessageList = read(session, "saved").await;
        list.events.iter().map(|event| (event.room, event.seq)).collect()
    };
    assert_eq!(saved(&ada).await, [(LOBBY, other), (room, said)]);
    assert_eq!(saved(&bob).await, []);
    let head = bob.history(room, "").await.unwrap().head;
    assert_eq!(head, said, "saving is no event of the room");
    does(&mut bob_client, Command::RemoveMember { room, user: ada.you.id }).await;
    let list = ada.get("/api/v1/saved").await.unwrap().body;
    assert!(!list.contains("canary"), "{list}");
    does(&mut phone, Command::Unsave { room: LOBBY, seq: other }).await;
    assert_eq!(saved(&ada).await, []);
    for wrong in ["before=x", "after=1", "before=-1"] {
        assert_eq!(ada.get(&format!("/api/v1/saved?{wrong}")).await.unwrap().status, 400, "{wrong}");
    }
}

#[tokio::test]
async fn talk_8_a_page_says_what_there_is_about_its_messages_and_no_other() {
    let house = House::start();
    let (ada, mut client, _) = enter(&house, "Ada").await;
    let room = create(&mut client, "tea").await.room.id;
    let (one, two) = (client.post(room, "one").await.unwrap(), client.post(room, "two").await.unwrap());
    does(&mut client, react(room, one, CLAP)).await;
    does(&mut client, Command::Pin { room, seq: one }).await;
    does(&mut client, Command::Save { room, seq: two }).await;
    let thread = Answers { thread: Some(two), ..Answers::default() };
    answer(&mut client, room, "a reply", thread).await;
    let page = ada.history(room, "").await.unwrap();
    let about: Vec<_> = page
        .states
        .iter()
        .map(|state| (state.seq, state.reactions.len(), state.pinned, state.saved, state.thread.is_some()))
        .collect();
    assert_eq!(about, [(one, 1, true, false, false), (two, 0, false, true, true)]);
    assert!(ada.history(room, "before=2").await.unwrap().states.is_empty());
    assert_eq!(ada.you.role, Role::Member);
}

#[tokio::test]
async fn s48_in_a_direct_room_the_blocked_neither_edit_nor_react() {
    let house = House::start();
    let (_, mut ada, _) = enter(&house, "Ada").await;
    let (bob, mut bob_client, _) = enter(&house, "Bob").await;
    let room = direct(&mut ada, &[bob.you.id]).await.room.id;
    let seq = ada.post(room, "hello").await.unwrap();
    let ada_id = bob.history(room, "").await.unwrap().events[0].by.id;
    does(&mut bob_client, Command::Block { user: ada_id }).await;
    let said = refused_code(
        &mut ada,
        Command::Post { room, client_id: fresh(), text: "x".into(), answers: None, files: vec![] },
    )
    .await;
    for command in [edit(room, seq, "hello again"), react(room, seq, CLAP)] {
        assert_eq!(refused_code(&mut ada, command).await, said);
    }
    // One's own words one may always take back.
    does(&mut ada, Command::Delete { room, seq }).await;
}
