//! Every setting: what it means, its unit, its default. A flag wins over PARLOUR_…, that over parlour.toml.

use std::net::{IpAddr, SocketAddr};
use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};
use parlour_protocol::limits;
use parlour_protocol::user::Door;
use serde::Deserialize;

use parlour_engine::oidc::Settings;

use crate::caller::Network;
use crate::providers::{self, ProviderFlags, Section};

/// Variables that are ours and no setting.
const OTHER_VARIABLES: [&str; 2] = ["PARLOUR_CONFIG", "PARLOUR_LOG"];

/// How a stranger may enter, on the command line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DoorFlag {
    /// A name is enough
    Open,
    /// Only with an invitation
    Invitation,
    /// By asking to be let in
    Approval,
}

/// The data folder, where none is named.
pub const FOLDER: &str = "./parlour-data";

/// A switch, on the command line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Switch {
    /// Yes
    On,
    /// No
    Off,
}

/// How log lines look.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LogFormat {
    /// Text for people
    Text,
    /// One JSON object a line
    Json,
}

/// The settings as they may be given; the same names in all three places.
#[derive(Args, Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Flags {
    /// The address to serve on; its own machine only, unless told otherwise [default: 127.0.0.1:8080]
    #[arg(long, global = true, env = "PARLOUR_LISTEN", value_name = "ADDR", help_heading = "Where")]
    listen: Option<SocketAddr>,
    /// The folder of the house's data; made when missing [default: ./parlour-data]
    #[arg(long, global = true, env = "PARLOUR_DATA", value_name = "DIR", help_heading = "Where")]
    data: Option<PathBuf>,
    /// The address people type, when a proxy stands before this server, such as https://chat.example.org
    #[arg(long, global = true, env = "PARLOUR_PUBLIC_URL", value_name = "URL", help_heading = "Where")]
    public_url: Option<String>,
    /// Serve plain HTTP beyond this machine: for a proxy that speaks TLS, or a network you trust
    #[arg(
        long, global = true, env = "PARLOUR_ALLOW_PLAIN_HTTP", num_args = 0..=1, default_missing_value = "true", value_name = "BOOL",
        help_heading = "Where"
    )]
    allow_plain_http: Option<bool>,
    /// Proxies whose X-Forwarded-For is believed: addresses or networks, with commas between [default: none]
    #[arg(
        long,
        global = true,
        env = "PARLOUR_TRUSTED_PROXIES",
        value_name = "NETWORKS",
        value_delimiter = ',',
        help_heading = "Where"
    )]
    trusted_proxies: Option<Vec<String>>,
    /// Who may come in [default: open on a loopback address, else invitation]
    #[arg(long, global = true, env = "PARLOUR_DOOR", help_heading = "House")]
    door: Option<DoorFlag>,
    /// The name of the house [default: Parlour]
    #[arg(long, global = true, env = "PARLOUR_HOUSE_NAME", value_name = "NAME", help_heading = "House")]
    house_name: Option<String>,
    /// Show what is behind the links people post: the house asks for those pages itself, and for nothing that is not on the Internet.
    /// Until the owner says otherwise in the house's settings [default: on]
    #[arg(long, global = true, env = "PARLOUR_LINK_CARDS", help_heading = "House")]
    link_cards: Option<Switch>,
    /// Hosts of your own network whose pages may be shown on link cards too, with commas between: wiki.internal or
    /// wiki.internal:8080 [default: none]
    #[arg(
        long,
        global = true,
        env = "PARLOUR_CARD_HOSTS",
        value_name = "HOSTS",
        value_delimiter = ',',
        help_heading = "House"
    )]
    card_hosts: Option<Vec<String>>,
    /// Rate limits and caps per address and person; off for a benchmark only [default: on]
    #[arg(long, global = true, env = "PARLOUR_RATE_LIMITS", help_heading = "Running")]
    rate_limits: Option<Switch>,
    /// Compress messages for clients that offer permessage-deflate; costs CPU for each message of a room [default: off]
    #[arg(long, global = true, env = "PARLOUR_COMPRESSION", help_heading = "Running")]
    compression: Option<Switch>,
    /// Connections of one address, signed in [default: 2000]
    #[arg(long, global = true, env = "PARLOUR_CONNECTIONS_PER_ADDRESS", value_name = "N", help_heading = "Running")]
    connections_per_address: Option<usize>,
    /// Connections of one address, not signed in [default: 64]
    #[arg(
        long,
        global = true,
        env = "PARLOUR_ANONYMOUS_CONNECTIONS_PER_ADDRESS",
        value_name = "N",
        help_heading = "Running"
    )]
    anonymous_connections_per_address: Option<usize>,
    /// How log lines look [default: text on a terminal, else json]
    #[arg(long, global = true, env = "PARLOUR_LOG_FORMAT", help_heading = "Running")]
    log_format: Option<LogFormat>,
    /// The file with settings [default: ./parlour.toml where there is one]
    #[arg(long, global = true, env = "PARLOUR_CONFIG", value_name = "FILE", help_heading = "Running")]
    #[serde(skip)]
    config: Option<PathBuf>,
    #[command(flatten)]
    #[serde(skip)]
    provider: ProviderFlags,
    #[arg(skip)]
    #[serde(default)]
    oidc: Vec<Section>,
}

