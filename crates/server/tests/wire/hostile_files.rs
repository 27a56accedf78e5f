//! Files that mean ill, and those who want what is not theirs (S36, S75 to S82).

use std::time::{Duration, Instant};

use image::ImageFormat;
use parlour_client::{Session, http};
use parlour_protocol::{Command, ErrorCode, FileId, History, Reply, RoomId, Seq, limits};
use serde_json::json;

use crate::files::{announces, on_disk, part, path, says, with_files};
use crate::house::House;
use crate::people::{create_closed, does, enter, hears, refused_code, session};
use crate::pictures::{PLACE, chunk, flood, from_a_telephone, gif, picture};
use crate::raw::Raw;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

const LOBBY: RoomId = RoomId::LOBBY;

#[tokio::test]
async fn s36_and_file_6_bytes_are_for_those_who_may_read_the_message_at_that_moment_and_nobody_else() {
    let house = House::start();
    let (ada_session, mut ada, _) = enter(&house, "Ada").await;
    let (bob_session, _bob, _) = enter(&house, "Bob").await;
    let eve = session(&house, "Eve").await;
    let room = create_closed(&mut ada, "cellar").await;
    does(&mut ada, Command::AddMember { room, user: bob_session.you.id }).await;
    let file = ada_session.bring(room, "plan.png", &picture(900, 900, ImageFormat::Png), 1 << 20).await.unwrap();
    let whole = path(room, &file);
    let thumb = format!("{whole}/thumb");
    let nobodys = uuid::Uuid::new_v4().to_string();
    let is_nothing = async |who: &Session, path: &str, headers: &str| {
        let head = format!("Cookie: {}\r\n{headers}", who.cookie);
        let answer = http::get(house.address, path, &head).await.unwrap();
        let nothing = path.replace(&file.id.0.to_string(), &nobodys);
        let none = http::get(house.address, &nothing, &head).await.unwrap();
        assert_eq!((answer.status, &answer.body), (404, &none.body), "{path} {headers}");
        assert!(answer.header("etag").is_none() && answer.header("content-range").is_none());
    };
    // Before it is in a message it is its owner's.
    assert_eq!(ada_session.get(&whole).await.unwrap().status, 200);
    is_nothing(&bob_session, &whole, "").await;
    says(&mut ada, room, "the plan", &[file.id]).await;
    let etag = format!("If-None-Match: \"{}\"\r\n", file.id.0.simple());
    for path in [&whole, &thumb] {
        assert_eq!(bob_session.get(path).await.unwrap().status, 200);
        for headers in ["", "Range: bytes=0-9\r\n", &etag] {
            is_nothing(&eve, path, headers).await;
        }
    }
    // By a room that one may read nothing of another is read.
    is_nothing(&eve, &path(LOBBY, &file), "").await;
    is_nothing(&ada_session, &path(LOBBY, &file), "").await;
    assert_eq!(http::get(house.address, &whole, "").await.unwrap().status, 401);
    // Who brings the same bytes is not told that they are there (S36): it is another file.
    let same = eve.bring(LOBBY, "plan.png", &picture(900, 900, ImageFormat::Png), 1 << 20).await.unwrap();
    assert_ne!(same.id, file.id);
    does(&mut ada, Command::RemoveMember { room, user: bob_session.you.id }).await;
    for path in [&whole, &thumb] {
        for headers in ["", "Range: bytes=0-9\r\n", &etag] {
            is_nothing(&bob_session, path, headers).await;
        }
    }
}

#[tokio::test]
async fn s36_and_s44_a_newcomer_sees_no_file_of_before_where_the_room_shows_nothing_of_it() {
    let house = House::start();
    let (ada_session, mut ada, _) = enter(&house, "Ada").await;
    let bob = session(&house, "Bob").await;
    let (name, topic) = ("cellar".to_owned(), String::new());
    let made = ada.request(Command::CreateRoom { name, topic, closed: true, history: History::SinceJoining }).await;
    let Ok(Reply::Room { state }) = made else { panic!("not a room: {made:?}") };
    let room = state.room.id;
    let before = ada_session.bring(room, "before.txt", b"before", 100).await.unwrap();
    says(&mut ada, room, "", &[before.id]).await;
    does(&mut ada, Command::AddMember { room, user: bob.you.id }).await;
    let after = ada_session.bring(room, "after.txt", b"after", 100).await.unwrap();
    says(&mut ada, room, "", &[after.id]).await;
    assert_eq!(bob.get(&path(room, &before)).await.unwrap().status, 404);
    assert_eq!(bob.get(&path(room, &after)).await.unwrap().body, "after");
    assert_eq!(ada_session.get(&path(room, &before)).await.unwrap().body, "before");
}

