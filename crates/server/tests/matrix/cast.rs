//! Who asks, and where: people of every kind, and rooms made anew for each question, written into the file as the command
//! line would, so that thousands of questions do not wait for each other's consequences.

use std::cell::Cell;

use argon2::password_hash::PasswordHasher as _;
use parlour_client::{Client, Session};
use parlour_engine::Token;
use parlour_engine::access::{Facts, RoomFacts, Who};
use parlour_engine::account::Handle;
use parlour_protocol::user::Door;
use parlour_protocol::{Hello, PostBy, Role, RoomId, RoomKind, RoomRole, Seq, UserId};

use serde_json::json;

use crate::house::House;
use crate::keys::{ORIGIN, Pattern};
use crate::provider::{Browser, Provider, house_with, lie};

/// The password of everybody who has one.
pub(crate) const PASSWORD: &str = "correct horse battery";

/// What is said in every room and may be seen by its members alone.
pub(crate) const CANARY: &str = "canary-4711";

/// A provider of identities that the house knows, by its name.
pub(crate) const PROVIDER: &str = "liar";

/// Those who ask.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Asker {
    Stranger,
    Suspended,
    Outsider,
    Removed,
    Member,
    Manager,
    Guest,
    GuestOutside,
    Bot,
    Administrator,
    AdministratorInside,
    Owner,
}

pub(crate) const ASKERS: [Asker; 12] = [
    Asker::Stranger,
    Asker::Suspended,
    Asker::Outsider,
    Asker::Removed,
    Asker::Member,
    Asker::Manager,
    Asker::Guest,
    Asker::GuestOutside,
    Asker::Bot,
    Asker::Administrator,
    Asker::AdministratorInside,
    Asker::Owner,
];

impl Asker {
    fn role(self) -> Role {
        match self {
            Asker::Guest | Asker::GuestOutside => Role::Guest,
            Asker::Bot => Role::Bot,
            Asker::Administrator | Asker::AdministratorInside => Role::Administrator,
            Asker::Owner => Role::Owner,
            _ => Role::Member,
        }
    }

    pub(crate) fn who(self) -> Who {
        match self {
            Asker::Stranger => Who::Stranger,
            Asker::Suspended => Who::Suspended,
            _ => Who::Inside(self.role()),
        }
    }

    fn member(self) -> Option<RoomRole> {
        match self {
            Asker::Suspended | Asker::Member | Asker::Guest | Asker::Bot | Asker::AdministratorInside => {
                Some(RoomRole::Member)
            }
            Asker::Manager => Some(RoomRole::Manager),
            _ => None,
        }
    }
}

/// A kind of place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Place {
    pub(crate) kind: RoomKind,
    pub(crate) archived: bool,
    pub(crate) post_by: PostBy,
}

const fn place(kind: RoomKind, archived: bool, post_by: PostBy) -> Place {
    Place { kind, archived, post_by }
}

pub(crate) const PLACES: [Place; 8] = [
    place(RoomKind::Lobby, false, PostBy::Everyone),
    place(RoomKind::Lobby, false, PostBy::Managers),
    place(RoomKind::Open, false, PostBy::Everyone),
    place(RoomKind::Open, false, PostBy::Managers),
    place(RoomKind::Open, true, PostBy::Everyone),
    place(RoomKind::Closed, false, PostBy::Managers),
    place(RoomKind::Closed, true, PostBy::Everyone),
    place(RoomKind::Direct, false, PostBy::Everyone),
];

/// What the table is told of somebody and a place; none for a room that is not there.
pub(crate) fn facts(asker: Asker, place: Option<Place>) -> Facts {
    let room = place.map(|Place { kind, archived, post_by }| {
        let removed = asker == Asker::Removed;
        // Nobody looks after a direct room.
        let member = if kind == RoomKind::Direct { asker.member().map(|_| RoomRole::Member) } else { asker.member() };
        RoomFacts { kind, archived, post_by, member, removed }
    });
    Facts { who: asker.who(), door: Door::Open, room }
}

