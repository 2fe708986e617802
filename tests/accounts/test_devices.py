"""What somebody signs in with, in words."""

from __future__ import annotations

import pytest

from blog.accounts.devices import UNKNOWN, device

MAC, LIKE = "Macintosh; Intel Mac OS X 10_15_7", "(KHTML, like Gecko)"


@pytest.mark.parametrize(
    ("user_agent", "words"),
    [
        ("Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:145.0) Gecko/20100101 Firefox/145.0", "Firefox on Windows"),
        (f"Mozilla/5.0 ({MAC}) AppleWebKit/605.1.15 {LIKE} Version/19.0 Safari/605.1.15", "Safari on Mac"),
        (f"Mozilla/5.0 ({MAC}) AppleWebKit/537.36 {LIKE} Chrome/156.0.0.0 Safari/537.36", "Chrome on Mac"),
        (
            f"Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 {LIKE} Chrome/156.0 Mobile Safari/537.36",
            "Chrome on Android",
        ),
        (
            f"Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 {LIKE} Chrome/156.0 Safari/537.36 Edg/156.0",
            "Edge on Windows",
        ),
        (f"Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) {LIKE} CriOS/156.0 Safari/604.1", "Chrome on iPhone"),
        ("Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 HeadlessChrome/156.0 Safari/537.36", "Chrome on Linux"),
        ("curl/8.0 (Windows)", "Windows"),
        ("Firefox/145.0", "Firefox"),
        ("", UNKNOWN),
        ("<script>alert(1)</script>", UNKNOWN),
    ],
)
def test_names_browser_and_system(user_agent: str, words: str):
    """As far as they are known, and nothing that the browser could make up."""
    assert words == device(user_agent)
