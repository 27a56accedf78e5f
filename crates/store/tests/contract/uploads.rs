//! Files: what is announced, taken, carried, given out and let go (FILE-1 to FILE-6, S36, S79, S80), and their bytes.

use std::io::{Read, Write};

use parlour_protocol::{Attachment, ErrorCode, FileId, RoomId, Seq, User};
use parlour_store::{Append, Blobs, Form, NewFile, PageOf, StoreError, WaysIn, WholeFile, backup, restore};

use crate::{House, at, message, refused};

const LOBBY: RoomId = RoomId::LOBBY;

fn id() -> FileId {
    FileId(uuid::Uuid::new_v4())
}

impl House {
    async fn announces(&self, by: &User, room: RoomId, bytes: u64) -> Result<FileId, StoreError> {
        let id = id();
        self.store.begin_file(by.id, NewFile { id, room, name: "a.txt".to_owned(), bytes }, at(0)).await.map(|()| id)
    }

    /// A whole file with these bytes.
    async fn brings(&self, by: &User, room: RoomId, bytes: &[u8]) -> Attachment {
        let id = self.announces(by, room, bytes.len() as u64).await.unwrap();
        let blobs = self.store.blobs();
        let mut writer = blobs.write(id, Form::Unfinished, 0).unwrap();
        writer.write_all(bytes).unwrap();
        let taken = writer.finish().unwrap();
        self.store.note_taken(by.id, id, taken, at(0)).await.unwrap();
        blobs.keep(id).unwrap();
        let whole = WholeFile { kind: "text/plain".to_owned(), bytes: taken, size: None, thumb: false };
        self.store.finish_file(by.id, id, whole, at(0)).await.unwrap()
    }

    async fn says_with(&self, by: &User, room: RoomId, files: &[FileId]) -> Result<Seq, StoreError> {
        let message = Append { files: files.to_vec(), ..message(by, room, "") };
        self.store.append(message).await.map(|appended| appended.event.seq)
    }
}

fn read(blobs: &dyn Blobs, file: FileId, form: Form) -> Option<Vec<u8>> {
    let mut bytes = Vec::new();
    blobs.read(file, form).ok()?.read_to_end(&mut bytes).unwrap();
    Some(bytes)
}

#[tokio::test]
async fn file_5_what_a_message_carries_is_in_its_row_and_in_every_piece_of_the_log() {
    let house = House::new();
    let ada = house.person("Ada").await;
    let file = house.brings(&ada, LOBBY, b"words").await;
    let seq = house.says_with(&ada, LOBBY, &[file.id]).await.unwrap();
    let said = |events: &[parlour_protocol::Event]| match &events.last().unwrap().change {
        parlour_protocol::Change::Message { files, .. } => files.clone(),
        other => panic!("not a message: {other:?}"),
    };
    let page = house.store.page(LOBBY, ada.id, PageOf::Newest, 9).await.unwrap();
    assert_eq!(said(&page.events), std::slice::from_ref(&file));
    let tail = house.store.tail(LOBBY, Seq::ZERO, 9).await.unwrap();
    assert_eq!(said(&[(*tail.events[0]).clone()]), std::slice::from_ref(&file));
    assert_eq!(
        said(&[(*house.committed.lock().unwrap().last().unwrap().events[0]).clone()]),
        std::slice::from_ref(&file)
    );
    let row: String =
        house.database().query_row("select files from event where seq = ?1", [seq.0], |row| row.get(0)).unwrap();
    let kept: Vec<Attachment> = serde_json::from_str(&row).unwrap();
    assert_eq!(kept, std::slice::from_ref(&file));
    // The same again is found, not carried again; another message does not carry it.
    assert_eq!(refused(house.says_with(&ada, LOBBY, &[file.id]).await), ErrorCode::NotFound);
    assert_eq!(refused(house.store.upload(ada.id, file.id).await), ErrorCode::NotFound);
    assert_eq!(refused(house.store.cancel_file(ada.id, file.id).await), ErrorCode::NotFound);
}

#[tokio::test]
async fn file_4_and_s79_what_nobody_touched_is_let_go_and_what_a_message_carries_stays() {
    let house = House::new();
    let ada = house.person("Ada").await;
    let (kept, loose) = (house.brings(&ada, LOBBY, b"kept").await, house.brings(&ada, LOBBY, b"loose").await);
    house.says_with(&ada, LOBBY, &[kept.id]).await.unwrap();
    assert_eq!(house.store.gone_files(at(0)).await.unwrap(), []);
    assert_eq!(house.store.gone_files(at(1)).await.unwrap(), [loose.id]);
    assert_eq!(refused(house.store.file(LOBBY, ada.id, loose.id).await), ErrorCode::NotFound);
    assert_eq!(refused(house.says_with(&ada, LOBBY, &[loose.id]).await), ErrorCode::NotFound);
    // It is told of until it is said that the bytes are gone, whatever happens in between.
    let house = house.reopened();
    assert_eq!(house.store.gone_files(at(1)).await.unwrap(), [loose.id]);
    house.store.forget_files(vec![loose.id]).await.unwrap();
    assert_eq!(house.store.gone_files(at(1)).await.unwrap(), []);
    assert_eq!(house.store.file(LOBBY, ada.id, kept.id).await.unwrap(), kept);
}

