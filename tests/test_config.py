"""Settings of the machine: where they come from, what is refused, and that each is documented."""

from __future__ import annotations

from pathlib import Path

import pytest

from blog import create_app
from blog.config import ROOT, SETTINGS, ConfigError
from tests.processes import FLASK, run

DOCUMENT = ROOT / "docs" / "running.md"


def documented() -> dict[str, str]:
    """The settings table of docs/running.md: name → the rest of its row."""
    rows = [
        line.strip().strip("|").split("|") for line in DOCUMENT.read_text().splitlines() if line.startswith("| `BLOG_")
    ]
    return {row[0].strip().strip("`"): "|".join(row[1:]) for row in rows}


def test_every_setting_is_documented_once():
    """The table names exactly the settings that exist."""
    assert sorted(setting.name for setting in SETTINGS) == sorted(documented())


@pytest.mark.parametrize("setting", SETTINGS, ids=lambda setting: setting.name)
def test_the_document_says_what_the_code_says(setting):
    """Meaning and default are the same in both."""
    default = str(Path(setting.default).relative_to(ROOT)) if setting.name == "BLOG_INSTANCE_PATH" else setting.default

    assert setting.meaning in documented()[setting.name]
    assert not default or f"`{default}`" in documented()[setting.name]


def test_later_sources_win(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Defaults, then instance/config.py, then the environment, then what create_app is given."""
    (tmp_path / "config.py").write_text(
        "BLOG_HOST = '::1'\nBLOG_TRUSTED_PROXIES = 1\nBLOG_SITE_URL = 'https://a.example'\n"
    )
    monkeypatch.setenv("BLOG_TRUSTED_PROXIES", "2")
    monkeypatch.setenv("BLOG_SITE_URL", "https://b.example")
    config = create_app({"BLOG_INSTANCE_PATH": str(tmp_path), "BLOG_SITE_URL": "https://c.example"}).config

    assert ("::1", 2, "https://c.example") == tuple(
        config[name] for name in ("BLOG_HOST", "BLOG_TRUSTED_PROXIES", "BLOG_SITE_URL")
    )


@pytest.mark.parametrize(
    ("settings", "address"),
    [
        ({}, "http://127.0.0.1:8000"),
        ({"PORT": "8123"}, "http://127.0.0.1:8123"),
        ({"PORT": "8123", "BLOG_SITE_URL": "https://a.example"}, "https://a.example"),
    ],
)
def test_links_of_commands_lead_to_the_port_of_the_server(tmp_path: Path, monkeypatch, settings, address):
    """Without an address of the site, PORT says where it is."""
    for name in ("PORT", "BLOG_SITE_URL"):
        monkeypatch.delenv(name, raising=False)
    for name, value in settings.items():
        monkeypatch.setenv(name, value)

    assert address == create_app({"BLOG_INSTANCE_PATH": str(tmp_path)}).config["BLOG_SITE_URL"]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("BLOG_UNKNOWN", "1"),
        ("BLOG_TRUSTED_PROXIES", "many"),
        ("BLOG_SITE_URL", "example.org"),
        ("BLOG_TIME_ZONE", "Mars/Olympus"),
        ("BLOG_SECRET_KEY", "short"),
        ("BLOG_DATABASE_URL", "mysql://localhost/blog"),
        ("BLOG_REPLICA_URL", "sqlite:////var/lib/blog/copy.db"),
        ("BLOG_REPLICA_URL", "postgresql://standby/blog"),  # of SQLite
    ],
)
def test_refuses_what_it_does_not_understand(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, value: str):
    """A wrong setting stops the start, and is named."""
    monkeypatch.setenv(name, value)

    with pytest.raises(ConfigError, match=name):
        create_app({"BLOG_INSTANCE_PATH": str(tmp_path)})


@pytest.mark.slow
@pytest.mark.parametrize(
    ("settings", "named"),
    [
        ({"BLOG_UNKNOWN": "1"}, "BLOG_UNKNOWN"),
        ({"BLOG_INSTANCE_PATH": "/proc/nowhere"}, "BLOG_INSTANCE_PATH"),
        ({"BLOG_HOST": "no.such.host.invalid"}, "BLOG_HOST"),
        ({"BLOG_DATABASE_URL": "postgresql://nobody@127.0.0.1:1/nothing"}, "BLOG_DATABASE_URL"),
        ({"BLOG_DATABASE_URL": "sqlite:////proc/nowhere/blog.db"}, "BLOG_DATABASE_URL"),
        ({"PORT": "99999"}, "PORT"),
    ],
)
def test_a_bad_start_is_one_clear_line(tmp_path: Path, settings: dict[str, str], named: str):
    """It ends with a code that is not 0, names the setting, and shows no traceback."""
    done = run(FLASK, "serve", **{"BLOG_INSTANCE_PATH": str(tmp_path), "PORT": "1", **settings})
    said = [line for line in done.stderr.splitlines() if line.strip() and not line.startswith(("Usage:", "Try "))]

    assert done.returncode != 0
    assert 1 == len(said)
    assert named in said[0]


def test_generates_a_key_that_only_its_owner_reads(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Without BLOG_SECRET_KEY a key is made once and kept."""
    monkeypatch.delenv("BLOG_SECRET_KEY", raising=False)
    first, second = (create_app({"BLOG_INSTANCE_PATH": str(tmp_path)}).config["SECRET_KEY"] for _ in range(2))

    assert first == second
    assert 0o600 == (tmp_path / "secret_key").stat().st_mode & 0o777
