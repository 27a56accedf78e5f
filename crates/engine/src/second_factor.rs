//! Codes by time (RFC 6238), and the recovery codes that stand in for them.

use parlour_domain::access::Action;
use parlour_protocol::account::{RecoveryCodes, Secret};
use parlour_protocol::{ErrorCode, Refusal, Timestamp, limits};
use parlour_store::{Held, Hidden, Proof, Proven, TokenHash};
use sha2::{Digest, Sha256};
use totp_rs::{Builder, Totp};

use crate::{Actor, Engine, Proofs, refuse};

/// A secret's length, in bytes: that of the hash it is used with.
const SECRET_BYTES: usize = 20;
/// A recovery code's length, in bytes of chance.
const RECOVERY_BYTES: usize = 10;
/// The alphabet of base32 in small letters: no 0 and 1, which look like letters.
const BASE32: &[u8; 32] = b"abcdefghijklmnopqrstuvwxyz234567";

/// A second factor that waits to be confirmed.
#[derive(Clone, Debug)]
pub struct Begun {
    /// The secret, to be typed.
    pub secret: Secret,
    /// The same as an `otpauth:` address.
    pub url: Secret,
}

impl Engine {
    /// Begins with a second factor (ACC-7). Nothing is asked for until [`Engine::confirm_second_factor`].
    ///
    /// # Errors
    /// `bad_credentials`, `not_found` without an account, `forbidden` while there is one.
    pub async fn begin_second_factor(&self, actor: &Actor, proofs: Proofs<'_>) -> Result<Begun, Refusal> {
        self.may(Action::OwnAccount, actor.who())?;
        let (by, held) = self.prove_again(actor, proofs).await?;
        let mut secret = vec![0; SECRET_BYTES];
        getrandom::fill(&mut secret).map_err(|_| no_dice())?;
        // A colon would end the account's name in the address.
        let plain = |text: &str| text.replace(':', " ");
        let house = plain(&self.facts().await?.name);
        let totp = Builder::new().with_secret(secret.clone()).with_account_name(plain(&held.user.name));
        let totp = totp.with_issuer(Some(house)).build().map_err(|_| no_dice())?;
        let begun =
            Begun { secret: Secret(totp.secret().to_base32()), url: Secret(totp.to_url().map_err(|_| no_dice())?) };
        self.store.begin_second_factor(by, Hidden(secret), self.now()).await.map_err(refuse)?;
        Ok(begun)
    }

    /// Asks for codes from now on, once one was right; the recovery codes are shown this once.
    ///
    /// # Errors
    /// `not_found` when none was begun, `code_needed` for a wrong code, `rate`.
    pub async fn confirm_second_factor(&self, actor: &Actor, code: &str) -> Result<RecoveryCodes, Refusal> {
        self.may(Action::OwnAccount, actor.who())?;
        let none = || Refusal::new(ErrorCode::NotFound, "You have no second factor. Begin with one.");
        let secret = self.store.begun_second_factor(actor.user.id).await.map_err(refuse)?.ok_or_else(none)?;
        let by = Proven { user: actor.user.id, session: actor.token_hash.unwrap_or_default(), password: None };
        let attempt = self.begin_attempt(by.session, Some(by.session), 0).map_err(|refusal| refusal.at("code"))?;
        let wrong = || Refusal::new(ErrorCode::CodeNeeded, "That is not what the app shows now.").at("code");
        let step = step_of(&secret.0, code.trim(), self.now()).ok_or_else(wrong)?;
        let (codes, hashes) = recovery_codes()?;
        self.store.confirm_second_factor(by, step, hashes, self.now()).await.map_err(refuse)?;
        attempt.came_to_nothing_bad();
        Ok(codes)
    }

    /// Makes other recovery codes; those from before are over.
    ///
    /// # Errors
    /// `bad_credentials`, `not_found` without a second factor.
    pub async fn renew_recovery_codes(&self, actor: &Actor, proofs: Proofs<'_>) -> Result<RecoveryCodes, Refusal> {
        self.may(Action::OwnAccount, actor.who())?;
        let (by, _) = self.prove_again(actor, proofs).await?;
        let (codes, hashes) = recovery_codes()?;
        self.store.renew_recovery_codes(by, hashes, self.now()).await.map_err(refuse)?;
        Ok(codes)
    }

    /// Asks for no codes any more.
    ///
    /// # Errors
    /// `bad_credentials`, `not_found` without an account.
    pub async fn remove_second_factor(&self, actor: &Actor, proofs: Proofs<'_>) -> Result<(), Refusal> {
        self.may(Action::OwnAccount, actor.who())?;
        let (by, _) = self.prove_again(actor, proofs).await?;
        self.store.remove_second_factor(by, self.now()).await.map_err(refuse)
    }
}

