"""`flask site move`: where the old address stands, what is changed, what is only told."""

from __future__ import annotations

import pytest

from blog.accounts.factors import Passkey
from blog.accounts.models import RoleName
from blog.clock import now
from blog.comments.models import State
from blog.database import begin_write, db
from blog.operations.moving import renaming
from blog.posts.models import Post, PostRevision

OLD, NEW = "https://old.example", "https://new.example.org"

pytestmark = pytest.mark.both_databases


@pytest.fixture
def settings():
    return {"BLOG_SITE_URL": OLD}


@pytest.fixture
def move(app):
    """`move("--dry-run")`: what the command says."""

    def moving(*more: str) -> str:
        done = app.test_cli_runner().invoke(args=["site", "move", NEW, *more])
        assert done.exit_code == 0, done.output
        return done.output

    return moving


@pytest.fixture
def site(app, make):
    """A site that names itself everywhere."""
    link = f"See [the other]({OLD}/posts/two?x=1#a), not {OLD}.net."
    make.post("one", body=f"## What it does\n\n{link}")
    make.post("two")
    make.page("about", body=link)
    make.settings(shop_url=f"{OLD}/shop", tagline="Nothing of it")
    make.comment(make.post("three"), body=f"I read {OLD}/posts/one", state=State.APPROVED)


def article(app, slug: str) -> tuple[str, object]:
    with app.app_context():
        post = db.session.scalars(db.select(Post).where(Post.slug == slug)).one()
        return post.revision.document["body"], post.updated_at


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (f"{OLD}/posts/one.", f"{NEW}/posts/one."),
        (f"At {OLD}.", f"At {NEW}."),
        ("HTTP://OLD.example/", f"{NEW}/"),
        (f"{OLD}.net/ {OLD}:8000 {OLD}-er https://not.old.example.net", None),
        ([{"url": OLD}, 1, None], [{"url": NEW}, 1, None]),
    ],
)
def test_another_address_that_begins_alike_is_another(before, after):
    """The whole name, whichever scheme, in texts and in what holds texts."""
    assert (before if after is None else after) == renaming(OLD, NEW)(before)


def test_changes_what_is_shown_and_says_so(app, site, move, client):
    """Settings, pages and articles; another article, and what a reader wrote, stay."""
    before = article(app, "one")[1], article(app, "two")
    said = move()

    assert f"See [the other]({NEW}/posts/two?x=1#a), not {OLD}.net." in article(app, "one")[0]
    assert before == (article(app, "one")[1], article(app, "two"))
    assert {"changed setting shop_url", "changed page /about", "changed article one"} <= set(said.splitlines())
    assert "setting tagline" not in said
    assert "stays   1 texts of comments" in said
    assert f"I read {OLD}/posts/one" in client.get("/posts/three", headers={"Host": "old.example"}).text


def test_a_trial_changes_nothing(site, move, dump):
    """It says the same as what would be done."""
    before = dump()
    said = move("--dry-run")

    assert before == dump()
    assert {line.removeprefix("would change ") for line in said.splitlines() if line.startswith("would change")} == {
        line.removeprefix("changed ") for line in move().splitlines() if line.startswith("changed")
    }


def test_is_done_once(site, move):
    """What was stopped in the middle may be run again; then nothing is left to change."""
    move()

    assert "0 changed." in move()


def test_a_newer_draft_stays_a_draft(app, site, move, make):
    """What is shown and what is being written are both moved, and neither takes the other's place."""
    with app.app_context():
        post = db.session.scalars(db.select(Post).where(Post.slug == "one")).one()
    make.revision(post, body="## What it does\n\nUnseen.")
    move()
    shown, _ = article(app, "one")
    with app.app_context():
        newest = db.session.scalars(PostRevision.newest_of(post)).one().document["body"]

    assert ("Unseen" in shown, NEW in shown, "Unseen" in newest) == (False, True, True)


def test_says_whose_passkeys_end(app, site, move, make):
    """They belong to the old domain; who has nothing else is named with the way out."""
    owner = make.account(RoleName.MODERATOR, email="mo@example.org")
    with app.app_context():
        begin_write()
        db.session.add(
            Passkey(
                account_id=owner.id,
                name="Key",
                domain="old.example",
                credential_id="x",
                public_key=b"y",
                sign_count=0,
                transports=[],
                created_at=now(),
            )
        )
        db.session.commit()

    assert "flask users reset-factor mo@example.org" in move("--dry-run")


def test_its_settings_follow(app, site, move):
    """config.py is changed where it says the address; the environment is left to its owner."""
    file = app.config["BLOG_INSTANCE_PATH"] / "config.py"
    without = move("--dry-run")
    file.write_text(f"BLOG_HOST = '::1'\nBLOG_SITE_URL = '{OLD}'\n")
    move()

    assert f"Set BLOG_SITE_URL={NEW}" in without
    assert file.read_text() == f"BLOG_HOST = '::1'\nBLOG_SITE_URL = '{NEW}'\n"


@pytest.mark.parametrize("address", ["ftp://x.example", "https://x.example/path", "", OLD])
def test_refuses_what_is_no_other_address(app, address):
    """One line that says why."""
    done = app.test_cli_runner().invoke(args=["site", "move", address])

    assert 1 == done.exit_code
    assert done.output.startswith("Error: ")
