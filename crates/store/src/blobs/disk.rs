//! Files on the disk of this machine: `blobs/4f/4f0c…`, with `.part` while it comes and `.thumb` for its small picture.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use parlour_protocol::FileId;

use super::{BlobReader, BlobWriter, Blobs, Form};
use crate::sqlite::private;

/// The folder beside the database.
pub(crate) const FOLDER: &str = "blobs";
/// So much of the disk is left to the talk: files stop before messages do.
const LEFT_BYTES: u64 = 192 * 1024 * 1024;
/// On a small disk, this part of it.
const LEFT_PART: u64 = 10;

/// A data folder's files.
#[derive(Debug)]
pub struct Disk {
    folder: PathBuf,
}

impl Disk {
    /// The files of this data folder, which need not be there.
    #[must_use]
    pub fn new(data: &Path) -> Disk {
        Disk { folder: data.join(FOLDER) }
    }

    /// The same in a folder of another name.
    pub(crate) fn at(folder: PathBuf) -> Disk {
        Disk { folder }
    }

    fn path(&self, file: FileId, form: Form) -> PathBuf {
        let name = file.0.simple().to_string();
        let ending = match form {
            Form::Unfinished => ".part",
            Form::Whole => "",
            Form::Thumb => ".thumb",
        };
        self.folder.join(&name[..2]).join(name + ending)
    }

    /// Makes the folder of a path where it is missing, so that its name survives a power cut too.
    fn make_folder_of(&self, path: &Path) -> io::Result<PathBuf> {
        let folder = path.parent().unwrap_or(&self.folder).to_owned();
        for (folder, above) in [(&self.folder, self.folder.parent()), (&folder, Some(self.folder.as_path()))] {
            if folder.is_dir() {
                continue;
            }
            match fs::create_dir(folder) {
                Err(error) if error.kind() != io::ErrorKind::AlreadyExists => return Err(error),
                _ => {}
            }
            private(folder)?;
            sync_folder(above.unwrap_or(folder))?;
        }
        Ok(folder)
    }
}

impl Blobs for Disk {
    fn write(&self, file: FileId, form: Form, from: u64) -> io::Result<Box<dyn BlobWriter>> {
        let path = self.path(file, form);
        let folder = self.make_folder_of(&path)?;
        let is_new = !path.exists();
        let mut opened = OpenOptions::new().create(true).truncate(false).write(true).open(&path)?;
        if is_new {
            private(&path)?;
        }
        if opened.metadata()?.len() < from {
            return Err(io::Error::new(io::ErrorKind::UnexpectedEof, "a part of the file is missing"));
        }
        opened.set_len(from)?;
        opened.seek(SeekFrom::Start(from))?;
        Ok(Box::new(Writing { file: opened, at: from, folder: is_new.then_some(folder) }))
    }

    fn read(&self, file: FileId, form: Form) -> io::Result<Box<dyn BlobReader>> {
        Ok(Box::new(File::open(self.path(file, form))?))
    }

    fn keep(&self, file: FileId) -> io::Result<()> {
        let (from, to) = (self.path(file, Form::Unfinished), self.path(file, Form::Whole));
        match fs::rename(&from, &to) {
            Err(error) if error.kind() == io::ErrorKind::NotFound && to.exists() => {}
            renamed => renamed?,
        }
        sync_folder(to.parent().unwrap_or(&self.folder))
    }

    fn remove(&self, file: FileId, form: Form) -> io::Result<()> {
        match fs::remove_file(self.path(file, form)) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
            _ => Ok(()),
        }
    }

    fn has_room(&self, bytes: u64) -> bool {
        let above = self.folder.parent().unwrap_or(&self.folder);
        // A disk that cannot be asked is used until it says no.
        let Ok(disk) = rustix::fs::statvfs(above) else { return true };
        let (free, whole) = (disk.f_bavail * disk.f_frsize, disk.f_blocks * disk.f_frsize);
        free >= bytes.saturating_add(LEFT_BYTES.min(whole / LEFT_PART))
    }
}

struct Writing {
    file: File,
    at: u64,
    /// The folder whose list of names is new too.
    folder: Option<PathBuf>,
}

impl Write for Writing {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.file.write(bytes)?;
        self.at += written as u64;
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

impl BlobWriter for Writing {
    fn finish(&mut self) -> io::Result<u64> {
        self.file.sync_all()?;
        if let Some(folder) = self.folder.take() {
            sync_folder(&folder)?;
        }
        Ok(self.at)
    }
}

fn sync_folder(folder: &Path) -> io::Result<()> {
    File::open(folder)?.sync_all()
}
