//! Members added, removed and made managers; rooms archived, held to few or slow (ROOM-6 to ROOM-11, LOG-7, S43, S50).

use parlour_protocol::{
    Change, Command, ErrorCode, Hello, Notice, PostBy, Reply, RoomId, RoomRole, Seq, ServerFrame, UserId,
};

use crate::house::House;
use crate::people::{
    connect, create, create_closed, does, enter, fresh, hears, join, notice, promote, refused, refused_code, resume,
    session, until,
};

const LOBBY: RoomId = RoomId::LOBBY;

#[tokio::test]
async fn room_6_a_member_of_an_open_room_adds_anyone_inside_and_nobody_else() {
    let house = House::start();
    let (_, mut ada, _) = enter(&house, "Ada").await;
    let (bob_session, mut bob, _) = enter(&house, "Bob").await;
    let (mut bobs_other, _) = connect(&bob_session, Hello::default()).await;
    let room = create(&mut ada, "tea").await.room.id;
    let add = |user| Command::AddMember { room, user };
    does(&mut ada, add(bob_session.you.id)).await;
    let event = ada.next_event().await.unwrap();
    let Change::MemberAdded { who } = &event.change else { panic!("{event:?}") };
    assert_eq!((event.by.name.as_str(), who.name.as_str(), event.seq), ("Ada", "Bob", Seq(2)));
    for client in [&mut bob, &mut bobs_other] {
        let Notice::RoomAdded { state } = notice(client).await else { panic!("not shown in") };
        assert_eq!((state.room.id, state.head, state.members), (room, Seq(2), 2));
    }
    does(&mut ada, add(bob_session.you.id)).await;
    ada.post(room, "next").await.unwrap();
    assert_eq!(hears(&mut bob).await, "next", "adding twice is one event");
    assert_eq!(refused_code(&mut ada, add(UserId(999))).await, ErrorCode::NotFound);
    let gone = session(&house, "Carl").await;
    gone.post("/api/v1/sign-out", "{}").await.unwrap();
    assert_eq!(refused_code(&mut ada, add(gone.you.id)).await, ErrorCode::NotFound);
}

#[tokio::test]
async fn room_7_and_log_7_nothing_above_the_removal_reaches_the_removed_on_any_path() {
    let house = House::start();
    let (_, mut ada, _) = enter(&house, "Ada").await;
    let (bob_session, mut bob, welcome) = enter(&house, "Bob").await;
    let room = create(&mut ada, "tea").await.room.id;
    join(&mut bob, room).await;
    let (mut other, _) = resume(&bob_session, &[]).await;
    ada.post(room, "before").await.unwrap();
    does(&mut ada, Command::RemoveMember { room, user: bob_session.you.id }).await;
    let removed = until(&mut ada, |event| matches!(event.change, Change::MemberRemoved { .. })).await;
    let Change::MemberRemoved { who } = &removed.change else { unreachable!() };
    assert_eq!((removed.by.name.as_str(), who.name.as_str()), ("Ada", "Bob"), "the event says who did it");
    ada.post(room, "canary").await.unwrap();
    ada.post(LOBBY, "fence").await.unwrap();
    for client in [&mut bob, &mut other] {
        loop {
            match client.next().await.unwrap() {
                ServerFrame::Event(event) if event.room == LOBBY => break,
                ServerFrame::Event(event) => assert!(event.seq <= removed.seq, "{event:?}"),
                _ => {}
            }
        }
    }
    let catch_up = Command::CatchUp { room, after: Seq(0) };
    assert_eq!(refused_code(&mut bob, catch_up).await, ErrorCode::NotFound);
    let hello = Hello { epoch: Some(welcome.epoch), cursors: vec![(room, Seq(1))] };
    let (mut back, again) = connect(&bob_session, hello).await;
    assert_eq!((again.rooms.len(), notice(&mut back).await), (1, Notice::RoomRemoved { room }));
    for path in ["history", "history?after=0", "history?around=3", "members"] {
        let answer = bob_session.get(&format!("/api/v1/rooms/{room}/{path}")).await.unwrap();
        assert_eq!((answer.status, answer.body.contains("canary")), (404, false), "{path}");
    }
}

