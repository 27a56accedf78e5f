//! Every route.

use std::collections::BTreeSet;

use parlour_client::{Client, Session};
use parlour_engine::access::{self, Action, Right};
use parlour_protocol::{ErrorCode, Refusal, Role, RoomKind};
use parlour_server::{ROUTES, Route};

use serde_json::{Value, json};

use crate::cast::{ASKERS, Asker, CANARY, Cast, PASSWORD, PLACES, PROVIDER, Place, facts};

/// A question to a route: its path and body.
struct Question {
    path: String,
    body: String,
    /// What the browser holds besides.
    cookie: String,
    /// Whether carrying it out changes anything.
    idle: bool,
}

/// Makes the question such that only permission can stand in its way.
async fn question(cast: &Cast, route: &Route, asker: Asker, place: Option<Place>) -> Question {
    let room = place.map_or(987_654, |place| cast.room(asker, place).0);
    let archived = place.is_some_and(|place| place.archived);
    let whom = cast.somebody(Role::Member);
    let (mut body, mut cookie, mut idle) = ("{}".to_owned(), String::new(), false);
    let name = format!("new-{}", cast.fresh());
    let account = json!({"name": name, "handle": name, "password": PASSWORD});
    match route.path.rsplit('/').next().unwrap() {
        "owner" => body = with(&account, &[("token", cast.owner_link()), ("house_name", "House".to_owned())]),
        "invitation" => body = json!({"token": cast.invitation().1}).to_string(),
        "waiting" => cookie = cast.came_back().await,
        "finish" => {
            cookie = cast.came_back().await;
            body = json!({"name": name, "handle": name}).to_string();
        }
        "start" => body = json!({"token": cast.invitation().1}).to_string(),
        "connect" => drop(cast.with_account(cast.session(asker).you.id)),
        "disconnect" => {
            cast.connected(cast.session(asker).you.id);
            body = json!({"password": PASSWORD}).to_string();
        }
        "join" => body = with(&account, &[("token", cast.invitation().1)]),
        "reset" => body = json!({"token": cast.reset_link(whom), "password": PASSWORD}).to_string(),
        "knock" => body = json!({"name": name}).to_string(),
        "enter" => body = json!({"token": cast.knock(true).1}).to_string(),
        "account" => body = account.to_string(),
        "password" if route.action == Action::SignIn => {
            body = json!({"login": cast.with_password(whom), "password": PASSWORD}).to_string();
        }
        "password" => {
            cast.with_account(cast.session(asker).you.id);
            body = json!({"new": PASSWORD}).to_string();
        }
        "second-factor" | "remove" if !route.path.contains("passkey") => {
            drop(cast.with_account(cast.session(asker).you.id))
        }
        "recovery-codes" => drop(cast.second_factor(asker, true)),
        "confirm" => body = json!({"code": cast.second_factor(asker, false)}).to_string(),
        "reset-link" => drop(cast.with_account(whom)),
        "house" => body = json!({"name": name}).to_string(),
        "role" => body = r#"{"role":"bot"}"#.to_owned(),
        "restore" if route.action == Action::Suspend => cast.suspends(whom, true),
        "sign-in" => body = json!({"name": name}).to_string(),
        "files" => body = r#"{"name":"a.txt","bytes":1}"#.to_owned(),
        "search" => body = json!({"q": "something"}).to_string(),
        "archive" => idle = archived,
        "restore" => idle = !archived,
        _ => {}
    }
    let session = if route.path.contains("{session}") { cast.another_session(asker) } else { String::new() };
    let invitation = if route.path.contains("{invitation}") { cast.invitation().0 } else { 0 };
    let knock = if route.path.contains("/knocks/") { cast.knock(false).0 } else { 0 };
    let passkey = if route.path.contains("{passkey}") { cast.passkey(cast.session(asker).you.id).1 } else { 0 };
    let report = if route.path.contains("{report}") { cast.report() } else { 0 };
    let path = route.path.replace("{room}", &room.to_string()).replace("{user}", &whom.0.to_string());
    let path = path.replace("{report}", &report.to_string()).replace("{seq}", "1").replace("{file}", "none.js");
    let path = path.replace("{session}", &session).replace("{invitation}", &invitation.to_string());
    let path = path.replace("{passkey}", &passkey.to_string());
    let path = path.replace("{knock}", &knock.to_string()).replace("{token}", "none").replace("{page}", "any");
    let path = path.replace("{provider}", PROVIDER);
    let upload = if path.contains("{upload}") { cast.upload(asker) } else { String::new() };
    let attachment = if path.contains("{attachment}") { cast.attachment(room) } else { String::new() };
    let path = path.replace("{upload}", &upload).replace("{attachment}", &attachment).replace("/part", "/part?at=0");
    Question { path, body, cookie, idle }
}

/// An account as a form asks for it, and more.
fn with(account: &Value, more: &[(&str, String)]) -> String {
    let mut body = account.clone();
    for (name, value) in more {
        body[*name] = json!(value);
    }
    body.to_string()
}

fn status(refusal: &Refusal) -> u16 {
    match refusal.code {
        ErrorCode::SignedOut => 401,
        ErrorCode::Forbidden => 403,
        ErrorCode::NotFound => 404,
        other => panic!("{other:?} is no matter of permission"),
    }
}

