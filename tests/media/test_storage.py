"""One port, a folder or a bucket behind it: what is put is whole, private, and can be had again."""

from __future__ import annotations

import os
import socket
from time import monotonic
from types import SimpleNamespace

import boto3
import pytest
from moto.server import ThreadedMotoServer

from blog.media import storage
from blog.media.storage import ALONE_SECONDS, Away, Bucket, Folder

NAME, BODY = "0123456789abcdef0123456789abcdef/back-480.webp", b"bytes" * 1000


@pytest.fixture(scope="module")
def s3():
    """A real S3 server; its address."""
    server = ThreadedMotoServer("127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture
def bucket(s3):
    client = boto3.client(
        "s3", endpoint_url=s3, region_name="eu-central-1", aws_access_key_id="key", aws_secret_access_key="secret"
    )
    client.create_bucket(Bucket="pictures", CreateBucketConfiguration={"LocationConstraint": "eu-central-1"})
    yield client
    for one in client.list_objects_v2(Bucket="pictures").get("Contents", []):
        client.delete_object(Bucket="pictures", Key=one["Key"])
    client.delete_bucket(Bucket="pictures")


@pytest.fixture(params=["folder", "bucket"])
def store(request, tmp_path):
    if request.param == "folder":
        return Folder(tmp_path / "media")
    address = request.getfixturevalue("s3")
    request.getfixturevalue("bucket")
    return Bucket(f"s3://key:secret@pictures/site?region=eu-central-1&endpoint={address}")


def test_what_was_put_can_be_had(store):
    """The same bytes; also when it was put before."""
    for _ in range(2):
        store.put(NAME, BODY, "image/webp")

    assert BODY == store.get(NAME)


def test_what_is_not_there_is_nothing(store):
    """Neither asking for it nor taking it away is an error."""
    store.delete(NAME)

    assert None is store.get(NAME)


def test_what_was_taken_away_is_gone(store):
    """And what lies beside it stays."""
    store.put(NAME, BODY, "image/webp")
    store.put(NAME + ".png", BODY, "image/png")
    store.delete(NAME)

    assert (None, BODY) == (store.get(NAME), store.get(NAME + ".png"))


def test_a_bucket_knows_the_type(bucket, s3):
    """Under the folder of the address, with the type that browsers are told."""
    Bucket(f"s3://key:secret@pictures/site?region=eu-central-1&endpoint={s3}").put(NAME, BODY, "image/webp")
    found = bucket.get_object(Bucket="pictures", Key=f"site/{NAME}")

    assert ("image/webp", BODY) == (found["ContentType"], found["Body"].read())


@pytest.fixture
def away():
    """A bucket where nobody listens; the port is kept, so that nobody else begins to."""
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        port = nobody.getsockname()[1]
        yield Bucket(f"s3://key:secret@pictures?endpoint=http://127.0.0.1:{port}", retries=0)


@pytest.mark.parametrize(
    "ask",
    [
        lambda store: store.put(NAME, BODY, "image/webp"),
        lambda store: store.get(NAME),
        lambda store: store.size(NAME),
        lambda store: store.part(NAME, 0, 1),
        lambda store: store.delete(NAME),
    ],
    ids=["put", "get", "size", "part", "delete"],
)
def test_a_bucket_that_is_not_there_is_away(away, ask):
    """The caller hears of it: a picture must be believed neither stored nor lost."""
    with pytest.raises(Away, match="pictures"):
        ask(away)


def test_a_bucket_that_does_not_exist_keeps_nothing(s3):
    """The server answers, and says that there is none of this name."""
    with pytest.raises(Away):
        Bucket(f"s3://key:secret@nowhere?endpoint={s3}", retries=0).put(NAME, BODY, "image/webp")


def test_one_that_is_away_is_left_alone_for_a_while(away, bucket, s3, monkeypatch):
    """Whoever asks next does not wait for it, too; after that it is asked again."""
    with pytest.raises(Away, match="pictures"):
        away.get(NAME)
    away._store = Bucket(f"s3://key:secret@pictures?endpoint={s3}")._store
    with pytest.raises(Away, match="just now"):
        away.get(NAME)
    monkeypatch.setattr(storage, "time", SimpleNamespace(monotonic=lambda: monotonic() + ALONE_SECONDS))

    assert None is away.get(NAME)


class TestFolder:
    def test_files_are_for_this_site_alone(self, tmp_path):
        """Others on the machine read neither files nor folders."""
        Folder(tmp_path / "media").put(NAME, BODY, "image/webp")

        assert 0o600 == (tmp_path / "media" / NAME).stat().st_mode & 0o777
        assert 0o700 == (tmp_path / "media" / NAME).parent.stat().st_mode & 0o777

    @pytest.mark.parametrize("can_be_nameless", [True, False])
    def test_a_failed_write_leaves_no_name(self, tmp_path, monkeypatch, can_be_nameless):
        """A full disk in the middle: nothing lies under the name."""

        def full(file, body):
            os.write(file, body[:10])
            raise OSError(28, "No space left on device")

        store = Folder(tmp_path / "media")
        monkeypatch.setattr(storage, "_write", full)
        if not can_be_nameless:
            monkeypatch.delattr(os, "O_TMPFILE")
        with pytest.raises(Away, match="No space"):
            store.put(NAME, BODY, "image/webp")

        assert None is store.get(NAME)

    def test_works_where_files_must_have_names(self, tmp_path, monkeypatch):
        """On a file system that knows no nameless files."""
        monkeypatch.delattr(os, "O_TMPFILE")
        store = Folder(tmp_path / "media")
        store.put(NAME, BODY, "image/webp")

        assert BODY == store.get(NAME)
        assert 1 == len([path for path in store.root.rglob("*") if path.is_file()])
