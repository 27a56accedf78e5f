//! Passkeys of those who ask: one that lets in, and answers to questions that the house asks first.

use parlour_client::{Session, http};
use parlour_protocol::UserId;
use serde_json::{Value, json};

use crate::authenticator::{Authenticator, Key, text};
use crate::cast::{Asker, Cast};

/// The one page that may ask for passkeys of the house of the cast.
pub(crate) const ORIGIN: &str = "http://localhost:8080";

/// A passkey, and what the house keeps of it.
pub(crate) struct Pattern {
    key: Key,
    credential: String,
}

impl Pattern {
    /// Somebody comes in who makes an account with a passkey.
    pub(crate) async fn new(house: std::net::SocketAddr, database: &rusqlite::Connection) -> Pattern {
        let asked = ask(house, "passkey/begin", "", &json!({"handle": "pattern"})).await.unwrap();
        let (made, key) = Authenticator::at(ORIGIN).make(&asked.options);
        let body = json!({"name": "Pattern", "handle": "pattern", "passkey": made}).to_string();
        let headers = format!("Cookie: {}\r\nOrigin: http://{house}\r\n", asked.cookie);
        assert_eq!(http::post(house, "/api/v1/account", &body, &headers).await.unwrap().status, 201);
        let credential = database.query_row("select credential from passkey", [], |row| row.get(0)).unwrap();
        Pattern { key, credential }
    }
}

/// A question of the house.
struct Asked {
    options: Value,
    cookie: String,
}

/// Asks for a question; none for who is not asked any.
async fn ask(house: std::net::SocketAddr, path: &str, cookie: &str, body: &Value) -> Option<Asked> {
    let headers = format!("Cookie: {cookie}\r\nOrigin: http://{house}\r\n");
    let answer = http::post(house, &format!("/api/v1/{path}"), &body.to_string(), &headers).await.unwrap();
    let options = serde_json::from_str::<Value>(&answer.body).unwrap()["options"].take();
    let cookie = answer.header("set-cookie")?.split(';').next()?.to_owned();
    (answer.status == 200).then_some(Asked { options, cookie })
}

impl Cast {
    /// One more passkey of somebody, and its number.
    pub(crate) fn passkey(&self, user: UserId) -> (Key, u64) {
        self.with_account(user);
        let Pattern { key, credential } = &self.pattern;
        let mut new = key.clone();
        new.id = uuid::Uuid::new_v4().as_bytes().to_vec();
        new.owner = uuid::Uuid::from_u128(u128::from(user.0)).as_bytes().to_vec();
        let credential = credential.replace(&text(&key.id), &text(&new.id));
        self.write("update user set passkey_owner = ?2 where id = ?1", &[&user.0, &new.owner]);
        let sql = "insert into passkey (credential_id, user, site, name, credential, made_at) values (?1, ?2, 'localhost', 'x', ?3, 0)";
        self.write(sql, &[&new.id, &user.0, &credential]);
        (new, self.database.last_insert_rowid().cast_unsigned())
    }

    /// The body of a question about passkeys and who asks it, with the cookie of what the house asked them first.
    pub(crate) async fn about_passkeys(&self, asker: Asker, path: &str, session: &Session) -> (Value, Session) {
        let (house, browser) = (session.house, Authenticator::at(ORIGIN));
        let holding =
            |asked: &Asked| Session { cookie: format!("{}; {}", session.cookie, asked.cookie), ..session.clone() };
        let nothing = (json!({}), session.clone());
        let user = self.session(asker).you.id;
        match path {
            "/api/v1/passkey/begin" => (json!({"handle": "new"}), session.clone()),
            "/api/v1/sign-in/passkey" => {
                let (mut key, _) = self.passkey(self.somebody(parlour_protocol::Role::Member));
                let asked = ask(house, "sign-in/passkey/begin", "", &json!({})).await.unwrap();
                (json!({"passkey": browser.show(&asked.options, &mut key)}), holding(&asked))
            }
            "/api/v1/account/passkeys" => {
                self.with_account(user);
                let Some(asked) = ask(house, "account/passkeys/begin", &session.cookie, &json!({})).await else {
                    return (json!({"passkey": {}}), session.clone());
                };
                (json!({"passkey": browser.make(&asked.options).0}), holding(&asked))
            }
            "/api/v1/account/passkeys/prove" => {
                self.passkey(user);
                nothing
            }
            "/api/v1/account/passkeys/begin" => {
                self.with_account(user);
                nothing
            }
            "/api/v1/account/passkeys/{passkey}/rename" => (json!({"name": "Phone"}), session.clone()),
            "/api/v1/account/passkeys/{passkey}/remove" => {
                // Another one shows who asks.
                let (mut key, _) = self.passkey(user);
                let Some(asked) = ask(house, "account/passkeys/prove", &session.cookie, &json!({})).await else {
                    return nothing;
                };
                (json!({"passkey": browser.show(&asked.options, &mut key)}), holding(&asked))
            }
            _ => nothing,
        }
    }
}
