//! Where a request comes from: hosts we answer to (S06), origins we trust (S01, CON-1, OLD-7).

use std::net::IpAddr;

use axum::http::{HeaderMap, header};

use crate::config::Config;

/// What an `Origin` header says about a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Origin {
    /// There is none: not a browser, or a browser's own navigation.
    Absent,
    /// The house's own page.
    Own,
    /// Another page served from this very machine, as the tutorial's is: the classic wire, as a guest.
    Loopback,
    /// Any other page.
    Foreign,
}

/// The one value of a header; none when it is absent, an error when it stands there twice or is not text.
pub(crate) fn single<'a>(headers: &'a HeaderMap, name: &header::HeaderName) -> Result<Option<&'a str>, ()> {
    let mut values = headers.get_all(name).iter();
    match (values.next(), values.next()) {
        (None, _) => Ok(None),
        (Some(value), None) => value.to_str().map(Some).map_err(drop),
        (Some(_), Some(_)) => Err(()),
    }
}

/// The house's own origin, under the name by which it was asked: the one that works for whoever asks.
pub(crate) fn own(config: &Config, headers: &HeaderMap) -> String {
    match &config.public_url {
        Some(url) => url.origin.clone(),
        None => format!("http://{}", single(headers, &header::HOST).ok().flatten().unwrap_or_default()),
    }
}

/// Judges a request's origin. `local` says that it comes from this very machine and through no proxy.
pub(crate) fn judge(config: &Config, headers: &HeaderMap, local: bool) -> Origin {
    let Ok(origin) = single(headers, &header::ORIGIN) else { return Origin::Foreign };
    let Some(origin) = origin else { return Origin::Absent };
    let host = single(headers, &header::HOST).ok().flatten().unwrap_or_default();
    if config.public_url.as_ref().is_some_and(|url| url.origin == origin) {
        return Origin::Own;
    }
    // The host was checked against the names we answer to, so its own page is ours. Behind TLS only the configured
    // origin is, since plain pages of the same name are not.
    if config.public_url.as_ref().is_none_or(|url| !url.secure || is_loopback_name(host_name(host)))
        && origin.strip_prefix("http://").is_some_and(|authority| authority.eq_ignore_ascii_case(host))
    {
        return Origin::Own;
    }
    let name = origin.strip_prefix("http://").or_else(|| origin.strip_prefix("https://")).map(host_name);
    if local && name.is_some_and(is_loopback_name) { Origin::Loopback } else { Origin::Foreign }
}

/// Whether we answer to this `Host` at all (S06): the configured name, the address listened on, and from this machine
/// itself its loopback names.
pub(crate) fn is_our_host(config: &Config, host: &str, local: bool) -> bool {
    let name = host_name(host);
    if is_loopback_name(name) {
        return local;
    }
    if let Some(url) = &config.public_url {
        return url.authority.eq_ignore_ascii_case(host) || host_name(&url.authority).eq_ignore_ascii_case(name);
    }
    // Without a configured name a house on a network is reached by address; a name might be somebody's rebinding.
    let ours = config.listen.ip();
    let address = name.trim_matches(['[', ']']).parse::<IpAddr>();
    address.is_ok_and(|address| address == ours || ours.is_unspecified())
}

/// The name in `name:port` or `[v6]:port`.
pub(crate) fn host_name(authority: &str) -> &str {
    match authority.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) && !name.ends_with(':') => name,
        _ => authority,
    }
}

pub(crate) fn is_loopback_name(name: &str) -> bool {
    name.eq_ignore_ascii_case("localhost")
        || name.trim_matches(['[', ']']).parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    fn judged(config: &Config, host: &str, origin: &str) -> Origin {
        let mut headers = HeaderMap::new();
        headers.insert(header::HOST, host.parse().unwrap());
        headers.insert(header::ORIGIN, origin.parse().unwrap());
        judge(config, &headers, true)
    }

    #[test]
    fn s01_only_the_house_s_own_page_is_own() {
        let config = Config::on_loopback(Path::new("."));
        assert_eq!(judged(&config, "127.0.0.1:8080", "http://127.0.0.1:8080"), Origin::Own);
        assert_eq!(judged(&config, "localhost:8080", "http://localhost:3000"), Origin::Loopback);
        for evil in ["https://evil.example", "null", "http://127.0.0.1.evil.example", "http://localhost.evil:8080"] {
            assert_eq!(judged(&config, "127.0.0.1:8080", evil), Origin::Foreign, "{evil}");
        }
    }

    #[test]
    fn s01_behind_tls_the_configured_origin_alone_is_own() {
        let mut config = Config::on_loopback(Path::new("."));
        config.public_url = Some(crate::config::PublicUrl {
            origin: "https://chat.example".to_owned(),
            authority: "chat.example".to_owned(),
            secure: true,
        });
        assert_eq!(judged(&config, "chat.example", "https://chat.example"), Origin::Own);
        for other in
            ["http://chat.example", "https://chat.example:444", "https://chat.example.evil", "https://Chat.example"]
        {
            assert_eq!(judged(&config, "chat.example", other), Origin::Foreign, "{other}");
        }
    }

    #[test]
    fn s06_a_stranger_s_name_for_us_is_not_answered() {
        let config = Config::on_loopback(Path::new("."));
        let (here, there) = (true, false);
        assert!(is_our_host(&config, "localhost:8080", here) && is_our_host(&config, "[::1]:8080", here));
        assert!(!is_our_host(&config, "127.0.0.1:8080", there) && !is_our_host(&config, "evil.test", here));
        assert!(!is_our_host(&config, "", here) && !is_our_host(&config, "8.8.8.8", here));
        let everywhere = Config { listen: "0.0.0.0:8080".parse().unwrap(), ..Config::on_loopback(Path::new(".")) };
        assert!(is_our_host(&everywhere, "192.0.2.1:8080", there) && !is_our_host(&everywhere, "chat.evil", there));
    }
}
