//! `parlour serve`: binds, runs, stops on a signal.

use std::io::Write as _;
use std::net::{SocketAddr, TcpListener};
use std::time::Duration;

use anyhow::Context;
use parlour_protocol::limits;
use tokio::signal::unix::{SignalKind, signal};

use crate::config::Config;

/// Connections the kernel holds for us while we are busy.
const BACKLOG: i32 = 4_096;

/// Serves until SIGTERM or Ctrl+C; a second one stops at once. `also` is said below where the house is.
pub(super) fn serve(mut config: Config, also: &'static str) -> anyhow::Result<()> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().context("no event loop")?;
    let listener = bind(config.listen)?;
    // Port 0 asks the system for a free one; what it gave is what people are told.
    config.listen = listener.local_addr().context("the listener has no address")?;
    let result = runtime.block_on(async {
        let mut terminate = signal(SignalKind::terminate()).context("cannot listen for SIGTERM")?;
        let mut interrupt = signal(SignalKind::interrupt()).context("cannot listen for Ctrl+C")?;
        let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
        let (origin, served) = match &config.public_url {
            Some(url) => (url.origin.clone(), format!(", served on http://{}", config.listen)),
            None => (format!("http://{}", config.listen), String::new()),
        };
        let ready = move |owner_link: Option<String>| {
            let mut said = format!("Parlour is at {origin}{served}  (Ctrl+C stops it)\n");
            if let Some(token) = owner_link {
                said.push_str(&format!("Nobody owns this house yet. Its owner link, good once (docs/SELF-HOSTING.md): {origin}/owner/{token}\n"));
            }
            said.push_str(also);
            // Nobody may be listening to what we print, which is no reason not to serve. In one piece: who reads the first
            // line alone loses nothing.
            let _ = std::io::stdout().write_all(said.as_bytes());
        };
        let running = crate::run(config, listener, ready, async move { drop(stopped.await) });
        tokio::pin!(running);
        tokio::select! {
            result = &mut running => return result,
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
        tracing::info!("stopping");
        drop(stop);
        tokio::select! {
            result = &mut running => result,
            () = tokio::time::sleep(Duration::from_millis(limits::DRAIN_MS)) => Ok(()),
            _ = terminate.recv() => Ok(()),
            _ = interrupt.recv() => Ok(()),
        }
    });
    // Whatever still runs has had its time.
    runtime.shutdown_timeout(Duration::from_millis(100));
    result
}

fn bind(address: SocketAddr) -> anyhow::Result<TcpListener> {
    let socket = socket2::Socket::new(socket2::Domain::for_address(address), socket2::Type::STREAM, None)
        .context("the system gives no socket")?;
    socket.set_reuse_address(true).context("the system gives no socket")?;
    socket.bind(&address.into()).map_err(|error| describe(address, &error))?;
    socket.listen(BACKLOG).map_err(|error| describe(address, &error))?;
    socket.set_nonblocking(true).context("the system gives no socket")?;
    Ok(socket.into())
}

fn describe(address: SocketAddr, error: &std::io::Error) -> anyhow::Error {
    match error.kind() {
        std::io::ErrorKind::AddrInUse => anyhow::anyhow!(
            "{address} is taken by another program. Stop that one, or choose another address with --listen."
        ),
        std::io::ErrorKind::PermissionDenied => {
            anyhow::anyhow!("{address} needs more rights than this user has. Choose a port above 1023 with --listen.")
        }
        _ => anyhow::anyhow!("cannot listen on {address}: {error}. Choose another address with --listen."),
    }
}
