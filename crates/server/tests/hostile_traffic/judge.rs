//! What a run must have been like, and whether it was.

use std::collections::BTreeMap;
use std::time::Duration;

use crate::raw::{CLOSE, Frame};

/// What a house may grow by (G25).
const GROWTH_KIB: u64 = 64 * 1024;
/// Who means well is served within this time, however bad it gets.
const WORST: Duration = Duration::from_secs(5);

/// What the attackers were answered.
#[derive(Default)]
pub(crate) struct Answers {
    pub(crate) frames: i64,
    pub(crate) requests: i64,
    pub(crate) closes: BTreeMap<u16, u64>,
    pub(crate) statuses: BTreeMap<u16, u64>,
}

impl Answers {
    /// Notes a frame of the server.
    pub(crate) fn hear(&mut self, frame: &Frame) {
        if frame.first == CLOSE {
            *self.closes.entry(frame.close_code().unwrap_or(0)).or_default() += 1;
        }
    }

    /// Notes the responses in what a connection was told; how many there were.
    pub(crate) fn hear_http(&mut self, said: &[u8]) -> usize {
        const BEGINNING: &[u8] = b"HTTP/1.";
        let mut count = 0;
        for (at, _) in said.windows(BEGINNING.len()).enumerate().filter(|(_, window)| *window == BEGINNING) {
            let digits = said.get(at + BEGINNING.len() + 2..at + BEGINNING.len() + 5).unwrap_or_default();
            if let Some(status) = std::str::from_utf8(digits).ok().and_then(|digits| digits.parse().ok()) {
                *self.statuses.entry(status).or_default() += 1;
                count += 1;
            }
        }
        count
    }

    pub(crate) fn add(&mut self, other: Answers) {
        self.frames += other.frames;
        self.requests += other.requests;
        for (code, count) in other.closes {
            *self.closes.entry(code).or_default() += count;
        }
        for (status, count) in other.statuses {
            *self.statuses.entry(status).or_default() += count;
        }
    }
}

/// A run as it is judged.
pub(crate) struct Run {
    pub(crate) log: String,
    /// Somebody could come in afterwards.
    pub(crate) alive: bool,
    pub(crate) answers: Answers,
    /// How long the one who means well waited each time.
    pub(crate) waits: Vec<Duration>,
    /// Where the system tells.
    pub(crate) grown_kib: Option<u64>,
}

impl Run {
    /// Everything that must not have been.
    pub(crate) fn faults(&self) -> Vec<String> {
        let mut faults: Vec<String> = self
            .log
            .lines()
            .filter(|line| line.contains("panicked at") || line.contains("\"level\":\"ERROR\""))
            .map(|line| format!("logged: {line}"))
            .collect();
        let of_server = self.answers.statuses.iter().filter(|(status, _)| **status >= 500);
        faults.extend(of_server.map(|(status, count)| format!("{count} answered with {status}")));
        if let Some(count) = self.answers.closes.get(&1011) {
            faults.push(format!("{count} closed with 1011"));
        }
        if !self.alive {
            faults.push("nobody can come in".to_owned());
        }
        if let Some(grown) = self.grown_kib.filter(|grown| *grown > GROWTH_KIB) {
            faults.push(format!("grown by {grown} KiB"));
        }
        match self.waits.iter().max() {
            None => faults.push("the one who means well was never served".to_owned()),
            Some(worst) if *worst > WORST => faults.push(format!("the one who means well waited {worst:?}")),
            Some(_) => {}
        }
        faults
    }

    pub(crate) fn report(&self) -> String {
        let mut waits = self.waits.clone();
        waits.sort_unstable();
        let at = |part: usize| waits.get(waits.len() * part / 1_000).copied().unwrap_or_default();
        let Answers { frames, requests, closes, statuses } = &self.answers;
        format!(
            "{frames} frames, closes {closes:?}; {requests} requests, statuses {statuses:?}; grown by {:?} KiB; \
             {} healthy sends, p50 {:?}, p99 {:?}, worst {:?}",
            self.grown_kib,
            waits.len(),
            at(500),
            at(990),
            waits.last().copied().unwrap_or_default(),
        )
    }
}

fn fine() -> Run {
    let answers = Answers { frames: 1, requests: 1, ..Answers::default() };
    let log = "{\"level\":\"INFO\",\"message\":\"serving\"}\n".to_owned();
    Run { log, alive: true, answers, waits: vec![Duration::from_millis(1)], grown_kib: Some(1) }
}

#[test]
fn the_control_runs_that_went_wrong_are_told_from_a_good_one() {
    assert_eq!(fine().faults(), Vec::<String>::new());
    let mut panicked = fine();
    panicked.log.push_str("thread 'shard-0' panicked at crates/server/src/ws/frame.rs:1:1:\nindex out of bounds\n");
    let mut logged = fine();
    logged.log.push_str("{\"level\":\"ERROR\",\"message\":\"the sockets' thread panicked\"}\n");
    let mut answered = fine();
    let page = b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nxHTTP/1.1 500 Internal Server Error\r\n\r\n";
    assert_eq!(answered.answers.hear_http(page), 2);
    let mut closed = fine();
    closed.answers.hear(&Frame { first: CLOSE, payload: 1011u16.to_be_bytes().to_vec() });
    let dead = Run { alive: false, ..fine() };
    let grown = Run { grown_kib: Some(GROWTH_KIB + 1), ..fine() };
    let unserved = Run { waits: Vec::new(), ..fine() };
    let slow = Run { waits: vec![Duration::from_secs(6)], ..fine() };
    for (run, word) in [
        (panicked, "panicked at"),
        (logged, "ERROR"),
        (answered, "500"),
        (closed, "1011"),
        (dead, "come in"),
        (grown, "grown"),
        (unserved, "never served"),
        (slow, "waited"),
    ] {
        let faults = run.faults();
        assert!(faults.len() == 1 && faults[0].contains(word), "{word}: {faults:?}");
    }
}
