//! Which words are addresses: `http://…`, `https://…`, `www.…`, `ada@example.org`, as GFM finds them; and which addresses may be
//! led to (S59).

use unicode_properties::{GeneralCategory, UnicodeGeneralCategory};

/// A bracket that was opened inside an address belongs to it.
const BRACKETS: [(char, char); 6] = [(')', '('), (']', '['), ('}', '{'), ('）', '（'), ('」', '「'), ('』', '『')];

/// An address in a text: where it stands, and what must be put before it to be led there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Found {
    pub(super) start: usize,
    pub(super) end: usize,
    pub(super) prefix: &'static str,
}

/// The first address that begins at or after a place.
pub(super) fn find(text: &str, from: usize) -> Option<Found> {
    let bytes = text.as_bytes();
    for (at, byte) in bytes.iter().enumerate().skip(from) {
        let found = match byte {
            b':' => with_scheme(text, from, at),
            b'.' => with_www(text, from, at),
            b'@' => mail(text, from, at),
            _ => None,
        };
        if found.is_some() {
            return found;
        }
    }
    None
}

/// The last place in a text where an address with a path begins, whatever follows. It ends at the end of the text.
pub(super) fn begun_last(text: &str) -> Option<usize> {
    let colon = text.rfind("://").filter(|at| begins_host(&text[at + 3..])).and_then(|at| scheme_before(text, 0, at));
    let www = text.rfind("www.").filter(|at| begins_host(&text[at + 4..]) && is_apart(text, *at));
    colon.max(www)
}

/// How far an address goes that begins here.
pub(super) fn extent(text: &str) -> usize {
    let ends = |c: char| c.is_whitespace() || matches!(c, '<' | '>' | '"' | '\'' | '`' | '|' | '\\' | '[' | ']');
    let whole = &text[..text.find(ends).unwrap_or(text.len())];
    without_closing(whole)
}

/// Whether this address may be led to. One that holds what turns the order of reading could show another than it leads to.
pub(super) fn may_lead(address: &str) -> bool {
    let scheme = address.split_once(':').map(|(scheme, rest)| (scheme.to_ascii_lowercase(), rest));
    let is_ours = scheme.is_some_and(|(scheme, rest)| match scheme.as_str() {
        "http" | "https" => rest.strip_prefix("//").is_some_and(|host| begins_host(host) || host.starts_with('[')),
        "mailto" => !rest.is_empty(),
        _ => false,
    });
    is_ours && !address.chars().any(|c| c.is_control() || c.is_whitespace() || turns_the_order(c))
}

fn turns_the_order(c: char) -> bool {
    matches!(c, '\u{200e}' | '\u{200f}' | '\u{61c}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

fn begins_host(text: &str) -> bool {
    text.starts_with(char::is_alphanumeric)
}

fn with_scheme(text: &str, from: usize, colon: usize) -> Option<Found> {
    // How far it goes is looked at only where it begins for certain, so that nothing is looked at twice.
    let host = text[colon..].strip_prefix("://")?;
    let start = scheme_before(text, from, colon)?;
    begins_host(host).then(|| Found { start, end: start + extent(&text[start..]), prefix: "" })
}

fn with_www(text: &str, from: usize, dot: usize) -> Option<Found> {
    let start = www_before(text, from, dot).filter(|_| begins_host(&text[dot + 1..]))?;
    let end = start + extent(&text[start..]);
    text.get(dot + 1..end)?.contains('.').then_some(Found { start, end, prefix: "http://" })
}

fn mail(text: &str, from: usize, sign: usize) -> Option<Found> {
    let is_local = |byte: &u8| byte.is_ascii_alphanumeric() || b".+-_".contains(byte);
    let local = text.as_bytes()[from..sign].iter().rev().take_while(|byte| is_local(byte)).count();
    let is_domain = |byte: &u8| byte.is_ascii_alphanumeric() || b".-_".contains(byte);
    let domain = text.as_bytes()[sign + 1..].iter().take_while(|byte| is_domain(byte)).count();
    let domain = text[sign + 1..sign + 1 + domain].trim_end_matches('.');
    let is_whole = local > 0
        && domain.starts_with(|c: char| c.is_ascii_alphanumeric())
        && domain.contains('.')
        && !domain.ends_with(['-', '_'])
        && is_apart(text, sign - local);
    is_whole.then(|| Found { start: sign - local, end: sign + 1 + domain.len(), prefix: "mailto:" })
}

/// Where `http` or `https` begins before a colon.
fn scheme_before(text: &str, from: usize, colon: usize) -> Option<usize> {
    ["https", "http"].iter().find_map(|scheme| word_before(text, from, colon, scheme))
}

fn www_before(text: &str, from: usize, dot: usize) -> Option<usize> {
    word_before(text, from, dot, "www")
}

fn word_before(text: &str, from: usize, end: usize, word: &str) -> Option<usize> {
    let start = end.checked_sub(word.len()).filter(|start| *start >= from)?;
    let is_it = text.as_bytes()[start..end].eq_ignore_ascii_case(word.as_bytes());
    (is_it && is_apart(text, start)).then_some(start)
}

/// Whether no word goes on here.
fn is_apart(text: &str, start: usize) -> bool {
    !text[..start].ends_with(char::is_alphanumeric)
}

/// The length without the end of the sentence. Each kind of bracket is counted once, so that a long row of them costs nothing.
fn without_closing(whole: &str) -> usize {
    // How many of each kind are closed more than they are opened.
    let mut surplus: [Option<isize>; BRACKETS.len()] = [None; BRACKETS.len()];
    let mut end = whole.len();
    while let Some(last) = whole[..end].chars().next_back().filter(|last| closes(*last)) {
        if let Some(kind) = BRACKETS.iter().position(|(closing, _)| *closing == last) {
            let (closing, opening) = BRACKETS[kind];
            let count = |bracket: char| whole[..end].matches(bracket).count().cast_signed();
            let left = surplus[kind].get_or_insert_with(|| count(closing) - count(opening));
            if *left <= 0 {
                break;
            }
            *left -= 1;
        }
        end -= last.len_utf8();
    }
    end
}

/// Marks at the end of a sentence, and what sets words apart in Markdown, are not part of an address.
fn closes(c: char) -> bool {
    ".,:;!?…。，、．：；！？*_~".contains(c)
        || matches!(
            c.general_category(),
            GeneralCategory::ClosePunctuation | GeneralCategory::FinalPunctuation | GeneralCategory::InitialPunctuation
        )
}
