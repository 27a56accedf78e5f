//! The binary as its operator meets it: help, settings, refusals to start, and how it stops (CON-8, S08).

use std::fs;
use std::path::Path;
use std::process::Command as Process;
use std::time::{Duration, Instant};

use parlour_client::{ClientError, http};
use parlour_protocol::user::Door;
use parlour_protocol::{Change, Command, ErrorCode, Notice, RoomId, Seq, ServerFrame};
use tempfile::TempDir;

use crate::asking::boot;
use crate::house::{House, command, refuses};
use crate::people::{
    PASSWORD, ask, closed, create, create_closed, direct, enter, fresh, owner, promote, refused_code, session, sign_in,
};
use crate::raw::{CLOSE, Raw};

const ANYWHERE: &str = "127.0.0.1:0";

#[test]
fn help_teaches_every_setting_and_version_tells_the_version() {
    let ask = |argument: &str| {
        let output = Process::new(env!("CARGO_BIN_EXE_parlour")).arg(argument).output().unwrap();
        assert!(output.status.success() && output.stderr.is_empty(), "{output:?}");
        String::from_utf8(output.stdout).unwrap()
    };
    assert_eq!(ask("--version"), format!("parlour {}\n", env!("CARGO_PKG_VERSION")));
    let help = ask("--help");
    let settings = [
        "listen",
        "data",
        "public-url",
        "allow-plain-http",
        "door",
        "house-name",
        "rate-limits",
        "compression",
        "log-format",
    ];
    for setting in settings {
        let variable = format!("PARLOUR_{}", setting.to_uppercase().replace('-', "_"));
        assert!(help.contains(&format!("--{setting}")) && help.contains(&variable), "{setting} in {help}");
    }
    for word in ["Examples:", "parlour --data", "127.0.0.1:8080", "./parlour-data", "parlour.toml", "serve"] {
        assert!(help.contains(word), "{word} in {help}");
    }
}

#[tokio::test]
async fn a_flag_wins_over_the_environment_and_that_over_the_file() {
    let settings = "house_name = 'From the file'\ndoor = 'approval'\nrate_limits = 'off'";
    let house = House::start_among(&[], &[], Some(settings));
    let shown = boot(&house, "").await.house;
    assert_eq!((shown.name.as_str(), shown.door), ("From the file", Door::Approval));
    let variables = [("PARLOUR_HOUSE_NAME", "From the environment"), ("PARLOUR_DOOR", "invitation")];
    let house = House::start_among(&[], &variables, Some(settings));
    let shown = boot(&house, "").await.house;
    assert_eq!((shown.name.as_str(), shown.door), ("From the environment", Door::Invitation));
    let house = House::start_among(&["--house-name", "From the flag"], &variables, Some(settings));
    let shown = boot(&house, "").await.house;
    assert_eq!((shown.name.as_str(), shown.door), ("From the flag", Door::Invitation));
    let house = House::start_among(&["serve", "--house-name", "From the command"], &variables, Some(settings));
    assert_eq!(boot(&house, "").await.house.name, "From the command");
    assert!(house.log().contains("rate limits and caps are off"), "the file is read on");
}

#[tokio::test]
async fn a_misspelt_variable_is_warned_of_and_is_not_fatal() {
    let variables = [("PARLOUR_LISTN", "127.0.0.1:1"), ("PARLOUR_LOG", "info")];
    let house = House::start_among(&[], &variables, None);
    assert_eq!(boot(&house, "").await.house.name, "Parlour");
    let log = house.log();
    let warned: Vec<&str> = log.lines().filter(|line| line.contains("\"level\":\"WARN\"")).collect();
    assert!(warned.len() == 1 && warned[0].contains("PARLOUR_LISTN"), "{log}");
}

#[test]
fn s08_an_address_others_can_reach_is_refused_without_a_word_for_plain_http() {
    let folder = TempDir::new().unwrap();
    for open in ["0.0.0.0:0", "[::]:0", "192.0.2.7:80"] {
        let said = one_line(78, command(&folder.path().join("data"), open));
        assert!(said.contains("--allow-plain-http") && said.contains("127.0.0.1"), "{said}");
    }
    assert!(!folder.path().join("data").exists(), "nothing was made");
}

