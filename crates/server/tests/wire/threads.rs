//! Threads (THR): replies to a message, who follows them, and what of them is unread.

use parlour_client::{Client, Session};
use parlour_protocol::http::{HistoryPage, ThreadList, ThreadPage};
use parlour_protocol::{
    Answers, Change, Command, ErrorCode, Hello, Notice, Reply, RoomId, Seq, ThreadState, Timestamp,
};

use crate::house::House;
use crate::people::{connect, create, create_closed, does, enter, fresh, join, refused_code};
use crate::talk::{answer, answer_at, noticed, read};

const LOBBY: RoomId = RoomId::LOBBY;

fn to(thread: Seq) -> Answers {
    Answers { thread: Some(thread), ..Answers::default() }
}

fn and_room(thread: Seq) -> Answers {
    Answers { also_in_room: true, ..to(thread) }
}

/// What is unread in a room, and in how far it was read.
async fn unread(client: &mut Client, room: RoomId) -> u32 {
    match client.request(Command::Count { room }).await.unwrap() {
        Reply::Read { unread, .. } => unread,
        other => panic!("no standing: {other:?}"),
    }
}

async fn thread_of(client: &mut Client, command: Command) -> ThreadState {
    match client.request(command).await.unwrap() {
        Reply::Thread { state } => state,
        other => panic!("no thread: {other:?}"),
    }
}

async fn page(session: &Session, room: RoomId, thread: Seq, query: &str) -> ThreadPage {
    read(session, &format!("rooms/{room}/threads/{thread}?{query}")).await
}

#[tokio::test]
async fn thr_1_a_reply_is_an_event_of_the_room_and_has_no_thread_of_its_own() {
    let house = House::start();
    let (ada, mut client, _) = enter(&house, "Ada").await;
    let (_, mut bob, _) = enter(&house, "Bob").await;
    let root = client.post(LOBBY, "tea?").await.unwrap();
    let reply = answer(&mut bob, LOBBY, "yes", to(root)).await;
    assert_eq!(reply, root.next());
    let heard = loop {
        let event = client.next_event().await.unwrap();
        if event.seq == reply {
            break event;
        }
    };
    assert!(
        matches!(&heard.change, Change::Message { answers: Some(answers), .. } if *answers == to(root)),
        "{heard:?}"
    );
    let post = |thread| Command::Post {
        room: LOBBY,
        client_id: fresh(),
        text: "x".to_owned(),
        answers: Some(to(thread)),
        files: vec![],
    };
    assert_eq!(refused_code(&mut bob, post(reply)).await, ErrorCode::Forbidden);
    assert_eq!(refused_code(&mut bob, post(Seq(99))).await, ErrorCode::NotFound);
    let other = create(&mut client, "tea").await.room.id;
    let across =
        Command::Post { room: other, client_id: fresh(), text: "x".to_owned(), answers: Some(to(root)), files: vec![] };
    assert_eq!(refused_code(&mut client, across).await, ErrorCode::NotFound, "a reply across rooms");
    // A thread whose root was deleted goes on; one that nobody replied to does not begin.
    does(&mut client, Command::Delete { room: LOBBY, seq: root }).await;
    answer(&mut bob, LOBBY, "still", to(root)).await;
    let lonely = client.post(LOBBY, "gone").await.unwrap();
    does(&mut client, Command::Delete { room: LOBBY, seq: lonely }).await;
    assert_eq!(refused_code(&mut bob, post(lonely)).await, ErrorCode::NotFound);
    let thread = page(&ada, LOBBY, root, "").await;
    let Some(Change::Message { text, deleted: Some(_), .. }) = thread.root.map(|event| event.change) else { panic!() };
    assert_eq!((text.as_str(), thread.replies.len()), ("", 2));
}

