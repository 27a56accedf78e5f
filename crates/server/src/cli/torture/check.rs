//! The checker: reads the evidence once, in linear time, and names everything that breaks the promises. It knows nothing
//! of sockets, clocks or faults, so it can be tried with evidence made by hand.

use std::collections::{BTreeSet, HashMap};

use parlour_protocol::{ClientId, RoomId, Seq, UserId, limits};

use super::evidence::{Came, Entry, Evidence, Follow, Said, text};
use super::violation::{Rule, Violation};

/// What stands where in each room.
type Places<'a> = HashMap<RoomId, HashMap<Seq, &'a Entry>>;

/// How many places are noted of one jump; a seq may be any number.
const JUMP_NOTED_MAX: usize = 10_000;

/// Everything that is wrong, room by room.
pub(super) fn check(evidence: &Evidence) -> Vec<Violation> {
    let mut found = Vec::new();
    let nothing = (Vec::new(), HashMap::new());
    let sent_to = evidence.said.iter().flat_map(|said| said.sent.keys());
    let rooms: BTreeSet<RoomId> = evidence.store.keys().chain(sent_to).copied().collect();
    for room in rooms {
        let log = evidence.store.get(&room).unwrap_or(&nothing.0);
        store(room, log, &mut found);
        senders(room, log, &evidence.said, &mut found);
    }
    let places: Places = evidence.store.iter().map(|(room, log)| (*room, by_seq(log))).collect();
    for said in &evidence.said {
        promises(said, &places, &mut found);
    }
    for heard in &evidence.heard {
        for (room, follow) in &heard.rooms {
            reader(heard.reader, *room, follow, places.get(room).unwrap_or(&nothing.1), &mut found);
        }
    }
    for epoch in &evidence.epochs {
        let told = epoch.told.map_or_else(|| "the last reading".to_owned(), |party| party.to_string());
        let what = format!("{told} was told epoch {} after {}, and nothing was restored", epoch.now, epoch.before);
        found.push(Violation::of_house(Rule::EpochChanged, what));
    }
    for (before, after) in evidence.restores.iter().filter(|(before, after)| before == after) {
        let what = format!("restored from a backup, the house says epoch {after} as it said {before} before");
        found.push(Violation::of_house(Rule::EpochKept, what));
    }
    for fault in &evidence.house {
        found.push(Violation::of_house(Rule::HouseFault, fault.clone()));
    }
    found
}

/// The store's own log: 1, 2, 3 …, time never back, each id of a sender once.
fn store(room: RoomId, log: &[Entry], found: &mut Vec<Violation>) {
    let mut last = (Seq::ZERO, i64::MIN);
    let mut ids: HashMap<(UserId, ClientId), Seq> = HashMap::new();
    for entry in log {
        if entry.seq != last.0.next() {
            let what = format!("the store goes from seq {} to seq {}", last.0, entry.seq);
            found.push(Violation::new(Rule::StoreHole, room, entry.seq, what));
        }
        if entry.at < last.1 {
            let what = format!("seq {} is from {} ms, the one before it from {} ms", entry.seq, entry.at, last.1);
            found.push(Violation::new(Rule::TimeBack, room, entry.seq, what));
        }
        last = (entry.seq, entry.at);
        let Some(id) = entry.client_id else { continue };
        if let Some(first) = ids.insert((entry.by, id), entry.seq) {
            let what = format!("id {} ({}) is at seq {first} and again at seq {}", id.0, entry.text, entry.seq);
            found.push(Violation::new(Rule::IdTwice, room, entry.seq, what));
        }
    }
}

