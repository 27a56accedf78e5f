//! Link cards: what is behind the links of a message (CARD-1 to CARD-8), and who is shown it (S37, S44, S87, S88, S105).

use image::ImageFormat;
use parlour_client::{Client, Session};
use parlour_protocol::{Card, Change, Command, ErrorCode, Event, Hello, History, Reply, RoomId, Seq};
use serde_json::json;

use crate::house::House;
use crate::people::{
    account, ask, connect, create, create_closed, does, enter, events, fresh, join, owner, refused_code, resume, until,
};
use crate::pictures::{PLACE, from_a_telephone, picture};
use crate::site::Site;

const LOBBY: RoomId = RoomId::LOBBY;

/// A page with all there is on a card.
fn tea(site: &Site) -> String {
    let html = "<html><head><meta charset=utf-8><title>Not this</title><meta property=og:title content='Tea in the harbour'>
        <meta property=og:site_name content='Harbour News'><meta property=og:description content='What came &amp; went.'>
        <meta property=og:image content='/tea.jpg'></head><body>no</body></html>";
    site.put("/tea", "text/html; charset=utf-8", html.as_bytes());
    site.put("/tea.jpg", "image/jpeg", &from_a_telephone(&picture(1_000, 600, ImageFormat::Jpeg)));
    site.link("/tea")
}

/// Says something, and returns its seq.
async fn says(client: &mut Client, room: RoomId, text: &str) -> Seq {
    let post = Command::Post { room, client_id: fresh(), text: text.to_owned(), answers: None, files: vec![] };
    match client.request(post).await.unwrap() {
        Reply::Posted { seq, .. } => seq,
        other => panic!("not posted: {other:?}"),
    }
}

/// The next event about the cards of a message.
async fn carded(client: &mut Client, seq: Seq) -> Event {
    until(client, |event| matches!(event.change, Change::Carded { target, .. } if target == seq)).await
}

/// What it says is below it.
fn cards_of(event: &Event) -> Vec<Card> {
    match &event.change {
        Change::Carded { cards: Some(cards), .. } => cards.clone(),
        other => panic!("no cards: {other:?}"),
    }
}

/// What a page says is below a message.
async fn below(session: &Session, room: RoomId, seq: Seq) -> Vec<Card> {
    let page = session.history(room, "").await.unwrap();
    page.states.into_iter().find(|state| state.seq == seq).map(|state| state.cards).unwrap_or_default()
}

fn titles(cards: &[Card]) -> Vec<&str> {
    cards.iter().map(|card| card.title.as_str()).collect()
}

fn picture_of(card: &Card, room: RoomId) -> String {
    format!("/files/{room}/{}/thumb", card.picture.unwrap().id.0)
}

#[tokio::test]
async fn card_1_card_3_and_s87_a_link_has_a_card_for_everyone_made_of_words_and_a_picture_of_the_house_s_own() {
    let site = Site::start();
    let house = House::start_with_cards(&[&site.at]);
    let (ada_session, mut ada, _) = enter(&house, "Ada").await;
    let (bob_session, mut bob, _) = enter(&house, "Bob").await;
    let link = tea(&site);
    let seq = says(&mut ada, LOBBY, &format!("look: {link}")).await;
    let heard = carded(&mut bob, seq).await;
    assert_eq!(carded(&mut ada, seq).await, heard, "both hear the same");
    assert_eq!((heard.by.id, heard.room), (ada_session.you.id, LOBBY));
    let cards = cards_of(&heard);
    let [card] = &cards[..] else { panic!("{cards:?}") };
    let said = (card.to.as_str(), card.site.as_str(), card.title.as_str(), card.description.as_str());
    assert_eq!(said, (link.as_str(), "Harbour News · 127.0.0.1", "Tea in the harbour", "What came & went."));
    assert_eq!(below(&bob_session, LOBBY, seq).await, cards, "a page says the same");
    // The picture is one that the house made: nothing of the site's is ever loaded by anybody else.
    let answer = bob_session.get(&picture_of(card, LOBBY)).await.unwrap();
    let small = image::load_from_memory(&answer.bytes).unwrap();
    let size = card.picture.unwrap();
    assert_eq!((small.width(), small.height()), (size.width, size.height));
    // It lies on its side, as the telephone said.
    assert_eq!((answer.status, size.width, size.height), (200, 144, 240));
    assert!(!answer.bytes.windows(PLACE.len()).any(|bytes| bytes == PLACE), "it says where it was taken");
    let whole = bob_session.get(picture_of(card, LOBBY).strip_suffix("/thumb").unwrap()).await.unwrap();
    assert_eq!(whole.status, 404, "there is nothing but the small one");
    assert!(!serde_json::to_string(&heard).unwrap().contains("tea.jpg"), "{heard:?}");
    assert_eq!(site.asked(), ["/tea", "/tea.jpg"]);
    // Who comes back by a cursor is told it in its place.
    let (mut back, _) = resume(&bob_session, &[(LOBBY, Seq(seq.0 - 1))]).await;
    let told = events(&mut back, 2).await;
    assert_eq!((told[0].seq, &told[1]), (seq, &heard));
}

