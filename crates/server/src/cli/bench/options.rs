//! What is asked for, understood: the address, the wire, the numbers of the load, and what the machine allows.

use std::net::{SocketAddr, ToSocketAddrs as _};
use std::path::Path;

use anyhow::{Context, bail};

use super::Arguments;
use super::live::grouped;
use super::marker;
use super::plan::{Ack, Kind, Load, Target, Wire};
use super::process::Watched;
use super::profile::Profile;
use super::template::Template;

/// Files and sockets of this program beside its connections.
const OWN_DESCRIPTORS: usize = 64;
/// Those of a server.
const SERVER_DESCRIPTORS: usize = 192;
/// More connections than this from one address of this machine run out of ports.
const PER_SOURCE: usize = 10_000;
/// Nobody needs more, and all of them end.
const SECONDS_MAX: f64 = 3_600.0;
const RATE_MAX: f64 = 10_000_000.0;

/// What is asked for.
pub(super) struct Options {
    pub(super) target: Option<Target>,
    pub(super) wire: Wire,
    pub(super) tokens: Vec<String>,
    pub(super) load: Load,
    pub(super) name: &'static str,
    pub(super) given: Given,
}

/// What may not be changed to fit the machine.
pub(super) struct Given {
    takes_what_there_is: bool,
    clients: bool,
    rooms: bool,
    source_ips: bool,
    is_loopback: bool,
}

impl Given {
    /// Everything may be changed.
    pub(super) const NOTHING: Given =
        Given { takes_what_there_is: true, clients: false, rooms: false, source_ips: false, is_loopback: true };
}

impl Options {
    pub(super) fn of(arguments: &Arguments) -> anyhow::Result<Options> {
        let wire = wire(&arguments.wire)?;
        let default_path = if matches!(&wire, Wire::Profile(_)) && arguments.wire != "classic" { "/" } else { "/ws" };
        let target = arguments.address.as_deref().map(|text| target(text, default_path)).transpose()?;
        if let Some(target) = &target
            && !target.address.ip().is_loopback()
            && !arguments.i_run_this_server
        {
            bail!(
                "{} is not this machine, and this is a load that could do harm there; if the server is yours, add \
                 --i-run-this-server",
                target.host
            );
        }
        if arguments.json.as_deref().is_some_and(|file| file.contains("://")) {
            bail!("--json took the address for its file; write the address first, or --json=FILE");
        }
        let tokens = match &arguments.tokens {
            Some(file) => std::fs::read_to_string(file).with_context(|| format!("cannot read {}", file.display()))?,
            None => String::new(),
        };
        let mut load = load(arguments);
        check(&mut load, &wire, target.as_ref(), arguments)?;
        Ok(Options {
            wire,
            tokens: tokens.lines().map(str::to_owned).collect(),
            load,
            name: arguments.shape.name(),
            given: Given {
                takes_what_there_is: arguments.shape.takes_what_there_is(),
                clients: arguments.clients.is_some(),
                rooms: arguments.rooms.is_some(),
                source_ips: arguments.source_ips.is_some(),
                is_loopback: target.as_ref().is_none_or(|target| target.address.is_ipv4()),
            },
            target,
        })
    }
}

/// The shape's numbers, and over them those that were given.
fn load(arguments: &Arguments) -> Load {
    let shape = arguments.shape.load();
    let clients = arguments.clients.unwrap_or(shape.clients);
    // A shape in which everyone talks stays one with fewer or more people.
    let everyone = shape.senders == shape.clients;
    let senders = arguments.senders.unwrap_or(if everyone { clients } else { shape.senders });
    let rooms = arguments.rooms.unwrap_or(if shape.rooms == shape.clients { clients } else { shape.rooms });
    let rate = arguments.rate.unwrap_or(shape.rate);
    Load {
        clients,
        senders,
        rooms,
        rate,
        window: arguments.window.unwrap_or(shape.window),
        ack: arguments.ack.unwrap_or(shape.ack),
        size: arguments.size.unwrap_or(shape.size),
        seconds: arguments.seconds.unwrap_or(shape.seconds),
        warmup: arguments.warmup.unwrap_or(shape.warmup),
        ramp: arguments.ramp.unwrap_or(shape.ramp),
        source_ips: arguments.source_ips.unwrap_or(0),
        slow: arguments.slow.unwrap_or(shape.slow),
        threads: arguments.threads,
        ..shape
    }
}

