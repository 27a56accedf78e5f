//! `parlour bench` as anyone runs it: clean against a house that keeps its promises, over both wires and in every shape, and
//! never clean against a server that loses, doubles, reorders, misroutes, cuts off or mangles.

// A panic is how a test reports, also from the functions it calls.
#![allow(clippy::unwrap_used)]

mod bad;
#[path = "../house/mod.rs"]
mod house;
mod refusing;
mod vices;

use std::process::{Command as Process, Output};

use house::House;
use serde_json::{Value, json};
use tempfile::TempDir;

/// A run of the binary, in a folder for temporary files of its own.
struct Run {
    folder: TempDir,
    output: Output,
}

impl Run {
    fn of(arguments: &[&str]) -> Run {
        let folder = TempDir::new().unwrap();
        let mut process = Process::new(env!("CARGO_BIN_EXE_parlour"));
        process.arg("bench").args(arguments).env("TMPDIR", folder.path()).current_dir(folder.path());
        for (name, _) in std::env::vars_os().filter(|(name, _)| name.to_string_lossy().starts_with("PARLOUR_")) {
            process.env_remove(name);
        }
        Run { output: process.output().unwrap(), folder }
    }

    /// The same, strict and with a report.
    fn strict(address: &str, words: &str) -> Run {
        let words: Vec<&str> = [address].into_iter().chain(words.split_whitespace()).collect();
        Run::of(&[&words[..], &["--strict", "--json"]].concat())
    }

    fn code(&self) -> Option<i32> {
        self.output.status.code()
    }

    fn said(&self) -> String {
        String::from_utf8(self.output.stdout.clone()).unwrap()
    }

    fn complained(&self) -> String {
        String::from_utf8(self.output.stderr.clone()).unwrap()
    }

    fn report(&self) -> Value {
        let said = self.said();
        serde_json::from_str(&said).unwrap_or_else(|error| panic!("{error}: {said}{}", self.complained()))
    }

    /// The names of what was left behind.
    fn left(&self) -> Vec<String> {
        let entries = std::fs::read_dir(self.folder.path()).unwrap();
        entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect()
    }
}

fn number(report: &Value, place: &str) -> u64 {
    report.pointer(place).and_then(Value::as_u64).unwrap_or_else(|| panic!("no {place} in {report:#}"))
}

/// Everything that may be wrong, and how often it was.
fn wrongs(report: &Value) -> Vec<(&'static str, u64)> {
    let names = [
        "lost",
        "duplicated",
        "out_of_order",
        "misrouted",
        "stale",
        "garbled",
        "disconnected",
        "protocol_errors",
        "not_sent",
        "stalls",
        "refused_for_a_while",
        "resets",
    ];
    names
        .into_iter()
        .map(|name| (name, number(report, &format!("/run/{name}"))))
        .filter(|(_, times)| *times > 0)
        .collect()
}

/// A run in which all is well: so many messages a second for a second, each heard by all of its room.
fn is_clean(run: &Run, hearers: u64) -> Value {
    let report = run.report();
    assert_eq!((run.code(), wrongs(&report), &report["clean"]), (Some(0), vec![], &json!(true)), "{report:#}");
    let published = number(&report, "/run/published");
    assert_eq!(
        (number(&report, "/run/expected"), number(&report, "/run/delivered")),
        (published * hearers, published * hearers),
        "{report:#}"
    );
    let times = &report["measured"]["latency_us"];
    let times = ["p50", "p90", "p99", "p999", "max"].map(|name| times[name].as_f64().unwrap());
    assert!(times[0] > 0.0 && times.is_sorted(), "{times:?}");
    report
}

