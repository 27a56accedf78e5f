//! Every route of the house, with the act it is (docs/PERMISSIONS.md). A route cannot be written down without one, and
//! tests/matrix walks this very table.

use axum::Router;
use axum::routing::{get, post};
use parlour_engine::access::Action;

use super::{App, admin, rooms, sign_in, upgrade, web};

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
    get  "/r/{room}"                              LookAround   => web::room_page;
    get  "/r/{room}/m/{seq}"                      LookAround   => web::message_page;
    get  "/assets/{file}"                         LookAround   => web::asset;
    get  "/healthz"                               LookAround   => super::alive;
    get  "/readyz"                                LookAround   => super::ready;
    get  "/ws"                                    Connect      => upgrade::upgrade;
    get  "/api/v1/boot"                           LookAround   => rooms::boot;
    post "/api/v1/sign-in"                        EnterByName  => sign_in::sign_in;
    post "/api/v1/sign-out"                       SignOut      => sign_in::sign_out;
    get  "/api/v1/rooms"                          ListRooms    => rooms::list;
    get  "/api/v1/rooms/{room}/history"           ReadRoom     => rooms::history;
    get  "/api/v1/rooms/{room}/members"           ReadRoom     => rooms::members;
    get  "/api/v1/blocks"                         Block        => rooms::blocks;
    get  "/api/v1/admin/people"                   ListPeople   => admin::people;
    post "/api/v1/admin/people/{user}/role"       SetRole      => admin::set_role;
    post "/api/v1/admin/people/{user}/suspend"    Suspend      => admin::suspend;
    post "/api/v1/admin/people/{user}/restore"    Suspend      => admin::lift_suspension;
    get  "/api/v1/admin/rooms"                    ListAllRooms => admin::all_rooms;
    post "/api/v1/admin/rooms/{room}/archive"     ArchiveRoom  => admin::archive;
    post "/api/v1/admin/rooms/{room}/restore"     RestoreRoom  => admin::restore;
    get  "/api/v1/admin/reports"                  Reports      => admin::reports;
    post "/api/v1/admin/reports/{report}/settle"  Reports      => admin::settle;
    get  "/api/v1/admin/acts"                     ReadActs     => admin::acts;
}
