//! Who is at the other end, through proxies that are trusted and no others (S07).

use std::net::IpAddr;
use std::str::FromStr;

use axum::http::HeaderMap;

/// Headers that only a proxy adds.
const OF_PROXIES: [&str; 4] = ["x-forwarded-for", "forwarded", "x-real-ip", "via"];

/// An address, or all that share its first bits: `10.0.0.0/8`, `::1`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Network {
    address: IpAddr,
    bits: u32,
}

impl Network {
    /// Whether an address is one of these.
    #[must_use]
    pub fn holds(&self, address: IpAddr) -> bool {
        match (self.address, address.to_canonical()) {
            (IpAddr::V4(ours), IpAddr::V4(theirs)) => {
                let shift = 32 - self.bits;
                ours.to_bits().checked_shr(shift) == theirs.to_bits().checked_shr(shift)
            }
            (IpAddr::V6(ours), IpAddr::V6(theirs)) => {
                let shift = 128 - self.bits;
                ours.to_bits().checked_shr(shift) == theirs.to_bits().checked_shr(shift)
            }
            _ => false,
        }
    }
}

impl FromStr for Network {
    type Err = String;

    fn from_str(text: &str) -> Result<Network, String> {
        let wrong = || format!("{text} is neither an address nor a network such as 10.0.0.0/8");
        let (address, bits) = text.split_once('/').map_or((text, None), |(address, bits)| (address, Some(bits)));
        let address: IpAddr = address.parse().map_err(|_| wrong())?;
        let most = if address.is_ipv4() { 32 } else { 128 };
        let bits = bits.map_or(Ok(most), |bits| bits.parse().map_err(|_| wrong()))?;
        if bits > most { Err(wrong()) } else { Ok(Network { address, bits }) }
    }
}

/// Where a request comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Caller {
    /// The client's own address as far as it can be trusted; limits count by it.
    pub(crate) address: IpAddr,
    /// It comes from this very machine and through no proxy.
    pub(crate) local: bool,
}

/// Reads a request's way from right to left, as far as each hop is trusted.
pub(crate) fn caller(trusted: &[Network], peer: IpAddr, headers: &HeaderMap) -> Caller {
    let is_trusted = |address: IpAddr| trusted.iter().any(|network| network.holds(address));
    let through_proxy = OF_PROXIES.iter().any(|name| headers.contains_key(*name));
    let lines = headers.get_all("x-forwarded-for").iter().filter_map(|value| value.to_str().ok());
    let hops: Vec<&str> = lines.flat_map(|line| line.split(',')).map(str::trim).collect();
    let mut address = peer.to_canonical();
    for hop in hops.into_iter().rev() {
        let Some(before) = parse_hop(hop).filter(|_| is_trusted(address)) else { break };
        address = before.to_canonical();
    }
    Caller { address, local: address.is_loopback() && !through_proxy }
}

/// `192.0.2.7`, `192.0.2.7:443`, `2001:db8::1` or `[2001:db8::1]:443`.
fn parse_hop(hop: &str) -> Option<IpAddr> {
    let plain = hop.parse().ok();
    plain.or_else(|| hop.parse::<std::net::SocketAddr>().ok().map(|with_port| with_port.ip()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn called(trusted: &[&str], peer: &str, forwarded: &[&str]) -> Caller {
        let trusted: Vec<Network> = trusted.iter().map(|network| network.parse().unwrap()).collect();
        let mut headers = HeaderMap::new();
        for line in forwarded {
            headers.append("x-forwarded-for", line.parse().unwrap());
        }
        caller(&trusted, peer.parse().unwrap(), &headers)
    }

    fn at(address: &str, local: bool) -> Caller {
        Caller { address: address.parse().unwrap(), local }
    }

    #[test]
    fn s07_what_a_stranger_says_of_its_way_is_not_believed() {
        assert_eq!(called(&[], "192.0.2.7", &["127.0.0.1"]), at("192.0.2.7", false));
        assert_eq!(called(&["10.0.0.0/8"], "192.0.2.7", &["127.0.0.1"]), at("192.0.2.7", false));
        assert_eq!(called(&[], "127.0.0.1", &[]), at("127.0.0.1", true));
        assert_eq!(called(&[], "127.0.0.1", &["127.0.0.1"]), at("127.0.0.1", false), "a proxy stands between");
    }

    #[test]
    fn s07_a_trusted_proxy_is_believed_as_far_as_it_saw() {
        let proxies = ["127.0.0.1", "10.0.0.0/8"];
        assert_eq!(called(&proxies, "127.0.0.1", &["203.0.113.9"]), at("203.0.113.9", false));
        let spoofed = ["127.0.0.1, 203.0.113.9", "10.1.2.3"];
        assert_eq!(called(&proxies, "127.0.0.1", &spoofed), at("203.0.113.9", false));
        assert_eq!(called(&proxies, "127.0.0.1", &["203.0.113.9, junk"]), at("127.0.0.1", false));
        assert_eq!(called(&proxies, "::ffff:10.9.9.9", &["[2001:db8::1]:443"]), at("2001:db8::1", false));
    }

    #[test]
    fn a_network_is_read_strictly() {
        for wrong in ["", "10.0.0.0/33", "10.0.0/8", "::1/129", "localhost", "10.0.0.0/-1"] {
            assert!(wrong.parse::<Network>().is_err(), "{wrong}");
        }
        let everyone: Network = "0.0.0.0/0".parse().unwrap();
        assert!(everyone.holds("203.0.113.9".parse().unwrap()) && !everyone.holds("::1".parse().unwrap()));
    }
}
