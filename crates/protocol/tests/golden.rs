//! One file for each frame of the wire, read by both languages: here against the Rust types, in
//! `web/src/protocol/golden.test.ts` against the TypeScript ones. `PARLOUR_GOLDEN=write cargo test -p parlour-protocol
//! --test golden` writes them anew; a change of the wire is then a change that a reviewer sees.

// A panic is how a test reports, also from the functions it calls.
#![allow(clippy::unwrap_used)]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use parlour_protocol::markup::{Align, Block, Inline, Item, Tree};
use parlour_protocol::push::{Answers, Author, Deleted, Edited, Mention, Mentioned};
use parlour_protocol::reply::PublicLimits;
use parlour_protocol::user::{Door, HouseLimits};
use parlour_protocol::{
    Attachment, Card, CardPicture, Change, ClientFrame, ClientId, Command, Epoch, ErrorCode, Event, FileId, Hello,
    History, House, Notice, NotifyLevel, PostBy, Refusal, Reply, Role, Room, RoomId, RoomKind, RoomRole, RoomState,
    Seq, ServerFrame, Signal, ThreadState, Timestamp, User, UserId, Welcome, codec,
};

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden")
}

fn id() -> ClientId {
    ClientId("0192f0c1-2345-7abc-8def-0123456789ab".parse().unwrap())
}

fn ada() -> Author {
    Author { id: UserId(2), name: "Ada".to_owned() }
}

fn bea() -> Author {
    Author { id: UserId(3), name: "Bea".to_owned() }
}

fn direct() -> RoomState {
    let room = Room { name: String::new(), topic: String::new(), kind: RoomKind::Direct, ..room() };
    RoomState { room, members: 2, with: vec![bea()], ..state() }
}

fn room() -> Room {
    let topic = "Shipping the Rust server.".to_owned();
    Room {
        id: RoomId(7),
        name: "engineering".to_owned(),
        topic,
        kind: RoomKind::Open,
        archived: false,
        post_by: PostBy::Everyone,
        slow_s: 0,
        history: History::All,
    }
}

fn state() -> RoomState {
    let (head, floor, since, read) = (Seq(48_211), Seq(0), Seq(1), Seq(48_208));
    RoomState {
        room: room(),
        head,
        floor,
        since,
        read,
        unread: 3,
        mentions: 1,
        notify: NotifyLevel::All,
        members: 12,
        online: 4,
        role: RoomRole::Member,
        with: vec![],
    }
}

fn event(change: Change) -> ServerFrame {
    ServerFrame::Event(Event { room: RoomId(7), seq: Seq(48_212), at: Timestamp(1_762_248_660_000), by: ada(), change })
}

