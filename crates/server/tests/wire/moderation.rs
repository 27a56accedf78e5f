//! What anyone may do about others: report what they said, take no direct messages of theirs (MOD-1 to MOD-3).

use parlour_protocol::admin::{Blocks, OpenReports};
use parlour_protocol::{Command, ErrorCode, RoomId, Seq, UserId, limits};

use crate::house::House;
use crate::people::{create_closed, does, enter, promote, refused_code, session};

const LOBBY: RoomId = RoomId::LOBBY;

fn report(room: RoomId, seq: u64, note: &str) -> Command {
    Command::Report { room, seq: Seq(seq), note: note.to_owned() }
}

#[tokio::test]
async fn mod_1_and_adm_5_a_report_shows_the_words_to_administrators_and_to_nobody_else() {
    let house = House::start();
    let (ada_session, mut ada, _) = enter(&house, "Ada").await;
    let (bob_session, mut bob, _) = enter(&house, "Bob").await;
    let (owner_session, _, _) = enter(&house, "Olga").await;
    promote(&house, &owner_session, "owner");
    let closed = create_closed(&mut ada, "cellar").await;
    does(&mut ada, Command::AddMember { room: closed, user: bob_session.you.id }).await;
    ada.post(closed, "something bad").await.unwrap();
    for _ in 0..2 {
        does(&mut bob, report(closed, 3, " That is bad. ")).await;
    }
    for (seq, what) in [(1, "no message"), (4, "not there yet"), (0, "nowhere")] {
        assert_eq!(refused_code(&mut bob, report(closed, seq, "")).await, ErrorCode::NotFound, "{what}");
    }
    assert_eq!(refused_code(&mut bob, report(closed, 3, &"x".repeat(1_001))).await, ErrorCode::TooBig);
    assert_eq!(refused_code(&mut bob, report(closed, 3, "\u{1b}")).await, ErrorCode::BadText);
    let list = async |session: &parlour_client::Session| session.get("/api/v1/admin/reports").await.unwrap();
    for session in [&ada_session, &bob_session] {
        assert_eq!(list(session).await.status, 403);
    }
    let OpenReports { reports } = serde_json::from_str(&list(&owner_session).await.body).unwrap();
    let [only] = reports.as_slice() else { panic!("{reports:?}") };
    assert_eq!((only.author.name.as_str(), only.by.name.as_str(), only.text.as_str()), ("Ada", "Bob", "something bad"));
    assert_eq!((only.room, only.seq, only.note.as_str()), (closed, Seq(3), "That is bad."));
    let settle = format!("/api/v1/admin/reports/{}/settle", only.id);
    assert_eq!(bob_session.post(&settle, "{}").await.unwrap().status, 403);
    assert_eq!(owner_session.post(&settle, r#"{"note":"Spoke with them."}"#).await.unwrap().status, 204);
    assert_eq!(list(&owner_session).await.body, r#"{"reports":[]}"#);
}

#[tokio::test]
async fn mod_1_reports_of_one_person_come_at_most_so_fast() {
    let house = House::start_with(&[]);
    let (_, mut ada, _) = enter(&house, "Ada").await;
    ada.post(LOBBY, "hello").await.unwrap();
    for _ in 0..limits::REPORT_BURST {
        does(&mut ada, report(LOBBY, 1, "")).await;
    }
    assert_eq!(refused_code(&mut ada, report(LOBBY, 1, "")).await, ErrorCode::Rate);
}

#[tokio::test]
async fn mod_2_and_mod_3_people_are_blocked_once_and_only_the_blocker_sees_it() {
    let house = House::start();
    let (ada_session, mut ada, _) = enter(&house, "Ada").await;
    let bob = session(&house, "Bob").await;
    let block = |user| Command::Block { user };
    for _ in 0..2 {
        does(&mut ada, block(bob.you.id)).await;
    }
    for nobody in [UserId(999), ada_session.you.id] {
        assert_eq!(refused_code(&mut ada, block(nobody)).await, ErrorCode::NotFound);
    }
    let blocks = async |session: &parlour_client::Session| -> Vec<String> {
        let found: Blocks = serde_json::from_str(&session.get("/api/v1/blocks").await.unwrap().body).unwrap();
        found.people.into_iter().map(|author| author.name).collect()
    };
    assert_eq!((blocks(&ada_session).await, blocks(&bob).await), (vec!["Bob".to_owned()], vec![]));
    for _ in 0..2 {
        does(&mut ada, Command::Unblock { user: bob.you.id }).await;
    }
    assert!(blocks(&ada_session).await.is_empty());
}
