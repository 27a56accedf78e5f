//! Closed rooms: their members let others in, and to everybody else they are not there (ROOM-5, ROOM-12, S34, S39 to S42).

use parlour_protocol::http::{Boot, MemberList, RoomList};
use parlour_protocol::{
    Change, Command, ErrorCode, Hello, History, Notice, PostBy, RoomId, RoomKind, RoomRole, Seq, ServerFrame, UserId,
};

use crate::house::House;
use crate::people::{
    connect, create, create_closed, does, enter, fresh, hears, join, notice, promote, refused, refused_code,
};

const LOBBY: RoomId = RoomId::LOBBY;
const NOWHERE: RoomId = RoomId(4_711);

/// Every command about one room.
fn about(room: RoomId) -> Vec<Command> {
    let (name, topic, user) = ("x".to_owned(), String::new(), UserId(1));
    vec![
        Command::Post { room, client_id: fresh(), text: "canary".to_owned(), answers: None, files: vec![] },
        Command::CatchUp { room, after: Seq(0) },
        Command::MarkRead { room, seq: Seq(1), thread: None },
        Command::MarkUnread { room, seq: Seq(1), thread: None },
        Command::Typing { room },
        Command::RenameRoom { room, name, topic },
        Command::ArchiveRoom { room },
        Command::RestoreRoom { room },
        Command::SetPosting { room, post_by: PostBy::Managers, slow_s: 9 },
        Command::SetHistory { room, history: History::SinceJoining },
        Command::JoinRoom { room },
        Command::LeaveRoom { room },
        Command::AddMember { room, user },
        Command::RemoveMember { room, user },
        Command::SetRoomRole { room, user, role: RoomRole::Manager },
        Command::Report { room, seq: Seq(1), note: String::new() },
    ]
}

#[tokio::test]
async fn room_5_and_s41_to_those_outside_a_closed_room_is_answered_for_like_one_that_is_not_there() {
    let house = House::start();
    let (_, mut ada, _) = enter(&house, "Ada").await;
    let (bob_session, mut bob, _) = enter(&house, "Bob").await;
    let closed = create_closed(&mut ada, "cellar").await;
    ada.post(closed, "canary").await.unwrap();
    let carl = crate::people::session(&house, "Carl").await.you.id;
    let direct = crate::people::direct(&mut ada, &[carl]).await.room.id;
    for room in [closed, direct] {
        for (there, nowhere) in about(room).into_iter().zip(about(NOWHERE)) {
            let said = format!("{there:?}");
            let answers = (refused(&mut bob, there).await, refused(&mut bob, nowhere).await);
            assert_eq!(answers.0, answers.1, "{said}");
            assert_eq!(answers.0.code, ErrorCode::NotFound, "{said}");
        }
        for path in ["history", "history?after=0", "history?before=9", "history?around=2", "members"] {
            let there = bob_session.get(&format!("/api/v1/rooms/{room}/{path}")).await.unwrap();
            let nowhere = bob_session.get(&format!("/api/v1/rooms/{NOWHERE}/{path}")).await.unwrap();
            assert_eq!((there.status, &there.body), (404, &nowhere.body), "{path}");
        }
        let page = bob_session.get(&format!("/r/{room}")).await.unwrap();
        assert!(page.status == 200 && !page.body.contains("cellar") && !page.body.contains("canary"));
    }
}

#[tokio::test]
async fn s34_and_s39_nothing_of_a_closed_room_reaches_those_outside_live_by_resuming_in_lists_or_counts() {
    let house = House::start();
    let (_, mut ada, _) = enter(&house, "Ada").await;
    let (bob_session, mut bob, welcome) = enter(&house, "Bob").await;
    let closed = create_closed(&mut ada, "cellar").await;
    let hello = Hello { epoch: Some(welcome.epoch), cursors: vec![(closed, Seq(0)), (LOBBY, Seq(0))] };
    let (mut other, again) = connect(&bob_session, hello).await;
    assert_eq!(again.rooms.len(), 1, "only the lobby");
    assert_eq!(notice(&mut other).await, Notice::RoomRemoved { room: closed }, "as of a room that never was (SYN-3)");
    ada.post(closed, "canary").await.unwrap();
    ada.send(Command::Typing { room: closed }).await.unwrap();
    does(&mut ada, Command::RenameRoom { room: closed, name: "attic".to_owned(), topic: String::new() }).await;
    ada.post(LOBBY, "fence").await.unwrap();
    for client in [&mut bob, &mut other] {
        loop {
            let frame = client.next().await.unwrap();
            let said = serde_json::to_string(&frame).unwrap();
            assert!(!said.contains(&format!("\"room\":{closed}")) && !said.contains("attic"), "{said}");
            if matches!(&frame, ServerFrame::Event(event) if event.room == LOBBY) {
                break;
            }
        }
    }
    let list: RoomList = serde_json::from_str(&bob_session.get("/api/v1/rooms").await.unwrap().body).unwrap();
    assert_eq!(list.rooms.iter().map(|listed| listed.room.id).collect::<Vec<_>>(), [LOBBY]);
    let boot: Boot = serde_json::from_str(&bob_session.get("/api/v1/boot").await.unwrap().body).unwrap();
    assert_eq!(boot.rooms.iter().map(|state| state.room.id).collect::<Vec<_>>(), [LOBBY]);
}

