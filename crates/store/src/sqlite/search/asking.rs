//! One search: which rooms the asker may read, which messages there may answer, and which of them do.

use std::collections::{HashMap, HashSet};
use std::time::Instant;

use parlour_domain::access::{self, Action};
use parlour_domain::search::{Filter, Has, Is, Query, day_of, grams_to_ask};
use parlour_protocol::search::{Hit, SearchOrder, SearchPage, SearchPlace};
use parlour_protocol::{RoomId, Seq, UserId, limits};
use rusqlite::{Connection, OptionalExtension as _, params};

use super::super::rooms::{FACTS_COLUMNS, may_read, read_facts};
use super::runs::{self, CODE, EDITED, FILE, IMAGE, LINK, REPLY, Run, THREAD};
use super::showing::show;
use crate::{SearchFor, StoreError};

/// Tokens of one search over all rooms: in many rooms fewer are asked for of each word.
const TOKENS_MAX: usize = 6_000;
/// People that one `from:` may mean.
const PEOPLE_MAX: usize = 20;
/// Pinned or saved messages that are looked through, the newest of them.
const LISTED_MAX: usize = 5_000;
/// How many messages are looked at between two looks at the clock.
const LOOKED_AT_PER_TURN: usize = 64;

/// A message that may answer.
struct Candidate {
    id: i64,
    place: SearchPlace,
    actor: u64,
    at: i64,
    marks: i64,
    text: String,
}

/// What holds of the messages that answer, besides their words.
#[derive(Default)]
struct Bounds {
    /// Numbers in the index: from, and up to without.
    ids: (i64, i64),
    /// When it was said: from, and up to without.
    times: (i64, i64),
    by: Option<HashSet<u64>>,
    not_by: HashSet<u64>,
    /// Messages that it must be one of, for each that is asked for, and must not be.
    these: Vec<HashSet<i64>>,
    not_these: HashSet<i64>,
    /// Marks that it must have, and must not.
    marks: i64,
    not_marks: i64,
}

/// Answers one search until a moment.
pub(super) fn search(
    log: &Connection,
    index: &Connection,
    ask: &SearchFor,
    until: Instant,
) -> Result<SearchPage, StoreError> {
    // One snapshot of the log says who may read what and what stands there; the index may be ahead of it or behind.
    let log = log.unchecked_transaction()?;
    let index = index.unchecked_transaction()?;
    let rooms = rooms(&log, ask)?;
    let bounds = bounds(&log, &index, (ask, &rooms))?;
    let nothing = SearchPage { hits: Vec::new(), next: None, behind: false };
    if rooms.is_empty() || bounds.by.as_ref().is_some_and(HashSet::is_empty) {
        return Ok(nothing);
    }
    let matching = matching(&rooms, &ask.query, &bounds);
    let sql =
        "select s.id, s.room, s.seq, s.actor, s.at, s.marks, s.text from gram g cross join said s on s.id = g.rowid
         where g.gram match ?1 and g.rowid >= ?2 and g.rowid < ?3 order by g.rowid desc";
    let mut statement = index.prepare_cached(sql)?;
    let mut rows = statement.query(params![matching, bounds.ids.0, bounds.ids.1])?;
    let mut page = nothing;
    let mut weighed: Vec<(u64, i64, SearchPlace)> = Vec::new();
    let (mut looked_at, mut last) = (0, None);
    while let Some(row) = rows.next()? {
        let candidate = read(row)?;
        looked_at += 1;
        if looked_at % LOOKED_AT_PER_TURN == 0 && Instant::now() >= until {
            // What was looked at last answers or not; it is looked at again by who goes on.
            page.next = last.filter(|_| ask.order == SearchOrder::Newest);
            break;
        }
        last = Some(candidate.place);
        if !suits(&candidate, &rooms, &bounds, &ask.query) {
            continue;
        }
        if ask.order == SearchOrder::Best {
            weighed.push((ask.query.weight(&candidate.text), candidate.id, candidate.place));
            if weighed.len() == limits::SEARCH_WEIGHED_MAX {
                break;
            }
            continue;
        }
        if page.hits.len() == limits::SEARCH_HITS_MAX {
            page.next = page.hits.last().map(|hit| SearchPlace { room: hit.room, seq: hit.seq });
            break;
        }
        page.hits.extend(shown(&log, candidate.place, &rooms, &ask.query)?);
    }
    weighed.sort_unstable_by_key(|(weight, id, _)| std::cmp::Reverse((*weight, *id)));
    for (_, _, place) in weighed {
        if page.hits.len() == limits::SEARCH_HITS_MAX {
            break;
        }
        page.hits.extend(shown(&log, place, &rooms, &ask.query)?);
    }
    Ok(page)
}

