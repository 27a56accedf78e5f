//! Fields that a client adds to a body about itself, on every route that takes one (S49), and the log of acts, which is only
//! added to (S106).

use parlour_server::ROUTES;
use serde_json::{Value, json};

use crate::asking::ask;
use crate::furnished::Furnished;
use crate::people::{PASSWORD, begun, sign_in};

/// Bodies that each route takes; none for those that look at no body.
fn body(route: &str, furnished: &Furnished) -> Option<Value> {
    let token = json!({"token": furnished.numbers.token});
    Some(match route.strip_prefix("/api/v1/").unwrap() {
        "owner" => json!({"token": "x", "house_name": "x", "name": "New", "handle": "new", "password": PASSWORD}),
        "sign-in" => json!({"name": "New"}),
        "sign-in/password" => json!({"login": "nobody", "password": "wrong horse"}),
        "sign-in/passkey/begin" | "account/passkeys/prove" | "account/passkeys/begin" => json!({}),
        "account/passkeys/{passkey}/remove" => json!({}),
        "sign-in/passkey" => json!({"passkey": {}}),
        "passkey/begin" => json!({"handle": "new"}),
        "account/passkeys" => json!({"name": "New", "passkey": {}}),
        "account/passkeys/{passkey}/rename" => json!({"name": "New"}),
        "search" => json!({"q": "x"}),
        "invitation" => token,
        "join" => json!({"token": "x", "name": "New", "handle": "new", "password": PASSWORD}),
        "reset" => json!({"token": "x", "password": PASSWORD}),
        "knock" => json!({"name": "New"}),
        "knock/enter" => json!({"token": "x"}),
        "account" => json!({"handle": "new", "password": PASSWORD}),
        "account/password" => json!({"old": "wrong horse", "new": PASSWORD}),
        "account/second-factor" | "account/second-factor/recovery-codes" | "account/second-factor/remove" => json!({}),
        "account/second-factor/confirm" => json!({"code": "000000"}),
        "oidc/{provider}/start" => token,
        "oidc/{provider}/connect" | "oidc/{provider}/disconnect" => json!({}),
        "oidc/finish" => json!({"name": "New", "handle": "new"}),
        "admin/people/{user}/role" => json!({"role": "member"}),
        "admin/people/{user}/reset-link" | "admin/house" => json!({}),
        "admin/people/{user}/suspend" | "admin/people/{user}/restore" | "admin/people/{user}/sign-out" => json!({}),
        "admin/invitations" => json!({"role": "guest"}),
        "admin/invitations/{invitation}/revoke" | "admin/reports/{report}/settle" => json!({}),
        "admin/knocks/decline" | "admin/knocks/{knock}/admit" | "admin/knocks/{knock}/decline" => json!({}),
        "rooms/{room}/files" => json!({"name": "a.txt", "bytes": 1}),
        // One takes bytes, the other looks at nothing.
        "files/{upload}/part" | "files/{upload}/cancel" => return None,
        "sign-out" | "sessions/end-others" | "sessions/{session}/end" => return None,
        "admin/rooms/{room}/archive" | "admin/rooms/{room}/restore" => return None,
        other => panic!("what does {other} take? Add it here"),
    })
}

/// What a client would like to say of itself, of others and of the log.
const ADDED: [(&str, &str); 15] = [
    ("role", "\"owner\""),
    ("seq", "99"),
    ("at", "1"),
    ("actor", "1"),
    ("epoch", "\"x\""),
    ("id", "1"),
    ("user", "1"),
    ("by", "{\"id\":1}"),
    ("guest", "false"),
    ("admitted", "true"),
    ("suspended_at", "null"),
    ("uses_max", "0"),
    ("has_password", "true"),
    ("__proto__", "{\"role\":\"owner\"}"),
    ("constructor", "{}"),
];

#[tokio::test]
async fn s49_a_field_that_no_route_knows_is_400_and_changes_nothing_on_any_of_them() {
    let furnished = Furnished::start().await;
    let before = furnished.dump();
    let mut asked = 0;
    for route in ROUTES.iter().filter(|route| route.method == "post") {
        let Some(body) = body(route.path, &furnished) else { continue };
        let path = furnished.numbers.path(route.path);
        for (name, value) in ADDED.iter().filter(|(name, _)| body.get(name).is_none()) {
            let more = body.to_string().replacen('{', &format!("{{\"{name}\":{value}{}", comma(&body)), 1);
            let answer = furnished.olga.post(&path, &more).await.unwrap();
            assert!(answer.status == 400 && answer.body.contains("bad_frame"), "{path} {more}: {answer:?}");
            asked += 1;
        }
        // Twice the same is no better.
        if let Some((name, value)) = body.as_object().and_then(|fields| fields.iter().next()) {
            let twice = body.to_string().replacen('{', &format!("{{\"{name}\":{value},"), 1);
            assert_eq!(furnished.olga.post(&path, &twice).await.unwrap().status, 400, "{path} {twice}");
        }
    }
    assert!(asked > 300, "{asked}");
    assert_eq!(furnished.dump(), before);
    // And each of these bodies is one that its route takes.
    for route in ROUTES.iter().filter(|route| route.method == "post") {
        let Some(body) = body(route.path, &furnished) else { continue };
        let path = furnished.numbers.path(route.path);
        // Some of them end the session that asks.
        let olga = begun(&furnished.house, &sign_in(&furnished.house, "olga", PASSWORD).await);
        let answer = olga.post(&path, &body.to_string()).await.unwrap();
        assert_ne!(answer.status, 400, "{path} {body}: {}", answer.body);
    }
}

fn comma(body: &Value) -> &'static str {
    if body.as_object().is_some_and(|fields| fields.is_empty()) { "" } else { "," }
}

#[tokio::test]
async fn s106_whatever_an_owner_asks_no_row_of_the_log_of_acts_is_changed_or_taken_away() {
    let furnished = Furnished::start().await;
    let acts = || -> Vec<String> {
        let rows = furnished.dump().into_iter();
        rows.filter(|row| row.starts_with("admin_act ")).collect()
    };
    let before = acts();
    assert!(before.len() >= 3, "{before:?}");
    for route in ROUTES.iter().filter(|route| route.method == "post" && route.path.contains("/admin/")) {
        let body = body(route.path, &furnished).unwrap_or_default();
        let path = furnished.numbers.path(route.path);
        furnished.olga.post(&path, &body.to_string()).await.unwrap();
        assert_eq!(acts()[..before.len()], before, "{path}");
    }
    assert!(acts().len() > before.len() + 5, "{:?}", acts());
    let headers = format!("Cookie: {}\r\n", furnished.olga.cookie);
    for method in ["POST", "PUT", "PATCH", "DELETE"] {
        for path in ["/api/v1/admin/acts", "/api/v1/admin/acts/1"] {
            let status = ask(&furnished.house, method, path, &headers).await.status;
            assert!([403, 404, 405].contains(&status), "{method} {path}: {status}");
        }
    }
}
