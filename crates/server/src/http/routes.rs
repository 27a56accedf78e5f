//! Every route of the house, with the act it is (docs/PERMISSIONS.md). A route cannot be written down without one, and
//! tests/matrix walks this very table.

use axum::Router;
use axum::routing::{get, post};
use parlour_engine::access::Action;

use super::{
    App, accounts, admin, door, files, links, oidc, passkeys, rooms, searching, second_factor, sign_in, talk, upgrade,
    web,
};

/// One route.
#[derive(Clone, Copy, Debug)]
pub struct Route {
    /// `get` or `post`.
    pub method: &'static str,
    /// Its path; parts in braces stand for anything.
    pub path: &'static str,
    /// What asking for it is. Where that depends on whom it is about, the least of the acts.
    pub action: Action,
}

/// Writes the routes down once: the table and the router.
macro_rules! routes {
    ($($method:ident $path:literal $action:ident => $handler:expr;)+) => {
        /// All of them, but the files of the build, which anyone is given.
        pub const ROUTES: &[Route] =
            &[$(Route { method: stringify!($method), path: $path, action: Action::$action },)+];

        /// The router of them.
        pub(super) fn router() -> Router<App> {
            let router = Router::new();
            $(let router = router.route($path, $method($handler));)+
            router
        }
    };
}

