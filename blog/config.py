"""Settings of the machine: what they are called, what they mean, where they come from.

Editorial settings (names, texts, limits) are not here: they live in the database and change at the desk.
"""

from __future__ import annotations

import ipaddress
import os
import re
import secrets
import zoneinfo
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import click
from flask import Flask

from blog import instance
from blog.cdn import FORMS

CDN_SECONDS_MAX_WITHOUT_PURGE = 60  # the longest that a CDN may show what was taken back, where nothing tells it
PASSPHRASE_MIN = 12  # characters that seal the secret key in a backup
Network = ipaddress.IPv4Network | ipaddress.IPv6Network
ROLES = ("author", "editor", "reviewer", "moderator", "admin")
ROOT = Path(__file__).resolve().parent.parent


class ConfigError(click.ClickException):
    """A setting is wrong; the message is one line that names it. Ends a command with exit code 1."""


@dataclass(frozen=True)
class Setting:
    """One BLOG_* setting: `parse` turns text into its value and raises ValueError with the reason."""

    name: str
    default: str
    meaning: str
    parse: Callable[[str], Any] = str


def _count(text: str) -> int:
    if not text.isdecimal():
        raise ValueError("must be a whole number, 0 or more")
    return int(text)


def _places(text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text) <= 500:
        raise ValueError("must be a whole number from 1 to 500")
    return int(text)


def _hours(text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text) <= 8760:
        raise ValueError("must be a whole number from 1 to 8760")
    return int(text)


def _days(text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text) <= 36500:
        raise ValueError("must be a whole number from 1 to 36500")
    return int(text)


def _hsts(text: str) -> str:
    if text not in ("on", "preload", "off"):
        raise ValueError("must be on, preload or off")
    return text


def _report_url(text: str) -> str:
    parts = urlsplit(text)
    if text and (parts.scheme != "https" or not parts.hostname or not re.fullmatch(r"[!#-+\--:<-~]+", text)):
        raise ValueError("must look like https://reports.example.net/csp")  # it stands in a header: no ; , or quote
    return text


def _roles(text: str) -> frozenset[str]:
    names = frozenset(name.strip() for name in text.split(",") if name.strip())
    if names - set(ROLES):
        raise ValueError(f"must be some of {', '.join(ROLES)}, with commas between")
    return names


def _networks(text: str) -> tuple[Network, ...]:
    try:
        return tuple(ipaddress.ip_network(one.strip()) for one in text.split(",") if one.strip())
    except ValueError as error:
        raise ValueError("must be addresses or networks, such as 10.0.0.0/8, with commas between") from error


def _site_url(text: str) -> str:
    parts = urlsplit(text)
    if text and (parts.scheme not in ("http", "https") or not parts.netloc or parts.path.strip("/")):
        raise ValueError("must look like https://example.org, without a path")
    return text.rstrip("/")


def _time_zone(text: str) -> zoneinfo.ZoneInfo:
    try:
        return zoneinfo.ZoneInfo(text)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError) as error:
        raise ValueError("is not a known time zone, such as Europe/London") from error


def _secret_key(text: str) -> str:
    if text and len(text) < 32:
        raise ValueError("must have at least 32 characters")
    return text


def _passphrase(text: str) -> str:
    if text and len(text) < PASSPHRASE_MIN:
        raise ValueError(f"must have at least {PASSPHRASE_MIN} characters")
    return text


def _database_url(text: str) -> str:
    if text and not text.startswith(("sqlite:///", "postgresql://", "postgresql+psycopg://")):
        raise ValueError("must start with sqlite:/// or postgresql://")
    return text


def _replica_url(text: str) -> str:
    if text and not text.startswith(("postgresql://", "postgresql+psycopg://")):
        raise ValueError("must start with postgresql://")
    return text


def _purge_url(text: str) -> str:
    parts = urlsplit(text)
    if text and (parts.scheme not in ("http", "https") or not parts.hostname):
        raise ValueError("must look like https://cdn.example.net/purge")
    return text


