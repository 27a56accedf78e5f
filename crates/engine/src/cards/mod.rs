//! Link cards: what is behind the links of a message, looked at once it was said (CARD-1 to CARD-8). All of it happens on a thread
//! of its own behind everyone who talks, within bounds of number, time and bytes; what does not fit has no card, and nothing waits for
//! one. What is asked for goes through [`crate::guard`].
//!
//! [`page`] what a page says of itself · [`remembered`] what was found lately.

mod page;
mod remembered;

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use parlour_domain::{card, markup};
use parlour_protocol::{Card, CardPicture, FileId, RoomId, Seq, User, limits};
use parlour_store::{Form, NewCardPicture, Store};
use tokio::sync::{Semaphore, mpsc};
use tokio::task::spawn_blocking;
use tokio::time::Instant;

use crate::guard::{Fetched, Guard, Kind};
use crate::pictures::{Pictures, Small};
use crate::{Engine, wall_clock};

/// How far the thread stands behind the others who want the processor.
const NICE: i32 = 10;

/// A message whose links are to be looked at.
struct Wanted {
    room: RoomId,
    seq: Seq,
    by: User,
    links: Vec<String>,
}

/// What is behind an address.
#[derive(Clone, Debug, Default)]
pub(crate) struct Found {
    site: String,
    title: String,
    description: String,
    picture: Option<Small>,
}

/// The way to the thread, which begins with the first link.
pub(crate) struct Cards {
    is_on: AtomicBool,
    worker: Arc<Worker>,
    queue: OnceLock<Option<mpsc::Sender<Wanted>>>,
}

struct Worker {
    guard: Guard,
    store: Arc<dyn Store>,
    pictures: Arc<Pictures>,
    remembered: remembered::Remembered,
}

impl Cards {
    pub(crate) fn new(guard: Guard, store: &Arc<dyn Store>, pictures: &Arc<Pictures>) -> Cards {
        let remembered = remembered::Remembered::default();
        let worker = Worker { guard, store: Arc::clone(store), pictures: Arc::clone(pictures), remembered };
        Cards { is_on: AtomicBool::new(false), worker: Arc::new(worker), queue: OnceLock::new() }
    }

    /// Whether the house looks at links from now on.
    pub(crate) fn set_on(&self, is_on: bool) {
        self.is_on.store(is_on, Ordering::Relaxed);
    }

    /// The links of a message that have a card: none where the house looks at none.
    pub(crate) fn links(&self, text: &str) -> Vec<String> {
        // Most of what is said leads nowhere, and is not read for it.
        if !self.is_on.load(Ordering::Relaxed) || !(text.contains("://") || text.contains("www.")) {
            return Vec::new();
        }
        card::links(text, markup::tree(text).as_ref())
    }
}

impl Engine {
    /// Wants the links of a message looked at, as far as its writer has not said more of them lately than anybody reads. Never waits.
    pub(crate) fn want_cards(&self, room: RoomId, seq: Seq, by: &User, mut links: Vec<String>) {
        if self.config.limits {
            let now_ms = self.steady_ms();
            links.retain(|_| self.throttle.card(by.id, now_ms).is_ok());
        }
        if links.is_empty() {
            return;
        }
        let queue = self.cards.queue.get_or_init(|| start(Arc::clone(&self.cards.worker)));
        if let Some(queue) = queue {
            // Full means that this message has no card.
            let _ = queue.try_send(Wanted { room, seq, by: by.clone(), links });
        }
    }
}

fn start(worker: Arc<Worker>) -> Option<mpsc::Sender<Wanted>> {
    let (queue, wanted) = mpsc::channel(limits::CARDS_WAITING_MAX);
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        // What asks the system for the addresses of a name, and writes pictures to the disk.
        .max_blocking_threads(limits::CARDS_AT_ONCE_MAX)
        .thread_keep_alive(Duration::from_secs(10))
        .build();
    let started = runtime.and_then(|runtime| {
        let thread = std::thread::Builder::new().name("cards".to_owned());
        thread.spawn(move || {
            // Those who talk come first; a system that knows no such thing shares as it likes.
            let _ = rustix::process::nice(NICE);
            runtime.block_on(work(worker, wanted));
            // A name that is still being looked up keeps nobody.
            runtime.shutdown_background();
        })
    });
    match started {
        Ok(_) => Some(queue),
        Err(error) => {
            tracing::error!(%error, "no thread for link cards: there are none");
            None
        }
    }
}

