//! Files: brought part by part, carried by a message, given out to those who may read it (FILE-1 to FILE-9).

use image::ImageFormat;
use parlour_client::{Client, Session};
use parlour_protocol::file::{Attachment, Upload};
use parlour_protocol::{Change, Command, ErrorCode, FileId, Hello, Reply, RoomId};
use serde_json::{Value, json};

use crate::house::House;
use crate::people::{connect, create, enter, fresh, refused_code, session, until};
use crate::pictures::picture;
use crate::raw::Raw;

const LOBBY: RoomId = RoomId::LOBBY;

/// A message with files.
pub(crate) fn with_files(room: RoomId, text: &str, files: &[FileId]) -> Command {
    Command::Post { room, client_id: fresh(), text: text.to_owned(), answers: None, files: files.to_vec() }
}

/// Says something with files, and returns its seq.
pub(crate) async fn says(client: &mut Client, room: RoomId, text: &str, files: &[FileId]) -> u64 {
    match client.request(with_files(room, text, files)).await.unwrap() {
        Reply::Posted { seq, .. } => seq.0,
        other => panic!("not posted: {other:?}"),
    }
}

/// Announces a file, and returns what was answered.
pub(crate) async fn announces(session: &Session, room: RoomId, name: &str, bytes: u64) -> (u16, Value) {
    let new = json!({"name": name, "bytes": bytes}).to_string();
    let answer = session.post(&format!("/api/v1/rooms/{room}/files"), &new).await.unwrap();
    (answer.status, serde_json::from_str(&answer.body).unwrap())
}

/// Where a file that was announced goes on, and brings these bytes there.
pub(crate) async fn part(session: &Session, id: &Value, at: u64, bytes: &[u8]) -> (u16, Value) {
    let path = format!("/api/v1/files/{}/part?at={at}", id.as_str().unwrap());
    let answer = session.post_bytes(&path, bytes).await.unwrap();
    (answer.status, serde_json::from_str(&answer.body).unwrap())
}

/// How far it has come.
async fn looked_at(session: &Session, id: &Value) -> Upload {
    let answer = session.get(&format!("/api/v1/files/{}", id.as_str().unwrap())).await.unwrap();
    assert_eq!(answer.status, 200, "{}", answer.body);
    serde_json::from_str(&answer.body).unwrap()
}

pub(crate) fn path(room: RoomId, file: &Attachment) -> String {
    format!("/files/{room}/{}", file.id.0)
}

/// How many files of any kind lie in the folder of blobs.
pub(crate) fn on_disk(house: &House) -> Vec<std::path::PathBuf> {
    let folders = std::fs::read_dir(house.folder().join("blobs")).into_iter().flatten().flatten();
    let files = folders.flat_map(|folder| std::fs::read_dir(folder.path()).unwrap().flatten());
    files.map(|file| file.path()).collect()
}

#[tokio::test]
async fn file_1_file_2_and_file_5_a_file_is_brought_in_parts_and_everyone_hears_the_message_that_carries_it() {
    let house = House::start();
    let (ada_session, mut ada, _) = enter(&house, "Ada").await;
    let (bob_session, mut bob, _) = enter(&house, "Bob").await;
    let bytes = picture(1_000, 600, ImageFormat::Png);
    let file = ada_session.bring(LOBBY, "cat.png", &bytes, 50_000).await.unwrap();
    assert_eq!((file.name.as_str(), file.kind.as_str()), ("cat.png", "image/png"));
    assert_eq!((file.width, file.height, file.thumb), (Some(1_000), Some(600), true));
    let seq = says(&mut ada, LOBBY, "look", &[file.id]).await;
    for client in [&mut ada, &mut bob] {
        let event = until(client, |event| event.seq.0 == seq).await;
        let Change::Message { files, text, .. } = event.change else { panic!("not a message") };
        assert_eq!((text.as_str(), files.as_slice()), ("look", &[file.clone()][..]));
    }
    let page = bob_session.history(LOBBY, "").await.unwrap();
    let said = serde_json::to_value(page.events.last().unwrap()).unwrap();
    assert_eq!(said["files"], json!([file]), "history says the same");
    let answer = bob_session.get(&path(LOBBY, &file)).await.unwrap();
    assert_eq!((answer.status, answer.bytes.len() as u64), (200, file.bytes));
    let seen = image::load_from_memory(&answer.bytes).unwrap();
    assert_eq!(seen, image::load_from_memory(&bytes).unwrap(), "the picture is what it was");
    let thumb = bob_session.get(&format!("{}/thumb", path(LOBBY, &file))).await.unwrap();
    let small = image::load_from_memory(&thumb.bytes).unwrap();
    assert_eq!((small.width(), small.height()), (800, 480));
}

