"""The machine around the site: clock, environment, keys, open files, a log that nobody reads, processes that hang."""

from __future__ import annotations

import os
import re
import shutil
import signal
import socket
import subprocess
import time
from contextlib import closing, suppress
from pathlib import Path

from tests.faults.harness import ARTICLE, Ledger, ask, expect, fault, flask, served, token_of
from tests.processes import FLASK, ROOT, free_port, wait_for

PAGES = (
    "/",
    ARTICLE,
    "/pain",
    "/muscles",
    "/feed.atom",
    "/sitemap.xml",
    "/search?q=calf",
    "/about",
    "/login",
    "/nowhere",
)
NAME_SECONDS = 5  # until the first question for a name is given up
MOMENTS = (
    "2038-01-19 03:14:00",
    "2028-02-29 12:00:00",
    "2026-10-25 00:59:50",
    "1971-01-01 00:00:00",
    "2099-12-31 23:59:50",
)


@fault("F17", f"the clock says {', '.join(MOMENTS)}", "no 5xx; a comment is taken")
def clocks(place: Path) -> str:
    told = []
    with served(place / "made") as site:
        site.stop()
    for number, moment in enumerate(MOMENTS):
        copy = place / f"copy{number}"
        shutil.copytree(place / "made", copy)
        fake = (shutil.which("faketime") or "faketime", "-f", f"@{moment}", FLASK, "serve")
        with served(copy, command=fake) as site:
            statuses = [ask(site, path).status for path in PAGES]
            expect(not [one for one in statuses if one >= 500 or one == 0], f"{moment}: {statuses}")
            with suppress(Exception):
                ledger = Ledger.of(site)  # before the samples were published there is no form
                told.append(f"{moment[:4]}: {ledger.write().status}")
    return f"pages without 5xx each time; comments {', '.join(told)}"


@fault(
    "F22", "SIGTERM to the site under 8 writers and readers, 4 times", "0 acknowledged lost; ends with 0 within 30 s"
)
def stopped(place: Path) -> str:
    longest = 0.0
    with served(place) as site:
        ledger = Ledger.of(site)
        for _ in range(4):
            with ledger.many(8):
                time.sleep(1.5)
                began = time.monotonic()
                code = site.stop()
                longest = max(longest, time.monotonic() - began)
            expect(code == 0, f"ended with {code}")
            site.start()
            site.wait_until_up(60)
        return f"{ledger.check(place / 'blog.db')}; stopped within {longest:.1f} s"


@fault(
    "F26",
    "open files limited to 320 for each process, 600 connections",
    "answers again at once when they leave; no line of the log is lost",
)
def files(place: Path) -> str:
    limited = ("prlimit", "--nofile=320:320", FLASK, "serve", "--sample")
    with served(place, command=limited) as site:
        ask(site, ARTICLE)
        crowd = []
        for _ in range(600):
            with suppress(OSError):
                crowd.append(socket.create_connection(("127.0.0.1", site.port), timeout=2))
        during = [ask(site, ARTICLE, seconds=10).status for _ in range(20)]
        for one in crowd:
            one.close()
        expect(wait_for(lambda: ask(site, ARTICLE, seconds=5).status == 200, 10), "it does not answer any more")
        ledger = Ledger.of(site)
        expect(ledger.write().status == 303, "no comment taken afterwards")
    return f"{len(crowd)} connected; meanwhile {during.count(200)} of 20 pages answered; afterwards all is well"


@fault(
    "F27",
    "one of two web processes stands still for 15 s (SIGSTOP)",
    "the other goes on; 0 acknowledged lost; whoever waited is answered afterwards",
)
def hangs(place: Path) -> str:
    with served(place) as site:
        ledger = Ledger.of(site)
        hung = site.web_workers[0]
        hung.send_signal(signal.SIGSTOP)
        answers = [ask(site, ARTICLE, seconds=1.5).status for _ in range(20)]
        hung.send_signal(signal.SIGCONT)
        expect(answers.count(200) > 0, "nobody was answered")
        expect(
            wait_for(lambda: all(ask(site, ARTICLE, seconds=2).status == 200 for _ in range(10)), 20), "not well after"
        )
        ledger.write()
        told = ledger.check(place / "blog.db")
    return f"{answers.count(200)} of 20 answered meanwhile, the others fell to the one that stood; {told}"


