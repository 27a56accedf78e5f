//! What a hostile request gets, and what every answer orders the browser (S04, S05, S09, S10, S15, S63 to S72).

use parlour_client::http;
use parlour_protocol::{Command, Hello, RoomId};
use serde_json::Value;

use crate::asking::{JSON, PATHS, ask, ask_with_body, boot, json_of};
use crate::house::House;
use crate::people::{connect, create, enter, session};
use crate::raw::Raw;

const LOBBY: RoomId = RoomId::LOBBY;

#[tokio::test]
async fn s05_only_application_json_changes_anything() {
    let house = House::start();
    let kinds = [
        "",
        "text/plain",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "text/json",
        "application/json-seq",
        "application/json, text/plain",
        "x",
    ];
    for path in ["/api/v1/sign-in", "/api/v1/sign-out"] {
        for kind in kinds {
            let header = if kind.is_empty() { String::new() } else { format!("Content-Type: {kind}\r\n") };
            let body = r#"{"name":"Ada"}"#;
            let answer = ask_with_body(&house, "POST", path, &header, body).await;
            assert_eq!(answer.status, 415, "{path} with {kind:?}");
        }
        let twice = ask(&house, "POST", path, &format!("{JSON}{JSON}")).await;
        assert_eq!(twice.status, 415);
    }
    assert_eq!(boot(&house, "").await.house.people, 0);
    let charset = "Content-Type: application/json; charset=utf-8\r\n";
    assert_eq!(ask_with_body(&house, "POST", "/api/v1/sign-in", charset, r#"{"name":"Ada"}"#).await.status, 201);
}

#[tokio::test]
async fn s04_no_get_changes_anything() {
    let house = House::start();
    let (ada, mut client, _) = enter(&house, "Ada").await;
    client.post(LOBBY, "hello").await.unwrap();
    let before = dump(&house);
    for path in PATHS {
        for method in ["GET", "HEAD"] {
            let cookie = format!("Cookie: {}\r\n", ada.cookie);
            assert!(ask(&house, method, path, &cookie).await.status < 500, "{method} {path}");
        }
    }
    assert_eq!(dump(&house), before);
}

#[tokio::test]
async fn s09_requests_that_could_be_read_in_two_ways_are_400_and_the_end_of_the_connection() {
    let house = House::start();
    let host = format!("Host: {}\r\n", house.address);
    let body = r#"{"name":"x"}"#;
    let chunked = format!("c\r\n{body}\r\n0\r\n\r\n");
    let post = |lines: &str, body: &str| format!("POST /api/v1/sign-in HTTP/1.1\r\n{host}{JSON}{lines}\r\n{body}");
    let get = |lines: &str| format!("GET /api/v1/boot HTTP/1.1\r\n{host}{lines}\r\n");
    let te = "Transfer-Encoding: chunked\r\n";
    let requests = [
        post(&format!("Content-Length: 12\r\n{te}"), &chunked),
        post(&format!("{te}Content-Length: 12\r\n"), &chunked),
        post("Content-Length: 12\r\nContent-Length: 12\r\n", body),
        post("Content-Length: 12\r\nContent-Length: 13\r\n", body),
        post("Content-Length: 12, 12\r\n", body),
        post("Content-Length: +12\r\n", body),
        post("Content-Length: -1\r\n", body),
        post("Content-Length: 0xc\r\n", body),
        post("Content-Length: 18446744073709551628\r\n", body),
        post("Content-Length : 12\r\n", body),
        post("Content-Length:\r\n 12\r\n", body),
        post(&format!("{te}{te}"), &chunked),
        post("Transfer-Encoding: x, chunked\r\n", &chunked),
        post("Transfer-Encoding: chunked, identity\r\n", &chunked),
        post("Transfer-Encoding: xchunked\r\n", &chunked),
        post("Transfer-Encoding: \x0bchunked\r\n", &chunked),
        post(te, &chunked.replace("c\r\n{", "cg\r\n{")),
        post(te, &chunked.replace("c\r\n{", "0xc\r\n{")),
        post(te, &chunked.replace("c\r\n{", "-c\r\n{")),
        post(te, &chunked.replace("c\r\n{", "1000000000000000c\r\n{")),
        post(te, &chunked.replace("}\r\n0", "}xx0")),
        post(te, &chunked.replace("c\r\n{", "c\n{")),
        get("").replace("\r\n", "\n"),
        get("X: y\nZ: w\r\n"),
        get("X: y\rZ: w\r\n"),
        get("X: y\0\r\n"),
        get(": y\r\n"),
        get("").replace("GET ", "GET  "),
        get("").replace("HTTP/1.1", "HTTP/1.1 x"),
        post(te, &chunked).replace("HTTP/1.1", "HTTP/1.0"),
    ];
    for request in requests {
        let mut raw = Raw::connect(house.address).await;
        // A second request behind it must never be answered.
        raw.try_send(format!("{request}{}", get("")).as_bytes()).await;
        let said = raw.ends().await;
        assert!(said.starts_with("HTTP/1.1 400 "), "{request:?}: {said}");
        assert_eq!(said.matches("HTTP/1.1 ").count(), 1, "{request:?}: {said}");
    }
    assert_eq!(boot(&house, "").await.house.people, 0, "nothing of it was carried out");
}

#[tokio::test]
async fn s09_two_clear_requests_on_one_connection_are_both_answered() {
    let house = House::start();
    let mut raw = Raw::connect(house.address).await;
    let body = "{\"name\":\n\"Ada\"}";
    let host = format!("Host: {}\r\n", house.address);
    let post = format!("POST /api/v1/sign-in HTTP/1.1\r\n{host}{JSON}Content-Length: {}\r\n\r\n{body}", body.len());
    raw.send(format!("{post}GET /api/v1/boot HTTP/1.1\r\n{host}\r\n").as_bytes()).await;
    assert_eq!(raw.response().await.unwrap().status, 201);
    assert_eq!(raw.response().await.unwrap().status, 200);
}

#[tokio::test]
async fn s10_every_address_takes_its_own_methods_and_no_other() {
    let house = House::start();
    for path in PATHS {
        for method in ["POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "BREW"] {
            let posted = method == "POST" && path.starts_with("/api/v1/sign-");
            let status = ask(&house, method, path, JSON).await.status;
            assert_eq!(status == 405, !posted, "{method} {path}: {status}");
        }
    }
    for path in ["/api/v1/sign-in", "/api/v1/sign-out"] {
        assert_eq!(ask(&house, "GET", path, "").await.status, 405);
    }
    let connect =
        http::exchange(house.address, "CONNECT evil.example:443 HTTP/1.1\r\nHost: evil.example\r\n\r\n").await;
    assert!((400..500).contains(&connect.unwrap().status));
}

#[tokio::test]
async fn s64_a_fault_of_ours_tells_a_stranger_nothing_of_the_inside() {
    let mut house = House::start();
    house.may_fail();
    let (ada, mut client, _) = enter(&house, "Ada").await;
    house.database().execute_batch("alter table event rename to gone").unwrap();
    let answer = ada.get("/api/v1/rooms/1/history").await.unwrap();
    assert_eq!((answer.status, json_of(&answer.body)["code"].as_str()), (500, Some("internal")));
    let refused = crate::people::refused(&mut client, crate::people::post("hello")).await;
    let words = [answer.body, answer.headers, format!("{refused:?}")].concat().to_lowercase();
    for inside in ["sql", "event", "table", "/", env!("CARGO_PKG_VERSION"), "parlour.db", "panic"] {
        // What every answer says of types and cookies is no secret.
        let words = words.replace("application/problem+json", "").replace("text/plain", "");
        assert!(!words.split("content-security-policy").next().unwrap().contains(inside), "{inside} in {words}");
    }
    assert!(house.log().contains("no such table"), "the operator is told");
}

#[tokio::test]
async fn s66_no_path_leads_out_of_the_embedded_files() {
    let house = House::start();
    std::fs::write(house.folder().join("secret.txt"), "canary").unwrap();
    let ups = [
        "..",
        "%2e%2e",
        "%2E%2E",
        ".%2e",
        "..%00",
        "%252e%252e",
        "..%c0%af",
        "%c0%ae%c0%ae",
        "..;",
        "....",
        "..\\",
        "%5c..",
    ];
    let separators = ["/", "%2f", "%5c", "\\", "//", "%c0%af", "%252f"];
    for up in ups {
        for separator in separators {
            let climb = format!("{up}{separator}").repeat(4);
            for path in [
                format!("/{climb}secret.txt"),
                format!("/assets/{climb}secret.txt"),
                format!("/assets{separator}{climb}etc/passwd"),
            ] {
                let answer = ask(&house, "GET", &path, "").await;
                assert!(
                    [400, 404].contains(&answer.status) && !answer.body.contains("canary"),
                    "{path}: {}",
                    answer.status
                );
            }
        }
    }
    for path in [
        "/index.html",
        "/assets/",
        "/assets",
        "/.git/config",
        "/theme.js.br",
        "/assets/../theme.js",
        "//theme.js",
        "/theme.js/",
    ] {
        assert_eq!(ask(&house, "GET", path, "").await.status, 404, "{path}");
    }
}

#[tokio::test]
async fn s68_s69_s70_s71_every_answer_carries_the_browser_s_orders() {
    let house = House::start();
    let (ada, ..) = enter(&house, "Ada").await;
    let policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; \
        connect-src 'self'; font-src 'self'; manifest-src 'self'; worker-src 'self'; media-src 'self' blob:; \
        require-trusted-types-for 'script'; form-action 'self'; base-uri 'none'; object-src 'none'; frame-ancestors 'none'";
    let evil = "Origin: https://evil.example\r\nAccess-Control-Request-Method: POST\r\n";
    for method in ["GET", "HEAD", "POST", "OPTIONS"] {
        for path in PATHS {
            let answer = ask(&house, method, path, &format!("Cookie: {}\r\n{evil}", ada.cookie)).await;
            let shown = format!("{method} {path}");
            for (name, value) in [
                ("content-security-policy", policy),
                ("x-content-type-options", "nosniff"),
                ("referrer-policy", "no-referrer"),
                ("cross-origin-opener-policy", "same-origin"),
                ("cross-origin-resource-policy", "same-origin"),
            ] {
                assert_eq!(answer.header(name), Some(value), "{name} of {shown}");
            }
            assert!(answer.header("permissions-policy").is_some(), "{shown}");
            assert!(!answer.headers.to_lowercase().contains("access-control-"), "{shown}");
            assert!(!answer.headers.contains("evil") && !answer.body.contains("evil"), "{shown}");
            assert_eq!(answer.header("server"), None, "{shown}");
            let kept = path.starts_with("/assets/") || path == "/theme.js";
            if !kept || answer.status != 200 {
                assert_eq!(answer.header("cache-control"), Some("no-store"), "{shown}");
            }
        }
    }
}

#[tokio::test]
async fn s71_s72_the_bundle_is_ours_alone_and_the_page_is_never_kept() {
    let house = House::start();
    let page = http::get(house.address, "/", "").await.unwrap();
    assert_eq!((page.status, page.header("cache-control")), (200, Some("no-store")));
    let files: Vec<&str> = page.body.split('"').filter(|part| part.starts_with('/') && part.contains('.')).collect();
    assert!(
        files.iter().any(|file| file.ends_with(".js")) && files.iter().any(|file| file.ends_with(".css")),
        "{files:?}"
    );
    let mut bodies = vec![("/".to_owned(), page.body.clone())];
    for file in files {
        let answer = http::get(house.address, file, "").await.unwrap();
        assert_eq!(answer.status, 200, "{file}");
        assert_eq!(answer.header("content-encoding"), None, "who asks for no encoding gets the file as it is");
        let caching = if file.starts_with("/assets/") { "public, max-age=31536000, immutable" } else { "no-cache" };
        assert_eq!(answer.header("cache-control"), Some(caching), "{file}");
        let etag = answer.header("etag").unwrap();
        let again = http::get(house.address, file, &format!("If-None-Match: {etag}\r\n")).await.unwrap();
        assert_eq!((again.status, again.body.as_str()), (304, ""));
        bodies.push((file.to_owned(), answer.body));
    }
    // Names of XML languages, and where React explains its own errors; none of them is ever asked for.
    let names = ["http://www.w3.org/", "https://react.dev/errors/"];
    for (file, body) in bodies {
        for (at, _) in body.match_indices("http://").chain(body.match_indices("https://")) {
            let found: String = body[at..].chars().take(40).collect();
            let scheme_only = found.trim_start_matches("https://").trim_start_matches("http://");
            let names_a_host = scheme_only.starts_with(|c: char| c.is_ascii_alphanumeric());
            assert!(!names_a_host || names.iter().any(|name| found.starts_with(name)), "{file}: {found}");
        }
        for unsafe_word in ["eval(", "new Function(", "document.write("] {
            assert!(!body.contains(unsafe_word), "{file}: {unsafe_word}");
        }
    }
    assert!(!page.body.contains(" style=") && !page.body.contains("<script>") && !page.body.contains(" onclick="));
}

#[tokio::test]
async fn s15_s63_tokens_and_words_are_in_no_log_and_a_control_character_makes_no_line() {
    let house = House::start_with(&["--rate-limits", "off", "--log-format", "json"]);
    let (ada, mut client, _) = enter(&house, "Ada canary-name").await;
    client.post(LOBBY, "canary-text").await.unwrap();
    create(&mut client, "canary-room").await;
    client.send_text(r#"{"t":"canary-frame","ref":1}"#.to_owned()).await.unwrap();
    client.request(Command::Ping).await.unwrap();
    let red = http::post(house.address, "/api/v1/sign-in", r#"{"name":"\u001b[31mred"}"#, "").await.unwrap();
    assert_eq!(red.status, 400);
    let line = session(&house, "x\r\n{\"level\":\"ERROR\"}").await;
    assert_eq!(line.you.name, "x {\"level\":\"ERROR\"}");
    let (_, _) = connect(&ada, Hello::default()).await;
    let token = ada.cookie.split_once('=').unwrap().1;
    let log = house.log();
    assert!(!log.contains("canary") && !log.contains(token), "{log}");
    assert!(log.lines().all(|line| line.starts_with('{') && serde_json::from_str::<Value>(line).is_ok()), "{log}");
}

/// Every row of every table, as text.
fn dump(house: &House) -> Vec<String> {
    let database = house.database();
    let mut rows = Vec::new();
    for table in ["meta", "shard", "user", "session", "room", "event", "member", "commit_log"] {
        let mut statement = database.prepare(&format!("select * from {table}")).unwrap();
        let columns = statement.column_count();
        let mut found = statement.query([]).unwrap();
        while let Some(row) = found.next().unwrap() {
            let values: Vec<_> = (0..columns).map(|column| format!("{:?}", row.get_ref(column).unwrap())).collect();
            rows.push(format!("{table} {}", values.join(" ")));
        }
    }
    rows
}
