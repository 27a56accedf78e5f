//! Looking for what was said, over HTTP (SRCH). What answers is held to a filter in the store's own tests.

use std::time::{Duration, Instant};

use parlour_client::Session;
use parlour_protocol::search::SearchPage;
use parlour_protocol::{Command, Hello, RoomId, limits};
use serde_json::{Value, json};

use crate::asking::json_of;
use crate::files::says;
use crate::house::House;
use crate::people::{connect, create_closed, does, enter, session};

const LOBBY: RoomId = RoomId::LOBBY;

async fn asked(who: &Session, body: &Value) -> (u16, Value) {
    let answer = who.post("/api/v1/search", &body.to_string()).await.unwrap();
    (answer.status, json_of(&answer.body))
}

async fn found(who: &Session, typed: &str) -> SearchPage {
    let (status, body) = asked(who, &json!({"q": typed})).await;
    assert_eq!(status, 200, "{typed}: {body}");
    serde_json::from_value(body).unwrap()
}

fn words(page: &SearchPage) -> Vec<String> {
    page.hits.iter().map(|hit| hit.words.iter().map(|piece| piece.text.as_str()).collect()).collect()
}

#[tokio::test]
async fn srch_1_what_was_acknowledged_before_is_found_and_searching_reads_nothing() {
    let house = House::start();
    let (_, mut ada, _) = enter(&house, "Ada").await;
    let bob = session(&house, "Bob").await;
    for number in 0..20 {
        ada.post(LOBBY, &format!("needle {number} of **many**")).await.unwrap();
        let page = found(&bob, &format!("\"needle {number} of many\"")).await;
        assert_eq!((words(&page), page.behind), (vec![format!("needle {number} of many")], false));
    }
    let (_, welcome) = connect(&bob, Hello::default()).await;
    assert_eq!(welcome.rooms[0].unread, 20, "what was found is as unread as before");
}

