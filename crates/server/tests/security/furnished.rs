//! A house with something of everything in it, and every route with the numbers of what is there.

use parlour_client::{Client, Session};
use parlour_protocol::{ClientId, Command, RoomId};
use parlour_server::ROUTES;
use serde_json::{Value, json};

use crate::house::House;
use crate::people::{account, ask, connect, create_closed, enter, owner, session};

/// What is said in the closed room.
pub(crate) const CANARY: &str = "canary-8842";
/// The address of the member's account.
pub(crate) const EMAIL: &str = "canary-mail@example.org";

/// Olga owns it, Ada has an account and a closed room, Eve is a name at the open door.
pub(crate) struct Furnished {
    pub(crate) house: House,
    pub(crate) olga: Session,
    pub(crate) ada: Session,
    pub(crate) eve: Session,
    pub(crate) client: Client,
    pub(crate) numbers: Numbers,
}

/// What stands for the parts in braces of a route.
#[derive(Clone, Debug)]
pub(crate) struct Numbers {
    pub(crate) room: String,
    pub(crate) user: String,
    pub(crate) report: String,
    pub(crate) invitation: String,
    pub(crate) knock: String,
    pub(crate) passkey: String,
    pub(crate) session: String,
    pub(crate) upload: String,
    pub(crate) attachment: String,
    pub(crate) token: String,
}

impl Numbers {
    /// Those of nothing.
    pub(crate) fn nowhere() -> Numbers {
        let none = || "987654".to_owned();
        Numbers {
            room: none(),
            user: none(),
            report: none(),
            invitation: none(),
            knock: none(),
            passkey: none(),
            session: "0123456789abcdef01234567".to_owned(),
            upload: uuid::Uuid::nil().to_string(),
            attachment: uuid::Uuid::nil().to_string(),
            token: "A".repeat(43),
        }
    }

    /// A route's path with these in it.
    pub(crate) fn path(&self, route: &str) -> String {
        let parts = [
            ("{room}", &self.room),
            ("{user}", &self.user),
            ("{report}", &self.report),
            ("{invitation}", &self.invitation),
            ("{knock}", &self.knock),
            ("{passkey}", &self.passkey),
            ("{session}", &self.session),
            ("{upload}", &self.upload),
            ("{attachment}", &self.attachment),
            ("{token}", &self.token),
        ];
        let path = parts.iter().fold(route.to_owned(), |path, (part, number)| path.replace(part, number));
        let path = path.replace("{seq}", "1").replace("{file}", "none.js").replace("{page}", "people");
        let path = path.replace("{provider}", "nobody");
        assert!(!path.contains('{'), "{route} has a part that is not furnished");
        path
    }
}

impl Furnished {
    /// Started with these arguments, without rate limits.
    pub(crate) async fn start() -> Furnished {
        Furnished::start_with(&["--rate-limits", "off"]).await
    }

