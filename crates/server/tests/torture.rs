//! `parlour torture` as anyone runs it: green under every fault (LOG-1 to LOG-9, G3, G14), exactly once (G17) and after
//! any absence (G9), and red for the right reason as soon as something is done wrong on purpose.

// A panic is how a test reports, also from the functions it calls.
#![allow(clippy::unwrap_used)]

mod house;

use std::process::{Command as Process, Output};
use std::time::{Duration, Instant};

use house::House;
use serde_json::Value;
use tempfile::TempDir;

const SEED: &str = "7";
/// All faults and how often they happened, as the report lists them.
const FAULTS: [&str; 7] = ["kill", "clock", "cut", "half-open", "freeze", "slice", "suppress"];

/// A run of the binary, in a folder for temporary files of its own.
struct Run {
    folder: TempDir,
    output: Output,
}

impl Run {
    fn of(arguments: &[&str]) -> Run {
        let folder = TempDir::new().unwrap();
        let mut process = Process::new(env!("CARGO_BIN_EXE_parlour"));
        process.arg("torture").args(arguments).env("TMPDIR", folder.path()).current_dir(folder.path());
        for (name, _) in std::env::vars_os().filter(|(name, _)| name.to_string_lossy().starts_with("PARLOUR_")) {
            process.env_remove(name);
        }
        Run { output: process.output().unwrap(), folder }
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

fn times(report: &Value, fault: &str) -> Option<u64> {
    let done = report["done"].as_array().unwrap();
    done.iter().find(|done| done["fault"] == fault)?["times"].as_u64()
}

/// The rules that were broken, each once.
fn broken(report: &Value) -> Vec<&str> {
    let violations = report["violations"].as_array().unwrap();
    let mut rules: Vec<&str> = violations.iter().map(|violation| violation["rule"].as_str().unwrap()).collect();
    rules.dedup();
    rules
}

#[test]
fn log_1_to_log_5_a_house_under_all_faults_keeps_every_promise() {
    let began = Instant::now();
    let run = Run::of(&["--minutes", "0.25", "--seed", SEED, "--json"]);
    let report = run.report();
    println!("seed {SEED}: {report}");
    assert_eq!(
        (run.code(), &report["verdict"], &report["violations"]),
        (Some(0), &"green".into(), &Value::Array(vec![]))
    );
    assert_eq!((&report["seed"], &report["minutes"]), (&7.into(), &0.25.into()));
    for fault in FAULTS {
        let happened = times(&report, fault).unwrap_or_default() > 0;
        // The clock is another's by the dynamic linker of Linux.
        let is_possible = fault != "clock" || cfg!(target_os = "linux");
        assert_eq!(happened, is_possible, "{fault}");
    }
    let checks = report["checks"].as_array().unwrap();
    assert!(checks.len() == 8 && checks.iter().all(|check| check["broken"] == 0), "{checks:?}");
    let figure = |name: &str| report["figures"][name].as_u64().unwrap();
    assert!(figure("sent") > 1_000 && figure("sent_again") > 0 && figure("seen") > 4_000, "the load was no load");
    assert_eq!(figure("sent"), figure("acknowledged"));
    assert!(began.elapsed() < Duration::from_secs(15 + 60), "it is over within a minute more");
    assert_eq!(run.left(), [""; 0], "what was good is not kept");
}

/// Each lie is found, and called by its name: the whole list of what was broken is what the lie breaks.
fn is_noticed(control: &str, rule: &str) {
    let run = Run::of(&["--minutes", "0.05", "--seed", SEED, "--control", control, "--json"]);
    let report = run.report();
    assert_eq!((run.code(), &report["verdict"], broken(&report)), (Some(1), &"red".into(), vec![rule]), "{report}");
    let evidence = &report["violations"][0];
    let is_place = evidence["room"].is_u64() && evidence["seq"].is_u64() && evidence["what"].is_string();
    assert!(is_place && report["control"] == control && report["seed"] == 7, "{evidence}");
    let kept = std::path::Path::new(report["data"].as_str().unwrap());
    assert!(kept.starts_with(run.folder.path()) && kept.join("data/parlour.db").is_file(), "{}", kept.display());
}

#[test]
fn log_1_an_event_that_is_kept_from_a_reader_is_noticed() {
    is_noticed("lose", "reader_hole");
}

#[test]
fn log_1_an_event_that_is_shown_twice_is_noticed() {
    is_noticed("double", "reader_double");
}

#[test]
fn log_1_an_event_that_is_shown_after_a_later_one_is_noticed() {
    is_noticed("swap", "reader_reordered");
}

#[test]
fn log_8_an_event_whose_words_were_changed_is_noticed() {
    is_noticed("forge", "reader_differs");
}

#[test]
fn log_3_a_message_that_is_sent_again_under_another_id_is_noticed() {
    is_noticed("forget", "said_twice");
}

#[test]
fn log_3_ten_thousand_messages_sent_four_times_without_an_answer_are_there_once_in_order() {
    let run = Run::of(&["--scenario", "exactly-once", "--json"]);
    let report = run.report();
    assert_eq!((run.code(), &report["verdict"]), (Some(0), &"green".into()), "{report}");
    // What is stored beside them: two rooms made, and eight people who joined each.
    let (sent, again, stored) = (10_000, 30_000, 10_000 + 2 + 2 * 8);
    let figures = &report["figures"];
    assert_eq!(
        (&figures["sent"], &figures["sent_again"], &figures["stored"], &figures["acknowledged"]),
        (&sent.into(), &again.into(), &stored.into(), &0.into())
    );
    assert_eq!(times(&report, "lost-answer"), Some(sent + again), "the house answered each, and no answer was heard");
    let control = Run::of(&["--scenario", "exactly-once", "--control", "forget", "--json"]);
    let report = control.report();
    assert_eq!((control.code(), broken(&report)), (Some(1), vec!["said_twice"]), "{report}");
    assert_eq!(report["violations_total"], 3 * 10_000 / 4, "one writer of four sent each again three times");
}

#[test]
fn log_5_log_9_syn_2_whoever_comes_back_is_told_everything_or_openly_reset_also_after_a_restore() {
    let run = Run::of(&["--scenario", "absence", "--json"]);
    let report = run.report();
    assert_eq!((run.code(), &report["verdict"]), (Some(0), &"green".into()), "{report}");
    let legs = ["absence", "kill", "month", "restore"].map(|leg| times(&report, leg));
    let has_clock = report["not_run"].as_array().unwrap().is_empty();
    // Ten lengths of absence in each leg, three after the restore.
    let expected = if has_clock { [Some(33), Some(1), Some(1), Some(1)] } else { [Some(23), Some(1), None, Some(1)] };
    assert_eq!(legs, expected, "{report}");
    let figure = |name: &str| report["figures"][name].as_u64().unwrap();
    // Three of each leg's ten missed more than 500 events, and the restore resets all three.
    assert!(figure("resets") >= if has_clock { 12 } else { 9 }, "{report}");
    assert!(figure("stored") > 10_000 && figure("seen") > figure("stored"), "{report}");
    for (control, rule) in [("lose", "reader_hole"), ("replay", "reset_missing")] {
        let run = Run::of(&["--scenario", "absence", "--control", control, "--json"]);
        let report = run.report();
        assert_eq!((run.code(), broken(&report)), (Some(1), vec![rule]), "{report}");
    }
}

#[test]
fn a_house_that_runs_is_tortured_without_a_hold_of_its_process_and_the_report_is_plain() {
    let house = House::start();
    let address = format!("http://{}/", house.address);
    let run = Run::of(&["--house", &address, "--minutes", "0.1", "--seed", SEED]);
    let said = run.said();
    assert_eq!(run.code(), Some(0), "{said}{}", run.complained());
    for part in
        ["seed 7", "What was done", "connections were reset", "What came of it", "What was checked", "GREEN: nothing"]
    {
        assert!(said.contains(part), "{part} in {said}");
    }
    assert!(!said.contains("kill -9") && !said.contains("clock"), "its process is not ours: {said}");
    assert_eq!(said.lines().filter(|line| line.starts_with("  kept  ")).count(), 8, "{said}");
    assert_eq!(run.left(), [""; 0]);
}

#[test]
fn the_same_seed_makes_the_same_plan() {
    let plan = |arguments: &[&str]| {
        let run = Run::of(&[&["--plan"], arguments].concat());
        assert_eq!((run.code(), run.left()), (Some(0), vec![]));
        run.said()
    };
    let seven = plan(&["--seed", "7"]);
    assert_eq!(seven, plan(&["--seed", "7"]));
    assert_ne!(seven.lines().nth(1), plan(&["--seed", "8"]).lines().nth(1));
    assert!(FAULTS.iter().all(|fault| seven.contains(&format!("  {fault} "))), "{seven}");
    let without = plan(&["--seed", "7", "--without", "kill,half-open"]);
    let left: Vec<&str> =
        seven.lines().filter(|line| !line.contains(" kill ") && !line.contains(" half-open ")).collect();
    assert_eq!(without.lines().skip(1).collect::<Vec<_>>(), left[1..], "the others stay where they were");
}

#[test]
fn what_cannot_be_run_is_one_line_that_says_what_to_do() {
    let wrong: [(&[&str], &str); 11] = [
        (&["--minutes", "0"], "write such as --minutes 2"),
        (&["--minutes", "soon"], "write such as --minutes 2"),
        (&["--seed", "-1"], "write such as --seed 7"),
        (&["--without", "kill,pest"], "there are kill, clock, cut, half-open, freeze, slice, suppress"),
        (&["--control", "steal"], "there are lose, double, swap, forge, forget, replay"),
        (&["--scenario", "worse"], "there are everything, exactly-once, absence"),
        (&["--scenario", "absence", "--house", "127.0.0.1:1"], "leave out --house"),
        (&["--scenario", "absence", "--control", "forget"], "there are lose, double, swap, forge, replay"),
        (&["--control", "replay"], "write it with --scenario absence"),
        (&["--house", "nowhere"], "write such as --house 127.0.0.1:8080"),
        // Port 1 of this machine serves nobody.
        (&["--house", "127.0.0.1:1"], "is its address right, does it run, and is its door open"),
    ];
    for (arguments, advice) in wrong {
        let run = Run::of(arguments);
        let (said, complained) = (run.said(), run.complained());
        assert_eq!((run.code(), said.as_str()), (Some(2), ""), "{arguments:?}: {complained}");
        let told = complained.strip_suffix('\n').unwrap();
        assert!(
            !told.contains('\n') && told.starts_with("parlour: ") && told.contains(advice),
            "{arguments:?}: {told}"
        );
        assert_eq!(run.left(), [""; 0]);
    }
}
