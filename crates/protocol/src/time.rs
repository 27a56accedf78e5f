//! Time on the wire.

use serde::{Deserialize, Serialize};

/// Milliseconds since 1970-01-01 UTC. Never used for order: `seq` is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(type = "number"))]
#[serde(transparent)]
pub struct Timestamp(pub i64);
