//! The doors of a house: who may come in, whose it is, and asking to be let in (DOOR-1 to DOOR-5, S29, S30).

use parlour_client::{ClientError, Session, http};
use parlour_protocol::user::{Door, HouseLimits};
use parlour_protocol::{Command, ErrorCode, Hello, History, Role};
use serde_json::{Value, json};

use crate::asking::boot;
use crate::errands::errand;
use crate::house::House;
use crate::people::{
    PASSWORD, account, ask, begun, connect, create, enter, no, owner, post, refused_code, said_no, session, sign_in,
};

async fn admin(who: &parlour_client::Session, path: &str, body: &Value) -> http::Response {
    who.post(&format!("/api/v1/admin/{path}"), &body.to_string()).await.unwrap()
}

fn setup(token: &str) -> Value {
    json!({"token": token, "house_name": "The Red House", "name": "Olga", "handle": "olga", "password": PASSWORD})
}

#[tokio::test]
async fn door_1_on_loopback_the_lobby_and_the_open_door_are_there_before_any_owner() {
    let house = House::start();
    let (_, mut ada, welcome) = enter(&house, "Ada").await;
    assert_eq!((welcome.house.door, welcome.rooms.len(), welcome.you.role), (Door::Open, 1, Role::Member));
    ada.request(post("hello")).await.unwrap();
    let by_invitation = House::start_with(&["--rate-limits", "off", "--door", "invitation"]);
    let answer = ask(&by_invitation, "sign-in", &json!({"name": "Ada"})).await;
    assert_eq!(said_no(&answer), no(403, "forbidden", ""));
    let body = json!({"name": "Ada", "handle": "ada", "password": PASSWORD});
    assert_eq!(ask(&by_invitation, "account", &body).await.status, 403, "nor by making an account");
}

#[tokio::test]
async fn door_2_the_owner_changes_the_door_and_the_name_at_once_and_for_good_and_nobody_else_does() {
    let mut house = House::start();
    let olga = owner(&house).await;
    let ada = account(&house, "Ada").await;
    assert_eq!(boot(&house, "").await.house.name, "The Red House");
    assert_eq!(admin(&ada, "house", &json!({"door": "approval"})).await.status, 403);
    let path = format!("people/{}/role", ada.you.id);
    assert_eq!(admin(&olga, &path, &json!({"role": "administrator"})).await.status, 204);
    assert_eq!(admin(&ada, "house", &json!({"door": "approval"})).await.status, 403, "an administrator neither");
    for _ in 0..2 {
        let change = json!({"door": "invitation", "name": " The  Blue House"});
        assert_eq!(admin(&olga, "house", &change).await.status, 204);
    }
    let shown = boot(&house, "").await.house;
    assert_eq!((shown.name.as_str(), shown.door), ("The Blue House", Door::Invitation), "at once");
    assert_eq!(ask(&house, "sign-in", &json!({"name": "Bob"})).await.status, 403);
    for bad in [json!({"door": "ajar"}), json!({"door": 1}), json!({"owner": "me"})] {
        assert_eq!(admin(&olga, "house", &bad).await.status, 400, "{bad}");
    }
    assert_eq!(said_no(&admin(&olga, "house", &json!({"name": " "})).await), no(400, "bad_name", "name"));
    assert_eq!(admin(&olga, "house", &json!({})).await.status, 204);
    house.terminate();
    house.restart_with(&["--rate-limits", "off", "--door", "open", "--house-name", "Another"]);
    let shown = boot(&house, "").await.house;
    assert_eq!((shown.name.as_str(), shown.door), ("The Blue House", Door::Invitation), "what a flag says came first");
    let acts: u32 = house
        .database()
        .query_row("select count(*) from admin_act where act = 'set_house'", [], |row| row.get(0))
        .unwrap();
    assert_eq!(acts, 1, "what changed nothing is no act");
    assert_eq!(admin(&olga, "house", &json!({"door": "open"})).await.status, 204);
    session(&house, "Bob").await;
}

