//! The guard against a canary: a listener that every broken guard would reach, and that must stay silent.

use std::collections::HashMap;
use std::io::{ErrorKind, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread::JoinHandle;

use futures_util::future::BoxFuture;

use super::*;

/// Says what it was told, one answer after the other, the last one for ever.
#[derive(Default)]
struct Said {
    answers: Mutex<HashMap<String, Vec<Vec<IpAddr>>>>,
    asked: AtomicUsize,
}

impl Said {
    fn of(answers: &[(&str, &[&[&str]])]) -> Arc<Said> {
        let addresses = |list: &[&str]| list.iter().map(|address| address.parse().unwrap()).collect::<Vec<IpAddr>>();
        let said = answers
            .iter()
            .map(|(name, turns)| ((*name).to_owned(), turns.iter().map(|list| addresses(list)).collect()));
        Arc::new(Said { answers: Mutex::new(said.collect()), asked: AtomicUsize::new(0) })
    }
}

impl Names for Said {
    fn look_up(&self, name: &str) -> BoxFuture<'static, std::io::Result<Vec<IpAddr>>> {
        self.asked.fetch_add(1, Ordering::Relaxed);
        let mut answers = self.answers.lock().unwrap();
        let answer = match answers.get_mut(bare(name)) {
            Some(turns) if turns.len() > 1 => Ok(turns.remove(0)),
            Some(turns) => Ok(turns[0].clone()),
            None => Err(ErrorKind::NotFound.into()),
        };
        Box::pin(std::future::ready(answer))
    }
}

/// Listens where nobody may be led, over both kinds of addresses.
struct Canary {
    v4: TcpListener,
    v6: Option<TcpListener>,
    port: u16,
}

impl Canary {
    fn new() -> Canary {
        let v4 = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = v4.local_addr().unwrap().port();
        let v6 = TcpListener::bind(("::1", port)).ok();
        v4.set_nonblocking(true).unwrap();
        v6.iter().for_each(|listener| listener.set_nonblocking(true).unwrap());
        Canary { v4, v6, port }
    }

    fn is_silent(&self) -> bool {
        let silent =
            |listener: &TcpListener| listener.accept().is_err_and(|error| error.kind() == ErrorKind::WouldBlock);
        silent(&self.v4) && self.v6.as_ref().is_none_or(silent)
    }

    /// A guard that may go to the canary's port, were it not for its address.
    fn guard(&self, names: &Arc<Said>, inside: &[String]) -> Guard {
        Guard::by(Arc::clone(names) as Arc<dyn Names>, inside, &["chat.parlour.org".to_owned()], &[80, 443, self.port])
    }
}

fn soon() -> Instant {
    Instant::now() + Duration::from_millis(limits::CARD_MS)
}

/// Answers each connection with these bytes and returns what it was asked, until it was asked so often.
fn serves(answers: Vec<Vec<u8>>) -> (String, JoinHandle<Vec<String>>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let at = listener.local_addr().unwrap().to_string();
    let serving = std::thread::spawn(move || answers.into_iter().map(|answer| serve(&listener, &answer)).collect());
    (at, serving)
}

fn serve(listener: &TcpListener, answer: &[u8]) -> String {
    let (mut stream, _) = listener.accept().unwrap();
    let asked = asked(&mut stream);
    // It may have heard enough.
    let _ = stream.write_all(answer);
    asked
}

fn asked(stream: &mut TcpStream) -> String {
    let (mut asked, mut byte) = (Vec::new(), [0]);
    while !asked.ends_with(b"\r\n\r\n") && stream.read(&mut byte).unwrap() > 0 {
        asked.extend(byte);
    }
    String::from_utf8(asked).unwrap()
}

fn answer(head: &str, body: &str) -> Vec<u8> {
    format!("HTTP/1.1 {head}\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}", body.len()).into_bytes()
}

fn to(location: &str) -> Vec<u8> {
    answer(&format!("302 Found\r\nLocation: {location}"), "")
}

