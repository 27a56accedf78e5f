//! Passwords are hashed and compared here, a few at a time, on threads of their own (S21, S22, S98): each takes 19 MiB and as long
//! as a hundred messages.

use std::sync::{Arc, OnceLock};
use std::time::Duration;

use argon2::password_hash::phc::{Output, ParamsString, PasswordHash, Salt};
use argon2::{Algorithm, Argon2, Block, Params, Version};
use parlour_protocol::{ErrorCode, Refusal};
use tokio::sync::oneshot;

use crate::password_line::{Asker, Line, Next};

/// KiB of memory, passes and lanes of one hash (OWASP's floor, S21).
const COST: (u32, u32, u32) = (19_456, 2, 1);
/// How a hash begins that was made at this cost.
const MADE_AT: &str = "$argon2id$v=19$m=19456,t=2,p=1$";

/// A thread's memory is given back when nobody signed in for this long.
const IDLE: Duration = Duration::from_secs(10);

/// What a hash is computed in. Each thread has one: asked from the allocator for every hash, five of them would stay with it.
type Memory = Vec<Block>;
type Job = Box<dyn FnOnce(&mut Memory) + Send>;

/// The threads, which begin with the first password.
#[derive(Default)]
pub(crate) struct Passwords(OnceLock<Option<Arc<Line<Job>>>>);

impl Drop for Passwords {
    fn drop(&mut self) {
        if let Some(Some(line)) = self.0.get() {
            line.close();
        }
    }
}

/// What came of comparing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Compared {
    Wrong,
    Right,
    /// Right, and the hash was made at another cost than is asked today.
    RightButOld,
}

impl Passwords {
    /// The string to keep for a password.
    pub(crate) async fn hash(&self, asker: Asker, password: String) -> Result<String, Refusal> {
        self.run(asker, move |memory| hash(password.as_bytes(), memory)).await?.ok_or_else(failed)
    }

    /// Compares a password with a kept string; with none, as long as with any (S24).
    pub(crate) async fn compare(
        &self,
        asker: Asker,
        password: String,
        kept: Option<String>,
    ) -> Result<Compared, Refusal> {
        self.run(asker, move |memory| compare(&password, kept.as_deref(), memory)).await
    }

    /// Waits for its turn, or says that too many do.
    async fn run<T: Send + 'static>(
        &self,
        asker: Asker,
        work: impl FnOnce(&mut Memory) -> T + Send + 'static,
    ) -> Result<T, Refusal> {
        let line = self.0.get_or_init(start).as_ref().ok_or_else(failed)?;
        let (answer, answered) = oneshot::channel();
        let job: Job = Box::new(move |memory| {
            // Nobody hashes for who has gone meanwhile.
            if !answer.is_closed() {
                let _ = answer.send(work(memory));
            }
        });
        if !line.stand(asker, job) {
            return Err(Refusal::later(ErrorCode::Busy, "Too many are signing in. Try again in a moment.", 1_000));
        }
        answered.await.map_err(|_| failed())
    }
}

fn failed() -> Refusal {
    Refusal::later(ErrorCode::Internal, "The password could not be looked at. Try again.", 1_000)
}

/// Half of the cores: the others carry the talk meanwhile.
fn start() -> Option<Arc<Line<Job>>> {
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let line = Arc::new(Line::default());
    for number in 0..(cores / 2).max(1) {
        let served = Arc::clone(&line);
        let thread = std::thread::Builder::new().name(format!("password-{number}"));
        if let Err(error) = thread.spawn(move || work(&served)) {
            line.close();
            tracing::error!(%error, "no thread for passwords: nobody can sign in with one");
            return None;
        }
    }
    Some(line)
}

/// Ends with the engine.
fn work(line: &Line<Job>) {
    let mut memory = Memory::new();
    // The first that is compared with nothing must not take longer than the others.
    let _ = dummy(&mut memory);
    loop {
        match line.next(IDLE) {
            // A panic takes only its own answer with it.
            Next::Do(job) => drop(std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| job(&mut memory)))),
            Next::Idle => memory = Memory::new(),
            Next::Closed => return,
        }
    }
}

