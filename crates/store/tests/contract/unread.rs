//! Unread that is true (UNR): whatever was said, edited, deleted, read, muted, followed, in whatever order, the number is that of
//! the list, and the list is what the rules say; and the log says all of it again (TALK, LOG-1).

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use parlour_protocol::push::Answers;
use parlour_protocol::{Card, Change, NotifyLevel, RoomId, Seq, User, UserId};
use parlour_store::{Append, MarkAs, PageOf, Rewrite};

use crate::{House, at, message};

/// A generator of numbers that depend on its seed alone.
struct Dice(u64);

impl Dice {
    fn below(&mut self, end: usize) -> usize {
        // splitmix64
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        usize::try_from((z ^ (z >> 31)) % end as u64).unwrap()
    }
}

/// A message as the rules see it.
#[derive(Clone, Debug)]
struct Said {
    by: UserId,
    thread: Option<Seq>,
    also_in_room: bool,
    mentions: BTreeSet<UserId>,
    everyone: bool,
    deleted: bool,
    text: String,
}

/// A person's standing as the rules see it.
#[derive(Clone, Debug)]
struct Standing {
    read: Seq,
    level: NotifyLevel,
    follows: BTreeMap<Seq, (bool, Seq)>,
}

struct Model {
    room: RoomId,
    people: Vec<User>,
    said: BTreeMap<Seq, Said>,
    standings: BTreeMap<UserId, Standing>,
    reactions: BTreeSet<(Seq, String, UserId)>,
    pins: BTreeSet<Seq>,
    /// The links that have a card, and the messages that are to have none.
    cards: BTreeMap<Seq, Vec<String>>,
    unwanted: BTreeSet<Seq>,
}

const WORDS: [(&str, Option<usize>, bool); 7] = [
    ("see https://a.example and https://b.example", None, false),
    ("https://b.example", None, false),
    ("plain", None, false),
    ("so @ada", Some(0), false),
    ("@bea so", Some(1), false),
    ("@eve", Some(2), false),
    ("@room", None, true),
];

impl Model {
    /// What is unread for somebody, by UNR-1 and UNR-3, said a second time.
    fn unread(&self, user: UserId) -> Vec<Seq> {
        let standing = &self.standings[&user];
        let counts = |(seq, said): &(&Seq, &Said)| {
            let mentioned = said.everyone || said.mentions.contains(&user);
            let wanted = match standing.level {
                NotifyLevel::All => true,
                NotifyLevel::Mentions => mentioned,
                NotifyLevel::Nothing => false,
            };
            let after = match said.thread {
                Some(thread) if !said.also_in_room => {
                    standing.follows.get(&thread).is_some_and(|(following, read)| *following && **seq > *read)
                }
                _ => **seq > standing.read,
            };
            !said.deleted && said.by != user && wanted && after
        };
        self.said.iter().filter(counts).map(|(seq, _)| *seq).collect()
    }

    fn mentions(&self, user: UserId) -> usize {
        let mentioned = |seq: &Seq| self.said[seq].everyone || self.said[seq].mentions.contains(&user);
        self.unread(user).iter().filter(|seq| mentioned(seq)).count()
    }

    /// Who follows a thread by a reply to it, or by being mentioned in an edit of one.
    fn reply(&mut self, thread: Seq, seq: Seq, by: Option<UserId>, mentions: &BTreeSet<UserId>) {
        let before = Seq(seq.0 - 1);
        if let Some(by) = by {
            let own = self.standings.get_mut(&by).unwrap().follows.entry(thread).or_insert((true, seq));
            if !own.0 {
                *own = (true, seq);
            }
        }
        let root = self.said.get(&thread).filter(|_| by.is_some());
        let mut others: Vec<UserId> = mentions.iter().copied().collect();
        if let Some(root) = root {
            others.push(root.by);
            others.extend(root.mentions.iter().filter(|_| !root.deleted));
        }
        for user in others {
            self.standings.get_mut(&user).unwrap().follows.entry(thread).or_insert((true, before));
        }
    }
}