fn reply(reply: Reply) -> ServerFrame {
    ServerFrame::Reply { r#ref: 5, reply }
}

fn notice(notice: Notice) -> ServerFrame {
    ServerFrame::Notice { notice }
}

fn welcome() -> Welcome {
    Welcome {
        epoch: Epoch("4be1b7d2.1".to_owned()),
        version: "0.1.0".to_owned(),
        server_time: Timestamp(1_762_248_660_000),
        you: User { id: UserId(2), name: "Ada".to_owned(), guest: false, role: Role::Member },
        house: House {
            name: "Harbour".to_owned(),
            door: Door::Open,
            people: 12,
            here: 3,
            limits: HouseLimits::default(),
        },
        rooms: vec![state()],
        limits: PublicLimits {
            body_bytes_max: 16_384,
            name_graphemes_max: 32,
            replay_events_max: 500,
            heartbeat_ms: 20_000,
        },
        away: false,
    }
}

fn message(binary: bool) -> Change {
    says("Grüße, <b>元気</b>? \u{1F389}\nSecond line.", binary)
}

fn says(text: &str, binary: bool) -> Change {
    let (answers, mentions, edited, deleted) = (None, vec![], None, None);
    Change::Message {
        client_id: id(),
        text: text.to_owned(),
        binary,
        tree: None,
        answers,
        mentions,
        edited,
        deleted,
        files: vec![],
    }
}

fn mentions() -> Vec<Mention> {
    let mention = |words: &str, of| Mention { words: words.to_owned(), of };
    vec![
        mention("@bea", Mentioned::Person(UserId(3))),
        mention("#engineering", Mentioned::Room(RoomId(7))),
        mention("@room", Mentioned::Everyone),
        mention("@here", Mentioned::Here),
    ]
}

/// A reply in a thread that names somebody, was edited since, and stands in the room as well.
fn reply_in_thread() -> Change {
    let (seq, at) = (Seq(48_220), Timestamp(1_762_248_670_000));
    Change::Message {
        client_id: id(),
        text: "@bea #engineering @room @here".to_owned(),
        binary: false,
        tree: None,
        answers: Some(Answers { quote: Some(Seq(48_200)), thread: Some(Seq(48_201)), also_in_room: true }),
        mentions: mentions(),
        edited: Some(Edited { seq, at }),
        deleted: None,
        files: vec![],
    }
}

/// What is left of a message that somebody deleted.
fn tombstone() -> Change {
    let (seq, at) = (Seq(48_220), Timestamp(1_762_248_670_000));
    Change::Message {
        client_id: id(),
        text: String::new(),
        binary: false,
        tree: None,
        answers: None,
        mentions: vec![],
        edited: None,
        deleted: Some(Deleted { seq, at, by: bea() }),
        files: vec![],
    }
}

fn thread() -> ThreadState {
    let change = reply_in_thread();
    let last = Event { room: RoomId(7), seq: Seq(48_212), at: Timestamp(1_762_248_660_000), by: ada(), change };
    ThreadState {
        room: RoomId(7),
        thread: Seq(48_201),
        replies: 4,
        last: Some(last),
        people: vec![ada(), bea()],
        following: true,
        read: Seq(48_210),
        unread: 2,
        mentions: 1,
        head: Seq(48_212),
    }
}

/// A message whose tree has each kind of node.
fn marked() -> Change {
    let words = |text: &str| vec![Inline::Text(text.to_owned())];
    let says = |text: &str| vec![Block::Paragraph(words(text))];
    let item = |done, text: &str| Item { done, of: says(text) };
    let to = "https://example.org/".to_owned();
    let pieces = vec![
        Inline::Text("See\n".to_owned()),
        Inline::Emphasis(words("so")),
        Inline::Strong(words("so")),
        Inline::Strike(words("so")),
        Inline::Spoiler(words("so")),
        Inline::Code("so".to_owned()),
        Inline::Link { to: to.clone(), of: words(&to) },
    ];
    let row = || vec![words("a"), words("b"), words("c"), words("d")];
    let tree = Tree(vec![
        Block::Heading { level: 2, of: words("Plan") },
        Block::Paragraph(pieces),
        Block::Quote(says("So?")),
        Block::List {
            start: None,
            items: vec![item(Some(false), "one"), item(Some(true), "two"), item(None, "three")],
        },
        Block::List { start: Some(3), items: vec![item(None, "three")] },
        Block::Code { language: "rust".to_owned(), text: "fn main() {}".to_owned() },
        Block::Code { language: String::new(), text: "plain".to_owned() },
        Block::Table {
            columns: vec![Align::None, Align::Left, Align::Center, Align::Right],
            head: row(),
            rows: vec![row()],
        },
        Block::Rule,
    ]);
    let (answers, mentions, edited, deleted) = (None, vec![], None, None);
    let text = "## Plan\n…".to_owned();
    Change::Message {
        client_id: id(),
        text,
        binary: false,
        tree: Some(tree),
        answers,
        mentions,
        edited,
        deleted,
        files: vec![],
    }
}

/// An edit, or that there was one.
fn edited(text: Option<&str>) -> Change {
    let mentions = if text.is_some() { mentions() } else { vec![] };
    Change::Edited { target: Seq(48_201), text: text.map(str::to_owned), tree: None, mentions }
}

fn file_id() -> FileId {
    FileId("0d7c1e4a-5b2f-4c39-9e61-7a1f0c2b3d4e".parse().unwrap())
}

/// With all there may be on one, and with as little as possible.
fn cards() -> Vec<Card> {
    let picture = Some(CardPicture { id: file_id(), width: 240, height: 126 });
    let words = |words: &str| words.to_owned();
    vec![
        Card {
            to: words("https://example.org/tea"),
            site: words("Harbour News · example.org"),
            title: words("Tea in the harbour"),
            description: words("What came with the last ship."),
            picture,
        },
        Card {
            to: words("http://example.com/"),
            site: words("example.com"),
            title: words("Grüße"),
            description: String::new(),
            picture: None,
        },
    ]
}

/// A picture, and something that is none.
fn with_files() -> Change {
    let (name, kind) = ("Grüße.png".to_owned(), "image/png".to_owned());
    let picture =
        Attachment { id: file_id(), name, kind, bytes: 48_211, width: Some(1_600), height: Some(900), thumb: true };
    let (name, kind) = ("plan.pdf".to_owned(), "application/pdf".to_owned());
    let paper = Attachment { name, kind, width: None, height: None, thumb: false, ..picture.clone() };
    let Change::Message { client_id, text, binary, tree, answers, mentions, edited, deleted, .. } = says("", false)
    else {
        unreachable!("it is a message")
    };
    let files = vec![picture, paper];
    Change::Message { client_id, text, binary, tree, answers, mentions, edited, deleted, files }
}

fn presence(joined: Vec<Author>, away: Vec<Author>, back: Vec<Author>) -> ServerFrame {
    let at = Timestamp(1_762_248_660_000);
    ServerFrame::Signal {
        signal: Signal::Presence { room: RoomId(7), joined, left: vec![], away, back, online: 4, at },
    }
}

/// Every kind of frame a server sends, by the name of its file.
fn server_frames() -> BTreeMap<&'static str, ServerFrame> {
    let (seq, topic) = (Seq(48_212), "Shipping the Rust server.".to_owned());
    let renamed = |name: &str| (name.to_owned(), topic.clone());
    let (created, now) = (renamed("engineering"), renamed("engine-room"));
    let at = Timestamp(1_762_248_660_000);
    BTreeMap::from([
        ("reply_welcome", reply(Reply::Welcome(welcome()))),
        ("reply_posted", reply(Reply::Posted { room: RoomId(7), seq, at, client_id: id(), duplicate: false })),
        ("reply_room", reply(Reply::Room { state: state() })),
        ("reply_read", reply(Reply::Read { room: RoomId(7), seq, unread: 0, mentions: 0, head: seq })),
        ("reply_thread", reply(Reply::Thread { state: thread() })),
        ("reply_done", reply(Reply::Done)),
        ("reply_pong", reply(Reply::Pong)),
        (
            "refusal",
            ServerFrame::Refusal { r#ref: 5, refusal: Refusal::new(ErrorCode::NameTaken, "engineering is taken.") },
        ),
        (
            "refusal_rate",
            ServerFrame::Refusal { r#ref: 6, refusal: Refusal::later(ErrorCode::Rate, "That is too fast.", 200) },
        ),
        ("event_message", event(message(false))),
        ("event_message_binary", event(message(true))),
        ("event_message_files", event(with_files())),
        ("event_message_marked", event(marked())),
        ("event_message_answering", event(reply_in_thread())),
        ("event_message_deleted", event(tombstone())),
        ("event_edited", event(edited(Some("@bea #engineering @room @here")))),
        ("event_edited_withheld", event(edited(None))),
        ("event_carded", event(Change::Carded { target: Seq(48_201), cards: Some(cards()) })),
        ("event_carded_none", event(Change::Carded { target: Seq(48_201), cards: Some(vec![]) })),
        ("event_carded_withheld", event(Change::Carded { target: Seq(48_201), cards: None })),
        ("event_deleted", event(Change::Deleted { target: Seq(48_201) })),
        ("event_reacted", event(Change::Reacted { target: Seq(48_201), emoji: "\u{1F44F}".to_owned() })),
        ("event_unreacted", event(Change::Unreacted { target: Seq(48_201), emoji: "\u{1F44F}".to_owned() })),
        ("event_pinned", event(Change::Pinned { target: Seq(48_201) })),
        ("event_unpinned", event(Change::Unpinned { target: Seq(48_201) })),
        ("event_room_created", event(Change::RoomCreated { name: created.0, topic: created.1 })),
        ("event_room_renamed", event(Change::RoomRenamed { name: now.0, topic: now.1 })),
        ("event_member_joined", event(Change::MemberJoined)),
        ("event_member_left", event(Change::MemberLeft)),
        ("event_member_added", event(Change::MemberAdded { who: bea() })),
        ("event_member_removed", event(Change::MemberRemoved { who: bea() })),
        ("event_role_changed", event(Change::RoleChanged { who: bea(), role: RoomRole::Manager })),
        ("event_posting_changed", event(Change::PostingChanged { post_by: PostBy::Managers, slow_s: 30 })),
        ("event_history_changed", event(Change::HistoryChanged { history: History::SinceJoining })),
        ("event_room_archived", event(Change::RoomArchived)),
        ("event_room_restored", event(Change::RoomRestored)),
        ("reply_room_direct", reply(Reply::Room { state: direct() })),
        ("reset", ServerFrame::Reset { room: RoomId(7), head: seq, floor: Seq(0) }),
        ("signal_typing", ServerFrame::Signal { signal: Signal::Typing { room: RoomId(7), by: ada() } }),
        ("signal_presence", presence(vec![ada()], vec![], vec![])),
        ("signal_presence_away", presence(vec![], vec![ada()], vec![bea()])),
        ("notice_read", notice(Notice::Read { room: RoomId(7), seq, unread: 0, mentions: 0, head: seq })),
        ("notice_thread", notice(Notice::Thread { state: Box::new(thread()) })),
        ("notice_notify", notice(Notice::Notify { room: RoomId(7), level: NotifyLevel::Mentions })),
        ("notice_saved", notice(Notice::Saved { room: RoomId(7), seq, saved: true })),
        ("notice_room_added", notice(Notice::RoomAdded { state: state() })),
        ("notice_room_removed", notice(Notice::RoomRemoved { room: RoomId(7) })),
        ("notice_you", notice(Notice::You { you: User { role: Role::Administrator, ..welcome().you } })),
        ("notice_draining", notice(Notice::Draining { spread_ms: 5_000 })),
    ])
}

fn post(text: &str, answers: Option<Answers>, files: Vec<FileId>) -> Command {
    Command::Post { room: RoomId(7), client_id: id(), text: text.to_owned(), answers, files }
}

/// Every command a client sends, by the name of its file.
fn client_frames() -> BTreeMap<&'static str, ClientFrame> {
    let (room, seq) = (RoomId(7), Seq(48_201));
    let quoting = Answers { quote: Some(seq), ..Answers::default() };
    let in_thread = Answers { thread: Some(seq), also_in_room: true, ..Answers::default() };
    let (name, topic) = ("engineering".to_owned(), "Shipping the Rust server.".to_owned());
    let hello = Hello { epoch: Some(Epoch("4be1b7d2.1".to_owned())), cursors: vec![(room, Seq(48_211))] };
    let commands = [
        ("hello", Command::Hello(hello)),
        ("hello_first", Command::Hello(Hello::default())),
        ("post", post("Grüße\nSecond line.", None, vec![])),
        ("post_files", post("", None, vec![file_id()])),
        ("post_quoting", post("So?", Some(quoting), vec![])),
        ("post_in_thread", post("So.", Some(in_thread), vec![])),
        ("edit", Command::Edit { room, seq, text: "Grüße".to_owned() }),
        ("delete", Command::Delete { room, seq }),
        ("remove_cards", Command::RemoveCards { room, seq }),
        ("react", Command::React { room, seq, emoji: "\u{1F44F}".to_owned() }),
        ("unreact", Command::Unreact { room, seq, emoji: "\u{1F44F}".to_owned() }),
        ("pin", Command::Pin { room, seq }),
        ("unpin", Command::Unpin { room, seq }),
        ("save", Command::Save { room, seq }),
        ("unsave", Command::Unsave { room, seq }),
        ("follow", Command::Follow { room, thread: seq }),
        ("unfollow", Command::Unfollow { room, thread: seq }),
        ("set_notify", Command::SetNotify { room, level: NotifyLevel::Mentions }),
        ("count", Command::Count { room }),
        ("catch_up", Command::CatchUp { room, after: Seq(48_211) }),
        ("mark_read", Command::MarkRead { room, seq: Seq(48_212), thread: None }),
        ("mark_read_thread", Command::MarkRead { room, seq: Seq(48_212), thread: Some(seq) }),
        ("mark_unread", Command::MarkUnread { room, seq: Seq(48_209), thread: None }),
        ("typing", Command::Typing { room }),
        ("away", Command::Away { away: true }),
        (
            "create_room",
            Command::CreateRoom { name: name.clone(), topic: topic.clone(), closed: false, history: History::All },
        ),
        (
            "create_room_since_joining",
            Command::CreateRoom {
                name: name.clone(),
                topic: topic.clone(),
                closed: true,
                history: History::SinceJoining,
            },
        ),
        (
            "create_room_closed",
            Command::CreateRoom { name: name.clone(), topic: topic.clone(), closed: true, history: History::All },
        ),
        ("open_direct", Command::OpenDirect { people: vec![UserId(3), UserId(4)] }),
        ("rename_room", Command::RenameRoom { room, name, topic }),
        ("join_room", Command::JoinRoom { room }),
        ("leave_room", Command::LeaveRoom { room }),
        ("archive_room", Command::ArchiveRoom { room }),
        ("restore_room", Command::RestoreRoom { room }),
        ("set_posting", Command::SetPosting { room, post_by: PostBy::Managers, slow_s: 30 }),
        ("set_history", Command::SetHistory { room, history: History::SinceJoining }),
        ("add_member", Command::AddMember { room, user: UserId(3) }),
        ("remove_member", Command::RemoveMember { room, user: UserId(3) }),
        ("set_room_role", Command::SetRoomRole { room, user: UserId(3), role: RoomRole::Manager }),
        ("report", Command::Report { room, seq: Seq(48_212), note: "Spam.".to_owned() }),
        ("block", Command::Block { user: UserId(3) }),
        ("unblock", Command::Unblock { user: UserId(3) }),
        ("ping", Command::Ping),
    ];
    commands.into_iter().map(|(name, command)| (name, ClientFrame { r#ref: 5, command })).collect()
}

/// The text kept in a file, one line of JSON. Written first where that was asked for.
fn kept(name: &str, now: &str) -> String {
    let path = folder().join(format!("{name}.json"));
    if std::env::var("PARLOUR_GOLDEN").as_deref() == Ok("write") {
        std::fs::write(&path, format!("{now}\n")).unwrap();
    }
    let text = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    text.trim_end().to_owned()
}

#[test]
fn con_4_each_frame_of_the_server_is_written_as_its_golden_file_says() {
    for (name, frame) in server_frames() {
        let written = String::from_utf8(codec::encode(&frame).to_vec()).unwrap();
        assert_eq!(written, kept(&format!("server_{name}"), &written), "{name}");
        assert_eq!(serde_json::from_str::<ServerFrame>(&written).unwrap(), frame, "{name} is read back");
    }
}

#[test]
fn con_4_each_command_of_a_client_is_read_as_its_golden_file_says() {
    for (name, frame) in client_frames() {
        let text = kept(&format!("client_{name}"), &serde_json::to_string(&frame).unwrap());
        assert_eq!(codec::decode(&text).unwrap(), frame, "{name}");
    }
}

#[test]
fn con_5_unknown_fields_are_ignored_and_defaults_filled_in() {
    let frame = codec::decode(r#"{"t":"create_room","ref":5,"name":"a","colour":"blue"}"#).unwrap();
    let command =
        Command::CreateRoom { name: "a".to_owned(), topic: String::new(), closed: false, history: History::All };
    assert_eq!(frame, ClientFrame { r#ref: 5, command });
}

#[test]
fn no_golden_file_is_left_over() {
    let known: Vec<String> = server_frames()
        .keys()
        .map(|name| format!("server_{name}.json"))
        .chain(client_frames().keys().map(|name| format!("client_{name}.json")))
        .collect();
    for entry in std::fs::read_dir(folder()).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        assert!(known.contains(&name), "{name} belongs to no frame");
    }
}
