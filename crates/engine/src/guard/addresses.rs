//! Which addresses are anybody's on the Internet. What is not may be the house itself, its network, or what looks after the machine
//! it runs on (169.254.169.254), and nobody reaches these by saying something in a room (S83).
//!
//! The tables are IANA's registries of addresses with a special purpose (RFC 6890 and what was added since), and of IPv6 the one
//! part that was ever given out. An address that stands for another one (mapped, NAT64, 6to4, Teredo) is refused whatever it stands
//! for: nothing that is public needs it.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// A network and how many of its first bits name it.
type Network<Bits> = (Bits, u32);

const fn v4(a: u8, b: u8, c: u8, d: u8, bits: u32) -> Network<u32> {
    (u32::from_be_bytes([a, b, c, d]), bits)
}

/// <https://www.iana.org/assignments/iana-ipv4-special-registry>, and what is for many at once (RFC 5771).
const V4: [Network<u32>; 16] = [
    v4(0, 0, 0, 0, 8),       // this network
    v4(10, 0, 0, 0, 8),      // private (RFC 1918)
    v4(100, 64, 0, 0, 10),   // shared behind a provider's NAT (RFC 6598)
    v4(127, 0, 0, 0, 8),     // this machine
    v4(169, 254, 0, 0, 16),  // this link; there a cloud says its secrets
    v4(172, 16, 0, 0, 12),   // private
    v4(192, 0, 0, 0, 24),    // of protocols (RFC 6890)
    v4(192, 0, 2, 0, 24),    // for documents (RFC 5737)
    v4(192, 88, 99, 0, 24),  // 6to4 relays, given up (RFC 7526)
    v4(192, 168, 0, 0, 16),  // private
    v4(198, 18, 0, 0, 15),   // for benchmarks (RFC 2544)
    v4(198, 51, 100, 0, 24), // for documents
    v4(203, 0, 113, 0, 24),  // for documents
    v4(224, 0, 0, 0, 4),     // many at once
    v4(240, 0, 0, 0, 4),     // kept (RFC 1112)
    v4(255, 255, 255, 255, 32),
];

const fn v6(first: u16, second: u16, third: u16, bits: u32) -> Network<u128> {
    ((first as u128) << 112 | (second as u128) << 96 | (third as u128) << 80, bits)
}

/// What was given out of IPv6 (RFC 4291 2.4); everything else is loopback, mapped, NAT64, unique local, of a link or for many.
const V6_GIVEN: Network<u128> = v6(0x2000, 0, 0, 3);
/// <https://www.iana.org/assignments/iana-ipv6-special-registry>, within that.
const V6: [Network<u128>; 4] = [
    v6(0x2001, 0, 0, 23),      // of protocols: Teredo, benchmarks, ORCHID
    v6(0x2001, 0x0DB8, 0, 32), // for documents
    v6(0x2002, 0, 0, 16),      // 6to4, which holds an IPv4 address
    v6(0x3FFF, 0, 0, 20),      // for documents (RFC 9637)
];

/// Whether an address is on the Internet and belongs to somebody there.
pub(crate) fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => is_public_v4(address),
        IpAddr::V6(address) => is_public_v6(address),
    }
}

fn is_public_v4(address: Ipv4Addr) -> bool {
    let bits = address.to_bits();
    !V4.iter().any(|(network, length)| (bits ^ network).leading_zeros() >= *length)
}

fn is_public_v6(address: Ipv6Addr) -> bool {
    let bits = address.to_bits();
    let is_in = |(network, length): &Network<u128>| (bits ^ network).leading_zeros() >= *length;
    is_in(&V6_GIVEN) && !V6.iter().any(is_in)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(are_public: bool, addresses: &[&str]) {
        for address in addresses {
            assert_eq!(is_public(address.parse().unwrap()), are_public, "{address}");
        }
    }

    #[test]
    fn s83_the_first_and_the_last_address_of_every_network_that_is_nobody_s_are_refused() {
        for (network, length) in V4 {
            let last = network | u32::MAX.checked_shr(length).unwrap_or_default();
            for bits in [network, last] {
                assert!(!is_public_v4(Ipv4Addr::from_bits(bits)), "{}", Ipv4Addr::from_bits(bits));
            }
        }
        for (network, length) in V6 {
            for bits in [network, network | u128::MAX >> length] {
                assert!(!is_public_v6(Ipv6Addr::from_bits(bits)), "{}", Ipv6Addr::from_bits(bits));
            }
        }
    }

    #[test]
    fn s83_what_stands_beside_such_a_network_is_somebody_s() {
        let beside = [
            "1.1.1.1",
            "9.255.255.255",
            "11.0.0.0",
            "100.63.255.255",
            "100.128.0.0",
            "126.255.255.255",
            "128.0.0.0",
            "169.253.255.255",
            "169.255.0.0",
            "172.15.255.255",
            "172.32.0.0",
            "192.0.1.0",
            "192.167.255.255",
            "192.169.0.0",
            "198.17.255.255",
            "198.20.0.0",
            "223.255.255.255",
            "2001:200::",
            "2001:4860:4860::8888",
            "2003::1",
            "2606:4700::1",
            "3ffe:ffff::1",
        ];
        all(true, &beside);
    }

    #[test]
    fn s83_an_address_that_stands_for_another_is_refused_whatever_it_stands_for() {
        let others = [
            "::",
            "::1",
            "::ffff:127.0.0.1",
            "::ffff:1.1.1.1",
            "::127.0.0.1",
            "64:ff9b::7f00:1",
            "64:ff9b::101:101",
            "64:ff9b:1::1",
            "2002:7f00:1::",
            "2002:101:101::",
            "2001:0:7f00:1::",
            "100::1",
            "5f00::1",
            "fc00::1",
            "fd00:ec2::254",
            "fe80::1",
            "fec0::1",
            "ff02::1",
            "2001:db8::1",
            "3fff::1",
            "4000::1",
            "2001:2::1",
            "2001:10::1",
            "2001:20::1",
        ];
        all(false, &others);
    }
}
