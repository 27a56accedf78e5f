//! PNG without texts, times, Exif and whatever else no picture looks like by, and nothing behind its end.

use std::io::{self, Read, Write};

use super::{Parts, copy_exactly, nonsense, read, skip};

/// Chunks that a picture looks like by.
const KEPT: [&[u8; 4]; 18] = [
    b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS", b"gAMA", b"cHRM", b"sRGB", b"iCCP", b"cICP", b"mDCV", b"cLLI",
    b"sBIT", b"bKGD", b"pHYs", b"acTL", b"fcTL", b"fdAT",
];

pub(super) fn copy(from: &mut impl Read, to: &mut impl Write) -> io::Result<Parts> {
    let mut parts = Parts { frames: 1, scans: 1 };
    to.write_all(&read::<8>(from)?)?;
    let mut is_first = true;
    loop {
        let length: [u8; 4] = read(from)?;
        let name: [u8; 4] = read(from)?;
        // With the four bytes of its checksum.
        let rest = u64::from(u32::from_be_bytes(length)) + 4;
        if rest > 1 << 31 || is_first != (&name == b"IHDR") {
            return Err(nonsense());
        }
        is_first = false;
        if !KEPT.contains(&&name) {
            skip(from, rest)?;
            continue;
        }
        parts.frames += u32::from(&name == b"fcTL");
        to.write_all(&length)?;
        to.write_all(&name)?;
        copy_exactly(from, to, rest)?;
        if &name == b"IEND" {
            return Ok(parts);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn s81_a_png_says_nothing_but_the_picture() {
        let chunk = |name: &[u8], data: &[u8]| -> Vec<u8> {
            let length = u32::try_from(data.len()).unwrap().to_be_bytes();
            [&length[..], name, data, b"crc!"].concat()
        };
        let head = b"\x89PNG\r\n\x1a\n".to_vec();
        let of = |more: &[Vec<u8>]| -> Vec<u8> {
            [head.clone(), chunk(b"IHDR", b"x"), more.concat(), chunk(b"IDAT", b"y"), chunk(b"IEND", b"")].concat()
        };
        let places =
            [chunk(b"eXIf", b"MM\0*"), chunk(b"tEXt", b"at home"), chunk(b"tIME", b"now"), chunk(b"prVt", b"z")];
        let mut given = of(&places);
        given.extend(b"behind the end");
        let mut to = Vec::new();
        assert_eq!(copy(&mut &given[..], &mut to).unwrap(), Parts { frames: 1, scans: 1 });
        assert_eq!(to, of(&[]));
        for end in 0..of(&places).len() {
            assert!(copy(&mut &given[..end], &mut io::sink()).is_err(), "{end}");
        }
    }
}
