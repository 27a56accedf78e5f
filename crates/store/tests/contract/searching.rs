//! What is found: all that answers and that the asker may read, and nothing else (SRCH, S34, S35, S44).

use parlour_domain::search::{Query, Zone};
use parlour_protocol::push::Answers;
use parlour_protocol::search::{Hit, SearchOrder, SearchPage, SearchPlace};
use parlour_protocol::{ErrorCode, History, RoomId, Seq, User, limits};
use parlour_store::{Rewrite, SearchFor};

use crate::{House, at, message, new_room};

pub(crate) fn query(typed: &str) -> Query {
    Query::parse(typed, Zone::default()).unwrap()
}

impl House {
    async fn page(&self, by: &User, typed: &str, room: Option<RoomId>, before: Option<SearchPlace>) -> SearchPage {
        let ask = SearchFor { asker: by.id, query: query(typed), room, order: SearchOrder::Newest, before };
        let page = self.store.search(ask).await.unwrap();
        assert!(!page.behind, "what was said before is there");
        page
    }

    /// Every page, one after the other.
    pub(crate) async fn found(&self, by: &User, typed: &str) -> Vec<Hit> {
        let (mut hits, mut before) = (Vec::new(), None);
        loop {
            let page = self.page(by, typed, None, before).await;
            hits.extend(page.hits);
            before = page.next;
            if before.is_none() {
                return hits;
            }
        }
    }

    /// Says something at a time of its own.
    async fn says_at(&self, by: &User, room: RoomId, text: &str, ms: i64) -> Seq {
        let mut said = message(by, room, text);
        said.now = at(ms);
        self.store.append(said).await.unwrap().event.seq
    }
}

fn words(hits: &[Hit]) -> Vec<String> {
    hits.iter().map(|hit| hit.words.iter().map(|piece| piece.text.as_str()).collect()).collect()
}

/// What was said, in six scripts and in code.
const SAID: [&str; 34] = [
    "The relay reloads its table every five minutes",
    "See https://example.org/relay/notes?page=2#top for the notes",
    "Ada: can you look at the **relay** before lunch?",
    "We met at the café near the Straße, très tôt",
    "naïve façade, Ærøskøbing and Łódź",
    "An exact phrase, and a phrase that is not exact",
    "fn reload_table(&mut self) -> Result<(), Error>",
    "`cargo test -p store` passes; C++ and C# do not",
    "the the the",
    "v2.10.3 is out, v2.1 is not",
    "Ok, I'll be there at 5",
    "Встреча перенесена на пятницу, всё готово",
    "Мой ёж и твой еж",
    "Η συνάντηση του ΣΊΣΥΦΟΥ είναι αύριο",
    "今日の会議は三時からです",
    "会議室を予約しました",
    "猫が好きです",
    "ﾊﾝｶｸｶﾅとひらがな",
    "我们明天开会讨论搜索",
    "搜索功能支持中文",
    "회의록을 공유했습니다",
    "내일 팀회의 있어요",
    "اجتماع الفريق غدًا الساعة الخامسة",
    "مُحَمَّد كتب التقرير",
    "הפגישה מחר בשעה שלוש, שָׁלוֹם",
    "बैठक कल सुबह दस बजे है",
    "การประชุมพรุ่งนี้เวลาสิบโมง",
    "พรุ่งนี้เจอกัน",
    "deploy failed: exit code 137 (OOM)",
    "it was ||the butler|| who did it",
    "tea ☕ or coffee? 👍🏽 :)",
    "snake_case_name and kebab-case-name",
    "soft\u{AD}hyphen and zero\u{200B}width",
    "ＦＵＬＬ ＷＩＤＴＨ text",
];