pub(crate) struct Cast {
    house: House,
    provider: Provider,
    pub(crate) database: rusqlite::Connection,
    askers: Vec<(Asker, Session)>,
    /// What each of them said in the lobby.
    said: Vec<(Asker, Seq)>,
    /// Looks after every room that is made.
    keeper: UserId,
    /// A member of every room that is made, about whom things are done.
    pub(crate) object: UserId,
    made: Cell<u64>,
    /// What the passkeys of everybody are made after.
    pub(crate) pattern: Pattern,
}

impl Cast {
    pub(crate) async fn new() -> Cast {
        let provider = Provider::liar();
        let house = house_with("open", &provider.section(PROVIDER, ""), &["--public-url", ORIGIN]);
        let database = house.database();
        database.busy_timeout(std::time::Duration::from_secs(10)).unwrap();
        // The tests' own writing need not be on disk.
        database.pragma_update(None, "synchronous", "off").unwrap();
        let come = async |name: &str| Session::sign_in(house.address, name).await.unwrap();
        let (keeper, object) = (come("Keeper").await, come("Object").await.you.id);
        // The first event of the lobby is a message, as in every room that is made.
        let (mut first, _) = Client::connect(&keeper, Hello::default()).await.unwrap();
        first.post(RoomId::LOBBY, "hello").await.unwrap();
        let keeper = keeper.you.id;
        let (mut askers, mut said) = (Vec::new(), Vec::new());
        for asker in ASKERS {
            let session = come(&format!("{asker:?}")).await;
            // Its first socket takes with it what is remembered of who has just come in: what is written below goes past the house.
            let (mut client, _) = Client::connect(&session, Hello::default()).await.unwrap();
            said.push((asker, client.post(RoomId::LOBBY, "hello").await.unwrap()));
            askers.push((asker, session));
        }
        let pattern = Pattern::new(house.address, &database).await;
        let cast = Cast { house, provider, database, askers, said, keeper, object, made: Cell::new(0), pattern };
        for (asker, session) in &cast.askers {
            cast.becomes(session.you.id, asker.role());
            if *asker == Asker::Suspended {
                cast.suspends(session.you.id, true);
            }
        }
        cast
    }

    /// The session of somebody; a stranger's has a cookie of nobody.
    pub(crate) fn session(&self, asker: Asker) -> Session {
        let (_, session) = self.askers.iter().find(|(other, _)| *other == asker).unwrap();
        match asker {
            Asker::Stranger => Session { cookie: "parlour=none".to_owned(), ..session.clone() },
            _ => session.clone(),
        }
    }

    pub(crate) fn write(&self, sql: &str, values: &[&dyn rusqlite::ToSql]) -> usize {
        self.database.prepare_cached(sql).unwrap().execute(values).unwrap()
    }

    pub(crate) fn becomes(&self, user: UserId, role: Role) {
        let role = serde_json::to_value(role).unwrap();
        self.write("update user set role = ?2 where id = ?1", &[&user.0, &role.as_str()]);
    }

    pub(crate) fn suspends(&self, user: UserId, suspended: bool) {
        self.write("update user set suspended_at = ?2 where id = ?1", &[&user.0, &suspended.then_some(1)]);
    }

    /// A number that was not given before.
    pub(crate) fn fresh(&self) -> u64 {
        self.made.set(self.made.get() + 1);
        self.made.get()
    }

    /// Somebody new, of whom no session is known, as this in the house.
    pub(crate) fn somebody(&self, role: Role) -> UserId {
        let name = format!("somebody-{}", self.fresh());
        let sql = "insert into user (name, name_skeleton, guest, created_at) values (?1, ?1, 0, 0)";
        self.write(sql, &[&name]);
        let user = UserId(self.database.last_insert_rowid().cast_unsigned());
        self.becomes(user, role);
        user
    }

