//! Links into the house: invitations, guest links, resets (LINK-1 to LINK-6, S27, S28).

use parlour_client::http::{self, Response};
use parlour_client::{Client, Session};
use parlour_protocol::account::{Invitations, MadeLink, ShownInvitation};
use parlour_protocol::{Change, Command, ErrorCode, Hello, Role, RoomId, RoomKind, limits};
use serde_json::{Value, json};

use crate::house::House;
use crate::people::{
    PASSWORD, account, ask, begun, closed, connect, create, create_closed, does, enter, no, owner, post, promote,
    refused_code, said_no, sign_in,
};

const CLOSED_DOOR: [&str; 4] = ["--rate-limits", "off", "--door", "invitation"];

async fn admin(who: &Session, path: &str, body: &Value) -> Response {
    who.post(&format!("/api/v1/admin/{path}"), &body.to_string()).await.unwrap()
}

/// Makes a link, and returns it with its token.
async fn made(who: &Session, path: &str, body: &Value) -> (MadeLink, String) {
    let answer = admin(who, path, body).await;
    assert_eq!(answer.status, 201, "{}", answer.body);
    let link: MadeLink = serde_json::from_str(&answer.body).unwrap();
    let token = link.url.0.rsplit('/').next().unwrap().to_owned();
    (link, token)
}

async fn invite(who: &Session, body: &Value) -> (MadeLink, String) {
    made(who, "invitations", body).await
}

fn joining(token: &str, name: &str) -> Value {
    json!({"token": token, "name": name, "handle": name.to_lowercase(), "password": PASSWORD})
}

#[tokio::test]
async fn link_1_link_2_and_link_3_an_invitation_lets_in_as_many_as_it_says_into_the_rooms_it_says() {
    let house = House::start_with(&CLOSED_DOOR);
    let olga = owner(&house).await;
    let (mut client, _) = connect(&olga, Hello::default()).await;
    let tea = create(&mut client, "tea").await.room.id;
    let cellar = create_closed(&mut client, "cellar").await;
    let body = json!({"rooms": [tea, cellar, tea], "uses": 2, "note": "for Ada and Bob"});
    let (link, token) = invite(&olga, &body).await;
    assert_eq!(link.url.0, format!("http://{}/join/{token}", house.address));
    assert!(link.qr.starts_with("<svg "));
    let shown = ask(&house, "invitation", &json!({"token": token})).await;
    let shown: ShownInvitation = serde_json::from_str(&shown.body).unwrap();
    assert_eq!((shown.by.as_str(), shown.role), ("Olga", Role::Member));
    assert_eq!(shown.rooms, ["tea", "cellar"]);
    let ada = begun(&house, &ask(&house, "join", &joining(&token, "Ada")).await);
    let (mut heard, welcome) = Client::connect(&ada, Hello::default()).await.unwrap();
    let rooms: Vec<_> = welcome.rooms.iter().map(|state| state.room.kind).collect();
    assert_eq!(rooms, [RoomKind::Lobby, RoomKind::Closed, RoomKind::Open]);
    heard.post(cellar, "thank you").await.unwrap();
    let log = olga.whole_log(cellar).await.unwrap();
    assert!(log.iter().any(|event| event.by.id == ada.you.id && event.change == Change::MemberJoined));
    begun(&house, &ask(&house, "join", &joining(&token, "Bob")).await);
    assert_eq!(said_no(&ask(&house, "join", &joining(&token, "Eve")).await), no(410, "link_over", "token"));
    let Invitations { invitations } =
        serde_json::from_str(&olga.get("/api/v1/admin/invitations").await.unwrap().body).unwrap();
    let one = &invitations[0];
    assert_eq!((one.uses, one.uses_max, one.note.as_str()), (2, 2, "for Ada and Bob"));
    assert_eq!((&one.rooms, one.role, one.by.as_str()), (&vec![tea, cellar], Role::Member, "Olga"));
    let acts = olga.get("/api/v1/admin/acts").await.unwrap().body;
    assert_eq!(acts.matches("\"invite\"").count(), 1, "{acts}");
    assert!(!acts.contains(&token) && !house.log().contains(&token));
}

