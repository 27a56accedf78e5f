//! Asking for what somebody typed: an address that anybody may have made up is asked for so that nothing is reached but the
//! Internet (S83 to S86). Every hop is judged anew from the beginning: the scheme, the port, the host, and each address of its name
//! after it was looked up, once; the connection then goes to the very addresses that were judged. Nothing is sent that says more
//! than which program asks.
//!
//! [`addresses`] what is on the Internet · [`names`] which names are asked about.

pub(crate) mod addresses;
pub(crate) mod names;

use std::net::{IpAddr, SocketAddr};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use parlour_protocol::limits;
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use reqwest::header::{ACCEPT, CONTENT_ENCODING, CONTENT_TYPE, LOCATION};
use reqwest::redirect::Policy;
use reqwest::{Client, Response, Url};
use tokio::time::{Instant, timeout_at};
use url::Host;

use addresses::is_public;
use names::{Names, bare, is_own, may_be_public};

/// Where what is public is asked for.
const PORTS: [u16; 2] = [80, 443];
/// What a page is, and what a picture is; its bytes say later whether it is one.
const ACCEPTED: &str = "text/html, image/*";

/// Why there is no answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Unfetched {
    /// It leads where nobody may be led.
    #[error("the address leads to no public page")]
    Address,
    /// It could not be reached, took too long, or said no.
    #[error("there is no answer")]
    Silent,
    /// What came is neither a page nor a picture, or packed.
    #[error("it is neither a page nor a picture")]
    Kind,
    /// A picture of more bytes than anybody needs.
    #[error("it is too large")]
    TooMuch,
    /// It leads on and on.
    #[error("it leads elsewhere too often")]
    Redirects,
}

/// What an answer says it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Page,
    Picture,
}

/// What came.
#[derive(Clone, Debug)]
pub(crate) struct Fetched {
    /// Where from, after every hop.
    pub(crate) address: Url,
    pub(crate) kind: Kind,
    /// How the bytes of a page are to be read, as far as it was said beside them.
    pub(crate) charset: Option<String>,
    /// A page may be cut at [`limits::CARD_BYTES_MAX`].
    pub(crate) body: Vec<u8>,
}

/// A host that the settings name as one of the own network that may be asked all the same.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Inside {
    host: String,
    /// None for either of the ports of the web.
    port: Option<u16>,
}

/// What may be reached, and how it is asked.
pub(crate) struct Guard {
    inside: Vec<Inside>,
    /// By what names the house itself goes.
    own: Vec<String>,
    ports: Vec<u16>,
    names: Arc<dyn Names>,
    /// For what is on the Internet, and for hosts of the settings; each begins with the first request.
    public: OnceLock<Option<Client>>,
    trusted: OnceLock<Option<Client>>,
}

impl Guard {
    /// One that asks the system for addresses. `inside` are hosts with or without a port, `own` names of the house.
    pub(crate) fn new(inside: &[String], own: &[String]) -> Guard {
        Guard::by(Arc::new(names::System), inside, own, &PORTS)
    }

    fn by(names: Arc<dyn Names>, inside: &[String], own: &[String], ports: &[u16]) -> Guard {
        Guard {
            inside: inside.iter().map(|host| split(host)).collect(),
            own: own.iter().map(|name| bare(&split(name).host).to_owned()).collect(),
            ports: ports.to_vec(),
            names,
            public: OnceLock::new(),
            trusted: OnceLock::new(),
        }
    }

    /// Asks for a page or a picture, following at most [`limits::CARD_REDIRECTS_MAX`] redirects, until then.
    pub(crate) async fn fetch(&self, address: &str, until: Instant) -> Result<Fetched, Unfetched> {
        let mut address = Url::parse(address).map_err(|_| Unfetched::Address)?;
        for _ in 0..=limits::CARD_REDIRECTS_MAX {
            let answer = timeout_at(until, self.ask(&address)).await.map_err(|_| Unfetched::Silent)??;
            if answer.status().is_redirection() {
                let to = answer.headers().get(LOCATION).and_then(|to| std::str::from_utf8(to.as_bytes()).ok());
                let to = to.ok_or(Unfetched::Silent)?;
                address = address.join(to).map_err(|_| Unfetched::Address)?;
                continue;
            }
            return timeout_at(until, read(address, answer)).await.map_err(|_| Unfetched::Silent)?;
        }
        Err(Unfetched::Redirects)
    }

    /// One hop: judged, then asked.
    async fn ask(&self, address: &Url) -> Result<Response, Unfetched> {
        let is_trusted = self.judge(address)?;
        let client = match is_trusted {
            true => self.trusted.get_or_init(|| client(None)),
            false => self.public.get_or_init(|| client(Some(Pinned(Arc::clone(&self.names))))),
        };
        let client = client.as_ref().ok_or(Unfetched::Silent)?;
        let answer = client.get(address.clone()).header(ACCEPT, ACCEPTED).send().await.map_err(why)?;
        // What was connected to is looked at as well: whoever changes how it is done will notice.
        let reached = answer.remote_addr().map(|reached| reached.ip());
        if !is_trusted && !reached.is_some_and(is_public) {
            return Err(Unfetched::Address);
        }
        Ok(answer)
    }

