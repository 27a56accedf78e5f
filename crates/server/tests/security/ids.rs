//! What others know of numbers opens nothing, and what is private of somebody is shown to nobody (S40, S42).

use parlour_protocol::{Hello, Role};
use parlour_server::ROUTES;

use crate::asking::ask;
use crate::furnished::{CANARY, EMAIL, Furnished, Numbers};
use crate::people::{account, connect, enter, promote};

/// Asked with the numbers of what is there and with numbers of nothing, a member who may see none of it gets one answer.
#[tokio::test]
async fn s42_with_every_number_known_nothing_opens_that_a_number_of_nothing_does_not() {
    let furnished = Furnished::start().await;
    let mallory = account(&furnished.house, "Mallory").await;
    let before = furnished.dump();
    let nowhere = Numbers::nowhere();
    let mut asked = 0;
    // A provider's name is no number: the page tells it to everybody.
    let numbered = |path: &str| {
        path.contains('{') && (path.starts_with("/api/") || path.starts_with("/files/")) && !path.contains("{provider}")
    };
    for route in ROUTES.iter().filter(|route| numbered(route.path)) {
        let (there, none) = (furnished.numbers.path(route.path), nowhere.path(route.path));
        let [known, unknown] = match route.method {
            "get" => [mallory.get(&there).await, mallory.get(&none).await],
            _ => [mallory.post(&there, "{}").await, mallory.post(&none, "{}").await],
        };
        let (known, unknown) = (known.unwrap(), unknown.unwrap());
        assert!(known.status >= 400, "{there}: {known:?}");
        assert_eq!((known.status, &known.body), (unknown.status, &unknown.body), "{there}");
        asked += 1;
    }
    assert!(asked >= 12, "{asked} routes with numbers in them");
    assert_eq!(furnished.dump(), before);
}

#[tokio::test]
async fn s40_an_address_a_password_and_what_is_said_in_a_closed_room_are_in_no_answer_to_anybody_else() {
    let furnished = Furnished::start().await;
    let ann = account(&furnished.house, "Ann").await;
    promote(&furnished.house, &ann, "administrator");
    let stranger = parlour_client::Session { cookie: String::new(), ..ann.clone() };
    for who in [&stranger, &furnished.eve, &ann, &furnished.olga] {
        for path in furnished.paths("get") {
            let answer = ask(&furnished.house, "GET", &path, &format!("Cookie: {}\r\n", who.cookie)).await;
            let shown = format!("{path} to {}", who.you.name);
            assert!(!answer.body.contains(EMAIL) && !answer.body.contains("argon2"), "{shown}: {}", answer.body);
            assert!(!answer.body.contains(CANARY), "{shown}");
            // The names of closed rooms are for their members and the offices (ADM-4).
            let office = who.you.id == furnished.olga.you.id || who.you.id == ann.you.id;
            let is_list = path == "/api/v1/admin/rooms" || path == "/api/v1/admin/acts";
            assert!(!answer.body.contains("cellar") || (office && is_list), "{shown}");
        }
        if who.cookie.is_empty() {
            continue;
        }
        let (_, welcome) = connect(who, Hello::default()).await;
        let welcome = serde_json::to_string(&welcome).unwrap();
        assert!(!welcome.contains(EMAIL) && !welcome.contains("cellar"), "{welcome}");
    }
    let own = furnished.ada.get("/api/v1/account").await.unwrap();
    assert!(own.body.contains(EMAIL), "it is there to be found");
    let (newcomer, ..) = enter(&furnished.house, "Newcomer").await;
    assert_eq!(newcomer.you.role, Role::Member);
}
