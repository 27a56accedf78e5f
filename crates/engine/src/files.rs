//! Files that people bring: announced, taken part by part, looked at when whole, carried by one message, given out to those who
//! may read it (FILE-1 to FILE-9). The bytes pass through a small buffer and are on the disk for good before they are
//! acknowledged.

use std::collections::{HashMap, HashSet};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::sync::{Arc, Mutex, PoisonError};

use bytes::Bytes;
use parlour_domain::file::{self, HEAD_BYTES, Kind};
use parlour_protocol::file::{Attachment, NewUpload, Upload};
use parlour_protocol::{ErrorCode, FileId, Refusal, RoomId, Timestamp, UserId, limits};
use parlour_store::{BlobReader, BlobWriter, Blobs, Form, NewFile, StoreError, WholeFile};
use tokio::task::spawn_blocking;

use crate::{Actor, Engine, refuse};

/// Bytes of one part that are held before they are written: all that an upload costs of memory.
const HELD_BYTES_MAX: usize = 256 * 1024;
/// Files whose bytes are removed in one go.
const GONE_AT_ONCE: usize = 256;

/// The parts under way (S82): each file in one pair of hands, and so many of a person and of the house.
#[derive(Debug, Default)]
pub(crate) struct Parts(Mutex<UnderWay>);

#[derive(Debug, Default)]
struct UnderWay {
    files: HashSet<FileId>,
    people: HashMap<UserId, usize>,
}

/// One part's place among them.
struct Place {
    parts: Arc<Parts>,
    file: FileId,
    by: UserId,
}

impl Parts {
    fn take(self: &Arc<Self>, file: FileId, by: UserId) -> Result<Place, Refusal> {
        let mut under_way = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let of_person = under_way.people.get(&by).copied().unwrap_or_default();
        let is_full = under_way.files.len() >= limits::FILE_PARTS_MAX || of_person >= limits::FILE_PARTS_PER_USER_MAX;
        if is_full || under_way.files.contains(&file) {
            let words = "Enough files are coming in just now. Trying again in a moment.";
            return Err(Refusal::later(ErrorCode::Busy, words, 500));
        }
        under_way.files.insert(file);
        under_way.people.insert(by, of_person + 1);
        Ok(Place { parts: Arc::clone(self), file, by })
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut under_way = self.parts.0.lock().unwrap_or_else(PoisonError::into_inner);
        under_way.files.remove(&self.file);
        if let Some(parts) = under_way.people.get_mut(&self.by) {
            *parts -= 1;
            if *parts == 0 {
                under_way.people.remove(&self.by);
            }
        }
    }
}

/// A part that is coming in.
pub struct Part {
    engine: Arc<Engine>,
    upload: Upload,
    by: UserId,
    writer: Option<Box<dyn BlobWriter>>,
    held: Vec<u8>,
    /// What it may still bring.
    left: u64,
    _place: Place,
}

/// The bytes of a file, for who may have them.
pub struct Stored {
    /// What it is.
    pub file: Attachment,
    /// Their media type.
    pub kind: String,
    /// How many there are.
    pub bytes: u64,
    reader: Box<dyn BlobReader>,
}

impl Engine {
    /// Announces a file (FILE-1).
    ///
    /// # Errors
    /// `too_big`, `empty`, `bad_name`, `quota_full`, `store_full`, `rate`, or as a message in that room is refused.
    pub async fn begin_file(&self, actor: &Actor, room: RoomId, new: NewUpload) -> Result<Upload, Refusal> {
        let name = file::name(&new.name)?;
        if new.bytes > limits::FILE_BYTES_MAX {
            return Err(Refusal::new(ErrorCode::TooBig, "A file holds at most 256 MiB.").at("bytes"));
        }
        if new.bytes == 0 {
            return Err(Refusal::new(ErrorCode::Empty, "There is nothing in this file.").at("bytes"));
        }
        if self.config.limits {
            self.throttle.file(actor.user.id, self.steady_ms())?;
        }
        let blobs = self.store.blobs();
        let bytes = new.bytes;
        let has_room = on_disk(move || Ok(blobs.has_room(bytes))).await?;
        if !has_room {
            return Err(StoreError::Full.into_refusal());
        }
        let id = FileId(uuid::Uuid::new_v4());
        let new = NewFile { id, room, name: name.clone(), bytes };
        self.store.begin_file(actor.user.id, new, self.now()).await.map_err(refuse)?;
        Ok(Upload { id, room, name, bytes, taken: 0, file: None })
    }

    /// How far a file has come (FILE-3).
    ///
    /// # Errors
    /// `not_found` for what is not one's own, or is in a message.
    pub async fn upload(&self, actor: &Actor, file: FileId) -> Result<Upload, Refusal> {
        self.store.upload(actor.user.id, file).await.map_err(refuse)
    }