/// One thing that somebody does, in the house and in the model.
async fn step(house: &House, model: &mut Model, dice: &mut Dice) {
    let by = model.people[dice.below(model.people.len())].clone();
    let seqs: Vec<Seq> = model.said.keys().copied().collect();
    let any = seqs.get(dice.below(seqs.len().max(1))).copied();
    match (dice.below(16), any) {
        (0..=4, any) => say(house, model, dice, &by, any).await,
        (_, None) => {}
        (which @ 5..=6, Some(seq)) => change(house, model, dice, &by, seq, which == 6).await,
        (which @ 7..=8, Some(seq)) => mark(house, model, &by, seq, which == 7).await,
        (9, Some(_)) => {
            let level = [NotifyLevel::All, NotifyLevel::Mentions, NotifyLevel::Nothing][dice.below(3)];
            house.store.set_notify(model.room, by.id, level).await.unwrap();
            model.standings.get_mut(&by.id).unwrap().level = level;
        }
        (10, Some(root)) => follow(house, model, &by, root, dice.below(2) == 0).await,
        (11, Some(seq)) => mark_thread(house, model, dice, &by, seq).await,
        (_, Some(seq)) if model.said[&seq].deleted => {}
        (12, Some(seq)) => {
            let (emoji, added) = (["👏", "🍵"][dice.below(2)].to_owned(), dice.below(3) > 0);
            house.store.react((model.room, seq), by.clone(), emoji.clone(), added, at(0)).await.unwrap();
            let reaction = (seq, emoji, by.id);
            if added {
                model.reactions.insert(reaction)
            } else {
                model.reactions.remove(&reaction)
            };
        }
        (13..=14, Some(seq)) => put_cards(house, model, dice, seq).await,
        (_, Some(seq)) => {
            let pinned = dice.below(2) == 0;
            house.store.pin(model.room, seq, by.clone(), pinned, at(0)).await.unwrap();
            if pinned {
                model.pins.insert(seq)
            } else {
                model.pins.remove(&seq)
            };
        }
    }
}

/// What is behind some links is found, or the writer of a message wants none of it.
async fn put_cards(house: &House, model: &mut Model, dice: &mut Dice, seq: Seq) {
    let said = &model.said[&seq];
    let by = model.people.iter().find(|user| user.id == said.by).unwrap().clone();
    if dice.below(4) == 0 {
        house.store.remove_cards(model.room, seq, by, at(0)).await.unwrap();
        model.cards.remove(&seq);
        model.unwanted.insert(seq);
        return;
    }
    let found: Vec<String> =
        ["https://a.example", "https://b.example"][dice.below(2)..].iter().map(|&to| to.to_owned()).collect();
    let card = |to: &String| Card {
        to: to.clone(),
        site: "a site".to_owned(),
        title: format!("{to} of {seq}"),
        description: String::new(),
        picture: None,
    };
    house.store.put_cards(model.room, seq, by, found.iter().map(card).collect(), at(0)).await.unwrap();
    if model.unwanted.contains(&seq) {
        return;
    }
    let links = links_of(&said.text);
    let before = model.cards.remove(&seq).unwrap_or_default();
    let now: Vec<String> = links.into_iter().filter(|link| before.contains(link) || found.contains(link)).collect();
    if !now.is_empty() {
        model.cards.insert(seq, now);
    }
}

fn links_of(text: &str) -> Vec<String> {
    text.split(' ').filter(|word| word.starts_with("https:")).map(str::to_owned).collect()
}