#[tokio::test]
async fn room_7_the_removed_come_back_by_somebody_in_the_room_and_not_by_themselves() {
    let house = House::start();
    let (ada_session, mut ada, _) = enter(&house, "Ada").await;
    let (bob_session, mut bob, _) = enter(&house, "Bob").await;
    let room = create(&mut ada, "tea").await.room.id;
    let bob_id = bob_session.you.id;
    join(&mut bob, room).await;
    let remove = Command::RemoveMember { room, user: bob_id };
    assert_eq!(
        refused_code(&mut bob, Command::RemoveMember { room, user: ada_session.you.id }).await,
        ErrorCode::Forbidden
    );
    assert_eq!(
        refused_code(&mut ada, Command::RemoveMember { room, user: ada_session.you.id }).await,
        ErrorCode::Forbidden
    );
    does(&mut ada, remove.clone()).await;
    assert_eq!(refused_code(&mut ada, remove).await, ErrorCode::NotFound, "they are not in it");
    assert_eq!(refused_code(&mut bob, Command::JoinRoom { room }).await, ErrorCode::Forbidden);
    does(&mut ada, Command::AddMember { room, user: bob_id }).await;
    assert_eq!(join(&mut bob, room).await.members, 2);
    // Nobody keeps those out who look after the house, and that they came back stands in the log of acts.
    promote(&house, &bob_session, "administrator");
    does(&mut ada, Command::RemoveMember { room, user: bob_id }).await;
    assert_eq!(join(&mut bob, room).await.members, 2);
    let acts = "select count(*) from admin_act where act = 'join_room'";
    let noted: u32 = house.database().query_row(acts, [], |row| row.get(0)).unwrap();
    assert_eq!(noted, 1);
    // Who leaves may come back.
    does(&mut bob, Command::LeaveRoom { room }).await;
    assert_eq!(join(&mut bob, room).await.members, 2);
}

#[tokio::test]
async fn log_7_being_removed_in_the_middle_of_a_flood_shows_nothing_after_it() {
    let house = House::start();
    let (ada_session, mut ada, _) = enter(&house, "Ada").await;
    let (bob_session, mut bob, _) = enter(&house, "Bob").await;
    let room = create(&mut ada, "tea").await.room.id;
    for round in 0..20 {
        does(&mut ada, Command::AddMember { room, user: bob_session.you.id }).await;
        for number in 0..30 {
            ada.send(Command::Post {
                room,
                client_id: fresh(),
                text: number.to_string(),
                answers: None,
                files: vec![],
            })
            .await
            .unwrap();
            if number == round {
                ada.send(Command::RemoveMember { room, user: bob_session.you.id }).await.unwrap();
            }
        }
        ada.post(room, "last").await.unwrap();
        let log = ada_session.whole_log(room).await.unwrap();
        let removal = log.iter().rfind(|event| matches!(event.change, Change::MemberRemoved { .. })).unwrap().seq;
        ada.post(LOBBY, &format!("fence {round}")).await.unwrap();
        loop {
            match bob.next().await.unwrap() {
                ServerFrame::Event(event) if event.room == LOBBY => break,
                ServerFrame::Event(event) => assert!(event.seq <= removal, "{removal}: {event:?}"),
                _ => {}
            }
        }
    }
}

#[tokio::test]
async fn s50_speaking_and_being_removed_race_and_the_log_holds_nothing_of_theirs_behind_the_removal() {
    let house = House::start();
    let (ada_session, mut ada, _) = enter(&house, "Ada").await;
    let (bob_session, mut bob, _) = enter(&house, "Bob").await;
    let room = create(&mut ada, "tea").await.room.id;
    let bob_id = bob_session.you.id;
    for round in 0..1_000u32 {
        does(&mut ada, Command::AddMember { room, user: bob_id }).await;
        let post = Command::Post { room, client_id: fresh(), text: round.to_string(), answers: None, files: vec![] };
        let remove = Command::RemoveMember { room, user: bob_id };
        let (said, removed) = tokio::join!(bob.request(post), ada.request(remove));
        assert_eq!(removed.unwrap(), Reply::Done);
        assert!(said.is_ok() || said.as_ref().unwrap_err().to_string().contains("NotFound"), "{said:?}");
        ada.forget_kept();
        bob.forget_kept();
    }
    let mut inside = false;
    for event in ada_session.whole_log(room).await.unwrap() {
        match &event.change {
            Change::MemberAdded { .. } => inside = true,
            Change::MemberRemoved { .. } => inside = false,
            Change::Message { .. } => assert!(inside && event.by.id == bob_id, "{event:?}"),
            _ => {}
        }
    }
}

