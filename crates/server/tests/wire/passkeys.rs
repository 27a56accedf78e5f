//! Passkeys through the wire, with an authenticator of the tests' own: made, shown, kept, removed (KEY).

use parlour_client::Session;
use parlour_client::http::{self, Response};
use serde_json::{Value, json};

use crate::authenticator::{Authenticator, Key, text};
use crate::house::House;
use crate::people::{PASSWORD, account, ask, begun, no, owner, said_no, session};

/// The one page that may ask for passkeys of the house of these tests.
pub(crate) const ORIGIN: &str = "http://localhost:8080";

/// A house with a name.
pub(crate) fn named_house() -> House {
    House::start_with(&["--rate-limits", "off", "--public-url", ORIGIN])
}

/// The browser of its page.
pub(crate) fn browser() -> Authenticator {
    Authenticator::at(ORIGIN)
}

/// A question and the cookie that belongs to it.
pub(crate) struct Question {
    pub(crate) options: Value,
    pub(crate) cookie: String,
}

fn question(answer: &Response) -> Question {
    assert_eq!(answer.status, 200, "{}", answer.body);
    let mut told: Value = serde_json::from_str(&answer.body).unwrap();
    let cookie = answer.header("set-cookie").unwrap();
    assert!(cookie.contains("HttpOnly; SameSite=Lax; Max-Age=300"), "{cookie}");
    Question { options: told["options"].take(), cookie: cookie.split(';').next().unwrap().to_owned() }
}

/// Asks as a browser does that keeps the cookie of a question, and no session.
pub(crate) async fn answer(house: &House, path: &str, cookie: &str, body: &Value) -> Response {
    let headers = format!("Cookie: {cookie}\r\nOrigin: http://{}\r\n", house.address);
    http::post(house.address, &format!("/api/v1/{path}"), &body.to_string(), &headers).await.unwrap()
}

/// The same of somebody inside.
pub(crate) async fn own(who: &Session, path: &str, body: &Value) -> Response {
    who.post(&format!("/api/v1/account/passkeys{path}"), &body.to_string()).await.unwrap()
}

/// The same with the cookie of a question.
pub(crate) fn holding(who: &Session, question: &Question) -> Session {
    Session { cookie: format!("{}; {}", who.cookie, question.cookie), ..who.clone() }
}

/// What a stranger's browser is asked.
pub(crate) async fn asked(house: &House) -> Question {
    question(&ask(house, "sign-in/passkey/begin", &json!({})).await)
}

/// Comes in by a passkey.
pub(crate) async fn show(house: &House, key: &mut Key) -> Response {
    let question = asked(house).await;
    let shown = browser().show(&question.options, key);
    answer(house, "sign-in/passkey", &question.cookie, &json!({"passkey": shown})).await
}

/// What the browser of somebody inside is asked who proves again that it is them.
async fn own_question(who: &Session) -> Question {
    question(&own(who, "/prove", &json!({})).await)
}

/// What it is asked who makes another passkey.
async fn another(who: &Session, again: &Value) -> Question {
    question(&own(who, "/begin", again).await)
}

/// One more passkey of somebody with a password.
pub(crate) async fn add(who: &Session, name: &str) -> Key {
    let question = another(who, &json!({"password": PASSWORD})).await;
    let (made, key) = browser().make(&question.options);
    let added = own(&holding(who, &question), "", &json!({"name": name, "passkey": made})).await;
    assert_eq!(added.status, 201, "{}", added.body);
    key
}

/// The own passkeys, by name.
async fn listed(who: &Session) -> Vec<Value> {
    let body = who.get("/api/v1/account/passkeys").await.unwrap().body;
    serde_json::from_str::<Value>(&body).unwrap()["passkeys"].as_array().unwrap().clone()
}

/// An account that has a passkey and no password.
async fn by_passkey_alone(house: &House, name: &str) -> (Session, Key) {
    let handle = name.to_lowercase();
    let question = question(&ask(house, "passkey/begin", &json!({"handle": handle})).await);
    let (made, key) = browser().make(&question.options);
    let body = json!({"name": name, "handle": handle, "passkey": made});
    (begun(house, &answer(house, "account", &question.cookie, &body).await), key)
}

fn opens_nothing() -> (u16, String, Option<String>) {
    no(403, "bad_credentials", "passkey")
}

fn over() -> (u16, String, Option<String>) {
    no(410, "link_over", "passkey")
}