    /// Whether an address may be asked for; true where the settings name its host. What a name leads to is judged when it is looked
    /// up, which never happens for an address by number: that is judged here.
    fn judge(&self, address: &Url) -> Result<bool, Unfetched> {
        let has_credentials = !address.username().is_empty() || address.password().is_some();
        let port = address.port_or_known_default().unwrap_or_default();
        let (Some(host), true, false) = (address.host(), matches!(address.scheme(), "http" | "https"), has_credentials)
        else {
            return Err(Unfetched::Address);
        };
        let text = host.to_string();
        if self.inside.iter().any(|inside| inside.is(bare(&text), port)) {
            return Ok(true);
        }
        let may_be_asked = self.ports.contains(&port)
            && match host {
                Host::Domain(name) => may_be_public(name) && !self.own.iter().any(|own| own == bare(name)),
                Host::Ipv4(address) => may_be_reached(address.into()),
                Host::Ipv6(address) => may_be_reached(address.into()),
            };
        if may_be_asked { Ok(false) } else { Err(Unfetched::Address) }
    }
}

impl Inside {
    fn is(&self, host: &str, port: u16) -> bool {
        bare(&self.host) == host && self.port.map_or(PORTS.contains(&port), |own| own == port)
    }
}

/// `name`, `name:port`, `1.2.3.4:port`, `[::1]:port`.
fn split(entry: &str) -> Inside {
    let entry = entry.to_ascii_lowercase();
    match entry.rsplit_once(':') {
        Some((host, port)) if !host.is_empty() && !port.ends_with(']') => match port.parse() {
            Ok(port) => Inside { host: host.to_owned(), port: Some(port) },
            Err(_) => Inside { host: entry, port: None },
        },
        _ => Inside { host: entry, port: None },
    }
}

fn may_be_reached(address: IpAddr) -> bool {
    is_public(address) && !is_own(address)
}

/// Looks a name up once and gives exactly what it judged. One address among them that is nobody's makes all of them suspect (S86).
struct Pinned(Arc<dyn Names>);

impl Resolve for Pinned {
    fn resolve(&self, name: Name) -> Resolving {
        let looked_up = self.0.look_up(name.as_str());
        Box::pin(async move {
            let found = looked_up.await?;
            if found.is_empty() || !found.iter().all(|address| may_be_reached(*address)) {
                return Err(Unfetched::Address.into());
            }
            // The port is that of the address that is asked for.
            Ok(Box::new(found.into_iter().map(|address| SocketAddr::new(address, 0))) as Addrs)
        })
    }
}

fn client(pinned: Option<Pinned>) -> Option<Client> {
    let mut builder = Client::builder()
        .redirect(Policy::none())
        .no_proxy()
        .referer(false)
        // Each request looks its host up itself: a connection that was kept would be to what another one judged.
        .pool_max_idle_per_host(0)
        .timeout(Duration::from_millis(limits::CARD_MS))
        .user_agent(concat!("Parlour/", env!("CARGO_PKG_VERSION"), " (link card)"));
    if let Some(pinned) = pinned {
        builder = builder.dns_resolver(pinned);
    }
    let made = builder.build();
    made.inspect_err(
        |error| tracing::error!(%error, "no link can be looked at: the system's authorities cannot be read"),
    )
    .ok()
}

/// What a request failed of: whether it was the guard that said no.
fn why(error: reqwest::Error) -> Unfetched {
    let mut cause: Option<&dyn std::error::Error> = Some(&error);
    while let Some(error) = cause {
        if let Some(unfetched) = error.downcast_ref::<Unfetched>() {
            return *unfetched;
        }
        cause = error.source();
    }
    Unfetched::Silent
}

async fn read(address: Url, mut answer: Response) -> Result<Fetched, Unfetched> {
    if answer.status() != reqwest::StatusCode::OK {
        return Err(Unfetched::Silent);
    }
    // It was not asked to be packed: what is small and unpacks to gigabytes is not unpacked at all.
    let is_packed = answer.headers().get(CONTENT_ENCODING).is_some_and(|encoding| encoding != "identity");
    let said =
        answer.headers().get(CONTENT_TYPE).and_then(|said| said.to_str().ok()).unwrap_or_default().to_ascii_lowercase();
    let (kind, rest) = said.split_once(';').unwrap_or((&said, ""));
    let kind = match kind.trim() {
        "text/html" | "application/xhtml+xml" if !is_packed => Kind::Page,
        image if image.starts_with("image/") && !is_packed => Kind::Picture,
        _ => return Err(Unfetched::Kind),
    };
    let charset = rest.split(';').find_map(|part| part.trim().strip_prefix("charset="));
    let charset = charset.map(|name| name.trim_matches(['"', '\'']).to_owned());
    let mut body = Vec::new();
    while let Some(part) = answer.chunk().await.map_err(|_| Unfetched::Silent)? {
        let room = limits::CARD_BYTES_MAX - body.len();
        body.extend_from_slice(&part[..part.len().min(room)]);
        if part.len() > room {
            match kind {
                // What a page says of itself stands at its beginning.
                Kind::Page => break,
                Kind::Picture => return Err(Unfetched::TooMuch),
            }
        }
    }
    Ok(Fetched { address, kind, charset, body })
}

#[cfg(test)]
mod tests;
