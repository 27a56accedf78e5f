//! The report as JSON: figures with the names that bench/compare reads.

use serde_json::{Value, json};

use super::histogram::Histogram;
use super::measure::{Edge, Outcome};
use super::plan::Kind;
use super::tally::WindowTally;

/// The figures of a run.
pub(super) fn report(outcome: &Outcome, shape: &str, wire: &str) -> Value {
    let mut report = json!({
        "tool": concat!("parlour bench ", env!("CARGO_PKG_VERSION")),
        "mode": match outcome.load.kind {
            Kind::Fan => "fan",
            Kind::Idle => "idle",
            Kind::Slow => "slow",
            Kind::Sends => "sends",
        },
        "shape": shape,
        "wire": wire,
        "label": shape,
        "args": std::env::args().skip(1).collect::<Vec<_>>().join(" "),
        "connect": connect(outcome),
        "clean": outcome.is_clean(),
    });
    if outcome.load.kind == Kind::Idle {
        report["idle"] = idle(outcome);
        return report;
    }
    report["run"] = run(outcome);
    let window = |index: usize| window(outcome, index);
    match outcome.load.kind {
        Kind::Slow => {
            report["baseline"] = window(0);
            report["with_slow"] = window(1);
            let first = outcome.tally.first_slow_disconnect;
            report["slow_clients"] = json!({
                "count": outcome.load.slow,
                "disconnected_by_server": outcome.tally.slow_disconnected,
                "first_disconnect_s":
                    first.map(|first| round(first.saturating_sub(outcome.second_start) as f64 / 1e9, 3)),
            });
        }
        Kind::Sends => {
            report["measured"] = window(0);
            report["lone"] = window(1);
        }
        Kind::Fan | Kind::Idle => report["measured"] = window(0),
    }
    report
}

fn connect(outcome: &Outcome) -> Value {
    let Outcome { joined, join_s, .. } = *outcome;
    let cpu = outcome.after_join.server.cpu() - outcome.before.server.cpu();
    json!({
        "wanted": outcome.load.clients,
        "connected": joined,
        "failed": outcome.load.clients - joined,
        "first_error": outcome.first_failure,
        "seconds": round(join_s, 3),
        "per_second": if join_s > 0.0 { (joined as f64 / join_s).round() } else { 0.0 },
        "server_cpu_us_each": outcome.server_known.then(|| round(cpu * 1e6 / joined.max(1) as f64, 2)),
    })
}

/// What an idle connection costs.
fn idle(outcome: &Outcome) -> Value {
    let Some((opened, closed)) = outcome.windows.first() else { return Value::Null };
    let each = |now: u64, before: u64| round((now as f64 - before as f64) / outcome.joined.max(1) as f64, 1);
    let before = outcome.before;
    let cpu = closed.server.cpu() - opened.server.cpu();
    let of_server = |value: Value| if outcome.server_known { value } else { Value::Null };
    let machine = closed.machine.zip(before.machine);
    json!({
        "server_rss_before": of_server(json!(before.server.rss)),
        "server_rss_after": of_server(json!(closed.server.rss)),
        "server_peak_rss": of_server(json!(closed.server.peak_rss)),
        "server_rss_per_connection": of_server(json!(each(closed.server.rss, before.server.rss))),
        "machine_available_drop_per_connection": machine.map(|(now, then)| each(then.available, now.available)),
        "kernel_slab_per_connection": machine.map(|(now, then)| each(now.kernel, then.kernel)),
        "tcp_buffer_bytes_per_connection": machine.map(|(now, then)| each(now.tcp, then.tcp)),
        "server_cpu_percent_idle": of_server(json!(round(cpu / outcome.load.seconds * 100.0, 3))),
        "server_threads": of_server(json!(closed.server.threads)),
        "disconnected": outcome.tally.disconnected,
        "pings_answered": outcome.tally.pings,
    })
}

/// What was counted from beginning to end.
fn run(outcome: &Outcome) -> Value {
    let tally = &outcome.tally;
    json!({
        "published": tally.published,
        "expected": tally.expected,
        "delivered": tally.delivered,
        "lost": tally.lost(),
        "duplicated": tally.doubled,
        "out_of_order": tally.out_of_order,
        "gaps": tally.gaps,
        "misrouted": tally.misrouted,
        "stale": tally.stale,
        "garbled": tally.garbled,
        "disconnected": tally.disconnected,
        "server_closes": tally.closes.values().sum::<u64>(),
        "close_codes": tally.closes,
        "protocol_errors": tally.protocol_errors,
        "first_protocol_error": tally.first_protocol_error,
        "stalls": tally.stalls,
        "not_sent": tally.not_sent,
        "send_lag_max_us": us(tally.lag as f64),
        "frames": tally.frames,
        "pings_answered": tally.pings,
        "text_replies": tally.answered,
        "replies": tally.replies,
        "refused_for_a_while": tally.refused_for_a_while,
        "resets": tally.resets,
        "server_alive": outcome.server_alive,
    })
}

