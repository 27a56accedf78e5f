//! `parlour backup FILE` and `parlour restore FILE`.

use std::path::Path;

use parlour_store::{Contents, Ended, Restored, WaysIn};

use super::room::now;

/// Writes a backup, also while the house runs.
pub(super) fn backup(data: &Path, file: &Path) -> anyhow::Result<()> {
    let contents = parlour_store::backup(data, file)?;
    println!("{} holds {}.", file.display(), described(contents));
    Ok(())
}

/// Puts a backup into the data folder of a house that does not run.
pub(super) fn restore(data: &Path, file: &Path, keep_sessions: bool) -> anyhow::Result<()> {
    let ways_in = if keep_sessions { WaysIn::Keep } else { WaysIn::End(now()) };
    let Restored { contents, kept, ended } = parlour_store::restore(file, data, ways_in)?;
    println!("{} now holds {}.", data.display(), described(contents));
    if let Some(kept) = kept {
        println!("What was there before is in {}; remove it when you are sure.", kept.display());
    }
    println!("{}", about_ways_in(ways_in, ended));
    println!(
        "Passwords, second factors, roles and suspensions are as they were when the backup was made. What was changed since is to \
         be changed again: parlour user reset-link, user role, user suspend."
    );
    println!("Start the house: everyone's client reloads by itself.");
    Ok(())
}

fn about_ways_in(ways_in: WaysIn, ended: Ended) -> String {
    if ways_in == WaysIn::Keep {
        return "Sessions, invitations and other links are as they were, also those that were ended or used since. To end them: \
                parlour user sign-out, invite revoke."
            .to_owned();
    }
    let Ended { sessions, nameless, links } = ended;
    let mut words = format!(
        "Every session and link has ended ({sessions} and {links}): everybody signs in again. Those ended or used since the backup \
         would have been good again (to keep them: --keep-sessions)."
    );
    if nameless > 0 {
        words += &format!(
            " {nameless} of those who were signed in came with a name alone. They come in as somebody new, under the same name if \
             they like, and what they said stays."
        );
    }
    words
}

fn described(contents: Contents) -> String {
    let Contents { rooms, events, files, bytes } = contents;
    let rooms = if rooms == 1 { "1 room".to_owned() } else { format!("{rooms} rooms") };
    format!("{rooms} with {events} events and {files} files ({:.1} MB)", bytes as f64 / 1e6)
}
