//! The log: order, once, durable before told, pages.

use std::sync::Arc;

use parlour_protocol::push::Author;
use parlour_protocol::{Change, ErrorCode, Event, PostBy, RoomId, RoomRole, Seq, limits};
use parlour_store::{Doer, PageOf, Pipeline};

use crate::{House, an_id, at, message, refused};

fn seqs(events: &[Event]) -> Vec<u64> {
    events.iter().map(|event| event.seq.0).collect()
}

#[tokio::test]
async fn log_1_many_writers_get_consecutive_seqs_and_every_reader_the_same_log() {
    let house = House::new();
    let (ada, bob) = (house.person("Ada").await, house.person("Bob").await);
    let written: Vec<_> = (0..200)
        .map(|n| house.store.append(message(if n % 2 == 0 { &ada } else { &bob }, RoomId::LOBBY, &n.to_string())))
        .collect();
    for (n, answer) in written.into_iter().enumerate() {
        assert_eq!(answer.await.unwrap().event.seq.0, n as u64 + 1);
    }
    let page = house.store.page(RoomId::LOBBY, ada.id, PageOf::After(Seq::ZERO), 300).await.unwrap();
    assert_eq!(seqs(&page.events), (1..=200).collect::<Vec<_>>());
    let tail = house.store.tail(RoomId::LOBBY, Seq(198), 10).await.unwrap();
    assert_eq!((tail.head, tail.events[0].as_ref()), (Seq(200), &page.events[198]));
}

#[tokio::test]
async fn log_4_calls_are_logged_in_their_order_whichever_future_is_polled_first() {
    let house = House::new();
    let ada = house.person("Ada").await;
    let (first, second, third) = (
        house.store.append(message(&ada, RoomId::LOBBY, "1")),
        house.store.append(message(&ada, RoomId::LOBBY, "2")),
        house.store.append(message(&ada, RoomId::LOBBY, "3")),
    );
    let third = third.await.unwrap().event.seq;
    drop(second);
    assert_eq!((first.await.unwrap().event.seq, third), (Seq(1), Seq(3)));
    let page = house.store.page(RoomId::LOBBY, ada.id, PageOf::Newest, 9).await.unwrap();
    assert_eq!(page.events.len(), 3, "a dropped future undoes nothing");
}

#[tokio::test]
async fn log_4_behind_a_message_that_was_not_written_nothing_of_its_pipeline_is() {
    let house = House::new();
    let ada = house.person("Ada").await;
    let pipeline = Pipeline::default();
    let say = |place: u64| {
        let mut message = message(&ada, RoomId::LOBBY, &place.to_string());
        message.pipeline = pipeline.at(place);
        house.store.append(message)
    };
    pipeline.at(2).stop();
    assert_eq!(say(1).await.unwrap().event.seq, Seq(1), "what is before it is");
    assert_eq!(refused(say(3).await), ErrorCode::Busy);
    assert_eq!(house.says(&ada, RoomId::LOBBY, "elsewhere").await.unwrap().seq, Seq(2));
    // The second is said again as the fourth: the third, which may still be on its way, stays refused.
    pipeline.at(4).go_on();
    assert_eq!(say(4).await.unwrap().event.seq, Seq(3));
    assert_eq!((refused(say(3).await), say(5).await.unwrap().event.seq), (ErrorCode::Busy, Seq(4)));
    // One of before fails after all: nothing behind it is written, however it came to be there.
    pipeline.at(1).stop();
    assert_eq!((refused(say(3).await), refused(say(6).await)), (ErrorCode::Busy, ErrorCode::Busy));
}

#[tokio::test]
async fn log_3_the_same_client_id_is_answered_with_the_first_result_for_ever() {
    let house = House::new();
    let (ada, bob) = (house.person("Ada").await, house.person("Bob").await);
    let room = house.room(&ada, "tea").await.room.id;
    let mut first = message(&ada, room, "once");
    first.client_id = an_id();
    let mut again = first.clone();
    again.text = "something else".to_owned();
    // Twice in one batch, then again after the sender left, then after a restart.
    let (one, two) = (house.store.append(first.clone()), house.store.append(again.clone()));
    let (one, two) = (one.await.unwrap(), two.await.unwrap());
    assert_eq!((one.duplicate, two.duplicate, one.event.as_ref()), (false, true, two.event.as_ref()));
    house.store.leave_room(room, ada.clone(), at(1)).await.unwrap();
    let house = house.reopened();
    let three = house.store.append(again.clone()).await.unwrap();
    assert_eq!((three.duplicate, three.event.as_ref()), (true, one.event.as_ref()));
    // The id is the sender's own: another person's, and another room's, is another message.
    let mut of_bob = message(&bob, RoomId::LOBBY, "mine");
    of_bob.client_id = first.client_id;
    assert!(!house.store.append(of_bob).await.unwrap().duplicate);
    again.room = RoomId::LOBBY;
    assert!(!house.store.append(again).await.unwrap().duplicate);
}