#[tokio::test]
async fn room_8_managers_are_made_and_unmade_and_a_closed_room_keeps_one() {
    let house = House::start();
    let (ada_session, mut ada, _) = enter(&house, "Ada").await;
    let (bob_session, mut bob, _) = enter(&house, "Bob").await;
    let (ada_id, bob_id) = (ada_session.you.id, bob_session.you.id);
    let room = create_closed(&mut ada, "cellar").await;
    does(&mut ada, Command::AddMember { room, user: bob_id }).await;
    let role = |user, role| Command::SetRoomRole { room, user, role };
    assert_eq!(refused_code(&mut ada, role(ada_id, RoomRole::Member)).await, ErrorCode::Forbidden);
    assert_eq!(refused_code(&mut ada, Command::LeaveRoom { room }).await, ErrorCode::Forbidden);
    does(&mut ada, role(bob_id, RoomRole::Manager)).await;
    let event = until(&mut bob, |event| matches!(event.change, Change::RoleChanged { .. })).await;
    let Change::RoleChanged { who, role: now } = event.change else { unreachable!() };
    assert_eq!((event.by.id, who.id, now), (ada_id, bob_id, RoomRole::Manager));
    does(&mut bob, role(ada_id, RoomRole::Member)).await;
    assert_eq!(refused_code(&mut ada, role(ada_id, RoomRole::Manager)).await, ErrorCode::Forbidden);
    does(&mut ada, Command::LeaveRoom { room }).await;
    does(&mut bob, Command::LeaveRoom { room }).await;
    // Whose name is let go hands the room on, by an event.
    let room = create_closed(&mut ada, "attic").await;
    does(&mut ada, Command::AddMember { room, user: bob_id }).await;
    ada_session.post("/api/v1/sign-out", "{}").await.unwrap();
    let event = until(&mut bob, |event| event.room == room && matches!(event.change, Change::RoleChanged { .. })).await;
    let Change::RoleChanged { who, role: now } = event.change else { unreachable!() };
    assert_eq!((who.id, now), (bob_id, RoomRole::Manager));
}

#[tokio::test]
async fn room_9_an_archived_room_is_read_and_nothing_more_is_said_until_it_is_taken_up_again() {
    let house = House::start();
    let (_, mut ada, _) = enter(&house, "Ada").await;
    let (bob_session, mut bob, _) = enter(&house, "Bob").await;
    let room = create(&mut ada, "tea").await.room.id;
    join(&mut bob, room).await;
    ada.post(room, "kept").await.unwrap();
    assert_eq!(refused_code(&mut bob, Command::ArchiveRoom { room }).await, ErrorCode::Forbidden);
    for _ in 0..2 {
        does(&mut ada, Command::ArchiveRoom { room }).await;
    }
    let event = until(&mut bob, |event| event.change == Change::RoomArchived).await;
    assert_eq!((event.seq, event.by.name.as_str()), (Seq(4), "Ada"));
    for client in [&mut ada, &mut bob] {
        let post = Command::Post { room, client_id: fresh(), text: "canary".to_owned(), answers: None, files: vec![] };
        assert_eq!(refused_code(client, post).await, ErrorCode::Forbidden);
    }
    let log = bob_session.whole_log(room).await.unwrap();
    assert_eq!(log.len(), 4, "archiving twice is one event");
    assert!(!bob_session.get("/api/v1/rooms").await.unwrap().body.contains("tea"), "it is offered to nobody");
    let (_, welcome) = resume(&bob_session, &[]).await;
    assert!(welcome.rooms.iter().any(|state| state.room.id == room && state.room.archived));
    does(&mut ada, Command::RestoreRoom { room }).await;
    bob.post(room, "again").await.unwrap();
}

