"""Much at once: readers' times while 24 people log in, and while 40 comments arrive, in the same moment.

Run from the root: python -m benchmarks.burst
"""

from __future__ import annotations

import contextlib
import random
import re
import secrets
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
from collections import Counter
from collections.abc import Callable

from benchmarks._bench import filled, folder, report, site, table
from benchmarks.slow import READERS, read
from tests.operations.test_durability import KeepMethod
from tests.processes import RunningSite

LOG_INS = 24
COMMENTS = 40
SECONDS = 12
EVERY = 3  # seconds between two bursts


def main() -> None:
    with folder() as place:
        filled(place / "instance", posts=20, comments=200, pending=10)
        with site(place / "instance", BLOG_TRUSTED_PROXIES="1") as running:
            article = re.search(r'href="(/posts/[^"#]+)"', running.read("/"))
            assert article
            bursts = {
                "nothing else": lambda: [],
                f"{LOG_INS} log-ins at once": lambda: LOG_INS * [_log_in(running)],
                f"{COMMENTS} comments at once": lambda: COMMENTS * [_comment(running, article[1])],
                "afterwards": lambda: [],
            }
            rows = [_row(name, running, [article[1], "/"], burst) for name, burst in bursts.items()]
    report(
        "burst",
        "Much at once",
        [
            f"{READERS} readers ask for pages that are in memory, {SECONDS} s long; every {EVERY} s a burst begins. "
            "Each log-in hashes a password; each comment comes from another address and goes through everything.",
            "",
            *table(("", "median ms", "95 % within ms", "longest ms", "pages", "failed", "answers to the burst"), rows),
        ],
    )


def _row(
    name: str, running: RunningSite, addresses: list[str], burst: Callable[[], list[Callable[[], int]]]
) -> tuple[object, ...]:
    codes: Counter[int] = Counter()
    stop = threading.Event()
    thread = threading.Thread(target=_again_and_again, args=(burst, codes, stop))
    thread.start()
    taken, failed = read(running, addresses, SECONDS)
    stop.set()
    thread.join()
    middle, most = taken[len(taken) // 2], taken[int(len(taken) * 0.95)]
    answers = ", ".join(f"{count} × {code}" for code, count in sorted(codes.items()))
    return name, f"{middle:.1f}", f"{most:.1f}", f"{taken[-1]:.0f}", f"{len(taken):,}", failed, answers


def _again_and_again(burst: Callable[[], list[Callable[[], int]]], codes: Counter[int], stop: threading.Event) -> None:
    while not stop.is_set():
        began = time.monotonic()
        threads = [threading.Thread(target=lambda ask=ask: codes.update([ask()])) for ask in burst()]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        stop.wait(max(0, EVERY - (time.monotonic() - began)))


def _log_in(running: RunningSite) -> Callable[[], int]:
    with urllib.request.urlopen(running.url + "/login") as answer:
        page, cookie = answer.read().decode(), answer.headers["Set-Cookie"].partition(";")[0]
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)
    assert token

    def ask() -> int:
        email = f"{secrets.token_hex(4)}@example.org"
        fields = {"email": email, "password": "not the right one", "csrf_token": token[1]}
        return _sent(running, "/login", fields, {"Cookie": cookie, "Referer": running.url + "/login"})

    return ask


def _comment(running: RunningSite, article: str) -> Callable[[], int]:
    token = re.search(r'name="token"[^>]*value="([^"]+)"', running.read(article))
    assert token

    def ask() -> int:
        body = f"Does the stretch help in the evening, too? {secrets.token_hex(8)}"
        fields = {"name": "Reader", "email": "", "body": body, "token": token[1], "website": ""}
        return _sent(running, article + "/comments", fields, {"Sec-Fetch-Site": "same-origin"})

    return ask


def _sent(running: RunningSite, path: str, fields: dict[str, str], headers: dict[str, str]) -> int:
    sender = random.randrange(1 << 16)
    headers = {"X-Forwarded-For": f"198.18.{sender >> 8}.{sender & 255}", **headers}
    request = urllib.request.Request(running.url + path, urllib.parse.urlencode(fields).encode(), headers)
    with contextlib.suppress(OSError):
        try:
            with urllib.request.build_opener(KeepMethod).open(request, timeout=30) as answer:
                return int(answer.status)
        except urllib.error.HTTPError as error:
            return error.code
    return 0


if __name__ == "__main__":
    main()
