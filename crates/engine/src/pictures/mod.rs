//! Pictures that people bring: what a camera wrote into them is taken out (S81), and each is made small once, on a thread of its
//! own, within bounds of pixels, frames, bytes, memory and time (S77). What is not understood within them is no picture, but a
//! file to be downloaded. No archive is ever opened here or anywhere (S78).

mod gif;
mod jpeg;
mod png;
mod small;
mod webp;

use std::io::{self, BufRead, BufReader, BufWriter, Read, Seek, SeekFrom, Write};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use parlour_domain::file::{HEAD_BYTES, Kind, Picture, kind};
use parlour_protocol::{ErrorCode, FileId, Refusal, limits};
use parlour_store::{BlobReader, Blobs, Form};
use tokio::sync::oneshot;

/// Pictures that wait for the one thread; above it `busy`.
const PICTURES_WAITING_MAX: usize = 64;
/// How far the thread stands behind the others who want the processor.
const NICE: i32 = 10;

type Job = Box<dyn FnOnce() + Send>;

/// The thread, which begins with the first picture.
#[derive(Default)]
pub(crate) struct Pictures(OnceLock<Option<SyncSender<Job>>>);

/// What came of looking at one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct LookedAt {
    /// The whole bytes are there, without what a camera wrote into them. Otherwise the file has no form that is known, and nothing
    /// was made of it.
    pub(crate) cleaned: bool,
    /// Its width and height as it is seen, where it can be shown.
    pub(crate) size: Option<(u32, u32)>,
    /// Whether a small picture was made.
    pub(crate) thumb: bool,
}

impl Pictures {
    /// Makes a small picture of these bytes, of at most so many pixels a side; none where they are no picture within the bounds, and
    /// when others wait already.
    pub(crate) async fn small_of(&self, bytes: Vec<u8>, side: u32) -> Option<Small> {
        let jobs = self.0.get_or_init(start).as_ref()?;
        let (answer, answered) = oneshot::channel();
        jobs.try_send(Box::new(move || drop(answer.send(small_of(&bytes, side))))).ok()?;
        answered.await.ok()?
    }

    /// Makes the whole file and the small picture out of the unfinished bytes.
    pub(crate) async fn look_at(
        &self,
        blobs: Arc<dyn Blobs>,
        file: FileId,
        picture: Picture,
    ) -> Result<LookedAt, Refusal> {
        let jobs = self.0.get_or_init(start).as_ref().ok_or_else(failed)?;
        let over = Arc::new(AtomicBool::new(false));
        let (answer, mut answered) = oneshot::channel();
        let job: Job = {
            let over = Arc::clone(&over);
            Box::new(move || drop(answer.send(look_at(blobs.as_ref(), file, picture, &over))))
        };
        let busy = |_| Refusal::later(ErrorCode::Busy, "Many pictures are coming in. Trying again in a moment.", 1_000);
        jobs.try_send(job).map_err(busy)?;
        // The time is that of everyone before it too. When it is over nothing more is read for the small picture, and what the
        // thread is at is bounded by what it has read.
        let patience = Duration::from_millis(limits::PICTURE_MS);
        let looked_at = match tokio::time::timeout(patience, &mut answered).await {
            Ok(looked_at) => looked_at,
            Err(_) => {
                over.store(true, Ordering::Relaxed);
                answered.await
            }
        };
        looked_at.map_err(|_| failed())?.map_err(|error| {
            tracing::error!(%error, "a picture could not be written");
            failed()
        })
    }
}

fn failed() -> Refusal {
    Refusal::later(ErrorCode::Internal, "The picture could not be looked at. Send it again.", 1_000)
}

fn start() -> Option<SyncSender<Job>> {
    let (jobs, received) = sync_channel::<Job>(PICTURES_WAITING_MAX);
    let thread = std::thread::Builder::new().name("pictures".to_owned());
    match thread.spawn(move || work(&received)) {
        Ok(_) => Some(jobs),
        Err(error) => {
            tracing::error!(%error, "no thread for pictures: nobody can bring one");
            None
        }
    }
}

/// Ends with the engine, which holds the other end.
fn work(jobs: &Receiver<Job>) {
    // Those who talk come first; a system that knows no such thing shares as it likes.
    let _ = rustix::process::nice(NICE);
    while let Ok(job) = jobs.recv() {
        // A panic takes only its own answer with it.
        drop(std::panic::catch_unwind(std::panic::AssertUnwindSafe(job)));
    }
}

/// What a walk over a picture's parts found.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Parts {
    frames: u32,
    /// Times that a decoder goes over the whole picture.
    scans: u32,
}

