//! Floods that cost no more than one core (S97), and what strangers may ask about the house's health (S100).

use std::time::{Duration, Instant};

use parlour_protocol::{Command, Reply};

use crate::asking::{ask, boot};
use crate::furnished::Furnished;
use crate::house::House;
use crate::people::enter;
use crate::raw::{PING, PONG, Raw, masked};

/// The time that all threads of a process have run, where the system tells (Linux).
fn cpu_time(pid: u32) -> Duration {
    let mut nanoseconds = 0;
    for thread in std::fs::read_dir(format!("/proc/{pid}/task")).unwrap() {
        let told = std::fs::read_to_string(thread.unwrap().path().join("schedstat")).unwrap_or_default();
        nanoseconds += told.split(' ').next().and_then(|word| word.parse::<u64>().ok()).unwrap_or(0);
    }
    Duration::from_nanos(nanoseconds)
}

#[cfg(target_os = "linux")]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn s97_ten_thousand_pings_a_second_take_one_core_at_most_and_others_are_answered() {
    let house = House::start();
    let (_, mut ada, _) = enter(&house, "Ada").await;
    let memory = house.memory_kib().unwrap();
    let mut floods = Vec::new();
    for first in [PING, PONG, PING, PONG] {
        let mut raw = Raw::narrow_classic(house.address).await;
        let frames = masked(first, &[0x55; 125]).repeat(250);
        floods.push(tokio::spawn(async move {
            let mut tick = tokio::time::interval(Duration::from_millis(100));
            for _ in 0..30 {
                tick.tick().await;
                if !raw.try_send(&frames).await {
                    break;
                }
            }
        }));
    }
    let (began, before) = (Instant::now(), cpu_time(house.pid()));
    let (mut asked, mut late) = (0, 0);
    while !floods.iter().all(tokio::task::JoinHandle::is_finished) {
        let began = Instant::now();
        assert_eq!(ada.request(Command::Ping).await.unwrap(), Reply::Pong);
        asked += 1;
        late += u32::from(began.elapsed() > Duration::from_millis(100));
    }
    let (took, ran) = (began.elapsed(), cpu_time(house.pid()) - before);
    assert!(ran < took, "{ran:?} of CPU in {took:?}");
    // Others may use this machine, and hold both of us up.
    assert!(asked > 20 && late <= asked / 10, "{late} of {asked} were answered late");
    assert!(house.memory_kib().unwrap() < memory + 16 * 1024);
}

#[tokio::test]
async fn s100_strangers_are_told_that_there_is_a_house_and_nothing_of_its_inside() {
    let furnished = Furnished::start().await;
    let house = &furnished.house;
    for path in ["/healthz", "/readyz"] {
        let answer = ask(house, "GET", path, "").await;
        assert_eq!((answer.status, answer.body.as_str(), answer.header("content-type")), (204, "", None), "{path}");
        let mut names: Vec<&str> = answer.headers.lines().filter_map(|line| line.split(':').next()).collect();
        names.retain(|name| !["date", "connection", "cache-control"].contains(name));
        let ordered =
            names.iter().all(|name| name.contains('-') && !name.contains("version") && !name.contains("powered"));
        assert!(ordered, "{names:?}");
        assert!(!answer.headers.contains(env!("CARGO_PKG_VERSION")), "{}", answer.headers);
    }
    let inside = [
        "metrics",
        "debug",
        "debug/pprof",
        "debug/vars",
        "status",
        "server-status",
        "stats",
        "info",
        "health",
        "version",
        "actuator",
        "actuator/env",
        ".env",
        ".git/HEAD",
        "config",
        "parlour.toml",
        "parlour.db",
        "parlour.log",
        "trace",
        "api",
        "api/v1",
        "api/v1/debug",
        "api/v1/metrics",
        "swagger.json",
        "openapi.json",
        "console",
        "tokio",
        "conformance",
        ".vite/manifest.json",
        "assets/.vite/manifest.json",
        "index.html",
        "src/main.tsx",
    ];
    for path in inside {
        for who in ["", furnished.eve.cookie.as_str()] {
            let cookie = if who.is_empty() { String::new() } else { format!("Cookie: {who}\r\n") };
            let answer = ask(house, "GET", &format!("/{path}"), &cookie).await;
            assert_eq!(answer.status, 404, "/{path}: {answer:?}");
        }
    }
    assert!(boot(house, "").await.rooms.is_empty());
}