impl Flags {
    /// These, and where they are silent, those of `other`.
    #[must_use]
    pub fn over(self, other: Flags) -> Flags {
        Flags {
            listen: self.listen.or(other.listen),
            data: self.data.or(other.data),
            public_url: self.public_url.or(other.public_url),
            allow_plain_http: self.allow_plain_http.or(other.allow_plain_http),
            trusted_proxies: self.trusted_proxies.or(other.trusted_proxies),
            connections_per_address: self.connections_per_address.or(other.connections_per_address),
            anonymous_connections_per_address: self
                .anonymous_connections_per_address
                .or(other.anonymous_connections_per_address),
            door: self.door.or(other.door),
            house_name: self.house_name.or(other.house_name),
            link_cards: self.link_cards.or(other.link_cards),
            card_hosts: self.card_hosts.or(other.card_hosts),
            rate_limits: self.rate_limits.or(other.rate_limits),
            compression: self.compression.or(other.compression),
            log_format: self.log_format.or(other.log_format),
            config: self.config.or(other.config),
            provider: self.provider.over(other.provider),
            oidc: if self.oidc.is_empty() { other.oidc } else { self.oidc },
        }
    }
}

/// The settings as they hold.
#[derive(Clone, Debug)]
pub struct Config {
    /// Where to listen.
    pub listen: SocketAddr,
    /// The data folder.
    pub data: PathBuf,
    /// `https://host[:port]` as people type it, when it differs from the address listened on.
    pub public_url: Option<PublicUrl>,
    /// Proxies whose `X-Forwarded-For` is believed.
    pub trusted_proxies: Vec<Network>,
    /// Connections of one address, signed in.
    pub connections_per_address: usize,
    /// Connections of one address, not signed in.
    pub anonymous_connections_per_address: usize,
    /// Who may come in.
    pub door: Door,
    /// The name of the house.
    pub house_name: String,
    /// Whether links have cards, until the owner says (CARD-1).
    pub link_cards: bool,
    /// Hosts of the own network whose pages may be shown on them.
    pub card_hosts: Vec<String>,
    /// Whether rate limits and caps hold.
    pub rate_limits: bool,
    /// Whether permessage-deflate is negotiated (CON-11).
    pub compression: bool,
    /// How log lines look.
    pub log_format: LogFormat,
    /// Providers of identities.
    pub providers: Vec<Settings>,
    /// How long connections may be silent.
    pub timeouts: Timeouts,
}

/// How long an HTTP connection may take, in milliseconds (S92). Not settings: tests shorten them.
#[derive(Clone, Copy, Debug)]
pub struct Timeouts {
    /// Until a request's header is complete.
    pub header_ms: u64,
    /// Until the next request on a kept-alive connection.
    pub idle_ms: u64,
}

impl Default for Timeouts {
    fn default() -> Timeouts {
        Timeouts { header_ms: limits::HEADER_TIMEOUT_MS, idle_ms: limits::IDLE_TIMEOUT_MS }
    }
}

/// An origin: scheme, host, port if it is not the scheme's own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PublicUrl {
    /// `https://chat.example.org`, lower case, as browsers send it in `Origin`.
    pub origin: String,
    /// `chat.example.org` or `chat.example.org:8443`, as browsers send it in `Host`.
    pub authority: String,
    /// Whether browsers speak TLS to it.
    pub secure: bool,
}

impl PublicUrl {
    /// Whether only this very machine can mean it.
    fn is_loopback(&self) -> bool {
        let name = self.authority.rsplit_once(':').map_or(self.authority.as_str(), |(name, _)| name);
        name == "localhost"
            || name.trim_matches(['[', ']']).parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
    }
}