#[tokio::test]
async fn s27_fifty_who_use_an_invitation_for_one_at_once_are_one_who_came_in() {
    let house = House::start_with(&CLOSED_DOOR);
    let olga = owner(&house).await;
    let (_, token) = invite(&olga, &json!({})).await;
    let askers: Vec<_> = (0..50)
        .map(|number| {
            let (address, body) = (house.address, joining(&token, &format!("Ada{number}")).to_string());
            tokio::spawn(async move { http::post(address, "/api/v1/join", &body, "").await.unwrap().status })
        })
        .collect();
    let mut statuses = Vec::new();
    for asker in askers {
        statuses.push(asker.await.unwrap());
    }
    assert_eq!(statuses.iter().filter(|status| **status == 201).count(), 1, "{statuses:?}");
    assert!(statuses.iter().all(|status| [201, 410, 503].contains(status)), "{statuses:?}");
    let counted: (u32, u32) = house
        .database()
        .query_row("select uses, (select count(*) from user) from invitation", [], |row| Ok((row.get(0)?, row.get(1)?)))
        .unwrap();
    assert_eq!(counted, (1, 2), "the owner and the one");
}

#[tokio::test]
async fn s27_a_link_that_is_over_taken_back_or_never_was_says_which_and_lets_nobody_in() {
    let house = House::start_with(&CLOSED_DOOR);
    let olga = owner(&house).await;
    let (link, revoked) = invite(&olga, &json!({})).await;
    let (_, old) = invite(&olga, &json!({"expires_s": 3600})).await;
    let stored: Vec<u8> =
        house.database().query_row("select token_hash from invitation limit 1", [], |row| row.get(0)).unwrap();
    assert_eq!((stored.len(), revoked.len()), (32, 43), "256 bits, of which the hash alone is kept");
    let path = format!("invitations/{}/revoke", link.id.unwrap());
    for _ in 0..2 {
        assert_eq!(admin(&olga, &path, &json!({"note": "a mistake"})).await.status, 204);
    }
    assert_eq!(admin(&olga, "invitations/99/revoke", &json!({})).await.status, 404);
    house.database().execute("update invitation set expires_at = 1 where id = 2", []).unwrap();
    for (token, status, code, word) in [
        (revoked.as_str(), 410, "link_over", "taken back"),
        (&old, 410, "link_over", "time"),
        (&"A".repeat(43), 404, "not_found", "nowhere"),
        ("", 404, "not_found", "nowhere"),
        ("../../etc", 404, "not_found", "nowhere"),
    ] {
        for answer in [
            ask(&house, "join", &joining(token, "Eve")).await,
            ask(&house, "invitation", &json!({"token": token})).await,
        ] {
            assert_eq!(said_no(&answer), no(status, code, "token"), "{token}");
            assert!(answer.body.contains(word), "{}", answer.body);
        }
    }
    let acts = olga.get("/api/v1/admin/acts").await.unwrap().body;
    assert_eq!(acts.matches("\"revoke_invitation\"").count(), 1, "{acts}");
}

