//! Asking over HTTP, in any words.

use parlour_client::http;
use parlour_protocol::http::Boot;
use serde_json::Value;

use crate::house::House;

/// The type of what changes anything.
pub(crate) const JSON: &str = "Content-Type: application/json\r\n";

/// Every kind of address there is.
pub(crate) const PATHS: [&str; 18] = [
    "/owner/x",
    "/join/x",
    "/reset/x",
    "/",
    "/ws",
    "/api/v1/sign-in",
    "/api/v1/sign-out",
    "/api/v1/boot",
    "/api/v1/rooms",
    "/api/v1/rooms/1/history",
    "/api/v1/rooms/1/members",
    "/healthz",
    "/readyz",
    "/assets/none.js",
    "/r/1",
    "/r/1/m/1",
    "/nothing",
    "/theme.js",
];

/// A request with further header lines, each ended by CRLF.
pub(crate) async fn ask(house: &House, method: &str, path: &str, headers: &str) -> http::Response {
    ask_with_body(house, method, path, headers, "").await
}

/// The same with a body.
pub(crate) async fn ask_with_body(
    house: &House,
    method: &str,
    path: &str,
    headers: &str,
    body: &str,
) -> http::Response {
    let address = house.address;
    let length = if body.is_empty() { String::new() } else { format!("Content-Length: {}\r\n", body.len()) };
    let request =
        format!("{method} {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n{headers}{length}\r\n{body}");
    http::exchange(address, &request).await.unwrap()
}

/// What a page would start from.
pub(crate) async fn boot(house: &House, headers: &str) -> Boot {
    serde_json::from_str(&http::get(house.address, "/api/v1/boot", headers).await.unwrap().body).unwrap()
}

/// A body that must be JSON.
pub(crate) fn json_of(body: &str) -> Value {
    serde_json::from_str(body).unwrap_or_else(|error| panic!("{error}: {body:?}"))
}
