"""Many readers at once, a database that is busy, and what the log says meanwhile."""

from __future__ import annotations

import logging
import sqlite3
import threading
from contextlib import closing

import pytest

from blog import database
from blog.operations import logs
from tests.readers import TYPED, Reader, hidden_token, stored, typed


class TestLog:
    @pytest.fixture
    def lines(self):
        """What the site's own log writes, and all that each record carries besides."""
        root = logging.getLogger()
        level = root.level
        own = next(handler for handler in root.handlers if isinstance(handler, logs.Lines))
        lines = []

        class Listener(logging.Handler):
            def emit(self, record):
                lines.append(own.format(record) + str(vars(record)))

        listener = Listener()
        root.addHandler(listener)
        root.setLevel(logging.DEBUG)
        yield lines
        root.removeHandler(listener)
        root.setLevel(level)

    def test_names_no_token_and_no_address(self, app, make, lines):
        """Whatever happens with a comment, no line holds its secret, the sender's address or e-mail, or the text."""
        reader = Reader(app, "203.0.113.77")
        make.post("one")
        location = reader.write("one", email="ada@example.org", body="Private words.")
        token = location.rpartition("/")[2]
        for path in ("", "/withdraw", "/erase", "/nothing"):
            reader.client.get(location + path)
            reader.client.post(location + path)
        reader.send("one", name="", email="ada@example.org", body="Private words.")
        secrets = (token, "203.0.113.77", "ada@", "Private")

        assert [] == [line for line in lines for secret in secrets if secret in line]
        assert any("/comments/<token>/withdraw" in line for line in lines)


class TestBusyDatabase:
    @pytest.fixture
    def impatient(self, monkeypatch):
        """Writers give up at once, instead of after five seconds."""
        monkeypatch.setattr(database, "BUSY_SECONDS", 0)

    @pytest.fixture
    def locked(self, impatient, app, make, tmp_path):
        """An article whose site cannot write, because somebody else does."""
        make.post("one")
        with closing(sqlite3.connect(tmp_path / "instance" / "blog.db", isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            yield other
            other.execute("ROLLBACK")

    def test_gives_the_text_back(self, locked, app):
        """503 says when to try again, in a form that holds all that was typed."""
        answer = Reader(app).send("one", **TYPED)

        assert (503, "30", TYPED) == (answer.status_code, answer.headers["Retry-After"], typed(answer.text))

    def test_takes_the_text_when_it_is_free_again(self, locked, app):
        """The form that came back works as it is."""
        reader = Reader(app)
        answer = reader.send("one", **TYPED)
        locked.execute("ROLLBACK")
        again = reader.send("one", token=hidden_token(answer.text), **typed(answer.text))
        locked.execute("BEGIN")

        assert (303, 1) == (again.status_code, len(stored(app)))

    def test_shows_articles_all_the_same(self, locked, client):
        """Reading waits for nobody."""
        assert 200 == client.get("/posts/one").status_code

    def test_refuses_without_losing_the_way(self, locked, app, client, make):
        """Withdrawing meets a busy page, too, not a broken one."""
        answer = client.post("/comments/" + "x" * 43 + "/withdraw")

        assert (503, "30") == (answer.status_code, answer.headers["Retry-After"])


def in_parallel(*tasks):
    """Run all tasks at once; what each returned, in their order."""
    barrier = threading.Barrier(len(tasks))
    results = [None] * len(tasks)

    def run(number, task):
        barrier.wait()
        results[number] = task()

    threads = [threading.Thread(target=run, args=both) for both in enumerate(tasks)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


@pytest.mark.slow
@pytest.mark.both_databases
class TestAtOnce:
    def test_forty_comments_from_eight_readers_are_all_there(self, app, make):
        """Each acknowledged comment is stored exactly once, whatever the order."""
        make.post("one")
        readers = [Reader(app, f"198.51.100.{number}") for number in range(8)]
        token = hidden_token(readers[0].open("one"))

        def write(reader, number):
            texts = [f"Comment {number}.{count}" for count in range(5)]
            return [(text, reader.send("one", token=token, body=text).status_code) for text in texts]

        tasks = [lambda reader=reader, number=number: write(reader, number) for number, reader in enumerate(readers)]
        sent = [pair for pairs in in_parallel(*tasks) for pair in pairs]

        assert {303} == {status for _, status in sent}
        assert sorted(text for text, _ in sent) == sorted(body for _, body, _ in stored(app))

    def test_the_same_comment_twice_is_one(self, app, make):
        make.post("one")
        token = hidden_token(Reader(app).open("one"))
        for number in range(5):
            readers = [Reader(app, f"198.51.100.{number}") for _ in range(2)]
            tasks = [
                lambda reader=reader, number=number: reader.send("one", token=token, body=f"Text {number}")
                for reader in readers
            ]
            answers = in_parallel(*tasks)

            assert [303, 303] == [answer.status_code for answer in answers]
            assert 1 == len({answer.location for answer in answers})
        assert 5 == len(stored(app))

    def test_one_sender_cannot_pass_the_limit(self, app, make):
        """Eight different comments of one sender at the same moment: five are taken, three are told to wait."""
        make.post("one")
        token = hidden_token(Reader(app).open("one"))
        tasks = [
            lambda number=number: Reader(app).send("one", token=token, body=f"Text {number}") for number in range(8)
        ]
        statuses = sorted(answer.status_code for answer in in_parallel(*tasks))

        assert ([303] * 5 + [429] * 3, 5) == (statuses, len(stored(app)))
