//! A line between one party and the house: TCP that we can spoil. It cuts, falls silent, freezes, slices and suppresses,
//! and on request lies to one reader, to see whether the checker notices.

use std::borrow::Cow;
use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use parlour_protocol::{Reply, ServerFrame};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::tcp::{ReadHalf, WriteHalf};
use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio::sync::watch;
use tokio::time::{Instant, sleep, sleep_until, timeout};

use super::book::Figure;
use super::frames::{Frames, Piece};
use super::plan::Kind;
use super::tamper::{Liar, Tamper};

/// A small window towards the house, so that a frozen reader is felt there soon.
const WINDOW_BYTES: u32 = 16 * 1024;
/// What is passed on at once.
const CHUNK_BYTES: usize = 4 * 1024;
/// A half-open connection is kept for so long; its party gave it up before.
const HALF_OPEN: Duration = Duration::from_secs(8);
/// After one side has ended the other has so long to end too.
const GOODBYE: Duration = Duration::from_secs(2);
/// The house is reached within this time, or not at all.
const REACH: Duration = Duration::from_secs(2);

/// How often something happened to a connection that was there.
#[derive(Debug, Default)]
pub(super) struct Hits([AtomicU64; Kind::ALL.len()]);

impl Hits {
    /// Counts one.
    pub(super) fn count(&self, kind: Kind) {
        self.0[kind as usize].fetch_add(1, Ordering::Relaxed);
    }

    /// How many there were.
    pub(super) fn of(&self, kind: Kind) -> u64 {
        self.0[kind as usize].load(Ordering::Relaxed)
    }
}

/// What all lines know of the house.
#[derive(Debug)]
pub(super) struct Way {
    /// Where it is.
    pub(super) house: SocketAddr,
    /// Whether its process runs. A connection is not tried while it does not: the system might give out its port.
    pub(super) open: AtomicBool,
    /// What happened.
    pub(super) hits: Hits,
}

/// What a line is to do from now on.
#[derive(Clone, Copy, Debug, Default)]
struct Orders {
    cuts: u64,
    half_opens: u64,
    frozen_until: Option<Instant>,
    sliced_until: Option<Instant>,
    suppressed_until: Option<Instant>,
}

/// What a line does with what the house says, beside the faults.
#[derive(Clone, Debug)]
pub(super) enum Nature {
    /// Passes it on.
    Honest,
    /// Lies about it.
    Liar(Arc<Mutex<Liar>>),
    /// Loses all of it but the answer to the handshake, and counts the answers to posts.
    Deaf(Arc<Figure>),
}

/// The same for one connection.
enum Ear {
    Honest,
    Liar(Tamper),
    Deaf(Frames, Arc<Figure>),
}

impl Ear {
    fn of(nature: &Nature) -> Ear {
        match nature {
            Nature::Honest => Ear::Honest,
            Nature::Liar(liar) => Ear::Liar(Tamper::new(Arc::clone(liar))),
            Nature::Deaf(lost) => Ear::Deaf(Frames::default(), Arc::clone(lost)),
        }
    }

    /// What is passed on of what came.
    async fn pass<'a>(&mut self, came: &'a [u8]) -> Cow<'a, [u8]> {
        match self {
            Ear::Honest => Cow::Borrowed(came),
            Ear::Liar(tamper) => Cow::Owned(tamper.pass(came).await),
            Ear::Deaf(frames, lost) => {
                let mut heard = Vec::new();
                for piece in frames.take(came) {
                    match piece {
                        Piece::Other(bytes) => heard.extend(bytes),
                        Piece::Text(frame, head) => {
                            let answer = serde_json::from_slice(&frame[head..]);
                            if let Ok(ServerFrame::Reply { reply: Reply::Posted { .. }, .. }) = answer {
                                lost.add(1);
                            }
                        }
                    }
                }
                Cow::Owned(heard)
            }
        }
    }
}

/// One line. When it is dropped its connections are cut.
#[derive(Debug)]
pub(super) struct Line {
    /// Where its party connects.
    pub(super) address: SocketAddr,
    orders: watch::Sender<Orders>,
}

impl Line {
    /// Opens a line of this nature.
    pub(super) async fn open(way: Arc<Way>, nature: Nature) -> io::Result<Line> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        let address = listener.local_addr()?;
        let (orders, given) = watch::channel(Orders::default());
        tokio::spawn(accept(listener, way, given, nature));
        Ok(Line { address, orders })
    }

    /// Lets something happen.
    pub(super) fn suffer(&self, kind: Kind, lasts: Duration) {
        let until = Some(Instant::now() + lasts);
        self.orders.send_modify(|orders| match kind {
            Kind::Cut => orders.cuts += 1,
            Kind::HalfOpen => orders.half_opens += 1,
            Kind::Freeze => orders.frozen_until = until,
            Kind::Slice => orders.sliced_until = until,
            Kind::Suppress => orders.suppressed_until = until,
            Kind::Kill | Kind::Clock => {}
        });
    }
}

async fn accept(listener: TcpListener, way: Arc<Way>, mut orders: watch::Receiver<Orders>, nature: Nature) {
    loop {
        let party = tokio::select! {
            accepted = listener.accept() => match accepted {
                Ok((party, _)) => party,
                // Out of descriptors for a moment; the party tries again.
                Err(_) => { sleep(Duration::from_millis(20)).await; continue }
            },
            // Nobody gives orders any more: the line is gone.
            changed = orders.changed() => match changed { Ok(()) => continue, Err(_) => return },
        };
        let ear = Ear::of(&nature);
        let (way, orders) = (Arc::clone(&way), orders.clone());
        tokio::spawn(async move {
            let house = reach(&way).await;
            let Some(house) = house else { return reset(party) };
            carry(party, house, &way, orders, ear).await;
        });
    }
}