#[tokio::test]
async fn file_2_a_part_begins_where_the_last_one_ended_and_brings_no_more_than_was_announced() {
    let house = House::start();
    let (ada, bob) = (session(&house, "Ada").await, session(&house, "Bob").await);
    let (status, upload) = announces(&ada, LOBBY, "a.txt", 10).await;
    assert_eq!(
        (status, &upload["taken"], &upload["bytes"], &upload["name"]),
        (201, &json!(0), &json!(10), &json!("a.txt"))
    );
    let id = &upload["id"];
    let (status, answer) = part(&ada, id, 0, b"hello").await;
    assert_eq!((status, &answer["taken"], answer.get("file")), (200, &json!(5), None));
    for (at, bytes, status, code) in
        [(0, &b"hello"[..], 400, "bad_frame"), (6, b"x", 400, "bad_frame"), (5, b"worlds", 413, "too_big")]
    {
        let (found, answer) = part(&ada, id, at, bytes).await;
        assert_eq!((found, &answer["code"]), (status, &json!(code)), "{at}");
    }
    assert_eq!(part(&bob, id, 5, b"world").await.0, 404, "somebody else's is nobody's");
    let (status, answer) = part(&ada, id, 5, b"world").await;
    assert_eq!((status, &answer["file"]["type"]), (200, &json!("text/plain; charset=utf-8")));
    let (again, same) = part(&ada, id, 10, b"").await;
    assert_eq!((again, &same["file"]), (200, &answer["file"]), "asked for again it is the same");
    let stored = ada.get(&format!("/files/1/{}", id.as_str().unwrap())).await.unwrap();
    assert_eq!(stored.body, "helloworld");
    for (name, bytes, code) in [("a", 0, "empty"), ("a", (256 << 20) + 1, "too_big")] {
        assert_eq!(announces(&ada, LOBBY, name, bytes).await.1["code"], code);
    }
    assert_eq!(announces(&ada, LOBBY, &"x".repeat(2_000), 1).await.1["code"], "bad_name");
    let big = vec![7; (8 << 20) + 1];
    let (_, upload) = announces(&ada, LOBBY, "big", 16 << 20).await;
    assert_eq!(part(&ada, &upload["id"], 0, &big).await.0, 413, "a part has an end too");
    assert_eq!(part(&ada, &upload["id"], 0, &big[1..]).await.1["taken"], 8 << 20);
}

#[tokio::test]
async fn file_3_a_file_goes_on_after_a_cut_and_after_kill_9() {
    let mut house = House::start();
    let ada = session(&house, "Ada").await;
    let bytes: Vec<u8> = (0..3_000_000_u32).map(|n| (n % 251) as u8).collect();
    let (_, upload) = announces(&ada, LOBBY, "film.bin", bytes.len() as u64).await;
    let id = &upload["id"];
    assert_eq!(part(&ada, id, 0, &bytes[..1_000_000]).await.0, 200);
    // A line that breaks in the middle of a part.
    let mut raw = Raw::connect(house.address).await;
    let head = format!(
        "POST /api/v1/files/{}/part?at=1000000 HTTP/1.1\r\nHost: {}\r\nCookie: {}\r\nOrigin: http://{}\r\n\
         Content-Type: application/octet-stream\r\nContent-Length: 2000000\r\n\r\n",
        id.as_str().unwrap(),
        house.address,
        ada.cookie,
        house.address
    );
    raw.send(head.as_bytes()).await;
    raw.send(&bytes[1_000_000..1_600_000]).await;
    drop(raw);
    let mut came = looked_at(&ada, id).await.taken;
    while came == 1_000_000 {
        tokio::task::yield_now().await;
        came = looked_at(&ada, id).await.taken;
    }
    assert!(came > 1_000_000 && came <= 1_600_000, "what came is kept: {came}");
    house.kill();
    // What the disk holds beyond what was acknowledged is not believed.
    let file = on_disk(&house).pop().unwrap();
    let mut more = std::fs::read(&file).unwrap();
    more.extend([0; 5_000]);
    std::fs::write(&file, more).unwrap();
    house.restart();
    let upload = looked_at(&ada, id).await;
    assert_eq!((upload.taken, upload.name.as_str(), upload.room), (came, "film.bin", LOBBY));
    let (status, answer) = part(&ada, id, came, &bytes[came as usize..]).await;
    assert_eq!((status, &answer["file"]["bytes"]), (200, &json!(bytes.len())));
    let (mut client, _) = connect(&ada, Hello::default()).await;
    let file: Attachment = serde_json::from_value(answer["file"].clone()).unwrap();
    says(&mut client, LOBBY, "", &[file.id]).await;
    house.kill();
    house.restart();
    let answer = ada.get(&path(LOBBY, &file)).await.unwrap();
    assert!(answer.bytes == bytes, "every byte is what it was");
}