#[tokio::test]
async fn thr_2_a_thread_is_read_in_pieces_and_its_root_says_how_it_stands() {
    let house = House::start_with(&["--rate-limits", "off"]);
    let (ada, mut client, _) = enter(&house, "Ada").await;
    let (bob, mut bob_client, _) = enter(&house, "Bob").await;
    let root = client.post(LOBBY, "tea?").await.unwrap();
    let mut replies = Vec::new();
    for number in 0..7 {
        bob_client.post(LOBBY, "between").await.unwrap();
        replies.push(answer(&mut bob_client, LOBBY, &number.to_string(), to(root)).await);
    }
    let seqs = |page: &ThreadPage| page.replies.iter().map(|event| event.seq).collect::<Vec<_>>();
    let newest = page(&ada, LOBBY, root, "limit=3").await;
    assert_eq!(
        (seqs(&newest), newest.more, newest.root.as_ref().map(|event| event.seq)),
        (replies[4..].to_vec(), true, Some(root))
    );
    let before = page(&ada, LOBBY, root, &format!("limit=9&before={}", replies[4])).await;
    assert_eq!((seqs(&before), before.more), (replies[..4].to_vec(), false));
    assert_eq!(seqs(&page(&ada, LOBBY, root, &format!("limit=2&after={}", replies[1])).await), replies[2..4]);
    assert_eq!(seqs(&page(&ada, LOBBY, root, &format!("limit=3&around={}", replies[3])).await), replies[2..5]);
    does(&mut bob_client, Command::Delete { room: LOBBY, seq: replies[6] }).await;
    let history: HistoryPage = read(&ada, &format!("rooms/1/history?around={root}&limit=1")).await;
    let state = history.states[0].thread.clone().expect("it has a thread");
    let last = state.last.clone().expect("somebody replied");
    assert_eq!((state.replies, last.seq, state.people.len()), (6, replies[5], 1));
    assert_eq!(state, ThreadState { ..page(&ada, LOBBY, root, "").await.state });
    for path in ["999", "0", "x", &replies[0].to_string()] {
        let answer = bob.get(&format!("/api/v1/rooms/1/threads/{path}")).await.unwrap();
        assert_eq!(answer.status, 404, "{path}");
    }
    assert_eq!(bob.get(&format!("/api/v1/rooms/1/threads/{root}?limit=0")).await.unwrap().status, 400);
}

#[tokio::test]
async fn thr_3_t25_who_wrote_the_root_replied_or_was_named_follows_and_nobody_else_until_they_say_otherwise() {
    let house = House::start();
    let (ada_session, mut ada, _) = enter(&house, "Ada").await;
    let (_, mut bob, _) = enter(&house, "Bob").await;
    let (cid_session, mut cid, _) = enter(&house, "Cid").await;
    let (_, mut dan, _) = enter(&house, "Dan").await;
    let room = create(&mut ada, "tea").await.room.id;
    for client in [&mut bob, &mut cid, &mut dan] {
        join(client, room).await;
    }
    let root = ada.post(room, "tea?").await.unwrap();
    for client in [&mut bob, &mut cid, &mut dan] {
        client.request(Command::MarkRead { room, seq: root, thread: None }).await.unwrap();
    }
    for text in ["one", "two", "three", "four @dan"] {
        answer(&mut bob, room, text, to(root)).await;
    }
    let counts = [unread(&mut ada, room).await, unread(&mut bob, room).await, unread(&mut cid, room).await];
    assert_eq!((counts, unread(&mut dan, room).await), ([4, 0, 0], 1));
    let stub = cid_session.history(room, "").await.unwrap().states[0].thread.clone().unwrap();
    assert_eq!((stub.replies, stub.following, stub.unread), (4, false, 0), "everybody sees how many there are");
    // Unfollowed, it is silent, whoever replies or names them.
    let (mut laptop, _) = connect(&ada_session, Hello::default()).await;
    let state = thread_of(&mut ada, Command::Unfollow { room, thread: root }).await;
    assert_eq!((state.following, state.unread, unread(&mut ada, room).await), (false, 0, 0));
    let Notice::Thread { state: told } = noticed(&mut laptop, |notice| matches!(notice, Notice::Thread { .. })).await
    else {
        panic!()
    };
    assert!(!told.following && told.thread == root);
    answer(&mut bob, room, "five @ada", to(root)).await;
    assert_eq!(unread(&mut ada, room).await, 0);
    // Following is by oneself, and begins with what is said from then on.
    assert_eq!(thread_of(&mut cid, Command::Follow { room, thread: root }).await.unread, 0);
    let last = answer(&mut bob, room, "six", and_room(root)).await;
    answer(&mut bob, room, "seven", to(root)).await;
    // What stands in the room as well is counted there, once.
    assert_eq!((unread(&mut cid, room).await, unread(&mut ada, room).await), (2, 1));
    cid.request(Command::MarkRead { room, seq: last, thread: None }).await.unwrap();
    assert_eq!(unread(&mut cid, room).await, 1);
    answer(&mut ada, room, "eight", to(root)).await;
    answer(&mut bob, room, "nine", to(root)).await;
    assert_eq!(unread(&mut ada, room).await, 2, "who replies follows again");
}