#[tokio::test]
async fn log_2_and_log_8_what_is_told_is_a_plain_row_of_the_file_by_then() {
    let house = House::new();
    let ada = house.person("Ada").await;
    let file = house.folder.path().join("parlour.db");
    for n in 0..20 {
        let text = format!("Grüße {n}");
        let event = house.says(&ada, RoomId::LOBBY, &text).await.unwrap();
        let stranger = rusqlite::Connection::open(&file).unwrap();
        let sql = "select body from event where room = 1 and seq = ?1";
        let body: String = stranger.query_row(sql, [event.seq.0], |row| row.get(0)).unwrap();
        assert_eq!(body, text);
        let told = house.committed.lock().unwrap();
        assert!(
            told.iter().flat_map(|commit| &commit.events).any(|heard| heard.seq == event.seq),
            "told before answered"
        );
    }
}

#[tokio::test]
async fn log_1_commits_are_told_in_the_order_of_the_log_and_each_event_once() {
    let house = House::new();
    let ada = house.person("Ada").await;
    let answers: Vec<_> = (0..500).map(|n| house.store.append(message(&ada, RoomId::LOBBY, &n.to_string()))).collect();
    for answer in answers {
        answer.await.unwrap();
    }
    let told = house.committed.lock().unwrap();
    let order: Vec<u64> = told.iter().flat_map(|commit| &commit.events).map(|event| event.seq.0).collect();
    assert_eq!(order, (1..=500).collect::<Vec<_>>());
    assert!(told.len() < 500, "they shared commits");
}

#[tokio::test]
async fn g19_what_is_brought_together_is_one_commit_and_what_fills_one_is_not_waited_with() {
    let house = House::new();
    let ada = house.person("Ada").await;
    let commits = || house.committed.lock().unwrap().iter().map(|commit| commit.events.len()).collect::<Vec<_>>();
    // Two bring some at once: the first to be done does not begin what the other has not brought yet.
    let (one, other) = (house.store.gather(), house.store.gather());
    let mut answers = vec![house.store.append(message(&ada, RoomId::LOBBY, "first"))];
    drop(one);
    // What reads does not wait, and the writer has had all the time it needs to begin.
    for _ in 0..20 {
        house.store.heads().await.unwrap();
    }
    assert_eq!(commits().len(), 0);
    answers.extend((0..30).map(|n| house.store.append(message(&ada, RoomId::LOBBY, &n.to_string()))));
    drop(other);
    for answer in answers {
        answer.await.unwrap();
    }
    assert_eq!(commits(), [31]);

    let _held = house.store.gather();
    let answers: Vec<_> = (0..limits::BATCH_WRITES_MAX)
        .map(|n| house.store.append(message(&ada, RoomId::LOBBY, &n.to_string())))
        .collect();
    for answer in answers {
        answer.await.unwrap();
    }
    assert_eq!(commits(), [31, limits::BATCH_WRITES_MAX]);
}

#[tokio::test]
async fn a_clock_turned_back_never_turns_a_log_back() {
    let house = House::new();
    let ada = house.person("Ada").await;
    let mut late = message(&ada, RoomId::LOBBY, "late");
    late.now = at(5_000);
    let mut early = message(&ada, RoomId::LOBBY, "early");
    early.now = at(-3_600_000);
    let (late, early) = (house.store.append(late).await.unwrap(), house.store.append(early).await.unwrap());
    assert_eq!((late.event.at, early.event.at), (at(5_000), at(5_000)));
}

#[tokio::test]
async fn msg_4_who_is_no_member_neither_writes_nor_reads_and_hears_what_a_missing_room_says() {
    let house = House::new();
    let (ada, eve) = (house.person("Ada").await, house.person("Eve").await);
    let room = house.room(&ada, "tea").await.room.id;
    for place in [room, RoomId(99)] {
        assert_eq!(refused(house.says(&eve, place, "hello").await), ErrorCode::NotFound);
        assert_eq!(refused(house.store.page(place, eve.id, PageOf::Newest, 9).await), ErrorCode::NotFound);
        assert_eq!(refused(house.store.members(place, eve.id).await), ErrorCode::NotFound);
    }
    house.store.leave_room(room, ada.clone(), at(1)).await.unwrap();
    assert_eq!(refused(house.says(&ada, room, "still here?").await), ErrorCode::NotFound);
    assert_eq!(refused(house.store.page(room, ada.id, PageOf::Newest, 9).await), ErrorCode::NotFound);
}

