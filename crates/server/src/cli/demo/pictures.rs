//! The pictures of the demo house: drawn here, so that nobody's photograph is needed.

/// Across and down.
const SIZE: (u32, u32) = (720, 450);

type Colour = [u8; 3];

const PAPER: Colour = [252, 251, 248];
const INK: Colour = [42, 39, 33];
const SEA: Colour = [11, 92, 107];
const SIGNAL: Colour = [168, 50, 31];
const SAND: Colour = [227, 221, 207];

/// A PNG by the name that `talk.txt` calls it; none where there is no such picture.
pub(super) fn png(name: &str) -> Option<Vec<u8>> {
    let draw: fn(f64, f64) -> Colour = match name {
        "water" => water,
        "boat" => boat,
        "colours" => colours,
        "square" => square,
        _ => return None,
    };
    let (width, height) = SIZE;
    let mut lines = Vec::with_capacity(((width * 3 + 1) * height) as usize);
    for y in 0..height {
        // Each line says first how it is packed: as it is.
        lines.push(0);
        for x in 0..width {
            lines.extend(draw(f64::from(x) / f64::from(width), f64::from(y) / f64::from(height)));
        }
    }
    let head = [&width.to_be_bytes()[..], &height.to_be_bytes(), &[8, 2, 0, 0, 0]].concat();
    let data = miniz_oxide::deflate::compress_to_vec_zlib(&lines, 9);
    let chunks = [chunk(b"IHDR", &head), chunk(b"IDAT", &data), chunk(b"IEND", b"")];
    Some([b"\x89PNG\r\n\x1a\n".to_vec(), chunks.concat()].concat())
}

/// How large every one of them is.
pub(super) const fn size() -> (u32, u32) {
    SIZE
}

fn chunk(name: &[u8; 4], data: &[u8]) -> Vec<u8> {
    let body = [&name[..], data].concat();
    let length = u32::try_from(data.len()).unwrap_or_default();
    [&length.to_be_bytes()[..], &body, &checksum(&body).to_be_bytes()].concat()
}

/// CRC-32 as PNG has it.
fn checksum(bytes: &[u8]) -> u32 {
    let step = |sum: u32, _| if sum & 1 == 1 { (sum >> 1) ^ 0xEDB8_8320 } else { sum >> 1 };
    !bytes.iter().fold(u32::MAX, |sum, byte| (0..8).fold(sum ^ u32::from(*byte), step))
}

/// Between two colours.
fn mixed(a: Colour, b: Colour, part: f64) -> Colour {
    let part = part.clamp(0.0, 1.0);
    std::array::from_fn(|n| (f64::from(a[n]) + (f64::from(b[n]) - f64::from(a[n])) * part).round() as u8)
}

/// A curve of the tide over two days, with a line for now.
fn water(x: f64, y: f64) -> Colour {
    let level = |x: f64| 0.5 - 0.3 * (x * 4.0 * std::f64::consts::TAU / 1.04).sin() * (0.75 + 0.25 * (x * 3.0).cos());
    let above = y - level(x);
    if (x - 0.62).abs() < 0.002 {
        return SIGNAL;
    }
    let grid = (y * 10.0).fract() < 0.012 || (x * 8.0).fract() < 0.006;
    match above {
        line if line.abs() < 0.008 => SEA,
        line if line > 0.0 => mixed([205, 228, 232], [150, 196, 204], line * 2.0),
        _ if grid => SAND,
        _ => PAPER,
    }
}

/// A boat on the evening it went into the water.
fn boat(x: f64, y: f64) -> Colour {
    let sky = mixed([24, 46, 70], [236, 178, 120], y * 1.5);
    let wave = 0.66 + 0.006 * (x * 60.0).sin();
    let hull = (0.60..0.70).contains(&y) && (x - 0.47).abs() < 0.22 - (y - 0.60) * 0.8;
    let sail = (0.18..0.585).contains(&y) && x > 0.47 && x - 0.47 < (y - 0.18) * 0.42;
    let jib = (0.26..0.585).contains(&y) && x < 0.455 && 0.455 - x < (y - 0.26) * 0.3;
    let mast = (0.15..0.60).contains(&y) && (x - 0.462).abs() < 0.003;
    let sun = (x - 0.8).powi(2) + ((y - 0.5) * 0.625).powi(2) < 0.003;
    if hull {
        SIGNAL
    } else if mast {
        INK
    } else if sail || jib {
        PAPER
    } else if y > wave {
        mixed([60, 98, 112], [12, 30, 42], (y - wave) * 3.0)
    } else if sun {
        [255, 226, 168]
    } else {
        sky
    }
}

/// Eight colours for a chart, on paper and on night.
fn colours(x: f64, y: f64) -> Colour {
    const EIGHT: [Colour; 8] = [
        [138, 59, 18],
        [107, 78, 0],
        [63, 94, 26],
        [30, 99, 80],
        [31, 91, 133],
        [74, 75, 160],
        [122, 60, 140],
        [151, 48, 95],
    ];
    let ground = if y < 0.5 { PAPER } else { [23, 22, 19] };
    let column = (x * 8.0).floor();
    let inside = (0.18..0.82).contains(&(x * 8.0 - column)) && (0.2..0.8).contains(&((y * 2.0).fract()));
    let colour = EIGHT[(column as usize).min(7)];
    match (inside, y < 0.5) {
        (false, _) => ground,
        (true, true) => colour,
        (true, false) => mixed(colour, PAPER, 0.55),
    }
}

/// A dark square: Tromsø in November, in the afternoon.
fn square(x: f64, y: f64) -> Colour {
    let far = ((x - 0.7).powi(2) + ((y - 0.9) * 0.6).powi(2)).sqrt();
    mixed([34, 44, 58], [9, 11, 16], far * 1.6)
}
