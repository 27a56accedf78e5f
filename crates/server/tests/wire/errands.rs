//! `parlour user` and `parlour invite` in the data folder of a house that runs (ADM-7, LINK-1, CON-7).

use std::time::{Duration, Instant};

use parlour_client::{Client, Session};
use parlour_protocol::{Hello, Role, RoomId};
use serde_json::json;

use crate::house::{House, command};
use crate::people::{
    PASSWORD, account, ask, begun, closed, connect, create_closed, no, owner, said_no, session, sign_in,
};

/// What a command says, or what it says is wrong.
pub(crate) fn errand(house: &House, words: &[&str]) -> Result<String, String> {
    let output = command(&house.folder(), &house.address.to_string()).args(words).output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap().trim().to_owned();
    if output.status.success() { Ok(text(output.stdout)) } else { Err(text(output.stderr)) }
}

/// The last part of a link that a command prints.
fn token(printed: &str, page: &str) -> String {
    let (_, token) = printed.split_once(&format!("/{page}/")).unwrap();
    token.to_owned()
}

#[tokio::test]
async fn link_1_an_invitation_made_on_the_command_line_lets_in_and_is_listed_and_taken_back() {
    let house = House::start_with(&["--rate-limits", "off", "--door", "invitation"]);
    let olga = owner(&house).await;
    let (mut client, _) = connect(&olga, Hello::default()).await;
    let cellar = create_closed(&mut client, "cellar").await;
    let room = cellar.to_string();
    let printed = errand(&house, &["invite", "create", "--room", &room, "--uses", "2", "--note", "the choir"]).unwrap();
    assert!(printed.starts_with(&format!("http://{}/join/", house.address)), "{printed}");
    let join = json!({"token": token(&printed, "join"), "name": "Ada", "handle": "ada", "password": PASSWORD});
    let ada = begun(&house, &ask(&house, "join", &join).await);
    assert_eq!(ada.get(&format!("/api/v1/rooms/{cellar}/history")).await.unwrap().status, 200);
    let guests = errand(&house, &["invite", "create", "--role", "guest", "--room", &room, "--uses", "0"]).unwrap();
    let gus = ask(&house, "join", &json!({"token": token(&guests, "join"), "name": "Gus"})).await;
    assert_eq!(begun(&house, &gus).you.role, Role::Guest);
    let listed = errand(&house, &["invite", "list"]).unwrap();
    let rows: Vec<Vec<&str>> = listed.lines().skip(1).map(|row| row.split_whitespace().collect()).collect();
    assert_eq!(rows[0][..5], ["2", "guest", "link", "1", "holds"], "{listed}");
    assert_eq!(rows[1][..6], ["1", "member", "1", "of", "2", "holds"], "{listed}");
    assert!(listed.contains("command line, the choir"), "{listed}");
    errand(&house, &["invite", "revoke", "1"]).unwrap();
    let eve = json!({"token": token(&printed, "join"), "name": "Eve", "handle": "eve", "password": PASSWORD});
    assert_eq!(said_no(&ask(&house, "join", &eve).await), no(410, "link_over", "token"));
    for (words, what) in [
        (&["invite", "revoke", "99"][..], "no such invitation"),
        (&["invite", "create", "--room", "99"], "no room 99. For the numbers of its rooms: parlour room list"),
        (&["invite", "create", "--role", "guest"], "exactly one room"),
        (&["invite", "create", "--role", "owner"], "Nobody becomes an owner"),
        (&["invite", "create", "--days", "400"], "a year at most"),
    ] {
        let said = errand(&house, words).unwrap_err();
        assert!(said.contains(what) && said.lines().count() == 1, "{said}");
    }
    let acts = olga.get("/api/v1/admin/acts").await.unwrap().body;
    assert_eq!((acts.matches("\"invite\"").count(), acts.matches("\"revoke_invitation\"").count()), (2, 1), "{acts}");
}

#[tokio::test]
async fn door_3_and_s30_the_command_line_makes_a_new_owner_link_while_there_is_no_owner() {
    let house = House::start();
    let before = house.owner_link.clone().unwrap();
    let printed = errand(&house, &["user", "owner-link"]).unwrap();
    let body = |token: &str| json!({"token": token, "house_name": "Ours", "name": "Olga", "handle": "olga", "password": PASSWORD});
    assert_eq!(ask(&house, "owner", &body(&before)).await.status, 404);
    begun(&house, &ask(&house, "owner", &body(&token(&printed, "owner"))).await);
    let said = errand(&house, &["user", "owner-link"]).unwrap_err();
    assert!(said.contains("has an owner") && said.contains("reset-link"), "{said}");
}

