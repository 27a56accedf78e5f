//! One torture from beginning to end: everyone comes in, faults happen, everyone comes to rest, and the store is read.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::atomic::Ordering;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use anyhow::Context;
use serde::Serialize;
use tokio::task::JoinHandle;
use tokio::time::{Instant, sleep_until, timeout, timeout_at};

use super::Options;
use super::book::{Book, Phase};
use super::evidence::{Evidence, Heard, Said};
use super::line::{Line, Nature, Way};
use super::plan::{Fault, Kind, Party, Planned, READERS, WRITERS};
use super::progress::Progress;
use super::reader::{Habit, Reader, Start};
use super::scene::Scene;
use super::tamper::{Control, Liar};
use super::writer::Writer;
use crate::cli::house::House;

/// After the last fault everything is answered, and then seen, each within this time.
pub(super) const SETTLE: Duration = Duration::from_secs(15);
/// All of the store is read within this time.
pub(super) const READ: Duration = Duration::from_secs(20);

/// What one torture left behind.
pub(super) struct Outcome {
    /// What the checker judges, one after the other.
    pub(super) evidence: Vec<Evidence>,
    /// The figures.
    pub(super) book: Arc<Book>,
    /// What happened to connections.
    pub(super) way: Arc<Way>,
    /// Why the clock did not jump, if it did not.
    pub(super) no_clock: Option<&'static str>,
    /// How long the house took to start again, at most.
    pub(super) slowest_start: Duration,
    /// What else was done.
    pub(super) also: Vec<Also>,
}

/// Something that was done, for the report.
#[derive(Debug, Serialize)]
pub(super) struct Also {
    /// Its name.
    #[serde(rename = "fault")]
    pub(super) what: &'static str,
    /// How often.
    pub(super) times: u64,
    /// The same in words.
    #[serde(skip)]
    pub(super) words: &'static str,
}

/// Tortures a house by a plan. An error says that it did not come to that; what goes wrong later is evidence.
pub(super) async fn run(
    options: &Options,
    plan: &[Planned],
    folder: &Path,
    book: Arc<Book>,
) -> anyhow::Result<Outcome> {
    let set = async {
        let scene = Scene::set(options, folder).await?;
        let writers = Writers::gather(options, &scene, &book).await?;
        let readers = Readers::gather(options, &scene, &book).await?;
        anyhow::Ok((scene, writers, readers))
    };
    let (mut scene, writers, readers) = timeout(SETTLE, set).await.context("the house does not answer")??;
    let progress = Progress::start(Arc::clone(&book), Arc::clone(&scene.way));
    let broken = faults(&mut scene, &book, (&writers.lines, &readers.lines), plan, options.lasts).await;
    book.enter(Phase::Settle);
    let outcome = match broken {
        Ok(()) => {
            at_rest(writers.tasks, Instant::now() + SETTLE).await;
            conclude(scene, book, &writers.said, readers).await
        }
        Err(problem) => Outcome::broken(scene, book, &problem),
    };
    progress.end();
    Ok(outcome)
}

/// Lets everything happen that is planned, at its time.
async fn faults(
    scene: &mut Scene,
    book: &Book,
    lines: (&[Line], &[Line]),
    plan: &[Planned],
    lasts: Duration,
) -> anyhow::Result<()> {
    let began = Instant::now();
    for planned in plan {
        tokio::select! {
            () = sleep_until(began + planned.at) => {}
            () = book.stopped() => return Ok(()),
        }
        happen(scene, lines, planned.fault).await?;
    }
    tokio::select! {
        () = sleep_until(began + lasts) => {}
        () = book.stopped() => {}
    }
    Ok(())
}

async fn happen(scene: &mut Scene, (writers, readers): (&[Line], &[Line]), fault: Fault) -> anyhow::Result<()> {
    match (fault, &mut scene.house) {
        (Fault::Line(kind, Party::Writer(number), lasts), _) => writers[number].suffer(kind, lasts),
        (Fault::Line(kind, Party::Reader(number), lasts), _) => readers[number].suffer(kind, lasts),
        (Fault::Clock(ahead_s), Some(house)) if scene.no_clock.is_none() => {
            house.set_clock(ahead_s).context("the clock's file cannot be written")?;
            scene.way.hits.count(Kind::Clock);
        }
        (Fault::Kill, Some(house)) => {
            scene.way.open.store(false, Ordering::Release);
            tokio::task::block_in_place(|| {
                house.kill();
                house.restart()
            })?;
            scene.way.open.store(true, Ordering::Release);
            scene.way.hits.count(Kind::Kill);
        }
        (Fault::Clock(_) | Fault::Kill, _) => {}
    }
    Ok(())
}

