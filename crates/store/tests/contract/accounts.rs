//! Accounts, where the store alone can be asked at the moment that matters: what proved somebody is looked at again in the
//! transaction, since hashing takes its time.

use parlour_protocol::{ErrorCode, User};
use parlour_store::{EndOf, Hidden, NewPasskey, NewSession, Proof, Proven, Visitor};

use crate::{House, at, refused, token};

fn session(name: &str) -> NewSession {
    NewSession { token: token(name), visitor: Visitor::default(), device: String::new(), known: None }
}

fn proven(user: &User, session: &str, password: &str) -> Proven {
    Proven { user: user.id, session: token(session), password: Some(password.to_owned()) }
}

#[tokio::test]
async fn s19_a_password_that_was_replaced_while_it_was_compared_lets_nobody_in() {
    let house = House::new();
    let ada = house.account("Ada", "old").await;
    house.store.set_password(proven(&ada, "Ada", "old"), "new".to_owned(), None, at(1)).await.unwrap();
    let come_in = |kept: &str, rehashed: Option<&str>, name: &str| {
        let password = (kept.to_owned(), rehashed.map(str::to_owned));
        house.store.come_in(ada.id, password, Proof::Nothing, session(name), at(2))
    };
    assert_eq!(refused(come_in("old", Some("old, made anew"), "late").await), ErrorCode::BadCredentials);
    assert_eq!(house.store.held(ada.id, None, at(0)).await.unwrap().unwrap().password.as_deref(), Some("new"));
    assert!(house.store.session(token("late"), at(3)).await.unwrap().is_none());
    assert!(come_in("new", None, "there").await.is_ok());
}

#[tokio::test]
async fn s17_a_session_that_ended_meanwhile_changes_nothing_of_its_account() {
    let house = House::new();
    let ada = house.account("Ada", "old").await;
    let begun = house.store.begin_second_factor(proven(&ada, "Ada", "old"), Hidden(vec![1]), at(1));
    begun.await.unwrap();
    house.store.confirm_second_factor(proven(&ada, "Ada", "old"), 1, vec![token("code")], at(1)).await.unwrap();
    let (store, bob) = (&house.store, house.account("Bob", "old").await);
    let of_bob = Proven { user: ada.id, ..proven(&bob, "Bob", "old") };
    let replaced = proven(&ada, "Ada", "other");
    assert_eq!(refused(store.remove_second_factor(replaced.clone(), at(1)).await), ErrorCode::SignedOut);
    store.end_sessions(ada.id, EndOf::AllBut(token("nothing")), at(2)).await.unwrap();
    for by in [proven(&ada, "Ada", "old"), of_bob, replaced] {
        let by = || by.clone();
        let out = ErrorCode::SignedOut;
        assert_eq!(refused(store.set_password(by(), "mine".to_owned(), None, at(3)).await), out);
        assert_eq!(refused(store.begin_second_factor(by(), Hidden(vec![2]), at(3)).await), out);
        assert_eq!(refused(store.confirm_second_factor(by(), 9, Vec::new(), at(3)).await), out);
        assert_eq!(refused(store.renew_recovery_codes(by(), Vec::new(), at(3)).await), out);
        assert_eq!(refused(store.remove_second_factor(by(), at(3)).await), out);
        assert_eq!(refused(store.add_passkey(by(), passkey(), at(3)).await), out);
        assert_eq!(refused(store.remove_passkey(by(), 1, None, at(3)).await), out);
    }
    assert_eq!(store.passkeys(ada.id).await.unwrap(), []);
    let held = store.held(ada.id, None, at(0)).await.unwrap().unwrap();
    let held = (held.password, held.second_factor.map(|secret| secret.0));
    assert_eq!(held, (Some("old".to_owned()), Some(vec![1])));
}

/// One that nobody checked: the store keeps what it is given.
fn passkey() -> NewPasskey {
    let (site, name, credential) = ("localhost".to_owned(), "Phone".to_owned(), "{}".to_owned());
    NewPasskey { owner: [7; 16], credential_id: vec![7], site, name, credential }
}