def _purge_form(text: str) -> str:
    if text not in FORMS:
        raise ValueError(f"must be one of {', '.join(FORMS)}")
    return text


def _token(text: str) -> str:
    if not text.isascii() or not text.isprintable():
        raise ValueError("must be plain ASCII characters")
    return text


def _header_name(text: str) -> str:
    if text and not text.replace("-", "").isalnum():
        raise ValueError("must be the name of a header, such as Surrogate-Key")
    return text


def _media_url(text: str) -> str:
    parts = urlsplit(text)
    is_bucket = parts.scheme == "s3" and parts.hostname
    if parts.scheme and not is_bucket:
        raise ValueError("must be a folder, or look like s3://BUCKET/FOLDER?region=eu-central-1")
    if text and not is_bucket and not Path(text).is_absolute():
        raise ValueError("must be the whole path of a folder, beginning with /")
    return text


def _redis_url(text: str) -> str:
    parts = urlsplit(text)
    if (
        text
        and not (parts.scheme in ("redis", "rediss") and parts.hostname and parts.port != 0)
        and not (parts.scheme == "unix" and parts.path)
    ):  # a port that is no number raises too
        raise ValueError("must look like redis://USER:PASSWORD@HOST:PORT/0, rediss://… or unix://PATH")
    return text


def _mail_url(text: str) -> str:
    parts = urlsplit(text)
    if text and (
        parts.scheme not in ("smtp", "smtps")
        or not parts.hostname
        or parts.query not in ("", "tls=no")
        or parts.port == 0
    ):  # a port that is no number raises too
        raise ValueError("must look like smtp://USER:PASSWORD@HOST:PORT or smtps://…")
    return text


