//! Roles, suspension and the log of administrative acts, in the transaction that does them (ADM-2, ADM-3, ADM-6, S50).

use parlour_protocol::{ErrorCode, Role, RoomId, User};
use parlour_store::{Doer, Looked};

use crate::{House, at, refused, token};

/// Somebody with a role, as the command line gives it.
async fn with_role(house: &House, name: &str, role: Role) -> User {
    let user = house.account(name, "kept").await;
    house.store.set_role(Doer::CommandLine, user.id, role, at(0)).await.unwrap();
    User { role, ..user }
}

fn acts(house: &House) -> Vec<String> {
    let database = house.database();
    let sql =
        "select actor_name || ' ' || act || ' ' || coalesce(whom_name, '') || ' ' || note from admin_act order by id";
    let mut statement = database.prepare(sql).unwrap();
    statement.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect()
}

#[tokio::test]
async fn adm_6_each_act_is_one_row_and_what_was_refused_or_changed_nothing_is_none() {
    let house = House::new();
    let owner = with_role(&house, "Olga", Role::Owner).await;
    let bob = house.account("Bob", "kept").await;
    let by = |user: &User| Doer::Person(user.clone());
    let store = &house.store;
    assert_eq!(refused(store.set_role(by(&bob), bob.id, Role::Owner, at(1)).await), ErrorCode::Forbidden);
    store.set_role(by(&owner), bob.id, Role::Administrator, at(2)).await.unwrap();
    store.set_role(by(&owner), bob.id, Role::Administrator, at(3)).await.unwrap();
    assert_eq!(refused(store.suspend(by(&bob), owner.id, "x".into(), at(4)).await), ErrorCode::Forbidden);
    assert_eq!(refused(store.suspend(Doer::CommandLine, owner.id, "x".into(), at(5)).await), ErrorCode::Forbidden);
    let sessions = store.suspend(by(&owner), bob.id, "Spam.".into(), at(6)).await.unwrap();
    assert_eq!(sessions, [token("Bob")]);
    store.suspend(by(&owner), bob.id, "again".into(), at(7)).await.unwrap();
    store.lift_suspension(by(&owner), bob.id, String::new(), at(8)).await.unwrap();
    let expected = [
        "command line set_role Olga owner",
        "Olga set_role Bob administrator",
        "Olga suspend Bob Spam.",
        "Olga lift_suspension Bob ",
    ];
    assert_eq!(acts(&house), expected);
}

#[tokio::test]
async fn adm_2_two_owners_who_unmake_each_other_at_once_leave_one() {
    let house = House::new();
    let (one, two) = (with_role(&house, "Olga", Role::Owner).await, with_role(&house, "Otto", Role::Owner).await);
    let unmake = |by: &User, whom: &User| house.store.set_role(Doer::Person(by.clone()), whom.id, Role::Member, at(1));
    let (first, second) = (unmake(&one, &two), unmake(&two, &one));
    assert!(first.await.is_ok());
    assert_eq!(refused(second.await), ErrorCode::Forbidden, "an owner no more, in the same batch");
}

#[tokio::test]
async fn adm_3_and_s50_who_is_suspended_in_a_batch_says_nothing_more_in_it() {
    let house = House::new();
    let owner = with_role(&house, "Olga", Role::Owner).await;
    let bob = house.person("Bob").await;
    let say = |text: &str| house.store.append(crate::message(&bob, RoomId::LOBBY, text));
    let before = say("before");
    let suspended = house.store.suspend(Doer::Person(owner), bob.id, String::new(), at(1));
    let after = say("after");
    assert!(before.await.is_ok() && suspended.await.is_ok());
    assert_eq!(refused(after.await), ErrorCode::SignedOut);
    assert!(house.store.session(token("Bob"), at(2)).await.unwrap().is_none());
    let looked = Looked { ended: vec![token("Bob")], holders: Vec::new() };
    assert_eq!(house.store.look_at_sessions(vec![token("Bob")], at(2)).await.unwrap(), looked);
}

#[tokio::test]
async fn room_8_a_closed_room_whose_manager_is_suspended_or_made_a_guest_gets_another() {
    let house = House::new();
    let owner = with_role(&house, "Olga", Role::Owner).await;
    let (ada, bob) = (house.person("Ada").await, house.person("Bob").await);
    let new = || crate::new_room("cellar", true);
    let first = house.store.create_room(ada.clone(), new(), at(1)).await.unwrap().room.id;
    let second = house.store.create_room(bob.clone(), new(), at(1)).await.unwrap().room.id;
    house.store.add_member(first, ada.clone(), bob.id, at(2)).await.unwrap();
    house.store.add_member(second, bob.clone(), ada.id, at(2)).await.unwrap();
    house.store.suspend(Doer::Person(owner.clone()), ada.id, String::new(), at(3)).await.unwrap();
    let managers = |room: RoomId| -> Vec<u64> {
        let database = house.database();
        let sql = "select user from member where room = ?1 and role = 'manager' order by user";
        let mut statement = database.prepare(sql).unwrap();
        statement.query_map([room.0], |row| row.get(0)).unwrap().map(Result::unwrap).collect()
    };
    assert_eq!((managers(first), managers(second)), (vec![ada.id.0, bob.id.0], vec![bob.id.0]));
    house.store.lift_suspension(Doer::Person(owner.clone()), ada.id, String::new(), at(4)).await.unwrap();
    house.store.set_role(Doer::Person(owner), bob.id, Role::Guest, at(5)).await.unwrap();
    assert_eq!(managers(second), [ada.id.0, bob.id.0]);
}
