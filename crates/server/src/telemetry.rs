//! Logs: to stderr, for people on a terminal and as JSON otherwise. Never message text, tokens or addresses.

use tracing_subscriber::EnvFilter;

use crate::config::{Config, LogFormat};

/// What is logged when nothing is said. The library of passkeys calls it an error when a browser shows a wrong one: anybody's doing,
/// at any rate they like, which is answered and nothing to wake an operator for.
const USUAL: &str = "info,webauthn_rs=off,webauthn_rs_core=off,webauthn_rs_proto=off";

/// Starts logging; `PARLOUR_LOG` filters it (`debug`, `parlour_engine=trace`).
pub(crate) fn start(config: &Config) {
    let filter = EnvFilter::try_from_env("PARLOUR_LOG").unwrap_or_else(|_| EnvFilter::new(USUAL));
    let lines = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    match config.log_format {
        LogFormat::Text => lines.with_target(false).init(),
        LogFormat::Json => lines.json().flatten_event(true).init(),
    }
    for name in crate::config::unknown_variables() {
        tracing::warn!(name, "this variable begins with PARLOUR_ but is no setting; see parlour --help");
    }
    if !config.rate_limits {
        tracing::warn!("rate limits and caps are off: for a benchmark only");
    }
}