routes! {
    get  "/"                                      LookAround   => web::page;
    get  "/rooms"                                 LookAround   => web::page;
    get  "/people"                                LookAround   => web::page;
    get  "/catch-up"                              LookAround   => web::page;
    get  "/threads"                               LookAround   => web::page;
    get  "/saved"                                 LookAround   => web::page;
    get  "/search"                                LookAround   => web::page;
    get  "/r/{room}"                              LookAround   => web::room_page;
    get  "/r/{room}/m/{seq}"                      LookAround   => web::message_page;
    get  "/me"                                    LookAround   => web::page;
    get  "/me/{page}"                             LookAround   => web::page;
    get  "/admin"                                 LookAround   => web::page;
    get  "/admin/{page}"                          LookAround   => web::page;
    get  "/owner/{token}"                         LookAround   => web::page;
    get  "/join/{token}"                          LookAround   => web::page;
    get  "/reset/{token}"                         LookAround   => web::page;
    get  "/oidc/{page}"                           LookAround   => web::page;
    get  "/assets/{file}"                         LookAround   => web::asset;
    get  "/healthz"                               LookAround   => super::alive;
    get  "/readyz"                                LookAround   => super::ready;
    get  "/ws"                                    Connect      => upgrade::upgrade;
    get  "/api/v1/boot"                           LookAround   => rooms::boot;
    post "/api/v1/sign-in"                        EnterByName  => sign_in::sign_in;
    post "/api/v1/sign-in/password"               SignIn       => accounts::sign_in;
    post "/api/v1/sign-in/passkey/begin"          SignIn       => passkeys::begin_sign_in;
    post "/api/v1/sign-in/passkey"                SignIn       => passkeys::sign_in;
    post "/api/v1/passkey/begin"                  UseLink      => passkeys::begin_first;
    get  "/api/v1/oidc/waiting"                   SignIn       => oidc::waiting;
    post "/api/v1/oidc/finish"                    SignIn       => oidc::finish;
    get  "/api/v1/oidc/{provider}/start"          SignIn       => oidc::start;
    post "/api/v1/oidc/{provider}/start"          UseLink      => oidc::start_with_invitation;
    get  "/api/v1/oidc/{provider}/callback"       SignIn       => oidc::callback;
    post "/api/v1/oidc/{provider}/connect"        OwnAccount   => oidc::connect;
    post "/api/v1/oidc/{provider}/disconnect"     OwnAccount   => oidc::disconnect;
    post "/api/v1/owner"                          UseLink      => accounts::become_owner;
    post "/api/v1/invitation"                     UseLink      => links::look;
    post "/api/v1/join"                           UseLink      => links::join;
    post "/api/v1/reset"                          UseLink      => links::reset;
    post "/api/v1/knock"                          Knock        => links::knock;
    post "/api/v1/knock/enter"                    UseLink      => links::enter_after_knock;
    get  "/api/v1/account"                        OwnAccount   => accounts::own;
    post "/api/v1/account"                        MakeAccount  => accounts::make;
    post "/api/v1/account/password"               OwnAccount   => accounts::change_password;
    post "/api/v1/account/second-factor"          OwnAccount   => second_factor::begin;
    post "/api/v1/account/second-factor/confirm"  OwnAccount   => second_factor::confirm;
    post "/api/v1/account/second-factor/recovery-codes" OwnAccount => second_factor::renew_codes;
    post "/api/v1/account/second-factor/remove"   OwnAccount   => second_factor::remove;
    get  "/api/v1/account/passkeys"               OwnAccount   => passkeys::list;
    post "/api/v1/account/passkeys"               OwnAccount   => passkeys::add;
    post "/api/v1/account/passkeys/begin"         OwnAccount   => passkeys::begin_another;
    post "/api/v1/account/passkeys/prove"         OwnAccount   => passkeys::prove;
    post "/api/v1/account/passkeys/{passkey}/rename" OwnAccount => passkeys::rename;
    post "/api/v1/account/passkeys/{passkey}/remove" OwnAccount => passkeys::remove;
    get  "/api/v1/sessions"                       OwnAccount   => accounts::sessions;
    post "/api/v1/sessions/end-others"            OwnAccount   => accounts::end_others;
    post "/api/v1/sessions/{session}/end"         OwnAccount   => accounts::end_session;
    post "/api/v1/sign-out"                       SignOut      => sign_in::sign_out;
    get  "/api/v1/rooms"                          ListRooms    => rooms::list;
    get  "/api/v1/rooms/{room}/history"           ReadRoom     => rooms::history;
    get  "/api/v1/rooms/{room}/members"           ReadRoom     => rooms::members;
    post "/api/v1/rooms/{room}/files"             Post         => files::begin;
    get  "/api/v1/files/{upload}"                 OwnFiles     => files::look;
    post "/api/v1/files/{upload}/part"            OwnFiles     => files::part;
    post "/api/v1/files/{upload}/cancel"          OwnFiles     => files::cancel;
    get  "/files/{room}/{attachment}"             ReadRoom     => files::whole;
    get  "/files/{room}/{attachment}/thumb"       ReadRoom     => files::thumb;
    post "/api/v1/search"                         Search       => searching::search;
    get  "/api/v1/rooms/{room}/messages"          ReadRoom     => talk::messages;
    get  "/api/v1/rooms/{room}/messages/{seq}/edits" ReadRoom  => talk::edits;
    get  "/api/v1/rooms/{room}/threads/{seq}"     ReadRoom     => talk::thread;
    get  "/api/v1/rooms/{room}/pins"              ReadRoom     => talk::pins;
    get  "/api/v1/rooms/{room}/unread"            ReadRoom     => talk::unread;
    get  "/api/v1/saved"                          Connect      => talk::saved;
    get  "/api/v1/threads"                        Connect      => talk::threads;
    get  "/api/v1/blocks"                         Block        => rooms::blocks;
    get  "/api/v1/admin/people"                   ListPeople   => admin::people;
    post "/api/v1/admin/people/{user}/role"       SetRole      => admin::set_role;
    post "/api/v1/admin/people/{user}/suspend"    Suspend      => admin::suspend;
    post "/api/v1/admin/people/{user}/restore"    Suspend      => admin::lift_suspension;
    post "/api/v1/admin/people/{user}/sign-out"   Suspend      => door::sign_out;
    post "/api/v1/admin/people/{user}/reset-link" ResetLink    => door::reset_link;
    get  "/api/v1/admin/invitations"              Invite       => door::invitations;
    post "/api/v1/admin/invitations"              Invite       => door::invite;
    post "/api/v1/admin/invitations/{invitation}/revoke" Invite => door::revoke;
    get  "/api/v1/admin/knocks"                   Admit        => door::knocks;
    post "/api/v1/admin/knocks/decline"           Admit        => door::decline_all;
    post "/api/v1/admin/knocks/{knock}/admit"     Admit        => door::admit;
    post "/api/v1/admin/knocks/{knock}/decline"   Admit        => door::decline;
    post "/api/v1/admin/house"                    SetHouse     => door::set_house;
    get  "/api/v1/admin/rooms"                    ListAllRooms => admin::all_rooms;
    post "/api/v1/admin/rooms/{room}/archive"     ArchiveRoom  => admin::archive;
    post "/api/v1/admin/rooms/{room}/restore"     RestoreRoom  => admin::restore;
    get  "/api/v1/admin/reports"                  Reports      => admin::reports;
    post "/api/v1/admin/reports/{report}/settle"  Reports      => admin::settle;
    get  "/api/v1/admin/acts"                     ReadActs     => admin::acts;
}
