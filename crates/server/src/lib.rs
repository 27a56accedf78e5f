//! The edges of Parlour: command line, HTTP, WebSocket, the embedded web client. The only crate that knows that any of
//! them exist. [`run`] is the composition root; binding and stopping belong to its caller, so a test is a server.

#[cfg(all(feature = "conformance", not(debug_assertions)))]
compile_error!("the feature `conformance` opens an echo to everyone and raises limits: it is never part of a release");

mod accept;
mod caller;
mod caps;
pub mod cli;
pub mod config;
mod failpoints;
mod framing;
mod http;
mod providers;
mod telemetry;
mod ws;

use std::net::TcpListener;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context;
use parlour_bus::LocalBus;
use parlour_engine::{Bus, Engine};
use parlour_protocol::limits;
use tokio::time::MissedTickBehavior;

use config::Config;
pub use http::{ROUTES, Route};

/// Clients come back spread over this time after a planned stop.
const SPREAD_MS: u32 = 5_000;
/// Descriptors for the database, logs and the rest; connections take what is left.
const DESCRIPTORS_KEPT: usize = 128;
/// Sockets are given this much of the time a stop may take; the rest is for the disk.
const GOODBYE: Duration = Duration::from_millis(limits::DRAIN_MS / 2);

/// The bytes of files that are nobody's any more are gone within this time (S79).
const SWEEP_EVERY: Duration = Duration::from_secs(30);

/// Serves a house on a listener until `shutdown` resolves, then says goodbye and stops within [`limits::DRAIN_MS`].
/// `ready` is called when the first connection can be taken, with the last part of the link that makes the house somebody's
/// own, while it is nobody's.
///
/// # Errors
/// One line that says what to do, when the data folder cannot be opened.
pub async fn run(
    config: Config,
    listener: TcpListener,
    ready: impl FnOnce(Option<String>),
    shutdown: impl Future<Output = ()> + Send,
) -> anyhow::Result<()> {
    let config = Arc::new(config);
    let bus = Arc::new(LocalBus::default());
    let inbox = bus.attend();
    let on_commit = {
        let bus = Arc::clone(&bus);
        Arc::new(move |committed: parlour_store::Committed| {
            failpoints::committed(&committed);
            parlour_engine::publish_commits(bus.as_ref(), committed);
        })
    };
    let (broken, broke) = tokio::sync::mpsc::channel::<()>(1);
    let on_broken = {
        let broken = broken.clone();
        Arc::new(move || {
            // Full means that it was said before.
            let _ = broken.try_send(());
        })
    };
    let options = parlour_store::Options { folder: config.data.clone() };
    let store = tokio::task::spawn_blocking(move || parlour_store::open(&options, on_commit, on_broken)).await??;
    let engine = Engine::new(
        parlour_engine::Config {
            house_name: config.house_name.clone(),
            door: config.door,
            limits: config.rate_limits,
            link_cards: config.link_cards,
            card_hosts: config.card_hosts.clone(),
            own_names: config.public_url.iter().map(|url| url.authority.clone()).collect(),
            providers: config.providers.clone(),
            version: env!("CARGO_PKG_VERSION"),
        },
        Arc::clone(&store),
        Arc::clone(&bus) as Arc<dyn Bus>,
    );
    let owner_link = engine.begin().await.context("the database cannot be written")?;
    let (shard, thread) = ws::Shard::start(Arc::clone(&engine), inbox, config.compression, move || {
        // Full means that the house stops already.
        let _ = broken.try_send(());
    })
    .context("the system gives no thread")?;
    let caps = caps::Caps::new(caps::Most {
        total: limits::CONNECTIONS_MAX.min(descriptors().saturating_sub(DESCRIPTORS_KEPT)),
        signed_in: config.connections_per_address,
        anonymous: config.anonymous_connections_per_address,
        by_address: config.rate_limits,
    });
    let sweeping = tokio::spawn(sweep(Arc::clone(&engine)));
    let app = http::App::new(Arc::clone(&config), engine, shard.clone());
    let listener = tokio::net::TcpListener::from_std(listener).context("the listener cannot be used")?;
    tracing::info!(address = %config.listen, data = %config.data.display(), version = env!("CARGO_PKG_VERSION"), "serving");
    ready(owner_link.map(|token| token.to_text()));
    let stopped = accept::serve(listener, app, caps, Arc::clone(&config), shutdown, broke).await;
    sweeping.abort();
    // An error only means that the sockets took longer than they were given; they are cut when the process ends.
    let _ = tokio::time::timeout(GOODBYE, shard.drain(SPREAD_MS)).await;
    drop(shard);
    tokio::task::spawn_blocking(move || {
        store.close();
        drop(thread);
    })
    .await?;
    stopped
}

/// Removes what nobody wants any more, for as long as the house runs.
async fn sweep(engine: Arc<Engine>) {
    let mut ticks = tokio::time::interval(SWEEP_EVERY);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        ticks.tick().await;
        engine.sweep_files().await;
    }
}

/// How many files and sockets the system lets this process have, after asking for as many as it will give.
fn descriptors() -> usize {
    let given = rlimit::increase_nofile_limit(limits::CONNECTIONS_MAX as u64 + DESCRIPTORS_KEPT as u64);
    given.map_or(1_024, |given| usize::try_from(given).unwrap_or(usize::MAX))
}