fn no_dice() -> Refusal {
    Refusal::later(ErrorCode::Internal, "No secret could be made. Try again.", 1_000)
}

/// New recovery codes, `abcd-efgh-ijkl-mnop`, and what is kept of them.
fn recovery_codes() -> Result<(RecoveryCodes, Vec<TokenHash>), Refusal> {
    let mut codes = Vec::with_capacity(limits::RECOVERY_CODES);
    for _ in 0..limits::RECOVERY_CODES {
        let mut dice = [0; RECOVERY_BYTES];
        getrandom::fill(&mut dice).map_err(|_| no_dice())?;
        let bits = dice.iter().fold(0_u128, |bits, byte| (bits << 8) | u128::from(*byte));
        let letters = (0..RECOVERY_BYTES * 8 / 5).map(|place| {
            let letter = BASE32[usize::try_from((bits >> (place * 5)) & 31).unwrap_or_default()];
            let dash = if place > 0 && place % 4 == 0 { "-" } else { "" };
            format!("{dash}{}", char::from(letter))
        });
        codes.push(Secret(letters.collect()));
    }
    let hashes = codes.iter().map(|code| recovery_hash(&code.0)).collect();
    Ok((RecoveryCodes { codes }, hashes))
}

/// The codes of a secret: six digits, half a minute each, the one before and the one after taken too.
fn codes(secret: &[u8]) -> Option<Totp> {
    Builder::new().with_secret(secret.to_vec()).build().ok()
}

/// The step of time that a code is right for.
fn step_of(secret: &[u8], code: &str, now: Timestamp) -> Option<u64> {
    let seconds = u64::try_from(now.0 / 1_000).ok()?;
    codes(secret)?.check(code, seconds)
}

/// What somebody typed beside a password, as a proof of the account's second factor.
pub(crate) fn proof_of(held: &Held, code: Option<&str>, now: Timestamp) -> Proof {
    match (&held.second_factor, code) {
        (Some(secret), Some(code)) => proof(&secret.0, code, now),
        _ => Proof::Nothing,
    }
}

/// What somebody typed, as a proof: six digits are a code, anything else is a recovery code. A code that is right for no time is
/// one for the first, which was taken by the confirming.
fn proof(secret: &[u8], typed: &str, now: Timestamp) -> Proof {
    let typed: String = typed.chars().filter(|c| c.is_ascii_alphanumeric()).collect();
    if typed.len() == 6 && typed.bytes().all(|byte| byte.is_ascii_digit()) {
        return Proof::Step(step_of(secret, &typed, now).unwrap_or(0));
    }
    Proof::Recovery(recovery_hash(&typed))
}

/// What is kept of a recovery code, however it is typed.
fn recovery_hash(code: &str) -> TokenHash {
    let plain: String = code.chars().filter(|c| c.is_ascii_alphanumeric()).collect();
    Sha256::digest(plain.to_ascii_lowercase()).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 6238, appendix B: the last six digits of its codes for SHA-1.
    #[test]
    fn acc_7_codes_are_those_of_the_standard() {
        let secret = b"12345678901234567890";
        for (seconds, code) in [(59, "287082"), (1_111_111_109, "081804"), (20_000_000_000, "353130")] {
            let now = Timestamp(seconds * 1_000);
            let step = u64::try_from(seconds / 30).unwrap();
            assert_eq!(step_of(secret, code, now), Some(step));
            assert_eq!(step_of(secret, code, Timestamp(now.0 + 30_000)), Some(step), "one step late");
            assert_eq!(step_of(secret, code, Timestamp(now.0 + 60_000)), None, "two are too many");
        }
        assert_eq!(step_of(secret, "000000", Timestamp(59_000)), None);
    }

    #[test]
    fn acc_7_recovery_codes_are_many_each_its_own_and_read_however_they_are_typed() {
        let (codes, hashes) = recovery_codes().unwrap();
        assert_eq!((codes.codes.len(), hashes.len()), (limits::RECOVERY_CODES, limits::RECOVERY_CODES));
        let mut each: Vec<&str> = codes.codes.iter().map(|code| code.0.as_str()).collect();
        each.sort_unstable();
        each.dedup();
        assert_eq!(each.len(), limits::RECOVERY_CODES);
        let typed = codes.codes[0].0.to_uppercase().replace('-', " ");
        assert!(matches!(proof(b"", &typed, Timestamp(0)), Proof::Recovery(hash) if hash == hashes[0]), "{typed}");
        assert_eq!(codes.codes[0].0.len(), 19);
    }
}