/// Each writer's messages of a room: all of them, each once, in the order in which they were sent.
fn senders(room: RoomId, log: &[Entry], said: &[Said], found: &mut Vec<Violation>) {
    let writers: HashMap<UserId, &Said> = said.iter().map(|said| (said.user, said)).collect();
    let mut at: HashMap<usize, Vec<Option<Seq>>> = HashMap::new();
    let mut highest: HashMap<usize, u64> = HashMap::new();
    for entry in log {
        let Some(said) = writers.get(&entry.by).filter(|_| entry.client_id.is_some()) else { continue };
        let sent = said.sent.get(&room).copied().unwrap_or_default();
        let places = at.entry(said.writer).or_insert_with(|| vec![None; usize::try_from(sent).unwrap_or_default()]);
        let number = number(&entry.text, said.writer).filter(|number| *number <= sent);
        let Some((number, place)) = number.and_then(|n| Some((n, places.get_mut(usize::try_from(n).ok()? - 1)?)))
        else {
            let what = format!("seq {} says {:?}, which writer {} never sent", entry.seq, entry.text, said.writer);
            found.push(Violation::new(Rule::NeverSent, room, entry.seq, what));
            continue;
        };
        if let Some(first) = place.replace(entry.seq) {
            let what = format!("{} is at seq {first} and again, under another id, at seq {}", entry.text, entry.seq);
            found.push(Violation::new(Rule::SaidTwice, room, entry.seq, what));
            continue;
        }
        let highest = highest.entry(said.writer).or_default();
        if number < *highest {
            let what = format!("{} is at seq {}, after {}", entry.text, entry.seq, text(said.writer, *highest));
            found.push(Violation::new(Rule::SenderOrder, room, entry.seq, what));
        }
        *highest = number.max(*highest);
    }
    for said in said {
        let sent = said.sent.get(&room).copied().unwrap_or_default();
        let places = at.remove(&said.writer).unwrap_or_default();
        let arrived = places.iter().flatten().count() as u64;
        // Those without an answer may be in the log or not; they are a violation of their own.
        if sent > arrived + said.unanswered {
            let first = places.iter().position(Option::is_none).unwrap_or(places.len()) as u64 + 1;
            let what =
                format!("{} of {sent} messages are missing, the first is {}", sent - arrived, text(said.writer, first));
            found.push(Violation::new(Rule::Missing, room, Seq::ZERO, what));
        }
    }
}

/// The number in `w3/17`, if it is writer 3's.
fn number(words: &str, writer: usize) -> Option<u64> {
    let number = words.strip_prefix('w')?.strip_prefix(&writer.to_string())?.strip_prefix('/')?.parse().ok()?;
    (number > 0).then_some(number)
}

/// What the house promised one writer.
fn promises(said: &Said, places: &Places, found: &mut Vec<Violation>) {
    let mut promised: HashMap<(RoomId, ClientId), Seq> = HashMap::new();
    for promise in &said.acknowledged {
        let (room, id, seq) = (promise.room, promise.client_id, promise.seq);
        if let Some(first) = promised.insert((room, id), seq) {
            if first != seq {
                let what = format!("id {} was acknowledged as seq {first} and as seq {seq}", id.0);
                found.push(Violation::new(Rule::TwoPromises, room, seq, what));
            }
            continue;
        }
        let entry = places.get(&room).and_then(|log| log.get(&seq));
        if entry.is_none_or(|entry| entry.client_id != Some(id) || entry.by != said.user) {
            let there = entry.map_or("nothing".to_owned(), |entry| format!("{:?}", entry.text));
            let what = format!("id {} of writer {} was acknowledged as seq {seq}, where {there} is", id.0, said.writer);
            found.push(Violation::new(Rule::AcknowledgedLost, room, seq, what));
        }
    }
    if said.unanswered > 0 {
        let what = format!("{} messages of writer {} had no answer at the end", said.unanswered, said.writer);
        found.push(Violation::of_house(Rule::Unanswered, what));
    }
    for refusal in &said.refused {
        found.push(Violation::of_house(Rule::Refused, format!("writer {}: {refusal}", said.writer)));
    }
}

fn by_seq(log: &[Entry]) -> HashMap<Seq, &Entry> {
    log.iter().map(|entry| (entry.seq, entry)).collect()
}