const PAGE: &str = "200 OK\r\nContent-Type: text/html; charset=utf-8";

/// Every way of writing an address that is nobody's on the Internet; `PORT` is the canary's.
const FORMS: [&str; 74] = [
    "http://127.0.0.1:PORT/",
    "http://127.1:PORT/",
    "http://127.0.1:PORT/",
    "http://127.255.255.254:PORT/",
    "http://2130706433:PORT/",
    "http://0x7f000001:PORT/",
    "http://0x7f.1:PORT/",
    "http://0x7f.0x0.0x0.0x1:PORT/",
    "http://017700000001:PORT/",
    "http://0177.0.0.1:PORT/",
    "http://0177.1:PORT/",
    "http://127.0.0.1.:PORT/",
    "http://%31%32%37.0.0.1:PORT/",
    "http://１２７.０.０.１:PORT/",
    "http://127。0。0。1:PORT/",
    "http://①②⑦.0.0.1:PORT/",
    "http://0:PORT/",
    "http://0.0.0.0:PORT/",
    "http://0.1.2.3:PORT/",
    "http://localhost:PORT/",
    "http://LOCALHOST:PORT/",
    "http://localhost.:PORT/",
    "http://a.localhost:PORT/",
    "http://ｌocalhost:PORT/",
    "http://router:PORT/",
    "http://db.internal:PORT/",
    "http://metadata.google.internal:PORT/",
    "http://printer.local:PORT/",
    "http://nas.home.arpa:PORT/",
    "http://localhost.localdomain:PORT/",
    "http://[::1]:PORT/",
    "http://[0:0:0:0:0:0:0:1]:PORT/",
    "http://[::]:PORT/",
    "http://[::ffff:127.0.0.1]:PORT/",
    "http://[::ffff:7f00:1]:PORT/",
    "http://[::127.0.0.1]:PORT/",
    "http://[64:ff9b::7f00:1]:PORT/",
    "http://[64:ff9b::127.0.0.1]:PORT/",
    "http://[64:ff9b:1::7f00:1]:PORT/",
    "http://[2002:7f00:1::]:PORT/",
    "http://[2001:0:7f00:1::]:PORT/",
    "http://[fd00::1]:PORT/",
    "http://[fc00::1]:PORT/",
    "http://[fe80::1]:PORT/",
    "http://[fec0::1]:PORT/",
    "http://[ff02::1]:PORT/",
    "http://[2001:db8::1]:PORT/",
    "http://[3fff::1]:PORT/",
    "http://[100::1]:PORT/",
    "http://[5f00::1]:PORT/",
    "http://[fd00:ec2::254]:PORT/",
    "http://10.0.0.1:PORT/",
    "http://10.255.255.255:PORT/",
    "http://172.16.0.1:PORT/",
    "http://172.31.255.255:PORT/",
    "http://192.168.0.1:PORT/",
    "http://100.64.0.1:PORT/",
    "http://100.127.255.255:PORT/",
    "http://169.254.169.254:PORT/latest/meta-data/",
    "http://0xa9fea9fe:PORT/",
    "http://192.0.0.8:PORT/",
    "http://192.0.2.1:PORT/",
    "http://198.51.100.1:PORT/",
    "http://203.0.113.1:PORT/",
    "http://198.18.0.1:PORT/",
    "http://198.19.255.255:PORT/",
    "http://192.88.99.1:PORT/",
    "http://224.0.0.1:PORT/",
    "http://239.255.255.255:PORT/",
    "http://240.0.0.1:PORT/",
    "http://255.255.255.255:PORT/",
    "http://chat.parlour.org:PORT/",
    "http://loops.parlour-guard.org:PORT/",
    "http://loops6.parlour-guard.org:PORT/",
];