fn check(load: &mut Load, wire: &Wire, target: Option<&Target>, arguments: &Arguments) -> anyhow::Result<()> {
    if load.slow > 0 && load.kind != Kind::Slow {
        bail!("--slow belongs to --shape slow");
    }
    if load.clients <= load.slow {
        bail!("--clients must be more than the {} that stop reading", load.slow);
    }
    if load.kind == Kind::Idle {
        load.senders = 0;
    } else if load.senders == 0 || load.senders > load.counted() {
        bail!("--senders must be 1 to {}", load.counted());
    }
    if load.rooms == 0 || load.threads == 0 || load.window == 0 || load.rooms > load.clients {
        bail!("--rooms, --threads and --window begin at 1, and each room needs a client");
    }
    for (flag, value, most) in [
        ("--seconds", load.seconds, SECONDS_MAX),
        ("--warmup", load.warmup, SECONDS_MAX),
        ("--ramp", load.ramp, RATE_MAX),
        ("--rate", load.rate, RATE_MAX),
    ] {
        let may_be_zero = matches!(flag, "--rate" | "--warmup");
        if !(value >= 0.0 && value <= most && (may_be_zero || value > 0.0)) {
            bail!("{flag} {value} is not a number up to {most}");
        }
    }
    if load.size < marker::LENGTH {
        bail!("--size must be at least {}: the mark that is looked for is that long", marker::LENGTH);
    }
    let Wire::Profile(profile) = wire else { return Ok(()) };
    if load.ack == Ack::Reply {
        bail!("only parlour.v1 answers that a message is stored: --ack reply and --shape sends need --wire parlour");
    }
    let in_path = target.is_some_and(|target| target.path.has(super::template::Hole::Room));
    if load.rooms > 1 && !profile.knows_rooms() && !in_path {
        bail!(
            "--wire {} has one room only; write {{room}} into the address, as in 'ws://…/ws?room={{room}}', or add --rooms 1",
            arguments.wire
        );
    }
    Ok(())
}

fn wire(name: &str) -> anyhow::Result<Wire> {
    Ok(match name {
        "parlour" => Wire::Parlour,
        "classic" => Wire::Profile(Box::new(Profile::bare())),
        file => Wire::Profile(Box::new(Profile::load(Path::new(file))?)),
    })
}

fn target(text: &str, default_path: &str) -> anyhow::Result<Target> {
    if text.starts_with("wss://") || text.starts_with("https://") {
        bail!("{text}: there is no TLS here; address the server behind its proxy, as in ws://127.0.0.1:8080/ws");
    }
    let bare = text.strip_prefix("ws://").or_else(|| text.strip_prefix("http://")).unwrap_or(text);
    let (host, path) = bare.find('/').map_or((bare, ""), |slash| bare.split_at(slash));
    let with_port = if host.rsplit(']').next().is_some_and(|rest| rest.contains(':')) {
        host.to_owned()
    } else {
        format!("{host}:80")
    };
    let found: Option<SocketAddr> = with_port.to_socket_addrs().ok().and_then(|found| {
        let all: Vec<SocketAddr> = found.collect();
        all.iter().find(|address| address.is_ipv4()).or(all.first()).copied()
    });
    let address = found.with_context(|| format!("{text} is no address; write such as 127.0.0.1:8080"))?;
    let path = if path.is_empty() || path == "/" && default_path == "/ws" { default_path } else { path };
    Ok(Target { address, host: host.to_owned(), path: Template::text(path) })
}

impl Load {
    /// Makes a load fit what the system allows; what was changed, in words.
    pub(super) fn fit(&mut self, given: &Given, server: &Watched) -> anyhow::Result<Vec<String>> {
        let wanted = self.clients + OWN_DESCRIPTORS;
        let own = rlimit::increase_nofile_limit(wanted as u64).unwrap_or(1_024) as usize;
        let of_server = server.descriptors().map_or(usize::MAX, |of_server| of_server as usize);
        let possible = own.saturating_sub(OWN_DESCRIPTORS).min(of_server.saturating_sub(SERVER_DESCRIPTORS));
        let mut notes = Vec::new();
        if self.clients > possible {
            let limits = format!(
                "this program may open {} files and sockets{}",
                grouped(own as f64),
                if of_server < usize::MAX {
                    format!(", the server {}", grouped(of_server as f64))
                } else {
                    String::new()
                }
            );
            if !given.takes_what_there_is || given.clients || given.rooms {
                bail!(
                    "{} clients are more than the {} possible here: {limits}. Raise the limit (ulimit -n), or share the load \
                     between several of these",
                    grouped(self.clients as f64),
                    grouped(possible as f64)
                );
            }
            let wanted = self.clients;
            let per_room = self.clients / self.rooms;
            if self.rooms > 1 {
                self.rooms = possible / per_room;
                self.rate *= (self.rooms * per_room) as f64 / self.clients as f64;
                self.senders = self.senders.min(self.rooms);
                self.clients = self.rooms * per_room;
            } else {
                self.clients = possible;
            }
            notes.push(format!(
                "{} connections instead of {}: {limits}.",
                grouped(self.clients as f64),
                grouped(wanted as f64)
            ));
        }
        if !given.source_ips && given.is_loopback && self.clients > PER_SOURCE && cfg!(target_os = "linux") {
            self.source_ips = self.clients.div_ceil(PER_SOURCE);
        }
        Ok(notes)
    }
}
