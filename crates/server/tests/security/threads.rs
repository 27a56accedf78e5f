//! What is dear runs on threads of its own (S98). A detector of stalls from outside: the system says of each thread how long it ran
//! and how often it gave way by itself; one that serves and ran for 50 ms without giving way has stalled everyone it serves.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use parlour_protocol::RoomId;
use serde_json::json;

use crate::house::House;
use crate::people::{PASSWORD, account, ask, enter, say_many, sign_in};

const STALL: Duration = Duration::from_millis(50);

/// What a thread has done.
#[derive(Clone, Debug, Default)]
struct Thread {
    name: String,
    ran: Duration,
    gave_way: u64,
}

/// All threads of a process, by number.
fn threads(pid: u32) -> BTreeMap<u32, Thread> {
    let mut found = BTreeMap::new();
    let Ok(folder) = std::fs::read_dir(format!("/proc/{pid}/task")) else { return found };
    for entry in folder.flatten() {
        let read = |file: &str| std::fs::read_to_string(entry.path().join(file)).unwrap_or_default();
        let status = read("status");
        let line = |name: &str| status.lines().find_map(|line| line.strip_prefix(name)).unwrap_or_default().trim();
        let nanoseconds = read("schedstat").split(' ').next().and_then(|word| word.parse().ok()).unwrap_or(0);
        let thread = Thread {
            name: line("Name:").to_owned(),
            ran: Duration::from_nanos(nanoseconds),
            gave_way: line("voluntary_ctxt_switches:").parse().unwrap_or(0),
        };
        found.insert(entry.file_name().to_string_lossy().parse().unwrap_or(0), thread);
    }
    found
}

/// Threads that serve: those of the HTTP edge, and the shard.
fn serves(name: &str) -> bool {
    name.starts_with("tokio") || name.starts_with("shard") || name == "parlour"
}

/// Watches a house until it is told to stop; returns the longest run of each thread without giving way, by name.
fn watch(pid: u32, stop: Arc<AtomicBool>) -> std::thread::JoinHandle<BTreeMap<String, Duration>> {
    std::thread::spawn(move || {
        let (mut since, mut longest) = (threads(pid), BTreeMap::<String, Duration>::new());
        while !stop.load(Ordering::Relaxed) {
            for (number, now) in threads(pid) {
                let then = since.entry(number).or_insert_with(|| now.clone());
                let ran = now.ran.saturating_sub(then.ran);
                if now.gave_way == then.gave_way {
                    let most = longest.entry(now.name.clone()).or_default();
                    *most = (*most).max(ran);
                } else {
                    *then = now;
                }
            }
            std::thread::yield_now();
        }
        longest
    })
}

#[cfg(target_os = "linux")]
#[tokio::test]
async fn s98_no_thread_that_serves_runs_for_50_ms_at_a_time_while_passwords_are_hashed_and_pages_are_read() {
    let house = House::start();
    let ada = account(&house, "Ada").await;
    let (_, mut bob, _) = enter(&house, "Bob").await;
    say_many(&mut bob, RoomId::LOBBY, 1..=400).await;
    let stop = Arc::new(AtomicBool::new(false));
    let (before, watching) = (threads(house.pid()), watch(house.pid(), Arc::clone(&stop)));
    // One after the other, so that no thread has more to do than one of them; so many that it is seen also where one takes 10 ms.
    for number in 0..22 {
        assert_eq!(sign_in(&house, "ada", PASSWORD).await.status, 201);
        assert_eq!(sign_in(&house, "nobody", PASSWORD).await.status, 403);
        let body = json!({"name": format!("New {number}"), "handle": format!("new{number}"), "password": PASSWORD});
        assert_eq!(ask(&house, "account", &body).await.status, 201);
        assert_eq!(ada.get("/api/v1/rooms/1/history?limit=200").await.unwrap().status, 200);
        assert_eq!(ada.get("/api/v1/rooms/1/members").await.unwrap().status, 200);
    }
    stop.store(true, Ordering::Relaxed);
    let (longest, after) = (watching.join().unwrap(), threads(house.pid()));
    let ran = |is_meant: &dyn Fn(&str) -> bool| -> Duration {
        let meant = after.iter().filter(|(_, thread)| is_meant(&thread.name));
        meant
            .map(|(number, now)| now.ran.saturating_sub(before.get(number).map_or(Duration::ZERO, |then| then.ran)))
            .sum()
    };
    let (dear, serving) = (ran(&|name| name.starts_with("password")), ran(&serves));
    assert!(dear > STALL * 10, "hashing took {dear:?}: is it watched? {longest:?}");
    let stalled: Vec<_> = longest.iter().filter(|(name, run)| serves(name) && **run >= STALL).collect();
    assert!(stalled.is_empty(), "{stalled:?}");
    assert!(longest.keys().any(|name| serves(name)), "{longest:?}");
    assert!(serving < dear / 2, "{serving:?} on the threads that serve, {dear:?} on those that hash");
}
