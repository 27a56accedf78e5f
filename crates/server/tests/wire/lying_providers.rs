//! Providers that lie, are elsewhere, or are not there (OIDC-2, OIDC-3, OIDC-8): nobody comes in, and the house goes on.

use std::time::{Duration, Instant};

use parlour_client::http::get;
use serde_json::{Value, json};

use crate::house::House;
use crate::people::session;
use crate::provider::{Browser, Provider, house_with, lie, parameter};

/// A house that knows the liar by several of its issuers.
fn start(paths: &[(&str, &str)]) -> (Provider, House) {
    let provider = Provider::liar();
    let sections: String = paths.iter().map(|(name, path)| provider.section(name, path)).collect();
    let house = house_with("open", &sections, &[]);
    (provider, house)
}

/// Comes back with this lie; where it ends, and as whom.
async fn told(house: &House, name: &str, what: Value) -> (String, Option<String>) {
    let mut browser = Browser::default();
    let url = browser.begins(house, name).await;
    let page = browser.comes_back(house, &lie(&url, name, what)).await;
    (page, browser.is(house).await)
}

fn people(house: &House) -> u32 {
    house.database().query_row("select count(*) from user", [], |row| row.get(0)).unwrap()
}

#[tokio::test]
async fn oidc_3_only_a_token_signed_by_the_provider_of_now_for_this_house_and_this_signing_in_is_believed() {
    let (provider, house) = start(&[("liar", "")]);
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap().as_secs();
    let lies = [
        json!({"claims": {"nonce": "another"}}),
        json!({"claims": {"nonce": null}}),
        json!({"claims": {"iss": format!("{}/second", provider.issuer)}}),
        json!({"claims": {"iss": format!("{}/", provider.issuer)}}),
        json!({"claims": {"iss": null}}),
        json!({"claims": {"aud": "another"}}),
        json!({"claims": {"aud": ["parlour", "another"]}}),
        json!({"claims": {"aud": []}}),
        json!({"claims": {"aud": null}}),
        json!({"claims": {"azp": "another"}}),
        json!({"claims": {"exp": now - 30}}),
        json!({"claims": {"exp": null}}),
        json!({"claims": {"sub": null}}),
        json!({"claims": {"sub": ""}}),
        json!({"claims": {"sub": "x".repeat(256)}}),
        json!({"sign": "none"}),
        json!({"sign": "cut"}),
        json!({"sign": "shared"}),
        json!({"sign": "other"}),
        json!({"http": "error"}),
        json!({"http": "junk"}),
        json!({"http": "bare"}),
    ];
    for what in lies {
        let said = what.to_string();
        assert_eq!(told(&house, "liar", what).await, ("/oidc/wrong".to_owned(), None), "{said}");
    }
    assert_eq!(people(&house), 0);
    let right = told(&house, "liar", json!({"claims": {"azp": "parlour", "sub": "x".repeat(255)}})).await;
    assert_eq!(right, ("/".to_owned(), Some("Mallory".to_owned())), "and without a lie it is");
}

#[tokio::test]
async fn oidc_3_a_provider_that_signs_with_a_new_key_is_asked_for_its_keys_again() {
    let (_provider, house) = start(&[("liar", "")]);
    let until = Instant::now() + Duration::from_secs(20);
    // The keys were read just now, and are not read again for a second.
    while told(&house, "liar", json!({"sign": "next"})).await.0 != "/" {
        assert!(Instant::now() < until, "the new key is never found");
    }
}

#[tokio::test]
async fn oidc_2_a_second_answer_to_one_signing_in_is_nobody_though_the_browser_and_the_provider_would_take_it() {
    let (_provider, house) = start(&[("liar", "")]);
    let mut browser = Browser::default();
    let url = browser.begins(&house, "liar").await;
    let path = lie(&url, "liar", json!({}));
    // The same browser as it was before it came back: its cookie is not ended.
    let mut before = browser.clone();
    assert_eq!(browser.comes_back(&house, &path).await, "/");
    assert_eq!(before.comes_back(&house, &path).await, "/oidc/over");
    assert_eq!(before.is(&house).await, None);
}