#[tokio::test]
async fn adm_7_people_are_listed_and_changed_on_the_command_line_while_the_house_runs() {
    let house = House::start();
    let olga = owner(&house).await;
    let ada = account(&house, "Ada").await;
    let bob = session(&house, "Bob").await;
    let listed = errand(&house, &["user", "list"]).unwrap();
    let rows: Vec<Vec<&str>> = listed.lines().skip(1).map(|row| row.split_whitespace().collect()).collect();
    assert_eq!(rows, [["1", "owner", "olga", "Olga"], ["2", "member", "ada", "Ada"], ["3", "member", "–", "Bob"]]);
    let (mut open, _) = Client::connect(&ada, Hello::default()).await.unwrap();
    errand(&house, &["user", "role", "@Ada", "administrator"]).unwrap();
    let you = parlour_protocol::User { role: Role::Administrator, ..ada.you.clone() };
    assert_eq!(crate::people::notice(&mut open).await, parlour_protocol::Notice::You { you }, "S18");
    assert_eq!(ada.get("/api/v1/admin/people").await.unwrap().status, 200);
    let reset = errand(&house, &["user", "reset-link", "ada"]).unwrap();
    let body = json!({"token": token(&reset, "reset"), "password": "another horse"});
    let ada = begun(&house, &ask(&house, "reset", &body).await);
    assert_eq!(sign_in(&house, "ada", PASSWORD).await.status, 403);
    out_within_a_second(&house, &ada, &["user", "suspend", "ada", "--note", "spam"]).await;
    assert_eq!(sign_in(&house, "ada", "another horse").await.status, 403);
    let lifted = errand(&house, &["user", "suspend", "2", "--lift"]).unwrap();
    assert_eq!(lifted, "Ada (@ada, number 2) is let in again.", "whom it took the number for");
    let ada = begun(&house, &sign_in(&house, "ada", "another horse").await);
    out_within_a_second(&house, &ada, &["user", "sign-out", "ada"]).await;
    out_within_a_second(&house, &bob, &["user", "sign-out", "3"]).await;
    for (words, what) in [
        (&["user", "role", "olga", "member"][..], "keeps an owner"),
        (&["user", "suspend", "olga"], "keeps an owner"),
        (&["user", "reset-link", "nobody"], "the handle or the number nobody"),
        (&["user", "reset-link", "99"], "parlour user list"),
        (&["user", "reset-link", "3"], "the number 3"),
        (&["user", "role", "ada", "king"], "king"),
    ] {
        let said = errand(&house, words).unwrap_err();
        assert!(said.contains(what), "{said}");
    }
    let acts = olga.get("/api/v1/admin/acts").await.unwrap().body;
    let done = ["set_role", "reset_link", "suspend", "lift_suspension", "sign_out"];
    let counts = done.map(|act| acts.matches(&format!("\"{act}\"")).count());
    assert_eq!((counts, acts.matches("command line").count()), ([1, 1, 1, 1, 2], 6), "{acts}");
}

async fn out_within_a_second(house: &House, who: &Session, words: &[&str]) {
    let (mut client, _) = Client::connect(who, Hello::default()).await.unwrap();
    client.post(RoomId::LOBBY, "hello").await.unwrap();
    errand(house, words).unwrap();
    let began = Instant::now();
    assert_eq!(closed(&mut client).await, Some(4001));
    assert!(began.elapsed() < Duration::from_secs(1), "{words:?}: {:?}", began.elapsed());
    assert!(Client::open(who).await.is_err());
}

/// What a restore says about what lets somebody in, and what of it still does: a session, one that was ended after the backup, a reset link
/// and an invitation that were used after it, and an invitation that was not.
async fn restored(flags: &[&str]) -> (String, [u16; 5]) {
    let mut house = House::start();
    let olga = owner(&house).await;
    let (ada, ended) = (account(&house, "Ada").await, begun(&house, &sign_in(&house, "ada", PASSWORD).await));
    let invite = || token(&errand(&house, &["invite", "create"]).unwrap(), "join");
    let (used, unused) = (invite(), invite());
    let reset = token(&errand(&house, &["user", "reset-link", "ada"]).unwrap(), "reset");
    let file = house.folder().with_file_name("backup.db");
    let file = file.to_str().unwrap();
    errand(&house, &["backup", file]).unwrap();
    assert_eq!(ended.post("/api/v1/sign-out", "{}").await.unwrap().status, 204);
    let join = async |house: &House, token: &str, name: &str| {
        let body = json!({"token": token, "name": name, "handle": name.to_lowercase(), "password": PASSWORD});
        ask(house, "join", &body).await.status
    };
    assert_eq!(join(&house, &used, "Ivy").await, 201);
    let reset = json!({"token": reset, "password": "another horse"});
    begun(&house, &ask(&house, "reset", &reset).await);
    assert_eq!(ada.get("/api/v1/account").await.unwrap().status, 401, "a reset ends sessions");
    house.terminate();
    let said = errand(&house, &[&["restore", file], flags].concat()).unwrap();
    house.restart();
    assert_eq!(sign_in(&house, "ada", PASSWORD).await.status, 201, "an account is entered as before");
    let here = |session: &Session| Session { house: house.address, via: house.address, ..session.clone() };
    let look = async |session: &Session| here(session).get("/api/v1/account").await.unwrap().status;
    let statuses = [
        look(&olga).await,
        look(&ended).await,
        join(&house, &used, "Ivy").await,
        join(&house, &unused, "Una").await,
        ask(&house, "reset", &reset).await.status,
    ];
    (said, statuses)
}

#[tokio::test]
async fn s17_and_s27_a_restored_house_has_ended_every_session_and_link_which_the_backup_would_revive() {
    let (said, statuses) = restored(&[]).await;
    assert_eq!(statuses, [401, 401, 410, 410, 410]);
    assert!(said.contains("ended (3 and 3)") && said.contains("--keep-sessions"), "{said}");
}

#[tokio::test]
async fn s17_and_s27_a_restored_house_keeps_sessions_and_links_when_that_is_asked_for() {
    let (said, statuses) = restored(&["--keep-sessions"]).await;
    assert_eq!(statuses, [200, 200, 201, 201, 201]);
    assert!(said.contains("also those that were ended or used since"), "{said}");
}