#[tokio::test]
async fn door_6_the_owner_says_how_fast_everybody_may_speak_and_it_holds_at_once() {
    let house = House::start_with(&[]);
    let olga = owner(&house).await;
    let ada = account(&house, "Ada").await;
    let (_, welcome) = connect(&ada, Hello::default()).await;
    assert_eq!(welcome.house.limits, HouseLimits { link_cards: false, ..HouseLimits::default() });
    let taken = until_refused(&ada).await;
    assert!((20..40).contains(&taken), "{taken}");
    for bad in [0, 21] {
        let answer = said_no(&admin(&olga, "house", &json!({"posts_per_second": bad})).await);
        assert_eq!(answer, no(400, "bad_frame", "posts_per_second"));
    }
    assert_eq!(admin(&olga, "house", &json!({"posts_per_second": 1})).await.status, 204);
    assert_eq!(boot(&house, "").await.house.limits.posts_per_second, 1);
    let taken = until_refused(&ada).await;
    assert!((4..8).contains(&taken), "{taken}");
    assert_eq!(admin(&olga, "house", &json!({"posts_per_second": 1})).await.status, 204);
    let taken = until_refused(&ada).await;
    assert!(taken < 4, "saying it again gives nobody more: {taken}");
}

/// How many messages are taken in a row over a new connection, until one comes too fast.
async fn until_refused(speaker: &Session) -> u32 {
    let (mut speaker, _) = connect(speaker, Hello::default()).await;
    let mut taken = 0;
    loop {
        match speaker.request(post("more")).await {
            Ok(_) => taken += 1,
            Err(ClientError::Refused(refusal)) => {
                assert_eq!(refusal.code, ErrorCode::Rate);
                return taken;
            }
            Err(error) => panic!("{error}"),
        }
    }
}

#[tokio::test]
async fn door_6_where_administrators_make_rooms_nobody_else_does_and_direct_ones_are_everybody_s() {
    let house = House::start();
    let olga = owner(&house).await;
    let ada = account(&house, "Ada").await;
    let (mut speaker, _) = connect(&ada, Hello::default()).await;
    assert_eq!(admin(&ada, "house", &json!({"rooms_by": "everyone"})).await.status, 403);
    assert_eq!(admin(&olga, "house", &json!({"rooms_by": "administrators"})).await.status, 204);
    for closed in [false, true] {
        let command =
            Command::CreateRoom { name: "own".to_owned(), topic: String::new(), closed, history: History::All };
        let answer = speaker.request(command).await;
        assert!(matches!(&answer, Err(ClientError::Refused(no)) if no.code == ErrorCode::Forbidden), "{answer:?}");
    }
    let direct = Command::OpenDirect { people: vec![olga.you.id] };
    speaker.request(direct).await.unwrap();
    let path = format!("people/{}/role", ada.you.id);
    assert_eq!(admin(&olga, &path, &json!({"role": "administrator"})).await.status, 204);
    create(&mut speaker, "own").await;
}

#[tokio::test]
async fn door_3_and_acc_4_the_link_printed_at_the_start_makes_an_owner_with_a_house_of_a_name() {
    let house = House::start();
    let link = house.owner_link.clone().unwrap();
    for (field, wrong, code) in [
        ("house_name", json!(""), "bad_name"),
        ("name", json!("guest-4f2a"), "bad_name"),
        ("handle", json!("no spaces"), "bad_handle"),
        ("password", json!("short"), "bad_password"),
        ("email", json!("nowhere"), "bad_email"),
    ] {
        let mut body = setup(&link);
        body[field] = wrong;
        assert_eq!(said_no(&ask(&house, "owner", &body).await), no(400, code, field));
    }
    let mut body = setup(&link);
    body["email"] = json!("Olga@Example.org");
    let olga = begun(&house, &ask(&house, "owner", &body).await);
    assert_eq!((olga.you.role, olga.you.name.as_str()), (Role::Owner, "Olga"));
    let mine: Value = serde_json::from_str(&olga.get("/api/v1/account").await.unwrap().body).unwrap();
    let expected = json!({"handle": "olga", "email": "olga@example.org", "has_password": true, "passkeys": 0, "second_factor": false,
        "recovery_codes": 0});
    assert_eq!(mine, expected);
    assert_eq!(sign_in(&house, "olga", PASSWORD).await.status, 201);
    assert!(!house.log().contains(&link), "the link is printed, and logged nowhere");
}

