//! The controls: two hubs as they are often written, and sleepers before them.

use std::net::SocketAddr;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpSocket, TcpStream};
use tokio::sync::{broadcast, mpsc};

use crate::{BODY, grown, missing};

const SLEEPERS: usize = 60;
const MESSAGES: u64 = 1_000;

/// A message: its number, and the rest.
fn message(number: u64) -> Vec<u8> {
    let mut bytes = vec![b'x'; BODY];
    bytes[..8].copy_from_slice(&number.to_be_bytes());
    bytes
}

/// So many connections between a server of this test and clients that take little and do not read.
async fn sleepers() -> (Vec<TcpStream>, Vec<TcpStream>) {
    let listener = TcpSocket::new_v4().unwrap();
    // The connections it takes inherit it: what is not in the hub's queues is not to hide in the kernel's.
    listener.set_send_buffer_size(8 * 1024).unwrap();
    listener.bind(SocketAddr::from(([127, 0, 0, 1], 0))).unwrap();
    let listener = listener.listen(1_024).unwrap();
    let address = listener.local_addr().unwrap();
    let (mut served, mut asleep) = (Vec::new(), Vec::new());
    for _ in 0..SLEEPERS {
        let socket = TcpSocket::new_v4().unwrap();
        socket.set_recv_buffer_size(4 * 1024).unwrap();
        let (client, server) = tokio::join!(socket.connect(address), listener.accept());
        asleep.push(client.unwrap());
        served.push(server.unwrap().0);
    }
    (served, asleep)
}

/// The numbers of the messages that one who wakes hears.
async fn wake(mut stream: TcpStream) -> Vec<u64> {
    let (mut numbers, mut bytes) = (Vec::new(), vec![0; BODY]);
    while stream.read_exact(&mut bytes).await.is_ok() {
        numbers.push(u64::from_be_bytes(bytes[..8].try_into().unwrap()));
    }
    numbers
}

fn own_memory_kib() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find(|line| line.starts_with("VmRSS:")).unwrap();
    line.split_whitespace().nth(1).unwrap().parse().unwrap()
}

/// A hub with a queue for each client: how much this process grew by, which is more than is allowed. Nothing else may run in it.
pub(crate) async fn queues_grow() -> String {
    let (served, _asleep) = sleepers().await;
    let before_kib = own_memory_kib();
    let mut queues = Vec::new();
    for mut stream in served {
        let (queue, mut queued) = mpsc::unbounded_channel::<Vec<u8>>();
        tokio::spawn(async move {
            while let Some(message) = queued.recv().await {
                if stream.write_all(&message).await.is_err() {
                    break;
                }
            }
        });
        queues.push(queue);
    }
    for number in 1..=MESSAGES {
        for queue in &queues {
            queue.send(message(number)).unwrap();
        }
        tokio::task::yield_now().await;
    }
    grown(before_kib, own_memory_kib()).unwrap_err()
}

/// A hub that drops what a slow client has no place for: what the last of them misses; each misses something.
pub(crate) async fn drops_lose() -> String {
    let (served, asleep) = sleepers().await;
    let (hub, _) = broadcast::channel::<Vec<u8>>(256);
    for mut stream in served {
        let mut heard = hub.subscribe();
        tokio::spawn(async move {
            loop {
                match heard.recv().await {
                    Ok(message) if stream.write_all(&message).await.is_ok() => {}
                    // As many programs do: what was missed is missed.
                    Err(broadcast::error::RecvError::Lagged(_)) => {}
                    _ => break,
                }
            }
        });
    }
    for number in 1..=MESSAGES {
        hub.send(message(number)).unwrap();
        tokio::task::yield_now().await;
    }
    drop(hub);
    let mut faults = Vec::new();
    for stream in asleep {
        faults.extend(missing(&wake(stream).await, 1, MESSAGES).err());
    }
    assert_eq!(faults.len(), SLEEPERS, "each misses something");
    faults.swap_remove(0)
}