#[tokio::test]
async fn file_4_what_is_let_go_is_gone_from_the_disk_and_only_its_owner_lets_it_go() {
    let house = House::start();
    let (ada_session, mut ada, _) = enter(&house, "Ada").await;
    let bob = session(&house, "Bob").await;
    let (_, half) = announces(&ada_session, LOBBY, "half", 100).await;
    part(&ada_session, &half["id"], 0, b"some").await;
    let whole = ada_session.bring(LOBBY, "cat.png", &picture(900, 900, ImageFormat::Png), 1 << 20).await.unwrap();
    let said = ada_session.bring(LOBBY, "said.txt", b"said", 100).await.unwrap();
    says(&mut ada, LOBBY, "", &[said.id]).await;
    let cancel = |id: &str| format!("/api/v1/files/{id}/cancel");
    let (half, whole) = (half["id"].as_str().unwrap().to_owned(), whole.id.0.to_string());
    for id in [&half, &whole] {
        assert_eq!(bob.post(&cancel(id), "{}").await.unwrap().status, 404);
    }
    assert_eq!(on_disk(&house).len(), 4, "a half, a whole with its small picture, and what was said");
    for id in [&half, &whole] {
        assert_eq!(ada_session.post(&cancel(id), "{}").await.unwrap().status, 204);
        assert_eq!(ada_session.post(&cancel(id), "{}").await.unwrap().status, 404);
    }
    assert_eq!(
        ada_session.post(&cancel(&said.id.0.to_string()), "{}").await.unwrap().status,
        404,
        "it is in a message"
    );
    assert_eq!(on_disk(&house).len(), 1);
    assert_eq!(ada_session.get(&path(LOBBY, &said)).await.unwrap().body, "said");
}

#[tokio::test]
async fn file_5_a_message_carries_only_what_is_whole_one_s_own_of_that_room_and_in_no_other() {
    let house = House::start();
    let (ada_session, mut ada, _) = enter(&house, "Ada").await;
    let bob = session(&house, "Bob").await;
    let tea = create(&mut ada, "tea").await.room.id;
    let (_, half) = announces(&ada_session, LOBBY, "half", 100).await;
    let half = FileId(half["id"].as_str().unwrap().parse().unwrap());
    let of_bob = bob.bring(LOBBY, "b.txt", b"bob's", 100).await.unwrap().id;
    let of_tea = ada_session.bring(tea, "t.txt", b"tea's", 100).await.unwrap().id;
    let good = ada_session.bring(LOBBY, "g.txt", b"good", 100).await.unwrap().id;
    let nobodys = FileId(uuid::Uuid::new_v4());
    for files in [&[half][..], &[of_bob], &[of_tea], &[nobodys], &[good, of_bob], &[good, good]] {
        let code = refused_code(&mut ada, with_files(LOBBY, "x", files)).await;
        assert_eq!(code, ErrorCode::NotFound, "{files:?}");
    }
    assert_eq!(refused_code(&mut ada, with_files(LOBBY, "x", &[good; 11])).await, ErrorCode::TooMany);
    assert_eq!(refused_code(&mut ada, with_files(LOBBY, " ", &[])).await, ErrorCode::Empty);
    assert_eq!(ada_session.history(LOBBY, "").await.unwrap().events.len(), 0, "nothing was said");
    // The same message sent again is the same message, and its file is not asked for twice.
    let command = with_files(LOBBY, "", &[good]);
    let (Ok(Reply::Posted { seq, duplicate, .. }), Ok(Reply::Posted { seq: again, duplicate: twice, .. })) =
        (ada.request(command.clone()).await, ada.request(command).await)
    else {
        panic!("not posted");
    };
    assert_eq!((seq, duplicate, twice), (again, false, true));
    assert_eq!(refused_code(&mut ada, with_files(LOBBY, "", &[good])).await, ErrorCode::NotFound, "each goes once");
}

