//! The work that fan-out is made of, each piece ready to be done any number of times.

use std::hint::black_box;
use std::sync::Arc;

use parlour_domain::markup::tree;
use parlour_domain::sequence::admit;
use parlour_domain::text::Draft;
use parlour_engine::hub::{Hub, Key, Outgoing, Remedies, Wire};
use parlour_protocol::command::Hello;
use parlour_protocol::limits::BODY_BYTES_MAX;
use parlour_protocol::push::Author;
use parlour_protocol::reply::PublicLimits;
use parlour_protocol::user::{Door, HouseLimits};
use parlour_protocol::{
    Change, ClientId, Epoch, Event, History, House, NotifyLevel, PostBy, Role, Room, RoomId, RoomKind, RoomRole,
    RoomState, Seq, ServerFrame, Timestamp, User, UserId, Welcome, codec,
};

/// Readers of the room whose cursors are walked.
const READERS: u64 = 100;
/// Events that each of them has not seen.
const BEHIND: u64 = 32;

/// A piece of work: its name, how often what it is named for happens in it, and how to make it ready.
pub struct Work {
    /// What it is called.
    pub name: &'static str,
    /// How often that happens in one run.
    pub times: u64,
    /// Makes it ready to run.
    pub prepare: fn() -> Box<dyn FnMut()>,
}

/// Each piece.
pub const ALL: [Work; 8] = [
    Work { name: "encode an event", times: 1, prepare: encode },
    Work { name: "append an event to a lane", times: 1, prepare: append },
    Work { name: "walk a cursor over an event", times: READERS * BEHIND, prepare: walk },
    Work { name: "read a text", times: 1, prepare: read_text },
    Work { name: "admit an event by its place", times: 1_000, prepare: admit_many },
    Work { name: "see that a text has no markup", times: 1, prepare: no_markup },
    Work { name: "read the markup of a text", times: 1, prepare: markup },
    Work { name: "read the dearest 16 KiB of markup", times: DEAREST.len() as u64, prepare: dearest },
];

/// Patterns that cost most to read, of those that were looked for among tens of thousands; 16 KiB of each (S60).
const DEAREST: [&str; 8] = ["[[[[", "*a", "*a**b", "[](\"", "||\n", "> ", "<a", "[a]: http://b\n"];

fn epoch() -> Epoch {
    Epoch("store.1".to_owned())
}

fn event(seq: u64) -> Arc<Event> {
    let client_id = ClientId(uuid::Uuid::from_u128(u128::from(seq)));
    let text = "It was a bright cold day in April, and the clocks were \"striking\" thirteen. Winston Smith slipped quickly in. 🕐".to_owned();
    let by = Author { id: UserId(1), name: "Winston".to_owned() };
    let (answers, mentions, edited, deleted) = (None, vec![], None, None);
    let change = Change::Message {
        client_id,
        text,
        binary: false,
        tree: None,
        answers,
        mentions,
        edited,
        deleted,
        files: vec![],
    };
    Arc::new(Event { room: RoomId::LOBBY, seq: Seq(seq), at: Timestamp(1_700_000_000_000), by, change })
}

fn encode() -> Box<dyn FnMut()> {
    let frame = ServerFrame::Event(Arc::unwrap_or_clone(event(1)));
    Box::new(move || drop(black_box(codec::encode(black_box(&frame)))))
}

/// A hub with so many readers of the lobby, who have taken their welcome.
fn hub(readers: u64) -> (Hub, Vec<Key>) {
    let mut hub = Hub::new(epoch(), |_, _| {}, Remedies::ALL);
    let keys = (1..=readers).map(|id| enter(&mut hub, UserId(id))).collect();
    (hub, keys)
}

fn enter(hub: &mut Hub, id: UserId) -> Key {
    let name = format!("user {id}");
    let key = hub.connect(Author { id, name: name.clone() }, Wire::Full, 0);
    let room = Room {
        id: RoomId::LOBBY,
        name: String::new(),
        topic: String::new(),
        kind: RoomKind::Open,
        archived: false,
        post_by: PostBy::Everyone,
        slow_s: 0,
        history: History::All,
    };
    let (floor, head) = (Seq::ZERO, Seq::ZERO);
    let state = RoomState {
        room,
        head,
        floor,
        since: Seq(1),
        read: head,
        unread: 0,
        mentions: 0,
        notify: NotifyLevel::All,
        members: 2,
        online: 0,
        role: RoomRole::Member,
        with: Vec::new(),
    };
    let limits = PublicLimits { body_bytes_max: 0, name_graphemes_max: 0, replay_events_max: 0, heartbeat_ms: 0 };
    let welcome = Welcome {
        epoch: epoch(),
        version: String::new(),
        server_time: Timestamp(0),
        you: User { id, name, guest: false, role: Role::Member },
        house: House { name: String::new(), door: Door::Open, people: 0, here: 0, limits: HouseLimits::default() },
        rooms: vec![state],
        limits,
        away: false,
    };
    hub.welcome(key, 1, welcome, &Hello { epoch: None, cursors: Vec::new() });
    let mut out = Outgoing::default();
    hub.gather(key, &mut out);
    let all = out.bytes();
    hub.wrote(key, &out, all);
    key
}

fn append() -> Box<dyn FnMut()> {
    let (mut hub, _) = hub(1);
    let (epoch, mut seq) = (epoch(), 0);
    Box::new(move || {
        seq += 1;
        black_box(hub.deliver(&epoch, &[event(seq)], 0));
    })
}

/// One turn: everybody is written everything.
fn walk() -> Box<dyn FnMut()> {
    let (mut hub, keys) = hub(READERS);
    let (epoch, mut seq, mut out) = (epoch(), 0, Outgoing::default());
    Box::new(move || {
        let events: Vec<Arc<Event>> = (seq + 1..=seq + BEHIND).map(event).collect();
        seq += BEHIND;
        hub.deliver(&epoch, &events, 0);
        for key in &keys {
            hub.gather(*key, &mut out);
            let all = black_box(out.bytes());
            hub.wrote(*key, &out, all);
        }
    })
}

fn read_text() -> Box<dyn FnMut()> {
    let text = "Crème brûlée, 日本語, שלום and a link https://parlour.example/room/7#12.\r\nA second line. ".repeat(3);
    Box::new(move || drop(black_box(Draft::parse(black_box(&text)))))
}

fn no_markup() -> Box<dyn FnMut()> {
    let text = "It was a bright cold day in April, and the clocks were \"striking\" thirteen. Winston Smith slipped quickly in.";
    Box::new(move || drop(black_box(tree(black_box(text)))))
}

fn markup() -> Box<dyn FnMut()> {
    let text =
        "It was a **bright** cold day in April, see https://example.org/winston_smith, and the `clocks` were striking.";
    Box::new(move || drop(black_box(tree(black_box(text)))))
}

fn dearest() -> Box<dyn FnMut()> {
    let texts: Vec<String> = DEAREST.iter().map(|pattern| pattern.repeat(BODY_BYTES_MAX / pattern.len())).collect();
    Box::new(move || texts.iter().for_each(|text| drop(black_box(tree(black_box(text))))))
}

fn admit_many() -> Box<dyn FnMut()> {
    Box::new(|| {
        for seq in 0..1_000 {
            black_box(admit(black_box(Seq(500)), black_box(Seq(seq))));
        }
    })
}
