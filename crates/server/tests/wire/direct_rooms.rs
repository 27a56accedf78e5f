//! Direct rooms: the talk of a fixed set of people (DIR-1 to DIR-4, S48).

use parlour_client::Client;
use parlour_protocol::{
    Change, Command, ErrorCode, Notice, PostBy, RoomId, RoomKind, RoomRole, Seq, ServerFrame, UserId, limits,
};

use crate::house::House;
use crate::people::{direct, does, enter, fresh, hears, notice, promote, refused, refused_code, resume, session};

fn names(with: &[parlour_protocol::Author]) -> Vec<&str> {
    with.iter().map(|author| author.name.as_str()).collect()
}

async fn told_of(client: &mut Client) -> parlour_protocol::RoomState {
    match notice(client).await {
        Notice::RoomAdded { state } => state,
        other => panic!("not shown in: {other:?}"),
    }
}

#[tokio::test]
async fn dir_1_the_same_people_find_the_same_room_whoever_asks_and_however_often() {
    let house = House::start();
    let (ada_session, mut ada, _) = enter(&house, "Ada").await;
    let (bea_session, mut bea, _) = enter(&house, "Bea").await;
    let (carl_session, mut carl, _) = enter(&house, "Carl").await;
    let (ada_id, bea_id, carl_id) = (ada_session.you.id, bea_session.you.id, carl_session.you.id);
    let state = direct(&mut ada, &[bea_id]).await;
    assert_eq!((state.room.kind, state.room.name.as_str(), state.room.topic.as_str()), (RoomKind::Direct, "", ""));
    assert_eq!((state.members, state.role, names(&state.with)), (2, RoomRole::Member, vec!["Bea"]));
    let theirs = told_of(&mut bea).await;
    assert_eq!((theirs.room.id, names(&theirs.with), theirs.unread), (state.room.id, vec!["Ada"], 0));
    ada.post(state.room.id, "hello").await.unwrap();
    assert_eq!(hears(&mut bea).await, "hello");
    for people in [vec![ada_id], vec![ada_id, bea_id, ada_id]] {
        assert_eq!(direct(&mut bea, &people).await.room.id, state.room.id);
    }
    // A third makes it another room, and a group has no more than its set of people either.
    let group = direct(&mut carl, &[bea_id, ada_id]).await;
    assert!(group.room.id != state.room.id && names(&group.with) == ["Ada", "Bea"]);
    assert_eq!(direct(&mut ada, &[carl_id, bea_id]).await.room.id, group.room.id);
    let (_, welcome) = resume(&bea_session, &[]).await;
    let rooms: Vec<_> = welcome.rooms.iter().map(|room| (room.room.id, names(&room.with))).collect();
    assert!(rooms.contains(&(state.room.id, vec!["Ada"])) && rooms.contains(&(group.room.id, vec!["Ada", "Carl"])));
    let log = ada_session.whole_log(state.room.id).await.unwrap();
    let kinds: Vec<&str> = log.iter().map(|event| kind(&event.change)).collect();
    assert_eq!(kinds, ["created", "added", "message"]);
}

fn kind(change: &Change) -> &'static str {
    match change {
        Change::RoomCreated { .. } => "created",
        Change::MemberAdded { .. } => "added",
        Change::Message { .. } => "message",
        _ => "other",
    }
}

#[tokio::test]
async fn dir_1_two_who_begin_at_once_begin_one_room() {
    let house = House::start();
    let (ada_session, mut ada, _) = enter(&house, "Ada").await;
    let (bea_session, mut bea, _) = enter(&house, "Bea").await;
    let (one, two) = ([bea_session.you.id], [ada_session.you.id]);
    let (mine, theirs) = tokio::join!(direct(&mut ada, &one), direct(&mut bea, &two));
    assert_eq!(mine.room.id, theirs.room.id);
}

#[tokio::test]
async fn dir_2_a_direct_room_stays_as_it_is() {
    let house = House::start();
    let (ada_session, mut ada, _) = enter(&house, "Ada").await;
    let bea = session(&house, "Bea").await.you.id;
    let carl = session(&house, "Carl").await.you.id;
    promote(&house, &ada_session, "owner");
    let room = direct(&mut ada, &[bea]).await.room.id;
    let commands = [
        Command::RenameRoom { room, name: "us".to_owned(), topic: String::new() },
        Command::SetPosting { room, post_by: PostBy::Managers, slow_s: 9 },
        Command::ArchiveRoom { room },
        Command::RestoreRoom { room },
        Command::LeaveRoom { room },
        Command::AddMember { room, user: carl },
        Command::RemoveMember { room, user: bea },
        Command::SetRoomRole { room, user: ada_session.you.id, role: RoomRole::Manager },
    ];
    for command in commands {
        assert_eq!(refused_code(&mut ada, command).await, ErrorCode::Forbidden);
    }
}