#[tokio::test]
async fn thr_4_a_thread_is_read_and_unread_by_a_position_of_its_own_on_all_devices() {
    let house = House::start();
    let (ada, mut phone, _) = enter(&house, "Ada").await;
    let (mut laptop, _) = connect(&ada, Hello::default()).await;
    let (_, mut bob, _) = enter(&house, "Bob").await;
    let root = phone.post(LOBBY, "tea?").await.unwrap();
    let mut replies = Vec::new();
    for text in ["one", "two", "three"] {
        replies.push(answer(&mut bob, LOBBY, text, to(root)).await);
    }
    let mark = |seq, thread| Command::MarkRead { room: LOBBY, seq, thread };
    phone.request(mark(replies[2], None)).await.unwrap();
    assert_eq!(unread(&mut phone, LOBBY).await, 3, "reading the room reads no thread");
    let state = thread_of(&mut phone, mark(replies[1], Some(root))).await;
    assert_eq!((state.read, state.unread), (replies[1], 1));
    laptop.forget_kept();
    let read =
        noticed(&mut laptop, |notice| matches!(notice, Notice::Thread { state } if state.read == replies[1])).await;
    assert!(matches!(read, Notice::Thread { state } if state.unread == 1));
    let count = noticed(&mut laptop, |notice| matches!(notice, Notice::Read { unread: 1, .. })).await;
    assert!(matches!(count, Notice::Read { room: LOBBY, .. }));
    let back = Command::MarkUnread { room: LOBBY, seq: replies[0], thread: Some(root) };
    assert_eq!(thread_of(&mut phone, back).await.unread, 3);
    assert_eq!(thread_of(&mut phone, mark(Seq(1 << 40), Some(root))).await.unread, 0, "no further than the head");
    answer(&mut bob, LOBBY, "four", to(root)).await;
    assert_eq!(unread(&mut phone, LOBBY).await, 1);
}

#[tokio::test]
async fn thr_5_the_threads_one_follows_are_listed_in_pages_and_none_of_a_room_one_left() {
    let house = House::start_with(&["--rate-limits", "off"]);
    let (ada, mut client, _) = enter(&house, "Ada").await;
    let (bob, mut bob_client, _) = enter(&house, "Bob").await;
    let (mut roots, mut last) = (Vec::new(), Timestamp(0));
    for number in 0..52 {
        let root = client.post(LOBBY, &number.to_string()).await.unwrap();
        last = answer_at(&mut bob_client, LOBBY, "re", to(root)).await.1;
        roots.push(root);
    }
    // Two replies of one millisecond are in no order.
    while answer_at(&mut bob_client, LOBBY, "up", to(roots[0])).await.1 == last {}
    let secret = create_closed(&mut bob_client, "cellar").await;
    does(&mut bob_client, Command::AddMember { room: secret, user: ada.you.id }).await;
    let hidden = bob_client.post(secret, "canary").await.unwrap();
    answer(&mut bob_client, secret, "canary @ada", to(hidden)).await;
    let first: ThreadList = read(&ada, "threads").await;
    let listed = |list: &ThreadList| {
        list.threads.iter().map(|thread| (thread.state.room, thread.state.thread)).collect::<Vec<_>>()
    };
    assert_eq!(listed(&first)[..3], [(secret, hidden), (LOBBY, roots[0]), (LOBBY, roots[51])]);
    assert!(first.threads.iter().all(|thread| thread.state.unread > 0 && thread.root.is_some()));
    let second: ThreadList = read(&ada, &format!("threads?before={}", first.next.clone().unwrap())).await;
    let all: std::collections::BTreeSet<_> = listed(&first).into_iter().chain(listed(&second)).collect();
    assert_eq!((first.threads.len(), second.threads.len(), second.next.clone(), all.len()), (50, 3, None, 53));
    does(&mut bob_client, Command::RemoveMember { room: secret, user: ada.you.id }).await;
    let list = ada.get("/api/v1/threads").await.unwrap().body;
    assert!(!list.contains("canary"), "{list}");
    let theirs: ThreadList = read(&bob, "threads").await;
    assert_eq!(theirs.threads.len(), 50, "who replied follows too");
    for wrong in ["before=1", "before=1.2", "before=1.2.3.4", "before=a.b.c", "after=1.2.3"] {
        assert_eq!(ada.get(&format!("/api/v1/threads?{wrong}")).await.unwrap().status, 400, "{wrong}");
    }
}

