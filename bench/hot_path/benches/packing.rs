//! What packed frames cost and save (`cargo bench -p parlour-hot-path --bench packing`), for texts of several lengths out of
//! our own pages: ADR 8 has the figures. The server's files are compiled from where they are.

#![allow(missing_docs)]
#![allow(clippy::unwrap_used)]

#[allow(unused)]
#[path = "../../../crates/server/src/ws/bounds.rs"]
mod bounds;
#[allow(unused)]
#[path = "../../../crates/server/src/ws/frame.rs"]
mod frame;
#[allow(unused)]
#[path = "../../../crates/server/src/ws/inflating.rs"]
mod inflating;
#[allow(unused)]
#[path = "../../../crates/server/src/ws/packing.rs"]
mod packing;

use std::hint::black_box;
use std::time::{Duration, Instant};

use inflating::Inflater;
use packing::Packer;
use parlour_protocol::push::Author;
use parlour_protocol::{Change, ClientId, Event, RoomId, Seq, Timestamp, UserId, codec};

const PAGES: [&str; 3] = [
    include_str!("../../../README.md"),
    include_str!("../../../ARCHITECTURE.md"),
    include_str!("../../../docs/RELIABILITY.md"),
];
const LENGTHS: [usize; 8] = [10, 40, 80, 120, 160, 320, 1_000, 4_000];
const TEXTS: usize = 200;
const ROUNDS: u32 = 10;

fn main() {
    let prose = PAGES.concat().split_whitespace().collect::<Vec<_>>().join(" ");
    println!("text B   payload B   packed B   saved   to pack   to read");
    for length in LENGTHS {
        row(length, &payloads(&prose, length));
    }
    let bomb = [miniz_oxide::deflate::compress_to_vec(&vec![b' '; 60_000_000], 9), vec![0]].concat();
    println!("{:>6.0} µs to refuse a bomb of 60 MB", time(|inflater| inflater.inflate(&bomb).is_err()));
    let (few, many) = (tables(126), tables(5_700));
    println!("{:>6.0} µs to read 126 blocks of tables", time(|inflater| inflater.inflate(&few).is_ok()));
    println!("{:>6.0} µs to refuse 5,700 of them", time(|inflater| inflater.inflate(&many).is_err()));
}

/// Events that say so many bytes each.
fn payloads(prose: &str, length: usize) -> Vec<Vec<u8>> {
    let event = |number: usize| {
        let (start, id) = (number * 37 % (prose.len() - 2 * length), uuid::Uuid::now_v7());
        let text: String = prose.chars().skip(start).take(length).collect();
        let by = Author { id: UserId(1_000 + number as u64), name: format!("Winston {number}") };
        let (client_id, answers, mentions, edited, deleted) = (ClientId(id), None, vec![], None, None);
        let change = Change::Message {
            client_id,
            text,
            binary: false,
            tree: None,
            answers,
            mentions,
            edited,
            deleted,
            files: vec![],
        };
        Event { room: RoomId(17), seq: Seq(40_000 + number as u64), at: Timestamp(1_700_000_000_000), by, change }
    };
    let payload = |number| {
        let mut payload = Vec::new();
        codec::encode_event(&event(number), &mut payload);
        payload
    };
    (0..TEXTS).map(payload).collect()
}

fn row(length: usize, payloads: &[Vec<u8>]) {
    let (mut packer, mut inflater) = (Packer::new(), Inflater::new());
    let (mut plain, mut small) = (0, 0);
    let (mut to_pack, mut to_read) = (Duration::ZERO, Duration::ZERO);
    for payload in payloads.iter().cycle().take(payloads.len() * ROUNDS as usize) {
        let began = Instant::now();
        let packed = packer.deflate(black_box(payload)).map(<[u8]>::to_vec);
        to_pack += began.elapsed();
        plain += payload.len();
        small += packed.as_ref().map_or(payload.len(), Vec::len);
        if let Some(packed) = packed {
            let began = Instant::now();
            assert_eq!(inflater.inflate(black_box(&packed)).unwrap(), payload);
            to_read += began.elapsed();
        }
    }
    let events = payloads.len() as u32 * ROUNDS;
    let each = |bytes: usize| bytes / events as usize;
    let saved = 100.0 * (1.0 - small as f64 / plain as f64);
    let micros = |time: Duration| time.as_secs_f64() * 1e6 / f64::from(events);
    let (to_pack, to_read) = (micros(to_pack), micros(to_read));
    println!("{length:>6} {:>11} {:>10} {saved:>5.0} % {to_pack:>6.1} µs {to_read:>6.1} µs", each(plain), each(small));
}

/// Microseconds that something takes, once the inflater is warm.
fn time(work: impl Fn(&mut Inflater) -> bool) -> f64 {
    let mut inflater = Inflater::new();
    assert!(work(&mut inflater));
    let began = Instant::now();
    (0..ROUNDS).for_each(|_| assert!(black_box(work(&mut inflater))));
    began.elapsed().as_secs_f64() * 1e6 / f64::from(ROUNDS)
}

/// A dear message: blocks that say nothing, each with tables of its own to be made first.
fn tables(blocks: usize) -> Vec<u8> {
    let mut bits: Vec<bool> = Vec::new();
    let mut put = |value: u32, count: u32| bits.extend((0..count).map(|bit| value >> bit & 1 == 1));
    for _ in 0..blocks {
        // A dynamic block; 257 literals, 1 distance, 18 lengths of codes.
        for (value, count) in [(0, 1), (2, 2), (0, 5), (0, 5), (14, 4)] {
            put(value, count);
        }
        // Lengths are told by two codes of one bit: 18, and 1.
        (0..18).for_each(|place| put(u32::from(place == 2 || place == 17), 3));
        // The literal 0 and the end have one bit each; the 255 between have none; so has the distance.
        for (value, count) in [(0, 1), (1, 1), (138 - 11, 7), (1, 1), (117 - 11, 7), (0, 1), (0, 1)] {
            put(value, count);
        }
        // The end.
        put(1, 1);
    }
    // An empty stored block, of which the last four bytes are not sent.
    put(0, 3);
    bits.chunks(8).map(|byte| byte.iter().rev().fold(0, |byte, bit| byte << 1 | u8::from(*bit))).collect()
}