#[tokio::test]
async fn s08_beyond_this_machine_the_door_is_by_invitation_unless_it_is_asked_for() {
    // Bound to every address, and asked over loopback.
    for (arguments, door) in
        [(&["--allow-plain-http"][..], Door::Invitation), (&["--allow-plain-http", "--door", "open"], Door::Open)]
    {
        let house = House::start_beyond(arguments);
        let shown = boot(&house, "").await.house;
        assert_eq!(shown.door, door, "{arguments:?}");
        let asked = r#"{"name":"Ada"}"#;
        let answer = parlour_client::http::post(house.address, "/api/v1/sign-in", asked, "").await.unwrap();
        if door == Door::Open {
            let cookie = answer.header("set-cookie").unwrap();
            assert!(
                cookie.starts_with("parlour=") && cookie.contains("HttpOnly") && !cookie.contains("Secure"),
                "{cookie}"
            );
        } else {
            assert_eq!(answer.status, 403);
        }
    }
}

#[test]
fn settings_that_are_not_right_are_one_line_that_says_where() {
    let folder = TempDir::new().unwrap();
    let data = folder.path().join("data");
    let file = folder.path().join("settings.toml");
    let with_file = |text: &str| {
        fs::write(&file, text).unwrap();
        let mut process = command(&data, ANYWHERE);
        process.arg("--config").arg(&file);
        process
    };
    for (text, place) in [("\nlisten_on = 'x'", "line 2"), ("door = 'ajar'", "line 1"), ("door =", "line 1")] {
        let said = one_line(78, with_file(text));
        assert!(said.contains("settings.toml") && said.contains(place), "{text}: {said}");
    }
    let mut missing = command(&data, ANYWHERE);
    missing.arg("--config").arg(folder.path().join("none.toml"));
    assert!(one_line(78, missing).contains("none.toml"));
    let mut public = command(&data, ANYWHERE);
    public.args(["--public-url", "chat.example.org"]);
    assert!(one_line(78, public).contains("https://chat.example.org"));
}

#[test]
fn a_taken_port_is_one_line_that_says_what_to_do() {
    let house = House::start();
    let folder = TempDir::new().unwrap();
    let said = one_line(1, command(folder.path(), &house.address.to_string()));
    assert!(said.contains(&house.address.to_string()) && said.contains("--listen"), "{said}");
}

#[test]
fn a_folder_that_cannot_be_one_is_one_line_that_says_what_to_do() {
    let folder = TempDir::new().unwrap();
    // A file in its place stops root too.
    let file = folder.path().join("file");
    fs::write(&file, "in the way").unwrap();
    for data in [file.clone(), file.join("below")] {
        let said = one_line(1, command(&data, ANYWHERE));
        assert!(said.contains(&data.display().to_string()) && said.contains("--data"), "{said}");
    }
    assert_eq!(fs::read_to_string(&file).unwrap(), "in the way");
    let taken = folder.path().join("taken");
    fs::create_dir_all(taken.join("parlour.db")).unwrap();
    assert!(one_line(1, command(&taken, ANYWHERE)).contains("--data"));
}

#[tokio::test]
async fn a_damaged_database_is_one_line_that_says_what_to_do_and_is_left_as_it_is() {
    let mut house = House::start();
    let (_, mut ada, _) = enter(&house, "Ada").await;
    for number in 0..200 {
        ada.post(RoomId::LOBBY, &format!("{number} {}", "z".repeat(500))).await.unwrap();
    }
    house.terminate();
    let file = house.folder().join("parlour.db");
    let whole = fs::read(&file).unwrap();
    let mut scratched = whole.clone();
    scratched[8_192..40_960].fill(0xA5);
    let damages =
        [b"this is no database, but long enough to be read as one".repeat(100), scratched, whole[..20_000].to_vec()];
    for damaged in damages {
        fs::write(&file, &damaged).unwrap();
        let said = one_line(1, command(&house.folder(), ANYWHERE));
        assert!(said.contains("parlour.db") && said.contains("damaged") && said.contains("backup"), "{said}");
        assert_eq!(fs::read(&file).unwrap(), damaged);
    }
}

#[tokio::test]
async fn a_database_of_a_newer_parlour_is_one_line_that_says_what_to_do() {
    let mut house = House::start();
    session(&house, "Ada").await;
    house.terminate();
    house.database().pragma_update(None, "user_version", 99).unwrap();
    let said = one_line(1, command(&house.folder(), ANYWHERE));
    assert!(said.contains("99") && said.contains("newer"), "{said}");
}

#[tokio::test]
async fn a_second_start_on_the_same_folder_is_one_line_and_the_first_goes_on() {
    let house = House::start();
    let (_, mut ada, _) = enter(&house, "Ada").await;
    let said = one_line(1, command(&house.folder(), ANYWHERE));
    assert!(said.contains("in use") && said.contains("--data"), "{said}");
    assert_eq!(ada.post(RoomId::LOBBY, "undisturbed").await.unwrap(), Seq(1));
}

