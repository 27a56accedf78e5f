//! The accept loop: every connection counted, timed, and ended when the house closes.
//!
//! Our own, because the ready-made ones never close a connection that says nothing.

use std::convert::Infallible;
use std::pin::Pin;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, OnceLock};
use std::task::{Context, Poll};
use std::time::{Duration, Instant};

use axum::Router;
use axum::body::Body;
use bytes::Bytes;
use hyper::body::{Body as HttpBody, Frame, Incoming, SizeHint};
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{mpsc, watch};
use tower_service::Service;

use crate::caps::{Caps, Guard};
use crate::config::{Config, Timeouts};
use crate::framing::{Verdict, Watched};
use crate::http::{self, App};

/// After an accept error (no descriptors left, say) the loop waits this long instead of spinning.
const ACCEPT_BACKOFF: Duration = Duration::from_millis(50);
/// Header lines of one request.
pub(crate) const HEADERS_MAX: usize = 64;
/// Bytes of one request's header, its first line included.
const HEADER_BYTES_MAX: usize = 64 * 1_024;
/// Requests under way are given this long when the house closes.
const FINISH: Duration = Duration::from_secs(1);

/// The other end of a connection, as handlers see it.
#[derive(Clone, Debug)]
pub(crate) struct Peer {
    pub(crate) address: std::net::SocketAddr,
    pub(crate) guard: Arc<Guard>,
    pub(crate) framing: Verdict,
}

/// Accepts until `shutdown`, or until the store has broken.
pub(crate) async fn serve(
    listener: TcpListener,
    app: App,
    caps: Arc<Caps>,
    config: Arc<Config>,
    shutdown: impl Future<Output = ()> + Send,
    mut broke: mpsc::Receiver<()>,
) -> anyhow::Result<()> {
    let edge = Arc::new(Edge { router: http::router(app.clone()), app, timeouts: config.timeouts });
    let (closing, closed) = watch::channel(false);
    let (alive, mut all_gone) = mpsc::channel::<()>(1);
    tokio::pin!(shutdown);
    let result = loop {
        let (stream, address) = tokio::select! {
            () = &mut shutdown => break Ok(()),
            Some(()) = broke.recv() => {
                break Err(anyhow::anyhow!("the disk reported an error, so nothing more can be promised. Check it, then start again."));
            }
            accepted = listener.accept() => match accepted {
                Ok(accepted) => accepted,
                Err(error) => {
                    tracing::warn!(%error, "a connection could not be accepted");
                    tokio::time::sleep(ACCEPT_BACKOFF).await;
                    continue;
                }
            },
        };
        let is_proxy = config.trusted_proxies.iter().any(|network| network.holds(address.ip()));
        let Some(guard) = caps.enter(address.ip(), is_proxy) else {
            refuse(&stream);
            continue;
        };
        // Without it small frames wait for the other side's delayed ACK.
        if stream.set_nodelay(true).is_err() {
            continue;
        }
        let peer = Peer { address, guard: Arc::new(guard), framing: Verdict::default() };
        tokio::spawn(connection(stream, peer, Arc::clone(&edge), closed.clone(), alive.clone()));
    };
    drop(alive);
    // Fails only when no connection is left to hear it.
    let _ = closing.send(true);
    let _ = tokio::time::timeout(FINISH, all_gone.recv()).await;
    result
}

/// What every connection is served with.
struct Edge {
    app: App,
    router: Router,
    timeouts: Timeouts,
}

/// Says 503 without reading anything, and hangs up.
fn refuse(stream: &TcpStream) {
    static FULL: OnceLock<String> = OnceLock::new();
    let full = FULL.get_or_init(|| {
        format!(
            "HTTP/1.1 503 Service Unavailable\r\nRetry-After: 5\r\nConnection: close\r\nContent-Type: text/plain; charset=utf-8\r\n\
             {}Content-Length: 21\r\n\r\nToo many connections\n",
            crate::http::fixed_headers()
        )
    });
    // The kernel's buffer of a fresh socket takes this; if not, the caller learns it from the reset.
    let _ = stream.try_write(full.as_bytes());
}

/// What is known of a connection's use, for its idle timer.
struct Activity {
    started: Instant,
    requests: AtomicUsize,
    under_way: AtomicUsize,
    idle_since_ms: AtomicU64,
}

