//! What is typed stays what it is: no deep JSON, no control, no SQL, no header (S53, S54, S55, S61, S65).

use parlour_protocol::{ClientFrame, Command, Hello, History, Reply, RoomId};
use serde_json::{Value, json};

use crate::asking::{JSON, ask, ask_with_body, boot};
use crate::furnished::{Furnished, read};
use crate::house::House;
use crate::people::{PASSWORD, ask as ask_for, connect, enter, no, post, said_no, session};
use crate::raw::{BINARY, Raw};

const LOBBY: RoomId = RoomId::LOBBY;

/// C0, DEL and C1.
fn controls() -> impl Iterator<Item = char> {
    (0..=0x1Fu32).chain(0x7F..=0x9F).filter_map(char::from_u32)
}

#[tokio::test]
async fn s53_s54_bodies_that_are_deep_or_no_json_are_400_on_every_route_and_harm_nobody() {
    let furnished = Furnished::start().await;
    let before = furnished.dump();
    let nested = |depth: usize| format!(r#"{{"name":{}{}}}"#, "[".repeat(depth), "]".repeat(depth));
    let bodies = [
        "[".repeat(60_000),
        "{\"a\":".repeat(12_000),
        nested(33),
        nested(1_000),
        r#"{"name":"a","name":"b"}"#.to_owned(),
        r#"{"token":"a","token":"b"}"#.to_owned(),
        r#"{"name":NaN}"#.to_owned(),
        r#"{"uses":1e400}"#.to_owned(),
        r#"{"uses":-1}"#.to_owned(),
        r#"{"uses":4294967296}"#.to_owned(),
        r#"{"name":"\ud800"}"#.to_owned(),
        r#"{"name":"\udc00\ud800"}"#.to_owned(),
        "\u{FEFF}{}".to_owned(),
        "{}{}".to_owned(),
        "null".to_owned(),
        format!("{{{}}}", (0..5_000).map(|key| format!("\"k{key}\":0")).collect::<Vec<_>>().join(",")),
    ];
    let own = format!("Origin: http://{}\r\nCookie: {}\r\n{JSON}", furnished.house.address, furnished.olga.cookie);
    // These look at no body.
    let blind = ["sign-out", "end-others", "/end", "/archive", "/restore", "/part", "/cancel"];
    let reads = |path: &String| path.contains("people") || !blind.iter().any(|ending| path.ends_with(ending));
    for path in furnished.paths("post").into_iter().filter(reads) {
        for body in &bodies {
            let answer = ask_with_body(&furnished.house, "POST", &path, &own, body).await;
            let shown: String = body.chars().take(40).collect();
            assert_eq!(answer.status, 400, "{path} {shown}: {answer:?}");
        }
        let huge = ask_with_body(&furnished.house, "POST", &path, &own, &"[".repeat(100_000)).await;
        assert_eq!(huge.status, 413, "{path}");
    }
    assert_eq!(furnished.dump(), before);
    session(&furnished.house, "still there").await;
}

#[tokio::test]
async fn s55_no_control_is_in_any_name_note_topic_or_link_and_on_the_tutorial_s_wire_each_is_replaced() {
    let furnished = Furnished::start().await;
    let (house, mut client) = (&furnished.house, furnished.client);
    let (mut sent, mut told) = (Raw::classic(house.address).await, Vec::new());
    for control in controls() {
        let text = format!("a{control}b");
        let shown = format!("U+{:04X}", u32::from(control));
        let account = |name: &str, handle: &str| json!({"name": name, "handle": handle, "password": PASSWORD});
        let by_handle = ask_for(house, "account", &account("x", &text)).await;
        assert_eq!(said_no(&by_handle), no(400, "bad_handle", "handle"), "{shown}");
        let by_name = ask_for(house, "account", &account(&text, "x")).await;
        let sign_in = ask_for(house, "sign-in", &json!({"name": text})).await;
        let named = json!({"name": text}).to_string();
        let of_house = furnished.olga.post("/api/v1/admin/house", &named).await.unwrap();
        let room =
            Command::CreateRoom { name: text.clone(), topic: String::new(), closed: true, history: History::All };
        let made = client.request(room).await;
        // White space between words is one space, which the last look into the tables holds.
        if !control.is_whitespace() {
            let refused =
                [&by_name, &sign_in, &of_house].map(|answer| (answer.status, answer.body.contains("bad_name")));
            assert_eq!(refused, [(400, true); 3], "{shown}");
            assert!(made.is_err_and(|error| error.to_string().contains("BadName")), "{shown}");
        }
        sent.send_frame(BINARY, text.as_bytes()).await;
        told.push(match control {
            '\n' | '\t' => text,
            '\r' => "a\nb".to_owned(),
            _ => "a\u{FFFD}b".to_owned(),
        });
    }
    assert_eq!(told.len(), 65);
    for text in told {
        loop {
            let frame = sent.hears().await;
            if frame["type"] == 2 {
                assert_eq!(frame["body"], text);
                break;
            }
        }
    }
    let sql = "select group_concat(name || topic, '') from room union select group_concat(name, '') from user
        union select group_concat(note, '') from invitation union select group_concat(note, '') from admin_act";
    let database = house.database();
    let mut rows = database.prepare(sql).unwrap();
    let kept: Vec<Option<String>> = rows.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect();
    assert!(kept.iter().flatten().all(|text| !text.contains(char::is_control)), "{kept:?}");
}

/// What ends a string, a statement or a search where somebody put them together from words.
const INJECTIONS: [&str; 12] = [
    "' OR '1'='1",
    "' OR 1=1 --",
    "'; drop table user; --",
    "\" OR \"\"=\"",
    "1; delete from event",
    "') union select password from user --",
    "%' or name like '%",
    "NEAR(",
    "* OR *",
    "a\\' OR 1=1",
    "?1",
    ":name @name $name",
];

#[tokio::test]
async fn s61_what_would_be_sql_is_kept_as_it_was_typed_or_refused_and_never_carried_out() {
    let furnished = Furnished::start().await;
    let (house, olga, mut client) = (&furnished.house, &furnished.olga, furnished.client);
    let people = || -> u32 { house.database().query_row("select count(*) from user", [], |row| row.get(0)).unwrap() };
    for (number, words) in INJECTIONS.into_iter().enumerate() {
        let before = people();
        let came = session(house, &words.chars().take(30).collect::<String>()).await;
        assert!(words.starts_with(came.you.name.trim_end()) && people() == before + 1, "{words}");
        client.post(LOBBY, words).await.unwrap();
        let room = Command::CreateRoom {
            name: format!("room-{number}"),
            topic: words.to_owned(),
            closed: true,
            history: History::All,
        };
        let made = client.request(room).await;
        let Ok(Reply::Room { state }) = made else { panic!("{words}: {made:?}") };
        assert_eq!(state.room.topic, words);
        for body in [
            json!({"login": words, "password": words}),
            json!({"login": "olga", "password": words}),
            json!({"login": words, "password": PASSWORD, "code": words}),
        ] {
            let answer = olga.post("/api/v1/sign-in/password", &body.to_string()).await.unwrap();
            assert!(answer.status == 403, "{body}: {answer:?}");
        }
        for path in ["invitation", "reset", "join", "knock/enter"] {
            let body = json!({"token": words, "password": PASSWORD, "name": "x", "handle": "x"});
            let body = match path {
                "invitation" | "knock/enter" => json!({"token": words}),
                "reset" => json!({"token": words, "password": PASSWORD}),
                _ => body,
            };
            let answer = ask_for(house, path, &body).await;
            assert_eq!(answer.status, 404, "{path} {words}: {}", answer.body);
        }
        let address: String = words.bytes().map(|byte| format!("%{byte:02x}")).collect();
        for path in ["rooms/{}/history", "rooms/{}/members", "rooms/1/history?before={}", "admin/people?after={}"] {
            let path = format!("/api/v1/{}", path.replace("{}", &address));
            let answer = olga.get(&path).await.unwrap();
            assert!([400, 404].contains(&answer.status), "{path}: {answer:?}");
        }
    }
    let said: u32 = house
        .database()
        .query_row("select count(*) from event where room = 1 and body like '%OR%'", [], |row| row.get(0))
        .unwrap();
    assert!(said >= 5, "{said}");
    // What the house tells of itself is looked up anew every so often.
    let told = async { while boot(house, "").await.house.people != people() {} };
    tokio::time::timeout(std::time::Duration::from_secs(10), told).await.expect("everybody is still there");
    assert_eq!(read(olga, "/api/v1/admin/rooms").await["rooms"].as_array().map(Vec::len), Some(2 + INJECTIONS.len()));
}

#[tokio::test]
async fn s65_nothing_that_is_typed_becomes_a_header_or_leads_elsewhere() {
    let furnished = Furnished::start().await;
    let house = &furnished.house;
    let evil = ["x\r\nSet-Cookie: evil=1", "x\nLocation: //evil.example", "x\r\n\r\n<script>", "//evil.example"];
    for name in evil {
        let answer = ask_for(house, "sign-in", &json!({ "name": name })).await;
        assert!(!answer.headers.contains("evil") && answer.header("location").is_none(), "{answer:?}");
    }
    let ends = ["%0d%0aSet-Cookie:%20evil=1", "%0aLocation:%20//evil.example", "%E5%98%8D%E5%98%8ASet-Cookie:evil=1"];
    for end in ends {
        for path in ["/", "/r/1", "/join/", "/assets/", "/api/v1/rooms/", "/nothing?"] {
            let answer = ask(house, "GET", &format!("{path}{end}"), "").await;
            assert!(!answer.headers.to_lowercase().contains("evil"), "{path}{end}: {answer:?}");
        }
    }
    for next in
        ["//evil.example", "https://evil.example", "/\\evil.example", "javascript:alert(1)", "%2f%2fevil.example"]
    {
        for name in ["next", "return", "redirect", "url", "continue", "to"] {
            for path in ["/", "/rooms", "/join/x", "/reset/x", "/owner/x", "/r/1"] {
                let answer = ask(house, "GET", &format!("{path}?{name}={next}"), "").await;
                assert!(
                    answer.status == 200 && answer.header("location").is_none(),
                    "{path}?{name}={next}: {answer:?}"
                );
                assert!(!answer.body.contains("evil.example"), "{path}?{name}={next}");
            }
        }
    }
    // A link for others is made under a name that the house goes by, whatever else is said about it.
    let headers = format!(
        "Cookie: {}\r\nOrigin: http://{}\r\nX-Forwarded-Host: evil.example\r\nX-Original-URL: //evil.example\r\n{JSON}",
        furnished.olga.cookie, house.address
    );
    let made = ask_with_body(house, "POST", "/api/v1/admin/invitations", &headers, "{}").await;
    let made: Value = serde_json::from_str(&made.body).unwrap();
    assert!(made["url"].as_str().unwrap().starts_with(&format!("http://{}/join/", house.address)), "{made}");
}

#[tokio::test]
async fn s53_a_frame_with_a_key_twice_or_a_number_out_of_range_is_refused_and_the_next_is_answered() {
    let house = House::start();
    let (ada, mut client, _) = enter(&house, "Ada").await;
    let mut raw = Raw::greeted(&ada).await;
    let whole = serde_json::to_string(&ClientFrame { r#ref: 7, command: post("hello") }).unwrap();
    for (what, frame) in [
        ("room twice", whole.replace("\"room\":1", "\"room\":1,\"room\":1")),
        ("ref twice", whole.replace("\"ref\":7", "\"ref\":7,\"ref\":7")),
        ("t twice", whole.replace("\"t\":\"post\"", "\"t\":\"post\",\"t\":\"post\"")),
        ("an escaped name of the same key", whole.replace("\"room\":1", "\"room\":1,\"roo\\u006d\":2")),
        ("a room below", whole.replace("\"room\":1", "\"room\":-1")),
        ("a room above", whole.replace("\"room\":1", "\"room\":9007199254740993")),
        ("no number", whole.replace("\"room\":1", "\"room\":NaN")),
        ("endless", whole.replace("\"room\":1", "\"room\":1e999")),
        ("deep", whole.replace("\"room\":1", &format!("\"room\":1,\"x\":{}{}", "[".repeat(32), "]".repeat(32)))),
    ] {
        assert_ne!(frame, whole, "{what}");
        raw.say(&frame).await;
        assert_eq!(raw.answer().await["refusal"]["code"], "bad_frame", "{what}");
    }
    assert_eq!(client.request(Command::Ping).await.unwrap(), Reply::Pong);
    let (mut other, _) = connect(&ada, Hello::default()).await;
    assert_eq!(other.post(LOBBY, "the first").await.unwrap().0, 1);
}