fn hash(password: &[u8], memory: &mut Memory) -> Option<String> {
    let (kib, passes, lanes) = COST;
    let params = Params::new(kib, passes, lanes, None).ok()?;
    let salt = Salt::generate();
    let output = digest(password, &salt, &params, Params::DEFAULT_OUTPUT_LEN, memory)?;
    let hash = PasswordHash {
        algorithm: Algorithm::Argon2id.ident(),
        version: Some(Version::V0x13.into()),
        params: ParamsString::try_from(&params).ok()?,
        salt: Some(salt),
        hash: Some(output),
    };
    Some(hash.to_string())
}

fn digest(password: &[u8], salt: &[u8], params: &Params, length: usize, memory: &mut Memory) -> Option<Output> {
    let blocks = params.block_count();
    memory.resize(blocks.max(memory.len()), Block::new());
    let mut output = [0; Output::MAX_LENGTH];
    let output = output.get_mut(..length)?;
    let hasher = Argon2::new(Algorithm::Argon2id, Version::V0x13, params.clone());
    hasher.hash_password_into_with_memory(password, salt, output, &mut memory[..blocks]).ok()?;
    Output::new(output).ok()
}

/// What a password is compared with that is nobody's.
fn dummy(memory: &mut Memory) -> &'static str {
    static DUMMY: OnceLock<String> = OnceLock::new();
    DUMMY.get_or_init(|| hash(b"nobody's password", memory).unwrap_or_default())
}

fn compare(password: &str, kept: Option<&str>, memory: &mut Memory) -> Compared {
    let right = is_right(password, kept.unwrap_or(dummy(memory)), memory).unwrap_or(false);
    match kept {
        Some(kept) if right && kept.starts_with(MADE_AT) => Compared::Right,
        Some(_) if right => Compared::RightButOld,
        _ => Compared::Wrong,
    }
}

/// None for a string that is no hash of ours.
fn is_right(password: &str, kept: &str, memory: &mut Memory) -> Option<bool> {
    let kept = PasswordHash::new(kept).ok().filter(|kept| kept.algorithm == Algorithm::Argon2id.ident())?;
    let (params, wanted) = (Params::try_from(&kept).ok()?, kept.hash?);
    let found = digest(password.as_bytes(), &kept.salt?, &params, wanted.len(), memory)?;
    // An `Output` is compared in constant time (S26).
    Some(found == wanted)
}

#[cfg(test)]
mod tests {
    use argon2::PasswordHasher as _;

    use super::*;

    #[test]
    fn s21_a_hash_is_argon2id_at_the_cost_asked_with_a_salt_of_its_own() {
        let mut memory = Memory::new();
        let (one, other) = (hash(b"correct horse", &mut memory).unwrap(), hash(b"correct horse", &mut memory).unwrap());
        assert!(one.starts_with(MADE_AT) && other.starts_with(MADE_AT), "{one}");
        assert_ne!(one, other);
        assert_eq!(compare("correct horse", Some(&one), &mut memory), Compared::Right);
        assert_eq!(compare("correct horsf", Some(&one), &mut memory), Compared::Wrong);
        assert_eq!(compare("correct horse", Some(""), &mut memory), Compared::Wrong);
        assert_eq!(compare("nobody's password", None, &mut memory), Compared::Wrong);
    }

    #[test]
    fn s21_a_hash_of_another_cost_is_right_and_due_to_be_made_anew() {
        let cheap = Argon2::new(Algorithm::Argon2id, Version::V0x13, Params::new(64, 1, 1, None).unwrap());
        let (kept, mut memory) = (cheap.hash_password(b"correct horse").unwrap().to_string(), Memory::new());
        assert_eq!(compare("correct horse", Some(&kept), &mut memory), Compared::RightButOld);
        assert_eq!(compare("another horse", Some(&kept), &mut memory), Compared::Wrong);
    }

    #[test]
    fn s25_every_byte_of_a_password_counts() {
        let long = "x".repeat(72);
        let mut memory = Memory::new();
        let kept = hash(format!("{long}a").as_bytes(), &mut memory).unwrap();
        assert_eq!(compare(&format!("{long}a"), Some(&kept), &mut memory), Compared::Right);
        assert_eq!(compare(&format!("{long}b"), Some(&kept), &mut memory), Compared::Wrong);
        assert_eq!(compare(&long, Some(&kept), &mut memory), Compared::Wrong);
    }
}
