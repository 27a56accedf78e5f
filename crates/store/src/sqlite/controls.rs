//! Remedies that a test switches off to see that it would notice. Only with the feature `controls`, which no release has:
//! without it [`is_off`] is a constant.

/// Whether a remedy was switched off by name in `PARLOUR_WITHOUT`: `full_sync`, `stop_on_io_error`, `clamped_time` or
/// `space_margin`.
#[cfg(feature = "controls")]
pub(super) fn is_off(remedy: &str) -> bool {
    std::env::var("PARLOUR_WITHOUT").is_ok_and(|names| names.split(',').any(|name| name == remedy))
}

/// Never.
#[cfg(not(feature = "controls"))]
pub(super) const fn is_off(_remedy: &str) -> bool {
    false
}