/// A query with the numbers of all that answers it.
const SUITE: [(&str, &[usize]); 66] = [
    ("relay", &[0, 1, 2]),
    ("RELAY", &[0, 1, 2]),
    ("relo", &[0, 6]),
    ("eload", &[0, 6]),
    ("reload table", &[0, 6]),
    ("https://example.org/relay/notes?page=2#top", &[1]),
    ("example.org", &[1]),
    ("page=2", &[1]),
    ("the", &[0, 1, 2, 3, 8, 10, 29]),
    ("the notes", &[1]),
    ("\"the notes\"", &[1]),
    ("\"exact phrase\"", &[5]),
    ("\"phrase exact\"", &[]),
    ("phrase exact", &[5]),
    ("cafe", &[3]),
    ("CAFÉ", &[3]),
    ("strasse", &[3]),
    ("Straße", &[3]),
    ("tres tot", &[3]),
    ("naive facade", &[4]),
    ("aeroskobing lodz", &[4]),
    ("Łódź", &[4]),
    ("&mut self", &[6]),
    ("reload_table(", &[6]),
    ("c++", &[7]),
    ("c#", &[7]),
    ("\"-p store\"", &[7]),
    ("has:code", &[7]),
    ("has:link", &[1]),
    ("v2.1", &[9]),
    ("\"v2.1 \"", &[9]),
    ("2.10.3", &[9]),
    ("ok", &[10]),
    ("I'll", &[10]),
    ("i’ll", &[10]),
    ("5", &[10]),
    ("встреча", &[11]),
    ("ВСЁ", &[11]),
    ("все", &[11]),
    ("перенес", &[11]),
    ("еж", &[12]),
    ("мой", &[12]),
    ("мои", &[]),
    ("σισυφου", &[13]),
    ("ΣΥΝΆΝΤΗΣΗ", &[13]),
    ("会議", &[14, 15]),
    ("会", &[14, 15, 18]),
    ("会議室", &[15]),
    ("猫", &[16]),
    ("ハンカク", &[17]),
    ("です", &[14, 16]),
    ("搜索", &[18, 19]),
    ("中文", &[19]),
    ("회의", &[20, 21]),
    ("회의록", &[20]),
    ("اجتماع", &[22]),
    ("محمد", &[23]),
    ("שלום", &[24]),
    ("बैठक", &[25]),
    ("พรุ่งนี้", &[26, 27]),
    ("137 -relay", &[28]),
    ("butler", &[29]),
    ("👍🏽", &[30]),
    (":)", &[30]),
    ("case_na", &[31]),
    ("softhyphen zerowidth full", &[]),
];

