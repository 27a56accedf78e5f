//! The embedded web client: hashed assets kept for ever, the page never (S66, S71).

use axum::extract::{FromRequestParts, Path, Request, State};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use parlour_protocol::RoomId;
use rust_embed::{EmbeddedFile, RustEmbed};

use super::App;
use super::error::{HttpError, wrong_method};
use super::rooms::room_id;
use super::session::Visitor;

/// What the Vite build made, with `.br` and `.gz` beside each text.
#[derive(RustEmbed)]
#[folder = "../../web/dist"]
struct Dist;

/// Replaced in the page by its data.
const BOOT_MARK: &str = "<!--boot-->";
const FOR_EVER: &str = "public, max-age=31536000, immutable";
const ASK_AGAIN: &str = "no-cache";

/// `GET /` and the other addresses of the app.
pub(crate) async fn page(State(app): State<App>, visitor: Visitor) -> Result<Response, HttpError> {
    render(&app, visitor, None).await
}

/// `GET /r/ROOM`.
pub(crate) async fn room_page(
    State(app): State<App>,
    visitor: Visitor,
    Path(room): Path<String>,
) -> Result<Response, HttpError> {
    render(&app, visitor, room_id(&room).ok()).await
}

/// `GET /r/ROOM/m/SEQ`.
pub(crate) async fn message_page(
    State(app): State<App>,
    visitor: Visitor,
    Path((room, _)): Path<(String, String)>,
) -> Result<Response, HttpError> {
    render(&app, visitor, room_id(&room).ok()).await
}

/// `GET /assets/FILE`: its name holds the hash of its content.
pub(crate) async fn asset(Path(file): Path<String>, headers: HeaderMap) -> Result<Response, HttpError> {
    if is_plain(&file) { serve(&format!("assets/{file}"), &headers, FOR_EVER) } else { Err(HttpError::not_found()) }
}

/// Any other file at the root of the build: the theme script, icons, the manifest. A person who follows an address that is
/// none is shown the page, which says so (HTTP-7).
pub(crate) async fn file(State(app): State<App>, request: Request) -> Result<Response, HttpError> {
    if !matches!(*request.method(), Method::GET | Method::HEAD) {
        return Err(wrong_method().await);
    }
    let path = request.uri().path();
    let name = path.strip_prefix('/').unwrap_or_default();
    if is_plain(name) && name != "index.html" {
        let served = serve(name, request.headers(), ASK_AGAIN);
        if served.is_ok() || !is_visit(path, request.headers()) {
            return served;
        }
    } else if !is_visit(path, request.headers()) {
        return Err(HttpError::not_found());
    }
    let visitor = Visitor::from_request_parts(&mut request.into_parts().0, &app).await?;
    let mut response = render(&app, visitor, None).await?;
    *response.status_mut() = StatusCode::NOT_FOUND;
    Ok(response)
}

/// Whether somebody wants to see a page, rather than a program, a file or an answer of the API.
fn is_visit(path: &str, headers: &HeaderMap) -> bool {
    let accepts = headers.get(header::ACCEPT).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let is_page = accepts.split(',').any(|kind| kind.trim().starts_with("text/html"));
    is_page && !path.starts_with("/api/") && !path.starts_with("/assets/")
}

/// Embedded names are plain, so nothing needs decoding and no path leads out; the packed forms are not files of their own.
fn is_plain(name: &str) -> bool {
    let plain = name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte));
    plain && !name.is_empty() && !name.starts_with('.') && !name.ends_with(".br") && !name.ends_with(".gz")
}

async fn render(app: &App, Visitor(actor): Visitor, room: Option<RoomId>) -> Result<Response, HttpError> {
    let boot = app.engine.boot(actor.as_ref(), room).await?;
    let page = Dist::get("index.html").ok_or_else(HttpError::not_found)?;
    let page = String::from_utf8_lossy(&page.data);
    let json = serde_json::to_string(&boot).map_err(|_| HttpError::not_found())?;
    let data = format!("<script type=\"application/json\" id=\"boot\">{}</script>", escape(&json));
    let html = HeaderValue::from_static("text/html; charset=utf-8");
    Ok(([(header::CONTENT_TYPE, html)], page.replacen(BOOT_MARK, &data, 1)).into_response())
}

/// JSON that no HTML parser can take for anything else.
fn escape(json: &str) -> String {
    let mut safe = String::with_capacity(json.len() + 64);
    for c in json.chars() {
        match c {
            '<' => safe.push_str("\\u003c"),
            '>' => safe.push_str("\\u003e"),
            '&' => safe.push_str("\\u0026"),
            '\u{2028}' => safe.push_str("\\u2028"),
            '\u{2029}' => safe.push_str("\\u2029"),
            c => safe.push(c),
        }
    }
    safe
}

fn serve(name: &str, headers: &HeaderMap, caching: &'static str) -> Result<Response, HttpError> {
    let kind = content_type(name).ok_or_else(HttpError::not_found)?;
    let plain = Dist::get(name).ok_or_else(HttpError::not_found)?;
    let (encoding, file) = best_encoding(name, headers).map_or((None, plain), |(name, file)| (Some(name), file));
    // Of the form that is sent: each is a representation of its own (RFC 9110 §8.8.3).
    let etag = etag(&file);
    let known = headers.get(header::IF_NONE_MATCH).is_some_and(|asked| *asked == etag);
    let mut response =
        if known { StatusCode::NOT_MODIFIED.into_response() } else { file.data.into_owned().into_response() };
    let answer = response.headers_mut();
    answer.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    answer.insert(header::CACHE_CONTROL, HeaderValue::from_static(caching));
    answer.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    answer.insert(header::ETAG, etag);
    if let Some(encoding) = encoding
        && !known
    {
        answer.insert(header::CONTENT_ENCODING, HeaderValue::from_static(encoding));
    }
    Ok(response)
}

fn etag(file: &EmbeddedFile) -> HeaderValue {
    let hash: String = file.metadata.sha256_hash().iter().take(12).map(|byte| format!("{byte:02x}")).collect();
    HeaderValue::from_str(&format!("\"{hash}\"")).expect("hexadecimal digits make a header")
}

/// The smallest form the browser takes; the plain one is always served to those who take no other.
fn best_encoding(name: &str, headers: &HeaderMap) -> Option<(&'static str, EmbeddedFile)> {
    let accepted = headers.get(header::ACCEPT_ENCODING)?.to_str().ok()?;
    let takes = |wanted: &str| {
        accepted.split(',').any(|part| {
            let mut parts = part.split(';').map(str::trim);
            let refused = |quality: &str| quality.replace(' ', "").trim_end_matches('0').trim_end_matches('.') == "q=";
            parts.next().is_some_and(|coding| coding.eq_ignore_ascii_case(wanted)) && !parts.any(refused)
        })
    };
    [("br", "br"), ("gzip", "gz")]
        .into_iter()
        .filter(|(coding, _)| takes(coding))
        .find_map(|(coding, suffix)| Some((coding, Dist::get(&format!("{name}.{suffix}"))?)))
}

fn content_type(name: &str) -> Option<&'static str> {
    Some(match name.rsplit_once('.')?.1 {
        "js" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "ico" => "image/x-icon",
        "webmanifest" => "application/manifest+json",
        "txt" => "text/plain; charset=utf-8",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_boot_cannot_end_its_own_script() {
        assert_eq!(escape(r#"{"name":"</script><b>&"}"#), r#"{"name":"\u003c/script\u003e\u003cb\u003e\u0026"}"#);
    }
}