#[tokio::test]
async fn card_2_the_first_three_links_have_a_card_in_their_order_and_a_picture_is_one() {
    let site = Site::start();
    let house = House::start_with_cards(&[&site.at]);
    let (_, mut ada, _) = enter(&house, "Ada").await;
    site.put("/cat.png", "image/png", &picture(40, 20, ImageFormat::Png));
    site.put("/nothing", "text/html", b"<p>no title</p>");
    site.put("/app", "application/octet-stream", b"<title>no</title>");
    let link = |path: &str| site.link(path);
    let text = format!(
        "{} {} <{}> `{}` ||{}|| {} {}",
        link("/one"),
        link("/cat.png"),
        link("/unwanted"),
        link("/code"),
        link("/hidden"),
        link("/three"),
        link("/four")
    );
    let seq = says(&mut ada, LOBBY, &text).await;
    let cards = cards_of(&carded(&mut ada, seq).await);
    assert_eq!(titles(&cards), ["/one", "cat.png", "/three"]);
    assert_eq!(cards[1].picture.map(|size| (size.width, size.height)), Some((40, 20)));
    // What is no page or has no name has none, and does not take the place of another.
    let seq = says(&mut ada, LOBBY, &format!("{} {} {}", link("/nothing"), link("/app"), link("/last"))).await;
    assert_eq!(titles(&cards_of(&carded(&mut ada, seq).await)), ["/last"]);
    assert_eq!(site.asked(), ["/one", "/cat.png", "/three", "/nothing", "/app", "/last"]);
}

#[tokio::test]
async fn s87_and_card_3_what_a_page_says_is_text_and_cannot_pretend() {
    let site = Site::start();
    let house = House::start_with_cards(&[&site.at]);
    let (_, mut ada, _) = enter(&house, "Ada").await;
    let html = "<meta property=og:title content='&lt;script&gt;alert(1)&lt;/script&gt;\u{202e}gpj.exe'><meta property=og:site_name
        content='Your Bank'><meta property=og:image content='javascript:alert(1)'><meta name=description content='<img src=x onerror=alert(1)>\u{0007}'>";
    site.put("/evil", "text/html", html.as_bytes());
    let seq = says(&mut ada, LOBBY, &site.link("/evil")).await;
    let cards = cards_of(&carded(&mut ada, seq).await);
    assert_eq!(titles(&cards), ["<script>alert(1)</script>gpj.exe"]);
    assert_eq!(cards[0].description, "<img src=x onerror=alert(1)>");
    assert_eq!(cards[0].site, "Your Bank · 127.0.0.1", "whose it is in truth is said beside what it says");
    assert_eq!(cards[0].picture, None);
}

#[tokio::test]
async fn s37_a_card_and_its_picture_are_shown_to_those_alone_who_may_read_the_message() {
    let site = Site::start();
    let house = House::start_with_cards(&[&site.at]);
    let (_, mut ada, _) = enter(&house, "Ada").await;
    let (bob_session, _, _) = enter(&house, "Bob").await;
    let (eve_session, _eve, _) = enter(&house, "Eve").await;
    let room = create_closed(&mut ada, "cellar").await;
    does(&mut ada, Command::AddMember { room, user: bob_session.you.id }).await;
    let seq = says(&mut ada, room, &tea(&site)).await;
    let cards = cards_of(&carded(&mut ada, seq).await);
    let path = picture_of(&cards[0], room);
    assert_eq!(bob_session.get(&path).await.unwrap().status, 200);
    let never = path.replacen(&cards[0].picture.unwrap().id.0.to_string(), &uuid::Uuid::new_v4().to_string(), 1);
    // By its own room or by one that she is in: as what never was.
    for of in [room, LOBBY] {
        let there = |path: &str| path.replacen(&format!("/{room}/"), &format!("/{of}/"), 1);
        let (nothing, answer) =
            (eve_session.get(&there(&never)).await.unwrap(), eve_session.get(&there(&path)).await.unwrap());
        assert_eq!((answer.status, &answer.body), (404, &nothing.body), "in {of}");
    }
    let history = eve_session.get(&format!("/api/v1/rooms/{room}/messages?seqs={seq}")).await.unwrap();
    assert_eq!(history.status, 404);
    does(&mut ada, Command::RemoveMember { room, user: bob_session.you.id }).await;
    assert_eq!(bob_session.get(&path).await.unwrap().status, 404, "and no longer than that");
}