impl Activity {
    /// Something was done just now.
    fn touch(&self) {
        self.idle_since_ms.store(self.now_ms(), Ordering::Relaxed);
    }

    fn now_ms(&self) -> u64 {
        u64::try_from(self.started.elapsed().as_millis()).unwrap_or(u64::MAX)
    }

    /// How much longer it may be idle; none when its time is over.
    fn patience(&self, timeouts: Timeouts) -> Option<Duration> {
        let allowed_ms = match self.requests.load(Ordering::Relaxed) {
            0 => timeouts.header_ms,
            _ if self.under_way.load(Ordering::Relaxed) > 0 => return Some(Duration::from_millis(timeouts.idle_ms)),
            _ => timeouts.idle_ms,
        };
        let idle_ms = self.now_ms().saturating_sub(self.idle_since_ms.load(Ordering::Relaxed));
        let left_ms = allowed_ms.checked_sub(idle_ms).filter(|left| *left > 0)?;
        Some(Duration::from_millis(left_ms))
    }
}

/// An answer on its way out. A long one is no idleness as long as its reader takes something of it (S92).
struct Answer {
    body: Body,
    activity: Arc<Activity>,
}

impl HttpBody for Answer {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        let frame = Pin::new(&mut self.body).poll_frame(context);
        if frame.is_ready() {
            self.activity.touch();
        }
        frame
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

async fn connection(
    stream: TcpStream,
    peer: Peer,
    edge: Arc<Edge>,
    mut closed: watch::Receiver<bool>,
    alive: mpsc::Sender<()>,
) {
    let started = Instant::now();
    let first = tokio::select! {
        biased;
        first = http::first_bytes(&stream) => first,
        () = tokio::time::sleep(Duration::from_millis(edge.timeouts.header_ms)) => return,
        _ = closed.changed() => return,
    };
    if let Some((stream, before)) = edge.app.take_first((stream, first), &peer).await {
        // In a place of its own, which most connections never need.
        Box::pin(requests((stream, before), peer, &edge, closed, started)).await;
    }
    drop(alive);
}

/// Serves a connection by the general edge, from the bytes on that were read of it.
async fn requests(
    (stream, before): (TcpStream, Bytes),
    peer: Peer,
    edge: &Edge,
    mut closed: watch::Receiver<bool>,
    started: Instant,
) {
    let timeouts = edge.timeouts;
    let activity = Arc::new(Activity {
        started,
        requests: AtomicUsize::new(0),
        under_way: AtomicUsize::new(0),
        idle_since_ms: AtomicU64::new(0),
    });
    let stream = Watched::new(stream, before, peer.framing.clone());
    let router = edge.router.clone();
    let service = {
        let activity = Arc::clone(&activity);
        hyper::service::service_fn(move |mut request: hyper::Request<Incoming>| {
            let (activity, mut router) = (Arc::clone(&activity), router.clone());
            request.extensions_mut().insert(peer.clone());
            activity.requests.fetch_add(1, Ordering::Relaxed);
            activity.under_way.fetch_add(1, Ordering::Relaxed);
            async move {
                let response = router.call(request.map(Body::new)).await;
                activity.touch();
                activity.under_way.fetch_sub(1, Ordering::Relaxed);
                let response = response.unwrap_or_else(|never| match never {});
                Ok::<_, Infallible>(response.map(|body| Body::new(Answer { body, activity })))
            }
        })
    };
    let mut builder = hyper::server::conn::http1::Builder::new();
    builder.timer(TokioTimer::new()).header_read_timeout(Duration::from_millis(timeouts.header_ms));
    builder.max_headers(HEADERS_MAX).max_header_size(HEADER_BYTES_MAX);
    let connection = builder.serve_connection(TokioIo::new(stream), service).with_upgrades();
    tokio::pin!(connection);
    loop {
        let patience = activity.patience(timeouts);
        let idle = async {
            if let Some(patience) = patience {
                tokio::time::sleep(patience).await;
            }
        };
        tokio::select! {
            // A client that goes away is no fault of ours.
            _ = connection.as_mut() => break,
            () = idle => if activity.patience(timeouts).is_none() { break },
            _ = closed.changed() => {
                connection.as_mut().graceful_shutdown();
                let _ = tokio::time::timeout(FINISH, connection.as_mut()).await;
                break;
            }
        }
    }
}