#[tokio::test]
async fn s28_an_invitation_gives_its_role_and_rooms_and_nothing_else_and_ends_with_its_maker_s_office() {
    let house = House::start();
    let olga = owner(&house).await;
    let (ann, ada) = (account(&house, "Ann").await, account(&house, "Ada").await);
    promote(&house, &ann, "administrator");
    let (mut client, _) = connect(&olga, Hello::default()).await;
    let cellar = create_closed(&mut client, "cellar").await;
    assert_eq!(admin(&ada, "invitations", &json!({})).await.status, 403);
    assert_eq!(admin(&ann, "invitations", &json!({"role": "administrator"})).await.status, 403);
    assert_eq!(said_no(&admin(&olga, "invitations", &json!({"role": "owner"})).await), no(403, "forbidden", "role"));
    let into_a_closed_room = admin(&ann, "invitations", &json!({"rooms": [cellar]})).await;
    assert_eq!(said_no(&into_a_closed_room), no(404, "not_found", "rooms"), "no office opens a closed room");
    assert_eq!(admin(&ann, "invitations", &json!({"rooms": [99]})).await.body, into_a_closed_room.body);
    for (bad, code, field) in [
        (json!({"expires_s": 0}), "too_big", "expires_s"),
        (json!({"expires_s": limits::INVITATION_LIFE_S_MAX + 1}), "too_big", "expires_s"),
        (json!({"uses": limits::INVITATION_USES_MAX + 1}), "too_many", "uses"),
        (json!({"role": "guest"}), "too_many", "rooms"),
    ] {
        let (_, found, about) = said_no(&admin(&olga, "invitations", &bad).await);
        assert_eq!((found.as_str(), about.as_deref()), (code, Some(field)), "{bad}");
    }
    let (_, high) = invite(&olga, &json!({"role": "administrator"})).await;
    let zoe = begun(&house, &ask(&house, "join", &joining(&high, "Zoe")).await);
    assert_eq!((zoe.you.role, zoe.get("/api/v1/admin/people").await.unwrap().status), (Role::Administrator, 200));
    let (_, token) = invite(&ann, &json!({"uses": 0})).await;
    let bob = begun(&house, &ask(&house, "join", &joining(&token, "Bob")).await);
    assert_eq!(bob.you.role, Role::Member);
    assert_eq!(bob.get(&format!("/api/v1/rooms/{cellar}/history")).await.unwrap().status, 404);
    // A suspended person does not come back by it, nor does what a suspended maker gave out hold.
    let path = format!("people/{}/suspend", bob.you.id);
    assert_eq!(admin(&olga, &path, &json!({})).await.status, 204);
    let as_bob = json!({"token": token, "name": "Bob", "handle": "bob", "password": PASSWORD});
    assert_eq!(said_no(&bob.post("/api/v1/join", &as_bob.to_string()).await.unwrap()).0, 409);
    assert_eq!(admin(&olga, &format!("people/{}/suspend", ann.you.id), &json!({})).await.status, 204);
    assert_eq!(said_no(&ask(&house, "join", &joining(&token, "Eve")).await), no(410, "link_over", "token"));
}