/// What one reader saw of one room: the store's log from where it began to its end, in order.
fn reader(number: usize, room: RoomId, follow: &Follow, log: &HashMap<Seq, &Entry>, found: &mut Vec<Violation>) {
    let mut last = follow.after;
    let mut jumped: BTreeSet<Seq> = BTreeSet::new();
    let mut owed: Option<(Seq, Seq)> = None;
    for came in &follow.came {
        let (seq, print, words) = match came {
            Came::Event(seq, print, words) => (*seq, *print, words),
            Came::Back { cursor, floor, head, void } => {
                let is_due = *void || cursor > head || cursor < floor || !is_near(*cursor, *head);
                owed = is_due.then_some((*cursor, *head));
                continue;
            }
            Came::Reset { cursor, floor, head } => {
                let owed = owed.take();
                if owed.is_none() && head >= cursor && is_near(*cursor, *head) && floor <= cursor {
                    let what = format!("reader {number} was reset at seq {cursor} with the head at {head}: no reason");
                    found.push(Violation::new(Rule::NeedlessReset, room, *cursor, what));
                }
                last = last.max(*floor);
                continue;
            }
        };
        if let Some((cursor, head)) = owed.take() {
            let what = format!("reader {number} came back at seq {cursor} of {head}, and was told seq {seq}, no reset");
            found.push(Violation::new(Rule::ResetMissing, room, cursor, what));
        }
        if seq > last {
            jumped.extend((last.0 + 1..seq.0).map(Seq).take(JUMP_NOTED_MAX));
            last = seq;
        } else if jumped.remove(&seq) {
            let what = format!("reader {number} saw seq {seq} after seq {last}");
            found.push(Violation::new(Rule::ReaderReordered, room, seq, what));
        } else {
            let what = format!("reader {number} saw seq {seq} ({words}) a second time, after seq {last}");
            found.push(Violation::new(Rule::ReaderDouble, room, seq, what));
        }
        same(number, room, (seq, print, words), log, found);
    }
    if let Some(first) = jumped.first() {
        let what = format!("reader {number} never saw seq {first} ({} such), and was not told so", jumped.len());
        found.push(Violation::new(Rule::ReaderHole, room, *first, what));
    }
    let head = follow.until.or(log.keys().max().copied()).unwrap_or_default();
    if last < head {
        let what = format!("reader {number} saw up to seq {last} of {head}");
        found.push(Violation::new(Rule::ReaderBehind, room, last, what));
    }
}

/// Whether so little was missed that it is told again (SYN-2).
fn is_near(cursor: Seq, head: Seq) -> bool {
    head.0 <= cursor.0 + limits::REPLAY_EVENTS_MAX
}

/// What was seen is what the store has there.
fn same(
    number: usize,
    room: RoomId,
    (seq, print, words): (Seq, u64, &str),
    log: &HashMap<Seq, &Entry>,
    found: &mut Vec<Violation>,
) {
    match log.get(&seq) {
        Some(entry) if entry.print == print => {}
        Some(entry) => {
            let what = format!("reader {number} saw {words:?} at seq {seq}, where the store has {:?}", entry.text);
            found.push(Violation::new(Rule::ReaderDiffers, room, seq, what));
        }
        None => {
            let what = format!("reader {number} saw seq {seq} ({words}), which the store does not have");
            found.push(Violation::new(Rule::SeenLost, room, seq, what));
        }
    }
}

#[cfg(test)]
mod tests {
    use parlour_protocol::Seq;

    use super::super::evidence::{Acknowledged, Heard, NewEpoch};
    use super::super::plan::Party;
    use super::*;

    const ROOM: RoomId = RoomId(2);
    const ADA: UserId = UserId(7);

    fn id(number: u64) -> ClientId {
        ClientId(uuid::Uuid::from_u128(u128::from(number)))
    }

    /// Message `number` of writer 0 at a place.
    fn entry(seq: u64, number: u64) -> Entry {
        let at = 1_000 + i64::try_from(seq).unwrap();
        Entry { seq: Seq(seq), at, by: ADA, client_id: Some(id(number)), text: text(0, number).into(), print: number }
    }

    fn came(entry: &Entry) -> Came {
        Came::Event(entry.seq, entry.print, entry.text.clone())
    }

