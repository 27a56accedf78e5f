//! The browser's orders on every answer there is, refusals and faults included, and a bundle that needs no exception from them
//! (S68 to S72).

use std::path::{Path, PathBuf};

use parlour_client::http::{self, Response};

use crate::asking::{JSON, ask, ask_with_body};
use crate::furnished::Furnished;
use crate::house::House;
use crate::people::enter;
use crate::raw::Raw;

const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; connect-src 'self'; \
    font-src 'self'; manifest-src 'self'; worker-src 'self'; media-src 'self' blob:; require-trusted-types-for 'script'; \
    form-action 'self'; base-uri 'none'; object-src 'none'; frame-ancestors 'none'";

/// Asserts that an answer carries all of them.
fn is_guarded(answer: &Response, what: &str) {
    for (name, value) in [
        ("content-security-policy", POLICY),
        ("x-content-type-options", "nosniff"),
        ("referrer-policy", "no-referrer"),
        ("cross-origin-opener-policy", "same-origin"),
        ("cross-origin-resource-policy", "same-origin"),
        ("permissions-policy", "camera=(), microphone=(), geolocation=(), payment=(), usb=()"),
    ] {
        assert_eq!(answer.header(name), Some(value), "{name} of {what}");
        let lines = answer.headers.lines().filter(|line| line.to_lowercase().starts_with(&format!("{name}:")));
        assert_eq!(lines.count(), 1, "{name} of {what}");
    }
    assert_eq!(answer.header("server"), None, "{what}");
    assert!(!answer.headers.to_lowercase().contains("access-control-"), "{what}");
}

#[tokio::test]
async fn s68_s69_s70_every_route_answers_everyone_with_the_browser_s_orders_and_says_no_origin_back() {
    let furnished = Furnished::start().await;
    let (house, before) = (&furnished.house, furnished.dump());
    let evil =
        "Origin: https://evil.example\r\nAccess-Control-Request-Method: POST\r\nAccess-Control-Request-Headers: x\r\n";
    let paths: Vec<String> = furnished.paths("get").into_iter().chain(furnished.paths("post")).collect();
    assert!(paths.len() > 50, "{}", paths.len());
    for who in [&furnished.olga.cookie, &furnished.eve.cookie, ""] {
        let cookie = if who.is_empty() { String::new() } else { format!("Cookie: {who}\r\n") };
        for path in &paths {
            for method in ["GET", "HEAD", "POST", "OPTIONS", "DELETE", "TRACE"] {
                let answer = ask(house, method, path, &format!("{cookie}{evil}")).await;
                let what = format!("{method} {path}: {}", answer.status);
                is_guarded(&answer, &what);
                assert!(!answer.headers.contains("evil") && !answer.body.contains("evil"), "{what}");
                assert!(method != "OPTIONS" || answer.status == 405, "{what}");
            }
        }
    }
    assert_eq!(furnished.dump(), before);
}

/// A program for tables carries out what stands in their cells; until something is exported for one, no answer is a table.
#[tokio::test]
async fn s62_no_route_answers_with_a_table() {
    let furnished = Furnished::start().await;
    let known = ["text/html", "application/json", "application/problem+json", "text/javascript", "text/plain"];
    let mut seen = 0;
    for path in furnished.paths("get") {
        let cookie = format!("Cookie: {}\r\nAccept: text/csv, application/vnd.ms-excel\r\n", furnished.olga.cookie);
        let answer = ask(&furnished.house, "GET", &path, &cookie).await;
        let Some(kind) = answer.header("content-type") else { continue };
        assert!(known.iter().any(|known| kind.starts_with(known)), "{path}: {kind}");
        seen += 1;
    }
    assert!(seen > 25, "{seen}");
}