/// Scans of one picture: a JPEG may have so many that decoding it never ends.
const SCANS_MAX: u32 = 64;

fn look_at(blobs: &dyn Blobs, file: FileId, picture: Picture, over: &AtomicBool) -> io::Result<LookedAt> {
    let Some(parts) = clean(blobs, file, picture)? else {
        blobs.remove(file, Form::Whole)?;
        return Ok(LookedAt::default());
    };
    let cleaned = LookedAt { cleaned: true, ..LookedAt::default() };
    if parts.frames > limits::PICTURE_FRAMES_MAX || parts.scans > SCANS_MAX {
        return Ok(cleaned);
    }
    let mut whole = blobs.read(file, Form::Whole)?;
    let bytes = whole.seek(SeekFrom::End(0))?;
    if bytes > limits::PICTURE_BYTES_MAX {
        return Ok(cleaned);
    }
    whole.rewind()?;
    let Some(small::Seen { size, thumb }) = small::see(BufReader::new(Until { whole, over }), picture, bytes) else {
        return Ok(cleaned);
    };
    if let Some(small) = &thumb {
        let mut writer = blobs.write(file, Form::Thumb, 0)?;
        writer.write_all(small)?;
        writer.finish()?;
    }
    Ok(LookedAt { size: Some(size), thumb: thumb.is_some(), ..cleaned })
}

/// A picture that was made, and its width and height.
#[derive(Clone, Debug)]
pub(crate) struct Small {
    pub(crate) bytes: Vec<u8>,
    pub(crate) size: (u32, u32),
    pub(crate) kind: &'static str,
}

fn small_of(bytes: &[u8], side: u32) -> Option<Small> {
    let Kind::Picture(picture) = kind(&bytes[..bytes.len().min(HEAD_BYTES)], bytes.len() <= HEAD_BYTES, "") else {
        return None;
    };
    // Walked over for what it costs to decode.
    let parts = copy(picture, &mut io::Cursor::new(bytes), &mut io::sink()).ok()?;
    if parts.frames > limits::PICTURE_FRAMES_MAX || parts.scans > SCANS_MAX {
        return None;
    }
    small::of(bytes, picture, side)
}

fn copy(picture: Picture, from: &mut (impl BufRead + Seek), to: &mut impl Write) -> io::Result<Parts> {
    match picture {
        Picture::Jpeg => jpeg::copy(from, to),
        Picture::Png => png::copy(from, to),
        Picture::Gif => gif::copy(from, to),
        Picture::Webp => webp::copy(from, to),
    }
}

/// Copies a picture without what is not the picture; none where its form is not what it should be.
fn clean(blobs: &dyn Blobs, file: FileId, picture: Picture) -> io::Result<Option<Parts>> {
    let mut from = BufReader::with_capacity(64 * 1024, blobs.read(file, Form::Unfinished)?);
    let mut to = BufWriter::with_capacity(64 * 1024, blobs.write(file, Form::Whole, 0)?);
    match copy(picture, &mut from, &mut to) {
        Ok(parts) => {
            let mut writer = to.into_inner().map_err(io::IntoInnerError::into_error)?;
            writer.finish()?;
            Ok(Some(parts))
        }
        // What ends too early or says nonsense; a disk's own words are not among these.
        Err(error) if matches!(error.kind(), io::ErrorKind::UnexpectedEof | io::ErrorKind::InvalidData) => Ok(None),
        Err(error) => Err(error),
    }
}

/// What is said of bytes that are not what they should be.
fn nonsense() -> io::Error {
    io::Error::from(io::ErrorKind::InvalidData)
}

/// Copies exactly so many bytes.
fn copy_exactly(from: &mut impl Read, to: &mut impl Write, bytes: u64) -> io::Result<()> {
    let copied = io::copy(&mut from.take(bytes), to)?;
    if copied == bytes { Ok(()) } else { Err(io::ErrorKind::UnexpectedEof.into()) }
}

/// Passes over exactly so many bytes.
fn skip(from: &mut impl Read, bytes: u64) -> io::Result<()> {
    copy_exactly(from, &mut io::sink(), bytes)
}

fn read<const N: usize>(from: &mut impl Read) -> io::Result<[u8; N]> {
    let mut bytes = [0; N];
    from.read_exact(&mut bytes)?;
    Ok(bytes)
}

/// Reads until nobody waits any more.
struct Until<'a> {
    whole: Box<dyn BlobReader>,
    over: &'a AtomicBool,
}

impl Read for Until<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.over.load(Ordering::Relaxed) { Err(io::ErrorKind::TimedOut.into()) } else { self.whole.read(buffer) }
    }
}

impl Seek for Until<'_> {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        self.whole.seek(to)
    }
}
