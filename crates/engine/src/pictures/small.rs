//! A picture seen once: how large it is, and a small one of it.

use std::io::{BufRead, Cursor, Seek};

use image::codecs::jpeg::JpegEncoder;
use image::metadata::Orientation;
use image::{DynamicImage, ImageDecoder, ImageFormat, ImageReader, Limits};
use parlour_domain::file::Picture;
use parlour_protocol::limits;

use super::Small;

/// What a decoder may hold at once: the S77 row allows 256 MiB with all that is around it.
const DECODED_BYTES_MAX: u64 = 192 * 1024 * 1024;
/// A picture of so few bytes is its own small one, if it is not larger than one.
const SMALL_BYTES: u64 = 256 * 1024;
/// Of a small picture as a JPEG, of 100.
const QUALITY: u8 = 82;

/// What was seen.
pub(super) struct Seen {
    /// Width and height as it is seen.
    pub(super) size: (u32, u32),
    /// The small picture, where the whole is not small itself.
    pub(super) thumb: Option<Vec<u8>>,
}

/// Looks at a picture; none when it is too much, or is not one after all.
pub(super) fn see(whole: impl BufRead + Seek, picture: Picture, bytes: u64) -> Option<Seen> {
    let Decoded { image, way, size: (width, height) } = decode(whole, picture)?;
    let size = if is_on_its_side(way) { (height, width) } else { (width, height) };
    if bytes <= SMALL_BYTES && width.max(height) <= limits::THUMB_SIDE {
        return Some(Seen { size, thumb: None });
    }
    Some(Seen { size, thumb: Some(encode(&shrink(image, way, limits::THUMB_SIDE))?) })
}

/// A small picture of bytes of which nothing is kept: made anew also where they are small.
pub(super) fn of(bytes: &[u8], picture: Picture, side: u32) -> Option<Small> {
    let Decoded { image, way, .. } = decode(Cursor::new(bytes), picture)?;
    let small = shrink(image, way, side);
    let bytes = encode(&small)?;
    let kind = if bytes.starts_with(&[0xFF, 0xD8]) { "image/jpeg" } else { "image/png" };
    Some(Small { bytes, size: (small.width(), small.height()), kind })
}

struct Decoded {
    image: DynamicImage,
    way: Orientation,
    size: (u32, u32),
}

/// Decodes within the bounds.
fn decode(whole: impl BufRead + Seek, picture: Picture) -> Option<Decoded> {
    let mut reader = ImageReader::with_format(whole, format(picture));
    let mut bounds = Limits::no_limits();
    bounds.max_image_width = Some(limits::PICTURE_SIDE_MAX);
    bounds.max_image_height = Some(limits::PICTURE_SIDE_MAX);
    bounds.max_alloc = Some(DECODED_BYTES_MAX);
    reader.limits(bounds);
    let mut decoder = reader.into_decoder().ok()?;
    // Only the header was read so far.
    let (width, height) = decoder.dimensions();
    let is_too_large = width.max(height) > limits::PICTURE_SIDE_MAX
        || u64::from(width) * u64::from(height) > limits::PICTURE_PIXELS_MAX
        || decoder.total_bytes() > DECODED_BYTES_MAX;
    if is_too_large || width == 0 || height == 0 {
        return None;
    }
    let way = decoder.orientation().unwrap_or(Orientation::NoTransforms);
    let image = DynamicImage::from_decoder(decoder).ok()?;
    Some(Decoded { image, way, size: (width, height) })
}

fn shrink(image: DynamicImage, way: Orientation, side: u32) -> DynamicImage {
    let side = side.min(image.width().max(image.height()));
    let mut small = image.thumbnail(side, side);
    drop(image);
    small.apply_orientation(way);
    small
}

fn format(picture: Picture) -> ImageFormat {
    match picture {
        Picture::Jpeg => ImageFormat::Jpeg,
        Picture::Png => ImageFormat::Png,
        Picture::Gif => ImageFormat::Gif,
        Picture::Webp => ImageFormat::WebP,
    }
}

fn is_on_its_side(way: Orientation) -> bool {
    matches!(
        way,
        Orientation::Rotate90 | Orientation::Rotate270 | Orientation::Rotate90FlipH | Orientation::Rotate270FlipH
    )
}

/// A JPEG, or a PNG where something shines through.
fn encode(small: &DynamicImage) -> Option<Vec<u8>> {
    let mut bytes = Vec::new();
    if small.color().has_alpha() && small.to_rgba8().pixels().any(|pixel| pixel.0[3] < 255) {
        let plain = DynamicImage::ImageRgba8(small.to_rgba8());
        plain.write_to(&mut Cursor::new(&mut bytes), ImageFormat::Png).ok()?;
    } else {
        JpegEncoder::new_with_quality(&mut bytes, QUALITY).encode_image(&small.to_rgb8()).ok()?;
    }
    Some(bytes)
}