/// Ends with the engine, which holds the other end.
async fn work(worker: Arc<Worker>, mut queue: mpsc::Receiver<Wanted>) {
    let places = Arc::new(Semaphore::new(limits::CARDS_AT_ONCE_MAX));
    while let Some(wanted) = queue.recv().await {
        let Ok(place) = Arc::clone(&places).acquire_owned().await else { return };
        let worker = Arc::clone(&worker);
        // A panic takes only its own message's cards with it.
        drop(tokio::spawn(async move {
            worker.look(wanted).await;
            drop(place);
        }));
    }
}

impl Worker {
    async fn look(&self, wanted: Wanted) {
        let Wanted { room, seq, by, links } = wanted;
        let mut cards = Vec::new();
        for to in links {
            let Some(found) = self.remembered.find(&to, self.find(&to)).await else { continue };
            let picture = match &found.picture {
                Some(small) => self.keep(room, &by, small).await,
                None => None,
            };
            let Found { site, title, description, .. } = found.as_ref().clone();
            cards.push(Card { to, site, title, description, picture });
        }
        if cards.is_empty() {
            return;
        }
        if let Err(error) = self.store.put_cards(room, seq, by, cards, wall_clock()).await {
            tracing::debug!(%error, "a card was not kept");
        }
    }

    /// What is behind an address: a page that has a title, or a picture.
    async fn find(&self, to: &str) -> Option<Found> {
        let until = Instant::now() + Duration::from_millis(limits::CARD_MS);
        let fetched = self.guard.fetch(to, until).await;
        let Fetched { address, kind, charset, body } =
            fetched.inspect_err(|error| tracing::debug!(%error, "a link has no card")).ok()?;
        let host = address.host_str().unwrap_or_default();
        let host = card::line_of(host.strip_prefix("www.").unwrap_or(host), limits::CARD_SITE_GRAPHEMES_MAX);
        if kind == Kind::Picture {
            let picture = self.pictures.small_of(body, limits::CARD_PICTURE_SIDE).await?;
            let name = address.path_segments().and_then(|mut parts| parts.next_back()).unwrap_or_default();
            let title = Some(card::line_of(name, limits::CARD_TITLE_GRAPHEMES_MAX)).filter(|name| !name.is_empty());
            return Some(Found {
                title: title.unwrap_or_else(|| host.clone()),
                site: host,
                description: String::new(),
                picture: Some(picture),
            });
        }
        let page = page::read(&body, charset.as_deref());
        if page.title.is_empty() {
            return None;
        }
        let picture = match page.picture.and_then(|at| address.join(&at).ok()) {
            Some(at) => self.picture(at.as_str(), until).await,
            None => None,
        };
        let is_named = !page.site.is_empty() && !page.site.eq_ignore_ascii_case(&host);
        let site = if is_named { format!("{} · {host}", page.site) } else { host };
        Some(Found { site, title: page.title, description: page.description, picture })
    }

    /// The picture of a page: asked for like any address, and made anew.
    async fn picture(&self, at: &str, until: Instant) -> Option<Small> {
        let fetched = self.guard.fetch(at, until).await.ok().filter(|fetched| fetched.kind == Kind::Picture)?;
        self.pictures.small_of(fetched.body, limits::CARD_PICTURE_SIDE).await
    }

    /// Keeps a picture for one message's card. One that no card will show is let go like a file that nobody sends.
    async fn keep(&self, room: RoomId, by: &User, small: &Small) -> Option<CardPicture> {
        let Small { bytes, size, kind } = small.clone();
        let (blobs, id, length) = (self.store.blobs(), FileId(uuid::Uuid::new_v4()), bytes.len() as u64);
        let picture = NewCardPicture { id, room, kind, bytes: length, size };
        self.store.note_card_picture(by.clone(), picture, wall_clock()).await.ok()?;
        let written = spawn_blocking(move || {
            if !blobs.has_room(length) {
                return Err(std::io::ErrorKind::StorageFull.into());
            }
            let mut writer = blobs.write(id, Form::Thumb, 0)?;
            writer.write_all(&bytes)?;
            writer.finish()
        });
        written.await.ok()?.ok()?;
        Some(CardPicture { id, width: size.0, height: size.1 })
    }
}