fn shown(
    log: &Connection,
    place: SearchPlace,
    rooms: &HashMap<RoomId, Seq>,
    query: &Query,
) -> Result<Option<Hit>, StoreError> {
    match rooms.get(&place.room) {
        Some(first) => show(log, place, *first, query),
        None => Ok(None),
    }
}

fn read(row: &rusqlite::Row<'_>) -> rusqlite::Result<Candidate> {
    Ok(Candidate {
        id: row.get(0)?,
        place: SearchPlace { room: RoomId(row.get(1)?), seq: Seq(row.get(2)?) },
        actor: row.get(3)?,
        at: row.get(4)?,
        marks: row.get(5)?,
        text: row.get(6)?,
    })
}

fn suits(candidate: &Candidate, rooms: &HashMap<RoomId, Seq>, bounds: &Bounds, query: &Query) -> bool {
    let may_be_read = rooms.get(&candidate.place.room).is_some_and(|first| candidate.place.seq >= *first);
    may_be_read
        && (bounds.times.0..bounds.times.1).contains(&candidate.at)
        && bounds.by.as_ref().is_none_or(|people| people.contains(&candidate.actor))
        && !bounds.not_by.contains(&candidate.actor)
        && bounds.these.iter().all(|ids| ids.contains(&candidate.id))
        && !bounds.not_these.contains(&candidate.id)
        && candidate.marks & bounds.marks == bounds.marks
        && candidate.marks & bounds.not_marks == 0
        && query.suits(&candidate.text)
}

/// The rooms that are searched, each with the first seq that the asker may read there: what history asks, of all rooms at once.
fn rooms(log: &Connection, ask: &SearchFor) -> Result<HashMap<RoomId, Seq>, StoreError> {
    if let Some(room) = ask.room {
        may_read(log, room, ask.asker)?;
    }
    let sql = format!(
        "select {FACTS_COLUMNS}, r.id, max(r.floor + 1, m.since_seq), r.name_skeleton from member m
         join user u on u.id = m.user join room r on r.id = m.room where m.user = ?1 and m.until_seq is null order by r.id"
    );
    let named = |not: bool| {
        let filters = ask.query.filters.iter().filter(move |(_, behind_minus)| *behind_minus == not);
        filters.filter_map(|(filter, _)| if let Filter::In(name) = filter { Some(name.as_str()) } else { None })
    };
    let (wanted, unwanted): (Vec<&str>, Vec<&str>) = (named(false).collect(), named(true).collect());
    let mut statement = log.prepare_cached(&sql)?;
    let mut rows = statement.query([ask.asker.0])?;
    let mut rooms = HashMap::new();
    while let Some(row) = rows.next()? {
        let (room, first, name) = (RoomId(row.get(6)?), Seq(row.get(7)?), row.get::<_, String>(8)?);
        let is_named = |names: &[&str]| !name.is_empty() && names.contains(&name.as_str());
        let is_asked = ask.room.is_none_or(|only| only == room)
            && (wanted.is_empty() || is_named(&wanted))
            && !is_named(&unwanted);
        if is_asked && access::check(Action::ReadRoom, &read_facts(row)?).is_ok() {
            rooms.insert(room, first);
        }
    }
    Ok(rooms)
}

