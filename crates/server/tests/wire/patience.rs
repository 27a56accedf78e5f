//! What only time shows: silence, slowness and stalls, each ended when it was promised (CON-2, CON-6, SIG-2, S52, S92).
//!
//! These tests wait for the server's own clocks, for ten seconds to a minute each, beside the others.

use std::time::{Duration, Instant};

use parlour_protocol::{Command, Hello, Reply, RoomId, ServerFrame, Signal};

use crate::house::House;
use crate::people::{connect, enter, hears, session};
use crate::raw::{PING, PONG, Raw, full_headers, handshake};

const LOBBY: RoomId = RoomId::LOBBY;
/// More long messages than are read in 50 s, four in 5 s.
const SAID: u64 = 120;

/// Asserts that something took about as long as promised: the server looks at its clocks twice a second, and a busy
/// machine looks late.
fn took(began: Instant, seconds: f64) {
    let took = began.elapsed().as_secs_f64();
    assert!((seconds - 0.1..seconds + 4.0).contains(&took), "{took:.1} s instead of {seconds}");
}

#[tokio::test]
async fn con_2_s92_without_a_hello_in_ten_seconds_the_connection_is_closed_with_4002() {
    let house = House::start();
    let ada = session(&house, "Ada").await;
    let began = Instant::now();
    let mut mute = Raw::full(&ada).await;
    // Pings are no hello, and a classic client may listen in silence for ever.
    let mut pinging = Raw::full(&ada).await;
    let mut classic = Raw::classic(house.address).await;
    for _ in 0..3 {
        pinging.send_frame(PING, b"").await;
        assert_eq!(pinging.frame().await.unwrap().first, PONG);
    }
    assert_eq!(mute.closed().await, Some(4002));
    assert_eq!(pinging.closed().await, Some(4002));
    took(began, 10.0);
    classic.say("still here").await;
    assert_eq!(classic.hears_body().await, "still here");
}

#[tokio::test]
async fn s92_a_request_that_is_not_whole_in_ten_seconds_is_cut_however_it_dribbles() {
    let house = House::start();
    let address = house.address;
    let began = Instant::now();
    let mut tasks = Vec::new();
    for start in ["", "G", "GET / HTTP/1.1\r\nHost: x\r\n", &handshake(address, "")[..60]] {
        let start = start.to_owned();
        tasks.push(tokio::spawn(async move {
            let mut raw = Raw::connect(address).await;
            raw.send(start.as_bytes()).await;
            raw.ends().await
        }));
    }
    // One that sends a byte of a header whenever it can, which must not help.
    tasks.push(tokio::spawn(async move {
        let mut raw = Raw::connect(address).await;
        raw.send(b"GET / HTTP/1.1\r\nX: ").await;
        let mut tick = tokio::time::interval(Duration::from_millis(200));
        loop {
            tick.tick().await;
            if !raw.try_send(b"x").await {
                return String::new();
            }
        }
    }));
    // And bodies that do not come, or not in time.
    for length in ["12", "60000"] {
        let head = format!(
            "POST /api/v1/sign-in HTTP/1.1\r\nHost: {address}\r\nContent-Type: application/json\r\nContent-Length: {length}\r\n\r\n{{"
        );
        tasks.push(tokio::spawn(async move {
            let mut raw = Raw::connect(address).await;
            raw.send(head.as_bytes()).await;
            assert_eq!(raw.response().await.unwrap().status, 408);
            raw.ends().await
        }));
    }
    // Others are served meanwhile, quickly.
    let (_, mut ada, _) = enter(&house, "Ada").await;
    let asked = Instant::now();
    assert_eq!(ada.request(Command::Ping).await.unwrap(), Reply::Pong);
    assert!(asked.elapsed() < Duration::from_secs(2));
    for task in tasks {
        let said = task.await.unwrap();
        assert!(said.is_empty() || said.starts_with("HTTP/1.1 408 ") || said.starts_with("HTTP/1.1 400 "), "{said}");
    }
    took(began, 10.0);
}

#[tokio::test]
async fn s92_two_hundred_silent_connections_are_all_closed_in_time() {
    let house = House::start();
    let ada = session(&house, "Ada").await;
    let began = Instant::now();
    let mut silent = Vec::new();
    for number in 0..200 {
        let mut raw = if number % 2 == 0 { Raw::connect(house.address).await } else { Raw::full(&ada).await };
        if number % 4 == 0 {
            raw.send(b"GET /ws HTTP/1.1\r\n").await;
        }
        silent.push(raw);
    }
    for raw in &mut silent {
        raw.ends().await;
    }
    took(began, 10.0);
    let (mut client, _) = connect(&ada, Hello::default()).await;
    assert_eq!(client.request(Command::Ping).await.unwrap(), Reply::Pong);
}

