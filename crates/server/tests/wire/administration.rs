//! Those who look after the house: roles, suspension, rooms, and the log of what they did (ADM-1 to ADM-6, S33, CON-7).

use std::time::{Duration, Instant};

use parlour_client::{Client, Session};
use parlour_protocol::admin::{AdminActs, AdminPeople, AdminRooms};
use parlour_protocol::{Change, Command, ErrorCode, Hello, Notice, Role, RoomId, RoomKind, User};

use crate::house::House;
use crate::people::{
    account, closed, create, create_closed, direct, does, enter, fresh, join, promote, refused_code, session,
};

async fn post(who: &Session, path: &str, json: &str) -> u16 {
    who.post(&format!("/api/v1/admin/{path}"), json).await.unwrap().status
}

async fn acts(who: &Session) -> Vec<String> {
    let body = who.get("/api/v1/admin/acts").await.unwrap().body;
    let AdminActs { acts } = serde_json::from_str(&body).unwrap();
    let words = |act: parlour_protocol::admin::AdminAct| {
        let whom = act.whom_name.unwrap_or_default();
        format!("{} {} {whom} {}", act.by_name, act.act, act.note).trim_end().to_owned()
    };
    acts.into_iter().map(words).collect()
}

#[tokio::test]
async fn adm_1_what_is_for_administrators_is_forbidden_to_members_and_unseen_by_strangers() {
    let house = House::start();
    let (ada, _, _) = enter(&house, "Ada").await;
    for path in ["people", "rooms", "reports", "acts"] {
        let path = format!("/api/v1/admin/{path}");
        assert_eq!(ada.get(&path).await.unwrap().status, 403, "{path}");
        assert_eq!(parlour_client::http::get(house.address, &path, "").await.unwrap().status, 401, "{path}");
    }
    for path in ["people/1/role", "people/99/role"] {
        assert_eq!(post(&ada, path, r#"{"role":"owner"}"#).await, 403, "{path}");
    }
    for path in ["people/1/suspend", "people/99/suspend", "people/1/restore", "reports/1/settle"] {
        assert_eq!(post(&ada, path, "{}").await, 403, "{path}");
    }
    let you: serde_json::Value = serde_json::from_str(&ada.get("/api/v1/boot").await.unwrap().body).unwrap();
    assert_eq!(you["you"]["role"], "member");
}

#[tokio::test]
async fn adm_2_administrators_make_members_and_only_owners_make_administrators_and_one_owner_stays() {
    let house = House::start();
    let owner = crate::people::owner(&house).await;
    let (admin, bob) = (account(&house, "Ann").await, account(&house, "Bob").await);
    let role = |who: &Session| format!("people/{}/role", who.you.id);
    assert_eq!(post(&owner, &role(&admin), r#"{"role":"administrator"}"#).await, 204);
    assert_eq!(post(&admin, &role(&bob), r#"{"role":"bot"}"#).await, 204);
    assert_eq!(post(&admin, &role(&bob), r#"{"role":"member"}"#).await, 204);
    assert_eq!(post(&admin, &role(&bob), r#"{"role":"member"}"#).await, 204, "nothing changed, and no act");
    for greater in ["administrator", "owner"] {
        let body = format!(r#"{{"role":"{greater}"}}"#);
        assert_eq!(post(&admin, &role(&bob), &body).await, 403);
        assert_eq!(post(&admin, &role(&admin), &body).await, 403);
    }
    assert_eq!(post(&admin, &role(&owner), r#"{"role":"member"}"#).await, 403);
    assert_eq!(post(&owner, &role(&owner), r#"{"role":"member"}"#).await, 403, "the last owner stays one");
    assert_eq!(post(&owner, &format!("people/{}/suspend", owner.you.id), "{}").await, 403);
    for bad in ["{}", r#"{"role":"king"}"#, r#"{"role":"owner","since":1}"#, "[]", ""] {
        assert_eq!(post(&owner, &role(&bob), bad).await, 400, "{bad}");
    }
    assert_eq!(post(&owner, "people/999/role", r#"{"role":"bot"}"#).await, 404);
    assert_eq!(post(&owner, &role(&admin), r#"{"role":"owner"}"#).await, 204);
    assert_eq!(post(&admin, &role(&owner), r#"{"role":"member"}"#).await, 204);
    let done = [
        "Ann set_role Olga member",
        "Olga set_role Ann owner",
        "Ann set_role Bob member",
        "Ann set_role Bob bot",
        "Olga set_role Ann administrator",
    ];
    assert_eq!(acts(&admin).await, done);
    let body = admin.get("/api/v1/admin/people").await.unwrap().body;
    let AdminPeople { people } = serde_json::from_str(&body).unwrap();
    let roles: Vec<_> = people.iter().map(|person| (person.name.as_str(), person.role)).collect();
    assert_eq!(roles, [("Olga", Role::Member), ("Ann", Role::Owner), ("Bob", Role::Member)]);
}

#[tokio::test]
async fn adm_2_nobody_holds_an_office_by_a_name_alone_that_ends_with_their_session() {
    let house = House::start();
    let owner = crate::people::owner(&house).await;
    let bob = session(&house, "Bob").await;
    let path = format!("people/{}/role", bob.you.id);
    for role in ["administrator", "owner"] {
        assert_eq!(post(&owner, &path, &format!(r#"{{"role":"{role}"}}"#)).await, 403, "{role}");
    }
    assert_eq!(post(&owner, &path, r#"{"role":"bot"}"#).await, 204);
    assert_eq!(acts(&owner).await, ["Olga set_role Bob bot"]);
}

#[tokio::test]
async fn s18_who_becomes_something_else_is_told_on_every_socket_and_may_do_what_they_are() {
    let house = House::start();
    let owner = crate::people::owner(&house).await;
    let ann = account(&house, "Ann").await;
    let (mut here, _) = Client::connect(&ann, Hello::default()).await.unwrap();
    let (mut there, _) = Client::connect(&ann, Hello::default()).await.unwrap();
    let path = format!("people/{}/role", ann.you.id);
    let set = Command::SetPosting { room: RoomId::LOBBY, post_by: parlour_protocol::PostBy::Managers, slow_s: 0 };
    for role in [Role::Administrator, Role::Member, Role::Guest] {
        let body = format!(r#"{{"role":{}}}"#, serde_json::to_string(&role).unwrap());
        assert_eq!(post(&owner, &path, &body).await, 204);
        let expected = Notice::You { you: User { role, ..ann.you.clone() } };
        for client in [&mut here, &mut there] {
            assert_eq!(crate::people::notice(client).await, expected);
        }
        match role {
            Role::Administrator => does(&mut here, set.clone()).await,
            _ => assert_eq!(refused_code(&mut here, set.clone()).await, ErrorCode::Forbidden, "{role:?}"),
        }
    }
    // Told once: what follows is the next thing that changes.
    assert_eq!(post(&owner, &path, r#"{"role":"guest"}"#).await, 204);
    assert_eq!(post(&owner, &path, r#"{"role":"bot"}"#).await, 204);
    let expected = Notice::You { you: User { role: Role::Bot, ..ann.you.clone() } };
    assert_eq!(crate::people::notice(&mut here).await, expected);
}

#[tokio::test]
async fn adm_3_and_con_7_who_is_suspended_is_out_within_a_second_and_in_again_afterwards() {
    let house = House::start();
    let (owner, _, _) = enter(&house, "Olga").await;
    promote(&house, &owner, "owner");
    let (bob, mut here, _) = enter(&house, "Bob").await;
    let (mut there, _) = Client::connect(&bob, Hello::default()).await.unwrap();
    let room = create(&mut here, "tea").await.room.id;
    let (suspend, restore) = (format!("people/{}/suspend", bob.you.id), format!("people/{}/restore", bob.you.id));
    let began = Instant::now();
    assert_eq!(post(&owner, &suspend, r#"{"note":"Spam."}"#).await, 204);
    for client in [&mut here, &mut there] {
        assert_eq!(closed(client).await, Some(4001));
    }
    assert!(began.elapsed() < Duration::from_secs(1), "{:?}", began.elapsed());
    assert!(Client::open(&bob).await.is_err(), "no socket opens");
    for path in ["/api/v1/rooms", "/api/v1/rooms/1/history", "/api/v1/blocks"] {
        assert_eq!(bob.get(path).await.unwrap().status, 401, "{path}");
    }
    assert!(!bob.get("/").await.unwrap().body.contains("Bob"));
    let again = Session::sign_in(house.address, "Bob").await.unwrap_err().to_string();
    assert!(again.starts_with("409"), "the name stays theirs: {again}");
    assert_eq!(post(&owner, &suspend, "{}").await, 204, "twice is once");
    assert_eq!(post(&owner, &restore, "{}").await, 204);
    let (mut back, welcome) = Client::connect(&bob, Hello::default()).await.unwrap();
    assert!(welcome.rooms.iter().any(|state| state.room.id == room), "as if nothing had been");
    back.post(room, "again").await.unwrap();
    assert_eq!(acts(&owner).await, ["Olga lift_suspension Bob", "Olga suspend Bob Spam."]);
}

#[tokio::test]
async fn adm_4_administrators_see_names_and_kinds_of_rooms_and_archive_them_and_see_nothing_said() {
    let house = House::start();
    let (owner, mut olga, _) = enter(&house, "Olga").await;
    promote(&house, &owner, "owner");
    let (ada_session, mut ada, _) = enter(&house, "Ada").await;
    let open = create(&mut ada, "tea").await.room.id;
    let closed = create_closed(&mut ada, "cellar").await;
    let direct = direct(&mut ada, &[owner.you.id]).await.room.id;
    ada.post(closed, "canary").await.unwrap();
    let body = owner.get("/api/v1/admin/rooms").await.unwrap().body;
    assert!(!body.contains("canary"));
    let AdminRooms { rooms } = serde_json::from_str(&body).unwrap();
    let seen: Vec<_> = rooms.iter().map(|room| (room.id, room.name.as_str(), room.kind, room.members)).collect();
    let lobby = (RoomId::LOBBY, "lobby", RoomKind::Lobby, 2);
    assert_eq!(seen, [lobby, (open, "tea", RoomKind::Open, 1), (closed, "cellar", RoomKind::Closed, 1)]);
    for _ in 0..2 {
        assert_eq!(post(&owner, &format!("rooms/{closed}/archive"), "{}").await, 204);
    }
    let say = Command::Post { room: closed, client_id: fresh(), text: "more".to_owned(), answers: None, files: vec![] };
    assert_eq!(refused_code(&mut ada, say).await, ErrorCode::Forbidden);
    let log = ada_session.whole_log(closed).await.unwrap();
    let last = log.last().unwrap();
    assert_eq!((last.by.name.as_str(), &last.change), ("Olga", &Change::RoomArchived), "its members see who did it");
    assert_eq!(post(&owner, &format!("rooms/{closed}/restore"), "{}").await, 204);
    assert_eq!(post(&owner, "rooms/1/archive", "{}").await, 403, "the lobby");
    assert_eq!(post(&owner, &format!("rooms/{direct}/archive"), "{}").await, 403, "a direct room of one's own");
    assert_eq!(post(&owner, "rooms/99/archive", "{}").await, 404);
    // In an open room an office is enough to remove somebody, and to hold the lobby to its managers.
    join(&mut olga, open).await;
    does(&mut olga, Command::RemoveMember { room: open, user: ada_session.you.id }).await;
    let expected = ["Olga remove_member Ada", "Olga restore_room", "Olga archive_room"];
    assert_eq!(acts(&owner).await, expected);
    // A manager does such things of their own right, which is no act of office.
    let own = create(&mut olga, "own").await.room.id;
    does(&mut olga, Command::ArchiveRoom { room: own }).await;
    assert_eq!(acts(&owner).await, expected);
}

#[tokio::test]
async fn adm_6_the_log_of_acts_is_read_by_page_and_refuses_to_be_changed() {
    let house = House::start();
    let (owner, _, _) = enter(&house, "Olga").await;
    promote(&house, &owner, "owner");
    let bob = session(&house, "Bob").await;
    for number in 0..205 {
        let role = if number % 2 == 0 { "bot" } else { "member" };
        let body = format!(r#"{{"role":"{role}"}}"#);
        assert_eq!(post(&owner, &format!("people/{}/role", bob.you.id), &body).await, 204);
    }
    let page = async |query: &str| -> Vec<u64> {
        let body = owner.get(&format!("/api/v1/admin/acts{query}")).await.unwrap().body;
        let AdminActs { acts } = serde_json::from_str(&body).unwrap();
        acts.iter().map(|act| act.id).collect()
    };
    assert_eq!(page("").await, (6..=205).rev().collect::<Vec<_>>());
    assert_eq!(page("?before=6").await, [5, 4, 3, 2, 1]);
    assert!(page("?before=1").await.is_empty());
    assert_eq!(owner.get("/api/v1/admin/acts?after=1").await.unwrap().status, 400);
    let database = house.database();
    for sql in [
        "update admin_act set note = 'x' where id = 1",
        "delete from admin_act",
        "insert or replace into admin_act (id, actor_name, act, note, at) values (1, 'x', 'x', 'x', 0)",
    ] {
        let said = database.execute(sql, []).unwrap_err().to_string();
        assert!(said.contains("only added to"), "{sql}: {said}");
    }
    assert_eq!(page("?before=3").await, [2, 1]);
}
