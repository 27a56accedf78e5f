//! Seeded histories of rooms and people, in which what is found is held to looking through all that one may read (SRCH-1).

use std::collections::HashSet;

use parlour_domain::search::{fold, words_of};
use parlour_protocol::push::Answers;
use parlour_protocol::{Change, Event, History, RoomId, Seq, User};
use parlour_store::PageOf;

use crate::searching::{query, rewrite};
use crate::{House, at, message, new_room};

/// A small source of numbers that a seed gives again.
struct Dice(u64);

impl Dice {
    fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % end as u64) as usize
    }

    fn pick<'a>(&mut self, from: &[&'a str]) -> &'a str {
        from[self.below(from.len())]
    }
}

const WORDS: [&str; 16] = [
    "relay",
    "relays",
    "the",
    "table",
    "café",
    "cafe",
    "会議",
    "会議室",
    "ok",
    "v2",
    "**bold**",
    "`code`",
    "https://a.example/x",
    "re",
    "שלום",
    "Straße",
];
const ASKED: [&str; 24] = [
    "relay",
    "elay",
    "the",
    "tab",
    "CAFE",
    "会",
    "議室",
    "ok",
    "o",
    "v2",
    "bold",
    "code",
    "a.example",
    "re",
    "שלום",
    "strasse",
    "has:link",
    "has:code",
    "from:Ada",
    "from:Bob",
    "in:tea",
    "in:cellar",
    "is:reply",
    "is:edited",
];

/// What the asker may read, looked at one by one.
async fn looked_through(house: &House, by: &User, rooms: &[(RoomId, &str)], typed: &str) -> HashSet<(RoomId, Seq)> {
    let query = query(typed);
    let has = |word: &str, minus: bool| {
        typed.split(' ').any(|part| part == if minus { format!("-{word}") } else { word.to_owned() })
    };
    let mut found = HashSet::new();
    for (room, name) in rooms {
        let Ok(page) = house.store.page(*room, by.id, PageOf::After(Seq::ZERO), 10_000).await else { continue };
        for Event { seq, by, change, .. } in page.events {
            let Change::Message { text, tree, answers, edited, deleted: None, .. } = change else { continue };
            let (link, code) = (text.contains("https:"), text.contains('`'));
            let (reply, edited) = (answers.is_some(), edited.is_some());
            let suits = |word: &str, holds: bool| (!has(word, false) || holds) && (!has(word, true) || !holds);
            let (ada, bob, tea, cellar) = (by.name == "Ada", by.name == "Bob", *name == "tea", *name == "cellar");
            let people = !(has("from:Ada", false) || has("from:Bob", false))
                || (has("from:Ada", false) && ada)
                || (has("from:Bob", false) && bob);
            let places = !(has("in:tea", false) || has("in:cellar", false))
                || (has("in:tea", false) && tea)
                || (has("in:cellar", false) && cellar);
            let not = !(has("from:Ada", true) && ada || has("from:Bob", true) && bob || has("in:tea", true) && tea)
                && !(has("in:cellar", true) && cellar);
            let all = people && places && not && suits("has:link", link) && suits("has:code", code);
            let all = all && suits("is:reply", reply) && suits("is:edited", edited);
            if all && query.suits(&fold(&words_of(&text, tree.as_ref(), &[]))) {
                found.insert((*room, seq));
            }
        }
    }
    found
}

#[tokio::test]
async fn srch_1_what_is_found_is_what_looking_through_all_that_one_may_read_finds() {
    for seed in 1..=4u64 {
        println!("seed {seed}");
        let mut dice = Dice(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15));
        let house = House::new();
        let people = [house.person("Ada").await, house.person("Bob").await, house.person("Cyd").await];
        let mut rooms = vec![(RoomId::LOBBY, "lobby")];
        for (name, closed) in [("tea", false), ("cellar", true), ("attic", true)] {
            let mut new = new_room(name, closed);
            new.history = if dice.below(2) == 0 { History::All } else { History::SinceJoining };
            rooms.push((house.store.create_room(people[0].clone(), new, at(0)).await.unwrap().room.id, name));
        }
        for step in 0..160i64 {
            let (room, _) = rooms[dice.below(rooms.len())];
            let who = &people[dice.below(3)];
            match dice.below(12) {
                // Refusals are as good: not everyone may do everything everywhere.
                0 => drop(house.store.add_member(room, people[0].clone(), who.id, at(step)).await),
                1 if who.id != people[0].id => {
                    drop(house.store.remove_member(room, people[0].clone(), who.id, at(step)).await);
                }
                _ => {
                    let text: Vec<&str> = (0..1 + dice.below(4)).map(|_| dice.pick(&WORDS)).collect();
                    let mut said = message(who, room, &text.join(" "));
                    said.now = at(step);
                    let earlier = Seq(1 + dice.below(1 + step as usize / 4) as u64);
                    match dice.below(8) {
                        0 => drop(house.store.delete(room, earlier, who.clone(), at(step)).await),
                        1 | 2 => {
                            drop(house.store.edit(who.clone(), rewrite(room, earlier, &said.text), at(step)).await)
                        }
                        3 => {
                            said.answers = Some(Answers { quote: Some(earlier), ..Answers::default() });
                            drop(house.store.append(said).await);
                        }
                        _ => drop(house.store.append(said).await),
                    }
                }
            }
            if step % 4 != 3 {
                continue;
            }
            let parts: Vec<String> = (0..1 + dice.below(3))
                .map(|_| format!("{}{}", if dice.below(5) == 0 { "-" } else { "" }, dice.pick(&ASKED)))
                .collect();
            let typed = parts.join(" ");
            let asker = &people[dice.below(3)];
            let hits = house.found(asker, &typed).await;
            let found: HashSet<(RoomId, Seq)> = hits.iter().map(|hit| (hit.room, hit.seq)).collect();
            assert_eq!(found.len(), hits.len(), "seed {seed}, step {step}: one was found twice by {typed}");
            let wanted = looked_through(&house, asker, &rooms, &typed).await;
            assert_eq!(found, wanted, "seed {seed}, step {step}: {} asks {typed}", asker.name);
        }
    }
}