#[tokio::test]
async fn key_3_a_passkey_lets_its_owner_in_without_a_handle_and_is_listed_with_its_use() {
    let house = named_house();
    let ada = account(&house, "Ada").await;
    let question = another(&ada, &json!({"password": PASSWORD})).await;
    let selection = &question.options["authenticatorSelection"];
    assert_eq!(selection["residentKey"], "required");
    assert_eq!(
        (&selection["userVerification"], &question.options["rp"]["id"]),
        (&json!("required"), &json!("localhost"))
    );
    assert_eq!(
        (&question.options["user"]["name"], &question.options["user"]["displayName"]),
        (&json!("ada"), &json!("Ada"))
    );
    assert_eq!(question.options["attestation"], "none");
    let (made, mut key) = browser().make(&question.options);
    let added = own(&holding(&ada, &question), "", &json!({"name": " My  phone ", "passkey": made})).await;
    assert_eq!(added.status, 201, "{}", added.body);
    let [kept] = &listed(&ada).await[..] else { panic!("one") };
    assert_eq!(
        (&kept["name"], &kept["site"], &kept["used_at"]),
        (&json!("My phone"), &json!("localhost"), &Value::Null)
    );
    let asked = asked(&house).await;
    assert_eq!(asked.options["allowCredentials"], json!([]), "any account's");
    assert_eq!((&asked.options["userVerification"], &asked.options["rpId"]), (&json!("required"), &json!("localhost")));
    let shown = browser().show(&asked.options, &mut key);
    let there = begun(&house, &answer(&house, "sign-in/passkey", &asked.cookie, &json!({"passkey": shown})).await);
    assert_eq!(there.you, ada.you);
    assert_eq!(there.get("/api/v1/account").await.unwrap().status, 200);
    assert!(listed(&ada).await[0]["used_at"].as_i64().unwrap() >= kept["made_at"].as_i64().unwrap());
    begun(&house, &show(&house, &mut key).await);
    let another = another(&ada, &json!({"password": PASSWORD})).await;
    assert_eq!(another.options["excludeCredentials"][0]["id"], text(&key.id), "no authenticator keeps two");
    assert_eq!(another.options["user"]["id"], text(&key.owner), "an account is one to every authenticator");
}

#[tokio::test]
async fn key_3_a_second_factor_is_not_asked_for_beside_a_passkey_and_a_suspended_person_s_opens_nothing() {
    let house = named_house();
    let (olga, ada) = (owner(&house).await, account(&house, "Ada").await);
    let mut key = add(&ada, "").await;
    let sql = "insert into totp (user, secret, confirmed_at, last_step) values (?1, x'07', 1, 0)";
    house.database().execute(sql, [ada.you.id.0]).unwrap();
    begun(&house, &show(&house, &mut key).await);
    let suspend = format!("/api/v1/admin/people/{}/suspend", ada.you.id);
    assert_eq!(olga.post(&suspend, "{}").await.unwrap().status, 204);
    assert_eq!(said_no(&show(&house, &mut key).await), opens_nothing());
}

#[tokio::test]
async fn s23_a_browser_that_an_account_knows_stays_the_one_it_knows_and_a_planted_one_becomes_none() {
    let house = named_house();
    let ada = account(&house, "Ada").await;
    let mut key = add(&ada, "").await;
    let device = |cookie: &str| cookie.split("; ").find(|pair| pair.starts_with("parlour-device=")).unwrap().to_owned();
    let planted = format!("parlour-device={}", "A".repeat(43));
    for (own, stays) in [(device(&ada.cookie), true), (planted, false)] {
        let asked = asked(&house).await;
        let body = json!({"passkey": browser().show(&asked.options, &mut key)});
        let cookies = format!("{}; {own}", asked.cookie);
        let there = begun(&house, &answer(&house, "sign-in/passkey", &cookies, &body).await);
        assert_eq!(device(&there.cookie) == own, stays, "{own}");
    }
}