async fn say(house: &House, model: &mut Model, dice: &mut Dice, by: &User, any: Option<Seq>) {
    let (text, mentioned, everyone) = WORDS[dice.below(WORDS.len())];
    let root = any.filter(|seq| dice.below(2) == 0 && model.said[seq].thread.is_none() && !model.said[seq].deleted);
    let also_in_room = root.is_some() && dice.below(3) == 0;
    let answers = root.map(|thread| Answers { quote: None, thread: Some(thread), also_in_room });
    let message = Append { answers, ..message(by, model.room, text) };
    let seq = house.store.append(message).await.unwrap().event.seq;
    let mentions: BTreeSet<UserId> =
        mentioned.filter(|_| !everyone).map(|index| model.people[index].id).into_iter().collect();
    if let Some(thread) = root {
        model.reply(thread, seq, Some(by.id), &mentions);
    }
    let text = text.to_owned();
    model.said.insert(seq, Said { by: by.id, thread: root, also_in_room, mentions, everyone, deleted: false, text });
}

/// Somebody edits or deletes what they said.
async fn change(house: &House, model: &mut Model, dice: &mut Dice, by: &User, seq: Seq, deletes: bool) {
    let (room, said) = (model.room, model.said.get_mut(&seq).unwrap());
    if said.by != by.id || said.deleted {
        return;
    }
    if deletes {
        house.store.delete(room, seq, by.clone(), at(0)).await.unwrap();
        (said.deleted, said.everyone) = (true, false);
        said.text.clear();
        said.mentions.clear();
        model.reactions.retain(|(message, ..)| *message != seq);
        model.pins.remove(&seq);
        model.cards.remove(&seq);
        return;
    }
    let (text, mentioned, everyone) = WORDS[dice.below(WORDS.len())];
    let edit = Rewrite { room, seq, text: text.to_owned(), here: Arc::default() };
    house.store.edit(by.clone(), edit, at(0)).await.unwrap();
    let mentions: BTreeSet<UserId> = mentioned.map(|index| model.people[index].id).into_iter().collect();
    let same = said.text == text;
    (said.mentions, said.everyone, said.text) = (mentions.clone(), everyone, text.to_owned());
    let links = links_of(text);
    if let Some(cards) = model.cards.get_mut(&seq) {
        cards.retain(|link| links.contains(link));
    }
    model.cards.retain(|_, cards| !cards.is_empty());
    if let (Some(thread), false) = (said.thread, same) {
        model.reply(thread, seq, None, &mentions);
    }
}

async fn mark(house: &House, model: &mut Model, by: &User, seq: Seq, read: bool) {
    let standing = model.standings.get_mut(&by.id).unwrap();
    if read {
        house.store.mark_read(model.room, by.id, seq).await.unwrap();
        standing.read = standing.read.max(seq);
    } else {
        house.store.mark_unread(model.room, by.id, seq).await.unwrap();
        standing.read = Seq(seq.0 - 1);
    }
}

async fn follow(house: &House, model: &mut Model, by: &User, root: Seq, following: bool) {
    if model.said[&root].thread.is_some() || model.said[&root].deleted {
        return;
    }
    let (state, _) = house.store.follow((model.room, root), by.id, following).await.unwrap();
    assert_eq!(state.following, following);
    let follows = &mut model.standings.get_mut(&by.id).unwrap().follows;
    let before = follows.get(&root).copied();
    if before.is_none_or(|(before, _)| before != following) {
        follows.insert(root, (following, state.head));
    }
}

async fn mark_thread(house: &House, model: &mut Model, dice: &mut Dice, by: &User, seq: Seq) {
    let roots: Vec<Seq> = model.standings[&by.id].follows.keys().copied().collect();
    let Some(root) = roots.get(dice.below(roots.len().max(1))).copied() else { return };
    let mark = [MarkAs::Read, MarkAs::Unread][dice.below(2)];
    // Of a thread whose root was deleted before anybody replied, nothing is left.
    if house.store.mark_thread((model.room, root), by.id, seq, mark).await.is_err() {
        assert!(model.said[&root].deleted);
        return;
    }
    let (following, read) = model.standings.get_mut(&by.id).unwrap().follows.get_mut(&root).unwrap();
    if *following {
        *read = if mark == MarkAs::Read { seq.max(*read) } else { Seq(seq.0 - 1) };
    }
}

