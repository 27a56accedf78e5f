//! What the command line did in the file of this house while it runs (`parlour room`): looked for twice a second, so that
//! rooms hear of it and the sockets of people who were suspended close within a second, as if it had been done in the house.

use std::rc::Rc;

use super::shard::Local;

impl Local {
    /// Looks whether something was done. Compares heads and sessions with the store when there was.
    pub(super) async fn look_for_errands(self: Rc<Self>) {
        let Some(errands) = self.engine.errands().await else { return };
        let before = self.inner.borrow_mut().errands.replace(errands);
        if before == Some(errands) {
            return;
        }
        self.engine.forget_sessions();
        if let Some((epoch, heads)) = self.engine.heads().await
            && self.inner.borrow_mut().hub.digest(&epoch, &heads).is_err()
        {
            return self.begin_epoch();
        }
        self.turn.notify_one();
        self.look_up_sessions().await;
    }
}