@fault(
    "F34",
    "a bare environment: env -i, LANG=C, another TZ, UTF-8 mode off, umask 077",
    "the same answers, byte for byte",
)
def bare(place: Path) -> str:
    def pages(site: object) -> dict[str, str]:
        said = {path: ask(site, path).text for path in PAGES[:-2]}  # type: ignore[arg-type]
        return {
            path: re.sub(r'name="token"[^>]*value="[^"]*"|127\.0\.0\.1:\d+', "", text) for path, text in said.items()
        }

    port = str(free_port())
    with served(place, PORT=port) as site:
        site.restart()  # at a start the job draws what is owed
        drawn = wait_for(lambda: _are_drawn(ask(site, "/feed.atom").text, ask(site, ARTICLE).text), 120)
        expect(drawn, "the pictures beside titles were not drawn")
        before = pages(site)
        site.stop()
    env = ("env", "-i", "LANG=C", "TZ=Pacific/Apia", "PYTHONUTF8=0", f"BLOG_INSTANCE_PATH={place}", f"PORT={port}")
    command = ("sh", "-c", f"umask 077; exec {' '.join(env)} {FLASK} serve")
    with served(place, command=command, PORT=port) as site:
        after = pages(site)
    differing = [path for path in before if before[path] != after[path]]
    expect(not differing, f"differ: {differing}")
    return f"{len(before)} pages equal"


def _are_drawn(feed: str, article: str) -> bool:
    """Whether the pictures beside titles, which a job draws, are all there."""
    return feed.count("/card.png") >= feed.count("<entry>") and "/card.png" in article


@fault(
    "F35",
    "the secret key is another one after a restart, while a reader has the form open",
    "the text comes back with a new token; no 5xx",
)
def key(place: Path) -> str:
    with served(place) as site:
        ledger = Ledger.of(site)
        site.stop()
        (place / "secret_key").unlink()
        site.start()
        site.wait_until_up(60)
        said = ledger.write()
        expect(said.status == 422 and "Is this safe?" in said.text, f"answered {said.status}")
        ledger.token = token_of(site)
        expect(ledger.write().status == 303, "the new token was not taken")
    return "422 with the text and a new token, which is taken"


@fault(
    "F36",
    "8 bad starts: taken port, unknown and malformed settings, no folder, short key, broken config.py, no database",
    "no start, one line that names it",
)
def starts(place: Path) -> str:
    place.joinpath("broken").mkdir()
    (place / "broken" / "config.py").write_text("BLOG_HOST = (")
    with closing(socket.create_server(("127.0.0.1", 0))) as taken:
        busy = str(taken.getsockname()[1])
        cases: list[tuple[str, dict[str, str]]] = [
            ("PORT", {"PORT": busy}),
            ("BLOG_NOTHING", {"BLOG_NOTHING": "1"}),
            ("BLOG_SITE_URL", {"BLOG_SITE_URL": "example"}),
            ("BLOG_TRUSTED_PROXIES", {"BLOG_TRUSTED_PROXIES": "one"}),
            ("BLOG_INSTANCE_PATH", {"BLOG_INSTANCE_PATH": "/proc/nothing"}),
            ("BLOG_SECRET_KEY", {"BLOG_SECRET_KEY": "short"}),
            ("config.py", {"BLOG_INSTANCE_PATH": str(place / "broken")}),
            ("BLOG_DATABASE_URL", {"BLOG_DATABASE_URL": "postgresql://nobody@127.0.0.1:1/none"}),
        ]
        longest = 0.0
        for name, settings in cases:
            began = time.monotonic()
            done = (
                flask(place / "site", "serve", **{"PORT": str(free_port()), **settings})
                if "BLOG_INSTANCE_PATH" not in settings
                else _serve(settings)
            )
            longest = max(longest, time.monotonic() - began)
            said = [line for line in done.stderr.splitlines() if line.startswith("Error")]
            expect(
                done.returncode and len(said) == 1 and name in said[0],
                f"{name}: {done.returncode} {done.stderr[-200:]}",
            )
            expect("Traceback" not in done.stderr, f"{name}: a trace")
    return f"8 of 8, within {longest:.1f} s"


def _serve(settings: dict[str, str]) -> subprocess.CompletedProcess[str]:
    from tests.processes import run

    return run(FLASK, "serve", PORT=str(free_port()), **settings)


