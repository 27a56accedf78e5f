//! The report for people.

use std::fmt::Write as _;

use serde_json::Value;

use super::live::grouped;
use super::measure::Outcome;
use super::plan::{Ack, Kind, Load};

/// Above this part of a core, in percent, others disturb what is measured.
const FOREIGN_MAX: f64 = 20.0;
/// Above this part of its threads the generator is what is measured.
const OWN_MAX: f64 = 90.0;

/// A run in plain words.
pub(super) fn summary(outcome: &Outcome, report: &Value, shape: &str, wire: &str) -> String {
    let load = &outcome.load;
    let mut out = format!("parlour bench {shape}, over {wire}: {}\n\nWhat came of it\n", describe(load));
    let connect = &report["connect"];
    let _ = write!(
        out,
        "  {} of {} people came in, {} a second",
        grouped(outcome.joined as f64),
        grouped(load.clients as f64),
        grouped(number(&connect["per_second"]))
    );
    if let Some(each) = connect["server_cpu_us_each"].as_f64() {
        let _ = write!(out, ", for {each:.0} µs of the server's CPU each");
    }
    out.push('\n');
    if let Some(why) = &outcome.first_failure {
        let _ = writeln!(out, "  The first who did not: {why}");
    }
    match load.kind {
        Kind::Idle => idle(&mut out, report, outcome),
        Kind::Fan => window(&mut out, report, "measured", ""),
        Kind::Slow => {
            window(&mut out, report, "baseline", "While everybody reads\n");
            window(&mut out, report, "with_slow", "While some do not\n");
            let gone = outcome.tally.slow_disconnected;
            let _ = writeln!(out, "  The server gave up {gone} of the {} that did not read", load.slow);
        }
        Kind::Sends => {
            window(&mut out, report, "measured", "");
            window(&mut out, report, "lone", "One sender alone, one at a time\n");
        }
    }
    verdict(&mut out, outcome);
    hints(&mut out, report, outcome);
    out
}

/// What is done.
fn describe(load: &Load) -> String {
    let people = format!(
        "{} people in {}",
        grouped(load.clients as f64),
        if load.rooms == 1 { "one room".to_owned() } else { format!("{} rooms", grouped(load.rooms as f64)) }
    );
    if load.kind == Kind::Idle {
        return format!("{people}, and nobody says anything for {} s", load.seconds);
    }
    let who = if load.senders == load.clients {
        "all of them send".to_owned()
    } else if load.senders == 1 {
        "one of them sends".to_owned()
    } else {
        format!("{} of them send", grouped(load.senders as f64))
    };
    let how = if load.rate > 0.0 {
        format!("{} messages a second{}", grouped(load.rate), if load.senders > 1 { " in all" } else { "" })
    } else {
        let when = match load.ack {
            Ack::Last => "the last of the room has one",
            Ack::Echo => "the sender sees its own",
            Ack::Reply => "the server says that one is stored",
        };
        format!("as fast as it goes ({} in flight each, the next when {when})", load.window)
    };
    format!("{people}, {who} {how}, {} bytes each, for {} s", load.size, load.seconds)
}

fn number(value: &Value) -> f64 {
    value.as_f64().unwrap_or(0.0)
}

/// Microseconds as people say them.
fn time(us: &Value) -> String {
    match number(us) {
        us if us < 1_000.0 => format!("{us:.0} µs"),
        us if us < 10_000.0 => format!("{:.1} ms", us / 1e3),
        us if us < 1_000_000.0 => format!("{:.0} ms", us / 1e3),
        us => format!("{:.1} s", us / 1e6),
    }
}

fn quantiles(out: &mut String, what: &str, value: &Value) {
    let (half, most, slowest) = (time(&value["p50"]), time(&value["p99"]), time(&value["max"]));
    let _ = writeln!(out, "  {what}: half within {half}, 99 % within {most}, the slowest {slowest}");
}