    /// A place in which the asker stands as their kind does, with a message in it and one of their own.
    pub(crate) fn room(&self, asker: Asker, place: Place) -> RoomId {
        let user = self.session(asker).you.id;
        let room = if place.kind == RoomKind::Lobby { self.lobby(place) } else { self.new_room(place) };
        let role = |role: RoomRole| match role {
            RoomRole::Manager if place.kind != RoomKind::Direct => "manager",
            _ => "member",
        };
        self.is_in(room, self.keeper, role(RoomRole::Manager), true, false);
        self.is_in(room, self.object, "member", true, false);
        let member = asker.member();
        if place.kind == RoomKind::Lobby {
            let sql = "update event set deleted_seq = null, body = 'hello' where room = 1 and seq = ?1";
            self.write(sql, &[&self.own(asker, room).0]);
        } else {
            let sql = "insert into event (room, seq, kind, actor, actor_name, nonce, mseq, rev, at, body)
                 values (?1, 2, 'message', ?2, 'Asker', randomblob(16), 2, 2, 0, 'own')";
            self.write(sql, &[&room.0, &user.0]);
        }
        self.is_in(room, user, role(member.unwrap_or(RoomRole::Member)), member.is_some(), asker == Asker::Removed);
        room
    }

    /// A message that the asker said in a place made for them.
    pub(crate) fn own(&self, asker: Asker, room: RoomId) -> Seq {
        let (_, said) = self.said.iter().find(|(other, _)| *other == asker).unwrap();
        if room == RoomId::LOBBY { *said } else { Seq(2) }
    }

    fn is_in(&self, room: RoomId, user: UserId, role: &str, member: bool, removed: bool) {
        let sql = "insert into member (room, user, since_seq, until_seq, read_seq, role, removed)
             values (?1, ?2, 1, ?3, 0, ?4, ?5) on conflict do update set until_seq = ?3, role = ?4, removed = ?5";
        self.write(sql, &[&room.0, &user.0, &(!member).then_some(1), &role, &removed]);
    }

    fn lobby(&self, place: Place) -> RoomId {
        let post_by = serde_json::to_value(place.post_by).unwrap();
        let sql = "update room set archived_at = null, post_by = ?1, slow_s = 0, history = 'all' where id = 1";
        self.write(sql, &[&post_by.as_str()]);
        RoomId::LOBBY
    }