@fault("F37", "standard error is a full pipe that nobody reads", "200 of 200 requests answered, comments too")
def unread_log(place: Path) -> str:
    reader, writer = os.pipe()
    port = free_port()
    environment = {**os.environ, "BLOG_INSTANCE_PATH": str(place), "PORT": str(port), "BLOG_TRUSTED_PROXIES": "1"}
    with (place / "output.txt").open("w") as output:
        process = subprocess.Popen(
            (FLASK, "serve", "--sample"), cwd=ROOT, env=environment, stdout=output, stderr=writer
        )
    os.set_blocking(writer, False)
    with suppress(BlockingIOError):
        while True:
            os.write(writer, b"x" * 4096)
    site = _Known(port)
    try:
        expect(wait_for(lambda: "Desk" in (place / "output.txt").read_text(), 90), "it did not start")
        ledger = Ledger.of(site)  # type: ignore[arg-type]
        statuses = [ask(site, "/nowhere").status for _ in range(190)]  # type: ignore[arg-type]
        comments = [ledger.write().status for _ in range(10)]
        told = ledger.check(place / "blog.db")
    finally:
        process.terminate()
        process.wait(60)
        os.close(reader)
        os.close(writer)
    expect(set(statuses) == {404} and set(comments) == {303}, f"answered {set(statuses)}, {set(comments)}")
    return f"200 of 200; {told}"


class _Known:
    """Where a site listens that was started by hand."""

    def __init__(self, port: int) -> None:
        self.port = port


@fault(
    "F38",
    "no name can be resolved, and the mail server has a name",
    f"no page and no comment waits for a name, which takes {NAME_SECONDS} s",
)
def no_names(place: Path) -> str:
    hidden = place.parent / "resolv.conf"
    hidden.write_text("nameserver 192.0.2.1\n")
    command = f"mount --bind {hidden} /etc/resolv.conf && exec {FLASK} serve --sample"
    with served(
        place, command=("unshare", "-m", "sh", "-c", command), BLOG_MAIL_URL="smtp://u:p@mail.example.invalid"
    ) as site:
        ledger = Ledger.of(site)
        said = [ledger.write() for _ in range(20)]
        pages = [ask(site, path).seconds for path in PAGES for _ in range(5)]
    slowest = max(one.seconds for one in said), max(pages)
    expect({one.status for one in said} == {303}, f"comments {[one.status for one in said]}")
    told = f"20 comments within {slowest[0]:.2f} s each, {len(pages)} pages within {slowest[1]:.2f} s"
    expect(max(slowest) < NAME_SECONDS, told)
    return told


@fault(
    "S01",
    "20,000 mixed requests: pages, 404s, searches, comments, forms that are refused",
    "memory and open files of each process flat",
)
def steady(place: Path) -> str:
    import threading

    with served(place) as site:
        ledger = Ledger.of(site)
        cycle = (*PAGES, "/search?q=back", "/posts/psoas-trigger-points", "/api/v1/posts", "/desk")

        def mixed(many: int) -> None:
            def client(number: int) -> None:
                for step in range(many // 4):
                    if step % 20 == 0:
                        ledger.write()
                    elif step % 20 == 10:
                        ask(site, f"{ARTICLE}/comments", {"name": "", "body": ""}, sender=number)
                    else:
                        ask(
                            site,
                            cycle[step % len(cycle)]
                            if step % 3
                            else f"{cycle[step % len(cycle)].partition('?')[0]}?x={step}",
                        )

            threads = [threading.Thread(target=client, args=(number,)) for number in range(4)]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()

        mixed(5_000)  # to fill the memory for pages
        family = [*site.web_workers, site.job_worker]
        before = [(one.memory_info().rss, one.num_fds()) for one in family]
        middle = []
        for _ in range(3):
            mixed(5_000)
            middle.append([(one.memory_info().rss, one.num_fds()) for one in family])
        after = middle[-1]
        grown = [(b[0] - a[0]) / 1e6 for a, b in zip(before, after, strict=True)]
        last = [(b[0] - a[0]) / 1e6 for a, b in zip(middle[-2], after, strict=True)]
        more = [b[1] - a[1] for a, b in zip(before, after, strict=True)]
        told = ledger.check(place / "blog.db")
    figures = (
        f"MB after 5,000: {[round(a[0] / 1e6) for a in before]}, grown by {[round(one, 1) for one in grown]}, "
        f"of it in the last 5,000 {[round(one, 1) for one in last]}; open files {[a[1] for a in before]}, +{more}"
    )
    expect(max(more) <= 8, figures)
    expect(max(last) < 8, figures)
    return f"{figures}; {told}"
