//! `parlour backup FILE` and `parlour restore FILE`.

use std::path::Path;

use parlour_store::Contents;

/// Writes a backup, also while the house runs.
pub(super) fn backup(data: &Path, file: &Path) -> anyhow::Result<()> {
    let contents = parlour_store::backup(data, file)?;
    println!("{} holds {}.", file.display(), described(contents));
    Ok(())
}

/// Puts a backup into the data folder of a house that does not run.
pub(super) fn restore(data: &Path, file: &Path) -> anyhow::Result<()> {
    let (contents, kept) = parlour_store::restore(file, data)?;
    println!("{} now holds {}.", data.display(), described(contents));
    if let Some(kept) = kept {
        println!("What was there before is in {}; remove it when you are sure.", kept.display());
    }
    println!(
        "All is as it was when the backup was made: sessions, passwords, roles, suspensions, invitations and other links too. \
         What was ended or taken back since is to be ended again: parlour user sign-out, user role, user suspend, invite revoke."
    );
    println!("Start the house: everyone's client reloads by itself.");
    Ok(())
}

fn described(contents: Contents) -> String {
    let Contents { rooms, events, files, bytes } = contents;
    let rooms = if rooms == 1 { "1 room".to_owned() } else { format!("{rooms} rooms") };
    format!("{rooms} with {events} events and {files} files ({:.1} MB)", bytes as f64 / 1e6)
}