#[tokio::test]
async fn key_2_a_question_is_answered_once_by_the_browser_or_the_session_that_was_asked() {
    let house = named_house();
    let ada = account(&house, "Ada").await;
    let mut key = add(&ada, "").await;
    let sign_in = async |cookie: &str, shown: &Value| {
        said_no(&answer(&house, "sign-in/passkey", cookie, &json!({"passkey": shown})).await)
    };
    let (one, other) = (asked(&house).await, asked(&house).await);
    let shown = browser().show(&one.options, &mut key);
    assert_eq!(sign_in("", &shown).await, over(), "another browser");
    assert_eq!(sign_in(&other.cookie, &shown).await, opens_nothing(), "another question");
    let body = json!({"passkey": shown});
    begun(&house, &answer(&house, "sign-in/passkey", &one.cookie, &body).await);
    assert_eq!(sign_in(&one.cookie, &shown).await, over(), "twice");
    // Also a wrong answer is the only one.
    let asked = asked(&house).await;
    let mut wrong = browser().show(&asked.options, &mut key);
    wrong["response"]["signature"] = json!(text(b"none"));
    assert_eq!(sign_in(&asked.cookie, &wrong).await, opens_nothing());
    let right = browser().show(&asked.options, &mut key);
    assert_eq!(sign_in(&asked.cookie, &right).await, over());
    // What somebody inside was asked is theirs: neither a stranger nor another session answers it.
    let proof = own_question(&ada).await;
    let shown = browser().show(&proof.options, &mut key);
    assert_eq!(sign_in(&proof.cookie, &shown).await, over());
    let proof = own_question(&ada).await;
    let elsewhere = holding(&begun(&house, &show(&house, &mut key).await), &proof);
    let shown = browser().show(&proof.options, &mut key);
    assert_eq!(said_no(&own(&elsewhere, "/begin", &json!({"passkey": shown})).await), over());
}

#[tokio::test]
async fn key_2_of_too_many_questions_the_oldest_is_over_and_answers_to_another_question_are_none() {
    let house = named_house();
    let ada = account(&house, "Ada").await;
    let mut key = add(&ada, "").await;
    let first = asked(&house).await;
    let mut last = asked(&house).await;
    for _ in 0..19 {
        last = asked(&house).await;
    }
    let shown = browser().show(&first.options, &mut key);
    let answered = answer(&house, "sign-in/passkey", &first.cookie, &json!({"passkey": shown})).await;
    assert_eq!(said_no(&answered), over());
    let shown = browser().show(&last.options, &mut key);
    begun(&house, &answer(&house, "sign-in/passkey", &last.cookie, &json!({"passkey": shown})).await);
    // One that was asked for an account to be made is none for signing in, and the other way about.
    let first = question(&ask(&house, "passkey/begin", &json!({"handle": "eve"})).await);
    let shown = browser().show(&first.options, &mut key);
    let answered = answer(&house, "sign-in/passkey", &first.cookie, &json!({"passkey": shown})).await;
    assert_eq!(said_no(&answered), opens_nothing());
    let asked = asked(&house).await;
    let mut options = asked.options.clone();
    options["user"]["id"] = json!(text(&[7; 16]));
    options["rp"]["id"] = json!("localhost");
    let (made, _) = browser().make(&options);
    let body = json!({"name": "Eve", "handle": "eve", "passkey": made});
    assert_eq!(said_no(&answer(&house, "account", &asked.cookie, &body).await), opens_nothing());
}