async fn beginning() -> (House, Model) {
    let house = House::new();
    let mut people = Vec::new();
    for name in ["Ada", "Bea", "Eve"] {
        people.push(house.person(name).await);
    }
    let room = house.room(&people[0], "tea").await.room.id;
    let mut standings = BTreeMap::new();
    for user in &people {
        let state = house.store.join_room(room, user.clone(), at(0)).await.unwrap();
        standings.insert(user.id, Standing { read: state.read, level: NotifyLevel::All, follows: BTreeMap::new() });
    }
    (
        house,
        Model {
            room,
            people,
            said: BTreeMap::new(),
            standings,
            reactions: BTreeSet::new(),
            pins: BTreeSet::new(),
            cards: BTreeMap::new(),
            unwanted: BTreeSet::new(),
        },
    )
}

/// The seed of a failure, to be played again alone.
fn seeds(count: u64) -> Vec<u64> {
    match std::env::var("PARLOUR_SEED") {
        Ok(seed) => vec![seed.parse().unwrap()],
        Err(_) => (0..count).collect(),
    }
}

#[tokio::test]
async fn unr_1_unr_2_the_number_is_that_of_the_list_and_the_list_is_what_the_rules_say_after_each_step() {
    for seed in seeds(24) {
        let (house, mut model) = beginning().await;
        let mut dice = Dice(seed);
        for number in 0..90 {
            step(&house, &mut model, &mut dice).await;
            for user in &model.people {
                let expected = model.unread(user.id);
                let counted = house.store.count(model.room, user.id).await.unwrap();
                let list = house.store.unread(model.room, user.id).await.unwrap();
                let listed: Vec<Seq> = list.events.iter().map(|event| event.seq).collect();
                let place = format!("seed {seed}, step {number}, {}", user.name);
                assert_eq!(listed, expected, "{place}");
                assert_eq!(counted.unread as usize, listed.len(), "{place}");
                assert_eq!(counted.mentions as usize, model.mentions(user.id), "{place}");
                let in_rooms = house.store.rooms_of(user.id).await.unwrap();
                let state = in_rooms.iter().find(|state| state.room.id == model.room).unwrap();
                assert_eq!((state.unread, state.mentions), (counted.unread, counted.mentions), "{place}");
            }
        }
        // What is unread in threads is part of it, and each followed thread is reachable from the list of them.
        for user in &model.people {
            let threads = house.store.threads(user.id, None).await.unwrap();
            let in_threads: u32 = threads.threads.iter().map(|thread| thread.state.unread).sum();
            let unread = model.unread(user.id);
            let expected = unread.iter().filter(|seq| {
                let said = &model.said[*seq];
                said.thread.is_some() && !said.also_in_room
            });
            assert_eq!(in_threads as usize, expected.count(), "seed {seed}, {}", user.name);
        }
    }
}