#[tokio::test]
async fn room_2_and_s40_a_closed_room_s_name_is_told_to_nobody_by_a_refusal() {
    let house = House::start();
    let (_, mut ada, _) = enter(&house, "Ada").await;
    let (_, mut bob, _) = enter(&house, "Bob").await;
    create(&mut ada, "tea").await;
    create_closed(&mut ada, "layoffs").await;
    // Anyone may call another closed room so, and an open one.
    create_closed(&mut bob, "lay-offs").await;
    assert_eq!(create(&mut bob, "layoffs").await.room.name, "layoffs");
    // What everybody may see may be said to be taken: the open room's name now, also for a closed room.
    for closed in [false, true] {
        let taken = Command::CreateRoom { name: "Tea".to_owned(), topic: String::new(), closed, history: History::All };
        assert_eq!(refused_code(&mut bob, taken).await, ErrorCode::NameTaken);
    }
}

#[tokio::test]
async fn room_5_a_closed_room_is_its_members_own_and_holds_its_maker_as_manager() {
    let house = House::start();
    let (ada_session, mut ada, _) = enter(&house, "Ada").await;
    let (_, mut bob, _) = enter(&house, "Bob").await;
    let bob_id = crate::people::session(&house, "Carl").await.you.id.0 - 1;
    let closed = create_closed(&mut ada, "cellar").await;
    ada.post(closed, "before").await.unwrap();
    does(&mut ada, Command::AddMember { room: closed, user: UserId(bob_id) }).await;
    let Notice::RoomAdded { state } = notice(&mut bob).await else { panic!("not shown in") };
    assert_eq!((state.room.kind, state.room.name.as_str()), (RoomKind::Closed, "cellar"));
    assert_eq!((state.role, state.members, state.head, state.unread), (RoomRole::Member, 2, Seq(3), 0));
    ada.post(closed, "hello").await.unwrap();
    assert_eq!(hears(&mut bob).await, "hello");
    let page = ada_session.get(&format!("/api/v1/rooms/{closed}/members")).await.unwrap().body;
    let page: MemberList = serde_json::from_str(&page).unwrap();
    let mut roles: Vec<_> = page.members.iter().map(|member| (member.name.as_str(), member.role)).collect();
    roles.sort_unstable_by_key(|(name, _)| *name);
    assert_eq!(roles, [("Ada", RoomRole::Manager), ("Bob", RoomRole::Member)]);
    // Members speak there and leave; they do not look after it.
    let rename = Command::RenameRoom { room: closed, name: "attic".to_owned(), topic: String::new() };
    let posting = Command::SetPosting { room: closed, post_by: PostBy::Managers, slow_s: 0 };
    let remove = Command::RemoveMember { room: closed, user: ada_session.you.id };
    let role = Command::SetRoomRole { room: closed, user: UserId(bob_id), role: RoomRole::Manager };
    let add = Command::AddMember { room: closed, user: UserId(bob_id + 1) };
    for command in [rename, posting, remove, role, add, Command::ArchiveRoom { room: closed }] {
        assert_eq!(refused_code(&mut bob, command).await, ErrorCode::Forbidden);
    }
    assert_eq!(join(&mut bob, closed).await.members, 2, "joining twice is answered like the first time");
    does(&mut bob, Command::LeaveRoom { room: closed }).await;
    assert_eq!(refused_code(&mut bob, Command::JoinRoom { room: closed }).await, ErrorCode::NotFound);
}

