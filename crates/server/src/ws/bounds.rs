//! How large one message may be. The feature `conformance` raises this to what the largest cases of the Autobahn suite send
//! (its part 9); nothing else differs in that build, and it is never released.

#[cfg(not(feature = "conformance"))]
pub(super) use parlour_protocol::limits::{FRAGMENTS_MAX, FRAME_BYTES_MAX};

#[cfg(feature = "conformance")]
pub(super) const FRAME_BYTES_MAX: usize = 16 * 1024 * 1024;
#[cfg(feature = "conformance")]
pub(super) const FRAGMENTS_MAX: u32 = 1 << 20;
