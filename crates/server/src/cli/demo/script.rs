//! The talk of the demo house, read from `talk.txt`, which is written to be read by people.

use parlour_protocol::RoomKind;

/// The milliseconds of a minute and a day.
pub(super) const MINUTE_MS: i64 = 60_000;
const DAY_MS: i64 = 24 * 60 * MINUTE_MS;

/// A room and everything said in it.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Room {
    pub(super) kind: RoomKind,
    /// Its name; of a direct room the names of those in it.
    pub(super) name: String,
    pub(super) said: Vec<Said>,
}

/// One message, and what came of it.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Said {
    /// Milliseconds after midnight (UTC) of the house's first day, which is thirty days before today.
    pub(super) at_ms: i64,
    pub(super) by: String,
    pub(super) text: String,
    /// A picture that goes with it, by its name.
    pub(super) picture: Option<String>,
    /// It is a reply to the last message of the room that is none.
    pub(super) is_reply: bool,
    /// Reactions, each with who added it.
    pub(super) reactions: Vec<(String, Vec<String>)>,
    /// Who pinned it.
    pub(super) pinned_by: Option<String>,
    /// What it says since somebody edited it.
    pub(super) edited: Option<String>,
}

impl Said {
    /// Whether anything came of it.
    pub(super) fn has_consequences(&self) -> bool {
        !self.reactions.is_empty() || self.pinned_by.is_some() || self.edited.is_some()
    }
}

/// The days before today that the talk goes back.
pub(super) const DAYS: i64 = 30;

/// Reads the whole script.
///
/// # Errors
/// The number of the first line that is not understood.
pub(super) fn read(script: &str) -> Result<Vec<Room>, usize> {
    let mut rooms: Vec<Room> = Vec::new();
    let mut at_ms = 0;
    for (number, line) in (1_usize..).zip(script.lines()) {
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        if let Some(room) = heading(line) {
            rooms.push(room);
            continue;
        }
        let room = rooms.last_mut().ok_or(number)?;
        if let Some(more) = line.strip_prefix('|') {
            let said = room.said.last_mut().ok_or(number)?;
            said.text.push('\n');
            said.text.push_str(more);
        } else if let Some(begun) = beginning(line) {
            at_ms = begun;
        } else if let Some(came) = consequence(line) {
            let said = room.said.last_mut().ok_or(number)?;
            match came {
                Consequence::Reaction(emoji, who) => said.reactions.push((emoji, who)),
                Consequence::Pin(by) => said.pinned_by = Some(by),
                Consequence::Edit(text) => said.edited = Some(text),
            }
        } else {
            let said = message(line, at_ms).ok_or(number)?;
            at_ms = said.at_ms;
            room.said.push(said);
        }
    }
    Ok(rooms)
}

fn heading(line: &str) -> Option<Room> {
    let (kind, name) = line.split_once(' ')?;
    let kind = match kind {
        "room" if name == "lobby" => RoomKind::Lobby,
        "room" => RoomKind::Open,
        "closed" => RoomKind::Closed,
        "direct" => RoomKind::Direct,
        _ => return None,
    };
    Some(Room { kind, name: name.to_owned(), said: Vec::new() })
}

/// `9d 10:32`: the time of the message before the first one, so to say.
fn beginning(line: &str) -> Option<i64> {
    let (days, clock) = line.split_once("d ")?;
    let (hours, minutes) = clock.split_once(':')?;
    let (days, hours, minutes): (i64, i64, i64) = (days.parse().ok()?, hours.parse().ok()?, minutes.parse().ok()?);
    Some((DAYS - days) * DAY_MS + (hours * 60 + minutes) * MINUTE_MS)
}

/// What came of a message.
enum Consequence {
    Reaction(String, Vec<String>),
    Pin(String),
    Edit(String),
}

/// `= 🎉 Tom, Mei` reacted to it, `! Ada` pinned it, and `~ text` is what it was edited to.
fn consequence(line: &str) -> Option<Consequence> {
    if let Some(reaction) = line.strip_prefix("= ") {
        let (emoji, who) = reaction.split_once(' ')?;
        return Some(Consequence::Reaction(emoji.to_owned(), who.split(", ").map(str::to_owned).collect()));
    }
    if let Some(by) = line.strip_prefix("! ") {
        return Some(Consequence::Pin(by.to_owned()));
    }
    line.strip_prefix("~ ").map(|text| Consequence::Edit(text.to_owned()))
}

/// `Grace: text` a minute after the one before, or `+5 Grace: text` five minutes after; the same behind `> ` in the thread of the last one that is not.
/// `{boat}` at its end is a picture.
fn message(line: &str, before_ms: i64) -> Option<Said> {
    let (is_reply, line) = line.strip_prefix("> ").map_or((false, line), |reply| (true, reply));
    let (after, rest) = match line.strip_prefix('+') {
        Some(rest) => {
            let (minutes, rest) = rest.split_once(' ')?;
            (minutes.parse::<i64>().ok()?, rest)
        }
        None => (1, line),
    };
    let (by, text) = rest.split_once(": ")?;
    let (text, picture) = match text.strip_suffix('}').and_then(|text| text.rsplit_once('{')) {
        Some((text, picture)) => (text.trim_end(), Some(picture.to_owned())),
        None => (text, None),
    };
    let at_ms = before_ms + after * MINUTE_MS;
    Some(Said { at_ms, by: by.to_owned(), text: text.to_owned(), picture, is_reply, ..Said::default() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_script_gives_rooms_times_and_texts_of_several_lines() {
        let script = "# a remark\nroom boat\n28d 10:14\nGrace: one\n|two\n+3 Alan: three: four\n+1 Alan: {boat}\n\ndirect Ada, Grace\n";
        let said = |at_ms, by: &str, text: &str| {
            let (by, text) = (by.to_owned(), text.to_owned());
            Said { at_ms, by, text, ..Said::default() }
        };
        let began = 2 * DAY_MS + (10 * 60 + 14) * MINUTE_MS;
        let boat = Room {
            kind: RoomKind::Open,
            name: "boat".to_owned(),
            said: vec![
                said(began + MINUTE_MS, "Grace", "one\ntwo"),
                said(began + 4 * MINUTE_MS, "Alan", "three: four"),
                Said { picture: Some("boat".to_owned()), ..said(began + 5 * MINUTE_MS, "Alan", "") },
            ],
        };
        let direct = Room { kind: RoomKind::Direct, name: "Ada, Grace".to_owned(), said: Vec::new() };
        assert_eq!(read(script), Ok(vec![boat, direct]));
        let script = "room boat\n28d 10:14\nGrace: one\n= 🎉 Tom, Mei\n! Ada\n~ two\n> +2 Alan: three\n";
        let first = Said {
            reactions: vec![("🎉".to_owned(), vec!["Tom".to_owned(), "Mei".to_owned()])],
            pinned_by: Some("Ada".to_owned()),
            edited: Some("two".to_owned()),
            ..said(began + MINUTE_MS, "Grace", "one")
        };
        let reply = Said { is_reply: true, ..said(began + 3 * MINUTE_MS, "Alan", "three") };
        assert_eq!(read(script).unwrap()[0].said, [first, reply]);
        assert_eq!(read("room boat\nnobody says this"), Err(2));
        assert_eq!(read("room boat\n= 🎉 Tom"), Err(2));
        assert_eq!(read("Grace: nowhere"), Err(1));
    }
}