fn bounds(
    log: &Connection,
    index: &Connection,
    (ask, rooms): (&SearchFor, &HashMap<RoomId, Seq>),
) -> Result<Bounds, StoreError> {
    let mut bounds = Bounds { ids: (0, i64::MAX), times: (i64::MIN, i64::MAX), ..Bounds::default() };
    for (filter, not) in &ask.query.filters {
        match filter {
            Filter::From(name) => bounds.said_by(people(log, name)?, *not),
            Filter::Is(Is::Mine) => bounds.said_by(vec![ask.asker.0], *not),
            Filter::Is(Is::Reply) => bounds.marked(REPLY, *not),
            Filter::Is(Is::Thread) => bounds.marked(THREAD, *not),
            Filter::Is(Is::Edited) => bounds.marked(EDITED, *not),
            Filter::Is(Is::Pinned) => bounds.among(numbered(log, index, PINNED, ask.asker)?, *not),
            Filter::Is(Is::Saved) => bounds.among(numbered(log, index, SAVED, ask.asker)?, *not),
            Filter::Has(Has::Link) => bounds.marked(LINK, *not),
            Filter::Has(Has::Code) => bounds.marked(CODE, *not),
            Filter::Has(Has::File) => bounds.marked(FILE, *not),
            Filter::Has(Has::Image) => bounds.marked(IMAGE, *not),
            Filter::Before(at) if *not => bounds.since(at.0),
            Filter::Since(at) if *not => bounds.before(at.0),
            Filter::Before(at) => bounds.before(at.0),
            Filter::Since(at) => bounds.since(at.0),
            Filter::In(_) => {}
        }
    }
    let day = |at: i64| day_of(parlour_protocol::Timestamp(at));
    if bounds.times.0 > i64::MIN {
        let sql = "select coalesce(min(first), 9223372036854775807) from day where day >= ?1";
        bounds.ids.0 = index.prepare_cached(sql)?.query_row([day(bounds.times.0)], |row| row.get(0))?;
    }
    if bounds.times.1 < i64::MAX {
        let sql = "select coalesce(max(last), -1) + 1 from day where day <= ?1";
        bounds.ids.1 = index.prepare_cached(sql)?.query_row([day(bounds.times.1)], |row| row.get(0))?;
    }
    // A place where the asker reads nothing is none: when something was said there is nobody else's business.
    if let Some(place) = ask.before.filter(|place| rooms.get(&place.room).is_some_and(|first| place.seq >= *first)) {
        // Where the message is gone the next one after it: what follows may be answered twice, and nothing is left out.
        let sql = "select id from said where room = ?1 and seq >= ?2 order by seq limit 1";
        let row = params![place.room.0, place.seq.0];
        let id: Option<i64> = index.prepare_cached(sql)?.query_row(row, |row| row.get(0)).optional()?;
        bounds.ids.1 = bounds.ids.1.min(id.unwrap_or(i64::MAX));
    }
    Ok(bounds)
}

impl Bounds {
    fn said_by(&mut self, people: Vec<u64>, not: bool) {
        if not {
            self.not_by.extend(people);
        } else {
            self.by.get_or_insert_default().extend(people);
        }
    }

    fn marked(&mut self, bit: i64, not: bool) {
        *(if not { &mut self.not_marks } else { &mut self.marks }) |= bit;
    }

    /// Few of all the messages there are: only what lies between the first and the last of them is looked at.
    fn among(&mut self, ids: HashSet<i64>, not: bool) {
        if not {
            self.not_these.extend(ids);
            return;
        }
        self.ids.0 = self.ids.0.max(ids.iter().min().copied().unwrap_or(i64::MAX));
        self.ids.1 = self.ids.1.min(ids.iter().max().map_or(0, |last| last + 1));
        self.these.push(ids);
    }

    fn since(&mut self, at: i64) {
        self.times.0 = self.times.0.max(at);
    }

    fn before(&mut self, at: i64) {
        self.times.1 = self.times.1.min(at);
    }
}

/// What is pinned to the rooms of somebody.
const PINNED: &str = "select p.room, p.message from member m join pin p on p.room = m.room
     where m.user = ?1 and m.until_seq is null order by p.seq desc limit ?2";
/// What somebody saved.
const SAVED: &str = "select room, message from saved where user = ?1 order by id desc limit ?2";

