//! The limit: what fan-out costs when nothing is done but fan-out. One thread, one epoll, no framework, no JSON, no access
//! check, and (but for `durable`) no storage: a text frame that comes in goes out to every socket of its room, raw. A
//! product cannot be cheaper on this kernel; how near it comes is what the comparison shows.
//!
//! - `send`: one `send` for each socket and message, at once.
//! - `batch`: all that came in during one round of epoll goes out as one `send` for each socket, from one shared buffer.
//! - `durable`: as `batch`, with one write and one fdatasync a round before anyone is sent anything.
//! - `uring`: as `batch`, the sends handed to the kernel through io_uring, 1,024 at a time.

mod connection;
mod frames;
mod handshake;
mod outgoing;
mod server;

use std::path::PathBuf;
use std::process::ExitCode;

use outgoing::{Log, Uring};
use server::Server;

const USAGE: &str = "usage: limit send|batch|durable|uring PORT [FOLDER for the file of durable]";

/// How what came in goes out.
pub(crate) enum Mode {
    Send,
    Batch,
    Durable(Log),
    Uring(Box<Uring>),
}

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(why) => {
            eprintln!("limit: {why}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<(), String> {
    let mut arguments = std::env::args().skip(1);
    let mode = match arguments.next().as_deref() {
        Some("send") => "send",
        Some("batch") => "batch",
        Some("durable") => "durable",
        Some("uring") => "uring",
        _ => return Err(USAGE.to_owned()),
    };
    let port: u16 = arguments.next().and_then(|port| port.parse().ok()).ok_or(USAGE)?;
    let mode = match (mode, arguments.next()) {
        ("send", None) => Mode::Send,
        ("batch", None) => Mode::Batch,
        ("uring", None) => {
            let uring = Uring::new().map_err(|why| format!("this kernel refuses io_uring: {why}"))?;
            Mode::Uring(Box::new(uring))
        }
        ("durable", Some(folder)) => {
            let file = PathBuf::from(folder).join("limit.log");
            Mode::Durable(Log::create(&file).map_err(|why| format!("{}: {why}", file.display()))?)
        }
        _ => return Err(USAGE.to_owned()),
    };
    let server = Server::listen(port, mode).map_err(|why| format!("cannot listen on 127.0.0.1:{port}: {why}"))?;
    println!("listening on 127.0.0.1:{port}");
    Err(server.run().to_string())
}