#[tokio::test]
async fn dir_3_a_direct_room_is_for_2_to_100_people_who_are_there() {
    let house = House::start();
    let (ada_session, mut ada, _) = enter(&house, "Ada").await;
    let mut people = Vec::new();
    for number in 0..limits::DIRECT_PEOPLE_MAX {
        people.push(session(&house, &format!("person {number}")).await.you.id);
    }
    let open = |people: &[UserId]| Command::OpenDirect { people: people.to_vec() };
    for wrong in [&people[..0], &[ada_session.you.id], &people[..]] {
        assert_eq!(refused_code(&mut ada, open(wrong)).await, ErrorCode::TooMany);
    }
    let state = direct(&mut ada, &people[1..]).await;
    assert_eq!((state.members as usize, state.with.len()), (limits::DIRECT_PEOPLE_MAX, limits::DIRECT_NAMES_MAX));
    assert_eq!(refused_code(&mut ada, open(&[people[0], UserId(9_999)])).await, ErrorCode::NotFound);
    // A frame of thousands costs no more than its reading.
    let crowd: Vec<UserId> = (1..8_000).map(UserId).collect();
    assert_eq!(refused_code(&mut ada, open(&crowd)).await, ErrorCode::TooMany);
}

#[tokio::test]
async fn dir_4_and_s48_who_is_blocked_is_answered_as_to_nobody_when_beginning_and_when_speaking() {
    let house = House::start();
    let (ada_session, mut ada, _) = enter(&house, "Ada").await;
    let (bea_session, mut bea, _) = enter(&house, "Bea").await;
    let (carl_session, mut carl, _) = enter(&house, "Carl").await;
    let (ada_id, bea_id) = (ada_session.you.id, bea_session.you.id);
    let with_bea = direct(&mut ada, &[bea_id]).await.room.id;
    let with_carl = direct(&mut ada, &[carl_session.you.id]).await.room.id;
    ada.post(with_bea, "before").await.unwrap();
    does(&mut bea, Command::Block { user: ada_id }).await;
    drop(carl.request(Command::Ping).await);
    carl_session.post("/api/v1/sign-out", "{}").await.unwrap();
    let say = |room: RoomId| Command::Post {
        room,
        client_id: fresh(),
        text: "canary".to_owned(),
        answers: None,
        files: vec![],
    };
    let open = |user: UserId| Command::OpenDirect { people: vec![user] };
    let nobody = refused(&mut ada, open(UserId(9_999))).await;
    assert_eq!(nobody.code, ErrorCode::NotFound);
    assert_eq!(refused(&mut ada, open(bea_id)).await, nobody, "blocked");
    assert_eq!(refused(&mut ada, open(carl_session.you.id)).await, nobody, "gone");
    assert_eq!(refused(&mut ada, say(with_bea)).await, nobody, "blocked");
    assert_eq!(refused(&mut ada, say(with_carl)).await, nobody, "gone");
    let group = Command::OpenDirect { people: vec![bea_id, session(&house, "Dora").await.you.id] };
    assert_eq!(refused(&mut ada, group).await, nobody, "nor with a third");
    // The room is there as before, for both, and nothing in it tells of the block.
    let log = ada_session.whole_log(with_bea).await.unwrap();
    assert_eq!(log.len(), 3);
    assert!(!serde_json::to_string(&log).unwrap().contains("block"));
    ada.post(RoomId::LOBBY, "fence").await.unwrap();
    loop {
        match ada.next().await.unwrap() {
            ServerFrame::Event(event) if event.room == RoomId::LOBBY => break,
            ServerFrame::Notice { notice } => assert!(!matches!(notice, Notice::RoomRemoved { .. })),
            _ => {}
        }
    }
    // Who blocks knows it, and may stop.
    for command in [open(ada_id), say(with_bea)] {
        assert_eq!(refused_code(&mut bea, command).await, ErrorCode::Forbidden);
    }
    does(&mut bea, Command::Unblock { user: ada_id }).await;
    assert_eq!(ada.post(with_bea, "again").await.unwrap(), Seq(4));
    assert_eq!(direct(&mut ada, &[bea_id]).await.room.id, with_bea);
}

