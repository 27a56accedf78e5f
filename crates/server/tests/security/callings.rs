//! Whom the house calls by itself: nobody, whatever is said in it. What will call (previews, push, e-mail) begins by changing this.

use std::net::TcpListener;

use parlour_protocol::{Hello, RoomId};

use crate::house::House;
use crate::people::{account, connect, create_closed, enter, owner};

/// All calls of the house to any address, and the connections it took: these show that it was looked at.
fn traced(house: &House) -> (Vec<String>, usize) {
    let trace = std::fs::read_to_string(house.folder().with_file_name("trace")).unwrap();
    let took = trace.lines().filter(|line| line.contains("accept4(") || line.contains("accept(")).count();
    (
        trace.lines().filter(|line| line.contains("connect(") || line.contains("sendto(")).map(str::to_owned).collect(),
        took,
    )
}

#[cfg(target_os = "linux")]
#[tokio::test]
async fn s37_s38_whatever_is_said_and_to_whom_the_house_calls_nobody() {
    let canary = TcpListener::bind("127.0.0.1:0").unwrap();
    canary.set_nonblocking(true).unwrap();
    let link = format!("http://{}/secret.png", canary.local_addr().unwrap());
    let mut house = House::start();
    let olga = owner(&house).await;
    let ada = account(&house, "Ada").await;
    house.database().execute("update user set email = 'ada@example.org' where handle = 'ada'", []).unwrap();
    house.terminate();
    let trace = house.folder().with_file_name("trace").display().to_string();
    house.wrap(&["strace", "-f", "-qq", "-o", &trace, "-e", "trace=connect,accept,accept4,sendto"]);
    house.restart();
    // Ada is not there: these are what a house would push or mail to her.
    let (mut speaker, _) = connect(&olga, Hello::default()).await;
    let (_eve, mut stranger, _) = enter(&house, "Eve").await;
    let closed = create_closed(&mut speaker, "cellar").await;
    for text in [
        link.clone(),
        format!("![picture]({link})"),
        format!("@ada look at <{link}>"),
        "@room ada@example.org".to_owned(),
    ] {
        speaker.post(RoomId::LOBBY, &text).await.unwrap();
        speaker.post(closed, &text).await.unwrap();
        stranger.post(RoomId::LOBBY, &text).await.unwrap();
    }
    let direct = crate::people::direct(&mut speaker, &[ada.you.id]).await.room.id;
    speaker.post(direct, &link).await.unwrap();
    drop((speaker, stranger));
    // Whatever it would still have had to do is over with it. The tracer ends when what it traces has ended.
    let stopped = std::process::Command::new("pkill").args(["-TERM", "-P", &house.pid().to_string()]).status();
    assert!(stopped.unwrap().success());
    house.wait();
    let (called, took) = traced(&house);
    let abroad: Vec<_> = called.iter().filter(|line| line.contains("AF_INET")).collect();
    assert!(took > 3, "it was not looked at: {took}");
    assert_eq!(abroad, Vec::<&String>::new());
    assert!(canary.accept().is_err(), "a link was fetched");
}