#[tokio::test]
async fn adm_4_the_command_line_lists_and_archives_rooms_of_a_running_house_which_knows_within_a_second() {
    let mut house = House::start();
    let owner = session(&house, "Olga").await;
    let (_, mut ada, _) = enter(&house, "Ada").await;
    let room = create(&mut ada, "tea").await.room.id;
    let closed = create_closed(&mut ada, "cellar").await;
    direct(&mut ada, &[owner.you.id]).await;
    ada.post(room, "canary").await.unwrap();
    let list = room_errand(&house, &["list"]).unwrap();
    let lines: Vec<Vec<&str>> = list.lines().map(|line| line.split_whitespace().collect()).collect();
    let (number, closed_number) = (room.to_string(), closed.to_string());
    assert_eq!(
        lines[1..],
        [
            vec!["1", "lobby", "2", "#lobby"],
            vec![&number, "open", "1", "#tea"],
            vec![&closed_number, "closed", "1", "#cellar"]
        ]
    );
    let archive = ["archive", &closed_number];
    assert!(room_errand(&house, &archive).unwrap_err().contains("no owner"), "an event needs somebody who did it");
    promote(&house, &owner, "owner");
    let began = Instant::now();
    room_errand(&house, &archive).unwrap();
    let event = loop {
        let event = ada.next_event().await.unwrap();
        if event.room == closed {
            break event;
        }
    };
    assert!(began.elapsed() < Duration::from_secs(1), "{:?}", began.elapsed());
    assert_eq!((event.by.name.as_str(), event.change), ("Olga", Change::RoomArchived));
    let say = |text: &str| Command::Post {
        room: closed,
        client_id: fresh(),
        text: text.to_owned(),
        answers: None,
        files: vec![],
    };
    assert_eq!(refused_code(&mut ada, say("no")).await, ErrorCode::Forbidden);
    assert!(room_errand(&house, &["list"]).unwrap().contains("#cellar  (archived)"));
    // Whether it runs or not.
    house.terminate();
    room_errand(&house, &["restore", &closed_number]).unwrap();
    let acts = "select group_concat(act || ' ' || room || ' ' || actor_name || ' ' || (actor is null)) from admin_act";
    let acts: String = house.database().query_row(acts, [], |row| row.get(0)).unwrap();
    assert_eq!(acts, format!("archive_room {closed} command line 1,restore_room {closed} command line 1"));
    house.restart();
    for (errand, what) in
        [(["archive", "1"], "lobby"), (["archive", "99"], "no room 99"), (["archive", "x"], "invalid")]
    {
        let said = room_errand(&house, &errand).unwrap_err();
        assert!(said.contains(what), "{said}");
    }
}

#[tokio::test]
async fn adm_3_who_is_suspended_in_the_file_of_a_running_house_is_out_within_a_second() {
    let house = House::start();
    let (bob, mut client, _) = enter(&house, "Bob").await;
    let database = house.database();
    let began = Instant::now();
    let sql = "update user set suspended_at = 1 where id = ?1";
    database.execute(sql, [bob.you.id.0]).unwrap();
    database.execute("update meta set errands = errands + 1", []).unwrap();
    assert_eq!(closed(&mut client).await, Some(4001));
    assert!(began.elapsed() < Duration::from_secs(1), "{:?}", began.elapsed());
}

#[tokio::test]
async fn con_8_sigterm_and_sigint_tell_everyone_and_are_over_in_five_seconds() {
    for signal in ["TERM", "INT"] {
        let mut house = House::start();
        let (ada_session, mut ada, _) = enter(&house, "Ada").await;
        let mut classic = Raw::classic(house.address).await;
        // One that never answers the close, one that never says hello, one that never finishes its request.
        let mut deaf = Raw::greeted(&ada_session).await;
        let _mute = Raw::full(&ada_session).await;
        let mut half = Raw::connect(house.address).await;
        half.send(b"GET / HTTP/1.1\r\nHost: ").await;
        let mut idle = Raw::connect(house.address).await;
        idle.send(format!("GET /healthz HTTP/1.1\r\nHost: {}\r\n\r\n", house.address).as_bytes()).await;
        assert_eq!(idle.response().await.unwrap().status, 204);
        ada.post(RoomId::LOBBY, "before").await.unwrap();
        let asked = Instant::now();
        house.signal(signal);
        let mut draining = None;
        let closed = loop {
            match ada.next().await {
                Ok(ServerFrame::Notice { notice: Notice::Draining { spread_ms } }) => draining = Some(spread_ms),
                Ok(_) => {}
                Err(ClientError::Closed(code)) => break code,
                Err(error) => panic!("{error}"),
            }
        };
        assert_eq!((draining, closed), (Some(5_000), Some(1012)));
        assert_eq!(classic.hears_body().await, "before");
        assert_eq!(classic.closed().await, Some(1012));
        let notice = loop {
            let frame = deaf.frame().await.unwrap();
            if frame.first == CLOSE {
                break frame;
            }
        };
        assert_eq!(notice.close_code(), Some(1012));
        assert_eq!(house.wait(), Some(0));
        let took = asked.elapsed();
        assert!(took < Duration::from_secs(5), "{signal}: {took:?}");
        house.restart();
        assert_eq!(ada_session.whole_log(RoomId::LOBBY).await.unwrap().len(), 1);
    }
}

