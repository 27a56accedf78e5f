//! Pictures as people bring them, and as those bring them who mean ill.

use std::io::Cursor;

use image::{DynamicImage, ImageFormat, Rgb, RgbImage};

/// A picture of this size, with something in it, so that it does not become nothing when it is packed.
pub(crate) fn picture(width: u32, height: u32, format: ImageFormat) -> Vec<u8> {
    let pixel = |x: u32, y: u32| Rgb([(x * 7 + y) as u8, (y * 3) as u8, (x ^ y) as u8]);
    let image = DynamicImage::ImageRgb8(RgbImage::from_fn(width, height, pixel));
    let mut bytes = Cursor::new(Vec::new());
    image.write_to(&mut bytes, format).unwrap();
    bytes.into_inner()
}

/// Where a camera says that it was, as the words that a test looks for.
pub(crate) const PLACE: &[u8] = b"48.8584N 2.2945E, at home";

/// The same JPEG as a telephone writes it: taken on its side, with a place, a thumbnail, a comment, and more behind its end.
pub(crate) fn from_a_telephone(jpeg: &[u8]) -> Vec<u8> {
    let mut exif = b"Exif\0\0II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0\x06\0\0\0\0\0\0\0".to_vec();
    exif.extend(PLACE);
    let segment = |marker: u8, payload: &[u8]| -> Vec<u8> {
        let length = u16::try_from(payload.len() + 2).unwrap().to_be_bytes();
        [&[0xFF, marker], &length[..], payload].concat()
    };
    let xmp = [b"http://ns.adobe.com/xap/1.0/\0", PLACE].concat();
    [&jpeg[..2], &segment(0xE1, &exif), &segment(0xE1, &xmp), &segment(0xFE, PLACE), &jpeg[2..], PLACE].concat()
}

/// A chunk of a PNG with a true checksum.
pub(crate) fn chunk(name: &[u8; 4], data: &[u8]) -> Vec<u8> {
    let sum = [&name[..], data].concat().iter().fold(u32::MAX, |sum, byte| {
        (0..8).fold(sum ^ u32::from(*byte), |sum, _| if sum & 1 == 1 { (sum >> 1) ^ 0xEDB8_8320 } else { sum >> 1 })
    });
    let length = u32::try_from(data.len()).unwrap().to_be_bytes();
    [&length[..], name, data, &(!sum).to_be_bytes()].concat()
}

/// A PNG that says it is this large, one bit a pixel, all black: some kilobytes of it.
pub(crate) fn flood(width: u32, height: u32) -> Vec<u8> {
    let head = [&width.to_be_bytes()[..], &height.to_be_bytes(), &[1, 0, 0, 0, 0]].concat();
    // Deflate of nothing but zeros: one block of its own kind for each 32 KiB would do; this says that they are stored.
    let data = [&[0x78, 0x01, 0x01, 0x00, 0x80, 0xFF, 0x7F][..], &[0; 0x8000]].concat();
    [b"\x89PNG\r\n\x1a\n".to_vec(), chunk(b"IHDR", &head), chunk(b"IDAT", &data), chunk(b"IEND", b"")].concat()
}

/// A GIF of so many frames of one pixel.
pub(crate) fn gif(frames: usize) -> Vec<u8> {
    let head = b"GIF89a\x01\0\x01\0\x80\0\0\0\0\0\xFF\xFF\xFF";
    let frame = b"\x2C\0\0\0\0\x01\0\x01\0\0\x02\x02\x44\x01\0";
    [&head[..], &frame.repeat(frames), b"\x3B"].concat()
}