#[tokio::test]
async fn http_3_each_kind_of_page_is_a_contiguous_piece_in_order() {
    let house = House::new();
    let ada = house.person("Ada").await;
    for n in 1..=20 {
        house.says(&ada, RoomId::LOBBY, &n.to_string()).await.unwrap();
    }
    let cases = [
        (PageOf::Newest, 5, 16..=20),
        (PageOf::Before(Seq(16)), 5, 11..=15),
        (PageOf::Before(Seq(3)), 5, 1..=2),
        (PageOf::Before(Seq(999)), 2, 19..=20),
        (PageOf::After(Seq(18)), 5, 19..=20),
        (PageOf::After(Seq::ZERO), 3, 1..=3),
        (PageOf::Around(Seq(10)), 6, 7..=12),
        (PageOf::Around(Seq(1)), 4, 1..=4),
    ];
    for (which, limit, wanted) in cases {
        let page = house.store.page(RoomId::LOBBY, ada.id, which, limit).await.unwrap();
        assert_eq!(seqs(&page.events), wanted.collect::<Vec<u64>>(), "{which:?}");
        assert_eq!((page.head, page.first), (Seq(20), Seq(1)));
    }
    let none = house.store.page(RoomId::LOBBY, ada.id, PageOf::After(Seq(20)), 5).await.unwrap();
    assert!(none.events.is_empty());
}

#[tokio::test]
async fn an_event_is_read_as_it_was_written_whatever_it_is() {
    let house = House::new();
    let ada = house.person("Ada").await;
    let room = house.room(&ada, "tea").await.room.id;
    let mut binary = message(&ada, room, "\u{FFFD}");
    binary.binary = true;
    let said = house.store.append(binary).await.unwrap().event;
    let new_name = ("cocoa".to_owned(), "Warm \"things\"".to_owned());
    house
        .store
        .rename_room(room, ada.clone(), new_name.0.clone(), new_name.0.clone(), new_name.1, at(9))
        .await
        .unwrap();
    house.store.leave_room(room, ada.clone(), at(10)).await.unwrap();
    house.store.join_room(room, ada.clone(), at(11)).await.unwrap();
    let bob = house.person("Bob").await;
    // Whoever leaves and comes back is what anyone is who comes; an office is enough for what follows.
    house.database().execute("update user set role = 'owner' where id = ?1", [ada.id.0]).unwrap();
    house.store.add_member(room, ada.clone(), bob.id, at(12)).await.unwrap();
    house.store.set_room_role(room, ada.clone(), bob.id, RoomRole::Manager, at(13)).await.unwrap();
    house.store.set_posting(room, ada.clone(), PostBy::Managers, 30, at(14)).await.unwrap();
    house.store.remove_member(room, ada.clone(), bob.id, at(15)).await.unwrap();
    house.store.archive_room(room, Doer::Person(ada.clone()), true, at(16)).await.unwrap();
    house.store.archive_room(room, Doer::Person(ada.clone()), false, at(17)).await.unwrap();
    let page = house.store.page(room, ada.id, PageOf::After(Seq::ZERO), 99).await.unwrap();
    let told: Vec<Arc<Event>> =
        house.committed.lock().unwrap().iter().flat_map(|commit| commit.events.clone()).collect();
    assert_eq!(page.events, told.iter().map(|event| event.as_ref().clone()).collect::<Vec<_>>());
    assert_eq!(page.events[1], *said);
    assert!(matches!(page.events[4].change, Change::MemberJoined));
    let who = Author { id: bob.id, name: "Bob".to_owned() };
    let changes: Vec<&Change> = page.events[5..].iter().map(|event| &event.change).collect();
    assert_eq!(
        changes,
        [
            &Change::MemberAdded { who: who.clone() },
            &Change::RoleChanged { who: who.clone(), role: RoomRole::Manager },
            &Change::PostingChanged { post_by: PostBy::Managers, slow_s: 30 },
            &Change::MemberRemoved { who },
            &Change::RoomArchived,
            &Change::RoomRestored,
        ]
    );
}