#[tokio::test]
async fn key_3_a_passkey_of_another_page_name_person_or_copy_opens_nothing() {
    let house = named_house();
    let (ada, bob) = (account(&house, "Ada").await, account(&house, "Bob").await);
    let (mut adas, bobs) = (add(&ada, "").await, add(&bob, "").await);
    let mut bent = Vec::new();
    let with = |change: fn(&mut Authenticator)| {
        let mut bent = browser();
        change(&mut bent);
        bent
    };
    for origin in
        ["https://evil.example", "http://localhost:8081", "http://localhost", "https://localhost:8080", "null"]
    {
        bent.push((Authenticator::at(origin), adas.clone(), origin));
    }
    bent.push((with(|browser| browser.verified = false), adas.clone(), "nobody was made sure of"));
    bent.push((with(|browser| browser.framed = true), adas.clone(), "inside another page"));
    bent.push((browser(), Key { site: "evil.example".to_owned(), ..adas.clone() }, "bound to another name"));
    bent.push((browser(), Key { owner: bobs.owner.clone(), ..adas.clone() }, "of another person"));
    bent.push((browser(), Key { owner: Vec::new(), ..adas.clone() }, "of nobody"));
    bent.push((browser(), Key { id: adas.id.clone(), ..bobs.clone() }, "signed by another key"));
    bent.push((browser(), Key { id: vec![1; 16], ..adas.clone() }, "that is not kept"));
    bent.push((browser(), Key { counter: 0, ..adas.clone() }, "that counts backwards"));
    for (browser, key, why) in bent {
        let asked = asked(&house).await;
        let mut shown = browser.show(&asked.options, &mut key.clone());
        if key.owner.is_empty() {
            shown["response"]["userHandle"] = Value::Null;
        }
        let answered = answer(&house, "sign-in/passkey", &asked.cookie, &json!({"passkey": shown})).await;
        assert_eq!(said_no(&answered), opens_nothing(), "{why}");
    }
    begun(&house, &show(&house, &mut adas).await);
    // A copy that shows the same count, or one of before, is found out.
    let mut copy = Key { counter: adas.counter - 1, ..adas.clone() };
    assert_eq!(said_no(&show(&house, &mut copy).await), opens_nothing());
    begun(&house, &show(&house, &mut adas).await);
    // Two of one count at a time: one comes in.
    let (one, other) = (asked(&house).await, asked(&house).await);
    adas.counter += 1;
    let body = |question: &Question| json!({"passkey": browser().shown(&question.options, &adas)});
    let (of_one, of_other) = (body(&one), body(&other));
    let (one, other) = tokio::join!(
        answer(&house, "sign-in/passkey", &one.cookie, &of_one),
        answer(&house, "sign-in/passkey", &other.cookie, &of_other)
    );
    let mut statuses = [one.status, other.status];
    statuses.sort_unstable();
    assert_eq!(statuses, [201, 403]);
}

#[tokio::test]
async fn key_3_what_is_no_answer_of_a_browser_is_400_and_an_oversize_one_413() {
    let house = named_house();
    let ada = account(&house, "Ada").await;
    let mut key = add(&ada, "").await;
    let asked = asked(&house).await;
    for wrong in
        [json!(null), json!("x"), json!([]), json!({}), json!({"id": 1, "rawId": "x", "response": {}, "type": ""})]
    {
        let answered = answer(&house, "sign-in/passkey", &asked.cookie, &json!({"passkey": wrong})).await;
        // The question is over with the first of them.
        assert!([no(400, "bad_frame", "passkey"), over()].contains(&said_no(&answered)), "{}", answered.body);
    }
    let begins = another(&ada, &json!({"password": PASSWORD})).await;
    let (mut made, _) = browser().make(&begins.options);
    for junk in [b"".as_slice(), b"\xff\xff\xff\xff", &[0x9f; 20_000], &[0x81; 20_000], b"\xa1\x63fmt\x64none"] {
        made["response"]["attestationObject"] = json!(text(junk));
        let again = another(&ada, &json!({"password": PASSWORD})).await;
        let added = own(&holding(&ada, &again), "", &json!({"name": "", "passkey": made})).await;
        assert_eq!(said_no(&added), opens_nothing(), "{} bytes", junk.len());
    }
    made["response"]["attestationObject"] = json!("A".repeat(70_000));
    let body = json!({"name": "", "passkey": made});
    assert_eq!(said_no(&own(&holding(&ada, &begins), "", &body).await).0, 413);
    let shown = browser().show(&asked.options, &mut key);
    let answered = answer(&house, "sign-in/passkey", &asked.cookie, &json!({"passkey": shown, "role": "owner"})).await;
    assert_eq!(said_no(&answered), no(400, "bad_frame", ""));
    begun(&house, &show(&house, &mut key).await);
    assert_eq!(listed(&ada).await.len(), 1);
}