impl Config {
    /// The settings of a house on a loopback address, for tests and as the base of all others.
    #[must_use]
    pub fn on_loopback(data: &Path) -> Config {
        Config {
            listen: SocketAddr::from(([127, 0, 0, 1], 8080)),
            data: data.to_owned(),
            public_url: None,
            trusted_proxies: Vec::new(),
            connections_per_address: limits::CONNECTIONS_PER_ADDRESS_MAX,
            anonymous_connections_per_address: limits::CONNECTIONS_PER_ADDRESS_ANONYMOUS_MAX,
            door: Door::Open,
            house_name: "Parlour".to_owned(),
            link_cards: true,
            card_hosts: Vec::new(),
            rate_limits: true,
            compression: false,
            log_format: LogFormat::Text,
            providers: Vec::new(),
            timeouts: Timeouts::default(),
        }
    }
}

/// Puts the settings together.
///
/// # Errors
/// One line that says which setting is wrong and what to do.
pub fn load(flags: Flags) -> Result<Config, String> {
    let file = flags.config.clone();
    let from_file = match file {
        Some(path) => read_file(&path)?,
        None if Path::new("parlour.toml").exists() => read_file(Path::new("parlour.toml"))?,
        None => Flags::default(),
    };
    let given = flags.over(from_file);
    let listen = given.listen.unwrap_or(SocketAddr::from(([127, 0, 0, 1], 8080)));
    let loopback = listen.ip().is_loopback();
    if !loopback && given.allow_plain_http != Some(true) {
        return Err(format!(
            "{listen} can be reached from other machines, and this would be plain HTTP. Put a proxy with TLS before it and \
             add --allow-plain-http and --public-url https://…, or listen on 127.0.0.1."
        ));
    }
    let public_url = given.public_url.as_deref().map(parse_public_url).transpose()?;
    let proxies = given.trusted_proxies.unwrap_or_default();
    let trusted_proxies =
        proxies.iter().map(|network| network.trim().parse()).collect::<Result<Vec<Network>, String>>();
    let trusted_proxies = trusted_proxies.map_err(|wrong| format!("--trusted-proxies: {wrong}"))?;
    let door = match given.door {
        Some(DoorFlag::Open) => Door::Open,
        Some(DoorFlag::Invitation) => Door::Invitation,
        Some(DoorFlag::Approval) => Door::Approval,
        // A house with a name of its own is meant for others, whatever address its proxy reaches it by.
        None if loopback && public_url.as_ref().is_none_or(PublicUrl::is_loopback) => Door::Open,
        None => Door::Invitation,
    };
    let terminal = std::io::IsTerminal::is_terminal(&std::io::stderr());
    Ok(Config {
        listen,
        data: given.data.unwrap_or_else(|| PathBuf::from(FOLDER)),
        public_url,
        trusted_proxies,
        connections_per_address: given.connections_per_address.unwrap_or(limits::CONNECTIONS_PER_ADDRESS_MAX),
        anonymous_connections_per_address: given
            .anonymous_connections_per_address
            .unwrap_or(limits::CONNECTIONS_PER_ADDRESS_ANONYMOUS_MAX),
        door,
        house_name: given.house_name.unwrap_or_else(|| "Parlour".to_owned()),
        link_cards: given.link_cards != Some(Switch::Off),
        card_hosts: card_hosts(given.card_hosts.unwrap_or_default())?,
        rate_limits: given.rate_limits != Some(Switch::Off),
        compression: given.compression == Some(Switch::On),
        log_format: given.log_format.unwrap_or(if terminal { LogFormat::Text } else { LogFormat::Json }),
        providers: providers::read(given.provider, given.oidc)?,
        timeouts: Timeouts::default(),
    })
}

/// Each a host, perhaps with a port: nothing before it and nothing behind it.
fn card_hosts(hosts: Vec<String>) -> Result<Vec<String>, String> {
    let hosts: Vec<String> = hosts.iter().map(|host| host.trim().to_owned()).filter(|host| !host.is_empty()).collect();
    for host in &hosts {
        let is_host = host.parse::<http::uri::Authority>().is_ok_and(|authority| {
            !host.contains('@') && (authority.port().is_none() == (authority.host().len() == host.len()))
        });
        if !is_host {
            return Err(format!("--card-hosts {host} is not of the form wiki.internal or wiki.internal:8080"));
        }
    }
    Ok(hosts)
}

/// Variables that begin with PARLOUR_ and mean nothing here: probably misspelt.
#[must_use]
pub fn unknown_variables() -> Vec<String> {
    let command = Flags::augment_args(clap::Command::new("parlour"));
    let known: Vec<String> =
        command.get_arguments().filter_map(|argument| argument.get_env()?.to_str().map(str::to_owned)).collect();
    let ours = std::env::vars_os().filter_map(|(name, _)| name.into_string().ok());
    ours.filter(|name| name.starts_with("PARLOUR_"))
        .filter(|name| !known.contains(name) && !OTHER_VARIABLES.contains(&name.as_str()))
        .collect()
}

