//! What cannot be run is one line that says what to do, and nothing is left behind.

use std::io::{BufRead as _, BufReader, Read as _};
use std::net::TcpListener;
use std::process::{Command as Process, Stdio};

use crate::Run;
use crate::bad::{Bad, Manners, Vice};
use crate::house::House;

fn is_refused(arguments: &[&str], advice: &str) {
    let run = Run::of(arguments);
    let (said, complained) = (run.said(), run.complained());
    assert_eq!((run.code(), said.as_str()), (Some(2), ""), "{arguments:?}: {complained}");
    let told = complained.strip_suffix('\n').unwrap();
    assert!(
        !told.contains('\n') && told.starts_with("parlour: ") && told.contains(advice),
        "{arguments:?}: {advice} in {told}"
    );
    assert_eq!(run.left(), [""; 0]);
}

#[test]
fn an_address_that_cannot_be_meant_is_refused() {
    let wrong: [(&[&str], &str); 12] = [
        // Port 1 of this machine serves nobody.
        (&["127.0.0.1:1"], "nothing listens at 127.0.0.1:1"),
        (&["127.0.0.1:1", "--wire", "classic"], "nothing listens at 127.0.0.1:1"),
        // An address for documentation: nothing is sent there.
        (&["192.0.2.1:80"], "if the server is yours, add --i-run-this-server"),
        (&["wss://chat.example.org"], "there is no TLS here"),
        (&["nowhere.invalid:80"], "is no address; write such as 127.0.0.1:8080"),
        (&["--json", "ws://127.0.0.1:1/ws"], "write the address first, or --json=FILE"),
        (&["127.0.0.1:1", "--wire", "socketio.json"], "nor a file with a profile that can be read"),
        (&["127.0.0.1:1", "--wire", "classic", "--rooms", "2"], "has one room only"),
        (&["127.0.0.1:1", "--wire", "classic", "--shape", "sends"], "need --wire parlour"),
        (&["127.0.0.1:1", "--size", "20"], "--size must be at least 33"),
        (&["127.0.0.1:1", "--clients", "5", "--senders", "6"], "--senders must be 1 to 5"),
        (&["127.0.0.1:1", "--clients", "9000000"], "9,000,000 clients are more than the"),
    ];
    for (arguments, advice) in wrong {
        is_refused(arguments, advice);
    }
}

#[test]
fn msg_5_a_house_with_rate_limits_is_to_be_started_without() {
    let house = House::start_with(&["--rate-limits", "on"]);
    let address = house.address.to_string();
    // More than one address may hold without having signed in.
    is_refused(&[&address, "--wire", "classic", "--clients", "300"], "--rate-limits off");
    // Faster than a person may speak.
    is_refused(&[&address, "--clients", "3", "--rate", "100", "--seconds", "5"], "--rate-limits off");
    // More names than one address may take.
    is_refused(&[&address, "--clients", "300"], "--rate-limits off");
}

#[test]
fn con_1_a_door_that_is_closed_is_named() {
    let house = House::start_with(&["--rate-limits", "off", "--door", "invitation"]);
    let address = house.address.to_string();
    is_refused(&[&address, "--clients", "3"], "--door open");
    is_refused(&[&address, "--clients", "3", "--wire", "classic"], "--door open");
}

#[test]
fn a_server_that_speaks_something_else_is_named() {
    let house = House::start();
    let elsewhere = format!("ws://{}/elsewhere", house.address);
    is_refused(&[&elsewhere, "--clients", "3", "--wire", "classic"], "speaks no WebSocket at this path");
    let classic_only = Bad::start(Vice::None, Manners::Bare);
    is_refused(&[&classic_only.address, "--clients", "3"], "has no Parlour sign-in");
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap().to_string();
    std::thread::spawn(move || {
        use std::io::Write as _;
        for mut stream in listener.incoming().flatten() {
            // It greets first, as SSH does, and does not hang up before it was spoken to.
            let _ = stream.write_all(b"SSH-2.0-OpenSSH\r\n");
            let _ = stream.read(&mut [0; 1_024]);
        }
    });
    is_refused(&[&address, "--clients", "3"], "is no HTTP server");
    is_refused(&[&address, "--clients", "3", "--wire", "classic"], "is no HTTP server");
}

#[test]
fn who_stops_it_is_left_with_no_house_and_no_folder() {
    let folder = tempfile::tempdir().unwrap();
    let mut process = Process::new(env!("CARGO_BIN_EXE_parlour"));
    process.args(["bench", "--seconds", "600"]).env("TMPDIR", folder.path()).current_dir(folder.path());
    let mut bench = process.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
    let mut complaints = BufReader::new(bench.stderr.take().unwrap());
    let mut first = String::new();
    complaints.read_line(&mut first).unwrap();
    assert!(first.contains("a house of its own runs in"), "{first}");
    assert!(Process::new("kill").args(["-INT", &bench.id().to_string()]).status().unwrap().success());
    let mut rest = String::new();
    complaints.read_to_string(&mut rest).unwrap();
    assert_eq!(rest, "parlour: stopped before the end, so there is nothing to tell\n");
    assert_eq!(bench.wait().unwrap().code(), Some(2));
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
}