#[tokio::test]
async fn key_4_an_account_is_made_with_a_passkey_alone_at_every_door() {
    let house = named_house();
    let (ada, mut adas) = by_passkey_alone(&house, "Ada").await;
    let told: Value = serde_json::from_str(&ada.get("/api/v1/account").await.unwrap().body).unwrap();
    assert_eq!(
        told,
        json!({"handle": "ada", "has_password": false, "passkeys": 1, "second_factor": false, "recovery_codes": 0})
    );
    assert_eq!(listed(&ada).await[0]["name"], "A program", "called after what the browser runs on");
    assert_eq!(begun(&house, &show(&house, &mut adas).await).you, ada.you);
    let first = async |handle: &str| question(&ask(&house, "passkey/begin", &json!({"handle": handle})).await);
    // The owner's door.
    let of_olga = first("olga").await;
    let (made, mut olgas) = browser().make(&of_olga.options);
    let body = json!({"token": house.owner_link.clone().unwrap(), "house_name": "House", "name": "Olga", "handle": "olga",
        "passkey": made});
    let olga = begun(&house, &answer(&house, "owner", &of_olga.cookie, &body).await);
    assert_eq!(begun(&house, &show(&house, &mut olgas).await).you, olga.you);
    // By invitation.
    let invited = olga.post("/api/v1/admin/invitations", "{}").await.unwrap();
    let url = serde_json::from_str::<Value>(&invited.body).unwrap()["url"].as_str().unwrap().to_owned();
    let of_bob = first("bob").await;
    let (made, mut bobs) = browser().make(&of_bob.options);
    let body = json!({"token": url.rsplit('/').next().unwrap(), "name": "Bob", "handle": "bob", "passkey": made});
    let bob = begun(&house, &answer(&house, "join", &of_bob.cookie, &body).await);
    assert_eq!(begun(&house, &show(&house, &mut bobs).await).you, bob.you);
    // Somebody inside makes an account of themselves, and stays who they are.
    let eve = session(&house, "Eve").await;
    let of_eve = first("eve").await;
    let (made, mut eves) = browser().make(&of_eve.options);
    let body = json!({"handle": "eve", "passkey": made}).to_string();
    let grown = begun(&house, &holding(&eve, &of_eve).post("/api/v1/account", &body).await.unwrap());
    assert_eq!(begun(&house, &show(&house, &mut eves).await).you, grown.you);
    assert_eq!(grown.you.id, eve.you.id);
    // Without either nothing would let them in.
    let neither = json!({"name": "Nell", "handle": "nell"});
    assert_eq!(said_no(&ask(&house, "account", &neither).await), no(400, "bad_password", "password"));
    let of_none = json!({"name": "Nell", "handle": "nell", "passkey": browser().make(&of_eve.options).0});
    assert_eq!(said_no(&ask(&house, "account", &of_none).await), over());
}

#[tokio::test]
async fn key_4_a_passkey_that_is_kept_is_nobody_else_s() {
    let house = named_house();
    let (_, adas) = by_passkey_alone(&house, "Ada").await;
    let first = question(&ask(&house, "passkey/begin", &json!({"handle": "eve"})).await);
    let body = json!({"name": "Eve", "handle": "eve", "passkey": browser().made(&first.options, &adas)});
    assert_eq!(said_no(&answer(&house, "account", &first.cookie, &body).await), no(403, "forbidden", "passkey"));
    let bob = account(&house, "Bob").await;
    let another = another(&bob, &json!({"password": PASSWORD})).await;
    let body = json!({"name": "", "passkey": browser().made(&another.options, &adas)});
    assert_eq!(said_no(&own(&holding(&bob, &another), "", &body).await), no(403, "forbidden", "passkey"));
    assert_eq!(listed(&bob).await, [] as [Value; 0]);
    // Of two first passkeys that were begun at a time, the other would be another owner's to every authenticator.
    let again = json!({"password": PASSWORD});
    let (one, two) = (self::another(&bob, &again).await, self::another(&bob, &again).await);
    let body = |question: &Question| json!({"name": "", "passkey": browser().make(&question.options).0});
    assert_eq!(own(&holding(&bob, &one), "", &body(&one)).await.status, 201);
    assert_eq!(said_no(&own(&holding(&bob, &two), "", &body(&two)).await), no(403, "forbidden", "passkey"));
}