#[tokio::test]
async fn card_5_and_s105_a_card_goes_with_its_link_and_with_its_message() {
    let site = Site::start();
    let house = House::start_with_cards(&[&site.at]);
    let (session, mut ada, _) = enter(&house, "Ada").await;
    let (link, other) = (tea(&site), site.link("/other"));
    let seq = says(&mut ada, LOBBY, &format!("{link} {other}")).await;
    let first = cards_of(&carded(&mut ada, seq).await);
    assert_eq!(titles(&first), ["Tea in the harbour", "/other"]);
    let edit = |text: String| Command::Edit { room: LOBBY, seq, text };
    // A word more changes nothing below it.
    does(&mut ada, edit(format!("see {link} {other}"))).await;
    does(&mut ada, edit(format!("see {other}"))).await;
    assert_eq!(titles(&cards_of(&carded(&mut ada, seq).await)), ["/other"]);
    let path = picture_of(&first[0], LOBBY);
    assert_eq!(session.get(&path).await.unwrap().status, 404, "its picture is gone with it");
    does(&mut ada, edit(format!("{} {other}", site.link("/new")))).await;
    assert_eq!(titles(&cards_of(&carded(&mut ada, seq).await)), ["/new", "/other"]);
    does(&mut ada, edit(format!("{link} at last"))).await;
    let none = carded(&mut ada, seq).await;
    assert_eq!(cards_of(&none), []);
    let again = cards_of(&carded(&mut ada, seq).await);
    assert_eq!(titles(&again), ["Tea in the harbour"]);
    does(&mut ada, Command::Delete { room: LOBBY, seq }).await;
    assert_eq!(session.get(&picture_of(&again[0], LOBBY)).await.unwrap().status, 404);
    assert_eq!(below(&session, LOBBY, seq).await, []);
    for event in session.history(LOBBY, "").await.unwrap().events {
        assert!(!matches!(event.change, Change::Carded { cards: Some(_), .. }), "{event:?}");
    }
    let kept: i64 = house
        .database()
        .query_row("select count(*) from event where cards is not null or body like '%harbour%'", [], |row| row.get(0))
        .unwrap();
    let files: i64 =
        house.database().query_row("select count(*) from file where seq is not null", [], |row| row.get(0)).unwrap();
    assert_eq!((kept, files), (0, 0), "nothing of it is kept");
}

#[tokio::test]
async fn card_5_a_message_that_was_deleted_or_edited_meanwhile_gets_no_card_of_before() {
    let site = Site::start();
    let house = House::start_with_cards(&[&site.at]);
    let (session, mut ada, _) = enter(&house, "Ada").await;
    site.hold(true);
    let deleted = says(&mut ada, LOBBY, &site.link("/gone")).await;
    let edited = says(&mut ada, LOBBY, &site.link("/before")).await;
    site.was_asked(2).await;
    does(&mut ada, Command::Delete { room: LOBBY, seq: deleted }).await;
    does(&mut ada, Command::Edit { room: LOBBY, seq: edited, text: site.link("/after") }).await;
    site.hold(false);
    let found = carded(&mut ada, edited).await;
    assert_eq!(titles(&cards_of(&found)), ["/after"]);
    // The other's page was answered before: there is room for its card, and nobody put one there.
    let last = says(&mut ada, LOBBY, &site.link("/last")).await;
    carded(&mut ada, last).await;
    let about: Vec<Seq> = session
        .history(LOBBY, "")
        .await
        .unwrap()
        .events
        .iter()
        .filter_map(|event| if let Change::Carded { target, .. } = event.change { Some(target) } else { None })
        .collect();
    assert_eq!(about, [edited, last]);
}