#[tokio::test]
async fn con_8_a_house_without_anyone_stops_at_once_and_takes_nobody_more() {
    let mut house = House::start();
    let began = Instant::now();
    assert_eq!(house.terminate(), Some(0));
    assert!(began.elapsed() < Duration::from_secs(2), "{:?}", began.elapsed());
    assert!(tokio::net::TcpStream::connect(house.address).await.is_err());
}

#[tokio::test]
async fn s63_also_the_most_talkative_log_holds_no_words_names_or_tokens() {
    let house = House::start_among(&["--rate-limits", "off"], &[("PARLOUR_LOG", "trace")], None);
    let (ada, mut client, _) = enter(&house, "Canary Name").await;
    let mut classic = Raw::classic(house.address).await;
    classic.say("canary of a guest").await;
    client.post(RoomId::LOBBY, "canary of a message").await.unwrap();
    client.send_text(r#"{"t":"canary of a frame"}"#.to_owned()).await.unwrap();
    ada.get("/api/v1/rooms/1/history").await.unwrap();
    // Links and passwords: used right, used wrong, and as the pages that people open.
    let link = house.owner_link.clone().unwrap();
    let olga = owner(&house).await;
    let made = olga.post("/api/v1/admin/invitations", "{}").await.unwrap().body;
    let made: serde_json::Value = serde_json::from_str(&made).unwrap();
    let invitation = made["url"].as_str().unwrap().rsplit('/').next().unwrap().to_owned();
    for page in ["owner", "join", "reset"] {
        http::get(house.address, &format!("/{page}/{invitation}"), "").await.unwrap();
    }
    ask(&house, "invitation", &serde_json::json!({"token": invitation})).await;
    ask(&house, "reset", &serde_json::json!({"token": invitation, "password": "canary password"})).await;
    assert_eq!(sign_in(&house, "olga", "canary guess").await.status, 403);
    let log = house.log();
    assert!(log.contains("TRACE"), "as talkative as it can be");
    let secrets = [&ada.cookie, &olga.cookie].into_iter().flat_map(|cookie| cookie.split("; "));
    let secrets = secrets.map(|pair| pair.split_once('=').unwrap().1);
    for secret in secrets.chain([link.as_str(), &invitation, PASSWORD]) {
        assert!(!log.contains(secret), "{secret} in {log}");
    }
    assert!(!log.to_lowercase().contains("canary"), "{log}");
}

#[cfg(unix)]
#[tokio::test]
async fn s109_the_data_is_readable_by_its_owner_alone() {
    use std::os::unix::fs::PermissionsExt;
    let house = House::start();
    session(&house, "Ada").await;
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(&house.folder()), 0o700);
    for entry in fs::read_dir(house.folder()).unwrap() {
        let path = entry.unwrap().path();
        assert_eq!(mode(&path) & 0o077, 0, "{}", path.display());
    }
}

/// Runs `parlour room …` on the data of a house: what it prints, or what it says is wrong.
fn room_errand(house: &House, words: &[&str]) -> Result<String, String> {
    let mut process = Process::new(env!("CARGO_BIN_EXE_parlour"));
    let output = process.arg("--data").arg(house.folder()).arg("room").args(words).output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    if output.status.success() { Ok(text(output.stdout)) } else { Err(text(output.stderr)) }
}

/// Runs to an end with this code and exactly one line, which it returns.
fn one_line(code: i32, process: Process) -> String {
    let (ended, said) = refuses(process);
    assert_eq!(ended, Some(code), "{said}");
    let lines: Vec<&str> = said.lines().collect();
    assert_eq!(lines.len(), 1, "{said}");
    assert!(lines[0].starts_with("parlour: "), "{said}");
    said
}