#[tokio::test]
async fn acc_8_a_passkey_proves_again_who_one_is_and_an_account_without_a_password_shows_one() {
    let house = named_house();
    let (ada, mut adas) = by_passkey_alone(&house, "Ada").await;
    let change = async |who: &Session, passkey: &Value| {
        let body = json!({"passkey": passkey, "new": "another horse"}).to_string();
        who.post("/api/v1/account/password", &body).await.unwrap()
    };
    let without = ada.post("/api/v1/account/password", r#"{"new":"another horse"}"#).await.unwrap();
    assert_eq!(said_no(&without), no(403, "prove_again", "passkey"), "however lately they came in");
    assert_eq!(said_no(&own(&ada, "/begin", &json!({})).await), no(403, "prove_again", "passkey"));
    let (bob, bobs) = by_passkey_alone(&house, "Bob").await;
    let proof = own_question(&ada).await;
    assert_eq!(proof.options["allowCredentials"], json!([{"type": "public-key", "id": text(&adas.id)}]));
    let shown = browser().show(&proof.options, &mut bobs.clone());
    assert_eq!(said_no(&change(&holding(&ada, &proof), &shown).await), opens_nothing(), "somebody else's");
    let proof = own_question(&ada).await;
    let shown = browser().show(&proof.options, &mut adas);
    assert_eq!(said_no(&change(&holding(&bob, &proof), &shown).await), over(), "somebody else's question");
    let proof = own_question(&ada).await;
    let shown = browser().show(&proof.options, &mut adas);
    assert_eq!(change(&holding(&ada, &proof), &shown).await.status, 204);
    assert_eq!(said_no(&change(&holding(&ada, &proof), &shown).await), over(), "and once");
    let nobody = account(&house, "Nell").await;
    assert_eq!(said_no(&own(&nobody, "/prove", &json!({})).await), no(404, "not_found", ""));
}

#[tokio::test]
async fn key_5_passkeys_are_named_and_removed_by_their_owner_but_the_last_thing_that_lets_them_in() {
    let house = named_house();
    let (ada, mut first) = by_passkey_alone(&house, "Ada").await;
    let proof = own_question(&ada).await;
    let shown = browser().show(&proof.options, &mut first);
    let begins = another(&holding(&ada, &proof), &json!({"passkey": shown})).await;
    let (made, mut second) = browser().make(&begins.options);
    let added = own(&holding(&ada, &begins), "", &json!({"name": "Key ring", "passkey": made})).await;
    assert_eq!(added.status, 201, "{}", added.body);
    let ids: Vec<u64> = listed(&ada).await.iter().map(|kept| kept["id"].as_u64().unwrap()).collect();
    let rename =
        async |who: &Session, id: u64, name: &str| own(who, &format!("/{id}/rename"), &json!({"name": name})).await;
    assert_eq!(rename(&ada, ids[0], "Phone").await.status, 204);
    for name in ["", " ", "a\u{7}b", &"x".repeat(33)] {
        assert_eq!(said_no(&rename(&ada, ids[0], name).await), no(400, "bad_name", "name"), "{name:?}");
    }
    let names: Vec<_> = listed(&ada).await.iter().map(|kept| kept["name"].clone()).collect();
    assert_eq!(names, ["Phone", "Key ring"]);
    let bob = account(&house, "Bob").await;
    assert_eq!(said_no(&rename(&bob, ids[0], "Mine").await), no(404, "not_found", ""));
    let remove = async |who: &Session, id: u64, again: &Value| own(who, &format!("/{id}/remove"), again).await;
    assert_eq!(said_no(&remove(&bob, ids[0], &json!({"password": PASSWORD})).await), no(404, "not_found", ""));
    assert_eq!(said_no(&remove(&bob, ids[0], &json!({})).await), no(403, "bad_credentials", "password"));
    assert_eq!(said_no(&remove(&ada, ids[0], &json!({})).await), no(403, "prove_again", "passkey"));
    // Both at a time, each proved: one goes, one stays.
    let (one, other) = (own_question(&ada).await, own_question(&ada).await);
    let of_one = json!({"passkey": browser().show(&one.options, &mut first)});
    let of_other = json!({"passkey": browser().show(&other.options, &mut second)});
    let (by_one, by_other) = (holding(&ada, &one), holding(&ada, &other));
    let (one, other) = tokio::join!(remove(&by_one, ids[1], &of_one), remove(&by_other, ids[0], &of_other));
    let mut statuses = [one.status, other.status];
    statuses.sort_unstable();
    assert!(statuses == [204, 403], "{} {}", one.body, other.body);
    assert_eq!(listed(&ada).await.len(), 1);
}

#[tokio::test]
async fn key_5_a_passkey_that_is_removed_opens_nothing_and_a_reset_link_may_take_them_away() {
    let house = named_house();
    let (olga, ada) = (owner(&house).await, account(&house, "Ada").await);
    let (mut first, mut second) = (add(&ada, "").await, add(&ada, "").await);
    let id = listed(&ada).await[0]["id"].clone();
    let removed = own(&ada, &format!("/{id}/remove"), &json!({"password": PASSWORD})).await;
    assert_eq!(removed.status, 204, "{}", removed.body);
    assert_eq!(said_no(&show(&house, &mut first).await), opens_nothing());
    begun(&house, &show(&house, &mut second).await);
    for (clears, status) in [(false, 201), (true, 403)] {
        let path = format!("/api/v1/admin/people/{}/reset-link", ada.you.id);
        let made = olga.post(&path, &json!({"clears_second_factor": clears}).to_string()).await.unwrap();
        let url = serde_json::from_str::<Value>(&made.body).unwrap()["url"].as_str().unwrap().to_owned();
        let body = json!({"token": url.rsplit('/').next().unwrap(), "password": PASSWORD});
        begun(&house, &ask(&house, "reset", &body).await);
        assert_eq!(show(&house, &mut second).await.status, status, "{clears}");
    }
}

#[tokio::test]
async fn key_5_an_account_has_twenty_passkeys_at_most() {
    let house = named_house();
    let ada = account(&house, "Ada").await;
    add(&ada, "").await;
    let sql = "insert into passkey (credential_id, user, site, name, credential, made_at)
         select randomblob(16), user, site, name, credential, made_at from passkey limit 1";
    for _ in 0..19 {
        house.database().execute(sql, []).unwrap();
    }
    let begins = another(&ada, &json!({"password": PASSWORD})).await;
    let body = json!({"name": "", "passkey": browser().make(&begins.options).0});
    assert_eq!(said_no(&own(&holding(&ada, &begins), "", &body).await), no(409, "too_many", ""));
}

#[tokio::test]
async fn key_1_passkeys_are_bound_to_the_house_s_own_name_and_a_number_is_none() {
    let house = House::start();
    let refused = ask(&house, "sign-in/passkey/begin", &json!({})).await;
    assert_eq!(said_no(&refused), no(403, "forbidden", "passkey"));
    assert!(
        refused.body.contains(&format!("Open http://localhost:{} instead", house.address.port())),
        "{}",
        refused.body
    );
    // The same house by its name: the page that asks is the one that the passkey is bound to.
    let host = format!("localhost:{}", house.address.port());
    let request = |path: &str, cookie: &str, body: &str| {
        let length = body.len();
        format!(
            "POST /api/v1/{path} HTTP/1.1\r\nHost: {host}\r\nOrigin: http://{host}\r\nConnection: close\r\nCookie: {cookie}\r\n\
             Content-Type: application/json\r\nContent-Length: {length}\r\n\r\n{body}"
        )
    };
    let by_name = async |path: &str, cookie: &str, body: Value| {
        http::exchange(house.address, &request(path, cookie, &body.to_string())).await.unwrap()
    };
    let asked = question(&by_name("passkey/begin", "", json!({"handle": "ada"})).await);
    let (made, _) = Authenticator::at(&format!("http://{host}")).make(&asked.options);
    let body = json!({"name": "Ada", "handle": "ada", "passkey": made});
    begun(&house, &by_name("account", &asked.cookie, body).await);
    let beyond = House::start_beyond(&["--allow-plain-http", "--public-url", "http://chat.example"]);
    let refused = ask(&beyond, "sign-in/passkey/begin", &json!({})).await;
    assert_eq!(said_no(&refused), no(403, "forbidden", "passkey"));
    assert!(refused.body.contains("over TLS"), "{}", refused.body);
}

#[tokio::test]
async fn s63_passkeys_and_their_questions_are_in_no_log_and_in_no_table_but_their_own() {
    let house =
        House::start_among(&["--rate-limits", "off", "--public-url", ORIGIN], &[("PARLOUR_LOG", "debug")], None);
    let ada = account(&house, "Ada").await;
    let mut key = add(&ada, "").await;
    let question = asked(&house).await;
    let mut shown = browser().show(&question.options, &mut key);
    let signature = shown["response"]["signature"].as_str().unwrap().to_owned();
    begun(&house, &answer(&house, "sign-in/passkey", &question.cookie, &json!({"passkey": shown})).await);
    shown["response"]["signature"] = json!(text(b"none"));
    answer(&house, "sign-in/passkey", &question.cookie, &json!({"passkey": shown})).await;
    let token = question.cookie.split_once('=').unwrap().1.to_owned();
    let challenge = question.options["challenge"].as_str().unwrap().to_owned();
    let log = house.log();
    assert!(!log.is_empty());
    for secret in [signature, token, challenge, text(&key.id)] {
        assert!(!log.contains(&secret), "{secret} is in the log");
    }
}
