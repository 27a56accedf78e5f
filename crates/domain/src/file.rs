//! What a file is called, and what its bytes say it is. The name and whatever the sender says of a file decide nothing (S76).

use parlour_protocol::{ErrorCode, Refusal, limits};

use crate::text::is_forbidden;

/// So many first bytes are looked at.
pub const HEAD_BYTES: usize = 8 * 1_024;

/// What a file's bytes are, as far as the house cares.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A picture that is looked at, made small, and shown.
    Picture(Picture),
    /// Sound or moving pictures that browsers play, by media type.
    Played(&'static str),
    /// Text, whatever it is for: HTML, SVG and scripts too.
    Text,
    /// Anything else, by media type: it is downloaded and never shown.
    Bytes(&'static str),
}

/// The formats of pictures that are shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Picture {
    /// JPEG.
    Jpeg,
    /// PNG, moving ones too.
    Png,
    /// GIF.
    Gif,
    /// WebP.
    Webp,
}

/// What nobody knows.
pub const UNKNOWN: &str = "application/octet-stream";
/// Text is never given to a browser as anything else.
pub const TEXT: &str = "text/plain; charset=utf-8";

impl Kind {
    /// The media type.
    #[must_use]
    pub fn media_type(self) -> &'static str {
        match self {
            Kind::Picture(Picture::Jpeg) => "image/jpeg",
            Kind::Picture(Picture::Png) => "image/png",
            Kind::Picture(Picture::Gif) => "image/gif",
            Kind::Picture(Picture::Webp) => "image/webp",
            Kind::Played(kind) | Kind::Bytes(kind) => kind,
            Kind::Text => TEXT,
        }
    }
}

/// Reads a file's kind from its first bytes, at most [`HEAD_BYTES`]; `whole` says that they are all of it. Where the name claims
/// a picture, sound or film that the bytes are not, it is what nobody knows (S76).
#[must_use]
pub fn kind(head: &[u8], whole: bool, name: &str) -> Kind {
    let kind = of_bytes(head, whole);
    let is_claimed = matches!(kind, Kind::Picture(_) | Kind::Played(_));
    if !is_claimed && claims_to_be_shown(name) { Kind::Bytes(UNKNOWN) } else { kind }
}

/// Whether bytes of this type are shown in a page; everything else is a download (S75). A picture that was not understood has no
/// size, and is not shown.
#[must_use]
pub fn is_shown(media_type: &str, has_size: bool) -> bool {
    (media_type.starts_with("image/") && has_size)
        || media_type.starts_with("video/")
        || media_type.starts_with("audio/")
}