#[tokio::test]
async fn s28_and_s43_an_invitation_gives_no_room_that_its_maker_is_out_of_or_its_user_was_removed_from() {
    let house = House::start();
    let olga = owner(&house).await;
    let (ann, ada) = (account(&house, "Ann").await, account(&house, "Ada").await);
    promote(&house, &ann, "administrator");
    let (mut client, _) = connect(&olga, Hello::default()).await;
    let (mut anns, _) = connect(&ann, Hello::default()).await;
    let cellar = create_closed(&mut anns, "cellar").await;
    let (_, ours) = invite(&ann, &json!({"rooms": [cellar], "uses": 0})).await;
    let (_, guests) = invite(&ann, &json!({"role": "guest", "rooms": [cellar], "uses": 0})).await;
    let history = format!("/api/v1/rooms/{cellar}/history");
    let with = |token: &str| json!({"token": token}).to_string();
    assert_eq!(ada.post("/api/v1/join", &with(&ours)).await.unwrap().status, 200);
    assert_eq!(ada.get(&history).await.unwrap().status, 200);
    does(&mut anns, Command::RemoveMember { room: cellar, user: ada.you.id }).await;
    for (token, status) in [(&ours, 200), (&guests, 403)] {
        assert_eq!(ada.post("/api/v1/join", &with(token)).await.unwrap().status, status);
        assert_eq!(ada.get(&history).await.unwrap().status, 404, "who was removed does not come back by themselves");
    }
    // The room is somebody else's now.
    does(&mut anns, Command::AddMember { room: cellar, user: olga.you.id }).await;
    let role = parlour_protocol::RoomRole::Manager;
    does(&mut anns, Command::SetRoomRole { room: cellar, user: olga.you.id, role }).await;
    does(&mut client, Command::RemoveMember { room: cellar, user: ann.you.id }).await;
    let shown = ask(&house, "invitation", &json!({"token": ours})).await;
    assert!(shown.body.contains(r#""rooms":[]"#), "{}", shown.body);
    assert_eq!(said_no(&ask(&house, "invitation", &json!({"token": guests})).await), no(410, "link_over", "token"));
    let bob = begun(&house, &ask(&house, "join", &joining(&ours, "Bob")).await);
    assert_eq!(bob.get(&history).await.unwrap().status, 404);
    let gus = ask(&house, "join", &json!({"token": guests, "name": "Gus"})).await;
    assert_eq!(said_no(&gus), no(410, "link_over", "token"));
}

#[tokio::test]
async fn link_3_who_is_inside_becomes_a_member_of_the_rooms_and_stays_who_they_are() {
    let house = House::start();
    let olga = owner(&house).await;
    let (mut client, _) = connect(&olga, Hello::default()).await;
    let cellar = create_closed(&mut client, "cellar").await;
    let (_, token) = invite(&olga, &json!({"rooms": [cellar], "uses": 2})).await;
    let ada = account(&house, "Ada").await;
    let (mut heard, _) = connect(&ada, Hello::default()).await;
    let body = json!({"token": token}).to_string();
    let answer = ada.post("/api/v1/join", &body).await.unwrap();
    assert_eq!((answer.status, answer.header("set-cookie")), (200, None), "{}", answer.body);
    let parlour_protocol::Notice::RoomAdded { state } = crate::people::notice(&mut heard).await else {
        panic!("no room was added")
    };
    assert_eq!(state.room.id, cellar);
    heard.post(cellar, "hello").await.unwrap();
    assert_eq!(ada.post("/api/v1/join", &body).await.unwrap().status, 200, "twice is once");
    let (_, bob) = {
        let (bob, mut client, _) = enter(&house, "Bob").await;
        client.request(post("before")).await.unwrap();
        let body = json!({"token": token, "handle": "bob", "password": PASSWORD}).to_string();
        let made = begun(&house, &bob.post("/api/v1/join", &body).await.unwrap());
        assert_eq!(made.you.id, bob.you.id, "a name of the open door becomes an account");
        (bob, made)
    };
    assert_eq!(bob.get(&format!("/api/v1/rooms/{cellar}/history")).await.unwrap().status, 200);
    assert_eq!(said_no(&ask(&house, "join", &joining(&token, "Eve")).await), no(410, "link_over", "token"));
}

#[tokio::test]
async fn link_4_a_guest_who_was_removed_does_not_come_back_by_the_link_as_themselves_or_under_another_name() {
    let house = House::start_with(&CLOSED_DOOR);
    let olga = owner(&house).await;
    let (mut client, _) = connect(&olga, Hello::default()).await;
    let (desk, other) = (create_closed(&mut client, "desk").await, create_closed(&mut client, "other").await);
    let (_, token) = invite(&olga, &json!({"role": "guest", "rooms": [desk], "uses": 0})).await;
    let (_, elsewhere) = invite(&olga, &json!({"role": "guest", "rooms": [other], "uses": 0})).await;
    let gus = begun(&house, &ask(&house, "join", &json!({"token": token, "name": "Gus"})).await);
    assert_eq!(gus.post("/api/v1/invitation", &json!({"token": token}).to_string()).await.unwrap().status, 200);
    let remove = parlour_protocol::Command::RemoveMember { room: desk, user: gus.you.id };
    client.request(remove).await.unwrap();
    // With the session, without it, and with it ended, under whatever name.
    let device =
        gus.cookie.split("; ").find(|cookie| cookie.contains("device")).expect("the browser is known").to_owned();
    let signed_out = Session { cookie: device, ..gus.clone() };
    for browser in [&gus, &signed_out] {
        for (path, body) in [
            ("invitation", json!({"token": token})),
            ("join", json!({"token": token})),
            ("join", json!({"token": token, "name": "Gus"})),
            ("join", json!({"token": token, "name": "Somebody else"})),
        ] {
            let answer = browser.post(&format!("/api/v1/{path}"), &body.to_string()).await.unwrap();
            assert_eq!(said_no(&answer), no(403, "forbidden", "token"), "{path} {body}");
            assert!(answer.body.contains("removed from this room"), "the page says so: {}", answer.body);
        }
    }
    assert_eq!(gus.get(&format!("/api/v1/rooms/{desk}/history")).await.unwrap().status, 404);
    // Another browser, and another room, are as before; and who is added is in again.
    begun(&house, &ask(&house, "join", &json!({"token": token, "name": "Una"})).await);
    let shown = signed_out.post("/api/v1/invitation", &json!({"token": elsewhere}).to_string()).await.unwrap();
    assert_eq!(shown.status, 200, "{}", shown.body);
}

#[tokio::test]
async fn link_4_a_guest_is_in_one_room_with_a_name_alone_and_takes_what_they_said_into_an_account() {
    let house = House::start_with(&CLOSED_DOOR);
    let olga = owner(&house).await;
    let (mut client, _) = connect(&olga, Hello::default()).await;
    let (desk, other) = (create_closed(&mut client, "desk").await, create(&mut client, "other").await.room.id);
    let (_, token) = invite(&olga, &json!({"role": "guest", "rooms": [desk], "uses": 0})).await;
    let shown = ask(&house, "invitation", &json!({"token": token})).await;
    assert!(shown.body.contains(r#""role":"guest","rooms":["desk"]"#), "{}", shown.body);
    assert_eq!(said_no(&ask(&house, "join", &json!({"token": token})).await), no(400, "bad_name", "name"));
    let gus = begun(&house, &ask(&house, "join", &json!({"token": token, "name": "Gus"})).await);
    assert_eq!((gus.you.role, gus.you.guest), (Role::Guest, false));
    let (mut heard, welcome) = connect(&gus, Hello::default()).await;
    assert_eq!(welcome.rooms.iter().map(|state| state.room.id).collect::<Vec<_>>(), [desk], "not even the lobby");
    heard.post(desk, "I have a question").await.unwrap();
    for path in ["rooms", "rooms/1/history", &format!("rooms/{other}/history"), "admin/people", "blocks"] {
        let status = gus.get(&format!("/api/v1/{path}")).await.unwrap().status;
        assert!([403, 404].contains(&status), "{path}: {status}");
    }
    assert_eq!(refused_code(&mut heard, post("in the lobby")).await, ErrorCode::NotFound);
    let join = parlour_protocol::Command::JoinRoom { room: other };
    assert_eq!(refused_code(&mut heard, join).await, ErrorCode::NotFound);
    // No guest makes a member of themselves where the door is closed …
    let alone = json!({"handle": "gus", "password": PASSWORD}).to_string();
    assert_eq!(gus.post("/api/v1/account", &alone).await.unwrap().status, 403);
    let with = |token: &str| json!({"token": token, "handle": "gus", "password": PASSWORD}).to_string();
    let by_guest_link = gus.post("/api/v1/join", &with(&token)).await.unwrap();
    assert_eq!(by_guest_link.status, 200, "the link leads where they are already");
    assert_eq!(gus.get("/api/v1/rooms").await.unwrap().status, 403, "and makes nothing else of them");
    // … and with an invitation they become one and stay the same person.
    let (_, invitation) = invite(&olga, &json!({})).await;
    let member = begun(&house, &gus.post("/api/v1/join", &with(&invitation)).await.unwrap());
    assert_eq!((member.you.id, member.you.role), (gus.you.id, Role::Member));
    assert_eq!(closed(&mut heard).await, Some(4001), "the guest's session is no more");
    let (_, welcome) = connect(&member, Hello::default()).await;
    let rooms: Vec<_> = welcome.rooms.iter().map(|state| state.room.id).collect();
    assert_eq!(rooms, [RoomId::LOBBY, desk]);
    let log = member.whole_log(desk).await.unwrap();
    assert!(log.iter().any(|event| event.by.id == member.you.id), "what they said is theirs");
    begun(&house, &sign_in(&house, "gus", PASSWORD).await);
}

#[tokio::test]
async fn link_5_a_reset_link_sets_a_password_once_and_ends_every_session() {
    let house = House::start();
    let olga = owner(&house).await;
    let (ann, ada) = (account(&house, "Ann").await, account(&house, "Ada").await);
    promote(&house, &ann, "administrator");
    let (mut open, _) = connect(&ada, Hello::default()).await;
    let path = |who: &Session| format!("people/{}/reset-link", who.you.id);
    assert_eq!(admin(&ada, &path(&ann), &json!({})).await.status, 403);
    assert_eq!(admin(&ann, &path(&olga), &json!({})).await.status, 403, "or an administrator would be the owner");
    let (link, first) = made(&ann, &path(&ada), &json!({})).await;
    assert_eq!((link.url.0, link.id), (format!("http://{}/reset/{first}", house.address), None));
    let (_, token) = made(&ann, &path(&ada), &json!({})).await;
    let reset =
        async |token: &str, password: &str| ask(&house, "reset", &json!({"token": token, "password": password})).await;
    assert_eq!(said_no(&reset(&first, "another horse").await), no(410, "link_over", "token"), "the newest one holds");
    assert_eq!(said_no(&reset(&token, "short").await), no(400, "bad_password", "password"));
    let back = begun(&house, &reset(&token, "another horse").await);
    assert_eq!(back.you.id, ada.you.id);
    assert_eq!(closed(&mut open).await, Some(4001));
    assert_eq!(ada.get("/api/v1/account").await.unwrap().status, 401);
    assert_eq!(said_no(&reset(&token, "a third horse").await), no(410, "link_over", "token"));
    assert_eq!(said_no(&reset("nothing", "a third horse").await), no(404, "not_found", "token"));
    assert_eq!(sign_in(&house, "ada", PASSWORD).await.status, 403);
    begun(&house, &sign_in(&house, "ada", "another horse").await);
    let (_, old) = made(&olga, &path(&ann), &json!({})).await;
    house.database().execute("update reset_link set expires_at = 1 where used_at is null", []).unwrap();
    assert_eq!(said_no(&reset(&old, "another horse").await), no(410, "link_over", "token"));
    let bob = crate::people::session(&house, "Bob").await;
    assert_eq!(admin(&olga, &path(&bob), &json!({})).await.status, 404, "a name alone has no password");
    let acts = olga.get("/api/v1/admin/acts").await.unwrap().body;
    assert_eq!(acts.matches("\"reset_link\"").count(), 3, "{acts}");
}

#[tokio::test]
async fn link_5_a_reset_link_ends_with_its_maker_s_office_and_when_its_owner_rises_above_it() {
    let house = House::start();
    let olga = owner(&house).await;
    let (ann, ada) = (account(&house, "Ann").await, account(&house, "Ada").await);
    promote(&house, &ann, "administrator");
    let path = |who: &Session, what: &str| format!("people/{}/{what}", who.you.id);
    let reset = async |token: &str| ask(&house, "reset", &json!({"token": token, "password": "another horse"})).await;
    // Ann keeps a link to Ada, who becomes an administrator herself.
    let (_, token) = made(&ann, &path(&ada, "reset-link"), &json!({})).await;
    assert_eq!(admin(&olga, &path(&ada, "role"), &json!({"role": "administrator"})).await.status, 204);
    assert_eq!(said_no(&reset(&token).await), no(410, "link_over", "token"));
    assert_eq!(admin(&olga, &path(&ada, "role"), &json!({"role": "member"})).await.status, 204);
    // Ann looks after nothing any more.
    assert_eq!(admin(&olga, &path(&ann, "suspend"), &json!({})).await.status, 204);
    assert_eq!(said_no(&reset(&token).await), no(410, "link_over", "token"));
    assert_eq!(admin(&olga, &path(&ann, "restore"), &json!({})).await.status, 204);
    assert_eq!(admin(&olga, &path(&ann, "role"), &json!({"role": "member"})).await.status, 204);
    assert_eq!(said_no(&reset(&token).await), no(410, "link_over", "token"));
    // Who is suspended chooses no password.
    let (_, token) = made(&olga, &path(&ada, "reset-link"), &json!({})).await;
    assert_eq!(admin(&olga, &path(&ada, "suspend"), &json!({})).await.status, 204);
    assert_eq!(said_no(&reset(&token).await), no(403, "forbidden", ""));
    assert_eq!(admin(&olga, &path(&ada, "restore"), &json!({})).await.status, 204);
    begun(&house, &reset(&token).await);
}
