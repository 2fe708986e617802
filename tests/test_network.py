"""Who counts as one sender."""

from __future__ import annotations

import pytest

from blog.network import Clients, Malformed, subscriber


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:0DB8:0001:0002::1", "2001:db8:1:2::/64"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("fe80::1%eth0", "fe80::/64"),
        ("not an address", "unknown"),
        ("", "unknown"),
        (None, "unknown"),
    ],
)
def test_a_sender_is_an_address_or_the_network_of_a_subscriber(address, expected):
    """IPv4 by address, also when it is written as IPv6; IPv6 by its /64; nonsense is one sender."""
    assert expected == subscriber(address)


def test_neighbouring_networks_are_two_senders():
    """The next /64 belongs to somebody else."""
    assert subscriber("2001:db8:1:2::1") != subscriber("2001:db8:1:3::1")


PEER = {"IPv4": "192.0.2.1", "IPv6": "2001:db8::1", "mapped": "::ffff:192.0.2.1"}
CLIENT = {"IPv4": "198.51.100.7", "IPv6": "2001:db8:7::7", "mapped": "::ffff:198.51.100.7"}
FORGED = "203.0.113.66"
SITE = {"host": "blog.example.org"}


def client_of(proxies, peer, headers, path="/", site="https://blog.example.org"):
    return Clients(proxies, site).of(peer, {**SITE, **headers}, path)


@pytest.mark.parametrize("family", PEER)
class TestAddress:
    @pytest.mark.parametrize("proxies", [0, 1, 2])
    @pytest.mark.parametrize(
        "name",
        [
            "forwarded",
            "x-real-ip",
            "x-client-ip",
            "true-client-ip",
            "cf-connecting-ip",
            "x-cluster-client-ip",
            "x-forwarded",
            "client-ip",
            "x_forwarded_for",
        ],
    )
    def test_is_taken_from_no_other_header(self, family, proxies, name):
        found = client_of(proxies, PEER[family], {name: f"for={FORGED}" if name == "forwarded" else FORGED})

        assert PEER[family] == found.address

    @pytest.mark.parametrize("forwarded", [FORGED, f"{FORGED}, {FORGED}", "", "unknown"])
    def test_without_a_proxy_is_the_sockets(self, family, forwarded):
        assert PEER[family] == client_of(0, PEER[family], {"x-forwarded-for": forwarded}).address

    @pytest.mark.parametrize("before", ["", f"{FORGED}, ", f"{FORGED},{FORGED},", "unknown, ", ",,"])
    def test_behind_one_proxy_is_what_it_added(self, family, before):
        found = client_of(1, PEER[family], {"x-forwarded-for": before + CLIENT[family]})

        assert subscriber(CLIENT[family]) == subscriber(found.address)

    @pytest.mark.parametrize("before", ["", f"{FORGED}, ", f"{FORGED},{FORGED},"])
    def test_behind_two_proxies_is_what_the_first_added(self, family, before):
        found = client_of(2, PEER[family], {"x-forwarded-for": f"{before}{CLIENT[family]}, 192.0.2.50"})

        assert subscriber(CLIENT[family]) == subscriber(found.address)

    def test_behind_two_proxies_is_not_taken_from_a_list_of_one(self, family):
        assert PEER[family] == client_of(2, PEER[family], {"x-forwarded-for": FORGED}).address

    @pytest.mark.parametrize(
        "odd", ["unknown", "_hidden", "1.2.3", "1.2.3.4.5", "a.b.c.d", "[]", "1.2.3.4:x", "'1.2.3.4'"]
    )
    def test_that_is_none_is_the_sockets(self, family, odd):
        assert PEER[family] == client_of(1, PEER[family], {"x-forwarded-for": odd}).address


@pytest.mark.parametrize(
    ("written", "address"),
    [("198.51.100.7:4711", "198.51.100.7"), ("[2001:db8::7]:4711", "2001:db8::7"), ("[2001:db8::7]", "2001:db8::7")],
)
def test_a_port_behind_an_address_does_not_count(written, address):
    assert address == client_of(1, "192.0.2.1", {"x-forwarded-for": written}).address