/// The log from a place on, applied to what was there before, is what is there now: whoever holds a room as it was at any cursor, and is
/// told the rest, has what a page read now says.
#[tokio::test]
async fn log_1_talk_8_the_log_from_any_cursor_gives_the_state_that_the_tables_hold() {
    for seed in seeds(12) {
        let (house, mut model) = beginning().await;
        let mut dice = Dice(seed.wrapping_add(1_000));
        let asker = model.people[0].id;
        let mut snapshots = Vec::new();
        for number in 0..80 {
            if number % 16 == 0 {
                snapshots.push(house.store.page(model.room, asker, PageOf::Newest, 10_000).await.unwrap());
            }
            step(&house, &mut model, &mut dice).await;
        }
        let now = house.store.page(model.room, asker, PageOf::Newest, 10_000).await.unwrap();
        let live: Vec<_> = house.committed.lock().unwrap().iter().flat_map(|commit| commit.events.clone()).collect();
        for snapshot in &snapshots {
            let mut held = Held::of(snapshot);
            for event in live.iter().filter(|event| event.room == model.room && event.seq > snapshot.head) {
                held.apply(event.seq, event.by.id, &event.change);
            }
            let place = format!("seed {seed}, from {}", snapshot.head);
            assert_eq!(held, Held::of(&now), "{place}, as it was told");
            // The same from the store, which serves each message as it is by now: applying it twice changes nothing.
            let mut held = Held::of(snapshot);
            let tail = house.store.tail(model.room, snapshot.head, 10_000).await.unwrap();
            for event in &tail.events {
                held.apply(event.seq, event.by.id, &event.change);
            }
            assert_eq!(held, Held::of(&now), "{place}, as it is read");
        }
        let expected: BTreeMap<Seq, String> = model.said.iter().map(|(seq, said)| (*seq, said.text.clone())).collect();
        let held = Held::of(&now);
        assert_eq!(held.texts, expected, "seed {seed}");
        assert_eq!((held.reactions, held.pins), (model.reactions, model.pins), "seed {seed}");
        let shown = |cards: &Vec<Card>| cards.iter().map(|card| card.to.clone()).collect();
        let cards: BTreeMap<Seq, Vec<String>> = held.cards.iter().map(|(seq, cards)| (*seq, shown(cards))).collect();
        assert_eq!(cards, model.cards, "seed {seed}");
    }
}

/// A room as a client holds it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Held {
    texts: BTreeMap<Seq, String>,
    deleted: BTreeSet<Seq>,
    reactions: BTreeSet<(Seq, String, UserId)>,
    pins: BTreeSet<Seq>,
    cards: BTreeMap<Seq, Vec<Card>>,
}

impl Held {
    fn of(page: &parlour_protocol::http::HistoryPage) -> Held {
        let mut held = Held::default();
        for event in &page.events {
            if let Change::Message { text, deleted, .. } = &event.change {
                held.texts.insert(event.seq, text.clone());
                held.deleted.extend(deleted.as_ref().map(|_| event.seq));
            }
        }
        for state in &page.states {
            for reaction in &state.reactions {
                held.reactions.extend(reaction.who.iter().map(|who| (state.seq, reaction.emoji.clone(), who.id)));
            }
            held.pins.extend(state.pinned.then_some(state.seq));
            if !state.cards.is_empty() {
                held.cards.insert(state.seq, state.cards.clone());
            }
        }
        held
    }

    fn apply(&mut self, seq: Seq, by: UserId, change: &Change) {
        match change {
            Change::Message { text, deleted, .. } => {
                self.texts.insert(seq, text.clone());
                self.deleted.extend(deleted.as_ref().map(|_| seq));
            }
            Change::Edited { target, text: Some(text), .. } if !self.deleted.contains(target) => {
                self.texts.insert(*target, text.clone());
            }
            Change::Deleted { target } => {
                self.texts.insert(*target, String::new());
                self.deleted.insert(*target);
                self.reactions.retain(|(message, ..)| message != target);
                self.pins.remove(target);
                self.cards.remove(target);
            }
            Change::Carded { target, cards: Some(cards) } if !self.deleted.contains(target) => {
                self.cards.insert(*target, cards.clone());
                self.cards.retain(|_, cards| !cards.is_empty());
            }
            Change::Reacted { target, emoji } if !self.deleted.contains(target) => {
                self.reactions.insert((*target, emoji.clone(), by));
            }
            Change::Unreacted { target, emoji } => drop(self.reactions.remove(&(*target, emoji.clone(), by))),
            Change::Pinned { target } if !self.deleted.contains(target) => drop(self.pins.insert(*target)),
            Change::Unpinned { target } => drop(self.pins.remove(target)),
            _ => {}
        }
    }
}
