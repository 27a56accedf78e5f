//! WebP without Exif, XMP and chunks that nobody knows, and nothing behind its end.

use std::io::{self, Read, Seek, SeekFrom, Write};

use super::{Parts, copy_exactly, nonsense, read};

const KEPT: [&[u8; 4]; 7] = [b"VP8 ", b"VP8L", b"VP8X", b"ANIM", b"ANMF", b"ALPH", b"ICCP"];
/// Chunks of one picture; one with more is none.
const CHUNKS_MAX: usize = 2_000;
/// The flags of an extended picture that promise Exif and XMP.
const PROMISES: u8 = 0x08 | 0x04;

struct Chunk {
    name: [u8; 4],
    at: u64,
    length: u32,
}

pub(super) fn copy(from: &mut (impl Read + Seek), to: &mut impl Write) -> io::Result<Parts> {
    let chunks = kept(from)?;
    // As many bytes as are written behind this number.
    let padded = |length: u32| u64::from(length) + u64::from(length % 2);
    let whole = 4 + chunks.iter().map(|chunk| 8 + padded(chunk.length)).sum::<u64>();
    to.write_all(b"RIFF")?;
    to.write_all(&u32::try_from(whole).map_err(|_| nonsense())?.to_le_bytes())?;
    to.write_all(b"WEBP")?;
    for chunk in &chunks {
        from.seek(SeekFrom::Start(chunk.at))?;
        to.write_all(&chunk.name)?;
        to.write_all(&chunk.length.to_le_bytes())?;
        if &chunk.name == b"VP8X" {
            let mut head: [u8; 10] = read(from)?;
            head[0] &= !PROMISES;
            to.write_all(&head)?;
        } else {
            copy_exactly(from, to, u64::from(chunk.length))?;
            to.write_all(&[0][..(chunk.length % 2) as usize])?;
        }
    }
    let frames = chunks.iter().filter(|chunk| &chunk.name == b"ANMF").count();
    Ok(Parts { frames: u32::try_from(frames.max(1)).unwrap_or(u32::MAX), scans: 1 })
}

/// Where the chunks are that a picture looks like by.
fn kept(from: &mut (impl Read + Seek)) -> io::Result<Vec<Chunk>> {
    let _riff: [u8; 4] = read(from)?;
    let end = u64::from(u32::from_le_bytes(read(from)?)) + 8;
    let _webp: [u8; 4] = read(from)?;
    let bytes = from.seek(SeekFrom::End(0))?;
    if end > bytes {
        return Err(io::ErrorKind::UnexpectedEof.into());
    }
    let (mut chunks, mut at) = (Vec::new(), 12);
    for _ in 0..CHUNKS_MAX {
        if at + 8 > end {
            return if chunks.is_empty() { Err(nonsense()) } else { Ok(chunks) };
        }
        from.seek(SeekFrom::Start(at))?;
        let (name, length) = (read(from)?, u32::from_le_bytes(read(from)?));
        at += 8;
        let next = at + u64::from(length) + u64::from(length % 2);
        if at + u64::from(length) > end || (&name == b"VP8X" && length != 10) {
            return Err(nonsense());
        }
        if KEPT.contains(&&name) {
            chunks.push(Chunk { name, at, length });
        }
        at = next;
    }
    Err(nonsense())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn s81_a_webp_says_nothing_but_the_picture() {
        let chunk = |name: &[u8], data: &[u8]| -> Vec<u8> {
            let length = u32::try_from(data.len()).unwrap().to_le_bytes();
            [name, &length, data, &[0][..data.len() % 2]].concat()
        };
        let of = |chunks: &[Vec<u8>]| -> Vec<u8> {
            let chunks = chunks.concat();
            let length = u32::try_from(chunks.len() + 4).unwrap().to_le_bytes();
            [b"RIFF", &length[..], b"WEBP", &chunks].concat()
        };
        let (head, bare) = (chunk(b"VP8X", b"\x1C234567890"), chunk(b"VP8X", b"\x10234567890"));
        let picture = chunk(b"VP8 ", b"odd");
        let mut given =
            of(&[head, picture.clone(), chunk(b"EXIF", b"MM\0*"), chunk(b"XMP ", b"<x/>"), chunk(b"mine", b"x")]);
        let whole = given.len();
        given.extend(b"behind");
        let mut to = Vec::new();
        copy(&mut io::Cursor::new(&given), &mut to).unwrap();
        assert_eq!(to, of(&[bare, picture]));
        for end in 0..whole {
            assert!(copy(&mut io::Cursor::new(&given[..end]), &mut io::sink()).is_err(), "{end}");
        }
    }
}