#[tokio::test]
async fn s35_a_word_of_a_closed_room_is_answered_like_one_that_nobody_ever_said() {
    let house = House::start();
    let (ada_session, mut ada, _) = enter(&house, "Ada").await;
    let bob = session(&house, "Bob").await;
    let closed = create_closed(&mut ada, "cellar").await;
    for _ in 0..60 {
        ada.post(closed, "canary https://canary.example `canary`").await.unwrap();
    }
    let answers = async |who: &Session, more: &Value| {
        let mut bodies = Vec::new();
        for typed in
            ["canary", "never-said", "canary.example", "in:cellar", "in:nowhere", "c", "has:link", "from:ada canary"]
        {
            let mut body = json!({"q": typed});
            for (name, value) in more.as_object().unwrap() {
                body[name] = value.clone();
            }
            bodies.push(who.post("/api/v1/search", &body.to_string()).await.unwrap());
        }
        bodies
    };
    for more in [json!({}), json!({"order": "best"}), json!({"before": {"room": closed, "seq": 30}})] {
        let nothing = answers(&bob, &more).await;
        assert!(
            nothing.iter().all(|answer| (answer.status, answer.body.as_str()) == (200, r#"{"hits":[]}"#)),
            "{nothing:?}"
        );
    }
    let there = answers(&bob, &json!({"room": closed})).await;
    let nowhere = answers(&bob, &json!({"room": 987_654})).await;
    for (there, nowhere) in there.iter().zip(&nowhere) {
        assert_eq!((there.status, &there.body), (404, &nowhere.body));
    }
    assert_eq!(found(&ada_session, "canary").await.hits.len(), limits::SEARCH_HITS_MAX);
    // Who was in it and is not any more is nobody there, from the next answer on.
    does(&mut ada, Command::AddMember { room: closed, user: bob.you.id }).await;
    assert!(!found(&bob, "canary").await.hits.is_empty());
    does(&mut ada, Command::RemoveMember { room: closed, user: bob.you.id }).await;
    assert!(found(&bob, "canary").await.hits.is_empty());
}

/// The least of many answers: what else the machine does only adds.
#[tokio::test]
async fn s35_a_word_said_two_thousand_times_in_a_closed_room_is_not_told_by_the_time_of_the_answer() {
    let house = House::start();
    let (ada_session, mut ada, _) = enter(&house, "Ada").await;
    let bob = session(&house, "Bob").await;
    let closed = create_closed(&mut ada, "cellar").await;
    for _ in 0..2_000 {
        ada.post(closed, "canary").await.unwrap();
        ada.forget_kept();
    }
    assert!(!found(&ada_session, "canary").await.behind, "all of it is in the index");
    let mut least = [Duration::MAX; 2];
    for _ in 0..200 {
        for (least, typed) in least.iter_mut().zip(["canary", "finch"]) {
            let began = Instant::now();
            assert!(found(&bob, typed).await.hits.is_empty());
            *least = (*least).min(began.elapsed());
        }
    }
    let [said, never] = least.map(|least| least.as_secs_f64());
    assert!((said / never - 1.0).abs() < 0.3, "{said} s for what was said there, {never} s for what was not");
}

#[tokio::test]
async fn srch_5_and_s61_whatever_is_typed_is_looked_for_or_refused_with_what_to_do() {
    let house = House::start();
    let (ada, mut client, _) = enter(&house, "Ada").await;
    client.post(LOBBY, "NEAR(a b) \" OR 1=1 * rowid:1").await.unwrap();
    for typed in [
        "\" OR 1=1",
        "NEAR(",
        "NEAR(a b)",
        "*",
        "a*",
        "^a",
        "rowid:1",
        "{a b}:c",
        "a AND",
        "OR",
        "NOT",
        "\"",
        "\"\"\"\"a",
        "'; drop table said; --",
        "-",
        "--a",
        "-\"",
        "from:'x",
        "in:#",
        "%_",
        "\\",
        "\u{202E}abc",
        "\u{0}",
        "a\u{0}b",
        "🏳️‍🌈",
        "\u{E000}",
        "g1\u{E000}nea",
    ] {
        let (status, body) = asked(&ada, &json!({"q": typed})).await;
        assert!(status == 200 || (status == 400 && body["code"] == "empty"), "{typed:?}: {status} {body}");
    }
    assert_eq!(found(&ada, "NEAR(a b) \"or 1=1 *\" rowid:1").await.hits.len(), 1, "signs are looked for as they are");
    let operators = "from:a ".repeat(10_000);
    for (body, status, code) in [
        (json!({"q": ""}), 400, "empty"),
        (json!({"q": "before:soon"}), 400, "bad_query"),
        (json!({"q": "has:gold x"}), 400, "bad_query"),
        (json!({"q": "x".repeat(limits::SEARCH_BYTES_MAX + 1)}), 413, "too_big"),
        (json!({"q": "a ".repeat(limits::SEARCH_PARTS_MAX + 1)}), 409, "too_many"),
        (json!({"q": "x", "limit": 5}), 400, "bad_frame"),
        (json!({"q": "x", "order": "worst"}), 400, "bad_frame"),
        (json!({}), 400, "bad_frame"),
    ] {
        let answer = asked(&ada, &body).await;
        assert_eq!((answer.0, answer.1["code"].as_str()), (status, Some(code)), "{body} {}", answer.1);
    }
    let (status, body) = asked(&ada, &json!({"q": operators})).await;
    assert!(status == 413 && body["code"] == "too_big", "{status} {body}");
}

#[tokio::test]
async fn srch_5_and_s94_above_the_burst_searches_are_refused_with_rate() {
    let house = House::start_with(&[]);
    let ada = session(&house, "Ada").await;
    let mut statuses = Vec::new();
    for _ in 0..limits::SEARCHES_BURST + 30 {
        statuses.push(asked(&ada, &json!({"q": "x"})).await.0);
    }
    assert!(statuses[..limits::SEARCHES_BURST as usize].iter().all(|status| *status == 200), "{statuses:?}");
    assert!(statuses.contains(&429), "{statuses:?}");
}

#[tokio::test]
async fn srch_8_an_index_that_a_killed_house_left_behind_is_filled_up_again() {
    let mut house = House::start();
    let (_, mut ada, _) = enter(&house, "Ada").await;
    for number in 0..300 {
        ada.post(LOBBY, &format!("needle {number}")).await.unwrap();
    }
    house.kill();
    house.restart();
    let bob = session(&house, "Bob").await;
    let all = async || loop {
        let answer = bob.post("/api/v1/search", &json!({"q": "\"needle 299\""}).to_string()).await.unwrap();
        // Nothing is waited for but the index itself, which says when it is behind.
        if answer.status == 200 && !answer.body.contains("behind") {
            break serde_json::from_str::<SearchPage>(&answer.body).unwrap();
        }
        assert!(matches!(answer.status, 200 | 503), "{answer:?}");
    };
    assert_eq!(all().await.hits.len(), 1);
    assert_eq!(found(&bob, "\"needle 0\"").await.hits.len(), 1);
}

#[tokio::test]
async fn srch_2_and_srch_4_a_message_is_found_by_what_it_carries() {
    let house = House::start();
    let (session, mut ada, _) = enter(&house, "Ada").await;
    let picture = crate::pictures::picture(20, 20, image::ImageFormat::Png);
    let plan = session.bring(LOBBY, "harbour-plan.png", &picture, 1 << 20).await.unwrap().id;
    let notes = session.bring(LOBBY, "notes.txt", b"words", 100).await.unwrap().id;
    says(&mut ada, LOBBY, "", &[plan]).await;
    says(&mut ada, LOBBY, "see **these**", &[notes]).await;
    says(&mut ada, LOBBY, "no file, but a plan and notes", &[]).await;
    for (typed, expected) in [
        ("has:file", &["see these notes.txt", "harbour-plan.png"][..]),
        ("has:image", &["harbour-plan.png"]),
        ("has:file -has:image", &["see these notes.txt"]),
        ("bour-pl", &["harbour-plan.png"]),
        ("notes has:file", &["see these notes.txt"]),
        ("-has:file plan", &["no file, but a plan and notes"]),
    ] {
        assert_eq!(words(&found(&session, typed).await), expected, "{typed}");
    }
}
