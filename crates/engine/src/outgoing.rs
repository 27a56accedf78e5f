//! The requests that the house makes itself. Each goes to a host that was named in its settings and to no other, over TLS
//! (plain only on this very machine), by no proxy, after no redirect, and has an end in time and in bytes.

use std::sync::OnceLock;
use std::time::Duration;

use parlour_protocol::limits;
use reqwest::redirect::Policy;
use reqwest::{Client, Request, Url};
use tokio::sync::Semaphore;

/// So many are under way at once; one more is not made.
const OUTGOING_MAX: usize = 32;

/// Why there is no answer.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum NoAnswer {
    /// An address that the settings do not allow; the host is said, for whoever mends them.
    #[error("{0} is not among the hosts that may be asked")]
    Host(String),
    /// It could not be reached, or took too long.
    #[error("it does not answer")]
    Silent,
    /// It answered more than anybody needs.
    #[error("it answers too much")]
    TooMuch,
    /// Too many are asked already.
    #[error("too many requests are under way")]
    Busy,
}

/// Where requests may go: names with their ports, in small letters.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Hosts(Vec<String>);

impl Hosts {
    /// That of an address, and others by `name` or `name:port`.
    pub(crate) fn of(address: &Url, others: &[String]) -> Hosts {
        let with_port = |host: &String| {
            let host = host.to_ascii_lowercase();
            if host.contains(':') { host } else { format!("{host}:443") }
        };
        Hosts(authority(address).into_iter().chain(others.iter().map(with_port)).collect())
    }

    /// Whether an address may be asked.
    pub(crate) fn allow(&self, address: &Url) -> Result<(), NoAnswer> {
        let asked = authority(address).filter(|asked| self.0.contains(asked));
        let plain = address.username().is_empty() && address.password().is_none();
        match asked {
            Some(_) if plain && is_safe(address) => Ok(()),
            _ => Err(NoAnswer::Host(authority(address).unwrap_or_default())),
        }
    }
}

fn authority(address: &Url) -> Option<String> {
    Some(format!("{}:{}", address.host_str()?.to_ascii_lowercase(), address.port_or_known_default()?))
}

/// Whether nobody between can read what is said: TLS, or the same machine.
pub(crate) fn is_safe(address: &Url) -> bool {
    let loopback = match address.host() {
        Some(openidconnect::url::Host::Domain(name)) => name == "localhost",
        Some(openidconnect::url::Host::Ipv4(ip)) => ip.is_loopback(),
        Some(openidconnect::url::Host::Ipv6(ip)) => ip.is_loopback(),
        None => false,
    };
    address.scheme() == "https" || (address.scheme() == "http" && loopback)
}

/// The client, which begins with the first request.
pub(crate) struct Outgoing {
    client: OnceLock<Option<Client>>,
    places: Semaphore,
}

impl Default for Outgoing {
    fn default() -> Outgoing {
        Outgoing { client: OnceLock::new(), places: Semaphore::new(OUTGOING_MAX) }
    }
}

impl Outgoing {
    /// Asks, where that is allowed, and reads the answer to its end.
    pub(crate) async fn ask(
        &self,
        hosts: &Hosts,
        request: http::Request<Vec<u8>>,
    ) -> Result<http::Response<Vec<u8>>, NoAnswer> {
        let request = Request::try_from(request).map_err(|_| NoAnswer::Host(String::new()))?;
        // The very address that is asked is looked at, not another reading of it.
        hosts.allow(request.url())?;
        let _place = self.places.try_acquire().map_err(|_| NoAnswer::Busy)?;
        let client = self.client.get_or_init(client).as_ref().ok_or(NoAnswer::Silent)?;
        let mut answer = client.execute(request).await.map_err(|_| NoAnswer::Silent)?;
        let mut body = Vec::new();
        while let Some(part) = answer.chunk().await.map_err(|_| NoAnswer::Silent)? {
            if body.len() + part.len() > limits::OIDC_ANSWER_BYTES_MAX {
                return Err(NoAnswer::TooMuch);
            }
            body.extend_from_slice(&part);
        }
        let mut response = http::Response::new(body);
        *response.status_mut() = answer.status();
        *response.headers_mut() = answer.headers().clone();
        Ok(response)
    }
}

fn client() -> Option<Client> {
    let made = Client::builder()
        .redirect(Policy::none())
        .no_proxy()
        .timeout(Duration::from_millis(limits::OIDC_ANSWER_MS))
        .user_agent(concat!("Parlour/", env!("CARGO_PKG_VERSION")))
        .build();
    made.inspect_err(|error| tracing::error!(%error, "no request can be made: the system's authorities cannot be read"))
        .ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn oidc_8_only_hosts_of_the_settings_are_asked_over_tls_or_on_this_machine() {
        let url = |text: &str| Url::parse(text).unwrap();
        let hosts =
            Hosts::of(&url("https://id.example.org/realm"), &["keys.example.org".to_owned(), "a.b:8443".to_owned()]);
        for good in [
            "https://id.example.org/token",
            "https://ID.example.org:443/",
            "https://keys.example.org/x",
            "https://a.b:8443",
        ] {
            assert_eq!(hosts.allow(&url(good)), Ok(()), "{good}");
        }
        for evil in [
            "http://id.example.org/token",
            "https://id.example.org:8443/",
            "https://id.example.org.evil/",
            "https://evil/?id.example.org",
            "https://id.example.org@evil/",
            "https://user@id.example.org/",
            "https://169.254.169.254/latest",
            "http://127.0.0.1/",
            "https://a.b/",
            "ftp://id.example.org/",
            "file:///etc/passwd",
        ] {
            assert!(hosts.allow(&url(evil)).is_err(), "{evil}");
        }
        let here = Hosts::of(&url("http://127.0.0.1:4000"), &[]);
        assert_eq!(here.allow(&url("http://127.0.0.1:4000/jwks")), Ok(()));
        for other in ["http://127.0.0.1:4001/jwks", "http://localhost:4000/jwks", "http://0x7f.1:80/"] {
            assert!(here.allow(&url(other)).is_err(), "{other}");
        }
    }
}
