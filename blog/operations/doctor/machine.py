"""Of the machine: settings, files, disk, clock."""

from __future__ import annotations

import ctypes
import os
import shutil
import stat
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

from flask import Flask

from blog.instance import OTHERS
from blog.mail.delivery import LOCAL
from blog.operations.doctor.findings import Finding, bad, care, good

LOW_BYTES, NONE_BYTES = 1 << 30, 100 << 20
LOW_SHARE = 0.05  # of the disk
SHOWN = 3  # names that are listed one by one
_TIMEX_BYTES, _TIME_ERROR = 512, 5  # adjtimex(2): room for its struct, and "not synchronised"


def settings(app: Flask) -> Iterator[Finding]:
    """Is the site told who it is?"""
    address = app.config["BLOG_SITE_URL"]
    host, proxies = urlsplit(address).hostname, app.config["BLOG_TRUSTED_PROXIES"]
    if host in LOCAL:
        yield care("address", f"{address} names this machine alone", "Set BLOG_SITE_URL to the public address.")
    elif not address.startswith("https:"):
        yield bad("address", f"{address} is without TLS: passwords can be read on the way", "Put TLS in front.")
    else:
        yield good("address", address)
    if host not in LOCAL and not proxies and app.config["BLOG_HOST"] in LOCAL:
        yield care(
            "proxy",
            "no proxy is trusted, so all readers look like one sender to the limits",
            "Set BLOG_TRUSTED_PROXIES to the number of proxies in front.",
        )
    else:
        yield good("proxy", f"{proxies} in front")


def files(app: Flask) -> Iterator[Finding]:
    """Can nobody else on this machine read them?"""
    folder: Path = app.config["BLOG_INSTANCE_PATH"]
    paths = [folder, *sorted(path for path in folder.iterdir() if not path.is_symlink())]
    open_ones = [path for path in paths if path.stat().st_mode & OTHERS]
    if open_ones:
        names = ", ".join(f"{path.name} ({stat.S_IMODE(path.stat().st_mode):o})" for path in open_ones[:SHOWN])
        yield bad("file modes", f"others may use {names}", f"chmod -R go= {folder}")
    else:
        yield good("file modes", f"{folder} is for its user alone")
    strangers = [path.name for path in paths if path.stat().st_uid != os.geteuid()]
    if strangers and os.geteuid():
        yield bad(
            "owner", f"{', '.join(strangers[:SHOWN])} belong to another user", f"chown -R to the user of {folder}"
        )


def disk(app: Flask) -> Iterator[Finding]:
    """Is there room?"""
    usage = shutil.disk_usage(app.config["BLOG_INSTANCE_PATH"])
    room = f"{usage.free / 1e9:.1f} GB free of {usage.total / 1e9:.1f}"
    if usage.free < NONE_BYTES:
        yield bad("disk", room, "Make room now: without it no comment can be stored.")
    elif usage.free < LOW_BYTES or usage.free < LOW_SHARE * usage.total:
        yield care("disk", room, "Make room, or move the instance folder.")
    else:
        yield good("disk", room)


def clock_is_set(app: Flask) -> Iterator[Finding]:
    """Does somebody keep this machine's clock right?"""
    if kernel_clock_is_unset():
        yield care("clock", "it is kept right by nobody", "Switch on NTP: timedatectl set-ntp true.")
    else:
        yield good("clock", "kept right")


def kernel_clock_is_unset() -> bool:
    """Whether the kernel says that nobody sets its clock. False where it cannot be asked."""
    if not sys.platform.startswith("linux"):
        return False
    return int(ctypes.CDLL(None).adjtimex(ctypes.create_string_buffer(_TIMEX_BYTES))) == _TIME_ERROR