fn read_file(path: &Path) -> Result<Flags, String> {
    let text = std::fs::read_to_string(path).map_err(|error| format!("cannot read {}: {error}", path.display()))?;
    toml::from_str(&text).map_err(|error| describe(path, &text, &error))
}

/// One line: what the parser draws over several belongs on a screen, not into a log.
fn describe(path: &Path, text: &str, error: &toml::de::Error) -> String {
    let before = error.span().and_then(|span| text.get(..span.start)).unwrap_or_default();
    let line = before.lines().count().max(1) + usize::from(before.ends_with('\n'));
    let what = error.message().lines().collect::<Vec<_>>().join(" ");
    format!("{}, line {line}, is not right: {what}. Mend it, or see parlour --help.", path.display())
}

fn parse_public_url(text: &str) -> Result<PublicUrl, String> {
    let wrong = || format!("--public-url {text} is not of the form https://chat.example.org");
    let uri: http::Uri = text.parse().map_err(|_| wrong())?;
    let (Some(scheme), Some(authority)) = (uri.scheme_str(), uri.authority()) else { return Err(wrong()) };
    if !matches!(scheme, "http" | "https") || !matches!(uri.path(), "" | "/") || authority.as_str().contains('@') {
        return Err(wrong());
    }
    let own_port = if scheme == "https" { ":443" } else { ":80" };
    let authority = authority.as_str().to_ascii_lowercase();
    let authority = authority.strip_suffix(own_port).unwrap_or(&authority).to_owned();
    Ok(PublicUrl { origin: format!("{scheme}://{authority}"), authority, secure: scheme == "https" })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn flags(toml: &str) -> Flags {
        toml::from_str(toml).unwrap()
    }

    #[test]
    fn s08_a_public_address_needs_to_be_asked_for_and_then_starts_by_invitation() {
        let refused = load(flags("listen = '0.0.0.0:8080'")).unwrap_err();
        assert!(refused.contains("--allow-plain-http"), "{refused}");
        let config = load(flags("listen = '0.0.0.0:8080'\nallow_plain_http = true")).unwrap();
        assert_eq!(config.door, Door::Invitation);
        let open = load(flags("listen = '0.0.0.0:8080'\nallow_plain_http = true\ndoor = 'open'")).unwrap();
        assert_eq!(open.door, Door::Open);
        assert_eq!(load(flags("listen = '[::1]:1'")).unwrap().door, Door::Open);
        let behind = |url: &str| load(flags(&format!("public_url = '{url}'"))).unwrap().door;
        assert_eq!(behind("https://chat.example.org"), Door::Invitation, "a proxy on this machine serves the world");
        assert_eq!(behind("http://localhost:8080"), Door::Open);
    }

    #[test]
    fn a_flag_wins_over_the_file_and_a_misspelt_line_is_an_error_with_its_place() {
        let flag = Flags { house_name: Some("Ours".to_owned()), ..Flags::default() };
        assert_eq!(flag.over(flags("house_name = 'Theirs'")).house_name.as_deref(), Some("Ours"));
        let error = toml::from_str::<Flags>("\nlisten_on = '127.0.0.1:1'").unwrap_err().to_string();
        assert!(error.contains("line 2") && error.contains("listen_on"), "{error}");
    }

    #[test]
    fn s83_a_host_for_cards_is_named_by_itself() {
        let hosts = |list: &str| load(flags(&format!("card_hosts = {list}"))).map(|config| config.card_hosts);
        let named = ["wiki.internal", "10.0.0.7:8080", "[fd00::1]:80"];
        assert_eq!(hosts("['wiki.internal', ' 10.0.0.7:8080 ', '[fd00::1]:80', '']").unwrap(), named);
        assert!(load(flags("")).unwrap().card_hosts.is_empty());
        for wrong in [
            "http://wiki.internal",
            "wiki.internal/x",
            "a@wiki.internal",
            "wiki.internal:http",
            "wiki internal",
            "wiki.internal:",
        ] {
            assert!(hosts(&format!("['{wrong}']")).unwrap_err().contains("--card-hosts"), "{wrong}");
        }
    }

    #[test]
    fn a_public_url_is_an_origin() {
        let url = parse_public_url("https://Chat.Example.org:443/").unwrap();
        assert_eq!((url.origin.as_str(), url.secure), ("https://chat.example.org", true));
        for wrong in ["chat.example.org", "ftp://x", "https://a@b", "https://x/chat", ""] {
            assert!(parse_public_url(wrong).is_err(), "{wrong}");
        }
    }
}