#[tokio::test]
async fn s29_of_fifty_who_race_for_a_new_house_none_becomes_its_owner_without_the_link_and_one_with_it() {
    let house = House::start();
    let race = async |token: String| -> Vec<u16> {
        let askers = (0..50).map(|number| {
            let mut body = setup(&token);
            (body["name"], body["handle"]) = (json!(format!("Owner {number}")), json!(format!("owner{number}")));
            let address = house.address;
            tokio::spawn(
                async move { http::post(address, "/api/v1/owner", &body.to_string(), "").await.unwrap().status },
            )
        });
        let mut statuses = Vec::new();
        for asker in askers.collect::<Vec<_>>() {
            statuses.push(asker.await.unwrap());
        }
        statuses
    };
    let owners = || -> u32 {
        let sql = "select count(*) from user where role = 'owner'";
        house.database().query_row(sql, [], |row| row.get(0)).unwrap()
    };
    let guessed = format!("{}{}", "A".repeat(42), "E");
    for token in [guessed, String::new(), "x".repeat(1_000)] {
        assert!(race(token).await.iter().all(|status| *status == 404));
    }
    assert_eq!(owners(), 0, "nobody by coming first");
    let statuses = race(house.owner_link.clone().unwrap()).await;
    assert_eq!(statuses.iter().filter(|status| **status == 201).count(), 1, "{statuses:?}");
    assert!(statuses.iter().all(|status| [201, 404, 503].contains(status)), "{statuses:?}");
    assert_eq!(owners(), 1);
}

#[tokio::test]
async fn s30_once_there_is_an_owner_the_way_to_become_one_is_closed_for_ever() {
    let mut house = House::start();
    let link = house.owner_link.clone().unwrap();
    house.terminate();
    house.restart();
    let newer = house.owner_link.clone().unwrap();
    assert_ne!(link, newer, "printed again at each start, and each time another");
    assert_eq!(said_no(&ask(&house, "owner", &setup(&link)).await), no(404, "not_found", "token"));
    let olga = owner(&house).await;
    let again = json!({"token": newer, "house_name": "Mine", "name": "Eve", "handle": "eve", "password": PASSWORD});
    for _ in 0..2 {
        for link in [&link, &newer] {
            let mut again = again.clone();
            again["token"] = json!(link);
            assert_eq!(said_no(&ask(&house, "owner", &again).await), no(404, "not_found", "token"));
        }
        house.terminate();
        house.restart();
        assert_eq!(house.owner_link, None, "nothing is printed any more");
    }
    assert_eq!(olga.get("/api/v1/admin/people").await.unwrap().status, 200);
}