async fn ask(cast: &Cast, route: &Route, asker: Asker, place: Option<Place>, faults: &mut Vec<String>) {
    let Question { path, body, cookie, idle } = question(cast, route, asker, place).await;
    // Who signs out or in by their session would have none for the next question.
    let session = match route.action {
        Action::SignOut | Action::EnterByName | Action::UseLink | Action::SignIn => {
            Session { cookie, ..cast.session(asker) }
        }
        _ => cast.session(asker),
    };
    let (body, session) = match route.path.contains("passkey") {
        true => {
            let (body, session) = cast.about_passkeys(asker, route.path, &session).await;
            (body.to_string(), session)
        }
        false => (body, session),
    };
    let told = facts(asker, place);
    let expected = access::check(route.action, &told);
    let before = cast.acts();
    let found = if route.path == "/ws" {
        let opened = Client::open(&session).await.is_ok();
        if opened { Ok(101) } else { Err(401) }
    } else {
        let answer = match route.method {
            "get" => session.get(&path).await.unwrap(),
            _ if path.contains("/part") => session.post_bytes(&path, b"x").await.unwrap(),
            _ => session.post(&path, &body).await.unwrap(),
        };
        let may_read = access::check(Action::ReadRoom, &told).is_ok();
        if answer.body.contains(CANARY) && !may_read {
            faults.push(format!("{} {path} for {asker:?} in {place:?} shows what is said there", route.method));
        }
        match answer.status {
            // Who comes or goes by a provider is led on.
            status @ (200..=299 | 303) => Ok(status),
            // A file of the build that is not there.
            404 if route.path.contains("{file}") => Ok(404),
            status => Err(status),
        }
    };
    let acts = cast.acts() - before;
    if matches!(route.action, Action::MakeAccount | Action::OwnAccount | Action::UseLink) {
        cast.as_before(asker);
    }
    let logged = route.method == "post" && expected == Ok(Right::Office) && !idle;
    let as_told = match (&found, &expected) {
        (Ok(_), Ok(_)) => true,
        (Err(found), Err(refusal)) => *found == status(refusal),
        _ => false,
    };
    if !as_told || acts != u64::from(logged) {
        faults.push(format!(
            "{} {path} for {asker:?} in {place:?}: {found:?} with {acts} acts, and the table says {expected:?}",
            route.method
        ));
    }
}

#[tokio::test]
async fn s33_every_route_for_everyone_in_every_kind_of_room_is_answered_as_the_table_says() {
    let cast = Cast::new().await;
    let (mut faults, mut questions) = (Vec::new(), 0);
    for route in ROUTES {
        for asker in ASKERS {
            let places: Vec<Option<Place>> = match route.path.contains("{room}") {
                true => PLACES.map(Some).into_iter().chain([None]).collect(),
                false => vec![None],
            };
            for place in places {
                ask(&cast, route, asker, place, &mut faults).await;
                questions += 1;
            }
        }
    }
    assert!(faults.is_empty(), "{} of {questions} questions:\n{}", faults.len(), faults.join("\n"));
    assert!(questions > 700, "{questions} questions");
}

/// Roles given and people suspended across the line between members and those who look after the house.
#[tokio::test]
async fn s33_acts_on_people_are_answered_as_the_table_says_of_both_roles() {
    let cast = Cast::new().await;
    let mut faults = Vec::new();
    let roles = [Role::Bot, Role::Guest, Role::Member, Role::Administrator, Role::Owner];
    for asker in ASKERS {
        let session = cast.session(asker);
        for before in roles {
            let mut ask = async |action: Action, path: String, body: String, changes: bool| {
                let expected = access::check(action, &facts(asker, None));
                let acts = cast.acts();
                let status_found = session.post(&path, &body).await.unwrap().status;
                let acts = cast.acts() - acts;
                let as_told =
                    expected.as_ref().map_or_else(|refusal| status(refusal) == status_found, |_| status_found == 204);
                if !as_told || acts != u64::from(expected.is_ok() && changes) {
                    faults.push(format!("{path} {body} by {asker:?}: {status_found}, {acts} acts, {expected:?}"));
                }
            };
            for after in roles {
                let whom = cast.somebody(before);
                cast.with_account(whom);
                let body = format!(r#"{{"role":{}}}"#, serde_json::to_string(&after).unwrap());
                let path = format!("/api/v1/admin/people/{}/role", whom.0);
                ask(access::of_role(before, after), path, body, before != after).await;
            }
            for (word, suspended) in [("suspend", false), ("restore", true)] {
                let whom = cast.somebody(before);
                cast.suspends(whom, suspended);
                let path = format!("/api/v1/admin/people/{}/{word}", whom.0);
                ask(access::of_suspension(before), path, r#"{"note":"why"}"#.to_owned(), true).await;
            }
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn s33_no_two_routes_are_one_and_each_stands_under_the_act_of_its_family() {
    let all: BTreeSet<_> = ROUTES.iter().map(|route| (route.method, route.path)).collect();
    assert_eq!(all.len(), ROUTES.len());
    for route in ROUTES {
        let is_admin = route.path.starts_with("/api/v1/admin/");
        let nobody_else = ASKERS.iter().filter(|asker| **asker != Asker::Manager).all(|asker| {
            let place = Place { kind: RoomKind::Closed, archived: false, post_by: parlour_protocol::PostBy::Everyone };
            let told = facts(*asker, Some(place));
            let office = matches!(asker, Asker::Administrator | Asker::AdministratorInside | Asker::Owner);
            office || access::check(route.action, &told).is_err()
        });
        assert!(!is_admin || nobody_else, "{} is no act of an office", route.path);
    }
}