/// What was measured in one window.
fn window(outcome: &Outcome, index: usize) -> Value {
    let (Some(tally), Some((opened, closed))) = (outcome.tally.windows.get(index), outcome.windows.get(index)) else {
        return Value::Null;
    };
    let seconds = outcome.load.seconds;
    let (published, expected, delivered) = (tally.published, tally.expected, tally.delivered);
    let mut value = json!({
        "seconds": seconds,
        "published": published,
        "published_per_s": round(published as f64 / seconds, 1),
        "expected": expected,
        "delivered": delivered,
        "lost": expected.saturating_sub(delivered),
        "delivered_ratio": round(delivered as f64 / expected.max(1) as f64, 6),
        "arrived_in_window": tally.arrived,
        "deliveries_per_s": round(tally.arrived as f64 / seconds, 1),
        "bytes_per_s": (tally.bytes as f64 / seconds).round(),
        "deliveries_per_read": round(tally.arrived as f64 / tally.reads.max(1) as f64, 2),
        "latency_us": quantiles(&tally.latency),
    });
    if tally.replies.total() > 0 {
        value["reply_us"] = quantiles(&tally.replies);
        value["replies_per_s"] = json!(round(tally.replies.total() as f64 / seconds, 1));
    }
    spent(outcome, tally, opened, closed, &mut value);
    if outcome.load.rooms == 1 && published > 0 {
        let got: Vec<u64> = outcome.tally.by_client.iter().map(|got| u64::from(got[index])).collect();
        let worst = got.iter().min().copied().unwrap_or(0);
        // A sender that does not hear itself has less than the others, by right.
        let full = if outcome.echoes { published } else { 0 };
        value["worst_client_ratio"] = json!(round(worst as f64 / published as f64, 6));
        value["clients_with_loss"] = json!(got.iter().filter(|got| **got < full).count());
    }
    value
}

/// What the server, this generator and all others spent in a window.
fn spent(outcome: &Outcome, tally: &WindowTally, opened: &Edge, closed: &Edge, value: &mut Value) {
    let Some((machine, before)) = closed.machine.zip(opened.machine) else { return };
    let seconds = outcome.load.seconds;
    let deliveries = tally.arrived.max(1) as f64;
    let own = closed.own.cpu() - opened.own.cpu();
    let (of_server, a, b) = (closed.server.cpu() - opened.server.cpu(), opened.server, closed.server);
    value["own_cpu"] = json!({
        "user_s": round(closed.own.user_s - opened.own.user_s, 3),
        "system_s": round(closed.own.system_s - opened.own.system_s, 3),
        "percent": round(own / seconds * 100.0, 1),
        "us_per_delivery": round(own * 1e6 / deliveries, 3),
    });
    if !outcome.server_known {
        return;
    }
    let busy = machine.busy_s - before.busy_s;
    value["machine"] = json!({
        "busy_percent": round(busy / seconds * 100.0, 1),
        "foreign_percent": round((busy - own - of_server).max(0.0) / seconds * 100.0, 1),
        "steal_percent": round((machine.stolen_s - before.stolen_s) / seconds * 100.0, 1),
    });
    value["server"] = json!({
        "user_s": round(b.user_s - a.user_s, 3),
        "system_s": round(b.system_s - a.system_s, 3),
        "cpu_percent": round(of_server / seconds * 100.0, 1),
        "cpu_us_per_delivery": round(of_server * 1e6 / deliveries, 3),
        "cpu_us_per_message": round(of_server * 1e6 / tally.published.max(1) as f64, 2),
        "rss": b.rss,
        "peak_rss": b.peak_rss,
        "rss_per_connection":
            round((b.rss as f64 - outcome.before.server.rss as f64) / outcome.joined.max(1) as f64, 1),
        "threads": b.threads,
    });
}

fn quantiles(histogram: &Histogram) -> Value {
    let at = |part: f64| us(histogram.quantile(part) as f64);
    json!({
        "mean": us(histogram.mean()),
        "p50": at(0.5),
        "p90": at(0.9),
        "p99": at(0.99),
        "p999": at(0.999),
        "max": us(histogram.most() as f64),
    })
}

/// Nanoseconds as microseconds, to one place.
fn us(nanoseconds: f64) -> f64 {
    round(nanoseconds / 1e3, 1)
}

fn round(value: f64, places: i32) -> f64 {
    let scale = 10f64.powi(places);
    (value * scale).round() / scale
}
