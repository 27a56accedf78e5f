//! Unread that is true (UNR), on every device: T18 through the front door.

use std::collections::BTreeMap;

use parlour_client::{Client, Session};
use parlour_protocol::http::MessageList;
use parlour_protocol::{Answers, Command, Hello, Notice, NotifyLevel, Reply, RoomId, Seq, ServerFrame};

use crate::house::House;
use crate::people::{connect, create, enter, join, say_many};
use crate::talk::{answer, noticed, read};

const LOBBY: RoomId = RoomId::LOBBY;

/// The count and the mentions among it, as they are counted now.
async fn counts(client: &mut Client, room: RoomId) -> (u32, u32) {
    match client.request(Command::Count { room }).await.unwrap() {
        Reply::Read { unread, mentions, .. } => (unread, mentions),
        other => panic!("no standing: {other:?}"),
    }
}

async fn list(session: &Session, room: RoomId) -> Vec<Seq> {
    let list: MessageList = read(session, &format!("rooms/{room}/unread")).await;
    list.events.iter().map(|event| event.seq).collect()
}

#[tokio::test]
async fn unr_2_why_a_room_is_unread_is_exactly_the_messages_that_its_number_counts() {
    let house = House::start_with(&["--rate-limits", "off"]);
    let (_, mut ada, _) = enter(&house, "Ada").await;
    let (bob, mut bob_client, _) = enter(&house, "Bob").await;
    say_many(&mut ada, LOBBY, 1..=3).await;
    bob_client.post(LOBBY, "mine").await.unwrap();
    let deleted = ada.post(LOBBY, "gone").await.unwrap();
    ada.request(Command::Delete { room: LOBBY, seq: deleted }).await.unwrap();
    assert_eq!(list(&bob, LOBBY).await, [1, 2, 3].map(Seq));
    assert_eq!(counts(&mut bob_client, LOBBY).await, (3, 0));
    say_many(&mut ada, LOBBY, 4..=140).await;
    let all = list(&bob, LOBBY).await;
    assert_eq!((all.len(), all[0], counts(&mut bob_client, LOBBY).await.0), (100, Seq(1), 100));
}

#[tokio::test]
async fn unr_3_what_counts_is_told_to_every_device_and_kept() {
    let house = House::start();
    let (_, mut ada, _) = enter(&house, "Ada").await;
    let (bob, mut phone, _) = enter(&house, "Bob").await;
    let (mut laptop, _) = connect(&bob, Hello::default()).await;
    ada.post(LOBBY, "tea").await.unwrap();
    let answer = phone.request(Command::SetNotify { room: LOBBY, level: NotifyLevel::Nothing }).await.unwrap();
    assert!(matches!(answer, Reply::Read { unread: 0, mentions: 0, .. }), "{answer:?}");
    let told = noticed(&mut laptop, |notice| matches!(notice, Notice::Notify { .. })).await;
    assert_eq!(told, Notice::Notify { room: LOBBY, level: NotifyLevel::Nothing });
    let told = noticed(&mut laptop, |notice| matches!(notice, Notice::Read { .. })).await;
    assert!(matches!(told, Notice::Read { unread: 0, .. }), "{told:?}");
    let (_, welcome) = connect(&bob, Hello::default()).await;
    assert_eq!((welcome.rooms[0].notify, welcome.rooms[0].unread), (NotifyLevel::Nothing, 0));
    assert_eq!(list(&bob, LOBBY).await, []);
}