fn looping() -> Arc<Said> {
    let loops: &[&[&str]] = &[&["127.0.0.1"]];
    Said::of(&[
        ("loops.parlour-guard.org", loops),
        ("loops6.parlour-guard.org", &[&["::1"]]),
        ("chat.parlour.org", loops),
        ("router", loops),
        ("db.internal", loops),
        ("localhost", loops),
        ("a.localhost", loops),
        ("localhost.localdomain", loops),
        ("metadata.google.internal", loops),
        ("printer.local", loops),
        ("nas.home.arpa", loops),
    ])
}

#[tokio::test]
async fn s83_seventy_ways_to_write_an_address_that_is_nobody_s_lead_nowhere() {
    let (canary, names) = (Canary::new(), looping());
    let guard = canary.guard(&names, &[]);
    for form in FORMS {
        let address = form.replace("PORT", &canary.port.to_string());
        let refused = guard.fetch(&address, soon()).await.map(|fetched| fetched.address.to_string());
        assert_eq!(refused, Err(Unfetched::Address), "{address}");
    }
    assert!(canary.is_silent());
    // A canary that could not be reached would sing for nobody.
    TcpStream::connect(("127.0.0.1", canary.port)).unwrap();
    assert!(!canary.is_silent());
}

#[tokio::test]
async fn s83_each_hop_is_judged_anew() {
    let (canary, names) = (Canary::new(), looping());
    for form in FORMS {
        let (at, serving) = serves(vec![to(&form.replace("PORT", &canary.port.to_string()))]);
        let guard = canary.guard(&names, std::slice::from_ref(&at));
        let refused = guard.fetch(&format!("http://{at}/"), soon()).await.map(|fetched| fetched.address.to_string());
        assert_eq!(refused, Err(Unfetched::Address), "{form}");
        assert_eq!(serving.join().unwrap().len(), 1);
    }
    assert!(canary.is_silent());
}

#[tokio::test]
async fn s84_a_name_that_leads_elsewhere_the_second_time_is_asked_about_once() {
    let canary = Canary::new();
    // The first address is one that swallows what comes (RFC 7534): nobody answers there.
    let names = Said::of(&[("rebinds.parlour-guard.org", &[&["192.175.48.1"], &["127.0.0.1"]])]);
    let guard = canary.guard(&names, &[]);
    let until = Instant::now() + Duration::from_millis(700);
    let address = format!("http://rebinds.parlour-guard.org:{}/", canary.port);
    assert_eq!(guard.fetch(&address, until).await.map(|_| ()), Err(Unfetched::Silent));
    assert_eq!(names.asked.load(Ordering::Relaxed), 1);
    // Asked anew it is judged anew.
    assert_eq!(guard.fetch(&address, soon()).await.map(|_| ()), Err(Unfetched::Address));
    assert_eq!(names.asked.load(Ordering::Relaxed), 2);
    assert!(canary.is_silent());
}

#[tokio::test]
async fn s86_a_name_with_one_address_that_is_nobody_s_is_refused_whole() {
    let canary = Canary::new();
    let mixed: [(&str, &[&[&str]]); 5] = [
        ("first.parlour-guard.org", &[&["127.0.0.1", "192.175.48.1"]]),
        ("last.parlour-guard.org", &[&["192.175.48.1", "192.31.196.1", "127.0.0.1"]]),
        ("six.parlour-guard.org", &[&["192.175.48.1", "::1"]]),
        ("mapped.parlour-guard.org", &[&["::ffff:192.175.48.1"]]),
        ("none.parlour-guard.org", &[&[]]),
    ];
    let names = Said::of(&mixed);
    let guard = canary.guard(&names, &[]);
    for (name, _) in mixed {
        let address = format!("http://{name}:{}/", canary.port);
        assert_eq!(guard.fetch(&address, soon()).await.map(|_| ()), Err(Unfetched::Address), "{name}");
    }
    assert!(canary.is_silent());
}