    /// Begins to take a part, which must begin where the last one ended (FILE-2).
    ///
    /// # Errors
    /// `not_found`, `bad_frame` about `at`, `busy`, `store_full`.
    pub async fn open_part(self: &Arc<Self>, actor: &Actor, file: FileId, at: u64) -> Result<Part, Refusal> {
        let by = actor.user.id;
        let place = self.parts.take(file, by)?;
        let upload = self.upload(actor, file).await?;
        if at != upload.taken {
            let words = format!("This file goes on at byte {}.", upload.taken);
            return Err(Refusal::new(ErrorCode::BadFrame, words).at("at"));
        }
        let left = (upload.bytes - upload.taken).min(limits::FILE_PART_BYTES_MAX);
        let mut writer = None;
        if upload.file.is_none() && left > 0 {
            let blobs = self.store.blobs();
            let opened = on_disk(move || match blobs.has_room(left) {
                true => blobs.write(file, Form::Unfinished, at).map(Some),
                false => Ok(None),
            });
            writer = Some(opened.await?.ok_or_else(|| StoreError::Full.into_refusal())?);
        }
        Ok(Part { engine: Arc::clone(self), upload, by, writer, held: Vec::new(), left, _place: place })
    }

    /// Lets go of a file that no message carries (FILE-4).
    ///
    /// # Errors
    /// `not_found`.
    pub async fn cancel_file(self: &Arc<Self>, actor: &Actor, file: FileId) -> Result<(), Refusal> {
        self.store.cancel_file(actor.user.id, file).await.map_err(refuse)?;
        self.sweep_files().await;
        Ok(())
    }

    /// The bytes of a file, or of its small picture, for who may read the message that carries it (FILE-6).
    ///
    /// # Errors
    /// `not_found`, whatever the reason.
    pub async fn open_file(&self, actor: &Actor, room: RoomId, id: FileId, form: Form) -> Result<Stored, Refusal> {
        let file = self.store.file(room, actor.user.id, id).await.map_err(refuse)?;
        if form == Form::Thumb && !file.thumb {
            return Err(Refusal::no_such_file());
        }
        let blobs = self.store.blobs();
        let opened = spawn_blocking(move || {
            let mut reader = blobs.read(id, form)?;
            let bytes = reader.seek(SeekFrom::End(0))?;
            reader.rewind()?;
            let mut head = Vec::new();
            if form == Form::Thumb {
                reader.as_mut().take(16).read_to_end(&mut head)?;
                reader.rewind()?;
            }
            Ok::<_, io::Error>((reader, bytes, head))
        });
        // A message can be deleted between the two.
        let (reader, bytes, head) = match opened.await {
            Ok(Ok(opened)) => opened,
            Ok(Err(error)) if error.kind() == io::ErrorKind::NotFound => return Err(Refusal::no_such_file()),
            Ok(Err(error)) => return Err(disk_failed(&error)),
            Err(_) => return Err(StoreError::Broken.into_refusal()),
        };
        let kind = match form {
            Form::Thumb => file::kind(&head, true, "").media_type().to_owned(),
            _ => file.kind.clone(),
        };
        Ok(Stored { file, kind, bytes, reader })
    }

    /// Lets go of what nobody sent and removes what is nobody's any more (FILE-4, FILE-8). It is tried again later where the disk
    /// or the store says no.
    pub async fn sweep_files(&self) {
        let before = Timestamp(self.now().0 - limits::FILE_LOOSE_MS);
        loop {
            let Ok(gone) = self.store.gone_files(before).await else { return };
            let count = gone.len();
            if count == 0 {
                return;
            }
            let (blobs, removed) = (self.store.blobs(), gone.clone());
            let done = on_disk(move || {
                removed.iter().try_for_each(|file| Form::ALL.iter().try_for_each(|form| blobs.remove(*file, *form)))
            });
            if done.await.is_err() || self.store.forget_files(gone).await.is_err() || count < GONE_AT_ONCE {
                return;
            }
        }
    }

