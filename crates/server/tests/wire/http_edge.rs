//! The other edge: coming in and reading (HTTP-1 to HTTP-6, S03).

use parlour_client::{Session, http};
use parlour_protocol::http::{Boot, HistoryPage, Member, MemberList, RoomList};
use parlour_protocol::{Role, RoomId, RoomRole, Seq};
use serde_json::json;

use crate::asking::{JSON, ask, boot, json_of};
use crate::house::House;
use crate::people::{create, enter, join, promote, say_many, session, text_of};

const LOBBY: RoomId = RoomId::LOBBY;

#[tokio::test]
async fn http_1_signing_in_makes_a_session_and_signing_out_ends_it() {
    let house = House::start();
    let address = house.address;
    let own = format!("Origin: http://{address}\r\n");
    let planted = "Cookie: __Host-parlour=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\r\n";
    let from_page = format!("{planted}{own}");
    let answer = http::post(address, "/api/v1/sign-in", r#"{"name":"Ada"}"#, &from_page).await.unwrap();
    let you = json!({"you": {"id": 1, "name": "Ada", "guest": false, "role": "member"}});
    assert_eq!((answer.status, json_of(&answer.body)), (201, you));
    let cookie = answer.header("set-cookie").unwrap();
    let (pair, attributes) = cookie.split_once("; ").unwrap();
    let (name, token) = pair.split_once('=').unwrap();
    assert_eq!(name, "__Host-parlour");
    assert!(token.len() >= 43 && !planted.contains(token), "256 bits of our own: {token}");
    for attribute in ["Path=/", "HttpOnly", "SameSite=Lax", "Secure"] {
        assert!(attributes.split("; ").any(|found| found == attribute), "{attribute} in {attributes}");
    }
    assert!(!attributes.contains("Domain"));
    let stored = std::fs::read(house.folder().join("parlour.db-wal")).unwrap();
    assert!(!contains(&stored, token.as_bytes()), "the token itself is not in the database");
    let session = format!("Cookie: {pair}\r\n{own}");
    assert_eq!(boot(&house, &session).await.you.unwrap().name, "Ada");
    assert_eq!(boot(&house, planted).await.you, None, "a planted session is nobody's");
    let taken = http::post(address, "/api/v1/sign-in", r#"{"name":"ADA"}"#, "").await.unwrap();
    let problem = json_of(&taken.body);
    assert_eq!((taken.status, &problem["code"], &problem["suggestion"]), (409, &json!("name_taken"), &json!("ADA L.")));
    assert_eq!(Session::sign_in(address, "ADA L.").await.unwrap().you.name, "ADA L.");
    let out = http::post(address, "/api/v1/sign-out", "", &session).await.unwrap();
    assert_eq!((out.status, out.body.as_str()), (204, ""));
    assert!(out.header("set-cookie").unwrap().starts_with("__Host-parlour=; ") && out.headers.contains("Max-Age=0"));
    assert_eq!(boot(&house, &session).await.you, None);
    let again = http::post(address, "/api/v1/sign-out", "", &session).await.unwrap();
    assert_eq!(again.status, 204, "signing out twice is signing out");
    let back = Session::sign_in(address, "Ada").await.unwrap();
    assert_ne!(back.you.id.0, 1, "the name is free again, and the one who comes is another person");
}

#[tokio::test]
async fn http_1_a_body_that_is_no_name_is_refused() {
    let house = House::start();
    let long = format!(r#"{{"name":"{}"}}"#, "x".repeat(70_000));
    let cases = [
        ("", 400, "bad_frame"),
        ("{", 400, "bad_frame"),
        ("[]", 400, "bad_frame"),
        (r#"{"name":7}"#, 400, "bad_frame"),
        (r#"{"name":"a","name":"b"}"#, 400, "bad_frame"),
        (r#"{"name":"a","role":"admin"}"#, 400, "bad_frame"),
        (r#"{"name":"\ud800"}"#, 400, "bad_frame"),
        (r#"{"name":""}"#, 400, "bad_name"),
        (&long, 413, "too_big"),
    ];
    for (body, status, code) in cases {
        let answer = http::post(house.address, "/api/v1/sign-in", body, "").await.unwrap();
        let shown: String = body.chars().take(60).collect();
        assert_eq!((answer.status, json_of(&answer.body)["code"].as_str()), (status, Some(code)), "{shown}");
    }
}

#[tokio::test]
async fn http_2_boot_is_what_the_page_starts_from_and_the_same_is_in_the_page() {
    let house = House::start();
    let stranger = json_of(&http::get(house.address, "/api/v1/boot", "").await.unwrap().body);
    let version = env!("CARGO_PKG_VERSION");
    let shown = json!({"name": "Parlour", "door": "open", "people": 0, "here": 0, "limits": {"posts_per_second": 5, "rooms_by": "everyone", "link_cards": false}});
    assert_eq!(stranger, json!({"version": version, "house": shown, "rooms": []}));
    let (ada, mut client, welcome) = enter(&house, "</script><b>").await;
    let room = create(&mut client, "tea").await.room.id;
    client.post(room, "<!--boot--></script>\u{2028}").await.unwrap();
    say_many(&mut client, LOBBY, 1..=60).await;
    for (page, room, events) in
        [("/", LOBBY, 50), (&format!("/r/{room}"), room, 2), (&format!("/r/{room}/m/1"), room, 2)]
    {
        let html = ada.get(page).await.unwrap();
        assert_eq!(html.header("content-type"), Some("text/html; charset=utf-8"));
        let start = r#"<script type="application/json" id="boot">"#;
        let (_, rest) = html.body.split_once(start).unwrap();
        let (data, after) = rest.split_once("</script>").unwrap();
        assert!(!after.contains(start) && !after.contains("<!--boot-->"));
        let boot: Boot = serde_json::from_str(data).unwrap();
        assert_eq!((boot.epoch.as_ref(), boot.you.as_ref()), (Some(&welcome.epoch), Some(&ada.you)));
        let piece = boot.page.as_ref().unwrap();
        assert_eq!((piece.room, piece.events.len()), (room, events));
        assert_eq!(boot.rooms.iter().map(|state| state.room.name.as_str()).collect::<Vec<_>>(), ["lobby", "tea"]);
        if page == "/" {
            let api: Boot = serde_json::from_str(&ada.get("/api/v1/boot").await.unwrap().body).unwrap();
            // Who is here is counted twice a second, so it may differ between two requests.
            let still = |boot: Boot| Boot { house: parlour_protocol::House { here: 0, ..boot.house }, ..boot };
            assert_eq!(still(calm(api)), still(calm(boot)));
        }
    }
}

#[tokio::test]
async fn http_3_history_is_a_contiguous_piece_in_order_of_seq() {
    let house = House::start();
    let (ada, mut client, welcome) = enter(&house, "Ada").await;
    say_many(&mut client, LOBBY, 1..=300).await;
    let cases = [
        ("", 251..=300),
        ("limit=1", 300..=300),
        ("limit=200", 101..=300),
        ("before=301&limit=3", 298..=300),
        ("before=300&limit=3", 297..=299),
        ("before=3&limit=3", 1..=2),
        ("before=9007199254740991&limit=2", 299..=300),
        ("after=0&limit=2", 1..=2),
        ("after=298", 299..=300),
        ("after=5&limit=200", 6..=205),
        ("around=100&limit=10", 95..=104),
        ("around=1&limit=10", 1..=10),
        ("around=300&limit=10", 295..=300),
    ];
    for (query, range) in cases {
        let page = ada.history(LOBBY, query).await.unwrap();
        let seqs: Vec<u64> = page.events.iter().map(|event| event.seq.0).collect();
        assert_eq!(seqs, range.collect::<Vec<_>>(), "{query}");
        let HistoryPage { room, epoch, head, first, .. } = page;
        assert_eq!((room, epoch, head, first), (LOBBY, welcome.epoch.clone(), Seq(300), Seq(1)));
    }
    for query in ["before=1", "before=0", "after=300", "after=9007199254740991"] {
        assert_eq!(ada.history(LOBBY, query).await.unwrap().events, [], "{query}");
    }
    let page = ada.history(LOBBY, "after=41&limit=1").await.unwrap();
    assert_eq!(text_of(&page.events[0]), Some("42"));
}

#[tokio::test]
async fn http_3_s67_a_query_that_is_not_one_is_400_and_a_room_that_is_not_one_404() {
    let house = House::start();
    let ada = session(&house, "Ada").await;
    for query in [
        "limit=0",
        "limit=201",
        "limit=-1",
        "limit=x",
        "limit=",
        "before=1&after=2",
        "around=1&before=2",
        "before=1&before=2",
        "before=-1",
        "before=1.5",
        "before=9007199254740992",
        "before=18446744073709551617",
        "q=1",
        "before=%31",
    ] {
        let answer = ada.get(&format!("/api/v1/rooms/1/history?{query}")).await.unwrap();
        assert_eq!((answer.status, json_of(&answer.body)["code"].as_str()), (400, Some("bad_frame")), "{query}");
    }
    for room in ["0", "2", "-1", "1.0", "+1", "x", "9007199254740992", "18446744073709551617", "lobby", "%00", "1%20"] {
        for list in ["history", "members"] {
            let answer = ada.get(&format!("/api/v1/rooms/{room}/{list}")).await.unwrap();
            assert_eq!((answer.status, json_of(&answer.body)["code"].as_str()), (404, Some("not_found")), "{room}");
        }
    }
}

#[tokio::test]
async fn http_4_the_lists_show_open_rooms_and_who_is_in_one() {
    let house = House::start();
    let (ada, mut client, _) = enter(&house, "Ada").await;
    let (bob, mut other, _) = enter(&house, "Bob").await;
    let eve = session(&house, "Eve").await;
    let room = create(&mut client, "tea").await.room.id;
    create(&mut other, "soup").await;
    join(&mut other, room).await;
    promote(&house, &ada, "owner");
    let list: RoomList = read(&ada, "/api/v1/rooms").await;
    let rooms: Vec<_> = list.rooms.iter().map(|room| (room.room.name.as_str(), room.members, room.joined)).collect();
    assert_eq!(rooms, [("lobby", 3, true), ("soup", 1, false), ("tea", 2, true)]);
    let members: MemberList = read(&bob, &format!("/api/v1/rooms/{room}/members")).await;
    let standing = |member: &Member| (member.name.clone(), member.role, member.house_role);
    let told: Vec<_> = members.members.iter().map(standing).collect();
    let (ada_is, bob_is) = ((RoomRole::Manager, Role::Owner), (RoomRole::Member, Role::Member));
    assert_eq!(told, [("Ada".to_owned(), ada_is.0, ada_is.1), ("Bob".to_owned(), bob_is.0, bob_is.1)]);
    // Those present first; presence is told to this edge twice a second.
    let lobby = "/api/v1/rooms/1/members";
    loop {
        let members: MemberList = read(&eve, lobby).await;
        let seen: Vec<_> = members.members.iter().map(|member| (member.name.as_str(), member.online)).collect();
        if seen == [("Ada", true), ("Bob", true), ("Eve", false)] {
            break;
        }
        assert_eq!(seen.len(), 3);
    }
    for path in ["/api/v1/rooms", lobby, "/api/v1/rooms/1/history"] {
        let answer = http::get(house.address, path, "").await.unwrap();
        assert_eq!((answer.status, json_of(&answer.body)["code"].as_str()), (401, Some("signed_out")), "{path}");
    }
}

#[tokio::test]
async fn http_5_every_error_is_a_problem_with_the_codes_of_the_socket() {
    let house = House::start();
    let ada = session(&house, "Ada").await;
    let errors = [
        ("GET", "/ws", 426, "bad_frame"),
        ("GET", "/api/v1/rooms", 401, "signed_out"),
        ("GET", "/nothing-here", 404, "not_found"),
        ("GET", "/assets/none.js", 404, "not_found"),
        ("PUT", "/api/v1/rooms", 405, "bad_frame"),
        ("POST", "/api/v1/sign-in", 400, "bad_frame"),
    ];
    for (method, path, status, code) in errors {
        let answer = ask(&house, method, path, JSON).await;
        assert_eq!(answer.header("content-type"), Some("application/problem+json"), "{path}");
        let problem = json_of(&answer.body);
        assert_eq!(
            (answer.status, &problem["status"], &problem["code"]),
            (status, &json!(status), &json!(code)),
            "{path}"
        );
        assert!(problem["detail"].as_str().unwrap().ends_with('.'), "{problem}");
    }
    let nowhere = ada.get("/api/v1/rooms/77/history").await.unwrap();
    let expected = json!({"status":404,"code":"not_found","detail":"There is no such room, or you are not in it."});
    assert_eq!(json_of(&nowhere.body), expected);
}

#[tokio::test]
async fn http_7_a_person_at_an_address_that_is_none_is_shown_the_page_and_a_program_a_problem() {
    let house = House::start();
    let page = "Accept: text/html,application/xhtml+xml,*/*;q=0.8\r\n";
    for path in ["/nothing-here", "/r/1/t/2", "/theme", "/people/7"] {
        let shown = http::get(house.address, path, page).await.unwrap();
        let kind = shown.header("content-type");
        assert_eq!((shown.status, kind), (404, Some("text/html; charset=utf-8")), "{path}");
        assert!(shown.body.contains(r#"id="boot">"#), "{path}");
        let told = http::get(house.address, path, "Accept: application/json\r\n").await.unwrap();
        assert_eq!((told.status, json_of(&told.body)["code"].as_str()), (404, Some("not_found")), "{path}");
    }
    for path in ["/api/v1/nothing", "/assets/none.js"] {
        let told = http::get(house.address, path, page).await.unwrap();
        assert_eq!((told.status, json_of(&told.body)["code"].as_str()), (404, Some("not_found")), "{path}");
    }
    for path in ["/rooms", "/people", "/catch-up", "/threads", "/saved", "/r/1"] {
        assert_eq!(http::get(house.address, path, page).await.unwrap().status, 200, "{path}");
    }
}

#[tokio::test]
async fn http_6_s03_a_change_comes_from_the_house_s_own_page_or_from_a_program() {
    let house = House::start();
    let own = format!("Origin: http://{}\r\n", house.address);
    let cases = [
        (String::new(), true),
        (own.clone(), true),
        ("Sec-Fetch-Site: same-origin\r\n".to_owned(), true),
        (format!("{own}Sec-Fetch-Site: same-origin\r\n"), true),
        ("Sec-Fetch-Site: cross-site\r\n".to_owned(), false),
        ("Sec-Fetch-Site: same-site\r\n".to_owned(), false),
        ("Sec-Fetch-Site: none\r\n".to_owned(), false),
        ("Sec-Fetch-Site: same-origin\r\nSec-Fetch-Site: same-origin\r\n".to_owned(), false),
        (format!("{own}Sec-Fetch-Site: cross-site\r\n"), false),
        ("Origin: https://evil.example\r\n".to_owned(), false),
        ("Origin: null\r\n".to_owned(), false),
        ("Origin: http://localhost:3000\r\n".to_owned(), false),
        (format!("{own}{own}"), false),
    ];
    for path in ["/api/v1/sign-in", "/api/v1/sign-out"] {
        for (headers, allowed) in &cases {
            let answer = http::post(house.address, path, "{}", headers).await.unwrap();
            assert_eq!(answer.status != 403, *allowed, "{path} with {headers:?}: {answer:?}");
        }
    }
}

/// A boot without the counts that move by themselves.
fn calm(mut boot: Boot) -> Boot {
    for state in &mut boot.rooms {
        state.online = 0;
    }
    boot
}

async fn read<T: serde::de::DeserializeOwned>(session: &Session, path: &str) -> T {
    let answer = session.get(path).await.unwrap();
    assert_eq!(answer.status, 200, "{path}: {}", answer.body);
    serde_json::from_str(&answer.body).unwrap()
}

fn contains(haystack: &[u8], needle: &[u8]) -> bool {
    haystack.windows(needle.len()).any(|window| window == needle)
}
