"""What was acknowledged is there: under parallel load, and when a web process is killed in the middle."""

from __future__ import annotations

import re
import secrets
import sqlite3
import threading
import urllib.error
import urllib.parse
import urllib.request

import pytest

from tests.processes import FLASK, RunningSite

ARTICLE = "/posts/gluteus-maximus-trigger-points"
CLIENTS, EACH = 8, 5


class KeepMethod(urllib.request.HTTPRedirectHandler):
    """An answer of 303 is the acknowledgement; it is not followed."""

    def redirect_request(self, *args):
        return None


def submit_to(site: RunningSite, article: str, token: str, client: int, mark: str) -> bool:
    """Send one comment from the client's own address; whether it was acknowledged."""
    fields = {"name": f"Client {client}", "email": "", "body": f"Is this safe? {mark}", "token": token, "website": ""}
    request = urllib.request.Request(
        site.url + article + "/comments",
        urllib.parse.urlencode(fields).encode(),
        {"X-Forwarded-For": f"198.18.{client >> 8}.{client & 255}", "Sec-Fetch-Site": "same-origin"},
    )
    try:
        with urllib.request.build_opener(KeepMethod).open(request, timeout=120):
            return False
    except urllib.error.HTTPError as error:
        return error.code == 303
    except OSError:
        return False


@pytest.mark.slow
@pytest.mark.parametrize("kill", [False, True], ids=["in peace", "a web process is killed"])
def test_every_acknowledged_comment_is_stored_once(tmp_path, kill):
    """40 submissions from 8 clients: acknowledged ⊆ found ⊆ tried, each once, also when a process dies by SIGKILL."""
    instance = tmp_path / "instance"
    site = RunningSite(instance, (FLASK, "serve", "--sample"), BLOG_TRUSTED_PROXIES="1").wait_until_up()
    try:
        token = re.search(r'name="token"[^>]*value="([^"]+)"', site.read(ARTICLE))[1]
        tried: list[str] = []
        acknowledged: list[str] = []

        def client(number: int) -> None:
            for _ in range(EACH):
                mark = secrets.token_hex(8)
                tried.append(mark)
                if submit_to(site, ARTICLE, token, number, mark):
                    acknowledged.append(mark)

        threads = [threading.Thread(target=client, args=(number,)) for number in range(CLIENTS)]
        for thread in threads:
            thread.start()
        if kill:
            site.web_workers[0].kill()
        for thread in threads:
            thread.join()

        with sqlite3.connect(instance / "blog.db") as database:
            rows = database.execute("SELECT body FROM comment_revisions WHERE body LIKE 'Is this%'").fetchall()
            sound = database.execute("PRAGMA integrity_check").fetchone()[0]
        found = [body.rpartition(" ")[2] for (body,) in rows]

        assert "ok" == sound
        assert len(found) == len(set(found))
        assert set(acknowledged) <= set(found) <= set(tried)
        assert len(acknowledged) == CLIENTS * EACH or kill
        assert acknowledged
    finally:
        site.kill()