    /// Five messages that were sent, acknowledged and seen as they should.
    fn good() -> Evidence {
        let log: Vec<Entry> = (1..=5).map(|number| entry(number, number)).collect();
        let acknowledged =
            log.iter().map(|entry| Acknowledged { room: ROOM, client_id: id(entry.seq.0), seq: entry.seq });
        let said = Said { sent: [(ROOM, 5)].into(), acknowledged: acknowledged.collect(), ..Said::new(0, ADA) };
        let follow = Follow { came: log[1..].iter().map(came).collect(), ..Follow::after(Seq(1)) };
        Evidence {
            heard: vec![Heard { reader: 3, rooms: [(ROOM, follow)].into() }],
            store: [(ROOM, log)].into(),
            said: vec![said],
            ..Evidence::default()
        }
    }

    /// What is found when the good evidence is spoilt.
    fn found(spoil: impl FnOnce(&mut Evidence)) -> Vec<(Rule, String)> {
        let mut evidence = good();
        spoil(&mut evidence);
        check(&evidence).into_iter().map(|violation| (violation.rule, violation.what)).collect()
    }

    fn rules(spoil: impl FnOnce(&mut Evidence)) -> Vec<Rule> {
        found(spoil).into_iter().map(|(rule, _)| rule).collect()
    }

    fn log(evidence: &mut Evidence) -> &mut Vec<Entry> {
        evidence.store.get_mut(&ROOM).unwrap()
    }

    fn seen(evidence: &mut Evidence) -> &mut Vec<Came> {
        &mut evidence.heard[0].rooms.get_mut(&ROOM).unwrap().came
    }

    #[test]
    fn what_is_as_it_should_be_is_no_violation() {
        assert_eq!(found(|_| {}), []);
        assert_eq!(rules(|evidence| evidence.said[0].acknowledged.clear()), [], "an answer may be lost");
    }

    #[test]
    fn log_2_an_acknowledged_message_that_is_gone_or_elsewhere_is_named() {
        let gone = found(|evidence| {
            log(evidence).truncate(4);
            seen(evidence).truncate(3);
        });
        let what = format!("id {} of writer 0 was acknowledged as seq 5, where nothing is", id(5).0);
        assert!(gone.contains(&(Rule::AcknowledgedLost, what)), "{gone:?}");
        let elsewhere = found(|evidence| evidence.said[0].acknowledged[1].seq = Seq(3));
        let what = format!("id {} of writer 0 was acknowledged as seq 3, where \"w0/3\" is", id(2).0);
        assert_eq!(elsewhere, [(Rule::AcknowledgedLost, what)]);
        assert_eq!(rules(|evidence| evidence.said[0].acknowledged[0].room = RoomId(9)), [Rule::AcknowledgedLost]);
        let of_another = rules(|evidence| evidence.said[0].user = UserId(8));
        assert_eq!(of_another, [vec![Rule::Missing], vec![Rule::AcknowledgedLost; 5]].concat());
        let twice = rules(|evidence| {
            let first = evidence.said[0].acknowledged[0];
            evidence.said[0].acknowledged.push(first);
            evidence.said[0].acknowledged.push(Acknowledged { seq: Seq(2), ..first });
        });
        assert_eq!(twice, [Rule::TwoPromises]);
    }

    #[test]
    fn log_3_a_message_that_is_there_twice_missing_or_unknown_is_named() {
        let append = |number: u64, client_id: ClientId| {
            move |evidence: &mut Evidence| {
                let entry = Entry { client_id: Some(client_id), print: 77, ..entry(6, number) };
                seen(evidence).push(came(&entry));
                log(evidence).push(entry);
            }
        };
        assert_eq!(rules(append(5, id(5))), [Rule::IdTwice, Rule::SaidTwice]);
        assert_eq!(rules(append(5, id(50))), [Rule::SaidTwice]);
        assert_eq!(rules(append(6, id(6))), [Rule::NeverSent]);
        let sent = |room: RoomId, count: u64| {
            move |evidence: &mut Evidence| {
                evidence.said[0].sent.insert(room, count);
            }
        };
        let missing = found(sent(ROOM, 7));
        assert_eq!(missing, [(Rule::Missing, "2 of 7 messages are missing, the first is w0/6".to_owned())]);
        assert_eq!(rules(sent(RoomId(9), 1)), [Rule::Missing], "a room that was not read has none of them");
    }