    /// Makes a file of what has come, and says what it is.
    async fn finish_file(&self, upload: &Upload, by: UserId) -> Result<Attachment, Refusal> {
        let (blobs, id) = (self.store.blobs(), upload.id);
        let head = {
            let blobs = Arc::clone(&blobs);
            on_disk(move || read_head(blobs.as_ref(), id)).await?
        };
        let kind = file::kind(&head, head.len() < HEAD_BYTES, &upload.name);
        let (mut media_type, mut size, mut thumb, mut cleaned) = (kind.media_type(), None, false, false);
        if let Kind::Picture(picture) = kind {
            let looked_at = self.pictures.look_at(Arc::clone(&blobs), id, picture).await?;
            (size, thumb, cleaned) = (looked_at.size, looked_at.thumb, looked_at.cleaned);
            if !cleaned {
                media_type = file::UNKNOWN;
            }
        }
        let bytes = {
            let blobs = Arc::clone(&blobs);
            on_disk(move || {
                if !cleaned {
                    blobs.keep(id)?;
                }
                blobs.read(id, Form::Whole)?.seek(SeekFrom::End(0))
            })
            .await?
        };
        let whole = WholeFile { kind: media_type.to_owned(), bytes, size, thumb };
        let file = self.store.finish_file(by, id, whole, self.now()).await.map_err(refuse)?;
        on_disk(move || blobs.remove(id, Form::Unfinished)).await?;
        Ok(file)
    }
}

/// The first bytes of what has come; of the whole file where it was kept already and only the answer was lost.
fn read_head(blobs: &dyn Blobs, file: FileId) -> io::Result<Vec<u8>> {
    let reader = match blobs.read(file, Form::Unfinished) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => blobs.read(file, Form::Whole),
        reader => reader,
    }?;
    let mut head = Vec::with_capacity(HEAD_BYTES);
    reader.take(HEAD_BYTES as u64).read_to_end(&mut head)?;
    Ok(head)
}

impl Part {
    /// Takes some more bytes.
    ///
    /// # Errors
    /// `too_big` when there are more than were announced, or than a part holds; `store_full`.
    pub async fn take(&mut self, bytes: &[u8]) -> Result<(), Refusal> {
        let length = bytes.len() as u64;
        if length > self.left {
            let words = "That is more than was announced, or than one part holds (8 MiB).";
            return Err(Refusal::new(ErrorCode::TooBig, words));
        }
        self.left -= length;
        self.held.extend_from_slice(bytes);
        if self.held.len() >= HELD_BYTES_MAX { self.write().await } else { Ok(()) }
    }

    async fn write(&mut self) -> Result<(), Refusal> {
        let Some(mut writer) = self.writer.take() else { return Ok(()) };
        let held = std::mem::take(&mut self.held);
        let (writer, mut held) = on_disk(move || writer.write_all(&held).map(|()| (writer, held))).await?;
        held.clear();
        (self.writer, self.held) = (Some(writer), held);
        Ok(())
    }

    /// Ends the part, also one that was cut: what has come is on the disk for good. When it was the last one, the file is looked
    /// at and is whole.
    ///
    /// # Errors
    /// `store_full`, `busy`, or `not_found` when the file was let go meanwhile.
    pub async fn end(mut self) -> Result<Upload, Refusal> {
        self.write().await?;
        if let Some(mut writer) = self.writer.take() {
            let taken = on_disk(move || writer.finish()).await?;
            let noted = self.engine.store.note_taken(self.by, self.upload.id, taken, self.engine.now()).await;
            if let Err(error) = noted {
                // It was let go while it came, perhaps before it was opened here.
                let (blobs, id) = (self.engine.store.blobs(), self.upload.id);
                if matches!(error, StoreError::Refused(_)) {
                    on_disk(move || blobs.remove(id, Form::Unfinished)).await?;
                }
                return Err(refuse(error));
            }
            self.upload.taken = taken;
        }
        if self.upload.file.is_none() && self.upload.taken == self.upload.bytes {
            self.upload.file = Some(self.engine.finish_file(&self.upload, self.by).await?);
        }
        Ok(self.upload)
    }
}

impl Stored {
    /// Goes to a place in them.
    ///
    /// # Errors
    /// What the disk says.
    pub fn go_to(&mut self, at: u64) -> io::Result<()> {
        self.reader.seek(SeekFrom::Start(at)).map(drop)
    }

    /// Reads the next bytes, at most so many. It blocks.
    ///
    /// # Errors
    /// What the disk says.
    pub fn next(&mut self, most: usize) -> io::Result<Bytes> {
        let mut bytes = Vec::with_capacity(most);
        self.reader.as_mut().take(most as u64).read_to_end(&mut bytes)?;
        Ok(bytes.into())
    }
}

/// Does something with the disk apart from those who must not wait for it.
async fn on_disk<T: Send + 'static>(work: impl FnOnce() -> io::Result<T> + Send + 'static) -> Result<T, Refusal> {
    match spawn_blocking(work).await {
        Ok(Ok(done)) => Ok(done),
        Ok(Err(error)) => Err(disk_failed(&error)),
        Err(_) => Err(StoreError::Broken.into_refusal()),
    }
}

fn disk_failed(error: &io::Error) -> Refusal {
    if matches!(error.kind(), io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded) {
        return StoreError::Full.into_refusal();
    }
    refuse(StoreError::Fault(format!("a file on the disk: {error}")))
}