fn of_bytes(head: &[u8], whole: bool) -> Kind {
    match head {
        [0xFF, 0xD8, 0xFF, ..] => Kind::Picture(Picture::Jpeg),
        [0x89, b'P', b'N', b'G', b'\r', b'\n', 0x1A, b'\n', ..] => Kind::Picture(Picture::Png),
        [b'G', b'I', b'F', b'8', b'7' | b'9', b'a', ..] => Kind::Picture(Picture::Gif),
        [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => Kind::Picture(Picture::Webp),
        [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'A', b'V', b'E', ..] => Kind::Played("audio/wav"),
        [_, _, _, _, b'f', b't', b'y', b'p', brand @ ..] => of_brand(brand),
        // EBML, with the word for WebM within its first element.
        [0x1A, 0x45, 0xDF, 0xA3, rest @ ..] if rest.windows(4).take(64).any(|word| word == b"webm") => {
            Kind::Played("video/webm")
        }
        [b'O', b'g', b'g', b'S', ..] => Kind::Played("audio/ogg"),
        [b'f', b'L', b'a', b'C', ..] => Kind::Played("audio/flac"),
        [b'I', b'D', b'3', 2..=4, ..] | [0xFF, 0xFB | 0xF3 | 0xF2, ..] => Kind::Played("audio/mpeg"),
        [b'%', b'P', b'D', b'F', b'-', ..] => Kind::Bytes("application/pdf"),
        [b'P', b'K', 3 | 5, 4 | 6, ..] => Kind::Bytes("application/zip"),
        [0x1F, 0x8B, 8, ..] => Kind::Bytes("application/gzip"),
        _ if is_text(head, whole) => Kind::Text,
        _ => Kind::Bytes(UNKNOWN),
    }
}

/// The files of the MPEG-4 family say what they are by four letters.
fn of_brand(brand: &[u8]) -> Kind {
    match brand {
        [b'M', b'4', b'A', b' ', ..] => Kind::Played("audio/mp4"),
        [b'i', b's', b'o', _, ..]
        | [b'm', b'p', b'4', _, ..]
        | [b'a', b'v', b'c', b'1', ..]
        | [b'M', b'4', b'V', ..] => Kind::Played("video/mp4"),
        _ => Kind::Bytes(UNKNOWN),
    }
}

/// UTF-8 without the controls that no text has. What was cut in the middle of a character is text all the same.
fn is_text(head: &[u8], whole: bool) -> bool {
    let text = match std::str::from_utf8(head) {
        Ok(text) => text,
        Err(error) if !whole && error.error_len().is_none() => {
            std::str::from_utf8(&head[..error.valid_up_to()]).unwrap_or_default()
        }
        Err(_) => return false,
    };
    !text.chars().any(|c| is_forbidden(c) && c != '\r' && c != '\u{C}' && c != '\u{1B}')
}

/// Whether a name's ending promises a picture, sound or film.
fn claims_to_be_shown(name: &str) -> bool {
    const ENDINGS: [&str; 20] = [
        "png", "apng", "jpg", "jpeg", "jfif", "gif", "webp", "avif", "heic", "bmp", "ico", "tiff", "mp4", "m4v",
        "webm", "mp3", "m4a", "ogg", "wav", "flac",
    ];
    name.rsplit_once('.').is_some_and(|(_, ending)| ENDINGS.iter().any(|known| ending.eq_ignore_ascii_case(known)))
}

/// A file's name as it is shown: without the folders some browsers say, without controls and what turns the line around (S57),
/// and no longer than [`limits::FILE_NAME_BYTES_MAX`], with its ending kept. A name with nothing left of it is `file`.
///
/// # Errors
/// `bad_name` when it is longer than any file system would give it.
pub fn name(name: &str) -> Result<String, Refusal> {
    if name.len() > 4 * limits::FILE_NAME_BYTES_MAX {
        return Err(Refusal::new(ErrorCode::BadName, "A file's name is too long. Give it a shorter one.").at("name"));
    }
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let shown: String = last.chars().filter(|c| !c.is_control() && !turns_the_line(*c)).collect();
    let shown = shown.trim().trim_start_matches('.');
    if shown.is_empty() {
        return Ok("file".to_owned());
    }
    Ok(shortened(shown))
}

fn shortened(name: &str) -> String {
    const MOST: usize = limits::FILE_NAME_BYTES_MAX;
    if name.len() <= MOST {
        return name.to_owned();
    }
    let ending = name.rfind('.').map_or("", |at| &name[at..]);
    let ending = if ending.len() <= 16 { ending } else { "" };
    let stem = (0..=MOST - ending.len()).rev().find(|at| name.is_char_boundary(*at)).unwrap_or_default();
    format!("{}{ending}", &name[..stem])
}

/// Marks by which a name shows its end where its beginning is: `exe.gnp` as `png.exe`.
fn turns_the_line(c: char) -> bool {
    matches!(c, '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' | '\u{61C}' | '\u{FEFF}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn s76_a_file_is_what_its_bytes_are_and_not_what_it_is_called() {
        let png = b"\x89PNG\r\n\x1a\n....";
        assert_eq!(kind(png, true, "letter.txt").media_type(), "image/png");
        for (bytes, name) in [
            (&b"<html><script>alert(1)</script>"[..], "cat.png"),
            (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "cat.JPG"),
            (b"MZ\x90\0", "song.mp3"),
            (b"%PDF-1.7", "scan.jpeg"),
        ] {
            assert_eq!(kind(bytes, true, name).media_type(), UNKNOWN, "{name}");
        }
        for active in ["<html>", "<svg onload=alert(1)>", "<?xml version='1.0'?>", "alert(1)", "#!/bin/sh\r\n"] {
            assert_eq!(kind(active.as_bytes(), true, "a.html"), Kind::Text, "{active}");
        }
        for (bytes, said) in [
            (&b"\0\0\0\x20ftypisom"[..], "video/mp4"),
            (b"\0\0\0\x20ftypM4A ", "audio/mp4"),
            (b"\0\0\0\x20ftypheic", UNKNOWN),
            (b"\x1aE\xdf\xa3\x01\x42\x82\x84webm", "video/webm"),
            (b"\x1aE\xdf\xa3\x01\x42\x82\x88matroska", UNKNOWN),
            (b"RIFF....WAVEfmt ", "audio/wav"),
            (b"PK\x03\x04", "application/zip"),
            (b"a\0b", UNKNOWN),
            (b"\xff\xfe", UNKNOWN),
        ] {
            assert_eq!(kind(bytes, true, "thing").media_type(), said, "{bytes:?}");
        }
    }

    #[test]
    fn a_text_that_was_cut_within_a_letter_is_a_text() {
        assert_eq!(kind("grüß".as_bytes().split_last().unwrap().1, false, "a"), Kind::Text);
        assert_eq!(kind("grüß".as_bytes().split_last().unwrap().1, true, "a"), Kind::Bytes(UNKNOWN));
    }

    #[test]
    fn s75_only_what_a_page_shows_is_shown() {
        assert!(is_shown("image/png", true) && is_shown("video/mp4", false) && is_shown("audio/ogg", false));
        for kind in ["image/png", TEXT, UNKNOWN, "application/pdf", "application/zip"] {
            assert!(!is_shown(kind, false), "{kind}");
        }
    }

    #[test]
    fn s81_a_name_is_one_line_without_folders_and_without_turns() {
        for (given, shown) in [
            ("C:\\fakepath\\cat.png", "cat.png"),
            ("../../etc/passwd", "passwd"),
            ("a\r\nSet-Cookie: x", "aSet-Cookie: x"),
            ("evil\u{202E}gnp.exe", "evilgnp.exe"),
            (" .. ", "file"),
            ("", "file"),
            (".htaccess", "htaccess"),
            ("Grüße 元気.txt", "Grüße 元気.txt"),
        ] {
            assert_eq!(name(given).unwrap(), shown);
        }
        let long = name(&format!("{}.tar.gz", "ü".repeat(400))).unwrap();
        assert!(long.len() <= limits::FILE_NAME_BYTES_MAX && long.ends_with(".gz"));
        assert!(name(&"x".repeat(2_000)).is_err());
    }
}
