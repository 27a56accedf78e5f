//! What a search takes over a million messages, and beside plain FTS5 with its default tokenizer. `search-costs FOLDER [MESSAGES]
//! [PAGE]` works in new folders inside the one given, which it removes, and prints a table, or writes it into a page.

mod house;
mod plain;
mod talk;

use std::fmt::Write as _;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result};
use house::House;
use parlour_protocol::search::SearchOrder;
use plain::Plain;
use talk::{Dice, Talk};

const MESSAGES: usize = 1_000_000;
/// Rooms; the reader is in all but the last.
const ROOMS: usize = 50;
/// Questions of each kind, each asked once.
const QUESTIONS: usize = 40;

/// Makes the questions of a kind: by a source of numbers.
type Kind = (&'static str, fn(&Talk, &mut Dice) -> String);

/// Asked for the best first as well as the newest: of it there is most to weigh.
const BEST: Kind = ("the same, the best first", |talk, dice| talk.word(dice.below(50)).to_owned());

const KINDS: [Kind; 11] = [
    ("a common word", |talk, dice| talk.word(dice.below(50)).to_owned()),
    BEST,
    ("a word now and then", |talk, dice| talk.word(500 + dice.below(2_000)).to_owned()),
    ("a rare word", |talk, dice| talk.word(15_000 + dice.below(5_000)).to_owned()),
    ("a part of a word", |talk, dice| talk.word(2_000 + dice.below(18_000))[1..].to_owned()),
    ("two common words", |talk, dice| format!("{} {}", talk.word(dice.below(60)), talk.word(60 + dice.below(400)))),
    ("two rare words", |talk, dice| {
        format!("{} {}", talk.word(5_000 + dice.below(9_000)), talk.word(5_000 + dice.below(9_000)))
    }),
    ("a phrase", |talk, dice| format!("\"{} {}\"", talk.word(dice.below(300)), talk.word(dice.below(300)))),
    ("two signs of Chinese", |_, dice| {
        let signs: Vec<char> = "日今会議時電話車東京検索機能".chars().collect();
        [signs[dice.below(signs.len())], signs[dice.below(signs.len())]].iter().collect()
    }),
    ("an address", |talk, dice| {
        let number = 1 + 25 * dice.below(39_000);
        format!("https://{}.example/{}/{number}", talk.word(number % 500), talk.word(number % 777))
    }),
    ("a word that nobody said", |_, dice| format!("qx{}qx", dice.below(1_000_000))),
];

struct Row {
    kind: &'static str,
    ours_ms: Vec<f64>,
    plain_ms: Vec<f64>,
    answered: usize,
    plain_answered: usize,
}

#[tokio::main]
async fn main() -> Result<()> {
    let mut arguments = std::env::args().skip(1);
    let folder = arguments.next().map(PathBuf::from).context("usage: search-costs FOLDER [MESSAGES] [PAGE]")?;
    let messages = arguments.next().map_or(Ok(MESSAGES), |number| number.parse()).context("MESSAGES is a number")?;
    std::fs::create_dir_all(&folder)?;
    let talk = Talk::new();
    let (house, said, behind) = House::filled(&folder, &talk, ROOMS, messages).await?;
    eprintln!("said in {said:.1?}, found {behind:.1?} later");
    let (plain, plain_took) = Plain::filled(house.folder.path(), &talk, ROOMS, messages)?;
    eprintln!("plain FTS5 filled in {plain_took:.1?}");
    let mut rows = Vec::new();
    for (kind, make) in KINDS {
        rows.push(
            measure(kind, (0..QUESTIONS).scan(Dice::new(99), |dice, _| Some(make(&talk, dice))), &house, &plain)
                .await?,
        );
    }
    let mut page = head(&house, messages, [said, behind, plain_took])?;
    table(&mut page, &mut rows)?;
    house.store.close();
    match arguments.next() {
        Some(path) => std::fs::write(path, page)?,
        None => print!("{page}"),
    }
    Ok(())
}

async fn measure(
    kind: &'static str,
    questions: impl Iterator<Item = String>,
    house: &House,
    plain: &Plain,
) -> Result<Row> {
    let mut row = Row { kind, ours_ms: Vec::new(), plain_ms: Vec::new(), answered: 0, plain_answered: 0 };
    for question in questions {
        let began = Instant::now();
        let order = if kind == BEST.0 { SearchOrder::Best } else { SearchOrder::Newest };
        let page = house.search(&question, order).await?;
        row.ours_ms.push(began.elapsed().as_secs_f64() * 1e3);
        row.answered += usize::from(!page.hits.is_empty());
        let began = Instant::now();
        let found = plain.search(&question, ROOMS)?;
        row.plain_ms.push(began.elapsed().as_secs_f64() * 1e3);
        row.plain_answered += usize::from(found > 0);
    }
    Ok(row)
}

fn head(house: &House, messages: usize, [said, behind, plain]: [Duration; 3]) -> Result<String> {
    let mb = |name: &str| house.bytes(name) as f64 / 1e6;
    let mut page = String::from(
        "# What a search takes\n\nMade by `cargo run --release -p parlour-search-costs -- FOLDER 1000000 docs/SEARCH.md` (bench/search). Do not edit.\n\n",
    );
    writeln!(
        page,
        "{messages} messages in {ROOMS} rooms, of which the reader is in {}: {:.0} MB of log, {:.0} MB of index. They were said in {:.0} s, and all\n\
         were found {:.0} s after the last. Plain FTS5 is one table of SQLite's with its default tokenizer (`unicode61`), filled in {:.0} s, with a\n\
         filter by room behind it: {:.0} MB with the texts. {QUESTIONS} questions of each kind, each asked once: the newest twenty, or the best twenty of\n\
         the newest 2,000, with their words and what stands around them (plain: their texts); on {} processors.\n",
        ROOMS - 1,
        mb("parlour.db"),
        mb("search.db"),
        said.as_secs_f64(),
        behind.as_secs_f64(),
        plain.as_secs_f64(),
        mb("plain.db"),
        std::thread::available_parallelism().map_or(0, usize::from),
    )?;
    Ok(page)
}

fn table(page: &mut String, rows: &mut [Row]) -> Result<()> {
    page.push_str(
        "| looking for | p50 ms | p95 ms | most ms | with an answer | plain: p50 ms | p95 ms | with an answer |\n\
         | --- | --- | --- | --- | --- | --- | --- | --- |\n",
    );
    let mut all = (Vec::new(), Vec::new());
    for row in rows {
        all.0.extend_from_slice(&row.ours_ms);
        all.1.extend_from_slice(&row.plain_ms);
        writeln!(
            page,
            "| {} | {:.1} | {:.1} | {:.1} | {} of {QUESTIONS} | {:.1} | {:.1} | {} of {QUESTIONS} |",
            row.kind,
            percentile(&mut row.ours_ms, 0.5),
            percentile(&mut row.ours_ms, 0.95),
            percentile(&mut row.ours_ms, 1.0),
            row.answered,
            percentile(&mut row.plain_ms, 0.5),
            percentile(&mut row.plain_ms, 0.95),
            row.plain_answered
        )?;
    }
    writeln!(
        page,
        "| **all of them** | {:.1} | **{:.1}** | {:.1} | | {:.1} | **{:.1}** | |",
        percentile(&mut all.0, 0.5),
        percentile(&mut all.0, 0.95),
        percentile(&mut all.0, 1.0),
        percentile(&mut all.1, 0.5),
        percentile(&mut all.1, 0.95),
    )?;
    Ok(())
}

/// The value below which this part of the values is. Sorts them.
fn percentile(values: &mut [f64], part: f64) -> f64 {
    values.sort_by(f64::total_cmp);
    let at = (values.len() as f64 * part) as usize;
    values.get(at.min(values.len().saturating_sub(1))).copied().unwrap_or(f64::NAN)
}