#[tokio::test]
async fn s34_of_a_closed_room_nothing_of_all_this_is_told_to_who_is_not_in_it() {
    let house = House::start();
    let (_, mut ada, _) = enter(&house, "Ada").await;
    let (eve, mut eve_client, _) = enter(&house, "Eve").await;
    let room = create_closed(&mut ada, "cellar").await;
    let root = ada.post(room, "canary").await.unwrap();
    answer(&mut ada, room, "canary", to(root)).await;
    does(&mut ada, Command::Pin { room, seq: root }).await;
    let nowhere = RoomId(987_654);
    for path in ["pins", "unread", "messages?seqs=1,2", "messages/2/edits", "threads/2", "history", "members"] {
        let ask = async |room: RoomId| {
            let answer = eve.get(&format!("/api/v1/rooms/{room}/{path}")).await.unwrap();
            (answer.status, answer.body)
        };
        assert_eq!(ask(room).await, ask(nowhere).await, "{path}");
        assert_eq!(ask(room).await.0, 404, "{path}");
    }
    let commands = |room: RoomId| {
        let seq = root;
        vec![
            Command::Edit { room, seq, text: "x".to_owned() },
            Command::Delete { room, seq },
            Command::React { room, seq, emoji: "👏".to_owned() },
            Command::Unreact { room, seq, emoji: "👏".to_owned() },
            Command::Pin { room, seq },
            Command::Unpin { room, seq },
            Command::Save { room, seq },
            Command::Unsave { room, seq },
            Command::Follow { room, thread: seq },
            Command::Unfollow { room, thread: seq },
            Command::SetNotify { room, level: parlour_protocol::NotifyLevel::Nothing },
            Command::Count { room },
            Command::MarkRead { room, seq, thread: Some(seq) },
            Command::MarkUnread { room, seq, thread: Some(seq) },
            Command::Post { room, client_id: fresh(), text: "x".to_owned(), answers: Some(to(seq)), files: vec![] },
        ]
    };
    for (there, not_there) in commands(room).into_iter().zip(commands(nowhere)) {
        let what = format!("{there:?}");
        let mut say = async |command| match eve_client.request(command).await {
            Err(parlour_client::ClientError::Refused(refusal)) => refusal,
            other => panic!("{what} was not refused: {other:?}"),
        };
        let (there, not_there) = (say(there).await, say(not_there).await);
        assert_eq!((there.code, &there.message), (ErrorCode::NotFound, &not_there.message), "{what}");
    }
    // The name of a closed room names nothing.
    let seq = eve_client.post(LOBBY, "#cellar #lobby").await.unwrap();
    let page = eve.history(LOBBY, &format!("after={}", seq.0 - 1)).await.unwrap();
    let Change::Message { mentions, .. } = &page.events[0].change else { panic!() };
    assert_eq!(mentions.iter().map(|mention| mention.words.as_str()).collect::<Vec<_>>(), ["#lobby"]);
}