#[tokio::test]
async fn room_12_an_office_opens_no_closed_room_but_by_an_event_its_members_see() {
    let house = House::start();
    let (_, mut ada, _) = enter(&house, "Ada").await;
    let (owner_session, mut owner, _) = enter(&house, "Olga").await;
    promote(&house, &owner_session, "owner");
    let closed = create_closed(&mut ada, "cellar").await;
    ada.post(closed, "canary").await.unwrap();
    for command in about(closed) {
        let opens =
            matches!(command, Command::JoinRoom { .. } | Command::ArchiveRoom { .. } | Command::RestoreRoom { .. });
        if !opens {
            assert_eq!(refused_code(&mut owner, command).await, ErrorCode::NotFound);
        }
    }
    for path in ["history", "members"] {
        let answer = owner_session.get(&format!("/api/v1/rooms/{closed}/{path}")).await.unwrap();
        assert_eq!((answer.status, answer.body.contains("canary")), (404, false), "{path}");
    }
    let acts = |house: &House| -> String {
        let sql = "select coalesce(group_concat(actor_name || ' ' || act || ' ' || room), '') from admin_act";
        house.database().query_row(sql, [], |row| row.get(0)).unwrap()
    };
    assert_eq!(acts(&house), "", "what was refused was not done");
    assert_eq!(join(&mut owner, closed).await.role, RoomRole::Member);
    assert_eq!(hears(&mut ada).await, "canary");
    let entered = ada.next_event().await.unwrap();
    assert_eq!((entered.by.name.as_str(), entered.change), ("Olga", Change::MemberJoined));
    assert_eq!(acts(&house), format!("Olga join_room {closed}"));
}

/// The two answers are made by the same reading and must take about as long; the least of many is compared, since a machine
/// that is busy makes any of them longer and none shorter.
#[tokio::test]
async fn s41_a_closed_room_is_not_told_from_none_by_the_time_of_the_answer() {
    let house = House::start();
    let (_, mut ada, _) = enter(&house, "Ada").await;
    let (bob, _, _) = enter(&house, "Bob").await;
    let closed = create_closed(&mut ada, "cellar").await;
    for number in 0..300 {
        ada.post(closed, &format!("{number}")).await.unwrap();
    }
    for path in ["history", "history?after=0", "members"] {
        let least = async |room: RoomId, times: u32| {
            let mut least = std::time::Duration::MAX;
            for _ in 0..times {
                let began = std::time::Instant::now();
                assert_eq!(bob.get(&format!("/api/v1/rooms/{room}/{path}")).await.unwrap().status, 404);
                least = least.min(began.elapsed());
            }
            least
        };
        let (mut there, mut nowhere) = (std::time::Duration::MAX, std::time::Duration::MAX);
        for _ in 0..20 {
            there = there.min(least(closed, 20).await);
            nowhere = nowhere.min(least(NOWHERE, 20).await);
        }
        let (there, nowhere) = (there.as_secs_f64(), nowhere.as_secs_f64());
        assert!((there / nowhere - 1.0).abs() < 0.1, "{path}: {there} s for a closed room, {nowhere} s for none");
    }
}

#[tokio::test]
async fn s49_what_a_client_adds_to_a_command_about_itself_has_no_effect() {
    let house = House::start();
    let (ada_session, mut ada, _) = enter(&house, "Ada").await;
    let (bob, _, _) = enter(&house, "Bob").await;
    let more = format!(
        r#""role":"owner","kind":"lobby","by":{{"id":{},"name":"Bob"}},"seq":99,"at":1,"head":99,"members":7"#,
        bob.you.id
    );
    let frame = format!(r#"{{"t":"create_room","ref":77,"name":"tea","closed":true,"user":1,"who":1,{more}}}"#);
    ada.send_text(frame).await.unwrap();
    let Ok(parlour_protocol::Reply::Room { state }) = ada.answer(77).await else { panic!("not made") };
    let made = (state.room.kind, state.head, state.members, state.role);
    assert_eq!(made, (RoomKind::Closed, Seq(1), 1, RoomRole::Manager));
    let log = ada_session.whole_log(state.room.id).await.unwrap();
    assert_eq!((log.len(), log[0].by.name.as_str(), log[0].seq), (1, "Ada", Seq(1)));
    let boot: Boot = serde_json::from_str(&ada_session.get("/api/v1/boot").await.unwrap().body).unwrap();
    assert_eq!(boot.you.unwrap().role, parlour_protocol::Role::Member);
    let room = state.room.id;
    for bad in [
        format!(r#"{{"t":"set_room_role","ref":78,"room":{room},"user":1,"role":"owner"}}"#),
        format!(r#"{{"t":"set_posting","ref":78,"room":{room},"post_by":"nobody"}}"#),
        format!(r#"{{"t":"set_posting","ref":78,"room":{room},"post_by":"everyone","slow_s":-1}}"#),
        format!(r#"{{"t":"add_member","ref":78,"room":{room},"user":"1"}}"#),
        format!(r#"{{"t":"remove_member","ref":78,"room":{room}}}"#),
        r#"{"t":"open_direct","ref":78,"people":[1,-2]}"#.to_owned(),
        r#"{"t":"create_room","ref":78,"name":"x","closed":"yes"}"#.to_owned(),
    ] {
        ada.send_text(bad.clone()).await.unwrap();
        match ada.answer(78).await {
            Err(parlour_client::ClientError::Refused(refusal)) => {
                assert_eq!(refusal.code, ErrorCode::BadFrame, "{bad}");
            }
            other => panic!("{bad}: {other:?}"),
        }
    }
}