#[tokio::test]
async fn s92_a_kept_connection_that_asks_nothing_more_is_closed_after_a_minute() {
    let house = House::start();
    let mut raw = Raw::connect(house.address).await;
    let request = format!("GET /healthz HTTP/1.1\r\nHost: {}\r\n\r\n", house.address);
    raw.send(request.as_bytes()).await;
    assert_eq!(raw.response().await.unwrap().status, 204);
    let mut began = Instant::now();
    // Asking again within the minute begins another.
    let mut tick = tokio::time::interval(Duration::from_secs(5));
    tick.tick().await;
    tick.tick().await;
    raw.send(request.as_bytes()).await;
    assert_eq!(raw.response().await.unwrap().status, 204, "kept");
    assert!(began.elapsed() > Duration::from_secs(4));
    began = Instant::now();
    assert_eq!(raw.ends().await, "");
    let took = began.elapsed().as_secs();
    // hyper's own clock for the next header may be the shorter one.
    assert!((9..=62).contains(&took), "{took} s");
}

#[tokio::test]
async fn s52_a_message_begun_and_not_ended_in_ten_seconds_closes_with_1008() {
    let house = House::start();
    let ada = session(&house, "Ada").await;
    let began = Instant::now();
    let mut fragments = Raw::classic(house.address).await;
    fragments.send_frame(0x01, b"begun").await;
    // Pings between do not help.
    fragments.send_frame(PING, b"").await;
    let mut half = Raw::greeted(&ada).await;
    half.send(&[0x81, 0x80 | 100, 1, 2, 3, 4, 5]).await;
    assert_eq!(fragments.closed().await, Some(1008));
    assert_eq!(half.closed().await, Some(1008));
    took(began, 10.0);
}

