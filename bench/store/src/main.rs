//! What the store takes as a house grows, and beside a bare loop over the same tables. `store-costs FOLDER` works in new folders inside
//! the one given, which it removes, and prints one JSON object.
//!
//! - A page of 50 from a young room and from a room of a million messages: processor time and p99 of each.
//! - What a page of the client is first given: the rooms of a person who has read nothing of that room.
//! - A message with ten rooms in the house, and with 99,000: processor time of each.
//! - Durable messages a second from 64 senders, beside a loop that inserts the same rows in as large batches.

mod bare;
mod house;
mod timing;

use std::path::PathBuf;
use std::time::Instant;

use anyhow::{Context as _, Result};
use bare::Bare;
use house::House;
use parlour_protocol::{RoomId, Seq, User};
use parlour_store::PageOf;
use serde_json::{Value, json};
use timing::{measured, percentile, processor_us};

const OLD_MESSAGES: usize = 1_000_000;
const YOUNG_MESSAGES: usize = 1_000;
const PAGES: usize = 2_000;
const PAGE: usize = 50;
const FEW_ROOMS: usize = 10;
/// A house holds 100,000 (`limits::ROOMS_MAX`), the lobby among them.
const MANY_ROOMS: usize = 99_000;
/// Rooms that one person makes; `limits::ROOMS_PER_USER_MAX` is twice as many.
const ROOMS_EACH: usize = 1_000;
const SAID: usize = 40_000;
const SENDERS: usize = 64;
/// Ours and the bare loop in turn, so often.
const ROUNDS: usize = 5;

#[tokio::main]
async fn main() -> Result<()> {
    let folder = std::env::args().nth(1).map(PathBuf::from).context("usage: store-costs FOLDER")?;
    std::fs::create_dir_all(&folder)?;
    let report = json!({
        "history": history(&folder).await?,
        "growth": growth(&folder).await?,
        "sends": sends(&folder).await?,
    });
    println!("{report:#}");
    Ok(())
}

async fn history(near: &std::path::Path) -> Result<Value> {
    let house = House::new(near)?;
    let ada = house.person(1).await?;
    let mut found = serde_json::Map::new();
    for (number, (name, messages)) in [("young", YOUNG_MESSAGES), ("old", OLD_MESSAGES)].into_iter().enumerate() {
        let room = house.room(&ada, name.to_owned()).await?;
        let reader = house.person(number + 2).await?;
        house.store.join_room(room, reader.clone(), house::now()).await?;
        house.say(&[(room, ada.clone())], messages).await?;
        let newest = pages(&house, &reader, room, |_| PageOf::Newest).await?;
        let last = messages as u64;
        // Anywhere in the room, each time elsewhere.
        let within = pages(&house, &reader, room, |n| PageOf::Before(Seq(60 + n * 7_919 % last))).await?;
        let rooms = measured(PAGES, |_| house.store.rooms_of(reader.id)).await?.json();
        let of_room = json!({ "messages": messages, "newest": newest, "within": within, "rooms_of_reader": rooms });
        found.insert(name.to_owned(), of_room);
    }
    house.store.close();
    Ok(Value::Object(found))
}

async fn pages(house: &House, asker: &User, room: RoomId, which: impl Fn(u64) -> PageOf) -> Result<Value> {
    let read = measured(PAGES, |n| house.store.page(room, asker.id, which(n), PAGE)).await?;
    Ok(read.json())
}

async fn growth(near: &std::path::Path) -> Result<Value> {
    let mut found = serde_json::Map::new();
    for (name, rooms) in [("few", FEW_ROOMS), ("many", MANY_ROOMS)] {
        let house = House::new(near)?;
        let mut places = Vec::new();
        for number in 0..rooms.div_ceil(ROOMS_EACH) {
            let person = house.person(number).await?;
            let making = (0..ROOMS_EACH.min(rooms)).map(|room| house.room(&person, format!("room {number} {room}")));
            let made = futures_util::future::try_join_all(making).await?;
            places.extend(made.into_iter().map(|room| (room, person.clone())));
        }
        // The same ten rooms are spoken in, whatever else there is.
        let spoken: Vec<_> = places.iter().step_by(rooms / FEW_ROOMS).cloned().collect();
        house.say(&spoken, SAID / 4).await?;
        let before = processor_us();
        house.say(&spoken, SAID).await?;
        let each = (processor_us() - before) / SAID as f64;
        found.insert(name.to_owned(), json!({ "rooms": rooms, "cpu_us_per_message": each }));
        house.store.close();
    }
    Ok(Value::Object(found))
}

async fn sends(near: &std::path::Path) -> Result<Value> {
    let (house, places) = crowd(near).await?;
    let (other, of_other) = crowd(near).await?;
    other.store.close();
    let mut bare = Bare::over(other.folder.path(), of_other.len())?;
    let commits = || -> Result<u64> {
        let database = rusqlite::Connection::open(house.folder.path().join("parlour.db"))?;
        Ok(database.query_row("select head from shard where id = 1", [], |row| row.get(0))?)
    };
    house.say(&places, SAID / 4).await?;
    bare.write(&of_other, SAID / 4, 100)?;
    let (mut ours, mut theirs, mut ratios, mut batches) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        let (before, began) = (commits()?, Instant::now());
        house.say(&places, SAID).await?;
        ours.push(SAID as f64 / began.elapsed().as_secs_f64());
        let batch = SAID / usize::try_from(commits()? - before)?.max(1);
        let began = Instant::now();
        bare.write(&of_other, SAID, batch)?;
        theirs.push(SAID as f64 / began.elapsed().as_secs_f64());
        ratios.push(ours[ours.len() - 1] / theirs[theirs.len() - 1]);
        batches.push(batch);
    }
    house.store.close();
    let median = |values: &mut Vec<f64>| percentile(values, 0.5);
    let (per_s, bare_per_s, ratio) = (median(&mut ours), median(&mut theirs), median(&mut ratios));
    Ok(json!({ "per_s": per_s, "bare_per_s": bare_per_s, "ratio": ratio, "batches": batches }))
}

/// A house in which each of the senders has a room.
async fn crowd(near: &std::path::Path) -> Result<(House, Vec<(RoomId, User)>)> {
    let house = House::new(near)?;
    let mut places = Vec::new();
    for number in 0..SENDERS {
        let person = house.person(number).await?;
        let room = house.room(&person, format!("room {number}")).await?;
        places.push((room, person));
    }
    Ok((house, places))
}
