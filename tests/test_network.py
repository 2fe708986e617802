"""Who counts as one sender."""

from __future__ import annotations

import pytest

from blog.network import subscriber


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
    """
    IPv4 by address, also when it is written as IPv6; IPv6 by its /64; nonsense is one sender.
    """
    assert expected == subscriber(address)


def test_neighbouring_networks_are_two_senders():
    """
    The next /64 belongs to somebody else.
    """
    assert subscriber("2001:db8:1:2::1") != subscriber("2001:db8:1:3::1")