#[tokio::test]
async fn unr_4_a_count_is_answered_to_who_asked_and_nobody_else_hears_of_it() {
    let house = House::start();
    let (_, mut ada, _) = enter(&house, "Ada").await;
    let (bob, mut phone, _) = enter(&house, "Bob").await;
    let (mut laptop, _) = connect(&bob, Hello::default()).await;
    let seq = ada.post(LOBBY, "@Bob").await.unwrap();
    let answer = phone.request(Command::Count { room: LOBBY }).await.unwrap();
    assert_eq!(answer, Reply::Read { room: LOBBY, seq: Seq(0), unread: 1, mentions: 1, head: seq });
    let fence = laptop.send(Command::Ping).await.unwrap();
    loop {
        match laptop.next().await.unwrap() {
            ServerFrame::Reply { r#ref, .. } if r#ref == fence => break,
            ServerFrame::Notice { notice } => panic!("{notice:?}"),
            _ => {}
        }
    }
}

/// What a device knows of the counts of its rooms from what it was told alone.
async fn told(device: &mut Client, known: &mut BTreeMap<RoomId, (u32, u32)>) {
    let fence = device.send(Command::Ping).await.unwrap();
    loop {
        match device.next().await.unwrap() {
            ServerFrame::Reply { r#ref, .. } if r#ref == fence => return,
            ServerFrame::Notice { notice: Notice::Read { room, unread, mentions, .. } } => {
                known.insert(room, (unread, mentions));
            }
            _ => {}
        }
    }
}

/// splitmix64: the same steps for the same seed.
fn dice(state: &mut u64, end: u64) -> u64 {
    *state = state.wrapping_add(0x9E37_79B9_7F4A_7C15);
    let z = (*state ^ (*state >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    let z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    (z ^ (z >> 31)) % end
}

/// Follows a thread or lets it be; of what was deleted it is refused, and that is all.
fn followed((room, thread): (RoomId, Seq), follows: bool) -> Command {
    if follows { Command::Follow { room, thread } } else { Command::Unfollow { room, thread } }
}

#[tokio::test]
async fn unr_5_t18_three_devices_and_the_house_agree_on_every_count_after_200_random_steps() {
    let house = House::start_with(&["--rate-limits", "off"]);
    let (ada, mut first, _) = enter(&house, "Ada").await;
    let (mut second, _) = connect(&ada, Hello::default()).await;
    let (mut third, _) = connect(&ada, Hello::default()).await;
    let (_, mut bob, _) = enter(&house, "Bob").await;
    let room = create(&mut bob, "tea").await.room.id;
    join(&mut first, room).await;
    let (mut state, mut said) = (4_711, Vec::new());
    for number in 0..200 {
        let device = match dice(&mut state, 3) {
            0 => &mut first,
            1 => &mut second,
            _ => &mut third,
        };
        let any = |state: &mut u64, said: &[Seq]| {
            said.get(usize::try_from(dice(state, said.len().max(1) as u64)).unwrap()).copied()
        };
        match dice(&mut state, 9) {
            0..=2 => said.push(bob.post(room, if dice(&mut state, 3) == 0 { "@ada" } else { "tea" }).await.unwrap()),
            3 => said.push(device.post(room, "mine").await.unwrap()),
            4 => {
                let Some(root) = any(&mut state, &said) else { continue };
                let answers = Some(Answers { thread: Some(root), ..Answers::default() });
                let client_id = crate::people::fresh();
                let reply = Command::Post { room, client_id, text: "re".to_owned(), answers, files: vec![] };
                // A reply to a reply, or to what was deleted, is refused, and that is all.
                drop(bob.request(reply).await);
            }
            5 => {
                let Some(seq) = any(&mut state, &said) else { continue };
                drop(bob.request(Command::Delete { room, seq }).await);
            }
            6 => {
                let Some(seq) = any(&mut state, &said) else { continue };
                let thread = None;
                let command = match dice(&mut state, 2) {
                    0 => Command::MarkRead { room, seq, thread },
                    _ => Command::MarkUnread { room, seq, thread },
                };
                device.request(command).await.unwrap();
            }
            7 => {
                let level = [NotifyLevel::All, NotifyLevel::Mentions, NotifyLevel::Nothing];
                let level = level[usize::try_from(dice(&mut state, 3)).unwrap()];
                device.request(Command::SetNotify { room, level }).await.unwrap();
            }
            _ => {
                let Some(thread) = any(&mut state, &said) else { continue };
                let follows = dice(&mut state, 2) == 0;
                drop(device.request(followed((room, thread), follows)).await);
            }
        }
        let listed = list(&ada, room).await;
        assert_eq!(counts(&mut first, room).await.0 as usize, listed.len(), "step {number}");
    }
    // After settling: the last word that each device was told is what the house says.
    second.request(Command::SetNotify { room, level: NotifyLevel::All }).await.unwrap();
    let now = counts(&mut first, room).await;
    for device in [&mut first, &mut second, &mut third] {
        let mut known = BTreeMap::new();
        told(device, &mut known).await;
        assert_eq!(known[&room], now);
    }
    assert_eq!(list(&ada, room).await.len(), now.0 as usize);
    let root = bob.post(room, "last").await.unwrap();
    answer(&mut bob, room, "re", Answers { thread: Some(root), ..Answers::default() }).await;
    assert_eq!(counts(&mut third, room).await.0, now.0 + 1, "a thread that one does not follow is silent");
}