HOSTS = {
    "https://blog.example.org": (
        ["blog.example.org", "BLOG.Example.ORG", "blog.example.org:443", "blog.example.org.", "blog.example.org:8443"],
        [
            "example.org",
            "evil.example",
            "javascript:1",
            "blog.example.org.evil.example",
            "localhost",
            "127.0.0.1",
            "[::1]",
        ],
    ),
    "http://127.0.0.1:8000": (
        ["127.0.0.1:8000", "localhost", "localhost:8000", "[::1]:8000", "LOCALHOST:1"],
        ["blog.example.org", "127.0.0.2", "localhost.evil.example", "[::2]"],
    ),
    "https://bücher.example": (["xn--bcher-kva.example"], ["bcher.example"]),
}
MALFORMED = [
    "",
    "..",
    ".",
    "-",
    "a..b",
    ".blog.example.org",
    "blog.example.org:",
    "blog.example.org:x",
    "blog.example.org:0",
    "blog.example.org:65536",
    "blog.example.org:80:80",
    "user@blog.example.org",
    "blog.example.org/x",
    "blog example.org",
    "blog.example.org\t",
    "blog.example.org,evil.example",
    "[::1",
    "::1",
    "blog_example.org",
    "blog.example.org\\@evil",
    "büro.example",
    "%62log.example.org",
    "blog.example.org#",
    "blog.example.org?",
    "a" * 300,
]


class TestHost:
    @pytest.mark.parametrize(("site", "host"), [(site, host) for site, (good, _) in HOSTS.items() for host in good])
    def test_of_the_site_is_taken(self, site, host):
        assert host == client_of(0, "192.0.2.1", {"host": host}, site=site).host

    @pytest.mark.parametrize(("site", "host"), [(site, host) for site, (_, bad) in HOSTS.items() for host in bad])
    def test_of_another_site_is_refused(self, site, host):
        with pytest.raises(Malformed):
            client_of(0, "192.0.2.1", {"host": host}, site=site)

    @pytest.mark.parametrize("host", MALFORMED)
    @pytest.mark.parametrize("path", ["/", "/healthz"])
    def test_that_is_none_is_refused(self, host, path):
        with pytest.raises(Malformed):
            client_of(0, "192.0.2.1", {"host": host}, path)

    @pytest.mark.parametrize("path", ["/healthz", "/readyz"])
    def test_may_be_any_for_a_look_at_the_health(self, path):
        assert "10.0.0.7:8000" == client_of(0, "192.0.2.1", {"host": "10.0.0.7:8000"}, path).host

    def test_comes_from_a_trusted_proxy(self):
        told = {"host": "127.0.0.1:8000", "x-forwarded-host": "blog.example.org"}

        assert "blog.example.org" == client_of(1, "192.0.2.1", told).host

    def test_comes_from_no_other_proxy(self):
        with pytest.raises(Malformed):
            client_of(0, "192.0.2.1", {"host": "127.0.0.1:8000", "x-forwarded-host": "blog.example.org"})


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_the_scheme_comes_from_a_trusted_proxy(scheme):
    assert [scheme, "http"] == [
        client_of(proxies, "192.0.2.1", {"x-forwarded-proto": scheme}).scheme for proxies in (1, 0)
    ]


@pytest.mark.parametrize(
    "told",
    [
        {"x-forwarded-proto": "javascript"},
        {"x-forwarded-proto": "HTTPS"},
        {"x-forwarded-proto": "https://evil.example"},
        {"x-forwarded-port": "x"},
        {"x-forwarded-port": "0"},
        {"x-forwarded-port": "65536"},
        {"x-forwarded-host": "evil.example"},
        {"x-forwarded-host": ".."},
    ],
)
def test_what_no_proxy_of_ours_would_say_is_refused(told):
    with pytest.raises(Malformed):
        client_of(1, "192.0.2.1", told)