#[test]
fn con_1_a_house_is_clean_over_its_own_wire_and_what_is_sent_by_the_clock_is_exact() {
    let house = House::start();
    let address = house.address.to_string();
    let run = Run::strict(&address, "--clients 40 --senders 4 --rate 200 --seconds 1 --warmup 0.5");
    let report = is_clean(&run, 40);
    let whole = ["/run/published", "/measured/published", "/measured/delivered", "/measured/clients_with_loss"];
    assert_eq!(whole.map(|place| number(&report, place)), [300, 200, 8_000, 0], "{report:#}");
    assert_eq!(report["measured"]["worst_client_ratio"], 1.0);
    // Each message is answered once, beside its deliveries.
    assert_eq!(number(&report, "/run/replies"), 300);
    assert!(report["measured"]["reply_us"]["p50"].as_f64().unwrap() > 0.0, "{report:#}");
    let connect = &report["connect"];
    assert_eq!((&connect["wanted"], &connect["connected"], &connect["failed"]), (&40.into(), &40.into(), &0.into()));
}

#[test]
fn old_1_a_house_is_clean_over_the_tutorials_wire() {
    let house = House::start();
    let words = "--wire classic --clients 40 --senders 4 --rate 200 --seconds 1 --warmup 0.5";
    let report = is_clean(&Run::strict(&house.address.to_string(), words), 40);
    assert_eq!((number(&report, "/measured/published"), &report["measured"]["reply_us"]), (200, &Value::Null));
}

#[test]
fn room_3_people_are_spread_over_rooms_that_are_made_for_them() {
    let house = House::start();
    let words = "--clients 30 --senders 10 --rooms 5 --rate 100 --seconds 1 --warmup 0.2";
    is_clean(&Run::strict(&house.address.to_string(), words), 6);
    let made: i64 =
        house.database().query_row("select count(*) from room where name like 'bench%'", [], |row| row.get(0)).unwrap();
    assert_eq!(made, 5);
}

#[test]
fn a_closed_loop_is_clean_however_it_is_acknowledged_and_on_several_threads() {
    let house = House::start();
    let address = house.address.to_string();
    for (wire, ack) in [("parlour", "last"), ("parlour", "echo"), ("parlour", "reply"), ("classic", "last")] {
        for threads in [1, 3] {
            let words = format!(
                "--wire {wire} --ack {ack} --threads {threads} --clients 14 --senders 4 --rate 0 --window 3 --seconds 0.5 \
                 --warmup 0.1"
            );
            let report = is_clean(&Run::strict(&address, &words), 14);
            // Four senders with three each on their way, over and over.
            assert!(number(&report, "/run/published") > 5 * 12, "{words}: {report:#}");
        }
    }
}

#[test]
fn each_shape_runs_small_and_reports_what_it_is_about() {
    let house = House::start();
    let address = house.address.to_string();
    let sends = Run::strict(&address, "--shape sends --clients 8 --seconds 0.5 --warmup 0.1").report();
    assert_eq!((&sends["mode"], &sends["clean"]), (&json!("sends"), &json!(true)), "{sends:#}");
    let (many, alone) = (number(&sends, "/measured/published"), number(&sends, "/lone/published"));
    assert!(many > alone && alone > 0 && sends["lone"]["reply_us"]["p50"].as_f64() > Some(0.0), "{sends:#}");
    let words = "--shape slow --clients 20 --slow 3 --rate 100 --seconds 0.5 --warmup 0.1";
    let slow = Run::strict(&address, words).report();
    assert_eq!((&slow["mode"], &slow["clean"]), (&json!("slow"), &json!(true)), "{slow:#}");
    for window in ["baseline", "with_slow"] {
        let counts = ["published", "expected", "delivered"].map(|name| number(&slow, &format!("/{window}/{name}")));
        assert_eq!(counts, [50, 50 * 17, 50 * 17], "those that stop reading are not counted: {slow:#}");
    }
    assert_eq!(slow["slow_clients"]["count"], 3);
    let rooms = Run::strict(&address, "--shape f5 --clients 40 --rooms 4 --senders 4 --rate 80 --seconds 0.5").report();
    assert_eq!((&rooms["shape"], &rooms["clean"]), (&json!("f5"), &json!(true)), "{rooms:#}");
}

