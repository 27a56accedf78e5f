//! JPEG without Exif, XMP, comments, thumbnails of thumbnails, and whatever was put behind its end. Which way up it is stays, as
//! the only thing in an Exif of our own; so do the colours it is meant in.

use std::io::{self, BufRead, Write};

use super::{Parts, copy_exactly, nonsense, read, skip};

const EXIF: &[u8] = b"Exif\0\0";
/// Segments whose first bytes are looked at hold no more than this.
const SEGMENT_BYTES_MAX: usize = 65_533;

pub(super) fn copy(from: &mut impl BufRead, to: &mut impl Write) -> io::Result<Parts> {
    let mut parts = Parts { frames: 1, scans: 0 };
    if read(from)? != [0xFF, 0xD8] {
        return Err(nonsense());
    }
    to.write_all(&[0xFF, 0xD8])?;
    let mut marker = next_marker(from)?;
    loop {
        match marker {
            0xD9 => {
                to.write_all(&[0xFF, 0xD9])?;
                return if parts.scans > 0 { Ok(parts) } else { Err(nonsense()) };
            }
            0x01 | 0xD0..=0xD8 | 0x00 => return Err(nonsense()),
            _ => {}
        }
        let length = u16::from_be_bytes(read(from)?);
        let payload = usize::from(length.checked_sub(2).ok_or_else(nonsense)?);
        match marker {
            0xE0..=0xEF | 0xFE => segment(from, to, marker, payload)?,
            _ => {
                to.write_all(&[0xFF, marker])?;
                to.write_all(&length.to_be_bytes())?;
                copy_exactly(from, to, payload as u64)?;
            }
        }
        if marker == 0xDA {
            parts.scans += 1;
            marker = copy_scan(from, to)?;
        } else {
            marker = next_marker(from)?;
        }
    }
}

/// The code of the next marker; it may be filled with FF before.
fn next_marker(from: &mut impl BufRead) -> io::Result<u8> {
    if read(from)? != [0xFF] {
        return Err(nonsense());
    }
    loop {
        let [code] = read(from)?;
        if code != 0xFF {
            return Ok(code);
        }
    }
}

/// Keeps of what programs wrote only what the picture looks like by.
fn segment(from: &mut impl BufRead, to: &mut impl Write, marker: u8, payload: usize) -> io::Result<()> {
    debug_assert!(payload <= SEGMENT_BYTES_MAX);
    let may_stay = matches!(marker, 0xE0..=0xE2 | 0xEE);
    if !may_stay {
        return skip(from, payload as u64);
    }
    let mut bytes = vec![0; payload];
    from.read_exact(&mut bytes)?;
    let stays = match marker {
        0xE0 => bytes.starts_with(b"JFIF\0"),
        0xE2 => bytes.starts_with(b"ICC_PROFILE\0"),
        0xEE => bytes.starts_with(b"Adobe"),
        _ => false,
    };
    if stays {
        let length = u16::try_from(payload + 2).map_err(|_| nonsense())?;
        to.write_all(&[0xFF, marker])?;
        to.write_all(&length.to_be_bytes())?;
        return to.write_all(&bytes);
    }
    match bytes.strip_prefix(EXIF).and_then(orientation) {
        Some(way @ 2..=8) => to.write_all(&only_orientation(way)),
        _ => Ok(()),
    }
}

/// Which way up a picture is, 1 to 8, by the one field of its TIFF that is looked for.
fn orientation(tiff: &[u8]) -> Option<u8> {
    let is_big = match tiff.get(..4)? {
        b"MM\0*" => true,
        b"II*\0" => false,
        _ => return None,
    };
    let number = |at: usize, bytes: usize| -> Option<usize> {
        let bytes = tiff.get(at..at.checked_add(bytes)?)?;
        let add = |sum: usize, byte: &u8| (sum << 8) | usize::from(*byte);
        Some(if is_big { bytes.iter().fold(0, add) } else { bytes.iter().rev().fold(0, add) })
    };
    let first = number(4, 4)?;
    let fields = number(first, 2)?;
    let field = (0..fields).map(|n| first + 2 + n * 12).find(|at| number(*at, 2) == Some(0x0112))?;
    u8::try_from(number(field + 8, 2)?).ok()
}

/// A segment that says which way up the picture is and nothing else.
fn only_orientation(way: u8) -> Vec<u8> {
    let mut segment = vec![0xFF, 0xE1, 0, 34];
    segment.extend(EXIF);
    segment.extend(b"MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0");
    segment.extend([way, 0, 0, 0, 0, 0, 0]);
    segment
}

/// Copies the bytes of a scan and returns the marker that ends it.
fn copy_scan(from: &mut impl BufRead, to: &mut impl Write) -> io::Result<u8> {
    loop {
        let held = from.fill_buf()?;
        if held.is_empty() {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        let plain = held.iter().position(|byte| *byte == 0xFF).unwrap_or(held.len());
        to.write_all(&held[..plain])?;
        let is_marker = plain < held.len();
        from.consume(plain);
        if is_marker {
            match next_marker(from)? {
                // A byte FF of the picture, and marks to begin anew at.
                code @ (0x00 | 0xD0..=0xD7) => to.write_all(&[0xFF, code])?,
                code => return Ok(code),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn copied(bytes: &[u8]) -> io::Result<Vec<u8>> {
        let mut to = Vec::new();
        copy(&mut &*bytes, &mut to).map(|_| to)
    }

    /// A picture with these segments before its one scan.
    fn picture(segments: &[&[u8]]) -> Vec<u8> {
        let mut bytes = vec![0xFF, 0xD8];
        segments.iter().for_each(|segment| bytes.extend(*segment));
        bytes.extend(b"\xFF\xDA\0\x02scan\xFF\0\xFF\xD0more\xFF\xD9");
        bytes
    }

    #[test]
    fn s81_of_what_a_camera_wrote_only_the_way_up_stays() {
        // Little-endian, with a place (34853) beside the way up (274).
        let exif = b"\xFF\xE1\0\x2eExif\0\0II*\0\x08\0\0\0\x02\0\x25\x88\x04\0\x01\0\0\0\x99\0\0\0\x12\x01\x03\0\x01\0\0\0\x06\0\0\0\0\0\0\0";
        let xmp = b"\xFF\xE1\0\x0ahttp://n";
        let comment = b"\xFF\xFE\0\x08at home";
        let icc = b"\xFF\xE2\0\x0fICC_PROFILE\0x";
        let mut with_more = picture(&[exif, xmp, &comment[..10], icc]);
        with_more.extend(b"behind the end");
        assert_eq!(copied(&with_more).unwrap(), picture(&[&only_orientation(6), icc]));
        assert_eq!(copied(&copied(&with_more).unwrap()).unwrap(), copied(&with_more).unwrap());
        assert_eq!(orientation(only_orientation(6).get(10..).unwrap()), Some(6));
    }

    #[test]
    fn s77_bytes_that_are_no_jpeg_are_none_wherever_they_end() {
        let whole = picture(&[b"\xFF\xE1\0\x0cExif\0\0II*\0"]);
        for end in 0..whole.len() {
            assert!(copied(&whole[..end]).is_err(), "{end}");
        }
        assert!(copied(b"\xFF\xD8\xFF\xD9").is_err() && copied(b"\xFF\xD8\xFF\xE1\0\x01").is_err());
        for tiff in [&b""[..], b"II*\0\xFF\xFF\xFF\xFF", b"MM\0*\0\0\0\x08\xFF\xFF", b"MM\0*\0\0\0\x08\0\x01\x01\x12"] {
            assert_eq!(orientation(tiff), None);
        }
    }
}