#[tokio::test]
async fn s80_rooms_and_the_house_keep_so_much_whoever_brings_it() {
    let house = House::new();
    let large = 256 << 20;
    let mut people = Vec::new();
    for n in 0..20 {
        let person = house.person(&format!("p{n}")).await;
        people.push((house.room(&person, &format!("room-{n}")).await.room.id, person));
    }
    // Four people fill a room of 20 GiB …
    for (_, person) in people.iter().take(4) {
        for _ in 0..20 {
            house.announces(person, LOBBY, large).await.unwrap();
        }
    }
    let (room, fifth) = &people[4];
    assert_eq!(refused(house.announces(fifth, LOBBY, 1).await), ErrorCode::QuotaFull);
    assert!(house.announces(fifth, *room, 1).await.is_ok(), "another room has place");
    // … and twenty the house.
    let mut last = Ok(id());
    'house: for (room, person) in people.iter().skip(4) {
        for _ in 0..19 {
            last = house.announces(person, *room, large).await;
            if last.is_err() {
                break 'house;
            }
        }
    }
    assert!(last.is_ok(), "not yet: {last:?}");
    for (room, person) in people.iter().skip(5) {
        house.announces(person, *room, large).await.unwrap();
    }
    let late = house.person("late").await;
    let room = house.room(&late, "late").await.room.id;
    assert_eq!(refused(house.announces(&late, room, large).await), ErrorCode::QuotaFull);
    house.says(&people[0].1, LOBBY, "talk goes on").await.unwrap();
}

#[tokio::test]
async fn file_3_bytes_behind_what_was_acknowledged_are_cut_off_and_missing_ones_are_not_made_up() {
    let house = House::new();
    let (blobs, file) = (house.store.blobs(), id());
    let mut writer = blobs.write(file, Form::Unfinished, 0).unwrap();
    writer.write_all(b"acknowledged, and more").unwrap();
    assert_eq!(writer.finish().unwrap(), 22);
    let mut writer = blobs.write(file, Form::Unfinished, 12).unwrap();
    writer.write_all(b"!").unwrap();
    assert_eq!(writer.finish().unwrap(), 13);
    assert_eq!(read(blobs.as_ref(), file, Form::Unfinished).unwrap(), b"acknowledged!");
    assert!(blobs.write(file, Form::Unfinished, 14).is_err());
    blobs.keep(file).unwrap();
    blobs.keep(file).unwrap();
    assert_eq!(read(blobs.as_ref(), file, Form::Whole).unwrap(), b"acknowledged!");
    assert_eq!(read(blobs.as_ref(), file, Form::Unfinished), None);
    blobs.remove(file, Form::Whole).unwrap();
    blobs.remove(file, Form::Whole).unwrap();
    assert!(blobs.keep(file).is_err() && blobs.read(file, Form::Whole).is_err());
}

#[tokio::test]
async fn s104_a_backup_is_one_file_with_the_files_in_it_and_a_restore_puts_them_back() {
    let house = House::new();
    let ada = house.person("Ada").await;
    let large: Vec<u8> = (0..2_500_000_u32).map(|n| (n % 253) as u8).collect();
    let (file, small) = (house.brings(&ada, LOBBY, &large).await, house.brings(&ada, LOBBY, b"small").await);
    house.says_with(&ada, LOBBY, &[file.id, small.id]).await.unwrap();
    house.announces(&ada, LOBBY, 9).await.unwrap();
    let outside = tempfile::tempdir().unwrap();
    let packed = outside.path().join("backup.db");
    let contents = backup(house.folder.path(), &packed).unwrap();
    assert_eq!((contents.files, contents.events), (2, 1));
    let later = house.brings(&ada, LOBBY, b"later").await;
    house.store.close();
    let kept = restore(&packed, house.folder.path(), WaysIn::Keep).unwrap().kept;
    assert!(kept.unwrap().join("blobs").exists(), "what was there is kept beside");
    let house = house.reopened();
    let blobs = house.store.blobs();
    assert!(read(blobs.as_ref(), file.id, Form::Whole).unwrap() == large);
    assert_eq!(read(blobs.as_ref(), small.id, Form::Whole).unwrap(), b"small");
    assert_eq!(house.store.file(LOBBY, ada.id, file.id).await.unwrap(), file);
    assert_eq!(refused(house.store.file(LOBBY, ada.id, later.id).await), ErrorCode::NotFound);
    let database = house.database();
    let count = |sql: &str| -> u64 { database.query_row(sql, [], |row| row.get(0)).unwrap() };
    assert_eq!(count("select count(*) from sqlite_schema where name = 'blob'"), 0, "they are not there twice");
    assert_eq!(count("select count(*) from file where type is null"), 0, "what was on its way begins anew");
}