#[tokio::test]
async fn card_6_who_wrote_a_message_takes_its_cards_away_for_good_and_nobody_else() {
    let site = Site::start();
    let house = House::start_with_cards(&[&site.at]);
    let (session, mut ada, _) = enter(&house, "Ada").await;
    let (_, mut bob, _) = enter(&house, "Bob").await;
    let link = tea(&site);
    let seq = says(&mut ada, LOBBY, &link).await;
    let path = picture_of(&cards_of(&carded(&mut bob, seq).await)[0], LOBBY);
    assert_eq!(refused_code(&mut bob, Command::RemoveCards { room: LOBBY, seq }).await, ErrorCode::Forbidden);
    assert_eq!(refused_code(&mut ada, Command::RemoveCards { room: LOBBY, seq: Seq(999) }).await, ErrorCode::NotFound);
    does(&mut ada, Command::RemoveCards { room: LOBBY, seq }).await;
    assert_eq!(cards_of(&carded(&mut bob, seq).await), []);
    assert_eq!(below(&session, LOBBY, seq).await, []);
    assert_eq!(session.get(&path).await.unwrap().status, 404);
    // Neither twice, nor by an edit, nor while they are looked for does another event come.
    does(&mut ada, Command::RemoveCards { room: LOBBY, seq }).await;
    does(&mut ada, Command::Edit { room: LOBBY, seq, text: format!("{link} {}", site.link("/more")) }).await;
    site.hold(true);
    let unwanted = says(&mut ada, LOBBY, &site.link("/unwanted")).await;
    site.was_asked(4).await;
    does(&mut ada, Command::RemoveCards { room: LOBBY, seq: unwanted }).await;
    site.hold(false);
    let last = says(&mut ada, LOBBY, &site.link("/last")).await;
    carded(&mut bob, last).await;
    for message in [seq, unwanted] {
        assert_eq!(below(&session, LOBBY, message).await, []);
    }
}

#[tokio::test]
async fn card_7_a_house_that_shows_none_asks_nobody_until_its_owner_says_otherwise() {
    let site = Site::start();
    let house = House::start_with(&["--rate-limits", "off", "--link-cards", "off", "--card-hosts", &site.at]);
    let olga_session = owner(&house).await;
    let ada_session = account(&house, "Ada").await;
    let (mut ada, _) = connect(&ada_session, Hello::default()).await;
    let before = says(&mut ada, LOBBY, &site.link("/before")).await;
    let set = async |session: &Session, on: bool| {
        session.post("/api/v1/admin/house", &json!({"link_cards": on}).to_string()).await.unwrap().status
    };
    assert_eq!(set(&ada_session, true).await, 403);
    assert_eq!(set(&olga_session, true).await, 204);
    let boot = ask_boot(&olga_session).await;
    assert_eq!(boot["house"]["limits"]["link_cards"], true);
    let now = says(&mut ada, LOBBY, &site.link("/now")).await;
    assert_eq!(titles(&cards_of(&carded(&mut ada, now).await)), ["/now"]);
    assert_eq!(set(&olga_session, false).await, 204);
    says(&mut ada, LOBBY, &site.link("/after")).await;
    assert_eq!(set(&olga_session, true).await, 204);
    let last = says(&mut ada, LOBBY, &site.link("/last")).await;
    carded(&mut ada, last).await;
    assert_eq!(site.asked(), ["/now", "/last"]);
    assert_eq!(below(&ada_session, LOBBY, before).await, []);
    let acts = olga_session.get("/api/v1/admin/acts").await.unwrap().body;
    assert!(acts.contains("link cards: on") && acts.contains("link cards: off"), "{acts}");
}

async fn ask_boot(session: &Session) -> serde_json::Value {
    serde_json::from_str(&session.get("/api/v1/boot").await.unwrap().body).unwrap()
}