#[tokio::test]
async fn srch_2_a_suite_of_queries_in_many_scripts_finds_all_that_answers_and_nothing_else() {
    let house = House::new();
    let ada = house.person("Ada").await;
    let mut seqs = Vec::new();
    for (number, text) in SAID.iter().enumerate() {
        seqs.push(house.says_at(&ada, RoomId::LOBBY, text, number as i64).await);
    }
    let mut wrong = Vec::new();
    for (typed, wanted) in SUITE {
        let mut found: Vec<usize> = house
            .found(&ada, typed)
            .await
            .iter()
            .filter_map(|hit| seqs.iter().position(|seq| *seq == hit.seq))
            .collect();
        found.reverse();
        if found != wanted {
            wrong.push(format!("{typed:?}: {found:?}, not {wanted:?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[tokio::test]
async fn srch_6_a_hit_shows_its_words_marked_and_what_was_said_around_it() {
    let house = House::new();
    let (ada, bob) = (house.person("Ada").await, house.person("Bob").await);
    for text in ["one", "two *needles* here", "three"] {
        house.says(&ada, RoomId::LOBBY, text).await.unwrap();
    }
    let hits = house.found(&bob, "NEEDLE").await;
    let [hit] = hits.as_slice() else { panic!("{hits:?}") };
    let marked: Vec<(&str, bool)> = hit.words.iter().map(|piece| (piece.text.as_str(), piece.mark)).collect();
    assert_eq!(marked, [("two ", false), ("needle", true), ("s here", false)]);
    assert_eq!((hit.by.id, hit.seq, hit.at), (ada.id, Seq(2), at(0)));
    let beside = [&hit.before, &hit.after].map(|beside| beside.as_ref().map(|beside| beside.text.as_str()));
    assert_eq!(beside, [Some("one"), Some("three")]);
}

#[tokio::test]
async fn srch_7_pages_follow_each_other_without_a_hole_and_the_best_comes_first_when_asked() {
    let house = House::new();
    let ada = house.person("Ada").await;
    let tea = house.room(&ada, "tea").await.room.id;
    for number in 0..50 {
        let room = if number % 3 == 0 { tea } else { RoomId::LOBBY };
        house.says_at(&ada, room, &format!("needle {number} in a long heap of hay and straw"), number).await;
    }
    house.says_at(&ada, tea, "xneedlex", 50).await;
    let all = words(&house.found(&ada, "needle").await);
    let wanted: Vec<String> = (0..50).rev().map(|n| format!("needle {n} in a long heap of hay and straw")).collect();
    assert_eq!(all[1..], wanted[..]);
    assert_eq!(house.page(&ada, "needle", None, None).await.hits.len(), limits::SEARCH_HITS_MAX);
    let first = house.page(&ada, "needle", Some(tea), None).await;
    assert_eq!((first.hits.len(), first.next), (18, None));
    house.says_at(&ada, tea, "a needle", 51).await;
    house.says_at(&ada, tea, "xneedlex", 52).await;
    let query = query("needle");
    let ask = SearchFor { asker: ada.id, query, room: None, order: SearchOrder::Best, before: None };
    let best = house.store.search(ask).await.unwrap();
    assert_eq!((words(&best.hits)[0].as_str(), best.next), ("a needle", None));
    assert!(!words(&best.hits).contains(&"xneedlex".to_owned()));
}

#[tokio::test]
async fn srch_4_operators_narrow_by_person_room_and_day() {
    let house = House::new();
    let (ada, bob) = (house.person("Ada").await, house.account("Bobby", "hash").await);
    let tea = house.room(&ada, "tea").await.room.id;
    house.store.join_room(tea, bob.clone(), at(0)).await.unwrap();
    const DAY: i64 = 24 * 3_600_000;
    // The tests' clock begins on 2023-11-14 at 22:13 of universal time.
    for (by, room, text, ms) in [
        (&ada, RoomId::LOBBY, "needle a lobby https://a.example", 0),
        (&bob, RoomId::LOBBY, "needle b lobby", DAY),
        (&ada, tea, "needle a tea `code`", 2 * DAY),
        (&bob, tea, "needle b tea", 3 * DAY),
    ] {
        house.says_at(by, room, text, ms).await;
    }
    for (typed, wanted) in [
        ("needle from:ada", vec!["a tea", "a lobby"]),
        ("needle from:me", vec!["a tea", "a lobby"]),
        ("needle is:mine", vec!["a tea", "a lobby"]),
        ("needle from:@\"Bobby\"", vec!["b tea", "b lobby"]),
        ("needle from:bo", vec!["b tea", "b lobby"]),
        ("needle from:nobody", vec![]),
        ("needle from:ada from:bobby", vec!["b tea", "a tea", "b lobby", "a lobby"]),
        ("needle -from:ada", vec!["b tea", "b lobby"]),
        ("needle in:tea", vec!["b tea", "a tea"]),
        ("needle in:#Tea -from:me", vec!["b tea"]),
        ("needle -in:tea", vec!["b lobby", "a lobby"]),
        ("needle in:nowhere", vec![]),
        ("needle before:2023-11-15", vec!["a lobby"]),
        ("needle after:2023-11-15", vec!["b tea", "a tea"]),
        ("needle on:2023-11-15", vec!["b lobby"]),
        ("needle after:2023-11-14 before:2023-11-17", vec!["a tea", "b lobby"]),
        ("needle -before:2023-11-16", vec!["b tea", "a tea"]),
        ("needle on:2023-11 on:2023", vec!["b tea", "a tea", "b lobby", "a lobby"]),
        ("needle before:2023", vec![]),
        ("has:link", vec!["a lobby"]),
        ("has:code from:ada", vec!["a tea"]),
        ("needle -has:link -has:code", vec!["b tea", "b lobby"]),
        ("from:bobby in:tea after:2023-11-16", vec!["b tea"]),
        ("-needle from:ada", vec![]),
        ("-lobby", vec!["b tea", "a tea"]),
    ] {
        let found = words(&house.found(&ada, typed).await);
        let short: Vec<&str> =
            found.iter().map(|text| &text[7..text[9..].find(' ').map_or(text.len(), |at| at + 9)]).collect();
        assert_eq!(short, wanted, "{typed}");
    }
}

#[tokio::test]
async fn s34_and_s35_what_one_may_not_read_is_neither_found_nor_shown_around_what_is() {
    let house = House::new();
    let (ada, bob) = (house.person("Ada").await, house.person("Bob").await);
    let cellar = house.store.create_room(ada.clone(), new_room("cellar", true), at(0)).await.unwrap().room.id;
    let direct = house.store.open_direct(ada.clone(), vec![house.person("Cyd").await.id], at(0)).await.unwrap().state;
    for room in [cellar, direct.room.id] {
        house.says(&ada, room, "canary in the dark").await.unwrap();
    }
    let nothing = house.page(&bob, "nosuchword", None, None).await;
    for typed in ["canary", "dark", "in:cellar", "from:ada", "canary in:cellar", "from:ada -x", "c", "the"] {
        assert_eq!(house.page(&bob, typed, None, None).await, nothing, "{typed}");
    }
    for room in [cellar, direct.room.id, RoomId(987_654)] {
        let ask = SearchFor {
            asker: bob.id,
            query: query("canary"),
            room: Some(room),
            order: SearchOrder::Newest,
            before: None,
        };
        assert_eq!(crate::refused(house.store.search(ask).await), ErrorCode::NotFound);
    }
    // A place in a room of others, claimed as where to go on, tells nothing of when it was said.
    house.says(&bob, RoomId::LOBBY, "own words").await.unwrap();
    let claimed = SearchPlace { room: cellar, seq: Seq(2) };
    let page = house.page(&bob, "own", None, Some(claimed)).await;
    let nowhere = house.page(&bob, "own", None, Some(SearchPlace { room: RoomId(987_654), seq: Seq(2) })).await;
    assert_eq!(page, nowhere);
    // Who is added reads everything, who is removed nothing any more.
    house.store.add_member(cellar, ada.clone(), bob.id, at(1)).await.unwrap();
    assert_eq!(house.found(&bob, "canary").await.len(), 1);
    house.store.remove_member(cellar, ada.clone(), bob.id, at(2)).await.unwrap();
    assert_eq!(house.page(&bob, "canary", None, None).await, nothing);
}

#[tokio::test]
async fn s44_a_newcomer_finds_nothing_from_before_nor_sees_it_beside_what_they_find() {
    let house = House::new();
    let (ada, bob) = (house.person("Ada").await, house.person("Bob").await);
    let mut new = new_room("cellar", true);
    new.history = History::SinceJoining;
    let cellar = house.store.create_room(ada.clone(), new, at(0)).await.unwrap().room.id;
    house.says(&ada, cellar, "canary before").await.unwrap();
    house.store.add_member(cellar, ada.clone(), bob.id, at(1)).await.unwrap();
    house.says(&ada, cellar, "after").await.unwrap();
    assert!(house.found(&bob, "canary").await.is_empty());
    assert_eq!(house.found(&ada, "canary").await.len(), 1);
    let hits = house.found(&bob, "after").await;
    assert_eq!((hits.len(), hits[0].before.clone(), hits[0].after.clone()), (1, None, None));
}

pub(crate) fn rewrite(room: RoomId, seq: Seq, text: &str) -> Rewrite {
    Rewrite { room, seq, text: text.to_owned(), here: std::sync::Arc::default() }
}

#[tokio::test]
async fn srch_1_an_edited_message_is_found_by_its_present_words_and_s105_of_a_deleted_one_nothing_is_left() {
    let house = House::new();
    let ada = house.person("Ada").await;
    for text in ["first zebrafish", "second quagga", "third okapi"] {
        house.says(&ada, RoomId::LOBBY, text).await.unwrap();
    }
    assert_eq!(house.found(&ada, "zebrafish").await.len(), 1);
    house.store.edit(ada.clone(), rewrite(RoomId::LOBBY, Seq(1), "first axolotl `x`"), at(1)).await.unwrap();
    assert!(house.found(&ada, "zebrafish").await.is_empty());
    let hits = house.found(&ada, "axolotl has:code is:edited").await;
    assert_eq!((hits.len(), hits[0].seq), (1, Seq(1)), "in the place where it was said");
    assert_eq!(house.found(&ada, "-is:edited").await.len(), 2);
    house.store.delete(RoomId::LOBBY, Seq(1), ada.clone(), at(2)).await.unwrap();
    house.store.delete(RoomId::LOBBY, Seq(2), ada.clone(), at(3)).await.unwrap();
    for typed in ["zebrafish", "axolotl", "quagga", "is:edited"] {
        assert!(house.found(&ada, typed).await.is_empty(), "{typed}");
    }
    let hits = house.found(&ada, "okapi").await;
    assert_eq!((hits.len(), &hits[0].before), (1, &None), "nor is it shown beside another");
    // The index holds runs of a text and the text: both are gone from its bytes, the log's and the WAL's of it.
    house.store.close();
    for name in ["search.db", "search.db-wal"] {
        let Ok(bytes) = std::fs::read(house.folder.path().join(name)) else { continue };
        for gone in ["zebraf", "axolot", "quagga", "qua", "xol"] {
            let found = bytes.windows(gone.len()).any(|window| window == gone.as_bytes());
            assert!(!found, "{gone} is in {name}");
        }
        assert!(name != "search.db" || bytes.windows(5).any(|window| window == b"okapi"));
    }
}

#[tokio::test]
async fn srch_4_replies_threads_pins_and_what_was_saved_are_found_as_such() {
    let house = House::new();
    let (ada, bob) = (house.person("Ada").await, house.person("Bob").await);
    house.database().execute("update user set role = 'owner' where id = ?1", [ada.id.0]).unwrap();
    for text in ["needle root", "needle plain", "hay"] {
        house.says(&ada, RoomId::LOBBY, text).await.unwrap();
    }
    let reply = async |text: &str, answers: Answers| {
        let mut said = message(&bob, RoomId::LOBBY, text);
        said.answers = Some(answers);
        house.store.append(said).await.unwrap().event.seq
    };
    reply("needle quoting", Answers { quote: Some(Seq(3)), ..Answers::default() }).await;
    let in_thread = reply("needle within", Answers { thread: Some(Seq(1)), ..Answers::default() }).await;
    let also = Answers { thread: Some(Seq(1)), also_in_room: true, ..Answers::default() };
    reply("needle both", also).await;
    house.store.pin(RoomId::LOBBY, Seq(2), ada.clone(), true, at(1)).await.unwrap();
    house.store.save(RoomId::LOBBY, Seq(3), bob.id, true, at(1)).await.unwrap();
    house.store.save(RoomId::LOBBY, Seq(1), bob.id, true, at(1)).await.unwrap();
    for (typed, wanted) in [
        ("needle is:reply", vec!["needle both", "needle within", "needle quoting"]),
        ("needle is:thread", vec!["needle both", "needle within", "needle root"]),
        ("needle -is:reply -is:thread", vec!["needle plain"]),
        ("is:pinned", vec!["needle plain"]),
        ("is:saved", vec!["hay", "needle root"]),
        ("needle is:saved", vec!["needle root"]),
        ("needle -is:saved -is:reply", vec!["needle plain"]),
        ("is:saved is:pinned", vec![]),
    ] {
        assert_eq!(words(&house.found(&bob, typed).await), wanted, "{typed}");
    }
    assert!(house.found(&ada, "is:saved").await.is_empty(), "what somebody saved is theirs alone");
    let hits = house.found(&bob, "within").await;
    let beside = [&hits[0].before, &hits[0].after].map(|beside| beside.as_ref().map(|beside| beside.text.as_str()));
    assert_eq!((hits[0].thread, beside), (Some(Seq(1)), [None, Some("needle both")]), "{in_thread:?} among its thread");
}

#[tokio::test]
async fn srch_8_an_index_that_is_gone_damaged_older_or_of_another_life_is_made_again() {
    let house = House::new();
    let ada = house.person("Ada").await;
    for number in 0..2_500 {
        let said = message(&ada, RoomId::LOBBY, &format!("needle {number}"));
        drop(house.store.append(said));
    }
    house.says(&ada, RoomId::LOBBY, "last needle").await.unwrap();
    // What is still being taken in is said, and found a little later.
    let complete = async |house: &House| loop {
        let ask = SearchFor {
            asker: ada.id,
            query: query("\"needle 0\" needle"),
            room: None,
            order: SearchOrder::Newest,
            before: None,
        };
        match house.store.search(ask).await {
            Ok(page) if !page.behind => break page.hits.len(),
            Ok(_) | Err(parlour_store::StoreError::Busy) => {}
            Err(error) => panic!("{error}"),
        }
    };
    assert_eq!(complete(&house).await, 1);
    let index = house.folder.path().join("search.db");
    let mode = std::os::unix::fs::PermissionsExt::mode(&std::fs::metadata(&index).unwrap().permissions());
    assert_eq!(mode & 0o777, 0o600);
    house.store.close();
    let older = house.folder.path().join("older.db");
    std::fs::copy(&index, &older).unwrap();
    let house = house.reopened();
    assert_eq!(house.says(&ada, RoomId::LOBBY, "later needle").await.unwrap().seq, Seq(2_502));
    let count = house.found(&ada, "needle").await.len();
    assert_eq!(count, 2_502);
    house.store.close();
    let mut house = house;
    for what in ["gone", "damaged", "older", "another life"] {
        for name in ["search.db-wal", "search.db-shm"] {
            let _ = std::fs::remove_file(house.folder.path().join(name));
        }
        match what {
            "gone" => std::fs::remove_file(&index).unwrap(),
            "damaged" => std::fs::write(&index, "no database at all, but long enough for one".repeat(99)).unwrap(),
            "older" => drop(std::fs::copy(&older, &index).unwrap()),
            _ => drop(house.database().execute("update meta set life = life + 1", []).unwrap()),
        }
        house = house.reopened();
        assert_eq!(complete(&house).await, 1, "{what}");
        assert_eq!(house.found(&ada, "needle").await.len(), 2_502, "{what}");
        house.store.close();
    }
}

/// Which of these stand in the index or in its WAL, as they are on the disk now.
fn on_the_disk(house: &House, runs: &[&str]) -> Vec<String> {
    let read = |name: &str| std::fs::read(house.folder.path().join(name)).unwrap_or_default();
    let bytes = [read("search.db"), read("search.db-wal")].concat();
    let stands = |run: &&&str| bytes.windows(run.len()).any(|window| window == run.as_bytes());
    runs.iter().filter(stands).map(|run| (*run).to_owned()).collect()
}

#[tokio::test]
async fn s105_of_a_deleted_message_no_run_is_left_in_the_index_of_a_house_that_goes_on_nor_in_its_wal() {
    let house = House::new();
    let ada = house.person("Ada").await;
    for number in 0..400 {
        drop(house.store.append(message(&ada, RoomId::LOBBY, &format!("so many {number} others were said"))));
    }
    let (word, runs) = ("qzxjvkw", ["qzx", "zxj", "xjv", "jvk", "vkw"]);
    let secret = house.says(&ada, RoomId::LOBBY, word).await.unwrap().seq;
    assert_eq!(house.found(&ada, word).await.len(), 1);
    assert_eq!(
        on_the_disk(&house, &runs),
        runs,
        "the index is no plain file of its runs any more: look for them otherwise"
    );
    house.store.delete(RoomId::LOBBY, secret, ada.clone(), at(1)).await.unwrap();
    // Answered once the deletion is in the index.
    assert!(house.found(&ada, word).await.is_empty());
    assert_eq!(on_the_disk(&house, &runs), [""; 0]);
    let wal = std::fs::metadata(house.folder.path().join("search.db-wal")).map_or(0, |file| file.len());
    assert_eq!(wal, 0, "older pages are kept in the WAL");
    // Nor of words that an edit put others in the place of.
    let edited = house.says(&ada, RoomId::LOBBY, word).await.unwrap().seq;
    assert_eq!(house.found(&ada, word).await.len(), 1);
    house.store.edit(ada.clone(), rewrite(RoomId::LOBBY, edited, "nothing to see"), at(2)).await.unwrap();
    assert!(house.found(&ada, word).await.is_empty());
    assert_eq!(on_the_disk(&house, &runs), [""; 0]);
}

#[tokio::test]
async fn srch_8_an_index_that_was_put_there_from_another_house_tells_nothing_and_is_made_anew() {
    let (theirs, ours) = (House::new(), House::new());
    let (bob, ada) = (theirs.person("Bob").await, ours.person("Ada").await);
    for house in [(&theirs, &bob, "qzxjvkw"), (&ours, &ada, "our own words")] {
        house.0.says(house.1, RoomId::LOBBY, house.2).await.unwrap();
    }
    assert_eq!(theirs.found(&bob, "qzxjvkw").await.len(), 1);
    assert_eq!(ours.found(&ada, "own").await.len(), 1);
    theirs.store.close();
    ours.store.close();
    for name in ["search.db", "search.db-wal", "search.db-shm"] {
        let (from, to) = (theirs.folder.path().join(name), ours.folder.path().join(name));
        let _ = std::fs::remove_file(&to);
        if from.exists() {
            std::fs::copy(from, to).unwrap();
        }
    }
    assert_eq!(on_the_disk(&ours, &["qzxjvkw"]).len(), 1, "it is theirs");
    let ours = ours.reopened();
    let asked = || async {
        loop {
            // Until there is an index it is busy.
            let ask =
                SearchFor { asker: ada.id, query: query("own"), room: None, order: SearchOrder::Newest, before: None };
            match ours.store.search(ask).await {
                Ok(page) if !page.behind => break page.hits.len(),
                Ok(_) | Err(parlour_store::StoreError::Busy) => {}
                Err(error) => panic!("{error}"),
            }
        }
    };
    assert_eq!(asked().await, 1);
    assert!(ours.found(&ada, "qzxjvkw").await.is_empty());
    assert_eq!(on_the_disk(&ours, &["qzxjvkw"]), [""; 0]);
}