    /// Started with these arguments.
    pub(crate) async fn start_with(arguments: &[&str]) -> Furnished {
        let house = House::start_with(arguments);
        let olga = owner(&house).await;
        let ada = account(&house, "Ada").await;
        house.database().execute("update user set email = ?1 where handle = 'ada'", [EMAIL]).unwrap();
        let (eve, mut speaker, _) = enter(&house, "Eve").await;
        let (mut client, _) = connect(&ada, parlour_protocol::Hello::default()).await;
        let room = create_closed(&mut client, "cellar").await;
        client.post(room, CANARY).await.unwrap();
        client.post(RoomId::LOBBY, "hello").await.unwrap();
        let attachment = ada.bring(room, "canary.txt", CANARY.as_bytes(), 1_000).await.unwrap().id;
        let (client_id, text) = (ClientId(uuid::Uuid::now_v7()), String::new());
        client.request(Command::Post { room, client_id, text, answers: None, files: vec![attachment] }).await.unwrap();
        let upload = ada.post(&format!("/api/v1/rooms/{room}/files"), r#"{"name":"half","bytes":9}"#).await.unwrap();
        let upload: Value = serde_json::from_str(&upload.body).unwrap();
        let report = Command::Report { room: RoomId::LOBBY, seq: parlour_protocol::Seq(1), note: "why".to_owned() };
        speaker.request(report).await.unwrap();
        let made = done(&olga, "invitations", &json!({"uses": 5})).await;
        done(&olga, "house", &json!({"door": "approval"})).await;
        assert_eq!(ask(&house, "knock", &json!({"name": "Nell"})).await.status, 201);
        done(&olga, "house", &json!({"door": "open"})).await;
        let sessions: Value = read(&ada, "/api/v1/sessions").await;
        let reports: Value = read(&olga, "/api/v1/admin/reports").await;
        let knocks: Value = read(&olga, "/api/v1/admin/knocks").await;
        let kept = "insert into passkey (credential_id, user, site, name, credential, made_at)
             values (x'01', ?1, 'localhost', 'Phone', '{}', 0)";
        house.database().execute(kept, [ada.you.id.0]).unwrap();
        let passkeys: Value = read(&ada, "/api/v1/account/passkeys").await;
        let numbers = Numbers {
            room: room.to_string(),
            user: ada.you.id.to_string(),
            report: reports["reports"][0]["id"].to_string(),
            invitation: made["id"].to_string(),
            knock: knocks["knocks"][0]["id"].to_string(),
            passkey: passkeys["passkeys"][0]["id"].to_string(),
            session: sessions["sessions"][0]["id"].as_str().unwrap().to_owned(),
            upload: upload["id"].as_str().unwrap().to_owned(),
            attachment: attachment.0.to_string(),
            token: made["url"].as_str().unwrap().rsplit('/').next().unwrap().to_owned(),
        };
        session(&house, "Somebody else").await;
        Furnished { house, olga, ada, eve, client, numbers }
    }

    /// Every address there is by one of its methods, `get` or `post`, and some that are none.
    pub(crate) fn paths(&self, method: &str) -> Vec<String> {
        let routes = ROUTES.iter().filter(|route| route.method == method).map(|route| self.numbers.path(route.path));
        let more = ["/theme.js", "/nothing", "/api/v1/nothing", "/rooms/", "/api/v1/rooms/1/history?limit=0"];
        routes.chain(more.iter().filter(|_| method == "get").map(|&path| path.to_owned())).collect()
    }

    /// Every row of every table, as text.
    pub(crate) fn dump(&self) -> Vec<String> {
        let database = self.house.database();
        let sql = "select name from sqlite_master where type = 'table' and name not like 'sqlite_%' order by name";
        let mut names = database.prepare(sql).unwrap();
        let tables: Vec<String> = names.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect();
        assert!(tables.len() > 15, "{tables:?}");
        let mut rows = Vec::new();
        for table in tables {
            let mut statement = database.prepare(&format!("select * from \"{table}\"")).unwrap();
            let columns = statement.column_count();
            let mut found = statement.query([]).unwrap();
            while let Some(row) = found.next().unwrap() {
                let values: Vec<_> = (0..columns).map(|column| format!("{:?}", row.get_ref(column).unwrap())).collect();
                rows.push(format!("{table} {}", values.join(" ")));
            }
        }
        rows
    }
}

/// Does something by office; what was answered.
async fn done(who: &Session, path: &str, body: &Value) -> Value {
    let answer = who.post(&format!("/api/v1/admin/{path}"), &body.to_string()).await.unwrap();
    assert!(answer.status < 300, "{path}: {}", answer.body);
    serde_json::from_str(&answer.body).unwrap_or_default()
}

/// Reads a list.
pub(crate) async fn read(who: &Session, path: &str) -> Value {
    let answer = who.get(path).await.unwrap();
    assert_eq!(answer.status, 200, "{path}: {}", answer.body);
    serde_json::from_str(&answer.body).unwrap()
}