#[tokio::test]
async fn s85_only_the_web_on_its_own_ports_without_credentials() {
    let (canary, names) = (Canary::new(), looping());
    let guard = Guard::by(Arc::clone(&names) as Arc<dyn Names>, &[], &[], &PORTS);
    let port = canary.port;
    for address in [
        format!("http://192.175.48.1:{port}/"),
        "http://192.175.48.1:22/".to_owned(),
        "https://192.175.48.1:8443/".to_owned(),
        "ftp://192.175.48.1/".to_owned(),
        "gopher://192.175.48.1:80/".to_owned(),
        "file:///etc/passwd".to_owned(),
        "data:text/html,x".to_owned(),
        "ws://192.175.48.1/".to_owned(),
        "http://user@192.175.48.1/".to_owned(),
        "http://:secret@192.175.48.1/".to_owned(),
        "http://".to_owned(),
        "/relative".to_owned(),
    ] {
        assert_eq!(guard.fetch(&address, soon()).await.map(|_| ()), Err(Unfetched::Address), "{address}");
    }
    assert!(canary.is_silent());
}

#[tokio::test]
async fn s85_a_host_of_the_settings_is_asked_and_told_nothing_but_who_asks() {
    let (at, serving) = serves(vec![
        answer("301 Moved\r\nSet-Cookie: a=b; Path=/\r\nLocation: /second", ""),
        answer("307 On\r\nLocation: third?x=1#part", ""),
        answer("303 On\r\nLocation: //host.invalid/fourth", ""),
    ]);
    let guard = Guard::new(std::slice::from_ref(&at), &[]);
    let refused = guard.fetch(&format!("http://{at}/first#here"), soon()).await.map(|_| ());
    assert_eq!(refused, Err(Unfetched::Address));
    let asked = serving.join().unwrap();
    let paths: Vec<&str> = asked.iter().filter_map(|request| request.split(' ').nth(1)).collect();
    assert_eq!(paths, ["/first", "/second", "/third?x=1"]);
    assert!(!asked.concat().to_lowercase().contains("cookie"), "{asked:?}");
    let (at, again) = serves(vec![to("/1"), to("/2"), to("/3"), answer(PAGE, "<title>Tea</title>")]);
    let guard = Guard::new(std::slice::from_ref(&at), &[]);
    let fetched = guard.fetch(&format!("http://{at}/first#here"), soon()).await.unwrap();
    assert_eq!((fetched.address.path(), fetched.kind, fetched.charset.as_deref()), ("/3", Kind::Page, Some("utf-8")));
    assert_eq!(fetched.body, b"<title>Tea</title>");
    let asked = again.join().unwrap();
    let head = format!(
        "GET /first HTTP/1.1\r\naccept: text/html, image/*\r\nuser-agent: Parlour/{} (link card)\r\nhost: {at}\r\n\r\n",
        env!("CARGO_PKG_VERSION")
    );
    assert_eq!(asked[0], head);
    for request in &asked {
        let small = request.to_lowercase();
        for told in ["cookie", "authorization", "referer", "accept-encoding", "x-", "from:"] {
            assert!(!small.contains(told), "{request}");
        }
    }
    let (at, four) = serves((0..5).map(|_| to("/again")).collect());
    let guard = Guard::new(std::slice::from_ref(&at), &[]);
    assert_eq!(guard.fetch(&format!("http://{at}/"), soon()).await.map(|_| ()), Err(Unfetched::Redirects));
    TcpStream::connect(&at).unwrap().write_all(b"\r\n\r\n").unwrap();
    let asked = four.join().unwrap();
    assert_eq!(asked.iter().filter(|request| request.contains("GET")).count(), 1 + limits::CARD_REDIRECTS_MAX);
}

