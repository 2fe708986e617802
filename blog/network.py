"""Who asks, and for which site: address, scheme and host of a client, and whom an address stands for."""

from __future__ import annotations

import ipaddress
import logging
import re
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

HOSTS_TOLD = 10  # by each process, of those that are refused
LOOPBACK = frozenset({"localhost", "127.0.0.1", "[::1]"})
HEALTH = frozenset({"/healthz", "/readyz", "/metrics"})  # asked by machines that know an address and no name
_LABEL = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
_HOST = re.compile(rf"((?:{_LABEL}\.)*{_LABEL}\.?|\[[0-9a-f:.]{{2,45}}\])(?::([0-9]{{1,5}}))?", re.IGNORECASE)
_WITH_PORT = re.compile(r"\[([0-9A-Fa-f:.]+)\](?::[0-9]{1,5})?|([0-9.]+):[0-9]{1,5}")

log = logging.getLogger("blog.network")


class Malformed(Exception):
    """The request means nothing, or two things, or another site. Becomes 400."""


@dataclass(frozen=True, slots=True)
class Client:
    """Who asks, as far as it is proven."""

    address: str
    scheme: str
    host: str
    request_id: str = ""  # what a proxy of ours calls the request


class Clients:
    """The one place where address, scheme and host of a request are taken from what was sent.

    `proxies` is how many reverse proxies of ours stand in front: what the last of them added to `X-Forwarded-For` is
    proven, and with each more, one entry more to the left; everything further left, and every other header that names
    an address (`Forwarded`, `X-Real-IP`, …), can be made up by anybody and is never read. Without proxies none is.
    """

    def __init__(self, proxies: int, site_url: str) -> None:
        self._proxies = proxies
        host = _ascii(urlsplit(site_url).netloc.rpartition("@")[2].lower())
        own = _name_of(host)
        self._own = LOOPBACK if own in LOOPBACK else frozenset({own})
        self._refused: set[str] = set()  # named in the log, so that whoever forgot a setting sees it
        self._known: set[str] = {host}  # hosts as sent that were found good; bounded by what `_own` allows

    def of(self, peer: str, headers: Mapping[str, str], path: str) -> Client:
        """The client behind a request from the socket `peer`; header names in small letters, repeated ones joined.

        Raises Malformed for a host that is missing, no host, or not this site's, and for what a proxy of ours would
        never send: a scheme but http and https, a port that is none.
        """
        host, scheme, address = headers.get("host", ""), "http", peer
        if self._proxies:
            scheme = self._told(headers, "x-forwarded-proto") or scheme
            host = self._told(headers, "x-forwarded-host") or host
            port = self._told(headers, "x-forwarded-port")
            if scheme not in ("http", "https") or (port and not _is_port(port)):
                raise Malformed
            address = self._address(headers.get("x-forwarded-for", "")) or peer
        if host not in self._known:
            self._check(host, path)
        return Client(address, scheme, host, headers.get("x-request-id", "") if self._proxies else "")

    def _told(self, headers: Mapping[str, str], name: str) -> str:
        """What the proxy that stands nearest to the client says of itself; empty if none says it."""
        given = [one.strip() for one in headers.get(name, "").split(",")] if name in headers else [""]
        return given[-min(self._proxies, len(given))]

    def _address(self, forwarded: str) -> str:
        """The address that the outermost of our proxies saw; empty if the list is too short or holds none there."""
        given = forwarded.split(",")
        return _address(given[-self._proxies].strip()) if len(given) >= self._proxies else ""

    def _check(self, host: str, path: str) -> None:
        match = _HOST.fullmatch(host)
        if match is None or (match[2] and not _is_port(match[2])):
            raise Malformed
        if _name_of(host.lower()) in self._own:
            if len(self._known) < 100:
                self._known.add(host)
        elif path not in HEALTH:
            if len(self._refused) < HOSTS_TOLD and host not in self._refused:
                self._refused.add(host)
                log.warning("refused a host that BLOG_SITE_URL does not name", extra={"host": host[:100]})
            raise Malformed


def _name_of(host: str) -> str:
    """A host without its port and the dot of the root."""
    name = host if host.endswith("]") else host.rpartition(":")[0] or host
    return name.removesuffix(".")


def _ascii(host: str) -> str:
    """A host as browsers send it: names in other scripts in Punycode."""
    name, separator, port = host.rpartition(":") if re.search(r":[0-9]+\Z", host) else (host, "", "")
    return f"{name if name.isascii() else name.encode('idna').decode()}{separator}{port}"


def _is_port(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 6 and 0 < int(text) < 65536


def _address(text: str) -> str:
    """The address in what a proxy wrote, which may have a port and, for IPv6, brackets; empty if there is none."""
    match = _WITH_PORT.fullmatch(text)
    try:
        return str(ipaddress.ip_address((match[1] or match[2]) if match else text))
    except ValueError:
        return ""


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