#[tokio::test]
async fn oidc_2_and_oidc_4_an_answer_of_one_provider_is_none_of_another_and_neither_are_its_people() {
    let (provider, house) = start(&[("liar", ""), ("second", "/second")]);
    let mut browser = Browser::default();
    let url = browser.begins(&house, "liar").await;
    let elsewhere = lie(&url, "second", json!({"path": "/second"}));
    assert_eq!(browser.comes_back(&house, &elsewhere).await, "/oidc/over", "at another's address");
    let issuer = |named: &str| format!("&iss={}", named.replace(':', "%3A").replace('/', "%2F"));
    let named = format!("{}{}", lie(&url, "liar", json!({})), issuer(&format!("{}/second", provider.issuer)));
    let mut other = browser.clone();
    assert_eq!(other.comes_back(&house, &named).await, "/oidc/wrong", "in another's name");
    let url = browser.begins(&house, "liar").await;
    let own = format!("{}{}", lie(&url, "liar", json!({})), issuer(&provider.issuer));
    assert_eq!(browser.comes_back(&house, &own).await, "/");
    // The same subject at another issuer is somebody else.
    let (page, who) = told(&house, "second", json!({"path": "/second"})).await;
    assert_eq!((page.as_str(), who), ("/oidc/finish", None));
    assert_eq!(people(&house), 1);
}

#[tokio::test]
async fn oidc_8_nobody_is_asked_but_the_hosts_of_the_settings_whatever_a_provider_names() {
    let (provider, house) = start(&[
        ("another", "/another"),
        ("keys", "/keys-elsewhere"),
        ("pages", "/pages-elsewhere"),
        ("redirect", "/redirect"),
        ("flood", "/flood"),
        ("tokens", "/tokens-elsewhere"),
        ("who", "/who-elsewhere"),
        ("liar", ""),
    ]);
    for name in ["another", "keys", "pages", "redirect", "flood"] {
        let mut browser = Browser::default();
        assert_eq!(browser.begins(&house, name).await, "/oidc/silent", "{name}");
    }
    let tokens = told(&house, "tokens", json!({"path": "/tokens-elsewhere"})).await;
    assert_eq!(tokens, ("/oidc/silent".to_owned(), None));
    let nameless = json!({"path": "/who-elsewhere", "claims": {"name": null, "preferred_username": null}});
    assert_eq!(told(&house, "who", nameless).await, ("/oidc/finish".to_owned(), None), "it is not asked for the name");
    for (http, page) in [("redirect", "/oidc/wrong"), ("flood", "/oidc/silent"), ("cut", "/oidc/silent")] {
        assert_eq!(told(&house, "liar", json!({"http": http})).await, (page.to_owned(), None), "{http}");
    }
    let asked = get(provider.address(), "/asked-in-vain", "").await.unwrap().body;
    assert_eq!(asked, "0");
}

#[tokio::test]
async fn oidc_8_a_provider_that_is_not_there_hurts_nobody_else() {
    let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let settings = format!("[[oidc]]\nname = 'gone'\nissuer = 'http://{free}'\nclient_id = 'parlour'\n");
    let house = house_with("open", &settings, &[]);
    let mut browser = Browser::default();
    for _ in 0..3 {
        assert_eq!(browser.begins(&house, "gone").await, "/oidc/silent");
    }
    let page = get(house.address, "/oidc/silent", "Accept: text/html\r\n").await.unwrap();
    assert_eq!(page.status, 200);
    session(&house, "Ada").await;
}

#[tokio::test]
async fn s63_nothing_that_a_provider_or_a_browser_brings_is_written_into_the_log() {
    let (_provider, mut house) = start(&[("liar", "")]);
    let mut browser = Browser::default();
    let url = browser.begins(&house, "liar").await;
    let path = lie(&url, "liar", json!({"sign": "other", "claims": {"name": "canary-name"}}));
    browser.comes_back(&house, &path).await;
    browser.comes_back(&house, &format!("{path}&error=canary%0d%0aerror&error_description=canary")).await;
    house.terminate();
    let log = house.log();
    assert!(log.contains("is not believed"), "{log}");
    for secret in ["canary", "a secret of the tests", &parameter(&url, "state"), &parameter(&url, "nonce"), "code="] {
        assert!(!log.contains(secret), "{secret}: {log}");
    }
}