/// The numbers in the index of the messages that a list names.
fn numbered(log: &Connection, index: &Connection, list: &str, asker: UserId) -> Result<HashSet<i64>, StoreError> {
    let mut statement = log.prepare_cached(list)?;
    let mut rows = statement.query(params![asker.0, LISTED_MAX])?;
    let mut number = index.prepare_cached("select id from said where room = ?1 and seq = ?2")?;
    let mut ids = HashSet::new();
    while let Some(row) = rows.next()? {
        let place = params![row.get::<_, u64>(0)?, row.get::<_, u64>(1)?];
        ids.extend(number.query_row(place, |row| row.get::<_, i64>(0)).optional()?);
    }
    Ok(ids)
}

/// Whom a name means: who goes or went by it, else those whose names begin like it.
fn people(log: &Connection, name: &str) -> Result<Vec<u64>, StoreError> {
    if name.is_empty() {
        return Ok(Vec::new());
    }
    let exactly = "select id from user where name_skeleton = ?1 or handle_skeleton = ?1 order by id desc limit ?2";
    let begins = "select id from user where substr(name_skeleton, 1, length(?1)) = ?1
         or substr(handle_skeleton, 1, length(?1)) = ?1 order by id desc limit ?2";
    for sql in [exactly, begins] {
        let mut statement = log.prepare_cached(sql)?;
        let found = statement.query_map(params![name, PEOPLE_MAX], |row| row.get(0))?;
        let found = found.collect::<Result<Vec<u64>, _>>()?;
        if !found.is_empty() {
            return Ok(found);
        }
    }
    Ok(Vec::new())
}

/// What the index is asked: for each room the tokens that every answer has. Each token stands in quotation marks of its own, and none
/// holds one (S61).
fn matching(rooms: &HashMap<RoomId, Seq>, query: &Query, bounds: &Bounds) -> String {
    let words = query.wanted().count();
    let each = TOKENS_MAX / rooms.len().max(1) / words.max(1);
    let mut tokens: Vec<Run<'_>> = query.wanted().flat_map(|term| grams_to_ask(term, each)).map(Run::Gram).collect();
    tokens.extend(runs::each(bounds.marks).map(Run::Mark));
    let mut people: Vec<u64> = bounds.by.iter().flatten().copied().collect();
    people.sort_unstable();
    if tokens.is_empty() && people.is_empty() {
        tokens.push(Run::Any);
    }
    let mut rooms: Vec<u64> = rooms.keys().map(|room| room.0).collect();
    rooms.sort_unstable();
    let mut text = String::new();
    for (number, room) in rooms.into_iter().enumerate() {
        text.push_str(if number > 0 { " OR (" } else { "(" });
        for (number, token) in tokens.iter().enumerate() {
            text.push_str(if number > 0 { " AND " } else { "" });
            quoted(&mut text, room, *token);
        }
        if !people.is_empty() {
            text.push_str(if tokens.is_empty() { "(" } else { " AND (" });
            for (number, person) in people.iter().enumerate() {
                text.push_str(if number > 0 { " OR " } else { "" });
                quoted(&mut text, room, Run::By(*person));
            }
            text.push(')');
        }
        text.push(')');
    }
    text
}

fn quoted(text: &mut String, room: u64, run: Run<'_>) {
    text.push('"');
    runs::write(text, room, run);
    text.push('"');
}

#[cfg(test)]
mod tests {
    use super::*;
    use parlour_domain::search::Zone;

    #[test]
    fn s61_what_the_index_is_asked_holds_no_sign_that_somebody_typed() {
        let query = Query::parse("\"a\"b\" OR* ^x NEAR(y, 2) col:z -no {q} 'w' \u{E001}", Zone::default()).unwrap();
        let rooms = HashMap::from([(RoomId(7), Seq(1)), (RoomId(300), Seq(1))]);
        let text = matching(&rooms, &query, &Bounds::default());
        let outside: Vec<&str> = text.split('"').step_by(2).map(str::trim).collect();
        let known = ["", "(", ") OR (", ")", "AND"];
        assert!(outside.iter().all(|part| known.contains(part)), "{outside:?}");
        for inside in text.split('"').skip(1).step_by(2) {
            assert!(inside.chars().all(|c| c.is_ascii_alphanumeric() || !c.is_ascii()), "{inside:?}");
        }
        assert!(text.contains("g7\u{E000}nea") && text.contains("g12c\u{E000}nea"), "{text}");
    }
}