    #[test]
    fn log_4_a_sender_s_message_before_an_earlier_one_is_named() {
        let swapped = found(|evidence| {
            let (third, fourth) = (entry(3, 4), entry(4, 3));
            seen(evidence).splice(1..3, [came(&third), came(&fourth)]);
            log(evidence).splice(2..4, [third, fourth]);
            let acknowledged = &mut evidence.said[0].acknowledged;
            (acknowledged[2].seq, acknowledged[3].seq) = (Seq(4), Seq(3));
        });
        assert_eq!(swapped, [(Rule::SenderOrder, "w0/3 is at seq 4, after w0/4".to_owned())]);
    }

    #[test]
    fn log_1_a_store_with_a_hole_or_with_time_going_back_is_named() {
        let hole = rules(|evidence| {
            log(evidence).remove(1);
            seen(evidence).remove(0);
            evidence.heard[0].rooms.get_mut(&ROOM).unwrap().after = Seq(2);
            evidence.said[0].acknowledged.remove(1);
        });
        assert_eq!(hole, [Rule::StoreHole, Rule::Missing]);
        let back = found(|evidence| log(evidence)[3].at = 1);
        assert_eq!(back, [(Rule::TimeBack, "seq 4 is from 1 ms, the one before it from 1003 ms".to_owned())]);
    }

    #[test]
    fn log_1_a_reader_with_a_hole_a_double_another_order_or_other_words_is_named() {
        let hole = found(|evidence| drop(seen(evidence).remove(1)));
        assert_eq!(hole, [(Rule::ReaderHole, "reader 3 never saw seq 3 (1 such), and was not told so".to_owned())]);
        let double = found(|evidence| {
            let again = seen(evidence)[1].clone();
            seen(evidence).insert(2, again);
        });
        assert_eq!(double, [(Rule::ReaderDouble, "reader 3 saw seq 3 (w0/3) a second time, after seq 3".to_owned())]);
        let order = found(|evidence| seen(evidence).swap(1, 2));
        assert_eq!(order, [(Rule::ReaderReordered, "reader 3 saw seq 3 after seq 4".to_owned())]);
        let words = found(|evidence| seen(evidence)[1] = Came::Event(Seq(3), 77, "lies".into()));
        let what = "reader 3 saw \"lies\" at seq 3, where the store has \"w0/3\"";
        assert_eq!(words, [(Rule::ReaderDiffers, what.to_owned())]);
        let before = found(|evidence| evidence.heard[0].rooms.get_mut(&ROOM).unwrap().after = Seq::ZERO);
        assert_eq!(before, [(Rule::ReaderHole, "reader 3 never saw seq 1 (1 such), and was not told so".to_owned())]);
    }

    #[test]
    fn log_5_what_a_reset_leaves_out_is_no_hole_but_a_reset_needs_a_reason() {
        let told = |floor: u64, head: u64| {
            move |evidence: &mut Evidence| {
                let reset = Came::Reset { cursor: Seq(2), floor: Seq(floor), head: Seq(head) };
                seen(evidence).splice(1..3, [reset]);
            }
        };
        assert_eq!(rules(told(4, 4)), [], "what is no longer kept cannot be shown");
        assert_eq!(rules(told(3, 4)), [Rule::ReaderHole], "what is kept is shown");
        assert_eq!(rules(told(0, 503)), [Rule::ReaderHole], "500 missed events are a reason, not a hole");
        assert_eq!(rules(told(0, 502)), [Rule::NeedlessReset, Rule::ReaderHole]);
    }