#[tokio::test]
async fn s68_s69_refusals_of_every_kind_carry_them_too() {
    let house = House::start_with(&[]);
    let own = format!("Origin: http://{}\r\n{JSON}", house.address);
    let big = format!(r#"{{"name":"{}"}}"#, "x".repeat(70_000));
    let post = "POST /api/v1/sign-in HTTP/1.1\r\n";
    let raw = |line: &str, headers: &str| format!("{line}Connection: close\r\n{headers}\r\n");
    let at_home = format!("Host: {}\r\n", house.address);
    let twice = format!("{at_home}{JSON}Content-Length: 2\r\nContent-Length: 2\r\n");
    let mut answers = vec![
        (201, ask_with_body(&house, "POST", "/api/v1/sign-in", &own, r#"{"name":"Ada"}"#).await),
        (400, ask_with_body(&house, "POST", "/api/v1/sign-in", &own, "{").await),
        (400, http::exchange(house.address, &raw(post, &twice)).await.unwrap()),
        (400, http::exchange(house.address, &raw("GET / HTTP/1.1\r\n", "")).await.unwrap()),
        (401, ask(&house, "GET", "/api/v1/rooms", "").await),
        (403, ask_with_body(&house, "POST", "/api/v1/sign-in", &format!("{JSON}Origin: null\r\n"), "{}").await),
        (404, ask(&house, "GET", "/assets/none.js", "").await),
        (404, ask_with_body(&house, "POST", "/api/v1/join", &own, r#"{"token":"x"}"#).await),
        (405, ask(&house, "BREW", "/", "").await),
        (409, ask_with_body(&house, "POST", "/api/v1/sign-in", &own, r#"{"name":"Ada"}"#).await),
        (413, ask_with_body(&house, "POST", "/api/v1/sign-in", &own, &big).await),
        (415, ask(&house, "POST", "/api/v1/sign-in", "").await),
        (421, http::exchange(house.address, &raw("GET / HTTP/1.1\r\n", "Host: evil.test\r\n")).await.unwrap()),
        (426, ask(&house, "GET", "/ws", "").await),
        (304, not_modified(&house).await),
    ];
    loop {
        let answer = ask(&house, "GET", "/healthz", "").await;
        if answer.status == 429 {
            answers.push((429, answer));
            break;
        }
    }
    for (status, answer) in answers {
        assert_eq!(answer.status, status, "{answer:?}");
        is_guarded(&answer, &status.to_string());
    }
}

async fn not_modified(house: &House) -> Response {
    let first = ask(house, "GET", "/theme.js", "").await;
    ask(house, "GET", "/theme.js", &format!("If-None-Match: {}\r\n", first.header("etag").unwrap())).await
}

/// The house hangs up on these before anything else sees them: there is no text that a browser could take for a page, or it says
/// what it is.
#[tokio::test]
async fn s68_s69_what_is_answered_before_any_route_is_no_page() {
    let house = House::start_with(&["--anonymous-connections-per-address", "1"]);
    let (ada, ..) = enter(&house, "Ada").await;
    // One place, and as many again for requests that show a session: these say nothing, and nobody reads the next.
    let mut held = Vec::new();
    for _ in 0..70 {
        held.push(Raw::connect(house.address).await);
    }
    let full = Raw::connect(house.address).await.response().await.unwrap();
    assert_eq!((full.status, full.header("retry-after")), (503, Some("5")));
    is_guarded(&full, "503");
    assert_eq!(full.header("content-type"), Some("text/plain; charset=utf-8"));
    assert_eq!(full.header("cache-control"), Some("no-store"));
    drop(held);
    while ada.get("/api/v1/rooms").await.map_or(0, |answer| answer.status) != 200 {}
    for request in ["x\r\n\r\n", "GET / HTTP/9.9\r\n\r\n", "GET  / HTTP/1.1\r\n\r\n", "\0\0\0\0\r\n\r\n"] {
        let answer = http::exchange(house.address, request).await.unwrap();
        assert_eq!((answer.status, answer.body.as_str()), (400, ""), "{request:?}");
    }
}

/// Every file below a folder.
fn files(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() { files(&path, found) } else { found.push(path) }
    }
}

#[test]
fn s68_s72_no_file_of_the_bundle_evaluates_text_or_names_another_address() {
    let dist = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../web/dist");
    let mut found = Vec::new();
    files(&dist, &mut found);
    let is_packed = |path: &PathBuf| path.extension().is_some_and(|ending| ending == "br" || ending == "gz");
    found.retain(|path| !is_packed(path));
    assert!(found.len() >= 8, "{found:?}");
    // Names of XML languages, and where libraries explain their own errors; none of them is ever asked for.
    let names = ["http://www.w3.org/", "https://react.dev/errors/", "https://github.com/highlightjs/highlight"];
    for path in found {
        let text = String::from_utf8(std::fs::read(&path).unwrap()).unwrap();
        let shown = path.strip_prefix(&dist).unwrap().display().to_string();
        for scheme in ["http://", "https://", "ws://", "wss://", "//cdn", "ftp://"] {
            for (at, _) in text.match_indices(scheme) {
                let named: String = text[at..].chars().take(40).collect();
                let is_host = named[scheme.len()..].starts_with(|c: char| c.is_ascii_alphanumeric());
                assert!(!is_host || names.iter().any(|name| named.starts_with(name)), "{shown}: {named}");
            }
        }
        for word in ["eval(", "new Function(", "document.write(", "setTimeout(\"", "sourceMappingURL="] {
            assert!(!text.contains(word), "{shown}: {word}");
        }
        if shown.ends_with(".html") {
            for word in [" style=", "<style", "<script>", " onclick=", " onload=", " onerror=", "<base", "<iframe"] {
                assert!(!text.contains(word), "{shown}: {word}");
            }
        }
        if shown.ends_with(".css") {
            assert!(!text.contains("@import") && !text.contains("expression("), "{shown}");
        }
    }
}
