//! GIF without comments and what programs wrote into it, but for how often it plays.

use std::io::{self, Read, Write};

use super::{Parts, nonsense, read};

/// Programs' blocks that say how a picture plays or looks.
const KEPT: [&[u8; 11]; 3] = [b"NETSCAPE2.0", b"ANIMEXTS1.0", b"ICCRGBG1012"];

pub(super) fn copy(from: &mut impl Read, to: &mut impl Write) -> io::Result<Parts> {
    let mut parts = Parts { frames: 0, scans: 1 };
    let head: [u8; 13] = read(from)?;
    to.write_all(&head)?;
    colours(from, to, head[10])?;
    loop {
        let [block] = read(from)?;
        match block {
            0x3B => {
                to.write_all(&[block])?;
                return if parts.frames > 0 { Ok(parts) } else { Err(nonsense()) };
            }
            0x2C => {
                let place: [u8; 9] = read(from)?;
                to.write_all(&[block])?;
                to.write_all(&place)?;
                colours(from, to, place[8])?;
                to.write_all(&read::<1>(from)?)?;
                sub_blocks(from, to)?;
                parts.frames += 1;
            }
            0x21 => extension(from, to)?,
            _ => return Err(nonsense()),
        }
    }
}

/// A table of colours, where the byte says that there is one.
fn colours(from: &mut impl Read, to: &mut impl Write, flags: u8) -> io::Result<()> {
    if flags & 0x80 == 0 {
        return Ok(());
    }
    super::copy_exactly(from, to, 3 << ((flags & 7) + 1))
}

fn extension(from: &mut impl Read, to: &mut impl Write) -> io::Result<()> {
    let [label] = read(from)?;
    match label {
        // How long a frame stays.
        0xF9 => {
            to.write_all(&[0x21, label])?;
            sub_blocks(from, to)
        }
        0xFF => {
            let [length] = read(from)?;
            let mut name = vec![0; usize::from(length)];
            from.read_exact(&mut name)?;
            if !KEPT.iter().any(|kept| name == kept[..]) {
                return sub_blocks(from, &mut io::sink());
            }
            to.write_all(&[0x21, label, length])?;
            to.write_all(&name)?;
            sub_blocks(from, to)
        }
        _ => sub_blocks(from, &mut io::sink()),
    }
}

/// Blocks of up to 255 bytes, to the empty one.
fn sub_blocks(from: &mut impl Read, to: &mut impl Write) -> io::Result<()> {
    loop {
        let [length] = read(from)?;
        to.write_all(&[length])?;
        if length == 0 {
            return Ok(());
        }
        super::copy_exactly(from, to, u64::from(length))?;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn s81_a_gif_says_nothing_but_the_picture_and_s77_its_frames_are_counted() {
        let head = b"GIF89a\x01\0\x01\0\x80\0\0\0\0\0\xFF\xFF\xFF";
        let frame = b"\x2C\0\0\0\0\x01\0\x01\0\0\x02\x02\x44\x01\0";
        let plays = b"\x21\xFF\x0bNETSCAPE2.0\x03\x01\0\0\0";
        let comment = b"\x21\xFE\x07at home\0";
        let xmp = b"\x21\xFF\x0bXMP DataXMP\x01x\0";
        let given = [&head[..], comment, plays, xmp, frame, frame, b"\x3Bbehind"].concat();
        let mut to = Vec::new();
        assert_eq!(copy(&mut &given[..], &mut to).unwrap(), Parts { frames: 2, scans: 1 });
        assert_eq!(to, [&head[..], plays, frame, frame, b"\x3B"].concat());
        for end in 0..given.len() - 7 {
            assert!(copy(&mut &given[..end], &mut io::sink()).is_err(), "{end}");
        }
    }
}
