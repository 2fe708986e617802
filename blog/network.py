"""Whom a network address stands for."""

from __future__ import annotations

import ipaddress


def subscriber(address: str | None) -> str:
    """What counts as one sender: an IPv4 address, or the /64 of an IPv6 address, which one subscriber holds."""
    try:
        parsed = ipaddress.ip_address(address or "")
    except ValueError:
        return "unknown"
    if isinstance(parsed, ipaddress.IPv6Address):
        if parsed.ipv4_mapped:
            return str(parsed.ipv4_mapped)
        return str(ipaddress.IPv6Network((parsed, 64), strict=False))
    return str(parsed)


def neighbourhood(sender: str) -> str:
    """The network around what `subscriber` gave: the /24 of an IPv4 address, the /48 of an IPv6 /64."""
    try:
        network = ipaddress.ip_network(sender)
    except ValueError:
        return "unknown"
    wanted = 24 if isinstance(network, ipaddress.IPv4Network) else 48
    return str(network.supernet(new_prefix=wanted))