#[tokio::test]
async fn room_10_where_only_managers_speak_nobody_else_does() {
    let house = House::start();
    let (_, mut ada, _) = enter(&house, "Ada").await;
    let (bob_session, mut bob, _) = enter(&house, "Bob").await;
    let room = create(&mut ada, "news").await.room.id;
    join(&mut bob, room).await;
    does(&mut ada, Command::SetPosting { room, post_by: PostBy::Managers, slow_s: 0 }).await;
    let event = until(&mut bob, |event| matches!(event.change, Change::PostingChanged { .. })).await;
    assert_eq!(event.change, Change::PostingChanged { post_by: PostBy::Managers, slow_s: 0 });
    let post = || Command::Post { room, client_id: fresh(), text: "canary".to_owned(), answers: None, files: vec![] };
    assert_eq!(refused_code(&mut bob, post()).await, ErrorCode::Forbidden);
    // A topic is said to everyone as well.
    let topic = || Command::RenameRoom { room, name: "news".to_owned(), topic: "canary".to_owned() };
    assert_eq!(refused_code(&mut bob, topic()).await, ErrorCode::Forbidden);
    does(&mut ada, Command::RenameRoom { room, name: "news".to_owned(), topic: "of today".to_owned() }).await;
    ada.post(room, "news").await.unwrap();
    promote(&house, &bob_session, "administrator");
    bob.request(post()).await.unwrap();
}

#[tokio::test]
async fn room_11_and_log_4_a_slow_room_takes_one_message_of_each_in_so_many_seconds() {
    let house = House::start();
    let (_, mut ada, _) = enter(&house, "Ada").await;
    let (_, mut bob, _) = enter(&house, "Bob").await;
    let room = create(&mut ada, "calm").await.room.id;
    join(&mut bob, room).await;
    let too_slow = Command::SetPosting { room, post_by: PostBy::Everyone, slow_s: 6 * 3_600 + 1 };
    assert_eq!(refused_code(&mut ada, too_slow).await, ErrorCode::TooBig);
    does(&mut ada, Command::SetPosting { room, post_by: PostBy::Everyone, slow_s: 1 }).await;
    bob.post(room, "one").await.unwrap();
    let second = Command::Post { room, client_id: fresh(), text: "two".to_owned(), answers: None, files: vec![] };
    let third = Command::Post { room, client_id: fresh(), text: "three".to_owned(), answers: None, files: vec![] };
    let refusal = refused(&mut bob, second.clone()).await;
    let wait_ms = refusal.retry_after_ms.unwrap();
    assert!(refusal.code == ErrorCode::Rate && (1..=1_000).contains(&wait_ms), "{refusal:?}");
    // Who looks after the room does not wait.
    for _ in 0..3 {
        ada.post(room, "more").await.unwrap();
    }
    tokio::time::sleep(std::time::Duration::from_millis(u64::from(wait_ms) + 20)).await;
    assert_eq!(refused_code(&mut bob, third).await, ErrorCode::Busy, "it is behind the one that was refused");
    bob.request(second).await.unwrap();
}

#[tokio::test]
async fn room_6_and_s48_who_blocked_the_asker_is_added_nowhere_by_them_and_is_answered_as_nobody() {
    let house = House::start();
    let (mallory_session, mut mallory, _) = enter(&house, "Mallory").await;
    let (victor_session, mut victor, _) = enter(&house, "Victor").await;
    let room = crate::people::create_closed(&mut mallory, "cellar").await;
    does(&mut victor, Command::Block { user: mallory_session.you.id }).await;
    let nobody = refused(&mut mallory, Command::AddMember { room, user: UserId(99_999) }).await;
    assert_eq!(nobody.code, ErrorCode::NotFound);
    assert_eq!(refused(&mut mallory, Command::AddMember { room, user: victor_session.you.id }).await, nobody);
    does(&mut victor, Command::Unblock { user: mallory_session.you.id }).await;
    does(&mut mallory, Command::AddMember { room, user: victor_session.you.id }).await;
}

#[tokio::test]
async fn room_6_who_left_by_themselves_is_left_alone_for_a_day() {
    let house = House::start();
    let (_, mut ada, _) = enter(&house, "Ada").await;
    let (bob_session, mut bob, _) = enter(&house, "Bob").await;
    let user = bob_session.you.id;
    let (open, closed) = (create(&mut ada, "tea").await.room.id, crate::people::create_closed(&mut ada, "attic").await);
    for room in [open, closed] {
        does(&mut ada, Command::AddMember { room, user }).await;
        does(&mut bob, Command::LeaveRoom { room }).await;
        assert_eq!(refused_code(&mut ada, Command::AddMember { room, user }).await, ErrorCode::Forbidden);
    }
    house.database().execute("update event set at = at - 86400000 where kind = 'member_left'", []).unwrap();
    does(&mut ada, Command::AddMember { room: closed, user }).await;
    assert_eq!(join(&mut bob, open).await.members, 2);
}
