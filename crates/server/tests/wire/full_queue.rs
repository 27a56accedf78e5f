//! When the disk is slow: refused in time, in order, with nothing half done (MSG-6, LOG-4). Full: `faults/full_disk.rs`.

use std::time::{Duration, Instant};

use parlour_client::{Client, ClientError, Session};
use parlour_protocol::{ClientId, Command, ErrorCode, Hello, Refusal, RoomId};

use crate::house::House;
use crate::people::{connect, fresh, session, text_of};

const LOBBY: RoomId = RoomId::LOBBY;
/// As many as one connection may have unanswered.
const IN_FLIGHT: usize = 64;
/// So many connections, with messages of 16,000 bytes, are more than the 16 MiB that may wait for the disk.
const WRITERS: usize = 20;
/// The store waits so long for whoever holds the file; then everything that waits is refused.
const PATIENCE: Duration = Duration::from_secs(2);

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn msg_6_above_16_mib_waiting_messages_are_refused_as_busy_and_in_order() {
    let house = House::start();
    let ada = session(&house, "Ada").await;
    let mut writers = Vec::new();
    for _ in 0..WRITERS {
        writers.push(connect(&ada, Hello::default()).await.0);
    }
    // Whoever writes to the file holds up the house, as a slow disk does.
    let slow = house.database();
    slow.execute_batch("begin immediate").unwrap();
    let began = Instant::now();
    let mut tasks = Vec::new();
    for (writer, client) in writers.into_iter().enumerate() {
        tasks.push(tokio::spawn(fill(client, writer)));
    }
    let mut filled = Vec::new();
    for task in tasks {
        filled.push(task.await.unwrap());
    }
    // The first refusal ends the wait: the queue is full.
    let mut busy = Vec::new();
    for writer in &mut filled {
        if let Some(refusal) = writer.first_refusal().await {
            busy.push(refusal);
            break;
        }
    }
    slow.execute_batch("rollback").unwrap();
    drop(slow);
    let held = began.elapsed();
    let refusal = busy.pop().expect("nobody was refused");
    assert_eq!(refusal.code, ErrorCode::Busy);
    assert!(refusal.retry_after_ms.is_some());
    let mut tasks = Vec::new();
    for writer in filled {
        tasks.push(tokio::spawn(writer.finish()));
    }
    let mut refused = 0;
    for task in tasks {
        refused += task.await.unwrap();
    }
    assert!(refused > 0, "nobody was refused");
    assert!(refused < WRITERS * IN_FLIGHT || held >= PATIENCE, "all were refused, after {held:?}");
    println!("{refused} of {} were refused", WRITERS * IN_FLIGHT);
    check_log(&ada).await;
}

/// One connection's messages: sent at once, and what became of each.
struct Writer {
    client: Client,
    waiting: Vec<(u32, ClientId, String)>,
    /// How each was answered so far, in the order they were sent.
    taken: Vec<bool>,
}

async fn fill(mut client: Client, writer: usize) -> Writer {
    let mut waiting = Vec::new();
    for number in 0..IN_FLIGHT {
        let (client_id, text) = (fresh(), format!("{writer} {number} {}", "z".repeat(16_000)));
        let r#ref = client
            .send(Command::Post { room: LOBBY, client_id, text: text.clone(), answers: None, files: vec![] })
            .await
            .unwrap();
        waiting.push((r#ref, client_id, text));
    }
    Writer { client, waiting, taken: Vec::new() }
}

impl Writer {
    /// The refusal of the first message that was refused, when one of this connection was while the disk was held.
    async fn first_refusal(&mut self) -> Option<Refusal> {
        // The last is the surest to be refused; when it waits too, no answer comes while the disk is held.
        let last = self.waiting.last().unwrap().0;
        let answer = tokio::time::timeout(Duration::from_millis(200), self.client.answer(last)).await;
        match answer {
            Ok(Err(ClientError::Refused(refusal))) => {
                self.waiting.last_mut().unwrap().0 = 0;
                Some(refusal)
            }
            Ok(other) => panic!("answered while the disk was held: {other:?}"),
            Err(_) => None,
        }
    }

    /// Takes the answers, then says again in order what was refused; returns how many were.
    async fn finish(mut self) -> usize {
        for (r#ref, ..) in &self.waiting {
            // 0 was answered with a refusal before.
            let taken = *r#ref != 0 && self.client.answer(*r#ref).await.is_ok();
            self.taken.push(taken);
        }
        let first_refused = self.taken.iter().position(|taken| !taken).unwrap_or(self.taken.len());
        assert!(
            self.taken[first_refused..].iter().all(|taken| !taken),
            "log_4: one overtook another: {:?}",
            self.taken
        );
        let refused: Vec<_> = self.waiting.drain(first_refused..).collect();
        let count = refused.len();
        for (_, client_id, text) in refused {
            while self.client.post_as(LOBBY, client_id, &text).await.is_err() {}
        }
        count
    }
}

/// Every message is there once, those of one writer in their order.
async fn check_log(ada: &Session) {
    let log = ada.whole_log(LOBBY).await.unwrap();
    assert_eq!(log.len(), WRITERS * IN_FLIGHT);
    for writer in 0..WRITERS {
        let prefix = format!("{writer} ");
        let said = log.iter().filter_map(text_of).filter_map(|text| text.strip_prefix(&prefix));
        let numbers: Vec<String> = said.map(|text| text.split(' ').next().unwrap().to_owned()).collect();
        assert_eq!(numbers, (0..IN_FLIGHT).map(|number| number.to_string()).collect::<Vec<_>>(), "writer {writer}");
    }
}