fn window(out: &mut String, report: &Value, name: &str, title: &str) {
    let value = &report[name];
    out.push_str(title);
    let _ = writeln!(
        out,
        "  {} messages a second were sent, {} deliveries a second arrived",
        grouped(number(&value["published_per_s"])),
        grouped(number(&value["deliveries_per_s"]))
    );
    quantiles(out, "From when a message was due until it was there", &value["latency_us"]);
    if value["reply_us"].is_object() {
        quantiles(out, "Until the sender knew that it was stored", &value["reply_us"]);
    }
    if value["server"].is_object() {
        let server = &value["server"];
        let _ = writeln!(
            out,
            "  The server took {:.0} % of a core, {} µs a delivery, and holds {} of memory",
            number(&server["cpu_percent"]),
            server["cpu_us_per_delivery"],
            memory(number(&server["rss"]))
        );
    }
    if value["own_cpu"].is_object() {
        let _ = write!(out, "  This generator took {:.0} % of a core", number(&value["own_cpu"]["percent"]));
        if let Some(foreign) = value["machine"]["foreign_percent"].as_f64() {
            let _ = write!(out, ", other programs {foreign:.0} %");
        }
        out.push('\n');
    }
}

fn idle(out: &mut String, report: &Value, outcome: &Outcome) {
    let idle = &report["idle"];
    if outcome.server_known {
        let _ = writeln!(
            out,
            "  Each takes {} bytes of the server's memory, all together {}",
            grouped(number(&idle["server_rss_per_connection"])),
            memory(number(&idle["server_rss_after"]))
        );
        let _ = writeln!(out, "  The server took {:.1} % of a core", number(&idle["server_cpu_percent_idle"]));
    }
    if let Some(kernel) = idle["kernel_slab_per_connection"].as_f64() {
        let _ = writeln!(out, "  The kernel takes {} bytes for both ends of each", grouped(kernel));
    }
}

/// Bytes as people say them.
pub(super) fn memory(bytes: f64) -> String {
    if bytes < 1e9 { format!("{:.0} MB", bytes / 1e6) } else { format!("{:.1} GB", bytes / 1e9) }
}

/// Whether all was well.
fn verdict(out: &mut String, outcome: &Outcome) {
    let tally = &outcome.tally;
    let faults = [
        (tally.lost(), "deliveries were lost"),
        (tally.doubled, "came twice"),
        (tally.out_of_order, "were overtaken by later ones"),
        (tally.misrouted, "came to the wrong room"),
        (tally.garbled, "were malformed"),
        (tally.disconnected, "connections were cut off"),
        (tally.protocol_errors, "connections broke the WebSocket protocol"),
        (tally.not_sent, "messages could not be sent"),
        ((outcome.load.clients - outcome.joined) as u64, "did not come in"),
    ];
    let wrong: Vec<String> = faults
        .iter()
        .filter(|fault| fault.0 > 0)
        .map(|(times, what)| format!("{} {what}", grouped(*times as f64)))
        .collect();
    out.push('\n');
    if !outcome.server_alive {
        out.push_str("WRONG: the server has ended.\n");
    }
    if wrong.is_empty() {
        out.push_str("Nothing was lost, doubled, out of order, misrouted or cut off.\n");
    } else {
        let _ = writeln!(out, "WRONG: {}.", wrong.join("; "));
    }
    for (code, times) in &tally.closes {
        let _ = writeln!(out, "The server closed {times} connections with {code}.");
    }
    if let Some(error) = &tally.first_protocol_error {
        let _ = writeln!(out, "The first breach of the protocol: {error}.");
    }
}

/// What to know before these figures are believed.
fn hints(out: &mut String, report: &Value, outcome: &Outcome) {
    let tally = &outcome.tally;
    if tally.stalls > 0 {
        let _ = writeln!(
            out,
            "{} times no message arrived for two seconds and the next was sent anyway. A Parlour needs --rate-limits off.",
            tally.stalls
        );
    }
    if tally.refused_for_a_while > 0 {
        let _ = writeln!(
            out,
            "{} times the server had too much to do and a message was sent again.",
            grouped(tally.refused_for_a_while as f64)
        );
    }
    if tally.resets > 0 {
        let _ = writeln!(out, "{} times a client was told to start a room anew.", tally.resets);
    }
    let value = &report[if outcome.load.kind == Kind::Slow { "with_slow" } else { "measured" }];
    if number(&value["machine"]["foreign_percent"]) > FOREIGN_MAX {
        out.push_str("Other programs were busy: measure again on a quiet machine before you believe these figures.\n");
    }
    if number(&value["own_cpu"]["percent"]) > OWN_MAX * outcome.load.threads as f64 {
        out.push_str("This generator was busy all the time, and may be what was measured: add --threads 2.\n");
    }
    if !outcome.server_known {
        out.push_str(
            "Name the server's process with --pid to see its CPU and memory, where it runs on this machine and there is a \
             /proc.\n",
        );
    }
}