async fn reach(way: &Way) -> Option<TcpStream> {
    if !way.open.load(Ordering::Acquire) {
        return None;
    }
    let socket = if way.house.is_ipv4() { TcpSocket::new_v4() } else { TcpSocket::new_v6() }.ok()?;
    socket.set_recv_buffer_size(WINDOW_BYTES).ok()?;
    let house = timeout(REACH, socket.connect(way.house)).await.ok()?.ok()?;
    house.set_nodelay(true).ok()?;
    // A port of this machine where nobody listens can be met by itself.
    (house.local_addr().ok()? != house.peer_addr().ok()?).then_some(house)
}

/// Ends a connection by RST: what was under way is lost.
fn reset(stream: TcpStream) {
    // Where the system refuses, it ends by FIN.
    let _ = stream.set_zero_linger();
}

/// How a connection over a line ended.
enum Fate {
    Cut(Kind),
    HalfOpen,
    /// The line itself is gone.
    Gone,
    /// One side ended it.
    Over,
}

async fn carry(mut party: TcpStream, mut house: TcpStream, way: &Way, mut orders: watch::Receiver<Orders>, ear: Ear) {
    // Only a delay is lost when the system refuses.
    let _ = party.set_nodelay(true);
    let fate = {
        let (from_party, to_party) = party.split();
        let (from_house, to_house) = house.split();
        let (up_orders, down_orders) = (orders.clone(), orders.clone());
        let up = up(from_party, to_house, &up_orders);
        let down = Down { orders: &down_orders, hits: &way.hits, ear }.pass(from_house, to_party);
        let talk = async {
            tokio::pin!(down);
            tokio::select! {
                // What the house still has to say is heard for a while: a party that only sends is no error.
                said = up => if said.is_ok() { drop(timeout(GOODBYE, down).await) },
                _ = &mut down => {}
            }
            Fate::Over
        };
        tokio::select! {
            fate = fate(&mut orders) => fate,
            over = talk => over,
        }
    };
    match fate {
        Fate::Over => {}
        Fate::Gone => {
            reset(party);
            reset(house);
        }
        Fate::Cut(kind) => {
            way.hits.count(kind);
            reset(party);
            reset(house);
        }
        Fate::HalfOpen => {
            way.hits.count(Kind::HalfOpen);
            let over = async { while orders.changed().await.is_ok() {} };
            drop(timeout(HALF_OPEN, over).await);
            reset(party);
            reset(house);
        }
    }
}

/// Waits for the order that ends a connection made now.
async fn fate(orders: &mut watch::Receiver<Orders>) -> Fate {
    let born = Instant::now();
    let first = *orders.borrow_and_update();
    loop {
        let now = *orders.borrow_and_update();
        if now.cuts != first.cuts {
            return Fate::Cut(Kind::Cut);
        }
        if now.half_opens != first.half_opens {
            return Fate::HalfOpen;
        }
        let changed = match now.suppressed_until.filter(|until| *until > born) {
            Some(until) => tokio::select! {
                () = sleep_until(until) => return Fate::Cut(Kind::Suppress),
                changed = orders.changed() => changed,
            },
            None => orders.changed().await,
        };
        if changed.is_err() {
            return Fate::Gone;
        }
    }
}

/// From the party to the house.
async fn up(mut from: ReadHalf<'_>, mut to: WriteHalf<'_>, orders: &watch::Receiver<Orders>) -> io::Result<()> {
    let mut chunk = vec![0; CHUNK_BYTES];
    loop {
        let read = from.read(&mut chunk).await?;
        if read == 0 {
            return to.shutdown().await;
        }
        write(&mut to, &chunk[..read], orders).await?;
    }
}

/// From the house to the party.
struct Down<'a> {
    orders: &'a watch::Receiver<Orders>,
    hits: &'a Hits,
    ear: Ear,
}

impl Down<'_> {
    async fn pass(mut self, mut from: ReadHalf<'_>, mut to: WriteHalf<'_>) -> io::Result<()> {
        let mut chunk = vec![0; CHUNK_BYTES];
        let mut sliced = false;
        loop {
            let frozen = later(self.orders.borrow().frozen_until);
            if let Some(until) = frozen {
                self.hits.count(Kind::Freeze);
                sleep_until(until).await;
            }
            let read = from.read(&mut chunk).await?;
            if read == 0 {
                return to.shutdown().await;
            }
            let now = *self.orders.borrow();
            // Lost for good: the connection is cut when this is over.
            if later(now.suppressed_until).is_some() {
                continue;
            }
            if later(now.sliced_until).is_some() && !std::mem::replace(&mut sliced, true) {
                self.hits.count(Kind::Slice);
            }
            write(&mut to, &self.ear.pass(&chunk[..read]).await, self.orders).await?;
        }
    }
}

fn later(time: Option<Instant>) -> Option<Instant> {
    time.filter(|time| *time > Instant::now())
}

/// Passes on, byte by byte while that is the order.
async fn write(to: &mut WriteHalf<'_>, bytes: &[u8], orders: &watch::Receiver<Orders>) -> io::Result<()> {
    let mut bytes = bytes;
    while let Some((first, rest)) = bytes.split_first() {
        if later(orders.borrow().sliced_until).is_none() {
            return to.write_all(bytes).await;
        }
        to.write_all(&[*first]).await?;
        bytes = rest;
    }
    Ok(())
}