#[tokio::test]
async fn dir_5_direct_rooms_that_others_began_keep_nobody_from_rooms_of_their_own() {
    let house = House::start();
    let (ada_session, mut ada, _) = enter(&house, "Ada").await;
    let (bea_session, mut bea, _) = enter(&house, "Bea").await;
    let (ada_id, bea_id) = (ada_session.you.id, bea_session.you.id);
    // As many as there could be before there was a bound of their own, by somebody with as many names.
    let mut database = house.database();
    let filling = database.transaction().unwrap();
    for number in 1..=limits::ROOMS_PER_USER_MAX as u64 {
        let room = 10 + number;
        let sql = "insert into room (id, shard, name, name_skeleton, topic, kind, head, msgs, floor, members, last_at, created_by,
             created_at, direct_key) values (?1, 1, '', '', '', 'direct', 0, 0, 0, 1, 0, ?2, 0, 'filled ' || ?1)";
        filling.execute(sql, (room, bea_id.0)).unwrap();
        let sql = "insert into member (room, user, since_seq, read_seq) values (?1, ?2, 1, 0)";
        filling.execute(sql, (room, ada_id.0)).unwrap();
    }
    filling.commit().unwrap();
    let open = |user: UserId| Command::OpenDirect { people: vec![user] };
    assert_eq!(refused_code(&mut bea, open(ada_id)).await, ErrorCode::TooMany);
    crate::people::create(&mut ada, "tea").await;
    let room = direct(&mut ada, &[bea_id]).await.room.id;
    assert_eq!(direct(&mut bea, &[ada_id]).await.room.id, room, "what is there is found");
}

#[tokio::test]
async fn dir_5_one_person_begins_fifty_direct_rooms_with_somebody_and_others_begin_theirs() {
    let house = House::start();
    let (ada_session, mut ada, _) = enter(&house, "Ada").await;
    let (bea_session, mut bea, _) = enter(&house, "Bea").await;
    let (cora_session, mut cora, _) = enter(&house, "Cora").await;
    let (ada_id, bea_id, cora_id) = (ada_session.you.id, bea_session.you.id, cora_session.you.id);
    let mut database = house.database();
    let filling = database.transaction().unwrap();
    for number in 1..=limits::DIRECT_NAMED_BY_ONE_MAX as u64 {
        let room = 10 + number;
        let sql = "insert into room (id, shard, name, name_skeleton, topic, kind, head, msgs, floor, members, last_at, created_by,
             created_at, direct_key) values (?1, 1, '', '', '', 'direct', 0, 0, 0, 1, 0, ?2, 0, 'filled ' || ?1)";
        filling.execute(sql, (room, bea_id.0)).unwrap();
        let sql = "insert into member (room, user, since_seq, read_seq) values (?1, ?2, 1, 0)";
        filling.execute(sql, (room, ada_id.0)).unwrap();
    }
    filling.commit().unwrap();
    let open = |people: &[UserId]| Command::OpenDirect { people: people.to_vec() };
    assert_eq!(refused_code(&mut bea, open(&[ada_id])).await, ErrorCode::TooMany);
    assert_eq!(
        refused_code(&mut bea, open(&[ada_id, cora_id])).await,
        ErrorCode::TooMany,
        "nor with others beside her"
    );
    direct(&mut cora, &[ada_id]).await;
    direct(&mut bea, &[cora_id]).await;
    direct(&mut ada, &[bea_id]).await;
}

#[tokio::test]
async fn dir_5_a_person_begins_fifty_direct_rooms_a_day_and_finds_those_that_are_there() {
    let house = House::start();
    let (_, mut ada, _) = enter(&house, "Ada").await;
    let mut people = Vec::new();
    for number in 0..=limits::DIRECT_NEW_PER_DAY_MAX {
        people.push(session(&house, &format!("person {number}")).await.you.id);
    }
    let last = people.pop().unwrap();
    for person in &people {
        direct(&mut ada, &[*person]).await;
    }
    let open = |user: UserId| Command::OpenDirect { people: vec![user] };
    assert_eq!(refused_code(&mut ada, open(last)).await, ErrorCode::TooMany);
    direct(&mut ada, &people[..1]).await;
    // What was begun yesterday counts no more.
    house.database().execute("update room set created_at = created_at - 86400000", []).unwrap();
    direct(&mut ada, &[last]).await;
}