    fn new_room(&self, place: Place) -> RoomId {
        let number = self.fresh();
        let (kind, post_by) = (serde_json::to_value(place.kind).unwrap(), serde_json::to_value(place.post_by).unwrap());
        let sql = "insert into room (shard, name, name_skeleton, topic, kind, head, msgs, floor, members, last_at, created_at,
             archived_at, post_by, direct_key) values (1, ?1, ?1, '', ?2, 2, 2, 0, 3, 0, 0, ?3, ?4, ?5)";
        let key = (place.kind == RoomKind::Direct).then(|| format!("matrix {number}"));
        let name = format!("room-{number}");
        self.write(sql, &[&name, &kind.as_str(), &place.archived.then_some(1), &post_by.as_str(), &key]);
        let room = RoomId(self.database.last_insert_rowid().cast_unsigned());
        let said = "insert into event (room, seq, kind, actor, actor_name, nonce, mseq, rev, at, body)
             values (?1, 1, 'message', ?2, 'Keeper', randomblob(16), 1, 1, 0, ?3)";
        self.write(said, &[&room.0, &self.keeper.0, &CANARY]);
        room
    }

    /// A file of one byte that an asker announced for the lobby.
    pub(crate) fn upload(&self, asker: Asker) -> String {
        let id = uuid::Uuid::new_v4();
        let sql = "insert into file (id, room, owner, name, bytes, taken, made_at, touched_at)
             values (?1, 1, ?2, 'a.txt', 1, 0, 0, ?3)";
        self.write(sql, &[id.as_bytes(), &self.session(asker).you.id.0, &i64::MAX]);
        id.to_string()
    }

    /// A file with [`CANARY`] in it, that the first message of a room carries; of a room that is not there, none.
    pub(crate) fn attachment(&self, room: u64) -> String {
        let id = uuid::Uuid::new_v4();
        let sql = "insert into file (id, room, owner, name, bytes, taken, type, thumb, made_at, touched_at, seq)
             select ?1, id, ?3, 'a.txt', 11, 11, 'text/plain', 1, 0, 0, 1 from room where id = ?2";
        self.write(sql, &[id.as_bytes(), &room, &self.keeper.0]);
        let name = id.simple().to_string();
        let folder = self.house.folder().join("blobs").join(&name[..2]);
        std::fs::create_dir_all(&folder).unwrap();
        for ending in ["", ".thumb"] {
            std::fs::write(folder.join(format!("{name}{ending}")), CANARY).unwrap();
        }
        id.to_string()
    }

    /// A report that is not settled.
    pub(crate) fn report(&self) -> u64 {
        let sql = "insert into report (room, seq, author, author_name, body, by, by_name, note, at)
             values (1, ?1, ?2, 'Keeper', 'x', ?2, 'Keeper', '', 0)";
        self.write(sql, &[&(self.fresh() + 1_000_000), &self.keeper.0]);
        self.database.last_insert_rowid().cast_unsigned()
    }

    /// A link that makes the house somebody's own; it is nobody's until [`Cast::as_before`].
    pub(crate) fn owner_link(&self) -> String {
        let token = Token::random();
        self.write("update user set role = 'member' where role = 'owner'", &[]);
        self.write("update house set owner_link = ?1", &[&token.hash()]);
        token.to_text()
    }

    /// An invitation that holds: its number and token.
    pub(crate) fn invitation(&self) -> (u64, String) {
        let token = Token::random();
        let sql = "insert into invitation (token_hash, role, by_name, note, made_at, expires_at, uses_max)
             values (?1, 'member', 'Keeper', '', 0, ?2, 1)";
        self.write(sql, &[&token.hash(), &i64::MAX]);
        (self.database.last_insert_rowid().cast_unsigned(), token.to_text())
    }

    /// Somebody at the door: their number and token.
    pub(crate) fn knock(&self, admitted: bool) -> (u64, String) {
        let (token, name) = (Token::random(), format!("new-{}", self.fresh()));
        let sql = "insert into knock (token_hash, name, name_skeleton, note, asked_at, admitted, settled_at)
             values (?1, ?2, ?2, '', ?3, ?4, ?4)";
        self.write(sql, &[&token.hash(), &name, &(i64::MAX / 2), &admitted.then_some(1)]);
        (self.database.last_insert_rowid().cast_unsigned(), token.to_text())
    }

    /// Gives somebody an account without a password; returns its handle.
    pub(crate) fn with_account(&self, user: UserId) -> String {
        let handle = format!("handle-{}", user.0);
        let sql = "update user set handle = ?2, handle_skeleton = ?3 where id = ?1";
        let skeleton = Handle::parse(&handle).unwrap().skeleton();
        self.write(sql, &[&user.0, &handle, &skeleton]);
        handle
    }

    /// The same with [`PASSWORD`], at a small cost.
    pub(crate) fn with_password(&self, user: UserId) -> String {
        let params = argon2::Params::new(64, 1, 1, None).unwrap();
        let small = argon2::Argon2::new(argon2::Algorithm::Argon2id, argon2::Version::V0x13, params);
        let hash = small.hash_password(PASSWORD.as_bytes()).unwrap().to_string();
        self.write("update user set password = ?2 where id = ?1", &[&user.0, &hash]);
        self.with_account(user)
    }

    /// A link by which somebody chooses a new password.
    pub(crate) fn reset_link(&self, user: UserId) -> String {
        let token = Token::random();
        self.with_account(user);
        let sql = "insert into reset_link (token_hash, user, made_at, expires_at, clears_second_factor)
             values (?1, ?2, 0, ?3, 0)";
        self.write(sql, &[&token.hash(), &user.0, &i64::MAX]);
        token.to_text()
    }

    /// One more session of an asker, by its id.
    pub(crate) fn another_session(&self, asker: Asker) -> String {
        let hash = Token::random().hash();
        let sql = "insert into session (token_hash, user, created_at, last_used_at, expires_at)
             select ?1, user, created_at, last_used_at, expires_at from session where user = ?2 order by created_at limit 1";
        self.write(sql, &[&hash, &self.session(asker).you.id.0]);
        hash.iter().take(12).map(|byte| format!("{byte:02x}")).collect()
    }

    /// A second factor of an asker, who has an account by it: the code that it shows now.
    pub(crate) fn second_factor(&self, asker: Asker, confirmed: bool) -> String {
        let (user, secret) = (self.session(asker).you.id, vec![7_u8; 20]);
        self.with_account(user);
        let sql = "insert into totp (user, secret, confirmed_at, last_step) values (?1, ?2, ?3, 0)";
        self.write(sql, &[&user.0, &secret, &confirmed.then_some(1)]);
        let totp = totp_rs::Builder::new().with_secret(secret).build().unwrap();
        let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap();
        totp.generate(since.as_secs()).to_string()
    }

    /// An account that is entered by the provider, and with [`PASSWORD`] too.
    pub(crate) fn connected(&self, user: UserId) {
        self.with_password(user);
        let issuer = &self.provider.issuer;
        let sql = "insert into identity (issuer, subject, user, at) values (?1, ?2, ?3, 0)";
        self.write(sql, &[issuer, &self.fresh().to_string(), &user.0]);
    }

    /// The cookie of a browser that came back from the provider as somebody new whose name is still to be said.
    pub(crate) async fn came_back(&self) -> String {
        let mut browser = Browser::default();
        let url = browser.begins(&self.house, PROVIDER).await;
        let claims = json!({"sub": self.fresh().to_string(), "name": null, "preferred_username": null});
        let page = browser.comes_back(&self.house, &lie(&url, PROVIDER, json!({"claims": claims}))).await;
        assert_eq!(page, "/oidc/finish");
        browser.cookie(&self.house)
    }

    /// Whoever made an account of themselves has none again, and the session they had; the owner is the one of the cast.
    pub(crate) fn as_before(&self, asker: Asker) {
        let session = &self.askers.iter().find(|(other, _)| *other == asker).unwrap().1;
        let user = session.you.id;
        let token = session.cookie.split("; ").next().and_then(|pair| Token::parse(pair.split_once('=')?.1)).unwrap();
        let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap().as_millis();
        let sql = "insert or replace into session (token_hash, user, created_at, last_used_at, expires_at)
             values (?1, ?2, ?3, ?3, ?3 + 1000000)";
        self.write(sql, &[&token.hash(), &user.0, &i64::try_from(now).unwrap()]);
        let sql = "update user set handle = null, handle_skeleton = null, password = null, released_at = null
             where id = ?1";
        self.write(sql, &[&user.0]);
        self.write("delete from identity where user = ?1", &[&user.0]);
        self.write("delete from passkey where user = ?1", &[&user.0]);
        self.write("delete from totp where user = ?1", &[&user.0]);
        self.write("delete from recovery_code where user = ?1", &[&user.0]);
        self.write("delete from passkey where user = ?1", &[&user.0]);
        self.write("update user set role = 'member' where role = 'owner'", &[]);
        for (asker, session) in &self.askers {
            self.becomes(session.you.id, asker.role());
        }
    }

    /// How many rows the log of administrative acts has.
    pub(crate) fn acts(&self) -> u64 {
        self.database.query_row("select count(*) from admin_act", [], |row| row.get(0)).unwrap()
    }
}
