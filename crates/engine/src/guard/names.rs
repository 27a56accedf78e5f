//! Names of hosts: which are asked about at all, and by whom.

use std::io;
use std::net::{IpAddr, UdpSocket};

use futures_util::future::BoxFuture;

/// Ends of names that nobody on the Internet has (RFC 6761, 6762, 7686, 8375, 9476, and `.internal`).
const INNER: [&str; 10] =
    ["localhost", "local", "internal", "home.arpa", "onion", "test", "example", "invalid", "alt", "localdomain"];

/// What says the addresses of a name.
pub(crate) trait Names: Send + Sync {
    /// All of them. One question: whoever connects uses the answer and asks nobody again (S84).
    fn look_up(&self, name: &str) -> BoxFuture<'static, io::Result<Vec<IpAddr>>>;
}

/// The system, as it is set up.
pub(crate) struct System;

impl Names for System {
    fn look_up(&self, name: &str) -> BoxFuture<'static, io::Result<Vec<IpAddr>>> {
        let name = name.to_owned();
        Box::pin(async move {
            // The port is nothing to a name.
            let found = tokio::net::lookup_host((name, 0)).await?;
            Ok(found.map(|address| address.ip()).collect())
        })
    }
}

/// A name without the dot that may end it.
pub(super) fn bare(name: &str) -> &str {
    name.strip_suffix('.').unwrap_or(name)
}

/// Whether a name, in small letters, can be one of the Internet. One of a single word is one of the network the house is in.
pub(super) fn may_be_public(name: &str) -> bool {
    let name = bare(name);
    let is_inner =
        INNER.iter().any(|end| name.strip_suffix(end).is_some_and(|rest| rest.is_empty() || rest.ends_with('.')));
    name.contains('.') && !name.ends_with('.') && !is_inner
}

/// Whether this machine has the address itself: then the way there begins at its end. Nothing is sent.
pub(super) fn is_own(address: IpAddr) -> bool {
    let here: IpAddr = if address.is_ipv4() { [0, 0, 0, 0].into() } else { [0_u16; 8].into() };
    let way = UdpSocket::bind((here, 0)).and_then(|socket| {
        socket.connect((address, 9))?;
        socket.local_addr()
    });
    way.is_ok_and(|from| from.ip() == address)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn s83_names_of_this_machine_and_its_network_are_not_asked_about() {
        for inner in [
            "localhost",
            "localhost.",
            "a.localhost",
            "router",
            "printer.local",
            "metadata.google.internal",
            "db.internal.",
            "nas.home.arpa",
            "x.onion",
            "a..",
            ".",
        ] {
            assert!(!may_be_public(inner), "{inner}");
        }
        for public in ["example.org", "example.org.", "notlocal.org", "mylocalhost.net", "xn--bcher-kva.example.com"] {
            assert!(may_be_public(public), "{public}");
        }
    }

    #[test]
    fn s83_an_address_of_the_machine_itself_is_known_as_one() {
        assert!(is_own([127, 0, 0, 1].into()));
        assert!(!is_own([192, 175, 48, 1].into()));
    }
}