#[tokio::test]
async fn s75_what_could_act_is_given_out_as_a_download_in_a_sandbox_whatever_it_is_called() {
    let house = House::start();
    let ada = session(&house, "Ada").await;
    let actives: [(&str, &[u8]); 12] = [
        ("page.html", b"<!doctype html><script>alert(1)</script>"),
        ("cat.png", b"<!doctype html><script>alert(1)</script>"),
        ("drawing.svg", b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>"),
        ("drawing.jpg", b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>"),
        ("feed.xml", b"<?xml version='1.0'?><x xmlns='http://www.w3.org/1999/xhtml'><script>alert(1)</script></x>"),
        ("paper.pdf", b"%PDF-1.7\n1 0 obj<</OpenAction<</S/JavaScript/JS(app.alert(1))>>>>"),
        ("code.js", b"alert(1)"),
        ("mail.mhtml", b"MIME-Version: 1.0\r\nContent-Type: text/html\r\n\r\n<script>alert(1)</script>"),
        ("app.webmanifest", b"{\"start_url\":\"/\"}"),
        ("module.wasm", b"\0asm\x01\0\0\0"),
        ("movie.swf", b"CWS\x0a...."),
        ("text.css", b"body{background:url(//evil.example)}"),
    ];
    let mut given: Vec<(String, Vec<u8>)> =
        actives.iter().map(|(name, bytes)| ((*name).to_owned(), bytes.to_vec())).collect();
    // A GIF that is an archive of classes too: what stands behind its end is not kept, and it is a picture and nothing else.
    given.push(("gifar.gif".to_owned(), [gif(1), b"PK\x03\x04classes".to_vec()].concat()));
    given.push(("broken.png".to_owned(), b"\x89PNG\r\n\x1a\n<script>alert(1)</script>".to_vec()));
    for (name, bytes) in given {
        let file = ada.bring(LOBBY, &name, &bytes, 1 << 20).await.unwrap();
        let answer = ada.get(&path(LOBBY, &file)).await.unwrap();
        let policy = answer.header("content-security-policy").unwrap();
        assert!(
            policy.contains("sandbox") && policy.contains("default-src 'none'") && !policy.contains("allow"),
            "{policy}"
        );
        assert_eq!(answer.header("x-content-type-options"), Some("nosniff"));
        assert_eq!(answer.headers.to_lowercase().matches("content-security-policy").count(), 1);
        let kind = answer.header("content-type").unwrap();
        let safe = ["text/plain; charset=utf-8", "application/octet-stream", "application/pdf"];
        let is_shown = answer.header("content-disposition").unwrap().starts_with("inline");
        assert_eq!(
            (is_shown, safe.contains(&kind)),
            if name == "gifar.gif" { (true, false) } else { (false, true) },
            "{name} {kind}"
        );
        assert!(!String::from_utf8_lossy(&answer.bytes).contains("classes"), "{name}");
    }
}

#[tokio::test]
async fn s05_a_part_is_bytes_and_everything_else_is_json() {
    let house = House::start();
    let ada = session(&house, "Ada").await;
    let (_, upload) = announces(&ada, LOBBY, "a.txt", 4).await;
    let part = format!("/api/v1/files/{}/part?at=0", upload["id"].as_str().unwrap());
    assert_eq!(ada.post(&part, "{}").await.unwrap().status, 415);
    for path in ["/api/v1/rooms/1/files".to_owned(), part.replace("/part?at=0", "/cancel")] {
        assert_eq!(ada.post_bytes(&path, br#"{"name":"b","bytes":1}"#).await.unwrap().status, 415, "{path}");
    }
    let foreign = format!("Cookie: {}\r\nOrigin: https://evil.example\r\n", ada.cookie);
    let request = format!(
        "POST {part} HTTP/1.1\r\nHost: {}\r\nConnection: close\r\n{foreign}Content-Type: application/octet-stream\r\n\
         Content-Length: 4\r\n\r\nevil",
        house.address
    );
    assert_eq!(
        http::exchange(house.address, &request).await.unwrap().status,
        403,
        "another page's bytes are not taken"
    );
}

#[tokio::test]
async fn s76_and_file_8_a_name_that_promises_what_the_bytes_are_not_is_believed_in_nothing() {
    let house = House::start();
    let ada = session(&house, "Ada").await;
    for (name, bytes, kind) in [
        ("cat.png", &b"MZ\x90\0\x03"[..], "application/octet-stream"),
        ("cat.png", b"just words", "application/octet-stream"),
        ("song.mp3", b"%PDF-1.7", "application/octet-stream"),
        ("words.txt", b"just words", "text/plain; charset=utf-8"),
        ("words.exe", b"PK\x03\x04", "application/zip"),
    ] {
        let file = ada.bring(LOBBY, name, bytes, 100).await.unwrap();
        assert_eq!((file.kind.as_str(), file.width), (kind, None), "{name}");
    }
    let file = ada.bring(LOBBY, "letter.txt", &picture(10, 10, ImageFormat::Gif), 1 << 20).await.unwrap();
    assert_eq!((file.kind.as_str(), file.width), ("image/gif", Some(10)));
}

#[tokio::test]
async fn s77_floods_of_pixels_are_files_to_download_cost_little_and_hold_up_nobody() {
    let house = House::start();
    let (ada, mut bob, _) = enter(&house, "Ada").await;
    let before = house.memory_kib().unwrap();
    let jpeg = picture(64, 64, ImageFormat::Jpeg);
    let at = jpeg.windows(2).position(|two| two == [0xFF, 0xC0]).unwrap();
    let mut lying = jpeg.clone();
    lying[at + 5..at + 9].copy_from_slice(&[0xFA, 0, 0xFA, 0]);
    // A scan that is said again, a thousand times.
    let scan = jpeg.windows(2).position(|two| two == [0xFF, 0xDA]).unwrap();
    let end = jpeg.len() - 2;
    let scans = [&jpeg[..scan], &jpeg[scan..end].repeat(1_000), &jpeg[end..]].concat();
    let wide = [picture(20, 20, ImageFormat::Png)[..8].to_vec(), flood(13_000, 1)[8..].to_vec()].concat();
    for (name, bytes) in [
        ("64000.png", flood(64_000, 64_000)),
        ("tall.png", flood(1, 12_001)),
        ("wide.png", wide),
        ("many.png", flood(7_000, 7_000)),
        ("lying.jpg", lying),
        ("scans.jpg", scans),
        ("frames.gif", gif(201)),
    ] {
        let file = ada.bring(LOBBY, name, &bytes, 8 << 20).await.unwrap();
        assert_eq!((file.width, file.height, file.thumb), (None, None, false), "{name}");
        let answer = ada.get(&path(LOBBY, &file)).await.unwrap();
        assert!(answer.header("content-disposition").unwrap().starts_with("attachment"), "{name}");
    }
    assert_eq!(ada.bring(LOBBY, "200.gif", &gif(200), 1 << 20).await.unwrap().width, Some(1));
    // As large as a picture may be: seen, and meanwhile people talk.
    let large = picture(8_000, 5_000, ImageFormat::Jpeg);
    let bringing = tokio::spawn(async move { ada.bring(LOBBY, "large.jpg", &large, 8 << 20).await });
    let mut slowest = Duration::ZERO;
    while !bringing.is_finished() {
        let asked = Instant::now();
        bob.post(LOBBY, "meanwhile").await.unwrap();
        slowest = slowest.max(asked.elapsed());
    }
    let file = bringing.await.unwrap().unwrap();
    assert_eq!((file.width, file.height, file.thumb), (Some(8_000), Some(5_000), true));
    let grown = house.memory_kib().unwrap().saturating_sub(before);
    assert!(grown < 256 * 1024, "{grown} KiB more");
    assert!(slowest < Duration::from_secs(2), "somebody waited {slowest:?}");
}

#[tokio::test]
async fn s78_an_archive_is_bytes_and_is_never_opened() {
    let house = House::start();
    let ada = session(&house, "Ada").await;
    let before = house.memory_kib().unwrap();
    // What 42.zip and its kind begin with, and a gzip of gzips: kept byte by byte.
    for (name, head) in [
        ("42.zip", &b"PK\x03\x04\x14\0\0\0\x08\0"[..]),
        ("x.gz", b"\x1f\x8b\x08\0\0\0\0\0"),
        ("page.svgz", b"\x1f\x8b\x08"),
    ] {
        let bytes = [head, &[0xFF; 100_000]].concat();
        let file = ada.bring(LOBBY, name, &bytes, 1 << 20).await.unwrap();
        let answer = ada.get(&path(LOBBY, &file)).await.unwrap();
        assert!(answer.bytes == bytes && answer.header("content-encoding").is_none(), "{name}");
        assert!(answer.header("content-disposition").unwrap().starts_with("attachment"), "{name}");
    }
    assert!(house.memory_kib().unwrap() < before + 32 * 1024);
}

#[tokio::test]
async fn s79_an_endless_part_ends_at_what_was_announced_and_costs_no_memory() {
    let house = House::start();
    let ada = session(&house, "Ada").await;
    let (_, upload) = announces(&ada, LOBBY, "endless", 100_000_000).await;
    let id = upload["id"].as_str().unwrap();
    let before = house.memory_kib().unwrap();
    let mut raw = Raw::connect(house.address).await;
    let head = format!(
        "POST /api/v1/files/{id}/part?at=0 HTTP/1.1\r\nHost: {}\r\nCookie: {}\r\nOrigin: http://{}\r\n\
         Content-Type: application/octet-stream\r\nTransfer-Encoding: chunked\r\n\r\n",
        house.address, ada.cookie, house.address
    );
    raw.send(head.as_bytes()).await;
    let chunk = [&b"10000\r\n"[..], &[7; 0x10000], b"\r\n"].concat();
    let mut sent = 0;
    while sent < 1_000 && raw.try_send(&chunk).await {
        sent += 1;
    }
    assert!(sent < 1_000, "it took 64 MB for a part of 8 MiB");
    assert!(house.memory_kib().unwrap() < before + 32 * 1024);
    let answer = ada.get(&format!("/api/v1/files/{id}")).await.unwrap();
    assert!(answer.body.contains("\"taken\":0"), "{}", answer.body);
    // A length that promises less than comes is the next request's trouble, and one that promises more is a part that ended early.
    assert_eq!(part(&ada, &upload["id"], 0, b"well").await.1["taken"], 4);
    assert_eq!(ada.post(&format!("/api/v1/files/{id}/cancel"), "{}").await.unwrap().status, 204);
    assert!(on_disk(&house).is_empty());
}

#[tokio::test]
async fn s80_people_keep_so_much_and_no_more_and_talk_goes_on() {
    let house = House::start();
    let (ada_session, mut ada, _) = enter(&house, "Ada").await;
    let bob = session(&house, "Bob").await;
    // Announced is as good as there.
    for _ in 0..20 {
        assert_eq!(announces(&ada_session, LOBBY, "large", 256 << 20).await.0, 201);
    }
    let (status, answer) = announces(&ada_session, LOBBY, "one more", 1).await;
    assert_eq!((status, &answer["code"]), (507, &json!("quota_full")));
    ada.post(LOBBY, "still here").await.unwrap();
    assert_eq!(hears(&mut ada).await, "still here");
    for _ in 0..50 {
        assert_eq!(announces(&bob, LOBBY, "small", 1).await.0, 201);
    }
    let (status, answer) = announces(&bob, LOBBY, "one more", 1).await;
    assert_eq!((status, &answer["code"]), (409, &json!("too_many")));
}

#[tokio::test]
async fn s80_a_disk_that_is_nearly_full_takes_no_file_and_still_takes_messages() {
    let house = House::start_on_disk(64);
    let (ada_session, mut ada, _) = enter(&house, "Ada").await;
    let mut brought = 0;
    let refused = loop {
        let (status, upload) = announces(&ada_session, LOBBY, "some", 8 << 20).await;
        if status != 201 {
            break upload;
        }
        let (status, answer) = part(&ada_session, &upload["id"], 0, &vec![1; 8 << 20]).await;
        if status != 200 {
            break answer;
        }
        brought += 1;
        assert!(brought < 8, "a disk of 64 MiB does not hold that");
    };
    assert_eq!(refused["code"], "store_full");
    assert!(brought >= 3, "{brought}");
    for n in 0..100 {
        ada.post(LOBBY, &n.to_string()).await.unwrap();
    }
}

#[tokio::test]
async fn s81_and_file_9_a_place_is_gone_from_the_disk_and_names_there_are_of_chance() {
    let house = House::start();
    let ada = session(&house, "Ada").await;
    let jpeg = from_a_telephone(&picture(300, 200, ImageFormat::Jpeg));
    let png = picture(300, 200, ImageFormat::Png);
    let text = chunk(b"tEXt", &[b"Location\0", PLACE].concat());
    let png = [&png[..33], &text, &png[33..], PLACE].concat();
    for (name, bytes) in [("../../home.jpg", &jpeg), ("home.png", &png)] {
        assert!(bytes.windows(PLACE.len()).any(|some| some == PLACE));
        let file = ada.bring(LOBBY, name, bytes, 1 << 20).await.unwrap();
        assert_eq!(file.name, name.rsplit('/').next().unwrap());
        let answer = ada.get(&path(LOBBY, &file)).await.unwrap();
        assert!(!answer.bytes.windows(PLACE.len()).any(|some| some == PLACE), "{name}");
        assert_eq!(image::load_from_memory(&answer.bytes).unwrap(), image::load_from_memory(bytes).unwrap(), "{name}");
        assert_eq!(file.bytes, answer.bytes.len() as u64);
    }
    let files = on_disk(&house);
    assert_eq!(files.len(), 2);
    for file in files {
        let name = file.file_name().unwrap().to_string_lossy().into_owned();
        assert!(name.len() == 32 && name.bytes().all(|byte| byte.is_ascii_hexdigit()), "{name}");
        assert!(!std::fs::read(&file).unwrap().windows(PLACE.len()).any(|some| some == PLACE));
        use std::os::unix::fs::PermissionsExt;
        assert_eq!(std::fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
    }
}

#[tokio::test]
async fn s82_a_part_that_crawls_is_cut_and_so_many_are_taken_at_once() {
    let house = House::start();
    let (ada, bob) = (session(&house, "Ada").await, session(&house, "Bob").await);
    let begins = async |who: &Session| {
        let (_, upload) = announces(who, LOBBY, "slow", 1_000_000).await;
        let id = upload["id"].as_str().unwrap().to_owned();
        let mut raw = Raw::connect(house.address).await;
        let head = format!(
            "POST /api/v1/files/{id}/part?at=0 HTTP/1.1\r\nHost: {}\r\nCookie: {}\r\nOrigin: http://{}\r\n\
             Content-Type: application/octet-stream\r\nContent-Length: 1000000\r\n\r\n1",
            house.address, who.cookie, house.address
        );
        raw.send(head.as_bytes()).await;
        (raw, upload["id"].clone())
    };
    let begun = Instant::now();
    let mut slow = Vec::new();
    for _ in 0..4 {
        slow.push(begins(&ada).await);
    }
    let (_, fifth) = announces(&ada, LOBBY, "fifth", 10).await;
    let mut answer = part(&ada, &fifth["id"], 0, b"x").await;
    while answer.0 == 200 {
        // The four are on their way to the house.
        let taken = answer.1["taken"].as_u64().unwrap();
        assert!(taken < 10, "five parts of one person are taken at once");
        answer = part(&ada, &fifth["id"], taken, b"x").await;
    }
    assert_eq!((answer.0, &answer.1["code"]), (503, &json!("busy")));
    assert_eq!(bob.bring(LOBBY, "b", b"quick", 100).await.unwrap().bytes, 5, "others are not held up");
    for (raw, id) in &mut slow {
        let answer = raw.response().await.unwrap();
        assert_eq!(answer.status, 408);
        assert!(begun.elapsed() < Duration::from_secs(30), "{:?}", begun.elapsed());
        let kept = ada.get(&format!("/api/v1/files/{}", id.as_str().unwrap())).await.unwrap();
        assert!(kept.body.contains("\"taken\":1,") || kept.body.contains("\"taken\":1}"), "{}", kept.body);
    }
    assert_eq!(part(&ada, &slow[0].1, 1, b"on").await.1["taken"], 3, "and it goes on where it ended");
}

#[tokio::test]
async fn s42_what_is_not_one_s_own_is_neither_looked_at_nor_posted_by_who_knows_its_id() {
    let house = House::start();
    let ada = session(&house, "Ada").await;
    let (eve_session, mut eve, _) = enter(&house, "Eve").await;
    let (_, upload) = announces(&ada, LOBBY, "hers", 100).await;
    let id = upload["id"].as_str().unwrap();
    let none = uuid::Uuid::new_v4().to_string();
    for tail in ["", "/part?at=0", "/cancel"] {
        let ask = async |id: &str| {
            let path = format!("/api/v1/files/{id}{tail}");
            match tail {
                "" => eve_session.get(&path).await.unwrap(),
                "/cancel" => eve_session.post(&path, "{}").await.unwrap(),
                _ => eve_session.post_bytes(&path, b"mine").await.unwrap(),
            }
        };
        let (hers, nobodys) = (ask(id).await, ask(&none).await);
        assert_eq!((hers.status, &hers.body), (404, &nobodys.body), "{tail}");
    }
    let id = FileId(id.parse().unwrap());
    assert_eq!(refused_code(&mut eve, with_files(LOBBY, "x", &[id])).await, ErrorCode::NotFound);
}

#[tokio::test]
async fn s92_a_file_that_is_read_slowly_is_given_out_whole_and_one_that_is_not_read_is_not_waited_for() {
    let house = House::start();
    let ada = session(&house, "Ada").await;
    // More than the kernels on the way hold.
    let bytes = vec![7; 48 << 20];
    let file = ada.bring(LOBBY, "film", &bytes, 8 << 20).await.unwrap();
    let asks = async || {
        let mut stream = TcpStream::connect(house.address).await.unwrap();
        let head = format!(
            "GET {} HTTP/1.1\r\nHost: {}\r\nCookie: {}\r\nConnection: close\r\n\r\n",
            path(LOBBY, &file),
            house.address,
            ada.cookie
        );
        stream.write_all(head.as_bytes()).await.unwrap();
        stream
    };
    let (mut slow, mut unread) = (asks().await, asks().await);
    let patience = Duration::from_millis(limits::IDLE_TIMEOUT_MS) + Duration::from_secs(10);
    let begun = Instant::now();
    let mut tick = tokio::time::interval(Duration::from_millis(500));
    let (mut taken, mut some) = (0, vec![0; 128 * 1024]);
    while begun.elapsed() < patience {
        tick.tick().await;
        taken += slow.read(&mut some).await.unwrap();
    }
    assert!(taken > 0 && taken < 24 << 20, "{taken} bytes in {:?}", begun.elapsed());
    let rest = slow.read_to_end(&mut Vec::new()).await.unwrap();
    assert!(taken + rest > bytes.len(), "the slow reader has all of it");
    let mut held = Vec::new();
    // A reset says it too.
    let _ = unread.read_to_end(&mut held).await;
    assert!(held.len() < bytes.len(), "who took nothing for a minute was hung up on");
}

#[tokio::test]
async fn s36_and_s105_what_a_deleted_message_carried_is_nobody_s_at_once_and_gone_from_the_disk() {
    let house = House::start();
    let (ada_session, mut ada, _) = enter(&house, "Ada").await;
    let bob = session(&house, "Bob").await;
    let file = ada_session.bring(LOBBY, "canary.png", &picture(900, 900, ImageFormat::Png), 1 << 20).await.unwrap();
    let seq = says(&mut ada, LOBBY, "look", &[file.id]).await;
    assert_eq!((bob.get(&path(LOBBY, &file)).await.unwrap().status, on_disk(&house).len()), (200, 2));
    does(&mut ada, Command::Delete { room: LOBBY, seq: Seq(seq) }).await;
    for who in [&ada_session, &bob] {
        for path in [path(LOBBY, &file), format!("{}/thumb", path(LOBBY, &file))] {
            assert_eq!(who.get(&path).await.unwrap().status, 404);
        }
    }
    let page = bob.history(LOBBY, "").await.unwrap();
    assert!(!serde_json::to_string(&page).unwrap().contains("canary"), "no name is left of it");
    assert_eq!(refused_code(&mut ada, with_files(LOBBY, "again", &[file.id])).await, ErrorCode::NotFound);
    // The house removes such bytes every half minute; letting go of anything else does so at once.
    let (_, other) = announces(&ada_session, LOBBY, "other", 10).await;
    ada_session.post(&format!("/api/v1/files/{}/cancel", other["id"].as_str().unwrap()), "{}").await.unwrap();
    assert_eq!(on_disk(&house), Vec::<std::path::PathBuf>::new());
}
