//! Sessions for the clients of parlour.v1: a name for each, over a few kept-alive HTTP connections.

use std::io::{self, BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::sync::Mutex;
use std::sync::PoisonError;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use anyhow::{Context, anyhow, bail};

use super::measure::{INTERRUPTED, Setting};
use super::plan::Target;
use super::trouble;

/// At once: as many as share a commit well, fewer than one address may have.
const LINES: usize = 48;
/// Whatever does not come within this time will not.
const PATIENCE: Duration = Duration::from_secs(15);
/// No answer to a sign-in is longer.
const ANSWER_BYTES_MAX: usize = 64 * 1024;

/// A cookie for each of so many clients.
pub(super) fn sign_in(setting: &Setting, clients: usize) -> anyhow::Result<Vec<String>> {
    let target = setting.target;
    let run = uuid::Uuid::new_v4().as_fields().0;
    let next = AtomicUsize::new(0);
    let cookies = Mutex::new(vec![String::new(); clients]);
    let work = || -> anyhow::Result<()> {
        let mut line = None;
        loop {
            let client = next.fetch_add(1, Ordering::Relaxed);
            if client >= clients {
                return Ok(());
            }
            if (setting.is_interrupted)() {
                bail!(INTERRUPTED);
            }
            setting.live.show(|| format!("signing in  {client}/{clients}"));
            let name = format!("bench {run:08x} {client}");
            let cookie = one(target, &mut line, &name).inspect_err(|_| next.store(clients, Ordering::Relaxed))?;
            cookies.lock().unwrap_or_else(PoisonError::into_inner)[client] = cookie;
        }
    };
    std::thread::scope(|scope| {
        let threads: Vec<_> = (0..LINES.min(clients)).map(|_| scope.spawn(work)).collect();
        threads.into_iter().try_for_each(|thread| thread.join().map_err(|_| anyhow!("a thread ended"))?)
    })?;
    Ok(cookies.into_inner().unwrap_or_else(PoisonError::into_inner))
}

/// Signs one in; over the line of the one before, while the server keeps it.
fn one(target: &Target, line: &mut Option<BufReader<TcpStream>>, name: &str) -> anyhow::Result<String> {
    let is_kept = line.is_some();
    match ask(target, line, name) {
        Err(_) if is_kept => {
            *line = None;
            ask(target, line, name)
        }
        other => other,
    }
}

fn ask(target: &Target, kept: &mut Option<BufReader<TcpStream>>, name: &str) -> anyhow::Result<String> {
    let line = match kept {
        Some(line) => line,
        None => {
            let stream = TcpStream::connect_timeout(&target.address, PATIENCE)
                .map_err(|error| anyhow!(trouble::of_connecting(target, &error)))?;
            stream.set_nodelay(true)?;
            stream.set_read_timeout(Some(PATIENCE))?;
            kept.insert(BufReader::new(stream))
        }
    };
    let body = serde_json::json!({ "name": name }).to_string();
    let request = format!(
        "POST /api/v1/sign-in HTTP/1.1\r\nHost: {}\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
        target.host,
        body.len()
    );
    line.get_mut().write_all(request.as_bytes())?;
    let mut first = String::new();
    // A server that speaks something else may never end its line, or hang up.
    let read = line.by_ref().take(1_024).read_line(&mut first);
    if let Err(error) = read
        && error.kind() != io::ErrorKind::ConnectionReset
    {
        return Err(error).context("it does not answer a sign-in in time");
    }
    if first.is_empty() {
        bail!(trouble::of_sign_in(404, ""));
    }
    if !first.starts_with("HTTP/1.") {
        bail!("what answers at {} is no HTTP server", target.address);
    }
    let status: u16 = first.split_whitespace().nth(1).and_then(|status| status.parse().ok()).unwrap_or(0);
    let (mut cookie, mut length) = (String::new(), None);
    loop {
        let mut header = String::new();
        if line.by_ref().take(ANSWER_BYTES_MAX as u64).read_line(&mut header)? == 0 || header.trim().is_empty() {
            break;
        }
        let (name, value) = header.split_once(':').unwrap_or_default();
        if name.eq_ignore_ascii_case("set-cookie") {
            cookie = value.split(';').next().unwrap_or_default().trim().to_owned();
        } else if name.eq_ignore_ascii_case("content-length") {
            length = value.trim().parse().ok();
        }
    }
    let mut answer = vec![0; length.unwrap_or(0usize).min(ANSWER_BYTES_MAX)];
    line.read_exact(&mut answer)?;
    if status != 201 || cookie.is_empty() {
        // Where the answer ends may be unknown.
        *kept = None;
        bail!(trouble::of_sign_in(status, &String::from_utf8_lossy(&answer)));
    }
    Ok(cookie)
}
