//! How a client of the tutorial's wire comes into the lobby.

use std::rc::Rc;

use parlour_engine::hub::Key;
use parlour_protocol::RoomState;
use parlour_protocol::close::CloseCode;
use tokio::task::spawn_local;

use super::shard::Local;

impl Local {
    /// Puts a classic client into the lobby, which may have to be read first.
    pub(super) fn enter_classic(self: &Rc<Self>, key: Key) {
        if self.open_classic(key, None) {
            return;
        }
        let local = Rc::clone(self);
        spawn_local(async move {
            match local.engine.lobby().await {
                Ok(lobby) => drop(local.open_classic(key, Some(&lobby))),
                Err(_) => local.close(key, CloseCode::Internal),
            }
            local.turn.notify_one();
        });
    }

    fn open_classic(&self, key: Key, lobby: Option<&RoomState>) -> bool {
        let now_ms = self.now_ms();
        let mut inner = self.inner.borrow_mut();
        let opened = inner.hub.open_classic(key, lobby);
        if opened {
            inner.hub.classic_joined(key, now_ms);
            inner.hub.arrived(key, now_ms);
        }
        opened
    }
}