#[tokio::test]
async fn s85_what_is_too_long_packed_or_neither_page_nor_picture_is_cut_or_refused() {
    let long = "x".repeat(limits::CARD_BYTES_MAX + 9);
    let chunked = |kind: &str| {
        let chunk = format!("{:x}\r\n{long}\r\n", long.len());
        format!("HTTP/1.1 200 OK\r\nContent-Type: {kind}\r\nTransfer-Encoding: chunked\r\n\r\n{}", chunk.repeat(3))
            .into_bytes()
    };
    let headers = format!("HTTP/1.1 200 OK\r\n{}", "X-Filler: yes\r\n".repeat(200_000)).into_bytes();
    let cases: [(Vec<u8>, Result<usize, Unfetched>); 14] = [
        (answer(PAGE, "short"), Ok(5)),
        (answer(PAGE, &long), Ok(limits::CARD_BYTES_MAX)),
        (chunked("text/html"), Ok(limits::CARD_BYTES_MAX)),
        (answer("200 OK\r\nContent-Type: image/png", &long), Err(Unfetched::TooMuch)),
        (chunked("image/png"), Err(Unfetched::TooMuch)),
        (answer("200 OK\r\nContent-Type: IMAGE/PNG", "small"), Ok(5)),
        (answer("200 OK\r\nContent-Type: text/html\r\nContent-Encoding: gzip", "bomb"), Err(Unfetched::Kind)),
        (answer("200 OK\r\nContent-Type: text/html\r\nContent-Encoding: br", "bomb"), Err(Unfetched::Kind)),
        (answer("200 OK\r\nContent-Type: application/octet-stream", "x"), Err(Unfetched::Kind)),
        (answer("200 OK\r\nContent-Type: video/mp4", "x"), Err(Unfetched::Kind)),
        (answer("200 OK", "x"), Err(Unfetched::Kind)),
        (answer("404 Not Found\r\nContent-Type: text/html", "x"), Err(Unfetched::Silent)),
        (headers, Err(Unfetched::Silent)),
        (b"SSH-2.0-OpenSSH_9.2\r\n".to_vec(), Err(Unfetched::Silent)),
    ];
    for (place, (said, expected)) in cases.into_iter().enumerate() {
        let (at, serving) = serves(vec![said]);
        let guard = Guard::new(std::slice::from_ref(&at), &[]);
        let found = guard.fetch(&format!("http://{at}/"), soon()).await.map(|fetched| fetched.body.len());
        assert_eq!(found, expected, "case {place}");
        serving.join().unwrap();
    }
}

#[tokio::test]
async fn s85_an_answer_that_drips_is_over_in_time() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let at = listener.local_addr().unwrap().to_string();
    std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        asked(&mut stream);
        stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n").unwrap();
        // Ends when the other side has had enough.
        while stream.write_all(b"x").is_ok() {
            std::thread::park_timeout(Duration::from_millis(50));
        }
    });
    let guard = Guard::new(std::slice::from_ref(&at), &[]);
    let began = Instant::now();
    let patience = Duration::from_millis(600);
    assert_eq!(guard.fetch(&format!("http://{at}/"), began + patience).await.map(|_| ()), Err(Unfetched::Silent));
    assert!(began.elapsed() < patience * 3, "{:?}", began.elapsed());
}

#[test]
fn card_4_and_s83_the_settings_name_a_host_by_its_port_and_no_other() {
    let guard =
        Guard::new(&["192.168.7.7:8080".to_owned(), "wiki.internal".to_owned(), "[fd00::7]:80".to_owned()], &[]);
    let trusted = |address: &str| guard.judge(&Url::parse(address).unwrap());
    for inside in ["http://192.168.7.7:8080/x", "http://wiki.internal/", "https://WIKI.internal./", "http://[fd00::7]/"]
    {
        assert_eq!(trusted(inside), Ok(true), "{inside}");
    }
    for other in [
        "http://192.168.7.7/",
        "http://192.168.7.7:8081/",
        "http://wiki.internal:8080/",
        "http://a.wiki.internal/",
        "http://[fd00::7]:81/",
        "https://[fd00::7]/",
        "http://x@wiki.internal/",
    ] {
        assert_eq!(trusted(other), Err(Unfetched::Address), "{other}");
    }
}