def _mail_address(text: str) -> str:
    if text and not re.fullmatch(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@[A-Za-z0-9.-]+", text):
        raise ValueError("must be an address, such as blog@example.org")
    return text


SETTINGS = (
    Setting("BLOG_INSTANCE_PATH", str(ROOT / "instance"), "Folder for this machine's data and config.py.", Path),
    Setting("BLOG_DATABASE_URL", "", "Database; empty means SQLite in the instance folder.", _database_url),
    Setting("BLOG_REPLICA_URL", "", "PostgreSQL that follows it, for public pages; empty: none.", _replica_url),
    Setting("BLOG_POOL_SIZE", "15", "Connections to PostgreSQL that each process keeps, at most.", _places),
    Setting("BLOG_STATEMENT_SECONDS", "30", "Seconds until PostgreSQL gives up a statement; 0: never.", _count),
    Setting("BLOG_LOCK_SECONDS", "5", "Seconds until PostgreSQL gives up waiting for a lock; 0: never.", _count),
    Setting("BLOG_SECRET_KEY", "", "Key for signatures; empty means generated into the instance folder.", _secret_key),
    Setting("BLOG_SITE_URL", "", "Public address, such as https://example.org; empty: the address served.", _site_url),
    Setting("BLOG_HOST", "127.0.0.1", "Address the server listens on.", str),
    Setting("BLOG_LEAVE_SECONDS", "0", "Seconds in which a node that stops still takes requests.", _count),
    Setting("BLOG_TRUSTED_PROXIES", "0", "How many reverse proxies stand in front and set X-Forwarded-*.", _count),
    Setting("BLOG_TIME_ZONE", "UTC", "Time zone in which dates are shown.", _time_zone),
    Setting("BLOG_MEDIA_URL", "", "Pictures: a folder, or s3://BUCKET/FOLDER; empty: in the instance.", _media_url),
    Setting("BLOG_REDIS_URL", "", "Valkey or Redis, by which machines wake each other's workers.", _redis_url),
    Setting("BLOG_MAIL_URL", "", "Mail server: smtp://USER:PASSWORD@HOST:PORT; empty: mails become files.", _mail_url),
    Setting("BLOG_MAIL_FROM", "", "Address that mails come from; empty: no-reply at the site's host.", _mail_address),
    Setting("BLOG_SESSION_IDLE_HOURS", "12", "Hours without a page after which staff are signed out.", _hours),
    Setting("BLOG_SESSION_HOURS", "168", "Hours after which staff are signed out in any case.", _hours),
    Setting("BLOG_FACTOR_ROLES", "moderator,admin", "Roles that need a second factor; empty: none.", _roles),
    Setting("BLOG_FACTOR_DAYS", "14", "Days from somebody's first log-in until they must have one.", _count),
    Setting("BLOG_SECURITY_LOG_DAYS", "365", "Days for which the log of security is kept.", _days),
    Setting("BLOG_HSTS", "on", "Tells browsers to use HTTPS alone: on, preload (subdomains, too) or off.", _hsts),
    Setting("BLOG_CSP_REPORT_URL", "", "Address to which browsers report what a page may not do.", _report_url),
    Setting("BLOG_PAGE_CACHE_MB", "64", "Megabytes of public pages that each web process keeps.", _count),
    Setting("BLOG_CDN_SECONDS", "60", "Seconds for which a CDN may keep a page; 0: it asks each time.", _count),
    Setting("BLOG_KEY_HEADER", "", "Header that names a page's keys to a CDN, such as Surrogate-Key.", _header_name),
    Setting("BLOG_PURGE_URL", "", "Address to which the keys of changed pages are posted, for a CDN.", _purge_url),
    Setting(
        "BLOG_PURGE_FORM", "plain", "Whose words that address understands: plain, fastly or cloudflare.", _purge_form
    ),
    Setting("BLOG_PURGE_TOKEN", "", "Token for BLOG_PURGE_URL.", _token),
    Setting("BLOG_METRICS_FROM", "127.0.0.1,::1", "Addresses and networks that may read /metrics.", _networks),
    Setting("BLOG_SLOW_MS", "1000", "Milliseconds from which a request is logged as slow; 0: none is.", _count),
    Setting("BLOG_BACKUP_TO", "", "Where daily backups go: a folder or s3://BUCKET/FOLDER.", str),
    Setting("BLOG_BACKUP_KEEP", "7", "How many daily backups are kept; 0: none are made.", _count),
    Setting("BLOG_BACKUP_PASSPHRASE", "", "Seals secret key and config.py in daily backups.", _passphrase),
)


def load(app: Flask, overrides: Mapping[str, Any]) -> None:
    """Fill `app.config`: defaults, then instance/config.py, then BLOG_* variables, then `overrides`.

    Raises ConfigError naming the first unknown or malformed setting.
    """
    folder = _folder(overrides)
    _prepare(folder)
    parsers = {setting.name: setting.parse for setting in SETTINGS}
    for name, value in _given(app, folder, overrides).items():
        try:
            app.config[name] = parsers[name](str(value)) if not isinstance(value, Path) else value
        except ValueError as error:
            raise ConfigError(f"{name} {error}.") from error
    app.config["BLOG_INSTANCE_PATH"] = folder
    _check_together(app.config)
    _set_what_follows(app.config)
    app.config.update({name: value for name, value in overrides.items() if not name.startswith("BLOG_")})


def _folder(overrides: Mapping[str, Any]) -> Path:
    default = next(setting.default for setting in SETTINGS if setting.name == "BLOG_INSTANCE_PATH")
    return Path(overrides.get("BLOG_INSTANCE_PATH") or os.environ.get("BLOG_INSTANCE_PATH") or default).absolute()


def _given(app: Flask, folder: Path, overrides: Mapping[str, Any]) -> dict[str, Any]:
    """The value of each setting, as it was written where it counts most."""
    values: dict[str, Any] = {setting.name: setting.default for setting in SETTINGS}
    for origin, given in (
        ("instance/config.py", _from_file(app, folder / "config.py")),
        ("the environment", {name: value for name, value in os.environ.items() if name.startswith("BLOG_")}),
        ("create_app", {name: value for name, value in overrides.items() if name.startswith("BLOG_")}),
    ):
        unknown = [name for name in given if name not in values]
        if unknown:
            raise ConfigError(f"Unknown setting {unknown[0]} in {origin}.")
        values |= given
    return values


def _check_together(config: Mapping[str, Any]) -> None:
    if config["BLOG_CDN_SECONDS"] > CDN_SECONDS_MAX_WITHOUT_PURGE and not config["BLOG_PURGE_URL"]:
        raise ConfigError(
            f"BLOG_CDN_SECONDS must be at most {CDN_SECONDS_MAX_WITHOUT_PURGE} without BLOG_PURGE_URL: "
            "nothing tells the CDN of a change."
        )
    if config["BLOG_REPLICA_URL"] and not config["BLOG_DATABASE_URL"].startswith("postgresql"):
        raise ConfigError("BLOG_REPLICA_URL needs BLOG_DATABASE_URL to be the PostgreSQL that it follows.")


def _set_what_follows(config: dict[str, Any]) -> None:
    """The settings of Flask and its extensions, and those of ours that depend on others."""
    folder = config["BLOG_INSTANCE_PATH"]
    config["BLOG_SITE_URL"] = config["BLOG_SITE_URL"] or unset_site_url()
    is_https = config["BLOG_SITE_URL"].startswith("https:")
    own_file = "sqlite:///" + str(folder / "blog.db").replace("%", "%25")
    config.update(
        SECRET_KEY=config["BLOG_SECRET_KEY"] or _generated_key(folder / "secret_key"),
        SQLALCHEMY_DATABASE_URI=_driver(config["BLOG_DATABASE_URL"] or own_file),
        BLOG_REPLICA_URL=_driver(config["BLOG_REPLICA_URL"]),
        PREFERRED_URL_SCHEME=urlsplit(config["BLOG_SITE_URL"]).scheme,
        SESSION_COOKIE_SECURE=is_https,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_NAME="__Host-desk" if is_https else "desk",  # so no other host of the domain can set it
        SESSION_COOKIE_PATH="/",
        PERMANENT_SESSION_LIFETIME=timedelta(hours=config["BLOG_SESSION_IDLE_HOURS"]),
        MAX_CONTENT_LENGTH=256 * 1024,
        MAX_FORM_MEMORY_SIZE=256 * 1024,
        MAX_FORM_PARTS=2000,
        WTF_CSRF_TIME_LIMIT=None,
    )


def unset_site_url() -> str:
    """The address where none is set: that of a server on this machine with the same PORT."""
    return f"http://127.0.0.1:{os.environ.get('PORT') or 8000}"


def _prepare(folder: Path) -> None:
    try:
        instance.prepare(folder, ROOT)
    except OSError as error:
        raise ConfigError(f"BLOG_INSTANCE_PATH {folder} cannot be written: {error.strerror}.") from error


def _from_file(app: Flask, path: Path) -> dict[str, Any]:
    """Settings of instance/config.py. Flask's own names go straight to the configuration."""
    if not path.exists():
        return {}
    before = dict(app.config)
    try:
        app.config.from_pyfile(str(path))
    except (SyntaxError, NameError) as error:
        raise ConfigError(f"{path} cannot be read: {error}.") from error
    return {name: value for name, value in app.config.items() if name.startswith("BLOG_") and name not in before}


def _generated_key(path: Path) -> str:
    """The key kept in the instance folder, made once; two processes starting together agree on one."""
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        key = path.read_text().strip()
        if len(key) < 32:
            raise ConfigError(f"BLOG_SECRET_KEY: {path} holds no usable key; restore it or delete it.") from None
        return key
    key = secrets.token_urlsafe(48)
    with os.fdopen(descriptor, "w") as file:
        file.write(key + "\n")
    return key


def _driver(url: str) -> str:
    return url.replace("postgresql://", "postgresql+psycopg://", 1)