#[tokio::test]
async fn s44_and_card_5_who_may_not_see_a_message_is_not_told_what_is_behind_its_links() {
    let site = Site::start();
    let house = House::start_with_cards(&[&site.at]);
    let (ada_session, mut ada, _) = enter(&house, "Ada").await;
    let (bob_session, mut bob, _) = enter(&house, "Bob").await;
    let made = ada
        .request(Command::CreateRoom {
            name: "cellar".to_owned(),
            topic: String::new(),
            closed: true,
            history: History::SinceJoining,
        })
        .await;
    let Ok(Reply::Room { state }) = made else { panic!("not a room: {made:?}") };
    let room = state.room.id;
    site.hold(true);
    let seq = says(&mut ada, room, &tea(&site)).await;
    site.was_asked(1).await;
    does(&mut ada, Command::AddMember { room, user: bob_session.you.id }).await;
    site.hold(false);
    for client in [&mut ada, &mut bob] {
        let event = carded(client, seq).await;
        assert_eq!(event.change, Change::Carded { target: seq, cards: None }, "nobody is told by it");
    }
    let cards = below(&ada_session, room, seq).await;
    assert_eq!(titles(&cards), ["Tea in the harbour"], "who may asks for it");
    let messages = bob_session.get(&format!("/api/v1/rooms/{room}/messages?seqs={seq}")).await.unwrap().body;
    let history = bob_session.get(&format!("/api/v1/rooms/{room}/history")).await.unwrap().body;
    assert!(!messages.contains("harbour") && !history.contains("harbour"), "{messages} {history}");
    assert_eq!(bob_session.get(&picture_of(&cards[0], room)).await.unwrap().status, 404);
    // Where it could be told to everybody then, who came since is not told by the log.
    let open = create(&mut ada, "open").await.room.id;
    does(&mut ada, Command::SetHistory { room: open, history: History::SinceJoining }).await;
    let seq = says(&mut ada, open, &site.link("/canary-page")).await;
    carded(&mut ada, seq).await;
    join(&mut bob, open).await;
    let history = bob_session.get(&format!("/api/v1/rooms/{open}/history?after=0")).await.unwrap().body;
    assert!(!history.contains("canary-page"), "{history}");
}

#[tokio::test]
async fn s88_and_card_8_a_thousand_links_are_looked_at_eight_at_a_time_and_each_address_once() {
    let site = Site::start();
    let house = House::start_with_cards(&[&site.at]);
    let (_, mut ada, _) = enter(&house, "Ada").await;
    site.hold(true);
    for _ in 0..4 {
        says(&mut ada, LOBBY, &site.link("/same")).await;
    }
    for round in 0..1_000 {
        says(&mut ada, LOBBY, &site.link(&format!("/{round}"))).await;
    }
    // One asks for the four, and there is room for four others.
    site.was_asked(5).await;
    site.hold(false);
    // What waits behind them is bounded: most have no card, and the talk went on all the while.
    let last = loop {
        let last = says(&mut ada, LOBBY, &site.link("/last")).await;
        let found = until(&mut ada, |event| matches!(event.change, Change::Carded { .. })).await;
        if cards_of(&found)[0].title == "/last" {
            break last;
        }
    };
    assert!(last.0 > 1_000);
    let asked = site.asked();
    assert_eq!(asked.iter().filter(|path| *path == "/same").count(), 1, "one asks for all who say it");
    assert!(site.most() <= 8, "{} at once", site.most());
    assert!(asked.len() < 200, "{} of a thousand", asked.len());
}

#[tokio::test]
async fn s88_and_card_8_one_person_has_ten_links_looked_at_and_the_others_theirs() {
    let site = Site::start();
    let house = House::start_with(&["--link-cards", "on", "--card-hosts", &site.at]);
    let (_, mut ada, _) = enter(&house, "Ada").await;
    let (_, mut bob, _) = enter(&house, "Bob").await;
    for number in 0..6 {
        let link = |which: &str| site.link(&format!("/{number}-{which}"));
        says(&mut ada, LOBBY, &format!("{} {} {}", link("a"), link("b"), link("c"))).await;
    }
    let theirs = says(&mut bob, LOBBY, &site.link("/theirs")).await;
    carded(&mut bob, theirs).await;
    site.was_asked(11).await;
    let of_ada = site.asked().iter().filter(|path| *path != "/theirs").count();
    // One more may have been earned meanwhile on a slow machine.
    assert!((10..=12).contains(&of_ada), "{:?}", site.asked());
}

#[tokio::test]
async fn card_1_where_nothing_is_found_nothing_is_said_and_nothing_waits() {
    let site = Site::start();
    let house = House::start_with_cards(&[&site.at]);
    let (session, mut ada, _) = enter(&house, "Ada").await;
    site.hold(true);
    let slow = says(&mut ada, LOBBY, &site.link("/slow")).await;
    let nobody = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    says(&mut ada, LOBBY, &format!("http://{nobody}/ http://127.0.0.1:22/ http://localhost/")).await;
    // The talk goes on while it is looked for, and a house that stops waits for nothing.
    assert_eq!(says(&mut ada, LOBBY, "on").await.0, slow.0 + 2);
    assert_eq!(below(&session, LOBBY, slow).await, []);
    let mut house = house;
    let began = std::time::Instant::now();
    assert_eq!(house.terminate(), Some(0));
    assert!(began.elapsed().as_secs() < 5, "{:?}", began.elapsed());
    house.restart();
    let after = ask(&house, "sign-in", &json!({"name": "Cleo"})).await;
    assert_eq!(after.status, 201);
}
