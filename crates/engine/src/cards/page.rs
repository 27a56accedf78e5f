//! What a page says of itself: in the tags at its beginning (Open Graph, the description for search engines, its title). Read as a
//! browser reads tags; nothing in it is run, shown as tags, or loaded.

use html5gum::emitters::default::{DefaultEmitter, StartTag};
use html5gum::{Token, Tokenizer};
use parlour_domain::card::line_of;
use parlour_protocol::limits;

/// How a page says in what it is written, where nothing beside it did: within so many first bytes (HTML 13.2.3.2).
const CHARSET_BYTES: usize = 1_024;
/// Text of a title that is kept before it is cut to what is shown.
const TITLE_BYTES_MAX: usize = 4_096;

/// What was found, each a line or empty.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Page {
    pub(super) site: String,
    pub(super) title: String,
    pub(super) description: String,
    /// Where its picture is, as it is written there.
    pub(super) picture: Option<String>,
}

/// Reads the beginning of a page. `charset` is what was said beside it.
pub(super) fn read(bytes: &[u8], charset: Option<&str>) -> Page {
    let (mut found, mut plain) = (Page::default(), Page::default());
    let (mut in_title, mut has_title) = (false, false);
    let text = decode(bytes, charset);
    let mut emitter = DefaultEmitter::default();
    // What stands in a script or a style is no tag.
    emitter.naively_switch_states(true);
    for token in Tokenizer::new_with_emitter(text.as_str(), emitter) {
        let Ok(token) = token;
        match token {
            Token::StartTag(tag) => match tag.name.as_slice() {
                b"meta" => meta(&tag, &mut found, &mut plain),
                b"title" => in_title = !has_title,
                b"body" => break,
                _ => {}
            },
            Token::EndTag(tag) if tag.name.as_slice() == b"title" => (in_title, has_title) = (false, true),
            Token::EndTag(tag) if tag.name.as_slice() == b"head" => break,
            Token::String(words) if in_title && plain.title.len() < TITLE_BYTES_MAX => {
                plain.title.push_str(&String::from_utf8_lossy(&words));
            }
            _ => {}
        }
    }
    let line = |first: &str, second: &str, most| {
        Some(line_of(first, most)).filter(|line| !line.is_empty()).unwrap_or_else(|| line_of(second, most))
    };
    Page {
        site: line(&found.site, "", limits::CARD_SITE_GRAPHEMES_MAX),
        title: line(&found.title, &plain.title, limits::CARD_TITLE_GRAPHEMES_MAX),
        description: line(&found.description, &plain.description, limits::CARD_DESCRIPTION_GRAPHEMES_MAX),
        picture: found.picture.or(plain.picture),
    }
}

/// Takes what a `meta` says; the first of each kind counts.
fn meta(tag: &StartTag<()>, found: &mut Page, plain: &mut Page) {
    let attribute =
        |name: &[u8]| tag.attributes.get(name).map(|value| String::from_utf8_lossy(value).trim().to_owned());
    let Some(content) = attribute(b"content").filter(|content| !content.is_empty()) else { return };
    let Some(name) = attribute(b"property").or_else(|| attribute(b"name")) else { return };
    let slot = match name.to_ascii_lowercase().as_str() {
        "og:site_name" => &mut found.site,
        "og:title" => &mut found.title,
        "og:description" => &mut found.description,
        "description" => &mut plain.description,
        "og:image" | "og:image:url" | "og:image:secure_url" => found.picture.get_or_insert_default(),
        "twitter:image" => plain.picture.get_or_insert_default(),
        _ => return,
    };
    if slot.is_empty() {
        *slot = content;
    }
}

/// The bytes as text: by their mark, what was said beside them, what they say themselves, or UTF-8.
fn decode(bytes: &[u8], charset: Option<&str>) -> String {
    let said = charset.and_then(|name| encoding_rs::Encoding::for_label(name.as_bytes()));
    let encoding = said.or_else(|| said_within(&bytes[..bytes.len().min(CHARSET_BYTES)])).unwrap_or(encoding_rs::UTF_8);
    encoding.decode(bytes).0.into_owned()
}

fn said_within(head: &[u8]) -> Option<&'static encoding_rs::Encoding> {
    let head = String::from_utf8_lossy(head).to_ascii_lowercase();
    let (_, rest) = head.split_once("charset=")?;
    let rest = rest.trim_start_matches(['"', '\'']);
    let name: String = rest.chars().take_while(|c| c.is_ascii_alphanumeric() || "-_:".contains(*c)).collect();
    encoding_rs::Encoding::for_label(name.as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(site: &str, title: &str, description: &str, picture: Option<&str>) -> Page {
        let own = str::to_owned;
        Page { site: own(site), title: own(title), description: own(description), picture: picture.map(own) }
    }

    #[test]
    fn card_3_a_page_is_called_what_it_calls_itself() {
        let html = "<!doctype html><html><head><meta charset=utf-8><title>Plain &amp; simple</title>
            <META Property='og:title' CONTENT='Tea &lt;3 &#x1F375;'><meta name=description content='For searchers.'>
            <meta property=og:description content=' What came\nwith the ship. '><meta property=og:site_name content=Harbour>
            <meta property=og:image content=/tea.png><meta property=og:image content=/second.png></head>";
        assert_eq!(
            read(html.as_bytes(), None),
            page("Harbour", "Tea <3 \u{1F375}", "What came with the ship.", Some("/tea.png"))
        );
        let plain = "<title>\n Plain &amp;\n simple </title><meta name=description content=Yes><meta name=twitter:image content=t.png>";
        assert_eq!(read(plain.as_bytes(), None), page("", "Plain & simple", "Yes", Some("t.png")));
    }

    #[test]
    fn card_3_and_s87_what_is_no_tag_at_the_beginning_says_nothing() {
        let html = "<script>'<title>no</title><meta property=og:title content=no>'</script><!-- <title>no</title> -->
            <title>Yes<b></title><title>no</title></head><body><meta property=og:title content=no><svg><title>no</title></svg>";
        assert_eq!(read(html.as_bytes(), None), page("", "Yes<b>", "", None));
        for nothing in ["", "\u{0}\u{1}", "<title", "<meta property=og:title>", "<title></title>"] {
            assert_eq!(read(nothing.as_bytes(), None), Page::default(), "{nothing}");
        }
        assert_eq!(read(&[0xFF; 900], Some("no such thing")).title, "");
    }

    #[test]
    fn card_3_a_page_is_read_in_its_own_letters() {
        let latin = |html: &str| encoding_rs::WINDOWS_1252.encode(html).0.into_owned();
        assert_eq!(read(&latin("<title>Grüße</title>"), Some("ISO-8859-1")).title, "Grüße");
        assert_eq!(read(&latin("<meta charset=\"windows-1252\"><title>Grüße</title>"), None).title, "Grüße");
        let japanese = encoding_rs::SHIFT_JIS
            .encode("<meta http-equiv=content-type content='text/html; charset=shift_jis'><title>元気</title>")
            .0;
        assert_eq!(read(&japanese, None).title, "元気");
    }

    #[test]
    fn card_3_and_s85_half_a_megabyte_of_tags_is_read_in_time() {
        for piece in ["<", "<meta property=og:title ", "<a b=c ", "&#", "<!--", "<title>", "<svg><"] {
            let html = piece.repeat(limits::CARD_BYTES_MAX / piece.len());
            let began = std::time::Instant::now();
            read(html.as_bytes(), None);
            assert!(began.elapsed().as_secs() < 5, "{piece}: {:?}", began.elapsed());
        }
    }
}
