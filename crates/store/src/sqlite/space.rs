//! Room on the disk (ENGINE H22). Below a margin nothing new is taken, so that the disk is never full because of us; and a
//! file full of nothing is given up when it is full because of others, so that the house can still be closed and opened.

use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use super::{controls, private};

/// The file that is given up.
const BALLAST: &str = "parlour.ballast";
/// Enough to open a house, to begin its run and to move a resting WAL.
const BALLAST_BYTES: u64 = 4 * 1024 * 1024;
/// Nothing is taken when less than this part of the disk is free …
const MARGIN_PART: u64 = 33;
/// … or than this, on a large one.
const MARGIN_BYTES_MAX: u64 = 64 * 1024 * 1024;
/// The free space is asked for at most this often.
const LOOK_EVERY: Duration = Duration::from_millis(250);

/// What is known of the disk a house is on.
pub(super) struct Space {
    folder: PathBuf,
    looked_at: Option<Instant>,
    low: bool,
}

impl Space {
    /// Looks at the disk, and makes the ballast where there is room for it, or gives it up where there is not.
    pub(super) fn open(folder: &Path) -> Space {
        let mut space = Space { folder: folder.to_owned(), looked_at: None, low: false };
        space.is_low();
        space
    }

    /// Whether there is too little room to take anything new.
    pub(super) fn is_low(&mut self) -> bool {
        if self.looked_at.is_some_and(|at| at.elapsed() < LOOK_EVERY) {
            return self.low;
        }
        self.looked_at = Some(Instant::now());
        // A disk that cannot be asked is used until it says no.
        let Ok(disk) = rustix::fs::statvfs(&self.folder) else { return self.low };
        let (free, whole) = (disk.f_bavail * disk.f_frsize, disk.f_blocks * disk.f_frsize);
        let margin = (whole / MARGIN_PART).min(MARGIN_BYTES_MAX);
        let low = free < margin && !controls::is_off("space_margin");
        if low != self.low {
            if low {
                tracing::warn!(free, "the disk is nearly full; writes are refused until there is room");
            } else {
                tracing::info!(free, "there is room on the disk again");
            }
        }
        self.low = low;
        if low {
            self.give_up();
        } else if free > margin + 2 * BALLAST_BYTES && !self.folder.join(BALLAST).exists() {
            self.take();
        }
        low
    }

    /// The disk said that it is full: lets the ballast go.
    pub(super) fn is_full(&mut self) {
        self.give_up();
        (self.looked_at, self.low) = (Some(Instant::now()), true);
    }

    fn give_up(&self) {
        match fs::remove_file(self.folder.join(BALLAST)) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => {
                tracing::warn!(%error, "{BALLAST} could not be removed");
            }
            _ => {}
        }
    }

    fn take(&self) {
        let path = self.folder.join(BALLAST);
        if let Err(error) = fill(&path) {
            tracing::warn!(%error, "{BALLAST} could not be made");
            self.give_up();
        }
    }
}

/// Bytes that no file system can leave out or press together.
fn fill(path: &Path) -> io::Result<()> {
    let mut file = File::create_new(path)?;
    private(path)?;
    let mut dice: u64 = 0x9E37_79B9_7F4A_7C15;
    let mut block = vec![0; 64 * 1024];
    for _ in 0..BALLAST_BYTES / block.len() as u64 {
        for word in block.as_chunks_mut::<8>().0 {
            dice ^= dice << 13;
            dice ^= dice >> 7;
            dice ^= dice << 17;
            *word = dice.to_ne_bytes();
        }
        file.write_all(&block)?;
    }
    Ok(())
}