/// Lets the readers read to the end, reads the store, and puts together what is to be judged.
pub(super) async fn conclude(
    mut scene: Scene,
    book: Arc<Book>,
    said: &[Arc<Mutex<Said>>],
    readers: Readers,
) -> Outcome {
    let read = async {
        let heads = scene.heads().await?;
        book.enter(Phase::Finish(Arc::new(heads)));
        at_rest(readers.tasks, Instant::now() + SETTLE).await;
        timeout(READ, scene.store(&book)).await.context("the store could not be read in time")?
    };
    let store = match read.await {
        Ok(store) => store,
        Err(problem) => return Outcome::broken(scene, book, &problem),
    };
    let evidence = Evidence {
        store,
        said: said.iter().map(|said| said.lock().unwrap_or_else(PoisonError::into_inner).clone()).collect(),
        heard: readers.heard.iter().map(|heard| heard.lock().unwrap_or_else(PoisonError::into_inner).clone()).collect(),
        epochs: book.epochs(),
        house: scene.house.as_mut().map(House::faults).unwrap_or_default(),
        restores: Vec::new(),
    };
    Outcome::new(scene, book, vec![evidence])
}

impl Outcome {
    /// What there is to judge.
    pub(super) fn new(scene: Scene, book: Arc<Book>, evidence: Vec<Evidence>) -> Outcome {
        let slowest_start = scene.house.as_ref().map_or(Duration::ZERO, |house| house.slowest_start);
        let way = Arc::clone(&scene.way);
        Outcome { evidence, book, way, no_clock: scene.no_clock, slowest_start, also: Vec::new() }
    }

    /// The house does not serve any more: that is all there is to judge, since nothing can be compared.
    pub(super) fn broken(mut scene: Scene, book: Arc<Book>, problem: &anyhow::Error) -> Outcome {
        let mut house = scene.house.as_mut().map(House::faults).unwrap_or_default();
        house.push(format!("{problem:#}"));
        let epochs = book.epochs();
        Outcome::new(scene, book, vec![Evidence { house, epochs, ..Evidence::default() }])
    }
}

/// Waits for tasks that are about to end; the ones that do not are ended.
pub(super) async fn at_rest(tasks: Vec<JoinHandle<()>>, until: Instant) {
    for mut task in tasks {
        if timeout_at(until, &mut task).await.is_err() {
            task.abort();
        }
    }
}

/// All who write.
struct Writers {
    lines: Vec<Line>,
    said: Vec<Arc<Mutex<Said>>>,
    tasks: Vec<JoinHandle<()>>,
}

impl Writers {
    async fn gather(options: &Options, scene: &Scene, book: &Arc<Book>) -> anyhow::Result<Writers> {
        let mut all = Writers { lines: Vec::new(), said: Vec::new(), tasks: Vec::new() };
        for number in 0..WRITERS {
            let (line, session) = scene.admit_over(&format!("writer {number}"), Nature::Honest).await?;
            let said = Arc::new(Mutex::new(Said::new(number, session.you.id)));
            let writer = Writer {
                said: Arc::clone(&said),
                session,
                rooms: scene.rooms.clone(),
                pace: options.pace,
                book: Arc::clone(book),
                forgets: options.control == Some(Control::Forget) && number == 0,
            };
            all.lines.push(line);
            all.said.push(said);
            all.tasks.push(tokio::spawn(writer.write()));
        }
        Ok(all)
    }
}

/// All who read.
pub(super) struct Readers {
    lines: Vec<Line>,
    heard: Vec<Arc<Mutex<Heard>>>,
    tasks: Vec<JoinHandle<()>>,
}

impl Readers {
    /// Lets them in; the first one is lied to if that is the control, the second lags, the third stays away.
    pub(super) async fn gather(options: &Options, scene: &Scene, book: &Arc<Book>) -> anyhow::Result<Readers> {
        let mut all = Readers { lines: Vec::new(), heard: Vec::new(), tasks: Vec::new() };
        for number in 0..READERS {
            let liar = options.control.filter(|_| number == 0).map(|control| Arc::new(Mutex::new(Liar::new(control))));
            let nature = liar.map_or(Nature::Honest, Nature::Liar);
            let (line, session) = scene.admit_over(&format!("reader {number}"), nature).await?;
            let heard = Arc::new(Mutex::new(Heard { reader: number, rooms: BTreeMap::new() }));
            let reader = Reader {
                heard: Arc::clone(&heard),
                session,
                rooms: scene.rooms.clone(),
                book: Arc::clone(book),
                habit: match number {
                    1 => Habit::Lags,
                    2 => Habit::StaysAway,
                    _ => Habit::Steady,
                },
                start: Start::Fresh,
            };
            all.lines.push(line);
            all.heard.push(heard);
            all.tasks.push(tokio::spawn(reader.read()));
        }
        Ok(all)
    }
}