    #[test]
    fn syn_2_who_comes_back_too_late_is_reset_before_anything_else() {
        let back = |cursor: u64, floor: u64, head: u64, void: bool| {
            move |evidence: &mut Evidence| {
                let back = Came::Back { cursor: Seq(cursor), floor: Seq(floor), head: Seq(head), void };
                seen(evidence).insert(1, back);
            }
        };
        assert_eq!(rules(back(2, 0, 502, false)), [], "500 missed events are told");
        let late = found(back(2, 0, 503, false));
        let what = "reader 3 came back at seq 2 of 503, and was told seq 3, no reset";
        assert_eq!(late, [(Rule::ResetMissing, what.to_owned())]);
        for due in [back(2, 0, 1, false), back(2, 3, 5, false), back(2, 0, 5, true)] {
            assert_eq!(rules(due), [Rule::ResetMissing], "above the head, below the floor, of another epoch");
        }
        let told = rules(|evidence| {
            back(2, 0, 5, true)(evidence);
            seen(evidence).insert(2, Came::Reset { cursor: Seq(2), floor: Seq(0), head: Seq(5) });
        });
        assert_eq!(told, [], "what is void is a reason for a reset");
        let cut = rules(|evidence| {
            back(2, 0, 5, false)(evidence);
            back(2, 0, 503, false)(evidence);
        });
        assert_eq!(cut, [], "the last coming back counts");
    }

    #[test]
    fn log_8_what_was_seen_and_is_not_stored_and_what_was_not_seen_in_the_end_are_named() {
        let lost = found(|evidence| seen(evidence).push(Came::Event(Seq(6), 6, "w0/6".into())));
        assert_eq!(lost, [(Rule::SeenLost, "reader 3 saw seq 6 (w0/6), which the store does not have".to_owned())]);
        let behind = found(|evidence| seen(evidence).truncate(2));
        assert_eq!(behind, [(Rule::ReaderBehind, "reader 3 saw up to seq 3 of 5".to_owned())]);
        let went = rules(|evidence| {
            seen(evidence).truncate(2);
            evidence.heard[0].rooms.get_mut(&ROOM).unwrap().until = Some(Seq(3));
        });
        assert_eq!(went, [], "who went before the end has seen enough");
    }

    #[test]
    fn log_9_another_epoch_is_named_and_so_is_what_the_house_did_wrong() {
        let epoch = NewEpoch { told: Some(Party::Writer(1)), before: "a".to_owned(), now: "b".to_owned() };
        let what = "writer 1 was told epoch b after a, and nothing was restored";
        assert_eq!(found(|evidence| evidence.epochs.push(epoch)), [(Rule::EpochChanged, what.to_owned())]);
        let restored = |after: &'static str| {
            move |evidence: &mut Evidence| evidence.restores.push(("a".to_owned(), after.to_owned()))
        };
        assert_eq!((rules(restored("b")), rules(restored("a"))), (vec![], vec![Rule::EpochKept]));
        let ended = "it ended by itself";
        let fault = found(|evidence| evidence.house.push(ended.to_owned()));
        assert_eq!(fault, [(Rule::HouseFault, ended.to_owned())]);
    }

    #[test]
    fn a_message_without_an_answer_and_one_that_was_turned_away_are_named() {
        let unanswered = found(|evidence| {
            evidence.said[0].unanswered = 2;
            evidence.said[0].sent.insert(ROOM, 7);
        });
        let what = "2 messages of writer 0 had no answer at the end";
        assert_eq!(unanswered, [(Rule::Unanswered, what.to_owned())]);
        let refused = found(|evidence| evidence.said[0].refused.push("TooBig: no".to_owned()));
        assert_eq!(refused, [(Rule::Refused, "writer 0: TooBig: no".to_owned())]);
    }

    #[test]
    fn two_hundred_thousand_events_are_judged_at_once() {
        let log: Vec<Entry> = (1..=200_000).map(|number| entry(number, number)).collect();
        // Backwards: the worst a reader can be shown.
        let follow = Follow { came: log.iter().rev().map(came).collect(), ..Follow::after(Seq::ZERO) };
        let evidence = Evidence {
            heard: vec![Heard { reader: 0, rooms: [(ROOM, follow)].into() }],
            store: [(ROOM, log)].into(),
            ..Evidence::default()
        };
        let began = std::time::Instant::now();
        assert_eq!(check(&evidence).len(), 199_999, "all but the first are out of order");
        assert!(began.elapsed().as_secs() < 10, "the time grows with the square: {:?}", began.elapsed());
    }
}
