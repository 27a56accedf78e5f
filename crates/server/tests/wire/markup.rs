//! What a message says travels with it (MSG-7), and costs nobody else anything (S60).

use std::time::{Duration, Instant};

use parlour_protocol::{Command, Hello, RoomId, Seq};
use serde_json::{Value, json};

use crate::house::House;
use crate::people::{connect, enter, fresh, resume};
use crate::raw::Raw;

/// An answer to somebody else is never later than this, while the dearest texts are read: not even unoptimised, beside others.
const AT_MOST: Duration = Duration::from_secs(2);

fn tree(event: &impl serde::Serialize) -> Value {
    serde_json::to_value(event).unwrap()["tree"].clone()
}

#[tokio::test]
async fn msg_7_the_tree_is_the_same_live_after_coming_back_in_history_and_from_the_page_itself() {
    let house = House::start();
    let (session, mut ada, _) = enter(&house, "Ada").await;
    let (_, mut bob, _) = enter(&house, "Bob").await;
    let text = "See **this**:\n- `a` <b>\n- ||b|| https://example.org/c_d";
    let item = |of: Value| json!({"of": [{"paragraph": of}]});
    let address = "https://example.org/c_d";
    let items = [
        item(json!([{"code": "a"}, " <b>"])),
        item(json!([{"spoiler": ["b"]}, " ", {"link": {"to": address, "of": [address]}}])),
    ];
    let expected = json!([{"paragraph": ["See ", {"strong": ["this"]}, ":"]}, {"list": {"items": items}}]);
    ada.post(RoomId::LOBBY, text).await.unwrap();
    for client in [&mut ada, &mut bob] {
        assert_eq!(tree(&client.next_event().await.unwrap()), expected);
    }
    let (mut again, _) = resume(&session, &[(RoomId::LOBBY, Seq::ZERO)]).await;
    assert_eq!(tree(&again.next_event().await.unwrap()), expected);
    let page = session.history(RoomId::LOBBY, "").await.unwrap();
    assert_eq!(page.events.iter().map(tree).collect::<Vec<_>>(), [expected]);
    let stored: String =
        house.database().query_row("select body from event where seq = 1", [], |row| row.get(0)).unwrap();
    assert_eq!(stored, text, "the text is the truth, as it was typed");
}

#[tokio::test]
async fn msg_7_a_repeat_is_answered_with_the_first_and_a_text_without_markup_has_no_tree() {
    let house = House::start();
    let (session, mut ada, _) = enter(&house, "Ada").await;
    for text in ["hello", "2 * 3 = 6, snake_case\n\nand `one", "[Ada]: yes", "<b>bold</b>"] {
        let id = fresh();
        for _ in 0..2 {
            ada.request(Command::Post {
                room: RoomId::LOBBY,
                client_id: id,
                text: text.to_owned(),
                answers: None,
                files: vec![],
            })
            .await
            .unwrap();
        }
        let event = serde_json::to_value(ada.next_event().await.unwrap()).unwrap();
        assert_eq!((event["text"].as_str(), event.get("tree")), (Some(text), None));
    }
    assert_eq!(session.history(RoomId::LOBBY, "").await.unwrap().events.len(), 4);
}

#[tokio::test]
async fn msg_7_what_a_classic_client_says_has_its_tree_for_others_and_is_text_to_its_own() {
    let house = House::start();
    let mut classic = Raw::classic(house.address).await;
    let (session, mut ada, _) = enter(&house, "Ada").await;
    classic.say("**hello**").await;
    assert_eq!(tree(&ada.next_event().await.unwrap()), json!([{"paragraph": [{"strong": ["hello"]}]}]));
    ada.post(RoomId::LOBBY, "*so*").await.unwrap();
    let said = async {
        loop {
            let frame = classic.hears().await;
            if frame["body"] == "*so*" {
                return frame;
            }
        }
    };
    assert_eq!(said.await, json!({"type": 1, "body": "*so*"}));
    assert_eq!(session.history(RoomId::LOBBY, "").await.unwrap().events.len(), 2);
}

#[tokio::test]
async fn s60_the_dearest_texts_of_16_kib_keep_nobody_else_waiting() {
    let house = House::start();
    let (session, mut ada, _) = enter(&house, "Ada").await;
    let (mut other, _) = connect(&session, Hello::default()).await;
    let patterns = [
        "[[[[",
        "*a",
        "> ",
        ">",
        "- ",
        "||",
        "||a",
        "|a",
        "[](\"",
        "[a](b",
        "~~a*b",
        "`a",
        "<a",
        "&amp;",
        "www.**",
        "https://*",
    ];
    let table = "|a".repeat(600) + "\n" + &"|-".repeat(600) + "\n" + &"b\n".repeat(6_000);
    let texts = patterns.iter().map(|pattern| pattern.repeat(16_384 / pattern.len())).chain([table]);
    for text in texts {
        let began = Instant::now();
        let posted = ada.send(crate::people::post(&text)).await.unwrap();
        other.request(Command::Ping).await.unwrap();
        assert!(began.elapsed() < AT_MOST, "{:?}: {:?}", &text[..8], began.elapsed());
        ada.answer(posted).await.unwrap();
        assert!(began.elapsed() < AT_MOST, "{:?}: {:?}", &text[..8], began.elapsed());
    }
}