#[tokio::test]
async fn con_6_the_silent_are_pinged_each_20_s_and_closed_with_1001_after_45() {
    let house = House::start();
    let ada = session(&house, "Ada").await;
    let began = Instant::now();
    let mut silent = Raw::greeted(&ada).await;
    let mut classic = Raw::classic(house.address).await;
    let mut answering = Raw::greeted(&ada).await;
    // What the kernel takes for them is no sign of life.
    let (_, mut bob, _) = enter(&house, "Bob").await;
    let speaking = tokio::spawn(async move {
        let mut tick = tokio::time::interval(Duration::from_secs(3));
        loop {
            tick.tick().await;
            bob.post(LOBBY, "still talking").await.unwrap();
        }
    });
    let answered = tokio::spawn(async move {
        let mut pings = 0;
        while pings < 2 {
            let frame = answering.frame().await.unwrap();
            if frame.first == PING {
                pings += 1;
                answering.send_frame(PONG, &frame.payload).await;
            }
        }
        (answering, began.elapsed())
    });
    let mut pings = Vec::new();
    let code = loop {
        let frame = silent.frame().await.unwrap();
        if frame.first == PING {
            pings.push(began.elapsed().as_secs_f64());
        }
        if frame.first == crate::raw::CLOSE {
            break frame.close_code();
        }
        assert!(began.elapsed() < Duration::from_secs(60), "what the kernel takes was taken for life");
    };
    took(began, 45.0);
    assert_eq!(code, Some(1001));
    assert!(pings.len() == 2 && (19.9..24.0).contains(&pings[0]) && (39.9..48.0).contains(&pings[1]), "{pings:?}");
    assert_eq!(classic.closed().await, Some(1001), "the classic wire is kept by ping and pong too");
    speaking.abort();
    let (mut answering, _) = answered.await.unwrap();
    answering.say(r#"{"t":"ping","ref":2}"#).await;
    assert_eq!(answering.answer().await["reply"]["is"], "pong", "who answers is kept");
}

#[tokio::test]
async fn con_6_who_is_behind_and_reads_slowly_is_not_taken_for_silent() {
    let house = House::start();
    let slow = session(&house, "Slow").await;
    let (_, mut ada, _) = enter(&house, "Ada").await;
    let mut raw = Raw::connect_narrow(house.address).await;
    raw.upgrade(&full_headers(&slow)).await;
    raw.greet().await;
    let began = Instant::now();
    let reading = tokio::spawn(async move {
        let (mut tick, mut seqs) = (tokio::time::interval(Duration::from_secs(5)), Vec::new());
        while seqs.last() != Some(&SAID) {
            // Beyond the longest silence the rest is read at once.
            if seqs.len().is_multiple_of(4) && began.elapsed() < Duration::from_secs(52) {
                tick.tick().await;
            }
            let Some(frame) = raw.frame().await else { panic!("ended after {:?}", began.elapsed()) };
            match frame.first {
                crate::raw::CLOSE => panic!("{:?} after {:?}", frame.close_code(), began.elapsed()),
                // Not answered: a ping would wait behind all the rest, so bytes taken must be enough.
                PING => {}
                _ if frame.json()["t"] == "event" => seqs.push(frame.json()["seq"].as_u64().unwrap()),
                _ => {}
            }
        }
        (raw, seqs)
    });
    let long = "z".repeat(16_000);
    for number in 1..=SAID {
        ada.post(LOBBY, &format!("{number} {long}")).await.unwrap();
        hears(&mut ada).await;
    }
    let (mut raw, seqs) = reading.await.unwrap();
    assert_eq!(seqs, (1..=SAID).collect::<Vec<_>>());
    raw.say(r#"{"t":"ping","ref":2}"#).await;
    assert_eq!(raw.answer().await["reply"]["is"], "pong");
    assert!(began.elapsed() > Duration::from_secs(50), "it was never behind for long enough");
}

#[tokio::test]
async fn con_6_log_6_who_takes_no_byte_for_30_s_is_closed_with_4008_and_resumes() {
    let house = House::start();
    let sleeper = session(&house, "Sleeper").await;
    let (_, mut ada, welcome) = enter(&house, "Ada").await;
    let mut full = Raw::connect_narrow(house.address).await;
    full.upgrade(&full_headers(&sleeper)).await;
    full.greet().await;
    let mut classic = Raw::narrow_classic(house.address).await;
    let long = "z".repeat(16_000);
    let began = Instant::now();
    // More than the kernels on both sides hold.
    for number in 0..700 {
        ada.post(LOBBY, &format!("{number} {long}")).await.unwrap();
        hears(&mut ada).await;
    }
    let said = Instant::now();
    // Nothing is read until the server has given up on both: it holds no socket of theirs any more.
    let sockets = house.open_sockets().unwrap();
    let mut tick = tokio::time::interval(Duration::from_millis(500));
    while house.open_sockets().unwrap() > sockets - 2 {
        tick.tick().await;
        assert!(said.elapsed() < Duration::from_secs(35), "both are still held");
        assert_eq!(ada.request(Command::Ping).await.unwrap(), Reply::Pong);
    }
    assert!(began.elapsed() > Duration::from_secs(29), "closed after {:?}", began.elapsed());
    // What the kernel had taken is still read; the close itself found no room, or is the last of it.
    let mut last = 0;
    while let Some(frame) = full.frame().await {
        if frame.first == crate::raw::CLOSE {
            assert_eq!(frame.close_code(), Some(4008));
            break;
        }
        if frame.first == crate::raw::TEXT && frame.json()["t"] == "event" {
            last = frame.json()["seq"].as_u64().unwrap();
        }
    }
    assert!(last < 700);
    assert!(classic.closed().await.is_none_or(|code| code == 4008));
    let cursors = vec![(LOBBY, parlour_protocol::Seq(last.max(200)))];
    let (mut back, _) = connect(&sleeper, Hello { epoch: Some(welcome.epoch), cursors }).await;
    for number in last.max(200)..700 {
        assert!(hears(&mut back).await.starts_with(&format!("{number} ")), "nothing is missing");
    }
}

#[tokio::test]
async fn sig_2_who_is_gone_for_30_s_has_left_and_not_before() {
    let house = House::start();
    let (_, mut ada, _) = enter(&house, "Ada").await;
    let mut classic = Raw::classic(house.address).await;
    let (_, bob, _) = enter(&house, "Bob").await;
    assert_eq!(classic.hears_body().await, "New User Joined...");
    drop(bob);
    let began = Instant::now();
    let left = loop {
        // The client's own patience is shorter than this wait.
        let Ok(frame) = ada.next().await else { continue };
        if let ServerFrame::Signal { signal: Signal::Presence { left, .. } } = frame
            && !left.is_empty()
        {
            break left;
        }
    };
    took(began, 30.0);
    assert_eq!(left.iter().map(|author| author.name.as_str()).collect::<Vec<_>>(), ["Bob"]);
    loop {
        let frame = classic.frame().await.unwrap();
        if frame.first == crate::raw::TEXT {
            assert_eq!(frame.json()["body"], "User Disconnected...", "old_2");
            break;
        }
    }
}
