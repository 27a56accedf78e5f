//! Coming in by an honest provider of identities, there and back again (OIDC-1, OIDC-2, OIDC-4 to OIDC-7).

use parlour_client::Session;
use serde_json::{Value, json};

use crate::house::House;
use crate::people::{PASSWORD, account, ask, begun, no, owner, said_no, session, sign_in};
use crate::provider::{Browser, Provider, house_with, parameter, values};

/// A house with an honest provider.
fn start(door: &str) -> (Provider, House) {
    let provider = Provider::honest();
    let house = house_with(door, &provider.section("real", ""), &[]);
    (provider, house)
}

/// Somebody else with an account.
async fn session_of_another(house: &House, olga: &Session) -> Session {
    let made = olga.post("/api/v1/admin/invitations", "{}").await.unwrap();
    let made: Value = serde_json::from_str(&made.body).unwrap();
    let token = made["url"].as_str().unwrap().rsplit('/').next().unwrap();
    let body = json!({"token": token, "name": "Bea", "handle": "bea", "password": PASSWORD});
    begun(house, &ask(house, "join", &body).await)
}

async fn connected(browser: &mut Browser, house: &House) -> Vec<String> {
    let account = browser.account(house).await;
    let listed = account["connected"].as_array().cloned().unwrap_or_default();
    listed.iter().map(|one| one["name"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn oidc_1_oidc_4_and_oidc_5_who_comes_by_a_provider_has_an_account_at_once_and_is_known_again() {
    let (_provider, house) = start("open");
    let mut ada = Browser::default();
    let boot: Value = serde_json::from_str(&ada.get(house.address, "/api/v1/boot").await.body).unwrap();
    assert_eq!(boot["providers"], json!([{"name": "real", "title": "The real one"}]));
    let url = ada.begins(&house, "real").await;
    let back =
        format!("http%3A%2F%2F{}%2Fapi%2Fv1%2Foidc%2Freal%2Fcallback", house.address.to_string().replace(':', "%3A"));
    assert_eq!((parameter(&url, "redirect_uri"), parameter(&url, "response_type")), (back, "code".to_owned()));
    assert_eq!(parameter(&url, "code_challenge_method"), "S256");
    for secret in ["state", "nonce", "code_challenge"] {
        assert_eq!(parameter(&url, secret).len(), 43, "{secret}");
    }
    let back = ada.signs_in(&url, Some("ada")).await;
    assert_eq!(ada.comes_back(&house, &back).await, "/");
    assert_eq!(ada.is(&house).await.as_deref(), Some("Ada"));
    let account = ada.account(&house).await;
    assert_eq!(
        (&account["handle"], &account["has_password"], &account["email"]),
        (&json!("ada"), &json!(false), &Value::Null)
    );
    assert_eq!(connected(&mut ada, &house).await, ["real"]);

    // Another browser of hers is the same person, and nobody is made anew.
    let mut again = Browser::default();
    assert_eq!(again.comes_in(&house, "real", "ada").await, "/");
    assert_eq!(again.is(&house).await.as_deref(), Some("Ada"));
    let people: u32 = house.database().query_row("select count(*) from user", [], |row| row.get(0)).unwrap();
    assert_eq!(people, 1);
    // Back a second time by the same answer is nobody.
    assert_eq!(ada.comes_back(&house, &back).await, "/oidc/over");
}

#[tokio::test]
async fn oidc_1_the_way_there_begins_in_the_house_alone_and_its_cookie_is_kept_from_scripts_and_other_sites() {
    let (_provider, house) = start("open");
    let mut ada = Browser::default();
    let started = ada.get(house.address, "/api/v1/oidc/real/start").await;
    let cookies = values(&started, "set-cookie");
    assert_eq!(cookies.len(), 1);
    for word in ["__Host-parlour-provider=", "; HttpOnly", "; SameSite=Lax", "; Secure", "; Path=/", "; Max-Age=1200"] {
        assert!(cookies[0].contains(word), "{word}: {}", cookies[0]);
    }
    for site in ["cross-site", "same-site"] {
        let headers = format!("Sec-Fetch-Site: {site}\r\n");
        let answer = parlour_client::http::get(house.address, "/api/v1/oidc/real/start", &headers).await.unwrap();
        assert_eq!((answer.status, answer.header("location")), (303, Some("/oidc/over")), "{site}");
    }
    assert_eq!(ada.comes_back(&house, "/api/v1/oidc/nobody/start").await, "/oidc/unknown");
    for evil in ["//evil.example/", "https://evil.example/", "/\\evil.example"] {
        let path = format!("/api/v1/oidc/real/callback?code=x&state=y&next={evil}&redirect_uri={evil}");
        assert_eq!(ada.comes_back(&house, &path).await, "/oidc/over", "{evil}");
    }
}

#[tokio::test]
async fn oidc_2_an_answer_is_taken_once_from_the_browser_that_asked_with_the_state_that_was_given() {
    let (_provider, house) = start("open");
    let mut ada = Browser::default();
    let url = ada.begins(&house, "real").await;
    let back = ada.signs_in(&url, Some("ada")).await;
    // A stranger who got hold of the address, also one who has begun too, and one with a session.
    let mut stranger = Browser::default();
    assert_eq!(stranger.comes_back(&house, &back).await, "/oidc/over");
    let own = stranger.begins(&house, "real").await;
    assert_eq!(stranger.comes_back(&house, &back).await, "/oidc/over");
    let mixed = back.replace(&parameter(&url, "state"), &parameter(&own, "state"));
    assert_eq!(
        stranger.comes_back(&house, &mixed).await,
        "/oidc/wrong",
        "her code is no good with the state of another"
    );
    assert_eq!(stranger.is(&house).await, None);
    let wrong = back.replace(&parameter(&url, "state"), &"A".repeat(43));
    let none = back.replace("state=", "other=");
    let twice = format!("{back}&state={}", parameter(&url, "state"));
    for path in [wrong, none, twice, "/api/v1/oidc/real/callback".to_owned()] {
        assert_eq!(ada.comes_back(&house, &path).await, "/oidc/over", "{path}");
    }
    assert_eq!(ada.is(&house).await, None);
}

#[tokio::test]
async fn oidc_2_who_says_no_at_the_provider_is_told_so_and_may_begin_again() {
    let (_provider, house) = start("open");
    let mut ada = Browser::default();
    let url = ada.begins(&house, "real").await;
    let back = ada.signs_in(&url, None).await;
    assert_eq!(ada.comes_back(&house, &back).await, "/oidc/declined");
    assert_eq!(ada.comes_in(&house, "real", "ada").await, "/");
}

#[tokio::test]
async fn s16_coming_back_ends_the_session_that_the_browser_had_and_begins_another() {
    let (_provider, house) = start("open");
    let eve = session(&house, "Eve").await;
    let mut ada = Browser::default();
    assert_eq!(ada.comes_in(&house, "real", "ada").await, "/");
    let mut planted = Browser::of(&eve);
    assert_eq!(planted.comes_in(&house, "real", "ada").await, "/");
    assert_eq!(planted.is(&house).await.as_deref(), Some("Ada"));
    assert_eq!(Browser::of(&eve).is(&house).await, None, "the planted session is over");
}

#[tokio::test]
async fn oidc_4_an_address_leads_to_no_account_and_neither_does_a_handle() {
    let (_provider, house) = start("open");
    let victim = account(&house, "Ada").await;
    house.database().execute("update user set email = 'ada@example.org' where handle = 'ada'", []).unwrap();
    let mut other = Browser::default();
    // The handle and the name are the victim's: others are asked for, and the provider's word for the address moves nobody.
    assert_eq!(other.comes_in(&house, "real", "ada").await, "/oidc/finish");
    let waiting: Value = serde_json::from_str(&other.get(house.address, "/api/v1/oidc/waiting").await.body).unwrap();
    let provider = json!({"name": "real", "title": "The real one"});
    assert_eq!(waiting, json!({"provider": provider, "asks": "account", "name": "Ada", "handle": "ada"}));
    assert_eq!(other.is(&house).await, None);
    let finish = "/api/v1/oidc/finish";
    let taken = other.post(&house, finish, &json!({"name": "Ada Two", "handle": "ada"})).await;
    assert_eq!(said_no(&taken), no(409, "handle_taken", "handle"));
    let taken = other.post(&house, finish, &json!({"name": "Ada", "handle": "ada-two"})).await;
    assert_eq!(said_no(&taken), no(409, "name_taken", "name"));
    let made = other.post(&house, finish, &json!({"name": "Ada Two", "handle": "ada-two"})).await;
    assert_eq!(made.status, 201, "{}", made.body);
    assert_eq!(other.is(&house).await.as_deref(), Some("Ada Two"));
    assert_eq!(connected(&mut Browser::of(&victim), &house).await, Vec::<String>::new());
    // What was said is said.
    assert_eq!(other.post(&house, finish, &json!({"name": "Three", "handle": "three"})).await.status, 410);
}

#[tokio::test]
async fn oidc_4_and_acc_7_the_second_factor_of_an_account_is_asked_for_whoever_vouches() {
    let (_provider, house) = start("open");
    let mut ada = Browser::default();
    assert_eq!(ada.comes_in(&house, "real", "ada").await, "/");
    house
        .database()
        .execute("insert into totp (user, secret, confirmed_at, last_step) values (1, x'00', 1, 0)", [])
        .unwrap();
    let code = "abcd-efgh-ijkl-mnop";
    let plain = code.replace('-', "");
    let hash = <sha2::Sha256 as sha2::Digest>::digest(plain.as_bytes()).to_vec();
    house.database().execute("insert into recovery_code (user, code_hash) values (1, ?1)", [hash]).unwrap();
    let mut again = Browser::default();
    assert_eq!(again.comes_in(&house, "real", "ada").await, "/oidc/finish");
    let waiting: Value = serde_json::from_str(&again.get(house.address, "/api/v1/oidc/waiting").await.body).unwrap();
    assert_eq!(waiting["asks"], "code");
    assert_eq!(again.is(&house).await, None);
    for body in [json!({}), json!({"code": "000000"}), json!({"name": "New", "handle": "new"})] {
        let answer = again.post(&house, "/api/v1/oidc/finish", &body).await;
        assert_eq!(said_no(&answer), no(403, "code_needed", "code"), "{body}");
    }
    let answer = again.post(&house, "/api/v1/oidc/finish", &json!({"code": code})).await;
    assert_eq!(answer.status, 201, "{}", answer.body);
    assert_eq!(again.is(&house).await.as_deref(), Some("Ada"));
}

#[tokio::test]
async fn oidc_4_who_is_suspended_is_let_in_by_no_provider() {
    let (_provider, house) = start("open");
    let mut ada = Browser::default();
    assert_eq!(ada.comes_in(&house, "real", "ada").await, "/");
    house.database().execute("update user set suspended_at = 1", []).unwrap();
    assert_eq!(Browser::default().comes_in(&house, "real", "ada").await, "/oidc/refused");
}

#[tokio::test]
async fn oidc_5_by_invitation_newcomers_bring_one_along_and_others_are_told_that_they_need_one() {
    let (_provider, house) = start("invitation");
    let olga = owner(&house).await;
    let mut ada = Browser::default();
    assert_eq!(ada.comes_in(&house, "real", "ada").await, "/oidc/closed");
    let made = olga.post("/api/v1/admin/invitations", "{}").await.unwrap();
    let made: Value = serde_json::from_str(&made.body).unwrap();
    let token = made["url"].as_str().unwrap().rsplit('/').next().unwrap();
    let wrong = ada.post(&house, "/api/v1/oidc/real/start", &json!({"token": "A".repeat(43)})).await;
    assert_eq!(said_no(&wrong), no(404, "not_found", "token"));
    let unknown = ada.post(&house, "/api/v1/oidc/nobody/start", &json!({"token": token})).await;
    assert_eq!(unknown.status, 404);
    // Two come back by an invitation for one.
    let mut both = [(Browser::default(), "ada"), (Browser::default(), "bob")];
    let mut backs = Vec::new();
    for (browser, login) in &mut both {
        let started = browser.post(&house, "/api/v1/oidc/real/start", &json!({"token": token})).await;
        assert_eq!(started.status, 201, "{}", started.body);
        let url = serde_json::from_str::<Value>(&started.body).unwrap()["url"].as_str().unwrap().to_owned();
        backs.push(browser.signs_in(&url, Some(login)).await);
    }
    assert_eq!(both[0].0.comes_back(&house, &backs[0]).await, "/");
    assert_eq!(both[1].0.comes_back(&house, &backs[1]).await, "/oidc/closed");
    assert_eq!((both[0].0.is(&house).await.as_deref(), both[1].0.is(&house).await), (Some("Ada"), None));
    // Who has an account needs none.
    assert_eq!(Browser::default().comes_in(&house, "real", "ada").await, "/");
}

#[tokio::test]
async fn oidc_5_and_door_5_by_approval_a_newcomer_is_asked_to_knock_and_makes_an_account_once_inside() {
    let (_provider, house) = start("approval");
    let olga = owner(&house).await;
    let mut ada = Browser::default();
    assert_eq!(ada.comes_in(&house, "real", "ada").await, "/oidc/finish");
    let waiting: Value = serde_json::from_str(&ada.get(house.address, "/api/v1/oidc/waiting").await.body).unwrap();
    assert_eq!((&waiting["asks"], &waiting["name"]), (&json!("knock"), &json!("Ada")));
    let refused = ada.post(&house, "/api/v1/oidc/finish", &json!({"name": "Ada", "handle": "ada"})).await;
    assert_eq!(said_no(&refused), no(403, "forbidden", ""));
    let knocked = ada.post(&house, "/api/v1/knock", &json!({"name": "Ada"})).await;
    let token = serde_json::from_str::<Value>(&knocked.body).unwrap()["token"].clone();
    assert_eq!(olga.post("/api/v1/admin/knocks/1/admit", "{}").await.unwrap().status, 204);
    assert_eq!(ada.post(&house, "/api/v1/knock/enter", &json!({"token": token})).await.status, 201);
    // Inside without an account, she makes one by coming in so, and stays who she is.
    assert_eq!(ada.comes_in(&house, "real", "ada").await, "/");
    assert_eq!(ada.is(&house).await.as_deref(), Some("Ada"));
    let people: u32 = house.database().query_row("select count(*) from user", [], |row| row.get(0)).unwrap();
    assert_eq!((people, connected(&mut ada, &house).await), (2, vec!["real".to_owned()]));
    assert_eq!(Browser::default().comes_in(&house, "real", "ada").await, "/");
}

#[tokio::test]
async fn oidc_6_an_account_is_connected_by_its_owner_alone_who_says_their_password_again() {
    let (_provider, house) = start("invitation");
    let olga = owner(&house).await;
    let mut browser = Browser::of(&olga);
    let connect = "/api/v1/oidc/real/connect";
    for body in [json!({}), json!({"password": "wrong horse"})] {
        let answer = browser.post(&house, connect, &body).await;
        assert_eq!(said_no(&answer), no(403, "bad_credentials", "password"), "{body}");
    }
    assert_eq!(Browser::default().post(&house, connect, &json!({"password": PASSWORD})).await.status, 401);
    let go = async |browser: &mut Browser| {
        let started = browser.post(&house, connect, &json!({"password": PASSWORD})).await;
        assert_eq!(started.status, 201, "{}", started.body);
        serde_json::from_str::<Value>(&started.body).unwrap()["url"].as_str().unwrap().to_owned()
    };
    // Not when somebody else signed in with that browser meanwhile, nor when they signed out.
    let url = go(&mut browser).await;
    let back = browser.signs_in(&url, Some("olga")).await;
    let bea = session_of_another(&house, &olga).await;
    let mut hers = browser.clone();
    hers.is_now(&bea);
    assert_eq!(hers.comes_back(&house, &back).await, "/oidc/over");
    let url = go(&mut browser).await;
    let back = browser.signs_in(&url, Some("olga")).await;
    let mut out = browser.clone();
    assert_eq!(out.post(&house, "/api/v1/sign-out", &json!({})).await.status, 204);
    assert_eq!(out.comes_back(&house, &back).await, "/oidc/over");
    let olga = begun(&house, &sign_in(&house, "olga", PASSWORD).await);
    let mut browser = Browser::of(&olga);
    let url = go(&mut browser).await;
    let back = browser.signs_in(&url, Some("olga")).await;
    assert_eq!(browser.comes_back(&house, &back).await, "/me/connected");
    assert_eq!(connected(&mut browser, &house).await, ["real"]);
    assert_eq!(Browser::default().comes_in(&house, "real", "olga").await, "/");
    // Another identity of the same provider, and another account for the same identity, are refused.
    let url = go(&mut browser).await;
    let mut elsewhere = browser.clone();
    elsewhere.forget_provider(&url);
    let back = elsewhere.signs_in(&url, Some("someone")).await;
    assert_eq!(elsewhere.comes_back(&house, &back).await, "/oidc/taken");
    let rows: u32 = house.database().query_row("select count(*) from identity", [], |row| row.get(0)).unwrap();
    assert_eq!(rows, 1);
}

#[tokio::test]
async fn oidc_6_what_another_account_comes_in_by_is_connected_to_no_second_one() {
    let (_provider, house) = start("open");
    assert_eq!(Browser::default().comes_in(&house, "real", "ada").await, "/");
    let mut bea = Browser::of(&account(&house, "Bea").await);
    let started = bea.post(&house, "/api/v1/oidc/real/connect", &json!({"password": PASSWORD})).await;
    let url = serde_json::from_str::<Value>(&started.body).unwrap()["url"].as_str().unwrap().to_owned();
    let back = bea.signs_in(&url, Some("ada")).await;
    assert_eq!(bea.comes_back(&house, &back).await, "/oidc/taken");
    assert_eq!(connected(&mut bea, &house).await, Vec::<String>::new());
    // And who comes in by a provider while signed in to another account is told so.
    let mut bea = Browser::of(&account(&house, "Carl").await);
    assert_eq!(bea.comes_in(&house, "real", "carla").await, "/oidc/inside");
}

#[tokio::test]
async fn oidc_7_and_acc_8_a_provider_is_disconnected_while_another_way_in_is_left() {
    let (_provider, house) = start("open");
    let mut ada = Browser::default();
    assert_eq!(ada.comes_in(&house, "real", "ada").await, "/");
    let disconnect = "/api/v1/oidc/real/disconnect";
    assert_eq!(said_no(&ada.post(&house, disconnect, &json!({})).await), no(403, "forbidden", ""), "the only way in");
    assert_eq!(connected(&mut ada, &house).await, ["real"]);
    house.database().execute("update session set created_at = created_at - 700000", []).unwrap();
    for path in [disconnect, "/api/v1/oidc/real/connect"] {
        assert_eq!(said_no(&ada.post(&house, path, &json!({})).await), no(403, "prove_again", ""), "{path}");
    }
    let mut ada = Browser::default();
    assert_eq!(ada.comes_in(&house, "real", "ada").await, "/");
    assert_eq!(ada.post(&house, "/api/v1/account/password", &json!({"new": PASSWORD})).await.status, 204);
    assert_eq!(said_no(&ada.post(&house, disconnect, &json!({})).await), no(403, "bad_credentials", "password"));
    assert_eq!(ada.post(&house, disconnect, &json!({"password": PASSWORD})).await.status, 204);
    assert_eq!(connected(&mut ada, &house).await, Vec::<String>::new());
    assert_eq!(ada.post(&house, disconnect, &json!({"password": PASSWORD})).await.status, 404);
    assert_eq!(ask(&house, "sign-in/password", &json!({"login": "ada", "password": PASSWORD})).await.status, 201);
    // The provider's word for her is nobody's now: somebody new, whose name is taken.
    assert_eq!(Browser::default().comes_in(&house, "real", "ada").await, "/oidc/finish");
}
