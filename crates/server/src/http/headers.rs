//! Headers on every response, errors included (S68, S69, S71).

use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, header};
use axum::middleware::Next;
use axum::response::Response;

use super::App;

const CONTENT_SECURITY_POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; \
    img-src 'self' blob: data:; connect-src 'self'; font-src 'self'; manifest-src 'self'; worker-src 'self'; \
    media-src 'self' blob:; require-trusted-types-for 'script'; form-action 'self'; base-uri 'none'; object-src 'none'; \
    frame-ancestors 'none'";

const FIXED: [(HeaderName, &str); 7] = [
    (header::CONTENT_SECURITY_POLICY, CONTENT_SECURITY_POLICY),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::REFERRER_POLICY, "no-referrer"),
    (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
    (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
    (HeaderName::from_static("permissions-policy"), "camera=(), microphone=(), geolocation=(), payment=(), usb=()"),
    (HeaderName::from_static("x-frame-options"), "DENY"),
];

/// Browsers that came by TLS once come by nothing else for a year (S08).
const ONE_YEAR_OF_TLS: &str = "max-age=31536000";

/// The same as text, for what is answered before any route.
pub(crate) fn fixed() -> String {
    let lines = FIXED.into_iter().map(|(name, value)| format!("{name}: {value}\r\n"));
    lines.chain(["cache-control: no-store\r\n".to_owned()]).collect()
}

/// Adds them; what a handler said about caching stands, and the rest is never stored.
pub(crate) async fn add(State(app): State<App>, request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    add_to(&app, response.headers_mut());
    response
}

/// The same to the headers of an answer.
pub(super) fn add_to(app: &App, headers: &mut HeaderMap) {
    for (name, value) in FIXED {
        // What somebody brought is given out under a stricter policy of its own (S75).
        headers.entry(name).or_insert(HeaderValue::from_static(value));
    }
    if app.config.public_url.as_ref().is_some_and(|url| url.secure) {
        headers.insert(header::STRICT_TRANSPORT_SECURITY, HeaderValue::from_static(ONE_YEAR_OF_TLS));
    }
    headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
}