#[test]
#[cfg(target_os = "linux")]
fn what_the_server_spends_is_read_from_the_process_that_is_named() {
    let house = House::start();
    let pid = house.pid().to_string();
    let words = format!("--shape idle --clients 50 --seconds 0.2 --pid {pid}");
    let idle = Run::strict(&house.address.to_string(), &words).report();
    assert_eq!((&idle["mode"], &idle["clean"]), (&json!("idle"), &json!(true)), "{idle:#}");
    let told = number(&idle, "/idle/server_rss_after");
    let known = house.memory_kib().unwrap() * 1_024;
    assert!(told.abs_diff(known) < known / 4, "{told} and {known} are the same memory");
    let words = format!("--clients 20 --rate 50 --seconds 1 --warmup 0 --pid {pid}");
    let run = Run::strict(&house.address.to_string(), &words).report();
    assert!(number(&run, "/measured/server/threads") > 3 && run["measured"]["machine"]["foreign_percent"].is_f64());
}

#[test]
fn without_an_address_a_house_of_its_own_is_started_and_nothing_is_left_of_it() {
    let run = Run::of(&["--clients", "20", "--rate", "50", "--seconds", "0.5", "--warmup", "0.1", "--strict"]);
    let (said, complained) = (run.said(), run.complained());
    assert_eq!(run.code(), Some(0), "{said}{complained}");
    assert!(complained.starts_with("No address was given: a house of its own runs in "), "{complained}");
    for part in
        ["20 people in one room", "20 of 20 people came in", "half within", "The server took", "Nothing was lost"]
    {
        assert!(said.contains(part) == (part != "The server took" || cfg!(target_os = "linux")), "{part} in {said}");
    }
    assert_eq!(run.left(), [""; 0]);
}

#[test]
fn a_report_goes_into_a_file_and_people_are_told_all_the_same() {
    let run = Run::of(&["--clients", "5", "--rate", "50", "--seconds", "0.2", "--warmup", "0", "--json=report.json"]);
    assert_eq!((run.code(), run.left()), (Some(0), vec!["report.json".to_owned()]), "{}", run.complained());
    let report = std::fs::read_to_string(run.folder.path().join("report.json")).unwrap();
    let report: Value = serde_json::from_str(&report).unwrap();
    assert_eq!((&report["clean"], &report["wire"]), (&json!(true), &json!("parlour")));
    assert!(run.said().contains("What came of it"), "{}", run.said());
}

#[test]
fn x3_advice_names_what_runs_out_first_and_what_rooms_of_any_size_carry() {
    let house = House::start();
    let address = house.address.to_string();
    let pid = house.pid().to_string();
    let run = Run::of(&[&address, "--pid", &pid, "--advise", "--json=advice.json"]);
    let said = run.said();
    assert_eq!(run.code(), Some(0), "{}", run.complained());
    let parts = [
        "people online at once. First to run out: ",
        "A busy room carries at most",
        "messages a second when 5,000 hear",
    ];
    assert!(parts.iter().all(|part| said.contains(part) || !cfg!(target_os = "linux")), "{said}");
    let advice = std::fs::read_to_string(run.folder.path().join("advice.json")).unwrap();
    let advice: Value = serde_json::from_str(&advice).unwrap();
    let people = advice["forecast"]["people_online"].as_array().unwrap();
    let people: Vec<u64> = people.iter().map(|bound| bound["people"].as_f64().unwrap() as u64).collect();
    assert!(people.is_sorted() && (people.len() == 4 || !cfg!(target_os = "linux")), "{advice:#}");
    let rooms = advice["forecast"]["room_carries"].as_array().unwrap();
    let rooms: Vec<f64> = rooms.iter().map(|room| room["messages_per_s"].as_f64().unwrap()).collect();
    assert!(rooms.is_sorted_by(|small, large| small >= large) && rooms[4] > 0.0, "{advice:#}");
    assert_eq!(advice["clean"], true);
}
