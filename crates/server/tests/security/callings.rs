//! Whom the house calls by itself: nobody, whatever is said in it, where it shows no link cards; where it does, the pages of links
//! that may be asked for, and nobody else. What will call besides (push, e-mail) begins by changing this.

use std::net::TcpListener;

use parlour_protocol::{Change, Hello, RoomId};

use crate::house::House;
use crate::people::{account, connect, create_closed, enter, owner, until};
use crate::site::Site;

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
async fn s37_s38_without_link_cards_the_house_calls_nobody_whatever_is_said_and_to_whom() {
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

#[cfg(target_os = "linux")]
#[tokio::test]
async fn s83_s85_with_link_cards_the_house_calls_the_pages_it_may_and_no_proxy_and_nobody_else() {
    let (canary, site) = (TcpListener::bind("127.0.0.1:0").unwrap(), Site::start());
    canary.set_nonblocking(true).unwrap();
    let (closed, port) = (canary.local_addr().unwrap(), canary.local_addr().unwrap().port());
    let mut house = House::start();
    house.terminate();
    let trace = house.folder().with_file_name("trace").display().to_string();
    house.wrap(&["strace", "-f", "-qq", "-o", &trace, "-e", "trace=connect,accept,accept4,sendto"]);
    for proxy in ["HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "ALL_PROXY", "all_proxy"] {
        house.set_variable(proxy, &format!("http://{closed}"));
    }
    house.restart_with(&["--rate-limits", "off", "--link-cards", "on", "--card-hosts", &site.at]);
    let (_eve, mut speaker, _) = enter(&house, "Eve").await;
    site.put(
        "/leads",
        "text/html",
        format!("<title>Tea</title><meta property=og:image content='http://127.1:{port}/x.png'>").as_bytes(),
    );
    for link in [
        format!("http://{closed}/"),
        format!("http://localhost:{port}/"),
        format!("http://[::ffff:127.0.0.1]:{port}/"),
        "http://127.0.0.1/".to_owned(),
        "http://0x7f.1/".to_owned(),
        "http://169.254.169.254/latest/meta-data/".to_owned(),
        "https://[fd00:ec2::254]/".to_owned(),
        "http://router/ http://db.internal/ http://10.0.0.1/".to_owned(),
        format!("http://{}/", house.address),
        site.link("/leads"),
    ] {
        speaker.post(RoomId::LOBBY, &link).await.unwrap();
    }
    until(&mut speaker, |event| matches!(event.change, Change::Carded { .. })).await;
    let stopped = std::process::Command::new("pkill").args(["-TERM", "-P", &house.pid().to_string()]).status();
    assert!(stopped.unwrap().success());
    house.wait();
    let (called, took) = traced(&house);
    let abroad: Vec<_> = called.iter().filter(|line| line.contains("connect(") && line.contains("AF_INET")).collect();
    let own = format!("htons({})", site.at.rsplit(':').next().unwrap());
    assert!(took > 0 && abroad.iter().all(|line| line.contains(&own)), "{abroad:#?}");
    assert_eq!((abroad.len(), site.asked()), (1, vec!["/leads".to_owned()]));
    assert!(canary.accept().is_err(), "the canary was called");
}