#[tokio::test]
async fn door_5_who_asks_at_a_door_by_approval_waits_and_is_let_in_or_not() {
    let house = House::start_with(&["--rate-limits", "off", "--door", "approval"]);
    let olga = owner(&house).await;
    assert_eq!(ask(&house, "sign-in", &json!({"name": "Ada"})).await.status, 403);
    let knock = async |name: &str| {
        let answer = ask(&house, "knock", &json!({"name": name, "note": "It is me."})).await;
        assert_eq!(answer.status, 201, "{}", answer.body);
        serde_json::from_str::<Value>(&answer.body).unwrap()["token"].clone()
    };
    let enter = async |token: &Value| ask(&house, "knock/enter", &json!({"token": token})).await;
    let (ada, bob) = (knock("Ada").await, knock("Bob").await);
    for token in [&ada, &bob] {
        let answer = enter(token).await;
        assert_eq!((answer.status, answer.body.as_str()), (202, r#"{"waiting":true}"#));
    }
    let waiting = olga.get("/api/v1/admin/knocks").await.unwrap().body;
    let waiting: Value = serde_json::from_str(&waiting).unwrap();
    assert_eq!((&waiting["knocks"][0]["name"], &waiting["knocks"][1]["note"]), (&json!("Ada"), &json!("It is me.")));
    assert_eq!(waiting["knocks"].as_array().unwrap().len(), 2);
    for (path, status) in [("1/admit", 204), ("1/admit", 204), ("1/decline", 404), ("2/decline", 204), ("3/admit", 404)]
    {
        assert_eq!(admin(&olga, &format!("knocks/{path}"), &json!({"note": "why"})).await.status, status, "{path}");
    }
    let inside = begun(&house, &enter(&ada).await);
    assert_eq!((inside.you.name.as_str(), inside.you.role), ("Ada", Role::Member));
    assert_eq!(said_no(&enter(&ada).await), no(410, "link_over", "token"), "once");
    assert_eq!(said_no(&enter(&bob).await), no(403, "forbidden", ""));
    assert_eq!(said_no(&enter(&json!("x")).await), no(404, "not_found", "token"));
    let acts = olga.get("/api/v1/admin/acts").await.unwrap().body;
    assert_eq!((acts.matches("\"admit\"").count(), acts.matches("\"decline\"").count()), (1, 1));
    assert!(acts.contains("Ada: why"), "{acts}");
    assert_eq!(inside.get("/api/v1/admin/knocks").await.unwrap().status, 403);
    // Somebody who has a name makes an account of themselves afterwards.
    let made = inside.post("/api/v1/account", &json!({"handle": "ada", "password": PASSWORD}).to_string()).await;
    assert_eq!(begun(&house, &made.unwrap()).you.id, inside.you.id);
}

#[tokio::test]
async fn door_5_whoever_was_admitted_under_a_name_that_is_taken_meanwhile_says_another() {
    let house = House::start_with(&["--rate-limits", "off", "--door", "approval"]);
    let olga = owner(&house).await;
    assert_eq!(
        said_no(&ask(&house, "knock", &json!({"name": "Olga", "note": ""})).await),
        no(409, "name_taken", "name")
    );
    let mut tokens = Vec::new();
    for _ in 0..2 {
        let answer = ask(&house, "knock", &json!({"name": "Ada"})).await;
        tokens.push(serde_json::from_str::<Value>(&answer.body).unwrap()["token"].clone());
    }
    for id in 1..=2 {
        assert_eq!(admin(&olga, &format!("knocks/{id}/admit"), &json!({})).await.status, 204);
    }
    begun(&house, &ask(&house, "knock/enter", &json!({"token": tokens[0]})).await);
    let taken = ask(&house, "knock/enter", &json!({"token": tokens[1]})).await;
    assert_eq!(said_no(&taken), no(409, "name_taken", "name"));
    let other = ask(&house, "knock/enter", &json!({"token": tokens[1], "name": "Ada L."})).await;
    assert_eq!(begun(&house, &other).you.name, "Ada L.");
}

#[tokio::test]
async fn door_5_a_flood_at_the_door_is_declined_at_once_as_one_act_and_who_asks_then_waits() {
    let house = House::start_with(&["--door", "approval", "--rate-limits", "off"]);
    let olga = owner(&house).await;
    let knock = async |name: &str| ask(&house, "knock", &json!({"name": name})).await;
    let friend: Value = serde_json::from_str(&knock("Friend").await.body).unwrap();
    let fill = "with recursive n (n) as (select 1 union all select n + 1 from n where n < 999)
         insert into knock (token_hash, name, name_skeleton, note, asked_at)
         select randomblob(32), 'flood ' || n, 'flood ' || n, '', (select max(asked_at) from knock) from n";
    house.database().execute(fill, []).unwrap();
    let full = knock("Honest").await;
    assert_eq!(full.status, 429, "{}", full.body);
    assert!(full.body.contains("invitation"), "it says what to do: {}", full.body);
    let acts = || house.database().query_row("select count(*) from admin_act", [], |row| row.get::<_, u64>(0)).unwrap();
    assert_eq!(admin(&olga, "knocks/1/admit", &json!({})).await.status, 204, "one is known");
    let inside = begun(&house, &ask(&house, "knock/enter", &json!({"token": friend["token"]})).await);
    assert_eq!(admin(&inside, "knocks/decline", &json!({})).await.status, 403, "a member does not");
    let before = acts();
    assert_eq!(admin(&olga, "knocks/decline", &json!({"note": "a flood"})).await.status, 204);
    assert_eq!(admin(&olga, "knocks/decline", &json!({})).await.status, 204, "nobody is nothing");
    assert_eq!(acts(), before + 1);
    let newest: Value = serde_json::from_str(&olga.get("/api/v1/admin/acts").await.unwrap().body).unwrap();
    assert_eq!(
        (&newest["acts"][0]["act"], &newest["acts"][0]["note"]),
        (&json!("decline_all"), &json!("999: a flood"))
    );
    let honest = knock("Honest").await;
    assert_eq!(honest.status, 201, "{}", honest.body);
    assert_eq!(knock("Another").await.status, 201);
    // The machine of the house can do the same.
    let listed = errand(&house, &["door", "list"]).unwrap();
    let row = listed.lines().find(|row| row.contains("Honest")).unwrap();
    let number = row.split_whitespace().next().unwrap();
    errand(&house, &["door", "admit", number]).unwrap();
    assert_eq!(errand(&house, &["door", "decline", "--all"]).unwrap(), "1 person was declined.");
    assert_eq!(errand(&house, &["door", "list"]).unwrap(), "Nobody waits at the door.");
    assert!(errand(&house, &["door", "decline"]).unwrap_err().contains("--all"), "it says what is missing");
    let honest: Value = serde_json::from_str(&honest.body).unwrap();
    begun(&house, &ask(&house, "knock/enter", &json!({"token": honest["token"]})).await);
}

#[tokio::test]
async fn s29_nobody_knocks_where_the_door_is_not_by_approval_and_many_from_one_address_are_slowed() {
    let house = House::start();
    assert_eq!(ask(&house, "knock", &json!({"name": "Ada"})).await.status, 403);
    let house = House::start_with(&["--door", "approval"]);
    let mut statuses = Vec::new();
    for number in 0..25 {
        statuses.push(ask(&house, "knock", &json!({"name": format!("Ada {number}")})).await.status);
    }
    assert_eq!(statuses.iter().filter(|status| **status == 201).count(), 20, "{statuses:?}");
    assert_eq!(statuses.last(), Some(&429));
}

#[tokio::test]
async fn old_7_when_the_owner_closes_the_door_the_tutorial_s_wire_is_refused_and_those_inside_stay() {
    let house = House::start();
    let olga = owner(&house).await;
    let (_, mut ada, _) = enter(&house, "Ada").await;
    assert!(parlour_client::ClassicClient::connect(house.address).await.is_ok());
    assert_eq!(admin(&olga, "house", &json!({"door": "invitation"})).await.status, 204);
    assert!(parlour_client::ClassicClient::connect(house.address).await.is_err());
    ada.request(post("still here")).await.unwrap();
    let none = Command::JoinRoom { room: parlour_protocol::RoomId(99) };
    assert_eq!(refused_code(&mut ada, none).await, parlour_protocol::ErrorCode::NotFound);
}