#[tokio::test]
async fn file_5_on_the_tutorial_s_wire_a_file_is_told_by_its_name() {
    let house = House::start();
    let (ada_session, mut ada, _) = enter(&house, "Ada").await;
    let mut classic = Raw::classic(house.address).await;
    let one = ada_session.bring(LOBBY, "one.txt", b"1", 100).await.unwrap().id;
    let two = ada_session.bring(LOBBY, "two.txt", b"2", 100).await.unwrap().id;
    says(&mut ada, LOBBY, "look", &[one]).await;
    says(&mut ada, LOBBY, "", &[two]).await;
    assert_eq!(classic.hears_body().await, "look\n[one.txt]");
    assert_eq!(classic.hears_body().await, "[two.txt]");
}

#[tokio::test]
async fn file_7_bytes_are_given_out_whole_or_by_range_and_are_known_again() {
    let house = House::start();
    let (session, mut ada, _) = enter(&house, "Ada").await;
    let bytes: Vec<u8> = [&b"RIFF....WAVEfmt "[..], &vec![9; 400_000]].concat();
    let file = session.bring(LOBBY, "Grüße \"1\".wav", &bytes, 1 << 20).await.unwrap();
    says(&mut ada, LOBBY, "", &[file.id]).await;
    let path = path(LOBBY, &file);
    let get = async |headers: &str| {
        let head = format!("Cookie: {}\r\n{headers}", session.cookie);
        parlour_client::http::get(house.address, &path, &head).await.unwrap()
    };
    let whole = get("").await;
    let etag = whole.header("etag").unwrap().to_owned();
    for (name, value) in [
        ("content-type", "audio/wav"),
        ("content-length", "400016"),
        ("content-disposition", "inline; filename=\"Gr__e _1_.wav\"; filename*=UTF-8''Gr%C3%BC%C3%9Fe%20%221%22.wav"),
        ("cache-control", "private, max-age=31536000, immutable"),
        ("accept-ranges", "bytes"),
        ("x-content-type-options", "nosniff"),
    ] {
        assert_eq!(whole.header(name), Some(value), "{name}");
    }
    assert!(whole.bytes == bytes);
    for (asked, status, said, from, to) in [
        ("Range: bytes=4-7\r\n".to_owned(), 206, Some("bytes 4-7/400016"), 4, 8),
        ("Range: bytes=399000-\r\n".to_owned(), 206, Some("bytes 399000-400015/400016"), 399_000, 400_016),
        (format!("Range: bytes=-6\r\nIf-Range: {etag}\r\n"), 206, Some("bytes 400010-400015/400016"), 400_010, 400_016),
        ("Range: bytes=4-7\r\nIf-Range: \"other\"\r\n".to_owned(), 200, None, 0, 400_016),
        ("Range: bytes=400016-\r\n".to_owned(), 416, Some("bytes */400016"), 0, 0),
        (format!("If-None-Match: {etag}\r\n"), 304, None, 0, 0),
    ] {
        let answer = get(&asked).await;
        assert_eq!((answer.status, answer.header("content-range")), (status, said), "{asked}");
        assert!(answer.bytes == bytes[from..to], "{asked}");
    }
}

#[tokio::test]
async fn file_8_a_picture_has_its_size_as_it_is_seen() {
    let house = House::start();
    let ada = session(&house, "Ada").await;
    for (format, kind) in [
        (ImageFormat::Png, "image/png"),
        (ImageFormat::Jpeg, "image/jpeg"),
        (ImageFormat::Gif, "image/gif"),
        (ImageFormat::WebP, "image/webp"),
    ] {
        let file = ada.bring(LOBBY, "picture", &picture(120, 80, format), 1 << 20).await.unwrap();
        assert_eq!((file.kind.as_str(), file.width, file.height, file.thumb), (kind, Some(120), Some(80), false));
        let seen = ada.get(&path(LOBBY, &file)).await.unwrap();
        assert_eq!(image::load_from_memory(&seen.bytes).unwrap().width(), 120, "{kind}");
    }
    let on_its_side = crate::pictures::from_a_telephone(&picture(1_200, 800, ImageFormat::Jpeg));
    let file = ada.bring(LOBBY, "IMG_1.JPG", &on_its_side, 1 << 20).await.unwrap();
    assert_eq!((file.width, file.height), (Some(800), Some(1_200)));
    let thumb = ada.get(&format!("{}/thumb", path(LOBBY, &file))).await.unwrap();
    let small = image::load_from_memory(&thumb.bytes).unwrap();
    assert_eq!((small.width(), small.height()), (533, 800));
}
