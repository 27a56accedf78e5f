//! A small chat server that does one thing wrong, and counts how often: what the bench must find. Without a vice it is
//! honest. Rooms are the paths of the upgrade requests.

use std::io::{Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use sha1::{Digest as _, Sha1};

/// What is done wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Vice {
    /// Nothing.
    None,
    /// Each so many-th delivery is not made.
    Lose(u64),
    /// … is made twice.
    Double(u64),
    /// … is made after the next one of that client.
    Swap(u64),
    /// Everyone hears every room.
    Mix,
    /// After so many messages the first client is hung up on.
    Cut(u64),
    /// Its frames are masked, as only a client's are.
    Mask,
    /// Its text is cut short after so many bytes.
    Shorten(usize),
    /// It never lets go of what it has to say.
    Mute,
}

/// How it is spoken to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Manners {
    /// Who is connected is in.
    Bare,
    /// One says `hello`, hears `welcome`, and answers `2` with `3`; messages are fragmented. Senders hear nothing of
    /// their own.
    Ceremony,
}

struct Peer {
    room: String,
    stream: TcpStream,
    id: usize,
    held: Vec<Vec<u8>>,
}

#[derive(Default)]
struct Crowd {
    peers: Vec<Peer>,
    deliveries: u64,
    messages: u64,
    wrongs: u64,
    answers: u64,
    came: usize,
}

/// The server.
pub(crate) struct Bad {
    vice: Vice,
    manners: Manners,
    crowd: Arc<Mutex<Crowd>>,
    pub(crate) address: String,
}

impl Bad {
    pub(crate) fn start(vice: Vice, manners: Manners) -> Bad {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap().to_string();
        let crowd = Arc::new(Mutex::new(Crowd::default()));
        let shared = Arc::clone(&crowd);
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let crowd = Arc::clone(&shared);
                // A client that goes away ends its thread; that is no fault.
                std::thread::spawn(move || serve(vice, manners, &crowd, stream));
            }
        });
        Bad { vice, manners, crowd, address }
    }

    /// How often the vice was given in to.
    pub(crate) fn wrongs(&self) -> u64 {
        self.crowd.lock().unwrap().wrongs
    }

    /// How often `2` was answered.
    pub(crate) fn answers(&self) -> u64 {
        self.crowd.lock().unwrap().answers
    }
}

impl std::fmt::Debug for Bad {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:?} {:?}, {} wrongs", self.vice, self.manners, self.wrongs())
    }
}

fn serve(vice: Vice, manners: Manners, crowd: &Mutex<Crowd>, mut stream: TcpStream) -> Option<()> {
    stream.set_nodelay(true).ok()?;
    let room = upgrade(&mut stream)?;
    let enter = |stream: &TcpStream| -> Option<usize> {
        let mut crowd = crowd.lock().unwrap();
        crowd.came += 1;
        let id = crowd.came;
        crowd.peers.push(Peer { room: room.clone(), stream: stream.try_clone().ok()?, id, held: Vec::new() });
        Some(id)
    };
    let mut id = if manners == Manners::Bare { enter(&stream) } else { None };
    loop {
        let (opcode, text) = read(&mut stream)?;
        match (opcode, text.as_slice(), id) {
            (8, ..) => return None,
            (1, b"hello", None) => {
                stream.write_all(&[frame(b"welcome", false), frame(b"2", false)].concat()).ok()?;
                id = enter(&stream);
            }
            (1, b"3", _) => crowd.lock().unwrap().answers += 1,
            (1, text, Some(id)) => crowd.lock().unwrap().publish(vice, manners, id, &room, text),
            _ => {}
        }
    }
}

impl Crowd {
    fn publish(&mut self, vice: Vice, manners: Manners, from: usize, room: &str, text: &[u8]) {
        self.messages += 1;
        let (messages, Crowd { peers, deliveries, wrongs, .. }) = (self.messages, self);
        if vice == Vice::Cut(messages) {
            *wrongs += 1;
            // It may be gone already.
            let _ = peers[0].stream.shutdown(Shutdown::Both);
        }
        for peer in peers.iter_mut() {
            if peer.room != room && vice != Vice::Mix || manners == Manners::Ceremony && peer.id == from {
                continue;
            }
            *deliveries += 1;
            let is_turn = |every: u64| *deliveries % every == 0;
            let mut out = match vice {
                Vice::Shorten(length) => frame(&text[..length], false),
                _ => frame(text, manners == Manners::Ceremony),
            };
            match vice {
                Vice::Lose(every) if is_turn(every) => out.clear(),
                Vice::Double(every) if is_turn(every) => out = out.repeat(2),
                Vice::Swap(every) if is_turn(every) => {
                    peer.held.push(out);
                    *wrongs += 1;
                    continue;
                }
                Vice::Mix if peer.room != room => *wrongs += 1,
                Vice::Mask => out[1] |= 0x80,
                Vice::Mute => continue,
                _ => {}
            }
            let is_wrong = match vice {
                Vice::Lose(every) | Vice::Double(every) => is_turn(every),
                Vice::Mask | Vice::Shorten(_) => true,
                _ => false,
            };
            *wrongs += u64::from(is_wrong);
            out.extend(peer.held.drain(..).flatten());
            // A client that is gone hears nothing more.
            let _ = peer.stream.write_all(&out);
        }
    }
}

/// Reads an upgrade request and grants it; its path.
fn upgrade(stream: &mut TcpStream) -> Option<String> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        let mut byte = [0];
        stream.read_exact(&mut byte).ok()?;
        head.push(byte[0]);
    }
    let head = String::from_utf8(head).ok()?;
    let key = head.lines().find_map(|line| line.strip_prefix("Sec-WebSocket-Key: "))?;
    let digest = Sha1::new().chain_update(key).chain_update("258EAFA5-E914-47DA-95CA-C5AB0DC85B11").finalize();
    let accept = STANDARD.encode(digest);
    let answer = format!(
        "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: {accept}\r\n\r\n"
    );
    stream.write_all(answer.as_bytes()).ok()?;
    head.split_whitespace().nth(1).map(str::to_owned)
}

/// A text as one frame, or cut in two inside of what stands at its beginning.
fn frame(text: &[u8], is_cut: bool) -> Vec<u8> {
    let one = |first: u8, text: &[u8]| {
        let mut out = vec![first];
        match text.len() {
            length @ ..126 => out.push(u8::try_from(length).unwrap()),
            length => {
                out.push(126);
                out.extend(u16::try_from(length).unwrap().to_be_bytes());
            }
        }
        out.extend(text);
        out
    };
    if is_cut { [one(0x01, &text[..5]), one(0x80, &text[5..])].concat() } else { one(0x81, text) }
}

/// The next frame of a client, which must be masked.
fn read(stream: &mut TcpStream) -> Option<(u8, Vec<u8>)> {
    let mut head = [0; 2];
    stream.read_exact(&mut head).ok()?;
    assert!(head[1] & 0x80 != 0, "a client masks its frames");
    let mut length = u64::from(head[1] & 0x7f);
    if length == 126 {
        let mut long = [0; 2];
        stream.read_exact(&mut long).ok()?;
        length = u64::from(u16::from_be_bytes(long));
    }
    let mut mask = [0; 4];
    stream.read_exact(&mut mask).ok()?;
    let mut text = vec![0; usize::try_from(length).unwrap()];
    stream.read_exact(&mut text).ok()?;
    text.iter_mut().zip(mask.iter().cycle()).for_each(|(byte, key)| *byte ^= key);
    Some((head[0] & 0x0f, text))
}
